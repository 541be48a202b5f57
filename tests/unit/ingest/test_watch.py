from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from demarche.errors import ConfigError
from demarche.ingest import Fetcher, FetchOptions, ReadOptions, Watch, log_line, read_watch_list
from demarche.ingest.watch import GIVE_UP, Watched
from demarche.records import Article, Rejection
from ingest_pages import page
from local_server import Site, reply, serving

LOCAL = FetchOptions(private=True, gap_seconds=0.0, total_seconds=3.0, tries=1)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        yield found


class Desk:
    """A watch over one site, with a clock of its own."""

    def __init__(self, site: Site, folder: Path, *, kind: Any = "feed", path: str = "/rss") -> None:
        self.site, self.folder, self.now = site, folder, 1000.0
        self.place = Watched(address=site.url(path), kind=kind, every=60.0, publisher="Ister Post")
        self.log: list[tuple[str, dict[str, Any]]] = []
        self.open()

    def open(self) -> None:
        """As after a restart."""
        self.watch = Watch(
            places=(self.place,),
            folder=self.folder,
            fetcher=Fetcher(options=LOCAL, sleep=lambda seconds: None),
            options=ReadOptions(fetch=LOCAL),
            now=lambda: self.now,
            notices=lambda what, facts: self.log.append((what, facts)),
        )

    def round(self) -> list[str]:
        found = [one.document.title or "" if isinstance(one, Article) else one.code for one in self.watch.round()]
        self.watch.done()
        return found

    def later(self, seconds: float = 61.0) -> None:
        self.now += seconds


@pytest.fixture
def desk(site: Site, tmp_path: Path) -> Desk:
    return Desk(site, tmp_path / "w")


def offer(site: Site, *names: str, etag: str | None = None) -> None:
    """A feed with these items, and a page behind each."""
    items = "".join(f"<item><title>{name}</title><link>/{name}</link></item>" for name in names)
    body = f"<rss><channel><title>Ister Post</title>{items}</channel></rss>".encode()

    def answer(handler: Any) -> None:
        if etag and handler.headers["If-None-Match"] == etag:
            reply(handler, status=304)
        elif etag:
            reply(handler, body, kind="application/rss+xml", ETag=etag)
        else:
            reply(handler, body, kind="application/rss+xml")

    site.routes["/rss"] = answer
    for name in names:
        site.routes.setdefault(f"/{name}", page(title=name).encode())


def test_only_what_is_new_is_read(site: Site, desk: Desk) -> None:
    offer(site, "one", "two")
    assert desk.round() == ["one", "two"]
    assert desk.round() == []  # not due
    offer(site, "one", "two", "three")
    desk.later()
    assert desk.round() == ["three"]
    assert site.paths().count("/one") == 1


def test_an_unchanged_feed_costs_a_conditional_request(site: Site, desk: Desk) -> None:
    offer(site, "one", etag='"a"')
    assert desk.round() == ["one"]
    desk.later()
    assert desk.round() == []
    assert desk.log[-1][0] == "unchanged"
    assert site.asked[-1][1]["if-none-match"] == '"a"'


def test_a_restart_reads_nothing_twice(site: Site, desk: Desk) -> None:
    offer(site, "one", "two")
    desk.round()
    desk.open()
    desk.later()
    assert desk.round() == []


def test_what_was_fetched_but_not_coded_comes_again_without_a_fetch(site: Site, desk: Desk) -> None:
    offer(site, "one", "two", "three")
    rounds = desk.watch.round()
    first = next(rounds)
    assert isinstance(first, Article)
    del rounds  # killed here: nothing was committed
    desk.open()
    assert desk.watch.due()
    assert desk.round() == ["one", "two", "three"]
    assert site.paths().count("/one") == 1
    assert list((desk.folder / "spool").iterdir()) == []


def test_the_same_bytes_give_the_same_document_after_a_kill(site: Site, desk: Desk) -> None:
    offer(site, "one")
    first = next(desk.watch.round())
    desk.open()
    again = next(desk.watch.round())
    assert first == again


def test_a_stop_keeps_the_rest_for_the_next_round(site: Site, desk: Desk) -> None:
    offer(site, "one", "two", "three")
    asked = iter([False, False, True, True, True])
    found = list(desk.watch.round(stop=lambda: next(asked)))
    desk.watch.done()
    assert len(found) == 1
    desk.open()
    assert desk.round() == ["two", "three"]


def test_a_half_written_spool_file_is_fetched_again(site: Site, desk: Desk) -> None:
    offer(site, "one")
    next(desk.watch.round())
    [facts] = (desk.folder / "spool").glob("*.json")
    facts.write_bytes(b'{"item": {"id"')
    desk.open()
    assert desk.round() == ["one"]


