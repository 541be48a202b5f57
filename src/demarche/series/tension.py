"""Tension between two sides: an index over time, what can be said of its trend, and the rows that it rests on.

The index is log((C + ½) / (K + ½)) over distinct happenings, C of conflict and K of cooperation: what swells the news
swells both, so the ratio cancels it (raw counts showed a false rise in 88 to 100 % of simulated series while the
volume of news tripled). docs/trend.md has the tests' measured false alarms and power.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise
from math import expm1
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from demarche.series.calendar import By, bins_of
from demarche.series.counts import (
    QUADS,
    CountedEvents,
    EventBehind,
    Series,
    SeriesQuery,
    ask_range,
    count_series,
    events_behind,
    ids_of_events,
    list_events,
    log_ratio,
)
from demarche.series.parties import Group
from demarche.series.trend import (
    CAUTION,
    SHORT_CAUTION,
    Floats,
    Trend,
    adjust_looks,
    block_interval,
    detectable_slope,
    find_shifts,
    judge_trend,
)
from demarche.store import Record

__all__ = ["Direction", "Mover", "Scanned", "Shift", "Tension", "Variant", "measure_tension", "scan_tensions"]

Counts: TypeAlias = NDArray[np.int64]
"""Shape (bins, 2): conflict and cooperation."""

MONTH_DAYS = 30.4375
LEAST_EVENTS = 30
LEAST_WEEKS = 52
MOST_EMPTY = 0.5
BIN_DAYS = {By.WEEK: 7, By.TWO_WEEKS: 14, By.FOUR_WEEKS: 28}
CONFLICT = ("verbal-conflict", "material-conflict")


class Direction(StrEnum):
    """rising, falling: shown by the test. none: not shown. unsaid: too little to judge."""

    RISING = "rising"
    FALLING = "falling"
    NONE = "none"
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """The level of the index moves at about `day`; before and after: its means in the stretches on either side."""

    day: datetime.date
    before: float
    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """The same trend, measured otherwise: another index, or without one outlet.

    per_month: slope in percent a month for log ratios, else in the unit of the index; None: too little left.
    same_sign: as the default has it.
    """

    name: str
    events: int
    per_month: float | None
    p: float | None
    same_sign: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """One event behind the trend. pull: what it adds to the slope of the index, per month (of a least-squares line)."""

    pull: float
    event: EventBehind


@dataclass(frozen=True, slots=True, kw_only=True)
class Tension:
    """What can be said. slope, low, high: growth of the ratio of conflict to cooperation, percent a month (95 %).

    level, level_low, level_high: index over the whole range. detectable: percent a month that would have been found
    with 80 % probability (where nothing is shown). refusal: why nothing is said of a trend. looks: how many pairs or
    times were looked at; p is adjusted for them.
    """

    series: Series
    values: tuple[float | None, ...]
    articles: int
    publishers: tuple[tuple[str, int], ...]
    level: float
    level_low: float
    level_high: float
    direction: Direction
    refusal: str | None = None
    slope: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    memory: float | None = None
    detectable: float | None = None
    looks: int = 1
    shifts: tuple[Shift, ...] = ()
    without: tuple[Variant, ...] = ()
    indexes: tuple[Variant, ...] = ()
    movers: tuple[Mover, ...] = field(default=(), repr=False)

    @property
    def sentence(self) -> str:
        """All of it in one plain sentence."""
        return _sentence(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bins:
    """Events spread over bins; holes are bins in which nothing was read. at: the bin of each event."""

    starts: tuple[datetime.date, ...]
    gap: tuple[bool, ...]
    articles: tuple[int, ...]
    events: CountedEvents
    at: NDArray[np.int64]
    days: int

    @property
    def caution(self) -> float:
        """How the memory of such bins is judged."""
        return SHORT_CAUTION if self.days < 28 else CAUTION

    @property
    def sides(self) -> NDArray[np.int64]:
        """Of each event: 0 for conflict, 1 for cooperation."""
        return np.array([quad not in CONFLICT for quad in QUADS], np.int64)[self.events.quads]

    def counts(self, keep: NDArray[np.bool_] | None = None) -> Counts:
        """Shape (bins, 2): conflict and cooperation; keep: of these events only."""
        cells = 2 * self.at + self.sides
        found = np.bincount(cells if keep is None else cells[keep], minlength=2 * len(self.starts))
        return found.astype(np.int64).reshape(-1, 2)

    def means(self, scores: Floats) -> Floats:
        """Mean of a score of the events over those of each bin that have it; NaN without any."""
        scored = ~np.isnan(scores)
        ns = np.bincount(self.at[scored], minlength=len(self.starts))
        sums = np.bincount(self.at[scored], scores[scored], minlength=len(self.starts))
        with np.errstate(invalid="ignore"):
            return np.where(ns > 0, sums / ns, np.nan)

    def ratios(self, counts: Counts) -> Floats:
        """The index of each bin; NaN where nothing was read or nothing happened."""
        values = np.log((counts[:, 0] + 0.5) / (counts[:, 1] + 0.5))
        return np.where((counts.sum(axis=1) == 0) | np.array(self.gap), np.nan, values)


def measure_tension(
    record: Record,
    query: SeriesQuery,
    groups: Mapping[str, Group] | None = None,
    *,
    looks: int = 1,
    movers: int = 5,
    variants: bool = True,
) -> Tension:
    """Measure the tension of a pair; `query.by` is chosen by the length of the range, whatever it says.

    Args:
        looks: at how many pairs or times the user looks: p is multiplied by it (Bonferroni).
        movers: how many of the events that moved the trend most. variants: measure without each outlet and by other
            indexes.
    Raises:
        ConfigError: as `count_series`.
    """
    query, series = _fitting(record, query, groups)
    listed = list_events(record, query, groups)
    bins = _spread(series, listed)
    counts = bins.counts()
    values = bins.ratios(counts)
    known = counts[~np.array(bins.gap)]
    level = log_ratio(int(counts[:, 0].sum()), int(counts[:, 1].sum()))
    low, high = block_interval(known) if len(known) > 1 and series.events else (float("nan"), float("nan"))
    told = np.bincount(bins.events.publishers, minlength=len(bins.events.outlets)).tolist()
    outlets = {name: count for name, count in zip(bins.events.outlets, told, strict=True) if count}
    base = Tension(
        series=series,
        values=tuple(None if np.isnan(v) else float(v) for v in values),
        articles=_articles(record, bins),
        publishers=tuple(sorted(outlets.items(), key=lambda item: (-item[1], item[0]))),
        level=level,
        level_low=low,
        level_high=high,
        direction=Direction.UNSAID,
        looks=looks,
    )
    refusal = _refusal(series, values)
    if refusal:
        return replace(base, refusal=refusal)
    trend = judge_trend(values, caution=bins.caution)
    p = min(1.0, trend.p * looks)
    shown = p < 0.05 and trend.slope != 0
    direction = Direction.NONE if not shown else Direction.RISING if trend.slope > 0 else Direction.FALLING
    monthly = MONTH_DAYS / bins.days
    return replace(
        base, direction=direction, slope=_percent(trend.slope * monthly), low=_percent(trend.low * monthly),
        high=_percent(trend.high * monthly), p=p, memory=trend.memory,
        detectable=None if shown else _percent(detectable_slope(values, caution=bins.caution) * monthly),
        shifts=_shifts(bins, values),
        without=_without(bins, trend) if variants else (), indexes=_indexes(bins, trend) if variants else (),
        movers=_movers(record, bins, counts, values, movers, np.sign(trend.slope) if shown else 0.0),
    )  # fmt: skip


def _fitting(record: Record, query: SeriesQuery, groups: Mapping[str, Group] | None) -> tuple[SeriesQuery, Series]:
    """Bins of the length that the tests were measured with."""
    since, until = ask_range(record, query, groups)
    weeks = sum(1 for _ in bins_of(since, until, By.WEEK))
    by = By.FOUR_WEEKS if weeks >= 104 else By.TWO_WEEKS if weeks >= LEAST_WEEKS else By.WEEK
    query = replace(query, by=by, since=since, until=until)
    return query, count_series(record, query, groups)


def _spread(series: Series, listed: CountedEvents) -> _Bins:
    """Bins of weeks follow each other without a hole, so that a day's bin is a division."""
    length = BIN_DAYS[series.query.by]
    first = (series.bins[0].start - datetime.date(1970, 1, 1)).days
    at = (listed.days - first) // length
    inside = (at >= 0) & (at < len(series.bins))
    if not inside.all():
        listed = listed.take(inside)
        at = at[inside]
    return _Bins(
        starts=tuple(one.start for one in series.bins), gap=tuple(one.gap for one in series.bins),
        articles=tuple(one.articles for one in series.bins), events=listed, at=at, days=length,
    )  # fmt: skip


