"""Every page: what it shows is what the record says, and nothing of an article is executed."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from demarche.errors import StoreError
from demarche.store import Record
from demarche.web import WebOptions, boards, create_app, pair_pages, search_pages
from demarche.web.opened import Timeout

pytestmark = pytest.mark.model

CHARTS = ["/pair/RUS/UKR", "/actor/RUS", "/actor/RUS?by=year&status=all", "/pair/RUS/UKR?way=in&type=AID"]
BOARDS = ["/claims", "/claims?both=1", "/threats", "/commitments?state=open", "/forecasts", "/events", "/pairs"]
OTHERS = ["/tension/RUS/UKR", "/pairs/changed", "/events?a=RUS&undated=1"]
PAGES = ["/", "/search", "/articles", "/rejections", "/search?standing=attributed", "/search?q=aid&sort=old"]


class Page(HTMLParser):
    """Elements, links and ids of a page; fails on what a policy without inline script must not see."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.scripts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        assert not [name for name in found if name.startswith("on")], found
        assert "style" not in found, found
        if tag == "script":
            self.scripts.append(found.get("src") or f"type:{found.get('type')}")
        if found.get("id"):
            self.ids.append(found["id"] or "")
        for name in ("href", "src", "action"):
            if found.get(name) is not None:
                self.links.append(found[name] or "")


def page(client: TestClient, path: str, status: int = 200) -> Page:
    answer = client.get(path)
    assert answer.status_code == status, answer.text[:300]
    found = Page(answer.text)
    for link in found.links:
        assert re.match(r"(/(?!/)|#|https?://)", link), link
    assert all(s.startswith("/static/") or s == "type:application/json" for s in found.scripts), found.scripts
    assert len(found.ids) == len(set(found.ids)), [i for i in found.ids if found.ids.count(i) > 1][:5]
    return found


@pytest.mark.parametrize("path", [*PAGES, *CHARTS, *BOARDS, *OTHERS])
def test_pages_are_whole(client: TestClient, path: str) -> None:
    found = page(client, path)
    for tag in ("html", "title", "main", "h1", "nav"):
        assert tag in found.tags


def test_every_link_of_the_first_page_leads_somewhere(client: TestClient) -> None:
    for link in sorted({x for x in page(client, "/").links if x.startswith("/")})[:120]:
        assert client.get(link).status_code == 200, link


def number(text: str) -> int:
    return int(re.search(r'class="count"[^>]*>([\d,]+)', text)[1].replace(",", ""))  # type: ignore[index]


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ("", "TRUE"),
        ("type=AID", "type = 'AID'"),
        ("type=AID&type=AGREE", "type IN ('AID', 'AGREE')"),
        ("status=denied", "status = 'denied'"),
        ("standing=disputed", "standing = 'disputed'"),
        ("quad=verbal-conflict&status=actual", "quad = 'verbal-conflict' AND status = 'actual'"),
        ("source=RUS", "EXISTS (SELECT 1 FROM actors a WHERE a.id IN (SELECT unnest(sources)) AND a.country = 'RUS')"),
    ],
)
def test_numbers_are_counts_of_rows(client: TestClient, opened: Record, query: str, condition: str) -> None:
    wanted = opened.sql(f"SELECT count(*) FROM assertions WHERE {condition}").column(0)[0].as_py()
    assert number(client.get(f"/search?{query}").text) == wanted


@pytest.mark.parametrize(
    ("q", "pattern"), [("aid", r"\baid\b"), ('"foreign minister"', "foreign minister"), ("gas Russia", "")]
)
def test_words_are_looked_up_whole(client: TestClient, opened: Record, q: str, pattern: str) -> None:
    said = 'substr(d.text, s.start + 1, s."end" - s.start)'
    test = f"regexp_matches({said}, '(?i){pattern}')" if pattern else (
        f"regexp_matches({said}, '(?i)\\bgas\\b') AND regexp_matches({said}, '(?i)\\brussia\\b')")  # fmt: skip
    wanted = opened.sql(
        "SELECT count(*) FROM assertions AS a JOIN sentences AS s ON s.id = a.sentence"
        f" JOIN documents AS d ON d.id = a.document WHERE {test}"
    ).column(0)[0].as_py()  # fmt: skip
    assert wanted
    assert number(client.get("/search", params={"q": q}).text) == wanted


def test_numbers_of_facets_are_what_choosing_them_gives(client: TestClient) -> None:
    text = client.get("/search?status=actual").text
    offers = re.findall(
        r'<a href="(/search[^"]*)"[^>]*>(?:<i[^>]*></i>)?<span>[^<]*</span><span class="n">([\d,]+)', text
    )
    assert len(offers) > 10
    for address, n in offers:
        address = address.replace("&amp;", "&")
        if address.count("status=") == 1 and "status=actual" in address:  # the other statuses would be added
            assert number(client.get(address).text) == int(n.replace(",", "")), address


