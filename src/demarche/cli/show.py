"""`demarche show`: an article with its spans marked, or one row with the chain back to its sentence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from demarche.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from demarche.records import Assertion, CodedDocument
    from demarche.store import Record

__all__ = ["show"]


@click.command()
@click.argument("record", type=click.Path(path_type=Path))
@click.argument("identifier", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="The object or row to stdout.")
def show(record: Path, identifier: str, as_json: bool) -> None:
    """Show ID of RECORD: a document, any row of one, a cluster, an event, a claim, an actor …

    \b
    Examples:
      demarche show record d0123456789abcdef
      demarche show record d0123456789abcdef.e3
      demarche show record k0123456789abcdef
    """
    from demarche.store import Record

    with Record.open(record) as opened:
        if as_json:
            _print_json(opened, identifier)
        else:
            _print(opened, identifier)


def _print_json(record: Record, identifier: str) -> None:
    import orjson

    from demarche.records import to_json

    if identifier.startswith("d") and "." not in identifier:
        found: Any = record.document(identifier)
    else:
        found = _find(record, identifier)[1]
    click.echo(orjson.dumps(to_json(found)).decode())


def _print(record: Record, identifier: str) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    if "." not in identifier and record.has("documents", identifier):
        _print_document(console, record.document(identifier))
        return
    table, row = _find(record, identifier)
    if table == "assertions":
        _print_assertion(console, record, row)
    elif table == "clusters":
        _print_cluster(console, record, row.id)
    else:
        _print_row(console, record, table, row)


_ROWS = ("assertions", "attributions", "sentences", "mentions", "places", "times", "amounts", "clusters", "events",
         "claims", "threats", "commitments", "forecasts", "rejections", "actors", "runs")  # fmt: skip


def _find(record: Record, identifier: str) -> tuple[str, Any]:
    """The table and the first row with this id."""
    for table in _ROWS:
        if record.has(table, identifier):
            return table, record.row(table, identifier)
    advice = "`demarche query RECORD 'SELECT id, title FROM documents'` lists the documents"
    raise InputError("E508", f"the record has no row {identifier!r}", remedy=advice)


MOST_COPIES = 3
"""Copies set beside the article they copy; the others are named."""


def _print_cluster(console: Console, record: Record, identifier: str) -> None:
    """The representative and its copies side by side, what they share word for word in colour."""
    rows = record.rows("clusters", "id = ?", [identifier])
    copies = [row for row in rows if row.document != row.representative]
    [representative] = [row.document for row in rows if row.document == row.representative]
    one = record.document(representative)
    console.print(f"{len(rows)} articles that count once, told by {representative}", style="bold")
    for row in copies[:MOST_COPIES]:
        console.print()
        console.print(f"{row.copy} copy {row.document}: {row.evidence} (probability {row.score})", style="dim")
        console.print(_beside(one, record.document(row.document)))
    for row in copies[MOST_COPIES:]:
        console.print(f"{row.copy} copy {row.document}: {row.evidence}", style="dim")


def _beside(one: CodedDocument, two: CodedDocument) -> Table:
    from rich.table import Table
    from rich.text import Text

    from demarche.dedup import shared_runs

    runs = shared_runs(one.document.text, two.document.text)
    table = Table(expand=True, show_lines=False)
    cells = []
    for side, coded in enumerate((one, two)):
        table.add_column(f"{coded.document.id}  {(coded.document.published or '')[:10]}", ratio=1)
        text = Text(coded.document.text)
        for run in runs:
            text.stylize("green", *run[side])
        cells.append(text)
    table.add_row(*cells)
    return table


def _print_document(console: Console, coded: CodedDocument) -> None:
    from demarche.cli.render import article_text

    document = coded.document
    facts = [document.publisher, document.published, document.url or document.source, f"{document.words} words"]
    console.print(" · ".join(str(fact) for fact in facts if fact), style="dim")
    if document.cluster and document.copy != "original":
        console.print(f"{document.copy} copy in cluster {document.cluster}", style="dim")
    for warning in document.warnings:
        console.print(f"warning: {warning}", style="yellow")
    console.print()
    for paragraph in article_text(coded):
        console.print(paragraph)
        console.print()
    _print_rows(console, coded)


def _print_rows(console: Console, coded: CodedDocument) -> None:
    from rich.table import Table

    from demarche.cli.render import assertion_head

    typed = [row for row in coded.assertions if row.type]
    console.print(f"{len(typed)} assertions, {len(coded.attributions)} attributions", style="bold")
    table = Table(box=None, show_header=False, padding=(0, 1))
    for row in typed:
        table.add_row(row.id.split(".")[1], assertion_head(coded, row))
    console.print(table)


def _print_assertion(console: Console, record: Record, row: Assertion) -> None:
    """One row: its sentence, its chain of holders, what it is linked to, and where it is counted."""
    from demarche.cli.render import assertion_head, attribution_chain, sentence_words

    coded = record.document(row.id.split(".")[0])
    console.print(assertion_head(coded, row))
    console.print(sentence_words(coded, row))
    console.print()
    for depth, line in enumerate(attribution_chain(coded, row.attribution)):
        console.print("  " * depth + "said by ", line, sep="")
    for fact in _facts(record, coded, row):
        console.print(fact, style="dim")


def _facts(record: Record, coded: CodedDocument, row: Assertion) -> Iterator[str]:
    text = coded.document.text
    yield f"trigger {' … '.join(text[s:e] for s, e in row.spans)!r}, predicate {row.predicate}"
    yield f"CAMEO {row.cameo}, Goldstein {row.goldstein}, intensity {row.intensity}, certainty {row.certainty}"
    if row.contexts:
        yield f"contexts {', '.join(row.contexts)}"
    for time in (t for t in coded.times if t.id == row.time):
        yield f"time {time.text!r} = {time.start or '..'}/{time.end or '..'} ({time.grain}, {time.relation})"
    for place in (p for p in coded.places if p.id == row.place):
        yield f"place {place.name} ({place.country}) {place.lat}, {place.lon}"
    for amount in (a for a in coded.amounts if a.id == row.amount):
        yield f"amount {amount.value} {amount.unit}"
    if row.condition:
        yield f"on condition of {row.condition}"
    yield f"rule {row.rule}, score {row.score:.2f}"
    for link in record.rows("links", '"from" = ? OR "to" = ?', [row.id, row.id]):
        yield f"link {link.from_} {link.kind} {link.to}"
    for event in record.events_of(row.id):
        yield f"counted in event {event}"
    yield f"sentence {row.sentence} of {coded.document.source}"


def _print_row(console: Console, record: Record, table: str, row: Any) -> None:
    """Any other row: its fields, then what stands behind it."""
    from rich.table import Table

    from demarche.records import to_json

    console.print(f"{table[:-1]} {row.id}", style="bold")
    grid = Table(box=None, show_header=False, padding=(0, 1))
    for key, value in to_json(row).items():
        if key != "id":
            grid.add_row(key, str(value) if value is not None else "–")
    console.print(grid)
    for query in _BEHIND.get(table, ()):
        for line in record.sql(query, [row.id]).to_pylist():
            console.print("  " + "  ".join(str(value) for value in line.values() if value is not None), style="dim")


_SENTENCE = 'substr(d.text, s.start + 1, s."end" - s.start)'
_ROW = f"""SELECT a.id, a.status, {_SENTENCE} AS words FROM %s AS x JOIN assertions AS a ON a.id = x.assertion
    JOIN sentences AS s ON s.id = a.sentence JOIN documents AS d ON d.id = a.document WHERE x.%s = ? ORDER BY a.id"""

_BEHIND = {
    "clusters": ("SELECT c.document, c.copy, c.evidence, d.published, d.title FROM clusters AS c"
                 " JOIN documents AS d ON d.id = c.document WHERE c.id = ? ORDER BY c.copy, d.published",),
    "events": (f"""SELECT a.id, a.status, {_SENTENCE} AS words FROM behind AS x JOIN assertions AS a
        ON a.rowid = x.assertion JOIN sentences AS s ON s.rowid = x.sentence JOIN documents AS d
        ON d.rowid = x.document WHERE x.event = (SELECT rowid FROM events WHERE id = ?) ORDER BY a.id""",),
    "claims": (f"""SELECT x.date, x.stance, coalesce((SELECT min(name) FROM actors WHERE id = x.holder),
        'the article itself') AS holder, a.id, a.status, {_SENTENCE} AS words FROM stances AS x
        JOIN assertions AS a ON a.id = x.assertion JOIN sentences AS s ON s.id = a.sentence
        JOIN documents AS d ON d.id = a.document WHERE x.claim = ? ORDER BY x.date, length(a.id), a.id""",),
    "threats": (_ROW % ("threats", "id"),),
    "commitments": (_ROW % ("commitments", "id"),),
    "forecasts": (_ROW % ("forecasts", "id"),),
    "sentences": (f"SELECT {_SENTENCE} AS words FROM sentences AS s JOIN documents AS d ON d.id = s.document"
                  " WHERE s.id = ?",),
    "attributions": (f"SELECT {_SENTENCE} AS words FROM attributions AS a JOIN sentences AS s ON s.id = a.sentence"
                     " JOIN documents AS d ON d.id = a.document WHERE a.id = ?",),
    "mentions": ('SELECT substr(d.text, m.start + 1, m."end" - m.start) AS words FROM mentions AS m'
                 " JOIN documents AS d ON d.id = m.document WHERE m.id = ?",),
    "actors": ("SELECT a.document, a.name, d.published, d.title FROM actors AS a JOIN documents AS d"
               " ON d.id = a.document WHERE a.id = ? ORDER BY d.published LIMIT 20",),
}  # fmt: skip
"""What stands behind a row of a table, by its id."""
