"""One run of `demarche code`: read, code on an engine, commit in batches, publish."""

from __future__ import annotations

import functools
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any, Protocol

from demarche.pipeline.code import code_batch, parse_ahead, reject_article
from demarche.pipeline.copies import Copies, Lookout, Plan, Waiting
from demarche.pipeline.derive import derivation, derive_tables
from demarche.pipeline.engine import Engine, LocalEngine, OpenEngine, Resting, Task
from demarche.pipeline.memory import RememberingParser
from demarche.pipeline.models import Models, load_models
from demarche.pipeline.ray_engine import OpenRay, RayEngine
from demarche.records import Article, CodedDocument, Rejection, Run, stable_id
from demarche.store import Derive, Manifest, Packed, RecordWriter, pack, pack_article

__all__ = [
    "CodeWork", "Counts", "Inputs", "code_into", "code_missing", "code_stream", "publish_record", "stop_gently",
]  # fmt: skip

Inputs = Iterable[Article | Rejection]
Item = Article | Rejection | Waiting

BATCH_DOCUMENTS = 1_000
"""Documents of one commit at most: bounds memory."""
BATCH_SECONDS = (5.0, 60.0)
"""Seconds between two commits, at the start of a run and late in it: a twentieth of the time spent so far, between
these bounds. A kill costs no more than that, and a long run does not fill its folder with small files."""
TASK_WORDS = (1_000, 500, 4_500)
"""Words of the first task, how many each later one has more, and the most: about a second of work, large against the
hand-over between processes, and some 250 sentences, of which those of one length go through the parser together.
So the first results come soon, and a few articles are shared out."""
TASK_DOCUMENTS = 64
"""Copies need no work: only with them, or with very short articles, a task holds so many."""
FEW = 20_000
"""Up to so many documents the workers keep their models while sets of copies are looked for, and build the tables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one input, and the processor seconds it took by stage.

    waiting: the article as it was read, when it was not coded: taken for a copy, or (beside a rejection) it failed.
    """

    found: Packed | Rejection | None
    waiting: Packed | None = None
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

    def each(self, items: Sequence[Item]) -> Iterator[Outcome]:
        assert self.models is not None  # prepare came first
        begun = time.process_time()
        parser = self.models.parser
        if len(items) > 1 and isinstance(parser, RememberingParser):
            parse_ahead((item for item in items if isinstance(item, Article)), parser)
        ahead = time.process_time() - begun
        for item in items:
            if not isinstance(item, Article):
                yield _passed(item)
                continue
            seconds: dict[str, float] = {}
            [found] = code_batch([item], self.models, profile=seconds)
            seconds["parse"] = seconds.get("parse", 0.0) + ahead
            ahead = 0.0
            packed = _packed(item, found)
            failed = _kept(item) if isinstance(packed, Rejection) else None
            yield Outcome(found=packed, waiting=failed, seconds=seconds if self.profile else {})

    def reject(self, item: Item, code: str, reason: str) -> Outcome:
        if not isinstance(item, Article):
            return _passed(item)
        return Outcome(found=reject_article(item, "engine", code, reason), waiting=_kept(item))

    def __getstate__(self) -> tuple[Any, ...]:
        return (self.load, self.profile)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.load, self.profile = state
        self.models = None


def _passed(item: Rejection | Waiting) -> Outcome:
    return Outcome(found=item) if isinstance(item, Rejection) else Outcome(found=None, waiting=_kept(item.article))


