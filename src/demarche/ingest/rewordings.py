"""Known rewordings of offices, bodies and terms: named in a note, never put right in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from demarche.resources import REWORDINGS, Rewording, read_toml

__all__ = ["RewordingRule", "find_rewordings", "rewording_rules"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RewordingRule:
    """pattern: what is written; means: what was meant; kind: office, organisation, place or term."""

    pattern: re.Pattern[str]
    means: str
    kind: str
    needs: tuple[str, ...]
    examples: tuple[str, ...]
    counters: tuple[str, ...]


@cache
def rewording_rules() -> tuple[RewordingRule, ...]:
    """The table `REWORDINGS`."""
    return tuple(
        RewordingRule(
            pattern=re.compile(rf"\b(?:{row['written']})"),
            means=row["means"],
            kind=row["kind"],
            needs=tuple(row["needs"]),
            examples=tuple(row["examples"]),
            counters=tuple(row["counters"]),
        )
        for row in read_toml(REWORDINGS)["rewording"]
    )


def find_rewordings(text: str, rules: Iterable[RewordingRule] | None = None) -> list[Rewording]:
    """The rewordings in a text, in order, none inside another. rules: those worth a search (None: all)."""
    found = [
        Rewording(start=hit.start(), end=hit.end(), written=hit[0].strip(), means=rule.means, kind=rule.kind)
        for rule in (rewording_rules() if rules is None else rules)
        for hit in rule.pattern.finditer(text)
    ]
    found.sort(key=lambda one: (one.start, -one.end))
    kept: list[Rewording] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept
