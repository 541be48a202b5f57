"""Pages written for the tests of ingest."""

from __future__ import annotations

STORY = (
    "The foreign minister of Veria said on Monday that the border with Tolan would open again within ten days.",
    "Officials in both capitals had met three times since April, and each side had asked the other for guarantees.",
    "Tolan's president, who faces an election in the autumn, called the offer serious but said that it came late.",
    "Traders at the crossing waited beside their lorries on Tuesday, hoping that the first convoys would soon pass.",
)


def page(*, head: str = "", body: str | None = None, title: str = "Veria to open border", lang: str = "en") -> str:
    """A page with a menu and a footer around `body` (default: the story as paragraphs in an article)."""
    story = "".join(f"<p>{text}</p>" for text in STORY)
    inner = body if body is not None else f"<article><h1>{title}</h1>{story}</article>"
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title} | Ister Post</title>{head}'
        '</head><body><nav><ul><li><a href="/">Home</a></li><li><a href="/w">World</a></li></ul></nav>'
        f"<main>{inner}</main><footer>© 2021 Ister Post</footer></body></html>"
    )
