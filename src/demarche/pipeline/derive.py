"""The tables over documents: copies, events, claims and what was threatened, promised and expected.

Two rounds on an engine. First slices of the record: each gives the tellings and notes of its documents, sorted, and the
rows of its copies. Then one task for each type of event and one for the statements: each merges what all slices gave
for it. Everything between travels in files, in a folder that only the publishing process's user can read.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from demarche import __version__
from demarche.errors import TransientError
from demarche.pipeline.copies import Copies, Plan, Shelf
from demarche.pipeline.engine import Engine, InlineEngine, Resting, Task, Work
from demarche.pipeline.retell import retell, told_by
from demarche.pipeline.sorting import merge_runs, write_run
from demarche.records import CodedDocument, EventType, Standing
from demarche.store import BUILDING, Committed, Derived, Packed, Spool, pack, write_rows

if TYPE_CHECKING:
    from demarche.coding import Note
    from demarche.dedup import Decisions, Telling

__all__ = ["derivation", "derive_tables"]

SLICES = 64
"""Slices of a record at most: so many files are open at once while they are merged."""
TELLINGS = 50_000
"""Tellings kept in memory while those of a slice are gathered: about 120 MB."""
RETOLD = 1_000
"""Copies whose rows are written at once: bounds memory."""

DERIVATION = 8
"""Counts up with every change of what this file, `dedup` or `coding` derives."""

Again = tuple[tuple[str, str | None], ...]
"""A row in copies of its document, each with the copy's day of publication."""


def derive_tables(committed: Committed, *, copies: Copies | None = None, engine: Engine | None = None) -> Derived:
    """Build every derived table anew from what is committed; the order of the documents changes nothing.

    Args:
        copies: fingerprints that were made before, so that they are not made again. They are forgotten as soon as the
            sets are known: what follows needs the memory.
        engine: what does it; None: this process.
    """
    from demarche.dedup import read_decisions

    copies = copies or Copies()
    plan = Plan.of(committed, copies)
    copies.forget()
    told = plan.told
    sets = _sets(plan)
    decisions = read_decisions(committed.decisions(), where="decisions.toml")
    scratch = Path(tempfile.mkdtemp(prefix=f"{BUILDING}derived-", dir=committed.folder))
    try:
        clusters = _written(plan, scratch / "clusters.parquet")
        del plan
        with _ready(engine) as ready:
            slices = list(_done(ready, SliceWork(scratch=scratch), _slices(committed, told, scratch)))
            merging = MergeWork(scratch=scratch, sets=sets, decisions=decisions)
            merged = list(_done(ready, merging, _merges(slices)))
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    retold: dict[str, list[Path]] = defaultdict(list)
    for one in slices:
        for name, path in one.retold:
            retold[name].append(path)
    tables: dict[str, tuple[Path, ...]] = {
        name: tuple(path for one in merged for table, path in one.tables if table == name) for name in MERGED
    }
    return Derived(
        clusters=clusters,
        standings={row: Standing.DISPUTED for one in merged for row in one.disputed},
        retold=retold,
        replaced=frozenset(told),
        **tables,
    )


MERGED = ("events", "event_assertions", "claims", "stances", "threats", "commitments", "forecasts")
STATEMENTS = MERGED[2:]


@contextmanager
def _ready(engine: Engine | None) -> Iterator[Engine]:
    """The engine; processes that wait end afterwards, since what follows needs their memory."""
    try:
        yield engine or InlineEngine()
    finally:
        if isinstance(engine, Resting):
            engine.rest()


def _done(engine: Engine, work: Work, items: Iterable[Any]) -> Iterator[Any]:
    tasks = (Task(number=number, items=(item,)) for number, item in enumerate(items))
    return (result for done in engine.map(work, tasks) for result in done.results)


def _sets(plan: Plan) -> dict[str, str]:
    """Document → its set of copies, for those that have any."""
    copied = {row.id for row in plan.clusters if row.document != row.representative}
    return {
        row.document: row.id for row in plan.clusters if row.representative not in plan.missing and row.id in copied
    }


def _written(plan: Plan, path: Path) -> tuple[Path]:
    """The sets of copies that somebody stands for, in a file: they are needed last."""
    spool = Spool("clusters")
    for row in plan.clusters:
        if row.representative not in plan.missing:
            spool.extend([row])
    spool.write(path)
    return (path,)


