"""Counts of happenings over time, for a pair, an actor or a group: distinct events, copies once, gaps told from zeros.

Every number is the count of rows that `rows_behind` lists.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log
from typing import Any

import numpy as np
import numpy.typing as npt

from demarche.errors import ConfigError, StoreError
from demarche.records import EventType, Quad, Standing, Status
from demarche.series.calendar import By, bin_start, bins_of, sql_bin
from demarche.series.parties import Group, Party, find_party, sql_party
from demarche.store import Record

__all__ = [
    "QUADS", "Behind", "Bin", "CountedEvents", "EventBehind", "Series", "SeriesQuery", "ask_range", "count_series",
    "events_behind", "ids_of_events", "list_events", "log_ratio", "rows_behind",
]  # fmt: skip

DEFAULT_STATUSES = (Status.ACTUAL,)
DEFAULT_STANDINGS = (Standing.REPORTED, Standing.ATTRIBUTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesQuery:
    """What to count. Empty tuples of types, quads, sectors and publishers: all.

    source: who acts: `CHN`, `China`, an actor's id or name, a group (`EU+`, or of a user's file); None: anybody.
    target: towards whom; None: towards anybody or nobody.
    directed: False counts acts both ways between the two (with one party: acts by it and towards it).
    since, until: days, both included; None: what the record covers.
    sectors: PLOVER roles of the acting side (GOV MIL …). publishers: at least one of them reports the event.
    """

    source: str | None
    target: str | None = None
    directed: bool = True
    by: By = By.MONTH
    since: datetime.date | None = None
    until: datetime.date | None = None
    types: tuple[EventType, ...] = ()
    quads: tuple[Quad, ...] = ()
    statuses: tuple[Status, ...] = DEFAULT_STATUSES
    standings: tuple[Standing, ...] = DEFAULT_STANDINGS
    sectors: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """One bin `[start, end)`.

    read: documents published in it, every copy; 0: nothing was read, a gap: its counts say nothing.
    articles: distinct ones (a set of copies once, on its first day). days_read: days with any.
    events: distinct happenings; quads, types, statuses, standings: the same by kind.
    intensity, goldstein: means over the events (None without any). share: events per 100 distinct articles read.
    """

    start: datetime.date
    end: datetime.date
    read: int
    articles: int
    days_read: int
    events: int
    quads: Mapping[Quad, int] = field(default_factory=dict)
    types: Mapping[EventType, int] = field(default_factory=dict)
    statuses: Mapping[Status, int] = field(default_factory=dict)
    standings: Mapping[Standing, int] = field(default_factory=dict)
    intensity: float | None = None
    goldstein: float | None = None

    @property
    def gap(self) -> bool:
        return self.read == 0

    @property
    def conflict(self) -> int:
        return self.quads.get(Quad.VERBAL_CONFLICT, 0) + self.quads.get(Quad.MATERIAL_CONFLICT, 0)

    @property
    def cooperation(self) -> int:
        return self.quads.get(Quad.VERBAL_COOPERATION, 0) + self.quads.get(Quad.MATERIAL_COOPERATION, 0)

    @property
    def index(self) -> float | None:
        """Log ratio of conflict to cooperation; None without any event or where nothing was read."""
        return log_ratio(self.conflict, self.cooperation) if self.events and not self.gap else None

    @property
    def share(self) -> float | None:
        return 100 * self.events / self.articles if self.articles else None


def log_ratio(conflict: float, cooperation: float) -> float:
    """log((C + ½) / (K + ½)): above 0 where conflict prevails. The ratio cancels what swells both, as media volume."""
    return log((conflict + 0.5) / (cooperation + 0.5))


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Bins in order without holes. undated: events of the query whose day is not known to within a bin (in no bin).

    since, until: the range that was counted. rules: how it was counted, in words.
    """

    query: SeriesQuery
    source: Party | None
    target: Party | None
    since: datetime.date
    until: datetime.date
    bins: tuple[Bin, ...]
    undated: int
    rules: str

    @property
    def events(self) -> int:
        return sum(one.events for one in self.bins)

    @property
    def gaps(self) -> int:
        return sum(one.gap for one in self.bins)

    @property
    def title(self) -> str:
        """*China → United States*, *China ↔ United States*, *by and towards China*."""
        who = [party.name if party else None for party in (self.source, self.target)]
        if all(who):
            return f"{who[0]} {'→' if self.query.directed else '↔'} {who[1]}"
        if not any(who):
            return "everybody"
        if who[0]:
            return f"{who[0]} → anybody" if self.query.directed else f"by and towards {who[0]}"
        return f"anybody → {who[1]}" if self.query.directed else f"by and towards {who[1]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """An assertion behind an event: its sentence's words and its article."""

    assertion: str
    sentence: str
    document: str
    words: str
    publisher: str | None
    published: str | None
    copy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventBehind:
    """An event that was counted, with the rows that it was counted from."""

    event: str
    first: datetime.date | None
    last: datetime.date | None
    type: EventType
    quad: Quad
    status: Status
    standing: Standing
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    intensity: float | None
    publishers: tuple[str, ...]
    rows: tuple[Behind, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A query with its parties found and its range known."""

    query: SeriesQuery
    source: Party | None
    target: Party | None
    since: datetime.date
    until: datetime.date

    @property
    def single(self) -> bool:
        """Whether an event can stand in no more than one row of `dyads` that is asked for, in one direction."""
        return all(p is not None and len(p.members) == 1 for p in (self.source, self.target))

    @property
    def ways(self) -> list[tuple[Party | None, Party | None]]:
        """Doer and receiver, in one direction or both."""
        there = (self.source, self.target)
        return [there] if self.query.directed else [there, (self.target, self.source)]


_FACTS = ("first", "last", "type", "quad", "status", "standing", "intensity", "goldstein", "publishers")
"""Columns of `dyads` that are the event's own: the same in every row that it stands in."""

_SCALE = 10_000
"""Scores have four decimals; summed as whole numbers, the threads' order can't show in the last digit."""


def count_series(record: Record, query: SeriesQuery, groups: Mapping[str, Group] | None = None) -> Series:
    """Count the events of a query, bin by bin.

    Args:
        groups: from `load_groups`; None: those of the package.
    Raises:
        ConfigError: E601 nobody of that name, E602 dates reversed, E603 nothing was read in the range, E606 too many
            bins.
        StoreError: E604 the record was published by an older demarche.
    """
    asked = _ask(record, query, groups)
    counted: dict[datetime.date | None, list[dict[str, Any]]] = defaultdict(list)
    rows_of, params = _events_once(asked)
    dated = f"{sql_bin('first', query.by)} = {sql_bin('last', query.by)}"
    rows = record.sql(
        f"""SELECT CASE WHEN {dated} THEN {sql_bin("first", query.by)} END AS bin, type, quad, status, standing,
                   count(*) AS n, sum(round(intensity * {_SCALE}))::BIGINT AS intensity, count(intensity) AS scored,
                   sum(round(goldstein * {_SCALE}))::BIGINT AS goldstein, count(goldstein) AS golds
            FROM ({rows_of}) GROUP BY ALL""",
        params,
    ).to_pylist()
    for row in rows:
        counted[row["bin"]].append(row)
    read = _coverage(record, asked)
    bins = tuple(
        _bin(start, end, counted.get(start, ()), read.get(start, (0, 0, 0)))
        for start, end in bins_of(asked.since, asked.until, query.by)
    )
    undated = sum(row["n"] for row in counted.get(None, ()))
    return Series(query=query, source=asked.source, target=asked.target, since=asked.since, until=asked.until,
                  bins=bins, undated=undated, rules=_rules(query))  # fmt: skip


def rows_behind(
    record: Record,
    query: SeriesQuery,
    groups: Mapping[str, Group] | None = None,
    *,
    start: datetime.date | None = None,
    undated: bool = False,
    newest_first: bool = False,
    limit: int = 100,
    offset: int = 0,
) -> tuple[EventBehind, ...]:
    """The events behind a series, in the order of their days, each with its assertions and their sentences.

    Args:
        start: a day: only the events of its bin. undated: only those in no bin. newest_first: in the reverse order.
        limit: events at most.
    """
    asked = _ask(record, query, groups)
    where, params = _where(asked, asked.ways)
    low, high = sql_bin("first", query.by), sql_bin("last", query.by)
    if undated:
        where += f" AND ({low} IS DISTINCT FROM {high} OR first IS NULL)"
    elif start is not None:
        where += f" AND {low} = ? AND {high} = ?"
        params += [bin_start(start, query.by)] * 2
    else:
        where += f" AND {low} = {high}"
    way = "DESC NULLS FIRST" if newest_first else "ASC NULLS LAST"
    found = record.sql(  # which events, by two numbers; then their columns: a sort of all columns took thrice as long
        f"""WITH top AS MATERIALIZED (
              SELECT "row", any_value(first) AS first FROM dyads WHERE {where} GROUP BY "row"
              ORDER BY first {way}, "row" {way} LIMIT ? OFFSET ?)
            SELECT "row", first, last, type, quad, status, standing, intensity, publishers
            FROM dyads WHERE "row" IN (SELECT "row" FROM top)
            QUALIFY row_number() OVER (PARTITION BY "row") = 1 ORDER BY first {way}, "row" {way}""",
        [*params, limit, offset],
    ).to_pylist()
    return _with_rows(record, found)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedEvents:
    """Events of a query in bins, in the order of days, as columns with what indexes are made of.

    rows: row numbers in `events`. days: since 1970-01-01. quads: places in `QUADS`. intensity, goldstein: NaN where
    there is none. publishers: places in `outlets`, those of an event after those of the one before, up to `ends`.
    """

    rows: npt.NDArray[np.int64]
    days: npt.NDArray[np.int64]
    quads: npt.NDArray[np.int64]
    intensity: npt.NDArray[np.float64]
    goldstein: npt.NDArray[np.float64]
    publishers: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    outlets: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, keep: npt.NDArray[np.bool_]) -> CountedEvents:
        """These events only."""
        lengths = np.diff(self.ends, prepend=0)
        return replace(
            self, rows=self.rows[keep], days=self.days[keep], quads=self.quads[keep], intensity=self.intensity[keep],
            goldstein=self.goldstein[keep], publishers=self.publishers[np.repeat(keep, lengths)],
            ends=lengths[keep].cumsum(),
        )  # fmt: skip

    @property
    def alone(self) -> npt.NDArray[np.int64]:
        """Of each event the outlet that alone tells it, -1 where several do or none is known."""
        one = np.diff(self.ends, prepend=0) == 1
        found = np.full(len(self), -1, np.int64)
        found[one] = self.publishers[self.ends[one] - 1]
        return found


