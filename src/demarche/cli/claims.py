"""`demarche claims`: propositions and who asserts, denies or doubts them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from demarche.cli.statements import Filters, Listing, print_listing, table_options

if TYPE_CHECKING:
    from rich.text import Text

__all__ = ["claims"]

_FIRST = "(SELECT min(date) FROM stances AS t WHERE t.claim = x.id AND t.stance = '{stance}')"

LISTING = Listing(
    table="claims",
    columns={
        "id": "x.id", "first": "x.first", "last": "x.last", "type": "x.type", "sources": "x.sources",
        "targets": "x.targets", "standing": "x.standing", "asserting": "x.asserting", "denying": "x.denying",
        "asserted": _FIRST.format(stance="assert"), "denied": _FIRST.format(stance="deny"),
        "documents": "x.documents", "predicate": "a.predicate",
    },
    people=("sources", "targets", "asserting", "denying"),
    state="standing",
    row="(SELECT t.assertion FROM stances AS t WHERE t.claim = x.id"
        " ORDER BY t.date, length(t.assertion), t.assertion LIMIT 1)",
    date="x.first",
    last="x.last",
)  # fmt: skip


@click.command()
@table_options(["reported", "attributed", "disputed"], "standing")
def claims(
    record: Path, form: str, actors: tuple[str, ...], start: str | None, end: str | None, state: str | None,
    limit: int | None,
) -> None:  # fmt: skip
    """List the propositions of RECORD that stand on somebody's word, and who asserts or denies them, since when.

    `demarche show RECORD ID` gives a claim's page: every stance with its day, holder and sentence.

    \b
    Examples:
      demarche claims record --standing disputed
      demarche claims record --actor RUS --from 2022-03-01 --format csv > claims.csv
    """
    filters = Filters(actors=actors, start=start, end=end, state=state, limit=limit)
    print_listing(LISTING, record, form, filters, _lines)


def _lines(row: Mapping[str, Any]) -> tuple[Text, Text, Text]:
    from rich.text import Text

    same = row["first"] == row["last"]
    when = Text(row["first"] or "no date")
    if not same:
        when.append(f"\nto {row['last']}")
    what = Text.assemble(
        (row["sources"] or "somebody", "cyan"), " → " if row["targets"] else "", (row["targets"], "cyan"),
        f"\n{row['type']} ({row['predicate']})\n",
        (row["standing"], "bold red" if row["standing"] == "disputed" else "bold"),
    )  # fmt: skip
    for verb, who, day in (("asserted", row["asserting"], row["asserted"]), ("denied", row["denying"], row["denied"])):
        if day is not None or who:
            what.append(f"\n{verb} by {who or 'the article itself'}" + (f", {day}" if not same and day else ""))
    articles = Text(f"{row['documents']} articles", style="dim") if row["documents"] > 1 else Text()
    return when, what, articles
