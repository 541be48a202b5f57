"""What is listed, as a file: CSV, JSON or Parquet, with the query and the record's hash in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from fastapi import FastAPI, Request
from fastapi.responses import Response, StreamingResponse

from demarche.errors import StoreError
from demarche.export import plain_cell
from demarche.web.filters import SORTS, Filter, read_filter
from demarche.web.opened import Opened
from demarche.web.search_pages import newest_of
from demarche.web.site import Site
from demarche.web.views import page_of

__all__ = ["COLUMNS", "add_routes", "fetch"]

COLUMNS = (
    "id", "document", "sentence", "day", "publisher", "copy", "cluster", "type", "mode", "quad", "status", "polarity",
    "certainty", "standing", "sources", "targets", "holders", "source_sides", "target_sides", "happened", "place",
    "place_name", "place_country", "predicate", "intensity", "rule", "score", "words",
)  # fmt: skip
"""Columns of a download, in order."""


def fetch(
    opened: Opened, chosen: Filter, most: int, *, offset: int = 0, newest: int | None = None
) -> list[dict[str, Any]]:
    """Rows of a filter in its order. newest: as in `Filter.where`."""
    where, params = chosen.where(newest=newest)
    columns = ", ".join(name for name in COLUMNS if name not in ("id", "document", "sentence", "words"))
    found = opened.rows(page_of(columns, where, SORTS[chosen.sort], most, offset), params)
    return [{name: row[name] for name in COLUMNS} for row in found]


def _csv(rows: list[dict[str, Any]], query: str, record: str) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*COLUMNS, "query", "manifest"])
    for number, row in enumerate(rows):
        cells = [str(v) if hasattr(v, "isoformat") else v for v in row.values()]
        writer.writerow([plain_cell(cell) for cell in (*cells, query, record)])
        if number % 500 == 499:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _parquet(rows: list[dict[str, Any]], query: str, record: str) -> bytes:
    lists = {"sources", "targets", "holders", "source_sides", "target_sides"}
    kinds = {"day": pa.date32(), "happened": pa.date32(), "score": pa.float64(), "intensity": pa.float64()}
    schema = pa.schema(
        [(c, pa.list_(pa.string()) if c in lists else kinds.get(c, pa.string())) for c in COLUMNS],
        metadata={"query": query, "manifest": record},
    )
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows, schema), sink, compression="zstd")
    return bytes(sink.getvalue())


def add_routes(app: FastAPI, site: Site) -> None:
    """`/download.csv`, `/download.json`, `/download.parquet`."""

    def found(request: Request) -> tuple[list[dict[str, Any]], str, str]:
        opened = site.opened
        chosen = read_filter(request.query_params.multi_items())
        most = site.options.limits.export_rows
        newest = newest_of(opened, chosen)
        where, params = chosen.where(newest=newest)
        total = opened.one(f"SELECT count(*) AS n FROM reading WHERE {where}", params)["n"]
        if total > most:
            advice = "narrow the search, or use `demarche export` on the record itself"
            raise StoreError("E511", f"{total:,} rows are more than one download holds ({most:,})", remedy=advice)
        query = f"/search?{urlencode(chosen.params())}"
        if newest is not None:
            query += f" (the newest {newest:,} sentences with these words)"
        return fetch(opened, chosen, most, newest=newest), query, opened.manifest_hash

    def named(kind: str, record: str) -> dict[str, str]:
        name = f"demarche-{record[:12]}.{kind}"
        return {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}

    @app.get("/download.csv", include_in_schema=False)
    def as_csv(request: Request) -> Response:
        rows, query, record = found(request)
        kind = "text/csv; charset=utf-8"
        return StreamingResponse(_csv(rows, query, record), media_type=kind, headers=named("csv", record))

    @app.get("/download.json", include_in_schema=False)
    def as_json(request: Request) -> Response:
        rows, query, record = found(request)
        body = orjson.dumps({"manifest": record, "query": query, "total": len(rows), "rows": rows})
        return Response(body, media_type="application/json", headers=named("json", record))

    @app.get("/download.parquet", include_in_schema=False)
    def as_parquet(request: Request) -> Response:
        rows, query, record = found(request)
        kind = "application/vnd.apache.parquet"
        return Response(_parquet(rows, query, record), media_type=kind, headers=named("parquet", record))
