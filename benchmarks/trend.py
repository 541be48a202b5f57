"""`python -m benchmarks.trend [--series N]`: false alarms and power of the trend test on series of known truth.

Weekly counts of conflict and cooperation are Poisson around a latent log rate with memory (AR(1), standard deviation
0.5), while the volume of news triples. The tables in docs/trend.md are what this prints.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demarche.series.trend import CAUTION, SHORT_CAUTION, find_shifts, judge_trend

DRAWS = 499
SPREAD = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """rise: of the log ratio over the whole range. growth: factor of the volume of news. rates: events a week."""

    weeks: int
    memory: float
    rise: float = 0.0
    growth: float = 3.0
    conflict: float = 5.0
    cooperation: float = 6.0
    gaps: float = 0.0
    step: float = 0.0

    @property
    def bin_weeks(self) -> int:
        return 4 if self.weeks >= 104 else 2

    @property
    def caution(self) -> float:
        return CAUTION if self.bin_weeks == 4 else SHORT_CAUTION


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Shares of the series: with p ≤ 0.05; whose interval holds the true slope; with a shift."""

    found: float
    covered: float
    shifted: float
    error: float


def draw_index(truth: Truth, random: np.random.Generator) -> NDArray[np.float64]:
    """The index of one simulated series, bin by bin; NaN where nothing happened or was read."""
    ramp = np.linspace(-0.5, 0.5, truth.weeks)
    change = truth.rise * ramp + truth.step * (ramp > 0)
    volume = np.log(truth.growth) * ramp
    counts = []
    for rate, sign in ((truth.conflict, 0.5), (truth.cooperation, -0.5)):
        shocks = random.standard_normal(truth.weeks) * SPREAD
        shocks[1:] *= np.sqrt(1 - truth.memory**2)
        latent = [shocks[0]]
        for shock in shocks[1:]:
            latent.append(truth.memory * latent[-1] + shock)
        counts.append(random.poisson(rate * np.exp(np.array(latent) - SPREAD**2 / 2 + volume + sign * change)))
    size = truth.bin_weeks
    whole = truth.weeks // size * size
    c, k = (one[-whole:].reshape(-1, size).sum(axis=1) for one in counts)
    index = np.log((c + 0.5) / (k + 0.5))
    return np.where((c + k == 0) | (random.random(len(index)) < truth.gaps), np.nan, index)


def measure(truth: Truth, count: int, seed: int = 11) -> Outcome:
    """What the test says of `count` series of this truth."""
    random = np.random.default_rng(seed)
    found, covered, shifted = [], [], []
    slope = truth.rise / truth.weeks * truth.bin_weeks
    for _ in range(count):
        values = draw_index(truth, random)
        if int((~np.isnan(values)).sum()) < 10:
            continue
        trend = judge_trend(values, draws=DRAWS, caution=truth.caution)
        found.append(trend.p <= 0.05)
        covered.append(trend.low <= slope <= trend.high)
        shifted.append(bool(find_shifts(values, shortest=max(3, 8 // truth.bin_weeks), caution=truth.caution)))
    share = float(np.mean(found))
    return Outcome(found=share, covered=float(np.mean(covered)), shifted=float(np.mean(shifted)),
                   error=float(np.sqrt(max(share * (1 - share), 0.05 * 0.95) / len(found))))  # fmt: skip


def false_alarms() -> list[tuple[str, Truth]]:
    rows = [(f"memory {m}", Truth(weeks=w, memory=m)) for w in (52, 78, 104, 208) for m in (0.0, 0.5, 0.8, 0.9)]
    return [
        *rows,
        ("few events (0.5 + 0.6 a week)", Truth(weeks=104, memory=0.5, conflict=0.5, cooperation=0.6)),
        ("one-sided (1.5 + 0.3 a week)", Truth(weeks=104, memory=0.5, conflict=1.5, cooperation=0.3)),
        ("one-sided, few (0.4 + 0.08)", Truth(weeks=104, memory=0.5, conflict=0.4, cooperation=0.08)),
        ("volume × 10", Truth(weeks=104, memory=0.5, growth=10.0)),
        ("a fifth of the bins are gaps", Truth(weeks=104, memory=0.5, gaps=0.2)),
    ]


def powers() -> list[tuple[str, Truth]]:
    return [
        (f"rise {rise}", Truth(weeks=weeks, memory=memory, rise=rise))
        for weeks, memory in ((52, 0.5), (104, 0.0), (104, 0.5), (104, 0.8), (208, 0.5))
        for rise in (0.5, 1.0, 1.5, 2.0, 3.0)
    ]


def shifts() -> list[tuple[str, Truth]]:
    return [
        (f"step {step}", Truth(weeks=104, memory=memory, step=step))
        for memory in (0.0, 0.5, 0.8)
        for step in (0.0, 1.0, 2.0)
    ]


def _print(title: str, rows: Sequence[tuple[str, Truth]], count: int) -> None:
    print(f"\n{title}\n\n| weeks | bins of | memory | case | p ≤ 0.05 | ± | interval holds the truth | shift told |\n"
          "| ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: |")  # fmt: skip
    for name, truth in rows:
        one = measure(truth, count)
        print(f"| {truth.weeks} | {truth.bin_weeks} weeks | {truth.memory} | {name} | {one.found:.3f} | {one.error:.3f}"
              f" | {one.covered:.2f} | {one.shifted:.2f} |", flush=True)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=1000, help="simulated series a row")
    count = parser.parse_args().series
    begun = time.process_time()
    _print("False alarms (no trend; nominal 0.05)", false_alarms(), count)
    _print("Power (rise of the log ratio over the range)", powers(), count)
    _print("Level shifts", shifts(), count)
    print(f"\n{count} series a row, {DRAWS} draws a p-value, {time.process_time() - begun:.0f} s of processor time")


if __name__ == "__main__":
    main()
