"""What open lists know of words: places, organisations, given names, surnames, nationalities, titles.

The name head reads these marks beside the encoder's vectors; a list never decides by itself.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

__all__ = ["MARKS", "NameLists", "read_lists"]

MARKS = (
    "place-first", "place-inside", "body-first", "body-inside", "given", "surname", "nationality", "body-end", "title",
)  # fmt: skip
"""Columns of `NameLists.marks`. The first four come from whole names, the longest that fits."""
_WORDS = {"g": 4, "s": 5, "n": 6, "e": 7, "t": 8}
_PHRASES = {"L": 1, "O": 2}
_LONGEST = 6
"""Words of a listed name at most."""


class NameLists:
    """Names by their lower-case words; looked up only where a word begins with a capital."""

    def __init__(self, rows: Iterable[str]) -> None:
        """rows: `letters<TAB>words`, the letters those of `_WORDS` and `_PHRASES`."""
        self._columns: dict[str, tuple[int, ...]] = {}
        self._phrases: dict[str, int] = {}
        self._reach: dict[str, int] = {}
        columns: dict[str, tuple[int, ...]] = {}
        for row in rows:
            letters, name = row.split("\t")
            kinds = 0
            for letter in letters:
                kinds |= _PHRASES.get(letter, 0)
            if kinds:
                self._phrases[name] = kinds
                first, _, rest = name.partition(" ")
                size = rest.count(" ") + 2 if rest else 1
                if size > self._reach.get(first, 0):
                    self._reach[first] = size
            if letters not in columns:
                columns[letters] = tuple(_WORDS[letter] for letter in letters if letter in _WORDS)
            if columns[letters]:
                self._columns[name] = columns[letters]

    def marks(self, forms: Sequence[str]) -> npt.NDArray[np.float32]:
        """(words, marks): 1 where a list knows the word, or the name that it belongs to."""
        at: list[int] = []  # places of the ones, row by row
        low = [form.lower() for form in forms]
        ends = [0, 0]  # where the last place and the last body end: no name begins inside another
        for i, form in enumerate(forms):
            columns = self._columns.get(low[i], ())
            if not form[:1].isupper():
                at += [len(MARKS) * i + column for column in columns if column >= _WORDS["e"]]
                continue
            at += [len(MARKS) * i + column for column in columns]
            reach = self._reach.get(low[i], 0)
            for size in range(min(reach, len(forms) - i), 0, -1):
                kinds = self._phrases.get(" ".join(low[i : i + size]) if size > 1 else low[i], 0)
                for k in range(2):
                    if kinds >> k & 1 and i >= ends[k]:
                        ends[k] = i + size
                        at += [len(MARKS) * j + 2 * k + (j > i) for j in range(i, i + size)]
        found = np.zeros((len(forms), len(MARKS)), np.float32)
        if at:
            found.reshape(-1)[at] = 1
        return found


def read_lists(packed: bytes) -> NameLists:
    """The shipped lists (`weights/names.tsv.gz`)."""
    return NameLists(gzip.decompress(packed).decode("utf-8").splitlines())
