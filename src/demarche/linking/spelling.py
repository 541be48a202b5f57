"""People under another spelling: *Sergey Lavrov* for *Sergei Lavrov*, *Vladimir V. Putin*, *Carlos Holmes Trujillo*."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Iterable

from demarche.linking.folding import fold_letters

__all__ = ["NameIndex", "name_words"]

ARTICLES = frozenset(
    "al el as ash an ar ad ath az at bin ibn ben bint abu van von der de da di do dos del la le y e".split()
)
SOUNDS = (
    ("tch", "c"), ("sch", "s"), ("dzh", "j"), ("ph", "f"), ("kh", "h"), ("gh", "g"), ("sh", "s"), ("ch", "c"),
    ("zh", "z"), ("dj", "j"), ("ck", "k"), ("q", "k"), ("x", "ks"), ("w", "v"), ("tz", "ts"), ("cz", "c"), ("j", "y"),
    ("dh", "d"),
    ("th", "t"),
)  # fmt: skip
BETWEEN = re.compile(r"[\s.\-]+")
MUTE = str.maketrans("", "", "aeiouyh'")
DOUBLED = re.compile(r"(.)\1+")
ALIKE = 0.72
"""Least likeness of two spellings that sound alike (difflib's ratio of folded names)."""
SHORTEST = 4
"""Least letters of both skeletons together: *Li Wei* sounds like too many."""


def name_words(name: str) -> list[str]:
    """Folded lower-case words of a name without initials, articles, particles and *Jr.*."""
    words = BETWEEN.split(fold_letters(name).lower().replace("'", ""))
    kept = [word for word in words if len(word) > 1 and word not in ARTICLES and word not in {"jr", "sr", "ii", "iii"}]
    return kept or [word for word in words if word]


@functools.lru_cache(maxsize=32768)
def skeleton(word: str) -> str:
    """First sound and consonants of a word, spellings of one sound alike."""
    for spelled, sound in SOUNDS:
        if spelled in word:
            word = word.replace(spelled, sound)
    first, rest = word[:1], word[1:].translate(MUTE)
    if first in "aeiou":
        first = "a"
    return DOUBLED.sub(r"\1", first + rest)


class NameIndex:
    """Person ids by the sound of first name and one later name. Built once from (name, id) pairs of the table."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self.keys: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for name, person in names:
            words = name_words(name)
            if len(words) < 2:
                continue
            whole = " ".join(words)
            first = skeleton(words[0])
            for key in {(first, skeleton(word)) for word in words[1:]}:
                self.keys.setdefault(key, []).append((whole, person))

    def find(self, name: str) -> list[tuple[float, str]]:
        """(likeness, id) of people whose name sounds alike, likest first; each once. 1.0: the same words."""
        words = name_words(name)
        if len(words) < 2:
            return []
        scored: dict[str, float] = {}
        orders = [words, [*words[1:], words[0]], [words[-1], *words[:-1]]]
        for order in orders:
            key = (skeleton(order[0]), skeleton(order[-1]))
            if len(key[0]) + len(key[1]) < SHORTEST:
                continue
            for whole, person in self.keys.get(key, ()):
                likeness = _likeness(order, whole.split())
                if likeness >= ALIKE:
                    scored[person] = max(scored.get(person, 0.0), likeness)
        return sorted(((likeness, person) for person, likeness in scored.items()), key=lambda one: (-one[0], one[1]))


def _likeness(ours: list[str], theirs: list[str]) -> float:
    """Likeness of two names; names that only one of them has do not count (*Carlos Holmes Trujillo García*)."""
    first = max(_ratio(ours[0], other) for other in theirs)
    if first < ALIKE:
        return 0.0
    last = max(_ratio(ours[-1], other) for other in theirs)
    return (first + last) / 2 - 0.02 * abs(len(ours) - len(theirs)) if last >= ALIKE else 0.0


@functools.lru_cache(maxsize=16384)
def _ratio(one: str, other: str) -> float:
    return 1.0 if one == other else difflib.SequenceMatcher(None, one, other).ratio()
