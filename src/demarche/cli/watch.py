"""`demarche watch`: polls feeds and sitemaps and codes what is new, until it is stopped."""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from demarche import __version__

if TYPE_CHECKING:
    from demarche.ingest import Watch
    from demarche.pipeline import CodeWork

__all__ = ["watch"]


@click.command()
@click.argument("feeds", type=click.Path(path_type=Path, dir_okay=False), metavar="FEEDS.toml")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, metavar="RECORD",
              help="Record folder, made or added to; the watch's own state lies in RECORD.watch/.")  # fmt: skip
@click.option("--once", is_flag=True, help="One look at what is due, then end.")
@click.option("--allow-private", is_flag=True, help="Addresses of this machine and of private networks too.")
@click.option("--gap", type=click.FloatRange(min=0), default=1.0, show_default=True, metavar="SECONDS",
              help="Between two requests to one host.")  # fmt: skip
@click.option("--quiet", is_flag=True, help="No status line.")
def watch(feeds: Path, output: Path, once: bool, allow_private: bool, gap: float, quiet: bool) -> None:
    """Poll the feeds and news sitemaps of FEEDS.toml, code what is new into RECORD.

    Every thing that happens is a line of RECORD.watch/log.jsonl. Stopped in any way, the same command goes on from
    where it was: nothing is lost and nothing is coded twice.

    \b
    Example of FEEDS.toml:
      every = 900                      # seconds between two looks
      [[feed]]
      address = "https://www.isterpost.example/world/rss"
      [[sitemap]]
      address = "https://www.isterpost.example/news-sitemap.xml"
      publisher = "Ister Post"

    \b
    Example:
      demarche watch feeds.toml -o record
    """
    from demarche.ingest import Fetcher, FetchOptions, ReadOptions, Watch, log_line, read_watch_list
    from demarche.pipeline import CodeWork, stop_gently

    places = read_watch_list(feeds).places
    fetch = FetchOptions(private=allow_private, gap_seconds=gap)
    state = output.with_name(f"{output.name}.watch")
    state.mkdir(parents=True, exist_ok=True)
    with (
        (state / "log.jsonl").open("a", encoding="utf-8") as log,
        _status(quiet, len(places)) as status,
        Fetcher(options=fetch) as fetcher,
        stop_gently() as stop,
    ):
        notices = _notices(log, status, log_line)
        watching = Watch(
            places=places, folder=state, fetcher=fetcher, options=ReadOptions(fetch=fetch), notices=notices
        )
        work = CodeWork()
        while not stop.is_set():
            if watching.due():
                _round(watching, work, output, stop, status)
            if once:
                break
            status.wait(watching.seconds_left)
            time.sleep(min(0.5, max(0.05, watching.seconds_left())))
    click.echo(status.sum(), err=True)


def _round(watching: Watch, work: CodeWork, output: Path, stop: Any, status: _Status) -> None:
    """One look at everything that is due; the record is touched only when something is new."""
    from demarche.pipeline import InlineEngine, code_into

    found = watching.round(stop=stop.is_set)
    first = next(found, None)
    if first is None:
        watching.done()
        return
    counts = code_into(
        output, itertools.chain([first], found), InlineEngine(), work, version=__version__, options="watch",
        observe=lambda counts: status.coding(counts.coded, counts.rejected), stop=stop,
    )  # fmt: skip
    status.add(counts.coded, counts.rejected, counts.skipped)
    watching.done()


@dataclass(slots=True)
class _Status:
    """The status line: what was done so far and when the next look is due."""

    places: int
    show: Callable[[str], None]
    coded: int = 0
    rejected: int = 0
    skipped: int = 0
    failed: int = 0

    def add(self, coded: int, rejected: int, skipped: int) -> None:
        self.coded += coded
        self.rejected += rejected
        self.skipped += skipped

    def sum(self) -> str:
        said = f"{self.coded} coded, {self.rejected} rejected"
        said += f", {self.skipped} already there" if self.skipped else ""
        return said + (f", {self.failed} looks failed (see the log)" if self.failed else "")

    def coding(self, coded: int, rejected: int) -> None:
        self.show(f"{self.places} watched · {self.coded + coded} coded · {self.rejected + rejected} rejected · reading")

    def wait(self, left: Callable[[], float]) -> None:
        minutes, seconds = divmod(int(left() + 0.999), 60)
        self.show(
            f"{self.places} watched · {self.coded} coded · {self.rejected} rejected"
            + (f" · {self.failed} failed" if self.failed else "")
            + f" · next look in {minutes}:{seconds:02d}"
        )


@contextmanager
def _status(quiet: bool, places: int) -> Iterator[_Status]:
    """A line on a terminal that is written over; nothing where stderr is no terminal (the log says it all)."""
    if quiet or not sys.stderr.isatty():
        yield _Status(places=places, show=lambda text: None)
        return
    from rich.console import Console

    console = Console(stderr=True)
    with console.status("starting", spinner="dots") as line:
        yield _Status(places=places, show=line.update)


def _notices(
    log: IO[str], status: _Status, line: Callable[[str, dict[str, Any], float], str]
) -> Callable[[str, dict[str, Any]], None]:
    def note(what: str, facts: dict[str, Any]) -> None:
        log.write(line(what, facts, time.time()) + "\n")
        log.flush()
        if what == "failed":
            status.failed += 1

    return note
