"""What a PLOVER or CAMEO coder would make of our rows: one type for act and outlook, as their manuals collapse them."""

from __future__ import annotations

from collections.abc import Sequence

from demarche.records import Assertion, Certainty, EventType, Polarity, Status

__all__ = ["plover_type", "plover_types"]

PENDING = frozenset({Status.PLANNED, Status.PROMISED, Status.PREDICTED, Status.CONDITIONAL})
AHEAD = {
    **dict.fromkeys((EventType.CONSULT, EventType.SUPPORT, EventType.COOPERATE, EventType.AID), EventType.AGREE),
    EventType.RETREAT: EventType.CONCEDE,
    **dict.fromkeys(
        (EventType.ASSAULT, EventType.COERCE, EventType.SANCTION, EventType.MOBILIZE, EventType.PROTEST),
        EventType.THREATEN,
    ),
}
"""What an act that lies ahead is to PLOVER."""

TRIED = frozenset({EventType.ASSAULT, EventType.COERCE})
"""Acts whose attempt is the event: a bomb that does not kill, a hack that fails."""

EASED = ("081", "082")
"""Easing of rules on persons: yielding in words to PLOVER, whose manual names the lifting of a curfew."""

DECLARED = "087"
"""A truce or withdrawal declared is yielding in fact to CAMEO and its crosswalk, an announcement to our codebook."""

ABSENT = frozenset({Status.NEGATED, Status.DENIED, Status.REQUESTED, Status.POSSIBLE})


def plover_type(row: Assertion) -> EventType | None:
    """The type of the PLOVER manual: an intended CONSULT is AGREE, a threatened ASSAULT is THREATEN; None: no event.

    What is negated, denied, only asked for or possible is no event of theirs (the asking is: REQUEST); an attempt at
    violence or repression is.
    """
    if row.type in TRIED and row.status is Status.POSSIBLE and row.certainty is Certainty.UNSTATED:
        return row.type
    if row.status is Status.POSSIBLE and row.sources and AHEAD.get(row.type or EventType.AGREE) is EventType.THREATEN:
        return EventType.THREATEN
    if row.type is EventType.CONCEDE and (row.cameo or "").startswith(DECLARED) and row.status is Status.ACTUAL:
        return EventType.RETREAT
    if row.type is None or row.status in ABSENT or (row.status in PENDING and row.polarity is Polarity.NEGATIVE):
        return None
    if row.status is Status.THREATENED:
        return EventType.THREATEN
    if row.type is EventType.RETREAT and (row.cameo or "").startswith(EASED):
        return EventType.CONCEDE
    return AHEAD.get(row.type, row.type) if row.status in PENDING else row.type


def plover_types(rows: Sequence[Assertion]) -> list[tuple[Assertion, EventType]]:
    """Rows that are events to PLOVER, with their type; a type that two rows of the same actors share counts once."""
    found: dict[tuple[EventType, tuple[str, ...], tuple[str, ...]], tuple[Assertion, EventType]] = {}
    for row in rows:
        kind = plover_type(row)
        if kind is not None:
            found.setdefault((kind, row.sources, row.targets), (row, kind))
    return list(found.values())
