"""How far coders agree: Krippendorff's alpha for nominal values, and who says what where the other says something else.

Citation: Krippendorff, Content Analysis (2004), chapter 11: alpha = 1 - observed / expected disagreement.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Agreement", "agreement", "alpha"]


def alpha(units: Sequence[Sequence[Hashable | None]]) -> float | None:
    """Krippendorff's alpha over units, each with one value a coder (None: not coded).

    1: perfect, 0: as by chance, below 0: worse. None when nothing varies or no unit has two values.
    """
    pairs: Counter[tuple[Hashable, Hashable]] = Counter()
    weight: dict[tuple[Hashable, Hashable], float] = {}
    for unit in units:
        values = [value for value in unit if value is not None]
        if len(values) < 2:
            continue
        for i, one in enumerate(values):
            for j, other in enumerate(values):
                if i != j:
                    pairs[one, other] += 1
                    weight[one, other] = weight.get((one, other), 0.0) + 1.0 / (len(values) - 1)
    totals: dict[Hashable, float] = {}
    for (one, _), value in weight.items():
        totals[one] = totals.get(one, 0.0) + value
    n = sum(totals.values())
    if n <= 1:
        return None
    observed = sum(value for (one, other), value in weight.items() if one != other)
    expected = sum(a * b for x, a in totals.items() for y, b in totals.items() if x != y) / (n - 1)
    return None if expected == 0 else 1.0 - observed / expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """alpha: over all coders. pairs: coders → alpha of the two, (first's value, second's) → units. units: how many."""

    alpha: float | None
    pairs: Mapping[tuple[str, str], tuple[float | None, Counter[tuple[str, str]]]]
    units: int


def agreement(coded: Mapping[str, Sequence[str | None]]) -> Agreement:
    """Agreement of coders on the same units in the same order. coded: coder → its value of each unit."""
    names = list(coded)
    pairs = {}
    for i, one in enumerate(names):
        for other in names[i + 1 :]:
            rows = list(zip(coded[one], coded[other], strict=True))
            table = Counter((a, b) for a, b in rows if a is not None and b is not None)
            pairs[one, other] = (alpha(rows), table)
    units = list(zip(*coded.values(), strict=True))
    return Agreement(alpha=alpha(units), pairs=pairs, units=len(units))
