"""Live blogs: each post as a line with its time and the paragraphs under it."""

from __future__ import annotations

import re
from typing import Any

from demarche.ingest.clean import clean_text
from demarche.ingest.density import fragment_blocks
from demarche.ingest.draft import Block
from demarche.ingest.metadata import PageFacts
from demarche.ingest.page_dates import parse_date
from demarche.records import Role

__all__ = ["live_blocks"]

_LIVE = re.compile(r"\blive\b|ticker|minute[- ]by[- ]minute|newsblog", re.I)
FEWEST = 3
"""Posts that make a live blog."""


def live_blocks(tree: Any, facts: PageFacts, title: str | None, address: str | None) -> list[Block]:
    """Blocks of a live blog, posts in page order; empty when the page is none.

    A post's time stands as a dateline above it: the hour and minute, with the day where it is not that of the blog.
    """
    told = _told_posts(facts)
    if len(told) >= FEWEST:
        return told_blocks(told)
    if not _LIVE.search(f"{title or ''} {address or ''}"):
        return []
    posts = _marked_posts(tree)
    return [block for post in posts for block in _post_blocks(post)] if len(posts) >= FEWEST else []


def _told_posts(facts: PageFacts) -> list[dict[str, Any]]:
    """Posts of a LiveBlogPosting that carry their text."""
    for item in facts.articles:
        updates = item.get("liveBlogUpdate")
        if isinstance(updates, list):
            return [one for one in updates if isinstance(one, dict) and isinstance(one.get("articleBody"), str)]
    return []


def told_blocks(posts: list[dict[str, Any]]) -> list[Block]:
    """Blocks of posts as the structured data give them."""
    blocks = []
    for post in posts:
        blocks += _time_block(str(post.get("datePublished") or post.get("dateModified") or ""))
        headline = clean_text(post["headline"]) if isinstance(post.get("headline"), str) else ""
        lines = [line for line in map(clean_text, re.split(r"\n+|<br\s*/?>|</p>", post["articleBody"])) if line]
        lines = [clean_text(re.sub(r"<[^>]{1,400}>", " ", line)) for line in lines]
        if headline and not (lines and lines[0].startswith(headline)):
            blocks.append(Block(text=headline, role=Role.BODY))
        blocks += [Block(text=line, role=Role.BODY) for line in lines if line]
    return blocks


def _time_block(stamp: str) -> list[Block]:
    date = parse_date(stamp)
    if date is None or "T" not in date:
        return []
    return [Block(text=f"{date[:10]} {date[11:16]}", role=Role.DATELINE)]


def _marked_posts(tree: Any) -> list[Any]:
    """The largest family of siblings that each hold a time and words of their own."""
    families: dict[tuple[Any, str], dict[Any, None]] = {}
    for time in tree.iter("time"):
        node = time.getparent()
        for _ in range(5):
            parent = node.getparent() if node is not None else None
            if parent is None:
                break
            families.setdefault((parent, str(node.tag)), {})[node] = None
            node = parent
    best: list[Any] = []
    for members in families.values():
        posts = [node for node in members if len("".join(node.itertext()).split()) > 15]
        if len(posts) > len(best):
            best = posts
    return best


def _post_blocks(post: Any) -> list[Block]:
    time = next(post.iter("time"))
    stamp = _time_block(time.get("datetime") or "")
    shown = clean_text("".join(time.itertext()))
    lines = [block for block in fragment_blocks(post) if block.text != shown]
    return [*stamp, *lines]
