"""Every page in a browser: nothing breaks the policy, nothing runs over the edge, axe finds nothing serious, and a
reader gets from a mark of a chart to the sentence behind it. Screenshots are kept in build/screenshots/."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from browser import FLAGS, MISSING, chromium

from demarche.store import Record
from demarche.web import WebOptions, create_app

pytestmark = pytest.mark.browser
SHOTS = Path(__file__).resolve().parents[3] / "build" / "screenshots"

PAGES = {
    "overview": "/",
    "search": "/search?type=AID&actor=UKR",
    "search-empty": "/search?q=nothingofthesort",
    "articles": "/articles",
    "pairs": "/pairs",
    "pair": "/pair/RUS/UKR?by=year",
    "actor": "/actor/RUS?by=quarter&status=all",
    "tension": "/tension/RUS/UKR",
    "events": "/events?a=RUS",
    "claims": "/claims",
    "threats": "/threats",
    "commitments": "/commitments",
    "forecasts": "/forecasts",
    "quality": "/quality",
    "review": "/review?reviewer=Ann",
    "rejections": "/rejections",
    "paste": "/paste",
    "sql": "/sql?q=SELECT%201",
    "api": "/api/docs",
    "error": "/search?since=2024-13-01",
    "missing": "/nope",
}


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """A server on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = create_app(folder, WebOptions(port=port, sql=True, review=folder.parent / "browser.jsonl"))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    path = chromium()
    if path is None:
        pytest.skip(MISSING)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="module")
def article(opened: Record) -> str:
    query = "SELECT document FROM assertions WHERE attribution IS NOT NULL GROUP BY ALL ORDER BY count(*) DESC LIMIT 1"
    return f"/article/{opened.sql(query).column(0)[0].as_py()}"


GROUND = "getComputedStyle(document.documentElement).backgroundColor"


class Watched:
    """A page that remembers what it complained of and where it went."""

    def __init__(self, browser: Any, *, width: int = 1280, **options: Any) -> None:
        size = {"width": width, "height": 900 if width > 500 else 844}
        self.context = browser.new_context(viewport=size, **options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type in {"error", "warning"} else None)
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))
        self.page.on("dialog", lambda d: (self.complaints.append(f"dialog {d.message}"), d.dismiss()))
        self.page.on("request", lambda r: self.asked.append(r.url))

    def __enter__(self) -> Watched:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def open(self, address: str) -> Any:
        """Go there and wait until nothing more is loaded."""
        self.page.goto(address, wait_until="networkidle")
        return self.page


