"""One query of the SQL console, in a process of its own that may hold little and write nothing.

Reads one JSON object (folder, query, seconds, memory, rows) from stdin, writes one to stdout.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from demarche.errors import ConfigError, DemarcheError
from demarche.store import QueryLimits, fenced_query

__all__ = ["answer", "main", "packed", "shown"]

ADDRESS_SPACE = 6_000_000_000
"""Bytes of address space, far above what the engine's own limit lets it use: a net beneath the net."""


LONGEST_CELL = 5_000
LONGEST_ANSWER = 1_500_000
CELL_MARKUP = 24
"""Characters of a value and of an answer that a page shows, and what the page needs around a value."""

MOST_COLUMNS = 2_000


def _fence_process(seconds: float) -> None:
    """Limits of the kernel: time, memory, no file may grow, no core file."""
    import resource

    for what, limit in (
        (resource.RLIMIT_CPU, int(seconds * 2) + 5),
        (resource.RLIMIT_AS, ADDRESS_SPACE),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """Columns, types and rows of the answer, every value in the engine's own words, so that none is too large, too old
    or too odd to be shown. One row more than asked for says that there are more.
    """
    folder, query, most = Path(asked["folder"]), asked["query"].strip().rstrip(";"), int(asked["rows"])
    limits = QueryLimits(seconds=asked["seconds"], memory=asked["memory"], rows=most + 1, threads=1)
    try:
        told = fenced_query(folder, f"FROM (DESCRIBE (\n{query}\n))", replace(limits, rows=MOST_COLUMNS))
        names, types = (told.column(i).to_pylist() for i in (0, 1))
        cells = ", ".join(f"left(c{i}::VARCHAR, {LONGEST_CELL + 1})" for i in range(len(names)))
        alias = ", ".join(f"c{i}" for i in range(len(names)))
        found = fenced_query(folder, f"SELECT {cells} FROM (\n{query}\n) AS answer({alias}) LIMIT {most + 1}", limits)
    except ConfigError:
        found = fenced_query(folder, query, limits)  # its own words about what is wrong with it
        names, types = found.column_names, [str(field.type) for field in found.schema]
    rows, cut = shown([column.to_pylist() for column in found.columns], most)
    return {"columns": names, "types": types, "rows": rows, "more": cut or found.num_rows > most}


def shown(columns: list[list[Any]], most: int) -> tuple[list[list[str | None]], bool]:
    """The first rows of an answer as text, as many as a page may hold, and whether some were left out for that."""
    rows: list[list[str | None]] = []
    size = 0
    for row in zip(*columns, strict=True):
        cells = [None if value is None else str(value) for value in row]
        cells = [cell[:LONGEST_CELL] + "…" if cell and len(cell) > LONGEST_CELL else cell for cell in cells]
        size += sum(len(cell or "") + CELL_MARKUP for cell in cells)
        if len(rows) == most or (rows and size > LONGEST_ANSWER):
            return rows, True
        rows.append(cells)
    return rows, False


def packed(found: dict[str, Any]) -> bytes:
    """JSON; where a string holds what JSON cannot (half a character), that is left out."""
    try:
        return orjson.dumps(found, default=str)
    except TypeError:
        return json.dumps(found, default=str).encode("ascii")


def main() -> None:
    """Answer what stdin asks."""
    asked = orjson.loads(sys.stdin.buffer.read())
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # the answer stands alone on stdout, whatever the engine has to say about its progress
    if sys.platform != "win32":
        _fence_process(asked["seconds"])
    try:
        found = answer(asked)
    except DemarcheError as error:
        found = {"error": {"code": error.code, "what": error.what, "remedy": error.remedy}}
    except MemoryError:
        found = {"error": {"code": "E511", "what": "the query needs too much memory", "remedy": "narrow it"}}
    except Exception as error:  # whatever a stranger's query makes of the engine: an answer, not a broken page
        what = f"the answer cannot be shown: {type(error).__name__}: {str(error)[:300]}"
        found = {"error": {"code": "E510", "what": what, "remedy": "cast its columns to VARCHAR"}}
    with out:
        out.write(packed(found))


if __name__ == "__main__":
    main()