def _kept(article: Article) -> Packed | None:
    """The bytes of an article as it was read; None for one that JSON cannot hold."""
    try:
        return pack_article(article)
    except TypeError:
        return None


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
    """How far a run is. read: articles and rejections that came in; skipped: already in the record.

    coded: documents that came into the record; copies: those of them that were not coded, being told by others.
    """

    read: int = 0
    coded: int = 0
    copies: int = 0
    skipped: int = 0
    rejected: int = 0
    words: int = 0
    stopped: bool = False
    seconds: dict[str, float] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        if isinstance(outcome.found, Rejection):
            self.rejected += 1
        elif outcome.found is None:
            if outcome.waiting is not None:
                self.coded += 1
                self.copies += 1
                self.words += outcome.waiting.words
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

    Every article is coded, copies too.

    Args:
        known: ids to leave out; ids met are added, so that a repeated input is coded once.
    """
    new = _new(inputs, known if known is not None else set(), counts, stop)
    for outcome in _outcomes(new, engine, work, counts):
        if outcome.found is not None:
            yield outcome.found


def _outcomes(items: Iterable[Item], engine: Engine, work: CodeWork, counts: Counts) -> Iterator[Outcome]:
    most = getattr(engine, "shard_documents", TASK_DOCUMENTS)
    for done in engine.map(work, _tasks(items, most)):
        for outcome in done.results:
            counts.add(outcome)
            yield outcome


def _tasks(inputs: Iterable[Item], most: int) -> Iterator[Task]:
    """Shards of articles. What needs no coding travels in its place: rejections of the reader, copies."""
    number = 0
    items: list[Item] = []
    words = 0
    first, more, largest = TASK_WORDS
    for item in inputs:
        items.append(item)
        words += item.document.words if isinstance(item, Article) else 0
        if words >= min(first + number * more, largest) or len(items) >= most:
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
    derive: Derive | None = None,
    observe: Callable[[Counts], None] | None = None,
    stop: Stop | None = None,
    every: bool = False,
) -> Counts:
    """Code `inputs` into the record at `folder`, leaving out what is in it, and publish.

    Stopped by `stop`, what was read is finished, committed and published.

    Args:
        every: code copies too; the record says the same, it only takes longer.

    Raises:
        StoreError: the record cannot be written; what was committed before is kept.
    """
    counts = Counts()
    started = _now()
    with RecordWriter(folder, version=version) as writer, _opened(engine) as ready:
        copies = Copies()
        new = _starting(_new(inputs, writer.coded_ids(), counts, stop), ready, work)
        items: Iterable[Item] = new if every else _watched(new, writer, copies, counts, stop)
        _code_all(items, writer, ready, work, counts, observe)
        del items, new
        code_missing(writer, ready, work, counts, copies=copies)
        writer.commit([], runs=[_run(counts, started, version, options)])
        publish_record(writer, derive=derive, copies=copies, engine=ready)
    return counts


def _watched(
    new: Iterator[Article | Rejection], writer: RecordWriter, copies: Copies, counts: Counts, stop: Stop | None
) -> Iterator[Item]:
    """What is new, copies held back. What it remembers goes with it."""
    lookout = Lookout(copies)
    lookout.start(writer.committed())
    return _until(stop, lookout.watch(new), counts)


def _starting(new: Iterator[Article | Rejection], engine: Engine, work: CodeWork) -> Iterator[Article | Rejection]:
    """What is new; with its first article the processes begin to load, while more is read."""
    resting = engine if isinstance(engine, OpenEngine) else None
    for item in new:
        if resting is not None and isinstance(item, Article):
            resting.start(work)
            resting = None
        yield item


def _opened(engine: Engine) -> AbstractContextManager[Engine]:
    """The engine, its processes kept from one map to the next where they can be."""
    return engine.opened() if isinstance(engine, LocalEngine | RayEngine) else nullcontext(engine)


def _until(stop: Stop | None, items: Iterable[Item], counts: Counts) -> Iterator[Item]:
    """The items until the run is asked to stop: those that were only looked at are left for the next run."""
    for item in items:
        if stop is not None and stop.is_set():
            counts.stopped = True
            return
        yield item


def _code_all(
    items: Iterable[Item],
    writer: RecordWriter,
    engine: Engine,
    work: CodeWork,
    counts: Counts,
    observe: Callable[[Counts], None] | None = None,
) -> None:
    batch = _Batch(writer)
    for outcome in _outcomes(items, engine, work, counts):
        batch.add(outcome)
        if observe:
            observe(counts)
    batch.commit()


def code_missing(
    writer: RecordWriter,
    engine: Engine,
    work: CodeWork,
    counts: Counts | None = None,
    *,
    copies: Copies | None = None,
) -> int:
    """Code what waits and stands for a set of copies, until there is nothing left of the kind. Returns how many.

    So it is when an article comes that is older than its copies, or when a copy turns out to be none. A run that was
    asked to stop does it too: what was read is in the record then.
    """
    copies = copies or Copies()
    done = 0
    while True:
        committed = writer.committed()
        if isinstance(engine, Resting) and committed.documents > FEW:
            engine.rest()  # their models are not needed while sets are looked for; what follows starts others
        missing = Plan.of(committed, copies).missing
        if not missing:
            break
        waiting = (article for article in writer.committed().waiting() if article.document.id in missing)
        late = Counts()
        _code_all(waiting, writer, engine, work, late)
        done += len(missing)
        if counts is not None:  # they were counted when they came in, as copies
            counts.copies -= late.coded + late.rejected
            counts.coded -= late.rejected
            counts.rejected += late.rejected
    return done


def publish_record(
    writer: RecordWriter, *, derive: Derive | None = None, copies: Copies | None = None, engine: Engine | None = None
) -> Manifest:
    """Publish with the tables over documents; see `derive_tables`."""
    made = derive or functools.partial(derive_tables, copies=copies, engine=_near(engine))
    return writer.publish(made, derivation=derivation())


def _near(engine: Engine | None) -> Engine | None:
    """What builds the tables over documents beside the record: processes of this machine, where a run has any. Those of
    a cluster may not see its folder."""
    if isinstance(engine, OpenRay) and engine.engine.address is not None:
        return LocalEngine(workers=engine.engine.workers)
    return engine


@dataclass(slots=True)
class _Batch:
    """Documents on their way into the next commit."""

    writer: RecordWriter
    coded: list[Packed] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    waiting: list[Packed] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)
    since: float = field(default_factory=time.monotonic)

    def add(self, outcome: Outcome) -> None:
        if isinstance(outcome.found, Rejection):
            self.rejected.append(outcome.found)
        elif outcome.found is not None:
            self.coded.append(outcome.found)
        if outcome.waiting is not None:
            self.waiting.append(outcome.waiting)
        full = len(self.coded) + len(self.rejected) + len(self.waiting) >= BATCH_DOCUMENTS
        now = time.monotonic()
        if full or now - self.since > min(BATCH_SECONDS[1], max(BATCH_SECONDS[0], (now - self.begun) / 20)):
            self.commit()

    def commit(self) -> None:
        self.writer.commit(self.coded, self.rejected, waiting=self.waiting)
        self.coded, self.rejected, self.waiting, self.since = [], [], [], time.monotonic()


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