QUADS = tuple(str(quad) for quad in Quad)


def list_events(record: Record, query: SeriesQuery, groups: Mapping[str, Group] | None = None) -> CountedEvents:
    """Every event that stands in a bin of the query."""
    asked = _ask(record, query, groups)
    where, params = _where(asked, asked.ways)
    once = "" if asked.single and query.directed else 'QUALIFY row_number() OVER (PARTITION BY "row") = 1'
    quad = " ".join(f"WHEN '{name}' THEN {number}" for number, name in enumerate(QUADS))
    binned = f"{sql_bin('first', query.by)} = {sql_bin('last', query.by)}"
    table = record.sql(
        f"""SELECT "row"::BIGINT AS "row", (first - DATE '1970-01-01')::BIGINT AS day,
                   (CASE quad {quad} END)::BIGINT AS quad, intensity::DOUBLE AS intensity,
                   goldstein::DOUBLE AS goldstein, publishers
            FROM (SELECT * FROM dyads WHERE {where} AND {binned} {once}) ORDER BY first, 1""",
        params,
    )
    lists = table.column("publishers").combine_chunks()
    names = lists.flatten().dictionary_encode()
    numbers = {name: table.column(name).to_numpy() for name in ("row", "day", "quad", "intensity", "goldstein")}
    return CountedEvents(
        rows=numbers["row"],
        days=numbers["day"],
        quads=numbers["quad"],
        intensity=numbers["intensity"].astype(np.float64),
        goldstein=numbers["goldstein"].astype(np.float64),
        publishers=names.indices.to_numpy().astype(np.int64),
        ends=lists.value_lengths().to_numpy().astype(np.int64).cumsum(),
        outlets=tuple(names.dictionary.to_pylist()),
    )


