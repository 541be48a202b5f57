"""What a record must keep: each check is one query that lists the rows which break it (invariants of the contract)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from demarche.store.freeze import hash_parts, read_frozen
from demarche.store.manifest import check_form, check_parts
from demarche.store.reader import Record
from demarche.store.serving import content_hashes

__all__ = ["Breach", "check_record"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """invariant: its number in the contract; 0: the files themselves. examples: ids of rows, at most five."""

    invariant: int
    what: str
    count: int
    examples: tuple[str, ...]


def _spans(table: str, column: str) -> str:
    """Rows with a span of `column` outside their document."""
    return f"""
        SELECT t.id FROM (SELECT id, document, unnest({column}) AS span FROM {table}) AS t
        JOIN documents AS d ON d.id = t.document
        WHERE len(span) <> 2 OR span[1] < 0 OR span[1] >= span[2] OR span[2] > length(d.text)
    """


def _inside(table: str, key: str = "id") -> str:
    return f"""
        SELECT t.{key} FROM {table} AS t JOIN documents AS d ON d.id = t.document
        WHERE t.start < 0 OR t.start >= t."end" OR t."end" > length(d.text)
    """


def _points(table: str, column: str, target: str, *, key: str = "id", same: bool = True) -> str:
    """Rows whose `column` names no row of `target` (of the same document)."""
    join = f'r.id = t."{column}"' + (" AND r.document = t.document" if same else "")
    return f"""
        SELECT t."{key}" FROM {table} AS t
        WHERE t."{column}" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {target} AS r WHERE {join})
    """


def _lists(table: str, column: str, *, same: bool = True) -> str:
    """Rows with an actor in the list `column` that no document (the same document) has."""
    where = "r.id = t.actor" + (" AND r.document = t.document" if same else "")
    document = "document, " if same else ""
    return f"""
        SELECT t.id FROM (SELECT id, {document}unnest({column}) AS actor FROM {table}) AS t
        WHERE NOT EXISTS (SELECT 1 FROM actors AS r WHERE {where})
    """


def _unique(table: str, key: str) -> str:
    return f"SELECT any_value({key.split(',', maxsplit=1)[0]}) FROM {table} GROUP BY {key} HAVING count(*) > 1"


_SPACE = r"\s\x{0B}\x{1C}-\x{1F}\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}"
"""What separates words: the white space of Unicode, as Python's `str.split` sees it."""

