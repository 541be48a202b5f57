"""What could not be read or coded, and why."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import Response

from demarche.web.search_pages import MOST_PAGES, page_number
from demarche.web.site import Site

__all__ = ["add_routes"]


def add_routes(app: FastAPI, site: Site) -> None:
    """`/rejections`."""

    @app.get("/rejections", include_in_schema=False)
    def rejections(request: Request) -> Response:
        opened = site.opened
        code = (request.query_params.get("code") or "")[:20]
        page = page_number(request.query_params.get("page"))
        codes = opened.rows("SELECT code, stage, count(*) AS n, min(reason) AS reason FROM rejections"
                            " GROUP BY code, stage ORDER BY n DESC, code, stage")  # fmt: skip
        rows = opened.rows(
            "SELECT id, source, place, stage, code, reason, count(*) OVER () AS total FROM rejections"
            " WHERE (? = '' OR code = ?) ORDER BY source, place, id LIMIT 100 OFFSET ?",
            [code, code, (page - 1) * 100],
        )
        total = rows[0]["total"] if rows else 0
        if site.shared:
            rows = [{**row, "source": row["source"].rsplit("/", 1)[-1]} for row in rows]
        return site.page(request, "rejections.html", opened=opened, codes=codes, rows=rows, total=total, code=code,
                         page=page, pages=min(MOST_PAGES, -(-total // 100)))  # fmt: skip
