"""Captions of the pictures inside a story, put where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from demarche.ingest.clean import clean_text
from demarche.ingest.draft import Block
from demarche.ingest.metadata import inner_text
from demarche.ingest.rules import match_rule
from demarche.records import Role

__all__ = ["with_captions"]

_FEWEST, _MOST, _CAPTIONS = 5, 120, 40
"""Words of a caption, and captions of a page."""
_GALLERY = 500
"""Elements of captions from which on a page is a gallery, or means harm."""
_MARKED = etree.XPath("descendant::figcaption | descendant::*[(self::p or self::div) and contains(@class, 'caption')]")
_NAME = re.compile(r"(^|[\s_-])(fig)?caption(s|[_-]?text)?([\s_-]|$)")
_COUNTED = re.compile(r"^(?:(?:image|photo|picture|slide)\s*)?\d+\s*(?:of|/)\s*\d+\s+|^image caption\s+", re.I)
_ASKING = re.compile(r"\bsubscribe\b|\bnewsletter\b|\bsign up\b|\bclick here\b", re.I)
_OUTSIDE = ("nav", "footer", "aside", "form")


def with_captions(tree: Any, blocks: list[Block]) -> list[Block]:
    """The blocks with the captions between them; those before the headline and behind the last paragraph are not the
    story's (teasers, galleries)."""
    marked = {node for node in _MARKED(tree) if node.tag == "figcaption" or _NAME.search(node.get("class"))}
    if not marked or len(marked) > _GALLERY:
        return blocks
    places = {_key(block.text): i for i, block in reversed(list(enumerate(blocks)))}
    found: list[tuple[int, Block]] = []
    waiting: list[tuple[int, Block]] = []
    at, headed = 0, False
    for node in tree.iter("p", "h1", *{node.tag for node in marked}):
        if node.tag == "h1":
            headed = True
        elif node in marked:
            if headed or at:
                waiting += [(at, block) for block in _captions(node)]
        elif node.tag == "p" and (place := places.get(_key(_start(node)))) is not None and place + 1 >= at:
            at = place + 1
            found += waiting
            waiting = []
    merged = list(blocks)
    for place, block in reversed(_once(found, set(places))[:_CAPTIONS]):
        merged.insert(place, block)
    return merged


def _once(found: list[tuple[int, Block]], known: set[str]) -> list[tuple[int, Block]]:
    """Each caption once, and none that the story holds already."""
    kept = []
    for place, block in found:
        if (key := _key(block.text)) not in known:
            known.add(key)
            kept.append((place, block))
    return kept


def _captions(node: Any) -> Iterator[Block]:
    if (
        next(node.iterancestors(*_OUTSIDE), None) is not None
        or next(node.iterancestors("figcaption"), None) is not None
    ):
        return
    text = _COUNTED.sub("", inner_text(node))
    rule = match_rule(text) if text else None
    if rule is not None and rule.role is Role.CREDIT:
        yield Block(text=text, role=Role.CREDIT)
    elif rule is None and not _ASKING.search(text) and _FEWEST <= text.count(" ") + 1 <= _MOST:
        yield Block(text=text, role=Role.CAPTION)


def _start(node: Any) -> str:
    """The first words of an element: enough to know a paragraph again."""
    words = ""
    for text in node.itertext():
        words += text
        if len(words) > 160:
            break
    return clean_text(words)


def _key(text: str) -> str:
    return "".join(filter(str.isalnum, text[:120].casefold()))[:60]
