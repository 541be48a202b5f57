"""Pairs and actors over time: what was counted, the chart, who with whom, where; every mark opens its events."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from demarche.errors import ConfigError
from demarche.records import EventType, Quad, Standing, Status
from demarche.series import (
    Bin,
    By,
    EventBehind,
    Series,
    SeriesQuery,
    bin_label,
    count_series,
    events_behind,
    find_party,
    measure_tension,
    rows_behind,
    scan_tensions,
)
from demarche.web.charting import band_of, partner_nodes, place_points, series_chart
from demarche.web.filters import Filter, read_day, read_filter
from demarche.web.opened import Opened
from demarche.web.search_pages import page_number
from demarche.web.site import NotThere, Site
from demarche.web.titles import titles_of
from demarche.web.views import Party, names_of, rows_by_id
from demarche.web.words import say

__all__ = ["EventView", "Question", "add_routes", "event_views", "find_side", "pair_question", "read_question"]

PAGE = 25
MOST_CHARTED = 1_500
"""Bins of one chart: more than a screen has points, and what a page of the size budget can hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a page of a pair or an actor counts, as its address says it. way: both, out (a → b), in (b → a)."""

    a: str
    b: str | None
    way: str
    query: SeriesQuery

    def params(self, **changes: str | None) -> str:
        """The address's query: everything but what is usual."""
        q = self.query
        found: list[tuple[str, str]] = []
        plain = {
            "by": str(q.by) if q.by != By.MONTH else None,
            "way": self.way if self.way != "both" else None,
            "since": q.since.isoformat() if q.since else None,
            "until": q.until.isoformat() if q.until else None,
        } | changes
        found += [(name, value) for name, value in plain.items() if value]
        usual = SeriesQuery(source=None)
        lists: tuple[tuple[str, Sequence[str], Sequence[str]], ...] = (
            ("type", q.types, ()),
            ("quad", q.quads, ()),
            ("status", q.statuses or ("all",), usual.statuses),
            ("standing", q.standings or ("all",), usual.standings),
        )
        for name, values, normal in lists:
            if tuple(values) != tuple(normal) and name not in changes:
                found += [(name, str(value)) for value in values]
        return urlencode(found)

    @property
    def path(self) -> str:
        if self.b is None:
            return f"/actor/{quote(self.a, safe='')}"
        return f"/pair/{quote(self.a, safe='')}/{quote(self.b, safe='')}"

    def address(self, **changes: str | None) -> str:
        """The page of this question, changed."""
        query = self.params(**changes)
        return f"{self.path}?{query}" if query else self.path

    def events_address(self, **changes: str | None) -> str:
        """The list of the events that this question counts."""
        query = self.params(**changes)
        who = urlencode([("a", self.a), *([("b", self.b)] if self.b else [])])
        return f"/events?{who}&{query}" if query else f"/events?{who}"


def read_question(a: str, b: str | None, params: Iterable[tuple[str, str]]) -> Question:
    """The question of an address.

    Raises:
        ConfigError: E802 for a value that cannot be.
    """
    given: dict[str, list[str]] = {}
    for name, value in params:
        if value.strip():
            given.setdefault(name, []).append(value.strip()[:120])

    def chosen(name: str, kind: Any, usual: tuple[Any, ...]) -> tuple[Any, ...]:
        values = given.get(name, [])
        if "all" in values:
            return ()
        known = {str(v) for v in kind}
        for value in values:
            if value not in known:
                advice = f"give one of: {', '.join(sorted(known))}, all"
                raise ConfigError("E802", f"{value!r} is nothing that `{name}` can be", remedy=advice)
        return tuple(kind(v) for v in dict.fromkeys(values)) or usual

    def one(name: str, known: Sequence[str], usual: str) -> str:
        value = given.get(name, [usual])[-1]
        if value not in known:
            advice = f"give one of: {', '.join(known)}"
            raise ConfigError("E802", f"{value!r} is nothing that `{name}` can be", remedy=advice)
        return value

    usual = SeriesQuery(source=None)
    way = one("way", ("both", "out", "in"), "both")
    days = {name: given[name][-1] for name in ("since", "until") if name in given}
    read = {name: datetime.date.fromisoformat(read_day(name, value)) for name, value in days.items()}
    source, target = (b, a) if way == "in" else (a, b)
    query = SeriesQuery(
        source=source,
        target=target,
        directed=way != "both",
        by=By(one("by", [str(v) for v in By], "month")),
        since=read.get("since"),
        until=read.get("until"),
        types=chosen("type", EventType, ()),
        quads=chosen("quad", Quad, ()),
        statuses=chosen("status", Status, usual.statuses),
        standings=chosen("standing", Standing, usual.standings),
    )
    return Question(a=a, b=b, way=way, query=query)


