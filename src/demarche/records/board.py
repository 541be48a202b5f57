"""One figure of an accuracy board: what every room's `evaluate_…` gives."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BoardRow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """A measured value. set: the data it was measured on; units: how many texts, words, pairs or rows are behind it.

    floor: below it the board fails; None where the figure is only shown.
    """

    set: str
    measure: str
    value: float
    units: int
    floor: float | None = None
