"""The reading index: one row an assertion with everything the pages filter by, so that no page joins the whole record.

It is built when a record is opened, from the record's own tables, and is never a truth of its own.
"""

from __future__ import annotations

import duckdb

__all__ = ["build_reading"]

_ACTOR_KEYS = """
CREATE OR REPLACE TEMP TABLE actor_keys AS
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
"""One row an actor as most documents have it. side: its state, or itself where it has none; stems: `CHN`, `CHN.GOV`."""

_NAMES = """
CREATE OR REPLACE TABLE names AS SELECT id, name, kind, country, sector, side FROM actor_keys ORDER BY id
"""

_PARTIES = """
CREATE OR REPLACE TEMP TABLE parties_{column} AS
SELECT u.id, '|' || string_agg(DISTINCT key, '|' ORDER BY key) || '|' AS keys,
       list(DISTINCT k.side ORDER BY k.side) FILTER (k.side IS NOT NULL) AS sides
FROM (SELECT id, unnest({column}) AS actor FROM assertions) AS u
JOIN (SELECT id, side, unnest(list_distinct(list_append(stems, side))) AS key FROM actor_keys) AS k ON k.id = u.actor
WHERE key IS NOT NULL GROUP BY u.id
"""

_READING = """
CREATE OR REPLACE TABLE reading AS
SELECT a.id, a.document, a.sentence, a.type, a.mode, a.quad, a.status, a.standing, a.polarity, a.certainty,
  a.predicate, a.rule, a.score, a.intensity, a.contexts,
  coalesce(s.keys, '') AS doers, coalesce(t.keys, '') AS receivers, coalesce(h.keys, '') AS speakers,
  coalesce(s.sides, []) AS source_sides, coalesce(t.sides, []) AS target_sides, coalesce(h.sides, []) AS holder_sides,
  a.sources, a.targets, a.holders,
  try_cast(substr(d.published, 1, 10) AS DATE) AS day,
  try_cast(substr(coalesce(m.start, m."end"), 1, 10) AS DATE) AS happened,
  d.publisher, d.language, d.copy, d.cluster, d.damage,
  p.id AS place, p.name AS place_name, p.country AS place_country,
  substr(d.text, e.start + 1, e."end" - e.start) AS words, a.spans, e.start AS start
FROM assertions AS a JOIN documents AS d ON d.id = a.document
LEFT JOIN sentences AS e ON e.id = a.sentence
LEFT JOIN parties_sources AS s ON s.id = a.id LEFT JOIN parties_targets AS t ON t.id = a.id
LEFT JOIN parties_holders AS h ON h.id = a.id
LEFT JOIN times AS m ON m.document = a.document AND m.id = a.time
LEFT JOIN places AS p ON p.document = a.document AND p.id = a.place
ORDER BY doers, receivers, day DESC NULLS LAST, a.document, length(a.id), a.id
"""


def build_reading(connection: duckdb.DuckDBPyConnection) -> None:
    """Add `names` and `reading` to the working schema of `connection`, which must see all tables of the record."""
    connection.execute(_ACTOR_KEYS)
    connection.execute(_NAMES)
    for column in ("sources", "targets", "holders"):
        connection.execute(_PARTIES.format(column=column))
    connection.execute(_READING)
    for name in ("actor_keys", "parties_sources", "parties_targets", "parties_holders"):
        connection.execute(f"DROP TABLE {name}")
