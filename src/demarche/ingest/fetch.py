"""Fetching addresses: politely, within limits, and never from a private network unless that was asked for.

The number that is connected to is the one that was looked at: names are resolved once, every answer is checked, and
the connection goes to the checked number. A name that changes its answer, or a redirect, leads nowhere else.
"""

from __future__ import annotations

import email.utils
import ipaddress
import random
import socket
import ssl
import time
import urllib.robotparser
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from demarche.errors import DemarcheError, InputError, TransientError
from demarche.ingest.options import FetchOptions

if TYPE_CHECKING:
    import httpcore
    import httpx

__all__ = ["Fetched", "Fetcher"]

AGAIN = frozenset({429, 500, 502, 503, 504})
"""Statuses that may pass by themselves."""
ROBOTS_SECONDS = 24 * 3600
ROBOTS_BYTES = 500_000
LONGEST_DELAY = 60.0
"""Seconds waited at most on the word of a server (`Retry-After`, `Crawl-delay`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An answer. url: where it came from at last. body is empty at status 304 (nothing new since etag or modified)."""

    url: str
    status: int
    body: bytes
    content_type: str | None
    charset: str | None
    etag: str | None
    modified: str | None
    retrieved: str


@dataclass(slots=True)
class _Host:
    """One host: when it may be asked again (monotonic seconds), its robots.txt and when that was read."""

    free_at: float = 0.0
    gap: float = 0.0
    robots: urllib.robotparser.RobotFileParser | None = None
    robots_at: float | None = None


@dataclass(slots=True)
class _Deadline:
    """When the request now being made must be over (monotonic seconds): no read waits longer."""

    at: float = float("inf")


