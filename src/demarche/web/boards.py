"""Boards: claims with who asserts and who denies; threats, commitments and forecasts with what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import Response

from demarche.errors import ConfigError
from demarche.records import EventType, Standing
from demarche.web.opened import Opened
from demarche.web.search_pages import page_number
from demarche.web.site import NotThere, Site
from demarche.web.titles import titles_of
from demarche.web.views import RowView, names_of, rows_by_id

__all__ = ["BOARDS", "add_routes", "claims_of", "deadlines"]

PAGE = 25

_CLAIMS = """
SELECT c.*, count(*) OVER () AS total, (SELECT count(*) FROM stances AS s WHERE s.claim = c.id) AS stances
FROM claims AS c WHERE {where}
ORDER BY len(asserting) > 0 AND len(denying) > 0 DESC, standing = 'disputed' DESC, documents DESC,
  last DESC NULLS LAST, id
LIMIT {limit:d} OFFSET {offset:d}
"""


def claims_of(opened: Opened, where: str, params: list[Any], *, limit: int, offset: int = 0) -> list[dict[str, Any]]:
    """Claims with the names of those who take a stance; disputed ones first."""
    rows = opened.rows(_CLAIMS.format(where=where, limit=limit, offset=offset), params)
    ids = (i for row in rows for key in ("sources", "targets", "asserting", "denying") for i in row[key])
    people = names_of(opened, ids)
    return [
        {**row, **{key: [people[i] for i in row[key]] for key in ("sources", "targets", "asserting", "denying")}}
        for row in rows
    ]


BOARDS: Mapping[str, tuple[str, str, str]] = {
    "threats": ("threatener", "target", "deadline"),
    "commitments": ("debtor", "creditor", "date"),
    "forecasts": ("forecaster", "", "horizon"),
}
"""Table → its column of who, of whom, and of when it falls due."""

_ROWS = {
    "threats": ("assertion", "harm", "condition", "shown_by"),
    "commitments": ("assertion", "content", "shown_by"),
    "forecasts": ("assertion", "shown_by"),
}


def board(opened: Opened, name: str, state: str, who: str, *, limit: int, offset: int) -> list[dict[str, Any]]:
    """Rows of a board with the assertions they rest on. who: the id of an actor, or a state's code with its bodies."""
    first, second, due = BOARDS[name]
    sides = [column for column in (first, second) if column]
    where, params = ["TRUE"], list[Any]()
    if state:
        where.append("state = ?")
        params.append(state)
    if who:
        any_side = " OR ".join(f"len(list_filter({c}, lambda x: x = ? OR starts_with(x, ?))) > 0" for c in sides)
        where.append(f"({any_side})")
        params += [who, f"{who}."] * len(sides)
    rows = opened.rows(
        f"SELECT *, count(*) OVER () AS total FROM {name} WHERE {' AND '.join(where)}"
        f" ORDER BY state <> 'open' DESC, {due} IS NULL, {due} DESC, date DESC NULLS LAST, id"
        f" LIMIT {limit:d} OFFSET {offset:d}",
        params,
    )
    ids = sorted({row[key] for row in rows for key in _ROWS[name] if row.get(key)})
    behind: dict[str, RowView] = {row.id: row for row in rows_by_id(opened, ids, limit=1000)}
    people = names_of(
        opened,
        (i for row in rows for column in (*sides, *(["holder"] if name == "commitments" else [])) for i in row[column]),
    )
    return [
        {
            **row,
            "who": [people[i] for i in row[first]],
            "whom": [people[i] for i in row[second]] if second else [],
            "due": row[due] if name != "commitments" else None,
            "rows": {key: behind[row[key]] for key in _ROWS[name] if row.get(key) in behind},
        }
        for row in rows
    ]


_OWED = """
SELECT assertion, content, date FROM commitments WHERE state = 'open' AND content IS NOT NULL
ORDER BY date DESC NULLS LAST, id LIMIT 300
"""

_DUE = f"""
SELECT 'threats' AS board, assertion, deadline AS due FROM threats WHERE state = 'open' AND deadline IS NOT NULL
UNION ALL
SELECT 'forecasts', assertion, horizon FROM forecasts WHERE state = 'open' AND horizon IS NOT NULL
UNION ALL
SELECT 'commitments', c.assertion, (try_cast(substr(t."end", 1, 10) AS DATE) - 1)::VARCHAR FROM ({_OWED}) AS c
  JOIN assertions AS a ON a.document IN (SELECT unnest($documents)) AND a.id = c.content
  JOIN times AS t ON t.document = a.document AND t.id = a.time
WHERE try_cast(substr(t."end", 1, 10) AS DATE) > try_cast(substr(c.date, 1, 10) AS DATE)
"""
"""What somebody owes or expects by a day that is named; of commitments the newest three hundred, by the day on which
what was promised is to happen."""


