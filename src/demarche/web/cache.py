"""Answers that need not be made twice: an ETag from the record's state and the address, a small memory, compression."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import logging
import threading
from collections import OrderedDict
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from demarche import __version__
from demarche.errors import DemarcheError
from demarche.web.access import App, Receive, Scope, Send
from demarche.web.site import Site, static_names

__all__ = ["PageCache"]

log = logging.getLogger(__name__)

LARGEST = 1_000_000
TOTAL = 48_000_000
PLAIN = ("/static/", "/health", "/sign-in", "/paste", "/sql", "/review", "/download", "/api/download")
"""Addresses whose answers are never remembered: they have their own rules, or are not the record's."""


FIRST = (
    "/",
    "/events",
    "/pairs",
    "/search",
    "/claims",
    "/threats",
    "/commitments",
    "/forecasts",
    "/articles",
    "/quality",
)
"""Pages over the whole record: made as soon as a state is published, so that nobody waits for them."""
NEXT = 8
"""The busiest pairs and actors whose pages are made ahead too."""
LOOK_SECONDS = 5.0
"""Between two looks at whether another state was published."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: its headers without length and encoding, the body, and the body compressed."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    packed: bytes | None


class PageCache:
    """ASGI middleware around the routes. An answer is remembered for one state of the record only."""

    def __init__(self, app: App, site: Site) -> None:
        self._app = app
        self._site = site
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Answer] = OrderedDict()
        self._bytes = 0
        self._waiting = 0
        self._making: dict[str, tuple[asyncio.AbstractEventLoop, asyncio.Event]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] != "http"
            or scope["path"].startswith(("/static/", "/download", "/api/download"))
            or _streams(scope)
        ):
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        tag = self._tag(scope) if scope["method"] in {"GET", "HEAD"} and not scope["path"].startswith(PLAIN) else None
        if tag is not None and headers.get(b"if-none-match", b"").decode("latin-1") == tag:
            await send({"type": "http.response.start", "status": 304, "headers": [(b"etag", tag.encode()), _CONTROL]})
            await send({"type": "http.response.body", "body": b""})
            return
        answer = self._recall(tag)
        if answer is None:
            self._waiting += 1
            try:
                answer = await self._make(tag, scope, receive)
            finally:
                self._waiting -= 1
        await _send(answer, tag if _keeps(answer) else None, headers, send, head=scope["method"] == "HEAD")

    async def _make(self, tag: str | None, scope: Scope, receive: Receive) -> Answer:
        """A page that many ask for at once is made once."""
        loop = asyncio.get_running_loop()
        if tag is not None and tag in self._making and self._making[tag][0] is loop:
            await self._making[tag][1].wait()
            made = self._recall(tag)
            if made is not None:
                return made
        done = asyncio.Event()
        if tag is not None:
            self._making[tag] = (loop, done)
        try:
            answer = await self._ask({**scope, "method": "GET"} if scope["method"] == "HEAD" else scope, receive)
            if tag is not None and _keeps(answer):
                self._keep(tag, answer)
        finally:
            done.set()
            if tag is not None and self._making.get(tag, (loop, None))[1] is done:
                del self._making[tag]
        return answer

    async def keep_warm(self) -> None:
        """Make the first pages of every state that is published, one after the other, until cancelled."""
        warm = ""
        while True:
            try:
                state = self._site.opened.state
            except DemarcheError:
                state = ""
            if state not in ("", warm):
                for path in FIRST:
                    await self._warm(path)
                for path in await asyncio.to_thread(self._busiest):
                    while self._waiting:  # readers come first
                        await asyncio.sleep(LOOK_SECONDS / 10)
                    await self._warm(path)
                warm = state
            await asyncio.sleep(LOOK_SECONDS)

    def _busiest(self) -> tuple[str, ...]:
        """The pages that the first pages lead to most."""
        try:
            pairs = self._site.opened.rows(f"SELECT one, other FROM pairs LIMIT {NEXT:d}")
        except DemarcheError:
            return ()
        sides = dict.fromkeys(side for pair in pairs for side in pair.values())
        paths = [f"/pair/{quote(pair['one'], safe='')}/{quote(pair['other'], safe='')}" for pair in pairs]
        return (*paths, *(f"/actor/{quote(side, safe='')}" for side in list(sides)[:NEXT]))

    async def _warm(self, path: str) -> None:
        scope: Scope = {
            "type": "http", "method": "GET", "path": unquote(path), "raw_path": path.encode(), "query_string": b"",
            "headers": [(b"host", b"localhost")], "scheme": "http", "http_version": "1.1", "root_path": "",
            "server": ("localhost", 80), "client": None,
        }  # fmt: skip

        async def nothing() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def forget(_: MutableMapping[str, Any]) -> None:
            return

        try:
            await self(scope, nothing, forget)
        except Exception as error:  # a reader who asks for the page is told; here it only costs the head start
            log.warning("%s could not be made ahead: %s", path, error)

    def _tag(self, scope: Scope) -> str | None:
        try:
            state = self._site.state
        except DemarcheError:
            return None
        look = "".join(static_names().values())
        words = f"{state}\0{__version__}\0{look}\0{scope['path']}\0{scope['query_string'].decode('latin-1')}"
        return f'"{hashlib.sha256(words.encode()).hexdigest()[:24]}"'

    def _recall(self, tag: str | None) -> Answer | None:
        if tag is None:
            return None
        with self._lock:
            answer = self._kept.get(tag)
            if answer is not None:
                self._kept.move_to_end(tag)
            return answer

    def _keep(self, tag: str, answer: Answer) -> None:
        size = len(answer.body) + len(answer.packed or b"")
        if size > LARGEST:
            return
        with self._lock:
            if tag not in self._kept:
                self._kept[tag] = answer
                self._bytes += size
            while self._bytes > TOTAL:
                _, old = self._kept.popitem(last=False)
                self._bytes -= len(old.body) + len(old.packed or b"")

    async def _ask(self, scope: Scope, receive: Receive) -> Answer:
        """Let the routes answer, and gather it whole."""
        start: MutableMapping[str, Any] = {}
        body = bytearray()

        async def gather(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                body.extend(message.get("body", b""))

        try:
            await self._app(scope, receive, gather)
        except Exception:
            if not start:  # else the routes have made a page of it and raise it again for the log of the server
                raise
        kept = tuple((k, v) for k, v in start["headers"] if k.lower() != b"content-length")
        whole = bytes(body)
        packed = gzip.compress(whole, 6, mtime=0) if len(whole) > 1_000 and _is_text(kept) else None
        return Answer(status=start["status"], headers=kept, body=whole, packed=packed)


def _keeps(answer: Answer) -> bool:
    """Whether the answer is the same the next time; a page that found less for want of time says that it is not."""
    return answer.status == 200 and dict(answer.headers).get(b"cache-control") != b"no-store"


def _streams(scope: Scope) -> bool:
    return bool(scope["path"].endswith("/progress"))


_CONTROL = (b"cache-control", b"private, no-cache")


def _is_text(headers: tuple[tuple[bytes, bytes], ...]) -> bool:
    kind = dict(headers).get(b"content-type", b"")
    return kind.startswith((b"text/", b"application/json", b"application/problem"))


async def _send(answer: Answer, tag: str | None, asked: dict[bytes, bytes], send: Send, *, head: bool) -> None:
    packed = answer.packed is not None and b"gzip" in asked.get(b"accept-encoding", b"")
    body = answer.packed if packed and answer.packed is not None else answer.body
    headers = [*answer.headers, (b"content-length", str(len(body)).encode()), (b"vary", b"accept-encoding")]
    if packed:
        headers.append((b"content-encoding", b"gzip"))
    if tag is not None:
        headers.append((b"etag", tag.encode()))
    if b"cache-control" not in dict(answer.headers):
        headers.append(_CONTROL if tag is not None else (b"cache-control", b"no-store"))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else body})