def ids_of_events(record: Record, rows: npt.NDArray[np.int64]) -> dict[int, str]:
    """Row number in `events` → id."""
    query = "SELECT rowid AS at, id FROM events WHERE rowid IN (SELECT unnest(?))"
    return {row["at"]: row["id"] for row in record.sql(query, [rows.tolist()]).to_pylist()}


def events_behind(record: Record, identifiers: Sequence[str]) -> tuple[EventBehind, ...]:
    """Events by their ids, each with its assertions and their sentences, in the order of the ids."""
    found = record.sql(
        """SELECT "row", first, last, type, quad, status, standing, intensity, publishers FROM dyads
           WHERE "row" IN (SELECT unnest(?)) QUALIFY row_number() OVER (PARTITION BY "row") = 1""",
        [record.event_rows(identifiers)],
    ).to_pylist()
    place = {identifier: number for number, identifier in enumerate(identifiers)}
    return tuple(sorted(_with_rows(record, found), key=lambda event: place[event.event]))


def _with_rows(record: Record, found: Sequence[Mapping[str, Any]]) -> tuple[EventBehind, ...]:
    at = [row["row"] for row in found]
    events = {
        row["at"]: row
        for row in record.sql(
            "SELECT rowid AS at, id, sources, targets FROM events WHERE rowid IN (SELECT unnest(?))", [at]
        ).to_pylist()
    }
    behind: dict[str, list[Behind]] = defaultdict(list)
    # Row numbers instead of ids: joins by id would read whole columns of a large record.
    for row in record.sql(
        """WITH x AS MATERIALIZED (SELECT * FROM behind WHERE event IN (SELECT unnest(?))),
                e AS MATERIALIZED (SELECT rowid AS r, id FROM events WHERE rowid IN (SELECT unnest(?))),
                a AS MATERIALIZED (SELECT rowid AS r, id, document FROM assertions
                                   WHERE rowid IN (SELECT assertion FROM x)),
                s AS MATERIALIZED (SELECT rowid AS r, id, start, "end" FROM sentences
                                   WHERE rowid IN (SELECT sentence FROM x)),
                d AS MATERIALIZED (SELECT rowid AS r, text, publisher, published, copy FROM documents
                                   WHERE rowid IN (SELECT document FROM x))
           SELECT e.id AS event, a.id AS assertion, s.id AS sentence, a.document, d.publisher, d.published, d.copy,
                  substr(d.text, s.start + 1, s."end" - s.start) AS words
           FROM x JOIN e ON e.r = x.event JOIN a ON a.r = x.assertion JOIN s ON s.r = x.sentence
           JOIN d ON d.r = x.document
           ORDER BY 1, d.copy <> 'original', d.published, a.document, length(a.id), a.id""",
        [at, at],
    ).to_pylist():
        behind[row.pop("event")].append(Behind(**row))
    return tuple(
        EventBehind(
            event=events[row["row"]]["id"],
            first=row["first"],
            last=row["last"],
            type=EventType(row["type"]),
            quad=Quad(row["quad"]),
            status=Status(row["status"]),
            standing=Standing(row["standing"]),
            sources=tuple(events[row["row"]]["sources"]),
            targets=tuple(events[row["row"]]["targets"]),
            intensity=row["intensity"],
            publishers=tuple(row["publishers"]),
            rows=tuple(behind[events[row["row"]]["id"]]),
        )
        for row in found
    )


