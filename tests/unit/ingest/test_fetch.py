from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from demarche.errors import DemarcheError, InputError, TransientError
from demarche.ingest import FetchOptions, ReadOptions, read_inputs
from demarche.ingest.fetch import Fetcher, _public
from demarche.records import Article, Rejection
from ingest_pages import STORY, page
from local_server import Site, redirect, reply, serving

LOCAL = FetchOptions(private=True, gap_seconds=0.0, total_seconds=2.0, tries=2)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        yield found


@pytest.fixture
def naps() -> list[float]:
    return []


@pytest.fixture
def fetcher(naps: list[float]) -> Iterator[Fetcher]:
    with Fetcher(options=LOCAL, sleep=naps.append) as found:
        yield found


def code_of(fetcher: Fetcher, address: str) -> str:
    with pytest.raises(DemarcheError) as caught:
        fetcher.get(address)
    return caught.value.code


def test_a_page_comes_with_what_its_server_says_of_it(site: Site, fetcher: Fetcher) -> None:
    site.routes["/a"] = lambda h: reply(h, b"hello", kind="text/html; charset=latin-1", ETag='"7"')
    found = fetcher.get(site.url("/a"))
    assert (found.body, found.charset, found.etag, found.status) == (b"hello", "latin-1", '"7"', 200)
    assert site.asked[-1][1]["user-agent"].startswith("demarche/")


def test_packed_bodies_are_unpacked(site: Site, fetcher: Fetcher) -> None:
    site.routes["/a"] = lambda h: reply(h, gzip.compress(b"hello"), Content_Encoding="gzip")
    assert fetcher.get(site.url("/a")).body == b"hello"


def test_conditional_requests_cost_no_body(site: Site, fetcher: Fetcher) -> None:
    site.routes["/a"] = lambda h: reply(h, status=304) if h.headers["If-None-Match"] == '"7"' else reply(h, b"x")
    assert fetcher.get(site.url("/a"), etag='"7"').status == 304
    assert fetcher.get(site.url("/a"), etag='"8"').body == b"x"


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "ftp://x.example/a", "gopher://x.example", "http://", "javascript:alert(1)",
     "http://user:pass@127.0.0.1/", "http://a b/", "http://[::1", "//x.example/a", "/etc/passwd"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(fetcher: Fetcher, address: str) -> None:
    assert code_of(fetcher, address) == "E120"


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "10.0.0.1", "192.168.1.1", "172.16.0.9", "169.254.169.254", "0.0.0.0", "[::1]",
     "[::ffff:127.0.0.1]", "[fe80::1]", "[fd00::1]", "[64:ff9b::7f00:1]", "2130706433", "100.64.0.1", "224.0.0.1"],
)  # fmt: skip
def test_private_networks_are_refused(host: str) -> None:
    with Fetcher(options=replace(LOCAL, private=False, robots=False)) as fetcher:
        assert code_of(fetcher, f"http://{host}:1/") == "E121"


def test_public_numbers_are_told_from_private_ones() -> None:
    assert _public("93.184.216.34")
    assert _public("2606:2800:220:1:248:1893:25c8:1946")
    assert not _public("2002:7f00:0001::1")  # 6to4 of 127.0.0.1


def test_a_name_with_one_private_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(*_: object, **__: object) -> list[Any]:
        return [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("127.0.0.1", 80))]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    with Fetcher(options=replace(LOCAL, private=False, robots=False)) as fetcher:
        assert code_of(fetcher, "http://news.example/") == "E121"


