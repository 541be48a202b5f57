"""The record as JSON under /api, described by OpenAPI. Every answer is what the pages show."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import orjson
from fastapi import FastAPI, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from demarche import __version__
from demarche.records import (
    Assertion,
    Attribution,
    Claim,
    Cluster,
    CodedDocument,
    Commitment,
    EventType,
    Forecast,
    Quad,
    Rejection,
    Run,
    Standing,
    Status,
    Threat,
    json_schema,
    to_json,
)
from demarche.series import By, count_series, events_behind, measure_tension, plain_series, plain_tension, rows_behind
from demarche.store import TABLES
from demarche.web.download import COLUMNS, fetch
from demarche.web.filters import Filter, read_filter
from demarche.web.opened import Opened
from demarche.web.overview import summary
from demarche.web.pair_pages import find_side, read_question
from demarche.web.search_pages import facets_of, newest_of
from demarche.web.site import NotThere, Site
from demarche.web.views import numbered, page_of

__all__ = ["add_routes", "openapi"]

BOARDS: Mapping[str, type[Any]] = {
    "claims": Claim,
    "threats": Threat,
    "commitments": Commitment,
    "forecasts": Forecast,
    "clusters": Cluster,
    "rejections": Rejection,
    "runs": Run,
}
"""Tables that are given row by row, with the type of a row."""

Day = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$", examples=["2024-05-01"])]
Key = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^|~\x00-\x1f]+$", examples=["CHN"])]
Words = Annotated[str, Field(min_length=1, max_length=200)]


class Problem(BaseModel):
    """What went wrong, and what to do."""

    code: str = Field(description="searchable code, see docs/errors.md, or the name of a refusal")
    what: str
    where: str | None
    remedy: str | None


class RowsAsked(BaseModel):
    """What to look for: the fields of the search page's address."""

    model_config = ConfigDict(extra="ignore")
    q: Words | None = Field(None, description='words of the sentence, all of them; "phrases" in quotation marks')
    actor: Key | None = Field(None, description="acts or is acted on: id of an actor, or a state's code")
    source: Key | None = Field(None, description="acts")
    target: Key | None = Field(None, description="is acted on")
    holder: Key | None = Field(None, description="on whose word")
    pair: Annotated[str, Field(pattern=r"^[^|~\x00-\x1f]{1,60}~[^|~\x00-\x1f]{1,60}$")] | None = Field(
        None, description="two ids with ~ between them, either direction", examples=["CHN~USA"]
    )
    type: list[EventType] = Field(default_factory=list)
    quad: list[Quad] = Field(default_factory=list)
    status: list[Status] = Field(default_factory=list)
    standing: list[Standing] = Field(default_factory=list)
    publisher: list[Words] = Field(default_factory=list)
    country: list[Words] = Field(default_factory=list, description="of the place, ISO 3166-1 alpha-3")
    place: Words | None = None
    rule: Words | None = None
    document: Words | None = None
    since: Day | None = Field(None, description="first day of publication")
    until: Day | None = Field(None, description="last day of publication, included")
    copies: Literal["once"] | None = Field(None, description="`once` leaves out copies")
    sort: Literal["new", "old", "score"] = "new"

    def filter(self) -> Filter:
        """As the pages understand it."""
        pairs: list[tuple[str, str]] = []
        for name in type(self).model_fields:
            value = getattr(self, name)
            if name in {"limit", "offset"} or value is None:
                continue
            pairs += [(name, str(one)) for one in value] if isinstance(value, list) else [(name, str(value))]
        return read_filter(pairs)


class RowsPage(RowsAsked):
    """The same, a page at a time."""

    limit: int = Field(50, ge=1, le=1_000)
    offset: int = Field(0, ge=0, le=1_000_000)


