"""Whether two rows speak of one act: what claims and denials, promises and what became of them are paired by.

Type, doers and receivers are not enough: in the news of one country every row has that country on both sides. What
the sentences share beside names decides, and more of it is asked for where the sides say less.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection

__all__ = ["ENOUGH", "is_one_act", "shared_person", "substance", "verb_of"]

COMMON = frozenset(
    """about after against their there which would could should other under where while being denied denies accused
    accuses claimed claims officials official spokesman spokeswoman government ministry reporters statement told says
    country countries president minister according""".split()
)
ENOUGH = 2
"""Shared words of substance that make two rows of other predicates one act; where two states face each other, one."""

GENERIC = re.compile(r"[A-Z]{3}(?:\.GOV)?")
"""Ids of a state or its government as such."""

NAMED = re.compile(r"(?:Q\d|x:)")
"""Ids of persons and bodies with a name of their own."""


def substance(words: str) -> tuple[str, ...]:
    """Long words of a sentence, cut to seven letters, without names and those that stand anywhere; sorted."""
    found = {sys.intern(word[:7]) for word in re.findall(r"\b[a-z]{5,}", words) if word not in COMMON}
    return tuple(sorted(found))


def is_one_act(shared: int, *, same_predicate: bool, same_sentence: bool, foreign: bool) -> bool:
    """Whether two rows of one type whose sides fit are one act.

    Args:
        shared: words of substance that their sentences have in common.
        same_sentence: they stand in one: then all words are shared, and only the predicate tells them apart.
        foreign: two different states face each other in both.
    """
    return same_predicate or (not same_sentence and shared >= (1 if foreign else ENOUGH))


def verb_of(predicate: str) -> str:
    """A predicate without its particles: *shoot at* and *shoot* are one."""
    return predicate.split(" ", 1)[0]


def shared_person(one: Collection[str], two: Collection[str]) -> bool:
    """Whether two lists of doers can be the same people: an id in common, or one side that names only its state."""
    if set(one) & set(two) or not one or not two:
        return True
    named = [actor for actor in (*one, *two) if NAMED.match(actor)]
    return len(named) < len(one) + len(two) or any(GENERIC.fullmatch(actor) for actor in (*one, *two))
