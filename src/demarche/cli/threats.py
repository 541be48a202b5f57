"""`demarche threats`: who threatens whom with what, on what condition, by when, and whether it was carried out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from demarche.cli.statements import Filters, Listing, print_listing, table_options

if TYPE_CHECKING:
    from rich.text import Text

__all__ = ["threats"]

LISTING = Listing(
    table="threats",
    columns={
        "id": "x.id", "date": "x.date", "threatener": "x.threatener", "target": "x.target", "harm": "x.harm",
        "harm_type": "c.type", "harm_predicate": "c.predicate", "condition": "x.condition",
        "condition_text": "x.condition_text", "deadline": "x.deadline", "state": "x.state", "shown_by": "x.shown_by",
        "holders": "a.holders", "standing": "a.standing",
    },
    people=("threatener", "target"),
    state="state",
    content="x.harm",
)  # fmt: skip


@click.command()
@table_options(["open", "carried out"])
def threats(
    record: Path, form: str, actors: tuple[str, ...], start: str | None, end: str | None, state: str | None,
    limit: int | None,
) -> None:  # fmt: skip
    """List the threats of RECORD: who threatens whom with what, unless what, by when.

    A threat counts as carried out only where a row of a later day says so: `shown_by` is that row.

    \b
    Examples:
      demarche threats record --actor USA --actor CHN
      demarche threats record --state open --format json
    """
    filters = Filters(actors=actors, start=start, end=end, state=state, limit=limit)
    print_listing(LISTING, record, form, filters, _lines)


def _lines(row: Mapping[str, Any]) -> tuple[Text, Text, Text]:
    from rich.text import Text

    harm = f"{row['harm_type']} ({row['harm_predicate']})" if row["harm_type"] else "harm not named"
    what = Text.assemble(
        (row["threatener"] or "somebody", "cyan"), " → " if row["target"] else "", (row["target"], "cyan"), f"\n{harm}"
    )
    if row["condition_text"]:
        what.append(f"\n{row['condition_text']}", style="italic")
    if row["deadline"]:
        what.append(f"\nby {row['deadline']}")
    what.append(f"\n{row['state']}", style="bold")
    if row["shown_by"]:
        what.append(f" ({row['shown_by']})", style="dim")
    return Text(row["date"] or "no date"), what, Text()