def test_a_common_word_is_looked_for_in_the_newest_sentences(
    client: TestClient, opened: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = number(client.get("/search?q=russia").text)
    monkeypatch.setattr("demarche.web.search_pages.LOOKED_THROUGH", 5)
    bounded = client.get("/search?q=russia&sort=old").text
    newest = opened.sql(
        "SELECT count(*) FROM reading WHERE passage IN (SELECT sentence FROM postings WHERE term ="
        " (SELECT number FROM terms WHERE term = 'russia') ORDER BY sentence LIMIT 5)"
    ).column(0)[0].as_py()  # fmt: skip
    assert 0 < number(bounded) == newest < whole
    assert "The newest 5 of them were looked through" in bounded
    assert "looked through" not in client.get("/search?q=russia&type=AID").text
    phrase = client.get('/search?q="in russia"&sort=old').text
    assert "It was looked for in the newest 1 of them" in phrase
    rows = client.get("/api/rows?q=russia&limit=3").json()
    assert rows["newest_sentences"] == 5
    assert rows["total"] == newest
    assert client.get("/api/rows?q=norway&limit=3").json()["newest_sentences"] is None
    table = client.get("/download.json?q=russia").json()
    assert table["total"] == newest
    assert "the newest 5 sentences" in table["query"]


def test_a_search_that_takes_too_long_tells_what_it_found(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = search_pages.look

    def slow(opened: Any, chosen: Any, page: int, newest: int | None) -> Any:
        if newest is None:
            raise Timeout("E801", "too long")
        return real(opened, chosen, page, newest)

    monkeypatch.setattr("demarche.web.search_pages.look", slow)
    with TestClient(create_app(folder, WebOptions()), base_url="http://127.0.0.1") as client:
        answer = client.get("/search?q=russia&type=REQUEST")
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert "etag" not in answer.headers
        assert "were looked through" in answer.text
        assert client.get("/search?type=REQUEST").status_code == 503


def test_pairs_are_counted_as_their_pages_count_them(
    client: TestClient, opened: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = opened.sql("SELECT * FROM pairs LIMIT 4").to_pylist()
    assert pairs
    text = client.get("/pairs").text
    for pair in pairs:
        address = f"/pair/{pair['one']}/{pair['other']}"
        assert f'href="{address}"' in text
        shown = re.search(r'class="count"[^>]*><a[^>]*>([\d,]+)', client.get(f"{address}?by=year").text)
        assert shown is not None
        assert 0 < int(shown[1].replace(",", "")) <= pair["n"]
    site = client.app._app._site  # type: ignore[attr-defined]
    counted = pair_pages.busiest_pairs(site.opened, 50)
    monkeypatch.setattr(Record, "has_table", lambda *_: False)
    assert pair_pages.busiest_pairs(site.opened, 50) == counted


def test_who_does_what_opens_the_events_it_counts(client: TestClient, opened: Record) -> None:
    pair = opened.sql("SELECT one, other FROM pairs LIMIT 1").to_pylist()[0]
    text = client.get(f"/pair/{pair['one']}/{pair['other']}?by=year").text
    offers = re.findall(r'<td class="n"><a href="(/events[^"]*way=[^"]*type=[^"]*)">([\d,]+)</a>', text)
    assert offers
    for address, n in offers:
        assert number(client.get(address.replace("&amp;", "&")).text) == int(n.replace(",", ""))


def test_what_falls_due_names_the_nearest_day_first(client: TestClient, opened: Record) -> None:
    due = boards.deadlines(client.app._app._site.opened, most=50)  # type: ignore[attr-defined]
    last = opened.sql("SELECT max(day)::VARCHAR FROM days").column(0)[0].as_py()
    ahead = [one["due"] for one in due if one["due"] >= last]
    assert ahead == sorted(ahead)
    assert [one["due"] for one in due] == ahead + sorted((one["due"] for one in due if one["due"] < last), reverse=True)
    assert {one["board"] for one in due} >= {"commitments"}


def test_every_article_and_row_has_its_page(client: TestClient, opened: Record) -> None:
    for document in opened.sql("SELECT id FROM documents").column(0).to_pylist():
        found = page(client, f"/article/{document}")
        rows = opened.sql("SELECT id FROM assertions WHERE document = ?", [document]).column(0).to_pylist()
        for row in rows:
            assert f"r-{row.split('.')[1]}" in found.ids
    for row in opened.sql("SELECT id FROM assertions ORDER BY id LIMIT 40").column(0).to_pylist():
        page(client, f"/row/{row}")


def test_a_row_shows_its_chain_and_rule(client: TestClient, opened: Record) -> None:
    query = (
        "SELECT a.id, a.rule FROM assertions a JOIN attributions t ON t.id = a.attribution WHERE t.parent IS NOT NULL"
    )
    found = opened.sql(query).to_pylist()
    assert found
    text = client.get(f"/row/{found[0]['id']}").text
    assert text.count("said by") >= 2
    assert found[0]["rule"] in text


def test_copies_stand_side_by_side(client: TestClient, opened: Record) -> None:
    found = opened.sql("SELECT id FROM documents WHERE copy <> 'original'").column(0).to_pylist()
    assert found
    text = client.get(f"/article/{found[0]}/copies").text
    assert "Why it is taken for a copy" in text
    assert "built-in method" not in text
    kinds = opened.sql("SELECT copy FROM documents ORDER BY published DESC NULLS LAST").column(0).to_pylist()
    listed = client.get("/articles").text
    assert listed.count("syndicated copy") + listed.count("reworded copy") >= len([k for k in kinds if k != "original"])
    assert "built-in method" not in listed
    alone = opened.sql("SELECT min(document) AS d FROM clusters GROUP BY id HAVING count(*) = 1").column(0)[0].as_py()
    assert client.get(f"/article/{alone}/copies").status_code == 404


def test_nothing_of_a_hostile_article_is_an_element(client: TestClient, hostile_document: str, opened: Record) -> None:
    rows = opened.sql("SELECT id FROM assertions WHERE document = ?", [hostile_document]).column(0).to_pylist()
    assert rows
    paths = [
        f"/article/{hostile_document}",
        "/search?q=hostile",
        "/articles",
        "/",
        f"/search?document={hostile_document}",
    ]
    for path in [*paths, *[f"/row/{row}" for row in rows]]:
        found = page(client, path)  # fails on handlers, foreign scripts, other schemes
        assert not {"img", "iframe", "object", "embed", "base", "b", "raw"} & set(found.tags), path
        text = client.get(path).text
        assert "\u202e" not in text
        assert "49" not in re.findall(r"Ukraine (\d+)", text)
        assert "evil.example" not in "".join(found.links)


def test_words_in_addresses_come_back_as_words(client: TestClient) -> None:
    for path in (
        "/search?q=%3Cscript%3Ealert(1)%3C/script%3E", "/search?publisher=%22%3E%3Csvg%20onload=alert(1)%3E",
        "/articles?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E", "/rejections?code=%3Cscript%3E",
        "/search?since=%3Cscript%3E",
        "/article/%3Cscript%3Ealert(1)%3C%2Fscript%3E", "/row/%3Cscript%3E", "/rule/%3Cscript%3E", "/%3Cscript%3E",
    ):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code in {200, 400, 404}
        assert not [s for s in Page(answer.text).scripts if not s.startswith("/static/")], path


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/article/d0000000000000000", 404),
        ("/row/d0000000000000000.e1", 404),
        ("/row/nonsense", 404),
        ("/row/d0.e1", 404),
        ("/rule/no.such.rule", 404),
        ("/nope", 404),
        ("/pair/XXX/YYY", 404),
        ("/actor/RUS?by=fortnight", 400),
        ("/actor/RUS?since=2024-05-02&until=2024-05-01", 400),
        ("/actor/RUS?by=day&since=0001-01-01", 400),
        ("/event/e0", 404),
        ("/claim/c0", 404),
        ("/threats?state=asleep", 400),
        ("/search?since=2024-13-01", 400),
        ("/search?since=0000-00-00", 400),
        ("/search?page=0", 400),
        ("/search?page=99999999999999999999", 400),
        ("/search?type=%00", 400),
        ("/search?q=%ff%fe", 400),
        ("/search?q=%00", 400),
        ("/static/../app.py", 404),
        ("/static/vendor/../../app.py", 404),
    ],
)
def test_what_cannot_be_found_is_a_page_with_a_way_on(client: TestClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    if status != 200 and not path.startswith("/static"):
        assert 'href="/"' in answer.text


def test_answers_are_tagged_and_not_sent_twice(client: TestClient) -> None:
    first = client.get("/search?type=AID")
    again = client.get("/search?type=AID", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert not again.content
    assert client.get("/search?type=AGREE").headers["etag"] != first.headers["etag"]
    assert client.head("/search?type=AID").headers["etag"] == first.headers["etag"]


def test_static_files_keep(client: TestClient) -> None:
    link = next(x for x in page(client, "/").links if "style.css" in x)
    answer = client.get(link)
    assert "immutable" in answer.headers["cache-control"]
    assert client.get(link, headers={"if-none-match": answer.headers["etag"]}).status_code == 304


def transferred(client: TestClient, path: str) -> int:
    """Bytes of a page with everything it loads at first sight."""
    found = page(client, path)
    loaded = [x for x in found.links if x.startswith("/static/")]
    loaded += re.findall(r'data-atlas="([^"]+)"', client.get(path).text)
    sizes = 0
    for link in [path, *loaded]:
        answer = client.get(link, headers={"accept-encoding": "gzip"})
        sizes += int(answer.headers["content-length"])
    return sizes


@pytest.mark.parametrize("path", CHARTS)
def test_pages_with_charts_keep_their_budget(client: TestClient, path: str) -> None:
    assert transferred(client, path) <= 550_000


def test_numbers_of_a_chart_are_the_events_listed(client: TestClient, opened: Record) -> None:
    text = client.get("/actor/RUS?by=year&status=all&standing=all").text
    cells = re.findall(r'<a href="(/events[^"]*start=[^"]*)">([\d,]+)</a>', text)
    assert cells
    for address, n in cells:
        listed = client.get(address.replace("&amp;", "&")).text
        assert number(listed) == int(n)
        assert len(re.findall(r'class="row"', listed)) == min(25, int(n))


def test_partners_are_the_pairs_they_open(client: TestClient) -> None:
    text = client.get("/actor/RUS").text
    rows = re.findall(
        r'<th scope="row"><a href="(/pair/RUS/[^"]+)">[^<]*</a></th>.*?<td class="n">(\d+)</td></tr>', text
    )
    assert rows
    for address, n in rows[:8]:
        assert int(re.search(r">(\d+) events?</a>", client.get(address).text)[1]) == int(n)  # type: ignore[index]


def test_claims_and_boards_lead_to_their_rows(client: TestClient, opened: Record) -> None:
    for claim in opened.sql("SELECT id, documents FROM claims LIMIT 10").to_pylist():
        page(client, f"/claim/{claim['id']}")
    for event in opened.sql("SELECT id FROM events LIMIT 10").column(0).to_pylist():
        page(client, f"/event/{event}")
    for name in ("claims", "threats", "commitments", "forecasts"):
        n = opened.sql(f"SELECT count(*) FROM {name}").column(0)[0].as_py()
        assert number(client.get(f"/{name}").text) == n if n else "No " in client.get(f"/{name}").text


def test_pages_without_charts_are_small(client: TestClient, opened: Record) -> None:
    longest = opened.sql("SELECT id FROM documents ORDER BY words DESC LIMIT 1").column(0)[0].as_py()
    for path in [*PAGES, *BOARDS, *OTHERS, f"/article/{longest}"]:
        assert transferred(client, path) <= 120_000, path


def test_a_new_state_is_shown_at_once(folder: Path, tmp_path: Path) -> None:
    """The pointer changes: the next page reads the new state, with a new tag."""
    copy = tmp_path / "record"
    shutil.copytree(folder, copy)
    client = TestClient(create_app(copy, WebOptions()), base_url="http://127.0.0.1")
    before = client.get("/search").headers["etag"]
    old = (copy / "CURRENT").read_text("utf-8").strip()
    shutil.copy(copy / old, copy / "serving-next.duckdb")
    (copy / "CURRENT").write_text("serving-next.duckdb", "utf-8")
    (copy / old).unlink()
    after = client.get("/search", headers={"if-none-match": before})
    assert after.status_code == 200
    assert after.headers["etag"] != before


def test_a_record_that_goes_away_is_a_page(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "record"
    shutil.copytree(folder, copy)
    client = TestClient(create_app(copy, WebOptions()), base_url="http://127.0.0.1", raise_server_exceptions=False)
    assert client.get("/search").status_code == 200
    (copy / "demarche.json").write_text('{"form": "demarche-record", "schema": 99}', "utf-8")
    (copy / "CURRENT").write_text("serving-gone.duckdb", "utf-8")
    answer = client.get("/search?type=AID")
    assert answer.status_code == 503
    assert "install a newer demarche" in answer.text
    assert "retry-after" in answer.headers


def test_there_is_nothing_to_serve(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="E501"):
        create_app(tmp_path / "nothing")


def test_pages_say_when_nothing_is_published_yet(tmp_path: Path) -> None:
    folder = tmp_path / "record"
    folder.mkdir()
    (folder / "demarche.json").write_text('{"form": "demarche-record", "schema": 1}', "utf-8")
    client = TestClient(create_app(folder), base_url="http://127.0.0.1", raise_server_exceptions=False)
    answer = client.get("/")
    assert answer.status_code == 503
    assert "published" in answer.text
