"""The serving file: one DuckDB database built from the parts, sorted for reading, with words on every column."""

from __future__ import annotations

import errno
import functools
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import duckdb
import pyarrow as pa

from demarche.errors import StoreError
from demarche.records import (
    Claim,
    Cluster,
    Commitment,
    Event,
    EventAssertion,
    Forecast,
    Stance,
    Standing,
    Threat,
)
from demarche.resources import read_toml
from demarche.store.assemble import Committed
from demarche.store.files import store_errors
from demarche.store.indexes import build_indexes
from demarche.store.manifest import Commit, damaged_part
from demarche.store.schema import BASE, DERIVED, NUMBERED, TABLES, columns_of, encode

__all__ = ["BUILDING", "SERVING", "Derive", "Derived", "build_serving", "content_hashes", "table_notes"]


Columns: TypeAlias = "pa.Table | Path | tuple[Path, ...]"

BUILDING = ".building-"
"""Names of what is there only while a serving file is built begin so: what a killed writer left is removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """What is known over documents only: record objects, or where there are millions, tables of their columns or the
    paths of Parquet files that hold them.

    standings: assertion id → its standing in the whole record. retold: table → Parquet files with its rows of documents
    that stand in the record as told by another (copies); what was committed of these (`replaced`: their ids) is not
    shown. Files that only serve the building lie in a folder of the record named `BUILDING…`: they go when it is built.
    """

    clusters: tuple[Cluster, ...] | Columns = ()
    events: tuple[Event, ...] | Columns = ()
    event_assertions: tuple[EventAssertion, ...] | Columns = ()
    claims: tuple[Claim, ...] | Columns = ()
    stances: tuple[Stance, ...] | Columns = ()
    threats: tuple[Threat, ...] | Columns = ()
    commitments: tuple[Commitment, ...] | Columns = ()
    forecasts: tuple[Forecast, ...] | Columns = ()
    standings: Mapping[str, Standing] = field(default_factory=dict)
    retold: Mapping[str, Sequence[Path]] = field(default_factory=dict)
    replaced: frozenset[str] = frozenset()


Derive = Callable[[Committed], Derived]
"""Builds the derived tables; is given what is committed: calling it starts a new pass over all documents."""

SERVING = 8
"""Form of the serving file: counts up when its tables or indexes change, so that a record is built anew."""

MEMORY = (1_000, 5_000, 400e-6)
"""Megabytes that the engine may use while it builds: so much and a share of every row of assertions, at most so much.
Beyond, it sorts and joins on disk, beside the file."""

BLOCKS = ((16_384, 1_000_000), (65_536, 64_000_000))
"""Block size for records whose parts have less bytes; measured on records of 65, 1,000 and 60,000 articles."""

_CIRCUMSTANCES = {"documents": ("source", "retrieved")}
"""Columns that tell where and when something was read, not what it says: no part of the content hash."""


def build_serving(path: Path, folder: Path, commits: Iterable[Commit], derived: Derived) -> None:
    """Build the database at `path` (which must not exist) from the parts of `commits`.

    Raises:
        StoreError: E506 when a part cannot be read, E504 when the disk is full.
    """
    commits = tuple(commits)
    with store_errors(path):
        try:
            settings: dict[str, str | bool | int | float | list[str]] = {
                "threads": 2,
                "preserve_insertion_order": True,
                "memory_limit": f"{_megabytes(commits)}MB",
                "default_block_size": _block_size(commits),
            }
            with duckdb.connect(str(path), config=settings) as connection:
                _fill(connection, folder, commits, derived)
        except duckdb.Error as error:
            if "No space left" in str(error):
                raise OSError(errno.ENOSPC, "No space left on device", str(path)) from error
            raise StoreError("E506", str(error).splitlines()[0], where=str(folder)) from error


def _megabytes(commits: Iterable[Commit]) -> int:
    least, most, row = MEMORY
    return round(min(most, least + row * sum(p.rows for c in commits for p in c.parts if p.table == "assertions")))


def _block_size(commits: Iterable[Commit]) -> int:
    """Bytes of a block of the serving file: a column takes a whole number of them, so that a small record needs small
    ones; in large ones strings are packed better."""
    parts = sum(part.bytes for commit in commits for part in commit.parts)
    return next((size for size, most in BLOCKS if parts < most), 262_144)


def _fill(connection: duckdb.DuckDBPyConnection, folder: Path, commits: tuple[Commit, ...], derived: Derived) -> None:
    doubles = _doubles(connection, folder, commits)
    replaced = pa.table({"document": pa.array(sorted(derived.replaced), pa.string())})
    connection.register("replaced", replaced)
    for name in TABLES:
        if name == "event_assertions":
            _load_derived(connection, name, derived.event_assertions, make="CREATE TEMP TABLE told")
        elif name in DERIVED:
            _load_derived(connection, name, getattr(derived, name))
        else:
            _load(connection, folder, commits, name, doubles, [str(path) for path in derived.retold.get(name, ())])
    _spread(connection, derived)
    build_indexes(connection)
    connection.execute("BEGIN")
    for name in TABLES:
        _comment(connection, name)
    connection.execute("COMMIT")
    connection.execute("CHECKPOINT")


def _load_derived(
    connection: duckdb.DuckDBPyConnection, name: str, rows: tuple[object, ...] | Columns, *, make: str | None = None
) -> None:
    order = "" if make else f"ORDER BY {TABLES[name].order}"
    make = make or f"CREATE TABLE {name}"
    paths = (rows,) if isinstance(rows, Path) else rows
    if isinstance(paths, tuple) and paths and isinstance(paths[0], Path):
        columns = ", ".join(f'"{column}"' for column in columns_of(name).names)
        connection.execute(f"{make} AS SELECT {columns} FROM read_parquet(?) {order}", [[str(path) for path in paths]])
        return
    connection.register("incoming", encode(name, paths) if isinstance(paths, tuple) else paths)
    connection.execute(f"{make} AS SELECT * FROM incoming {order}")
    connection.unregister("incoming")


def _paths(folder: Path, commits: Iterable[Commit], name: str) -> list[tuple[str, str]]:
    """(commit, file) of every part of a table."""
    found = []
    for commit in commits:
        for part in commit.parts:
            if part.table == name:
                path = part.path(folder)
                if not path.exists():
                    raise damaged_part(path)
                found.append((commit.id, str(path)))
    return found


def _doubles(connection: duckdb.DuckDBPyConnection, folder: Path, commits: Iterable[Commit]) -> bool:
    """Whether a document stands in two commits (after a merge); fills `owners` with the commit that counts."""
    paths = _paths(folder, commits, "documents")
    connection.execute("CREATE TEMP TABLE files (commit_id VARCHAR, file VARCHAR)")
    connection.execute("CREATE TEMP TABLE owners (document VARCHAR, file VARCHAR)")
    if not paths:
        return False
    names = [file for _, file in paths]
    repeated = connection.execute(
        "SELECT 1 FROM read_parquet(?) GROUP BY id HAVING count(*) > 1 LIMIT 1", [names]
    ).fetchone()
    if repeated is None:
        return False
    for name in BASE:
        for commit, file in _paths(folder, commits, name):
            connection.execute("INSERT INTO files VALUES (?, ?)", [commit, file])
    connection.execute(
        "INSERT INTO owners SELECT id, min(commit_id) FROM read_parquet(?, filename = true) AS part"
        " JOIN files ON files.file = part.filename GROUP BY id",
        [names],
    )
    return True


def _load(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    commits: Iterable[Commit],
    name: str,
    doubles: bool,
    retold: Sequence[str],
) -> None:
    table = TABLES[name]
    paths = [file for _, file in _paths(folder, commits, name)]
    if not paths and not retold:
        connection.register("incoming", columns_of(name).empty_table())
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM incoming")
        connection.unregister("incoming")
        return
    columns = ", ".join(f'"{column}"' for column in columns_of(name).names)
    source = "read_parquet(?)"
    where = ""
    key = "document" if table.keyed else "id"
    if name in BASE and doubles:
        source = (
            "(SELECT part.* FROM read_parquet(?, filename = true) AS part JOIN files ON files.file = part.filename"
            f" JOIN owners ON owners.document = part.{key} AND owners.file = files.commit_id)"
        )
    elif name == "rejections":
        where = _LATEST_REJECTION
    elif name == "runs":
        where = "QUALIFY row_number() OVER (PARTITION BY id ORDER BY ended DESC NULLS LAST) = 1"
    if name in BASE:
        where = f"WHERE {key} NOT IN (SELECT document FROM replaced)"
    parts = [f"SELECT {columns} FROM {source} {where}"] if paths else []
    parts += [f"SELECT {columns} FROM read_parquet(?)"] if retold else []
    files = [list(one) for one in (paths, retold) if one]
    rows = " UNION ALL ".join(parts)
    numbered = _numbered(connection, name, rows, files)
    if not numbered:
        connection.execute(f"CREATE TABLE {name} AS {rows} ORDER BY {table.order}", files)
        return
    _create_numbered(connection, name, numbered)
    order = re.sub(r"length\(id\), id\b|\bid\b", "id_number", table.order) if "id" in numbered else table.order
    stored = ", ".join(
        f'{number_of(column, letter)} AS {column}_number'
        if (letter := numbered.get(column)) else f'"{column}"'
        for column in columns_of(name).names
    )  # fmt: skip
    names = ", ".join(f"{c}_number" if c in numbered else f'"{c}"' for c in columns_of(name).names)
    connection.execute(
        f"INSERT INTO {name} ({names}) SELECT * FROM (SELECT {stored} FROM ({rows})) ORDER BY {order}", files
    )


def number_of(column: str, letter: str) -> str:
    """SQL: the number in an id of the document's rows; null where it is no such id."""
    number = f'try_cast(substr("{column}", length(document) + 3) AS UINTEGER)'
    return f"CASE WHEN \"{column}\" = document || '.{letter}' || {number} THEN {number} END"


