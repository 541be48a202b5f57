"""Who, where, when, how much: what `linking` finds in one document."""

from __future__ import annotations

from dataclasses import dataclass

from demarche.records.vocabulary import ActorKind, Basis, Grain, MentionKind, Relation, Via

__all__ = ["Actor", "Amount", "Linked", "Mention", "Place", "Time"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """An actor of the document.

    id: `CHN` for a state, `CHN.GOV.MFA`-like paths for its bodies, `Q…` for a person where that is a fact, `x:…` by
        name hash, `u:<document id>:<n>` when unnamed. country: ISO 3166-1 alpha-3 or None. sector: PLOVER role (GOV …).
    office: held on the article's date. wikidata: QID. Never a guess.
    """

    id: str
    name: str
    kind: ActorKind
    country: str | None
    sector: str | None
    office: str | None
    wikidata: str | None
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Words that refer. ref: id of an actor, place, time or amount of the same document.

    head: the mention is the head of its phrase (False for modifiers such as *Chinese* in *Chinese officials*).
    why: one clause saying what the reading rests on (shown by `explain`).
    """

    id: str
    start: int
    end: int
    kind: MentionKind
    ref: str
    head: bool
    via: Via
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """lat, lon: WGS 84 degrees or None. kind: country, capital, city, region, sea, building … geonames: id."""

    id: str
    name: str
    lat: float | None
    lon: float | None
    country: str | None
    admin1: str | None
    geonames: int | None
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """start, end: ISO dates or datetimes, half-open `[start, end)`; None on the open side. text: the words."""

    id: str
    start: str | None
    end: str | None
    grain: Grain
    relation: Relation
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """value with its bounds (low, high equal it when exact); unit: ISO 4217 code or a counted noun in the singular."""

    id: str
    value: float | None
    low: float | None
    high: float | None
    unit: str | None
    approximate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """All mentions of one document and what they refer to. Mentions are sorted by (start, end, kind)."""

    actors: tuple[Actor, ...] = ()
    mentions: tuple[Mention, ...] = ()
    places: tuple[Place, ...] = ()
    times: tuple[Time, ...] = ()
    amounts: tuple[Amount, ...] = ()
