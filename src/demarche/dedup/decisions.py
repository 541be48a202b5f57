"""A user's decisions on happenings: which rows tell of one, which do not. They are part of the record."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

from demarche.errors import ConfigError

__all__ = ["Decisions", "read_decisions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """Sets of assertion ids. together: rows of one happening; apart: rows of as many happenings as there are rows."""

    together: tuple[tuple[str, ...], ...] = ()
    apart: tuple[tuple[str, ...], ...] = ()


def read_decisions(text: str, *, where: str) -> Decisions:
    """Read `decisions.toml`: tables `[[together]]` and `[[apart]]`, each with `rows`, a list of assertion ids.

    Raises:
        ConfigError: E911 when it is no such file.
    """
    advice = 'write [[together]] or [[apart]] with rows = ["d….e1", "d….e2"]'
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError("E911", f"no TOML: {error}", where=where, remedy=advice) from error
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for name, entries in tables.items():
        if name not in ("together", "apart") or not isinstance(entries, list):
            raise ConfigError("E911", f"{name!r} is no decision", where=where, remedy=advice)
        sets = []
        for entry in entries:
            rows = entry.get("rows") if isinstance(entry, dict) else None
            if not isinstance(rows, list) or len(rows) < 2 or not all(isinstance(row, str) for row in rows):
                raise ConfigError("E911", f"[[{name}]] needs two rows or more", where=where, remedy=advice)
            sets.append(tuple(sorted(set(rows))))
        found[name] = tuple(sorted(sets))
    return Decisions(**found)
