"""Which drafts are political acts at all: sport, trade and private life share their verbs (*beat*, *sign*, *visit*).

A row needs somebody with political standing whom its own clause names: a state, a body or force of one, a party, an
alliance, an armed group, an official. What was read from elsewhere in the article does not count.
"""

from __future__ import annotations

from collections.abc import Sequence

from demarche.coding.context import DocContext
from demarche.coding.events import Draft
from demarche.coding.implicit import between_states
from demarche.coding.news import has_standing
from demarche.coding.roles import Cast
from demarche.records import Basis, EventType

__all__ = ["relevant"]

FORCE = frozenset({EventType.ASSAULT, EventType.PROTEST, EventType.COERCE, EventType.MOBILIZE})
"""Acts that are political by themselves, against people or a place whose state is known (no club of that name)."""


HEADS = 0.45
RULES = 0.25
"""Scores below which a row of the heads alone, of a rule, is mostly no act, in news of other than states' dealings."""


def relevant(context: DocContext, cast: Cast, drafts: Sequence[Draft], *, is_news: bool) -> list[Draft]:
    """The drafts that are political acts: all of an article of political news, else those whose clause says so.

    Outside stories between states, which the learned coder was trained on, weak proposals do not stand.

    Args:
        is_news: whether the article is political news.
    """
    if not is_news:
        drafts = [draft for draft in drafts if political(draft, cast)]
    if between_states(context, cast, [draft.explicit for draft in drafts]):
        return list(drafts)
    return [draft for draft in drafts if draft.proposals is None or draft.score >= (HEADS if draft.seen else RULES)]


def political(draft: Draft, cast: Cast) -> bool:
    """Whether the draft is a political act by somebody whom its clause names."""
    sources, targets = draft.explicit
    if any(has_standing(cast, actor) for actor in (*sources, *targets)):
        return True
    everybody = (*draft.sources, *draft.targets)
    return draft.type in FORCE and any(
        (row := cast.name(actor)) is not None and row.country and row.basis is not Basis.NAME for actor in everybody
    )
