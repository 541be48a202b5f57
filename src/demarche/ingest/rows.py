"""Tables of articles: JSON lines, JSON, CSV, Parquet. One bad row is one rejection; the rows after it are read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from demarche.errors import DemarcheError, InputError
from demarche.ingest.charset import decode
from demarche.ingest.draft import Block, Draft, Found, Origin
from demarche.ingest.options import ReadOptions
from demarche.ingest.page_dates import parse_date
from demarche.ingest.streams import LineReader

__all__ = ["read_csv", "read_json", "read_jsonl", "read_parquet", "row_draft"]

FIELDS = ("text", "html", "id", "url", "title", "published", "publisher", "language", "authors")
# Names seen in the wild for the fields of the contract, looked for when the file does not use the contract's own.
_GUESSES: Mapping[str, tuple[str, ...]] = {
    "text": (
        "body",
        "content",
        "article",
        "article_text",
        "full_text",
        "fulltext",
        "articlebody",
        "maintext",
        "raw_text",
        "story",
    ),
    "html": ("raw_html", "page", "html_content"),
    "id": ("article_id", "doc_id", "docid", "uuid", "guid", "_id", "external_id"),
    "url": ("link", "source_url", "web_url", "permalink", "uri"),
    "title": ("headline", "heading", "name"),
    "published": (
        "date",
        "pubdate",
        "published_at",
        "publication_date",
        "publish_date",
        "date_published",
        "datepublished",
        "published_date",
        "timestamp",
        "datetime",
        "created_at",
    ),
    "publisher": ("source", "outlet", "publication", "site", "site_name", "newspaper", "domain", "sitename"),
    "language": ("lang", "language_code"),
    "authors": ("author", "byline", "creator"),
}

Result = Draft | DemarcheError
Read = tuple[Origin, Result]


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError("E111", f"the key {twice!r} occurs twice")
    return row


_DECODER = json.JSONDecoder(object_pairs_hook=_unique)


def _load(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except RecursionError as error:
        raise InputError("E111", "JSON nested too deep") from error
    except ValueError as error:
        raise InputError("E111", f"no JSON: {error}") from error


def pick_columns(names: list[str], options: ReadOptions) -> tuple[dict[str, str], list[str]]:
    """Which of the file's columns hold the contract's fields, and a message for each that was guessed.

    Raises:
        InputError: E116 when a column named by the user is missing, or none holds the article.
    """
    lower = {name.lower().strip(): name for name in names}
    chosen: dict[str, str] = {}
    messages = []
    for field in FIELDS:
        wanted = options.columns.get(field)
        if wanted is not None:
            if wanted not in names:
                raise InputError("E116", f"no column {wanted!r}", remedy=f"columns are: {', '.join(names[:20])}")
            chosen[field] = wanted
        elif field in lower:
            chosen[field] = lower[field]
        else:
            guess = next(
                (lower[name] for name in _GUESSES[field] if name in lower and lower[name] not in chosen.values()), None
            )
            if guess is not None:
                chosen[field] = guess
                messages.append(f"column {guess!r} read as {field}")
    if "text" not in chosen and "html" not in chosen:
        raise InputError("E116", "no column holds the article", remedy=f"map one: columns are {', '.join(names[:20])}")
    return chosen, messages


def _string(row: Mapping[str, Any], field: str) -> str | None:
    value = row.get(field)
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return str(value) if field in {"published", "id"} else None


def _authors(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value.strip() else ()
    if isinstance(value, list | tuple):
        return tuple(item for item in value if isinstance(item, str) and item.strip())
    return ()


def row_draft(row: Mapping[str, Any], origin: Origin, options: ReadOptions) -> Draft:
    """One row with the contract's fields.

    Raises:
        InputError: E112 when it has neither text nor html; what `read_html` raises.
    """
    date = parse_date(_string(row, "published") or "")
    url = _string(row, "url")
    origin = replace(origin, url=url or origin.url)
    html, text = row.get("html"), row.get("text")
    facts: dict[str, Any] = {
        "external_id": _string(row, "id"),
        "title": _string(row, "title"),
        "publisher": _string(row, "publisher"),
        "language": _string(row, "language"),
        "authors": _authors(row.get("authors")),
        "published": Found(date=date, source="field", confidence=1.0) if date else None,
    }
    if isinstance(html, str) and html.strip():
        from demarche.ingest.html import read_html

        draft = read_html(html.encode("utf-8", "surrogatepass"), origin, options)
        return replace(draft, **{name: value for name, value in facts.items() if value})
    if not isinstance(text, str) or not text.strip():
        raise InputError("E112", "row has neither text nor html")
    data = text.encode("utf-8", "surrogatepass")
    if len(data) > options.limits.text_bytes:
        raise InputError("E105", f"text of {len(data):,} bytes, limit {options.limits.text_bytes:,}")
    return Draft(blocks=(Block(text=text),), data=data, origin=origin, flat=True, url=url, **facts)


def _one(row: Any, origin: Origin, options: ReadOptions, columns: Mapping[str, str] | None) -> Read:
    try:
        if not isinstance(row, Mapping):
            raise InputError("E111", f"a row must be an object, found {type(row).__name__}")
        if columns is None:
            columns, _ = pick_columns([str(name) for name in row], options)
        return origin, row_draft({field: row.get(name) for field, name in columns.items()}, origin, options)
    except DemarcheError as error:
        return origin, error


def read_jsonl(lines: LineReader, origin: Origin, options: ReadOptions) -> Iterator[Read]:
    """One object a line."""
    columns: dict[str, str] | None = None
    for number, line in lines:
        here = origin.within(f"L{number}")
        if line is None:
            yield here, InputError("E127", f"line of more than {options.limits.row_bytes:,} bytes", where=here.source)
            continue
        if not line.strip():
            continue
        try:
            row = _load(line.decode("utf-8-sig" if number == 1 else "utf-8"))
            if isinstance(row, Mapping) and (columns is None or not set(columns.values()) <= set(row)):
                columns, _ = pick_columns([str(name) for name in row], options)
        except UnicodeDecodeError as error:
            yield here, InputError("E111", f"no UTF-8 at byte {error.start} of the line")
            continue
        except DemarcheError as error:
            yield here, error
            continue
        yield _one(row, here, options, columns)


def read_json(data: bytes, origin: Origin, options: ReadOptions) -> Iterator[Read]:
    """One JSON value: an object that is a row, or a list of rows (also under `articles`, `items`, `data` ...)."""
    value = _load(decode(data).text)
    if isinstance(value, dict) and not any(name in value for name in ("text", "html")):
        for key in ("articles", "items", "documents", "docs", "results", "data", "rows", "entries"):
            if isinstance(value.get(key), list):
                value = value[key]
                break
    rows = value if isinstance(value, list) else [value]
    for number, row in enumerate(rows, 1):
        yield _one(row, origin.within(f"R{number}"), options, None)


def read_csv(stream: io.BufferedReader, head: bytes, origin: Origin, options: ReadOptions) -> Iterator[Read]:
    """Comma, semicolon or tab separated, with a header line."""
    charset = decode(head.rsplit(b"\n", 1)[0] or head).charset
    text = io.TextIOWrapper(
        stream, encoding="utf-8-sig" if charset == "utf-8" else charset, errors="replace", newline=""
    )
    first = text.readline(options.limits.row_bytes)
    delimiter = max(",;\t|", key=first.count)
    names = next(csv.reader([first], delimiter=delimiter), [])
    columns, messages = pick_columns(names, options)
    csv.field_size_limit(options.limits.row_bytes)
    reader = csv.reader(_without_nul(text), delimiter=delimiter)
    number = 1
    while True:
        number += 1
        here = origin.within(f"R{number}")
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield here, InputError("E116", f"no CSV row: {error}")
            continue
        if cells is None:
            return
        if not any(cells):
            continue
        if len(cells) > len(names):
            yield here, InputError("E116", f"{len(cells)} cells under {len(names)} columns")
            continue
        where, result = _one(dict(zip(names, cells, strict=False)), here, options, columns)
        yield where, _noted(result, messages)


def _without_nul(lines: Iterator[str]) -> Iterator[str]:
    return (line.replace("\0", "") for line in lines)


def _noted(result: Result, messages: list[str]) -> Result:
    return replace(result, warnings=(*messages, *result.warnings)) if isinstance(result, Draft) else result


def read_parquet(source: Any, origin: Origin, options: ReadOptions) -> Iterator[Read]:
    """Rows of a Parquet file (path or seekable stream), one row group at a time; a broken group is one rejection."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(source, page_checksum_verification=True)
        names = list(table.schema_arrow.names)
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            "E116", f"no readable Parquet: {str(error).splitlines()[0][:200]}", where=origin.source
        ) from error
    columns, messages = pick_columns(names, options)
    wanted = sorted(set(columns.values()))
    number = 0
    for group in range(table.num_row_groups):
        rows = table.metadata.row_group(group).num_rows
        try:
            batch = table.read_row_group(group, columns=wanted).to_pylist()
        except (pa.ArrowException, OSError) as error:
            place = origin.within(f"G{group + 1}")
            yield (
                place,
                InputError("E116", f"rows {number + 1}-{number + rows} unreadable: {str(error).splitlines()[0][:160]}"),
            )
            number += rows
            continue
        for row in batch:
            number += 1
            where, result = _one(row, origin.within(f"R{number}"), options, columns)
            yield where, _noted(result, messages)
