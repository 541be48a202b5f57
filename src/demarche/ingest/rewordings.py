"""Known rewordings of offices, bodies and terms: named in a note, never put right in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from demarche.resources import read_toml

__all__ = ["Rewording", "RewordingRule", "find_rewordings", "rewording_rules"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RewordingRule:
    """pattern: what is written; means: what was meant; kind: office, organisation, place or term."""

    pattern: re.Pattern[str]
    means: str
    kind: str
    needs: tuple[str, ...]
    examples: tuple[str, ...]
    counters: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewording:
    """A place in a text: its words, and the usual ones."""

    start: int
    end: int
    written: str
    means: str
    kind: str

    @property
    def note(self) -> str:
        """As a document's warnings say it."""
        return f'reworded: "{self.written}" for {self.means}'


@cache
def rewording_rules() -> tuple[RewordingRule, ...]:
    """The table `resources/lexicons/rewordings.toml`."""
    return tuple(
        RewordingRule(
            pattern=re.compile(rf"\b(?:{row['written']})"),
            means=row["means"],
            kind=row["kind"],
            needs=tuple(row["needs"]),
            examples=tuple(row["examples"]),
            counters=tuple(row["counters"]),
        )
        for row in read_toml("lexicons/rewordings.toml")["rewording"]
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
