"""Which articles need coding: of every set of copies the representative; the others are told by it (`retell`).

What the record shows is a function of the set of its articles: of the clusters over all of them and of the rows of
their representatives. Whether a copy was coded too, because it was read before the article it copies, changes nothing.
`Lookout` only saves work; `missing` says what has to be coded before the record can be published.
"""

from __future__ import annotations

import tempfile
import time
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from demarche.dedup import Fingerprint, Grams, Known, Prints, find_clusters, fingerprint
from demarche.records import Article, Cluster, Rejection
from demarche.store import Committed, store_errors, unpack_article

__all__ = ["Copies", "Lookout", "Plan", "Shelf", "Waiting"]

WINDOW = 256
"""Articles that are read before the first of them is handed on: copies come within hours of each other."""
WINDOW_WORDS = 200_000
WINDOW_SECONDS = 3.0
"""After so long what was read is handed on: a slow source does not keep the coder waiting. With 1 s, in one
run on a busy machine, 34 of 116 copies were coded before they were known as such."""
SAMPLE = 11
"""One in so many 3-grams is remembered of an article that is coded: about forty. With one in 31 a third of the copies
of short articles was coded for nothing."""
LEAST_HITS = 3
LEAST_SHARE = 0.6
"""Share of an article's sampled 3-grams that one earlier article has, from which on it waits."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An article that is kept and not coded: it looks like a copy of one that is."""

    article: Article


@dataclass(slots=True)
class Copies:
    """Fingerprints by document, and the clusters over the set of them that was asked for last.

    Fingerprints lie in a file: an article takes about 0.3 kB of memory, where it took 9 and later 5.
    """

    prints: Prints = field(default_factory=Prints)
    compared: Known = field(default_factory=dict)
    _asked: tuple[frozenset[str], frozenset[str]] | None = None
    _found: tuple[Cluster, ...] = ()

    def add(self, article: Article) -> Fingerprint:
        """The fingerprint of an article, made once.

        Raises:
            StoreError: E504 when the disk of temporary files is full.
        """
        name = article.document.id
        if name not in self.prints:
            with store_errors(Path(tempfile.gettempdir())):
                self.prints.add(fingerprint(article))
        return self.prints[name]

    def clusters(self, documents: frozenset[str], unfit: frozenset[str]) -> tuple[Cluster, ...]:
        """Clusters over `documents`; unfit: those that cannot stand for a cluster, as they could not be coded."""
        if self._asked != (documents, unfit):
            self._found = find_clusters(self.prints.of(documents), unfit=unfit, known=self.compared)
            self._asked = (documents, unfit)
        return self._found

    def forget(self) -> None:
        """Let go of everything."""
        self.prints, self.compared = Prints(), {}
        self._asked, self._found = None, ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What stands for what. tellers: copy → the document whose rows it takes; missing: documents to be coded first.

    clusters: without those that nobody can stand for.
    """

    clusters: tuple[Cluster, ...]
    tellers: Mapping[str, str]
    missing: frozenset[str]

    @property
    def told(self) -> dict[str, str]:
        """As `tellers`, without those whose teller is not coded yet: a run that was stopped may leave some."""
        return {copy: teller for copy, teller in self.tellers.items() if teller not in self.missing}

    @classmethod
    def of(cls, committed: Committed, copies: Copies) -> Plan:
        """The plan for everything that is committed."""
        coded = frozenset(committed.ids("documents"))
        if any(name not in copies.prints for name in coded):
            for article in committed.articles():
                copies.add(article)
        waiting = frozenset(committed.ids("waiting"))
        if any(name not in copies.prints for name in waiting):
            for article in committed.waiting():
                copies.add(article)
        unfit = committed.failed() & waiting
        clusters = copies.clusters(coded | waiting, unfit)
        fit = tuple(row for row in clusters if row.representative not in unfit)
        tellers = {row.document: row.representative for row in fit if row.document != row.representative}
        missing = frozenset(row.representative for row in fit) - coded
        return cls(clusters=fit, tellers=tellers, missing=missing)


@dataclass(slots=True)
class Lookout:
    """Watches the articles on their way to the coder and holds back what looks like a copy of one before it."""

    copies: Copies
    grams: Grams = field(default_factory=Grams)
    keys: set[bytes] = field(default_factory=set)
    seen: int = 0

    def start(self, committed: Committed) -> None:
        """Know what is in the record already."""
        for article in committed.articles():
            self.remember(self.copies.add(article))

    def remember(self, print_: Fingerprint) -> None:
        """An article that is coded: later ones that share its wording wait."""
        self.seen += 1
        if print_.words:
            self.keys.add(bytes.fromhex(print_.key)[:8])
        self.grams.claim(_sample(print_), self.seen)

    def watch(self, items: Iterable[Article | Rejection]) -> Iterator[Article | Rejection | Waiting]:
        """The items in their order, copies as `Waiting`."""
        window: list[Article | Rejection] = []
        words = 0
        begun = time.monotonic()
        for item in items:
            window.append(item)
            words += item.document.words if isinstance(item, Article) else 0
            late = time.monotonic() - begun > WINDOW_SECONDS
            if late or len(window) >= WINDOW or words >= WINDOW_WORDS:
                yield from self._judge(window)
                window, words, begun = [], 0, time.monotonic()
        yield from self._judge(window)

    def _judge(self, window: list[Article | Rejection]) -> Iterator[Article | Rejection | Waiting]:
        prints = [self.copies.add(item) for item in window if isinstance(item, Article)]
        stands = {
            row.document: row.representative for row in find_clusters(prints, quiet=True, known=self.copies.compared)
        }
        for item in window:
            if not isinstance(item, Article):
                yield item
                continue
            name = item.document.id
            print_ = self.copies.prints[name]
            if stands[name] != name or self._known(print_):
                yield Waiting(item)
            else:
                self.remember(print_)
                yield item

    def _known(self, print_: Fingerprint) -> bool:
        if print_.words and bytes.fromhex(print_.key)[:8] in self.keys:
            return True
        grams = _sample(print_)
        owners = self.grams.owners(grams)
        _, counts = np.unique(owners[owners != 0], return_counts=True)
        return int(counts.max(initial=0)) >= max(LEAST_HITS, LEAST_SHARE * len(grams))


def _sample(print_: Fingerprint) -> npt.NDArray[np.uint32]:
    grams = print_.shingles
    return np.unique(grams[grams % SAMPLE == 0])


class Shelf:
    """Articles of copies by the document that tells them, packed: their texts are needed once more.

    They lie in a file without a name.
    """

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(prefix="shelf-", dir=folder)  # noqa: SIM115 - lives as long
        self._places: dict[str, array[int]] = {}
        self._held: set[str] = set()
        self._end = 0

    def put(self, name: str, data: bytes, teller: str) -> None:
        """Take a copy: its id and what `pack_article` gives; it counts once."""
        if name in self._held:
            return
        self._held.add(name)
        packed = zlib.compress(data, 1)
        self._file.write(packed)
        self._places.setdefault(teller, array("Q")).extend((self._end, len(packed)))
        self._end += len(packed)

    def of(self, teller: str) -> list[bytes]:
        """What the document tells, as it was packed; nothing is put in any more."""
        self._held.clear()
        places = self._places.get(teller, ())
        found = []
        for place in range(0, len(places), 2):
            self._file.seek(places[place])
            found.append(self._file.read(places[place + 1]))
        return found

    @staticmethod
    def opened(packed: Iterable[bytes]) -> list[Article]:
        """The articles of what `of` gives, in the order of their ids."""
        found = [unpack_article(zlib.decompress(data)) for data in packed]
        return sorted(found, key=lambda article: article.document.id)
