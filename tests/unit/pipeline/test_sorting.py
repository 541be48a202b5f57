from __future__ import annotations

import random
from pathlib import Path

import pytest

from demarche.pipeline.sorting import merge_runs, write_run


@pytest.mark.parametrize("most", [1, 7, 199, 200, 10_000])
def test_runs_on_disk_come_back_sorted(tmp_path: Path, most: int) -> None:
    items = [(n % 97, n) for n in range(600)]
    random.Random(3).shuffle(items)
    paths = []
    for start in range(0, len(items), most):
        paths.append(tmp_path / str(start))
        write_run(paths[-1], sorted(items[start : start + most]))
    assert list(merge_runs(paths, key=lambda item: item)) == sorted(items)


def test_nothing_gives_nothing(tmp_path: Path) -> None:
    write_run(tmp_path / "empty", [])
    assert list(merge_runs([tmp_path / "empty"], key=lambda item: item)) == []
    assert list(merge_runs([], key=lambda item: item)) == []
