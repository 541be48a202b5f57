"""The reading index: one row an assertion with everything that readers filter by, so that no page joins the record.

Built by SQL from the other tables when a record is published; never a truth of its own.
"""

from __future__ import annotations

import duckdb

__all__ = ["READING", "build_reading"]

_KEYS = """
CREATE TEMP TABLE actor_keys AS
WITH best AS (
  SELECT id, name, kind, country, sector
  FROM (SELECT id, name, kind, country, sector, count(*) AS n FROM actors GROUP BY ALL)
  QUALIFY row_number() OVER (PARTITION BY id ORDER BY n DESC, country NULLS LAST, length(name), name, kind, sector) = 1
)
SELECT id, name, kind, country, sector, coalesce(country, CASE WHEN kind <> 'unnamed' THEN id END) AS side,
  CASE WHEN regexp_matches(id, '^[A-Z]{3}(\\.|$)')
       THEN list_transform(range(1, len(string_split(id, '.')) + 1),
                           lambda i: array_to_string(string_split(id, '.')[1:i], '.'))
       ELSE [id] END AS stems
FROM best
"""
"""One row an actor as most documents have it. side: its state, or itself where it has none; stems: CHN, CHN.GOV."""

_NAMES = "CREATE TABLE names AS SELECT id, name, kind, country, sector, side FROM actor_keys ORDER BY id"

_LISTS = """
CREATE TEMP TABLE lists_{column} AS
SELECT actors, '|' || string_agg(DISTINCT key, '|' ORDER BY key) || '|' AS keys,
       list(DISTINCT k.side ORDER BY k.side) FILTER (k.side IS NOT NULL) AS sides
FROM (SELECT actors, unnest(actors) AS actor FROM (SELECT DISTINCT {column} AS actors FROM assertions)) AS u
JOIN (SELECT id, side, unnest(list_distinct(list_append(stems, side))) AS key FROM actor_keys) AS k ON k.id = u.actor
WHERE key IS NOT NULL GROUP BY actors
"""
"""What each list of actors that occurs can be found by: few lists, however many rows."""

_READING = """
CREATE TABLE reading AS
SELECT a.type, a.mode, a.quad, a.status, a.standing, a.polarity, a.certainty,
  a.predicate, a.rule, a.score, a.intensity,
  coalesce(s.keys, '') AS doers, coalesce(t.keys, '') AS receivers, coalesce(h.keys, '') AS speakers,
  coalesce(s.sides, []) AS source_sides, coalesce(t.sides, []) AS target_sides,
  a.sources, a.targets, a.holders,
  try_cast(substr(d.published, 1, 10) AS DATE) AS day,
  try_cast(substr(coalesce(m.start, m."end"), 1, 10) AS DATE) AS happened,
  d.publisher, d.copy, d.cluster, p.id AS place, p.name AS place_name, p.country AS place_country,
  g.number AS passage, a.rowid::UINTEGER AS "row", e.rowid::UINTEGER AS sentence_row, d.rowid::UINTEGER AS document_row
FROM assertions AS a JOIN documents AS d ON d.id = a.document
LEFT JOIN sentences AS e ON e.id = a.sentence LEFT JOIN passages AS g ON g."row" = e.rowid
LEFT JOIN lists_sources AS s ON s.actors = a.sources LEFT JOIN lists_targets AS t ON t.actors = a.targets
LEFT JOIN lists_holders AS h ON h.actors = a.holders
LEFT JOIN times AS m ON m.document = a.document AND m.id = a.time
LEFT JOIN places AS p ON p.document = a.document AND p.id = a.place
ORDER BY doers, receivers, day DESC NULLS LAST, "row"
"""

READING: dict[str, dict[str, str]] = {
    "names": {
        "table": "Actors over all documents: one row an id, named as most documents name it.",
        "side": "its state, or the actor itself where it has none",
    },
    "reading": {
        "table": "Assertions with what readers filter by; ids stand there. By who acts, on whom, newest first.",
        "doers": "ids, bodies above them and sides of the sources: |CHN|CHN.GOV|",
        "receivers": "the same of the targets",
        "speakers": "the same of the holders",
        "day": "day of publication",
        "happened": "first day of its time",
        "passage": "passages.number of its sentence",
        "row": "row number (rowid) in assertions, which are in the order of documents and of their text",
        "sentence_row": "row number (rowid) in sentences",
        "document_row": "row number (rowid) in documents",
    },
}
"""Each table and what its columns mean."""


def build_reading(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the tables of `READING`; `passages` must be there."""
    connection.execute(_KEYS)
    connection.execute(_NAMES)
    for column in ("sources", "targets", "holders"):
        connection.execute(_LISTS.format(column=column))
    connection.execute(_READING)
    for name in ("actor_keys", "lists_sources", "lists_targets", "lists_holders"):
        connection.execute(f"DROP TABLE {name}")
