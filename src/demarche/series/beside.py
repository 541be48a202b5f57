"""Series of other coders beside a record: files of ICEWS, GDELT and POLECAT, normalised, marked as unverifiable.

They are kept in `RECORD/beside/NAME.parquet` and are no part of the record: no hash covers them, no count of the record
holds them, and no sentence stands behind their numbers.
"""

from __future__ import annotations

import datetime
import functools
import gzip
import hashlib
import io
import os
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from demarche.errors import ConfigError, InputError, StoreError
from demarche.records import EventType, Quad, from_json, to_json
from demarche.resources import read_toml
from demarche.series.calendar import bin_start, bins_of
from demarche.series.counts import Bin, Series, SeriesQuery
from demarche.series.parties import Group, find_party, sql_party, state_names
from demarche.store import Record

__all__ = ["Beside", "count_beside", "import_series", "list_beside"]

FORMS = ("polecat", "icews", "gdelt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What was imported. sha256: of the files' bytes, in order. refused: lines that could not be read, by reason."""

    name: str
    form: str
    files: tuple[str, ...]
    sha256: str
    rows: int
    refused: tuple[tuple[str, int], ...]
    first: str | None
    last: str | None


SCHEMA = pa.schema(
    [
        ("first", pa.date32()), ("source", pa.string()), ("target", pa.string()), ("source_name", pa.string()),
        ("target_name", pa.string()), ("type", pa.string()), ("cameo", pa.string()), ("quad", pa.string()),
        ("goldstein", pa.float64()), ("intensity", pa.float64()), ("publisher", pa.string()), ("id", pa.string()),
    ]
)  # fmt: skip


def import_series(record: Record, files: Iterable[Path], name: str, *, form: str | None = None) -> Beside:
    """Read files of one coder into `RECORD/beside/NAME.parquet`; an earlier import of that name is replaced.

    Args:
        form: polecat, icews or gdelt (1.0 and 2.0 events); None: told from the first line.
    Raises:
        ConfigError: E611 a name that is no plain word, E612 a form that is not known.
        InputError: E101 no file, E613 not a line could be read.
        StoreError: E503, E504.
    """
    import pyarrow.parquet as pq

    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,40}", name):
        raise ConfigError("E611", f"{name!r} cannot name a series", remedy="small letters, digits, - and _")
    files = tuple(files)
    folder = record.folder / "beside"
    temporary = folder / f".{name}.{os.getpid()}.tmp"
    refused: Counter[str] = Counter()
    digest = hashlib.sha256()
    rows = 0
    days: list[datetime.date] = []
    found_form = form
    try:
        folder.mkdir(exist_ok=True)
        with pq.ParquetWriter(temporary, SCHEMA, compression="zstd") as writer:
            for path in files:
                digest.update(_hash(path))
                lines = _lines(path)
                first = next(lines, "")
                this = form or _form_of(first, path)
                found_form = found_form or this
                for batch in _batches(_rows(this, first, lines, refused)):
                    writer.write_table(batch)
                    rows += batch.num_rows
                    span = batch.column("first").combine_chunks()
                    days += [pc.min(span).as_py(), pc.max(span).as_py()]
        if not rows:
            why = "; ".join(f"{reason} ({count} lines)" for reason, count in refused.most_common(2)) or "it is empty"
            raise InputError("E613", f"nothing could be read: {why}", where=", ".join(map(str, files)),
                             remedy="give --form polecat, icews or gdelt")  # fmt: skip
        told = Beside(name=name, form=found_form or "", files=tuple(path.name for path in files), rows=rows,
                      sha256=digest.hexdigest(), refused=tuple(sorted(refused.items())), first=min(days).isoformat(),
                      last=max(days).isoformat())  # fmt: skip
        os.replace(temporary, folder / f"{name}.parquet")
        (folder / f"{name}.json").write_bytes(orjson.dumps(to_json(told), option=orjson.OPT_INDENT_2) + b"\n")
    except OSError as error:
        full = error.errno in {28, 122}
        what = "the disk is full" if full else f"cannot write here: {error.strerror or error}"
        raise StoreError("E504" if full else "E503", what, where=str(folder)) from error
    finally:
        temporary.unlink(missing_ok=True)
    return told


