"""What `claims`, `threats`, `commitments` and `forecasts` share: one query, filters, four forms of output.

Every row carries the id of its sentence and the sentence itself; `demarche show RECORD ID` opens any id.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pyarrow as pa
    from rich.text import Text

    from demarche.store import Record

__all__ = ["Filters", "Listing", "print_listing", "table_options"]

_SENTENCE = "regexp_replace(substr(d.text, s.start + 1, s.\"end\" - s.start), '\\s+', ' ', 'g')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """actors: ids, ISO codes of countries or names, each of which must take part. start, end: days, both included."""

    actors: tuple[str, ...]
    start: str | None
    end: str | None
    state: str | None
    limit: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One table. columns: SQL of what is shown, from `x` (the table), `a` (the row's assertion) and `c` (its content).

    people: columns that hold actor ids. date: column that `--from` and `--to` filter. state: column of `--state`.
    among: SQL list of the actors that `--actor` looks among, where it is not just the table's own columns.
    row: assertion that the row opens. content: assertion of what is threatened, owed or expected.
    """

    table: str
    columns: Mapping[str, str]
    people: tuple[str, ...]
    state: str
    row: str = "x.assertion"
    content: str = "NULL"
    date: str = "x.date"
    last: str = "x.date"
    among: str = ""


def table_options(states: Sequence[str], word: str = "state") -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Argument and options of the four commands."""

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        for option in (
            click.option("--limit", type=click.IntRange(min=1), help="Rows at most; a table shows 50 unless told."),
            click.option(f"--{word}", "state", type=click.Choice(states), help=f"Only rows of this {word}."),
            click.option("--to", "end", metavar="DATE", help="Last day of publication (YYYY-MM-DD)."),
            click.option("--from", "start", metavar="DATE", help="First day of publication (YYYY-MM-DD)."),
            click.option("--actor", "actors", multiple=True, metavar="ACTOR",
                         help="An actor id, a country's code (CHN: all its actors) or a name; repeat for both sides."),
            click.option("--format", "form", type=click.Choice(["table", "csv", "json", "parquet"]), default="table",
                         show_default=True, help="csv, json (one object a line) and parquet go to stdout."),
            click.argument("record", type=click.Path(path_type=Path)),
        ):  # fmt: skip
            function = option(function)
        return function

    return decorate


def print_listing(
    listing: Listing,
    record: Path,
    form: str,
    filters: Filters,
    lines: Callable[[Mapping[str, Any]], tuple[Text, Text, Text]],
) -> None:
    """Answer one of the commands. lines: for the terminal, what stands in the three columns of a row."""
    from demarche.cli.dates import check_date
    from demarche.cli.query import FORMS
    from demarche.store import Record

    check_date(filters.start)
    check_date(filters.end)
    with Record.open(record) as opened:
        limit = filters.limit or (50 if form == "table" else None)
        found = opened.sql(*_query(listing, filters, limit))
        if form == "table":
            total = opened.sql(*_query(listing, filters, None, count=True)).column(0)[0].as_py()
            _print_table(opened, listing, found, total, lines)
        else:
            FORMS[form](_with_names(opened, listing, found))


def _query(listing: Listing, filters: Filters, limit: int | None, *, count: bool = False) -> tuple[str, list[Any]]:
    where, params = [], []
    for actor in filters.actors:
        where.append(
            f"list_has_any({listing.among or _joined(listing.people)},"
            " (SELECT coalesce(list(DISTINCT id), []) FROM actors"
            " WHERE id = ? OR starts_with(id, ? || '.') OR country = ? OR lower(name) = lower(?)))"
        )
        params.extend([actor] * 4)
    if filters.start:
        where.append(f"{listing.last} >= ?")
        params.append(filters.start)
    if filters.end:
        where.append(f"substr({listing.date}, 1, 10) <= ?")
        params.append(filters.end)
    if filters.state:
        where.append(f"x.{listing.state} = ?")
        params.append(filters.state)
    condition = f" WHERE {' AND '.join(where)}" if where else ""
    if count:
        return f"SELECT count(*) FROM {listing.table} AS x{condition}", params
    picked = f"SELECT * FROM {listing.table} AS x{condition} ORDER BY {listing.last} DESC NULLS LAST, x.id"
    if limit is not None:
        picked += f" LIMIT {limit}"
    columns = ", ".join(f"{sql} AS {name}" for name, sql in listing.columns.items())
    return (
        f"WITH x AS MATERIALIZED ({picked}) SELECT {columns}, {listing.row} AS assertion, a.sentence AS sentence,"
        f" {_SENTENCE} AS words FROM x JOIN assertions AS a ON a.id = {listing.row}"
        " JOIN sentences AS s ON s.id = a.sentence JOIN documents AS d ON d.id = a.document"
        f" LEFT JOIN assertions AS c ON c.id = {listing.content}"
        f" ORDER BY {listing.last} DESC NULLS LAST, x.id"
    ), params


def _joined(columns: Sequence[str]) -> str:
    lists = [f"x.{name}" for name in columns]
    return functools.reduce("list_concat({}, {})".format, lists)


def _names(record: Record, listing: Listing, found: pa.Table) -> dict[str, str]:
    """Names of the actors of these rows."""
    ids = sorted({one for name in listing.people for ids in found.column(name).to_pylist() for one in ids or ()})
    rows = record.sql(
        "SELECT id, min(name) AS name, min(country) AS country, min(kind) AS kind FROM actors"
        " WHERE id IN (SELECT unnest(?)) GROUP BY id",
        [ids],
    ).to_pylist()
    found_names = {}
    for row in rows:
        of = f" ({row['country']})" if row["country"] and row["kind"] != "state" else ""
        found_names[row["id"]] = f"{row['name']}{of}"
    return found_names


def _with_names(record: Record, listing: Listing, found: pa.Table) -> pa.Table:
    """The rows with a column of names beside each column of actor ids."""
    import pyarrow as pa

    names = _names(record, listing, found)
    for column in listing.people:
        values = [[names.get(one, one) for one in ids or ()] for ids in found.column(column).to_pylist()]
        at = found.column_names.index(column) + 1
        found = found.add_column(at, f"{column}_names", pa.array(values, pa.list_(pa.string())))
    return found


def _print_table(
    record: Record,
    listing: Listing,
    found: pa.Table,
    total: int,
    lines: Callable[[Mapping[str, Any]], tuple[Text, Text, Text]],
) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    names = _names(record, listing, found)
    table = Table(header_style="bold", show_lines=True)
    table.add_column("when", no_wrap=True)
    table.add_column("what", ratio=2)
    table.add_column("sentence", ratio=3)
    for row in found.to_pylist():
        for column in listing.people:
            row[column] = ", ".join(names.get(one, one) for one in row[column] or ())
        when, what, after = lines(row)
        when = Text("\n").join([when, Text(row["id"], style="dim")])
        words = Text.assemble(row["words"] or "", "\n", (row["sentence"], "dim"))
        table.add_row(when, what, Text("\n").join([words, after]) if after.plain else words)
    if found.num_rows:
        Console(highlight=False).print(table)
    shown = f"{found.num_rows} of {total}" if found.num_rows < total else f"{total}"
    click.echo(f"{shown} {listing.table if total != 1 else listing.table[:-1]}", err=True)
