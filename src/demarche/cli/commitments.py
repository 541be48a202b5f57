"""`demarche commitments`: who promised what to whom, and whether the record shows it kept or broken."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from demarche.cli.statements import Filters, Listing, print_listing, table_options

if TYPE_CHECKING:
    from rich.text import Text

__all__ = ["commitments"]

LISTING = Listing(
    table="commitments",
    columns={
        "id": "x.id", "date": "x.date", "debtor": "x.debtor", "creditor": "x.creditor", "content": "x.content",
        "content_type": "c.type", "content_predicate": "c.predicate", "holder": "x.holder", "state": "x.state",
        "shown_by": "x.shown_by",
    },
    people=("debtor", "creditor", "holder"),
    state="state",
    content="x.content",
)  # fmt: skip


@click.command()
@table_options(["open", "kept", "broken"])
def commitments(
    record: Path, form: str, actors: tuple[str, ...], start: str | None, end: str | None, state: str | None,
    limit: int | None,
) -> None:  # fmt: skip
    """List the promises of RECORD: who owes what to whom, on whose word, kept or broken.

    Kept or broken only where a row of a later day says so: `shown_by` is that row.

    \b
    Examples:
      demarche commitments record --actor DEU --state open
      demarche commitments record --from 2022-01-01 --to 2022-12-31 --format parquet > promises.parquet
    """
    filters = Filters(actors=actors, start=start, end=end, state=state, limit=limit)
    print_listing(LISTING, record, form, filters, _lines)


def _lines(row: Mapping[str, Any]) -> tuple[Text, Text, Text]:
    from rich.text import Text

    owe = " owe " if ", " in (row["debtor"] or "") else " owes "
    what = Text.assemble((row["debtor"] or "somebody", "cyan"), owe, (row["creditor"] or "nobody named", "cyan"))
    what.append(f"\n{row['content_type']} ({row['content_predicate']})")
    if row["holder"]:
        what.append(f"\naccording to {row['holder']}")
    what.append(f"\n{row['state']}", style="bold")
    if row["shown_by"]:
        what.append(f" ({row['shown_by']})", style="dim")
    return Text(row["date"] or "no date"), what, Text()
