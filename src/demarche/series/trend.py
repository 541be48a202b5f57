"""Is there a trend? Numerics on one series of bins; nothing here knows of records.

The series may have holes (NaN): bins in which nothing was read or nothing happened. Results are the same at every call:
the random numbers come from a fixed seed.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Trend",
    "adjust_looks",
    "block_interval",
    "detectable_slope",
    "find_shifts",
    "fit_memory",
    "judge_trend",
    "kendall_sum",
    "sen_slope",
]  # fmt: skip

Floats: TypeAlias = NDArray[np.float64]

CAUTION = 0.25
"""How rarely a series of the assumed memory shows as little of it as is seen; for bins of four weeks.

Swept with `benchmarks.trend`, no trend, 26 bins of four weeks, memory 0.9 from week to week: false alarms at 0.35,
0.25, 0.2 0.071, 0.048, 0.036; power for a rise of 2 at a memory of 0.5 0.81, 0.75, 0.70."""

SHORT_CAUTION = 0.08
"""The same for bins of two weeks, which share more of their memory: on 26 of them false alarms at 0.35, 0.2, 0.1 0.118,
0.086, 0.055; power for a rise of 3 at a memory of 0.5 0.87, 0.79, 0.68. Bins of four weeks find less (0.46) there."""

DRAWS = 1999
"""Simulated series behind a p-value: its standard error at 0.05 is 0.005."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A Sen slope per bin with its interval, and how surprising it is where there is none.

    p: share of series without trend, but with the same memory and spread, whose Mann-Kendall sum is as far from 0.
    memory: correlation of neighbouring bins beside the trend, corrected for its bias in short series.
    """

    slope: float
    low: float
    high: float
    p: float
    memory: float
    bins: int


def sen_slope(values: Floats) -> float:
    """Median slope over all pairs of bins (Sen 1968, J. Am. Stat. Assoc. 63:1379)."""
    at = np.flatnonzero(~np.isnan(values))
    one, two = np.triu_indices(len(at), 1)
    steps = (values[at[two]] - values[at[one]]) / (at[two] - at[one])
    return float(np.median(steps))


def _sen_slopes(many: Floats, at: NDArray[np.int64]) -> Floats:
    """Sen slopes of many series (rows) that have values at the bins `at`; in slices, to bound memory."""
    length = len(at)
    pairs = length * (length - 1) // 2
    size = max(1, 4_000_000 // pairs)
    parts = []
    for start in range(0, len(many), size):
        rows = many[start : start + size]
        steps = np.empty((len(rows), pairs))
        end = 0
        for lag in range(1, length):
            begin, end = end, end + length - lag
            np.subtract(rows[:, lag:], rows[:, :-lag], out=steps[:, begin:end])
            steps[:, begin:end] /= at[lag:] - at[:-lag]
        parts.append(np.median(steps, axis=1, overwrite_input=True))
    return np.concatenate(parts)


def kendall_sum(many: Floats) -> Floats:
    """Mann-Kendall sums of the rows: pairs that rise less pairs that fall (Mann 1945; Kendall 1975).

    Counted over ranks, a series a column: small numbers that lie beside each other, ten times as fast as the values.
    """
    ranks = np.ascontiguousarray(_ranks(many).T)
    total = np.zeros(many.shape[0])
    for lag in range(1, len(ranks)):
        steps = np.sign(ranks[lag:] - ranks[:-lag])
        total += steps.sum(axis=0, dtype=np.int32)
    return total


def _ranks(many: Floats) -> NDArray[np.int16]:
    """Ranks of the values within each row, equal ones alike."""
    order = np.argsort(many, axis=1)
    ordered = np.take_along_axis(many, order, axis=1)
    ranks = np.zeros(many.shape, np.int16)
    steps = np.zeros(many.shape, np.int16)
    np.cumsum(ordered[:, 1:] != ordered[:, :-1], axis=1, dtype=np.int16, out=steps[:, 1:])
    np.put_along_axis(ranks, order, steps, axis=1)
    return ranks


def fit_memory(residuals: Floats, *, fitted: int = 2, caution: float = CAUTION) -> float:
    """Memory of a series with holes: the autocorrelation of neighbouring bins that an AR(1) would need, in [0, 0.98].

    What is seen is the greater of the correlation at lag 1 and the root of that at lag 2 (counting noise lowers the
    first more than the second). It falls short of the truth in short series; so the memory is told of which only
    a share `caution` of such series would show as little (Andrews 1993, Econometrica 61:139, has the median for it).

    Args:
        fitted: parameters already taken out of the series: 2 for mean and slope, 1 for the mean.
    """
    n = int((~np.isnan(residuals)).sum())
    spread = np.nanmean(residuals**2) if n else 0.0
    if n < 8 or not spread:
        return 0.0
    seen = 0.0
    for lag in _LAGS:
        products = residuals[:-lag] * residuals[lag:]
        if int((~np.isnan(products)).sum()) >= 3:
            seen = max(seen, max(float(np.nanmean(products) / spread), 0.0) ** (1 / lag))
    return float(np.interp(seen, _shown(min(n, 150), fitted, caution), _GRID, left=0.0))


_LAGS = (1, 2)
_GRID = np.linspace(0.0, 0.98, 33)


@functools.cache
def _shown(n: int, fitted: int, caution: float) -> Floats:
    """What series of each memory of `_GRID` show, at the quantile `caution`."""
    design = np.vander(np.arange(n), fitted)
    keep = np.eye(n) - design @ np.linalg.pinv(design)
    found = []
    for memory in _GRID:
        rest = _no_trend(n, float(memory), 1.0, 1000, seed=3) @ keep
        found.append(np.quantile(_lagged(rest), caution))
    # Strictly rising, so that it can be turned round.
    return np.asarray(np.maximum.accumulate(found) + 1e-9 * np.arange(len(found)))


def _without_line(values: Floats, slope: float) -> Floats:
    flat = values - slope * np.arange(len(values))
    return np.asarray(flat - np.nanmedian(flat), dtype=np.float64)


def _no_trend(length: int, memory: float, spread: float, draws: int, seed: int) -> Floats:
    """Series of this length without trend: AR(1) with this memory and standard deviation, from its stationary law.

    Citation: the sieve bootstrap (Bühlmann 1997, Bernoulli 3:123) with an autoregression of order one.
    """
    from scipy.signal import lfilter

    random = np.random.default_rng(seed)
    shocks = random.standard_normal((draws, length))
    shocks[:, 1:] *= np.sqrt(1 - memory**2)
    return np.asarray(spread * lfilter([1.0], [1.0, -memory], shocks, axis=1), dtype=np.float64)


def _spread(rest: Floats, at: NDArray[np.int64], memory: float) -> float:
    """Standard deviation of an AR(1) whose residuals beside a line are `rest`: a line takes more away the longer the
    memory."""
    design = np.stack([np.ones(len(at)), at], axis=1)
    keep = np.eye(len(at)) - design @ np.linalg.pinv(design)
    correlations = memory ** np.abs(at[:, None] - at[None, :])
    left = float(np.trace(keep @ correlations))
    return float(np.sqrt(np.nansum(rest**2) / max(left, 1e-6)))


def judge_trend(
    values: Floats, *, level: float = 0.95, draws: int = DRAWS, seed: int = 0, caution: float = CAUTION
) -> Trend:
    """Mann-Kendall test against series without trend that have the same memory, with a Sen slope and its interval.

    Args:
        values: one a bin, NaN for a hole; at least ten that are none.
        level: coverage of the interval, in (0, 1).
        caution: see `CAUTION`, and `SHORT_CAUTION` for bins of two weeks.
    """
    at = np.flatnonzero(~np.isnan(values))
    slope = sen_slope(values)
    rest = _without_line(values, slope)
    memory = fit_memory(rest, caution=caution)
    spread = _spread(rest, at, memory)
    free = _no_trend(len(values), memory, spread, draws, seed)[:, at]
    seen = abs(float(kendall_sum(values[None, at])[0]))
    p = (1 + int((np.abs(kendall_sum(free)) >= seen).sum())) / (draws + 1)
    slopes = _sen_slopes(free[: min(draws, 499)], at)
    reach = float(np.quantile(np.abs(slopes), level))
    return Trend(slope=slope, low=slope - reach, high=slope + reach, p=p, memory=memory, bins=len(at))


def detectable_slope(
    values: Floats, *, power: float = 0.8, size: float = 0.05, seed: int = 1, caution: float = CAUTION
) -> float:
    """The slope per bin that the test finds with this probability in a series with these holes, memory and spread."""
    at = np.flatnonzero(~np.isnan(values))
    rest = _without_line(values, sen_slope(values))
    memory = fit_memory(rest, caution=caution)
    spread = _spread(rest, at, memory)
    free = _no_trend(len(values), memory, spread, 600, seed)[:, at]
    bound = float(np.quantile(np.abs(kendall_sum(free)), 1 - size))
    low, high = 0.0, 20 * (spread or 1.0) / len(values)
    for _ in range(14):
        middle = (low + high) / 2
        found = float((np.abs(kendall_sum(free + middle * at)) > bound).mean())
        low, high = (low, middle) if found >= power else (middle, high)
    return high


def block_interval(
    counts: NDArray[np.int64], *, level: float = 0.95, draws: int = DRAWS, seed: int = 2
) -> tuple[float, float]:
    """Interval of the log ratio over a whole range: circular blocks of bins, drawn with replacement.

    Args:
        counts: shape (bins, 2): conflict and cooperation.
    Citation: Politis and Romano 1992 (circular block bootstrap); blocks of n^(1/3) bins, doubled for memory.
    """
    n = len(counts)
    length = max(1, min(n, round(2 * n ** (1 / 3))))
    random = np.random.default_rng(seed)
    starts = random.integers(0, n, size=(draws, -(-n // length)))
    rows = ((starts[:, :, None] + np.arange(length)) % n).reshape(draws, -1)[:, :n]
    sums = counts[rows].sum(axis=1)
    drawn = np.log((sums[:, 0] + 0.5) / (sums[:, 1] + 0.5))
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def find_shifts(
    values: Floats, *, shortest: int, level: float = 0.05, draws: int = 499, caution: float = CAUTION
) -> list[int]:
    """Bins at which the level shifts: the best step, tested, then the best in each half, and so on.

    A step is told when it fits better than a straight line and when series without any, but with the memory that is
    left beside the step, show as good a one less often than `level`. Asking for that memory is what makes the test
    honest and keeps its power: memory measured across a step is the step's own.

    Args:
        shortest: bins on either side at least.
    Citation: binary segmentation (Scott and Knott 1974, Biometrics 30:507) with the likelihood ratio of one change
        (Hawkins 1977, J. Am. Stat. Assoc. 72:180); its null law by simulation, as in `judge_trend`.
    """
    at = np.flatnonzero(~np.isnan(values))
    found: list[int] = []
    stretches = [(0, len(at))]
    while stretches:
        start, end = stretches.pop()
        if end - start < max(2 * shortest, 10):
            continue
        kept = values[at[start:end]]
        place = _tested_step(kept, shortest, level, draws, caution)
        if place is not None:
            found.append(int(at[start + place]))
            stretches += [(start, start + place), (start + place, end)]
    return sorted(found)


def _tested_step(kept: Floats, shortest: int, level: float, draws: int, caution: float) -> int | None:
    n = len(kept)
    gains, places, rests = _best_steps(kept[None], shortest)
    days = np.arange(n) - (n - 1) / 2
    line = float((days @ kept) ** 2 / (days @ days))
    if gains[0] <= line:
        return None
    memory = float(np.interp(_lagged(rests)[0], _shown_beside_steps(min(n, 150), shortest, caution), _GRID, left=0.0))
    free, _, left = _best_steps(_no_trend(n, memory, 1.0, draws, seed=4), shortest)
    seen = gains[0] / (rests[0] ** 2).sum()
    p = (1 + int((free / (left**2).sum(axis=1) >= seen).sum())) / (draws + 1)
    return int(places[0]) if p <= level else None


def _best_steps(many: Floats, shortest: int) -> tuple[Floats, NDArray[np.int64], Floats]:
    """Of each row: what its best step takes off the sum of squares, where it is, and what is left beside it."""
    n = many.shape[1]
    flat = many - many.mean(axis=1, keepdims=True)
    places = np.arange(shortest, n - shortest + 1)
    sums = flat.cumsum(axis=1)[:, places - 1]
    gains = sums**2 * n / (places * (n - places))
    best = gains.argmax(axis=1)
    place = places[best]
    after = np.arange(n)[None] >= place[:, None]
    head = np.take_along_axis(sums, best[:, None], axis=1)
    rest = flat - np.where(after, -head / (n - place)[:, None], head / place[:, None])
    return gains[np.arange(len(many)), best], place, rest


def _lagged(rests: Floats) -> Floats:
    """Of each row: the greater of the correlation at lag 1 and the root of that at lag 2, 0 at least."""
    spread = np.maximum((rests**2).mean(axis=1), 1e-12)
    roots = [np.maximum((rests[:, :-k] * rests[:, k:]).mean(axis=1) / spread, 0) ** (1 / k) for k in _LAGS]
    return np.asarray(np.max(roots, axis=0), dtype=np.float64)


@functools.cache
def _shown_beside_steps(n: int, shortest: int, caution: float) -> Floats:
    """What series of each memory of `_GRID` show beside their best step, at the quantile `caution`."""
    found = []
    for memory in _GRID:
        _, _, rest = _best_steps(_no_trend(n, float(memory), 1.0, 600, seed=5), shortest)
        found.append(np.quantile(_lagged(rest), caution))
    return np.asarray(np.maximum.accumulate(found) + 1e-9 * np.arange(len(found)))


def adjust_looks(ps: Floats) -> Floats:
    """p-values of many looks, so that among those below 0.05 at most 5 % are false.

    Citation: Benjamini and Hochberg 1995 (J. R. Stat. Soc. B 57:289); holds under positive dependence too (Benjamini
        and Yekutieli 2001).
    """
    n = len(ps)
    order = np.argsort(ps)
    steps = ps[order] * n / np.arange(1, n + 1)
    adjusted = np.empty(n)
    adjusted[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    return np.maximum(adjusted, ps)  # p * n / n may round to less than p
