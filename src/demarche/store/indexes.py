"""Tables of the serving file that only make reading fast: built by SQL from the others, never a truth of their own.

They are no part of the content hash; `check_record` holds them against the tables they come from.
"""

from __future__ import annotations

import duckdb

from demarche.resources import read_toml
from demarche.store.reading import READING, build_reading
from demarche.store.words import build_words

__all__ = ["INDEXES", "build_indexes"]

_DAYS = """
CREATE TABLE days AS
WITH dated AS (SELECT try_cast(substr(published, 1, 10) AS DATE) AS day, coalesce(cluster, id) AS cluster, publisher
               FROM documents),
     firsts AS (SELECT day, count(*) AS articles FROM (SELECT min(day) AS day FROM dated GROUP BY cluster) GROUP BY day)
SELECT d.day, count(*) AS documents, coalesce(any_value(f.articles), 0) AS articles,
       count(DISTINCT d.publisher) AS publishers
FROM dated AS d LEFT JOIN firsts AS f ON f.day IS NOT DISTINCT FROM d.day GROUP BY d.day ORDER BY d.day NULLS LAST
"""

_WHO = """
CREATE TABLE who AS
SELECT id, name, kind, coalesce(country, CASE WHEN kind <> 'unnamed' THEN id END) AS side, sector,
       sum(n) OVER (PARTITION BY id)::BIGINT AS documents
FROM (SELECT id, name, country, kind, sector, count(*) AS n FROM actors GROUP BY ALL)
QUALIFY row_number() OVER
  (PARTITION BY id ORDER BY n DESC, country NULLS LAST, sector NULLS LAST, length(name), name, kind) = 1
ORDER BY id
"""
"""One row an actor: its name, side and sector as most documents have them."""

_FACTS = """
CREATE TEMP TABLE facts AS
WITH means AS (
  SELECT b.event, round(avg(round(a.intensity * 10000)::INTEGER) / 10000, 4) AS intensity,
         round(avg(round(a.goldstein * 10000)::INTEGER) / 10000, 4) AS goldstein
  FROM behind AS b JOIN assertions AS a ON a.rowid = b.assertion GROUP BY b.event
), outlets AS (
  SELECT event, list_sort(list(publisher)) AS publishers FROM (
    SELECT DISTINCT b.event, d.publisher FROM behind AS b JOIN documents AS d ON d.rowid = b.document
    WHERE d.publisher IS NOT NULL)
  GROUP BY event
)
SELECT m.event, m.intensity, m.goldstein, o.publishers FROM means AS m LEFT JOIN outlets AS o ON o.event = m.event
"""
"""By row numbers: ids of millions of events would not fit in memory."""

_SIDES = """
CREATE TEMP TABLE {name} AS
SELECT named, side, list_sort(list(DISTINCT actor)) AS actors, list_sort(list(DISTINCT sector)) AS sectors
FROM (SELECT named, unnest(named) AS actor FROM (SELECT DISTINCT {column} AS named FROM events)) AS u
LEFT JOIN who ON who.id = u.actor
GROUP BY ALL
"""
"""The sides of each list of actors that occurs: few lists, however many events."""

_DYADS = """
CREATE TABLE dyads AS
WITH pairs AS (
  SELECT e.rowid AS "row", s.side AS source, t.side AS target, s.actors AS source_actors, t.actors AS target_actors,
         s.sectors AS source_sectors, t.sectors AS target_sectors, FALSE AS mutual
  FROM events AS e LEFT JOIN doers AS s ON s.named = e.sources LEFT JOIN receivers AS t ON t.named = e.targets
  WHERE len(e.targets) > 0 OR len(e.sources) < 2
  UNION ALL
  SELECT e.rowid, s.side, t.side, s.actors, t.actors, s.sectors, t.sectors, TRUE
  FROM events AS e JOIN doers AS s ON s.named = e.sources LEFT JOIN doers AS t
    ON t.named = e.sources AND t.side IS DISTINCT FROM s.side
  WHERE len(e.targets) = 0 AND len(e.sources) > 1
)
SELECT p.source, p.target, p."row"::UINTEGER AS "row",
       coalesce(try_cast(substr(e.date, 1, 10) AS DATE), try_cast(substr(e.start, 1, 10) AS DATE)) AS first,
       coalesce(try_cast(substr(e.date, 1, 10) AS DATE), try_cast(substr(e."end", 1, 10) AS DATE) - 1) AS last,
       e.type, {quad} AS quad, e.status, e.standing, p.mutual,
       coalesce(f.intensity, {score}) AS intensity, f.goldstein,
       p.source_actors, p.target_actors, p.source_sectors, p.target_sectors, coalesce(f.publishers, []) AS publishers
FROM pairs AS p JOIN events AS e ON e.rowid = p."row" LEFT JOIN facts AS f ON f.event = p."row"
ORDER BY p.source, p.target, first, "row"
"""