def _articles(record: Record, bins: _Bins) -> int:
    """Documents behind the events, every copy."""
    query = "SELECT count(DISTINCT document) AS n FROM behind WHERE event IN (SELECT unnest(?))"
    return int(record.sql(query, [bins.events.rows.tolist()]).column(0)[0].as_py())


def _refusal(series: Series, values: Floats) -> str | None:
    weeks = ((series.until - series.since).days + 1) // 7
    if weeks < LEAST_WEEKS:
        return f"{weeks} weeks are too few: a trend is judged from {LEAST_WEEKS} on"
    if series.events < LEAST_EVENTS:
        return f"{series.events} events are too few: a trend is judged from {LEAST_EVENTS} on"
    empty = float(np.isnan(values).mean())
    if empty > MOST_EMPTY:
        return f"{round(100 * empty)} % of the bins are empty: a trend is judged when at least half hold events"
    return None


def _percent(growth: float) -> float:
    """Growth of a logarithm, in percent."""
    return 100 * expm1(min(growth, 20.0))


def _shifts(bins: _Bins, values: Floats) -> tuple[Shift, ...]:
    shortest = max(3, round(56 / bins.days))
    found = find_shifts(values, shortest=shortest, caution=bins.caution)
    edges = [0, *found, len(values)]
    means = [float(np.nanmean(values[a:b])) for a, b in pairwise(edges)]
    return tuple(Shift(day=bins.starts[at], before=means[n], after=means[n + 1]) for n, at in enumerate(found))


