"""Who may read, and how much: host names, sign-in, limits, and the headers that keep a page from running anything."""

from __future__ import annotations

import contextlib
import hmac
import ipaddress
import socket
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from demarche.web.options import WebLimits, WebOptions

__all__ = ["COOKIE", "Guard", "Refusal", "is_loopback", "same_token", "sign_in_cookie", "signed_in"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE = "demarche-sign-in"

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self';"
        " manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
}

OPEN_PATHS = ("/static/", "/sign-in", "/health")
"""What is answered without a sign-in: the look of the sign-in page, the page itself, and that the server lives."""

HEAVY = ("/sign-in", "/paste", "/sql", "/download", "/api/download")


class Refusal(Exception):
    """A request that is not answered. status: of HTTP. key: of the words on its page (`refusal.<key>`)."""

    def __init__(self, status: int, key: str, **facts: str) -> None:
        super().__init__(key)
        self.status = status
        self.key = key
        self.facts = facts


def is_loopback(host: str) -> bool:
    """Whether an address is reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _known_hosts(options: WebOptions) -> frozenset[str]:
    names = {name.lower() for name in options.allowed_hosts}
    if is_loopback(options.host):
        return frozenset(names | {"localhost", "127.0.0.1", "::1"})
    if options.host in {"0.0.0.0", "::", ""}:
        here = socket.gethostname()
        names |= {"localhost", "127.0.0.1", "::1", here.lower(), socket.getfqdn().lower()}
        with contextlib.suppress(OSError):  # a machine whose own name does not resolve: --allow-host names it
            names |= {str(info[4][0]) for info in socket.getaddrinfo(here, None)}
    return frozenset(names | {options.host.lower()})


def _host_name(header: str) -> str:
    """The name in a Host header, without its port."""
    header = header.strip().lower()
    if header.startswith("["):
        return header[1:].split("]")[0]
    return header.rsplit(":", 1)[0] if header.count(":") == 1 else header


def same_token(options: WebOptions, given: str) -> bool:
    """Whether `given` is the token, compared in constant time. Without a token anything is."""
    return options.token is None or hmac.compare_digest(given.encode("utf-8", "replace"), options.token.encode())


def sign_in_cookie(options: WebOptions) -> str:
    """The cookie that keeps a sign-in for thirty days, out of reach of scripts and other sites."""
    secure = "; Secure" if options.secure_cookie else ""
    return f"{COOKIE}={options.token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000{secure}"


def signed_in(token: str | None, cookies: str, authorization: str) -> bool:
    """Whether a request carries the token, compared in constant time."""
    if token is None:
        return True
    given = [part.split("=", 1)[1] for part in cookies.split("; ") if part.startswith(f"{COOKIE}=")]
    if authorization.lower().startswith("bearer "):
        given.append(authorization[7:].strip())
    wanted = token.encode()
    return sum(hmac.compare_digest(one.encode("utf-8", "replace"), wanted) for one in given) > 0


class Buckets:
    """Requests an address may still make: refilled evenly, `per_minute` at most. Holds 10,000 addresses."""

    def __init__(self, per_minute: int, clock: Callable[[], float]) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str) -> float:
        """Seconds to wait; 0: go on."""
        if not self._per_minute:
            return 0.0
        now = self._clock()
        left, then = self._left.pop(address, (float(self._per_minute), now))
        left = min(self._per_minute, left + (now - then) * self._per_minute / 60)
        wait = 0.0 if left >= 1 else (1 - left) * 60 / self._per_minute
        self._left[address] = (left - 1 if not wait else left, now)
        while len(self._left) > 10_000:
            self._left.popitem(last=False)
        return wait


class Guard:
    """ASGI middleware in front of everything. refuse: makes the answer for a `Refusal`."""

    def __init__(
        self,
        app: App,
        *,
        options: WebOptions,
        refuse: Callable[[Scope, Refusal], App],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._options = options
        self._refuse = refuse
        self._hosts = _known_hosts(options)
        self._buckets = Buckets(options.limits.per_minute, clock)
        self._heavy = Buckets(options.limits.heavy_per_minute, clock)
        self._wrong = Buckets(10, clock)
        self._local = is_loopback(options.host)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        secured = self._secured(send)
        try:
            self._check(scope, headers)
            token = dict(parse_qsl(scope["query_string"].decode("latin-1"))).get("token")
            if token is not None and self._options.token is not None and scope["method"] == "GET":
                self._check_token(scope, token)
                await self._enter(scope, secured)
                return
            self._check_sign_in(scope, headers)
        except Refusal as refusal:
            await self._refuse(scope, refusal)(scope, receive, secured)
            return
        await self._app(scope, _limited(receive, self._options.limits), secured)

    def _check(self, scope: Scope, headers: dict[str, str]) -> None:
        limits = self._options.limits
        if len(scope["query_string"]) > limits.query_bytes or len(scope.get("raw_path") or b"") > limits.query_bytes:
            raise Refusal(414, "long_address")
        if _host_name(headers.get("host", "")) not in self._hosts:
            raise Refusal(421, "unknown_host", host=headers.get("host", "")[:100])
        if (
            int(headers.get("content-length", "0") if headers.get("content-length", "0").isdigit() else 0)
            > limits.form_bytes
        ):
            raise Refusal(413, "large_form", limit=f"{limits.form_bytes / 1e6:g}")
        if scope["method"] not in {"GET", "HEAD"}:
            self._check_origin(headers)
        client = (scope.get("client") or ("",))[0]
        heavy = scope["path"].startswith(HEAVY) and (scope["method"] == "POST" or "download" in scope["path"])
        wait = 0.0
        if not (self._local and is_loopback(client)):
            wait = self._buckets.take(client)
        if heavy and not wait:
            wait = self._heavy.take(client)
        if wait:
            raise Refusal(429, "too_many", seconds=str(int(wait) + 1))

    def _check_origin(self, headers: dict[str, str]) -> None:
        """A form is sent by our own pages alone; a program that sends neither header is no browser."""
        if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            raise Refusal(403, "other_site")
        origin = headers.get("origin")
        if origin is not None and origin.split("://", 1)[-1].lower() != headers.get("host", "").lower():
            raise Refusal(403, "other_site")

    def _check_sign_in(self, scope: Scope, headers: dict[str, str]) -> None:
        if scope["path"].startswith(OPEN_PATHS):
            return
        if not signed_in(self._options.token, headers.get("cookie", ""), headers.get("authorization", "")):
            raise Refusal(401, "sign_in")

    def _check_token(self, scope: Scope, token: str) -> None:
        client = (scope.get("client") or ("",))[0]
        if not same_token(self._options, token):
            if self._wrong.take(client):
                raise Refusal(429, "too_many", seconds="60")
            raise Refusal(401, "wrong_token")

    async def _enter(self, scope: Scope, send: Send) -> None:
        """Keep the sign-in in a cookie and take the token out of the address."""
        rest = [(k, v) for k, v in parse_qsl(scope["query_string"].decode("latin-1")) if k != "token"]
        path = "/" if scope["path"] == "/sign-in" else scope["path"]
        place = f"/{path.lstrip('/')}" + (f"?{urlencode(rest)}" if rest else "")
        await send(
            {
                "type": "http.response.start",
                "status": 303,
                "headers": [
                    (b"location", place.encode("latin-1", "replace")),
                    (b"set-cookie", sign_in_cookie(self._options).encode()),
                    (b"cache-control", b"no-store"),
                    (b"content-length", b"0"),
                ],
            }
        )
        await send({"type": "http.response.body", "body": b""})

    def _secured(self, send: Send) -> Send:
        async def with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                present = {key.lower() for key, _ in message["headers"]}
                extra = [(k.encode(), v.encode()) for k, v in HEADERS.items() if k.encode() not in present]
                message = {**message, "headers": [*message["headers"], *extra]}
            await send(message)

        return with_headers


def _limited(receive: Receive, limits: WebLimits) -> Receive:
    """Cut off a body that is longer than it said, or said nothing."""
    read = 0

    async def bounded() -> MutableMapping[str, Any]:
        nonlocal read
        message = await receive()
        if message["type"] == "http.request":
            read += len(message.get("body", b""))
            if read > limits.form_bytes:
                return {"type": "http.disconnect"}
        return message

    return bounded