def list_beside(record: Record) -> tuple[Beside, ...]:
    """Every import of a record, by name."""
    found = []
    for path in sorted((record.folder / "beside").glob("*.json")):
        try:
            found.append(from_json(Beside, orjson.loads(path.read_bytes()), where=str(path)))
        except (orjson.JSONDecodeError, InputError) as error:
            raise StoreError("E506", "the note on an import is damaged", where=str(path),
                             remedy="import the files again") from error  # fmt: skip
    return tuple(found)


def count_beside(record: Record, name: str, query: SeriesQuery, groups: Mapping[str, Group] | None = None) -> Series:
    """Count an import as `count_series` counts the record; status, standing and sectors have no meaning there.

    A bin in which the file has no event of anybody is a gap. `read` is that number of events, `articles` is 0.

    Raises:
        ConfigError: E614 no import of that name; E601 to E606 as `count_series`.
    """
    import duckdb

    told = next((one for one in list_beside(record) if one.name == name), None)
    if told is None or told.first is None or told.last is None:
        known = ", ".join(one.name for one in list_beside(record)) or "none yet: `demarche import`"
        raise ConfigError("E614", f"no series {name!r} stands beside this record", remedy=f"there are: {known}")
    source = find_party(record, query.source, groups) if query.source else None
    target = find_party(record, query.target, groups) if query.target else None
    since = query.since or datetime.date.fromisoformat(told.first)
    until = query.until or datetime.date.fromisoformat(told.last)
    if since > until:
        raise ConfigError("E602", f"the range ends ({until}) before it begins ({since})", remedy="swap the dates")
    ways = [(source, target)] if query.directed else [(source, target), (target, source)]
    clauses, params = [], list[Any]()
    for doer, receiver in ways:
        for party, end in ((doer, "source"), (receiver, "target")):
            if party is not None and party.actor is not None:
                raise ConfigError("E615", f"{party.name} is no state: {name} is normalised to states only",
                                  remedy="ask for states or groups of them")  # fmt: skip
            clause, more = sql_party(party, end)
            clauses.append(clause)
            params += more
    asked = " OR ".join(f"({one} AND {two})" for one, two in zip(clauses[::2], clauses[1::2], strict=True))
    for column, values in (("type", query.types), ("quad", query.quads)):
        if values:
            asked = f"({asked}) AND {column} IN ({', '.join('?' * len(values))})"
            params += [str(value) for value in values]
    path = str(record.folder / "beside" / f"{name}.parquet")
    with duckdb.connect(":memory:") as connection:
        rows = connection.execute(
            f"SELECT first, quad, type, intensity, goldstein FROM read_parquet(?) WHERE ({asked})"
            " AND first BETWEEN ? AND ?", [path, *params, since, until],
        ).fetchall()  # fmt: skip
        covered = connection.execute(
            "SELECT first, count(*) FROM read_parquet(?) WHERE first BETWEEN ? AND ? GROUP BY first",
            [path, since, until],
        ).fetchall()
    return _series(query, source, target, since, until, rows, covered, told)


def _series(
    query: SeriesQuery, source: Any, target: Any, since: datetime.date, until: datetime.date,
    rows: list[tuple[Any, ...]], covered: list[tuple[Any, ...]], told: Beside,
) -> Series:  # fmt: skip
    by_bin: dict[datetime.date, list[tuple[Any, ...]]] = defaultdict(list)
    read: Counter[datetime.date] = Counter()
    for row in rows:
        by_bin[bin_start(row[0], query.by)].append(row)
    for day, count in covered:
        read[bin_start(day, query.by)] += count
    bins = []
    for start, end in bins_of(since, until, query.by):
        here = by_bin.get(start, [])
        scores = [[row[column] for row in here if row[column] is not None] for column in (3, 4)]
        means = [sum(values) / len(values) if values else None for values in scores]
        bins.append(
            Bin(
                start=start,
                end=end,
                read=read[start],
                articles=0,
                days_read=0,
                events=len(here),
                quads={Quad(k): n for k, n in Counter(row[1] for row in here if row[1]).items()},
                types={EventType(k): n for k, n in Counter(row[2] for row in here if row[2]).items()},
                intensity=means[0],
                goldstein=means[1],
            )
        )
    rules = f"{told.name}: rows of {', '.join(told.files)} as they are ({told.form}); unverifiable, no sentence behind"
    return Series(query=query, source=source, target=target, since=since, until=until, bins=tuple(bins), undated=0,
                  rules=rules)  # fmt: skip


