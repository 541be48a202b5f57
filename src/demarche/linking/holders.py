"""*President Biden*, *Mr. Xi*, *Sisi*: a surname alone, read as the one who holds an office on the article's date."""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Holder:
    """A person with the office that counts. rank: 4 and 3 heads of state and government, 2 foreign affairs and defence,
    1 other ministers and officials, 0 others.
    """

    row: ActorRow
    office: Office
    rank: int


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
    held = [
        Holder(tables.rows[person], office, rank_of(office))
        for person in people
        for office in tables.offices_on(person, date)
    ]
    if title is not None:
        held = [one for one in held if title in one.office.office.lower()]
    else:
        held = [one for one in held if one.rank >= 2]
    if not held:
        return None
    best = max(one.rank for one in held)
    held = [one for one in held if one.rank == best]
    known = [one for one in held if one.row.wikidata]
    held = known or held  # a territory's table names the head of its sovereign, too
    countries = {one.row.country or one.office.country for one in held}
    if len(countries) > 1:
        held = [one for one in held if (one.row.country or one.office.country) in spoken]
    if len({one.row.id for one in held if one.row.wikidata}) > 1 or len({one.row.country for one in held}) != 1:
        return None
    return min(held, key=lambda one: (not one.row.wikidata, one.row.id))
