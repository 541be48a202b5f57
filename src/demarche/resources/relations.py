"""Dated relations between actors: members of organisations, parties in and out of government, who fights whom."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from demarche.resources.load import read_bytes

__all__ = ["Membership", "Relation", "RelationKind", "Relations", "load_relations", "members_of"]

UNDATED = "factbook 2026, no days"
LISTED = "2026"
"""The year whose members a source without days lists."""


class RelationKind(StrEnum):
    MEMBER_OF = "member_of"
    SUSPENDED_FROM = "suspended_from"
    GOVERNS = "governs"
    OPPOSES = "opposes"
    FIGHTS = "fights"


@dataclass(frozen=True, slots=True)
class Relation:
    """`subject` is a member of, is suspended from, governs, opposes or fights `object` from `since` to `until`.

    Days are ISO, both count; a year or month stands for all its days. since "": before 1990, or not known (`dated`);
    until "": still so where the source ends (January 2026).
    """

    subject: str
    kind: RelationKind
    object: str
    since: str
    until: str
    source: str

    @property
    def dated(self) -> bool:
        """False: the source lists it in 2026 and gives no days."""
        return self.source != UNDATED

    def holds(self, day: str) -> bool:
        """Whether it held on `day` (ISO). Without days: only from the year on in which the source lists it."""
        if not self.dated:
            return day >= LISTED
        return self.since <= day and (not self.until or day[: len(self.until)] <= self.until)


@dataclass(frozen=True, slots=True)
class Membership:
    """A member on a day. suspended: barred from taking part on that day."""

    id: str
    since: str
    until: str
    suspended: bool
    source: str


@dataclass(frozen=True, slots=True)
class Relations:
    """All rows, by subject and by object."""

    by_subject: dict[str, tuple[Relation, ...]]
    by_object: dict[str, tuple[Relation, ...]]

    def of(self, subject: str, *kinds: RelationKind, day: str | None = None) -> Iterator[Relation]:
        """Rows of a subject, of these kinds (none given: all), on a day or at any time."""
        yield from _chosen(self.by_subject.get(subject, ()), kinds, day)

    def to(self, other: str, *kinds: RelationKind, day: str | None = None) -> Iterator[Relation]:
        """Rows whose object is `other`."""
        yield from _chosen(self.by_object.get(other, ()), kinds, day)

    def members_of(self, body: str, day: str) -> tuple[Membership, ...]:
        """Members of an organisation, alliance or group of states on a day (ISO), by id; empty: none known."""
        barred = {row.subject for row in self.to(body, RelationKind.SUSPENDED_FROM, day=day)}
        return tuple(
            Membership(row.subject, row.since, row.until, row.subject in barred, row.source)
            for row in self.to(body, RelationKind.MEMBER_OF, day=day)
        )

    def party_role(self, party: str, day: str | None) -> RelationKind | None:
        """Whether a party governs or opposes on the day; None: neither is known, or both on a day of change."""
        if day is None:
            return None
        kinds = {row.kind for row in self.of(party, RelationKind.GOVERNS, RelationKind.OPPOSES, day=day)}
        return kinds.pop() if len(kinds) == 1 else None

    def parties(self, country: str, kind: RelationKind, day: str) -> tuple[str, ...]:
        """Ids of the parties that govern (or oppose) in a state on a day."""
        return tuple(row.subject for row in self.to(country, kind, day=day))

    def fight(self, one: str, other: str, day: str | None) -> bool:
        """Whether two sides (state codes or ids) stand against each other with arms on the day (None: ever)."""
        return any(foe == other for foe, _ in self.wars(one, day))

    def wars(self, side: str, day: str | None) -> list[tuple[str, bool]]:
        """Whom a side fights on the day, and whether it is the state in which they fight."""
        kind = RelationKind.FIGHTS
        found = [(row.object, row.source.endswith(f"({row.object})")) for row in self.of(side, kind, day=day)]
        return found + [(row.subject, False) for row in self.to(side, kind, day=day)]

    def foes(self, side: str, day: str | None) -> tuple[str, ...]:
        """All whom a side fights on the day."""
        return tuple(dict.fromkeys(foe for foe, _ in self.wars(side, day)))


def _chosen(rows: tuple[Relation, ...], kinds: tuple[RelationKind, ...], day: str | None) -> Iterator[Relation]:
    for row in rows:
        if (not kinds or row.kind in kinds) and (day is None or row.holds(day[:10])):
            yield row


@cache
def load_relations() -> Relations:
    """The package's rows (`actors/relations.tsv.gz`), read once.

    Raises:
        ResourceError: E201 when the file is missing.
    """
    subjects: dict[str, list[Relation]] = {}
    objects: dict[str, list[Relation]] = {}
    for line in gzip.decompress(read_bytes("actors/relations.tsv.gz")).decode("utf-8").splitlines():
        a, kind, b, since, until, source = line.split("\t")
        row = Relation(a, RelationKind(kind), b, since, until, source)
        subjects.setdefault(a, []).append(row)
        objects.setdefault(b, []).append(row)
    return Relations(*({key: tuple(rows) for key, rows in found.items()} for found in (subjects, objects)))


def members_of(body: str, day: str) -> tuple[Membership, ...]:
    """Members of an organisation (its id: `o:nato`) on a day (ISO).

    >>> [m.id for m in members_of("o:sahel-alliance", "2024-06-01")]
    ['BFA', 'MLI', 'NER']
    """
    return load_relations().members_of(body, day)