@dataclass(slots=True)
class Fetcher:
    """Fetches one address at a time. sleep, clock: given by tests. Close it, or use it as a context manager."""

    options: FetchOptions = field(default_factory=FetchOptions)
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _hosts: dict[str, _Host] = field(default_factory=dict)
    _client: Any = None
    _deadline: _Deadline = field(default_factory=_Deadline)

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def get(self, address: str, *, etag: str | None = None, modified: str | None = None) -> Fetched:
        """The answer at an address, after redirects; etag and modified (of an earlier answer) make it conditional.

        Raises:
            InputError: E120 not http(s), E121 a private network, E122 redirects without end, E123 too large,
                E125 robots.txt forbids it, E126 the server refuses (status 4xx).
            TransientError: E124 no answer in time or a broken connection, after every try.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": modified}
        headers = {name: value for name, value in conditions.items() if value}
        seen = [address]
        while True:
            answer, target = self._try(seen[-1], headers)
            if answer is not None:
                return answer
            if target in seen:
                raise InputError("E122", f"redirects in a circle at {target}", where=address)
            if len(seen) > self.options.redirects:
                raise InputError("E122", f"more than {self.options.redirects} redirects", where=address)
            seen.append(target)

    def _try(self, address: str, headers: dict[str, str]) -> tuple[Fetched | None, str]:
        """An answer, or the address it redirects to; tried again when the failure may pass."""
        for attempt in range(1, self.options.tries + 1):
            check_scheme(address)
            self._ask_robots(address)
            try:
                return self._once(address, headers)
            except _Later as error:
                if attempt == self.options.tries:
                    raise TransientError("E124", error.what, where=address, remedy="try again later") from error
                # full jitter (Brooker, 2015): a random part of a doubling span, or what the server asked for
                self.sleep(error.seconds if error.seconds is not None else random.uniform(0.2, 1.0) * 2**attempt)
        raise TransientError("E124", "no try was allowed", where=address, remedy="set tries to 1 or more")

    def _once(self, address: str, headers: dict[str, str]) -> tuple[Fetched | None, str]:
        import httpx

        self._wait(address)
        began = self.clock()
        self._deadline.at = time.monotonic() + self.options.total_seconds
        try:
            with self._open().stream("GET", address, headers=headers) as response:
                if response.is_redirect and response.headers.get("location"):
                    return None, urljoin(address, response.headers["location"].strip())
                if response.status_code in AGAIN:
                    raise _Later(f"the server answered {response.status_code}", _retry_after(response.headers))
                if response.status_code >= 400 or response.status_code in {204, 205}:
                    raise InputError("E126", f"the server answered {response.status_code}", where=address)
                return self._answer(address, response, began), address
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, ValueError) as error:
            raise InputError("E120", f"no address: {error}", where=address) from error
        except httpx.HTTPError as error:
            cause = _cause(error)
            if cause is not None:
                raise cause from error
            raise _Later(f"{type(error).__name__}: {error}"[:200], None) from error

    def _answer(self, address: str, response: httpx.Response, began: float) -> Fetched:
        body = b""
        if response.status_code != 304:
            body = self._body(address, response, began)
        kind = response.headers.get("content-type")
        return Fetched(
            url=address,
            status=response.status_code,
            body=body,
            content_type=kind,
            charset=(kind or "").partition("charset=")[2].split(";")[0].strip("\"' ") or None,
            etag=response.headers.get("etag"),
            modified=response.headers.get("last-modified"),
            retrieved=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    def _body(self, address: str, response: httpx.Response, began: float) -> bytes:
        """The body, read only as far as size and time allow: an endless stream ends here."""
        limit = self.options.body_bytes
        told = response.headers.get("content-length", "")
        if told.isdigit() and int(told) > limit:
            raise InputError("E123", f"{int(told):,} bytes, limit {limit:,}", where=address)
        pieces = []
        size = 0
        for piece in response.iter_bytes(1 << 16):
            size += len(piece)
            if size > limit:
                raise InputError("E123", f"more than {limit:,} bytes", where=address)
            if self.clock() - began > self.options.total_seconds:
                raise _Later(f"not read within {self.options.total_seconds:g} s", None)
            pieces.append(piece)
        return b"".join(pieces)

    def _open(self) -> httpx.Client:
        if self._client is None:
            import httpx

            transport = httpx.HTTPTransport(http2=True, trust_env=False)
            transport._pool = _guarded_pool(self.options, self._deadline)
            seconds = self.options.total_seconds
            self._client = httpx.Client(
                transport=transport,
                timeout=httpx.Timeout(seconds, connect=self.options.connect_seconds),
                headers={"User-Agent": self.options.agent, "Accept": ACCEPT, "Accept-Language": "en, *;q=0.5"},
                follow_redirects=False,
                trust_env=False,
            )
        client: httpx.Client = self._client
        return client

    def _host(self, address: str) -> _Host:
        parts = urlsplit(address)
        return self._hosts.setdefault(f"{parts.scheme}://{parts.netloc}".lower(), _Host())

    def _wait(self, address: str) -> None:
        """Leave the host alone for the gap that it or the user asked for."""
        host = self._host(address)
        gap = max(self.options.gap_seconds, host.gap)
        now = self.clock()
        if host.free_at > now:
            self.sleep(host.free_at - now)
        host.free_at = max(now, host.free_at) + gap

    def _ask_robots(self, address: str) -> None:
        """See that robots.txt allows the address (RFC 9309: none there allows all, a broken server allows nothing)."""
        if not self.options.robots or urlsplit(address).path == "/robots.txt":
            return
        host = self._host(address)
        if host.robots_at is None or self.clock() - host.robots_at > ROBOTS_SECONDS:
            self._read_robots(address, host)
        agent = self.options.agent.split("/")[0]
        if host.robots is not None and not host.robots.can_fetch(agent, address):
            raise InputError("E125", "robots.txt of the host forbids it", where=address)

    def _read_robots(self, address: str, host: _Host) -> None:
        rules = urllib.robotparser.RobotFileParser()
        target = urljoin(address, "/robots.txt")
        try:
            for _ in range(self.options.redirects + 1):
                check_scheme(target)
                answer, target = self._once(target, {})
                if answer is not None:
                    break
            else:
                answer = None
            lines = answer.body[:ROBOTS_BYTES].decode("utf-8", "replace").splitlines() if answer else []
            rules.parse(lines)
        except InputError as error:
            if error.code != "E126":
                raise
            rules.parse([])
        except _Later as error:
            raise TransientError(
                "E124", f"robots.txt: {error.what}", where=address, remedy="try again later"
            ) from error
        host.robots, host.robots_at = rules, self.clock()
        delay = rules.crawl_delay(self.options.agent.split("/")[0])
        host.gap = min(LONGEST_DELAY, float(delay)) if delay is not None else 0.0


ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,application/rss+xml,application/atom+xml,*/*;q=0.5"


class _Later(Exception):
    """A failure that may pass. seconds: the wait that the server asked for."""

    def __init__(self, what: str, seconds: float | None) -> None:
        super().__init__(what)
        self.what = what
        self.seconds = seconds


def check_scheme(address: str) -> None:
    """Raise E120 for anything that is no http(s) address with a host and without a password."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
        _ = parts.port
    except ValueError as error:
        raise InputError("E120", f"no address: {error}", where=address) from error
    if parts.scheme not in {"http", "https"}:
        raise InputError("E120", f"{parts.scheme or 'nothing'}: is not fetched, only http and https", where=address)
    if not host or parts.username is not None or any(char in address for char in "\r\n\t "):
        raise InputError("E120", "no address of a page", where=address)


