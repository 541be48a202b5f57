"""Search: words and facets, saved as an address; articles listed; what is seen can be downloaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import Response

from demarche.errors import ConfigError
from demarche.store import rarest_word
from demarche.web.filters import SORTS, Filter, read_filter
from demarche.web.opened import Opened, Timeout
from demarche.web.site import Site
from demarche.web.titles import titles_of
from demarche.web.views import Party, RowView, find_rows, names_of

__all__ = ["Found", "Reach", "add_routes", "facets_of", "newest_of", "page_number", "reach_of", "search"]

PAGE = 25
COLUMN_OF = {"country": "place_country"}
FACETS = ("type", "status", "standing", "quad", "publisher", "country")
WHICH = {"type": 31, "quad": 47, "status": 55, "standing": 59, "publisher": 61, "place_country": 62}
"""What `tallies.which` is for the counts of one column: a bit for each of the six that does not count."""
MOST_PAGES = 400
COUNTED_EXACTLY = 200_000
"""Rows up to which distinct sentences and actors are counted: above, it takes longer than a page should."""

LOOKED_THROUGH = 100_000
"""Sentences that a search by nothing but words looks through at most, the newest first: in a record of ten million
assertions a common word stands in millions. A fifth of it where a phrase must be read for. Any other choice beside the
words lifts it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of results. total: all rows that the filter lets through. sentences, documents: None where they are too
    many to be counted while somebody waits.
    """

    rows: list[RowView]
    total: int
    sentences: int | None
    documents: int | None
    page: int

    @property
    def pages(self) -> int:
        return min(MOST_PAGES, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Of the sentences with the words of a search, `held` at most, only the `newest` are looked through."""

    newest: int
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A page of results with what narrows it down."""

    found: Found
    facets: dict[str, list[dict[str, Any]]]
    actors: list[tuple[Party, int]]


def look(opened: Opened, chosen: Filter, page: int, newest: int | None) -> Seen:
    """Everything that a page of results shows."""
    facets, total = counted(opened, chosen, newest=newest)
    found = search(opened, chosen, page, newest=newest, total=total)
    actors = busiest_actors(opened, chosen, newest=newest) if found.total <= COUNTED_EXACTLY else []
    return Seen(found=found, facets=facets, actors=actors)


def page_number(value: str | None) -> int:
    """The page asked for.

    Raises:
        ConfigError: E802 when it is no page that can be shown.
    """
    if value is None or value == "":
        return 1
    if not (value.isascii() and value.isdigit() and len(value) < 9 and 1 <= int(value) <= MOST_PAGES):
        advice = f"give a number from 1 to {MOST_PAGES}, or narrow the search"
        raise ConfigError("E802", f"{value[:40]!r} is nothing that `page` can be", remedy=advice)
    return int(value)


def reach_of(opened: Opened, chosen: Filter) -> Reach | None:
    """How far a search by words alone goes back; None: all the way. Whether it is narrowed so depends on the record and
    the search alone, so that its address always shows the same.
    """
    phrase = '"' in chosen.words
    if not chosen.q or not (chosen.words_alone or phrase):
        return None
    held = rarest_word(opened.record, chosen.words)
    most = LOOKED_THROUGH // 5 if phrase else LOOKED_THROUGH
    return Reach(newest=most, held=held) if held > most else None


def newest_of(opened: Opened, chosen: Filter) -> int | None:
    """How many sentences a search looks through, the newest first; None: all."""
    reach = reach_of(opened, chosen)
    return reach.newest if reach else None


def search(opened: Opened, chosen: Filter, page: int, *, newest: int | None = None, total: int | None = None) -> Found:
    """The rows of one page of results. newest: as in `Filter.where`; total: where it is known already."""
    where, params = chosen.where(newest=newest)
    if total is None:
        total = int(opened.one(f"SELECT count(*) AS n FROM reading WHERE {where}", params)["n"])
    within: dict[str, Any] = {"sentences": None, "documents": None}
    if total <= COUNTED_EXACTLY:
        within = opened.one(
            "SELECT count(DISTINCT passage) AS sentences, count(DISTINCT document_row) AS documents"
            f" FROM reading WHERE {where}",
            params,
        )
    rows = find_rows(opened, where, params, order=SORTS[chosen.sort], limit=PAGE, offset=(page - 1) * PAGE)
    return Found(rows=rows, page=page, total=total, **within)


def counted(
    opened: Opened, chosen: Filter, most: int = 12, *, newest: int | None = None
) -> tuple[dict[str, list[dict[str, Any]]], int | None]:
    """Facets, as `facets_of`, and the number of rows in all, where the same pass tells it."""
    found: dict[str, list[dict[str, Any]]] = {}
    free = [name for name in FACETS if not getattr(chosen, name)]
    values: dict[str, list[dict[str, Any]]] = {name: [] for name in FACETS}
    total: int | None = None
    whole = _tallied(opened, chosen)
    if whole:
        values, free = whole, list(FACETS)
        total = sum(row["n"] for row in whole["status"])  # every row has one
    elif free:  # one pass for all facets without a choice: they stand under the same condition
        where, params = chosen.where(newest=newest)
        names = [COLUMN_OF.get(name, name) for name in free]
        sets = ", ".join(f"({name})" for name in names)
        total = 0
        for row in opened.rows(
            f"SELECT {', '.join(names)}, grouping({', '.join(names)}) AS which, count(*) AS n"
            f" FROM reading WHERE {where} GROUP BY GROUPING SETS ({sets}, ())",
            params,
        ):
            at = next((i for i in range(len(free)) if not row["which"] >> (len(free) - 1 - i) & 1), None)
            if at is None:
                total = int(row["n"])
            else:
                values[free[at]].append({"value": row[names[at]], "n": row["n"]})
    for name in set(FACETS) - set(free):
        where, params = chosen.where(without=name, newest=newest)
        column = COLUMN_OF.get(name, name)
        values[name] = opened.rows(
            f"SELECT {column} AS value, count(*) AS n FROM reading WHERE {where} GROUP BY ALL", params
        )
    for name in FACETS:
        picked: tuple[str, ...] = getattr(chosen, name)
        rows = [{"value": row["value"] or "none", "n": row["n"]} for row in values[name]
                if row["value"] is not None or name == "type"]  # fmt: skip
        rows.sort(key=lambda row: (-row["n"], row["value"]))
        have = {row["value"] for row in rows}
        rows += [{"value": value, "n": 0} for value in picked if value not in have]
        found[name] = [row for i, row in enumerate(rows) if i < most or row["value"] in picked]
    return found, total


def _tallied(opened: Opened, chosen: Filter) -> dict[str, list[dict[str, Any]]]:
    """The facets of the whole record, counted when it was published; empty where something is chosen."""
    where, _ = chosen.where()
    if where not in ("TRUE", "copy = 'original'") or not opened.record.has_table("tallies"):
        return {}
    test = "once" if where != "TRUE" else "TRUE"
    found: dict[str, list[dict[str, Any]]] = {}
    for name in FACETS:
        column = COLUMN_OF.get(name, name)
        found[name] = opened.rows(
            f"SELECT {column} AS value, sum(n)::BIGINT AS n FROM tallies WHERE which = ? AND {test} GROUP BY 1",
            [WHICH[column]],
        )
    return found


def facets_of(
    opened: Opened, chosen: Filter, most: int = 12, *, newest: int | None = None
) -> dict[str, list[dict[str, Any]]]:
    """Values with the number of rows each would give, under every other choice; chosen ones always stand there."""
    return counted(opened, chosen, most, newest=newest)[0]


def busiest_actors(
    opened: Opened, chosen: Filter, most: int = 10, *, newest: int | None = None
) -> list[tuple[Party, int]]:
    """Sides that act or are acted on in the rows found, with their numbers of rows."""
    where, params = chosen.where(newest=newest)
    rows = opened.rows(
        "SELECT side, sum(n)::BIGINT AS n FROM (SELECT unnest(list_distinct(list_concat(s, t))) AS side, n FROM ("
        "SELECT any_value(source_sides) AS s, any_value(target_sides) AS t, count(*) AS n"
        f" FROM reading WHERE {where} GROUP BY doers, receivers)) GROUP BY side ORDER BY n DESC, side LIMIT {most:d}",
        params,
    )
    names = names_of(opened, (row["side"] for row in rows))
    return [(names[row["side"]], row["n"]) for row in rows]


_ARTICLES = """
SELECT d.id, d.title, d.published, d.publisher, d.language, d.words, d.copy, d.cluster, d.damage, d.source,
  count(*) OVER () AS total FROM documents AS d
