"""What the record knows over documents: copies, events, claims, threats, commitments, forecasts, runs."""

from __future__ import annotations

from dataclasses import dataclass

from demarche.records.vocabulary import CopyKind, EventType, Standing, Status

__all__ = ["Claim", "Cluster", "Commitment", "Event", "EventAssertion", "Forecast", "Run", "Stance", "Threat"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """One row a copy: `document` belongs to cluster `id`, represented by `representative`.

    evidence: measure and value against the representative, e.g. `containment3=0.82`; None for the representative.
    """

    id: str
    document: str
    representative: str
    copy: CopyKind
    score: float | None
    evidence: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One counted happening over documents.

    status: actual once anybody says so, else as it was told last. date: the day to count it by: a told day, else the
    day it was first told; None where only a longer span is told. start, end: as told, half-open. place: name.
    documents, clusters, assertions: distinct counts behind it. first, last: days of the first and last telling.
    """

    id: str
    type: EventType
    mode: str | None
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    status: Status
    standing: Standing
    date: str | None
    start: str | None
    end: str | None
    place: str | None
    documents: int
    clusters: int
    assertions: int
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventAssertion:
    """A row behind an event; in the order of `told` these rows are the history of its status.

    told: day of publication. status, standing: as this row has them. score: probability that the row tells of this
    event (None for the row it began with).
    """

    event: str
    assertion: str
    told: str | None = None
    status: Status | None = None
    standing: Standing | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A proposition (type, sources, targets, compatible time and object) with the stances taken on it."""

    id: str
    type: EventType
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    words: str
    first: str | None
    last: str | None
    asserting: tuple[str, ...]
    denying: tuple[str, ...]
    documents: int
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Stance:
    """One holder's stance on a claim in one assertion. stance: assert, deny, doubt; holder None: the article itself."""

    claim: str
    assertion: str
    holder: str | None
    stance: str
    date: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Threat:
    """assertion: the THREATEN row; harm: the threatened row; condition: assertion id of the condition's row.

    state: open, carried out (with its row in `shown_by`).
    """

    id: str
    assertion: str
    threatener: tuple[str, ...]
    target: tuple[str, ...]
    harm: str | None
    condition: str | None
    condition_text: str | None
    deadline: str | None
    date: str | None
    state: str
    shown_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """debtor owes creditor what `content` (assertion id) says; state: open, kept, broken (with its row)."""

    id: str
    assertion: str
    debtor: tuple[str, ...]
    creditor: tuple[str, ...]
    content: str | None
    holder: tuple[str, ...]
    date: str | None
    state: str
    shown_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """forecaster said `assertion` is to be expected; likelihood: the word used; state: open, borne out, failed."""

    id: str
    assertion: str
    forecaster: tuple[str, ...]
    likelihood: str | None
    horizon: str | None
    date: str | None
    state: str
    shown_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of `demarche code`: versions, options and counts. The only table with clock times."""

    id: str
    started: str
    ended: str | None
    version: str
    options: str
    read: int
    coded: int
    skipped: int
    rejected: int
