"""A copy told by its representative: the rows of every sentence that both share word for word, with spans of its own.

So a copy costs no parse, and what it says does not depend on whether it was read before or after the article it copies.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from demarche.pipeline.code import CODABLE
from demarche.records import (
    Actor,
    Amount,
    Article,
    Assertion,
    Attribution,
    CodedDocument,
    Link,
    Mention,
    Place,
    Sentence,
    Span,
    Time,
    stable_id,
)

__all__ = ["retell", "told_by"]

T = TypeVar("T", Actor, Place, Time, Amount)

LEAST_WORDS = 4
"""Words of a sentence that is taken over: shorter ones stand anywhere."""

MOST_TRIED = 20
"""Occurrences of a sentence that are looked at: a page of one sentence over and over must not cost its square."""

_CODING = re.compile(
    r"text holds NUL|a run of over \d|a sentence of \d+ words|most letters are not Latin|language not supported"
)
"""Warnings that come from coding and not from reading: a copy has none of them, whether it was ever coded or not."""


def told_by(identifier: str, representative: str, copy: str) -> str:
    """The id in `copy` of a row of `representative`: the same number behind another document. Others stay."""
    if identifier.startswith(representative):
        rest = identifier[len(representative) :]
        if not rest or rest[0] == ".":
            return copy + rest
    return identifier.replace(f"u:{representative}:", f"u:{copy}:") if identifier.startswith("u:") else identifier


def retell(coded: CodedDocument, copy: Article) -> CodedDocument:
    """The rows of `coded` whose sentences stand in `copy` word for word, with ids and offsets of the copy.

    Row `<copy>.e5` points to row `<representative>.e5`. Sentences in other words have no rows: what they say is counted
    by the representative.
    """
    teller = _Teller(coded=coded, copy=copy)
    teller.find_sentences()
    mentions = tuple(filter(None, map(teller.mention, coded.mentions)))
    referred = {mention.ref for mention in mentions}
    attributions = _sound_parents(tuple(filter(None, map(teller.attribution, coded.attributions))))
    known = {row.id for row in attributions}
    assertions = tuple(filter(None, (teller.assertion(row, referred, known) for row in coded.assertions)))
    stated = {row.id for row in assertions}
    assertions = tuple(
        row if row.condition is None or row.condition in stated else replace(row, condition=None) for row in assertions
    )
    acting = referred | {a for row in assertions for a in (*row.sources, *row.targets, *row.holders)}
    acting |= {row.holder for row in attributions if row.holder is not None}
    document = copy.document
    warnings = tuple(warning for warning in document.warnings if not _CODING.match(warning))
    return CodedDocument(
        document=replace(document, warnings=warnings),
        paragraphs=copy.paragraphs,
        sentences=tuple(sorted(teller.sentences, key=lambda row: row.start)),
        actors=teller.renamed(coded.actors, acting),
        mentions=tuple(sorted(mentions, key=lambda row: (row.start, row.end, row.kind, row.id))),
        places=teller.renamed(coded.places, referred),
        times=teller.renamed(coded.times, referred),
        amounts=teller.renamed(coded.amounts, referred),
        attributions=attributions,
        assertions=assertions,
        links=tuple(filter(None, (teller.link(row, stated) for row in coded.links))),
    )


@dataclass(slots=True)
class _Teller:
    """shifts: start of each shared sentence in `coded` → (its end, how far it moves); starts: the same, sorted;
    shared: ids in `coded` of these sentences."""

    coded: CodedDocument
    copy: Article
    sentences: list[Sentence] = field(default_factory=list)
    shifts: dict[int, tuple[int, int]] = field(default_factory=dict)
    starts: list[int] = field(default_factory=list)
    shared: set[str] = field(default_factory=set)

    def find_sentences(self) -> None:
        """Each sentence of `coded` takes its first free place in the copy, in the order of the text if it can."""
        text, here = self.coded.document.text, self.copy.document.text
        places = [(p.start, p.end, n) for n, p in enumerate(self.copy.paragraphs) if p.role in CODABLE]
        taken: set[int] = set()
        after = 0
        for sentence in self.coded.sentences:
            words = text[sentence.start : sentence.end]
            if len(words.split()) < LEAST_WORDS:
                continue
            found = _place(words, here, places, after, taken)
            if found is None:
                continue
            start, paragraph = found
            taken.add(start)
            after = start + len(words)
            self.shifts[sentence.start] = (sentence.end, start - sentence.start)
            self.shared.add(sentence.id)
            self.sentences.append(
                replace(sentence, id=self.own(sentence.id), start=start, end=after, paragraph=paragraph)
            )
        self.starts = sorted(self.shifts)

    def own(self, identifier: str) -> str:
        return told_by(identifier, self.coded.document.id, self.copy.document.id)

    def owned(self, identifiers: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.own(identifier) for identifier in identifiers)

    def span(self, start: int, end: int) -> Span | None:
        """Where a span stands in the copy; None when it lies in no shared sentence."""
        index = bisect_right(self.starts, start) - 1
        if index < 0:
            return None
        last, shift = self.shifts[self.starts[index]]
        return (start + shift, end + shift) if end <= last else None

    def spans(self, spans: Sequence[Span]) -> tuple[Span, ...] | None:
        found = [self.span(start, end) for start, end in spans]
        kept = tuple(span for span in found if span is not None)
        return kept if len(kept) == len(found) else None

    def mention(self, row: Mention) -> Mention | None:
        span = self.span(row.start, row.end)
        if span is None:
            return None
        identifier = stable_id("m", self.copy.document.id, row.id)
        return Mention(
            id=identifier, start=span[0], end=span[1], kind=row.kind, ref=self.own(row.ref), head=row.head, via=row.via,
            why=row.why,
        )  # fmt: skip

    def attribution(self, row: Attribution) -> Attribution | None:
        if row.sentence not in self.shared:
            return None
        source, cue, content = self.spans(row.source), self.spans(row.cue), self.spans(row.content)
        if source is None or cue is None or content is None:
            return None
        return replace(
            row,
            id=self.own(row.id),
            sentence=self.own(row.sentence),
            source=source,
            cue=cue,
            content=content,
            holder=None if row.holder is None else self.own(row.holder),
            parent=None if row.parent is None else self.own(row.parent),
        )

    def assertion(self, row: Assertion, referred: set[str], attributions: set[str]) -> Assertion | None:
        spans = self.spans(row.spans) if row.sentence in self.shared else None
        if spans is None:
            return None

        def kept(identifier: str | None, among: set[str]) -> str | None:
            mine = None if identifier is None else self.own(identifier)
            return mine if mine in among else None

        return replace(
            row,
            id=self.own(row.id),
            sentence=self.own(row.sentence),
            spans=spans,
            sources=self.owned(row.sources),
            targets=self.owned(row.targets),
            holders=self.owned(row.holders),
            attribution=kept(row.attribution, attributions),
            place=kept(row.place, referred),
            time=kept(row.time, referred),
            amount=kept(row.amount, referred),
            condition=None if row.condition is None else self.own(row.condition),
        )

    def link(self, row: Link, stated: set[str]) -> Link | None:
        mine = replace(row, from_=self.own(row.from_), to=self.own(row.to))
        return mine if {mine.from_, mine.to} <= stated else None

    def renamed(self, rows: Sequence[T], wanted: set[str]) -> tuple[T, ...]:
        """Actors, places, times or amounts that a row of the copy speaks of."""
        found = ((row, self.own(row.id)) for row in rows)
        return tuple(row if mine == row.id else replace(row, id=mine) for row, mine in found if mine in wanted)


def _place(
    words: str, text: str, places: Sequence[tuple[int, int, int]], after: int, taken: set[int]
) -> tuple[int, int] | None:
    """Offset and paragraph of the first free occurrence inside a paragraph, from `after` on or else from the top."""
    for begin in (after, 0):
        start = text.find(words, begin)
        for _ in range(MOST_TRIED):
            if start < 0:
                break
            end = start + len(words)
            inside = next((number for first, last, number in places if first <= start and end <= last), None)
            if inside is not None and start not in taken:
                return start, inside
            start = text.find(words, start + 1)
    return None


def _sound_parents(rows: tuple[Attribution, ...]) -> tuple[Attribution, ...]:
    known = {row.id for row in rows}
    return tuple(row if row.parent is None or row.parent in known else replace(row, parent=None) for row in rows)
