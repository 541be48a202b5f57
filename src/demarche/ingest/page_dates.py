"""When a page was published, where that stands, and how sure it is. Unknown is an answer; a guess is not."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any

from demarche.ingest.draft import Found
from demarche.ingest.metadata import PageFacts

__all__ = ["find_published", "parse_date"]

_META = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "date.published",
    "published_time",
    "publishdate",
    "publish-date",
    "pubdate",
    "publication_date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.issued",
    "dc.date.created",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "article.published",
    "rnews:datepublished",
    "citation_publication_date",
    "citation_online_date",
    "date",
    "dc.date",
    "dcterms.date",
    "datecreated",
    "og:pubdate",
    "article_date_original",
    "ptime",
    "displaydate",
    "bt:pubdate",
    "shareaholic:article_published_time",
)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s*(Z|[+-]\d{2}:?\d{2})?)?")
_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?:/|-|\.|$)")


def parse_date(text: str) -> str | None:
    """An ISO date or datetime from what machines write in date fields; None where it is no date."""
    text = text.strip()
    hit = _ISO.match(text)
    if hit:
        return _iso(hit)
    hit = re.match(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?Z?)?$", text)
    if hit:
        return _checked(int(hit[1]), int(hit[2]), int(hit[3]))
    return _mail_date(text)


def _checked(year: int, month: int, day: int) -> str | None:
    try:
        found = datetime.date(year, month, day)
    except ValueError:
        return None
    return found.isoformat() if 1990 <= year <= 2100 else None


def _iso(hit: re.Match[str]) -> str | None:
    day = _checked(int(hit[1]), int(hit[2]), int(hit[3]))
    if day is None or hit[4] is None or int(hit[4]) > 23 or int(hit[5]) > 59:
        return day
    if not hit[7] and hit[4] == hit[5] == "00":
        return day  # midnight without a zone: a date that a program padded
    zone = (
        "" if not hit[7] else "+00:00" if hit[7] == "Z" else hit[7] if ":" in hit[7] else f"{hit[7][:3]}:{hit[7][3:]}"
    )
    return f"{day}T{hit[4]}:{hit[5]}:{hit[6] or '00'}{zone}"


def _mail_date(text: str) -> str | None:
    from email.utils import parsedate_to_datetime

    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return found.isoformat() if 1990 <= found.year <= 2100 else None


def find_published(tree: Any, facts: PageFacts, address: str | None) -> Found | None:
    """The publication date of a page, or None."""
    return next(_candidates(tree, facts, address), None)


def _candidates(tree: Any, facts: PageFacts, address: str | None) -> Iterator[Found]:
    for item in facts.articles:
        value = item.get("datePublished") or item.get("dateCreated")
        if isinstance(value, str) and (date := parse_date(value)):
            yield Found(date=date, source="json-ld", confidence=0.98)
    for name in _META:
        for value in facts.meta.get(name, ()):
            if date := parse_date(value):
                yield Found(date=date, source=f"meta {name}", confidence=0.95)
    for node in tree.iterfind(".//*[@itemprop='datePublished']"):
        if date := parse_date(node.get("datetime") or node.get("content") or ""):
            yield Found(date=date, source="microdata", confidence=0.95)
    if address and (hit := _ADDRESS.search(address)):
        date = _checked(int(hit[1]), int(hit[2]), int(hit[3]))
        if date:
            yield Found(date=date, source="address", confidence=0.9)
    for node in tree.iterfind(".//time[@datetime]"):
        if date := parse_date(node.get("datetime") or ""):
            yield Found(date=date, source="time element", confidence=0.8)
            break
