"""One query of the SQL console, in a process of its own that may hold little and write nothing.

Reads one JSON object (folder, query, seconds, memory, rows) from stdin, writes one to stdout.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import orjson

from demarche.errors import ConfigError, DemarcheError
from demarche.store import QueryLimits, fenced_query

__all__ = ["answer", "main"]

ADDRESS_SPACE = 6_000_000_000
"""Bytes of address space, far above what the engine's own limit lets it use: a net beneath the net."""


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
    """Columns, types and rows of the answer; one row more than asked for says that there are more."""
    most = int(asked["rows"])
    limits = QueryLimits(seconds=asked["seconds"], memory=asked["memory"], rows=most + 1, threads=1)
    query = asked["query"].strip().rstrip(";")
    try:
        found = fenced_query(Path(asked["folder"]), f"FROM (\n{query}\n) LIMIT {most + 1}", limits)
    except ConfigError:
        found = fenced_query(Path(asked["folder"]), query, limits)  # its own words about what is wrong with it
    rows = found.slice(0, most).to_pylist()
    return {
        "columns": found.column_names,
        "types": [str(field.type) for field in found.schema],
        "rows": [list(row.values()) for row in rows],
        "more": found.num_rows > most,
    }


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
    except (ValueError, OverflowError) as error:  # dates without end, years beyond 9999: Python has no such value
        what = f"a value of the answer cannot be shown: {error}"
        found = {"error": {"code": "E510", "what": what, "remedy": "cast it to VARCHAR"}}
    except MemoryError:
        found = {"error": {"code": "E511", "what": "the query needs too much memory", "remedy": "narrow it"}}
    with out:
        out.write(orjson.dumps(found, default=str))


if __name__ == "__main__":
    main()
