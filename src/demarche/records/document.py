"""Documents and their parts. Offsets are Unicode code points into `Document.text`, half-open `[start, end)`."""

from __future__ import annotations

from dataclasses import dataclass

from demarche.records.vocabulary import CopyKind, Role

__all__ = ["Article", "Document", "Paragraph", "Sentence", "Span"]

Span = tuple[int, int]
"""Half-open `(start, end)` in code points of `Document.text`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One article as it was read. `text` is fixed at ingest; every span of the record lies in it.

    id: stable for the same bytes and identity (address, external id or file name), whatever the order or engine.
    external_id: the `id` field of a JSONL/CSV/Parquet row.
    published: ISO date or datetime, None when unknown: never invented.
    sha256: of the bytes read (for a row of a table: of the row's text or html field, UTF-8).
    source: path or address, with `#member` or `#L12` (line) or `@offset` inside an archive or table.
    words: white-space separated words of `text`. damage: 0 (clean) to 1.
    cluster: id of its set of copies, None before copies were looked for.
    """

    id: str
    external_id: str | None
    url: str | None
    title: str | None
    authors: tuple[str, ...]
    publisher: str | None
    published: str | None
    retrieved: str | None
    language: str | None
    text: str
    sha256: str
    source: str
    words: int
    damage: float
    warnings: tuple[str, ...]
    cluster: str | None
    copy: CopyKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A run of `Document.text` with its role; `repeat` where the same text already stood above."""

    start: int
    end: int
    role: Role
    repeat: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """id is `<document id>.s<number>`; paragraph: index into the document's paragraphs."""

    id: str
    start: int
    end: int
    paragraph: int
    damaged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What ingest makes of one input: the document and its paragraphs in the order of the text."""

    document: Document
    paragraphs: tuple[Paragraph, ...]
