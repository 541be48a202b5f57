"""What a record consists of: parts, the commits that list them, and the manifest that folds the commits.

demarche.json          form and schema version, written once
parts/<table>/<sha256>.parquet
commits/<id>.json      one a batch, until the next publishing folds it into the manifest
manifest.json          all parts with their hashes, the hash of what the tables say, the serving file
CURRENT                name of the serving file
serving-<id>.duckdb
writer.lock
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from demarche.errors import InputError, StoreError
from demarche.records import SCHEMA, from_json, to_json
from demarche.store.files import hash_file, write_file

__all__ = ["Commit", "Manifest", "Part", "check_form", "check_parts", "damaged_part", "found_record", "made_commit",
           "read_commits", "read_manifest", "read_part", "write_commit", "write_manifest", "write_part"]  # fmt: skip

FORM = "demarche-record"

_IDS = frozenset({"id", "ref", "sentence", "attribution", "from", "to", "place", "time"})
"""Columns of ids that differ from row to row but share their beginning: written as differences, which with the two
switches below takes a third off a part (measured on 65 articles: 417 kB to 271 kB in one part a table). Numbers
(offsets above all) are written byte by byte, which takes 40 % off parts of sentences and 19 % off those of mentions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One Parquet file. Its name in `parts/<table>/` is the SHA-256 of its bytes."""

    table: str
    sha256: str
    rows: int
    bytes: int

    def path(self, folder: Path) -> Path:
        return folder / "parts" / self.table / f"{self.sha256}.parquet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A batch: its parts hold whole documents. version: of demarche that coded it."""

    id: str
    version: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The published state. content: table → hash of its rows in any order; record: hash over those but `runs`."""

    schema: int
    commits: tuple[Commit, ...]
    serving: str | None
    content: tuple[tuple[str, int, str], ...]
    record: str | None


def found_record(folder: Path) -> None:
    """Make `folder` a record, or see that it is one of a form that this version can write.

    Raises:
        StoreError: E512 when the folder holds something else, E502 when it is of a newer schema.
    """
    mark = folder / "demarche.json"
    if mark.exists():
        check_form(folder)
        return
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        advice = "choose a new folder for the record"
        raise StoreError("E512", "there is something here that is no record", where=str(folder), remedy=advice)
    folder.mkdir(parents=True, exist_ok=True)
    write_file(mark, orjson.dumps({"form": FORM, "schema": SCHEMA}) + b"\n")


def check_form(folder: Path) -> None:
    """See that `folder` is a record of this schema.

    Raises:
        StoreError: E501 no record, E502 newer schema, E514 older schema.
    """
    mark = folder / "demarche.json"
    try:
        form = orjson.loads(mark.read_bytes())
        schema = int(form["schema"]) if form["form"] == FORM else None
    except (FileNotFoundError, NotADirectoryError) as error:
        advice = "`demarche code PATH… -o RECORD` makes one"
        raise StoreError("E501", "there is no record here", where=str(folder), remedy=advice) from error
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise StoreError("E506", "the record's mark is damaged", where=str(mark)) from error
    if schema is None:
        raise StoreError("E501", "this is no record of demarche", where=str(mark))
    if schema > SCHEMA:
        what = f"the record has schema {schema}, this version of demarche knows up to {SCHEMA}"
        raise StoreError("E502", what, where=str(folder), remedy="install a newer demarche")
    if schema < SCHEMA:
        what = f"the record has schema {schema}, older than {SCHEMA}"
        raise StoreError("E514", what, where=str(folder), remedy="`demarche compact` brings it to this schema")


def write_part(folder: Path, name: str, table: pa.Table) -> Part:
    """Write one immutable Parquet file under its own hash (zstd); an equal part is not written twice."""
    columns = [(f.name, *_leaf(f)) for f in table.schema]
    ids = [path for name, path, kind in columns if name in _IDS and pa.types.is_string(kind)]
    numbers = [path for _, path, kind in columns if pa.types.is_integer(kind)]
    sink = pa.BufferOutputStream()
    pq.write_table(
        table,
        sink,
        compression="zstd",
        compression_level=9,
        use_dictionary=[path for _, path, _ in columns if path not in ids and path not in numbers],
        column_encoding=dict.fromkeys(ids, "DELTA_BYTE_ARRAY") | dict.fromkeys(numbers, "BYTE_STREAM_SPLIT"),
        write_statistics=False,
        store_schema=False,
    )
    data = sink.getvalue()
    part = Part(table=name, sha256=hashlib.sha256(memoryview(data)).hexdigest(), rows=table.num_rows, bytes=len(data))
    if not part.path(folder).exists():
        write_file(part.path(folder), memoryview(data))
    return part


def _leaf(field: pa.Field) -> tuple[str, pa.DataType]:
    """Path, as Parquet has it, and type of the values of a column of scalars or (nested) lists."""
    path, kind = field.name, field.type
    while pa.types.is_list(kind):
        path, kind = f"{path}.list.element", kind.value_type
    return path, kind


def read_part(folder: Path, part: Part, *, columns: list[str] | None = None) -> pa.Table:
    """Read a part.

    Raises:
        StoreError: E506 when it is missing, truncated or not what the manifest says.
    """
    path = part.path(folder)
    try:
        table = pq.read_table(path, columns=columns)
    except (OSError, pa.ArrowInvalid) as error:
        raise damaged_part(path) from error
    if table.num_rows != part.rows:
        raise damaged_part(path)
    return table


def damaged_part(path: Path) -> StoreError:
    """The error for a part that is missing or not what it was."""
    advice = "restore it from a copy, or code the articles into a new record"
    return StoreError("E506", "a part is missing or damaged", where=str(path), remedy=advice)


def made_commit(parts: Iterable[Part], version: str) -> Commit:
    """The commit of these parts: its id is a hash over theirs."""
    ordered = tuple(sorted(parts, key=lambda part: (part.table, part.sha256)))
    name = hashlib.sha256("".join(f"{p.table}:{p.sha256};" for p in ordered).encode()).hexdigest()[:32]
    return Commit(id=name, version=version, parts=ordered)


def write_commit(folder: Path, parts: Iterable[Part], version: str) -> Commit:
    """Make a batch part of the record: from this rename on it is there, whatever happens."""
    commit = made_commit(parts, version)
    write_file(folder / "commits" / f"{commit.id}.json", orjson.dumps(to_json(commit)) + b"\n")
    return commit


def _load(path: Path, kind: type[Any]) -> Any:
    try:
        return from_json(kind, orjson.loads(path.read_bytes()), where=str(path))
    except (orjson.JSONDecodeError, InputError) as error:
        raise StoreError("E506", "a list of parts is damaged", where=str(path)) from error


def read_manifest(folder: Path) -> Manifest:
    """The published state; without commits when nothing was published yet."""
    path = folder / "manifest.json"
    if not path.exists():
        return Manifest(schema=SCHEMA, commits=(), serving=None, content=(), record=None)
    manifest: Manifest = _load(path, Manifest)
    return manifest


def read_commits(folder: Path) -> tuple[Commit, ...]:
    """All commits, folded or not, each once, by id. A commit may be in both places after a crash."""
    found = {commit.id: commit for commit in read_manifest(folder).commits}
    for path in (folder / "commits").glob("*.json"):
        commit: Commit = _load(path, Commit)
        found[commit.id] = commit
    return tuple(found[name] for name in sorted(found))


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Publish the list of parts, then drop the commits that are folded into it."""
    write_file(folder / "manifest.json", orjson.dumps(to_json(manifest), option=orjson.OPT_INDENT_2) + b"\n")
    for commit in manifest.commits:
        (folder / "commits" / f"{commit.id}.json").unlink(missing_ok=True)


def check_parts(folder: Path) -> list[str]:
    """What is wrong with the parts' bytes: one line each, empty when every part is what its hash says."""
    wrong = []
    for commit in read_commits(folder):
        for part in commit.parts:
            path = part.path(folder)
            if not path.exists():
                wrong.append(f"part missing: {path}")
            elif hash_file(path) != part.sha256:
                wrong.append(f"part changed: {path}")
    return wrong
