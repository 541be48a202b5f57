"""Records: the immutable types that every room shares, their JSON form and its schema. No I/O.

Stage rooms meet only here: ingest makes an `Article`, syntax `Tree`s and `Sentence`s, linking a `Linked`, coding
`Statements`; pipeline joins them into a `CodedDocument`.
"""

from demarche.records.assertion import Assertion, Attribution, Link, Statements
from demarche.records.board import BoardRow
from demarche.records.codec import from_json, json_schema, to_json
from demarche.records.coded import SCHEMA, CodedDocument, Rejection
from demarche.records.document import Article, Document, Paragraph, Sentence, Span
from demarche.records.ids import stable_id
from demarche.records.linked import Actor, Amount, Linked, Mention, Place, Time
from demarche.records.parse import Name, Signals, Tree
from demarche.records.record import (
    Claim,
    Cluster,
    Commitment,
    Event,
    EventAssertion,
    Forecast,
    Run,
    Stance,
    Threat,
)
from demarche.records.vocabulary import (
    Act,
    ActorKind,
    Basis,
    Certainty,
    CopyKind,
    EventType,
    Grain,
    LinkKind,
    MentionKind,
    Polarity,
    Quad,
    Quoted,
    Relation,
    Role,
    Standing,
    Status,
    Via,
)

__all__ = [
    "SCHEMA",
    "Act",
    "Actor",
    "ActorKind",
    "Amount",
    "Article",
    "Assertion",
    "Attribution",
    "Basis",
    "BoardRow",
    "Certainty",
    "Claim",
    "Cluster",
    "CodedDocument",
    "Commitment",
    "CopyKind",
    "Document",
    "Event",
    "EventAssertion",
    "EventType",
    "Forecast",
    "Grain",
    "Link",
    "LinkKind",
    "Linked",
    "Mention",
    "MentionKind",
    "Name",
    "Paragraph",
    "Place",
    "Polarity",
    "Quad",
    "Quoted",
    "Rejection",
    "Relation",
    "Role",
    "Run",
    "Sentence",
    "Signals",
    "Span",
    "Stance",
    "Standing",
    "Statements",
    "Status",
    "Threat",
    "Time",
    "Tree",
    "Via",
    "from_json",
    "json_schema",
    "stable_id",
    "to_json",
]  # fmt: skip
