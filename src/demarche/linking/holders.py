"""*President Biden*, *Mr. Xi*, *Sisi*: a surname alone, read as the one who holds an office on the article's date."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from demarche.linking.folding import fold_letters
from demarche.linking.tables import ActorRow, Office, Tables

__all__ = ["Holder", "choose_holder", "family_key"]

FIRST = frozenset("president king queen emir amir sultan pope".split()) | {"supreme leader", "chief of state"}
SECOND = frozenset("chancellor premier taoiseach".split()) | {
    "prime minister", "head of government", "crown prince", "general secretary", "secretary-general",
    "secretary general",
}  # fmt: skip
"""Offices that need no first name: everybody knows who is meant."""
SENIOR = re.compile(
    r"minister (?:of|for) (?:the )?(?:foreign|external|defen[cs]e)|^(?:foreign|defen[cs]e) (?:minister|secretary)|"
    r"secretary of (?:state|defen[cs]e)|^vice president|deputy prime minister|foreign affairs and security policy|"
    r"national security adviser"
)
MINISTER = re.compile(r"minister|secretary of|chancellor of the exchequer|ambassador|spokes|governor|chief|speaker")


IN_OFFICE = 1.0
NAMED = 1.5
LEAD = 0.6
RECENT = 8
"""Weights, in powers of ten of a state's people in the table: holding the office on the date, being named in the
article; the lead over the next state that decides (*Obama* in 2019 is no prime minister of Equatorial Guinea); years
after which a minister is forgotten."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A person with the office that counts. rank: 4 and 3 heads of state and government, 2 foreign affairs and defence,
    1 other ministers and officials, 0 others. former: held before the date.
    """

    row: ActorRow
    office: Office
    rank: int
    former: bool = False

    @property
    def country(self) -> str:
        """The state that the office is of."""
        return self.row.country or self.office.country


def family_key(name: str) -> str:
    """Lower case, folded, without the article of Arabic names."""
    key = fold_letters(name).lower()
    return re.sub(r"^(?:al|el|as|ash|an|ar)[- ](?=\w{3})", "", key)


def rank_of(office: Office) -> int:
    title = office.office.lower()
    if title in FIRST:
        return 4
    if title in SECOND:
        return 3
    if SENIOR.search(title):
        return 2
    return 1 if MINISTER.search(title) else 0


def choose_holder(
    people: Iterable[str], tables: Tables, date: str, *, title: str | None, spoken: Collection[str]
) -> Holder | None:
    """The one person of that family name who is meant; None where several could be.

    Args:
        people: ids of all of that family name.
        title: the word for an office before the name (*president*), lower case; None: the name stands alone or after
            *Mr.*, and only heads and ministers of foreign affairs and defence are meant.
        spoken: ids of states and bodies that the article names.
    """
    people = list(people)
    held = [
        Holder(tables.rows[person], office, rank_of(office))
        for person in people
        for office in tables.offices_on(person, date)
    ]
    if title is not None:
        held = [one for one in held if title in one.office.office.lower()]
    else:
        held = [one for one in held if one.rank >= 2]
    best = max((one.rank for one in held), default=0)
    held = [one for one in held if one.rank == best]
    if title is None or not held:
        held += _former(people, tables, date, title, spoken)
    if not held:
        return None
    known = [one for one in held if one.row.wikidata]
    held = known or held  # a territory's table names the head of its sovereign, too
    country = _country(held, tables, spoken)
    held = [one for one in held if one.country == country]
    held = [one for one in held if not one.former] or held
    if not held or len({one.row.id for one in held if one.row.wikidata}) > 1:
        return None
    return min(held, key=lambda one: (not one.row.wikidata, one.row.id))


def _former(
    people: Iterable[str], tables: Tables, date: str, title: str | None, spoken: Collection[str]
) -> list[Holder]:
    """Former heads of state and government; ministers of the last years too, where the article names their state."""
    return [
        Holder(tables.rows[person], office, rank, former=True)
        for person in people
        for office in tables.offices(person)
        if (rank := rank_of(office)) >= (2 if office.country in spoken and _recent(office, date) else 3)
        and (title is None or title in office.office.lower())
        and office.start
        and office.end
        and office.end <= date[: len(office.end)]
    ]


def _recent(office: Office, date: str) -> bool:
    return office.end[:4].isdigit() and int(date[:4]) - int(office.end[:4]) <= RECENT


def _country(held: Iterable[Holder], tables: Tables, spoken: Collection[str]) -> str | None:
    """The state whose holder is meant: of a state with many known people, in office, named in the article."""
    weights: dict[str, float] = {}
    for one in held:
        weight = math.log10(1 + tables.people_of(one.country)) + IN_OFFICE * (not one.former)
        weights[one.country] = max(weights.get(one.country, 0.0), weight + NAMED * (one.country in spoken))
    ranked = sorted(weights, key=lambda country: (-weights[country], country))
    if len(ranked) > 1 and weights[ranked[0]] - weights[ranked[1]] < LEAD:
        return None
    return ranked[0] if ranked else None