# --- reading ----------------------------------------------------------------------------------------------------------


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as file:
                yield file
        elif path.suffix == ".gz":
            with gzip.open(path) as file:
                yield file  # type: ignore[misc]
        else:
            with path.open("rb") as file:
                yield file
    except FileNotFoundError as error:
        raise InputError("E101", "no such file", where=str(path), remedy="check the path") from error
    except (zipfile.BadZipFile, EOFError, gzip.BadGzipFile, IndexError) as error:
        raise InputError("E114", f"the archive cannot be read: {error}", where=str(path)) from error


def _hash(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except FileNotFoundError as error:
        raise InputError("E101", "no such file", where=str(path), remedy="check the path") from error


def _lines(path: Path) -> Iterator[str]:
    """Lines of a file whose encoding changes from line to line, as POLECAT's does: UTF-8, else Latin-1."""
    with _opened(path) as file:
        for line in io.BufferedReader(file) if not isinstance(file, io.BufferedReader) else file:  # type: ignore[type-var]
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError:
                text = line.decode("latin-1")
            yield text.rstrip("\r\n")


def _form_of(line: str, path: Path) -> str:
    names = line.lstrip("\ufeff").split("\t")
    if "Actor Country" in names and "Event Type" in names:
        return "polecat"
    if "Source Name" in names and "Event Date" in names:
        return "icews"
    if len(names) in (57, 58, 61) and names[0].isdigit():
        return "gdelt"
    raise ConfigError("E612", "this is no file of POLECAT, ICEWS or GDELT events", where=str(path),
                      remedy="give --form polecat, icews or gdelt")  # fmt: skip


class _BadLineError(Exception):
    """Why a line cannot be read."""


def _rows(form: str, first: str, rest: Iterator[str], refused: Counter[str]) -> Iterator[dict[str, Any]]:
    if form == "gdelt":
        read: Callable[[list[str]], Iterator[dict[str, Any]]] = _gdelt_row
        lines: Iterator[str] = chain((first,), rest)
    else:
        columns = {name.strip(): at for at, name in enumerate(first.lstrip("\ufeff").split("\t"))}
        kind = _polecat_row if form == "polecat" else _icews_row

        def read(cells: list[str]) -> Iterator[dict[str, Any]]:
            return kind(columns, cells)

        lines = rest
    for line in lines:
        if not line.strip():
            continue
        try:
            yield from read(line.split("\t"))
        except _BadLineError as error:
            refused[str(error)] += 1


def _batches(rows: Iterator[dict[str, Any]], size: int = 50_000) -> Iterator[pa.Table]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield pa.Table.from_pylist(batch, SCHEMA)
            batch = []
    if batch:
        yield pa.Table.from_pylist(batch, SCHEMA)


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text.strip()[:10] if "-" in text else text.strip()[:8])
    except ValueError:
        raise _BadLineError("no date") from None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _cell(columns: Mapping[str, int], cells: list[str], *names: str) -> str:
    """The value under one of these names; "" where it is missing or says None."""
    for name in names:
        at = columns.get(name)
        if at is not None:
            if at >= len(cells):
                raise _BadLineError("too few columns")
            text = cells[at].strip()
            return "" if text in ("None", "NULL") else text
    raise _BadLineError(f"no column {names[0]}")


@functools.cache
def _codes() -> dict[str, str]:
    """ISO code by lower-case name of a country."""
    return {name.casefold(): code for code, names in state_names().items() for name in names}


