"""`demarche evaluate`: the accuracy boards."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from demarche.cli.actors import actors_option, loader

if TYPE_CHECKING:
    from collections.abc import Callable

    from demarche.pipeline import Figure, Models

__all__ = ["evaluate"]

BOARDS = ["syntax", "ingest", "linking", "statements", "coding", "articles", "copies", "events", "real"]


@click.command()
@click.argument("board", required=False, type=click.Choice(BOARDS))
@click.option("--data", type=click.Path(path_type=Path), default=Path("../shared"), show_default=True,
              help="Folder of the data that is measured on.")  # fmt: skip
@actors_option
@click.option(
    "--page",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the coding board with confusions, errors and rules as a page (BOARD coding).",
)
@click.option(
    "--coder",
    "coders",
    multiple=True,
    metavar="SPEC",
    help="Compare with another coder on the page: NAME, NAME:ARGUMENT or openai:MODEL@URL.",
)
@click.option("--coverage", is_flag=True, help="What the rules cover: types, modes, contexts, codes (BOARD coding).")
@click.option("--json", "as_json", is_flag=True, help="One object a figure to stdout.")
def evaluate(
    board: str | None,
    data: Path,
    actors: tuple[Path, ...],
    page: Path | None,
    coders: tuple[str, ...],
    coverage: bool,
    as_json: bool,
) -> None:
    """Measure BOARD, or every board, on the data folder.

    \b
    Examples:
      demarche evaluate articles
      demarche evaluate --json > boards.jsonl
      demarche evaluate coding --page coding.html --coder openai:my-model@http://127.0.0.1:8080/v1
      demarche evaluate coding --coverage
    """
    from demarche.errors import DemarcheError
    from demarche.pipeline import run_board

    if coverage:
        if board != "coding":
            raise click.UsageError("--coverage belongs to the board coding")
        _print_coverage(as_json)
        return
    load = loader(actors)
    if page is not None or coders:
        if board != "coding" or page is None:
            raise click.UsageError("--page and --coder belong together, to the board coding")
        _write_page(page, data, load, coders, as_json)
        return
    failed = 0
    for name in [board] if board else BOARDS:
        try:
            figures = run_board(name, data, load)
        except DemarcheError as error:
            if board:
                raise
            failed += 1
            click.echo(f"demarche: {name}: {error}", err=True)
            continue
        _print(figures, as_json)
        for figure in figures:
            if figure.floor is not None and figure.value < figure.floor:
                failed += 1
                words = f"{figure.measure} on {figure.set} is {figure.value:.3f}, below its floor {figure.floor:.3f}"
                click.echo(f"demarche: {name}: {words}", err=True)
    if failed:
        sys.exit(1)


def _write_page(page: Path, data: Path, load: Callable[[], Models], coders: tuple[str, ...], as_json: bool) -> None:
    from demarche.pipeline import coding_page

    figures, text = coding_page(data, load, coders)
    page.write_text(text, "utf-8")
    _print(figures, as_json)
    click.echo(f"demarche: {page} written", err=True)


def _print(figures: list[Figure], as_json: bool) -> None:
    if as_json:
        import orjson

        from demarche.records import to_json

        for figure in figures:
            click.echo(orjson.dumps(to_json(figure)).decode())
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("board", "set", "measure", header_style="bold")
    table.add_column("value", justify="right")
    table.add_column("n", justify="right")
    for figure in figures:
        value = f"{figure.value:.3f}" if figure.value < 100 else f"{figure.value:,.1f}"
        table.add_row(figure.board, figure.set, figure.measure, value, "" if figure.n is None else f"{figure.n:,}")
    Console().print(table)


def _print_coverage(as_json: bool) -> None:
    """What the rules and tables cover, counted from them."""
    from demarche.coding import read_coverage

    found = read_coverage()
    if not as_json:
        for line in found.lines():
            click.echo(line)
        return
    for row in found.types:
        fields = {"type": row.type.value, "rules": row.rules, "fired": row.fired, "constructions": row.constructions}
        click.echo(json.dumps({**fields, "modes": row.modes}))
    codes = {"codes": sorted(found.codes), "missing": sorted(found.all_codes - found.codes)}
    click.echo(json.dumps({"contexts": found.contexts, **codes, "constructions": found.constructions}))