def test_a_name_that_changes_its_answer_leads_nowhere(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number that was checked is the one connected to: the name is asked once a connection."""
    asked = []
    real = socket.getaddrinfo

    def answer(host: str, port: int, *rest: Any, **named: Any) -> list[Any]:
        if host[0].isdigit():
            return list(real(host, port, *rest, **named))
        asked.append(host)
        return [(2, 1, 6, "", ("127.0.0.1" if len(asked) == 1 else "10.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    site.routes["/"] = b"fine"
    with Fetcher(options=replace(LOCAL, robots=False)) as fetcher:
        assert fetcher.get(f"http://news.example:{site.port}/").body == b"fine"
    assert asked == ["news.example"]


def test_redirects_are_followed_and_the_last_address_kept(site: Site, fetcher: Fetcher) -> None:
    site.routes["/a"] = redirect("/b", 301)
    site.routes["/b"] = redirect(site.url("/c"), 307)
    site.routes["/c"] = b"here"
    assert fetcher.get(site.url("/a")).url == site.url("/c")


def test_cyclic_and_endless_redirects_end(site: Site, fetcher: Fetcher) -> None:
    site.routes["/a"], site.routes["/b"] = redirect("/b"), redirect("/a")
    assert code_of(fetcher, site.url("/a")) == "E122"
    for i in range(20):
        site.routes[f"/{i}"] = redirect(f"/{i + 1}")
    assert code_of(fetcher, site.url("/0")) == "E122"


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://x.example/", "data:text/html,hi"])
def test_a_redirect_out_of_the_web_is_refused(site: Site, fetcher: Fetcher, target: str) -> None:
    site.routes["/a"] = redirect(target)
    assert code_of(fetcher, site.url("/a")) == "E120"


def test_a_redirect_into_a_private_network_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo
    monkeypatch.setattr("demarche.ingest.fetch._public", lambda number: number == "127.0.0.1")
    monkeypatch.setattr(socket, "getaddrinfo", real)
    site.routes["/a"] = redirect("http://192.168.7.7/secret")
    with Fetcher(options=replace(LOCAL, private=False, robots=False)) as fetcher:
        assert code_of(fetcher, site.url("/a")) == "E121"


def test_a_large_body_is_refused_before_and_while_it_is_read(site: Site) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(10_000):
            handler.wfile.write(b"x" * 10_000)

    site.routes["/told"] = b"x" * 3000
    site.routes["/endless"] = endless
    site.routes["/bomb"] = lambda h: reply(h, gzip.compress(b"0" * 50_000_000), Content_Encoding="gzip")
    with Fetcher(options=replace(LOCAL, body_bytes=2000, total_seconds=60.0)) as fetcher:
        for path in ("/told", "/endless", "/bomb"):
            assert code_of(fetcher, site.url(path)) == "E123"


def test_a_slow_stream_ends_with_its_time(site: Site) -> None:
    def slow(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)

    def slow_head(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for i in range(100):
            handler.wfile.write(f"X-{i}: y\r\n".encode())
            handler.wfile.flush()
            time.sleep(0.05)

    site.routes["/slow"], site.routes["/head"] = slow, slow_head
    options = replace(LOCAL, total_seconds=0.4, tries=1, robots=False)
    for path in ("/slow", "/head"):
        began = time.monotonic()
        with Fetcher(options=options) as fetcher, pytest.raises(TransientError) as caught:
            fetcher.get(site.url(path))
        assert caught.value.code == "E124"
        assert time.monotonic() - began < 2


def test_what_may_pass_is_tried_again_with_growing_pauses(site: Site, naps: list[float]) -> None:
    answers = iter([503, 502, 200])
    site.routes["/a"] = lambda h: reply(h, b"x", status=next(answers))
    with Fetcher(options=replace(LOCAL, tries=3), sleep=naps.append) as fetcher:
        assert fetcher.get(site.url("/a")).body == b"x"
    assert len(naps) == 2
    assert 0.4 <= naps[0] <= 2
    assert 0.8 <= naps[1] <= 4


def test_the_server_may_say_how_long_to_wait(site: Site, fetcher: Fetcher, naps: list[float]) -> None:
    site.routes["/a"] = lambda h: reply(h, status=429, Retry_After="7")
    assert code_of(fetcher, site.url("/a")) == "E124"
    assert naps == [7.0]


@pytest.mark.parametrize("status", [401, 403, 404, 410, 451])
def test_a_refusal_is_final(site: Site, fetcher: Fetcher, naps: list[float], status: int) -> None:
    site.routes["/a"] = lambda h: reply(h, status=status)
    assert code_of(fetcher, site.url("/a")) == "E126"
    assert naps == []


def test_nobody_there_is_transient(fetcher: Fetcher) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert code_of(fetcher, f"http://127.0.0.1:{port}/") == "E124"


def test_robots_txt_is_asked_once_and_obeyed(site: Site, fetcher: Fetcher) -> None:
    site.routes["/robots.txt"] = b"User-agent: demarche\nDisallow: /private/\n\nUser-agent: *\nDisallow: /\n"
    site.routes["/news"] = site.routes["/private/a"] = b"x"
    assert fetcher.get(site.url("/news")).body == b"x"
    assert code_of(fetcher, site.url("/private/a")) == "E125"
    assert [path for path, _ in site.asked] == ["/robots.txt", "/news"]


def test_a_redirect_is_held_against_robots_txt_too(site: Site, fetcher: Fetcher) -> None:
    site.routes["/robots.txt"] = b"User-agent: *\nDisallow: /private/\n"
    site.routes["/a"] = redirect("/private/a")
    assert code_of(fetcher, site.url("/a")) == "E125"


def test_a_broken_robots_txt_forbids_for_now(site: Site, fetcher: Fetcher) -> None:
    site.routes["/robots.txt"] = lambda h: reply(h, status=500)
    site.routes["/a"] = b"x"
    assert code_of(fetcher, site.url("/a")) == "E124"


def test_requests_to_one_host_keep_their_distance(site: Site) -> None:
    now = [100.0]
    naps: list[float] = []

    def sleep(seconds: float) -> None:
        naps.append(seconds)
        now[0] += seconds

    site.routes["/robots.txt"] = b"User-agent: *\nCrawl-delay: 4\n"
    site.routes["/a"] = b"x"
    with Fetcher(options=replace(LOCAL, gap_seconds=1.5), sleep=sleep, clock=lambda: now[0]) as fetcher:
        for _ in range(3):
            fetcher.get(site.url("/a"))
    assert [round(nap, 3) for nap in naps] == [1.5, 4.0, 4.0]


def read(path: str, fetch: FetchOptions = LOCAL) -> list[Article | Rejection]:
    return list(read_inputs([path], ReadOptions(fetch=fetch)))


def test_an_address_gives_the_same_document_as_its_file(site: Site, tmp_path: Any) -> None:
    head = '<link rel="canonical" href="https://www.isterpost.example/world/border">'
    site.routes["/a"] = page(head=head).encode()
    file = tmp_path / "a.html"
    file.write_bytes(page(head=head).encode())
    [fetched], [filed] = read(site.url("/a")), read(str(file))
    assert isinstance(fetched, Article)
    assert isinstance(filed, Article)
    assert fetched.document.id == filed.document.id
    assert fetched.paragraphs == filed.paragraphs
    assert fetched.document.text == filed.document.text
    assert fetched.document.retrieved
    assert fetched.document.source == site.url("/a")


def test_a_feed_is_read_with_the_pages_behind_it(site: Site) -> None:
    items = "".join(
        f"<item><title>No {i}</title><link>/p{i}</link><pubDate>Mon, 0{i} Mar 2021 10:00:00 GMT</pubDate></item>"
        for i in (1, 2, 3)
    )
    site.routes["/rss"] = lambda h: reply(
        h, f"<rss><channel><title>Ister Post</title>{items}</channel></rss>".encode(), kind="application/rss+xml"
    )
    site.routes["/p1"], site.routes["/p2"] = page(title="One").encode(), page(title="Two").encode()
    one, two, lost = read(site.url("/rss"))
    assert isinstance(one, Article)
    assert isinstance(two, Article)
    assert (one.document.title, one.document.published) == ("One", "2021-03-01T10:00:00+00:00")
    assert STORY[0] in two.document.text
    assert one.document.publisher == "Ister Post"
    assert isinstance(lost, Rejection)
    assert (lost.code, lost.source) == ("E126", site.url("/p3"))


def test_one_lost_address_stops_no_other(site: Site) -> None:
    site.routes["/a"] = page().encode()
    found = list(read_inputs([site.url("/gone"), "file:///etc/passwd", site.url("/a")], ReadOptions(fetch=LOCAL)))
    assert [one.code if isinstance(one, Rejection) else "article" for one in found] == ["E126", "E120", "article"]


def test_local_addresses_need_the_flag(site: Site) -> None:
    site.routes["/a"] = page().encode()
    [refused] = read(site.url("/a"), replace(LOCAL, private=False))
    assert isinstance(refused, Rejection)
    assert refused.code == "E121"
    assert site.asked == []


def test_an_error_page_with_status_200_is_refused(site: Site) -> None:
    site.routes["/a"] = (
        b"<html><head><title>404 Not Found</title></head><body><p>Sorry, nothing here.</p></body></html>"
    )
    [found] = read(site.url("/a"))
    assert isinstance(found, Rejection)
    assert found.code in {"E108", "E109"}


def test_errors_survive_a_fetch_of_nothing(site: Site) -> None:
    site.routes["/a"] = b""
    [found] = read(site.url("/a"))
    assert isinstance(found, Rejection)
    assert found.code == "E103"
    assert isinstance(InputError("E103", "x"), DemarcheError)