_OTHERS = {"occupied palestinian territory": "PSE", "russian federation": "RUS", "viet nam": "VNM", "burma": "MMR"}
_CAMEO_COUNTRIES = {"ROM": "ROU", "ZAR": "COD", "TMP": "TLS", "GZS": "PSE", "WSB": "PSE", "YUG": "SRB", "KSV": "XKX"}


def _by_name(name: str) -> str | None:
    return _codes().get(name.casefold()) or _OTHERS.get(name.casefold())


def _by_code(code: str) -> str | None:
    code = _CAMEO_COUNTRIES.get(code, code)
    return code if code in state_names() else None


_ROOTS = {
    **dict.fromkeys(range(1, 6), Quad.VERBAL_COOPERATION),
    **dict.fromkeys(range(6, 9), Quad.MATERIAL_COOPERATION),
    **dict.fromkeys(range(9, 14), Quad.VERBAL_CONFLICT),
    **dict.fromkeys(range(14, 21), Quad.MATERIAL_CONFLICT),
}


def _coded(cameo: str) -> dict[str, Any]:
    """Quad and PLOVER type of a CAMEO code; the quad is CAMEO's (appeals are verbal cooperation there)."""
    if not re.fullmatch(r"\d{2,4}\w?", cameo) or not 1 <= int(cameo[:2]) <= 20:
        raise _BadLineError("no CAMEO code")
    types = read_toml("codebooks/cameo.toml")["plover"]
    kind = next((types[code] for code in (cameo, cameo[:3], cameo[:2]) if code in types), None)
    return {"cameo": cameo, "quad": str(_ROOTS[int(cameo[:2])]), "type": kind}


def _icews_row(columns: Mapping[str, int], cells: list[str]) -> Iterator[dict[str, Any]]:
    yield {
        "first": _day(_cell(columns, cells, "Event Date")),
        "source": _by_name(_cell(columns, cells, "Source Country")),
        "target": _by_name(_cell(columns, cells, "Target Country")),
        "source_name": _cell(columns, cells, "Source Name") or None,
        "target_name": _cell(columns, cells, "Target Name") or None,
        **_coded(_cell(columns, cells, "CAMEO Code").zfill(2)),
        "goldstein": _number(_cell(columns, cells, "Intensity")),
        "publisher": _cell(columns, cells, "Publisher") or None,
        "id": _cell(columns, cells, "Event ID"),
    }


def _gdelt_row(cells: list[str]) -> Iterator[dict[str, Any]]:
    if len(cells) not in (57, 58, 61):
        raise _BadLineError("not 57, 58 or 61 columns")
    yield {
        "first": _day(cells[1]), "source": _by_code(cells[7]), "target": _by_code(cells[17]),
        "source_name": cells[6] or None, "target_name": cells[16] or None, **_coded(cells[26]),
        "goldstein": _number(cells[30]), "id": cells[0],
    }  # fmt: skip


def _polecat_row(columns: Mapping[str, int], cells: list[str]) -> Iterator[dict[str, Any]]:
    """PLOVER lists actors: a row a pair of countries."""
    kind = _cell(columns, cells, "Event Type").upper()
    if kind not in EventType.__members__:
        raise _BadLineError("no PLOVER type")
    quad = read_toml("codebooks/plover.toml")["type"][kind]["quad"]
    row = {
        "first": _day(_cell(columns, cells, "Event Date")), "type": kind, "quad": quad,
        "intensity": _number(_cell(columns, cells, "Intensity", "Event Intensity")),
        "source_name": _cell(columns, cells, "Actor Name") or None,
        "target_name": _cell(columns, cells, "Recipient Name") or None,
        "publisher": _cell(columns, cells, "Source") or None, "id": _cell(columns, cells, "Event ID"),
    }  # fmt: skip
    sides = [
        [_by_code(code) for part in _cell(columns, cells, name).split(";") if (code := part.strip())] or [None]
        for name in ("Actor Country", "Recipient Country")
    ]
    for source in dict.fromkeys(sides[0]):
        for target in dict.fromkeys(sides[1]):
            yield {**row, "source": source, "target": target}
