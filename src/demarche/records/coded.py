"""One coded document: the contract's JSON object, schema 1."""

from __future__ import annotations

from dataclasses import dataclass

from demarche.records.assertion import Assertion, Attribution, Link
from demarche.records.document import Document, Paragraph, Sentence
from demarche.records.linked import Actor, Amount, Mention, Place, Time

__all__ = ["SCHEMA", "CodedDocument", "Rejection"]

SCHEMA = 1
"""Version of the JSON object and of the record's tables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedDocument:
    """Everything the record knows from one document alone."""

    document: Document
    paragraphs: tuple[Paragraph, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    actors: tuple[Actor, ...] = ()
    mentions: tuple[Mention, ...] = ()
    places: tuple[Place, ...] = ()
    times: tuple[Time, ...] = ()
    amounts: tuple[Amount, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    assertions: tuple[Assertion, ...] = ()
    links: tuple[Link, ...] = ()
    schema: int = SCHEMA


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """An input that could not be read or coded: nothing vanishes.

    id: stable hash of source and place. source: file or address. place: member, line or byte offset inside it.
    stage: ingest, parse, code … code: error code (docs/errors.md). reason: one clause.
    """

    id: str
    source: str
    place: str | None
    stage: str
    code: str
    reason: str
