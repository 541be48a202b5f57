"""The application: routes behind one guard, every answer compressed, tagged and remembered."""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from demarche import __version__
from demarche.errors import ConfigError, DemarcheError, StoreError
from demarche.web import (
    api,
    article_pages,
    boards,
    download,
    overview,
    pair_pages,
    paste_page,
    quality,
    rejections,
    review_page,
    row_pages,
    search_pages,
    sql_page,
    static_files,
)
from demarche.web.access import App, Guard, Refusal, Scope, is_loopback
from demarche.web.cache import PageCache
from demarche.web.opened import Shelf
from demarche.web.options import WebOptions
from demarche.web.site import Site

__all__ = ["create_app", "free_port", "new_token", "serve"]

log = logging.getLogger(__name__)

PAGES = (overview, pair_pages, boards, search_pages, article_pages, row_pages, rejections, download, quality,
         review_page, paste_page, sql_page, api, static_files)  # fmt: skip


def create_app(folder: Path | str, options: WebOptions | None = None) -> App:
    """The ASGI application over a record.

    Raises:
        StoreError: there is no record at `folder`, or one that this version cannot read. A record of which nothing is
            published yet is served: its pages say so until something is.
    """
    options = options or WebOptions()
    return _guarded(_shelf(folder, options), options)[0]


def _shelf(folder: Path | str, options: WebOptions) -> Shelf:
    shelf = Shelf(Path(folder), seconds=options.limits.page_seconds)
    try:
        shelf.current()
    except StoreError as error:
        if error.code != "E507":
            raise
    return shelf


def _guarded(shelf: Shelf, options: WebOptions) -> tuple[App, PageCache]:
    """The application, and the pages that it remembers."""
    site = Site(options=options, shelf=shelf, shared=not is_loopback(options.host))
    pages = PageCache(_routes(site), site)
    return Guard(pages, options=options, refuse=_refuser(site)), pages


def _routes(site: Site) -> FastAPI:
    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        yield
        site.shelf.close()

    app = FastAPI(title="demarche", version=__version__, docs_url=None, redoc_url=None, openapi_url=None, lifespan=life)
    app.state.site = site
    for module in PAGES:
        module.add_routes(app, site)
    site.pages = frozenset(str(getattr(route, "path", "")) for route in app.routes)

    @app.exception_handler(DemarcheError)
    async def failed(request: Request, error: DemarcheError) -> Response:
        return site.failure(error, request.url.path)

    @app.exception_handler(RequestValidationError)
    async def refused(request: Request, error: RequestValidationError) -> Response:
        first: Any = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"][1:])
        return site.failure(DemarcheError("E802", f"`{name}`: {first['msg']}", remedy="correct it"), request.url.path)

    @app.exception_handler(HTTPException)
    async def missing(request: Request, error: HTTPException) -> Response:
        key = {404: "no_page", 405: "no_method"}.get(error.status_code, "no_page")
        answer = site.refusal(error.status_code, key, {}, request.url.path)
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> Response:
        log.error("a page failed: %s", request.url.path, exc_info=error)
        return site.failure(DemarcheError("E800", "the page could not be made", remedy="report it"), request.url.path)

    return app


def _refuser(site: Site) -> Any:
    def refuse(scope: Scope, refusal: Refusal) -> App:
        answer: App = site.refusal(refusal.status, refusal.key, refusal.facts, scope["path"])
        return answer

    return refuse


def new_token() -> str:
    """A token for a shared address: 192 bits."""
    return secrets.token_urlsafe(24)


def free_port(host: str, port: int) -> int:
    """`port`, or a free one for 0.

    Raises:
        ConfigError: E807 when the address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            advice = "choose another --port (0: any free one) or --host"
            raise ConfigError(
                "E807", f"cannot listen there: {error.strerror}", where=f"{host}:{port}", remedy=advice
            ) from error
        return int(probe.getsockname()[1])


class _Server(uvicorn.Server):
    """Says where it is once it listens; `meanwhile` runs beside it until it ends."""

    def __init__(
        self, config: uvicorn.Config, started: Callable[[], None], meanwhile: Callable[[], Coroutine[Any, Any, None]]
    ) -> None:
        super().__init__(config)
        self._say = started
        self._meanwhile = meanwhile
        self._beside: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._say()
            self._beside = asyncio.create_task(self._meanwhile())

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._beside is not None:
            self._beside.cancel()
        await super().shutdown(sockets)


def serve(
    folder: Path,
    options: WebOptions,
    *,
    certificate: Path | None = None,
    key: Path | None = None,
    started: Callable[[], None] = lambda: None,
) -> None:
    """Serve until Ctrl-C; `started` is called once it listens."""
    app, pages = _guarded(_shelf(folder, options), options)
    config = uvicorn.Config(
        app, host=options.host, port=options.port, log_level="warning", access_log=False, server_header=False,
        ssl_certfile=certificate, ssl_keyfile=key, proxy_headers=False, limit_concurrency=200, timeout_keep_alive=10,
        h11_max_incomplete_event_size=16_000_000, timeout_graceful_shutdown=3,
    )  # fmt: skip
    _Server(config, started, pages.keep_warm).run()
