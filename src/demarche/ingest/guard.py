"""What is looked at before a parser sees a page, and the timer that ends a parser that never ends."""

from __future__ import annotations

import os
import pickle
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import accumulate
from types import FrameType
from typing import Any, TypeVar

from demarche.errors import DemarcheError, InputError
from demarche.ingest.options import Limits

__all__ = ["check_markup", "deadline", "drop_silent", "run_killable", "serve"]

T = TypeVar("T")
A = TypeVar("A")

_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dt dd td th tr option tbody".split()
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})")
_COUNTED = re.compile(rf"<(/?)(?!(?:{'|'.join(sorted(_VOID))})(?![a-zA-Z0-9:-]))[a-zA-Z]", re.I)
_STEP = {"": 1, "/": -1}
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{4000,}")
_ATTRIBUTE = re.compile(r"""[\s"'/][^\s"'>/=]+\s*=""")
_OPENING = re.compile(r"<(!--|script\b|style\b|svg\b)", re.I)
_CLOSING = {
    "!--": re.compile("-->"),
    "script": re.compile(r"</script\s*>", re.I),
    "style": re.compile(r"</style\s*>", re.I),
    "svg": re.compile(r"</svg\s*>", re.I),
}


def drop_silent(markup: str) -> str:
    """The markup without scripts (structured data excepted), styles, drawings and comments: half of most pages.

    In linear time whatever the page: a kind that is never closed again is not looked for again.
    """
    kept: list[str] = []
    unclosed: set[str] = set()
    at = copied = 0
    while hit := _OPENING.search(markup, at):
        kind = hit[1].lower()
        at = hit.end()
        if kind in unclosed:
            continue
        close = _CLOSING[kind].search(markup, at)
        if close is None:
            unclosed.add(kind)
            continue
        if kind != "script" or "ld+json" not in markup[at : at + 300].partition(">")[0]:
            kept += (markup[copied : hit.start()], " ")
            copied = close.end()
        at = close.end()
    return "".join((*kept, markup[copied:]))


def check_markup(markup: str, limits: Limits) -> None:
    """Refuse a page whose tags would hang an extractor; markup: without its silent parts.

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
    heights = list(accumulate(map(_STEP.__getitem__, _COUNTED.findall(markup)), initial=0))
    if max(heights) - min(heights) <= limit:
        return  # the count below cannot pass this difference
    depth = 0
    void = _VOID
    for closing, name in _TAG.findall(markup):
        if name in void or name.lower() in void:
            continue
        if closing:
            depth = depth - 1 if depth else 0
        else:
            depth += 1
            if depth > limit:
                raise InputError("E106", f"tags nested more than {limit} deep")


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


class _Helper:
    """A second process that does one job at a time and can be killed. Started at the first job, kept for the next."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        start = f"import sys; sys.path[:] = {sys.path!r}; from demarche.ingest.guard import serve; serve()"
        self.process = subprocess.Popen([sys.executable, "-c", start], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, job: object, seconds: float) -> tuple[bool, Any]:
        """The answer to a job; EOFError when the process was killed at the end of the time, or died."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        timer = threading.Timer(seconds, self.process.kill)
        timer.start()
        try:
            pickle.dump(job, self.process.stdin)
            self.process.stdin.flush()
            fine, value = pickle.load(self.process.stdout)
        except (OSError, pickle.UnpicklingError) as error:
            raise EOFError from error
        finally:
            timer.cancel()
        return fine, value

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def serve() -> None:
    """What the second process does: read a job, answer it, until its input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing but answers may go down that pipe
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the first process, whose end is the end of this one
    while True:
        try:
            function, argument = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            answer = (True, function(argument))
        except DemarcheError as error:
            answer = (False, error)
        except (RecursionError, MemoryError) as error:
            answer = (False, InputError("E106", f"too deep or too large for a parser ({type(error).__name__})"))
        pickle.dump(answer, answers)
        answers.flush()


_helpers: list[_Helper] = []
_lock = threading.Lock()


def run_killable(function: Callable[[A], T], argument: A, *, seconds: float) -> T:
    """`function(argument)` in a process of its own, which is killed when the time is over.

    For inputs so large that a parser's C code could hang where no signal reaches it. Both must pickle. The first call
    pays about a second for the start, which counts as well.

    Raises:
        InputError: E107 when killed or when the process died; else what the function raised.
    """
    begun = time.monotonic()
    with _lock:
        if not _helpers or _helpers[0].owner != os.getpid():  # a forked child must not share its parent's pipes
            _helpers[:] = [_Helper()]
        try:
            fine, value = _helpers[0].ask((function, argument), seconds)
        except EOFError as error:
            _helpers.pop().close()
            late = time.monotonic() - begun >= seconds
            reason = f"took longer than {seconds:g} s and was killed" if late else "died (out of memory or a crash)"
            raise InputError("E107", f"extraction {reason}") from error
        except BaseException:
            _helpers.pop().close()  # interrupted between question and answer: the pipe is out of step
            raise
    if not fine:
        raise value
    return value  # type: ignore[no-any-return]
