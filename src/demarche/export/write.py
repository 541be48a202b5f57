"""Write a record in an exchange form into a folder, with a side file for what the form cannot hold."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from demarche import __version__
from demarche.errors import ConfigError, StoreError
from demarche.export.annotations import write_annotations
from demarche.export.cells import plain_cell, tab_cell, write_csv
from demarche.export.coded import FORMS, CodedForm, gdelt_mentions
from demarche.export.rows import Happened, form_of, read_happened
from demarche.store import TABLES, Record

__all__ = ["EXPORTS", "Written", "write_export"]

EXPORTS = ("plover", "icews", "gdelt", "gdelt1", "cameo", "csv", "parquet", "jsonld")

SIDE_COLUMNS = ("row", "event", "status", "standing", "certainty", "holders", "assertions", "documents")
LEFT_COLUMNS = ("event", "reason", "type", "date", "sources", "targets", "status", "standing", "holders", "assertions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """rows: of the main file (tables: of all). events: said in the form; left_out: events that it cannot say."""

    folder: Path
    files: tuple[str, ...]
    rows: int
    events: int
    left_out: int


def write_export(
    record: Record, form: str, folder: Path, *, since: str | None = None, until: str | None = None
) -> Written:
    """Write `record` as `form`, one of `EXPORTS`, into a new or empty folder.

    Args:
        since, until: ISO days, included, of the events; tables and annotations are always whole.
    Raises:
        ConfigError: E609 no such form, E610 the folder holds something.
        StoreError: E504 disk full, E503 no permission; what was begun is removed.
    """
    if form not in EXPORTS:
        raise ConfigError("E609", f"no form {form!r}", remedy=f"one of: {', '.join(EXPORTS)}")
    if folder.exists() and (not folder.is_dir() or any(not _left_over(path) for path in folder.iterdir())):
        raise ConfigError("E610", "the folder of the export is not empty", where=str(folder), remedy="choose a new one")
    with _whole(folder) as files:
        if form in FORMS:
            return _write_coded(record, FORMS[form], files, since, until)
        rows = {"csv": _write_csvs, "parquet": _write_parquet, "jsonld": _write_jsonld}[form](record, files)
        _readme(files, form, record, [], rows, None)
        events = record.sql("SELECT count(*) AS n FROM events").column(0)[0].as_py()
        return Written(folder=folder, files=files.names, rows=rows, events=events, left_out=0)


def _left_over(path: Path) -> bool:
    """A file of an export that was killed: written anew or removed."""
    return path.name.startswith(".") and path.name.endswith(".tmp")


class _Files:
    """Files of an export: written aside, named when all of them are whole."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self._stack = stack
        self._made: list[str] = []

    def path(self, name: str) -> Path:
        self._made.append(name)
        return self.folder / f".{name}.tmp"

    def text(self, name: str) -> TextIO:
        return self._stack.enter_context(self.path(name).open("w", encoding="utf-8", newline=""))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._made)


@contextmanager
def _whole(folder: Path) -> Iterator[_Files]:
    """Either every file of the export, or none of them."""
    fresh = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            files = _Files(folder, stack)
            yield files
        for name in files.names:
            os.replace(folder / f".{name}.tmp", folder / name)
    except OSError as error:
        full = error.errno in {28, 122}
        what = "the disk is full" if full else f"cannot write here: {error.strerror or error}"
        remedy = "free some space and export again" if full else "choose a folder that you may write to"
        raise StoreError("E504" if full else "E503", what, where=str(folder), remedy=remedy) from error
    finally:
        if folder.is_dir():
            for path in folder.glob(".*.tmp"):
                path.unlink(missing_ok=True)
            if fresh and not any(folder.iterdir()):
                folder.rmdir()


def _write_coded(record: Record, form: CodedForm, files: _Files, since: str | None, until: str | None) -> Written:
    main, side, left = files.text(form.file), files.text("not_in_the_form.csv"), files.text("left_out.csv")
    mentions = files.text("gdelt2.mentions.CSV") if form.name == "gdelt" else None
    if form.header:
        main.write("\t".join(form.columns) + "\n")
    for file, header in ((side, SIDE_COLUMNS), (left, LEFT_COLUMNS)):
        write_csv(file, header, ())
    rows = events = left_out = 0
    for one in read_happened(record, since=since, until=until):
        said = form_of(one)
        if said.reason is not None:
            left_out += 1
            _csv_line(left, _left_row(one, said.reason))
            continue
        events += 1
        for line in form.lines(one, said):
            rows += 1
            main.write("\t".join(tab_cell(cell) or form.missing for cell in line.cells) + "\n")
            _csv_line(side, _side_row(line.id, one))
        if mentions is not None:
            for cells in gdelt_mentions(one):
                mentions.write("\t".join(tab_cell(cell) for cell in cells) + "\n")
    _readme(files, form.name, record, list(form.holds_not), rows, (events, left_out))
    return Written(folder=files.folder, files=files.names, rows=rows, events=events, left_out=left_out)