def ask_range(
    record: Record, query: SeriesQuery, groups: Mapping[str, Group] | None = None
) -> tuple[datetime.date, datetime.date]:
    """First and last day of a query, its own or those of what was read.

    Raises:
        ConfigError, StoreError: as `count_series`.
    """
    asked = _ask(record, query, groups)
    return asked.since, asked.until


def _ask(record: Record, query: SeriesQuery, groups: Mapping[str, Group] | None) -> _Asked:
    _check_indexes(record)
    source = find_party(record, query.source, groups) if query.source else None
    target = find_party(record, query.target, groups) if query.target else None
    if query.since and query.until and query.since > query.until:
        what = f"the range ends ({query.until}) before it begins ({query.since})"
        raise ConfigError("E602", what, remedy=f"write --from {query.until} --to {query.since}")
    first, last = record.sql("SELECT min(day) AS a, max(day) AS b FROM days").to_pylist()[0].values()
    since, until = query.since or first, query.until or last
    if since is None or until is None or first is None:
        raise ConfigError("E603", "no article of the record has a date", remedy="`demarche code --date`")
    if since > last or until < first or since > until:
        what = f"nothing was read from {since} to {until}"
        raise ConfigError("E603", what, remedy=f"the record covers {first} to {last}")
    return _Asked(query=query, source=source, target=target, since=since, until=until)


