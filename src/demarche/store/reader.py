"""Readers of a record: many at a time, also while it is being written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa

from demarche.errors import InputError, StoreError
from demarche.records import CodedDocument
from demarche.store.assemble import assemble
from demarche.store.manifest import Manifest, check_form, read_commits, read_manifest
from demarche.store.schema import BASE, NUMBERED, TABLES, decode

__all__ = ["Record", "serving_of"]


class Record:
    """A published record, opened for reading. It stays as it was opened, whatever is written meanwhile.

    >>> with Record.open(Path("record")) as record:          # doctest: +SKIP
    ...     record.sql("SELECT type, count(*) AS n FROM assertions GROUP BY ALL").to_pylist()
    """

    def __init__(self, folder: Path, connection: duckdb.DuckDBPyConnection, manifest: Manifest, serving: Path) -> None:
        self.folder = folder
        self.manifest = manifest
        self.serving = serving
        self.connection = connection

    @classmethod
    def open(cls, folder: Path | str, *, threads: int = 2, memory: str = "2GB") -> Record:
        """Open the state that was published last.

        Raises:
            StoreError: E501 no record, E502 newer schema, E503 not readable, E506 damaged, E507 not published yet.
        """
        folder = Path(folder)
        check_form(folder)
        for _ in range(10):  # a publishing between reading the pointer and opening the file removes the old file
            manifest = read_manifest(folder)
            serving = serving_of(folder, manifest)
            try:
                connection = duckdb.connect(
                    str(serving), read_only=True, config={"threads": threads, "memory_limit": memory}
                )
            except duckdb.Error as error:
                if serving == serving_of(folder):
                    raise StoreError("E506", str(error).splitlines()[0], where=str(serving)) from error
                continue
            connection.execute("SET enable_external_access = false")
            return cls(folder, connection, manifest, serving)
        raise StoreError("E506", "the serving file keeps changing", where=str(folder), remedy="try again")

    def __enter__(self) -> Record:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the serving file."""
        self.connection.close()

    def sql(self, query: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> pa.Table:
        """Answer a query of the program as an Arrow table; for queries of users see `fenced_query`.

        Raises:
            StoreError: E510 when the query does not run.
        """
        try:
            return self.connection.cursor().sql(query, params=params).to_arrow_table()
        except duckdb.Error as error:
            raise StoreError("E510", str(error).splitlines()[0], where=str(self.folder)) from error

    def rows(self, table: str, where: str = "", params: Sequence[Any] = ()) -> list[Any]:
        """Record objects of a table, e.g. `rows("assertions", "document = ?", [id])`, in the order of the table."""
        if table not in TABLES:
            raise StoreError("E513", f"no table {table!r}", remedy=f"one of: {', '.join(TABLES)}")
        condition = f" WHERE {where}" if where else ""
        found = self.sql(f"SELECT * FROM {table}{condition} ORDER BY {TABLES[table].order}", list(params))
        return decode(table, found)

    def row(self, table: str, identifier: str) -> Any:
        """The record object with this id, the first where an id stands in several documents; None: there is none."""
        where, params = self._by_id(table, identifier)
        found = self.rows(table, where, params)
        return found[0] if found else None

    def _by_id(self, table: str, identifier: str) -> tuple[str, list[Any]]:
        """SQL for one id, by the index of ids where there is one."""
        if table == "events":
            return "rowid IN (SELECT unnest(?))", [self.event_rows([identifier])]
        return _by_id(table, identifier)

    def has(self, table: str, identifier: str) -> bool:
        """Whether a row has this id."""
        where, params = self._by_id(table, identifier)
        return bool(self.sql(f"SELECT 1 FROM {table} WHERE {where} LIMIT 1", params).num_rows)

    def has_table(self, name: str) -> bool:
        """Whether the serving file has a table: an older demarche made fewer indexes."""
        return name in self._tables

    @cached_property
    def _tables(self) -> frozenset[str]:
        """What the serving file holds; it stays as it is."""
        return frozenset(self.sql("SELECT table_name FROM duckdb_tables()").column(0).to_pylist())

    def event_rows(self, identifiers: Sequence[str]) -> list[int]:
        """Row numbers (rowid) of the events of these ids, in the order of the table; unknown ids are left out."""
        asked = list(identifiers)
        if not self.has_table("event_keys"):
            query, params = "SELECT rowid FROM events WHERE id IN (SELECT unnest(?)) ORDER BY 1", [asked]
            return list(self.sql(query, params).column(0).to_pylist())
        keys = self.sql("SELECT DISTINCT (md5_number_lower(unnest(?)) >> 32)::UINTEGER", [asked]).column(0).to_pylist()
        test = f"IN ({', '.join(map(str, keys))})" if len(keys) <= 50 else "IN (SELECT unnest(?))"
        rows = self.sql(f'SELECT "row" FROM event_keys WHERE key {test}', [] if len(keys) <= 50 else [keys])
        found = self.sql(
            "SELECT rowid FROM events WHERE rowid IN (SELECT unnest(?)) AND id IN (SELECT unnest(?)) ORDER BY 1",
            [rows.column(0).to_pylist(), asked],
        )
        return list(found.column(0).to_pylist())

    def events_of(self, assertion: str) -> list[str]:
        """Ids of the events that an assertion is counted in."""
        where, params = _by_id("assertions", assertion)
        query = f"""SELECT id FROM events WHERE rowid IN (
            SELECT event FROM behind WHERE assertion IN (SELECT rowid FROM assertions WHERE {where})) ORDER BY id"""
        found: list[str] = self.sql(query, params).column(0).to_pylist()
        return found

    def document(self, identifier: str) -> CodedDocument:
        """One document with everything that it alone gives.

        Raises:
            InputError: E508 when the record has no such document.
        """
        tables = {}
        for name in BASE:
            key = "document" if TABLES[name].keyed else "id"
            order = _JSON_ORDER.get(name, TABLES[name].order)
            tables[name] = self.sql(f"SELECT * FROM {name} WHERE {key} = ? ORDER BY {order}", [identifier])
        found = assemble(tables)
        if not found:
            advice = "`demarche query RECORD 'SELECT id, title FROM documents'` lists them"
            raise InputError("E508", f"the record has no document {identifier!r}", remedy=advice)
        return found[0]

    def documents(self) -> Iterator[CodedDocument]:
        """Every document, one at a time, in the order of the table."""
        for identifier in self.sql("SELECT id FROM documents").column("id").to_pylist():
            yield self.document(identifier)

    @property
    def content_hash(self) -> str:
        """Hash of what the record says, whatever the order it was written in."""
        return self.manifest.record or ""


def _by_id(table: str, identifier: str) -> tuple[str, list[str]]:
    """SQL for one id; where ids are made of the document's, rows of other documents are not even looked at."""
    document, dot, _ = identifier.rpartition(".")
    if dot and table in NUMBERED:
        return "document = ? AND id = ?", [document, identifier]
    return "id = ?", [identifier]


_IN_ORDER = r"""regexp_extract(id, '^(.*?)\d*$', 1), coalesce(try_cast(regexp_extract(id, '\d*$') AS BIGINT), 0), id"""

_JSON_ORDER = {
    **dict.fromkeys(("actors", "places", "times", "amounts", "attributions", "assertions"), _IN_ORDER),
    "links": 'kind, document, length("from"), "from", length("to"), "to"',
}
"""The order of the JSON form, where it is not that of the table."""


def serving_of(folder: Path, manifest: Manifest | None = None) -> Path:
    """The serving file that was published last: the one that the manifest tells of, which is written first: where a
    kill came between the two, the pointer still names the one before."""
    try:
        pointed = folder / (folder / "CURRENT").read_text("utf-8").strip()
    except FileNotFoundError as error:
        waiting = len(read_commits(folder))
        what = "nothing was published yet" + (f" ({waiting} batches are coded)" if waiting else "")
        advice = "run the same `demarche code` again: it goes on where it stopped"
        raise StoreError("E507", what, where=str(folder), remedy=advice) from error
    except PermissionError as error:
        raise StoreError("E503", "the record cannot be read", where=str(folder)) from error
    told = (manifest or read_manifest(folder)).serving
    return folder / told if told and told != pointed.name and (folder / told).exists() else pointed
