"""Records made by hand: articles of one sentence a happening, with events as the pipeline would derive them."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from demarche.records import (
    Actor,
    ActorKind,
    Assertion,
    Basis,
    Certainty,
    Cluster,
    CodedDocument,
    CopyKind,
    Document,
    Event,
    EventAssertion,
    EventType,
    Mention,
    MentionKind,
    Paragraph,
    Polarity,
    Quad,
    Role,
    Sentence,
    Standing,
    Status,
    Via,
    stable_id,
)
from demarche.resources import read_toml
from demarche.store import Derived, RecordWriter

__all__ = ["CAMEO", "Happening", "make_documents", "make_record"]

CAMEO = {"THREATEN": ("130", -4.4), "CONSULT": ("040", 1.0), "AID": ("070", 7.0), "ACCUSE": ("111", -2.0),
          "SANCTION": ("163", -8.0), "ASSAULT": ("190", -10.0), "AGREE": ("057", 8.0)}  # fmt: skip

KINDS = {"Q1": ("Ana Lima", "person", "CHN", "GOV"), "o:nato": ("NATO", "alliance", None, "IGO"),
         "o:european-union": ("European Union", "organisation", None, "IGO"),
         "u:x": ("somebody", "unnamed", None, None)}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One happening, told once by each of `publishers`. key: happenings of one key are one event."""

    day: str | None
    sources: tuple[str, ...]
    targets: tuple[str, ...] = ()
    type: str = "THREATEN"
    status: str = "actual"
    standing: str = "reported"
    publishers: tuple[str, ...] = ("Gazette",)
    copies: int = 0
    key: str | None = None
    happened: tuple[str, str] | None = None


def _actor(identifier: str) -> Actor:
    name, kind, country, sector = KINDS.get(identifier, (identifier, "state", identifier[:3], "GOV"))
    return Actor(id=identifier, name=name, kind=ActorKind(kind), country=country, sector=sector, office=None,
                 wikidata=None, basis=Basis.DICTIONARY)  # fmt: skip


def _document(number: int, one: Happening, publisher: str, copy: int) -> CodedDocument:
    quad = Quad(read_toml("codebooks/plover.toml")["type"][one.type]["quad"])
    words = " and ".join(one.sources) + f" did {one.type.lower()} " + " and ".join(one.targets) + f", told {number}."
    title = f"Item {number}"
    text = f"{title}\n{words}"
    identifier = stable_id("d", str(number), publisher, str(copy))
    start = len(title) + 1
    actors = tuple(_actor(name) for name in dict.fromkeys((*one.sources, *one.targets)))
    cameo, goldstein = CAMEO.get(one.type, ("010", 0.0))
    begin = text.index("did")
    return CodedDocument(
        document=Document(
            id=identifier, external_id=None, url=f"https://example.org/{identifier}", title=title, authors=(),
            publisher=publisher, published=one.day, retrieved=None, language="en", text=text, sha256="0" * 64,
            source=f"{identifier}.txt", words=len(text.split()), damage=0.0, warnings=(), cluster=None,
            copy=CopyKind.ORIGINAL,
        ),
        paragraphs=(Paragraph(start=0, end=len(title), role=Role.TITLE),
                    Paragraph(start=start, end=len(text), role=Role.BODY)),
        sentences=(Sentence(id=f"{identifier}.s1", start=start, end=len(text), paragraph=1, damaged=False),),
        actors=actors,
        mentions=tuple(
            Mention(id=f"{identifier}.m{n}", start=text.index(actor.id, start), kind=MentionKind.ACTOR, ref=actor.id,
                    end=text.index(actor.id, start) + len(actor.id), head=True, via=Via.NAME)
            for n, actor in enumerate(actors, 1)
        ),
        assertions=(
            Assertion(
                id=f"{identifier}.e1", sentence=f"{identifier}.s1", predicate="do", spans=((begin, begin + 3),),
                type=EventType(one.type), mode=None, contexts=("diplomatic",), cameo=cameo, goldstein=goldstein,
                intensity=float(read_toml("codebooks/plover.toml")["type"][one.type]["score"]), quad=quad,
                sources=one.sources, targets=one.targets, status=Status(one.status), polarity=Polarity.POSITIVE,
                certainty=Certainty.CERTAIN, standing=Standing(one.standing), attribution=None, holders=(), place=None,
                time=None, amount=None, condition=None, rule="made", score=0.9,
            ),
        ),
    )  # fmt: skip


def make_documents(happenings: Iterable[Happening]) -> tuple[list[CodedDocument], Derived]:
    """The coded documents and the tables that the pipeline would derive of them."""
    documents: list[CodedDocument] = []
    clusters: list[Cluster] = []
    told: dict[str, list[tuple[Happening, CodedDocument, str]]] = defaultdict(list)
    for number, one in enumerate(happenings):
        key = one.key or f"h{number}"
        for publisher in one.publishers:
            originals = _document(number, one, publisher, 0)
            copies = [_document(number, one, f"{publisher} {n}", n) for n in range(1, one.copies + 1)]
            documents += [originals, *copies]
            told[key] += [(one, made, originals.document.id) for made in (originals, *copies)]
            if copies:
                clusters += [
                    Cluster(id=f"k{originals.document.id[1:]}", document=made.document.id,
                            representative=originals.document.id, score=1.0 if n else None, evidence=None,
                            copy=CopyKind.SYNDICATED if n else CopyKind.ORIGINAL)
                    for n, made in enumerate((originals, *copies))
                ]  # fmt: skip
    events, behind = [], []
    for key, rows in told.items():
        one = rows[0][0]
        identifier = stable_id("v", key)
        start, end = one.happened or (one.day, _after(one.day))
        events.append(
            Event(id=identifier, type=EventType(one.type), mode=None, sources=one.sources, targets=one.targets,
                  status=Status(one.status), standing=Standing(one.standing), date=None if one.happened else one.day,
                  start=start, end=end, place=None, documents=len(rows), clusters=len({first for _, _, first in rows}),
                  assertions=len(rows))
        )  # fmt: skip
        behind += [EventAssertion(event=identifier, assertion=made.assertions[0].id) for _, made, _ in rows]
    return documents, Derived(clusters=tuple(clusters), events=tuple(events), event_assertions=tuple(behind))


def _after(day: str | None) -> str | None:
    return (datetime.date.fromisoformat(day) + datetime.timedelta(days=1)).isoformat() if day else None


def make_record(folder: Path, happenings: Sequence[Happening], *, batches: int = 1) -> Path:
    """A published record of these happenings."""
    documents, derived = make_documents(happenings)
    with RecordWriter(folder, version="1") as writer:
        size = -(-len(documents) // batches) or 1
        for start in range(0, len(documents), size):
            writer.commit(documents[start : start + size])
        writer.publish(lambda _: derived, derivation="made")
    return folder


def days(first: str, count: int, step: int = 1) -> Iterator[str]:
    """ISO days from `first` on."""
    start = datetime.date.fromisoformat(first)
    for n in range(count):
        yield (start + datetime.timedelta(days=n * step)).isoformat()


def calm_days(happenings: Sequence[Happening]) -> list[Happening]:
    """The same with a happening between two others on each day, so that no day is a gap."""
    return [
        *happenings,
        *(replace(h, sources=("BRA",), targets=("ARG",), type="CONSULT", key=None) for h in happenings),
    ]
