"""When a page was published, where that stands, and how sure it is. Unknown is an answer; a guess is not."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from demarche.ingest.draft import Found
from demarche.ingest.metadata import PageFacts
from demarche.ingest.visible_dates import VisibleDate, visible_dates

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
_ADDRESS_MONTH = re.compile(r"/((?:19|20)\d\d)/(0[1-9]|1[0-2])/")
_PACKED_ADDRESS = re.compile(r"/((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:/|-|_|\.|$)")
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


def find_published(tree: Any, facts: PageFacts, address: str | None, title: str | None = None) -> Found | None:
    """The publication date of a page, or None.

    A time in UTC may lie a day off the day the page shows its readers: the day in the address, or the one in words
    near the headline, is then the date.
    """
    stated = next(_candidates(tree, facts, address), None)
    if stated is not None and not _in_utc(stated.date):
        return stated
    shown = list(visible_dates(tree, title, month_first=_american(facts, address)))
    if stated is not None:
        return _local_day(stated, shown, address)
    return _from_words(_of_month(shown, address))


_DAY_FIRST_HOSTS = (".uk", ".au", ".nz", ".ie", ".in", ".za", ".ng", ".ke", ".pk", ".sg", ".my", ".hk", ".eu", ".tr")


def _american(facts: PageFacts, address: str | None) -> bool:
    """Whether 3/4/2020 is in March: an English page that names no other region and has no host in one."""
    host = urlsplit(address or "").hostname or ""
    region = facts.region or ""
    return region in {"", "en", "en-us", "en_us"} and not host.endswith(_DAY_FIRST_HOSTS)


def _of_month(shown: list[VisibleDate], address: str | None) -> list[VisibleDate]:
    """Only dates of the month that the address names, where it names one."""
    hit = _ADDRESS_MONTH.search(address or "")
    if not hit:
        return shown
    return [date for date in shown if (date.day.year, date.day.month) == (int(hit[1]), int(hit[2]))]


def _in_utc(date: str) -> bool:
    return date.endswith("+00:00") and len(date) > 10


def _local_day(stated: Found, shown: list[VisibleDate], address: str | None) -> Found:
    """The stated time, or the day before or after it where the page itself says that day."""
    day = datetime.date.fromisoformat(stated.date[:10])
    beside = {day - datetime.timedelta(days=1), day + datetime.timedelta(days=1)}
    told = _address_day(address)
    if told == day:
        return stated
    if told in beside:
        return Found(date=told.isoformat(), source=f"{stated.source} and address", confidence=stated.confidence)
    near = [date.day for date in shown if -40 <= date.steps <= 60 and date.named and not date.changed]
    if day not in near and (close := [other for other in near if other in beside]):
        return Found(date=close[0].isoformat(), source=f"{stated.source} and words", confidence=stated.confidence)
    return stated


def _from_words(shown: list[VisibleDate]) -> Found | None:
    """A date in words near the headline: the nearest one in an element named for it, at last that of a change."""
    near = [date for date in shown if -30 <= date.steps <= 60]
    fresh = [date for date in near if not date.changed]
    for chosen, confidence in (
        ([date for date in fresh if date.published], 0.85),
        ([date for date in fresh if date.named and date.steps <= 50], 0.8),
        ([date for date in fresh if abs(date.steps) <= (16 if date.alone else 6)], 0.7),
        ([date for date in near if date.changed and (date.named or date.alone)], 0.6),
    ):
        if chosen:
            best = min(chosen, key=lambda date: (abs(date.steps), date.steps < 0))
            source = "words near the headline (of a change)" if best.changed else "words near the headline"
            return Found(date=best.day.isoformat(), source=source, confidence=confidence)
    return None


def _address_day(address: str | None) -> datetime.date | None:
    hit = _ADDRESS.search(address or "") or _PACKED_ADDRESS.search(address or "")
    date = _checked(int(hit[1]), int(hit[2]), int(hit[3])) if hit else None
    return datetime.date.fromisoformat(date) if date else None


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
    told = _address_day(address)
    if told is not None:
        yield Found(date=told.isoformat(), source="address", confidence=0.9)
    for node in tree.iterfind(".//time[@datetime]"):
        if date := parse_date(node.get("datetime") or ""):
            yield Found(date=date, source="time element", confidence=0.8)
            break
