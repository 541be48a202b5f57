"""The line rules of `resources/ingest/roles.toml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import AhoCorasick

from demarche.errors import ResourceError
from demarche.records import Role
from demarche.resources import read_toml

__all__ = ["LineRule", "line_rules", "match_rule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRule:
    """pattern must match the whole line of at most max_words words, and `unless` must not.

    needs: lower-case strings of which one must stand in the line (if there are any): far cheaper than the pattern.
    """

    id: str
    role: Role
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    max_words: int
    needs: tuple[str, ...]
    examples: tuple[str, ...]
    counters: tuple[str, ...]

    def matches(self, line: str) -> bool:
        """Whether the words of the line are the rule's; max_words and needs are looked at before."""
        if not self.pattern.fullmatch(line):
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
                needs=tuple(row.get("needs", ())),
                examples=tuple(row["examples"]),
                counters=tuple(row["counters"]),
            )
        )
    return tuple(rules)


@cache
def _automaton() -> tuple[AhoCorasick, tuple[int, ...]]:
    """Finds every `needs` string in one pass, and to which rule each belongs."""
    pairs = [(need, number) for number, rule in enumerate(line_rules()) for need in rule.needs]
    return AhoCorasick([need for need, _ in pairs]), tuple(number for _, number in pairs)


@cache
def _of_length(words: int) -> tuple[tuple[tuple[int, LineRule], ...], re.Pattern[str]]:
    """Rules that may match a line of so many words, with their numbers; one pattern for all of them without `needs`."""
    rules = tuple((number, rule) for number, rule in enumerate(line_rules()) if words <= rule.max_words)
    free = [
        f"(?i:{rule.pattern.pattern})" if rule.pattern.flags & re.I else f"(?:{rule.pattern.pattern})"
        for _, rule in rules
        if not rule.needs
    ]
    return rules, re.compile("|".join(free) or r"(?!)")


_LONGEST = 80


def match_rule(line: str) -> LineRule | None:
    """The first rule that matches; None where the words alone say nothing."""
    words = line.count(" ") + 1
    if words > _LONGEST:
        return None
    automaton, owners = _automaton()
    rules, any_free = _of_length(words)
    hits = {owners[hit[0]] for hit in automaton.find_matches_as_indexes(line.lower(), overlapping=True)}
    free = any_free.fullmatch(line) is not None
    if not hits and not free:
        return None
    for number, rule in rules:
        if (number in hits if rule.needs else free) and rule.matches(line):
            return rule
    return None
