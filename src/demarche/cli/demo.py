"""`demarche demo`: codes the bundled articles and shows what was found, so that a stranger understands it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from demarche import __version__

if TYPE_CHECKING:
    from rich.console import Console

    from demarche.records import Article, CodedDocument, Rejection
    from demarche.store import Record

__all__ = ["demo"]

SHOWN = 4
"""Rows shown of each article: enough to see the kinds, short enough to read."""


@click.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("demo-record"), show_default=True,
              metavar="RECORD", help="Where the record is left.")  # fmt: skip
@click.option("--all", "everything", is_flag=True, help="Show every row, not the first of each article.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
def demo(output: Path, everything: bool, quiet: bool) -> None:
    """Code the bundled sample articles and show who did what to whom, how it stands and on whose word.

    \b
    Example:
      demarche demo -o demo-record
    """
    from importlib.resources import as_file, files

    from rich.console import Console

    from demarche.cli.progress import progress
    from demarche.pipeline import CodeWork, InlineEngine, code_into, stop_gently
    from demarche.store import Record

    with as_file(files("demarche.resources").joinpath("samples")) as samples:
        paths = sorted(p for p in samples.iterdir() if p.name not in {"README.md", "dates.toml"})
        with progress(quiet, [str(p) for p in paths]) as observe, stop_gently() as stop:
            code_into(
                output, _read(paths), InlineEngine(), CodeWork(), version=__version__, options="demo",
                observe=observe, stop=stop,
            )  # fmt: skip
    console = Console(highlight=False)
    with Record.open(output) as record:
        for coded in record.documents():
            _print_document(console, coded, 10_000 if everything else SHOWN)
        _print_sum(console, record, output)


def _read(paths: list[Path]) -> Iterator[Article | Rejection]:
    """The samples; those without a date of their own get that of `dates.toml`."""
    from demarche.ingest import ReadOptions, read_inputs
    from demarche.resources import read_toml

    dates = read_toml("samples/dates.toml")
    for path in paths:
        date = dates.get(path.name)
        date = date.isoformat() if isinstance(date, datetime.date) else date
        yield from read_inputs([str(path)], ReadOptions(date=date))


def _print_document(console: Console, coded: CodedDocument, most: int) -> None:
    """Title, then each row as one line and its sentence."""
    from rich.padding import Padding

    from demarche.cli.render import assertion_head, sentence_words

    document = coded.document
    title = document.title or document.source.rsplit("/", 1)[-1]
    console.print()
    console.print(title, style="bold underline")
    facts = [document.publisher, (document.published or "")[:10], Path(document.source).name, document.id]
    console.print(" · ".join(fact for fact in facts if fact), style="dim")
    if document.copy != "original":
        console.print(f"a {document.copy} copy: its rows do not count again (cluster {document.cluster})", style="dim")
        return
    rows = [row for row in coded.assertions if row.type]
    for row in rows[:most]:
        console.print()
        console.print(Padding(assertion_head(coded, row), (0, 0, 0, 2)))
        console.print(Padding(sentence_words(coded, row), (0, 0, 0, 6)))
    if len(rows) > most:
        console.print(f"  … and {len(rows) - most} more: demarche show RECORD {document.id}", style="dim")
    if not rows:
        console.print("  nothing that any actor did to another", style="dim")


def _print_sum(console: Console, record: Record, output: Path) -> None:
    counts = {name: rows for name, rows, _ in record.manifest.content}
    disputed = record.sql("SELECT count(*) FROM assertions WHERE standing = 'disputed'").column(0)[0].as_py()
    sets = record.sql("SELECT count(DISTINCT coalesce(cluster, id)) FROM documents").column(0)[0].as_py()
    typed = record.sql("SELECT count(*) FROM assertions WHERE type IS NOT NULL").column(0)[0].as_py()
    console.print()
    console.print(
        f"{counts['documents']} articles ({sets} without copies), {typed} assertions of an act, {disputed} of them"
        f" disputed, {counts['attributions']} attributions, {counts['rejections']} inputs rejected."
    )
    console.print(f"The record is in {output}/. Go on with:", style="bold")
    telling = "standing <> 'disputed', len(holders) DESC, id"
    example = record.sql(f"SELECT id FROM assertions WHERE type IS NOT NULL ORDER BY {telling} LIMIT 1").column(0)
    identifier = example[0].as_py() if len(example) else "ID"
    for line in (
        f"demarche show {output} {identifier.split('.')[0]}",
        f"demarche show {output} {identifier}",
        f'demarche query {output} "SELECT type, status, count(*) AS n FROM assertions GROUP BY ALL ORDER BY n DESC"',
        f"demarche verify {output}",
        'demarche explain "Moscow denied asking Beijing for arms."',
    ):
        console.print(f"  {line}", soft_wrap=True)
