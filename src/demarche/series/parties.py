"""Who a series is about: a state, an actor or a group, from the words of a user."""

from __future__ import annotations

import calendar
import datetime
import difflib
import functools
import gzip
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demarche.errors import ConfigError
from demarche.resources import read_bytes, read_toml
from demarche.store import Record

__all__ = ["Group", "Member", "Party", "find_party", "load_groups", "sql_party", "state_names"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A side (state code or actor id) with the days on which it counts, both included; None: open."""

    side: str
    since: datetime.date | None = None
    until: datetime.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    key: str
    name: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One side of a series. members: whole sides; actor: only this actor (and bodies beneath it) of that side."""

    key: str
    name: str
    members: tuple[Member, ...]
    actor: str | None = None
    note: str | None = None


_MEMBER = re.compile(r"^(\S+)(?:\s+(\d{4}-\d\d-\d\d)?\.\.(\d{4}-\d\d-\d\d)?)?$")


@functools.cache
def state_names() -> dict[str, tuple[str, ...]]:
    """Names of every state by ISO 3166-1 alpha-3 code, the most usual first."""
    found: dict[str, list[str]] = {}
    usual: dict[str, list[str]] = read_toml("actors/own_states.toml")["names"]
    for line in gzip.decompress(read_bytes("actors/states.tsv.gz")).decode("utf-8").splitlines():
        code, kind, name = line.split("\t")[:3]
        found.setdefault(code, [])
        if kind == "name":
            found[code].append(name)
    return {
        code: tuple(dict.fromkeys((*usual.get(code, ()), *sorted(names, key=len)))) or (code,)
        for code, names in found.items()
    }


def load_groups(path: Path | None = None) -> dict[str, Group]:
    """Groups of the package and of a user's TOML file (`[West] name = "…" members = ["USA", "o:nato"]`).

    Raises:
        ConfigError: E605 the file cannot be read or holds something else.
    """
    plain: dict[str, Any] = dict(read_toml("series/groups.toml"))
    where = "series/groups.toml"
    if path is not None:
        where = str(path)
        try:
            plain = plain | tomllib.loads(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            what = f"the file of groups cannot be read: {getattr(error, 'strerror', None) or error}"
            raise ConfigError("E605", what, where=where, remedy=_FORM) from error
    return _bodies() | {key: _group(key, entry, where) for key, entry in plain.items()}


@functools.cache
def _bodies() -> dict[str, Group]:
    """`EU+`, `AU+` …: each organisation whose members are known by date, with them. Suspended members stay in it."""
    from demarche.resources import RelationKind, load_relations

    relations = load_relations()
    found = {}
    for body in read_toml("actors/own_members.toml")["body"]:
        rows = list(relations.to(body["id"], RelationKind.MEMBER_OF))
        if all(row.dated for row in rows):
            members = (
                Member(side=row.subject, since=_day(row.since), until=_day(row.until, last=True)) for row in rows
            )
            key = f"{body['short']}+"
            name = f"{body['name']} and its members"
            found[key] = Group(key=key, name=name, members=(Member(side=body["id"]), *members))
    return found


def _day(text: str, *, last: bool = False) -> datetime.date | None:
    """An ISO day; of a month or year its first or last one; None for the empty text."""
    if not text:
        return None
    year, month, *rest = [int(part) for part in f"{text}-{12 if last else 1}".split("-")][:3]
    if rest and len(text) == 10:
        return datetime.date(year, month, rest[0])
    return datetime.date(year, month, calendar.monthrange(year, month)[1] if last else 1)


_FORM = 'write [NAME], then members = ["USA", "GBR 1973-01-01..2020-01-31"]'


def _group(key: str, entry: Any, where: str) -> Group:
    if not isinstance(entry, Mapping) or not entry.get("members") or not isinstance(entry["members"], list):
        raise ConfigError("E605", f"group {key!r} has no members", where=where, remedy=_FORM)
    members = []
    for text in entry["members"]:
        found = _MEMBER.match(text) if isinstance(text, str) else None
        if found is None:
            raise ConfigError("E605", f"group {key!r}: {text!r} is no member", where=where, remedy=_FORM)
        side, since, until = found.groups()
        if ":" not in side and not re.fullmatch(r"Q\d+", side) and side not in state_names():
            raise ConfigError("E605", f"group {key!r}: no country {side!r}{_meant(side)}", where=where, remedy=_FORM)
        try:
            days = [datetime.date.fromisoformat(day) if day else None for day in (since, until)]
        except ValueError as error:
            raise ConfigError("E605", f"group {key!r}: {text!r}: {error}", where=where, remedy=_FORM) from error
        members.append(Member(side=side, since=days[0], until=days[1]))
    return Group(key=key, name=str(entry.get("name", key)), members=tuple(members))


def find_party(record: Record, text: str, groups: Mapping[str, Group] | None = None) -> Party:
    """What `text` means: a group's name, a country's code or name, an actor's id or its name in this record.

    Raises:
        ConfigError: E601 nobody of that name, with names that are near.
    """
    groups = load_groups() if groups is None else groups
    text = text.strip()
    group = next((g for key, g in groups.items() if key.casefold() == text.casefold()), None)
    if group is not None:
        return Party(key=group.key, name=group.name, members=group.members)
    states = state_names()
    code = text.upper() if text.upper() in states else _states_by_name().get(text.casefold())
    if code is not None:
        return Party(key=code, name=states[code][0], members=(Member(side=code),))
    found = _actor(record, text)
    if found is None:
        raise ConfigError("E601", f"nobody is called {text!r}{_meant(text, record, groups)}",
                          remedy="give a code (CHN), a name, an actor's id, or a group of --groups FILE")  # fmt: skip
    identifier, name, side = found
    widened = next((g for key, g in groups.items() if key.casefold() == f"{text.casefold()}+"), None)
    note = f"{name} itself; with its members: {widened.key}" if widened else None
    actor = None if side == identifier else identifier
    return Party(key=identifier, name=name, members=(Member(side=side),), actor=actor, note=note)


@functools.cache
def _short_names() -> dict[str, tuple[str, str]]:
    """Short name → id and name of an organisation that a record may hold under its long name only."""
    bodies = read_toml("actors/own_members.toml")["body"]
    return {body["short"].casefold(): (body["id"], body["short"]) for body in bodies}


def _actor(record: Record, text: str) -> tuple[str, str, str] | None:
    """(id, name, side) of an actor of the record by id or name; the one named most often where several share it."""
    alias, short = _short_names().get(text.casefold(), (None, text))
    rows = record.sql(
        "SELECT id, name, side FROM who WHERE (id IN (?, ?) OR lower(name) = lower(?)) AND kind <> 'unnamed'"
        " ORDER BY id <> ?, documents DESC, id LIMIT 1",
        [text, alias or text, text, text],
    ).to_pylist()
    if rows:
        return rows[0]["id"], rows[0]["name"], rows[0]["side"]
    return (alias, short, alias) if alias else None


@functools.cache
def _states_by_name() -> dict[str, str]:
    return {name.casefold(): code for code, names in state_names().items() for name in names}


def _meant(text: str, record: Record | None = None, groups: Mapping[str, Group] | None = None) -> str:
    """A clause that names what is near, or nothing."""
    known: dict[str, str] = {}
    for code, names in state_names().items():
        known[code.casefold()] = f"{code} ({names[0]})"
        known.update({name.casefold(): f"{code} ({name})" for name in names})
    known.update({key.casefold(): key for key in groups or ()})
    here: set[str] = set()
    if record is not None:
        for row in record.sql(
            "SELECT side, arg_max(name, (documents, id)) AS name FROM who WHERE side IS NOT NULL GROUP BY side"
            " ORDER BY sum(documents) DESC, side LIMIT 5000"
        ).to_pylist():
            here.add(row["side"])
            if row["side"] not in state_names():
                known.setdefault(row["name"].casefold(), f"{row['side']} ({row['name']})")
    asked = text.casefold()

    def likeness(name: str) -> float:
        spelled = difflib.SequenceMatcher(None, asked, name).ratio()
        return spelled + 0.15 * (known[name].split(" ")[0] in here) + 0.1 * (name[:2] == asked[:2])

    near = sorted(difflib.get_close_matches(asked, list(known), n=12, cutoff=0.6), key=likeness, reverse=True)
    named = list(dict.fromkeys(known[name] for name in near))[:3]
    return f"; did you mean {' or '.join(named)}?" if named else ""


def sql_party(party: Party | None, end: str) -> tuple[str, list[Any]]:
    """SQL condition on `dyads` that the `end` (source or target) is of the party, with its parameters."""
    if party is None:
        return "TRUE", []
    plain = [member.side for member in party.members if member.since is None and member.until is None]
    clauses, params = [], list[Any]()
    if plain:
        clauses.append(f"{end} IN ({', '.join('?' * len(plain))})" if len(plain) > 1 else f"{end} = ?")
        params.extend(plain)
    for member in party.members:
        if member.since or member.until:
            clauses.append(f"({end} = ? AND first BETWEEN ? AND ?)")
            params.extend([member.side, member.since or datetime.date.min, member.until or datetime.date.max])
    sql = f"({' OR '.join(clauses)})"
    if party.actor is not None:
        sql += f" AND len(list_filter({end}_actors, lambda x: x = ? OR starts_with(x, ?))) > 0"
        params.extend([party.actor, f"{party.actor}."])
    return sql, params


def names_of(parties: Sequence[Party | None]) -> str:
    """*China → United States*."""
    return " → ".join(party.name if party else "anybody" for party in parties)