class SeriesAsked(BaseModel):
    """What to count."""

    model_config = ConfigDict(extra="ignore")
    a: Key = Field(description="who: a code (CHN), a name (China), an actor's id, or a group (EU+)")
    b: Key | None = Field(None, description="towards whom; left out: anybody")
    way: Literal["both", "out", "in"] = "both"
    by: By = By.MONTH
    since: Day | None = None
    until: Day | None = None
    type: list[EventType] = Field(default_factory=list)
    quad: list[Quad] = Field(default_factory=list)
    status: list[Status | Literal["all"]] = Field(default_factory=list, description="left out: actual")
    standing: list[Standing | Literal["all"]] = Field(
        default_factory=list, description="left out: reported, attributed"
    )

    def pairs(self) -> list[tuple[str, str]]:
        """As an address has it."""
        found: list[tuple[str, str]] = []
        for name in ("way", "by", "since", "until", "type", "quad", "status", "standing"):
            value = getattr(self, name)
            if value is not None:
                found += [(name, str(one)) for one in value] if isinstance(value, list) else [(name, str(value))]
        return found


class EventsPage(SeriesAsked):
    """The same, a page at a time."""

    limit: int = Field(50, ge=1, le=500)
    offset: int = Field(0, ge=0, le=1_000_000)


def _reply(value: Any) -> Response:
    return Response(orjson.dumps(value, default=_plain), media_type="application/json")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return to_json(value)
    return str(value)


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}
_COUNT_OR_NULL = {"type": ["integer", "null"], "minimum": 0}
_TEXT_OR_NULL = {"type": ["string", "null"]}
_NUMBER_OR_NULL = {"type": ["number", "null"]}
_TEXTS = _list(_TEXT)
_FOUND_ROW = {
    **_object(
        **dict.fromkeys(COLUMNS, _TEXT_OR_NULL)
        | dict.fromkeys(("sources", "targets", "holders", "source_sides", "target_sides"), _TEXTS)
        | {"score": {"type": "number"}, "intensity": _NUMBER_OR_NULL, "id": _TEXT, "document": _TEXT}
    ),
    "description": "An assertion with what the search knows of it: days, outlet, place, sides, the sentence's words",
}
_ACTOR = _object(id=_TEXT, name=_TEXT, kind=_TEXT, country=_TEXT_OR_NULL, sector=_TEXT_OR_NULL)
_EVENT = {
    **_object(
        event=_TEXT,
        first=_TEXT_OR_NULL,
        last=_TEXT_OR_NULL,
        type=_TEXT,
        quad=_TEXT,
        status=_TEXT,
        standing=_TEXT,
        sources=_TEXTS,
        targets=_TEXTS,
        intensity=_NUMBER_OR_NULL,
        publishers=_TEXTS,
        rows=_list({"type": "object"}),
    ),
    "description": "A counted happening with the rows behind it",
}
_LISTED = {"type": "object", "additionalProperties": True}


def _answers(schema: dict[str, Any], *missing: int) -> dict[int | str, dict[str, Any]]:
    """The answers of a route for its description."""
    failed = {"content": {"application/json": {"schema": _ref("Problem")}}}
    codes: dict[int | str, dict[str, Any]] = {
        200: {"description": "found", "content": {"application/json": {"schema": schema}}},
        400: {"description": "a value that cannot be", **failed},
        401: {"description": "not signed in (a shared address only)", **failed},
        414: {"description": "the address is too long", **failed},
        429: {"description": "too many requests", **failed},
        503: {"description": "the record cannot be read just now, or the question is too heavy", **failed},
    }
    return codes | {code: {"description": "not in this record", **failed} for code in missing}