def _variant(name: str, values: Floats, events: int, bins: _Bins, trend: Trend, *, ratio: bool) -> Variant:
    if int((~np.isnan(values)).sum()) < 10:
        return Variant(name=name, events=events, per_month=None, p=None, same_sign=None)
    other = judge_trend(values, draws=499, caution=bins.caution)
    monthly = other.slope * MONTH_DAYS / bins.days
    return Variant(name=name, events=events, per_month=_percent(monthly) if ratio else monthly, p=other.p,
                   same_sign=bool(other.slope * trend.slope > 0))  # fmt: skip


def _without(bins: _Bins, trend: Trend, most: int = 8) -> tuple[Variant, ...]:
    """Leave out one outlet at a time: what it alone reports. Those that alone report most come first."""
    alone = bins.events.alone
    counts = np.bincount(alone[alone >= 0], minlength=len(bins.events.outlets)).tolist()
    outlets = [
        (name, count, n) for n, (name, count) in enumerate(zip(bins.events.outlets, counts, strict=True)) if count
    ]
    found = []
    for name, count, number in sorted(outlets, key=lambda item: (-item[1], item[0]))[:most]:
        values = bins.ratios(bins.counts(alone != number))
        found.append(_variant(name, values, len(bins.events) - count, bins, trend, ratio=True))
    return tuple(found)