def pair_question(a: str, b: str | None = None) -> Question:
    """The usual question about a pair or an actor."""
    return read_question(a, b, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    """A counted happening on a page."""

    event: EventBehind
    sources: tuple[Party, ...]
    targets: tuple[Party, ...]

    @property
    def address(self) -> str:
        return f"/event/{self.event.event}"


def event_views(opened: Opened, events: Sequence[EventBehind]) -> list[EventView]:
    """Events with the names of their actors."""
    people = names_of(opened, (i for e in events for i in (*e.sources, *e.targets)))
    return [
        EventView(event=e, sources=tuple(people[i] for i in e.sources), targets=tuple(people[i] for i in e.targets))
        for e in events
    ]


_PARTNERS = """
WITH mine AS (
  SELECT "row", CASE WHEN {is_source} THEN target ELSE source END AS other, any_value(quad) AS quad FROM dyads
  WHERE ({is_source} OR {is_target}) AND status IN ({statuses}) AND standing IN ({standings})
    AND first IS NOT NULL AND last IS NOT NULL GROUP BY ALL
)
SELECT other, count(*) AS n, count(*) FILTER (quad LIKE '%conflict') AS conflict,
  count(*) FILTER (quad LIKE '%cooperation') AS cooperation
FROM mine WHERE other IS NOT NULL AND other <> ? GROUP BY other ORDER BY n DESC, other LIMIT 24
"""


def partners_of(opened: Opened, side: str, query: SeriesQuery) -> list[dict[str, Any]]:
    """With whom a side has most to do: the pairs to open next, with their numbers of events."""
    statuses = [str(s) for s in query.statuses or tuple(Status)]
    standings = [str(s) for s in query.standings or tuple(Standing)]
    text = _PARTNERS.format(
        is_source="source = ?",
        is_target="target = ?",
        statuses=", ".join("?" * len(statuses)),
        standings=", ".join("?" * len(standings)),
    )
    found = opened.rows(text, [side, side, side, *statuses, *standings, side])
    names = names_of(opened, (row["other"] for row in found))
    return [{**row, "party": names[row["other"]]} for row in found]


def places_of(opened: Opened, chosen: Filter, most: int = 60) -> list[dict[str, Any]]:
    """Where the rows of a filter happen, those with coordinates: number of rows a place."""
    where, params = chosen.where()
    return opened.rows(
        "SELECT r.place AS id, min(r.place_name) AS name, min(r.place_country) AS country,"
        ' any_value(p.lat) AS lat, any_value(p.lon) AS lon, count(DISTINCT r."row") AS n'
        f" FROM (SELECT * FROM reading WHERE {where} AND place IS NOT NULL AND type IS NOT NULL) AS r"
        " JOIN documents AS d ON d.rowid = r.document_row JOIN places AS p ON p.id = r.place AND p.document = d.id"
        f" WHERE p.lat IS NOT NULL GROUP BY r.place ORDER BY n DESC, id LIMIT {most:d}",
        params,
    )


_PAIR_LIST = """
SELECT least(source, target) AS one, greatest(source, target) AS other, count(DISTINCT "row") AS n,
  count(DISTINCT "row") FILTER (quad LIKE '%conflict') AS conflict,
  count(DISTINCT "row") FILTER (quad LIKE '%cooperation') AS cooperation, max(last) AS last
FROM dyads WHERE source <> target AND status = 'actual' AND standing IN ('reported', 'attributed')
  AND first IS NOT NULL AND last IS NOT NULL
GROUP BY ALL ORDER BY n DESC, one, other LIMIT ?
"""
"""What the table `pairs` holds, for a record that was published before there was one."""


def busiest_pairs(opened: Opened, most: int) -> list[dict[str, Any]]:
    """Pairs of sides with the most events between them, both ways, as a pair's page counts them by default."""
    counted = opened.record.has_table("pairs")
    found = opened.rows("SELECT * FROM pairs LIMIT ?" if counted else _PAIR_LIST, [most])
    names = names_of(opened, (row[key] for row in found for key in ("one", "other")))
    return [{**row, "one_party": names[row["one"]], "other_party": names[row["other"]]} for row in found]


def acts_between(opened: Opened, question: Question) -> list[dict[str, Any]]:
    """Events of a pair by type, in each direction, as the lists that they lead to count them."""
    a, b = question.a, question.b
    found: dict[EventType, dict[str, Any]] = {}
    for way, source, target in (("out", a, b), ("in", b, a)):
        query = replace(question.query, source=source, target=target, directed=True)
        for one in count_series(opened.record, query).bins:
            for kind, n in one.types.items():
                row = found.setdefault(kind, {"type": kind, "out": 0, "in": 0})
                row[way] += n
    return [found[kind] for kind in EventType if kind in found]


def _newest(opened: Opened, question: Question, most: int = 12) -> list[EventView]:
    """The last events of a series, the newest first."""
    return event_views(opened, rows_behind(opened.record, question.query, newest_first=True, limit=most))


def _table_rows(series: Series) -> list[tuple[Bin, tuple[float, float] | None, Bin | None]]:
    """Bins with the band of their index; a run of gaps is one row, with its last bin."""
    rows: list[tuple[Bin, tuple[float, float] | None, Bin | None]] = []
    for one in series.bins:
        if one.gap and rows and rows[-1][0].gap:
            rows[-1] = (rows[-1][0], None, one)
        else:
            rows.append((one, band_of(one), None))
    return rows


def add_routes(app: FastAPI, site: Site) -> None:
    """`/pairs`, `/pair/{a}/{b}`, `/actor/{id}`, `…/tension`, `/events`, `/event/{id}`."""

    def show(request: Request, a: str, b: str | None) -> Response:
        opened = site.opened
        question = read_question(a, b, request.query_params.multi_items())
        one = find_side(opened, a)
        other = find_side(opened, b) if b is not None else None
        series = count_series(opened.record, question.query)
        if len(series.bins) > MOST_CHARTED:
            raise ConfigError(
                "E802",
                f"{len(series.bins):,} bins are more than a chart can show",
                remedy="take longer bins or a shorter span",
            )
        chosen = Filter(pair=f"{one.key}~{other.key}") if other else Filter(actor=one.key)
        partners = partners_of(opened, one.key, question.query) if other is None else []
        places = places_of(opened, chosen)
        rows = _table_rows(series)
        return site.page(
            request,
            "pair.html",
            opened=opened,
            question=question,
            series=series,
            one=one,
            other=other,
            rows=rows,
            label_of=lambda start: bin_label(start, question.query.by),
            chart=series_chart(series, question.events_address()),
            newest=_newest(opened, question),
            partners=partners,
            places=places,
            acts=acts_between(opened, question) if other else [],
            chosen=chosen,
            network={
                "centre": one.name,
                "nodes": partner_nodes(partners, one.key),
                "words": {key: str(say(f"overview.{key}")) for key in ("conflict", "cooperation")},
            },
            points=place_points(places, chosen),
            types=EventType,
            quads=Quad,
            statuses=Status,
            standings=Standing,
            bys=By,
        )

    @app.get("/pair/{a}/{b}", include_in_schema=False)
    def pair(request: Request, a: str, b: str) -> Response:
        return show(request, a, b)

    @app.get("/actor/{a}", include_in_schema=False)
    def actor(request: Request, a: str) -> Response:
        if a.startswith("u:"):  # unnamed: somebody of one article, who has rows but no series
            return RedirectResponse(read_filter([("actor", a)]).address(), status_code=303)
        return show(request, a, None)

    @app.get("/tension/{a}/{b}", include_in_schema=False)
    def tension(request: Request, a: str, b: str) -> Response:
        opened = site.opened
        question = read_question(a, b, request.query_params.multi_items())
        found = measure_tension(opened.record, question.query)
        movers = event_views(opened, [mover.event for mover in found.movers])
        pulls = [mover.pull for mover in found.movers]
        return site.page(
            request,
            "tension.html",
            opened=opened,
            question=question,
            tension=found,
            movers=list(zip(pulls, movers, strict=True)),
        )

    @app.get("/pairs", include_in_schema=False)
    def pairs(request: Request) -> Response:
        opened = site.opened
        a, b = ((request.query_params.get(name) or "").strip()[:120] for name in "ab")
        if a:
            one = find_side(opened, a).key
            target = pair_question(one, find_side(opened, b).key if b else None).address()
            return RedirectResponse(target, status_code=303)
        return site.page(request, "pairs.html", opened=opened, pairs=busiest_pairs(opened, 100))

    @app.get("/pairs/changed", include_in_schema=False)
    def changed(request: Request) -> Response:
        opened = site.opened
        found = scan_tensions(opened.record, SeriesQuery(source=None), most=40)
        names = names_of(opened, (side for one in found for side in (one.source, one.target)))
        return site.page(request, "changed.html", opened=opened, found=found[:15], total=len(found), names=names)

    @app.get("/events", include_in_schema=False)
    def events(request: Request) -> Response:
        opened = site.opened
        params = request.query_params
        page = page_number(params.get("page"))
        a = (params.get("a") or "").strip()[:120] or None
        b = (params.get("b") or "").strip()[:120] or None
        question = read_question(a or "", b, params.multi_items())
        query = question.query if a else replace(question.query, source=None, target=None, directed=True)
        start = datetime.date.fromisoformat(read_day("start", params["start"])) if params.get("start") else None
        undated = params.get("undated") == "1"
        series = count_series(opened.record, query)
        if undated:
            total = series.undated
        elif start is not None:
            total = sum(one.events for one in series.bins if one.start <= start < one.end)
        else:
            total = series.events
        found = rows_behind(opened.record, query, start=start, undated=undated, limit=PAGE, offset=(page - 1) * PAGE)
        rest = [(k, v) for k, v in params.multi_items() if k != "page"]
        return site.page(
            request,
            "events.html",
            opened=opened,
            question=question if a else None,
            series=series,
            total=total,
            start=start,
            bin_name=bin_label(start, query.by) if start else None,
            undated=undated,
            events=event_views(opened, found),
            page=page,
            pages=min(400, -(-total // PAGE)),
            address=f"/events?{urlencode(rest)}{'&' if rest else ''}page=",
        )

    @app.get("/event/{identifier}", include_in_schema=False)
    def event(request: Request, identifier: str) -> Response:
        opened = site.opened
        found = opened.one(
            'SELECT id, mode, place, date, start, "end", documents, clusters, assertions FROM events'
            " WHERE rowid IN (SELECT unnest(?))",
            [opened.record.event_rows([identifier])],
        )
        behind = events_behind(opened.record, [identifier]) if found else ()
        if not behind:
            raise NotThere(f"there is no event {identifier[:60]!r}", "the events page lists them")
        ids = [row.assertion for row in behind[0].rows]
        rows = rows_by_id(opened, ids, order="copy <> 'original', day, \"row\"", limit=200)
        return site.page(
            request,
            "event.html",
            opened=opened,
            view=event_views(opened, behind)[0],
            facts=found,
            rows=rows,
            titles=titles_of(opened, rows),
        )


def find_side(opened: Opened, text: str) -> Any:
    """The party that a text means; a page of its own where there is nobody of that name."""
    try:
        return find_party(opened.record, text)
    except ConfigError as error:
        raise NotThere(
            f"{text[:60]!r}: {error.what}", error.remedy or "the pairs page lists who is in the record"
        ) from error
