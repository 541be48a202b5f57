"""`code_batch`: articles in, coded documents out. Pure: no file, no clock, no knowledge of workers."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from demarche.errors import DemarcheError
from demarche.ingest import noted_foreign
from demarche.pipeline.memory import RememberingParser
from demarche.pipeline.models import Models
from demarche.records import (
    Article,
    CodedDocument,
    CopyKind,
    Document,
    Linked,
    Paragraph,
    Rejection,
    Role,
    Sentence,
    Statements,
    Tree,
    stable_id,
)
from demarche.syntax import agree_names, parse_warnings

if TYPE_CHECKING:
    from demarche.coding import Reason

__all__ = ["CODABLE", "bare_article", "code_article", "code_batch", "code_text", "parse_ahead", "parse_article",
           "reject_article", "text_reasons"]  # fmt: skip

T = TypeVar("T")

CODABLE = frozenset({Role.TITLE, Role.STANDFIRST, Role.DATELINE, Role.BODY, Role.QUOTE, Role.CAPTION})
"""Roles whose sentences are coded; the others are furniture of the page."""

DAMAGED = 0.5
"""From this score on a sentence counts as damaged (`score_damage` is scaled so that clean prose stays below 0.2)."""

AHEAD = 30_000
"""Characters of articles that are parsed together before the first of them is coded."""

CODES = {"parse": "E701", "link": "E702", "code": "E703"}


class StageError(Exception):
    """A stage failed on one document: carries the stage for the rejection."""

    def __init__(self, stage: str, cause: Exception) -> None:
        super().__init__(f"{stage}: {cause}")
        self.stage = stage
        self.cause = cause


@dataclass(slots=True)
class Clock:
    """Processor seconds spent per room; counts only when a profile was asked for. Never seen by what is coded."""

    seconds: dict[str, float]

    def run(self, stage: str, work: Callable[[], T]) -> T:
        """Do `work` as `stage`; whatever it raises becomes a `StageError`."""
        begun = time.process_time()
        try:
            return work()
        except Exception as error:  # one document must not end the run, whatever is wrong with it
            raise StageError(stage, error) from error
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.process_time() - begun


def code_batch(
    articles: Iterable[Article], models: Models, *, profile: dict[str, float] | None = None
) -> list[CodedDocument | Rejection]:
    """Code each article; the answer has one entry an article, in the same order.

    An article whose coding fails becomes a `Rejection` (E701 parse, E702 link, E703 code) with the reason. Articles
    are parsed one by one: a row must not depend on which articles share its batch.

    Args:
        profile: processor seconds per stage are added here when given.
    """
    clock = Clock(seconds=profile if profile is not None else {})
    return [_attempt(article, models, clock) for article in articles]


def _attempt(article: Article, models: Models, clock: Clock) -> CodedDocument | Rejection:
    try:
        return code_article(article, models, clock)
    except StageError as failure:
        cause = failure.cause
        if isinstance(cause, DemarcheError):
            return reject_article(article, failure.stage, cause.code, cause.what)
        reason = f"{type(cause).__name__}: {cause}".splitlines()[0][:300]
        return reject_article(article, failure.stage, CODES[failure.stage], reason)


def reject_article(article: Article, stage: str, code: str, reason: str) -> Rejection:
    """The row that an article leaves which was read but could not be coded."""
    document = article.document
    return Rejection(
        id=stable_id("r", document.source, document.id),
        source=document.source,
        place=document.id,
        stage=stage,
        code=code,
        reason=reason,
    )


def code_article(article: Article, models: Models, clock: Clock) -> CodedDocument:
    """Parse, link and code one article.

    Raises:
        StageError: with the stage and its cause.
    """
    if not _english(article):
        return _join(_warned(article, ("language not supported yet",)), (), Linked(), Statements())
    sentences, trees = clock.run("parse", lambda: parse_article(article, models))
    linked = clock.run("link", lambda: models.linker.link(article, sentences, trees))
    statements = clock.run("code", lambda: models.coder.code(article, sentences, trees, linked))
    warnings = (*parse_warnings(article.document.text, trees), *statements.warnings)
    return _join(_warned(article, warnings), sentences, linked, statements)


def code_text(
    text: str, models: Models, *, date: str | None = None
) -> tuple[CodedDocument | Rejection, tuple[Tree, ...]]:
    """Code a bare text as one paragraph; the trees of its sentences come with it, for `explain`."""
    article = bare_article(text, date)
    [coded] = code_batch([article], models)
    return coded, parse_article(article, models)[1]


def text_reasons(text: str, models: Models, *, date: str | None = None) -> dict[str, tuple[Reason, ...]]:
    """For each assertion of `code_text` the words that made its status what it is; empty when the coder keeps none."""
    from demarche.coding import Coder

    if not isinstance(models.coder, Coder):
        return {}
    article = bare_article(text, date)
    sentences, trees = parse_article(article, models)
    return models.coder.reasons(article, sentences, trees, models.linker.link(article, sentences, trees))


def bare_article(text: str, date: str | None) -> Article:
    """A text as an article of one paragraph."""
    data = text.encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(data).hexdigest()
    document = Document(
        id=stable_id("d", digest, "text"), external_id=None, url=None, title=None, authors=(), publisher=None,
        published=date, retrieved=None, language="en", text=text, sha256=digest, source="text",
        words=len(text.split()), damage=0.0, warnings=(), cluster=None, copy=CopyKind.ORIGINAL,
    )  # fmt: skip
    return Article(document=document, paragraphs=(Paragraph(start=0, end=len(text), role=Role.BODY),))


def parse_article(article: Article, models: Models) -> tuple[tuple[Sentence, ...], tuple[Tree, ...]]:
    """Sentences and trees of the codable paragraphs, numbered from 1, offsets in the document."""
    text = article.document.text
    indexes = _codable(article)
    texts = [text[article.paragraphs[i].start : article.paragraphs[i].end] for i in indexes]
    parsed = agree_names(models.parser.parse(texts))
    sentences: list[Sentence] = []
    trees: list[Tree] = []
    for index, found in zip(indexes, parsed, strict=True):
        for tree in found:
            tree = tree.shifted(article.paragraphs[index].start)
            words = text[tree.start : tree.end]
            sentences.append(
                Sentence(
                    id=f"{article.document.id}.s{len(sentences) + 1}",
                    start=tree.start,
                    end=tree.end,
                    paragraph=index,
                    damaged=models.damage(words) >= DAMAGED,
                )
            )
            trees.append(tree)
    return tuple(sentences), tuple(trees)


def _codable(article: Article) -> list[int]:
    """Paragraphs whose sentences are coded."""
    text = article.document.text
    foreign = noted_foreign(article.document.warnings)
    return [
        index
        for index, paragraph in enumerate(article.paragraphs)
        if index not in foreign and paragraph.role in CODABLE and text[paragraph.start : paragraph.end].strip()
    ]


def parse_ahead(articles: Iterable[Article], parser: RememberingParser) -> None:
    """Parse articles that will be coded one by one: sentences of one length then go through the parser together.

    Changes no tree. Long articles are left out, so that what is done before the first is coded stays below a second
    (a worker's time limit counts from there); whatever fails here fails again where it is rejected.
    """
    texts: list[str] = []
    room = AHEAD
    for article in articles:
        text = article.document.text
        if _english(article) and len(text) <= room:
            room -= len(text)
            texts += [text[article.paragraphs[i].start : article.paragraphs[i].end] for i in _codable(article)]
    with suppress(Exception):
        parser.parse(texts)


def _english(article: Article) -> bool:
    return (article.document.language or "en").split("-")[0] == "en"


def _warned(article: Article, warnings: Sequence[str]) -> Article:
    """The article with `warnings` added once each."""
    known = dict.fromkeys((*article.document.warnings, *warnings))
    return replace(article, document=replace(article.document, warnings=tuple(known)))


def _number(identifier: str) -> tuple[str, int, str]:
    """Order of ids in the text: `d1.e2` before `d1.e10`."""
    stem, digits = re.fullmatch(r"(.*?)(\d*)", identifier, re.S).groups()  # type: ignore[union-attr]
    return stem, int(digits or 0), identifier


def _join(article: Article, sentences: tuple[Sentence, ...], linked: Linked, said: Statements) -> CodedDocument:
    """One object, its lists in an order that depends on nothing but the rows themselves."""
    actors = {actor.id: actor for actor in (*said.actors, *linked.actors)}
    mentions = (*linked.mentions, *said.mentions)
    return CodedDocument(
        document=article.document,
        paragraphs=article.paragraphs,
        sentences=sentences,
        actors=tuple(sorted(actors.values(), key=lambda row: _number(row.id))),
        mentions=tuple(sorted(mentions, key=lambda row: (row.start, row.end, row.kind, row.id))),
        places=tuple(sorted(linked.places, key=lambda row: _number(row.id))),
        times=tuple(sorted(linked.times, key=lambda row: _number(row.id))),
        amounts=tuple(sorted(linked.amounts, key=lambda row: _number(row.id))),
        attributions=tuple(sorted(said.attributions, key=lambda row: _number(row.id))),
        assertions=tuple(sorted(said.assertions, key=lambda row: _number(row.id))),
        links=tuple(sorted(said.links, key=lambda row: (row.kind, _number(row.from_), _number(row.to)))),
    )