def _indexes(bins: _Bins, trend: Trend) -> tuple[Variant, ...]:
    """The trend by other indexes; each grows with conflict."""
    of_acts = np.array([quad.startswith("material") for quad in QUADS])[bins.events.quads]
    material, verbal = bins.counts(of_acts), bins.counts(~of_acts)
    conflict = bins.counts()[:, 0]
    articles = np.array(bins.articles, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(articles > 0, 100 * conflict / articles, np.nan)
    scored = int((~np.isnan(bins.events.goldstein)).sum())
    n = len(bins.events)
    return (
        _variant("material acts only", bins.ratios(material), int(material.sum()), bins, trend, ratio=True),
        _variant("words only", bins.ratios(verbal), int(verbal.sum()), bins, trend, ratio=True),
        _variant("PLOVER intensity, turned round", -bins.means(bins.events.intensity), n, bins, trend, ratio=False),
        _variant("Goldstein, turned round", -bins.means(bins.events.goldstein), scored, bins, trend, ratio=False),
        _variant("conflict per 100 articles", share, int(conflict.sum()), bins, trend, ratio=False),
    )  # fmt: skip


def _movers(record: Record, bins: _Bins, counts: Counts, values: Floats, most: int, way: float) -> tuple[Mover, ...]:
    """Events by what the least-squares slope would lose without them; where one is shown (way), those that make it."""
    if not most:
        return ()
    at = np.flatnonzero(~np.isnan(values))
    centred = np.arange(len(values)) - at.mean()
    lever = centred / float((centred[at] ** 2).sum()) * MONTH_DAYS / bins.days
    steps = np.log((counts + 0.5) / np.maximum(counts - 0.5, 0.5)) * (1, -1)
    pulls = (steps * lever[:, None])[bins.at, bins.sides]
    ranks = -(way * pulls) if way else -np.abs(pulls)
    last = np.partition(ranks, most - 1)[most - 1] if len(ranks) > most else np.inf
    # Events of one bin and side pull alike: of those the ids decide.
    chosen = np.flatnonzero(ranks <= last)
    names = ids_of_events(record, bins.events.rows[chosen])
    best = sorted((ranks[i], names[int(bins.events.rows[i])], float(pulls[i])) for i in chosen)[:most]
    behind = {one.event: one for one in events_behind(record, [identifier for _, identifier, _ in best])}
    return tuple(Mover(pull=pull, event=behind[identifier]) for _, identifier, pull in best)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """One pair of a scan. p: of its own test; q: adjusted for all pairs (Benjamini-Hochberg)."""

    source: str
    target: str
    events: int
    slope: float
    p: float
    q: float


def scan_tensions(record: Record, query: SeriesQuery, *, most: int = 500) -> tuple[Scanned, ...]:
    """Test every pair of sides that has enough events; most surprising first.

    Args:
        query: its range and filters hold for all pairs; its source and target are not used.
        most: pairs at most, those with most events.
    """
    pairs = record.sql(
        "SELECT source, target, count(*) AS n FROM dyads WHERE status = 'actual' AND source IS NOT NULL"
        " AND target IS NOT NULL AND source <> target GROUP BY ALL HAVING n >= ?"
        " ORDER BY n DESC, source, target LIMIT ?",
        [LEAST_EVENTS, most],
    ).to_pylist()
    found = []
    for pair in pairs:
        asked = replace(query, source=pair["source"], target=pair["target"])
        one = measure_tension(record, asked, movers=0, variants=False)
        if one.p is not None and one.slope is not None:
            found.append((pair["source"], pair["target"], one.series.events, one.slope, one.p))
    adjusted = adjust_looks(np.array([row[4] for row in found])).tolist() if found else []
    rows = [
        Scanned(source=s, target=t, events=n, slope=slope, p=p, q=q)
        for (s, t, n, slope, p), q in zip(found, adjusted, strict=True)
    ]
    return tuple(sorted(rows, key=lambda row: (row.p, row.source, row.target)))


def _sentence(one: Tension) -> str:
    series = one.series
    n = f"n = {series.events:,} events from {one.articles:,} article{'s' * (one.articles != 1)}" + (
        f" and {len(one.publishers)} publisher{'s' * (len(one.publishers) > 1)}" if one.publishers else ""
    )
    level = f"index {one.level:+.2f} ({one.level_low:+.2f} to {one.level_high:+.2f})"
    if one.refusal is not None:
        return f"{series.title}: nothing is said of a trend, for {one.refusal}; {level}, {n}." if series.events else (
            f"{series.title}: nothing is said of a trend, for {one.refusal}.")  # fmt: skip
    looks = f" after {one.looks} looks" if one.looks > 1 else ""
    if one.direction is Direction.NONE:
        return (
            f"{series.title}: no trend is shown from {series.since} to {series.until} (p = {one.p:.2g}{looks}); a rise"
            f" of {one.detectable:.2g} % a month would have been found with 80 % probability; {level}, {n}."
        )
    ends = (one.low or 0.0, one.high or 0.0)
    least, most = ends if one.direction is Direction.RISING else (-ends[1], -ends[0])
    verb = "grows" if one.direction is Direction.RISING else "shrinks"
    at_least = f"at least {least:.2g} % a month" if least > 0 else f"between {least:.2g} and {most:.2g} % a month"
    return (
        f"{series.title}: {one.direction} since {series.since}; the ratio of conflict to cooperation {verb} by"
        f" {at_least} (95 %; p = {one.p:.2g}{looks}), {n}; {_mix(one.without)}{_steps(one.shifts)}."
    )


def _steps(shifts: Sequence[Shift]) -> str:
    """A trend may be a step: then it is told so."""
    days = " and ".join(str(shift.day) for shift in shifts)
    return f"; the level shifts around {days}" if shifts else ""


def _mix(without: Sequence[Variant]) -> str:
    turned = [variant.name for variant in without if variant.same_sign is False]
    lost = [variant.name for variant in without if variant.same_sign is None]
    if turned:
        return f"without {' or '.join(turned)} the sign turns"
    if lost:
        return f"without {' or '.join(lost)} too little is left"
    return "without any one publisher the sign stays" if without else "every event has several publishers"