def _numbered(
    connection: duckdb.DuckDBPyConnection, name: str, rows: str, files: Sequence[Sequence[str]]
) -> dict[str, str]:
    """The columns of `NUMBERED` all of whose ids are so, with their letters."""
    asked = NUMBERED.get(name, {})
    if not asked:
        return {}
    tests = ", ".join(
        f'coalesce(bool_and("{column}" IS NULL OR {number_of(column, letter)} IS NOT NULL), TRUE)'
        for column, letter in asked.items()
    )
    found = connection.execute(f"SELECT {tests} FROM ({rows})", list(files)).fetchall()[0]
    return {column: letter for (column, letter), holds in zip(asked.items(), found, strict=True) if holds}


def _create_numbered(connection: duckdb.DuckDBPyConnection, name: str, numbered: Mapping[str, str]) -> None:
    """An empty table whose ids are made of numbers, which stand after the columns of the contract."""
    connection.register("incoming", columns_of(name).empty_table())
    kinds = connection.execute("SELECT column_name, column_type FROM (DESCRIBE incoming)").fetchall()
    connection.unregister("incoming")
    columns = [
        f"\"{column}\" VARCHAR GENERATED ALWAYS AS (document || '.{numbered[column]}' || {column}_number) VIRTUAL"
        if column in numbered else f'"{column}" {kind}'
        for column, kind in kinds
    ]  # fmt: skip
    columns += [f"{column}_number UINTEGER" for column in numbered]
    connection.execute(f"CREATE TABLE {name} ({', '.join(columns)})")
    for column in numbered:
        connection.execute(f"COMMENT ON COLUMN {name}.{column}_number IS 'the number in {column}, which is made of it'")


