"""What the language layer says of one sentence: words, tags, a UD tree, names, and scores of the coding heads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

__all__ = ["Name", "Signals", "Tree"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A named entity: words `[first, last]` inclusive; label PER, ORG, LOC, NORP, DATE, MONEY or MISC."""

    first: int
    last: int
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """Scores of the coding heads for one sentence of n words; read by `coding`, written by `syntax`.

    arrays: head name → float array whose first axis is the word, e.g. `trigger` (n, planes, types + 1) probabilities.
    labels: head name → meaning of its last axis.
    """

    arrays: Mapping[str, npt.NDArray[np.float32]]
    labels: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """One sentence: parallel tuples, one entry a word (UD word; a clitic such as *n't* is its own word).

    start, end: the sentence; starts, ends: each word; all in code points of the text given to the parser
        (after `shifted`, of `Document.text`), half-open.
    feats: `Key=Value|Key=Value` as in CoNLL-U, "_" when empty.
    heads: index of the head word, 0-based, -1 for the root (exactly one). deprels: UD v2 relation with subtype.
    names: named entities, in order, not overlapping.
    score: mean probability of the chosen arcs, 0..1.
    """

    start: int
    end: int
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    forms: tuple[str, ...]
    lemmas: tuple[str, ...]
    upos: tuple[str, ...]
    xpos: tuple[str, ...]
    feats: tuple[str, ...]
    heads: tuple[int, ...]
    deprels: tuple[str, ...]
    names: tuple[Name, ...] = ()
    score: float = 1.0
    signals: Signals | None = None

    def __len__(self) -> int:
        return len(self.forms)

    def shifted(self, offset: int) -> Tree:
        """The same tree with every offset moved right by `offset` code points."""
        return replace(
            self,
            start=self.start + offset,
            end=self.end + offset,
            starts=tuple(s + offset for s in self.starts),
            ends=tuple(e + offset for e in self.ends),
        )
