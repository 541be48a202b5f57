"""What two texts have in common word for word, to be shown side by side."""

from __future__ import annotations

from difflib import SequenceMatcher

from demarche.dedup.words import WORD, fold
from demarche.records import Span

__all__ = ["shared_runs"]

LEAST = 4
"""Words of a run: shorter ones stand in any two texts on one subject."""
MOST = 4_000
"""Words looked at of each text."""


def shared_runs(one: str, two: str) -> list[tuple[Span, Span]]:
    """Runs of at least four words that both texts have, in the order of both: (span in `one`, span in `two`)."""
    left = [(m.start(), m.end()) for m in WORD.finditer(one)][:MOST]
    right = [(m.start(), m.end()) for m in WORD.finditer(two)][:MOST]
    matcher = SequenceMatcher(
        None, [fold(one[s:e]) for s, e in left], [fold(two[s:e]) for s, e in right], autojunk=False
    )
    return [
        ((left[a][0], left[a + size - 1][1]), (right[b][0], right[b + size - 1][1]))
        for a, b, size in matcher.get_matching_blocks()
        if size >= LEAST
    ]