WHERE (? = '' OR contains(lower(coalesce(d.title, '') || ' ' || d.text), lower(?)))
  AND (? = '' OR d.publisher = ?) AND (? = '' OR d.language = ?) AND (? = '' OR d.copy = ?)
  AND (? = '' OR d.published IS NULL) AND (? = '' OR d.damage >= 0.2)
ORDER BY d.published DESC NULLS LAST, d.id LIMIT 50 OFFSET ?
"""


def add_routes(app: FastAPI, site: Site) -> None:
    """`/search`, `/articles`."""

    @app.get("/search", include_in_schema=False)
    def search_page(request: Request) -> Response:
        opened = site.opened
        chosen = read_filter(request.query_params.multi_items())
        page = page_number(request.query_params.get("page"))
        reach = reach_of(opened, chosen)
        late = False
        try:
            seen = look(opened, chosen, page, reach.newest if reach else None)
        except Timeout:
            if reach or not chosen.q:
                raise
            late, reach = True, Reach(newest=LOOKED_THROUGH // 5, held=rarest_word(opened.record, chosen.words))
            seen = look(opened, chosen, page, reach.newest)
        people = names_of(opened, [v for n in ("actor", "source", "target", "holder") if (v := getattr(chosen, n))]
                          + (chosen.pair.split("~") if chosen.pair else []))  # fmt: skip
        answer = site.page(
            request, "search.html", opened=opened, chosen=chosen, found=seen.found, facets=seen.facets,
            actors=seen.actors, titles=titles_of(opened, seen.found.rows), people=people, reach=reach,
        )  # fmt: skip
        if late:  # another time it may be found whole
            answer.headers["cache-control"] = "no-store"
        return answer

    @app.get("/articles", include_in_schema=False)
    def articles(request: Request) -> Response:
        opened = site.opened
        asked = {name: (request.query_params.get(name) or "")[:200] for name in
                 ("q", "publisher", "language", "copy", "undated", "damaged")}  # fmt: skip
        page = page_number(request.query_params.get("page"))
        params = [v for n in ("q", "publisher", "language", "copy") for v in (asked[n], asked[n])]
        rows = opened.rows(_ARTICLES, [*params, asked["undated"], asked["damaged"], (page - 1) * 50])
        ids = [row["id"] for row in rows]
        counts = opened.rows(
            "SELECT document, count(type) AS n FROM assertions WHERE document IN (SELECT unnest(?)) GROUP BY ALL", [ids]
        )
        total = rows[0]["total"] if rows else 0
        publishers = opened.rows("SELECT publisher, count(*) AS n FROM documents WHERE publisher IS NOT NULL"
                                 " GROUP BY ALL ORDER BY n DESC, publisher LIMIT 50")  # fmt: skip
        return site.page(
            request, "articles.html", opened=opened, articles=rows, total=total, asked=asked, page=page,
            pages=min(MOST_PAGES, -(-total // 50)), counts={c["document"]: c["n"] for c in counts},
            publishers=publishers,
        )  # fmt: skip
