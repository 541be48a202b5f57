"""Rows of the record as pages show them: names for ids, the sentence with its marks, links to what stands behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from demarche.web.marks import Mark, mark_text
from demarche.web.opened import Opened

__all__ = ["Party", "RowView", "find_rows", "names_of", "numbered", "page_of", "row_address", "row_views", "rows_by_id"]

COLUMNS = (
    "type, mode, quad, status, standing, polarity, certainty, predicate, rule, score, sources,"
    " targets, holders, day, happened, publisher, place, place_name, place_country, copy"
)
"""What `RowView` needs of the reading index."""

WITH_WORDS = """
WITH r AS MATERIALIZED ({page}),
  a AS MATERIALIZED (SELECT rowid AS at, id, document, sentence, spans FROM assertions
                     WHERE rowid IN (SELECT "row" FROM r)),
  s AS MATERIALIZED (SELECT rowid AS at, start, "end" FROM sentences WHERE rowid IN (SELECT sentence_row FROM r)),
  d AS MATERIALIZED (SELECT rowid AS at, text FROM documents WHERE rowid IN (SELECT document_row FROM r))
SELECT r.* EXCLUDE ("row", sentence_row, document_row, place_in), a.id, a.document, a.sentence, a.spans, s.start,
  substr(d.text, s.start + 1, s."end" - s.start) AS words
FROM r JOIN a ON a.at = r."row" LEFT JOIN s ON s.at = r.sentence_row JOIN d ON d.at = r.document_row
ORDER BY r.place_in
"""
"""Rows of the reading index with their sentences, which are looked up by row number for one page alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """An actor on a page."""

    id: str
    name: str
    country: str | None
    kind: str

    @property
    def address(self) -> str:
        return f"/actor/{quote(self.id)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """One assertion on a page. words: its sentence, the act marked."""

    row: Mapping[str, Any]
    sources: tuple[Party, ...]
    targets: tuple[Party, ...]
    holders: tuple[Party, ...]
    words: Markup

    def __getattr__(self, name: str) -> Any:
        try:
            return self.row[name]
        except KeyError as error:
            raise AttributeError(name) from error

    @property
    def short(self) -> str:
        return str(self.row["id"]).split(".", 1)[-1]

    @property
    def address(self) -> str:
        return row_address(self.row["id"])


def row_address(identifier: str) -> str:
    """Where a row is shown."""
    return f"/row/{quote(identifier)}"


def names_of(opened: Opened, ids: Iterable[str]) -> dict[str, Party]:
    """Actors by id; an id that no document names stands for itself."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    found = opened.rows(
        f"SELECT id, name, country, kind FROM names WHERE id IN ({', '.join('?' * len(wanted))})", wanted
    )
    known = {row["id"]: Party(**row) for row in found}
    return {i: known.get(i) or Party(id=i, name=i, country=None, kind="") for i in wanted}


def row_views(opened: Opened, rows: Sequence[Mapping[str, Any]]) -> list[RowView]:
    """Rows of the reading index with names and marked sentences; names are looked up once for all."""
    people = names_of(opened, (i for row in rows for c in ("sources", "targets", "holders") for i in row[c]))

    def parties(ids: Iterable[str]) -> tuple[Party, ...]:
        return tuple(people[i] for i in ids)

    return [
        RowView(
            row=row,
            sources=parties(row["sources"]),
            targets=parties(row["targets"]),
            holders=parties(row["holders"]),
            words=marked_sentence(row),
        )
        for row in rows
    ]


def marked_sentence(row: Mapping[str, Any]) -> Markup:
    """The sentence of a row, its act marked."""
    text = row["words"] or ""
    shift = row["start"] or 0
    marks = [
        Mark(start=s - shift, end=e - shift, layer=1, classes=f"act q-{row['quad'] or 'none'}") for s, e in row["spans"]
    ]
    return mark_text(text, 0, len(text), marks)


def numbered(opened: Opened, ids: Iterable[str]) -> str:
    """SQL on the reading index for: one of the rows with these ids. They are looked up by their documents, which the
    table of assertions is sorted by."""
    wanted = sorted(set(ids))
    found = opened.rows(
        "SELECT rowid AS at FROM assertions WHERE document IN (SELECT unnest(?)) AND id IN (SELECT unnest(?))",
        [sorted({identifier.partition(".")[0] for identifier in wanted}), wanted],
    )
    return f'"row" IN ({", ".join(str(row["at"]) for row in found)})' if found else "FALSE"


def page_of(columns: str, where: str, order: str, limit: int, offset: int = 0) -> str:
    """SQL for a page of the reading index: `columns` of it, and each row's id, document, sentence, spans and words."""
    page = f"""SELECT {columns}{", " if columns else ""}"row", sentence_row, document_row,
          row_number() OVER (ORDER BY {order}) AS place_in
        FROM (SELECT * FROM reading WHERE rowid IN (
          SELECT rowid FROM reading WHERE {where} ORDER BY {order} LIMIT {limit:d} OFFSET {offset:d}))"""
    return WITH_WORDS.format(page=page)


def find_rows(
    opened: Opened, where: str, params: Sequence[Any], *, order: str, limit: int, offset: int = 0
) -> list[RowView]:
    """Rows of the reading index that a condition lets through."""
    return row_views(opened, opened.rows(page_of(COLUMNS, where, order, limit, offset), list(params)))


def rows_by_id(opened: Opened, ids: Iterable[str], *, order: str = '"row"', limit: int) -> list[RowView]:
    """The rows with these ids; unknown ones are left out."""
    return find_rows(opened, numbered(opened, ids), [], order=order, limit=limit)
