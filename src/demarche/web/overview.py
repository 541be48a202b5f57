"""The first page: what is in the record, what is new, what is disputed, what falls due."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import Response

from demarche.records import EventType, Status
from demarche.series import events_behind
from demarche.web.boards import claims_of, deadlines
from demarche.web.opened import Opened
from demarche.web.pair_pages import busiest_pairs, event_views
from demarche.web.site import Site

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
    source = (
        "tallies WHERE which = 3"
        if opened.record.has_table("tallies")
        else "(SELECT *, 1 AS n FROM reading) WHERE TRUE"
    )
    rows = opened.rows(
        f"SELECT type, quad, status, sum(n)::BIGINT AS n FROM {source} AND type IS NOT NULL GROUP BY type, quad, status"
    )
    cells = {(row["type"], row["status"]): row["n"] for row in rows}
    quads = {row["type"]: row["quad"] for row in rows}
    types = [t for t in EventType if t in quads]
    statuses = [s for s in Status if any((t, s) in cells for t in types)]
    most = max(cells.values(), default=1)
    shades = {key: max(1, round(5 * (n / most) ** 0.5)) for key, n in cells.items()}
    totals = {t: sum(cells.get((t, s), 0) for s in statuses) for t in types}
    return {"types": types, "statuses": statuses, "cells": cells, "shades": shades, "quads": quads, "totals": totals}


def add_routes(app: FastAPI, site: Site) -> None:
    """`/`."""

    @app.get("/", include_in_schema=False)
    def overview(request: Request) -> Response:
        opened = site.opened
        ids = opened.rows(
            "SELECT id FROM events WHERE first IS NOT NULL ORDER BY first DESC, clusters DESC, id LIMIT 10"
        )
        newest = event_views(opened, events_behind(opened.record, [row["id"] for row in ids]))
        contested = claims_of(opened, "len(asserting) > 0 AND len(denying) > 0", [], limit=5)
        publishers = opened.rows(
            "SELECT publisher AS value, count(*) AS n FROM documents GROUP BY ALL ORDER BY n DESC, value LIMIT 8"
        )
        languages = opened.rows(
            "SELECT language AS value, count(*) AS n FROM documents GROUP BY ALL ORDER BY n DESC, value LIMIT 8"
        )
        return site.page(
            request, "overview.html", opened=opened, sums=summary(opened), matrix=matrix(opened), newest=newest,
            contested=contested, due=deadlines(opened), publishers=publishers, languages=languages,
            pairs=busiest_pairs(opened, 10),
        )  # fmt: skip
