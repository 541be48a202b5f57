"""The judge: rules and heads propose, it decides which rows stand.

A small forest over the numbers of `evidence` (trained by training/judge.py on rows of data/corpus with scores of heads
that never saw the article). Without coding heads in the trees the rules stand alone.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from demarche.coding.events import Draft
from demarche.coding.evidence import keep_evidence
from demarche.coding.forest import Array, Forest, read_forest
from demarche.resources import read_bytes

__all__ = ["Judge", "load_judge"]

NEIGHBOUR = 2
LONE = 0.5
"""Chance from which a row that only the heads saw stands: a doubtful row costs more than it finds, and those of the
rules are rarer and better (docs/learned-coder.md)."""


@dataclass(frozen=True, kw_only=True)
class Judge:
    """keep: the forest. priors: share of right rows by rule. cut: chance from which a row stands. least: probability
    from which the heads propose a row. score: (chance, share right) pairs, ascending: of rows whose actors stand in
    the clause, and of rows with an actor read from elsewhere in the article.
    """

    keep: Forest
    priors: Mapping[str, float]
    cut: float
    least: float
    score: tuple[tuple[tuple[float, float], ...], ...]

    @cached_property
    def curves(self) -> tuple[tuple[Array, Array], ...]:
        """The two curves of `score`, as arrays."""
        return tuple((np.array([x for x, _ in row]), np.array([y for _, y in row])) for row in self.score)

    def sift(self, sentences: Sequence[Sequence[Draft]]) -> list[dict[int, Draft]]:
        """The drafts of each sentence that stand, one a word, by word."""
        lines = [line for drafts in sentences for line in evidence_of(drafts, self.priors)]
        if lines:
            chances = iter(self.keep.chances(np.array(lines)).tolist())
            for draft in (draft for drafts in sentences for draft in drafts):
                draft.keep = next(chances)
        return [choose(drafts, self.cut) for drafts in sentences]

    def calibrated(self, drafts: Sequence[Draft]) -> list[float]:
        """For each draft the share of rows like it whose type, sources and targets were right on the calibration
        rows."""
        if not drafts:
            return []
        chances = [draft.keep for draft in drafts]
        shares = [np.interp(chances, xs, ys).tolist() for xs, ys in self.curves]
        return [float(shares[read_from_article(draft)][at]) for at, draft in enumerate(drafts)]


def read_from_article(draft: Draft) -> bool:
    """Whether an actor of the row stands elsewhere than where the clause names it."""
    return (draft.sources, draft.targets) != draft.explicit


def evidence_of(drafts: Sequence[Draft], priors: Mapping[str, float]) -> list[list[float]]:
    """`keep_evidence` of all candidates of one sentence."""
    rivals: dict[int, list[Draft]] = {}
    for draft in drafts:
        rivals.setdefault(draft.word, []).append(draft)
    return [keep_evidence(draft, rivals, priors) for draft in drafts]


def choose(drafts: Sequence[Draft], cut: float) -> dict[int, Draft]:
    """The likeliest draft of each word from `cut` on, from a higher one where only the heads saw it; of neighbours
    that the heads see with one type, one."""
    found: dict[int, Draft] = {}
    alone = max(cut, LONE)
    for draft in sorted(drafts, key=lambda d: (-d.keep, d.word, d.type.value)):
        if draft.keep < (cut if draft.seen is None else alone) or draft.word in found:
            continue
        doubled = draft.seen is not None and any(
            other.type is draft.type and abs(other.word - draft.word) <= NEIGHBOUR for other in found.values()
        )
        if not doubled:
            found[draft.word] = draft
    return found


def load_judge() -> Judge:
    """The forest of the package.

    Raises:
        ResourceError: E201, E209.
    """
    arrays = dict(np.load(io.BytesIO(read_bytes("coding/judge.npz"))))
    names, shares = arrays["prior_rules"].tolist(), arrays["prior_shares"].tolist()
    pairs: Array = arrays["score"]
    return Judge(
        keep=read_forest(arrays, "keep"),
        priors=dict(zip(names, shares, strict=True)),
        cut=float(arrays["cuts"].ravel()[0]),
        least=float(arrays["least"]),
        score=tuple(tuple((float(x), float(y)) for x, y in curve) for curve in pairs),
    )
