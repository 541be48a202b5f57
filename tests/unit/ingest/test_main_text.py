from __future__ import annotations

from demarche.ingest.draft import Origin
from demarche.ingest.html import read_html
from demarche.ingest.options import ReadOptions
from ingest_pages import STORY, page


def texts(markup: str) -> list[str]:
    draft = read_html(markup.encode(), Origin(path="p.html", name="p.html"), ReadOptions())
    return [block.text for block in draft.blocks]


def test_the_story_is_found_and_the_furniture_is_not() -> None:
    found = texts(page())
    assert [text for text in found if text in STORY] == list(STORY)
    assert not any("Home" in text or "©" in text for text in found)


def test_a_story_cut_around_advertisements_is_whole() -> None:
    cells = "".join(
        f'<div class="grid"><div class="body"><p>{text}</p></div></div><div class="ad">Buy now</div>' for text in STORY
    )
    found = texts(page(body=f"<article><h1>Veria to open border</h1><div>{cells}</div></article>"))
    assert [text for text in found if text in STORY] == list(STORY)


def test_a_story_without_paragraph_elements_is_split_at_its_line_breaks() -> None:
    found = texts(page(body=f'<div class="content">{"<br><br>".join(STORY)}</div>'))
    assert [text for text in found if text in STORY] == list(STORY)


def test_hidden_text_and_popups_inside_the_story_are_dropped() -> None:
    popup = '<span class="rollover-people-block"><a href="/x">Minister opposes bill</a></span>'
    body = "".join(f"<p>{popup}{text}</p>" for text in STORY) + '<p style="display:none">Secret sentence, hidden.</p>'
    found = texts(page(body=f"<article>{body}</article>"))
    assert list(STORY) == [text for text in found if text in STORY]
    assert not any("Secret" in text or "opposes" in text for text in found)


def test_a_wrapper_named_after_its_sidebar_is_no_furniture() -> None:
    story = "".join(f"<p>{text}</p>" for text in STORY)
    found = texts(page(body=f'<div class="content with-sidebar related"><div>{story}</div></div>'))
    assert list(STORY) == [text for text in found if text in STORY]


def test_a_form_around_the_whole_page_hides_nothing() -> None:
    story = "".join(f"<p>{text}</p>" for text in STORY)
    found = texts(page(body=f'<form action="/"><div id="story">{story}</div></form>'))
    assert list(STORY) == [text for text in found if text in STORY]
