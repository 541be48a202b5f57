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

    from demarche.records import Article, Assertion, CodedDocument, Rejection
    from demarche.store import Record

__all__ = ["demo"]

SHOWN = 3
"""Sentences shown of each article: enough to see the kinds, short enough to read."""


@click.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("demo-record"), show_default=True,
              metavar="RECORD", help="Where the record is left.")  # fmt: skip
@click.option("--all", "everything", is_flag=True, help="Show every sentence, not the most telling of each article.")
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
        inputs = list(_read(paths))
        with progress(quiet, (), total=len(inputs)) as observe, stop_gently() as stop:
            code_into(
                output, inputs, InlineEngine(), CodeWork(), version=__version__, options="demo",
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
    """Title, then the sentences that say most, each with its rows below it."""
    document = coded.document
    console.print()
    console.print(document.title or Path(document.source).name, style="bold underline")
    facts = [document.publisher, (document.published or "")[:10], Path(document.source).name, document.id]
    console.print(" · ".join(fact for fact in facts if fact), style="dim")
    if document.copy != "original":
        console.print(
            f"  a {document.copy} copy: its rows do not count again (cluster {document.cluster})", style="dim"
        )
        return
    groups = _by_sentence(coded)
    for rows in _most_telling(groups, most):
        _print_sentence(console, coded, rows)
    if len(groups) > most:
        console.print(f"  … {len(groups) - most} more sentences: demarche show RECORD {document.id}", style="dim")
    if not groups:
        console.print("  nothing that any actor did to another", style="dim")


def _by_sentence(coded: CodedDocument) -> list[list[Assertion]]:
    """Typed rows of each sentence, in the order of the text; a sentence that repeats an earlier one is left out."""
    words = {s.id: " ".join(coded.document.text[s.start : s.end].split()) for s in coded.sentences}
    groups: dict[str, list[Assertion]] = {}
    for row in coded.assertions:
        if row.type:
            groups.setdefault(row.sentence, []).append(row)
    first = {words.get(sentence, sentence): sentence for sentence in reversed(groups)}
    return [rows for sentence, rows in groups.items() if first[words.get(sentence, sentence)] == sentence]


def _most_telling(groups: list[list[Assertion]], most: int) -> list[list[Assertion]]:
    """At most `most` groups, those with the greatest variety of status and holders, in the order of the text."""

    def variety(rows: list[Assertion]) -> int:
        told = {row.status for row in rows} | {row.holders for row in rows}
        return len(told) + 2 * any(row.standing == "disputed" for row in rows)

    chosen = sorted(range(len(groups)), key=lambda i: (-variety(groups[i]), i))[:most]
    return [groups[i] for i in sorted(chosen)]


def _print_sentence(console: Console, coded: CodedDocument, rows: list[Assertion]) -> None:
    from rich.padding import Padding
    from rich.table import Table

    from demarche.cli.render import assertion_head, sentence_words

    console.print()
    console.print(Padding(sentence_words(coded, *rows), (0, 0, 0, 2)))
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 0))
    for row in rows:
        table.add_row("   •", assertion_head(coded, row))
    console.print(table)


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