def deadlines(opened: Opened, most: int = 6) -> list[dict[str, Any]]:
    """Open threats, commitments and forecasts with a named day: what is still to come when the newest article was
    published, the nearest first; then what fell due before, the latest first."""
    owed = opened.rows(_OWED)
    found = opened.rows(
        "SELECT board, assertion, due, due >= last AS ahead"
        f" FROM ({_DUE}), (SELECT max(day)::VARCHAR AS last FROM days) WHERE due IS NOT NULL"
        " ORDER BY ahead DESC, CASE WHEN ahead THEN due END, due DESC, assertion LIMIT $most",
        {"documents": sorted({row["content"].partition(".")[0] for row in owed}), "most": most},
    )
    rows = {row.id: row for row in rows_by_id(opened, [row["assertion"] for row in found], limit=most)}
    return [{**row, "row": rows[row["assertion"]]} for row in found if row["assertion"] in rows]


def _one_of(name: str, value: str, known: list[str]) -> str:
    if value and value not in known:
        advice = f"give one of: {', '.join(known)}"
        raise ConfigError("E802", f"{value[:40]!r} is nothing that `{name}` can be", remedy=advice)
    return value


def add_routes(app: FastAPI, site: Site) -> None:
    """`/claims`, `/claim/{id}`, `/threats`, `/commitments`, `/forecasts`."""

    @app.get("/claims", include_in_schema=False)
    def claims(request: Request) -> Response:
        opened = site.opened
        asked = {
            name: (request.query_params.get(name) or "").strip()[:120] for name in ("standing", "type", "both", "who")
        }
        page = page_number(request.query_params.get("page"))
        where, params = ["TRUE"], list[Any]()
        if _one_of("standing", asked["standing"], [str(s) for s in Standing]):
            where.append("standing = ?")
            params.append(asked["standing"])
        if _one_of("type", asked["type"], [str(t) for t in EventType]):
            where.append("type = ?")
            params.append(asked["type"])
        if asked["both"]:
            where.append("len(asserting) > 0 AND len(denying) > 0")
        if asked["who"]:
            where.append(
                "len(list_filter(list_concat(list_concat(asserting, denying), list_concat(sources, targets)),"
                " lambda x: x = ? OR starts_with(x, ?))) > 0"
            )
            params += [asked["who"], f"{asked['who']}."]
        found = claims_of(opened, " AND ".join(where), params, limit=PAGE, offset=(page - 1) * PAGE)
        total = found[0]["total"] if found else 0
        both = opened.one("SELECT count(*) AS n FROM claims WHERE len(asserting) > 0 AND len(denying) > 0")["n"]
        return site.page(
            request,
            "claims.html",
            opened=opened,
            claims=found,
            total=total,
            asked=asked,
            page=page,
            both=both,
            all=opened.count("claims"),
            pages=min(400, -(-total // PAGE)),
            types=EventType,
            standings=Standing,
        )

    @app.get("/claim/{identifier}", include_in_schema=False)
    def claim(request: Request, identifier: str) -> Response:
        opened = site.opened
        found = claims_of(opened, "c.id = ?", [identifier], limit=1)
        if not found:
            raise NotThere(f"there is no claim {identifier[:60]!r}", "the claims page lists them")
        stances = opened.rows(
            "SELECT s.assertion, s.stance, s.holder, s.date FROM stances AS s WHERE s.claim = ?"
            " ORDER BY s.date NULLS LAST, s.assertion, s.holder LIMIT 500",
            [identifier],
        )
        ids = sorted({s["assertion"] for s in stances})
        rows = {row.id: row for row in rows_by_id(opened, ids, limit=500)}
        people = names_of(opened, (s["holder"] for s in stances if s["holder"]))
        return site.page(
            request,
            "claim.html",
            opened=opened,
            claim=found[0],
            stances=[
                {**s, "row": rows[s["assertion"]], "who": people.get(s["holder"])}
                for s in stances
                if s["assertion"] in rows
            ],
            titles=titles_of(opened, rows.values()),
        )

    def show(request: Request, name: str) -> Response:
        opened = site.opened
        states = [row["state"] for row in opened.rows(f"SELECT DISTINCT state FROM {name} ORDER BY state")]
        state = _one_of("state", (request.query_params.get("state") or "").strip()[:40], states)
        who = (request.query_params.get("who") or "").strip()[:120]
        page = page_number(request.query_params.get("page"))
        rows = board(opened, name, state, who, limit=PAGE, offset=(page - 1) * PAGE)
        total = rows[0]["total"] if rows else 0
        counts = opened.rows(f"SELECT state, count(*) AS n FROM {name} GROUP BY state ORDER BY n DESC, state")
        return site.page(
            request,
            "board.html",
            opened=opened,
            name=name,
            rows=rows,
            total=total,
            state=state,
            who=who,
            counts=counts,
            page=page,
            pages=min(400, -(-total // PAGE)),
            titles=titles_of(opened, (r for row in rows for r in row["rows"].values())),
        )

    @app.get("/threats", include_in_schema=False)
    def threats(request: Request) -> Response:
        return show(request, "threats")

    @app.get("/commitments", include_in_schema=False)
    def commitments(request: Request) -> Response:
        return show(request, "commitments")

    @app.get("/forecasts", include_in_schema=False)
    def forecasts(request: Request) -> Response:
        return show(request, "forecasts")
