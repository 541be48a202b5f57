"""What a reader looks for: a filter is an address, and an address is a filter."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from demarche.errors import ConfigError
from demarche.records import EventType, Quad, Standing, Status
from demarche.store import words_condition

__all__ = ["SORTS", "Filter", "read_filter"]

SORTS = {
    "new": 'day DESC NULLS LAST, "row"',
    "old": 'day ASC NULLS LAST, "row"',
    "score": 'score ASC, day DESC NULLS LAST, "row"',
}
"""Orders of results; `score`: the least certain first."""

_LISTS: dict[str, frozenset[str] | None] = {
    "type": frozenset([*EventType, "none"]),
    "quad": frozenset(Quad),
    "status": frozenset(Status),
    "standing": frozenset(Standing),
    "publisher": None,
    "country": None,
}
"""Facets of which several values may be chosen, with the values that exist (None: those of the record)."""

_KEY = re.compile(r"[^|~\x00-\x1f]{1,120}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """q: words of the sentence, all of them; "in quotation marks" as they stand. actor: on either side.

    source, target: on that side; holder: on whose word. pair: `A~B`, either
    direction; A, B: a state, body, organisation or person by id.
    since, until: days of publication, included. document, rule, place: by id.
    """

    q: str = ""
    actor: str = ""
    source: str = ""
    target: str = ""
    pair: str = ""
    holder: str = ""
    type: tuple[str, ...] = ()
    quad: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()
    publisher: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    place: str = ""
    rule: str = ""
    document: str = ""
    since: str = ""
    until: str = ""
    copies: str = ""
    sort: str = "new"

    def params(self, **changes: Any) -> list[tuple[str, str]]:
        """Names and values of the address, defaults left out."""
        changed = replace(self, **changes) if changes else self
        found: list[tuple[str, str]] = []
        for field in fields(changed):
            value = getattr(changed, field.name)
            if isinstance(value, tuple):
                found += [(field.name, one) for one in value]
            elif value and (field.name, value) != ("sort", "new"):
                found.append((field.name, value))
        return found

    def address(self, path: str = "/search", **changes: Any) -> str:
        """The address of this filter with some of its fields changed."""
        query = urlencode(self.params(**changes))
        return f"{path}?{query}" if query else path

    def toggled(self, name: str, value: str) -> str:
        """The address with a value of a facet chosen, or no more."""
        chosen: tuple[str, ...] = getattr(self, name)
        left = tuple(v for v in chosen if v != value)
        changed: Any = left if len(left) < len(chosen) else (*chosen, value)
        return self.address(**{name: changed})

    @property
    def words(self) -> str:
        """`q` with plain quotation marks."""
        return self.q.replace("“", '"').replace("”", '"')

    @property
    def active(self) -> tuple[tuple[str, str], ...]:
        """What narrows the result: (field, value)."""
        return tuple((name, value) for name, value in self.params() if name not in {"sort", "copies"})

    @property
    def words_alone(self) -> bool:
        """Whether nothing but words narrows the result."""
        return bool(self.q) and all(name == "q" for name, _ in self.active) and not self.copies

    def where(self, *, without: str = "", newest: int | None = None) -> tuple[str, list[Any]]:
        """The condition on the reading index, and its parameters. without: a facet to leave out. newest: of the
        sentences with the words, only so many are looked at."""
        parts: list[str] = []
        params: list[Any] = []
        if self.q:
            condition, words = words_condition(self.words, "passage", newest=newest)
            parts.append(condition)
            params += words
        for name, test in _PARTIES.items():
            value = getattr(self, name)
            if value:
                parts.append(test)
                params += [f"|{value}|"] * test.count("?")
        if self.pair:
            a, b = self.pair.split("~")
            parts.append(_PAIR)
            params += [f"|{x}|" for x in (a, b, b, a, a, b)]
        for name, column in _COLUMNS.items():
            chosen: tuple[str, ...] = getattr(self, name)
            if chosen and name != without:
                known = [v for v in chosen if v != "none"]
                marks = ", ".join("?" * len(known))
                tests = [f"{column} IN ({marks})"] if known else []
                tests += [f"{column} IS NULL"] if "none" in chosen else []
                parts.append(f"({' OR '.join(tests)})")
                params += known
        if self.document:
            parts.append("document_row = (SELECT rowid FROM documents WHERE id = ?)")
            params.append(self.document)
        for name in ("place", "rule"):
            value = getattr(self, name)
            if value:
                parts.append(f"{name} = ?")
                params.append(value)
        if self.since:
            parts.append("day >= ?::DATE")
            params.append(self.since)
        if self.until:
            parts.append("day <= ?::DATE")
            params.append(self.until)
        if self.copies == "once":
            parts.append("copy = 'original'")
        return " AND ".join(parts) or "TRUE", params


_PAIR = """((contains(doers, ?) AND contains(receivers, ?)) OR (contains(doers, ?) AND contains(receivers, ?))
  OR (receivers = '' AND contains(doers, ?) AND contains(doers, ?)))"""
"""Either direction, or both as doers of a joint act."""

_PARTIES = {
    "actor": "(contains(doers, ?) OR contains(receivers, ?))",
    "source": "contains(doers, ?)",
    "target": "contains(receivers, ?)",
    "holder": "contains(speakers, ?)",
}
_COLUMNS = {
    "type": "type", "quad": "quad", "status": "status", "standing": "standing", "publisher": "publisher",
    "country": "place_country",
}  # fmt: skip


def read_filter(query: Iterable[tuple[str, str]] | Mapping[str, Any]) -> Filter:
    """The filter of an address. Unknown names are ignored, as every web page does.

    Raises:
        ConfigError: E802 for a value that cannot be: the message names it.
    """
    pairs = list(query.items()) if isinstance(query, Mapping) else list(query)
    names = {field.name for field in fields(Filter)}
    found: dict[str, Any] = {}
    for name, value in pairs:
        value = value.strip()
        if name not in names or not value:
            continue
        if len(value) > LONGEST:
            raise _refused(name, value[:40] + "…", f"at most {LONGEST} characters")
        if name in _LISTS:
            found[name] = (*found.get(name, ()), value)
        else:
            found[name] = value
    for name, known in _LISTS.items():
        for value in found.get(name, ()):
            if known is not None and value not in known:
                raise _refused(name, value, f"one of: {', '.join(sorted(known))}")
        if name in found:
            found[name] = tuple(dict.fromkeys(found[name]))
    for name in ("since", "until"):
        if name in found:
            found[name] = read_day(name, found[name])
    if found.get("since", "") and found.get("until", "") and found["since"] > found["until"]:
        raise _refused("since", found["since"], f"a day not after {found['until']}")
    if found.get("sort", "new") not in SORTS:
        raise _refused("sort", found["sort"], f"one of: {', '.join(SORTS)}")
    if found.get("copies", "") not in {"", "once"}:
        raise _refused("copies", found["copies"], "once, or nothing")
    for name in ("actor", "source", "target", "holder"):
        if name in found and not _KEY.fullmatch(found[name]):
            raise _refused(name, found[name], "the id of an actor, such as CHN or USA.GOV")
    if "pair" in found:
        sides = found["pair"].split("~")
        if len(sides) != 2 or not all(_KEY.fullmatch(side) for side in sides):
            raise _refused("pair", found["pair"], "two ids with ~ between them, such as CHN~USA")
    return Filter(**found)


def read_day(name: str, value: str) -> str:
    """A day as YYYY-MM-DD.

    Raises:
        ConfigError: E802 when there is no such day.
    """
    try:
        if not _DAY.fullmatch(value):
            raise ValueError(value)
        return datetime.date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise _refused(name, value, "a day that exists, as YYYY-MM-DD") from error


def _refused(name: str, value: str, wanted: str) -> ConfigError:
    return ConfigError("E802", f"{value!r} is nothing that `{name}` can be", remedy=f"give {wanted}")