CHECKS: tuple[tuple[int, str, str], ...] = (
    (1, "a paragraph lies outside its document", _inside("paragraphs", "document")),
    (1, "a sentence lies outside its document", _inside("sentences")),
    (1, "a mention lies outside its document", _inside("mentions")),
    *((1, f"a {c} of an attribution lies outside its document", _spans("attributions", c))
      for c in ("source", "cue", "content")),
    (1, "a span of an assertion lies outside its document", _spans("assertions", "spans")),
    (1, "a sentence lies outside its paragraph", """
        SELECT s.id FROM sentences AS s LEFT JOIN
          (SELECT *, row_number() OVER (PARTITION BY document ORDER BY start, "end") - 1 AS number FROM paragraphs) AS p
          ON p.document = s.document AND p.number = s.paragraph
        WHERE p.start IS NULL OR s.start < p.start OR s."end" > p."end"
    """),
    (1, "the trigger of an assertion lies outside its sentence", """
        SELECT t.id FROM (SELECT id, sentence, unnest(spans) AS span FROM assertions) AS t
        JOIN sentences AS s ON s.id = t.sentence WHERE span[1] < s.start OR span[2] > s."end"
    """),
    (1, "the words of a time are not its mention's", """
        SELECT t.id FROM times AS t JOIN documents AS d ON d.id = t.document
        WHERE NOT EXISTS (SELECT 1 FROM mentions AS m WHERE m.document = t.document AND m.ref = t.id
          AND substr(d.text, m.start + 1, m."end" - m.start) = t.text)
    """),
    (1, "the number of words is not that of the text",
     f"SELECT id FROM documents WHERE words <> len(regexp_extract_all(text, '[^{_SPACE}]+'))"),
    *((2, f"two rows of {table} have one id", _unique(table, "id"))
      for table in ("documents", "sentences", "mentions", "attributions", "assertions", "events", "claims", "threats",
                    "commitments", "forecasts", "rejections")),
    (2, "an actor stands twice in a document", _unique("actors", "id, document")),
    *((2, f"a row of {table} belongs to no document", _points(table, "document", "documents", key=key, same=False))
      for table, key in (("paragraphs", "document"), ("sentences", "id"), ("actors", "id"), ("mentions", "id"),
                         ("places", "id"), ("times", "id"), ("amounts", "id"), ("attributions", "id"),
                         ("assertions", "id"), ("links", "from"), ("clusters", "document"))),
    (2, "a mention refers to nothing", """
        SELECT m.id FROM mentions AS m WHERE NOT EXISTS (
          SELECT 1 FROM (SELECT document, id, 'actor' AS kind FROM actors
          UNION ALL SELECT document, id, 'place' FROM places UNION ALL SELECT document, id, 'time' FROM times
          UNION ALL SELECT document, id, 'amount' FROM amounts) AS r
          WHERE r.document = m.document AND r.id = m.ref AND r.kind = m.kind)
    """),
    (2, "an attribution's sentence is missing", _points("attributions", "sentence", "sentences")),
    (2, "an attribution's holder is missing", _points("attributions", "holder", "actors")),
    (2, "an attribution's parent is missing", _points("attributions", "parent", "attributions")),
    (2, "an assertion's sentence is missing", _points("assertions", "sentence", "sentences")),
    (2, "an assertion's attribution is missing", _points("assertions", "attribution", "attributions")),
    *((2, f"an assertion's {column} is missing", _points("assertions", column, f"{column}s"))
      for column in ("place", "time", "amount")),
    (2, "an assertion's condition is missing", _points("assertions", "condition", "assertions")),
    *((2, f"an actor in an assertion's {column} is missing", _lists("assertions", column))
      for column in ("sources", "targets", "holders")),
    *((2, f"the end of a link is missing ({column})", _points("links", column, "assertions", key=column, same=False))
      for column in ("from", "to")),
    (2, "a chain of attributions comes back to itself", """
        WITH RECURSIVE up(id, above) AS (
          SELECT id, parent FROM attributions WHERE parent IS NOT NULL
          UNION SELECT up.id, a.parent FROM up JOIN attributions AS a ON a.id = up.above WHERE a.parent IS NOT NULL
        ) SELECT id FROM up WHERE id = above
    """),
    (2, "a holder stands twice in a chain",
     "SELECT id FROM assertions WHERE len(holders) <> len(list_distinct(holders))"),
    (2, "a stance's claim is missing", _points("stances", "claim", "claims", key="claim", same=False)),
    (2, "a stance's assertion is missing", _points("stances", "assertion", "assertions", key="assertion", same=False)),
    *((2, f"a {table[:-1]}'s {column} is missing", _points(table, column, "assertions", same=False))
      for table, columns in (("threats", ("assertion", "harm", "condition", "shown_by")),
                             ("commitments", ("assertion", "content", "shown_by")),
                             ("forecasts", ("assertion", "shown_by")))
      for column in columns),
    *((2, f"an actor of a row of {table} is missing", _lists(table, column, same=False))
      for table, columns in (("events", ("sources", "targets")),
                             ("claims", ("sources", "targets", "asserting", "denying")),
                             ("threats", ("threatener", "target")), ("commitments", ("debtor", "creditor")),
                             ("forecasts", ("forecaster",)))
      for column in columns),
    (3, "a row behind an event is missing",
     _points("event_assertions", "assertion", "assertions", key="event", same=False)),
    (3, "an event of a row is missing", _points("event_assertions", "event", "events", key="event", same=False)),
    (3, "an assertion is counted in two events", _unique("event_assertions", "assertion")),
    (3, "an event's counts are not those of its rows", """
        SELECT e.id FROM events AS e LEFT JOIN (
          SELECT event, count(*) AS n, count(DISTINCT a.document) AS docs,
                 count(DISTINCT coalesce(d.cluster, d.id)) AS sets
          FROM event_assertions AS x JOIN assertions AS a ON a.id = x.assertion JOIN documents AS d ON d.id = a.document
          GROUP BY event) AS c ON c.event = e.id
        WHERE coalesce(c.n, 0) <> e.assertions OR coalesce(c.docs, 0) <> e.documents
           OR coalesce(c.sets, 0) <> e.clusters
    """),
    (3, "a claim's documents are not those of its stances", """
        SELECT c.id FROM claims AS c LEFT JOIN (
          SELECT claim, count(DISTINCT a.document) AS docs FROM stances AS s JOIN assertions AS a ON a.id = s.assertion
          GROUP BY claim) AS n ON n.claim = c.id WHERE coalesce(n.docs, 0) <> c.documents
    """),
    (3, "an event is missing in the series, or there without a row", """
        SELECT coalesce(e.id, y.event::VARCHAR) FROM events AS e
        FULL JOIN (SELECT DISTINCT "row" AS event FROM dyads) AS y ON y.event = e.rowid
        WHERE e.id IS NULL OR y.event IS NULL
    """),
    (3, "the days of the series are not those of the documents", """
        SELECT coalesce(d.day, n.day)::VARCHAR FROM days AS d FULL JOIN (
          SELECT try_cast(substr(published, 1, 10) AS DATE) AS day, count(*) AS documents
          FROM documents GROUP BY ALL) AS n
          ON n.day IS NOT DISTINCT FROM d.day WHERE n.documents IS DISTINCT FROM d.documents
    """),
    (4, "a copy stands in two clusters", _unique("clusters", "document")),
    (4, "a cluster's representative is not in it", """
        SELECT c.id FROM clusters AS c WHERE NOT EXISTS
          (SELECT 1 FROM clusters AS r WHERE r.id = c.id AND r.document = c.representative)
    """),
    (4, "a cluster has two representatives",
     "SELECT id FROM clusters GROUP BY id HAVING count(DISTINCT representative) > 1"),
    (4, "a document does not know its cluster", """
        SELECT d.id FROM documents AS d LEFT JOIN clusters AS c ON c.document = d.id
        WHERE d.cluster IS DISTINCT FROM c.id OR (c.id IS NOT NULL AND d.copy <> c.copy)
    """),
)  # fmt: skip
"""(invariant, what is wrong, query that lists the rows where it is)."""


