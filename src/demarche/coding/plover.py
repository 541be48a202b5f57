"""What a PLOVER or CAMEO coder would make of our rows: one type for act and outlook, as their manuals collapse them."""

from __future__ import annotations

from collections.abc import Sequence

from demarche.records import Assertion, EventType, Status

__all__ = ["plover_type", "plover_types"]

PENDING = frozenset({Status.PLANNED, Status.PROMISED})
FRIENDLY = frozenset({EventType.CONSULT, EventType.SUPPORT, EventType.COOPERATE, EventType.AID, EventType.AGREE})
HARM = frozenset({EventType.ASSAULT, EventType.COERCE, EventType.SANCTION, EventType.MOBILIZE, EventType.PROTEST})
ABSENT = frozenset({Status.NEGATED, Status.DENIED, Status.REQUESTED, Status.PREDICTED, Status.POSSIBLE})


def plover_type(row: Assertion) -> EventType | None:
    """The type of the PLOVER manual: an intended CONSULT is AGREE, a threatened ASSAULT is THREATEN; None: no event.

    What is negated, denied, only asked for, possible or foretold is no event of theirs (the asking is: REQUEST).
    """
    if row.type is None or row.status in ABSENT:
        return None
    if row.status in PENDING and row.type in FRIENDLY:
        return EventType.AGREE
    if row.status in PENDING and row.type is EventType.RETREAT:
        return EventType.CONCEDE
    if row.status is Status.THREATENED or (row.status in PENDING and row.type in HARM):
        return EventType.THREATEN
    if row.status is Status.CONDITIONAL and row.type is not EventType.AGREE:
        return EventType.THREATEN if row.type in HARM else None
    return row.type


def plover_types(rows: Sequence[Assertion]) -> list[tuple[Assertion, EventType]]:
    """Rows that are events to PLOVER, with their type; a type that two rows of the same actors share counts once."""
    found: dict[tuple[EventType, tuple[str, ...], tuple[str, ...]], tuple[Assertion, EventType]] = {}
    for row in rows:
        kind = plover_type(row)
        if kind is not None:
            found.setdefault((kind, row.sources, row.targets), (row, kind))
    return list(found.values())
