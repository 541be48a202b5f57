"""Pairs worth a closer look, found without comparing all with all.

Three ways in: sampled word 3-grams (copies that share wording), rare words shared within a window of days (copies in
other words), and the same address (updates). Every way looks at the
fingerprints alone, so the pairs do not depend on the order of arrival.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from demarche.dedup.fingerprint import Fingerprint
from demarche.dedup.words import Floats, Hashes, unit

if TYPE_CHECKING:
    from scipy import sparse

__all__ = ["candidate_pairs", "date_window"]

Pairs = npt.NDArray[np.int64]

SAMPLE = 5
"""One in so many 3-grams is looked up, the same ones in every article (0 mod p: Manber 1994, Broder 1997). Unlike
MinHash bands, whose yield falls with the likeness of whole texts, this finds what a short copy shares with a long."""
MUCH_SHARED = 0.12
"""From this share on wording alone is enough; below, the articles as a whole must also be alike."""
SLICES = 16
FEW = 30
"""Articles with one 3-gram up to which they are paired all with all; above, each with its neighbour and the first."""
LEAST_SHARED = 0.04
"""Share of the shorter article's sampled 3-grams; a copy has 0.135 of all, less the scatter of the sample."""
WINDOW_DAYS = 10
"""Days between an article and its rewording."""
SHARED_WORDS = 4
COMMON_WORD = 400
"""Articles of one window with a word from which on it tells nothing apart."""
LEAST_COSINE = 0.35
"""Of the articles as a whole; reworded copies have 0.45 and more, unrelated articles about 0.15."""
BLOCK = 4_000
AT_ONCE = 500
"""Articles of a block that are held against the window at once: bounds memory."""
GATHERED = 4_096
"""Articles whose arrays are joined at once."""
LOW = np.uint64(0xFFFFFFFF)


@dataclass(slots=True)
class _Gathered:
    """Of all fingerprints what the search looks at, gathered in one pass, as arrays.

    grams: sampled 3-grams with the index of their owner in the lower half, sorted; sizes: how many an article has.
    words: sketches one after the other, each ending at `ends`. means: an article a row. addresses: hashes, 0 for none.
    """

    grams: npt.NDArray[np.uint64]
    sizes: Pairs
    words: Hashes
    ends: Pairs
    means: Floats
    days: list[int | None]
    addresses: npt.NDArray[np.uint64]

    @classmethod
    def of(cls, prints: Sequence[Fingerprint]) -> _Gathered:
        grams, words = [np.zeros(0, np.uint64)], [np.zeros(0, np.uint32)]
        sizes, lengths = np.zeros(len(prints), np.int64), np.zeros(len(prints), np.int64)
        addresses = np.zeros(len(prints), np.uint64)
        means = np.zeros((len(prints), 1), np.float32)
        days: list[int | None] = []
        for begin in range(0, len(prints), GATHERED):
            samples, sketches = [], []
            for index in range(begin, min(begin + GATHERED, len(prints))):
                one = prints[index]
                sample = np.unique(one.shingles[one.shingles % SAMPLE == 0])
                samples.append(sample.astype(np.uint64) << np.uint64(32) | np.uint64(index))
                sketches.append(one.sketch)
                sizes[index], lengths[index] = len(sample), len(one.sketch)
                days.append(one.day)
                if one.address:
                    addresses[index] = _hash(one.address)
                if one.vectors.size:
                    if means.shape[1] != one.vectors.shape[1]:
                        means = np.zeros((len(prints), one.vectors.shape[1]), np.float32)
                    means[index] = one.vectors.astype(np.float32).sum(axis=0)
            end = begin + len(samples)
            means[begin:end] = unit(means[begin:end])
            grams.append(np.concatenate(samples))
            words.append(np.concatenate(sketches))
        packed = np.concatenate(grams)
        del grams
        packed.sort()
        return cls(grams=packed, sizes=sizes, words=np.concatenate(words), ends=np.cumsum(lengths), means=means,
                   days=days, addresses=addresses)  # fmt: skip


def _hash(address: str) -> int:
    data = address.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest()) or 1


def candidate_pairs(prints: Sequence[Fingerprint]) -> Pairs:
    """Index pairs (n, 2), first below second, each once, sorted."""
    gathered = _Gathered.of(prints)
    ways = [_by_wording(gathered)]
    gathered.grams = gathered.grams[:0]
    ways += [_by_words(gathered), _by_address(gathered)]
    found = np.concatenate([np.asarray(way, np.int64).reshape(-1, 2) for way in ways])
    return _once(np.sort(found, axis=1))


def _once(pairs: Pairs) -> Pairs:
    """Sorted, each once: as `np.unique` by rows, which takes four times the memory."""
    packed = np.unique(pairs[:, 0] << 32 | pairs[:, 1])
    return np.stack([packed >> 32, packed & 0xFFFFFFFF], axis=1)


def _by_wording(gathered: _Gathered) -> Pairs:
    """Pairs that share at least two sampled 3-grams, and enough of them for the shorter article."""
    if not len(gathered.grams):
        return np.zeros((0, 2), np.int64)
    cuts = np.searchsorted(gathered.grams, np.linspace(0, 2**32, SLICES + 1)[1:-1].astype(np.uint64) << np.uint64(32))
    tally = _Tally()
    for part in np.split(gathered.grams, cuts):
        tally.add(_posting_pairs((part >> np.uint64(32)).astype(np.uint32), (part & LOW).astype(np.int64)))
    keys, counts = tally.keys, tally.counts
    sizes = gathered.sizes
    share = counts / np.minimum(sizes[keys >> 32], sizes[keys & 0xFFFFFFFF])
    enough = (counts >= 2) & (share >= LEAST_SHARED)
    keys, share = keys[enough], share[enough]
    pairs = np.stack([keys >> 32, keys & 0xFFFFFFFF], axis=1)
    return np.asarray(pairs[(share >= MUCH_SHARED) | (_cosines(gathered.means, pairs) >= LEAST_COSINE)])