class _Patient:
    """Work without a time limit, whose loss ends the publishing: a table must not lack rows."""

    patient = True

    def prepare(self) -> None:
        """Nothing is loaded."""

    def reject(self, item: Any, code: str, reason: str) -> Any:
        """
        Raises:
            TransientError: E714.
        """
        advice = "free some memory; `demarche compact` publishes what was coded"
        raise TransientError("E714", f"the tables over documents could not be built: {reason}", remedy=advice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Some commits of a record. left_out: documents that others tell or that an earlier commit holds.

    copies: document → the packed articles that it tells.
    """

    number: int
    committed: Committed
    left_out: frozenset[str]
    copies: Mapping[str, Sequence[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sliced:
    """Files of a slice. runs: (type of event, or None for notes; file). retold: (table, file)."""

    runs: tuple[tuple[EventType | None, Path], ...]
    retold: tuple[tuple[str, Path], ...]


def _slices(committed: Committed, told: Mapping[str, str], scratch: Path) -> Iterator[Slice]:
    """The record in slices, each with the copies that its documents tell."""
    shelf = Shelf(scratch)
    for name, data in chain(committed.packed_articles(of=told), committed.packed_waiting(of=told)):
        shelf.put(name, data, told[name])
    seen: set[str] = set()
    size = -(-len(committed.commits) // SLICES) or 1
    for number, start in enumerate(range(0, len(committed.commits), size)):
        part = replace(committed, commits=committed.commits[start : start + size])
        ids = part.ids("documents")
        yield Slice(
            number=number,
            committed=part,
            left_out=frozenset(name for name in ids if name in told or name in seen),
            copies={name: found for name in ids if name not in seen and (found := shelf.of(name))},
        )
        seen |= ids


@dataclass(slots=True)
class SliceWork(_Patient):
    """Slices to files in `scratch`."""

    scratch: Path

    def each(self, items: Sequence[Slice]) -> Iterator[Sliced]:
        for item in items:
            yield _Slicer(self.scratch, item.number).read(item)


@dataclass(slots=True)
class _Slicer:
    scratch: Path
    number: int
    tellings: dict[EventType, list[tuple[Telling, Again]]] = field(default_factory=lambda: defaultdict(list))
    notes: list[Note] = field(default_factory=list)
    copies: list[Packed] = field(default_factory=list)
    runs: list[tuple[EventType | None, Path]] = field(default_factory=list)
    retold: list[tuple[str, Path]] = field(default_factory=list)
    gathered: int = 0

    def read(self, item: Slice) -> Sliced:
        from demarche.coding import notes_of
        from demarche.dedup import read_tellings

        for one in item.committed():
            name = one.document.id
            if name in item.left_out:
                continue
            again: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
            self.notes.extend(notes_of(one))
            for copy in _retold(one, item.copies.get(name, ())):
                self.copies.append(pack(copy))
                self.notes.extend(notes_of(copy))
                day = (copy.document.published or "")[:10] or None
                for row in copy.assertions:
                    again[told_by(row.id, copy.document.id, name)].append((row.id, day))
            for telling in read_tellings(one):
                self.tellings[telling.type].append((telling, tuple(again.get(telling.id, ()))))
                self.gathered += 1
            if self.gathered >= TELLINGS:
                self._write_runs()
            if len(self.copies) >= RETOLD:
                self._write_copies()
        self._write_runs()
        self._write_copies()
        return Sliced(runs=tuple(self.runs), retold=tuple(self.retold))

    def _write_runs(self) -> None:
        for kind, told in self.tellings.items():
            self._write_run(kind, sorted(told, key=_TELLING_ORDER))
        self._write_run(None, sorted(self.notes, key=_NOTE_ORDER))
        self.tellings.clear()
        self.notes, self.gathered = [], 0

    def _write_run(self, kind: EventType | None, items: Sequence[Any]) -> None:
        if items:
            path = self.scratch / f"run-{self.number}-{len(self.runs)}"
            write_run(path, items)
            self.runs.append((kind, path))

    def _write_copies(self) -> None:
        stem = f"{self.number}-{len(self.retold)}"
        self.retold += [(name, path) for name, path in write_rows(self.scratch, stem, self.copies)]
        self.copies = []


def _retold(one: CodedDocument, packed: Collection[bytes]) -> Iterator[CodedDocument]:
    """Copies told by `one`, in the order of their ids."""
    for article in Shelf.opened(packed):
        yield retell(one, article)


_NOTE_ORDER = attrgetter("order")


def _TELLING_ORDER(item: tuple[Telling, Again]) -> tuple[int, str, int, str]:
    return item[0].order


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Runs to merge. kind: a type of event; None: notes."""

    kind: EventType | None
    runs: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """Parquet files: (table, file). disputed: assertions that somebody else denies."""

    tables: tuple[tuple[str, Path], ...]
    disputed: tuple[str, ...] = ()


def _merges(slices: Sequence[Sliced]) -> list[Merge]:
    """What there is to merge, the largest first."""
    runs: dict[EventType | None, list[Path]] = defaultdict(list)
    sizes: dict[EventType | None, int] = defaultdict(int)
    for one in slices:
        for kind, path in one.runs:
            runs[kind].append(path)
            sizes[kind] += path.stat().st_size
    found = sorted(runs, key=lambda kind: (-sizes[kind], kind or ""))
    return [Merge(kind=kind, runs=tuple(runs[kind])) for kind in found]


@dataclass(slots=True)
class MergeWork(_Patient):
    """Runs to tables. sets: document → set of copies; decisions: the user's on happenings."""

    scratch: Path
    sets: Mapping[str, str]
    decisions: Decisions

    def each(self, items: Sequence[Merge]) -> Iterator[Merged]:
        for item in items:
            yield self._statements(item) if item.kind is None else self._happenings(item)

    def _happenings(self, item: Merge) -> Merged:
        from demarche.dedup import merge_in_turn

        again: dict[str, Again] = {}

        def tellings() -> Iterator[Telling]:
            for telling, rows in merge_runs(item.runs, key=_TELLING_ORDER):
                if rows:
                    again[telling.id] = rows
                yield telling

        events, behind = Spool("events"), Spool("event_assertions")
        for event, rows in merge_in_turn(tellings(), self.sets, again=again, decisions=self.decisions):
            events.extend([event])
            behind.extend(rows)
        return Merged(tables=(self._put(events, item), self._put(behind, item)))

    def _statements(self, item: Merge) -> Merged:
        from demarche.coding import derive_statements

        said = derive_statements(merge_runs(item.runs, key=_NOTE_ORDER), self.sets)
        tables = []
        for name in STATEMENTS:
            spool = Spool(name)
            spool.extend(getattr(said, name))
            tables.append(self._put(spool, item))
        return Merged(tables=tuple(tables), disputed=tuple(said.standings))

    def _put(self, spool: Spool, item: Merge) -> tuple[str, Path]:
        path = self.scratch / f"{spool.name}-{item.kind or 'notes'}.parquet"
        spool.write(path)
        return spool.name, path


def derivation() -> str:
    """Version of what `derive_tables` does: a record is published anew when it changes."""
    return f"{__version__}/{DERIVATION}"
