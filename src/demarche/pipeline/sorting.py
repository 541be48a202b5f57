"""Sorting more items than memory should hold: sorted runs on disk, merged while they are read."""

from __future__ import annotations

import heapq
import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import IO, Any, Generic, TypeVar

__all__ = ["Sorter"]

T = TypeVar("T")

MOST = 200_000
"""Items kept in memory: about 200 MB of notes."""
PAGE = 1_000


class Sorter(Generic[T]):
    """Takes items in any order, gives them back by `key`. A context manager: its files go when it ends.

    Memory holds `most` items and a page of each run; files lie in the folder for temporary files (TMPDIR) and are
    unlinked at once, so that a killed process leaves none behind. Items must pickle; equal keys come in any order.
    """

    def __init__(self, key: Callable[[T], Any], *, most: int = MOST) -> None:
        self._key = key
        self._most = most
        self._items: list[T] = []
        self._runs: list[IO[bytes]] = []
        self._stack = ExitStack()

    def __enter__(self) -> Sorter[T]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def extend(self, items: Iterable[T]) -> None:
        """Take items."""
        self._items.extend(items)
        if len(self._items) >= self._most:
            self._spill()

    def _spill(self) -> None:
        self._items.sort(key=self._key)
        file = self._stack.enter_context(tempfile.TemporaryFile(prefix="demarche-sort-"))  # noqa: SIM115
        for start in range(0, len(self._items), PAGE):
            pickle.dump(self._items[start : start + PAGE], file, protocol=pickle.HIGHEST_PROTOCOL)
        self._runs.append(file)
        self._items = []

    def ordered(self) -> Iterator[T]:
        """Everything taken so far, sorted."""
        self._items.sort(key=self._key)
        return heapq.merge(*map(_read, self._runs), self._items, key=self._key)


def _read(file: IO[bytes]) -> Iterator[Any]:
    """Items of a run. The file was written by this process and has no name: nobody else can have put anything in."""
    file.seek(0)
    while True:
        try:
            page = pickle.load(file)
        except EOFError:
            return
        yield from page
