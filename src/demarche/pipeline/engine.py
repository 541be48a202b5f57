"""Engines: one protocol, `Engine.map(work, tasks)`. Here the two for one machine: in this process, and a pool.

The pool is our own because a `ProcessPoolExecutor` breaks whole when one worker is killed (measured); here a lost
worker costs at most the one document it was working on.
"""

from __future__ import annotations

import functools
import gc
import multiprocessing
import pickle
import platform
import signal
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol, runtime_checkable

from demarche import __version__
from demarche.errors import ConfigError, DemarcheError, TransientError

__all__ = [
    "Done",
    "Engine",
    "InlineEngine",
    "LocalEngine",
    "OpenEngine",
    "Resting",
    "Task",
    "Work",
    "run_shard",
    "seldom_collect",
]


class Work(Protocol):
    """What is done with items. Picklable; `prepare` loads models, once in each process.

    A work whose attribute `patient` is true has no time limit for an item, and what it raises ends the map.
    """

    def prepare(self) -> None: ...

    def each(self, items: Sequence[Any]) -> Iterator[Any]:
        """One result an item, in order."""
        ...

    def reject(self, item: Any, code: str, reason: str) -> Any:
        """The result of an item that cost a worker."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A shard: items that are done together. number: its place in the order."""

    number: int
    items: tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A finished task with one result an item, in the order of the items."""

    number: int
    results: tuple[Any, ...]


class Engine(Protocol):
    """Does `work` on every task and yields them in the order of the tasks, reading only a few tasks ahead.

    An engine may have `shard_documents`: how many documents a task holds at most.
    """

    def map(self, work: Work, tasks: Iterable[Task]) -> Iterator[Done]: ...


YOUNG = 100_000
"""New containers between two looks for cycles of garbage in a process of ours: models and rows are made of hundreds of
thousands that stay, and what is passed over dies by itself. With Python's 700 the looking took a sixth of a run."""


def seldom_collect() -> None:
    """Look for cycles of garbage seldom, and no more among what there is (models, tables): for processes of ours."""
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)


@runtime_checkable
class Resting(Protocol):
    """An engine whose processes stay from one map to the next until it rests."""

    def rest(self) -> None: ...


@functools.lru_cache(maxsize=1)
def _prepared(packed: bytes) -> Work:
    """The work with its models, once in each process."""
    work: Work = pickle.loads(packed)
    work.prepare()
    seldom_collect()
    return work


def run_shard(packed: bytes, items: tuple[Any, ...], version: str = __version__) -> tuple[Any, ...]:
    """One result an item: the function that a distributed runner maps over shards.

    Args:
        packed: the pickled work. version: of demarche where it was packed.

    Raises:
        ConfigError: E710 when another version of demarche is installed here: its rows could differ.
    """
    if version != __version__:
        advice = "install the same version of demarche everywhere"
        what = f"this worker has demarche {__version__}, the run was started with {version}"
        raise ConfigError("E710", what, where=platform.node(), remedy=advice)
    return tuple(_prepared(packed).each(items))


class InlineEngine:
    """In this process: for a few documents, where starting workers would take longer than the work."""

    shard_documents = 1  # results come one by one: a progress bar moves

    def map(self, work: Work, tasks: Iterable[Task]) -> Iterator[Done]:
        ready = False
        for task in tasks:
            if not ready:
                work.prepare()
                ready = True
            yield Done(number=task.number, results=tuple(work.each(task.items)))


@dataclass(slots=True)
class _Piece:
    """What is left to do of a task. losses: how many workers its first item has cost."""

    number: int
    first: int
    items: tuple[Any, ...]
    losses: int = 0


@dataclass(slots=True)
class _Worker:
    """known: numbers of the works it has."""

    process: Any
    connection: Connection
    known: set[int]
    ready: bool = False
    piece: _Piece | None = None
    deadline: float = float("inf")