def add_routes(app: FastAPI, site: Site) -> None:
    """Everything under /api."""

    @app.get(
        "/api/record",
        tags=["record"],
        summary="What is in the record",
        responses=_answers(_object(name=_TEXT, manifest=_TEXT, version=_TEXT, counts=_LISTED, tables=_LISTED)),
    )
    def record() -> Response:
        opened = site.opened
        tables = {name: opened.count(name) for name in TABLES}
        return _reply(
            {
                "name": site.shelf.folder.name,
                "manifest": opened.manifest_hash,
                "version": __version__,
                "counts": summary(opened),
                "tables": tables,
            }
        )

    @app.get(
        "/api/rows",
        tags=["rows"],
        summary="Assertions that a filter lets through",
        responses=_answers(
            _object(manifest=_TEXT, total=_COUNT, newest_sentences=_COUNT_OR_NULL, rows=_list(_ref("FoundRow")))
        ),
    )
    def rows(asked: Annotated[RowsPage, Query()]) -> Response:
        opened = site.opened
        chosen = asked.filter()
        newest = newest_of(opened, chosen)
        where, params = chosen.where(newest=newest)
        total = opened.one(f"SELECT count(*) AS n FROM reading WHERE {where}", params)["n"]
        found = fetch(opened, chosen, asked.limit, offset=asked.offset, newest=newest)
        return _reply({"manifest": opened.manifest_hash, "total": total, "newest_sentences": newest, "rows": found})

    @app.get(
        "/api/facets",
        tags=["rows"],
        summary="How many rows each value of a facet would give",
        responses=_answers({"type": "object", "additionalProperties": _list(_object(value=_TEXT, n=_COUNT))}),
    )
    def facets(asked: Annotated[RowsAsked, Query()]) -> Response:
        chosen = asked.filter()
        return _reply(facets_of(site.opened, chosen, most=100, newest=newest_of(site.opened, chosen)))

    @app.get(
        "/api/rows/{identifier}",
        tags=["rows"],
        summary="One assertion with the chain back to its sentence",
        responses=_answers(
            _object(
                row=_ref("Assertion"),
                document=_TEXT,
                sentence=_TEXT_OR_NULL,
                chain=_list(_ref("Attribution")),
                links=_list(_LISTED),
                events=_TEXTS,
            ),
            404,
        ),
    )
    def row(identifier: Annotated[str, Path(max_length=80)]) -> Response:
        opened = site.opened
        found: Assertion | None = opened.record.row("assertions", identifier)
        if found is None:
            raise NotThere(f"there is no row {identifier!r}", "/api/rows lists them")
        document = identifier.split(".")[0]
        said = {a.id: a for a in opened.record.rows("attributions", "document = ?", [document])}
        chain: list[Attribution] = []
        here = found.attribution
        while here is not None and here in said and said[here] not in chain:
            chain.append(said[here])
            here = said[here].parent
        words = opened.one(page_of("", numbered(opened, [identifier]), '"row"', 1)).get("words")
        links = opened.rows(
            'SELECT kind, "from", "to" FROM links WHERE "from" = ? OR "to" = ? ORDER BY ALL LIMIT 1000',
            [identifier, identifier],
        )
        events = opened.record.events_of(identifier)
        return _reply(
            {
                "row": found,
                "document": document,
                "sentence": words,
                "chain": chain,
                "links": links,
                "events": events,
            }
        )

    @app.get(
        "/api/documents",
        tags=["documents"],
        summary="Articles, newest first",
        responses=_answers(_object(total=_COUNT, documents=_list(_LISTED))),
    )
    def documents(
        publisher: Annotated[str | None, Query(max_length=200)] = None,
        limit: Annotated[int, Query(ge=1, le=1_000)] = 50,
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    ) -> Response:
        opened = site.opened
        where, params = ("publisher = ?", [publisher]) if publisher else ("TRUE", list[Any]())
        total = opened.one(f"SELECT count(*) AS n FROM documents WHERE {where}", params)["n"]
        found = opened.rows(
            "SELECT id, external_id, url, title, publisher, published, language, words, damage, cluster, copy"
            f" FROM documents WHERE {where} ORDER BY published DESC NULLS LAST, id LIMIT {limit:d} OFFSET {offset:d}",
            params,
        )
        return _reply({"total": total, "documents": found})

    @app.get(
        "/api/documents/{identifier}",
        tags=["documents"],
        summary="One article as `demarche code --json` gives it",
        responses=_answers(_ref("CodedDocument"), 404),
    )
    def document(identifier: Annotated[str, Path(max_length=80)]) -> Response:
        coded = site.opened.document(identifier)
        if site.shared:
            coded = dataclasses.replace(
                coded, document=dataclasses.replace(coded.document, source=coded.document.source.rsplit("/", 1)[-1])
            )
        return _reply(to_json(coded))

    @app.get(
        "/api/actors", tags=["actors"], summary="Actors by name or id", responses=_answers(_list(_ref("FoundActor")))
    )
    def actors(
        q: Annotated[str, Query(min_length=1, max_length=120)], limit: Annotated[int, Query(ge=1, le=200)] = 50
    ) -> Response:
        found = site.opened.rows(
            "SELECT id, name, kind, country, sector FROM names WHERE contains(lower(name), lower(?)) OR id = ?"
            f" ORDER BY length(name), id LIMIT {limit:d}",
            [q, q],
        )
        return _reply(found)

    @app.get(
        "/api/series",
        tags=["series"],
        summary="Events of a pair or an actor, bin by bin",
        responses=_answers(_LISTED, 404),
    )
    def series(asked: Annotated[SeriesAsked, Query()]) -> Response:
        opened = site.opened
        question = _question(opened, asked)
        return _reply(plain_series(count_series(opened.record, question.query)))

    @app.get(
        "/api/tension",
        tags=["series"],
        summary="Index, interval and trend test of a pair",
        responses=_answers(_LISTED, 404),
    )
    def tension(asked: Annotated[SeriesAsked, Query()]) -> Response:
        opened = site.opened
        return _reply(plain_tension(measure_tension(opened.record, _question(opened, asked).query)))

    @app.get(
        "/api/events",
        tags=["series"],
        summary="The events that a series counts, with their rows",
        responses=_answers(_object(total=_COUNT, events=_list(_ref("FoundEvent"))), 404),
    )
    def events(asked: Annotated[EventsPage, Query()]) -> Response:
        opened = site.opened
        query = _question(opened, asked).query
        found = rows_behind(opened.record, query, limit=asked.limit, offset=asked.offset)
        return _reply({"total": count_series(opened.record, query).events, "events": found})

    @app.get(
        "/api/events/{identifier}",
        tags=["series"],
        summary="One event with the rows behind it",
        responses=_answers(_ref("FoundEvent"), 404),
    )
    def event(identifier: Annotated[str, Path(max_length=80)]) -> Response:
        found = events_behind(site.opened.record, [identifier])
        if not found:
            raise NotThere(f"there is no event {identifier!r}", "/api/events lists them")
        return _reply(found[0])

    for name, kind in BOARDS.items():
        _add_board(app, site, name, kind)

    @app.get("/api/openapi.json", include_in_schema=False)
    def description() -> Response:
        return _reply(openapi(app))

    @app.get("/api/docs", include_in_schema=False)
    def docs(request: Request) -> Response:
        return site.page(request, "api.html", opened=site.opened, api=openapi(app))


