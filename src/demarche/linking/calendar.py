"""Calendar arithmetic for time phrases: half-open intervals of days, weeks, months, quarters, seasons, years."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from demarche.records import Grain

__all__ = [
    "Interval",
    "day",
    "decade",
    "easter",
    "holiday",
    "month",
    "part_of_day",
    "quarter",
    "season",
    "week",
    "year",
]

PARTS = {
    "morning": ("MO", 6, 12), "afternoon": ("AF", 12, 18), "evening": ("EV", 18, 24), "night": ("NI", 18, 30),
    "midday": ("MI", 11, 14), "noon": ("MI", 12, 13), "dawn": ("MO", 4, 8), "midnight": ("NI", 24, 25),
    "dusk": ("EV", 17, 20),
}  # fmt: skip
SEASONS = {"spring": (3, "SP"), "summer": (6, "SU"), "autumn": (9, "FA"), "fall": (9, "FA"), "winter": (12, "WI")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """`[start, end)`, None where not known. value: as TIMEX3 (ISO-TimeML); mod: START MID END APPROX BEFORE AFTER …

    open_end: the text gives only the start (*since 2014*); `end` is then the day after the document's.
    """

    start: datetime | None
    end: datetime | None
    value: str
    grain: Grain
    mod: str | None = None
    open_end: bool = False
    open_start: bool = False

    @property
    def dated(self) -> bool:
        return self.start is not None and self.end is not None


def midnight(moment: datetime) -> datetime:
    return datetime(moment.year, moment.month, moment.day)


def first_of(year_: int, month_: int) -> datetime:
    """First day of a month; the month may run over the year's ends."""
    return datetime(year_ + (month_ - 1) // 12, (month_ - 1) % 12 + 1, 1)


def day(moment: datetime) -> Interval:
    start = midnight(moment)
    return Interval(start=start, end=start + timedelta(1), value=start.strftime("%Y-%m-%d"), grain=Grain.DAY)


def week(moment: datetime) -> Interval:
    """Monday to Sunday around `moment`."""
    start = midnight(moment) - timedelta(moment.weekday())
    number = start.isocalendar()
    return Interval(start=start, end=start + timedelta(7), value=f"{number[0]}-W{number[1]:02d}", grain=Grain.WEEK)


def weekend(moment: datetime) -> Interval:
    """Saturday and Sunday of the week of `moment`."""
    start = midnight(moment) - timedelta(moment.weekday()) + timedelta(5)
    number = start.isocalendar()
    return Interval(start=start, end=start + timedelta(2), value=f"{number[0]}-W{number[1]:02d}-WE", grain=Grain.DAY)


def month(year_: int, month_: int) -> Interval:
    start = first_of(year_, month_)
    return Interval(
        start=start, end=first_of(start.year, start.month + 1), value=start.strftime("%Y-%m"), grain=Grain.MONTH
    )


def quarter(year_: int, number: int) -> Interval:
    start = first_of(year_, 3 * number - 2)
    return Interval(
        start=start, end=first_of(start.year, start.month + 3), value=f"{start.year}-Q{(start.month + 2) // 3}",
        grain=Grain.QUARTER,
    )  # fmt: skip


def season(year_: int, name: str) -> Interval:
    """Calendar months (March to May and so on) of the northern year."""
    first, code = SEASONS[name]
    return Interval(
        start=first_of(year_, first), end=first_of(year_, first + 3), value=f"{year_}-{code}", grain=Grain.SEASON
    )


def year(number: int) -> Interval:
    return Interval(
        start=datetime(number, 1, 1), end=datetime(number + 1, 1, 1), value=f"{number:04d}", grain=Grain.YEAR
    )


def decade(number: int) -> Interval:
    """`number` as in 199 for the nineties."""
    return Interval(
        start=datetime(number * 10, 1, 1), end=datetime(number * 10 + 10, 1, 1), value=str(number), grain=Grain.DECADE
    )


def century(number: int) -> Interval:
    """`number` as in 20 for the twentieth."""
    first = number * 100 - 99
    return Interval(
        start=datetime(first, 1, 1), end=datetime(first + 100, 1, 1), value=str(number - 1), grain=Grain.CENTURY
    )


def part_of_day(moment: datetime, name: str) -> Interval:
    code, begins, ends = PARTS[name]
    start = midnight(moment)
    return Interval(
        start=start + timedelta(hours=begins), end=start + timedelta(hours=ends),
        value=start.strftime("%Y-%m-%d") + "T" + code, grain=Grain.HOUR,
    )  # fmt: skip


def easter(year_: int) -> datetime:
    """Easter Sunday, Gregorian (the anonymous algorithm of 1876)."""
    a, b, c = year_ % 19, year_ // 100, year_ % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    ll = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * ll) // 433
    number = h + ll - 7 * m + 90
    return datetime(year_, number // 25, (number + number // 25 + 19) % 32)


def holiday(name: str, year_: int) -> Interval | None:
    """A holiday of fixed or computed day; None when the name is none of those."""
    fixed = {
        "christmas": (12, 25), "christmas day": (12, 25), "christmas eve": (12, 24), "boxing day": (12, 26),
        "new year's eve": (12, 31), "new year's day": (1, 1), "new year": (1, 1), "new year's": (1, 1),
        "may day": (5, 1), "independence day": (7, 4), "fourth of july": (7, 4), "halloween": (10, 31),
        "valentine's day": (2, 14), "armistice day": (11, 11), "veterans day": (11, 11), "nowruz": (3, 20),
        "bastille day": (7, 14), "victory day": (5, 9),
    }  # fmt: skip
    if name in fixed:
        return day(datetime(year_, *fixed[name]))
    moved = {
        "easter": 0,
        "easter sunday": 0,
        "good friday": -2,
        "easter monday": 1,
        "palm sunday": -7,
        "ascension day": 39,
        "pentecost": 49,
    }
    if name in moved:
        return day(easter(year_) + timedelta(moved[name]))
    if name == "thanksgiving":
        first = datetime(year_, 11, 1)
        return day(first + timedelta((3 - first.weekday()) % 7 + 21))
    if name == "labor day":
        first = datetime(year_, 9, 1)
        return day(first + timedelta((0 - first.weekday()) % 7))
    return None


def narrowed(interval: Interval, part: str) -> Interval:
    """Early, mid or late part of an interval of days: thirds that overlap a little in the middle."""
    if interval.start is None or interval.end is None:
        return interval
    days = (interval.end - interval.start).days
    lower, upper = {"early": (0.0, 0.34), "mid": (0.3, 0.7), "late": (0.62, 1.0)}[part]
    mod = {"early": "START", "mid": "MID", "late": "END"}[part]
    if days <= 1:
        return replace(interval, mod=mod)
    if interval.grain is Grain.MONTH:  # days 1-10, 10-20, 20 to the end
        bounds = {"early": (0, 10), "mid": (9, 20), "late": (19, days)}[part]
        return replace(
            interval, start=interval.start + timedelta(bounds[0]), end=interval.start + timedelta(bounds[1]), mod=mod
        )
    return replace(
        interval,
        start=interval.start + timedelta(int(days * lower)),
        end=interval.start + timedelta(round(days * upper)),
        mod=mod,
    )