@dataclass(slots=True)
class _Open:
    """A task in work: its results so far by place."""

    size: int
    results: dict[int, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalEngine:
    """A pool of processes on this machine.

    seconds: time limit of one item; a worker that exceeds it is killed and the item rejected (E705). An item whose
    worker died twice is rejected (E704). ahead: tasks read ahead for each worker (bounds memory).
    start_seconds: how long a worker may take to load its models.
    """

    workers: int
    seconds: float = 120.0
    ahead: int = 3
    start_seconds: float = 300.0

    def map(self, work: Work, tasks: Iterable[Task]) -> Iterator[Done]:
        with self.opened() as engine:
            yield from engine.map(work, tasks)

    @contextmanager
    def opened(self) -> Iterator[OpenEngine]:
        """The same engine whose processes stay for several maps, until the block ends."""
        engine = OpenEngine(self)
        try:
            yield engine
        finally:
            engine.rest()


class OpenEngine:
    """A `LocalEngine` between two maps: its processes wait, with the models that they have loaded."""

    def __init__(self, engine: LocalEngine) -> None:
        self._pool = _Pool(engine)

    def start(self, work: Work) -> None:
        """Start the processes for a map of this work that is about to come: they load while its first task is read."""
        self._pool.start(work)

    def map(self, work: Work, tasks: Iterable[Task]) -> Iterator[Done]:
        """As `Engine.map`."""
        try:
            yield from self._pool.run(work, iter(tasks))
        except BaseException:  # also where the caller takes no more
            self.rest()
            raise

    def rest(self) -> None:
        """End the processes, which frees their memory; the next map starts others."""
        self._pool.stop()


class _Pool:
    """The supervisor: sends pieces to idle workers, gathers results, replaces what died. One `run` at a time."""

    def __init__(self, engine: LocalEngine) -> None:
        self.engine = engine
        self.works = 0
        self.context = multiprocessing.get_context("spawn")
        self.waiting: deque[_Piece] = deque()
        self.open: dict[int, _Open] = {}
        self.workers: list[_Worker] = []
        self.failed_starts = 0
        self.work: Work | None = None

    def start(self, work: Work) -> None:
        self._take(work)
        for _ in range(self.engine.workers - len(self.workers)):
            self._start()

    def _take(self, work: Work) -> None:
        """Make this the work of the next pieces; one that was taken last stays the same."""
        if work is not self.work:
            self.work = work
            self.works += 1
        self.seconds = float("inf") if getattr(work, "patient", False) else self.engine.seconds

    def run(self, work: Work, tasks: Iterator[Task]) -> Iterator[Done]:
        self._take(work)
        more = True
        next_out: int | None = None
        while True:
            while more and len(self.open) < self.engine.workers * self.engine.ahead and self._wants():
                task = next(tasks, None)
                if task is None:
                    more = False
                    break
                if next_out is None:
                    next_out = task.number
                    for _ in range(self.engine.workers - len(self.workers)):  # they load while more is read
                        self._start()
                self.open[task.number] = _Open(size=len(task.items))
                if task.items:
                    self.waiting.append(_Piece(task.number, 0, task.items))
                self._dispatch()
            while next_out is not None and next_out in self.open and self._finished(next_out):
                results = self.open.pop(next_out).results
                yield Done(number=next_out, results=tuple(results[i] for i in range(len(results))))
                next_out += 1
            if not self.open and not more:
                return
            self._dispatch()
            self._gather(
                block=not (more and self._wants() and len(self.open) < self.engine.workers * self.engine.ahead)
            )

    def _wants(self) -> bool:
        """Whether reading another task is worth it: every worker should find one waiting."""
        return len(self.waiting) < self.engine.workers

    def _finished(self, number: int) -> bool:
        return len(self.open[number].results) == self.open[number].size

    def _dispatch(self) -> None:
        while self.waiting:
            idle = next((w for w in self.workers if w.ready and w.piece is None), None)
            if idle is None:
                if len(self.workers) < self.engine.workers:
                    self._start()
                return
            piece = self.waiting.popleft()
            idle.piece = piece
            new = self.works not in idle.known
            idle.known.add(self.works)
            idle.deadline = time.monotonic() + self.seconds + (self.engine.start_seconds if new else 0.0)
            try:
                idle.connection.send((self.works, self.work if new else None, piece.items))
            except OSError:  # died while idle
                self._lost(idle, timed_out=False, blame=False)

    def _start(self) -> None:
        mine, theirs = self.context.Pipe()
        process = self.context.Process(target=_serve, args=(theirs, self.works, self.work), daemon=True)
        process.start()
        theirs.close()
        worker = _Worker(process, mine, {self.works})
        worker.deadline = time.monotonic() + self.engine.start_seconds
        self.workers.append(worker)

    def _gather(self, *, block: bool) -> None:
        """Take what workers have to say; kill those over their time."""
        limit = min((w.deadline for w in self.workers if w.piece or not w.ready), default=time.monotonic() + 1)
        patience = max(0.0, min(limit - time.monotonic(), 1.0)) if block else 0.0
        by_connection = {worker.connection: worker for worker in self.workers}
        for connection in wait(list(by_connection), timeout=patience):
            worker = by_connection[connection]  # type: ignore[index]
            try:
                message = worker.connection.recv()
            except (EOFError, OSError):
                self._lost(worker, timed_out=False)
            else:
                self._hear(worker, message)
        now = time.monotonic()
        for worker in [w for w in self.workers if (w.piece or not w.ready) and w.deadline < now]:
            self._lost(worker, timed_out=True)

    def _hear(self, worker: _Worker, message: tuple[str, Any]) -> None:
        kind, value = message
        if kind == "ready":
            worker.ready, worker.deadline = True, float("inf")
            self.failed_starts = 0
            return
        if kind == "failed":
            raise value
        piece = worker.piece
        assert piece is not None  # a result comes only for a piece
        self.open[piece.number].results[piece.first] = value
        rest = piece.items[1:]
        worker.piece = _Piece(piece.number, piece.first + 1, rest) if rest else None
        worker.deadline = time.monotonic() + self.seconds

    def _lost(self, worker: _Worker, *, timed_out: bool, blame: bool = True) -> None:
        """A worker died or was too slow: its first open item is tried once more alone, or rejected."""
        self.workers.remove(worker)
        worker.process.kill()
        worker.process.join()
        worker.connection.close()
        piece = worker.piece
        if piece is None:
            if not worker.ready:
                self._start_failed()
            return
        if not blame:
            self.waiting.appendleft(piece)
            return
        if rest := piece.items[1:]:
            self.waiting.appendleft(_Piece(piece.number, piece.first + 1, rest))
        if timed_out or piece.losses:
            code = "E705" if timed_out else "E704"
            assert self.work is not None  # a piece is of a work
            limit = f"not coded within {self.engine.seconds:g} s"
            reason = limit if timed_out else "the worker process died on it twice"
            self.open[piece.number].results[piece.first] = self.work.reject(piece.items[0], code, reason)
        else:
            self.waiting.appendleft(_Piece(piece.number, piece.first, piece.items[:1], losses=1))

    def _start_failed(self) -> None:
        self.failed_starts += 1
        if self.failed_starts >= 3:
            advice = "try --workers 1, or free some memory"
            raise TransientError("E707", "worker processes die while they start", remedy=advice)

    def stop(self) -> None:
        """End every worker, and forget what was open."""
        for worker in self.workers:
            worker.process.kill()
            worker.process.join()
            worker.connection.close()
        self.workers.clear()
        self.waiting.clear()
        self.open.clear()


def _serve(connection: Connection, number: int, work: Work) -> None:
    """A worker's life: load models, then answer pieces item by item until the pipe closes."""
    for sent in (signal.SIGINT, signal.SIGTERM):  # sent to the whole group: the supervisor finishes the batch
        signal.signal(sent, signal.SIG_IGN)
    try:
        _answer(connection, number, work)
    except (EOFError, ConnectionError):  # the supervisor is gone, or needs no more
        return


def _answer(connection: Connection, number: int, work: Work) -> None:
    works: dict[int, Work] = {}
    items: tuple[Any, ...] = ()
    while True:
        if number not in works:
            try:
                work.prepare()
            except DemarcheError as error:
                connection.send(("failed", error))
                return
            works[number] = work
            seldom_collect()
        if not items:
            connection.send(("ready", None))
        try:
            for result in works[number].each(items):
                connection.send(("result", result))
        except Exception as error:
            if not getattr(works[number], "patient", False):
                raise
            connection.send(("failed", error))
            return
        number, work, items = connection.recv()
