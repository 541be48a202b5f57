"""One run of `demarche code`: read, code on an engine, commit in batches, publish."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any, Protocol

from demarche.pipeline.code import code_batch, reject_article
from demarche.pipeline.derive import derivation, derive_tables
from demarche.pipeline.engine import Engine, Task
from demarche.pipeline.models import Models, load_models
from demarche.records import Article, CodedDocument, Rejection, Run, stable_id
from demarche.store import Derive, Packed, RecordWriter, pack

__all__ = ["CodeWork", "Counts", "Inputs", "code_into", "code_stream", "stop_gently"]

Inputs = Iterable[Article | Rejection]

BATCH_DOCUMENTS = 1_000
"""Documents of one commit at most: bounds memory."""
BATCH_SECONDS = (5.0, 60.0)
"""Seconds between two commits, at the start of a run and late in it: a twentieth of the time spent so far, between
these bounds. A kill costs no more than that, and a long run does not fill its folder with small files."""
TASK_WORDS = 1_500
"""Words of one task: about half a second of work, large against the hand-over between processes."""
TASK_DOCUMENTS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one input, and the seconds it took by stage."""

    found: Packed | Rejection
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class CodeWork:
    """`code_batch` as work for an engine; `load` is called once in each process."""

    load: Callable[[], Models] = load_models
    profile: bool = False
    models: Models | None = None

    def prepare(self) -> None:
        if self.models is None:
            self.models = self.load()

    def each(self, items: Sequence[Article | Rejection]) -> Iterator[Outcome]:
        assert self.models is not None  # prepare came first
        for item in items:
            if isinstance(item, Rejection):
                yield Outcome(found=item)
                continue
            seconds: dict[str, float] = {}
            [found] = code_batch([item], self.models, profile=seconds)
            yield Outcome(found=_packed(item, found), seconds=seconds if self.profile else {})

    def reject(self, item: Article | Rejection, code: str, reason: str) -> Outcome:
        if isinstance(item, Rejection):
            return Outcome(found=item)
        return Outcome(found=reject_article(item, "engine", code, reason))

    def __getstate__(self) -> tuple[Any, ...]:
        return (self.load, self.profile)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.load, self.profile = state
        self.models = None


def _packed(article: Article, found: CodedDocument | Rejection) -> Packed | Rejection:
    """The bytes of a document; one that JSON cannot hold (a lone surrogate) is rejected."""
    if isinstance(found, Rejection):
        return found
    try:
        return pack(found)
    except TypeError as error:
        return reject_article(article, "pack", "E708", f"no JSON: {error}")


@dataclass(slots=True)
class Counts:
    """How far a run is. read: articles and rejections that came in; skipped: already in the record."""

    read: int = 0
    coded: int = 0
    skipped: int = 0
    rejected: int = 0
    words: int = 0
    stopped: bool = False
    seconds: dict[str, float] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        if isinstance(outcome.found, Rejection):
            self.rejected += 1
        else:
            self.coded += 1
            self.words += outcome.found.words
        for stage, spent in outcome.seconds.items():
            self.seconds[stage] = self.seconds.get(stage, 0.0) + spent


class Stop(Protocol):
    """Says whether the run was asked to stop."""

    def is_set(self) -> bool: ...


@contextmanager
def stop_gently() -> Iterator[Stop]:
    """Inside this block the first SIGINT or SIGTERM asks the run to stop; a second one stops it at once."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def ask(_signal: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def code_stream(
    inputs: Inputs,
    engine: Engine,
    work: CodeWork,
    counts: Counts,
    *,
    known: set[str] | None = None,
    stop: Stop | None = None,
) -> Iterator[Packed | Rejection]:
    """Coded documents, as JSON bytes, and rejections in the order of the inputs; `counts` is kept up to date.

    Args:
        known: ids to leave out; ids met are added, so that a repeated input is coded once.
    """
    known = known if known is not None else set()
    most = getattr(engine, "shard_documents", TASK_DOCUMENTS)
    for done in engine.map(work, _tasks(_new(inputs, known, counts, stop), most)):
        for outcome in done.results:
            counts.add(outcome)
            yield outcome.found


def _tasks(inputs: Inputs, most: int) -> Iterator[Task]:
    """Shards of articles. Rejections of the reader travel in their place as finished outcomes."""
    number = 0
    items: list[Article | Rejection] = []
    words = 0
    for item in inputs:
        items.append(item)
        words += item.document.words if isinstance(item, Article) else 0
        if words >= TASK_WORDS or len(items) >= most:
            yield Task(number=number, items=tuple(items))
            number, items, words = number + 1, [], 0
    if items:
        yield Task(number=number, items=tuple(items))


def _new(inputs: Inputs, known: set[str], counts: Counts, stop: Stop | None) -> Iterator[Article | Rejection]:
    for item in inputs:
        if stop is not None and stop.is_set():
            counts.stopped = True
            return
        counts.read += 1
        if isinstance(item, Article):
            if item.document.id in known:
                counts.skipped += 1
                continue
            known.add(item.document.id)
        yield item


def code_into(
    folder: Path,
    inputs: Inputs,
    engine: Engine,
    work: CodeWork,
    *,
    version: str,
    options: str,
    derive: Derive = derive_tables,
    observe: Callable[[Counts], None] | None = None,
    stop: Stop | None = None,
) -> Counts:
    """Code `inputs` into the record at `folder`, leaving out what is in it, and publish.

    Stopped by `stop`, what was read is finished, committed and published.

    Raises:
        StoreError: the record cannot be written; what was committed before is kept.
    """
    counts = Counts()
    started = _now()
    with RecordWriter(folder, version=version) as writer:
        batch = _Batch(writer)
        for found in code_stream(inputs, engine, work, counts, known=writer.coded_ids(), stop=stop):
            batch.add(found)
            if observe:
                observe(counts)
        batch.commit()
        writer.commit([], runs=[_run(counts, started, version, options)])
        writer.publish(derive, derivation=derivation())
    return counts


@dataclass(slots=True)
class _Batch:
    """Documents on their way into the next commit."""

    writer: RecordWriter
    coded: list[Packed] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)
    since: float = field(default_factory=time.monotonic)

    def add(self, found: Packed | Rejection) -> None:
        if isinstance(found, Rejection):
            self.rejected.append(found)
        else:
            self.coded.append(found)
        full = len(self.coded) + len(self.rejected) >= BATCH_DOCUMENTS
        now = time.monotonic()
        if full or now - self.since > min(BATCH_SECONDS[1], max(BATCH_SECONDS[0], (now - self.begun) / 20)):
            self.commit()

    def commit(self) -> None:
        self.writer.commit(self.coded, self.rejected)
        self.coded, self.rejected, self.since = [], [], time.monotonic()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _run(counts: Counts, started: str, version: str, options: str) -> Run:
    return Run(
        id=stable_id("run", started, str(os.getpid())),
        started=started,
        ended=_now(),
        version=version,
        options=options,
        read=counts.read,
        coded=counts.coded,
        skipped=counts.skipped,
        rejected=counts.rejected,
    )
