"""*President Biden*, *Mr. Xi*, *Sisi*: a surname alone, read as the one who holds an office on the article's date."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from demarche.linking.folding import fold_letters
from demarche.linking.tables import ActorRow, Office, Tables
from demarche.linking.titles import titles_for

__all__ = ["Holder", "choose_ever", "choose_holder", "family_key"]

RANKS = {
    "president": 4, "king": 4, "queen": 4, "emir": 4, "sultan": 4, "pope": 4, "supreme leader": 4, "prime minister": 3,
    "chancellor": 3, "crown prince": 3, "foreign minister": 2, "defence minister": 2, "secretary of state": 2,
    "vice president": 2, "national security adviser": 2,
}  # fmt: skip
"""Titles (`titles.OFFICES`) that need no first name: 4 and 3 everybody knows who is meant, 2 in news of their field."""
OTHER = {
    "chief of state": 4, "head of government": 3, "general secretary": 3, "secretary-general": 3,
    "secretary general": 3,
}  # fmt: skip
"""Offices of the table that no title of ours means."""
SENIOR = re.compile(r"deputy prime minister|foreign affairs and security policy|minister of state for foreign affairs")
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
    """How little introduction the holder of an office needs; see `Holder`."""
    lower = office.office.lower()
    rank = max((RANKS.get(title, 0) for title in titles_for(office.office)), default=0)
    rank = max(rank, OTHER.get(lower, 0), 2 * (SENIOR.search(lower) is not None))
    return rank or int(MINISTER.search(lower) is not None)


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
    held = _highest(held)
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


def choose_ever(people: Iterable[str], tables: Tables, *, title: str | None, spoken: Collection[str]) -> Holder | None:
    """The same for an article without a date: who alone of that family name ever held such an office of a state that
    the article names, at its head where nothing but the name is given; then nobody else may have the name.
    """
    people = list(people)
    if title is None and len(people) > 1:
        return None
    held = [
        Holder(tables.rows[person], office, rank)
        for person in people
        for office in tables.offices(person)
        if office.country in spoken
        and (rank := rank_of(office)) >= (3 if title is None else 1)
        and (title is None or title in office.office.lower())
    ]
    held = _highest(held)
    known = [one for one in held if one.row.wikidata] or held
    return known[0] if len({one.row.id for one in known}) == 1 else None


def _highest(held: Iterable[Holder]) -> list[Holder]:
    """Those whose office needs the least introduction."""
    held = list(held)
    best = max((one.rank for one in held), default=0)
    return [one for one in held if one.rank == best]


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
