"""A user's SQL, fenced: one SELECT, no file, no network, no extension, bounded time, memory and rows."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from demarche.errors import ConfigError, StoreError
from demarche.store.manifest import check_form
from demarche.store.reader import serving_of

__all__ = ["QueryLimits", "fenced_query"]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryLimits:
    """seconds: wall time. memory: of the database engine, in its words. rows: of the answer."""

    seconds: float = 60.0
    memory: str = "1GB"
    rows: int = 1_000_000
    threads: int = 2


def fenced_query(folder: Path | str, query: str, limits: QueryLimits | None = None) -> pa.Table:
    """Answer one SELECT of a user over the tables of a record.

    The engine holds the serving file read-only, cannot open files or addresses, load extensions or change its own
    settings. It runs in this process: for queries of strangers put a process around it (the engine's makers promise
    no more).

    Raises:
        ConfigError: E509 not a single SELECT, E510 the query is wrong.
        StoreError: E511 over a limit; or the record cannot be opened.
    """
    limits = limits or QueryLimits()
    folder = Path(folder)
    check_form(folder)
    _check_statement(query)
    with _fence(serving_of(folder), limits) as connection:
        timer = threading.Timer(limits.seconds, connection.interrupt)
        timer.start()
        try:
            return _fetch(connection, query, limits.rows)
        except duckdb.InterruptException as error:
            advice = "narrow the query, or raise --seconds"
            raise StoreError("E511", f"the query took longer than {limits.seconds:g} s", remedy=advice) from error
        except duckdb.OutOfMemoryException as error:
            what = f"the query needs more than {limits.memory} of memory"
            raise StoreError("E511", what, remedy="narrow the query") from error
        except duckdb.Error as error:
            raise ConfigError("E510", _first_words(error)) from error
        finally:
            timer.cancel()


def _check_statement(query: str) -> None:
    try:
        statements = duckdb.extract_statements(query)
    except duckdb.Error as error:
        raise ConfigError("E510", _first_words(error)) from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        advice = "a record is changed by `demarche code` alone"
        raise ConfigError("E509", "only one SELECT statement is answered", remedy=advice)


def _fence(serving: Path, limits: QueryLimits) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(
        ":memory:",
        config={
            "python_enable_replacements": False,
            "memory_limit": limits.memory,
            "max_temp_directory_size": "0KB",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "threads": limits.threads,
        },
    )
    name = str(serving).replace("'", "''")
    connection.execute(f"ATTACH '{name}' AS record (READ_ONLY)")
    connection.execute("USE record")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _fetch(connection: duckdb.DuckDBPyConnection, query: str, most: int) -> pa.Table:
    reader = connection.sql(query).to_arrow_reader(50_000)
    batches = []
    rows = 0
    for batch in reader:
        rows += batch.num_rows
        if rows > most:
            raise StoreError("E511", f"the answer has more than {most} rows", remedy="add LIMIT, or count in SQL")
        batches.append(batch)
    return pa.Table.from_batches(batches, schema=reader.schema)


def _first_words(error: duckdb.Error) -> str:
    """The engine's message without its picture of the query."""
    return str(error).split("\n\nLINE")[0].replace("\n", " ").strip()
