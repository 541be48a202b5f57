"""A second reading of a page: the element whose paragraphs weigh most, by their length, commas and few links.

Readability's idea (Arc90, 2009): a paragraph votes for its parents, nearer ones count more. trafilatura knows more
sites; this reader sees the whole story where a page cuts it into pieces, or writes it without paragraph elements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from demarche.ingest.clean import clean_text
from demarche.ingest.draft import Block
from demarche.records import Role

__all__ = ["dense_blocks", "drop_hidden", "fragment_blocks", "has_popups"]

_SKIP = frozenset(
    "script style noscript template svg button select option input textarea iframe object video audio canvas head menu "
    "figcaption dialog".split()
)
_ASIDE = frozenset("nav aside footer form figure".split())
_BLOCK = frozenset(
    "p div section article main header blockquote ul ol li table tr td th h1 h2 h3 h4 h5 h6 pre dl dt dd center "
    "fieldset address details summary hr body tbody".split()
)
_FURNITURE = re.compile(
    r"(^|[\s_-])(nav|navbar|menu|breadcrumbs?|footer|sidebar|related|recommend(ed|ations)?|recirc|share|sharing|social|"
    r"promo|promos|newsletter|subscribe|signup|comments?|disqus|advert(isement)?|ad|ads|sponsor(ed)?|popup|modal|"
    r"tooltip|cookie|consent|outbrain|taboola|caption|credit|tags?|taglist|author-bio|bio|widget|toolbar|pagination|"
    r"more-stories|most-read|trending|read-more|readmore|teaser|print-only|disclaimer|copyright)([\s_-]|$)",
    re.I,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_POPUP = re.compile(r"rollover-(people-)?block|visually-?hidden|sr-only|screen-reader|hovercard|tooltip(text|-content)")


_INLINE = frozenset({"span", "div", "p", "a"})
_POPUP_WORDS = ("rollover", "hidden", "sr-only", "screen-reader", "hovercard", "tooltip")
_STYLED = etree.XPath("descendant-or-self::*[@style]")
_PERHAPS_HIDDEN = etree.XPath(
    "descendant-or-self::*[@style]"
    "|descendant-or-self::*[(self::span or self::div or self::p or self::a) and @class and ("
    + " or ".join(f"contains(@class, '{word}')" for word in _POPUP_WORDS)
    + ")]"
)
"""Candidates, found by libxml2 far quicker than by a walk; the first pattern for pages without pop-ups."""


def has_popups(markup: str) -> bool:
    """Whether a page names any element as a pop-up or as hidden from eyes."""
    return _POPUP.search(markup) is not None if any(word in markup for word in _POPUP_WORDS) else False


def drop_hidden(tree: Any, *, popups: bool = True) -> None:
    """Take out, in place, what a reader of the page does not see: elements hidden by style and pop-ups inside text.

    A hidden element that holds most of the page stays: a script would have shown it.
    """
    found = []
    for node in _PERHAPS_HIDDEN(tree) if popups else _STYLED(tree):
        style, name = node.get("style"), node.get("class")
        styled = style and ("none" in style or "hidden" in style) and _HIDDEN.search(style)
        named = name and node.tag in _INLINE and _POPUP.search(name)
        if styled or named:
            found.append(node)
    if not found:
        return
    total = len(tree.xpath("string()"))
    for node in found:
        if node.getparent() is not None and 3 * len(node.xpath("string()")) < total:
            node.drop_tree()


_TEXTS = etree.XPath(".//text()", smart_strings=False)
_LENGTH = etree.XPath("string-length()")


def _prose(node: Any) -> int:
    """Characters of the longer pieces of text: menus and labels do not count."""
    return sum(len(text) for text in _TEXTS(node) if len(text) > 80)


def _light(node: Any, total: int) -> bool:
    """Whether it holds less than a quarter of the prose."""
    return bool(4 * _LENGTH(node) < total) or 4 * _prose(node) < total


def _furniture(node: Any, total: int) -> bool:
    """Named as furniture, and not so large that the name must mean the whole page (`has-sidebar`)."""
    if node.tag in {"body", "main", "article"}:
        return False
    if node.tag in _ASIDE:
        return _light(node, total)
    names = f"{node.get('class') or ''} {node.get('id') or ''}"
    if len(names) < 3 or not _FURNITURE.search(names[:300]):
        return False
    return _light(node, total)


class _Run:
    """Text between two block boundaries, and how much of it is linked. owner: the innermost block element."""

    __slots__ = ("heading", "item", "linked", "owner", "pieces", "quote", "size")

    def __init__(self, owner: Any, *, quote: bool, item: bool, heading: bool) -> None:
        self.owner = owner
        self.pieces: list[str] = []
        self.size = 0
        self.linked = 0
        self.quote = quote
        self.item = item
        self.heading = heading

    def add(self, text: str | None, *, link: bool) -> None:
        if text:
            self.pieces.append(text)
            length = len(text.strip())
            self.size += length
            self.linked += length if link else 0


def _runs(root: Any) -> Iterator[_Run]:
    """Runs of text of an element in page order; furniture is stepped over. Iterative: pages nest deep."""
    current = _Run(root, quote=False, item=False, heading=False)
    total = _prose(root)
    stack: list[tuple[str, Any, bool, bool, Any]] = [("in", root, False, False, root)]
    while stack:
        action, node, link, quote, owner = stack.pop()
        if action == "tail":
            current.add(node.tail, link=link)
            continue
        if action == "close":
            if current.size:
                yield current
            current = _Run(owner, quote=quote, item=False, heading=False)
            continue
        tag = node.tag
        if not isinstance(tag, str) or tag in _SKIP or (node is not root and _furniture(node, total)):
            continue
        if tag in _BLOCK and node is not root:
            if current.size:
                yield current
            inner_quote = quote or tag == "blockquote"
            current = _Run(node, quote=inner_quote, item=tag == "li", heading=tag[0] == "h" and len(tag) == 2)
            stack.append(("close", node, link, quote, owner))
            quote, owner = inner_quote, node
        elif tag == "br":
            following = node.getnext()
            twice = following is not None and following.tag == "br" and not (node.tail or "").strip()
            if twice:
                if current.size:
                    yield current
                current = _Run(owner, quote=quote, item=False, heading=False)
            else:
                current.add("\n", link=link)
        inner_link = link or tag == "a"
        current.add(node.text, link=inner_link)
        for child in reversed(node):
            stack.append(("tail", child, inner_link, quote, owner))
            stack.append(("in", child, inner_link, quote, owner))
    if current.size:
        yield current


def _container(runs: list[_Run]) -> Any:
    """The element for which the paragraphs vote, or None."""
    votes: dict[Any, float] = {}
    for run in runs:
        if run.size < 40 or run.linked * 2 > run.size:
            continue
        text = "".join(run.pieces)
        vote = 1 + min(text.count(",") + text.count("，") + text.count("、"), 6) + min(run.size / 100, 6)
        vote *= 1 - run.linked / run.size
        node = run.owner if run.owner.tag in {"div", "section", "article", "td", "body"} else run.owner.getparent()
        for share in SHARES:
            if node is None or node.tag == "html":
                break
            votes[node] = votes.get(node, 0.0) + vote * share
            node = node.getparent()
    return max(votes, key=votes.__getitem__, default=None)


SHARES = (1.0, 0.7, 0.5, 0.35)
"""Of a paragraph's vote for its parent, grandparent and so on."""


