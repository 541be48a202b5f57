"""Fingerprints of many articles in a file: memory holds an id and a number each, and the latest of them."""

from __future__ import annotations

import struct
import tempfile
from array import array
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

import numpy as np
import numpy.typing as npt

from demarche.dedup.fingerprint import Fingerprint

__all__ = ["Picked", "Prints"]

LATEST = 1_024
"""Fingerprints that are kept as objects: about 5 MB. Those of one search lie close to each other."""
_HEAD = struct.Struct("<qqdqqqqqqq")
"""day, words, damage, characters of the address and of the version, sizes of the five arrays but for the last one's
width, that width."""
_NONE = -(2**62)


class Prints:
    """Fingerprints by document, written to a file without a name: a killed process leaves none behind.

    `prints[document]` reads one again, equal in every field to what was added. A document's first fingerprint stays.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="demarche-prints-", buffering=0)  # noqa: SIM115 - lives as long
        self._documents: list[str] = []
        self._places: dict[str, int] = {}
        self._ends = array("Q", [0])
        self._latest: OrderedDict[int, Fingerprint] = OrderedDict()

    def add(self, print_: Fingerprint) -> None:
        """Keep a fingerprint."""
        if print_.document in self._places:
            return
        data = _packed(print_)
        self._file.seek(self._ends[-1])
        written = 0
        while written < len(data):
            written += self._file.write(data[written:])
        number = len(self._documents)
        self._places[print_.document] = number
        self._documents.append(print_.document)
        self._ends.append(self._ends[-1] + len(data))
        self._keep(number, print_)

    def __len__(self) -> int:
        return len(self._documents)

    def __contains__(self, document: object) -> bool:
        return document in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._documents)

    def __getitem__(self, document: str) -> Fingerprint:
        return self.at(self._places[document])

    def at(self, number: int) -> Fingerprint:
        """The fingerprint that was added as the `number`th."""
        found = self._latest.get(number)
        if found is None:
            begin = self._ends[number]
            self._file.seek(begin)
            found = _unpacked(self._file.read(self._ends[number + 1] - begin), self._documents[number])
        self._keep(number, found)
        return found

    def document(self, number: int) -> str:
        """The document of `at(number)`."""
        return self._documents[number]

    def of(self, documents: Iterable[str]) -> Picked:
        """The fingerprints of these documents, each once, in the order of their ids."""
        return Picked(self, array("Q", [self._places[name] for name in sorted(set(documents))]))

    def _keep(self, number: int, print_: Fingerprint) -> None:
        self._latest[number] = print_
        self._latest.move_to_end(number)
        if len(self._latest) > LATEST:
            self._latest.popitem(last=False)


class Picked(Sequence[Fingerprint]):
    """Some fingerprints of `Prints` in an order of their own; each is read when it is asked for."""

    def __init__(self, prints: Prints, numbers: array[int]) -> None:
        self._prints = prints
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> Fingerprint: ...
    @overload
    def __getitem__(self, index: slice) -> Picked: ...
    def __getitem__(self, index: int | slice) -> Fingerprint | Picked:
        if isinstance(index, slice):
            return Picked(self._prints, self._numbers[index])
        return self._prints.at(self._numbers[index])

    def documents(self) -> list[str]:
        """Their documents, without reading them."""
        return [self._prints.document(number) for number in self._numbers]

    def pick(self, indexes: Iterable[int]) -> Picked:
        """The fingerprints at these places, in this order."""
        return Picked(self._prints, array("Q", [self._numbers[index] for index in indexes]))


def _packed(print_: Fingerprint) -> bytes:
    address = None if print_.address is None else print_.address.encode("utf-8", "surrogatepass")
    version = print_.version.encode("utf-8", "surrogatepass")
    rows, width = print_.vectors.shape
    head = _HEAD.pack(
        _NONE if print_.day is None else print_.day,
        print_.words,
        print_.damage,
        -1 if address is None else len(address),
        len(version),
        len(print_.shingles),
        len(print_.starts),
        len(print_.names),
        len(print_.sketch),
        width,
    )
    assert rows == len(print_.starts)  # a vector a sentence
    arrays = (print_.shingles, print_.starts, print_.names, print_.sketch, print_.vectors)
    return b"".join((head, *(one.tobytes() for one in arrays), bytes.fromhex(print_.key), address or b"", version))


def _unpacked(data: bytes, document: str) -> Fingerprint:
    day, words, damage, address, version, shingles, starts, names, sketch, width = _HEAD.unpack_from(data)
    at = _HEAD.size

    def taken(kind: npt.DTypeLike, count: int) -> npt.NDArray[np.generic]:
        nonlocal at
        found = np.frombuffer(data, kind, count, at)
        at += found.nbytes
        return found

    grams, begins, named, rare = (
        taken(kind, count)
        for kind, count in ((np.uint32, shingles), (np.int32, starts), (np.uint32, names), (np.uint32, sketch))
    )
    vectors = taken(np.int8, starts * width).reshape(starts, width)
    tail = len(data) - version
    key = tail - max(0, address)
    return Fingerprint(
        document=document,
        day=None if day == _NONE else day,
        words=words,
        damage=damage,
        address=None if address < 0 else data[key:tail].decode("utf-8", "surrogatepass"),
        version=data[tail:].decode("utf-8", "surrogatepass"),
        key=data[at:key].hex(),
        shingles=grams,  # type: ignore[arg-type]
        starts=begins,  # type: ignore[arg-type]
        vectors=vectors,  # type: ignore[arg-type]
        names=named,  # type: ignore[arg-type]
        sketch=rare,  # type: ignore[arg-type]
    )
