"""The user's own actors: a TOML file checked whole before a row of it counts, and what it changes.

    [[actor]]
    id = "my:river-front"          # of your own, or one of the table's (`USA`, `Q7747`) to change it
    name = "River Front"
    kind = "group"                 # state government organisation group alliance people-group person
    country = "MLI"                # ISO 3166-1 alpha-3, or a state of this file
    sector = "REB"
    names = ["RF", "Front of the River"]

    [[actor.office]]               # of a person
    office = "Minister of Defence"
    start = 2023-01-01
    end = 2024-05-01               # the first day out of office; none: still held

A state may also have `demonyms`, `capitals` and `seats`, a person `family` (the name that a bare surname uses).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from demarche.errors import ResourceError
from demarche.linking.folding import fold_letters
from demarche.linking.tables import ActorRow, Candidate, Office, Tables
from demarche.records import ActorKind

__all__ = ["ActorChange", "add_user_tables"]

KINDS = tuple(kind.value for kind in ActorKind if kind is not ActorKind.UNNAMED)
LISTS = {"names": "", "demonyms": "demonym", "capitals": "capital", "seats": "seat"}
KEYS = frozenset({"id", "name", "kind", "country", "sector", "wikidata", "family", "office", *LISTS})
OFFICE_KEYS = frozenset({"office", "sector", "country", "start", "end", "shared"})
COMPARED = ("name", "kind", "country", "sector", "wikidata", "family")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorChange:
    """One row that a user's table adds or changes. fields: what it was and is, empty for an added row."""

    id: str
    name: str
    where: str
    added: bool
    fields: tuple[tuple[str, str, str], ...] = ()

    def line(self) -> str:
        """One line for people: `my.toml:3 changes USA: sector GOV → IGO`."""
        if self.added:
            return f"{self.where} adds {self.id} ({self.name})"
        parts = ", ".join(f"{name} {old or '-'} → {new or '-'}" for name, old, new in self.fields)
        return f"{self.where} changes {self.id} ({self.name}): {parts or 'nothing'}"


@dataclass(frozen=True, slots=True)
class _Block:
    """A table of the file: its values, the line of its header and the line of each key."""

    values: Mapping[str, Any]
    line: int
    keys: Mapping[str, int]
    offices: tuple[_Block, ...] = ()


