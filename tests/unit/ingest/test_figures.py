from __future__ import annotations

from demarche.ingest.article import build_article
from demarche.ingest.draft import Origin
from demarche.ingest.html import read_html
from demarche.ingest.options import ReadOptions

FIRST = "The army left the harbour on Friday, residents said, and nobody knew when it would be back in the town."
SECOND = "Traders opened their stalls again in the morning, while the mayor asked for help with the broken bridge."
THIRD = "The ministry in the capital declined to comment on the withdrawal, which neighbours have called a good sign."


def roles(body: str) -> list[tuple[str, str]]:
    page = f"<html lang='en'><head><title>Army leaves harbour</title></head><body>{body}</body></html>"
    article = build_article(
        read_html(page.encode(), Origin(path="p.html", name="p.html"), ReadOptions()), ReadOptions()
    )
    text = article.document.text
    return [(p.role.value, text[p.start : p.end]) for p in article.paragraphs]


def story(*inside: str) -> str:
    paragraphs = "".join(f"<p>{text}</p>{extra}" for text, extra in zip((FIRST, SECOND, THIRD), inside, strict=True))
    return f"<article><h1>Army leaves harbour</h1>{paragraphs}</article>"


def test_a_caption_stands_where_its_picture_stood() -> None:
    figure = "<figure><img src='a'><figcaption>A soldier looks back at the harbour on Friday.</figcaption></figure>"
    found = roles(story("", figure, ""))
    assert found[3] == ("caption", "A soldier looks back at the harbour on Friday.")
    assert [role for role, _ in found] == ["title", "body", "body", "caption", "body"]


def test_a_credit_is_a_credit_and_a_counter_is_taken_off() -> None:
    credit = "<figure><figcaption>Photo: Ana Roth/Newsline</figcaption></figure>"
    counted = "<div class='caption-text'>Image 2 of 7 A stall opens again by the bridge.</div>"
    found = roles(story(credit, counted, ""))
    assert ("credit", "Photo: Ana Roth/Newsline") in found
    assert ("caption", "A stall opens again by the bridge.") in found


def test_pictures_of_other_stories_give_no_captions() -> None:
    teaser = "<figure><figcaption>Ten bridges that you should see this summer.</figcaption></figure>"
    found = roles(f"{teaser}{story('', '', '')}<aside>{teaser}</aside>{teaser}")
    assert not any(role == "caption" for role, _ in found)
