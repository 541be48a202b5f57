"""`demarche verify`: every invariant that one record can show."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from demarche import __version__

__all__ = ["verify"]


@click.command()
@click.argument("record", type=click.Path(path_type=Path))
@click.option("--recode", type=click.IntRange(min=0), default=0, metavar="N",
              help="Code N of its documents anew, in another order, and compare (invariants 5 and 6).")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One object a breach to stdout.")
@click.option("--quiet", is_flag=True, help="Breaches only.")
def verify(record: Path, recode: int, as_json: bool, quiet: bool) -> None:
    """Check every invariant of RECORD; print what breaks one; exit 1 if anything does.

    \b
    Examples:
      demarche verify record
      demarche verify record --recode 20
    """
    from demarche.store import Record, check_record

    breaches = list(check_record(record))
    if recode:
        from demarche.pipeline import load_models, recode_sample

        breaches.extend(recode_sample(record, load_models(), recode, version=__version__))
    for breach in breaches:
        if as_json:
            import orjson

            from demarche.records import to_json

            click.echo(orjson.dumps(to_json(breach)).decode())
        else:
            rule = f"invariant {breach.invariant}" if breach.invariant else "files"
            click.echo(f"{rule}: {breach.what}: {breach.count}, e.g. {', '.join(breach.examples)}")
    if breaches:
        sys.exit(1)
    if not quiet and not as_json:
        with Record.open(record) as opened:
            rows = {name: count for name, count, _ in opened.manifest.content}
            click.echo(
                f"sound: {rows['documents']} documents, {rows['assertions']} assertions,"
                f" {rows['attributions']} attributions, {rows['events']} events, {rows['rejections']} rejections"
            )
            click.echo(f"content {opened.content_hash}")
