"""Dates that stand on a page in words, in the elements that pages keep for them, near the headline."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from demarche.resources import read_toml

__all__ = ["VisibleDate", "read_day", "visible_dates"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibleDate:
    """A day on the page. steps: elements between the headline and it (negative: above). named: in an element that
    calls itself a date. alone: with few words beside it. changed: said to be the date of a change. published: said to
    be that of publication. lead: at the start of a long paragraph, before its first words."""

    day: datetime.date
    steps: int
    named: bool
    alone: bool
    changed: bool
    published: bool
    lead: bool = False


_NAMED = re.compile(
    r"date|datum|time|publish|posted|pubdate|fecha|stamp|datetime|byline|entry-meta|post-meta|article-meta|"
    r"info|author|created|published|day|zeit|header-meta|meta",
    re.I,
)
_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?[-./年]\s?(\d{1,2})\s?[-./月]\s?(\d{1,2})(?!\d)")
_NUMBERS = re.compile(
    r"(?<![\d.])(?<!\d\. )(\d{1,2})(?:([./-])\s?|( \| ))(\d{1,2})(?:\2|\3)\s?((?:19|20)\d\d|\d\d)(?!\d|\.\s?\d)"
)
_DAY_FIRST = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s*(?:de |of |di )?\s*([^\W\d_]{3,14})\.?,?\s*"
    r"(?:de |del |di )?((?:19|20)\d\d)(?!\d)"
)
_MONTH_FIRST = re.compile(r"(?<!\w)([^\W\d_]{3,14})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)((?:19|20)\d\d)\.?,?\s+([^\W\d_]{3,14})\.?\s+(\d{1,2})(?!\d)")
_ANY_YEAR = re.compile(r"(?:19|20)\d\d|\d{1,2}[./]\s?\d{1,2}[./]\s?\d\d")


@cache
def _months() -> dict[str, int]:
    table = read_toml("ingest/months.toml")["months"]
    return {name: number for names in table.values() for number, name in enumerate(names, 1)}


@cache
def _marks() -> tuple[re.Pattern[str], re.Pattern[str]]:
    table = read_toml("ingest/months.toml")
    return tuple(re.compile("|".join(map(re.escape, table[name])), re.I) for name in ("updated", "published"))  # type: ignore[return-value]


def _month(word: str) -> int | None:
    word = word.casefold()
    return _months().get(word)


def _checked(year: int, month: int, day: int) -> datetime.date | None:
    try:
        found = datetime.date(year if year > 99 else 2000 + year, month, day)
    except ValueError:
        return None
    return found if 1990 <= found.year <= 2100 else None


def read_day(text: str, *, month_first: bool = False) -> datetime.date | None:
    """The first day named in a short text; None where there is none or where day and month cannot be told apart.

    month_first: the page is American, so that 3/4/2020 is in March; else it is in April.
    """
    hit = _ISO.search(text)
    if hit:
        return _checked(int(hit[1]), int(hit[2]), int(hit[3]))
    for pattern, order in ((_DAY_FIRST, (3, 2, 1)), (_MONTH_FIRST, (3, 1, 2)), (_YEAR_FIRST, (1, 2, 3))):
        for hit in pattern.finditer(text):
            month = _month(hit[order[1]])
            if month and (day := _checked(int(hit[order[0]]), month, int(hit[order[2]]))):
                return day
    hit = _NUMBERS.search(text)
    if hit:
        first, second, year = int(hit[1]), int(hit[4]), int(hit[5])
        if len(hit[5]) == 2 and hit[2] != ".":
            return None
        if hit[2] == "/" and month_first and second > 12 >= first:
            return _checked(year, first, second)
        if hit[2] == "/" and month_first and second <= 12 and first <= 12:
            return _checked(year, first, second)
        return _checked(year, second, first)
    return None


def visible_dates(tree: Any, title: str | None, *, month_first: bool = False) -> Iterator[VisibleDate]:
    """Every date that stands in a short element of its own, in page order; month_first as in `read_day`."""
    updated, published = _marks()
    nodes = list(_texts(tree))
    key = _fold(title or "")
    head = next((i for i, (text, node) in enumerate(nodes) if key and node.tag in _HEADS and _fold(text) == key), None)
    if head is None:
        head = next((i for i, (_, node) in enumerate(nodes) if node.tag == "h1"), None)
    for i, (text, node) in enumerate(nodes):
        if not _ANY_YEAR.search(text if len(text) < _SHORT else text[:_LEAD]):
            continue
        long = len(text) >= _SHORT
        text = _single(text)
        day = read_day(text[:_LEAD] if long else text, month_first=month_first)
        if day is None:
            continue
        near = " ".join(_single(other) for other, _ in nodes[max(0, i - 1) : i + 1])
        yield VisibleDate(
            day=day,
            steps=i - head if head is not None else i + 1000,
            named=_named(node),
            alone=len(text) <= 32,
            changed=bool(updated.search(near[-160:])),
            published=bool(published.search(near[-160:])),
            lead=long,
        )


def _single(text: str) -> str:
    return " ".join(text[: 2 * _SHORT].split())


_SHORT = 120
"""Characters of a piece of text that may be a place for a date."""
_LEAD = 40
"""Characters at the start of a longer piece in which a date may stand (`Karlsruhe, 12.11.2021 -`)."""
_HEADS = frozenset({"h1", "h2", "h3"})
_LEFT_OUT = frozenset("script style noscript template select option textarea footer".split())


def _texts(tree: Any) -> Iterator[tuple[str, Any]]:
    """Short pieces of text with their elements, in page order; headings whole."""
    body = tree.find("body")
    skip: Any = None
    for node in (body if body is not None else tree).iter():
        if skip is not None:
            if any(parent is skip for parent in node.iterancestors()):
                continue
            skip = None
        if not isinstance(node.tag, str):
            continue
        if node.tag in _LEFT_OUT:
            skip = node
            continue
        if node.tag in _HEADS:
            yield " ".join("".join(node.itertext()).split()), node
        for text, owner in ((node.text, node), (node.tail, node.getparent())):
            if text and len(text) > 5 and (short := text.strip()):
                yield short, owner


def _named(node: Any) -> bool:
    """Whether the element, or one of the two around it, is named as the place of a date or of the writer."""
    for _ in range(3):
        if node is None or not isinstance(node.tag, str):
            return False
        if node.tag == "time" or _NAMED.search(f"{node.get('class') or ''} {node.get('id') or ''}"):
            return True
        node = node.getparent()
    return False


def _fold(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
