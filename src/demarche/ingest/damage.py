"""How damaged the wording of a sentence looks, by the marks that rewording machines and broken scrapes leave."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from ahocorasick_rs import AhoCorasick

from demarche.resources import read_toml

__all__ = ["DamageMark", "damage_marks", "explain_damage", "score_damage", "score_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DamageMark:
    """A pattern that damaged wording leaves, and its weight.

    needs: lower-case strings of which one must stand in the text; looking for them is far cheaper than the pattern.
    """

    id: str
    pattern: re.Pattern[str]
    needs: tuple[str, ...]
    weight: float
    gloss: str
    examples: tuple[str, ...]
    counters: tuple[str, ...]


@cache
def damage_marks() -> tuple[DamageMark, ...]:
    """All marks of `resources/ingest/damage.toml`."""
    return tuple(
        DamageMark(
            id=row["id"],
            pattern=re.compile(row["pattern"], (re.I if row.get("fold", True) else 0) | re.M),
            needs=tuple(row.get("needs", ())),
            weight=float(row["weight"]),
            gloss=row["gloss"],
            examples=tuple(row["examples"]),
            counters=tuple(row["counters"]),
        )
        for row in read_toml("ingest/damage.toml")["mark"]
    )


def explain_damage(sentence: str) -> list[DamageMark]:
    """The marks found in a sentence."""
    return [mark for mark in _possible(sentence) if mark.pattern.search(sentence)]


@cache
def _automaton() -> tuple[AhoCorasick, tuple[int, ...], frozenset[int]]:
    """Finds every `needs` string in one pass; to which mark each belongs; the marks without any."""
    pairs = [(word, number) for number, mark in enumerate(damage_marks()) for word in mark.needs]
    free = frozenset(number for number, mark in enumerate(damage_marks()) if not mark.needs)
    return AhoCorasick([word for word, _ in pairs]), tuple(number for _, number in pairs), free


def _possible(text: str) -> list[DamageMark]:
    """The marks whose patterns are worth a search."""
    automaton, owners, free = _automaton()
    hits = {owners[hit[0]] for hit in automaton.find_matches_as_indexes(text.lower(), overlapping=True)}
    marks = damage_marks()
    return [marks[number] for number in sorted(hits | free)]


def score_damage(sentence: str) -> float:
    """Damage of one sentence, 0 (clean) to 1; 0.5 and above is called damaged. Shown, never repaired."""
    return min(1.0, sum(mark.weight for mark in explain_damage(sentence)))


def score_text(paragraphs: list[str]) -> float:
    """Damage of a document: 0 where no mark is found, 1 where every fourth paragraph bears one."""
    if not paragraphs:
        return 0.0
    total = sum(
        min(1.0, sum(mark.weight for mark in marks if mark.pattern.search(paragraphs[i])))
        for i, marks in _possible_in(paragraphs)
    )
    return round(min(1.0, 4 * total / max(4, len(paragraphs))), 3)


def _possible_in(paragraphs: list[str]) -> Iterator[tuple[int, list[DamageMark]]]:
    """The paragraphs in which some marks are worth a search, in order, with those: one pass over the whole text."""
    automaton, owners, free = _automaton()
    lower = [text.lower() for text in paragraphs]
    ends = list(accumulate(len(text) + 1 for text in lower))
    found: dict[int, set[int]] = {i: set(free) for i in range(len(lower))} if free else {}
    for need, start, _ in automaton.find_matches_as_indexes("\n".join(lower), overlapping=True):
        found.setdefault(bisect_right(ends, start), set()).add(owners[need])
    marks = damage_marks()
    for i in sorted(found):
        yield i, [marks[number] for number in sorted(found[i])]
