"""The Python interface to a record: `import demarche as dm; rec = dm.open("record")`.

>>> rec.series("CHN", "USA", by="year").rows[0]["events"]  # doctest: +SKIP
12
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from demarche.errors import ConfigError
from demarche.records import CodedDocument, EventType, Quad, Standing, Status
from demarche.series import (
    By,
    EventBehind,
    Series,
    SeriesQuery,
    Tension,
    count_series,
    load_groups,
    measure_tension,
    read_day,
    rows_behind,
    table_of,
)
from demarche.store import Hits, Record, fenced_query, search_sentences

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

__all__ = ["Frame", "OpenRecord", "SeriesFrame"]

Day = datetime.date | str


class Frame:
    """A table, in the form that is wanted: Arrow, pandas, polars or plain rows."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self)} rows of {', '.join(self._table.column_names)}>"

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Plain rows: dictionaries of Python values."""
        found: list[dict[str, Any]] = self._table.to_pylist()
        return found

    def to_arrow(self) -> pa.Table:
        """A `pyarrow.Table`."""
        return self._table

    def to_pandas(self) -> pd.DataFrame:
        """A `pandas.DataFrame`; counts with gaps are nullable integers, so that a gap is no zero and no NaN.

        Raises:
            ConfigError: E618 pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise ConfigError("E618", "pandas is not installed", remedy="pip install pandas") from error
        nullable = {pa.int64(): pd.Int64Dtype(), pa.string(): pd.StringDtype()}
        frame: pd.DataFrame = self._table.to_pandas(types_mapper=nullable.get, date_as_object=False)
        return frame

    def to_polars(self) -> pl.DataFrame:
        """A `polars.DataFrame`.

        Raises:
            ConfigError: E618 polars is not installed.
        """
        try:
            import polars as pl
        except ImportError as error:
            raise ConfigError("E618", "polars is not installed", remedy="pip install polars") from error
        frame = pl.from_arrow(self._table)
        assert isinstance(frame, pl.DataFrame)
        return frame


class SeriesFrame(Frame):
    """A series as a table, one row a bin, with the events behind it. A bin in which nothing was read has nulls."""

    def __init__(self, record: Record, series: Series, groups: Any) -> None:
        super().__init__(table_of(series))
        self.series = series
        self._record = record
        self._groups = groups

    def behind(self, day: Day | None = None, *, limit: int = 100) -> tuple[EventBehind, ...]:
        """The events counted, with their assertions and sentences; of the bin that holds `day`, or of all."""
        start = _day(day)
        return rows_behind(self._record, self.series.query, self._groups, start=start, limit=limit)

    def plot(self, path: Path | str) -> str:
        """Draw it as .svg or .png; returns the alt text."""
        from demarche.series import draw_series

        return draw_series(self.series, Path(path))


class OpenRecord:
    """A record opened for reading; it stays as it was opened, whatever is written meanwhile. A context manager."""

    def __init__(self, folder: Path | str, *, groups: Path | str | None = None) -> None:
        self.record = Record.open(folder)
        self._groups = load_groups(Path(groups) if groups is not None else None)

    def __enter__(self) -> OpenRecord:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        rows = {name: count for name, count, _ in self.record.manifest.content}
        return f"<demarche record {str(self.record.folder)!r}: {rows.get('documents', 0)} documents, " + (
            f"{rows.get('assertions', 0)} assertions, {rows.get('events', 0)} events>"
        )

    def close(self) -> None:
        """Let go of the file."""
        self.record.close()

    @property
    def content_hash(self) -> str:
        """Hash of what the record says."""
        return self.record.content_hash

    def series(
        self,
        source: str | None,
        target: str | None = None,
        *,
        by: str = "month",
        since: Day | None = None,
        until: Day | None = None,
        directed: bool = True,
        types: Sequence[str] = (),
        quads: Sequence[str] = (),
        statuses: Sequence[str] = ("actual",),
        standings: Sequence[str] = ("reported", "attributed"),
        sectors: Sequence[str] = (),
        publishers: Sequence[str] = (),
    ) -> SeriesFrame:
        """Count what `source` did towards `target`, as `demarche series` does.

        Args:
            source, target: codes (CHN), names (China), ids of actors, groups (EU+); None: anybody.
            by: day week 2weeks 4weeks month quarter year. since, until: days, both included.
            statuses, standings: `()` counts all.
        Raises:
            ConfigError: E601 to E607.

        >>> rec.series("CHN", "USA").to_arrow().column("events").to_pylist()
        [2, 0, None, 1]
        >>> [event.type.value for event in rec.series("CHN", "USA").behind("2022-01-15")]
        ['THREATEN', 'AID']
        """
        query = self._query(source, target, By(by), since, until, directed, types, quads, statuses, standings, sectors,
                            publishers)  # fmt: skip
        return SeriesFrame(self.record, count_series(self.record, query, self._groups), self._groups)

    def tension(
        self,
        source: str | None,
        target: str | None = None,
        *,
        since: Day | None = None,
        until: Day | None = None,
        directed: bool = True,
        looks: int = 1,
    ) -> Tension:
        """Whether tension rises, falls or shows no trend, as `demarche tension` does.

        >>> rec.tension("CHN", "USA").direction.value
        'unsaid'
        """
        query = self._query(source, target, By.WEEK, since, until, directed)
        return measure_tension(self.record, query, self._groups, looks=looks)

    def query(self, sql: str) -> Frame:
        """Answer one SELECT: read-only, no files, no network, bounded time and memory.

        >>> rec.query("SELECT count(*) AS n FROM events").rows
        [{'n': 4}]
        """
        return Frame(fenced_query(self.record.folder, sql))

    def table(self, name: str) -> Frame:
        """A whole table of the record, e.g. `assertions`; see docs/CONTRACT.md.

        >>> len(rec.table("documents"))
        5
        """
        from demarche.store import TABLES

        if name not in TABLES:
            raise ConfigError("E513", f"no table {name!r}", remedy=f"one of: {', '.join(TABLES)}")
        return Frame(self.record.sql(f"SELECT * FROM {name}"))

    def search(self, words: str, *, limit: int = 20) -> Hits:
        """Sentences that hold all words, newest first.

        >>> rec.search("threaten usa").hits[0].words
        'CHN did threaten USA, told 3.'
        """
        return search_sentences(self.record, words, limit=limit)

    def document(self, identifier: str) -> CodedDocument:
        """One article with everything that it gives. E508 when the record has none of that id."""
        return self.record.document(identifier)

    def documents(self) -> Iterator[CodedDocument]:
        """Every article, one at a time."""
        return self.record.documents()

    def _query(
        self,
        source: str | None,
        target: str | None,
        by: By,
        since: Day | None,
        until: Day | None,
        directed: bool,
        types: Sequence[str] = (),
        quads: Sequence[str] = (),
        statuses: Sequence[str] = ("actual",),
        standings: Sequence[str] = ("reported", "attributed"),
        sectors: Sequence[str] = (),
        publishers: Sequence[str] = (),
    ) -> SeriesQuery:
        return SeriesQuery(
            source=source, target=target, directed=directed, by=by, since=_day(since), until=_day(until),
            types=tuple(EventType(value) for value in types), quads=tuple(Quad(value) for value in quads),
            statuses=tuple(Status(value) for value in statuses),
            standings=tuple(Standing(value) for value in standings), sectors=tuple(sectors),
            publishers=tuple(publishers),
        )  # fmt: skip


def _day(day: Day | None) -> datetime.date | None:
    return read_day(day, option="the day") if isinstance(day, str) else day
