"""The record as the pages see it: opened read-only, opened anew when another state is published, each query bounded."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from demarche.errors import DemarcheError, StoreError
from demarche.records import CodedDocument
from demarche.store import Record
from demarche.web.reading import build_reading

__all__ = ["Opened", "Shelf", "Timeout"]


class Timeout(DemarcheError):
    """A page's query took longer than it may."""


@dataclass(frozen=True, slots=True)
class Opened:
    """One published state of a record. Queries run on cursors of one connection that can change nothing of it."""

    record: Record
    seconds: float

    @property
    def state(self) -> str:
        """A name for this state: changes with every publishing."""
        return f"{self.record.manifest.record or ''}-{self.record.serving.name}"

    @property
    def manifest_hash(self) -> str:
        """The hash of what the record says."""
        return self.record.content_hash

    def rows(self, query: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Answer a query of the program.

        Raises:
            Timeout: E801 when it takes longer than a page may.
            StoreError: E510 when it does not run.
        """
        cursor = self.record.connection.cursor()
        timer = threading.Timer(self.seconds, cursor.interrupt)
        timer.start()
        try:
            found = cursor.execute(query, params) if params is not None else cursor.execute(query)
            names = [column[0] for column in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        except duckdb.InterruptException as error:
            what = f"looking this up took longer than {self.seconds:g} s"
            raise Timeout("E801", what, remedy="narrow it: a shorter span, one actor, one type") from error
        except duckdb.OutOfMemoryException as error:
            raise Timeout(
                "E801", "looking this up needs more memory than a page may use", remedy="narrow it"
            ) from error
        except duckdb.Error as error:
            raise StoreError("E510", str(error).splitlines()[0], where=str(self.record.folder)) from error
        finally:
            timer.cancel()
            cursor.close()

    def one(self, query: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The first row; an empty dict where there is none."""
        found = self.rows(query, params)
        return found[0] if found else {}

    def count(self, table: str) -> int:
        """Rows of a table of the record."""
        return int(self.one(f"SELECT count(*) AS n FROM {table}")["n"])

    def document(self, identifier: str) -> CodedDocument:
        """One document with everything it gives; E508 when there is none."""
        return self.record.document(identifier)


class Shelf:
    """Holds the state that was published last. A state that is being read stays open until its readers are done."""

    def __init__(self, folder: Path, *, seconds: float, memory: str = "1GB") -> None:
        self.folder = folder
        self._seconds = seconds
        self._memory = memory
        self._lock = threading.Lock()
        self._opened: Opened | None = None
        self._mark = ""

    def current(self) -> Opened:
        """The state published last.

        Raises:
            StoreError: there is no record, it is newer than this version, damaged, or not published yet.
        """
        mark = self._pointer()
        with self._lock:
            if self._opened is None or mark != self._mark:
                self._opened = Opened(_open(self.folder, self._memory), self._seconds)
                self._mark = mark
            return self._opened

    def close(self) -> None:
        """Let go of the record."""
        with self._lock:
            if self._opened is not None:
                self._opened.record.close()
                self._opened = None

    def _pointer(self) -> str:
        try:
            return (self.folder / "CURRENT").read_text("utf-8")
        except OSError:
            return ""


def _open(folder: Path, memory: str) -> Record:
    """The record behind views of an engine that lives in memory: the reading index stands beside it, not in it."""
    for attempt in range(5):
        with Record.open(folder) as found:
            serving, manifest = found.serving, found.manifest
        connection = duckdb.connect(
            ":memory:",
            config={
                "threads": 2, "memory_limit": memory, "python_enable_replacements": False,
                "autoinstall_known_extensions": False, "autoload_known_extensions": False,
            },
        )  # fmt: skip
        name = str(serving).replace("'", "''")
        try:
            connection.execute(f"ATTACH '{name}' AS record (READ_ONLY)")
        except duckdb.Error as error:  # published anew in between: its file is gone
            connection.close()
            if attempt == 4:
                raise StoreError("E506", str(error).splitlines()[0], where=str(serving)) from error
            continue
        connection.execute("SET enable_external_access = false")
        tables = connection.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'record'").fetchall()
        for (table,) in tables:  # those of the contract and those that only make reading fast
            connection.execute(f'CREATE VIEW "{table}" AS FROM record."{table}"')
        build_reading(connection)
        connection.execute("SET lock_configuration = true")
        return Record(folder, connection, manifest, serving)
    raise AssertionError("unreachable")
