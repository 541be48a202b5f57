"""Style, scripts and vendored files: read once, compressed once, kept by browsers for a year under their hash."""

from __future__ import annotations

import functools
import gzip
from importlib.resources import files

from fastapi import FastAPI, Form, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from demarche.web.access import same_token, sign_in_cookie
from demarche.web.site import Site, static_names

__all__ = ["add_routes"]

_KINDS = {
    "js": "text/javascript",
    "css": "text/css",
    "json": "application/json",
    "svg": "image/svg+xml",
    "md": "text/plain",
}


@functools.cache
def _content(name: str) -> tuple[bytes, bytes]:
    data = files("demarche.web").joinpath(f"static/{name}").read_bytes()
    return data, gzip.compress(data, 9, mtime=0)


def add_routes(app: FastAPI, site: Site) -> None:
    """`/static/…`, `/sign-in`, `/health`."""

    @app.get("/static/{name:path}", include_in_schema=False)
    def static(name: str, request: Request) -> Response:
        if name not in static_names():
            return PlainTextResponse("no such file", status_code=404)
        tag = f'"{static_names()[name]}"'
        lasting = "public, max-age=31536000, immutable" if "v" in request.query_params else "no-cache"
        headers = {"etag": tag, "cache-control": lasting, "vary": "accept-encoding"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        data, packed = _content(name)
        if "gzip" in request.headers.get("accept-encoding", ""):
            data = packed
            headers["content-encoding"] = "gzip"
        kind = _KINDS.get(name.rsplit(".", 1)[-1], "application/octet-stream")
        charset = "; charset=utf-8" if kind.startswith("text/") else ""
        return Response(data, headers={**headers, "content-type": kind + charset})

    @app.get("/sign-in", include_in_schema=False)
    def sign_in() -> Response:
        return site.refusal(401, "sign_in", {}, "/sign-in")

    @app.post("/sign-in", include_in_schema=False)
    def enter(token: str = Form("", max_length=500)) -> Response:
        if not same_token(site.options, token.strip()):
            return site.refusal(401, "wrong_token", {}, "/sign-in")
        answer = RedirectResponse("/", status_code=303)
        answer.headers["set-cookie"] = sign_in_cookie(site.options)
        return answer

    @app.get("/health", include_in_schema=False)
    def health() -> Response:
        return PlainTextResponse("ok")
