"""Pairs worth a closer look, found without comparing all with all.

Three ways in: sampled word 3-grams (copies that share wording), rare words shared within a window of days (copies in
other words), and the same address (updates). Every way looks at the
fingerprints alone, so the pairs do not depend on the order of arrival.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
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


def candidate_pairs(prints: Sequence[Fingerprint]) -> Pairs:
    """Index pairs (n, 2), first below second, each once, sorted."""
    means = _means(prints)
    ways = (_by_wording(prints, means), _by_words(prints, means), _by_address(prints))
    found = np.concatenate([np.asarray(way, np.int64).reshape(-1, 2) for way in ways])
    return np.unique(np.sort(found, axis=1), axis=0)


def _by_wording(prints: Sequence[Fingerprint], means: Floats) -> Pairs:
    """Pairs that share at least two sampled 3-grams, and enough of them for the shorter article."""
    samples = [np.unique(p.shingles[p.shingles % SAMPLE == 0]) for p in prints]
    sizes = np.array([len(sample) for sample in samples], np.int64)
    if not sizes.sum():
        return np.zeros((0, 2), np.int64)
    owners = np.repeat(np.arange(len(prints)), sizes)
    grams = np.concatenate(samples)
    order = np.lexsort((owners, grams))
    grams, owners = grams[order], owners[order]
    cuts = np.searchsorted(grams, np.linspace(0, 2**32, SLICES + 1)[1:-1])
    tally = _Tally()
    for part_grams, part_owners in zip(np.split(grams, cuts), np.split(owners, cuts), strict=True):
        tally.add(_posting_pairs(part_grams, part_owners))
    keys, counts = tally.total()
    pairs = np.stack([keys >> 32, keys & 0xFFFFFFFF], axis=1)
    share = counts / np.minimum(sizes[pairs[:, 0]], sizes[pairs[:, 1]])
    enough = (counts >= 2) & (share >= LEAST_SHARED)
    pairs, share = pairs[enough], share[enough]
    return np.asarray(pairs[(share >= MUCH_SHARED) | (_cosines(means, pairs) >= LEAST_COSINE)])


def _cosines(means: Floats, pairs: Pairs) -> Floats:
    """Likeness of whole articles, in slices that stay small."""
    found = [
        np.einsum("ij,ij->i", means[part[:, 0]], means[part[:, 1]])
        for part in np.array_split(pairs, max(1, len(pairs) // 100_000))
    ]
    return np.concatenate(found)


@dataclass(slots=True)
class _Tally:
    """How often each packed pair came up, kept small by merging as it grows."""

    keys: list[Pairs] = field(default_factory=list)
    counts: list[Pairs] = field(default_factory=list)

    def add(self, packed: Pairs) -> None:
        keys, counts = np.unique(packed, return_counts=True)
        self.keys.append(keys)
        self.counts.append(counts)

    def total(self) -> tuple[Pairs, Pairs]:
        keys, place = np.unique(np.concatenate(self.keys), return_inverse=True)
        return keys, np.bincount(place, np.concatenate(self.counts), len(keys)).astype(np.int64)


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


def _by_address(prints: Sequence[Fingerprint]) -> Pairs:
    places: dict[str, list[int]] = defaultdict(list)
    for i, print_ in enumerate(prints):
        if print_.address:
            places[print_.address].append(i)
    pairs = [pair for group in places.values() for pair in pairwise(group)]
    return np.array(pairs, np.int64).reshape(-1, 2)


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


def _by_words(prints: Sequence[Fingerprint], means: Floats) -> Pairs:
    """Pairs that share rare words within a window, and whose articles as a whole are about the same."""
    columns, width = _word_columns(prints)
    found: list[Pairs] = []
    for rows, partners in date_window([p.day for p in prints]):
        found.append(_share_words(rows, partners, columns, width, means))
    return np.concatenate(found) if found else np.zeros((0, 2), np.int64)


def _means(prints: Sequence[Fingerprint]) -> Floats:
    if not prints:
        return np.zeros((0, 1), np.float32)
    width = max((p.vectors.shape[1] for p in prints if p.vectors.size), default=1)
    rows = np.zeros((len(prints), width), np.float32)
    for i, print_ in enumerate(prints):
        if print_.vectors.size:
            rows[i] = print_.vectors.astype(np.float32).sum(axis=0)
    return unit(rows)


def _word_columns(prints: Iterable[Fingerprint]) -> tuple[list[npt.NDArray[np.int64]], int]:
    """Sketches with words numbered from 0."""
    sketches = [p.sketch for p in prints]
    known = np.unique(np.concatenate(sketches)) if sketches else np.zeros(0, np.uint32)
    return [np.searchsorted(known, sketch) for sketch in sketches], len(known)


def _share_words(
    rows: npt.NDArray[np.int64],
    partners: npt.NDArray[np.int64],
    columns: Sequence[npt.NDArray[np.int64]],
    width: int,
    means: Floats,
) -> Pairs:
    right = _incidence(partners, columns, width)
    rare = np.asarray(right.sum(axis=0)).ravel() <= COMMON_WORD
    left = _incidence(rows, columns, width)[:, rare]
    shared = (left @ right[:, rare].T.tocsr()).tocoo()
    enough = (shared.data >= SHARED_WORDS) & (rows[shared.row] != partners[shared.col])
    pairs = np.stack([rows[shared.row[enough]], partners[shared.col[enough]]], axis=1)
    return np.asarray(pairs[_cosines(means, pairs) >= LEAST_COSINE])


def _incidence(
    members: npt.NDArray[np.int64], columns: Sequence[npt.NDArray[np.int64]], width: int
) -> sparse.csr_matrix:
    from scipy import sparse  # a tenth of a second that only the search for copies pays

    picked = [columns[i] for i in members]
    ends = np.cumsum([0, *map(len, picked)])
    index = np.concatenate(picked) if picked else np.zeros(0, np.int64)
    return sparse.csr_matrix((np.ones(len(index), np.int16), index, ends), shape=(len(members), width))