_PAIRS = """
CREATE TABLE pairs AS
SELECT one, other, count(*) AS n, count(*) FILTER (quad LIKE '%conflict') AS conflict,
  count(*) FILTER (quad LIKE '%cooperation') AS cooperation, max(last) AS last
FROM (SELECT least(source, target) AS one, greatest(source, target) AS other, "row", any_value(quad) AS quad,
             max(last) AS last
      FROM dyads WHERE source <> target AND status = 'actual' AND standing IN ('reported', 'attributed')
        AND first IS NOT NULL AND last IS NOT NULL GROUP BY ALL)
GROUP BY ALL ORDER BY n DESC, one, other
"""
"""Each event once, however many rows of `dyads` it has between the two."""

_BEHIND = """
CREATE TABLE behind AS
SELECT e.rowid::UINTEGER AS event, a.rowid::UINTEGER AS assertion, s.rowid::UINTEGER AS sentence,
       d.rowid::UINTEGER AS document, x.told, x.status, x.standing, x.score
FROM told AS x JOIN events AS e ON e.id = x.event JOIN assertions AS a ON a.id = x.assertion
JOIN sentences AS s ON s.id = a.sentence JOIN documents AS d ON d.id = a.document ORDER BY 1, 2
"""

_TOLD = """
CREATE VIEW event_assertions AS
SELECT e.id AS event, a.id AS assertion, b.told, b.status, b.standing, b.score
FROM behind AS b JOIN events AS e ON e.rowid = b.event JOIN assertions AS a ON a.rowid = b.assertion
"""
_TOLD_PLAIN = "CREATE TABLE event_assertions AS SELECT * FROM told ORDER BY event, assertion"
"""Where a row points at something that is missing: `check_record` must find it."""

_PASSAGES = """
CREATE TABLE passages AS
SELECT (row_number() OVER (ORDER BY d.published DESC NULLS LAST, d.id, s.start, s."end") - 1)::UINTEGER AS number,
       s.rowid::UINTEGER AS "row", d.rowid::UINTEGER AS document
FROM sentences AS s JOIN documents AS d ON d.id = s.document ORDER BY number
"""

_EVENT_KEYS = """
CREATE TABLE event_keys AS
SELECT (md5_number_lower(id) >> 32)::UINTEGER AS key, rowid::UINTEGER AS "row" FROM events ORDER BY key, "row"
"""
"""Four bytes of a hash and a row number, sorted: an event is found by its id without reading the ids of all."""

_TALLIES = """
CREATE TABLE tallies AS
SELECT type, quad, status, standing, publisher, place_country, copy = 'original' AS once,
       grouping(type, quad, status, standing, publisher, place_country)::UTINYINT AS which, count(*) AS n
FROM reading GROUP BY GROUPING SETS ((type, once), (quad, once), (status, once), (standing, once), (publisher, once),
                                     (place_country, once), (type, quad, status, standing, once))
ORDER BY which, once, n DESC
"""