def test_a_lost_page_is_rejected_once(site: Site, desk: Desk) -> None:
    offer(site, "one")
    site.routes["/one"] = lambda h: reply(h, status=410)
    assert desk.round() == ["E126"]
    desk.later()
    assert desk.round() == []


def test_a_server_that_is_away_is_asked_again_and_given_up_at_last(site: Site, desk: Desk) -> None:
    offer(site, "one")
    site.routes["/one"] = lambda h: reply(h, status=503)
    for _ in range(GIVE_UP - 1):
        assert desk.round() == []
        desk.later()
    assert desk.round() == ["E124"]
    desk.later()
    assert desk.round() == []


def test_a_server_that_comes_back_is_read(site: Site, desk: Desk) -> None:
    offer(site, "one", etag='"a"')
    site.routes["/one"] = lambda h: reply(h, status=503)
    assert desk.round() == []
    site.routes["/one"] = page(title="one").encode()
    desk.later()
    assert desk.round() == ["one"]


def test_a_broken_feed_waits_longer_each_time(site: Site, desk: Desk) -> None:
    site.routes["/rss"] = b"<html><body>We are down.</body></html>"
    assert desk.round() == []
    assert [what for what, _ in desk.log] == ["failed"]
    first = desk.watch.seconds_left()
    desk.later(first + 1)
    desk.round()
    assert desk.watch.seconds_left() > first
    offer(site, "one")
    desk.later(10_000)
    assert desk.round() == ["one"]
    desk.later()
    assert desk.watch.due()


def test_a_news_sitemap_and_an_index_of_them(site: Site, tmp_path: Path) -> None:
    space = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    entry = (
        "<url><loc>{0}</loc><news:news><news:publication><news:name>Ister Post</news:name><news:language>en"
        "</news:language></news:publication><news:publication_date>2021-03-04</news:publication_date>"
        "<news:title>One</news:title></news:news></url>"
    )
    site.routes["/index.xml"] = (
        f"<sitemapindex><sitemap><loc>{site.url('/news.xml')}</loc></sitemap></sitemapindex>".encode()
    )
    site.routes["/news.xml"] = f"<urlset {space}>{entry.format(site.url('/one'))}</urlset>".encode()
    site.routes["/one"] = page(title="One").encode()
    desk = Desk(site, tmp_path / "w", kind="sitemap", path="/index.xml")
    [found] = list(desk.watch.round())
    assert isinstance(found, Article)
    assert (found.document.published, found.document.publisher) == ("2021-03-04", "Ister Post")


def test_a_page_with_several_rejections_never_ends_the_round(site: Site, desk: Desk) -> None:
    offer(site, "one", "two")
    site.routes["/one"] = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10
    found = list(desk.watch.round())
    assert isinstance(found[0], Rejection)
    assert found[0].code == "E104"
    assert isinstance(found[1], Article)


def test_a_damaged_state_says_what_to_do(desk: Desk) -> None:
    (desk.folder / "state.json").write_text("{")
    with pytest.raises(ConfigError, match="E132"):
        desk.open()


def test_the_state_forgets_the_oldest(site: Site, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("demarche.ingest.watch.REMEMBERED", 3)
    offer(site, *(f"p{i}" for i in range(6)))
    desk.round()
    assert len(json.loads((desk.folder / "state.json").read_text())["seen"]) == 3


LIST = """
every = 120
[[feed]]
address = "https://a.example/rss"
every = 30
[[sitemap]]
address = "https://b.example/news.xml"
publisher = "B"
"""


def test_a_watch_list_is_read(tmp_path: Path) -> None:
    file = tmp_path / "feeds.toml"
    file.write_text(LIST)
    one, two = read_watch_list(file).places
    assert (one.address, one.kind, one.every) == ("https://a.example/rss", "feed", 30.0)
    assert (two.kind, two.every, two.publisher) == ("sitemap", 120.0, "B")


@pytest.mark.parametrize(
    "text",
    ["", "every = 900", "[[feed]]\n", "[[feed]]\naddress = 3", '[[feed]]\naddress = "file:///etc/passwd"',
     '[[feed]]\naddress = "https://a.example"\nevery = 1', '[[feed]]\naddress = "https://a.example"\ncolour = 1',
     '[feed]\naddress = "https://a.example"', 'speed = 1\n[[feed]]\naddress = "https://a.example"', "[[feed"],
)  # fmt: skip
def test_a_wrong_watch_list_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "feeds.toml"
    file.write_text(text)
    with pytest.raises(ConfigError, match="E135"):
        read_watch_list(file)


def test_a_missing_watch_list_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="E135"):
        read_watch_list(tmp_path / "none.toml")


def test_the_log_is_json_with_the_time() -> None:
    told = json.loads(log_line("looked", {"new": 3}, 0.0))
    assert told == {"time": "1970-01-01T00:00:00+00:00", "what": "looked", "new": 3}


def test_options_reach_the_fetcher() -> None:
    assert replace(LOCAL, private=False).private is False
