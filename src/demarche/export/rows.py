"""Events with all that the exchange forms ask of them, in batches."""

from __future__ import annotations

import functools
import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from demarche.records import EventType, Standing, Status
from demarche.resources import read_text, read_toml
from demarche.store import Record

__all__ = [
    "Country",
    "Facts",
    "Happened",
    "Told",
    "cameo_name",
    "cameo_quad",
    "countries",
    "form_of",
    "goldstein_of",
    "number_of",
    "read_happened",
]  # fmt: skip

BATCH = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """cow: Correlates of War number; fips: FIPS 10-4 code; either may be empty."""

    code: str
    name: str
    cow: str
    fips: str


@functools.cache
def countries() -> dict[str, Country]:
    """By ISO 3166-1 alpha-3."""
    rows = [line.split("\t") for line in read_text("export/countries.tsv").splitlines()]
    return {code: Country(code=code, name=name, cow=cow, fips=fips) for code, name, cow, fips in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """An actor as the leading article has it."""

    id: str
    name: str
    kind: str
    country: str
    sector: str
    office: str
    wikidata: str

    @property
    def country_name(self) -> str:
        found = countries().get(self.country)
        return found.name if found else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One row behind an event. sentence: its number in the article; lead: told in its title or first paragraph."""

    assertion: str
    document: str
    sentence: int
    start: int
    published: str
    publisher: str
    url: str
    language: str
    words: int
    score: float
    lead: bool
    status: str
    standing: str
    certainty: str
    holders: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """An event with its leading row's codes, its actors and where it was told. None and "": not known."""

    event: str
    type: EventType
    mode: str
    status: Status
    standing: Standing
    date: str
    sources: tuple[Facts, ...]
    targets: tuple[Facts, ...]
    contexts: tuple[str, ...]
    cameo: str
    goldstein: float
    intensity: float
    place: Mapping[str, Any] | None
    told: tuple[Told, ...]
    articles: int
    people: tuple[str, ...]
    organisations: tuple[str, ...]
    locations: tuple[str, ...]

    @property
    def pairs(self) -> list[tuple[Facts | None, Facts | None]]:
        """Every doer with every receiver; doers of a joint act without a receiver with each other, both ways."""
        if not self.targets and len(self.sources) > 1:
            return [(one, two) for one in self.sources for two in self.sources if one.id != two.id]
        return [(one, two) for one in self.sources or (None,) for two in self.targets or (None,)]


def number_of(*parts: str) -> int:
    """A stable number of 15 hex digits, for forms whose ids are integers."""
    return int(hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:15], 16)


@functools.cache
def _cameo() -> dict[str, dict[str, Any]]:
    return read_toml("codebooks/cameo.toml")


@functools.cache
def _general(kind: str) -> str:
    """The shortest CAMEO code that the crosswalk gives this type."""
    return min((code for code, name in _cameo()["plover"].items() if name == kind), key=lambda code: (len(code), code))


def goldstein_of(code: str) -> float:
    found = _cameo()["goldstein"]
    return float(found.get(code, found.get(code[:3], found.get(code[:2], 0.0))))


def cameo_name(code: str) -> str:
    found = _cameo()["name"]
    return str(found.get(code) or found.get(code[:3]) or found.get(code[:2]) or code)


def cameo_quad(code: str) -> int:
    """GDELT's QuadClass of a CAMEO code: 1 verbal, 2 material cooperation, 3 verbal, 4 material conflict."""
    root = int(code[:2])
    return 1 if root <= 5 else 2 if root <= 8 else 3 if root <= 13 else 4


PLANNED = {EventType.CONSULT: "036", EventType.SUPPORT: "032", EventType.COOPERATE: "031", EventType.AID: "033"}
"""What PLOVER and CAMEO code as an agreement while it is planned only, with the CAMEO code of the intent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How an event is said in a form without status: its type, mode and code. reason: why it cannot be said."""

    type: EventType
    mode: str
    cameo: str
    reason: str | None = None


def form_of(one: Happened) -> Form:
    """Actual events stand as they are; a planned meeting is an agreement (docs/CODEBOOK.md, rule 4); the rest cannot be
    said: a form without status would make it a happening."""
    if one.date and one.status is Status.PLANNED and one.type in PLANNED and one.standing is not Standing.DISPUTED:
        return Form(type=EventType.AGREE, mode="", cameo=PLANNED[one.type])
    reason = None
    if one.status is not Status.ACTUAL:
        reason = f"status {one.status}: the form would make it a happening"
    elif one.standing is Standing.DISPUTED:
        reason = "disputed: the form would make it a fact"
    elif not one.date:
        reason = "no day: the form wants one"
    return Form(type=one.type, mode=one.mode, cameo=one.cameo, reason=reason)


def read_happened(record: Record, *, since: str | None = None, until: str | None = None) -> Iterator[Happened]:
    """Every event of the record in the order of the table; since, until: days, included, of those that have one."""
    where, params = "TRUE", list[Any]()
    if since:
        where, params = f"{where} AND (date IS NULL OR substr(date, 1, 10) >= ?)", [*params, since]
    if until:
        where, params = f"{where} AND (date IS NULL OR substr(date, 1, 10) <= ?)", [*params, until]
    cursor = record.connection.cursor()
    cursor.execute(f"SELECT rowid AS row, * FROM events WHERE {where}", params)
    names = [column[0] for column in cursor.description or ()]
    while rows := cursor.fetchmany(BATCH):
        yield from _complete(record, [dict(zip(names, row, strict=True)) for row in rows])


