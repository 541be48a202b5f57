"""Rows of one document: drafts from the rules, joined with the learned proposals, given status, holders and links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from demarche.coding.anaphora import aim_threats, draft_denials, hear_pronouns
from demarche.coding.attribution import Voices, as_rows, find_attributions, hear
from demarche.coding.codebook import Codebook, load_codebook
from demarche.coding.context import DocContext, SentenceView, read_context
from demarche.coding.cues import CueTable, load_cues
from demarche.coding.events import Draft, draft_events
from demarche.coding.heads import propose
from demarche.coding.holders import outside_claims
from demarche.coding.implicit import fill_roles
from demarche.coding.judge import Judge, load_judge
from demarche.coding.matter import substance
from demarche.coding.news import is_political
from demarche.coding.outlook import Outlook, quoted_holders, read_outlook
from demarche.coding.predicates import CONDITION_MARKS
from demarche.coding.relevance import relevant
from demarche.coding.roles import Cast
from demarche.coding.rules import RuleBook, load_rules
from demarche.coding.sides import Sides, load_sides
from demarche.coding.spoken import hear_speakers
from demarche.coding.standing import settle_standing
from demarche.coding.status import StatusTable, is_as_long_as, load_status_table
from demarche.coding.topics import Topics, TopicTable, load_topics, read_topics
from demarche.coding.where import place_of, words_below
from demarche.records import (
    Article,
    Assertion,
    EventType,
    Link,
    Linked,
    LinkKind,
    Role,
    Sentence,
    Standing,
    Statements,
    Status,
    Tree,
)

__all__ = ["Coder", "Reason", "load_coder"]

PAID = frozenset({EventType.AID, EventType.COOPERATE, EventType.SANCTION, EventType.ASSAULT, EventType.RETREAT})
HEADS = frozenset({Role.TITLE, Role.STANDFIRST})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One word and what it did to the status of a row: operator of docs/status.md, status before and after."""

    word: str
    operator: str
    before: Status
    after: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Coder:
    """Codes one document at a time; holds nothing that changes."""

    rules: RuleBook
    codebook: Codebook
    cues: CueTable
    statuses: StatusTable
    topics: TopicTable
    judge: Judge | None = None
    sides: Sides | None = None

    def code(
        self, article: Article, sentences: Sequence[Sentence], trees: Sequence[Tree], linked: Linked
    ) -> Statements:
        """Attributions, assertions and links; `trees[i]` is the tree of `sentences[i]`, offsets in the document."""
        context, cast, drafts, voices = self._read(article, sentences, trees, linked)
        rows = self._rows(context, cast, drafts, voices)
        titles = frozenset(view.sentence.id for view in context.views if view.role in HEADS)
        known = {**context.actors, **cast.actors}
        given = (*_denial_links(drafts, rows), *_condition_links(rows))
        told = {row.sentence for row in rows}
        words = {
            view.sentence.id: frozenset(substance(" ".join(view.tree.forms)))
            for view in context.views
            if view.sentence.id in told
        }
        settled, links = settle_standing(rows, given, known, titles, words)
        contested = _contested(drafts, rows, voices, cast)
        settled = tuple(replace(r, standing=Standing.DISPUTED) if r.id in contested else r for r in settled)
        attributions = as_rows(context, voices.drafts)
        used = {actor for row in rows for actor in (*row.sources, *row.targets, *row.holders)}
        used |= {note.holder for note in attributions if note.holder is not None}
        return Statements(
            attributions=attributions,
            assertions=settled,
            links=links,
            actors=tuple(actor for actor in cast.actors.values() if actor.id in used),
            mentions=tuple(mention for mention in cast.mentions if mention.ref in used),
        )

    def reasons(
        self, article: Article, sentences: Sequence[Sentence], trees: Sequence[Tree], linked: Linked
    ) -> dict[str, tuple[Reason, ...]]:
        """For each assertion of the same document the words that made its status what it is, innermost first."""
        context, cast, drafts, voices = self._read(article, sentences, trees, linked)
        outlooks = self._outlooks(context, cast, drafts, voices)
        return {
            f"{article.document.id}.e{number}": tuple(
                Reason(
                    word=draft.view.tree.forms[step.word], operator=step.operator, before=step.before, after=step.after
                )
                for step in outlook.steps
            )
            for number, (draft, outlook) in enumerate(zip(drafts, outlooks, strict=True), start=1)
        }

    def _read(
        self, article: Article, sentences: Sequence[Sentence], trees: Sequence[Tree], linked: Linked
    ) -> tuple[DocContext, Cast, list[Draft], Voices]:
        context = read_context(article, sentences, trees, linked)
        cast = Cast(context=context, lexicon=self.rules.lexicon)
        is_news = is_political(context, cast)
        drafts = self._drafts(context, cast, is_news)
        acts = frozenset((draft.view.index, word) for draft in drafts for word in draft.words)
        voices = hear(find_attributions(context, cast, self.cues, acts))
        drafts = hear_pronouns(drafts, voices, cast)
        drafts = hear_speakers(drafts, voices, cast)
        self._weigh(drafts)
        drafts = relevant(context, cast, drafts, is_news=is_news)
        aim_threats(drafts, cast)
        if self.sides is not None and is_news:
            self.sides.settle(context, cast, drafts)
        for draft in drafts:
            if draft.denies is not None:
                draft.sources, draft.targets = draft.denies.sources, draft.denies.targets
        self._weigh(drafts)
        return context, cast, drafts, voices

    def _drafts(self, context: DocContext, cast: Cast, is_news: bool) -> list[Draft]:
        judge = self.judge
        if judge is None:
            drafts = list(draft_events(context, cast, self.rules))
        else:
            proposals = [propose(view.tree, least=judge.least) for view in context.views]
            drafts = list(draft_events(context, cast, self.rules, proposals, judge.sift))
        fill_roles(context, cast, drafts, political=is_news)
        denials = list(draft_denials(context, cast, self.rules.lexicon, drafts))
        pointed = {(draft.view.index, draft.word) for draft in denials}  # what the heads see there is what is denied
        told = {id(draft.denies) for draft in denials}
        drafts = [
            draft
            for draft in drafts
            if draft.seen is None or id(draft) in told or (draft.view.index, draft.word) not in pointed
        ]
        return sorted((*drafts, *denials), key=lambda draft: (draft.view.index, draft.word))

    def _weigh(self, drafts: Sequence[Draft]) -> None:
        """Scores: how often rows like these were right. A denial is as good as the row that it points at."""
        if self.judge is None:
            return
        weighed = [draft for draft in drafts if draft.proposals is not None and draft.denies is None]
        for draft, score in zip(weighed, self.judge.calibrated(weighed), strict=True):
            draft.score = score
        for draft in drafts:
            if draft.denies is not None:
                draft.score = draft.denies.score

    def _outlooks(self, context: DocContext, cast: Cast, drafts: Sequence[Draft], voices: Voices) -> list[Outlook]:
        running = quoted_holders(context, cast, self.rules.lexicon)
        return [
            read_outlook(draft, cast, self.rules.lexicon, running[draft.view.index], voices, self.statuses)
            for draft in drafts
        ]

    def _rows(self, context: DocContext, cast: Cast, drafts: Sequence[Draft], voices: Voices) -> list[Assertion]:
        if not drafts:
            return []
        outlooks = self._outlooks(context, cast, drafts, voices)
        topics = read_topics(context, self.topics)
        rows = [
            self._row(context, draft, outlook, number, topics)
            for number, (draft, outlook) in enumerate(zip(drafts, outlooks, strict=True), start=1)
        ]
        return _with_conditions(drafts, rows)

    def _row(self, context: DocContext, draft: Draft, outlook: Outlook, number: int, topics: Topics) -> Assertion:
        view = draft.view
        return Assertion(
            id=f"{context.article.document.id}.e{number}",
            sentence=view.sentence.id,
            predicate=draft.predicate,
            spans=view.pieces(draft.words),
            type=draft.type,
            mode=draft.mode,
            contexts=topics.of(view.index, draft.contexts),
            cameo=draft.cameo,
            goldstein=self.codebook.goldstein.get(draft.cameo or ""),
            intensity=self.codebook.intensity(draft.type, draft.mode),
            quad=self.codebook.quads[draft.type],
            sources=draft.sources,
            targets=draft.targets,
            status=outlook.status,
            polarity=outlook.polarity,
            certainty=outlook.certainty,
            standing=Standing.ATTRIBUTED if outlook.holders else Standing.REPORTED,
            attribution=(
                f"{context.article.document.id}.a{outlook.attribution + 1}" if outlook.attribution is not None else None
            ),
            holders=outlook.holders,
            place=place_of(view, draft.word, view.places),
            time=_below(view, draft.word, view.times),
            amount=_below(view, draft.word, view.amounts) if draft.type in PAID else None,
            condition=None,
            rule=draft.rule,
            score=round(draft.score, 3),
        )


