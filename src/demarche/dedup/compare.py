"""How two articles compare: what is shared word for word, what in other words but in the same order."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from demarche.dedup.fingerprint import Fingerprint
from demarche.dedup.words import Floats, Hashes, unit

__all__ = ["Comparison", "align", "compare"]

VERBATIM = 0.75
"""Share of a sentence's 3-grams found in the other text from which on it counts as taken word for word."""
EARLY = 90
"""Words from the beginning, headline included, within which the opening of a copy stands in the other text."""
TOPIC = 0.8
"""Share of the two articles' common mean taken out before sentences are compared: what remains is what a sentence
says beyond their topic. At 0 articles on one subject align as well as reworded copies do; at 1 short copies lose."""


STRANGE = 0.3
"""Share of names and numbers found in the other below which an article with many of them tells of something else:
rewording spares names. Formulaic reports on other people and sums share their wording (made-up news of few frames)."""


LEAST_REST = 30
"""Words in other words from which on they are evidence of their own."""


def _strange(named: int, names: float, reused: float) -> bool:
    """Whether two articles name others, so that likeness of meaning is no evidence."""
    return named >= 8 and names < STRANGE and reused < 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Measures of a pair, from the side of the shorter article; each lies in [0, 1].

    containment: share of its 3-grams in the other. verbatim: share of its words in sentences taken word for word;
    lead: whether its opening is. The other three look at the rest of it: reused: share of 3-grams in the other;
    aligned: mean likeness of meaning along the best alignment that keeps the order of sentences; order: its share of
    the likeness without regard to order. names: share of names and numbers found in the other; shared: how many;
    named: how many the article with fewer of them has.
    """

    containment: float
    verbatim: float
    lead: bool
    reused: float
    aligned: float
    order: float
    names: float
    shared: int
    named: int
    rest: int

    @property
    def strength(self) -> float:
        """The best evidence as a multiple of what makes a copy: from 1 on it is one.

        Measured on human and machine rewordings against articles on the same story (docs/copies.md). Agency
        paragraphs that two articles share are no copy: so what is taken word for word counts apart from the rest.
        """
        evidence = [self.verbatim / 0.6, self.verbatim / 0.28 if self.lead else 0.0]
        if self.rest >= LEAST_REST:
            if not _strange(self.named, self.names, self.reused):
                evidence.append(self._retold())
        elif self.verbatim > 0:
            evidence.append((self.containment + self.verbatim) / 1.0)
        return max(evidence)

    def _retold(self) -> float:
        """The evidence of what is not taken word for word, as `strength` counts it."""
        many = self.shared >= 8
        found = (self.aligned + self.reused + 0.2 * self.verbatim) / (0.54 if many else 0.455)
        if self.verbatim >= 0.1:
            return found
        told_again = many and self.names >= 0.42 and self.order >= ORDER
        return max(found, self.aligned / (0.35 if told_again else 0.45))

    @property
    def score(self) -> float:
        """Probability that the pair is a copy, from `strength` (logistic, fitted on the sets of docs/copies.md)."""
        return 1 / (1 + math.exp(-STEEPNESS * (min(self.strength, 3.0) - 1)))

    @property
    def reworded(self) -> bool:
        """Whether most of the shorter text says the same in other words."""
        return self.verbatim < 0.5 and (self.reused >= 0.135 or self.aligned >= 0.3) and not self.lead

    def words(self) -> str:
        """The evidence in the form of the record."""
        return (
            f"containment3={self.containment:.2f} verbatim={self.verbatim:.2f} aligned={self.aligned:.2f} "
            f"names={self.names:.2f}"
        )


ORDER = 0.85
"""Share of the likeness that keeps the order: rewordings have 0.87 to 1, two outlets on one story 0.46 to 0.81."""
STEEPNESS = 8.0
QUICK = 0.34
"""Sum of aligned and reused below which no rule of `Comparison.strength` reaches 1."""


def compare(one: Fingerprint, other: Fingerprint, *, quick: bool = False) -> Comparison:
    """Compare two articles. Symmetric: the shorter one (by words, then id) is always held against the longer.

    quick: where even the best likeness of each sentence cannot make a copy, take it for `aligned` (it is no less);
    where likeness of meaning is no evidence, leave it 0. What `strength` says of a copy is the same.
    """
    short, long = sorted((one, other), key=lambda print_: (print_.words, print_.document))
    if not len(short.shingles):
        return _same(short.key == long.key and short.words > 0)
    found = _contained(short.shingles, np.sort(long.shingles))
    lengths = short.lengths
    owner = np.repeat(np.arange(len(lengths)), lengths.astype(int))[: len(found)]
    hits = np.bincount(owner, found, len(lengths))
    taken = hits / np.maximum(np.bincount(owner, minlength=len(lengths)), 1) >= VERBATIM
    rest = ~taken
    rest_words = float(lengths[rest].sum())
    reused = float(found[rest[owner]].mean()) if rest[owner].any() else 1.0
    names, shared = _shared_names(short, long)
    verbatim = float(lengths[taken].sum() / lengths.sum())
    named = min(len(short.names), len(long.names))
    if quick and (int(rest_words) < LEAST_REST or _strange(named, names, reused)):
        aligned, order = 0.0, 0.0
    else:
        aligned, order = _aligned(short, long, rest, QUICK - reused - 0.2 * verbatim if quick else 0.0)
    return Comparison(
        containment=float(found.mean()),
        verbatim=verbatim,
        lead=_has_lead(short, long, taken, lengths),
        reused=reused,
        aligned=aligned,
        order=order,
        names=names,
        shared=shared,
        named=named,
        rest=int(rest_words),
    )


def _contained(wanted: Hashes, ordered: Hashes) -> npt.NDArray[np.bool_]:
    """Which of `wanted` stand in the sorted `ordered`: three times as fast as `isin` at the size of an article."""
    place = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    return np.asarray(ordered[place] == wanted)


def _has_lead(
    short: Fingerprint, long: Fingerprint, taken: npt.NDArray[np.bool_], lengths: npt.NDArray[np.float32]
) -> bool:
    """Whether both open alike: the first sentence that is no headline or byline (12 words or more) and the next are
    word for word, and stand early in the other text too. An agency's paragraph further down is no lead."""
    longer = np.flatnonzero(lengths >= 12)
    if not len(longer) or not taken[longer[0] : longer[0] + 2].all():
        return False
    begin = int(short.starts[longer[0]])
    opening = short.shingles[begin : begin + int(lengths[longer[0]]) - 2]
    early = np.sort(long.shingles[: max(EARLY, len(long.shingles) // 8)])
    return bool(len(opening)) and bool(_contained(opening, early).mean() >= VERBATIM)


def _same(same: bool) -> Comparison:
    """Of texts too short for a 3-gram."""
    value = 1.0 if same else 0.0
    return Comparison(
        containment=value, verbatim=value, lead=same, reused=value, aligned=value, order=value, names=value,
        shared=0, named=0, rest=0,
    )  # fmt: skip


def _shared_names(short: Fingerprint, long: Fingerprint) -> tuple[float, int]:
    both = int(_contained(short.names, long.names).sum()) if len(long.names) else 0
    return both / max(1, min(len(short.names), len(long.names))), both


def _aligned(short: Fingerprint, long: Fingerprint, rest: npt.NDArray[np.bool_], least: float) -> tuple[float, float]:
    """Weighted likeness of the rest along the best alignment, and its share of that without regard to order.

    Where even the latter is below `least`, it stands for both.
    """
    lengths = short.lengths
    rest_words = float(lengths[rest].sum())
    if not rest_words:
        return 1.0, 1.0
    likeness = sentence_likeness(short, long)
    bound = float((likeness.max(axis=1) * lengths)[rest].sum()) / rest_words
    if bound < least or not bound:
        return bound, 1.0
    aligned = float(sum(likeness[i, j] * lengths[i] for i, j in align(likeness, lengths) if rest[i]) / rest_words)
    return aligned, aligned / bound


def sentence_likeness(short: Fingerprint, long: Fingerprint) -> Floats:
    """Cosines of the sentences of two articles without what both articles have in common, none below 0."""
    a, b = short.vectors.astype(np.float32) / 127, long.vectors.astype(np.float32) / 127
    topic = TOPIC * (a.mean(axis=0) + b.mean(axis=0)) / 2
    return np.asarray(np.maximum(unit(a - topic) @ unit(b - topic).T, 0), np.float32)


def align(likeness: Floats, weights: npt.NDArray[np.float32]) -> list[tuple[int, int]]:
    """Pairs (row, column), both ascending, that maximise the sum of likeness × weight of the row.

    The longest-common-subsequence recursion with real gains (Needleman and Wunsch 1970, gaps free).
    """
    rows, columns = likeness.shape
    best = np.zeros((rows + 1, columns + 1), np.float32)
    gains = likeness * weights[:, None]
    for row in range(rows):
        step = best[row].copy()
        np.maximum(step[1:], best[row, :-1] + gains[row], out=step[1:])
        np.maximum.accumulate(step, out=best[row + 1])
    pairs = []
    row, column = rows, columns
    while row and column:
        if best[row, column] == best[row, column - 1]:
            column -= 1
        elif best[row, column] == best[row - 1, column]:
            row -= 1
        else:
            row, column = row - 1, column - 1
            pairs.append((row, column))
    return pairs[::-1]
