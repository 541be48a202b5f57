"""`demarche code`: articles into a record, or to JSON on stdout."""

from __future__ import annotations

import itertools
import math
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from demarche import __version__
from demarche.cli.actors import actors_option, loader
from demarche.errors import ConfigError, InputError

if TYPE_CHECKING:
    from demarche.pipeline import CodeWork, Counts, Engine
    from demarche.records import Article, Rejection

__all__ = ["code"]

FEW = 12
"""Up to so many articles are coded in this process: starting workers takes longer than the work."""


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="RECORD", help="Record folder, made or added to."
)
@click.option("--json", "as_json", is_flag=True, help="No record: one JSON object a document to stdout.")
@click.option("--date", metavar="DATE", help="Publication date (YYYY-MM-DD) of sources that have none.")
@actors_option
@click.option("--map", "columns", multiple=True, metavar="FIELD=COLUMN",
              help="Column of a table that holds a field: --map text=body --map published=day.")  # fmt: skip
@click.option("--allow-private", is_flag=True, help="Fetch addresses of this machine and of private networks too.")
@click.option("--engine", "engine_name", type=click.Choice(["local", "ray"]), default="local", show_default=True)
@click.option("--address", metavar="HOST:PORT", help="Of the Ray cluster; none: one on this machine.")
@click.option("--workers", default="auto", show_default=True, metavar="N|auto", help="Worker processes.")
@click.option("--time-limit", type=click.FloatRange(min=0.1), default=120.0, show_default=True, metavar="SECONDS",
              help="For one document; longer ones are rejected.")  # fmt: skip
