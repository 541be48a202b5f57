from __future__ import annotations

import json

from demarche.ingest.article import build_article
from demarche.ingest.draft import Origin
from demarche.ingest.html import read_html
from demarche.ingest.options import ReadOptions
from demarche.records import Role
from ingest_pages import STORY, page

TIMES = (
    "2021-03-04T16:40:00+01:00",
    "2021-03-04T15:05:00+01:00",
    "2021-03-04T14:00:00+01:00",
    "2021-03-03T23:10:00+01:00",
)


def lines(markup: str) -> list[tuple[Role, str]]:
    draft = read_html(markup.encode(), Origin(path="p.html", name="p.html"), ReadOptions())
    article = build_article(draft, ReadOptions())
    return [(p.role, article.document.text[p.start : p.end]) for p in article.paragraphs]


def test_posts_of_the_structured_data_are_paragraphs_with_times() -> None:
    updates = [
        {"@type": "BlogPosting", "headline": f"Post {i}", "datePublished": time, "articleBody": text}
        for i, (time, text) in enumerate(zip(TIMES, STORY, strict=True))
    ]
    data = {"@type": "LiveBlogPosting", "headline": "Border live", "liveBlogUpdate": updates}
    found = lines(page(title="Border live", head=f'<script type="application/ld+json">{json.dumps(data)}</script>'))
    assert (Role.DATELINE, "2021-03-04 16:40") in found
    assert [text for role, text in found if role is Role.BODY and text in STORY] == list(STORY)
    at = found.index((Role.DATELINE, "2021-03-03 23:10"))
    assert found[at + 1 : at + 3] == [(Role.BODY, "Post 3"), (Role.BODY, STORY[3])]


def test_posts_in_the_markup_are_paragraphs_with_times() -> None:
    posts = "".join(
        f'<div class="post"><time datetime="{time}">{time[11:16]}</time><div><p>{text}</p></div></div>'
        for time, text in zip(TIMES, STORY, strict=True)
    )
    found = lines(page(title="Border live", body=f"<h1>Border live</h1><div>{posts}</div>"))
    assert [text for role, text in found if role is Role.DATELINE] == [f"{time[:10]} {time[11:16]}" for time in TIMES]
    assert [text for role, text in found if text in STORY] == list(STORY)


def test_comments_with_times_are_no_live_blog() -> None:
    comments = "".join(
        f'<div class="c"><time datetime="{time}"></time><p>I think that this is a very bad idea and that nobody will '
        "ever believe what they say.</p></div>"
        for time in TIMES
    )
    story = "".join(f"<p>{text}</p>" for text in STORY)
    found = lines(page(body=f'<article>{story}</article><div class="comments">{comments}</div>'))
    assert [text for _, text in found if text in STORY] == list(STORY)
    assert not any(role is Role.DATELINE for role, _ in found)
