"""`demarche merge`: several records in one."""

from __future__ import annotations

from pathlib import Path

import click

from demarche import __version__

__all__ = ["merge"]


@click.command()
@click.argument("records", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RECORD...")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), metavar="RECORD",
              help="The record that takes them in, made or added to.")  # fmt: skip
def merge(records: tuple[Path, ...], output: Path) -> None:
    """Join RECORDs into another; a document that stands in several counts once.

    Copies, events and claims are found anew over all documents. The order of the records does not matter.

    \b
    Example:
      demarche merge january february -o year
    """
    from demarche.errors import ConfigError
    from demarche.pipeline import CodeWork, InlineEngine, code_missing, publish_record
    from demarche.store import RecordWriter

    if any(output.resolve() == record.resolve() for record in records):
        raise ConfigError("E910", "a record cannot be merged into itself", remedy="choose another -o RECORD")
    with RecordWriter(output, version=__version__) as writer:
        batches = [writer.take(record) for record in records]
        code_missing(writer, InlineEngine(), CodeWork())  # whom another record's copies stood for may be new
        manifest = publish_record(writer)
    rows = {name: count for name, count, _ in manifest.content}
    click.echo(f"{rows['documents']} documents of {len(records)} records ({sum(batches)} batches)", err=True)
