from __future__ import annotations

import datetime
from itertools import pairwise

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demarche.series import By, bin_label
from demarche.series.calendar import bin_start, bins_of, next_bin, sql_bin

DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1))


@pytest.mark.parametrize("by", list(By))
@given(day=DAYS)
def test_a_day_lies_in_its_bin(by: By, day: datetime.date) -> None:
    start = bin_start(day, by)
    assert start <= day < next_bin(start, by)
    assert bin_start(start, by) == start
    assert bin_start(next_bin(start, by) - datetime.timedelta(days=1), by) == start


@pytest.mark.parametrize("by", list(By))
def test_the_engine_bins_as_we_do(by: By) -> None:
    days = [datetime.date(1960, 1, 1) + datetime.timedelta(days=n * 13) for n in range(3000)]
    values = ", ".join(f"(DATE '{day}')" for day in days)
    rows = duckdb.sql(f"SELECT day, {sql_bin('day', by)} AS start FROM (VALUES {values}) AS t(day)").fetchall()
    assert all(start == bin_start(day, by) for day, start in rows)


@given(day=DAYS, length=st.integers(0, 800))
def test_bins_leave_no_hole(day: datetime.date, length: int) -> None:
    for by in By:
        bins = list(bins_of(day, day + datetime.timedelta(days=length), by))
        assert bins[0][0] <= day
        assert bins[-1][1] > day + datetime.timedelta(days=length)
        assert all(one[1] == two[0] for one, two in pairwise(bins))


def test_labels() -> None:
    day = datetime.date(2024, 4, 1)
    assert [bin_label(day, by) for by in By] == [
        "2024-04-01",
        "2024-W14",
        "2024-04-01",
        "2024-04-01",
        "2024-04",
        "2024-Q2",
        "2024",
    ]
