"""`demarche series`: counts and index of a pair or an actor over time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from demarche.series import Bin, Group, Mark, Series, SeriesQuery
    from demarche.store import Record

__all__ = ["asks", "query_of", "series"]

GRAINS = ["day", "week", "2weeks", "4weeks", "month", "quarter", "year"]


def asks(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what is counted: shared by `series` and `tension`."""
    options = [
        click.option("--from", "since", metavar="DATE", help="First day (default: of the first article)."),
        click.option("--to", "until", metavar="DATE", help="Last day, included (default: of the last article)."),
        click.option("--both-ways", is_flag=True, help="Acts of either side towards the other count."),
        click.option("--type", "types", multiple=True, metavar="TYPE", help="Only this PLOVER type; repeatable."),
        click.option("--quad", "quads", multiple=True, metavar="QUAD", help="Only e.g. verbal-conflict; repeatable."),
        click.option("--status", "statuses", multiple=True, metavar="STATUS",
                     help="Instead of `actual`; `all` for every one; repeatable."),
        click.option("--standing", "standings", multiple=True, metavar="STANDING",
                     help="Instead of `reported` and `attributed`; `all` for every one; repeatable."),
        click.option("--sector", "sectors", multiple=True, metavar="ROLE", help="Only acts by GOV, MIL …; repeatable."),
        click.option("--publisher", "publishers", multiple=True, metavar="NAME", help="Only what this outlet reports."),
        click.option("--groups", "groups_file", type=click.Path(path_type=Path), metavar="FILE",
                     help='Groups of your own: TOML, [West] members = ["USA", "GBR", …].'),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def query_of(source: str | None, target: str | None, by: str, asked: dict[str, Any]) -> SeriesQuery:
    """The query that the options of `asks` say.

    Raises:
        ConfigError: E904 a date, E607 a word that the vocabulary lacks.
    """
    from demarche.records import EventType, Quad, Standing, Status
    from demarche.series import By, SeriesQuery, read_day

    usual = SeriesQuery(source=None)
    statuses, standings = asked["statuses"], asked["standings"]
    return SeriesQuery(
        source=source, target=target, directed=not asked["both_ways"], by=By(by),
        since=read_day(asked["since"], option="--from") if asked["since"] else None,
        until=read_day(asked["until"], option="--to") if asked["until"] else None,
        types=_words(EventType, asked["types"], "--type"), quads=_words(Quad, asked["quads"], "--quad"),
        statuses=() if "all" in statuses else _words(Status, statuses, "--status") or usual.statuses,
        standings=() if "all" in standings else _words(Standing, standings, "--standing") or usual.standings,
        sectors=asked["sectors"], publishers=asked["publishers"],
    )  # fmt: skip


def _words(kind: Any, words: tuple[str, ...], option: str) -> tuple[Any, ...]:
    from demarche.errors import ConfigError

    known = {str(value).casefold(): value for value in kind}
    for word in words:
        if word.casefold() not in known:
            import difflib

            near = difflib.get_close_matches(word.casefold(), list(known), n=1)
            meant = f"; did you mean {known[near[0]]}?" if near else ""
            raise ConfigError("E607", f"{option} knows no {word!r}{meant}", remedy=f"one of: {', '.join(kind)}")
    return tuple(known[word.casefold()] for word in words)


@click.command()
@click.argument("record", type=click.Path(path_type=Path))
@click.argument("source", metavar="WHO")
@click.argument("target", metavar="WHOM", required=False)
@click.option("--by", type=click.Choice(GRAINS), default="month", show_default=True)
@asks
@click.option("--beside", "beside", multiple=True, metavar="NAME", help="Also this import (unverifiable); repeatable.")
@click.option("--rows", "rows", is_flag=True, help="List the events behind the numbers, with their sentences.")
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True, help="Of --rows, events.")
@click.option("--plot", type=click.Path(path_type=Path), metavar="FILE", help="Draw it: .svg or .png, with alt text.")
@click.option("--mark", "marks", multiple=True, metavar="DATE:WORDS", help="Mark a day in the plot; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="One object to stdout.")
@click.option("--csv", "as_csv", is_flag=True, help="A row a bin to stdout.")
def series(
    record: Path, source: str, target: str | None, by: str, beside: tuple[str, ...], rows: bool, limit: int,
    plot: Path | None,
    marks: tuple[str, ...], as_json: bool, as_csv: bool,
    groups_file: Path | None, **asked: Any,
) -> None:  # fmt: skip
    """Count what WHO did towards WHOM (or anybody), over time.

    WHO and WHOM are codes (CHN), names (China), ids of actors, or groups (EU+, or of --groups). Distinct happenings
    of status `actual` in standing `reported` or `attributed` count, copies once; a bin in which nothing was read is a
    gap, not a zero.

    \b
    Examples:
      demarche series record CHN USA
      demarche series record Russia EU+ --by week --from 2022-01-01 --to 2022-12-31
      demarche series record CHN USA --type THREATEN --status all --rows
      demarche series record CHN USA --plot out.svg --mark "2022-02-04:joint statement"
    """
    from demarche.series import count_beside, count_series, draw_series, load_groups
    from demarche.store import Record

    query = query_of(source, target, by, asked)
    groups = load_groups(groups_file)
    with Record.open(record) as opened:
        found = count_series(opened, query, groups)
        others = [count_beside(opened, name, replace(query, since=found.since, until=found.until), groups)
                  for name in beside]  # fmt: skip
        if plot is not None:
            click.echo(draw_series(found, plot, marks=_marks(marks)), err=True)
        if rows:
            _print_rows(opened, query, groups, limit, as_json)
        elif as_json:
            _print_json(found, others)
        elif as_csv:
            _print_csv(found)
        else:
            for one in (found, *others):
                _print_table(one)


def _marks(texts: tuple[str, ...]) -> list[Mark]:
    from demarche.series import Mark, read_day

    found = []
    for text in texts:
        day, _, words = text.partition(":")
        found.append(Mark(day=read_day(day, option="--mark"), words=words.strip() or day))
    return found


def _print_json(found: Series, others: list[Series]) -> None:
    import orjson

    from demarche.series import plain_series

    plain = plain_series(found)
    if others:
        plain["beside"] = [plain_series(one) for one in others]
    click.echo(orjson.dumps(plain).decode())


def _print_csv(found: Series) -> None:
    import csv
    import sys

    from demarche.series import table_of

    table = table_of(found)
    writer = csv.writer(sys.stdout, lineterminator="\r\n")
    writer.writerow(table.column_names)
    for row in table.to_pylist():
        writer.writerow(["" if value is None else value for value in row.values()])


def _print_table(found: Series) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from demarche.series import bin_label

    console = Console(highlight=False)
    console.print(Text(found.title, style="bold"), f"by {found.query.by}, {found.since} to {found.until}")
    console.print(Text(found.rules, style="dim"))
    table = Table(box=None, header_style="dim", padding=(0, 1))
    for name in ("", "articles", "events", "coop.", "conflict", "index"):
        table.add_column(name, justify="left" if not name else "right", no_wrap=True)
    table.add_column("cooperation | conflict", no_wrap=True)
    most = max((max(one.conflict, one.cooperation) for one in found.bins), default=0) or 1
    for one, last in _runs(found):
        label = bin_label(one.start, found.query.by)
        if one.gap:
            many = "" if one is last else f" to {bin_label(last.start, found.query.by)}"
            table.add_row(label, "–", "", "", "", "", Text(f"nothing read{many}", style="dim"))
            continue
        index = "" if one.index is None else f"{one.index:+.2f}"
        table.add_row(label, f"{one.articles:,}", f"{one.events:,}", f"{one.cooperation:,}", f"{one.conflict:,}", index,
                      _bars(one.cooperation, one.conflict, most))  # fmt: skip
    console.print(table)
    console.print(_footer(found), style="dim")


def _runs(found: Series) -> list[tuple[Bin, Bin]]:
    """Bins, gaps in a row as one: (first, last)."""
    runs: list[tuple[Bin, Bin]] = []
    for one in found.bins:
        if one.gap and runs and runs[-1][1].gap:
            runs[-1] = (runs[-1][0], one)
        else:
            runs.append((one, one))
    return runs


def _bars(left: int, right: int, most: int, width: int = 13) -> Any:
    """Two bars from a common foot: cooperation to the left, conflict to the right."""
    from rich.text import Text

    sizes = [max(1, round(width * n / most)) if n else 0 for n in (left, right)]
    text = Text(" " * (width - sizes[0]))
    text.append("▒" * sizes[0], style="green")
    text.append("│", style="dim")
    text.append("█" * sizes[1], style="red")
    return text


def _footer(found: Series) -> str:
    from demarche.cli.render import counted

    words = [f"{counted(found.events, 'event')} in {counted(len(found.bins), 'bin')}"]
    if found.gaps:
        words.append(f"in {found.gaps} nothing was read")
    if found.undated:
        words.append(f"{counted(found.undated, 'event')} without a day are in none")
    for party in (found.source, found.target):
        if party and party.note:
            words.append(party.note)
    return "; ".join(words) + ". index: log((conflict + ½) / (cooperation + ½)). --rows lists the events."


def _print_rows(record: Record, query: SeriesQuery, groups: dict[str, Group], limit: int, as_json: bool) -> None:
    from rich.console import Console
    from rich.text import Text

    from demarche.records import to_json
    from demarche.series import rows_behind

    found = rows_behind(record, query, groups, limit=limit)
    if as_json:
        import orjson

        for one in found:
            click.echo(orjson.dumps(to_json(one), default=str).decode())
        return
    console = Console(highlight=False)
    for one in found:
        day = str(one.first) if one.first == one.last else f"{one.first or '…'} to {one.last or '…'}"
        head = Text.assemble((day, "bold"), f"  {', '.join(one.sources) or '?'} → {', '.join(one.targets) or '–'}  ",
                             (one.type, "bold"), f"  {one.status}, {one.standing}  ", (one.event, "dim"))  # fmt: skip
        console.print(head)
        for row in one.rows:
            origin = " · ".join(part for part in (row.publisher, row.published, row.assertion) if part)
            console.print(Text(f"    “{' '.join(row.words.split())}”"), Text(f" {origin}", style="dim"), sep="")
    if len(found) == limit:
        click.echo(f"the first {limit} events; --limit for more", err=True)
