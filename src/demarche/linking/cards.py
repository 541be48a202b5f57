"""What the actor table knows of one actor on a day: names, offices, members and memberships, parties, foes."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from demarche.errors import ConfigError
from demarche.linking.folding import fold_letters
from demarche.linking.tables import Candidate, Tables
from demarche.resources import Relation, RelationKind, Relations, load_relations

__all__ = ["ActorCard", "HeldOffice", "Related", "find_cards"]

HEADS = (
    "president", "king", "queen", "emir", "sultan", "supreme leader", "chancellor", "prime minister",
    "foreign minister", "secretary of state", "defence minister", "interior minister", "finance minister",
)  # fmt: skip
"""Offices shown of a state, each one of `titles.OFFICES`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Another actor, with the days of the relation (both count; "": open, or before 1990) and its source."""

    id: str
    name: str
    since: str
    until: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOffice:
    """An office of a person, or the person who holds one of a state's offices. until: the first day out of it."""

    office: str
    who: str
    since: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorCard:
    """One actor. Lists hold what is so on `day`; people list all their offices.

    members: of an organisation; undated: members that the source lists in 2026 without days. role: whether a party
    governs or opposes in its state.
    """

    id: str
    name: str
    kind: str
    country: str
    sector: str
    wikidata: str
    source: str
    day: str
    names: tuple[str, ...] = ()
    offices: tuple[HeldOffice, ...] = ()
    members: tuple[Related, ...] = ()
    suspended: tuple[Related, ...] = ()
    undated: tuple[Related, ...] = ()
    member_of: tuple[Related, ...] = ()
    suspended_from: tuple[Related, ...] = ()
    governing: tuple[Related, ...] = ()
    opposing: tuple[Related, ...] = ()
    role: str | None = None
    foes: tuple[Related, ...] = ()


def find_cards(tables: Tables, name: str, day: str) -> list[ActorCard]:
    """Cards of all actors of that id or name.

    Raises:
        ConfigError: E406 nobody in the table has it; with names that are near.
    """
    ids = [name] if name in tables.rows else []
    if not ids:
        found = tables.names.get(fold_letters(name), ()) or _any_case(tables, name)
        ids = list(dict.fromkeys(candidate.id for candidate in found if candidate.id in tables.rows))
    if not ids:
        near = difflib.get_close_matches(fold_letters(name), tables.names, n=3, cutoff=0.75)
        meant = f"; did you mean {' or '.join(near)}?" if near else ""
        raise ConfigError("E406", f"no actor of the table is called {name!r}{meant}",
                         remedy="give a name, a state's code (CHN) or an id (o:nato)")  # fmt: skip
    relations = load_relations()
    spelled: dict[str, list[str]] = {one: [] for one in ids}
    for spelling, candidates in tables.names.items():
        for candidate in candidates:
            if candidate.id in spelled:
                spelled[candidate.id].append(spelling)
    return [_card(tables, relations, one, day, tuple(sorted(set(spelled[one])))) for one in ids]


def _any_case(tables: Tables, name: str) -> tuple[Candidate, ...]:
    wanted = fold_letters(name).casefold()
    return next((found for spelling, found in tables.names.items() if spelling.casefold() == wanted), ())


def _card(tables: Tables, relations: Relations, one: str, day: str, names: tuple[str, ...]) -> ActorCard:
    row = tables.rows[one]

    def related(rows: Iterator[Relation], *, other: bool = False) -> tuple[Related, ...]:
        found = [(r.object if other else r.subject, r) for r in rows]
        return tuple(
            Related(id=i, name=tables.rows[i].name if i in tables.rows else i, since=r.since, until=r.until,
                    source=r.source)
            for i, r in found
        )  # fmt: skip

    kind = RelationKind
    role = relations.party_role(one, day)
    return ActorCard(
        id=one, name=row.name, kind=row.kind, country=row.country, sector=row.sector, wikidata=row.wikidata,
        source=row.source, day=day, names=names, offices=tuple(_offices(tables, one, day)),
        members=related(r for r in relations.to(one, kind.MEMBER_OF, day=day) if r.dated),
        suspended=related(relations.to(one, kind.SUSPENDED_FROM, day=day)),
        undated=related(r for r in relations.to(one, kind.MEMBER_OF) if not r.dated),
        member_of=related((r for r in relations.of(one, kind.MEMBER_OF, day=day) if r.dated), other=True),
        suspended_from=related(relations.of(one, kind.SUSPENDED_FROM, day=day), other=True),
        governing=related(relations.to(one, kind.GOVERNS, day=day)),
        opposing=related(relations.to(one, kind.OPPOSES, day=day)),
        role=role.value if role else None,
        foes=(
            *related(relations.of(one, kind.FIGHTS, day=day), other=True),
            *related(relations.to(one, kind.FIGHTS, day=day)),
        ),
    )  # fmt: skip


def _offices(tables: Tables, one: str, day: str) -> Iterator[HeldOffice]:
    """A person's offices, newest first; of a state who holds its first offices on the day."""
    if tables.rows[one].kind == "person":
        for held in sorted(dict.fromkeys(tables.offices(one)), key=lambda office: office.start, reverse=True):
            yield HeldOffice(office=held.office, who=held.country, since=held.start, until=held.end)
    elif tables.rows[one].kind == "state":
        for title in HEADS:
            if (person := tables.holder_of(one, title, day)) is not None:
                yield HeldOffice(office=title, who=tables.rows[person].name, since="", until="")
