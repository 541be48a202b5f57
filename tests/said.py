"""Coded documents made by hand, one row a sentence, for tests of what is derived over documents."""

from __future__ import annotations

from dataclasses import dataclass

from demarche.records import (
    Act,
    Actor,
    ActorKind,
    Assertion,
    Attribution,
    Basis,
    Certainty,
    CodedDocument,
    CopyKind,
    Document,
    EventType,
    Grain,
    Paragraph,
    Polarity,
    Quoted,
    Relation,
    Role,
    Sentence,
    Standing,
    Status,
    Time,
    stable_id,
)

__all__ = ["Said", "article"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One row. same: it stands in the sentence of the row before. until: last day of its act."""

    words: str
    type: EventType
    sources: str = ""
    targets: str = ""
    status: Status = Status.ACTUAL
    holders: str = ""
    predicate: str = ""
    polarity: Polarity = Polarity.POSITIVE
    same: bool = False
    until: str | None = None
    doubted: bool = False


def article(name: str, day: str | None, *rows: Said) -> CodedDocument:
    """A document with these rows; actors are written as country codes."""
    identity = stable_id("d", name)
    sentences: list[Sentence] = []
    assertions: list[Assertion] = []
    attributions: list[Attribution] = []
    times: list[Time] = []
    text = ""
    codes: set[str] = set()
    for number, row in enumerate(rows, start=1):
        if not row.same:
            start = len(text) + bool(text)
            text = f"{text} {row.words}" if text else row.words
            sentences.append(Sentence(id=f"{identity}.s{len(sentences) + 1}", start=start, end=len(text), paragraph=0))
        here = sentences[-1]
        if row.doubted:
            attributions.append(
                Attribution(
                    id=f"{identity}.a{number}", sentence=here.id, source=(), cue=((here.start, here.start + 1),),
                    content=((here.start + 1, here.end),), holder=row.holders.split()[0], anonymous=False,
                    act=Act.DOUBT, parent=None, quoted=Quoted.INDIRECT,
                )
            )  # fmt: skip
        if row.until:
            times.append(
                Time(
                    id=f"{identity}.t{number}", start=row.until, end=None, grain=Grain.DAY, relation=Relation.ON,
                    text="",
                )
            )  # fmt: skip
        codes |= {*row.sources.split(), *row.targets.split(), *row.holders.split()}
        assertions.append(
            Assertion(
                id=f"{identity}.e{number}", sentence=here.id, predicate=row.predicate or row.type.lower(),
                spans=((here.start, here.start + 1),), type=row.type, mode=None, contexts=(), cameo=None,
                goldstein=None, intensity=None, quad=None, sources=tuple(row.sources.split()),
                targets=tuple(row.targets.split()), status=row.status, polarity=row.polarity,
                certainty=Certainty.CERTAIN,
                standing=Standing.ATTRIBUTED if row.holders else Standing.REPORTED,
                attribution=f"{identity}.a{number}" if row.doubted else None, holders=tuple(row.holders.split()),
                place=None, time=f"{identity}.t{number}" if row.until else None, amount=None, condition=None,
                rule="by hand", score=1.0,
            )
        )  # fmt: skip
    document = Document(
        id=identity, external_id=None, url=None, title=None, authors=(), publisher=None, published=day,
        retrieved=None, language="en", text=text, sha256="0" * 64, source=name, words=len(text.split()), damage=0.0,
        warnings=(), cluster=None, copy=CopyKind.ORIGINAL,
    )  # fmt: skip
    return CodedDocument(
        document=document,
        paragraphs=(Paragraph(start=0, end=len(text), role=Role.BODY),),
        sentences=tuple(sentences),
        actors=tuple(_state(code) for code in sorted(codes)),
        times=tuple(times),
        attributions=tuple(attributions),
        assertions=tuple(assertions),
    )


def _state(code: str) -> Actor:
    return Actor(
        id=code, name=code, kind=ActorKind.STATE, country=code[:3], sector="GOV", office=None, wikidata=None,
        basis=Basis.DICTIONARY,
    )  # fmt: skip
