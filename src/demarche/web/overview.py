"""The first page: what is in the record, what is new, what is disputed, what falls due."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import Response

from demarche.records import EventType, Status
from demarche.web.opened import Opened
from demarche.web.site import Site
from demarche.web.titles import titles_of
from demarche.web.views import find_rows

__all__ = ["add_routes", "summary"]

_SUMMARY = """
SELECT count(*) AS documents, count(*) FILTER (copy <> 'original') AS copies, count(DISTINCT publisher) AS publishers,
  min(substr(published, 1, 10)) AS first, max(substr(published, 1, 10)) AS last,
  coalesce(sum(words), 0)::BIGINT AS words,
  count(*) FILTER (published IS NULL) AS undated, count(*) FILTER (damage >= 0.2) AS damaged
FROM documents
"""


def summary(opened: Opened) -> dict[str, Any]:
    """Counts of the whole record; each is the number of rows that a page lists."""
    found = opened.one(_SUMMARY)
    found |= opened.one(
        "SELECT count(*) AS rows, count(type) AS typed, count(*) FILTER (standing = 'disputed') AS disputed,"
        " count(*) FILTER (standing = 'attributed') AS attributed FROM reading"
    )
    for table in ("sentences", "attributions", "rejections", "events", "claims", "threats", "commitments", "forecasts"):
        found[table] = opened.count(table)
    return found


def matrix(opened: Opened) -> dict[str, Any]:
    """Rows by type and status, with how strongly to colour each cell (0 to 5)."""
    rows = opened.rows("SELECT type, quad, status, count(*) AS n FROM reading WHERE type IS NOT NULL GROUP BY ALL")
    cells = {(row["type"], row["status"]): row["n"] for row in rows}
    quads = {row["type"]: row["quad"] for row in rows}
    types = [t for t in EventType if t in quads]
    statuses = [s for s in Status if any((t, s) in cells for t in types)]
    most = max(cells.values(), default=1)
    shades = {key: max(1, round(5 * (n / most) ** 0.5)) for key, n in cells.items()}
    totals = {t: sum(cells.get((t, s), 0) for s in statuses) for t in types}
    return {"types": types, "statuses": statuses, "cells": cells, "shades": shades, "quads": quads, "totals": totals}


_PAIRS = """
SELECT least(a, b) AS one, greatest(a, b) AS other, count(DISTINCT id) AS n,
  count(DISTINCT id) FILTER (quad LIKE '%conflict') AS conflict,
  count(DISTINCT id) FILTER (quad LIKE '%cooperation') AS cooperation
FROM (SELECT id, quad, unnest(source_sides) AS a, target_sides FROM reading WHERE type IS NOT NULL) AS s,
  unnest(s.target_sides) AS t(b)
WHERE a <> b GROUP BY ALL ORDER BY n DESC, one, other LIMIT ?
"""


def busiest_pairs(opened: Opened, most: int = 12) -> list[dict[str, Any]]:
    """Pairs of sides with the most rows between them, in either direction, whatever their status."""
    found = opened.rows(_PAIRS, [most])
    sides = opened.rows(
        "SELECT side, arg_min(name, (kind <> 'state', length(id), id)) AS name FROM names GROUP BY side"
    )
    names = {row["side"]: row["name"] for row in sides}
    return [{**row, "one_name": names.get(row["one"], row["one"]), "other_name": names.get(row["other"], row["other"])}
            for row in found]  # fmt: skip


def add_routes(app: FastAPI, site: Site) -> None:
    """`/`."""

    @app.get("/", include_in_schema=False)
    def overview(request: Request) -> Response:
        opened = site.opened
        newest = find_rows(
            opened, "type IS NOT NULL AND copy = 'original'", [], order="day DESC NULLS LAST, id", limit=8
        )
        disputed = find_rows(
            opened, "standing = 'disputed' AND type IS NOT NULL", [], order="day DESC NULLS LAST, id", limit=6
        )
        publishers = opened.rows(
            "SELECT publisher AS value, count(*) AS n FROM documents GROUP BY ALL ORDER BY n DESC, value LIMIT 8"
        )
        languages = opened.rows(
            "SELECT language AS value, count(*) AS n FROM documents GROUP BY ALL ORDER BY n DESC, value LIMIT 8"
        )
        return site.page(
            request, "overview.html", opened=opened, sums=summary(opened), matrix=matrix(opened), newest=newest,
            disputed=disputed, publishers=publishers, languages=languages, pairs=busiest_pairs(opened),
            titles=titles_of(opened, [*newest, *disputed]),
        )  # fmt: skip