def _check_indexes(record: Record) -> None:
    if not record.has_table("behind"):
        advice = "publish it anew: `demarche compact RECORD`"
        raise StoreError("E604", "the record was published without series", where=str(record.folder), remedy=advice)


def _events_once(asked: _Asked) -> tuple[str, list[Any]]:
    """SQL for the rows of `dyads` that are asked for, each event in one of them, and its parameters."""
    if not asked.single:  # which rows, by two numbers; then their columns: twice as fast as to group all columns
        where, params = _where(asked, asked.ways)
        first = f'SELECT min(rowid) FROM dyads WHERE {where} GROUP BY "row"'
        return f"SELECT {', '.join(_FACTS)} FROM dyads WHERE rowid IN ({first})", params
    there, *back = asked.ways
    where, params = _where(asked, [there])
    query = f"SELECT * FROM dyads WHERE {where}"
    if back:  # what is not there: twice as fast as to group
        other, more = _where(asked, back)
        query += f' UNION ALL SELECT * FROM dyads WHERE {other} AND "row" NOT IN'
        query += f' (SELECT "row" FROM dyads WHERE {where})'
        params = [*params, *more, *params]
    return query, params


def _where(asked: _Asked, ways: Sequence[tuple[Party | None, Party | None]]) -> tuple[str, list[Any]]:
    query = asked.query
    clauses, params = [], list[Any]()
    for doer, receiver in ways:
        one, first = sql_party(doer, "source")
        two, second = sql_party(receiver, "target")
        clauses.append(f"({one} AND {two})")
        params += [*first, *second]
    where = f"({' OR '.join(clauses)})"
    for column, values in (("type", query.types), ("quad", query.quads), ("status", query.statuses),
                           ("standing", query.standings)):  # fmt: skip
        if values:
            where += f" AND {column} IN ({', '.join('?' * len(values))})"
            params += [str(value) for value in values]
    for column, names in (("source_sectors", query.sectors), ("publishers", query.publishers)):
        if names:
            where += f" AND list_has_any({column}, ?)"
            params.append(list(names))
    where += " AND (first IS NULL OR last IS NULL OR (last >= ? AND first <= ?))"
    return where, [*params, asked.since, asked.until]


def _coverage(record: Record, asked: _Asked) -> dict[datetime.date, tuple[int, int, int]]:
    """Bin → (documents, distinct articles, days with any)."""
    rows = record.sql(
        f"SELECT {sql_bin('day', asked.query.by)} AS bin, sum(documents)::BIGINT AS read,"
        " sum(articles)::BIGINT AS articles, count(*) AS days FROM days"
        " WHERE day BETWEEN ? AND ? GROUP BY ALL",
        [asked.since, asked.until],
    ).to_pylist()
    return {row["bin"]: (row["read"], row["articles"], row["days"]) for row in rows}


def _bin(
    start: datetime.date, end: datetime.date, rows: Sequence[Mapping[str, Any]], read: tuple[int, int, int]
) -> Bin:
    def tally(column: str, kind: Any) -> dict[Any, int]:
        found: dict[str, int] = defaultdict(int)
        for row in rows:
            found[row[column]] += row["n"]
        return {value: found[value] for value in kind if value in found} if found else {}

    def mean(total: str, count: str) -> float | None:
        n = sum(row[count] for row in rows)
        return sum(row[total] or 0 for row in rows) / (_SCALE * n) if n else None

    return Bin(
        start=start, end=end, read=read[0], articles=read[1], days_read=read[2],
        events=sum(row["n"] for row in rows),
        quads=tally("quad", Quad), types=tally("type", EventType), statuses=tally("status", Status),
        standings=tally("standing", Standing), intensity=mean("intensity", "scored"),
        goldstein=mean("goldstein", "golds"),
    )  # fmt: skip


def _rules(query: SeriesQuery) -> str:
    """How it was counted, in words, so that every table and page can say it."""
    words = ["distinct happenings", "copies once", f"status {' or '.join(query.statuses) or 'any'}",
             f"standing {' or '.join(query.standings) or 'any'}"]  # fmt: skip
    for name, values in (("type", query.types), ("quad", query.quads), ("sector", query.sectors),
                         ("publisher", query.publishers)):  # fmt: skip
        if values:
            words.append(f"{name} {' or '.join(values)}")
    return ", ".join(words)
