"""`demarche import`: files of other coders to stand beside a record."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["import_"]


@click.command("import")
@click.argument("record", type=click.Path(path_type=Path))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--name", required=True, help="What to call it, e.g. icews.")
@click.option("--form", type=click.Choice(["polecat", "icews", "gdelt"]), help="Default: told from the first line.")
@click.option("--quiet", is_flag=True, help="No summary.")
def import_(record: Path, files: tuple[Path, ...], name: str, form: str | None, quiet: bool) -> None:
    """Read FILEs of ICEWS, GDELT (1.0, 2.0) or POLECAT so that old series can stand next to RECORD's own.

    What is imported is marked as unverifiable: no sentence stands behind it. It never enters the record's counts.
    Also .zip and .gz.

    \b
    Examples:
      demarche import record events.2018.tab --name icews
      demarche series record CHN USA --beside icews
    """
    from demarche.cli.render import counted
    from demarche.series import import_series
    from demarche.store import Record

    with Record.open(record) as opened:
        told = import_series(opened, files, name, form=form)
    for reason, count in told.refused:
        click.echo(f"{counted(count, 'line')} left out: {reason}", err=True)
    if not quiet:
        click.echo(f"{counted(told.rows, 'row')} of {told.form}, {told.first} to {told.last}, as {name!r}", err=True)
