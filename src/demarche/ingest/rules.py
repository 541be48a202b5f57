"""The line rules of `resources/ingest/roles.toml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from demarche.errors import ResourceError
from demarche.records import Role
from demarche.resources import read_toml

__all__ = ["LineRule", "line_rules", "match_rule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRule:
    """pattern must match the whole line of at most max_words words, and `unless` must not."""

    id: str
    role: Role
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    max_words: int
    examples: tuple[str, ...]
    counters: tuple[str, ...]

    def matches(self, line: str, words: int) -> bool:
        """Whether the rule says its role of this line."""
        if words > self.max_words or not self.pattern.fullmatch(line):
            return False
        return self.unless is None or not self.unless.fullmatch(line)


@cache
def line_rules() -> tuple[LineRule, ...]:
    """All rules in their order.

    Raises:
        ResourceError: E203 when a rule has no example or no counter-example.
    """
    rules = []
    for row in read_toml("ingest/roles.toml")["rule"]:
        if not row["examples"] or not row["counters"]:
            raise ResourceError("E203", f"rule {row['id']} lacks an example or a counter-example", where="roles.toml")
        flags = re.NOFLAG if row.get("case") else re.IGNORECASE
        rules.append(
            LineRule(
                id=row["id"],
                role=Role(row["role"]),
                pattern=re.compile(row["pattern"], flags),
                unless=re.compile(row["unless"], re.IGNORECASE) if "unless" in row else None,
                max_words=row["max_words"],
                examples=tuple(row["examples"]),
                counters=tuple(row["counters"]),
            )
        )
    return tuple(rules)


_LONGEST = 80


def match_rule(line: str) -> LineRule | None:
    """The first rule that matches; None where the words alone say nothing."""
    words = line.count(" ") + 1
    if words > _LONGEST:
        return None
    for rule in line_rules():
        if rule.matches(line, words):
            return rule
    return None
