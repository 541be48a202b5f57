"""The day it is where an article was filed: time zones and days of datelines (`BEIJING, March 17 (Reuters) –`)."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from demarche.linking.folding import fold_letters
from demarche.linking.time_rules import MONTHS
from demarche.linking.when import read_date
from demarche.resources import read_bytes

__all__ = ["Filed", "filed_at", "zone_of"]

DATELINE = "dateline: "
EARLIER = timedelta(6)
"""An article may appear some days after its dateline's day; a later dateline's day is another year's."""
LETTERS = re.compile(r"[A-Za-z]{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """When an article was filed, as a clock on the wall there. why: what was known beside the date of publication."""

    moment: datetime | None
    why: str


@cache
def _zones() -> dict[tuple[str, str], str]:
    text = gzip.decompress(read_bytes("times/zones.tsv.gz")).decode("utf-8")
    rows = (line.split("\t") for line in text.splitlines())
    return {(country, name): zone for country, name, zone in rows}


def zone_of(place: str, country: str) -> str | None:
    """IANA time zone of a place (lower case) of a state; None where a state of several zones has no such city."""
    zones = _zones()
    return zones.get((country, place)) or zones.get((country, "*"))


def filed_at(
    published: str | None, warnings: Iterable[str], country_of: Callable[[str], str | None]
) -> Filed:  # fmt: skip
    """The moment on which *today* and *Tuesday* are read.

    A publication time with its offset is told on the clock of the dateline's place; without a dateline on the clock it
    is written in. The day of the dateline goes before a publication up to six days later.

    Args:
        warnings: the document's; ingest writes the dateline there (`dateline: PLACE; WHEN; AGENCY`).
        country_of: the state of a place, by its name as written.
    """
    moment = read_date(published)
    parts = next((w.removeprefix(DATELINE).split("; ") for w in warnings if w.startswith(DATELINE)), None)
    if moment is None or parts is None:
        return Filed(moment=moment, why="")
    why = ""
    place = re.split(r"[,/]", parts[0])[0].strip()
    country = country_of(place)
    zone = zone_of(fold_letters(place).lower(), country) if country else None
    local = _on_clock(published or "", zone) if zone else None
    if local is not None and zone is not None:
        moment, why = local, f", on the clock of {place.title()} ({zone})"
    day = next((day for part in parts[1:] if (day := _filed_day(part, moment)) is not None), None)
    if day is not None and day.date() != moment.date():
        moment, why = day, f", the day of its dateline ({day:%Y-%m-%d})"
    return Filed(moment=moment, why=why)


def _on_clock(published: str, zone: str) -> datetime | None:
    """The publication's moment in the zone; None where it has no offset, or the machine lacks the zone."""
    try:
        moment = datetime.fromisoformat(published.replace("Z", "+00:00"))
        return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if moment.tzinfo is not None else None
    except (ValueError, ZoneInfoNotFoundError):
        return None


def _filed_day(words: str, moment: datetime) -> datetime | None:
    """*March 17*, *17 March*: the last such day up to the publication, if at most six days before it."""
    name, number = LETTERS.search(words), re.search(r"\b\d{1,2}\b", words)
    month = MONTHS.get(name[0].lower()) if name else None
    if month is None or number is None:
        return None
    for year in (moment.year, moment.year - 1):
        try:
            day = datetime(year, month, int(number[0]))
        except ValueError:
            return None
        if timedelta(0) <= datetime(moment.year, moment.month, moment.day) - day <= EARLIER:
            return day
    return None
