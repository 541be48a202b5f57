"""`demarche tension`: index, interval, trend test and the rows behind it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from demarche.cli.series import asks

if TYPE_CHECKING:
    from rich.console import Console

    from demarche.series import Mark, Tension

__all__ = ["tension"]


@click.command()
@click.argument("record", type=click.Path(path_type=Path))
@click.argument("source", metavar="WHO", required=False)
@click.argument("target", metavar="WHOM", required=False)
@asks
@click.option("--scan", is_flag=True, help="Test every pair with enough events; p-values adjusted for all of them.")
@click.option(
    "--looks",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="At how many pairs or times you look: p is adjusted for it.",
)
@click.option("--rows", type=click.IntRange(min=0), default=5, show_default=True, help="Events that moved it most.")
@click.option("--plot", type=click.Path(path_type=Path), metavar="FILE", help="Draw it: .svg or .png, with alt text.")
@click.option("--json", "as_json", is_flag=True, help="One object to stdout.")
@click.option("--quiet", is_flag=True, help="The sentence alone.")
def tension(
    record: Path,
    source: str | None,
    target: str | None,
    scan: bool,
    looks: int,
    rows: int,
    plot: Path | None,
    as_json: bool,
    quiet: bool,
    groups_file: Path | None,
    **asked: Any,
) -> None:
    """Say whether the tension of WHO towards WHOM rises, falls or shows no trend, and what that rests on.

    The index is log((conflict + ½) / (cooperation + ½)) over distinct happenings. Where there is too little, nothing
    is said. docs/trend.md has the measured false alarms and power of the test.

    \b
    Examples:
      demarche tension record CHN USA
      demarche tension record CHN USA --both-ways --from 2021-01-01 --to 2023-12-31
      demarche tension record --scan
    """
    from demarche.cli.series import query_of
    from demarche.errors import ConfigError
    from demarche.series import draw_series, load_groups, measure_tension, scan_tensions
    from demarche.store import Record

    if scan is (source is not None):
        raise ConfigError("E608", "give WHO and WHOM, or --scan alone", remedy="demarche tension RECORD CHN USA")
    query = query_of(source, target, "week", asked)
    with Record.open(record) as opened:
        if scan:
            _print_scan(scan_tensions(opened, query), as_json)
            return
        found = measure_tension(
            opened,
            query,
            load_groups(groups_file),
            looks=looks,
            movers=max(rows, 40 if plot else 0),
            variants=not quiet,
        )
    if plot is not None:
        draw_series(found, plot, marks=_marks(found))
    found = replace(found, movers=found.movers[:rows])
    if as_json:
        import orjson

        from demarche.series import plain_tension

        click.echo(orjson.dumps(plain_tension(found)).decode())
    elif quiet:
        click.echo(found.sentence)
    else:
        _print(found)


def _marks(found: Tension, most: int = 3) -> list[Mark]:
    """The events that moved it most, in the words of their sentences, in the order of their days."""
    from demarche.series import Mark

    marks: list[Mark] = []
    for mover in found.movers:
        one = mover.event
        near = one.first is None or any(abs((one.first - mark.day).days) < 42 for mark in marks)
        if one.first is not None and one.rows and not near:
            marks.append(Mark(day=one.first, words=f"{one.type}: {' '.join(one.rows[0].words.split())}"))
    marks = marks[:most]
    return sorted(marks, key=lambda mark: mark.day)


def _print(found: Tension) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    console.print(Text(found.sentence, style="bold"))
    console.print(Text(found.series.rules, style="dim"))
    if spark := _spark(found, console.width):
        console.print(Text(spark), style="cyan", soft_wrap=True)
    for shift in found.shifts:
        console.print(f"level shift around {shift.day}: {shift.before:+.2f} before, {shift.after:+.2f} after")
    if found.without:
        _print_variants(console, "without one publisher", found.without, "% a month")
    if found.indexes:
        _print_variants(console, "by another index", found.indexes, "a month")
    if found.movers:
        console.print("events that moved it most (of the slope, a month)", style="dim")
    for mover in found.movers:
        one = mover.event
        line = f"{mover.pull:+.4f}  {one.first}  {', '.join(one.sources)} → {', '.join(one.targets)}  {one.type}  "
        console.print(Text.assemble(line, (one.event, "dim")))
        if one.rows:
            console.print(
                Text(f"         “{' '.join(one.rows[0].words.split())}”"),
                Text(f" {one.rows[0].assertion}", style="dim"),
                sep="",
            )


def _spark(found: Tension, width: int) -> str:
    """The index bin by bin on one line: eight heights, a dot where there is none; neighbours are joined (their mean)
    where the line would be too short for all."""
    starts = [one.start for one in found.series.bins]
    full = [at for at, value in enumerate(found.values) if value is not None]
    if not full:
        return ""
    values, starts = found.values[full[0] : full[-1] + 1], starts[full[0] : full[-1] + 1]
    room = max(10, width - 2 * len("2000-01-01 "))
    size = -(-len(values) // room)
    groups = [[v for v in values[at : at + size] if v is not None] for at in range(0, len(values), size)]
    means = [sum(group) / len(group) if group else None for group in groups]
    low, high = min(m for m in means if m is not None), max(m for m in means if m is not None)
    steps = "▁▂▃▄▅▆▇█"
    marks = ["·" if m is None else steps[round(7 * (m - low) / (high - low)) if high > low else 3] for m in means]
    grain = f"{size} bins a mark" if size > 1 else "a bin a mark"
    return (
        f"{starts[0]} {''.join(marks)} {starts[-1]}\n"
        f"by {found.series.query.by}, {grain}, from {low:+.1f} (▁) to {high:+.1f} (█)"
    )


def _print_variants(console: Console, title: str, variants: Any, unit: str) -> None:
    from rich.table import Table

    table = Table(box=None, header_style="dim", padding=(0, 1))
    table.add_column(title, overflow="fold")
    for name in ("events", unit, "p", "sign"):
        table.add_column(name, justify="right", no_wrap=True)
    for one in variants:
        slope = "" if one.per_month is None else f"{one.per_month:+.2g}"
        sign = "too few" if one.same_sign is None else "stays" if one.same_sign else "turns"
        table.add_row(one.name, f"{one.events:,}", slope, "" if one.p is None else f"{one.p:.2g}", sign)
    console.print(table)


def _print_scan(found: Any, as_json: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    if as_json:
        import orjson

        from demarche.records import to_json

        for one in found:
            click.echo(orjson.dumps(to_json(one)).decode())
        return
    table = Table(box=None, header_style="dim", padding=(0, 1))
    for name in ("pair", "events", "% a month", "p", "q"):
        table.add_column(name, justify="left" if name == "pair" else "right", no_wrap=True)
    for one in found:
        style = "bold" if one.q < 0.05 else ""
        table.add_row(
            f"{one.source} → {one.target}",
            f"{one.events:,}",
            f"{one.slope:+.2g}",
            f"{one.p:.2g}",
            f"{one.q:.2g}",
            style=style,
        )
    Console(highlight=False).print(table)
    shown = sum(one.q < 0.05 for one in found)
    click.echo(f"{len(found)} pairs tested; {shown} with q < 0.05 (Benjamini-Hochberg over all of them)", err=True)
