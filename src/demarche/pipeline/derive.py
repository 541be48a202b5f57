"""The tables over documents: copies, events, claims and what was threatened, promised and expected."""

from __future__ import annotations

import tempfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain

import pyarrow as pa

from demarche import __version__
from demarche.pipeline.copies import Copies, Plan, Shelf
from demarche.pipeline.retell import retell, told_by
from demarche.pipeline.sorting import Sorter
from demarche.records import CodedDocument, Event, EventAssertion
from demarche.store import Committed, Derived, Packed, Spool, pack

__all__ = ["derivation", "derive_tables"]

TELLINGS = 100_000
"""Tellings kept in memory while they are gathered: about 250 MB."""

DERIVATION = 7
"""Counts up with every change of what this file, `dedup` or `coding` derives."""


def derive_tables(committed: Committed, *, copies: Copies | None = None) -> Derived:
    """Build every derived table anew from what is committed; the order of the documents changes nothing.

    Args:
        copies: fingerprints that were made before, so that they are not made again.
    """
    from demarche.coding import Note, derive_statements, notes_of
    from demarche.dedup import Telling, merge_in_turn, read_decisions, read_tellings, turn_of

    plan = Plan.of(committed, copies or Copies())
    told = plan.told
    shelf = _shelve(committed, told)
    sets = {row.document: row.id for row in plan.clusters if row.representative not in plan.missing}
    again: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    kept = Shelved()
    with Sorter[Note](key=lambda note: note.order) as notes, Sorter[Telling](key=turn_of, most=TELLINGS) as tellings:
        for one in committed():
            name = one.document.id
            if name in told:
                continue
            tellings.extend(read_tellings(one))
            notes.extend(notes_of(one))
            for copy in _retold(one, shelf):
                kept.put(pack(copy))
                notes.extend(notes_of(copy))
                day = (copy.document.published or "")[:10] or None
                for row in copy.assertions:
                    again[told_by(row.id, copy.document.id, name)].append((row.id, day))
        decisions = read_decisions(committed.decisions(), where="decisions.toml")
        events, behind = _happenings(merge_in_turn(tellings.ordered(), sets, again=again, decisions=decisions))
        said = derive_statements(notes.ordered(), sets)
    return Derived(
        clusters=tuple(row for row in plan.clusters if row.representative not in plan.missing),
        events=events,
        event_assertions=behind,
        claims=said.claims,
        stances=said.stances,
        threats=said.threats,
        commitments=said.commitments,
        forecasts=said.forecasts,
        standings=said.standings,
        retold=kept.all,
        replaced=frozenset(told),
    )


class Shelved:
    """Packed documents in a file without a name, in the folder for temporary files: they are needed once more."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="demarche-retold-")  # noqa: SIM115

    def put(self, one: Packed) -> None:
        """Keep one."""
        data = zlib.compress(one.data, 1)
        head = f"{one.id} {one.words} {len(data)}\n".encode()
        self._file.write(head + data)

    def all(self) -> Iterator[Packed]:
        """All that were kept, in their order."""
        self._file.seek(0)
        while head := self._file.readline():
            name, words, size = head.decode().split()
            yield Packed(id=name, words=int(words), data=zlib.decompress(self._file.read(int(size))))


def _happenings(found: Iterator[tuple[Event, list[EventAssertion]]]) -> tuple[pa.Table, pa.Table]:
    """The two tables of happenings, held on disk where they are long."""
    events, behind = Spool("events"), Spool("event_assertions")
    for event, rows in found:
        events.extend([event])
        behind.extend(rows)
    return events.table(), behind.table()


def _shelve(committed: Committed, told: dict[str, str]) -> Shelf:
    """The copies that are to be told by others, whether they were coded themselves or not."""
    shelf = Shelf()
    for article in chain(committed.articles(), committed.waiting()):
        teller = told.get(article.document.id)
        if teller is not None:
            shelf.put(article, teller)
    return shelf


def _retold(one: CodedDocument, shelf: Shelf) -> Iterator[CodedDocument]:
    for copy in shelf.of(one.document.id):
        yield retell(one, copy)


def derivation() -> str:
    """Version of what `derive_tables` does: a record is published anew when it changes."""
    return f"{__version__}/{DERIVATION}"
