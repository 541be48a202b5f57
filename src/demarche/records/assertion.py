"""Attributions, assertions and the links between them: what `coding` states."""

from __future__ import annotations

from dataclasses import dataclass

from demarche.records.document import Span
from demarche.records.linked import Actor, Mention
from demarche.records.vocabulary import (
    Act,
    Certainty,
    EventType,
    LinkKind,
    Polarity,
    Quad,
    Quoted,
    Standing,
    Status,
)

__all__ = ["Assertion", "Attribution", "Link", "Statements"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Source, cue and content (PolNeAR: Newell, Margolin and Ruths 2018), with nesting by `parent`.

    source, cue, content: pieces in the order of the text. holder: actor id, None for an unnamed source.
    """

    id: str
    sentence: str
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    holder: str | None
    anonymous: bool
    act: Act
    parent: str | None
    quoted: Quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """What one sentence states, seen by its nearest holder.

    predicate: lemma with its particle. spans: the words that carry the act (trigger), in order.
    type None: stated, but no PLOVER act. sources, targets, holders: actor ids (holders outermost first; empty: the
    article itself). cameo: code as string, never a number. goldstein: of that code. intensity: PLOVER's, -10..10.
    place, time, amount: ids of the document. condition: assertion id. rule: what produced the row. score: 0..1.
    """

    id: str
    sentence: str
    predicate: str
    spans: tuple[Span, ...]
    type: EventType | None
    mode: str | None
    contexts: tuple[str, ...]
    cameo: str | None
    goldstein: float | None
    intensity: float | None
    quad: Quad | None
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    status: Status
    polarity: Polarity
    certainty: Certainty
    standing: Standing
    attribution: str | None
    holders: tuple[str, ...]
    place: str | None
    time: str | None
    amount: str | None
    condition: str | None
    rule: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A directed link between two assertions; in JSON the ends are `from` and `to`."""

    kind: LinkKind
    from_: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """What `coding` makes of one document. actors, mentions: those it had to add (unnamed doers)."""

    attributions: tuple[Attribution, ...] = ()
    assertions: tuple[Assertion, ...] = ()
    links: tuple[Link, ...] = ()
    actors: tuple[Actor, ...] = ()
    mentions: tuple[Mention, ...] = ()
    warnings: tuple[str, ...] = ()
