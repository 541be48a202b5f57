"""What a page says of itself: JSON-LD, OpenGraph and other meta tags, microdata, its own headings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree

from demarche.ingest.clean import clean_text

__all__ = ["PageFacts", "read_facts"]

_ARTICLE = re.compile(
    r"(News|Blog|Report|Opinion|Analysis|Review|Tech|Satirical|Scholarly|Background)?\w*(Article|Posting)$"
)


@dataclass(slots=True)
class PageFacts:
    """Facts as the page states them, unjudged. meta: lower-case name or property → contents in page order.

    language: two letters. region: the whole label, such as `en-gb`.
    """

    meta: dict[str, list[str]] = field(default_factory=dict)
    articles: list[dict[str, Any]] = field(default_factory=list)
    other: list[dict[str, Any]] = field(default_factory=list)
    canonical: str | None = None
    language: str | None = None
    region: str | None = None

    def first(self, *names: str) -> str | None:
        """The first content of the first of these names that has one."""
        for name in names:
            for value in self.meta.get(name, ()):
                if clean := clean_text(value):
                    return clean
        return None


def read_facts(tree: Any, address: str | None) -> PageFacts:
    """Everything the head and the structured data of a page say."""
    facts = PageFacts()
    for node in tree.iter("meta"):
        name = node.get("property") or node.get("name") or node.get("itemprop") or node.get("http-equiv")
        content = node.get("content")
        if name and content:
            facts.meta.setdefault(name.strip().lower(), []).append(content)
    for node in tree.iter("link"):
        if (node.get("rel") or "").lower() == "canonical" and node.get("href"):
            facts.canonical = _canonical(node.get("href"), address)
            break
    root = tree if tree.tag == "html" else next(tree.iter("html"), tree)
    told = (root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip().lower()
    facts.region = told or (facts.first("og:locale") or "").lower() or None
    facts.language = told[:2] or None
    for node in tree.iter("script"):
        if "ld+json" in (node.get("type") or "").lower() and node.text:
            for item in _items(_parse(node.text)):
                kinds = item.get("@type")
                kinds = kinds if isinstance(kinds, list) else [kinds]
                is_article = any(isinstance(kind, str) and _ARTICLE.search(kind) for kind in kinds)
                (facts.articles if is_article else facts.other).append(item)
    return facts


def _canonical(href: str, address: str | None) -> str | None:
    """The page's own address; one on another host than it was fetched from, or of a front page, is not believed."""
    href = urljoin(address, href.strip()) if address else href.strip()
    parts = urlsplit(href) if href.startswith(("http://", "https://")) else None
    if parts is None or not parts.netloc:
        return None
    if address and parts.path in {"", "/"} and urlsplit(address).path not in {"", "/"}:
        return None
    return href


def _parse(text: str) -> Any:
    """JSON of a script element, forgiving what publishers do: comments around it, raw line breaks, trailing commas."""
    text = text.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    text = re.sub(r"^\s*//\s*<!\[CDATA\[|//\s*\]\]>\s*$|^/\*.*?\*/", "", text, flags=re.S)
    for attempt in (text, re.sub(r",\s*([}\]])", r"\1", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _items(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Objects of a JSON-LD value: lists and `@graph`s opened, and the main entity of a page."""
    if depth > 4:
        return
    if isinstance(value, list):
        for item in value[:200]:
            yield from _items(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "itemListElement"):
            if isinstance(value.get(key), list | dict):
                yield from _items(value[key], depth + 1)


def names_of(value: Any) -> list[str]:
    """Names in a JSON-LD author or publisher: strings, objects, lists of both."""
    if isinstance(value, str):
        return [clean_text(value)] if clean_text(value) and not value.startswith("http") else []
    if isinstance(value, dict):
        return names_of(value.get("name"))
    if isinstance(value, list):
        return [name for item in value[:20] for name in names_of(item)]
    return []


def inner_text(node: Any) -> str:
    """The words of an element, scripts and styles left out."""
    return clean_text(" ".join(str(text) for text in _WORDS(node)))


_DECK = re.compile(r"standfirst|sub-?headline|\bdek\b", re.I)
_PERHAPS_DECK = etree.XPath(
    "descendant-or-self::*[contains(@class, 'dek') or contains(@class, 'eadline') or contains(@class, 'tandfirst')]"
)
_WORDS = etree.XPath(".//text()[not(ancestor::script or ancestor::style)]")


def has_deck(markup: str) -> bool:
    """Whether a page names any element as a deck: most do not, and need no search."""
    return (
        any(word in markup for word in ("tandfirst", "headline", "Headline"))
        or re.search(r"\bdek\b", markup) is not None
    )


def find_standfirst(tree: Any, title: str | None) -> str | None:
    """The visible deck of the article: a marked element of 5 to 80 words."""
    for node in _PERHAPS_DECK(tree):
        if _DECK.search(node.get("class")):
            text = inner_text(node)
            if 5 <= text.count(" ") + 1 <= 80 and text != title:
                return text
    return None
