"""Review: rows by chance, a verdict with a correction, and what follows from the verdicts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson
from fastapi import FastAPI, Form, Request
from fastapi.responses import RedirectResponse, Response

from demarche.errors import ConfigError
from demarche.records import EventType, Status
from demarche.web.opened import Opened
from demarche.web.reviews import Review, ReviewFile, agreement, estimate, now
from demarche.web.site import NotThere, Site
from demarche.web.titles import titles_of
from demarche.web.views import RowView, numbered, page_of, rows_by_id

__all__ = ["FIELDS", "add_routes", "next_row"]

VERDICTS = ("right", "wrong", "unsure")
FIELDS = ("type", "status", "sources", "targets", "holders", "standing")
"""What a correction may name."""


def next_row(opened: Opened, seed: str, done: set[str], type_: str) -> RowView | None:
    """The first row of a chance order that has no verdict of this reviewer yet."""
    where, params = ("type IS NOT NULL", list[Any]()) if not type_ else ("type = ?", [type_])
    order = "sha256(? || ':' || id)"
    ids = opened.rows(
        f"SELECT id FROM assertions WHERE {where} ORDER BY {order} LIMIT {len(done) + 1:d}", [*params, seed]
    )
    left = [row["id"] for row in ids if row["id"] not in done]
    found = rows_by_id(opened, left[:1], limit=1)
    return found[0] if found else None


def _said(row: RowView) -> Mapping[str, Any]:
    names = ("type", "status", "polarity", "standing", "sources", "targets", "holders", "predicate", "rule", "score")
    return {name: row.row[name] for name in names}


def add_routes(app: FastAPI, site: Site) -> None:
    """`/review`, `/review.jsonl`."""
    kept = ReviewFile(site.review_path)

    @app.get("/review", include_in_schema=False)
    def review(request: Request) -> Response:
        opened = site.opened
        params = request.query_params
        seed = (params.get("seed") or "1")[:40]
        reviewer = (params.get("reviewer") or "").strip()[:80]
        type_ = (params.get("type") or "").strip()
        if type_ and type_ not in {str(t) for t in EventType}:
            raise ConfigError("E802", f"{type_[:40]!r} is nothing that `type` can be", remedy="choose one of the list")
        reviews = kept.all()
        done = {one.row for one in reviews if one.reviewer == reviewer}
        asked = (params.get("row") or "")[:80]
        row: RowView | None
        if asked:
            found = rows_by_id(opened, [asked], limit=1)
            if not found:
                raise NotThere(f"there is no row {asked!r}", "choose one from the search page")
            row = found[0]
        else:
            row = next_row(opened, seed, done, type_)
        drawn = [one for one in reviews if one.drawn]
        return site.page(
            request, "review.html", opened=opened, row=row, drawn=not asked, seed=seed, reviewer=reviewer, type=type_,
            titles=titles_of(opened, [row] if row else []), reviews=reviews, done=len(done), types=EventType,
            statuses=Status, fields=FIELDS, overall=estimate(drawn, lambda _: ""),
            by_type=estimate(drawn, lambda one: str(one.said.get("type"))),
            by_status=estimate(drawn, lambda one: str(one.said.get("status"))),
            agreements=agreement(reviews), file=kept.path.name,
        )  # fmt: skip

    @app.post("/review", include_in_schema=False)
    def judge(
        row: str = Form(max_length=80),
        verdict: str = Form(max_length=10),
        reviewer: str = Form("", max_length=80),
        note: str = Form("", max_length=2_000),
        seed: str = Form("1", max_length=40),
        drawn: str = Form("", max_length=5),
        only: str = Form("", max_length=20),
        type: str = Form("", max_length=120),
        status: str = Form("", max_length=120),
        sources: str = Form("", max_length=120),
        targets: str = Form("", max_length=120),
        holders: str = Form("", max_length=120),
        standing: str = Form("", max_length=120),
    ) -> Response:
        if verdict not in VERDICTS:
            raise ConfigError("E802", f"{verdict!r} is nothing that `verdict` can be", remedy="right, wrong or unsure")
        if not reviewer.strip():
            raise ConfigError("E802", "a review has a name", remedy="go back and say who you are")
        found = rows_by_id(site.opened, [row], limit=1)
        if not found:
            raise NotThere(f"there is no row {row!r}", "choose one from the search page")
        given = {"type": type, "status": status, "sources": sources, "targets": targets, "holders": holders,
                 "standing": standing}  # fmt: skip
        correction = {name: value.strip() for name, value in given.items() if value.strip()}
        kept.add(
            Review(
                row=row,
                verdict=verdict,
                reviewer=_clean(reviewer),
                time=now(),
                drawn=drawn == "1",
                correction=correction if verdict == "wrong" else {},
                note=note.strip(),
                said=_said(found[0]),
                record=site.opened.manifest_hash,
            )
        )
        rest = {"reviewer": reviewer, "seed": seed} | ({"type": only} if only else {})
        return RedirectResponse(f"/review?{urlencode(rest)}" if drawn == "1" else f"/row/{row}", status_code=303)

    @app.get("/review.jsonl", include_in_schema=False)
    def export() -> Response:
        """Every review that stands, each with its sentence: data for training and measuring."""
        opened = site.opened
        reviews = kept.all()
        ids = sorted({one.row for one in reviews})
        page = page_of("", numbered(opened, ids), '"row"', max(1, len(ids)))
        words = {r["id"]: r["words"] for r in opened.rows(page)}
        lines = [
            orjson.dumps({**{n: getattr(one, n) for n in Review.__dataclass_fields__}, "sentence": words.get(one.row)})
            for one in reviews
        ]
        headers = {"content-disposition": 'attachment; filename="review.jsonl"', "cache-control": "no-store"}
        return Response(b"\n".join([*lines, b""]), media_type="application/x-ndjson", headers=headers)


def _clean(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