def _csv_line(file: TextIO, values: tuple[Any, ...]) -> None:
    import csv

    csv.writer(file, lineterminator="\r\n").writerow([plain_cell(value) for value in values])


def _chain(one: Happened) -> list[list[str]]:
    return [list(chain) for chain in dict.fromkeys(row.holders for row in one.told)]


def _side_row(identifier: str, one: Happened) -> tuple[Any, ...]:
    certainty = one.told[0].certainty
    return (identifier, one.event, one.status, one.standing, certainty, _chain(one),
            [row.assertion for row in one.told], one.articles)  # fmt: skip


def _left_row(one: Happened, reason: str) -> tuple[Any, ...]:
    return (one.event, reason, one.type, one.date or None, [a.id for a in one.sources], [a.id for a in one.targets],
            one.status, one.standing, _chain(one), [row.assertion for row in one.told])  # fmt: skip


def _all_of(name: str) -> str:
    """The query for all rows of a table as they lie there; those of the one that may be a view, in its order."""
    return f"SELECT * FROM {name}" + (f" ORDER BY {TABLES[name].order}" if name == "event_assertions" else "")


def _write_csvs(record: Record, files: _Files) -> int:
    total = 0
    for name in TABLES:
        reader = record.connection.cursor().sql(_all_of(name)).to_arrow_reader(20_000)
        rows = (row.values() for batch in reader for row in batch.to_pylist())
        total += write_csv(files.text(f"{name}.csv"), reader.schema.names, rows)
    return total


def _write_parquet(record: Record, files: _Files) -> int:
    import pyarrow.parquet as pq

    total = 0
    for name in TABLES:
        reader = record.connection.cursor().sql(_all_of(name)).to_arrow_reader(100_000)
        with pq.ParquetWriter(files.path(f"{name}.parquet"), reader.schema, compression="zstd") as writer:
            for batch in reader:
                writer.write_batch(batch)
                total += batch.num_rows
    return total


def _write_jsonld(record: Record, files: _Files) -> int:
    return write_annotations(record, files.text("record.jsonld"))


_ABOUT = {
    "plover": "POLECAT's 40 tab-separated columns, one line an event, `None` for no value, lists with `; `.",
    "icews": "ICEWS' 20 tab-separated columns, one line a pair of actors.",
    "gdelt": "GDELT 2.0: 61 columns of events and 16 of mentions, tab-separated, without header, one line a pair.",
    "gdelt1": "GDELT 1.0: 58 tab-separated columns without header, one line a pair.",
    "cameo": "CAMEO coded text: date, source, target, code, its name, the event's id; tab-separated.",
    "csv": "Every table as CSV (RFC 4180, UTF-8). Lists are JSON; an empty cell is null.",
    "parquet": "Every table as Parquet (zstd), columns as in docs/CONTRACT.md.",
    "jsonld": "JSON-LD: documents, assertions and attributions as Web Annotations with text selectors, events and runs"
    " as PROV entities and activities.",
}


def _readme(
    files: _Files, form: str, record: Record, holds_not: list[str], rows: int, events: tuple[int, int] | None
) -> None:
    lines = [f"# Export of a demarche record: {form}", "", _ABOUT[form], "",
             f"- {rows:,} rows, written by demarche {__version__}", f"- record: {record.content_hash}"]  # fmt: skip
    if events is not None:
        lines += [
            f"- {events[0]:,} events are said in the form; {events[1]:,} cannot be: `left_out.csv` tells why",
            f"- the form has no place for: {', '.join(holds_not)}. `not_in_the_form.csv` has it, a row for each row",
            "- a planned meeting, support, cooperation or aid is an agreement here, as PLOVER and CAMEO have it",
        ]
    lines += [
        "- text that a spreadsheet would run as a formula begins with an apostrophe (not in Parquet and JSON-LD)",
        "",
    ]
    files.text("README.md").write("\n".join(lines))