def _cosines(means: Floats, pairs: Pairs) -> Floats:
    """Likeness of whole articles, in slices that stay small."""
    found = [
        np.einsum("ij,ij->i", means[part[:, 0]], means[part[:, 1]])
        for part in np.array_split(pairs, max(1, len(pairs) // 100_000))
    ]
    return np.concatenate(found)


@dataclass(slots=True)
class _Tally:
    """How often each packed pair came up: each stands here once."""

    keys: Pairs = field(default_factory=lambda: np.zeros(0, np.int64))
    counts: Pairs = field(default_factory=lambda: np.zeros(0, np.int64))

    def add(self, packed: Pairs) -> None:
        keys, counts = np.unique(packed, return_counts=True)
        place = np.searchsorted(self.keys, keys)
        old = place < len(self.keys)
        old[old] = self.keys[place[old]] == keys[old]
        self.counts[place[old]] += counts[old]
        self.keys = np.insert(self.keys, place[~old], keys[~old])
        self.counts = np.insert(self.counts, place[~old], counts[~old])


def _posting_pairs(grams: Hashes, owners: Pairs) -> Pairs:
    """Packed pairs of owners of the same 3-gram: all with all when few have it, neighbours and the first when many."""
    if not len(grams):
        return np.zeros(0, np.int64)
    starts = np.flatnonzero(np.append(True, grams[1:] != grams[:-1]))
    sizes = np.diff(np.append(starts, len(grams)))
    found: list[Pairs] = []
    for size in np.unique(sizes[(sizes > 1) & (sizes <= FEW)]):
        rows = owners[starts[sizes == size][:, None] + np.arange(size)]
        first, second = np.triu_indices(size, 1)
        found.append((rows[:, first] << 32 | rows[:, second]).ravel())
    for start, size in zip(starts[sizes > FEW], sizes[sizes > FEW], strict=True):
        rows = owners[start : start + size]
        found.append(rows[:-1] << 32 | rows[1:])
        found.append(rows[0] << 32 | rows[1:])
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def _by_address(gathered: _Gathered) -> Pairs:
    order = np.argsort(gathered.addresses, kind="stable")
    hashes = gathered.addresses[order]
    same = (hashes[1:] == hashes[:-1]) & (hashes[1:] != 0)
    return np.stack([order[:-1][same], order[1:][same]], axis=1).astype(np.int64)


def date_window(days: Sequence[int | None]) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """Blocks (rows, partners): every pair of dated rows within the window, and the undated among themselves."""
    undated = np.array([i for i, day in enumerate(days) if day is None], np.int64)
    for begin in range(0, len(undated), BLOCK):
        yield undated[begin : begin + BLOCK], undated[begin:]
    dated = np.array(sorted((i for i, day in enumerate(days) if day is not None), key=lambda i: (days[i], i)), np.int64)
    known = np.array([days[i] for i in dated], np.int64)
    for begin in range(0, len(dated), BLOCK):
        rows = dated[begin : begin + BLOCK]
        last = np.searchsorted(known, known[min(begin + BLOCK, len(dated)) - 1] + WINDOW_DAYS, side="right")
        yield rows, dated[begin:last]


def _by_words(gathered: _Gathered) -> Pairs:
    """Pairs that share rare words within a window, and whose articles as a whole are about the same."""
    known, columns = np.unique(gathered.words, return_inverse=True)
    sketches = _Sketches(columns=columns.astype(np.int32), ends=gathered.ends, width=len(known))
    found = [np.zeros((0, 2), np.int64)]
    for rows, partners in date_window(gathered.days):
        found.append(_share_words(rows, partners, sketches, gathered.means))
    return np.concatenate(found)


@dataclass(frozen=True, slots=True)
class _Sketches:
    """Sketches with words numbered from 0 to `width`, one after the other, each ending at `ends`."""

    columns: npt.NDArray[np.int32]
    ends: Pairs
    width: int

    def incidence(self, members: Pairs) -> sparse.csr_matrix:
        """An article a row, a word a column."""
        from scipy import sparse  # a tenth of a second that only the search for copies pays

        lengths = np.diff(self.ends, prepend=0)[members]
        ends = np.concatenate([[0], np.cumsum(lengths)])
        index = np.arange(ends[-1]) + np.repeat((self.ends[members] - lengths) - ends[:-1], lengths)
        return sparse.csr_matrix(
            (np.ones(ends[-1], np.int16), self.columns[index], ends), shape=(len(members), self.width)
        )


def _share_words(rows: Pairs, partners: Pairs, sketches: _Sketches, means: Floats) -> Pairs:
    right = sketches.incidence(partners)
    rare = np.asarray(right.sum(axis=0)).ravel() <= COMMON_WORD
    left = sketches.incidence(rows)[:, rare]
    turned = right[:, rare].T.tocsr()
    found = [np.zeros((0, 2), np.int64)]
    for begin in range(0, len(rows), AT_ONCE):
        some = rows[begin : begin + AT_ONCE]
        shared = (left[begin : begin + AT_ONCE] @ turned).tocoo()
        enough = shared.data >= SHARED_WORDS
        one, other = some[shared.row[enough]], partners[shared.col[enough]]
        pairs = np.stack([one, other], axis=1)[one != other]
        found.append(pairs[_cosines(means, pairs) >= LEAST_COSINE])
    return np.concatenate(found)
