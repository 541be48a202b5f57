"""The headline of a page, judged from its headings and from what its metadata call the title."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from demarche.ingest.clean import clean_text
from demarche.ingest.metadata import PageFacts, inner_text

__all__ = ["find_title"]

_SEPARATOR = re.compile(r"\s+(?:[|·•»«]|[-–—]|::|//|/)+\s+|\s*\|\s*|\s+[»«:]\s+")
_KICKER = re.compile(
    r"kicker|topline|overline|over-?title|dachzeile|roof|eyebrow|supertitle|super-?headline|pre-?title|pre-?headline|"
    r"headline-?intro|category|section-?name|subline|sub-?title|sub-?headline|flag|badge|label|meta|author|date|sr-only|"
    r"visually-?hidden|screen-reader|spitzmarke|vorspann|ressort|rubrik",
    re.I,
)
_HEADINGS = ("h1", "h2", "h3")
_PLAIN_WORDS = frozenset("menu navigation search home page sections details news blog article artikel".split())


def find_title(tree: Any, facts: PageFacts, address: str | None) -> str | None:
    """The headline: the heading that the metadata confirm, else the one h1, else the metadata without the site's name.

    A heading in which a kicker stands before the headline is taken without it.
    """
    told = _told(tree, facts)
    heads = _headings(tree)
    site = _site_names(facts, address)
    confirmed = _confirmed(heads, told, site)
    if confirmed:
        return confirmed
    firsts = [text for level, text in heads if level == 0 and not _is_site(text, site)]
    if len(firsts) == 1:
        return firsts[0]
    for text in told:
        return _without_site(text, site) or text
    return firsts[0] if firsts else next((text for _, text in heads), None)


def _told(tree: Any, facts: PageFacts) -> list[str]:
    """What the metadata call the title, the most reliable first; entities that were escaped twice are opened."""
    found = [item["headline"] for item in facts.articles if isinstance(item.get("headline"), str)]
    found += [value for name in ("og:title", "twitter:title") if (value := facts.first(name))]
    page = next((inner_text(node) for node in tree.iter("title") if node.getparent().tag == "head"), None)
    found += [page] if page else []
    return list(dict.fromkeys(text for raw in found if (text := clean_text(html.unescape(raw)))))


def _headings(tree: Any) -> list[tuple[int, str]]:
    """(level from 0, words) of the headings of a page in order, those of navigation and footers left out."""
    found = []
    for node in tree.iter(*_HEADINGS):
        above = node.iterancestors("nav", "footer", "aside")
        if next(above, None) is not None:
            continue
        text = _bare(node)
        if text and len(text) < 300:
            found.append((_HEADINGS.index(node.tag), text))
    return found


def _bare(node: Any) -> str:
    """Words of a heading without the elements that are named as kickers, unless nothing else is left."""
    whole = inner_text(node)
    kickers = [
        child
        for child in node.iter("span", "small", "div", "p", "strong", "em", "i", "b", "a", "time")
        if child is not node and _KICKER.search(f"{child.get('class') or ''} {child.get('itemprop') or ''}")
    ]
    text = whole
    for child in kickers:
        words = inner_text(child)
        if words and len(words) < len(text):
            text = clean_text(text.replace(words, " ", 1))
    text = re.sub(r"^\s*[:|–—/-]\s+|\s+[:|–—/-]\s*$", "", text)
    return text or whole


def _fold(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _site_names(facts: PageFacts, address: str | None) -> set[str]:
    """Folded names of the site: what it calls itself, its host, the host's main part."""
    names = {_fold(name) for name in (facts.first("og:site_name"), facts.first("application-name")) if name}
    host = urlsplit(address or facts.canonical or "").hostname or ""
    host = host.removeprefix("www.")
    if host:
        names |= {_fold(host), _fold(host.rsplit(".", 1)[0]), _fold(host.split(".")[-2] if "." in host else host)}
    return {name for name in names if len(name) > 2}


def _is_site(text: str, site: set[str]) -> bool:
    return _fold(text) in site or _fold(text) in _PLAIN_WORDS


def _segments(text: str) -> list[str]:
    """A title cut at separators: each piece, and each run of pieces from the start or to the end."""
    cuts = [0, *(hit.end() for hit in _SEPARATOR.finditer(text))]
    ends = [*(hit.start() for hit in _SEPARATOR.finditer(text)), len(text)]
    runs = [(cuts[i], ends[j]) for i in range(len(cuts)) for j in range(i, len(ends))] if len(cuts) < 8 else []
    return [text[start:end].strip() for start, end in sorted(runs, key=lambda run: run[0] - run[1])]


def _confirmed(heads: list[tuple[int, str]], told: Iterable[str], site: set[str]) -> str | None:
    """The heading that equals a title of the metadata or a piece of one that is not the site's name; longest first,
    h1 before h2."""
    by_key: dict[str, tuple[int, str]] = {}
    for level, text in heads:
        by_key.setdefault(_fold(text), (level, text))
    best: tuple[int, int, str] | None = None
    for text in told:
        for segment in _segments(text) or [text]:
            key = _fold(segment)
            hit = by_key.get(key)
            if hit is None or len(key) < 4 or _is_site(segment, site):
                continue
            rank = (hit[0], -len(key), hit[1])
            best = rank if best is None or rank < best else best
    return best[2] if best else None


def _without_site(text: str, site: set[str]) -> str | None:
    """A title without the pieces at its start and end that name the site."""
    pieces = [(hit.start(), hit.end()) for hit in _SEPARATOR.finditer(text)]
    start, end = 0, len(text)
    while pieces and (tail := _fold(text[pieces[-1][1] : end])) and (_near(tail, site) or tail.isdigit()):
        end = pieces.pop()[0]
    while pieces and pieces[0][1] < end and _near(_fold(text[start : pieces[0][0]]), site):
        start = pieces.pop(0)[1]
    return text[start:end].strip() or None


def _near(piece: str, site: set[str]) -> bool:
    """A piece that is a name of the site, or holds one, or stands in one."""
    return any(
        piece == name or (len(name) > 3 and name in piece) or (len(piece) > 3 and piece in name) for name in site
    )
