"""`demarche freeze`: finish a record, so that it can be cited."""

from __future__ import annotations

from pathlib import Path

import click

from demarche import __version__

__all__ = ["freeze"]


@click.command()
@click.argument("record", type=click.Path(path_type=Path))
@click.option("--title", required=True, help="Of the data set.")
@click.option("--author", "authors", multiple=True, required=True, metavar="NAME", help="Repeatable.")
@click.option("--license", "license_", default="", metavar="SPDX", help="Of the tables; the articles keep theirs.")
@click.option("--date", metavar="DATE", help="Of the release (default: today).")
def freeze(record: Path, title: str, authors: tuple[str, ...], license_: str, date: str | None) -> None:
    """Finish RECORD: write CITATION.cff, RO-Crate metadata and its hash, and refuse every later change.

    `demarche verify` proves that it is the record that was cited.

    \b
    Example:
      demarche freeze record --title "China and the EU, 2022" --author "A. Researcher" --license CC-BY-4.0
    """
    import datetime

    from demarche.cli.dates import check_date
    from demarche.store import freeze_record

    check_date(date)
    day = datetime.date.fromisoformat(date[:10]) if date else datetime.date.today()
    frozen = freeze_record(record, title=title, authors=authors, license=license_, day=day, version=__version__)
    click.echo(f"frozen: sha256:{frozen.content}")