def _add_board(app: FastAPI, site: Site, name: str, kind: type[Any]) -> None:
    @app.get(
        f"/api/{name}",
        tags=["boards"],
        summary=f"Rows of the table `{name}`",
        operation_id=f"list_{name}",
        responses=_answers(_object(total=_COUNT, rows=_list(_ref(kind.__name__)))),
    )
    def rows(
        limit: Annotated[int, Query(ge=1, le=1_000)] = 100, offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0
    ) -> Response:
        opened = site.opened
        found = opened.rows(f"SELECT * FROM {name} ORDER BY {TABLES[name].order} LIMIT {limit:d} OFFSET {offset:d}")
        if site.shared and name == "rejections":
            found = [{**row, "source": row["source"].rsplit("/", 1)[-1]} for row in found]
        return _reply({"total": opened.count(name), "rows": found})


def _question(opened: Opened, asked: SeriesAsked) -> Any:
    for text in (asked.a, asked.b):
        if text is not None:
            find_side(opened, text)
    return read_question(asked.a, asked.b, asked.pairs())


_ABOUT = "A record of political news, read-only. Offsets are Unicode code points, half-open."


def openapi(app: FastAPI) -> dict[str, Any]:
    """The description of the API: FastAPI's, with the record's own types in it."""
    from fastapi.openapi.utils import get_openapi

    routes = [r for r in app.routes if str(getattr(r, "path", "")).startswith("/api/")]
    found = get_openapi(title="demarche", version=__version__, routes=routes, description=_ABOUT)
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = Problem.model_json_schema()
    schemas |= {"FoundRow": _FOUND_ROW, "FoundActor": _ACTOR, "FoundEvent": _EVENT}
    for kind in (CodedDocument, Assertion, Attribution, *BOARDS.values()):
        text = orjson.dumps(json_schema(kind)["$defs"]).replace(b"#/$defs/", b"#/components/schemas/")
        schemas |= orjson.loads(text)
    for path in found["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)  # a value that cannot be is answered with 400 and a Problem
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return found
