"""The SQL console: off unless asked for; each query runs in a process of its own, read-only and bounded."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import orjson
from fastapi import FastAPI, Form, Request
from fastapi.responses import Response

from demarche.errors import DemarcheError, StoreError
from demarche.web import sql_worker
from demarche.web.options import WebLimits
from demarche.web.site import Site

__all__ = ["add_routes", "run_query"]

AT_ONCE = 2
"""Queries that may run at the same time; others are told to come again."""

START_SECONDS = 40.0
"""Beyond the time of a query, for its process to start and to write: on a busy machine that alone takes ten seconds.
The process counts the time of the query by itself."""

EXAMPLES = (
    "SELECT type, status, count(*) AS n\nFROM assertions\nGROUP BY ALL ORDER BY n DESC",
    "SELECT d.published, d.publisher, a.predicate, a.status\nFROM assertions AS a\n"
    "JOIN documents AS d ON d.id = a.document\n"
    "WHERE a.type = 'THREATEN'\nORDER BY d.published DESC LIMIT 50",
    "SELECT table_name, column_name, comment\nFROM duckdb_columns()\nWHERE comment IS NOT NULL",
)

_NUMBERS = frozenset(
    "TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT UHUGEINT FLOAT DOUBLE DECIMAL BIGNUM"
    " REAL".split()
)
"""Types whose values stand on the right."""


def run_query(folder: Path, query: str, limits: WebLimits) -> dict[str, Any]:
    """The answer of the worker process.

    Raises:
        StoreError: E511 over a limit of time or memory.
        DemarcheError: what is wrong with the query.
    """
    asked = {
        "folder": str(folder.resolve()), "query": query, "seconds": limits.sql_seconds, "memory": limits.sql_memory,
        "rows": limits.sql_rows,
    }  # fmt: skip
    command = [sys.executable, "-I", sql_worker.__file__]  # as a file: as a module it would load every page first
    try:
        done = subprocess.run(
            command, input=orjson.dumps(asked), capture_output=True, cwd="/", env={"PYTHONUTF8": "1"}, check=False,
            timeout=limits.sql_seconds + START_SECONDS,
        )  # fmt: skip
    except (OSError, RuntimeError, MemoryError) as error:
        what = f"no process could be started for the query: {getattr(error, 'strerror', None) or error}"
        raise StoreError("E511", what, remedy="ask again in a moment") from error
    except subprocess.TimeoutExpired as error:
        what = f"the query took longer than {limits.sql_seconds:g} s and was stopped"
        raise StoreError("E511", what, remedy="narrow the query") from error
    if done.returncode or not done.stdout:
        raise StoreError("E511", "the query was stopped at a limit of its process", remedy="narrow the query")
    try:
        found: Any = orjson.loads(done.stdout)
    except orjson.JSONDecodeError as error:
        raise StoreError("E511", "the query's process ended in its answer", remedy="ask again") from error
    if not isinstance(found, dict) or not found.keys() & {"error", "rows"}:
        raise StoreError("E511", "the query's process ended in its answer", remedy="ask again")
    if "error" in found:
        wrong = found["error"]
        raise DemarcheError(wrong["code"], wrong["what"], remedy=wrong["remedy"])
    numbers = [kind.split("(")[0] in _NUMBERS for kind in found["types"]]
    return {**found, "numbers": numbers}


def _text(query: str) -> str:
    """`query` without halves of characters, which no encoding can write."""
    return query.encode("utf-8", "replace").decode()


def add_routes(app: FastAPI, site: Site) -> None:
    """`/sql`, where it was asked for."""
    if not site.options.sql:
        return
    places = threading.Semaphore(AT_ONCE)

    def show(
        request: Request, query: str, answer: Any = None, error: DemarcheError | None = None, status: int = 0
    ) -> Response:
        status = 200 if error is None else status or (413 if error.code == "E511" else 400)
        tables = site.opened.rows(
            "SELECT table_name AS name, comment FROM duckdb_tables() UNION ALL"
            " SELECT view_name, comment FROM duckdb_views() WHERE NOT internal ORDER BY name"
        )
        return site.page(
            request, "sql.html", status=status, opened=site.opened, query=query, answer=answer, error=error,
            tables=tables, examples=EXAMPLES,
        )  # fmt: skip

    @app.get("/sql", include_in_schema=False)
    def console(request: Request) -> Response:
        return show(request, _text(request.query_params.get("q") or "")[:8_000])

    @app.post("/sql", include_in_schema=False)
    def ask(request: Request, q: str = Form("", max_length=100_000)) -> Response:
        q = _text(q)
        if not q.strip():
            return show(request, q)
        if not places.acquire(blocking=False):
            busy = DemarcheError("E511", "two queries are running already", remedy="wait a moment and ask again")
            return show(request, q, error=busy, status=429)
        try:
            return show(request, q, run_query(site.shelf.folder, q, site.options.limits))
        except DemarcheError as error:
            return show(request, q, error=error)
        finally:
            places.release()
