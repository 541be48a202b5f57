from __future__ import annotations

import random

import pytest

from demarche.pipeline.sorting import Sorter


@pytest.mark.parametrize("most", [1, 7, 100, 10_000])
def test_runs_on_disk_come_back_sorted(most: int) -> None:
    items = [(n % 97, n) for n in range(3_000)]
    random.Random(3).shuffle(items)
    with Sorter[tuple[int, int]](key=lambda item: item, most=most) as sorter:
        for start in range(0, len(items), 13):
            sorter.extend(items[start : start + 13])
        assert list(sorter.ordered()) == sorted(items)


def test_nothing_gives_nothing() -> None:
    with Sorter[int](key=lambda item: item) as sorter:
        assert list(sorter.ordered()) == []