def _chain(node: Any) -> list[Any]:
    """The element and its ancestors, innermost first."""
    chain = []
    while node is not None:
        chain.append(node)
        node = node.getparent()
    return chain


def _parallel(runs: list[_Run], best: Any) -> set[Any]:
    """The best element and its cousins: elements at its depth whose paragraphs stand in the same tags up to a common
    ancestor, at most three steps up. Pages cut their story around advertisements."""
    above = _chain(best)[1:4]
    inside: dict[tuple[str, ...], int] = {}
    outside: list[tuple[Any, tuple[str, ...], int]] = []
    for run in runs:
        if run.size < 80 or run.linked * 3 > run.size:
            continue
        chain = _chain(run.owner)
        depth = len(chain) - len(_chain(best)) + 1
        if depth < 1:
            continue
        cousin = chain[depth - 1]
        path = tuple(node.tag for node in chain[:depth])
        if cousin is best:
            inside[path] = inside.get(path, 0) + run.size
        elif any(node in above for node in chain[depth : depth + 3]):
            outside.append((cousin, path, run.size))
    usual = max(inside, key=inside.__getitem__, default=None)
    return {best, *(cousin for cousin, path, _ in outside if path == usual and cousin.tag == best.tag)}


def dense_blocks(tree: Any) -> tuple[list[Block], float]:
    """Paragraphs of the heaviest element of a page, and their part of all its prose; none where nothing is prose."""
    etree.strip_elements(tree, "script", "style", "noscript", "template", "svg", "iframe", with_tail=False)
    body = tree.find("body")
    root = body if body is not None else tree
    runs = list(_runs(root))
    best = _container(runs)
    if best is None:
        return [], 0.0
    inside = {node for element in _parallel(runs, best) for node in element.iter()}
    blocks = []
    for run in runs:
        if run.linked * 2 > run.size or run.owner not in inside:
            continue
        for line in "".join(run.pieces).split("\n\n"):
            if text := clean_text(line):
                blocks.append(Block(text=text, role=Role.QUOTE if run.quote else None))
    size = sum(len(block.text) for block in blocks)
    share = size / max(1, _prose(root))
    return blocks, share


def fragment_blocks(root: Any) -> list[Block]:
    """Every paragraph of a piece of HTML that is an article already (a feed's content, a mail)."""
    etree.strip_elements(root, "script", "style", "noscript", "template", "svg", "iframe", with_tail=False)
    alive = list(root.iter())
    blocks = []
    for run in _runs(root):
        if run.size > 20 and run.linked * 4 > run.size * 3:
            continue
        for line in "".join(run.pieces).split("\n\n"):
            if text := clean_text(line):
                blocks.append(Block(text=text, role=Role.QUOTE if run.quote else None))
    del alive
    return blocks
