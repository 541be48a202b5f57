"""Which article had a 3-gram first: a hash table in two arrays, 8 to 24 bytes a 3-gram where a dict takes about 100."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from demarche.dedup.words import Hashes

__all__ = ["Grams"]

_MIX = np.uint32(2654435761)
FULL = 0.6
"""Share of slots in use from which on the table is doubled."""


class Grams:
    """3-gram → number of the article (from 1) that was the first to have it. Open addressing, linear probing."""

    def __init__(self, *, bits: int = 12) -> None:
        self._bits = bits
        self._grams = np.zeros(1 << bits, np.uint32)
        self._owners = np.zeros(1 << bits, np.uint32)
        self._used = 0

    def __len__(self) -> int:
        return self._used

    def owners(self, grams: Hashes) -> npt.NDArray[np.uint32]:
        """The owner of each 3-gram, 0 where nobody has it."""
        found = np.zeros(len(grams), np.uint32)
        open_ = np.arange(len(grams))
        slots = self._slots(grams)
        while len(open_):
            here = self._owners[slots]
            hit = (here != 0) & (self._grams[slots] == grams[open_])
            found[open_[hit]] = here[hit]
            on = (here != 0) & ~hit
            open_, slots = open_[on], self._next(slots[on])
        return found

    def claim(self, grams: Hashes, owner: int) -> None:
        """Give `owner` the 3-grams (each once in `grams`) that nobody has."""
        if self._used + len(grams) > FULL * len(self._grams):
            self._grow(self._used + len(grams))
        self._claim(grams, np.full(len(grams), owner, np.uint32))

    def _claim(self, grams: Hashes, owners: npt.NDArray[np.uint32]) -> None:
        slots = self._slots(grams)
        while len(grams):
            free = self._owners[slots] == 0
            self._grams[slots[free]] = grams[free]  # of several that want one slot the last has it
            won = free & (self._grams[slots] == grams)
            self._owners[slots[won]] = owners[won]
            self._used += int(np.count_nonzero(won))
            on = ~(won | (~free & (self._grams[slots] == grams)))
            grams, owners, slots = grams[on], owners[on], self._next(slots[on])

    def _slots(self, grams: Hashes) -> npt.NDArray[np.uint32]:
        return (grams * _MIX) >> np.uint32(32 - self._bits)

    def _next(self, slots: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
        return (slots + np.uint32(1)) & np.uint32(len(self._grams) - 1)

    def _grow(self, wanted: int) -> None:
        taken = self._owners != 0
        grams, owners = self._grams[taken], self._owners[taken]
        while wanted > FULL * (1 << self._bits):
            self._bits += 1
        self._grams, self._owners = np.zeros(1 << self._bits, np.uint32), np.zeros(1 << self._bits, np.uint32)
        self._used = 0
        for begin in range(0, len(grams), 100_000):
            self._claim(grams[begin : begin + 100_000], owners[begin : begin + 100_000])
