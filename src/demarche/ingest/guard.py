"""What is looked at before a parser sees a page, and the timer that ends a parser that never ends."""

from __future__ import annotations

import multiprocessing
import re
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from types import FrameType
from typing import TypeVar

from demarche.errors import DemarcheError, InputError
from demarche.ingest.options import Limits

__all__ = ["check_markup", "deadline", "run_killable"]

T = TypeVar("T")
A = TypeVar("A")

_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dt dd td th tr option tbody".split()
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})")
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{4000,}")
_ATTRIBUTE = re.compile(r"""[\s"'/][^\s"'>/=]+\s*=""")
_SKIP = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->", re.I | re.S)


def check_markup(markup: str, limits: Limits) -> None:
    """Refuse a page whose tags would hang an extractor.

    Raises:
        InputError: E106 for too many tags, tags nested too deep, or too many attributes on one tag.
    """
    if markup.count("<") > limits.tags:
        raise InputError("E106", f"more than {limits.tags} tags", remedy="raise the tag limit if the page is genuine")
    for hit in _LONG_TAG.finditer(markup):
        if len(_ATTRIBUTE.findall(hit[0])) > limits.tag_attributes or hit[0].count(" ") > 20 * limits.tag_attributes:
            raise InputError("E106", f"more than {limits.tag_attributes} attributes on one tag")
    if markup.count("<") > limits.tag_depth:
        _check_depth(markup, limits.tag_depth)


def _check_depth(markup: str, limit: int) -> None:
    """Depth by a running count; paragraphs and other tags that close themselves do not count."""
    depth = 0
    for hit in _TAG.finditer(_SKIP.sub(" ", markup)):
        if hit[2].lower() in _VOID:
            continue
        depth += -1 if hit[1] else 1
        if depth > limit:
            raise InputError("E106", f"tags nested more than {limit} deep")
        depth = max(depth, 0)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise E107 in this thread when the time is over. Acts in the main thread only: elsewhere nothing is armed."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise InputError("E107", f"extraction took longer than {seconds:g} s and was stopped")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _work(function: Callable[[A], T], argument: A, answer: Connection) -> None:
    try:
        answer.send((True, function(argument)))
    except DemarcheError as error:
        answer.send((False, error))


def run_killable(function: Callable[[A], T], argument: A, *, seconds: float) -> T:
    """`function(argument)` in a process of its own, which is killed when the time is over.

    For inputs so large that a parser's C code could hang where no signal reaches it. Both must pickle.

    Raises:
        InputError: E107 when killed or when the process died; else what the function raised.
    """
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(function, argument, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        if not mine.poll(seconds):
            raise InputError("E107", f"extraction took longer than {seconds:g} s and was killed")
        fine, value = mine.recv()
    except EOFError as error:
        raise InputError("E107", "extraction died (out of memory or a crash in a parser)") from error
    finally:
        process.kill()
        process.join()
        mine.close()
    if not fine:
        raise value
    return value  # type: ignore[no-any-return]
