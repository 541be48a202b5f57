"""JSON-LD: assertions and attributions as Web Annotations on the articles, events and runs in PROV.

Citations: W3C Web Annotation Data Model (2017), TextPositionSelector and TextQuoteSelector; W3C PROV-O (2013).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TextIO

import orjson

from demarche import __version__
from demarche.records import Assertion, Attribution, CodedDocument, Span, to_json
from demarche.store import Record

__all__ = ["write_annotations"]

CONTEXT = [
    "http://www.w3.org/ns/anno.jsonld",
    {
        "prov": "http://www.w3.org/ns/prov#",
        "schema": "https://schema.org/",
        "demarche": "urn:demarche:vocabulary:",
        "wasDerivedFrom": {"@id": "prov:wasDerivedFrom", "@type": "@id"},
        "wasGeneratedBy": {"@id": "prov:wasGeneratedBy", "@type": "@id"},
    },
]
_AROUND = 32
"""Characters before and after a quotation that make it findable again."""


def write_annotations(record: Record, file: TextIO) -> int:
    """Write one JSON-LD object, node by node; returns the number of nodes."""
    file.write('{"@context":' + orjson.dumps(CONTEXT).decode() + ',"@graph":[\n')
    count = 0
    for node in _nodes(record):
        file.write((",\n" if count else "") + orjson.dumps(node).decode())
        count += 1
    file.write("\n]}\n")
    return count


def _urn(identifier: str) -> str:
    return f"urn:demarche:{identifier}"


def _nodes(record: Record) -> Iterator[dict[str, Any]]:
    agent = "urn:demarche:software"
    yield {"id": agent, "type": "prov:SoftwareAgent", "schema:name": "demarche", "schema:version": __version__}
    for run in record.rows("runs"):
        yield {"id": _urn(run.id), "type": "prov:Activity", "prov:startedAtTime": run.started,
               "prov:endedAtTime": run.ended, "prov:wasAssociatedWith": {"id": agent}}  # fmt: skip
    for coded in record.documents():
        yield from _document(coded, agent)
    behind = record.connection.cursor().execute(
        "SELECT event, list(assertion ORDER BY assertion) FROM event_assertions GROUP BY event ORDER BY event"
    )
    rows: dict[str, list[str]] = dict(behind.fetchall())
    for event in record.rows("events"):
        facts = {f"demarche:{name}": value for name, value in to_json(event).items() if name != "id"}
        yield {"id": _urn(event.id), "type": "prov:Entity", **facts,
               "wasDerivedFrom": [_urn(i) for i in rows.get(event.id, [])]}  # fmt: skip


def _document(coded: CodedDocument, agent: str) -> Iterator[dict[str, Any]]:
    one = coded.document
    yield {
        "id": _urn(one.id), "type": ["prov:Entity", "schema:NewsArticle"], "schema:url": one.url,
        "schema:headline": one.title, "schema:datePublished": one.published, "schema:publisher": one.publisher,
        "schema:inLanguage": one.language, "schema:sha256": one.sha256,
    }  # fmt: skip
    for actor in coded.actors:
        facts = {f"demarche:{name}": value for name, value in to_json(actor).items() if name not in ("id", "name")}
        yield {"id": f"{_urn(one.id)}:{actor.id}", "type": "demarche:Actor", "schema:name": actor.name, **facts}
    for attribution in coded.attributions:
        yield _annotation(coded, attribution, attribution.content or attribution.cue, agent)
    for assertion in coded.assertions:
        yield _annotation(coded, assertion, assertion.spans, agent)


def _annotation(
    coded: CodedDocument, row: Assertion | Attribution, spans: tuple[Span, ...], agent: str
) -> dict[str, Any]:
    facts = {f"demarche:{name}": value for name, value in to_json(row).items() if name != "id"}
    return {
        "id": _urn(row.id), "type": "Annotation", "motivation": "classifying",
        "generator": agent, "body": {"type": f"demarche:{type(row).__name__}", **facts},
        "target": [
            {"source": _urn(coded.document.id), "selector": [
                {"type": "TextPositionSelector", "start": start, "end": end},
                {"type": "TextQuoteSelector", "exact": coded.document.text[start:end],
                 "prefix": coded.document.text[max(0, start - _AROUND) : start],
                 "suffix": coded.document.text[end : end + _AROUND]},
            ]}
            for start, end in spans
        ],
        "wasDerivedFrom": _urn(coded.document.id),
    }  # fmt: skip
