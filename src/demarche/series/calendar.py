"""Days and the bins that they fall into."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from enum import StrEnum

from demarche.errors import ConfigError

__all__ = ["MOST_BINS", "By", "bin_label", "bin_start", "bins_of", "next_bin", "read_day", "sql_bin"]

MOST_BINS = 40_000
"""A century of days; more is a mistake in a date."""

_ANCHOR = datetime.date(1970, 1, 5)
"""A Monday: bins of several weeks are counted from it, so that they do not depend on the range asked for."""


class By(StrEnum):
    """Length of a bin. Weeks begin on Monday."""

    DAY = "day"
    WEEK = "week"
    TWO_WEEKS = "2weeks"
    FOUR_WEEKS = "4weeks"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_SPANS = {By.TWO_WEEKS: 14, By.FOUR_WEEKS: 28}


def read_day(text: str, *, option: str) -> datetime.date:
    """A day as the user wrote it; `2024` and `2024-03` stand for their first day.

    Raises:
        ConfigError: E904.
    """
    for form in ("%Y-%m-%d", "%Y-%m", "%Y"):
        try:
            return datetime.datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise ConfigError("E904", f"{text!r} is no date", remedy=f"write {option} as YYYY-MM-DD")


def bin_start(day: datetime.date, by: By) -> datetime.date:
    """First day of the bin that holds `day`."""
    if by is By.WEEK:
        return day - datetime.timedelta(days=day.weekday())
    if by in _SPANS:
        return _ANCHOR + datetime.timedelta(days=(day - _ANCHOR).days // _SPANS[by] * _SPANS[by])
    if by is By.MONTH:
        return day.replace(day=1)
    if by is By.QUARTER:
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    if by is By.YEAR:
        return day.replace(month=1, day=1)
    return day


def bin_label(start: datetime.date, by: By) -> str:
    """*2024-03-04*, *2024-W10*, *2024-03*, *2024-Q1*, *2024*; several weeks by their first day."""
    if by is By.WEEK:
        year, week, _ = start.isocalendar()
        return f"{year}-W{week:02d}"
    if by is By.MONTH:
        return f"{start:%Y-%m}"
    if by is By.QUARTER:
        return f"{start:%Y}-Q{(start.month + 2) // 3}"
    return f"{start:%Y}" if by is By.YEAR else start.isoformat()


def next_bin(start: datetime.date, by: By) -> datetime.date:
    """First day after the bin that begins at `start`."""
    days = {By.DAY: 1, By.WEEK: 7, **_SPANS, By.MONTH: 31, By.QUARTER: 92, By.YEAR: 366}[by]
    return bin_start(start + datetime.timedelta(days=days), by)


def bins_of(since: datetime.date, until: datetime.date, by: By) -> Iterator[tuple[datetime.date, datetime.date]]:
    """(first day, first day after) of every bin that touches `[since, until]`.

    Raises:
        ConfigError: E606 more than `MOST_BINS`.
    """
    start, count = bin_start(since, by), 0
    while start <= until:
        count += 1
        if count > MOST_BINS:
            what = f"{since} to {until} by {by} makes more than {MOST_BINS} bins"
            raise ConfigError("E606", what, remedy="check the dates, or take longer bins")
        end = next_bin(start, by)
        yield start, end
        start = end


def sql_bin(column: str, by: By) -> str:
    """SQL for `bin_start` of a DATE column."""
    if by is By.DAY:
        return column
    if by in _SPANS:
        anchor, span = f"DATE '{_ANCHOR}'", _SPANS[by]
        return f"({anchor} + CAST(floor(({column} - {anchor}) / {span}.0) * {span} AS INTEGER))"
    return f"CAST(date_trunc('{by}', {column}) AS DATE)"
