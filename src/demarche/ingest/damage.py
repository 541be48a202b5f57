"""How damaged the wording of a sentence looks: marks that rewording machines and broken scrapes leave, and surprise."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from ahocorasick_rs import AhoCorasick

from demarche.ingest.rewordings import RewordingRule, find_rewordings, rewording_rules
from demarche.ingest.surprise import count_unlikely, surprise
from demarche.resources import read_toml

__all__ = ["DamageMark", "Wording", "damage_marks", "explain_damage", "judge_wording", "score_damage", "score_text"]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """damage: of a document, 0 to 1. notes: rewordings found, and surprise where it was felt."""

    damage: float
    notes: tuple[str, ...]


SURPRISE = DamageMark(
    id="ingest.damage.surprise", pattern=re.compile(r"(?!)"), needs=(), weight=0.5, examples=(), counters=(),
    gloss="words stand side by side that no writer puts so",
)  # fmt: skip
_PAIRS, _SHARE = 4, 0.15
"""Unlikely pairs that damage a sentence, and their part of its tokens: 2 in 1,000 sentences of clean news, 41 of texts
half of whose words were respun."""


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
    found = [mark for _, marks, _ in _possible_in([sentence]) for mark in marks if mark.pattern.search(sentence)]
    unlikely = count_unlikely(sentence)
    if unlikely.pairs >= _PAIRS and unlikely.pairs >= _SHARE * unlikely.tokens:
        found.append(SURPRISE)
    return found


@cache
def _automaton() -> tuple[AhoCorasick, tuple[int, ...]]:
    """Finds every `needs` string in one pass; to which mark each belongs, rewordings numbered behind the marks."""
    needs = [row.needs for row in damage_marks()] + [row.needs for row in rewording_rules()]
    pairs = [(word, number) for number, words in enumerate(needs) for word in words]
    return AhoCorasick([word for word, _ in pairs]), tuple(number for _, number in pairs)


def _possible_in(paragraphs: list[str]) -> Iterator[tuple[int, list[DamageMark], list[RewordingRule]]]:
    """The paragraphs in which something is worth a search, in order, with that: one pass over the whole text."""
    automaton, owners = _automaton()
    lower = [text.lower() for text in paragraphs]
    ends = list(accumulate(len(text) + 1 for text in lower))
    found: dict[int, set[int]] = {}
    for need, start, _ in automaton.find_matches_as_indexes("\n".join(lower), overlapping=True):
        found.setdefault(bisect_right(ends, start), set()).add(owners[need])
    marks, rules = damage_marks(), rewording_rules()
    for i in sorted(found):
        numbers = sorted(found[i])
        yield (
            i,
            [marks[number] for number in numbers if number < len(marks)],
            [rules[number - len(marks)] for number in numbers if number >= len(marks)],
        )


def score_damage(sentence: str) -> float:
    """Damage of one sentence, 0 (clean) to 1; 0.5 and above is called damaged. Shown, never repaired."""
    return min(1.0, sum(mark.weight for mark in explain_damage(sentence)))


def score_text(paragraphs: list[str]) -> float:
    """Damage of a document; see `judge_wording`."""
    return judge_wording(paragraphs).damage


def judge_wording(paragraphs: list[str]) -> Wording:
    """Damage of a document: 0 where no mark is found, 1 where every fourth paragraph bears one, or its surprise if that
    is more; and what a reader should know."""
    total, notes = 0.0, []
    for i, marks, rules in _possible_in(paragraphs):
        total += min(1.0, sum(mark.weight for mark in marks if mark.pattern.search(paragraphs[i])))
        notes += [found.note for found in find_rewordings(paragraphs[i], rules)]
    strange = surprise("\n".join(paragraphs))
    if strange:
        notes.append(f"wording: {SURPRISE.gloss} (surprise {strange:.2f})")
    marked = min(1.0, 4 * total / max(4, len(paragraphs)))
    return Wording(damage=round(max(marked, strange), 3), notes=tuple(dict.fromkeys(notes)))
