"""`demarche query`: read-only SQL over a record."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["FORMS", "query"]


@click.command()
@click.argument("record", type=click.Path(path_type=Path))
@click.argument("sql")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json", "parquet"]), default="table",
              show_default=True, help="csv, json (one object a line) and parquet go to stdout.")  # fmt: skip
@click.option("--seconds", type=click.FloatRange(min=0.1), default=60.0, show_default=True, help="Time limit.")
@click.option("--memory", default="1GB", show_default=True, help="Memory limit of the database engine.")
@click.option("--rows", type=click.IntRange(min=1), default=1_000_000, show_default=True, help="Rows at most.")
def query(record: Path, sql: str, form: str, seconds: float, memory: str, rows: int) -> None:
    """Answer one SELECT over RECORD. SQL: the statement, or - to read it from stdin.

    Tables and columns carry comments: SELECT * FROM duckdb_columns(). Files, addresses and changes are refused.

    \b
    Examples:
      demarche query record "SELECT type, status, count(*) AS n FROM assertions GROUP BY ALL ORDER BY n DESC"
      demarche query record "FROM rejections" --format csv
    """
    from demarche.store import QueryLimits, fenced_query

    text = sys.stdin.read() if sql == "-" else sql
    answer = fenced_query(record, text, QueryLimits(seconds=seconds, memory=memory, rows=rows))
    FORMS[form](answer)


def _table(answer: pa.Table) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(header_style="bold")
    for name in answer.column_names:
        table.add_column(Text(name), overflow="fold")
    for row in answer.to_pylist():
        table.add_row(*[Text(_words(value)) for value in row.values()])
    Console().print(table)
    click.echo(f"{answer.num_rows} row{'s' if answer.num_rows != 1 else ''}", err=True)


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(map(_words, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _csv(answer: pa.Table) -> None:
    """RFC 4180; text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP)."""
    import csv
    import io

    out = io.TextIOWrapper(sys.stdout.buffer, "utf-8", newline="")
    writer = csv.writer(out)
    writer.writerow(answer.column_names)
    for batch in answer.to_batches():
        for row in batch.to_pylist():
            writer.writerow([_safe(value) for value in row.values()])
    out.flush()
    out.detach()


def _safe(value: Any) -> Any:
    text = _words(value) if isinstance(value, list) else value
    return f"'{text}" if isinstance(text, str) and text.startswith(("=", "+", "-", "@", "\t", "\r", "\0")) else text


def _json(answer: pa.Table) -> None:
    import orjson

    for batch in answer.to_batches():
        for row in batch.to_pylist():
            sys.stdout.buffer.write(orjson.dumps(row, default=str) + b"\n")
    sys.stdout.buffer.flush()


def _parquet(answer: pa.Table) -> None:
    import pyarrow.parquet as pq

    from demarche.errors import ConfigError

    if sys.stdout.isatty():
        raise ConfigError("E907", "Parquet is not for a terminal", remedy="send it to a file: … > answer.parquet")
    pq.write_table(answer, sys.stdout.buffer, compression="zstd")
    sys.stdout.buffer.flush()


FORMS: dict[str, Callable[[pa.Table], None]] = {"table": _table, "csv": _csv, "json": _json, "parquet": _parquet}
"""How an answer goes to stdout, by the value of `--format`."""
