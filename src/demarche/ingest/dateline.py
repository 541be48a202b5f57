"""Datelines: where and when a report was filed, and by which agency (`KYIV, March 3 (Reuters) –`)."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from demarche.ingest.visible_dates import read_day

__all__ = ["Dateline", "day_above_story", "read_dateline"]

_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|March|Mar\.?|April|Apr\.?|May|June?\.?|July?\.?|Aug(?:ust|\.)?|"
    r"Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_WHEN = rf"(?:{_MONTH} \d{{1,2}}(?:,? (?:19|20)\d\d)?|\d{{1,2}} {_MONTH}(?:,? (?:19|20)\d\d)?)"
_NAME = r"[^\W\d_][^\W\d_]*(?:[ '’.-]+[^\W\d_]+)*\.?"
_DATELINE = re.compile(
    rf"(?P<place>{_NAME}(?:[,/] ?{_NAME}){{0,2}}?)(?P<when>,? {_WHEN})?"
    r"\s*(?:\((?P<agency>[^()]{2,40})\))?\s*(?:--|[-–—])\s"
)
_SMALL = frozenset("de del di da do la las los le of on the upon am an der en sur".split())
_LABELS = frozenset(
    "update updated exclusive watch live breaking analysis opinion read video photos factbox explainer".split()
)
_AGENCY = re.compile(r"[A-Z][\w&. /-]*$")
_LONGEST = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """place, when: as written. day: None without a year. length: characters up to the story."""

    place: str
    when: str | None
    day: datetime.date | None
    agency: str | None
    length: int

    def __str__(self) -> str:
        return "; ".join(filter(None, (self.place, self.when, self.agency)))


def day_above_story(line: str) -> datetime.date | None:
    """The full date in a line above the story (`Posted by Admin | 23 September, 2022`), months in words or ISO."""
    if len(line) > 160 or re.search(r"\d[./]\s?\d", line):
        return None  # which of two numbers is the month, no line says by itself
    return read_day(line)


def read_dateline(text: str) -> Dateline | None:
    """The dateline at the start of a paragraph; None where it has none.

    Guards: a place in capitals, or a date or agency behind it; so "China – a partner" is none.
    """
    head = text[:_LONGEST]
    if not ("–" in head or "—" in head or "- " in head):
        return None
    hit = _DATELINE.match(head)
    if hit is None:
        return None
    place, when, agency = hit["place"], (hit["when"] or "").strip(", ") or None, hit["agency"]
    first = re.split(r"[,/]", place)[0]
    if first.split()[0].casefold() in _LABELS:
        return None
    loud = first.isupper() and len(first) > 2
    if agency is not None and not _AGENCY.match(agency):
        agency = None
    if not loud and when is None and (agency is None or len(place) > 40):
        return None
    if len(place) > 60 or not all(word[0].isupper() or word in _SMALL for word in re.split(r"[\s,/]+", place) if word):
        return None
    day = read_day(when) if when else None
    return Dateline(place=place, when=when, day=day, agency=agency, length=hit.end())
