"""Steps that bring the parts of an older record to the schema of this version."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import orjson

from demarche.errors import StoreError
from demarche.records import SCHEMA
from demarche.store.files import write_file
from demarche.store.manifest import FORM

__all__ = ["MIGRATIONS", "migrate_record"]

MIGRATIONS: dict[int, Callable[[Path], None]] = {}
"""From a schema to the next: rewrites parts and lists in the folder, so that a step that is stopped can be run again.
Empty: schema 1 is the first."""


def migrate_record(folder: Path) -> int:
    """Bring a record to this version's schema, a step at a time; returns the number of steps. The lock must be held.

    Raises:
        StoreError: E514 no step leads from its schema to this one.
    """
    mark = folder / "demarche.json"
    steps = 0
    while (schema := _schema(mark)) is not None and schema < SCHEMA:
        step = MIGRATIONS.get(schema)
        if step is None:
            what = f"the record has schema {schema}, and no step leads from there to {SCHEMA}"
            raise StoreError("E514", what, where=str(folder), remedy="code the articles anew")
        step(folder)
        write_file(mark, orjson.dumps({"form": FORM, "schema": schema + 1}) + b"\n")
        steps += 1
    return steps


def _schema(mark: Path) -> int | None:
    """The schema that the mark names; None when there is no mark that can be read: others say so."""
    try:
        form = orjson.loads(mark.read_bytes())
        return int(form["schema"]) if form["form"] == FORM else None
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return None