def load_coder(*, heads: bool = True) -> Coder:
    """The coder with the rules and tables of the package: once a process. heads: with the learned coder.

    Raises:
        ResourceError: a rule or table does not load (E201–E206).
    """
    rules = load_rules()
    return Coder(
        rules=rules,
        topics=load_topics(rules.lexicon),
        codebook=load_codebook(),
        cues=load_cues(),
        statuses=load_status_table(),
        judge=load_judge() if heads else None,
        sides=load_sides() if heads else None,
    )


def _below(view: SentenceView, word: int, ids: Mapping[int, str]) -> str | None:
    """The id on the nearest word below the act, outside other clauses."""
    return next((ids[at] for _, at in words_below(view, word) if at in ids), None) if ids else None


def _with_conditions(drafts: Sequence[Draft], rows: Sequence[Assertion]) -> list[Assertion]:
    """Point a main row at the row of its *if* clause."""
    condition_of: dict[tuple[int, int], str] = {}
    for draft, row in zip(drafts, rows, strict=True):
        if row.status is Status.CONDITIONAL and (main := _main_clause(draft)) is not None:
            condition_of.setdefault((draft.view.index, main), row.id)
    found = []
    for draft, row in zip(drafts, rows, strict=True):
        condition = next(
            (
                condition_of[draft.view.index, at]
                for at in (draft.word, *draft.view.ancestors(draft.word))
                if (draft.view.index, at) in condition_of
            ),
            None,
        )
        own = condition == row.id or _main_clause(draft) is not None
        found.append(row if condition is None or own else replace(row, condition=condition))
    return found


