"""All tables over documents that rest on statements: claims, stances, threats, commitments, forecasts, standing.

Pure: notes in their order in, rows out. Memory holds what can still be answered and the rows of the tables.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from demarche.coding.claims import ClaimBook
from demarche.coding.notes import Note
from demarche.coding.prospects import ProspectBook
from demarche.records import Claim, Commitment, Forecast, Stance, Standing, Threat

__all__ = ["DerivedStatements", "derive_statements"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedStatements:
    """Rows of the record's tables. standings: assertions that are disputed over the whole record."""

    claims: tuple[Claim, ...]
    stances: tuple[Stance, ...]
    threats: tuple[Threat, ...]
    commitments: tuple[Commitment, ...]
    forecasts: tuple[Forecast, ...]
    standings: Mapping[str, Standing]


def derive_statements(notes: Iterable[Note], clusters: Mapping[str, str] | None = None) -> DerivedStatements:
    """All tables of this file from the notes of all documents in `Note.order`; they are read once and not kept.

    Args:
        clusters: document → set of copies it belongs to; documents without copies may be left out.
    """
    book, prospects = ClaimBook(), ProspectBook(clusters=clusters or {})
    claims: list[Claim] = []
    stances: list[Stance] = []

    def closed() -> Iterator[tuple[Claim, tuple[Stance, ...]]]:
        for _, group in itertools.groupby(notes, key=lambda note: note.document):
            document = tuple(group)
            yield from book.add(document)
            prospects.add(document)
        yield from book.close()

    for claim, taken in closed():
        claims.append(claim)
        stances.extend(taken)
    disputed = {claim.id for claim in claims if claim.standing is Standing.DISPUTED}
    done = prospects.finish()
    return DerivedStatements(
        claims=tuple(sorted(claims, key=lambda claim: claim.id)),
        stances=tuple(sorted(stances, key=lambda stance: (stance.claim, stance.assertion))),
        threats=done.threats,
        commitments=done.commitments,
        forecasts=done.forecasts,
        standings={s.assertion: Standing.DISPUTED for s in stances if s.claim in disputed and s.stance != "doubt"},
    )
