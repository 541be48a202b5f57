"""Captions told by their words: a logistic scorer over a few cues, whose weights are data."""

from __future__ import annotations

import math
import re
from functools import cache

from demarche.resources import read_toml

__all__ = ["caption_score"]


_STRONG = (
    "ictured",
    "een here",
    "look",
    "shown in",
    "photo",
    "image",
    " left",
    " right",
    "cent",
    " top",
    "bottom",
    "background",
)
_LIFTING = 3.0
"""Weight above which a cue alone can lift a line over one half."""


@cache
def _cues() -> tuple[tuple[re.Pattern[str], float], ...]:
    rows = read_toml("ingest/captions.toml")["cue"]
    return tuple(
        (re.compile(row["pattern"], re.I if row.get("fold", True) else 0), float(row["weight"])) for row in rows
    )


@cache
def _constants() -> tuple[float, float]:
    table = read_toml("ingest/captions.toml")
    return float(table["bias"]), float(table["beside"])


def caption_score(text: str, *, beside: bool) -> float:
    """Probability that a line is the caption of a picture. beside: a credit or a slide counter stands next to it."""
    if not beside and not any(map(text.__contains__, _STRONG)):
        return 0.0  # without a neighbour only a strong cue can lift the score over one half
    cues = _cues()
    if not beside and not any(pattern.search(text) for pattern, value in cues if value > _LIFTING):
        return 0.0
    bias, weight = _constants()
    total = bias + (weight if beside else 0.0)
    for pattern, value in cues:
        if pattern.search(text):
            total += value
    return 1 / (1 + math.exp(-total))
