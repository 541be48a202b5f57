"""Every date that a page shows or states, with where it stands: what `page_dates` judges."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from demarche.ingest.metadata import PageFacts
from demarche.ingest.visible_dates import VisibleDate, visible_dates

__all__ = ["Sighting", "address_month", "parse_date", "sightings"]

_PUBLISHED = frozenset(
    "article:published_time og:article:published_time og:published_time datepublished date.published published_time "
    "publishdate publish-date pubdate publication_date dc.date.issued dcterms.issued parsely-pub-date sailthru.date "
    "cxenseparse:recs:publishtime article.published rnews:datepublished citation_publication_date citation_online_date "
    "og:pubdate article_date_original ptime bt:pubdate shareaholic:article_published_time date.release "
    "article:publication_date published pub_date dc.issued".split()
)
_DATED = frozenset(
    "date dc.date dcterms.date datecreated dcterms.created dc.date.created displaydate dc.created".split()
)
_MODIFIED = frozenset(
    "article:modified_time og:updated_time og:article:modified_time datemodified last-modified lastmod modified "
    "dcterms.modified dc.date.modified dc.modified article:updated_time revised date.modified updated_time".split()
)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s*(Z|[+-]\d{2}:?\d{2})?)?")
_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?:/|-|\.|$)")
_PACKED = re.compile(r"/((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:/|-|_|\.|$)")
_DAY_FIRST = re.compile(r"[/_-](0?[1-9]|[12]\d|3[01])-(0?[1-9]|1[0-2])-((?:19|20)\d\d)(?:/|-|_|\.|$)")
_MONTH = re.compile(r"/((?:19|20)\d\d)/(0?[1-9]|1[0-2])(?:/|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A date on a page. iso: as precise as it is told. kind: where (`ld_published`, `meta_modified`, `words` ...).

    shown: for `words`, how the date stands on the page.
    """

    iso: str
    kind: str
    shown: VisibleDate | None = None

    @property
    def day(self) -> datetime.date:
        return datetime.date.fromisoformat(self.iso[:10])

    @property
    def in_utc(self) -> bool:
        return self.iso.endswith("+00:00") and len(self.iso) > 10


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


def sightings(tree: Any, facts: PageFacts, address: str | None, title: str | None, *, american: bool) -> list[Sighting]:
    """All dates of a page: structured data, meta tags, microdata, address, time elements, words."""
    found = [*_structured(facts), *_meta(facts), *_micro(tree)]
    told = address_day(address)
    if told:
        found.append(Sighting(iso=told, kind="address"))
    found += _times(tree)
    found += _properties(tree)
    for shown in visible_dates(tree, title, month_first=american):
        found.append(Sighting(iso=shown.day.isoformat(), kind="words", shown=shown))
    return found


def _structured(facts: PageFacts) -> Iterator[Sighting]:
    for items, prefix in ((facts.articles, "ld"), (facts.other, "ld_other")):
        for item in items:
            for key, kind in (("datePublished", "published"), ("dateCreated", "created"), ("dateModified", "modified"),
                              ("uploadDate", "created")):  # fmt: skip
                value = item.get(key)
                if isinstance(value, str) and (iso := parse_date(value)):
                    yield Sighting(iso=iso, kind=f"{prefix}_{kind}")


def _meta(facts: PageFacts) -> Iterator[Sighting]:
    for names, kind in ((_PUBLISHED, "meta_published"), (_DATED, "meta_dated"), (_MODIFIED, "meta_modified")):
        for name, values in facts.meta.items():  # in the order of the page, whatever the run
            for value in values if name in names else ():
                if iso := parse_date(value):
                    yield Sighting(iso=iso, kind=kind)


def _micro(tree: Any) -> Iterator[Sighting]:
    for node in _ITEMS(tree):
        value = node.get("datetime") or node.get("content") or ""
        if iso := parse_date(value):
            changed = node.get("itemprop") == "dateModified"
            yield Sighting(iso=iso, kind="micro_modified" if changed else "micro_published")


_SCRIPT_DAY = re.compile(
    r"(?:19|20)\d\d-[01]\d-[0-3]\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:Z|[+-]\d\d:?\d\d)?)?(?=[\"'\\\\])"
)
_SCRIPT_NAME = re.compile(
    r"(date_?published|published_?(?:date|at|time|on)?|publish_?(?:date|time)|publication_?date|pub_?date|"
    r"date_?created|created_?(?:at|on|date)|creation_?date|post_?date|display_?date|article_?date|"
    r"date_?modified|modified_?(?:at|date|time)|updated_?(?:at|date|time)|last_?modified)"
    r"""\\?["']?\s*[:=]\s*\\?["']$""",
    re.I,
)


def script_dates(markup: str) -> Iterator[Sighting]:
    """Dates that a page's scripts hold: objects of its publishing system, calls of its statistics."""
    for hit in _SCRIPT_DAY.finditer(markup):
        called = _SCRIPT_NAME.search(markup[max(0, hit.start() - 40) : hit.start()])
        if called and (iso := parse_date(hit[0])):
            name = called[1].lower()
            kind = "modified" if "modif" in name or "update" in name else "created" if "creat" in name else "published"
            yield Sighting(iso=iso, kind=f"script_{kind}")


_PROPERTIES = etree.XPath("descendant::*[@property]")
_TITLES = etree.XPath("descendant::*[@title and (contains(@class, 'published') or contains(@class, 'date'))]")
_ITEMS = etree.XPath("descendant::*[@itemprop='datePublished' or @itemprop='dateModified' or @itemprop='dateCreated']")
_PROPERTY = re.compile(r"(?:^|:)(date(?:Published|Modified|Created)|created|issued|modified)$")


def _properties(tree: Any) -> Iterator[Sighting]:
    """RDFa properties outside the head, and hAtom's `published` and `updated` with a title."""
    for node in _PROPERTIES(tree):
        hit = _PROPERTY.search(node.get("property"))
        if hit and (iso := parse_date(node.get("content") or node.get("datetime") or "")):
            yield Sighting(iso=iso, kind="micro_modified" if "odified" in hit[1] else "micro_published")
    for node in _TITLES(tree):
        if iso := parse_date(node.get("title")):
            changed = "updated" in node.get("class")
            yield Sighting(iso=iso, kind="micro_modified" if changed else "micro_published")


def _times(tree: Any) -> Iterator[Sighting]:
    first = True
    for node in tree.iterfind(".//time[@datetime]"):
        if iso := parse_date(node.get("datetime") or ""):
            yield Sighting(iso=iso, kind="time_first" if first else "time_later")
            first = False


def address_day(address: str | None) -> str | None:
    """The day that an address names."""
    path = urlsplit(address or "").path
    if hit := _ADDRESS.search(path) or _PACKED.search(path):
        return _checked(int(hit[1]), int(hit[2]), int(hit[3]))
    hit = _DAY_FIRST.search(path)
    return _checked(int(hit[3]), int(hit[2]), int(hit[1])) if hit else None


def address_month(address: str | None) -> tuple[int, int] | None:
    """Year and month that an address names."""
    hit = _MONTH.search(urlsplit(address or "").path)
    return (int(hit[1]), int(hit[2])) if hit else None
