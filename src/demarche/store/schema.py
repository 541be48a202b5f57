"""The tables of a record: one per record type, columns generated from its fields, in Arrow's types."""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pyarrow as pa

from demarche.records import (
    Actor,
    Amount,
    Assertion,
    Attribution,
    Claim,
    Cluster,
    Commitment,
    Document,
    Event,
    EventAssertion,
    Forecast,
    Link,
    Mention,
    Paragraph,
    Place,
    Rejection,
    Run,
    Sentence,
    Stance,
    Threat,
    Time,
)

__all__ = ["BASE", "DERIVED", "NUMBERED", "TABLES", "Table", "columns_of", "decode", "encode",
           "encode_plain", "from_plain"]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """kind: the record type of one row. keyed: the rows are parts of a document and carry its id as `document`.

    order: SQL sort of the serving file.
    """

    name: str
    kind: type[Any]
    keyed: bool
    order: str


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(name="documents", kind=Document, keyed=False, order="published, id"),
        Table(name="paragraphs", kind=Paragraph, keyed=True, order='document, start, "end"'),
        Table(name="sentences", kind=Sentence, keyed=True, order='document, start, "end"'),
        Table(name="actors", kind=Actor, keyed=True, order="document, id"),
        Table(name="mentions", kind=Mention, keyed=True, order='document, start, "end", kind, id'),
        Table(name="places", kind=Place, keyed=True, order="document, id"),
        Table(name="times", kind=Time, keyed=True, order="document, length(id), id"),
        Table(name="amounts", kind=Amount, keyed=True, order="document, length(id), id"),
        Table(name="attributions", kind=Attribution, keyed=True, order="document, length(id), id"),
        Table(name="assertions", kind=Assertion, keyed=True, order="document, length(id), id"),
        Table(name="links", kind=Link, keyed=True, order='document, "from", "to", kind'),
        Table(name="clusters", kind=Cluster, keyed=False, order="id, document"),
        Table(name="events", kind=Event, keyed=False, order="sources, targets, date, id"),
        Table(name="event_assertions", kind=EventAssertion, keyed=False, order="event, assertion"),
        Table(name="claims", kind=Claim, keyed=False, order="sources, targets, first, id"),
        Table(name="stances", kind=Stance, keyed=False, order="claim, assertion, holder, stance"),
        Table(name="threats", kind=Threat, keyed=False, order="threatener, target, date, id"),
        Table(name="commitments", kind=Commitment, keyed=False, order="debtor, creditor, date, id"),
        Table(name="forecasts", kind=Forecast, keyed=False, order="forecaster, date, id"),
        Table(name="rejections", kind=Rejection, keyed=False, order="source, place, id"),
        Table(name="runs", kind=Run, keyed=False, order="started, id"),
    )
}
"""Every table of the contract, by name."""

BASE = tuple(name for name in TABLES if TABLES[name].keyed or name == "documents")
"""Tables that come from one document alone: written as parts."""

DERIVED = ("clusters", "events", "event_assertions", "claims", "stances", "threats", "commitments", "forecasts")
"""Tables that are rebuilt from the parts whenever the record is published."""

NUMBERED: dict[str, dict[str, str]] = {
    "sentences": {"id": "s"},
    "mentions": {"id": "m"},
    "times": {"id": "t"},
    "amounts": {"id": "q"},
    "attributions": {"id": "a", "sentence": "s", "parent": "a"},
    "assertions": {"id": "e", "sentence": "s", "attribution": "a", "condition": "e"},
}
"""Columns with ids made of the document's, a letter and a number (`d0123456789abcdef.e5`). The serving file stores the
number alone and makes the id when it is read (a generated column): ids were more than a quarter of it. A column with
any other id is stored as it is."""

_SCALARS: dict[Any, pa.DataType] = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}


def _column(field: str) -> str:
    return field.rstrip("_")


def _arrow(kind: Any) -> pa.DataType:
    if isinstance(kind, types.UnionType):
        return _arrow(next(arg for arg in typing.get_args(kind) if arg is not type(None)))
    if typing.get_origin(kind) is tuple:
        return pa.list_(_arrow(typing.get_args(kind)[0]))
    if issubclass(kind, StrEnum):
        return pa.string()
    return _SCALARS[kind]


def _reader(kind: Any) -> Callable[[Any], Any] | None:
    """How a stored value becomes the field's value again; None: it is one already."""
    if isinstance(kind, types.UnionType):
        inner = _reader(next(arg for arg in typing.get_args(kind) if arg is not type(None)))
        return None if inner is None else functools.partial(_unless_none, inner)
    if typing.get_origin(kind) is tuple:
        inner = _reader(typing.get_args(kind)[0])
        return tuple if inner is None else lambda value: tuple(map(inner, value))
    return kind if issubclass(kind, StrEnum) else None


def _unless_none(read: Callable[[Any], Any], value: Any) -> Any:
    return None if value is None else read(value)


def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


@functools.cache
def columns_of(name: str) -> pa.Schema:
    """Columns of a table: the fields of its record type, after `document` where the rows are parts of one."""
    table = TABLES[name]
    hints = _hints(table.kind)
    fields = [pa.field(_column(f.name), _arrow(hints[f.name])) for f in dataclasses.fields(table.kind)]
    return pa.schema([pa.field("document", pa.string()), *fields] if table.keyed else fields)


def encode(name: str, rows: Sequence[Any]) -> pa.Table:
    """Record objects of a table that is not keyed, in Arrow form."""
    columns = [[getattr(row, f.name) for row in rows] for f in dataclasses.fields(TABLES[name].kind)]
    return _arrow_table(name, columns)


def encode_plain(name: str, rows: Sequence[Mapping[str, Any]], documents: Sequence[str] = ()) -> pa.Table:
    """Rows in their JSON form; documents: id of the document of each row, for tables that carry it."""
    fields = [_column(f.name) for f in dataclasses.fields(TABLES[name].kind)]
    columns = [[row[field] for row in rows] for field in fields]
    if TABLES[name].keyed:
        columns.insert(0, list(documents))
    return _arrow_table(name, columns)


def _arrow_table(name: str, columns: Sequence[Sequence[Any]]) -> pa.Table:
    schema = columns_of(name)
    return pa.table(
        [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)], schema=schema
    )


@functools.cache
def _readers(name: str) -> tuple[tuple[str, str, Callable[[Any], Any] | None], ...]:
    hints = _hints(TABLES[name].kind)
    return tuple((f.name, _column(f.name), _reader(hints[f.name])) for f in dataclasses.fields(TABLES[name].kind))


def from_plain(name: str, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Record objects of rows in their JSON form; the opposite of `encode_plain`."""
    kind, readers = TABLES[name].kind, _readers(name)
    return [
        kind(**{field: row[column] if read is None else read(row[column]) for field, column, read in readers})
        for row in rows
    ]


def decode(name: str, table: pa.Table) -> list[Any]:
    """Record objects of a table's rows, in the order of the rows."""
    kind = TABLES[name].kind
    columns: list[Iterable[Any]] = []
    for _, column, read in _readers(name):
        values = table.column(column).to_pylist()
        columns.append(values if read is None else map(read, values))
    fields = [field for field, _, _ in _readers(name)]
    return [kind(**dict(zip(fields, row, strict=True))) for row in zip(*columns, strict=True)]
