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
    one, two = np.triu_indices(len(at), 1)
    width = (at[two] - at[one]).astype(float)
    size = max(1, 4_000_000 // len(one))
    parts = [
        np.median((many[start : start + size, two] - many[start : start + size, one]) / width, axis=1)
        for start in range(0, len(many), size)
    ]
    return np.concatenate(parts)


def kendall_sum(many: Floats) -> Floats:
    """Mann-Kendall sums of the rows: pairs that rise less pairs that fall (Mann 1945; Kendall 1975)."""
    total = np.zeros(many.shape[0])
    for lag in range(1, many.shape[1]):
        total += np.sign(many[:, lag:] - many[:, :-lag]).sum(axis=1)
    return total


def fit_memory(residuals: Floats, *, fitted: int = 2) -> float:
    """Memory of a series with holes: the autocorrelation of neighbouring bins that an AR(1) would need, in [0, 0.98].

    What is seen is the greater of the correlation at lag 1 and the root of that at lag 2 (counting noise lowers the
    first more than the second). It falls short of the truth in short series; so the memory is told of which only
    `_CAUTION` of such series would show as little (Andrews 1993, Econometrica 61:139, has the median for it).

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
    return float(np.interp(seen, _shown(min(n, 150), fitted), _GRID, left=0.0))


_LAGS = (1, 2)
_GRID = np.linspace(0.0, 0.98, 33)
_CAUTION = 0.35
"""Swept 0.5, 0.4, 0.3 with `benchmarks.trend`: false alarms at a memory of 0.8 on 26 bins of two weeks 0.080, 0.070,
0.048; power for a rise of 1 on 26 bins of four weeks at a memory of 0.5 0.41, 0.36, 0.28."""


@functools.cache
def _shown(n: int, fitted: int) -> Floats:
    """What series of each memory of `_GRID` show, at the quantile `_CAUTION`."""
    design = np.vander(np.arange(n), fitted)
    keep = np.eye(n) - design @ np.linalg.pinv(design)
    found = []
    for memory in _GRID:
        rest = _no_trend(n, float(memory), 1.0, 1000, seed=3) @ keep
        spread = (rest**2).mean(axis=1)
        roots = [np.maximum((rest[:, :-k] * rest[:, k:]).mean(axis=1) / spread, 0) ** (1 / k) for k in _LAGS]
        found.append(np.quantile(np.max(roots, axis=0), _CAUTION))
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


def judge_trend(values: Floats, *, level: float = 0.95, draws: int = DRAWS, seed: int = 0) -> Trend:
    """Mann-Kendall test against series without trend that have the same memory, with a Sen slope and its interval.

    Args:
        values: one a bin, NaN for a hole; at least ten that are none.
        level: coverage of the interval, in (0, 1).
    """
    at = np.flatnonzero(~np.isnan(values))
    slope = sen_slope(values)
    rest = _without_line(values, slope)
    memory = fit_memory(rest)
    spread = _spread(rest, at, memory)
    free = _no_trend(len(values), memory, spread, draws, seed)[:, at]
    seen = abs(float(kendall_sum(values[None, at])[0]))
    p = (1 + int((np.abs(kendall_sum(free)) >= seen).sum())) / (draws + 1)
    slopes = _sen_slopes(free[: min(draws, 999)], at)
    reach = float(np.quantile(np.abs(slopes), level))
    return Trend(slope=slope, low=slope - reach, high=slope + reach, p=p, memory=memory, bins=len(at))


def detectable_slope(values: Floats, *, power: float = 0.8, size: float = 0.05, seed: int = 1) -> float:
    """The slope per bin that the test finds with this probability in a series with these holes, memory and spread."""
    at = np.flatnonzero(~np.isnan(values))
    rest = _without_line(values, sen_slope(values))
    memory = fit_memory(rest)
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


def find_shifts(values: Floats, *, shortest: int, memory: float | None = None) -> list[int]:
    """Bins at which the level shifts: the exact least-squares segmentation under a penalty a shift.

    The penalty is 2 log n times the long-run variance, variance · (1 + r)/(1 − r): with the plain variance, memory of
    0.5 makes a third of series without any shift show one (measured; docs/trend.md).

    Citation: Jackson et al. 2005 (IEEE Signal Process. Lett. 12:105), optimal partitioning; Killick, Fearnhead and
        Eckley 2012 (PELT) find the same; Lavielle 1999 for dependent series.
    """
    at = np.flatnonzero(~np.isnan(values))
    kept = values[at]
    n = len(kept)
    if n < 2 * shortest:
        return []
    differences = np.diff(kept)
    flat = kept - np.median(kept)
    r = fit_memory(flat, fitted=1) if memory is None else memory
    # The variance beside shifts: from differences, which a shift hardly touches; var(diff) = 2 var (1 - r).
    variance = min(float(np.var(kept)), float(np.var(differences)) / (2 * (1 - min(r, 0.9))))
    penalty = 2 * np.log(n) * variance * (1 + r) / (1 - r)
    sums, squares = np.concatenate(([0.0], kept.cumsum())), np.concatenate(([0.0], (kept**2).cumsum()))
    best = np.full(n + 1, np.inf)
    best[0] = -penalty
    last = np.zeros(n + 1, dtype=int)
    for end in range(shortest, n + 1):
        starts = np.arange(0, end - shortest + 1)
        cost = squares[end] - squares[starts] - (sums[end] - sums[starts]) ** 2 / (end - starts)
        total = best[starts] + cost + penalty
        last[end] = int(np.argmin(total))
        best[end] = total[last[end]]
    shifts = []
    end = int(last[n])
    while end > 0:
        shifts.append(int(at[end]))
        end = int(last[end])
    return shifts[::-1]


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
    return adjusted
