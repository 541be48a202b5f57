"""When a page was published and changed, where that stands, and how sure it is. Unknown is an answer, a guess none."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from demarche.ingest.date_judge import STATED, judge_days
from demarche.ingest.date_sightings import Sighting, address_month, parse_date, script_dates, sightings
from demarche.ingest.draft import Found
from demarche.ingest.metadata import PageFacts
from demarche.resources import read_toml

__all__ = ["collect_sightings", "find_changed", "find_published", "parse_date"]

_DAY_FIRST_HOSTS = (".uk", ".au", ".nz", ".ie", ".in", ".za", ".ng", ".ke", ".pk", ".sg", ".my", ".hk", ".eu", ".tr")
_NAMES = {"ld": "json-ld", "meta": "meta", "micro": "microdata", "address": "address", "time": "time element",
          "words": "words", "script": "script"}  # fmt: skip
_RANK = (*STATED, "ld_created", "ld_other_published", "meta_dated", "micro_modified", "time_first", "script_published",
         "address", "words")  # fmt: skip


def collect_sightings(
    tree: Any, facts: PageFacts, address: str | None, title: str | None, scripts: str
) -> list[Sighting]:
    """Every date of a page. scripts: its markup with scripts, asked only where it states no publication otherwise."""
    found = sightings(tree, facts, address, title, american=_american(facts, address))
    if not any(one.kind in STATED for one in found):
        found += script_dates(scripts)
    return found


def _american(facts: PageFacts, address: str | None) -> bool:
    """Whether 3/4/2020 is in March: an English page that names no other region and has no host or path in one."""
    parts = urlsplit(address or "")
    region = facts.region or ""
    if "/en-gb/" in parts.path.lower() or "/en-au/" in parts.path.lower():
        return False
    return region in {"", "en", "en-us", "en_us"} and not (parts.hostname or "").endswith(_DAY_FIRST_HOSTS)


@cache
def _least() -> float:
    return float(read_toml("ingest/dates.toml")["least"])


def find_published(found: Iterable[Sighting], address: str | None) -> Found | None:
    """The likeliest day of publication, as precise as the page tells it; None where no day is likely enough."""
    found = list(found)
    chances = judge_days(found, address)
    if not chances:
        return None
    day = max(chances, key=lambda day: (chances[day], day))
    if chances[day] < _least():
        return None
    own = [one for one in found if one.day == day]
    month = address_month(address)
    if month and all(one.kind == "words" for one in own) and not _beside_month(day, month):
        return None  # words about something else
    own.sort(key=lambda one: (_RANK.index(one.kind) if one.kind in _RANK else len(_RANK), -len(one.iso)))
    exact = next((one.iso for one in own if one.kind in STATED and len(one.iso) > 10), None)
    first = own[0]
    exact = exact or (first.iso if first.kind not in {"words", "address"} else day.isoformat())
    source = " and ".join(list(dict.fromkeys(_NAMES[one.kind.split("_")[0]] for one in own))[:2])
    if all(one.kind.endswith("modified") or (one.shown is not None and one.shown.changed) for one in own):
        # the day a reader sees; the publication may be older, which no page of the sets could tell
        return Found(date=exact, source=f"{source} (of a change)", confidence=min(0.6, round(chances[day], 2)))
    return Found(date=exact, source=source, confidence=round(chances[day], 2))


def _beside_month(day: datetime.date, month: tuple[int, int]) -> bool:
    """In the month, or a day from it (time zones)."""
    one = datetime.timedelta(days=1)
    return any((other.year, other.month) == month for other in (day - one, day, day + one))


def find_changed(found: Iterable[Sighting], published: Found | None) -> str | None:
    """The last change that the page states, where it is told apart from the publication."""
    stated = [one.iso for one in found if one.kind in {"ld_modified", "meta_modified", "micro_modified"}]
    latest = max(stated, default=None)
    if latest is None or published is None or latest[:10] < published.date[:10] or latest[:16] == published.date[:16]:
        return None
    return latest
