"""Rows of one document: drafts from the rules, joined with the learned proposals, given status, holders and links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from demarche.coding.codebook import Codebook, load_codebook
from demarche.coding.context import DocContext, SentenceView, read_context
from demarche.coding.events import Draft, draft_events
from demarche.coding.implicit import fill_roles
from demarche.coding.roles import Cast
from demarche.coding.rules import RuleBook, load_rules
from demarche.records import (
    Article,
    Assertion,
    Certainty,
    EventType,
    Linked,
    Polarity,
    Sentence,
    Standing,
    Statements,
    Status,
    Tree,
)

__all__ = ["Coder", "load_coder"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coder:
    """Codes one document at a time; holds nothing that changes."""

    rules: RuleBook
    codebook: Codebook

    def code(
        self, article: Article, sentences: Sequence[Sentence], trees: Sequence[Tree], linked: Linked
    ) -> Statements:
        """Attributions, assertions and links; `trees[i]` is the tree of `sentences[i]`, offsets in the document."""
        context = read_context(article, sentences, trees, linked)
        cast = Cast(context=context, lexicon=self.rules.lexicon)
        drafts = list(draft_events(context, cast, self.rules))
        fill_roles(context, cast, drafts)
        rows = tuple(self._row(context, draft, number) for number, draft in enumerate(drafts, start=1))
        return Statements(assertions=rows, actors=tuple(cast.actors.values()), mentions=tuple(cast.mentions))

    def _row(self, context: DocContext, draft: Draft, number: int) -> Assertion:
        view = draft.view
        return Assertion(
            id=f"{context.article.document.id}.e{number}",
            sentence=view.sentence.id,
            predicate=draft.predicate,
            spans=view.pieces(draft.words),
            type=draft.type,
            mode=draft.mode,
            contexts=draft.contexts,
            cameo=draft.cameo,
            goldstein=self.codebook.goldstein.get(draft.cameo or ""),
            intensity=self.codebook.intensity(draft.type, draft.mode),
            quad=self.codebook.quads[draft.type],
            sources=draft.sources,
            targets=draft.targets,
            status=Status.ACTUAL,
            polarity=Polarity.POSITIVE,
            certainty=Certainty.CERTAIN,
            standing=Standing.REPORTED,
            attribution=None,
            holders=(),
            place=None,
            time=None,
            amount=None,
            condition=None,
            rule=draft.rule,
            score=draft.score,
        )


def load_coder() -> Coder:
    """The coder with the rules and tables of the package: once a process.

    Raises:
        ResourceError: a rule or table does not load (E201–E206).
    """
    return Coder(rules=load_rules(), codebook=load_codebook())
