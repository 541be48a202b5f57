"""Attributions in the making, their nesting, and who speaks over a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from demarche.coding.context import DocContext
from demarche.records import Act, Attribution, Quoted, Span

__all__ = ["FIRST_PERSON", "AttributionDraft", "Voices", "as_rows", "hear", "with_parents", "with_speakers"]

LONGEST_CHAIN = 12
"""Holders that one row can have at most: deeper nesting is cut on the inside."""

FIRST_PERSON = frozenset("i we me us my our".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributionDraft:
    """An attribution in the making.

    sentence: index of the sentence of its content's first piece. cue_at: sentence and word of the cue, None for a
    colon or dash. words: sentence index → words of the content. source, cue, content: spans in text order. holder:
    actor id or None. holders: all joint holders. effect: what the cue does to the status of its content.
    source_at: sentence and word of the source's head. parent: index of the next outer attribution, or None.
    """

    sentence: int
    cue_at: tuple[int, int] | None
    words: dict[int, frozenset[int]]
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    holder: str | None
    holders: tuple[str, ...]
    anonymous: bool
    act: Act
    effect: str
    quoted: Quoted
    source_at: tuple[int, int] | None = None
    passive: bool = False
    wide: bool = False
    parent: int | None = None

    def holds(self, sentence: int, word: int) -> bool:
        """Whether the word stands in the content."""
        return word in self.words.get(sentence, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """Who speaks over a word. by_sentence: sentence index → attributions whose content has words of it."""

    drafts: tuple[AttributionDraft, ...]
    by_sentence: dict[int, tuple[int, ...]]

    def around(self, sentence: int, word: int) -> tuple[int, ...]:
        """Indexes of the attributions whose contents hold the word, outermost first; never a cycle."""
        here = [
            i
            for i in self.by_sentence.get(sentence, ())
            if self.drafts[i].holds(sentence, word) and self.drafts[i].cue_at != (sentence, word)
        ]
        here.sort(key=lambda i: -sum(map(len, self.drafts[i].words.values())))
        return tuple(here[:LONGEST_CHAIN])


def hear(drafts: Sequence[AttributionDraft]) -> Voices:
    """Index the attributions of a document by sentence."""
    by_sentence: dict[int, list[int]] = {}
    for index, draft in enumerate(drafts):
        for sentence in () if draft.wide else draft.words:
            by_sentence.setdefault(sentence, []).append(index)
    return Voices(drafts=tuple(drafts), by_sentence={key: tuple(value) for key, value in by_sentence.items()})


def as_rows(context: DocContext, drafts: Sequence[AttributionDraft]) -> tuple[Attribution, ...]:
    """The records of the drafts, numbered in their order."""
    stem = context.article.document.id
    return tuple(
        Attribution(
            id=f"{stem}.a{number}",
            sentence=context.views[draft.sentence].sentence.id,
            source=draft.source,
            cue=draft.cue,
            content=draft.content,
            holder=draft.holder,
            anonymous=draft.anonymous,
            act=draft.act,
            parent=f"{stem}.a{draft.parent + 1}" if draft.parent is not None else None,
            quoted=draft.quoted,
        )
        for number, draft in enumerate(drafts, start=1)
    )


def with_parents(drafts: Sequence[AttributionDraft]) -> list[AttributionDraft]:
    """The parent of a draft is the smallest other content that holds its cue (of a colon: its content)."""
    holding: dict[int, list[int]] = {}
    for index, draft in enumerate(drafts):
        for sentence in draft.words:
            holding.setdefault(sentence, []).append(index)
    found = []
    for index, draft in enumerate(drafts):
        best: int | None = None
        if draft.cue_at is not None:
            sentence, word = draft.cue_at
            if sentence not in draft.words:
                found.append(draft)
                continue
            around = [i for i in holding.get(sentence, ()) if i != index and drafts[i].holds(sentence, word)]
            around = [i for i in around if not (drafts[i].cue_at and draft.holds(*_at(drafts[i])))]
            best = min(around, key=lambda i: (sum(map(len, drafts[i].words.values())), i), default=None)
        found.append(replace(draft, parent=best))
    return found


def _at(draft: AttributionDraft) -> tuple[int, int]:
    return draft.cue_at if draft.cue_at is not None else (-1, -1)


def with_speakers(context: DocContext, drafts: Sequence[AttributionDraft]) -> tuple[AttributionDraft, ...]:
    """*I* and *we* as a source inside a content are that content's holder."""
    found = list(drafts)
    for _ in range(2):
        for index, draft in enumerate(found):
            if draft.parent is None or not draft.source:
                continue
            words = context.text[draft.source[0][0] : draft.source[-1][1]].lower()
            outer = found[draft.parent]
            if words in FIRST_PERSON and outer.holder is not None:
                found[index] = replace(draft, holder=outer.holder, holders=outer.holders, anonymous=outer.anonymous)
    return tuple(found)
