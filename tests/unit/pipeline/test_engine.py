from __future__ import annotations

import errno
import os
import pickle
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from demarche.errors import ConfigError, ResourceError, TransientError
from demarche.pipeline.engine import Done, InlineEngine, LocalEngine, Task, run_shard


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


@dataclass
class Numbered(Doubling):
    """Doubles and says in which process; `prepare` counts."""

    prepared: int = 0

    def prepare(self) -> None:
        self.prepared += 1

    def each(self, items: Sequence[int]) -> Iterator[object]:
        for item in items:
            if item == -1:
                os._exit(9)
            yield (item * 2, os.getpid(), self.prepared)


def test_an_open_engine_keeps_its_processes_and_what_they_loaded() -> None:
    with LocalEngine(workers=1).opened() as engine:
        first = [done.results[0] for done in engine.map(Numbered(), tasks((1,), (2,)))]
        again = [done.results[0] for done in engine.map(Doubling(), tasks((5,)))]
        last = [done.results[0] for done in engine.map(Numbered(), tasks((3,), (-1, 4)))]
    assert again == [10]
    assert {prepared for _, _, prepared in first} == {1}
    assert last[0][:2] == (6, first[0][1])  # the same process
    with LocalEngine(workers=1).opened() as engine:
        assert [done.results for done in engine.map(Doubling(), tasks((1,)))] == [(2,)]
        engine.rest()
        assert [done.results for done in engine.map(Doubling(), tasks((2,)))] == [(4,)]


def test_a_map_that_is_left_half_way_leaves_nothing_to_the_next() -> None:
    with LocalEngine(workers=2).opened() as engine:
        found = engine.map(Doubling(), tasks(*[(n, n + 1) for n in range(20)]))
        assert next(found).results == (0, 2)
        found.close()  # type: ignore[attr-defined]
        assert [done.results for done in engine.map(Doubling(), tasks((7,), (8,)))] == [(14,), (16,)]


@dataclass
class Slow(Doubling):
    patient: bool = True

    def each(self, items: Sequence[int]) -> Iterator[object]:
        for item in items:
            time.sleep(0.2)
            yield item * 2


def test_patient_work_has_no_time_limit() -> None:
    engine = LocalEngine(workers=1, seconds=0.01)
    assert [done.results for done in engine.map(Slow(), tasks((1,), (2,)))] == [(2,), (4,)]


@dataclass
class Full(Doubling):
    patient: bool = True

    def each(self, items: Sequence[int]) -> Iterator[object]:
        raise OSError(errno.ENOSPC, "No space left on device", "/scratch")


def test_what_stops_patient_work_comes_back_as_it_was() -> None:
    with pytest.raises(OSError, match="No space left") as caught:
        list(LocalEngine(workers=1).map(Full(), tasks((1,))))
    assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, "/scratch")


def test_a_shard_runs_only_where_the_same_version_is_installed() -> None:
    packed = pickle.dumps(Doubling())
    assert run_shard(packed, (1, 2)) == (2, 4)
    with pytest.raises(ConfigError, match=r"E710 this worker has demarche .*started with 0\.0\.1"):
        run_shard(packed, (1, 2), "0.0.1")


def test_processes_that_were_started_early_do_the_work_once() -> None:
    with LocalEngine(workers=1).opened() as engine:
        work = Numbered()
        engine.start(work)
        first = [done.results[0] for done in engine.map(work, tasks((1,)))]
        again = [done.results[0] for done in engine.map(work, tasks((2,)))]
    assert [result[0] for result in (*first, *again)] == [2, 4]
    assert first[0][1:] == again[0][1:]  # one process, which prepared the work once
    assert first[0][2] == 1
