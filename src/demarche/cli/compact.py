"""`demarche compact`: fewer, larger parts, and a fresh serving file."""

from __future__ import annotations

from pathlib import Path

import click

from demarche import __version__

__all__ = ["compact"]


@click.command()
@click.argument("record", type=click.Path(path_type=Path))
@click.option("--quiet", is_flag=True, help="No summary.")
def compact(record: Path, quiet: bool) -> None:
    """Join the small parts of RECORD into large ones and publish it anew; what it says does not change.

    \b
    Example:
      demarche compact record
    """
    from demarche.pipeline import publish_record
    from demarche.store import RecordWriter

    with RecordWriter(record, version=__version__) as writer:
        before, after = writer.compact()
        publish_record(writer)
    if not quiet:
        click.echo(f"{before} parts are now {after}", err=True)
