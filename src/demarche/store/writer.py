"""The one writer of a record: commits batches, then publishes a serving file."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType

import duckdb
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from demarche.errors import ConfigError
from demarche.records import SCHEMA, CodedDocument, Rejection, Run, to_json
from demarche.store.assemble import DECISIONS, WAITING, Committed, Packed, pack, tabulate
from demarche.store.files import locked, replace_file, store_errors, write_file
from demarche.store.freeze import read_frozen
from demarche.store.manifest import (
    Commit,
    Manifest,
    Part,
    check_form,
    damaged_part,
    found_record,
    made_commit,
    read_commits,
    read_manifest,
    read_part,
    write_commit,
    write_manifest,
    write_part,
)
from demarche.store.migrations import migrate_record
from demarche.store.schema import BASE, TABLES
from demarche.store.serving import BUILDING, SERVING, Derive, Derived, build_serving, content_hashes

__all__ = ["RecordWriter"]


class RecordWriter:
    """Opens (or founds) a record for writing; one at a time, held by a lock. A context manager.

    What `commit` has returned from is in the record for good; readers see it after `publish`.

    Raises:
        StoreError: E505 another writer, E502 newer schema, E503 no permission, E512 a foreign folder.
    """

    def __init__(self, folder: Path, *, version: str) -> None:
        self.folder = folder
        self._version = version
        self._stack = ExitStack()

    def __enter__(self) -> RecordWriter:
        with store_errors(self.folder):
            if (self.folder / "demarche.json").exists():
                self._enter_known()
            else:
                found_record(self.folder)
                self._stack.enter_context(locked(self.folder / "writer.lock"))
            self._sweep()
        return self

    def _enter_known(self) -> None:
        """Lock a record that is there, and bring it to this schema."""
        if read_frozen(self.folder) is not None:
            advice = "it is cited by its hash: copy its folder without FROZEN.json to go on"
            raise ConfigError("E516", "the record is frozen", where=str(self.folder), remedy=advice)
        self._stack.enter_context(locked(self.folder / "writer.lock"))
        try:
            migrate_record(self.folder)
            check_form(self.folder)
        except BaseException:
            self._stack.close()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _sweep(self) -> None:
        """Remove what a killed writer left half written: nothing refers to it."""
        for pattern in (".*.tmp", "parts/*/.*.tmp", "commits/.*.tmp"):
            for path in self.folder.glob(pattern):
                path.unlink(missing_ok=True)
        self._sweep_building()

    def _sweep_building(self) -> None:
        for path in self.folder.glob(f"{BUILDING}*"):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)

    def coded_ids(self) -> set[str]:
        """Ids of every committed document: what a resumed run leaves out, but for those that could not be coded."""
        committed = self.committed()
        return (committed.ids("documents") | committed.ids(WAITING)) - committed.failed()

    def committed(self) -> Committed:
        """What is committed by now."""
        return Committed(self.folder, read_commits(self.folder))

    def commit(
        self,
        coded: Sequence[CodedDocument | Packed],
        rejected: Sequence[Rejection] = (),
        runs: Sequence[Run] = (),
        waiting: Sequence[Packed] = (),
    ) -> Commit | None:
        """Add a batch: all of it or nothing. None when it is empty.

        Args:
            waiting: articles that are kept as they were read (`pack_article`): a copy needs no coding.

        Raises:
            StoreError: E503, E504 (disk full): the record is as it was before.
        """
        packed = [one if isinstance(one, Packed) else pack(one) for one in coded]
        tables = tabulate(packed, rejected, runs, waiting)
        if not tables:
            return None
        with store_errors(self.folder):
            parts = [write_part(self.folder, name, table) for name, table in tables.items()]
            return write_commit(self.folder, parts, self._version)

    def take(self, other: Path) -> int:
        """Add every batch of another record; documents that are here already count once. Returns the batches added.

        The decisions of its user (`decisions.toml`) are added to those of this record.

        Raises:
            StoreError: E506 when a part of the other record is not what its hash says; what was added before stays.
        """
        check_form(other)
        here = {commit.id for commit in read_commits(self.folder)}
        added = [commit for commit in read_commits(other) if commit.id not in here]
        with store_errors(self.folder):
            for commit in added:
                for part in commit.parts:
                    _copy_part(part, other, self.folder)
                write_commit(self.folder, commit.parts, commit.version)
            self._take_decisions(other / DECISIONS)
        return len(added)

    def _take_decisions(self, path: Path) -> None:
        """Add what the user of another record decided on happenings, unless it stands here already."""
        said = path.read_text("utf-8").strip() if path.exists() else ""
        here = self.folder / DECISIONS
        known = here.read_text("utf-8").strip() if here.exists() else ""
        if said and said not in known:
            write_file(here, f"{known}\n\n{said}\n".lstrip().encode())

    def compact(self, *, documents: int = 1000) -> tuple[int, int]:
        """Join the parts of small batches, up to `documents` in one; what the record says does not change.

        Returns the number of parts before and after. Publish afterwards: the serving file is named after the parts.

        Raises:
            StoreError: E504, E506: the record is as it was before.
        """
        with store_errors(self.folder):
            before = read_commits(self.folder)
            after: list[Commit] = []
            for group in _groups(before, documents):
                after.append(group[0] if len(group) == 1 else self._join(group))
            manifest = read_manifest(self.folder)
            write_manifest(self.folder, replace(manifest, commits=tuple(sorted(after, key=lambda c: c.id))))
            for path in (self.folder / "commits").glob("*.json"):
                path.unlink(missing_ok=True)
            self._drop_orphans(after)
        return _parts(before), _parts(after)

    def _join(self, group: Sequence[Commit]) -> Commit:
        """One commit of several. A document that stands in two of them (after a merge, or a compaction that was killed
        before it had dropped what it joined) is taken from the first, as it is when a record is published."""
        seen: set[str] = set()
        again: list[pa.Array] = []
        for commit in group:
            ids = [i for p in commit.parts if p.table == "documents" for i in self._column(p, "id")]
            again.append(pa.array([identifier for identifier in ids if identifier in seen], pa.string()))
            seen.update(ids)
        parts = []
        for name in (*TABLES, WAITING):
            key = "document" if name in TABLES and TABLES[name].keyed else "id"
            found = []
            for commit, repeated in zip(group, again, strict=True):
                for part in commit.parts:
                    if part.table == name:
                        rows = read_part(self.folder, part)
                        if name in BASE and len(repeated):
                            rows = rows.filter(pc.invert(pc.is_in(rows.column(key), value_set=repeated)))
                        found.append(rows)
            if found:
                parts.append(write_part(self.folder, name, pa.concat_tables(found)))
        return made_commit(parts, group[-1].version)

    def _column(self, part: Part, name: str) -> list[str]:
        values: list[str] = read_part(self.folder, part, columns=[name]).column(name).to_pylist()
        return values

    def _drop_orphans(self, commits: Sequence[Commit]) -> None:
        """Remove parts that no commit refers to: left by a compaction, or by a batch that was killed."""
        kept = {part.path(self.folder) for commit in commits for part in commit.parts}
        for path in self.folder.glob("parts/*/*.parquet"):
            if path not in kept:
                path.unlink(missing_ok=True)

    def publish(self, derive: Derive | None = None, *, derivation: str = "") -> Manifest:
        """Rebuild the derived tables, build the serving file and point readers to it.

        Args:
            derivation: version of what `derive` does; when nothing changed since the last publishing, nothing is done.
        """
        with store_errors(self.folder):
            commits = read_commits(self.folder)
            committed = Committed(self.folder, commits)
            name = f"serving-{_state(commits, derivation + committed.decisions())}.duckdb"
            before = read_manifest(self.folder)
            if before.serving == name and (self.folder / name).exists():
                write_manifest(self.folder, before)
                self._point(name)
                return before
            derived = derive(committed) if derive else Derived()
            manifest = self._build(name, commits, derived)
            write_manifest(self.folder, manifest)
            self._point(name)
        return manifest

    def _point(self, name: str) -> None:
        if _pointed(self.folder) != name:
            write_file(self.folder / "CURRENT", f"{name}\n".encode())
        self._drop_old(name)

    def _build(self, name: str, commits: tuple[Commit, ...], derived: Derived) -> Manifest:
        building = self.folder / f"{BUILDING}{os.getpid()}.duckdb"
        building.unlink(missing_ok=True)
        try:
            build_serving(building, self.folder, commits, derived)
            with duckdb.connect(str(building), read_only=True) as connection:
                content, record = content_hashes(connection)
            with building.open("rb") as file:
                os.fsync(file.fileno())
            replace_file(building, self.folder / name)
        finally:
            self._sweep_building()
        return Manifest(schema=SCHEMA, commits=commits, serving=name, content=content, record=record)

    def _drop_old(self, name: str) -> None:
        """Readers that hold an old serving file open keep it until they close it."""
        for path in self.folder.glob("serving-*.duckdb"):
            if path.name != name:
                try:
                    path.unlink(missing_ok=True)
                except PermissionError:  # Windows: still open somewhere; the next publishing tries again
                    continue


def _parts(commits: Sequence[Commit]) -> int:
    return sum(len(commit.parts) for commit in commits)


def _groups(commits: Sequence[Commit], documents: int) -> Iterator[list[Commit]]:
    """Commits that one can hold, in the order of their ids."""
    group: list[Commit] = []
    size = 0
    for commit in commits:
        rows = sum(part.rows for part in commit.parts if part.table == "documents")
        if group and size + rows > documents:
            yield group
            group, size = [], 0
        group.append(commit)
        size += rows
    if group:
        yield group


def _copy_part(part: Part, source: Path, target: Path) -> None:
    if part.path(target).exists():
        return
    try:
        data = part.path(source).read_bytes()
    except FileNotFoundError as error:
        raise damaged_part(part.path(source)) from error
    if hashlib.sha256(data).hexdigest() != part.sha256:
        raise damaged_part(part.path(source))
    write_file(part.path(target), data)


def _pointed(folder: Path) -> str | None:
    pointer = folder / "CURRENT"
    return pointer.read_text("utf-8").strip() if pointer.exists() else None


def _state(commits: Sequence[Commit], derivation: str) -> str:
    """A name for this set of parts under this derivation."""
    digest = hashlib.sha256(f"{SCHEMA}:{SERVING}:{derivation}".encode())
    for part in sorted({(p.table, p.sha256) for commit in commits for p in commit.parts}):
        digest.update(orjson.dumps(to_json(part)))
    return digest.hexdigest()[:16]
