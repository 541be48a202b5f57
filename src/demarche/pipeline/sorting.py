"""Sorting more items than memory should hold: sorted runs in files, merged while they are read."""

from __future__ import annotations

import heapq
import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

__all__ = ["merge_runs", "write_run"]

PAGE = 200
"""Items that are read at once of each run."""


def write_run(path: Path, items: Sequence[Any]) -> None:
    """Write items, which are sorted and pickle, to a file that only this user can have written to."""
    with path.open("xb") as file:
        for start in range(0, len(items), PAGE):
            pickle.dump(items[start : start + PAGE], file, protocol=pickle.HIGHEST_PROTOCOL)


def merge_runs(paths: Iterable[Path], key: Callable[[Any], Any]) -> Iterator[Any]:
    """The items of all runs, sorted; equal keys come in any order. Memory holds a page of each run."""
    return heapq.merge(*map(_read, paths), key=key)


def _read(path: Path) -> Iterator[Any]:
    """Items of a run. It lies in a folder of mode 700, made by the process that reads or by its parent."""
    with path.open("rb") as file:
        while True:
            try:
                page = pickle.load(file)
            except EOFError:
                return
            yield from page
