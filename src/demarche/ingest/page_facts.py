"""Title, authors, publisher, date and address of a page, judged from everything it says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from demarche.ingest.draft import Block, Found
from demarche.ingest.live import live_blocks
from demarche.ingest.metadata import PageFacts, find_standfirst, has_deck, names_of, read_facts
from demarche.ingest.page_dates import collect_sightings, find_changed, find_published
from demarche.ingest.page_title import find_title

__all__ = ["Judged", "judge_facts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is believed of a page. live: the posts of a live blog, empty for another page."""

    title: str | None
    standfirst: str | None
    authors: tuple[str, ...]
    publisher: str | None
    published: Found | None
    changed: str | None
    section: str | None
    url: str | None
    language: str | None
    free: bool
    live: tuple[Block, ...] = ()


def judge_facts(tree: Any, address: str | None, *, scripts: str = "", live: bool = False) -> Judged:
    """Judge the facts of a parsed page; address: where it came from, if known. scripts: the markup with its scripts.
    live: look for a live blog as well."""
    facts = read_facts(tree, address)
    title = find_title(tree, facts, address)
    place = address or facts.canonical
    dates = collect_sightings(tree, facts, place, title, scripts)
    published = find_published(dates, place)
    return Judged(
        title=title,
        standfirst=find_standfirst(tree, title) if not scripts or has_deck(scripts) else None,
        authors=_authors(facts),
        publisher=_publisher(facts),
        published=published,
        changed=find_changed(dates, published),
        section=_section(facts),
        url=facts.canonical or address,
        language=facts.language,
        live=tuple(live_blocks(tree, facts, title, address)) if live else (),
        free=not any(str(item.get("isAccessibleForFree")).lower() == "false" for item in facts.articles),
    )


def _authors(facts: PageFacts) -> tuple[str, ...]:
    names = [name for item in facts.articles for name in names_of(item.get("author"))]
    if not names:
        found = facts.first("author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "byl")
        names = [found.removeprefix("By ")] if found and not found.startswith("http") else []
    return tuple(dict.fromkeys(names))


def _section(facts: PageFacts) -> str | None:
    names = [name for item in facts.articles for name in names_of(item.get("articleSection"))]
    found = names[0] if names else facts.first("article:section", "og:article:section", "section", "parsely-section")
    return found if found and len(found) <= 60 else None


def _publisher(facts: PageFacts) -> str | None:
    names = [name for item in facts.articles for name in names_of(item.get("publisher"))]
    return names[0] if names else facts.first("og:site_name", "application-name", "dc.publisher", "copyright")
