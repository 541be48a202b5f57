from __future__ import annotations

import pytest

from demarche.ingest.draft import Origin
from demarche.ingest.html import page_facts
from demarche.ingest.options import ReadOptions

ADDRESS = "https://www.isterpost.example/world/border"


def title(markup: str, address: str | None = ADDRESS) -> str | None:
    return page_facts(markup.encode(), Origin(path="p", name="p", url=address), ReadOptions()).title


def page(head: str, body: str) -> str:
    return f"<html><head>{head}</head><body>{body}<p>The army left the town on Friday.</p></body></html>"


@pytest.mark.parametrize(
    "head",
    [
        "<title>Army leaves town | Ister Post</title>",
        "<title>Ister Post - Army leaves town</title>",
        "<title>Army leaves town - World - Ister Post</title>",
        '<meta property="og:title" content="Army leaves town – Ister Post">',
    ],
)
def test_the_heading_that_the_metadata_confirm_is_the_title(head: str) -> None:
    assert title(page(head, "<h1>Ister Post</h1><h2>Army leaves town</h2>")) == "Army leaves town"


def test_without_a_heading_the_name_of_the_site_is_cut_off() -> None:
    head = '<title>Army leaves town | Ister Post</title><meta property="og:site_name" content="Ister Post">'
    assert title(page(head, "")) == "Army leaves town"


def test_a_kicker_in_the_heading_is_left_out() -> None:
    body = '<h1><span class="kicker">Border talks</span> Army leaves town</h1>'
    assert title(page("<title>Army leaves town</title>", body)) == "Army leaves town"


def test_entities_that_were_escaped_twice_are_opened() -> None:
    assert title(page('<meta property="og:title" content="Army &amp;#8216;leaves&amp;#8217; town">', "")) == (
        "Army ‘leaves’ town"
    )


def test_headings_of_navigation_and_footer_are_no_titles() -> None:
    assert title(page("", "<nav><h1>Menu</h1></nav><h1>Army leaves town</h1><footer><h1>Legal</h1></footer>")) == (
        "Army leaves town"
    )


def test_a_page_without_any_title_has_none() -> None:
    assert title("<html><body><p>The army left the town on Friday.</p></body></html>", None) is None
