"""The judge: rules and heads propose, it decides which rows stand, and who
fills the roles of those that only the heads saw.

Small forests over the numbers of `evidence` (trained by training/judge.py on rows of data/corpus with scores of heads
that never saw the article). Without coding heads in the trees the rules stand alone.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from demarche.coding.events import Draft
from demarche.coding.evidence import Scene, keep_evidence, key_of, role_evidence, row_view
from demarche.coding.forest import Array, Forest, read_forest
from demarche.records import EventType
from demarche.resources import read_bytes

__all__ = ["Judge", "Roles", "load_judge", "settle_roles"]

HOSTILE = frozenset({EventType.ASSAULT, EventType.COERCE, EventType.SANCTION, EventType.MOBILIZE, EventType.THREATEN})
NEIGHBOUR = 2
LONE, BESIDE = 0.42, 0.56
"""Chance from which a row that only the heads saw stands: in a sentence without a row of the rules, beside one. Rows
of the rules are rarer and better, and a doubtful second row costs more than it finds (docs/learned-coder.md)."""

RETICENT = frozenset(
    {
        EventType.AGREE, EventType.RETREAT, EventType.REJECT, EventType.MOBILIZE, EventType.SUPPORT, EventType.CONCEDE,
        EventType.AID, EventType.COERCE,
    }
)  # fmt: skip
"""Types whose target stays open when the sentence names none: three in four such rows of dev, fewer in the corpus."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """keep, source, target: forests. priors: share of right rows by rule.

    cuts: chance from which a row stands, a source, a target is taken. somebody: summed chance of all sides from which
    a source, a target is taken to be filled though no side reaches its cut. absent: by what the odds of a target that
    the sentence does not name are multiplied (articles of the corpus and of dev differ in how often they leave it
    open). least: probability from which the heads propose a row. score: (chance, share right) pairs, ascending: of rows
    whose actors stand in the clause, and of rows with an actor read from elsewhere in the article.
    """

    keep: Forest
    source: Forest
    target: Forest
    priors: Mapping[str, float]
    cuts: tuple[float, float, float]
    somebody: tuple[float, float]
    absent: float
    least: float
    score: tuple[tuple[tuple[float, float], ...], ...]

    def sift(self, sentences: Sequence[Sequence[Draft]]) -> list[dict[int, Draft]]:
        """The drafts of each sentence that stand, one a word, by word."""
        lines = [line for drafts in sentences for line in evidence_of(drafts, self.priors)]
        if lines:
            chances = iter(self.keep.chances(np.array(lines)).tolist())
            for draft in (draft for drafts in sentences for draft in drafts):
                draft.keep = next(chances)
        return [choose(drafts, self.cuts[0]) for drafts in sentences]

    def calibrated(self, draft: Draft) -> float:
        """The share of rows like this one whose type, sources and targets were right on the calibration rows."""
        xs, ys = zip(*self.score[read_from_article(draft)], strict=True)
        return float(np.interp(draft.keep, xs, ys))


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
    ruled = any(draft.seen is None and draft.keep >= cut for draft in drafts)
    alone = max(cut, BESIDE if ruled else LONE)
    for draft in sorted(drafts, key=lambda d: (-d.keep, d.word, d.type.value)):
        if draft.keep < (cut if draft.seen is None else alone) or draft.word in found:
            continue
        doubled = draft.seen is not None and any(
            other.type is draft.type and abs(other.word - draft.word) <= NEIGHBOUR for other in found.values()
        )
        if not doubled:
            found[draft.word] = draft
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """The sides of a row with their chances; evidence kept for training. actors: side → actor."""

    actors: Mapping[str, str]
    source: Mapping[str, float]
    target: Mapping[str, float]
    source_rows: Sequence[Sequence[float]]
    target_rows: Sequence[Sequence[float]]


def weigh_roles(judge: Judge, draft: Draft, scene: Scene, holders: Sequence[str]) -> Roles:
    """Chances of every candidate side to be a source, and a target given the sources."""
    candidates = scene.candidates(draft, holders)
    row = row_view(draft, scene, holders, candidates)
    keys = list(candidates)
    if not keys:
        return Roles(actors={}, source={}, target={}, source_rows=(), target_rows=())
    first = [role_evidence(row, key, scene, None) for key in keys]
    source = dict(zip(keys, judge.source.chances(np.array(first)).tolist(), strict=True))
    chosen = pick(source, judge.cuts[1], judge.somebody[0])
    second = [role_evidence(row, key, scene, (source[key], chosen)) for key in keys]
    target = dict(zip(keys, judge.target.chances(np.array(second)).tolist(), strict=True))
    for key in keys:
        if key not in row.words and draft.type in RETICENT:
            target[key] = odds_times(target[key], judge.absent)
    return Roles(actors=candidates, source=source, target=target, source_rows=first, target_rows=second)


def odds_times(chance: float, factor: float) -> float:
    odds = chance / max(1e-9, 1.0 - chance) * factor
    return odds / (1.0 + odds)


def settle_roles(judge: Judge, draft: Draft, scene: Scene, holders: Sequence[str]) -> Roles:
    """Set the draft's sources and targets; unnamed ones stay where nobody named is found."""
    roles = weigh_roles(judge, draft, scene, holders)
    sources = pick(roles.source, judge.cuts[1], judge.somebody[0])
    draft.sources = _fill(roles.actors, sources, draft.sources, scene)
    others = {key: chance for key, chance in roles.target.items() if chance >= judge.cuts[2] or key not in sources}
    draft.targets = _fill(roles.actors, pick(others, judge.cuts[2], judge.somebody[1]), draft.targets, scene)
    scene.note(draft, draft.type in HOSTILE)
    return roles


def pick(chances: Mapping[str, float], cut: float, somebody: float) -> frozenset[str]:
    """The sides that fill a role: those from `cut` on, else the likeliest where somebody must."""
    found = frozenset(key for key, chance in chances.items() if chance >= cut)
    if found or not chances or sum(chances.values()) < somebody:
        return found
    return frozenset({max(chances, key=lambda key: (chances[key], key))})


def _fill(actors: Mapping[str, str], chosen: frozenset[str], before: Sequence[str], scene: Scene) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for actor in before:  # the rules' own choice of actor for a side that stands
        key = key_of(scene.cast.name(actor), actor)
        if key is not None and key in chosen:
            kept.setdefault(key, actor)
    for key in actors:
        if key in chosen and key not in kept:
            kept[key] = actors[key]
    if kept:
        return tuple(kept.values())
    return tuple(actor for actor in before if actor.startswith("u:"))


def load_judge() -> Judge:
    """The forests of the package.

    Raises:
        ResourceError: E201, E209.
    """
    arrays = dict(np.load(io.BytesIO(read_bytes("coding/judge.npz"))))
    forests = {name: read_forest(arrays, name) for name in ("keep", "source", "target")}
    names, shares = arrays["prior_rules"].tolist(), arrays["prior_shares"].tolist()
    low, source, target = arrays["cuts"].tolist()
    pairs: Array = arrays["score"]
    return Judge(
        keep=forests["keep"],
        source=forests["source"],
        target=forests["target"],
        priors=dict(zip(names, shares, strict=True)),
        cuts=(low, source, target),
        somebody=(float(arrays["somebody"][0]), float(arrays["somebody"][1])),
        absent=float(arrays["absent"]),
        least=float(arrays["least"]),
        score=tuple(tuple((float(x), float(y)) for x, y in curve) for curve in pairs),
    )
