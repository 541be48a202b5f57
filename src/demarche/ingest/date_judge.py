"""Which of the days on a page is that of publication: points for where each stands, and a probability.

A softmax over the days of the page and "none of them". The points are data (`resources/ingest/dates.toml`), each with
its meaning, set by hand.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping
from functools import cache

from demarche.ingest.date_sightings import Sighting, address_month
from demarche.ingest.visible_dates import VisibleDate
from demarche.resources import read_toml

__all__ = ["STATED", "judge_days", "marks_of_days"]

STATED = ("ld_published", "meta_published", "micro_published")
"""Kinds by which a page states its publication, the most reliable first."""
Day = datetime.date
_STEPS = (3, 8, 16, 30, 60)
"""Elements between headline and date: the smallest that holds names the mark."""


def judge_days(found: Iterable[Sighting], address: str | None) -> dict[Day, float]:
    """Probability of each day that the page was published on it; what is missing to 1 is for none of them."""
    marks = marks_of_days(found, address)
    if not marks:
        return {}
    points = _points()
    scores = {day: sum(points.get(name, 0.0) * value for name, value in own.items()) for day, own in marks.items()}
    most = max(0.0, *scores.values())
    grown = {day: math.exp(score - most) for day, score in scores.items()}
    total = sum(grown.values()) + math.exp(-most)
    return {day: value / total for day, value in grown.items()}


@cache
def _points() -> Mapping[str, float]:
    return {row["mark"]: float(row["points"]) for row in read_toml("ingest/dates.toml")["evidence"]}


def marks_of_days(found: Iterable[Sighting], address: str | None) -> dict[Day, dict[str, float]]:
    """What speaks for and against each day, as marks with a value (mostly 1)."""
    by_day: dict[Day, list[Sighting]] = {}
    for sighting in found:
        by_day.setdefault(sighting.day, []).append(sighting)
    if any(
        one.kind in STATED for own in by_day.values() for one in own
    ):  # then a change that is only stated is a change
        by_day = {day: own for day, own in by_day.items() if not all(one.kind.endswith("modified") for one in own)}
    page = _Page(by_day, address)
    return {day: page.marks(day) for day in by_day}


def _near(shown: VisibleDate) -> bool:
    return -30 <= shown.steps <= 60


class _Page:
    """What is the same for all days of a page."""

    def __init__(self, by_day: Mapping[Day, list[Sighting]], address: str | None) -> None:
        self.by_day = by_day
        self.month = address_month(address)
        every = [sighting for own in by_day.values() for sighting in own]
        self.stated = {one.day for one in every if one.kind in STATED}
        first = {kind: next((one.day for one in every if one.kind == kind), None) for kind in STATED}
        self.best = next((day for day in first.values() if day is not None), None)
        self.changed = {one.day for one in every if one.kind.endswith("modified")}
        self.machine = {one.day for one in every if one.shown is None}
        near = [one for one in every if one.shown and _near(one.shown) and not one.shown.changed]
        self.near = {one.day for one in near}
        self.closest = _closest(near)
        self.span = (min(self.machine), max(self.machine)) if self.machine else None
        self.latest, self.earliest = max(by_day, default=None), min(by_day, default=None)

    def marks(self, day: Day) -> dict[str, float]:
        own = self.by_day[day]
        kinds = dict.fromkeys(one.kind for one in own)  # in a fixed order: sums of floats depend on it
        shown = [one.shown for one in own if one.shown]
        names = [f"in_{kind}" for kind in kinds if kind != "words"]
        names += _shown_marks(shown)
        first, last = self.span or (day, day)
        names += [name for name, holds in (
            ("closest", self.closest == day),
            ("only_machine", self.machine == {day}), ("only", len(self.by_day) == 1),
            ("latest", day == self.latest), ("earliest", day == self.earliest),
            ("after_machine", day > last), ("before_machine", day < first),
        ) if holds]  # fmt: skip
        names += self._beside_stated(day, bool(shown))
        if self.month:
            names.append("month_right" if (day.year, day.month) == self.month else "month_wrong")
        marks = dict.fromkeys(names, 1.0)
        marks["agreement"] = math.log(len(kinds) + (len(shown) > 1))
        marks["any"] = 1.0
        return marks

    def _beside_stated(self, day: Day, in_words: bool) -> list[str]:
        """Marks of a day against the publication that the page states."""
        best = self.best
        if best is None:
            return []
        if day == best:
            other = self.near - {day} if day not in self.near else set()
            return [*(["stated_but_other_shown"] if other else []),
                    *(["stated_but_one_shown"] if len(other) == 1 else []),
                    *(["stated_but_later_shown"] if other and min(other) > day else [])]  # fmt: skip
        names = ["not_stated"]
        if abs((day - best).days) == 1:
            names.append("beside_stated")
            if any(one.in_utc for one in self.by_day[best] if one.kind in STATED):
                names += ["beside_stated_utc", *(["beside_stated_utc_shown"] if in_words else [])]
        if day in self.near and day < best:
            names.append("not_stated_but_shown_earlier")
        if day in self.changed and day not in self.stated:
            names += ["only_changed", *(["changed_and_shown"] if self.changed == {day} and day in self.near else [])]
        return names


def _closest(near: list[Sighting]) -> Day | None:
    """The day in words that stands closest to the headline."""
    found = [(abs(one.shown.steps), one.day) for one in near if one.shown]
    return min(found)[1] if found else None


def _shown_marks(shown: list[VisibleDate]) -> list[str]:
    """Marks of a day by how it stands in words."""
    if not shown:
        return []
    fresh = [one for one in shown if not one.changed]
    near = [one for one in fresh if _near(one)]
    names = ["shown_as_change"] if len(fresh) < len(shown) else []
    if not fresh:
        return [*names, "only_shown_as_change"]
    steps = min(abs(one.steps) for one in fresh)
    names.append(next((f"within_{limit}" for limit in _STEPS if steps <= limit), "far"))
    for name, holds in (
        ("said_published", any(one.published for one in fresh)),
        ("said_published_near", any(one.published for one in near)),
        ("named_near", any(one.named for one in near)),
        ("alone_near", any(one.alone for one in near)),
        ("lead_near", any(one.lead for one in near)),
        ("only_lead", all(one.lead for one in fresh)),
        ("above", bool(near) and all(one.steps < 0 for one in near)),
    ):
        if holds:
            names.append(name)
    return names
