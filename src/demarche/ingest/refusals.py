"""Pages that hold no article, told by data in `resources/ingest/refusals.toml`."""

from __future__ import annotations

import re
from functools import cache

from demarche.resources import read_toml

__all__ = ["refusal_reason"]


@cache
def _rules() -> tuple[tuple[re.Pattern[str], str, str, int], ...]:
    rows = read_toml("ingest/refusals.toml")["refusal"]
    return tuple((re.compile(row["pattern"], re.I), row["where"], row["reason"], row["max_words"]) for row in rows)


def refusal_reason(title: str, story: list[str], *, free: bool = True) -> str | None:
    """Why a page is refused; None: it is not. free: whether the page says it can be read without paying."""
    text = " ".join(story)
    words = len(text.split())
    for pattern, where, reason, most in _rules():
        if words <= most and pattern.search(title if where == "title" else text):
            return reason
    if not free and words < 60:
        return "paywall: the page says it is not free, and fewer than 60 words stand before the wall"
    return None