_TOLD = """
WITH x AS MATERIALIZED (SELECT * FROM behind WHERE event IN (SELECT unnest(?))),
     a AS MATERIALIZED (SELECT rowid AS r, * FROM assertions WHERE rowid IN (SELECT assertion FROM x)),
     s AS MATERIALIZED (SELECT rowid AS r, id, paragraph FROM sentences WHERE rowid IN (SELECT sentence FROM x)),
     d AS MATERIALIZED (SELECT rowid AS r, published, publisher, url, source, language, words, copy FROM documents
                        WHERE rowid IN (SELECT document FROM x))
SELECT x.event, a.id AS assertion, a.document, a.spans[1][1] AS start, a.status, a.standing, a.certainty, a.holders,
       a.contexts, a.cameo, a.goldstein, a.intensity, a.mode, a.place, a.score, d.published,
       d.publisher, d.url, d.source, d.language, d.words, s.paragraph,
       coalesce(try_cast(regexp_extract(s.id, '[0-9]+$') AS INTEGER), 0) AS number
FROM x JOIN a ON a.r = x.assertion JOIN d ON d.r = x.document JOIN s ON s.r = x.sentence
ORDER BY x.event, d.copy <> 'original', d.published NULLS LAST, a.document, length(a.id), a.id
"""
"""Joined by row numbers: by ids each batch would read whole columns."""

_OF_DOCUMENTS = "SELECT * FROM {table} WHERE document IN (SELECT unnest(?)) ORDER BY document, id"


def _complete(record: Record, events: Sequence[Mapping[str, Any]]) -> Iterator[Happened]:
    told: dict[str, list[dict[str, Any]]] = defaultdict(list)
    ids = {event["row"]: event["id"] for event in events}
    for row in record.sql(_TOLD, [list(ids)]).to_pylist():
        told[ids[row["event"]]].append(row)
    leads = {event["id"]: _lead(event, told[event["id"]]) for event in events if told[event["id"]]}
    documents = sorted({row["document"] for rows in told.values() for row in rows})
    actors: dict[tuple[str, str], Facts] = {}
    anywhere: dict[str, Facts] = {}
    story: dict[str, list[Facts]] = defaultdict(list)
    for row in record.sql(_OF_DOCUMENTS.format(table="actors"), [documents]).to_pylist():
        facts = Facts(**{name: row[name] or "" for name in Facts.__dataclass_fields__})
        actors[row["document"], row["id"]] = anywhere[row["id"]] = facts
        story[row["document"]].append(facts)
    places: dict[tuple[str, str], dict[str, Any]] = {}
    named: dict[str, list[str]] = defaultdict(list)
    for row in record.sql(_OF_DOCUMENTS.format(table="places"), [documents]).to_pylist():
        places[row["document"], row["id"]] = row
        named[row["document"]].append(row["name"])
    for event in events:
        lead = leads.get(event["id"])
        if lead is None:
            continue
        document = lead["document"]

        def facts_of(ids: Sequence[str], document: str = document) -> tuple[Facts, ...]:
            return tuple(found for i in ids if (found := actors.get((document, i)) or anywhere.get(i)) is not None)

        cameo = lead["cameo"] or _general(event["type"])
        yield Happened(
            event=event["id"],
            type=EventType(event["type"]),
            mode=event["mode"] or "",
            status=Status(event["status"]),
            standing=Standing(event["standing"]),
            date=(event["date"] or "")[:10],
            sources=facts_of(event["sources"]),
            targets=facts_of(event["targets"]),
            contexts=tuple(lead["contexts"]),
            cameo=cameo,
            goldstein=lead["goldstein"] if lead["goldstein"] is not None else goldstein_of(cameo),
            intensity=lead["intensity"] if lead["intensity"] is not None else _score(event["type"]),
            place=places.get((document, lead["place"])) if lead["place"] else None,
            told=tuple(_told(row) for row in told[event["id"]]),
            articles=event["documents"],
            people=_names(story[document], {"person"}),
            organisations=_names(story[document], {"organisation", "group", "alliance", "government"}),
            locations=tuple(sorted(set(named[document]))),
        )


def _score(kind: str) -> float:
    return float(read_toml("codebooks/plover.toml")["type"][kind]["score"])


def _lead(event: Mapping[str, Any], rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The first row that says of the event what the event says of itself."""
    return next((row for row in rows if row["status"] == event["status"]), rows[0])


def _names(actors: Sequence[Facts], kinds: set[str]) -> tuple[str, ...]:
    return tuple(sorted({actor.name for actor in actors if actor.kind in kinds}))


def _told(row: Mapping[str, Any]) -> Told:
    return Told(
        assertion=row["assertion"], document=row["document"], sentence=row["number"], start=row["start"] or 0,
        published=row["published"] or "", publisher=row["publisher"] or "", url=row["url"] or row["source"],
        language=row["language"] or "", words=row["words"], score=row["score"], lead=row["paragraph"] <= 1,
        status=row["status"], standing=row["standing"], certainty=row["certainty"], holders=tuple(row["holders"]),
    )  # fmt: skip
