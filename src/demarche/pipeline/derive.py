"""The tables over documents: copies, events, claims and what was threatened, promised and expected."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from demarche import __version__
from demarche.pipeline.sorting import Sorter
from demarche.records import Article, CodedDocument
from demarche.store import Derived

__all__ = ["derivation", "derive_tables"]

DERIVATION = 3
"""Counts up with every change of what this file, `dedup` or `coding` derives."""


def derive_tables(documents: Callable[[], Iterator[CodedDocument]]) -> Derived:
    """Build every derived table anew from the coded documents; their order changes nothing."""
    from demarche.coding import Note, derive_statements, notes_of
    from demarche.dedup import Telling, find_clusters, fingerprint, merge_events, read_tellings

    prints = []
    tellings: list[Telling] = []
    with Sorter[Note](key=lambda note: note.order) as notes:
        for one in documents():
            prints.append(fingerprint(Article(document=one.document, paragraphs=one.paragraphs)))
            tellings.extend(read_tellings(one))
            notes.extend(notes_of(one))
        clusters = find_clusters(prints)
        sets = {row.document: row.id for row in clusters}
        happenings = merge_events(tellings, sets)
        said = derive_statements(notes.ordered(), sets)
    return Derived(
        clusters=clusters,
        events=happenings.events,
        event_assertions=happenings.event_assertions,
        claims=said.claims,
        stances=said.stances,
        threats=said.threats,
        commitments=said.commitments,
        forecasts=said.forecasts,
        standings=said.standings,
    )


def derivation() -> str:
    """Version of what `derive_tables` does: a record is published anew when it changes."""
    return f"{__version__}/{DERIVATION}"
