"""Rows of a table on their way into a record, more of them than memory should hold as objects."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from demarche.store.schema import columns_of, encode

__all__ = ["Spool"]

BATCH = 20_000
"""Rows that are turned into columns at once."""
IN_MEMORY = 10
"""Batches kept in memory; beyond, they lie in a file in the folder for temporary files (TMPDIR)."""


class Spool:
    """Takes record objects of a table, gives the table: in memory while it is small, else mapped from a file.

    The file loses its name as soon as it is mapped: a killed process leaves at most one that is half written.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._rows: list[Any] = []
        self._batches: list[pa.Table] = []
        self._path: Path | None = None
        self._writer: pa.RecordBatchFileWriter | None = None

    def extend(self, rows: Iterable[Any]) -> None:
        """Take rows."""
        self._rows.extend(rows)
        if len(self._rows) >= BATCH:
            self._pack()

    def _pack(self) -> None:
        self._batches.append(encode(self.name, self._rows))
        self._rows = []
        if len(self._batches) >= IN_MEMORY:
            self._spill()

    def _spill(self) -> None:
        if self._writer is None:
            with tempfile.NamedTemporaryFile(prefix="demarche-rows-", suffix=".arrow", delete=False) as file:
                self._path = Path(file.name)
            self._writer = pa.ipc.new_file(str(self._path), columns_of(self.name))
        for batch in self._batches:
            self._writer.write_table(batch)
        self._batches = []

    def write(self, path: Path) -> None:
        """All rows as a Parquet file; no more can be taken."""
        pq.write_table(self.table(), path)

    def table(self) -> pa.Table:
        """All rows; no more can be taken."""
        if self._rows:
            self._pack()
        if self._writer is None or self._path is None:
            return pa.concat_tables(self._batches) if self._batches else columns_of(self.name).empty_table()
        self._spill()
        self._writer.close()
        found = pa.ipc.open_file(pa.memory_map(str(self._path))).read_all()
        with contextlib.suppress(PermissionError):  # Windows keeps a file that is mapped
            self._path.unlink()
        return found