def check_record(folder: Path) -> Iterator[Breach]:
    """Every breach of invariants 1 to 4 and of the files' hashes. A sound record yields nothing.

    Raises:
        StoreError: the record cannot be opened.
    """
    check_form(folder)
    wrong = check_parts(folder)
    if wrong:
        yield Breach(
            invariant=0, what="the parts are not what was written", count=len(wrong), examples=tuple(wrong[:5])
        )
    with Record.open(folder) as record:
        yield from _check_content(record)
        yield from _check_frozen(folder, record)
        for invariant, what, query in CHECKS:
            found = record.sql(query).column(0).to_pylist()
            if found:
                yield Breach(
                    invariant=invariant, what=what, count=len(found), examples=tuple(map(str, sorted(set(found))[:5]))
                )


def _check_content(record: Record) -> Iterator[Breach]:
    """The tables must say what they said when they were published."""
    tables, total = content_hashes(record.connection)
    if total != record.manifest.record:
        then = {name: value for name, _, value in record.manifest.content}
        changed = tuple(name for name, _, value in tables if then.get(name) != value)
        yield Breach(
            invariant=0, what="the serving file is not what was published", count=len(changed), examples=changed[:5]
        )


def _check_frozen(folder: Path, record: Record) -> Iterator[Breach]:
    """A frozen record must be the one that is cited."""
    frozen = read_frozen(folder)
    if frozen is None:
        return
    changed = tuple(
        f"{name}: {now}, cited {then}"
        for name, now, then in (
            ("content", record.manifest.record, frozen.content),
            ("parts", hash_parts(record.manifest), frozen.parts),
        )
        if now != then
    )
    if changed:
        yield Breach(invariant=0, what="the frozen record is not the one cited", count=len(changed), examples=changed)