def serious(page: Any) -> list[str]:
    """What axe-core calls serious or critical, with where it stands."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"resultTypes": ["violations"]})
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:160]} ({one['nodes'][0].get('failureSummary', '')[:200]})"
        for one in found.response["violations"]
        if one["impact"] in {"serious", "critical"}
    ]


def looked_at(watched: Watched, address: str, path: str, name: str, status: int | None = None) -> None:
    page = watched.open(address + path)
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
    expected = {"error": 400, "missing": 404}.get(name.rsplit("-", 1)[0])
    complaints = [c for c in watched.complaints if not (expected and f"status of {expected}" in c)]
    assert not complaints, (path, complaints[:5])
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], f"{path} is {width} wide"
    assert not [url for url in watched.asked if not url.startswith(address)]


@pytest.mark.parametrize("name", sorted(PAGES))
def test_pages_look_right_wide_and_narrow(browser: Any, address: str, name: str) -> None:
    with Watched(browser) as wide:
        looked_at(wide, address, PAGES[name], f"{name}-1280")
        assert not serious(wide.page)
    with Watched(browser, width=390, is_mobile=True, has_touch=True) as narrow:
        looked_at(narrow, address, PAGES[name], f"{name}-390")


def test_an_article_is_accessible_also_in_the_dark(browser: Any, address: str, article: str, opened: Record) -> None:
    row = (
        opened.sql("SELECT id FROM assertions WHERE document = ? LIMIT 1", [article.rsplit("/", maxsplit=1)[-1]])
        .column(0)[0]
        .as_py()
    )
    for name, path in (("article", article), ("row", f"/row/{row}")):
        with Watched(browser) as wide:
            looked_at(wide, address, path, f"{name}-1280")
            for layer in ("l-actor", "l-time", "l-place"):
                if name == "article":
                    wide.page.check(f"#{layer}")
            assert not serious(wide.page)
        with Watched(browser, width=390) as narrow:
            looked_at(narrow, address, path, f"{name}-390")
        with Watched(browser, color_scheme="dark") as dark:
            looked_at(dark, address, path, f"{name}-dark-1280")
            assert not serious(dark.page)


@pytest.mark.parametrize("name", ["overview", "search", "pair", "claims", "threats"])
def test_dark_pages_can_be_read(browser: Any, address: str, name: str) -> None:
    with Watched(browser, color_scheme="dark") as dark:
        looked_at(dark, address, PAGES[name], f"{name}-dark-1280")
        assert not serious(dark.page)


def test_from_a_mark_of_the_chart_to_the_sentence(browser: Any, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.open(f"{address}/actor/RUS?by=year&status=all&standing=all")
        bars = page.locator(".chart[data-chart=series] svg path")
        page.wait_for_function("document.querySelectorAll('.chart[data-chart=series] svg path').length > 10")
        box = page.evaluate(
            """() => {
              const chart = echarts.getInstanceByDom(document.querySelector('[data-chart=series]'));
              const d = JSON.parse(document.getElementById('chart-series').textContent);
              const bar = d.bars.findIndex((b) => b.values.some((v) => v > 0));
              const at = d.bars[bar].values.findIndex((v) => v > 0);
              const below = d.bars.slice(0, bar).reduce((sum, b) => sum + (b.values[at] || 0), 0);
              const middle = below + d.bars[bar].values[at] / 2;
              const [x, y] = chart.convertToPixel({xAxisIndex: 0, yAxisIndex: 0}, [at, middle]);
              const r = chart.getDom().getBoundingClientRect();
              return {x: r.x + x, y: r.y + y + 1, n: d.bars[bar].values[at]};
            }"""
        )
        assert bars.count() > 10
        page.mouse.click(box["x"], box["y"])
        page.wait_for_url("**/events?*start=*")
        assert page.locator(".row").count() == min(25, box["n"])
        page.locator(".row .more").first.click()
        page.wait_for_url("**/event/*")
        page.locator(".row .more").first.click()
        page.wait_for_url("**/row/*")
        assert page.locator(".sentence .act").count() >= 1
        page.get_by_role("link", name="Read it in the article").click()
        page.wait_for_url("**/article/*#w-*")
        assert page.locator(".text .act:target").count() == 1
        assert not watched.complaints


def test_hovering_a_row_lights_its_words(browser: Any, address: str, article: str) -> None:
    with Watched(browser) as watched:
        page = watched.open(address + article)
        row = page.locator(".side-rows > li[data-lit*=' a']").first
        row.hover()
        identifier = row.get_attribute("data-r")
        assert page.locator(f".text [data-r~='{identifier}'].lit").count() >= 1
        assert page.locator(".text .at-content.lit").count() >= 1
        page.locator("h1").hover()
        assert page.locator(".text .lit").count() == 0
        page.locator(f"#w-{identifier}").hover()
        assert page.locator(f".side-rows [data-r='{identifier}'].lit").count() == 1


def test_facets_change_the_results_in_place(browser: Any, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.open(f"{address}/search")
        before = page.locator(".count").inner_text()
        page.fill("#f-q", "aid")
        page.press("#f-q", "Enter")
        page.wait_for_url("**/search?*q=aid*")
        page.wait_for_function("text => document.querySelector('.count').innerText !== text", arg=before)
        assert page.locator(".chosen").count() == 1
        assert not watched.complaints


def test_pages_are_complete_without_scripts(browser: Any, address: str, article: str) -> None:
    with Watched(browser, java_script_enabled=False) as watched:
        page = watched.open(address + article)
        assert page.locator(".text .act").count() > 0
        page.locator("#l-actor").check()
        page.goto(f"{address}/actor/RUS?by=year&status=all")
        page.locator("summary", has_text="as a table").click()
        assert page.locator(".twin table a").count() > 0
        assert not page.locator(".chart").first.is_visible()
        page.goto(f"{address}/search")
        page.fill("#f-q", "aid")
        page.press("#f-q", "Enter")
        assert "q=aid" in page.url


def test_nothing_of_a_hostile_article_runs(browser: Any, address: str, hostile_document: str, opened: Record) -> None:
    rows = opened.sql("SELECT id FROM assertions WHERE document = ?", [hostile_document]).column(0).to_pylist()
    paths = [f"/article/{hostile_document}", "/search?q=hostile", "/articles", *(f"/row/{row}" for row in rows[:3])]
    for path in paths:
        with Watched(browser) as watched:
            page = watched.open(address + path)
            assert not watched.complaints, (path, watched.complaints)
            assert "owned" not in page.title() or "<script>" in page.title()
            assert page.evaluate("document.scripts.length") == page.locator("script[src^='/static/']").count()
            assert not [url for url in watched.asked if not url.startswith(address)]


def test_the_keyboard_is_enough(browser: Any, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.open(f"{address}/search")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.closest('.facet') !== null"):
                break
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none"
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?*=*")


def test_a_pasted_article_shows_its_progress(browser: Any, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.open(f"{address}/paste")
        page.fill("#p-text", "Germany condemned the attack on Ukraine. France pledged aid to Kyiv.")
        page.get_by_role("button", name="Read it").click()
        page.wait_for_selector(".side-rows > li", timeout=90_000)
        assert "Accusation" in page.locator(".side-rows").inner_text()


def test_paper_is_light_and_complete(browser: Any, address: str) -> None:
    with Watched(browser, color_scheme="dark") as watched:
        page = watched.open(f"{address}/actor/RUS?by=year&status=all&standing=all")
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
        page.emulate_media(media="print", color_scheme="dark")
        ink = page.evaluate("getComputedStyle(document.querySelector('h1')).color")
        assert max(int(part) for part in ink.removeprefix("rgb(").removesuffix(")").split(",")) < 80
        assert not page.locator("nav").first.is_visible()
        shown = "getComputedStyle(document.querySelector('.twin'), '::details-content').contentVisibility"
        assert page.evaluate(shown) == "visible"
        page.emulate_media(media="screen")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.evaluate("document.documentElement.dataset.theme") == "light"
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        assert not watched.complaints


def test_gaps_of_a_chart_cover_their_bins(browser: Any, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.open(f"{address}/actor/RUS?by=year&status=all&standing=all")
        page.wait_for_function("document.querySelectorAll('.chart[data-chart=series] svg path').length > 10")
        gaps = page.evaluate(
            """() => {
              const chart = echarts.getInstanceByDom(document.querySelector('[data-chart=series]'));
              const d = JSON.parse(document.getElementById('chart-series').textContent);
              const panels = chart.getOption().series.filter((s) => s.name === d.words.gap);
              const runs = panels.map((s) => s.data.map(([a, b]) => [a, b]));
              return {said: d.gaps.some(Boolean), all: d.gaps, panels: runs};
            }"""
        )
        runs = [list(range(a, b + 1)) for a, b in gaps["panels"][0]] if gaps["panels"] else []
        assert [i for run in runs for i in run] == [i for i, gap in enumerate(gaps["all"]) if gap]
        assert len(gaps["panels"]) == (2 if gaps["said"] else 0)


def test_the_theme_can_be_chosen(browser: Any, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.open(f"{address}/pair/RUS/UKR?by=year")
        before = page.evaluate(GROUND)
        page.locator("[data-theme-toggle]").click()
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        after = page.evaluate(GROUND)
        assert after != before
        page.reload(wait_until="networkidle")
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
