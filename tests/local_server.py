"""A web server on 127.0.0.1 whose answers are given by a test."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """Routes by path (query included) and the requests that came. An answer is bytes, or a function of the handler."""

    def __init__(self) -> None:
        self.routes: dict[str, bytes | Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.port = 0

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked if path != "/robots.txt"]


def reply(
    handler: BaseHTTPRequestHandler, body: bytes = b"", *, status: int = 200, kind: str = "text/html", **headers: str
) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def redirect(target: str, status: int = 302) -> Answer:
    return lambda handler: reply(handler, status=status, Location=target)


@contextmanager
def serving() -> Iterator[Site]:
    """A site that answers until the block ends; a path that has no route is 404."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            answer = site.routes.get(self.path)
            try:
                if answer is None:
                    reply(self, b"not here", status=404)
                elif callable(answer):
                    answer(self)
                else:
                    reply(self, answer)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
