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
        try:
            cursor = self.record.connection.cursor()
        except duckdb.Error as error:  # closed while a state was published, or at the end of the server
            raise Timeout("E801", f"the record is not open: {error}", remedy="ask again") from error
        timer = threading.Timer(self.seconds, cursor.interrupt)
        try:
            timer.start()
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
        except (RuntimeError, MemoryError) as error:  # no thread or no room: the machine is full
            raise Timeout("E801", f"the machine has no room for this now: {error}", remedy="ask again") from error
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
    """The record, read-only, with little memory."""
    record = Record.open(folder)
    if not record.has_table("reading"):
        record.close()
        advice = "publish it anew: `demarche compact RECORD`"
        raise StoreError("E604", "the record was published by an older demarche", where=str(folder), remedy=advice)
    record.connection.execute(f"SET memory_limit = '{memory}'")
    return record