_LATEST_REJECTION = """
WHERE coalesce(place, '') NOT IN (SELECT id FROM documents)
  AND source || coalesce('#' || place, '') NOT IN (SELECT source FROM documents)
QUALIFY row_number() OVER (PARTITION BY id ORDER BY code, reason) = 1
"""
"""One row a rejected input, and none for what a later run could code after all."""


def _spread(connection: duckdb.DuckDBPyConnection, derived: Derived) -> None:
    """Write what only the whole record knows into the rows of documents and assertions."""
    connection.execute(
        "UPDATE documents SET cluster = c.id, copy = c.copy FROM clusters AS c WHERE c.document = documents.id"
    )
    if derived.standings:
        pairs = pa.table({"id": list(derived.standings), "standing": [s.value for s in derived.standings.values()]})
        connection.register("pairs", pairs)
        connection.execute("UPDATE assertions SET standing = p.standing FROM pairs AS p WHERE p.id = assertions.id")
        connection.unregister("pairs")


@functools.cache
def table_notes() -> dict[str, dict[str, str]]:
    """Words on every table (key `table`) and column, as they stand in the catalogue."""
    return read_toml("store/tables.toml")


def _comment(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    notes = table_notes().get(name, {})
    kind = (
        "VIEW" if connection.execute("SELECT 1 FROM duckdb_views() WHERE view_name = ?", [name]).fetchall() else "TABLE"
    )
    for key, note in notes.items():
        words = note.replace("'", "''")
        target = f"{kind} {name}" if key == "table" else f'COLUMN {name}."{key}"'
        connection.execute(f"COMMENT ON {target} IS '{words}'")


def content_hashes(connection: duckdb.DuckDBPyConnection) -> tuple[tuple[tuple[str, int, str], ...], str]:
    """(table, rows, hash) of each table and the hash of the record, whatever the order of the rows.

    The hash of a table is the sum of the MD5 of its rows, modulo 2^64 each half; `runs` (clock times) and where a
    document was read are left out of the record's hash.
    """
    found = []
    for name in sorted(TABLES):
        left_out = _CIRCUMSTANCES.get(name, ())
        columns = [f'"{c}"' for c in columns_of(name).names if c not in left_out]
        row = connection.execute(
            "SELECT count(*), coalesce(sum(md5_number_lower(row)::HUGEINT) % 18446744073709551616, 0)::VARCHAR,"
            " coalesce(sum(md5_number_upper(row)::HUGEINT) % 18446744073709551616, 0)::VARCHAR"
            f" FROM (SELECT to_json([{', '.join(f'to_json({c})' for c in columns)}])::VARCHAR AS row FROM {name})"
        ).fetchone()
        assert row is not None  # an aggregate without GROUP BY always has one row
        found.append((name, int(row[0]), f"{int(row[1]):016x}{int(row[2]):016x}"))
    said = "".join(f"{name}:{rows}:{value};" for name, rows, value in found if name != "runs")
    return tuple(found), hashlib.sha256(said.encode()).hexdigest()