@click.option("--resume/--no-resume", default=True, help="Leave out what is in the record already (default).")
@click.option("--profile", is_flag=True, help="Print the seconds spent in each room.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
def code(
    paths: tuple[str, ...],
    output: Path | None,
    as_json: bool,
    date: str | None,
    actors: tuple[Path, ...],
    columns: tuple[str, ...],
    allow_private: bool,
    engine_name: str,
    address: str | None,
    workers: str,
    time_limit: float,
    resume: bool,
    profile: bool,
    quiet: bool,
) -> None:
    """Code articles: files, folders, globs, - (stdin) or addresses.

    HTML, text, Markdown, PDF, feeds, sitemaps, WARC, WET, CDXJ, JSONL, Parquet, CSV, MBOX; ZIP, tar, gzip and zstd of
    these. A feed given by its address is read with the pages behind it. What cannot be read becomes a row in the table
    `rejections`; stopping with Ctrl-C keeps what was coded, and the same command goes on from there.

    \b
    Examples:
      demarche code articles/ -o record
      demarche code article.txt --date 2022-03-17 --json
      demarche code dump.csv --map text=body --map published=day -o record
      demarche code https://www.isterpost.example/world/rss -o record
    """
    from demarche.cli.dates import check_date
    from demarche.cli.progress import progress
    from demarche.ingest import FetchOptions, ReadOptions, read_inputs
    from demarche.pipeline import CodeWork, Counts, seldom_collect

    if as_json == (output is not None):
        raise ConfigError("E902", "say where the result goes", remedy="give either -o RECORD or --json")
    if not resume and output is not None and output.exists():
        raise ConfigError("E903", f"{output} exists", remedy="leave out --no-resume, or choose a new folder")
    check_date(date)
    options = ReadOptions(date=date, columns=_columns(columns), fetch=FetchOptions(private=allow_private))
    inputs: Iterable[Article | Rejection] = read_inputs(paths, options)
    engine, inputs = _choose_engine(engine_name, address, workers, time_limit, inputs)
    seldom_collect()
    work = CodeWork(load=loader(actors, quiet=quiet), profile=profile) if actors else CodeWork(profile=profile)
    counts = Counts()
    with progress(quiet or as_json, paths) as observe:
        if output is None:
            _to_stdout(inputs, engine, work, counts)
        else:
            counts = _to_record(output, inputs, engine, work, observe, _options(paths, date, actors))
    _report(counts, output, profile)


def _columns(told: tuple[str, ...]) -> dict[str, str]:
    """Field to column, of `--map` options.

    Raises:
        ConfigError: E133.
    """
    from demarche.ingest import FIELDS

    chosen = {}
    for pair in told:
        name, gap, column = pair.partition("=")
        if not gap or name not in FIELDS or not column:
            raise ConfigError("E133", f"--map {pair!r}", remedy=f"FIELD=COLUMN, FIELD one of {', '.join(FIELDS)}")
        chosen[name] = column
    return chosen


def _options(paths: tuple[str, ...], date: str | None, actors: tuple[Path, ...]) -> str:
    import orjson

    tables = {"actors": [str(path) for path in actors]} if actors else {}
    return orjson.dumps({"paths": list(paths), "date": date, **tables}).decode()


def _choose_engine(
    name: str, address: str | None, workers: str, seconds: float, inputs: Iterable[Article | Rejection]
) -> tuple[Engine, Iterable[Article | Rejection]]:
    """The engine, and the inputs with the few put back that were looked at."""
    from demarche.pipeline import InlineEngine, LocalEngine, RayEngine

    if workers != "auto" and (not workers.isdigit() or int(workers) < 1):
        raise ConfigError("E906", f"--workers {workers!r}", remedy="a number from 1, or auto")
    if name == "ray":
        count = _cores() if workers == "auto" else int(workers)
        return RayEngine(address=address, workers=count, seconds=seconds), inputs
    if address:
        raise ConfigError("E905", "--address needs --engine ray", remedy="leave it out")
    if workers != "auto":
        return LocalEngine(workers=int(workers), seconds=seconds), inputs
    iterator = iter(inputs)
    first = list(itertools.islice(iterator, FEW + 1))
    if len(first) <= FEW:
        return InlineEngine(), first
    return LocalEngine(workers=_cores(), seconds=seconds), itertools.chain(first, iterator)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def _to_stdout(inputs: Iterable[Article | Rejection], engine: Engine, work: CodeWork, counts: Counts) -> None:
    from demarche.pipeline import code_stream, stop_gently
    from demarche.records import Rejection

    out = sys.stdout.buffer
    with stop_gently() as stop:
        for found in code_stream(inputs, engine, work, counts, stop=stop):
            if isinstance(found, Rejection):
                place = f" ({found.place})" if found.place else ""
                click.echo(f"rejected {found.source}{place}: {found.code} {found.reason}", err=True)
            else:
                out.write(found.data + b"\n")
                out.flush()


def _to_record(
    folder: Path,
    inputs: Iterable[Article | Rejection],
    engine: Engine,
    work: CodeWork,
    observe: Callable[[Counts], None],
    options: str,
) -> Counts:
    from demarche.pipeline import code_into, stop_gently

    with stop_gently() as stop:
        return code_into(folder, inputs, engine, work, version=__version__, options=options, observe=observe, stop=stop)


def _processor(workers: bool) -> float:
    """Processor seconds of this process, or of its workers that have ended; nan where the system keeps no books."""
    try:
        import resource
    except ImportError:  # Windows
        return math.nan
    used = resource.getrusage(resource.RUSAGE_CHILDREN if workers else resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _report(counts: Counts, output: Path | None, profile: bool) -> None:
    """The count on stderr; an error when nothing at all could be read."""
    said = f"{counts.coded} coded"
    said += f" ({counts.copies} of them copies)" if counts.copies else ""
    said += f", {counts.skipped} already there" if counts.skipped else ""
    said += f", {counts.rejected} rejected" if counts.rejected else ""
    if counts.rejected and output is not None:
        said += f" (demarche query {output} 'SELECT source, code, reason FROM rejections')"
    click.echo(said, err=True)
    if profile:
        for stage, seconds in sorted(counts.seconds.items(), key=lambda item: -item[1]):
            click.echo(f"  {stage:<8}{seconds:9.2f} s", err=True)
        click.echo(
            f"  processor: this process {_processor(False):.2f} s, its workers {_processor(True):.2f} s", err=True
        )
    if counts.stopped:
        click.echo("stopped: the same command goes on from here", err=True)
        sys.exit(1)
    if not counts.coded and not counts.skipped:
        advice = "look at the reasons above" if output is None else "look at the table `rejections`"
        raise InputError("E706", "nothing could be read", remedy=advice if counts.rejected else "check the paths")