@dataclass(slots=True)
class _File:
    """A user's table while it is checked."""

    path: Path
    known: frozenset[str]
    rows: Mapping[str, ActorRow]
    blocks: list[_Block] = field(default_factory=list)

    def fail(self, code: str, what: str, line: int, remedy: str) -> ResourceError:
        return ResourceError(code, what, where=f"{self.path}:{line}", remedy=remedy)

    # ---- reading ----

    def read(self) -> None:
        """Parse and check everything.

        Raises:
            ResourceError: E401 no TOML or unreadable, E402 a key or value, E403 duplicate id, E404 dates, E405 country.
        """
        try:
            text = self.path.read_bytes().decode("utf-8-sig")
            raw = tomllib.loads(text)
        except OSError as error:
            raise ResourceError(
                "E401", f"the table of actors cannot be read: {error.strerror}", where=str(self.path),
                remedy="check the path",
            ) from error  # fmt: skip
        except UnicodeDecodeError as error:
            raise self.fail("E401", "no UTF-8", _line_of(error), "save the file as UTF-8") from error
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"at line (\d+)", str(error))
            number = int(line[1]) if line else text.count("\n") + 1
            raise self.fail("E401", f"no TOML: {error}", number, "correct this line") from error
        self.blocks = _blocks(raw, text)
        extra = set(raw) - {"actor"}
        if extra:
            raise self.fail(
                "E402", f"unknown table {min(extra)!r}", _find(text, min(extra)), "every actor is an [[actor]] table"
            )
        if not self.blocks:
            raise self.fail("E402", "no [[actor]] tables in the file", 1, "write one, or leave out --actors")
        states = {
            str(b.values.get("country") or b.values.get("id")) for b in self.blocks if b.values.get("kind") == "state"
        }
        self.known = self.known | states
        for block in self.blocks:
            self._check(block)
        self._check_ids()
        self._check_offices()

    def _check(self, block: _Block) -> None:
        values = block.values
        self._check_keys(block, KEYS, "actor")
        for key in ("id", "name", "kind"):
            if key not in values and (key == "id" or values.get("id") not in self.rows):
                raise self.fail("E402", f"an actor without {key!r}", block.line, f"add {key} = …")
        for key in ("id", "name", "kind", "country", "sector", "wikidata", "family"):
            if key in values and (not isinstance(values[key], str) or not values[key].strip()):
                raise self.fail("E402", f"{key} is no text", block.keys[key], f'write {key} = "…"')
        if "\t" in values["id"] or any(mark in values["id"] for mark in "|\n"):
            raise self.fail("E402", "an id with a tab, line end or |", block.keys["id"], "choose a plain id")
        if values.get("kind", "person") not in KINDS:
            raise self.fail(
                "E402", f"unknown kind {values['kind']!r}", block.keys["kind"], f"one of {', '.join(KINDS)}"
            )
        if not re.fullmatch(r"[A-Z]{3}", values.get("sector", "GOV")):
            raise self.fail(
                "E402",
                f"unknown sector {values['sector']!r}",
                block.keys["sector"],
                "three capitals, such as GOV or REB",
            )
        self._check_country(block)
        if values.get("kind") == "state" and not re.fullmatch(r"[A-Z]{3}", values["id"]):
            raise self.fail(
                "E402", f"a state with id {values['id']!r}", block.keys["id"], "three capitals, such as GON"
            )
        for key in LISTS:
            listed = values.get(key, [])
            if not isinstance(listed, list) or not all(isinstance(n, str) and len(n.strip()) > 1 for n in listed):
                raise self.fail("E402", f"{key} is no list of names", block.keys[key], f'write {key} = ["…", "…"]')
            if key != "names" and listed and values.get("kind", "state") != "state":
                raise self.fail("E402", f"{key} of an actor that is no state", block.keys[key], "leave it out")

    def _check_keys(self, block: _Block, allowed: frozenset[str], what: str) -> None:
        for key in block.values:
            if key not in allowed:
                raise self.fail(
                    "E402", f"unknown key {key!r} of {what}", block.keys.get(key, block.line),
                    f"one of {', '.join(sorted(allowed))}",
                )  # fmt: skip

    def _check_country(self, block: _Block) -> None:
        country = block.values.get("country")
        if country is not None and country not in self.known:
            raise self.fail(
                "E405", f"unknown country {country!r}", block.keys.get("country", block.line),
                'an ISO 3166-1 alpha-3 code, or an [[actor]] with kind = "state" and this id',
            )  # fmt: skip

    def _check_ids(self) -> None:
        first: dict[str, int] = {}
        for block in self.blocks:
            identifier = block.values["id"]
            if identifier in first:
                raise self.fail(
                    "E403", f"the id {identifier!r} stands twice", block.keys["id"],
                    f"rename one (the other is in line {first[identifier]})",
                )  # fmt: skip
            first[identifier] = block.keys["id"]

    def _check_offices(self) -> None:
        spans: dict[tuple[str, str], list[tuple[str, str, _Block, str]]] = {}
        for block in self.blocks:
            for office in block.offices:
                start, end = self._check_office(block, office)
                country = office.values.get("country") or self._country(block)
                key = (office.values["office"].lower(), country)
                for other_start, other_end, other, holder in spans.get(key, []):
                    overlap = start < (other_end or "9") and other_start < (end or "9")
                    marked = office.values.get("shared") or other.values.get("shared")
                    if overlap and (holder == block.values["id"] or not marked):
                        raise self.fail(
                            "E404", f"the dates of {office.values['office']!r} overlap those of line {other.line}",
                            office.keys.get("start", office.line),
                            "correct them, or mark one `shared = true` when two people held it",
                        )  # fmt: skip
                spans.setdefault(key, []).append((start, end, office, block.values["id"]))

    def _check_office(self, block: _Block, office: _Block) -> tuple[str, str]:
        self._check_keys(office, OFFICE_KEYS, "office")
        if not isinstance(office.values.get("office"), str) or not office.values["office"].strip():
            raise self.fail("E402", "an office without its title", office.line, 'add office = "…"')
        if self._value(block, "kind") != "person":
            raise self.fail("E402", "an office of an actor that is no person", office.line, "leave it out")
        self._check_country(office)
        days = []
        for key in ("start", "end"):
            value = office.values.get(key, "")
            if isinstance(value, date | datetime):
                value = value.isoformat()[:10]
            if not isinstance(value, str) or (value and not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", value)):
                raise self.fail("E404", f"{key} is no date", office.keys[key], f"write {key} = 2023-01-31")
            days.append(value)
        if not days[0]:
            raise self.fail("E404", "an office without a first day", office.line, "add start = 2023-01-31")
        if days[1] and days[1] <= days[0]:
            raise self.fail("E404", "an office ends before it begins", office.keys["end"], "correct start or end")
        return days[0], days[1]

    def _value(self, block: _Block, key: str) -> str:
        row = self.rows.get(block.values["id"])
        return str(block.values.get(key) or (getattr(row, key) if row else ""))

    def _country(self, block: _Block) -> str:
        if block.values.get("kind") == "state":
            return str(block.values["id"])
        return self._value(block, "country")

    # ---- applying ----

    def row(self, block: _Block) -> ActorRow:
        """The row of the table that the block stands for."""
        return ActorRow(
            block.values["id"], self._value(block, "name"), self._value(block, "kind"), self._country(block),
            self._value(block, "sector"), self._value(block, "wikidata"), f"{self.path.name}:{block.line}",
            self._value(block, "family") or self._family(block),
        )  # fmt: skip

    def _family(self, block: _Block) -> str:
        return self._value(block, "name").split()[-1] if self._value(block, "kind") == "person" else ""


def add_user_tables(tables: Tables, paths: Sequence[Path]) -> list[ActorChange]:
    """Read every file, then put their rows into `tables`; a later file wins. Nothing changes when one is wrong.

    Raises:
        ResourceError: E401–E405, with file and line.
    """
    known = frozenset(row.country for row in tables.rows.values() if row.kind == "state")
    files: list[_File] = []
    seen = dict(tables.rows)
    for path in paths:
        file = _File(path, known, seen)
        file.read()
        files.append(file)
        seen = seen | {block.values["id"]: file.row(block) for block in file.blocks}
        known = file.known
    return [_apply(tables, file, block) for file in files for block in file.blocks]


def _apply(tables: Tables, file: _File, block: _Block) -> ActorChange:
    row = file.row(block)
    before = tables.rows.get(row.id)
    fields = [
        (name, getattr(before, name), getattr(row, name))
        for name in COMPARED
        if before is not None and getattr(before, name) != getattr(row, name)
    ]
    added = _add_names(tables, row, block)
    offices = [_office_line(row, office) for office in block.offices]
    if before is not None and added:
        fields.append(("names", "", ", ".join(added)))
    if before is not None and offices:
        fields.append(("offices", "", ", ".join(line.split("\t")[0] for line in offices)))
    tables.rows[row.id] = row
    titles = {line.split("\t")[0].lower() for line in offices}
    kept = [line for line in tables.office_lines.get(row.id, ()) if line.split("\t")[0].lower() not in titles]
    if offices:
        tables.office_lines[row.id] = [*kept, *offices]
    tables.user[row.id] = row.source
    return ActorChange(id=row.id, name=row.name, where=row.source, added=before is None, fields=tuple(fields))


def _add_names(tables: Tables, row: ActorRow, block: _Block) -> list[str]:
    """Put the row's names first among what they may stand for; those that are new."""
    own = {"state": "name", "person": "person"}.get(row.kind, "body")
    wanted = [(name, own) for name in (row.name, *block.values.get("names", ()))]
    wanted += [(name, form) for key, form in LISTS.items() if form for name in block.values.get(key, ())]
    added = []
    for name, form in wanted:
        key = fold_letters(" ".join(name.split()))
        candidate = Candidate(form, row.country if row.kind == "state" else row.id)
        before = tables.names.get(key, ())
        if candidate not in before:
            added.append(name)
        tables.names[key] = (candidate, *(other for other in before if other != candidate))
        if form == "demonym" and not key.endswith(("s", "ese", "ish", "ch")):
            tables.names.setdefault(key + "s", (replace(candidate, form="people"),))
    return added


def _office_line(row: ActorRow, block: _Block) -> str:
    values = {key: value.isoformat()[:10] if isinstance(value, date) else value for key, value in block.values.items()}
    office = Office(
        values["office"], values.get("sector", row.sector), values.get("country", row.country), values["start"],
        values.get("end", ""), "yes" if values.get("end") else "open_at_user_table",
    )  # fmt: skip
    return "\t".join((office.office, office.sector, office.country, office.start, office.end, office.end_known))


def _blocks(raw: Mapping[str, Any], text: str) -> list[_Block]:
    """The `[[actor]]` tables with the lines they stand on."""
    actors = raw.get("actor")
    if not isinstance(actors, list) or not all(isinstance(values, dict) for values in actors):
        return []
    heads = [
        (number, match[1])
        for number, line in enumerate(text.splitlines(), 1)
        if (match := re.match(r"\s*\[\[\s*(actor(?:\s*\.\s*office)?)\s*\]\]", line))
    ]
    lines = text.splitlines()
    spans = [
        (number, _keys(lines, number, heads[i + 1][0] - 1 if i + 1 < len(heads) else len(lines)), name)
        for i, (number, name) in enumerate(heads)
    ]
    found: list[_Block] = []
    at = 0
    for values in actors:
        while at < len(spans) and spans[at][2] != "actor":
            at += 1
        line, keys, _ = spans[at] if at < len(spans) else (1, {}, "")
        at += 1
        offices: list[_Block] = []
        listed = values.get("office", [])
        for office in listed if isinstance(listed, list) else [listed]:
            inline = at >= len(spans) or spans[at][2] == "actor"
            office_line, office_keys, _ = (keys.get("office", line), {}, "") if inline else spans[at]
            at += 0 if inline else 1
            inner = office if isinstance(office, dict) else {}
            offices.append(_Block(inner, office_line, _all(inner, office_keys, office_line)))
        found.append(_Block(values, line, _all(values, keys, line), tuple(offices)))
    return found


def _all(values: Mapping[str, Any], keys: Mapping[str, int], line: int) -> dict[str, int]:
    return {key: keys.get(key, line) for key in values}


def _keys(lines: Sequence[str], first: int, last: int) -> dict[str, int]:
    """Line of each `key =` between two lines (from 1, inclusive)."""
    found: dict[str, int] = {}
    for number in range(first, last + 1):
        if match := re.match(r"""\s*["']?([\w\-]+)["']?\s*=""", lines[number - 1]):
            found.setdefault(match[1], number)
    return found


def _find(text: str, key: str) -> int:
    return next(
        (n for n, line in enumerate(text.splitlines(), 1) if re.match(rf"\s*\[*\s*{re.escape(key)}\b", line)), 1
    )


def _line_of(error: UnicodeDecodeError) -> int:
    return bytes(error.object[: error.start]).count(b"\n") + 1
