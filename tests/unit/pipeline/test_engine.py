from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from demarche.errors import ResourceError, TransientError
from demarche.pipeline.engine import Done, InlineEngine, LocalEngine, Task


@dataclass
class Doubling:
    """Doubles numbers; negative ones steer: -1 dies, -2 hangs."""

    start: str = "fine"

    def prepare(self) -> None:
        if self.start == "dies":
            os._exit(3)
        if self.start == "fails":
            raise ResourceError("E201", "no table")

    def each(self, items: Sequence[int]) -> Iterator[object]:
        for item in items:
            if item == -1:
                os._exit(9)
            if item == -2:
                time.sleep(60)
            yield item * 2

    def reject(self, item: int, code: str, reason: str) -> object:
        return (item, code)


def tasks(*shards: tuple[int, ...]) -> Iterator[Task]:
    return (Task(number=n, items=items) for n, items in enumerate(shards))


def test_results_come_in_the_order_of_the_tasks() -> None:
    shards = [tuple(range(n, n + n % 4)) for n in range(25)]
    wanted = [Done(number=n, results=tuple(2 * i for i in shard)) for n, shard in enumerate(shards)]
    assert list(InlineEngine().map(Doubling(), tasks(*shards))) == wanted
    assert list(LocalEngine(workers=2).map(Doubling(), tasks(*shards))) == wanted


def test_a_document_that_kills_its_worker_costs_only_itself() -> None:
    found = list(LocalEngine(workers=2).map(Doubling(), tasks((1, -1, 2, 3), (4, 5))))
    assert [done.results for done in found] == [(2, (-1, "E704"), 4, 6), (8, 10)]


def test_a_document_over_its_time_is_rejected() -> None:
    found = list(LocalEngine(workers=1, seconds=0.5).map(Doubling(), tasks((1, -2, 3))))
    assert found[0].results == (2, (-2, "E705"), 6)


def test_models_that_do_not_load_stop_the_run_with_their_own_error() -> None:
    with pytest.raises(ResourceError, match="E201"):
        list(LocalEngine(workers=1).map(Doubling(start="fails"), tasks((1,))))


def test_workers_that_die_at_the_start_are_not_started_for_ever() -> None:
    with pytest.raises(TransientError, match="E707"):
        list(LocalEngine(workers=1).map(Doubling(start="dies"), tasks((1,))))


def test_reading_stays_a_few_tasks_ahead() -> None:
    read = 0

    def counted() -> Iterator[Task]:
        nonlocal read
        for n in range(200):
            read += 1
            yield Task(number=n, items=(n,))

    for done in LocalEngine(workers=2, ahead=3).map(Doubling(), counted()):
        assert read <= done.number + 1 + 2 * 3
