"""A series as plain values and as an Arrow table, for JSON, CSV, pandas and polars."""

from __future__ import annotations

from math import isnan
from typing import Any

import pyarrow as pa

from demarche.records import EventType, Quad, Standing, Status, to_json
from demarche.series.counts import Series
from demarche.series.tension import Tension

__all__ = ["plain_series", "plain_tension", "table_of"]


def table_of(found: Series) -> pa.Table:
    """One row a bin. Where nothing was read (`read` = 0) every count is null: a gap is no zero.

    Columns: start, end, read, articles, days_read, events, conflict, cooperation, index, share, intensity, goldstein,
    then a count for each quad, and for each type, status and standing that occurs.
    """
    columns: dict[str, list[Any]] = {
        name: [None if one.gap and name not in _ALWAYS else getattr(one, name) for one in found.bins]
        for name in _COLUMNS
    }
    for kind, field, always in ((Quad, "quads", True), (EventType, "types", False), (Status, "statuses", False),
                                (Standing, "standings", False)):  # fmt: skip
        for value in kind:
            counts = [None if one.gap else getattr(one, field).get(value, 0) for one in found.bins]
            if always or any(counts):
                columns[str(value)] = counts
    types = {"start": pa.date32(), "end": pa.date32(), **dict.fromkeys(_FLOATS, pa.float64())}
    return pa.table({name: pa.array(values, types.get(name, pa.int64())) for name, values in columns.items()})


_ALWAYS = ("start", "end", "read", "articles", "days_read")
_FLOATS = ("index", "share", "intensity", "goldstein")
_COLUMNS = (*_ALWAYS, "events", "conflict", "cooperation", *_FLOATS)


def plain_series(found: Series) -> dict[str, Any]:
    """The series in values that JSON knows: what was asked, how it was counted, bins as rows of `table_of`."""
    query = found.query
    return {
        "title": found.title, "source": query.source, "target": query.target, "directed": query.directed,
        "by": str(query.by), "from": found.since.isoformat(), "to": found.until.isoformat(), "rules": found.rules,
        "events": found.events, "gaps": found.gaps, "undated": found.undated,
        "bins": [
            {name: value.isoformat() if name in ("start", "end") else value for name, value in row.items()}
            for row in table_of(found).to_pylist()
        ],
    }  # fmt: skip


def plain_tension(found: Tension) -> dict[str, Any]:
    """Everything `Tension` tells, in values that JSON knows; the series with the index of each bin."""
    names = (
        "level",
        "level_low",
        "level_high",
        "refusal",
        "slope",
        "low",
        "high",
        "p",
        "memory",
        "detectable",
        "looks",
    )
    told = {name: getattr(found, name) for name in names}
    return {
        "sentence": found.sentence, "direction": str(found.direction),
        **{name: None if isinstance(value, float) and isnan(value) else value for name, value in told.items()},
        "articles": found.articles, "publishers": dict(found.publishers),
        "shifts": [{"day": s.day.isoformat(), "before": s.before, "after": s.after} for s in found.shifts],
        "without": [to_json(one) for one in found.without], "indexes": [to_json(one) for one in found.indexes],
        "movers": [
            {"pull": one.pull, "event": one.event.event, "rows": [row.assertion for row in one.event.rows]}
            for one in found.movers
        ],
        "series": plain_series(found.series),
    }  # fmt: skip
