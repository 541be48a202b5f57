"""`demarche export`: a record in the forms that other programs read."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["export"]

FORMS = ["plover", "icews", "gdelt", "gdelt1", "cameo", "csv", "parquet", "jsonld"]


@click.command()
@click.argument("record", type=click.Path(path_type=Path))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--to", "form", required=True, type=click.Choice(FORMS), help="plover is POLECAT's form; gdelt is 2.0.")
@click.option("--since", metavar="DATE", help="Only events from this day on (forms of events).")
@click.option("--until", metavar="DATE", help="Only events up to this day, included.")
@click.option("--quiet", is_flag=True, help="No summary.")
def export(record: Path, folder: Path, form: str, since: str | None, until: str | None, quiet: bool) -> None:
    """Write RECORD into the new folder DIR.

    What a form has no place for (status, standing, holders) goes to a file beside it; events that it could only say
    wrongly (negated, denied, threatened ones) are left out and listed with the reason.

    \b
    Examples:
      demarche export record --to plover exported
      demarche export record --to parquet tables
    """
    from demarche.cli.dates import check_date
    from demarche.cli.render import counted
    from demarche.export import write_export
    from demarche.store import Record

    check_date(since, option="--since")
    check_date(until, option="--until")
    with Record.open(record) as opened:
        done = write_export(opened, form, folder, since=since, until=until)
    if not quiet:
        left = (
            f"; {counted(done.left_out, 'event')} cannot be said in this form (left_out.csv)" if done.left_out else ""
        )
        click.echo(f"{counted(done.rows, 'row')} of {counted(done.events, 'event')} in {done.folder}{left}", err=True)
