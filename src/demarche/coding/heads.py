"""The learned coder: scores of the coding heads in `Tree.signals`, read as proposals (docs/learned-coder.md).

Pure numpy. A tree without signals (another parser) gives no proposals: the rules then stand alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from demarche.records import Act, EventType, Tree

__all__ = ["ROLES", "CueProposal", "Proposals", "RowProposal", "propose", "propose_cues"]

Scores = npt.NDArray[np.float32]
ROLES = ("sources", "targets", "holders")
"""Whom a row relates: doers, receivers, and those on whose word it stands."""

VERBAL = frozenset(
    {
        EventType.AGREE, EventType.CONSULT, EventType.SUPPORT, EventType.CONCEDE, EventType.REQUEST, EventType.ACCUSE,
        EventType.REJECT, EventType.THREATEN,
    }
)  # fmt: skip
OUTPUTS = ("trigger", "status", "cue", "role", "fit", "away", "spans")
LEAST_CUE = 0.1
LONGEST_CUE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProposal:
    """An act at `word`. p: probability that this word carries a row of this type."""

    word: int
    type: EventType
    p: float
    reader: _Reader

    @property
    def fills(self) -> Mapping[str, Scores]:
        """Role → logit of every word that it fills the role."""
        kind = self.reader.types.index(self.type)
        plane = 0 if self.type in VERBAL else len(ROLES)
        pairs, fit = self.reader.arrays["role"][self.word], self.reader.arrays["fit"]
        return {name: pairs[:, plane + r] + fit[:, kind * len(ROLES) + r] for r, name in enumerate(ROLES)}

    @property
    def away(self) -> Mapping[str, float]:
        """Role → logit that its filler has no name here."""
        away, kind = self.reader.arrays["away"][self.word], self.reader.types.index(self.type)
        return {name: float(away[kind * len(ROLES) + r]) for r, name in enumerate(ROLES)}

    def group(self, role: str, members: Sequence[int]) -> float:
        """Logit that an actor named by the words `members` fills the role (noisy or over its words)."""
        if not members:
            return -20.0
        return float(np.logaddexp.reduce(self.fills[role][list(members)]))


@dataclass(frozen=True, slots=True, kw_only=True)
class CueProposal:
    """A cue of attribution. words: the cue; source, content: first and last word, None where the sentence has none."""

    words: tuple[int, ...]
    act: Act
    p: float
    source: tuple[int, int] | None
    content: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """What the heads see in one sentence. `row` gives the heads' view of any word and type, proposed or not.

    triggers: logit of every word and type.
    """

    rows: tuple[RowProposal, ...]
    reader: _Reader
    triggers: list[list[float]]

    def row(self, word: int, kind: EventType) -> RowProposal:
        return self.reader.row(word, kind)

    def logit(self, word: int, kind: EventType) -> float:
        return self.triggers[word][self.reader.types.index(kind)]

    def logit_near(self, words: Sequence[int], kind: EventType, *, reach: int = 2) -> float:
        """Greatest logit of a row of this type at the words or up to `reach` words beside them."""
        column = self.reader.types.index(kind)
        return max(row[column] for row in self.triggers[max(0, min(words) - reach) : max(words) + reach + 1])

    def anchor(self, words: Sequence[int], kind: EventType, *, reach: int = 3) -> int:
        """The word at or near `words` where the heads see the row: whose roles and status are the row's."""
        column = self.reader.arrays["trigger"][:, self.reader.types.index(kind)]
        low = max(0, min(words) - reach)
        return low + int(column[low : max(words) + reach + 1].argmax())

    def greatest(self, word: int, other_than: EventType) -> float:
        """Greatest logit of another type at the word."""
        row = self.triggers[word].copy()
        del row[self.reader.types.index(other_than)]
        return max(row)

    def greatest_near(self, word: int, *, reach: int = 2) -> float:
        """Greatest logit of any type at the word or near it."""
        return max(map(max, self.triggers[max(0, word - reach) : word + reach + 1]))

    def near(self, words: Sequence[int], kind: EventType, *, reach: int = 2) -> float:
        """Greatest probability of a row of this type at the words or up to `reach` words beside them."""
        chances = self.reader.chances[:, self.reader.types.index(kind)]
        low, high = max(0, min(words) - reach), min(len(chances), max(words) + reach + 1)
        return float(chances[low:high].max())


