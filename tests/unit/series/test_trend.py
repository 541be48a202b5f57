from __future__ import annotations

import itertools

import numpy as np
import pytest

from demarche.series import judge_trend
from demarche.series.trend import (
    adjust_looks,
    block_interval,
    detectable_slope,
    find_shifts,
    fit_memory,
    kendall_sum,
    sen_slope,
)


def autoregressive(n: int, memory: float, seed: int) -> np.ndarray:
    shocks = np.random.default_rng(seed).standard_normal(n) * np.sqrt(1 - memory**2)
    series = [shocks[0] / np.sqrt(1 - memory**2)]
    for shock in shocks[1:]:
        series.append(memory * series[-1] + shock)
    return np.array(series)


def test_the_sum_and_the_slope_are_those_of_scipy() -> None:
    from scipy.stats import kendalltau, theilslopes

    values = autoregressive(40, 0.3, 1)
    tau = kendalltau(np.arange(40), values).statistic
    assert kendall_sum(values[None])[0] == pytest.approx(tau * 40 * 39 / 2)
    assert sen_slope(values) == pytest.approx(theilslopes(values).slope)


def test_holes_keep_their_place() -> None:
    values = 0.5 * np.arange(20.0)
    values[[3, 4, 11]] = np.nan
    assert sen_slope(values) == pytest.approx(0.5)
    trend = judge_trend(values + autoregressive(20, 0, 3) * 0.01, draws=199)
    assert trend.bins == 17
    assert trend.p == pytest.approx(1 / 200)
    assert trend.low < 0.5 < trend.high


def test_memory_makes_the_test_doubt() -> None:
    free = judge_trend(autoregressive(60, 0.0, 5) + np.linspace(0, 1.2, 60))
    tied = judge_trend(autoregressive(60, 0.85, 5) + np.linspace(0, 1.2, 60))
    assert free.p < 0.05 < tied.p
    assert tied.high - tied.low > free.high - free.low


def test_the_estimate_of_memory_is_not_too_low() -> None:
    for memory in (0.0, 0.5, 0.8):
        found = [fit_memory(autoregressive(60, memory, seed), fitted=2) for seed in range(200)]
        assert np.mean(found) >= memory - 0.05


def test_false_alarms_stay_near_five_in_a_hundred() -> None:
    """A small version of `python -m benchmarks.trend`: 120 series, so at most 5 % + 3 standard errors."""
    alarms = [judge_trend(autoregressive(30, 0.5, seed), draws=199).p <= 0.05 for seed in range(120)]
    assert np.mean(alarms) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 120)


def test_a_plain_trend_is_found() -> None:
    found = [judge_trend(autoregressive(40, 0.3, s) + np.linspace(0, 3, 40), draws=199).p <= 0.05 for s in range(40)]
    assert np.mean(found) > 0.8


def test_the_detectable_slope_is_found_four_times_in_five() -> None:
    values = autoregressive(40, 0.3, 8)
    slope = detectable_slope(values)
    memory, spread = 0.3, 1.0
    found = [judge_trend(spread * autoregressive(40, memory, s) + slope * np.arange(40), draws=199).p <= 0.05
             for s in range(100, 160)]  # fmt: skip
    assert 0.5 < np.mean(found) <= 1.0


def test_a_step_is_found_where_it_is_and_none_where_none_is() -> None:
    random = np.random.default_rng(4)
    step = np.concatenate([random.normal(0, 0.5, 20), random.normal(1.5, 0.5, 20)])
    assert find_shifts(step, shortest=4) == [20]
    holed = np.insert(step, [5, 5, 9], np.nan)
    assert find_shifts(holed, shortest=4) == [23]
    assert find_shifts(random.normal(0, 0.3, 60), shortest=5) == []
    assert find_shifts(np.linspace(0, 3, 40) + random.normal(0, 0.2, 40), shortest=4) == []
    assert find_shifts(step[:8], shortest=4) == []


def test_shifts_are_rarely_told_where_there_are_none() -> None:
    told = [bool(find_shifts(autoregressive(26, 0.5, seed), shortest=3, draws=199)) for seed in range(100)]
    assert np.mean(told) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 100)


def test_one_shift_is_where_no_other_place_is_better() -> None:
    values = np.concatenate([np.random.default_rng(2).normal(0, 1, 15), np.random.default_rng(3).normal(3, 1, 12)])
    (at,) = find_shifts(values, shortest=4)

    def cost(place: int) -> float:
        return sum(float(((part - part.mean()) ** 2).sum()) for part in (values[:place], values[place:]))

    assert cost(at) == min(cost(place) for place in range(4, 24))


def test_an_interval_of_the_level_holds_it_and_widens_with_fewer_bins() -> None:
    random = np.random.default_rng(1)
    counts = random.poisson([6, 4], size=(60, 2))
    low, high = block_interval(counts)
    assert low < np.log(6.5 / 4.5) < high
    few = block_interval(counts[:10])
    assert few[1] - few[0] > high - low


def test_many_looks_are_paid_for() -> None:
    assert adjust_looks(np.array([0.01, 0.04, 0.03, 0.5])).tolist() == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])
    for count in range(1, 6):
        for ps in itertools.permutations([0.001, 0.2, 0.03, 0.9, 0.04][:count]):
            adjusted = adjust_looks(np.array(ps))
            assert (adjusted >= np.array(ps)).all()
            assert list(np.argsort(ps, kind="stable")) == list(np.lexsort((ps, adjusted)))