def _main_clause(draft: Draft) -> int | None:
    """The verb that the draft's *if* clause hangs on; None outside such a clause."""
    view = draft.view
    for at in (draft.word, *view.ancestors(draft.word)):
        if view.relations[at] != "advcl":
            continue
        if is_as_long_as(view, at):
            return view.head(view.head(at))
        if any(view.lower[kid] in CONDITION_MARKS for kid in view.kids(at, "mark")):
            return view.head(at)
    return None


def _contested(drafts: Sequence[Draft], rows: Sequence[Assertion], voices: Voices, cast: Cast) -> frozenset[str]:
    """Ids of denied rows whose own words name who claims them (*denied a report by Quito that …*)."""
    return frozenset(
        row.id
        for draft, row in zip(drafts, rows, strict=True)
        if row.status is Status.DENIED
        and (around := voices.around(draft.view.index, draft.word))
        and len(outside_claims(voices, around, cast)) < len(around)
    )


def _denial_links(drafts: Sequence[Draft], rows: Sequence[Assertion]) -> tuple[Link, ...]:
    ids = {id(draft): row.id for draft, row in zip(drafts, rows, strict=True)}
    return tuple(
        Link(kind=LinkKind.DENIES, from_=ids[id(draft)], to=ids[id(draft.denies)])
        for draft in drafts
        if draft.denies is not None and id(draft.denies) in ids
    )


def _condition_links(rows: Sequence[Assertion]) -> tuple[Link, ...]:
    return tuple(
        Link(kind=LinkKind.CONDITIONS, from_=row.condition, to=row.id) for row in rows if row.condition is not None
    )