@dataclass(frozen=True, slots=True, eq=False)
class _Reader:
    """The arrays of one sentence with their labels. chances: (words, types), 0..1."""

    chances: Scores
    arrays: Mapping[str, Scores]
    types: tuple[EventType, ...]
    cues: tuple[str, ...]

    def row(self, word: int, kind: EventType) -> RowProposal:
        return RowProposal(word=word, type=kind, p=float(self.chances[word, self.types.index(kind)]), reader=self)

    def cue(self, words: tuple[int, ...], act: Act, p: float) -> CueProposal:
        spans = self.arrays["spans"][words[0]]
        source = _best_span(spans[:, 0], spans[:, 1], words)
        content = _best_span(spans[:, 2], spans[:, 3], words)
        return CueProposal(words=words, act=act, p=p, source=source, content=content)


@cache
def _types(labels: tuple[str, ...]) -> tuple[EventType, ...]:
    return tuple(EventType(label) for label in labels)


def propose(tree: Tree, *, least: float = 0.05) -> Proposals | None:
    """Rows whose probability is at least `least`, in text order; None without coding heads."""
    signals = tree.signals
    if signals is None or any(name not in signals.arrays for name in OUTPUTS):
        return None
    reader = _Reader(
        chances=_sigmoid(signals.arrays["trigger"]),
        arrays=signals.arrays,
        types=_types(signals.labels["trigger"]),
        cues=signals.labels["cue"],
    )
    rows = [reader.row(int(w), reader.types[k]) for w, k in np.argwhere(reader.chances >= least)]
    return Proposals(rows=tuple(rows), reader=reader, triggers=signals.arrays["trigger"].tolist())


def propose_cues(tree: Tree, *, least: float = 0.0) -> tuple[tuple[CueProposal, ...], Scores]:
    """All likely cues (from `least` on) in text order, and for every word the probability that it begins a cue.

    Without coding heads there are no cues and the probabilities are empty.
    """
    signals = tree.signals
    if signals is None or any(name not in signals.arrays for name in OUTPUTS):
        return (), np.zeros(0, np.float32)
    labels = signals.labels["cue"]
    reader = _Reader(
        chances=np.zeros((0, 0), np.float32), arrays=signals.arrays, types=(), cues=labels
    )  # fmt: skip
    chances = _softmax(signals.arrays["cue"])
    rest = chances[:, labels.index("none")] + chances[:, labels.index("inside")]
    return tuple(_cues(reader, chances, least)), np.asarray(1.0 - rest, np.float32)


def _cues(reader: _Reader, chances: Scores, least: float) -> list[CueProposal]:
    none, inside = reader.cues.index("none"), reader.cues.index("inside")
    begins: Scores = 1.0 - chances[:, none] - chances[:, inside]
    goes_on: list[bool] = (chances[:, inside] > 0.5).tolist()
    found = []
    for word in np.flatnonzero(begins >= LEAST_CUE).tolist():
        row = chances[word]
        if float(begins[word]) < least or (row[inside] > begins[word] and word > 0):
            continue
        last = word + 1
        while last < len(chances) and last - word < LONGEST_CUE and goes_on[last]:
            last += 1
        acts = row.copy()
        acts[[none, inside]] = -1.0
        found.append(reader.cue(tuple(range(word, last)), Act(reader.cues[int(acts.argmax())]), float(begins[word])))
    return found


def _best_span(first: Scores, last: Scores, cue: tuple[int, ...]) -> tuple[int, int] | None:
    """The likeliest first and last word (first ≤ last, the cue not inside); None where both point at the cue."""
    absent = float(first[cue[0]] + last[cue[0]])
    best, value = None, absent
    for low, high in ((0, cue[0]), (cue[-1] + 1, len(first))):
        if low >= high:
            continue
        reach = np.maximum.accumulate(last[low:high][::-1])[::-1]  # the best end at or after each word
        start = int((first[low:high] + reach).argmax())
        end = start + int(last[low:high][start:].argmax())
        score = float(first[low + start] + last[low + end])
        if score > value:
            best, value = (low + start, low + end), score
    return best


def _sigmoid(x: Scores) -> Scores:
    return np.asarray(1.0 / (1.0 + np.exp(-np.minimum(np.maximum(x, -30), 30))), np.float32)


def _softmax(x: Scores) -> Scores:
    shifted = np.exp(x - x.max(-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(-1, keepdims=True), np.float32)