def _retry_after(headers: Any) -> float | None:
    """Seconds that a server asks to wait, at most a minute; None where it says nothing."""
    told = headers.get("retry-after", "")
    if told.isdigit():
        return min(LONGEST_DELAY, float(told))
    try:
        when = email.utils.parsedate_to_datetime(told)
        return min(LONGEST_DELAY, max(0.0, (when - datetime.now(UTC)).total_seconds()))
    except (ValueError, TypeError, IndexError):
        return None


def _cause(error: BaseException | None) -> DemarcheError | None:
    """The error of ours behind one of the library's."""
    while error is not None:
        if isinstance(error, DemarcheError):
            return error
        error = error.__cause__ or error.__context__
    return None


def _public(number: str) -> bool:
    """Whether an IP number belongs to the public internet (embedded IPv4 numbers are looked at as well)."""
    address = ipaddress.ip_address(number.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and address in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return _public(str(inner))
    return address.is_global and not address.is_multicast


def _checked_numbers(host: str, port: int, *, private: bool) -> list[str]:
    """The numbers of a host; all of them must be public unless private ones are allowed."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise _name_error(f"the name {host} cannot be resolved ({error})") from error
    numbers = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    refused = [number for number in numbers if not private and not _public(number)]
    if refused or not numbers:
        raise InputError(
            "E121", f"{host} lies in a private network ({', '.join(refused)})", where=host,
            remedy="allow private networks if that is meant",
        )  # fmt: skip
    return numbers


def _name_error(words: str) -> Exception:
    import httpcore

    return httpcore.ConnectError(words)


def _guarded_pool(options: FetchOptions, deadline: _Deadline) -> httpcore.ConnectionPool:
    """A pool of connections that connects to checked numbers only and reads nothing after the deadline."""
    import httpcore

    plain = httpcore.SyncBackend()

    class Timed(httpcore.NetworkStream):
        """A stream whose reads end with the whole request: a server that sends a byte a second gains nothing."""

        def __init__(self, stream: httpcore.NetworkStream) -> None:
            self._stream = stream

        def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
            left = deadline.at - time.monotonic()
            if left <= 0:
                raise httpcore.ReadTimeout(f"not answered within {options.total_seconds:g} s")
            return self._stream.read(max_bytes, left if timeout is None else min(left, timeout))

        def write(self, buffer: bytes, timeout: float | None = None) -> None:
            self._stream.write(buffer, timeout)

        def close(self) -> None:
            self._stream.close()

        def start_tls(
            self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
        ) -> httpcore.NetworkStream:
            return Timed(self._stream.start_tls(ssl_context, server_hostname, timeout))

        def get_extra_info(self, info: str) -> Any:
            return self._stream.get_extra_info(info)

    class Guarded(httpcore.NetworkBackend):
        def connect_tcp(
            self,
            host: str,
            port: int,
            timeout: float | None = None,
            local_address: str | None = None,
            socket_options: Iterable[Any] | None = None,
        ) -> httpcore.NetworkStream:
            numbers = _checked_numbers(host, port, private=options.private)
            for i, number in enumerate(numbers):
                try:
                    return Timed(plain.connect_tcp(number, port, timeout, local_address, socket_options))
                except httpcore.ConnectError:
                    if i == len(numbers) - 1:
                        raise
            raise httpcore.ConnectError(f"{host} has no number")

        def connect_unix_socket(
            self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
        ) -> httpcore.NetworkStream:
            raise InputError("E120", "local sockets are not fetched from", where=path)

        def sleep(self, seconds: float) -> None:
            time.sleep(seconds)

    context = ssl.create_default_context()
    return httpcore.ConnectionPool(
        ssl_context=context, http1=True, http2=True, max_connections=8, keepalive_expiry=15.0, network_backend=Guarded()
    )