INDEXES: dict[str, dict[str, str]] = {
    "days": {
        "table": "What was read: one row a day of publication; null: documents without a date. Tells gaps from zeros.",
        "documents": "articles read, every copy",
        "articles": "distinct articles: a set of copies counts once, on its first day",
    },
    "dyads": {
        "table": "Events by pair: one row an event, side of a doer and side of a receiver. Sorted by pair and date.",
        "source": "the doer's state, or the actor itself where it has none; null: nobody named",
        "target": "the same for the receiver; null: none. Joint acts without a receiver pair their doers both ways",
        "first": "first day that the event may have happened on",
        "last": "last day, included; equal to first where the day is known",
        "row": "row number (rowid) in events",
        "mutual": "doers of a joint act, paired with each other",
        "intensity": "PLOVER's score, mean over the rows behind the event, else that of the type",
        "goldstein": "Goldstein score, mean over the rows behind the event",
        "publishers": "outlets that report it",
    },
    "pairs": {
        "table": "How much happened between two sides, both ways, as a series counts by default: events that happened,"
        " reported or attributed, with a known span of days. The busiest first.",
        "one": "the side that comes first in the alphabet",
        "n": "distinct events",
        "conflict": "of them, of the two quad classes of conflict",
        "cooperation": "of them, of the two of cooperation",
        "last": "last day of the newest of them",
    },
    "behind": {
        "table": "What stands behind an event, by row numbers (rowid): a page is read without a search for ids.",
        "event": "row number in events",
        "assertion": "row number in assertions",
        "sentence": "row number in sentences",
        "document": "row number in documents",
        "told": "as in event_assertions, which is made of this table",
        "status": "the same",
        "standing": "the same",
        "score": "the same",
    },
    "event_keys": {
        "table": "Where an event stands, by its id: `Record.event_rows` looks here.",
        "key": "the upper half of the lower half of the MD5 of its id",
        "row": "row number in events",
    },
    "tallies": {
        "table": "How many assertions have each type, quad, status, standing, publisher and country of the place.",
        "once": "whether the row's article is an original",
        "which": "which columns were put together: a bit for each of the six from the left, 0 where it counts",
        "n": "rows",
    },
    "who": {
        "table": "One row an actor, as most documents have it.",
        "side": "its state, or itself where it has none; null: unnamed",
        "documents": "documents that name it",
    },
    "terms": {
        "table": "The words of the index, without accents and in lower case.",
        "number": "postings.term",
        "sentences": "sentences that hold it",
    },
    "passages": {
        "table": "Sentences numbered from the newest article on: what `postings` points to.",
        "row": "row number (rowid) in sentences",
        "document": "row number in documents",
    },
    "postings": {
        "table": "Which sentences hold a word; very frequent words are left out.",
        "term": "terms.number",
        "sentence": "passages.number",
    },
    **READING,
}
"""Each table and what its columns mean."""


def _by_type(fact: str) -> str:
    """SQL for a fact of the codebook on the event's type."""
    types = read_toml("codebooks/plover.toml")["type"]
    cases = " ".join(f"WHEN '{name}' THEN {entry[fact]!r}" for name, entry in types.items())
    return f"CASE e.type {cases} END"


def build_indexes(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the tables of `INDEXES` to a database that holds all tables of the record."""
    connection.execute(_DAYS)
    connection.execute(_WHO)
    connection.execute(_BEHIND)
    whole = connection.execute("SELECT (SELECT count(*) FROM told) = (SELECT count(*) FROM behind)").fetchall()[0][0]
    connection.execute(_TOLD if whole else _TOLD_PLAIN)
    connection.execute("DROP TABLE told")
    connection.execute(_FACTS)
    for name, column in (("doers", "sources"), ("receivers", "targets")):
        connection.execute(_SIDES.format(name=name, column=column))
    connection.execute(_DYADS.format(quad=_by_type("quad"), score=_by_type("score")))
    connection.execute(_EVENT_KEYS)
    connection.execute(_PAIRS)
    connection.execute(_PASSAGES)
    build_words(connection)
    build_reading(connection)
    connection.execute(_TALLIES)
    for name in ("facts", "doers", "receivers"):
        connection.execute(f"DROP TABLE {name}")
    for name, notes in INDEXES.items():
        for key, note in notes.items():
            words = note.replace("'", "''")
            target = f"TABLE {name}" if key == "table" else f'COLUMN {name}."{key}"'
            connection.execute(f"COMMENT ON {target} IS '{words}'")
