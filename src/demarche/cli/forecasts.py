"""`demarche forecasts`: who expects what, how likely, by when, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from demarche.cli.statements import Filters, Listing, print_listing, table_options

if TYPE_CHECKING:
    from rich.text import Text

__all__ = ["forecasts"]

LISTING = Listing(
    table="forecasts",
    columns={
        "id": "x.id", "date": "x.date", "forecaster": "x.forecaster", "likelihood": "x.likelihood",
        "horizon": "x.horizon", "type": "a.type", "predicate": "a.predicate", "polarity": "a.polarity",
        "sources": "a.sources", "targets": "a.targets", "state": "x.state", "shown_by": "x.shown_by",
    },
    people=("forecaster", "sources", "targets"),
    state="state",
    among="list_concat(x.forecaster, (SELECT list_concat(o.sources, o.targets) FROM assertions AS o"
          " WHERE o.id = x.assertion))",
)  # fmt: skip


@click.command()
@table_options(["open", "borne out", "failed"])
def forecasts(
    record: Path, form: str, actors: tuple[str, ...], start: str | None, end: str | None, state: str | None,
    limit: int | None,
) -> None:  # fmt: skip
    """List the expectations of RECORD: whose, of what, how likely, by when, borne out or failed.

    Borne out or failed only where a row of a later day says so: `shown_by` is that row.

    \b
    Examples:
      demarche forecasts record --actor CHN
      demarche forecasts record --state failed --format csv
    """
    filters = Filters(actors=actors, start=start, end=end, state=state, limit=limit)
    print_listing(LISTING, record, form, filters, _lines)


def _lines(row: Mapping[str, Any]) -> tuple[Text, Text, Text]:
    from rich.text import Text

    what = Text.assemble(
        (row["forecaster"] or "the article itself", "cyan"), f": {row['likelihood'] or 'expected'}\n",
        (row["sources"] or "somebody", "cyan"), " → " if row["targets"] else "", (row["targets"], "cyan"),
        f"\n{row['type']} ({row['predicate']})" + (" not to happen" if row["polarity"] == "negative" else ""),
    )  # fmt: skip
    if row["horizon"]:
        what.append(f"\nby {row['horizon']}")
    what.append(f"\n{row['state']}", style="bold")
    if row["shown_by"]:
        what.append(f" ({row['shown_by']})", style="dim")
    return Text(row["date"] or "no date"), what, Text()
