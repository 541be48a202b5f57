"""Which drafts are political acts at all: sport, trade and private life share their verbs (*beat*, *sign*, *visit*).

A row needs somebody with political standing whom its own clause names: a state, a body or force of one, a party, an
alliance, an armed group, an official. What was read from elsewhere in the article does not count.
"""

from __future__ import annotations

from collections.abc import Sequence

from demarche.coding.context import DocContext
from demarche.coding.events import Draft
from demarche.coding.footing import POWERS
from demarche.coding.implicit import between_states, side_of
from demarche.coding.news import has_standing
from demarche.coding.roles import Cast
from demarche.records import Basis, EventType

__all__ = ["is_docket", "relevant"]

FORCE = frozenset({EventType.ASSAULT, EventType.PROTEST, EventType.COERCE, EventType.MOBILIZE})
"""Acts that are political by themselves, against people or a place whose state is known (no club of that name)."""


DOCKET_SHARE, POWER_SHARE = 0.35, 0.4
"""Share of sentences with words of crime and courts from which on, and with a state up to which an article is of those.
"""

SHORT = 3
"""Sentences of a text too short to tell what it is about."""

AHEAD = frozenset("will would shall should must can could may might 'll 'd".split())

HEADS = 0.45
RULES = 0.25
"""Scores below which a row of the heads alone, of a rule, is mostly no act, in news of other than states' dealings."""


def relevant(context: DocContext, cast: Cast, drafts: Sequence[Draft], *, is_news: bool) -> list[Draft]:
    """The drafts that are political acts: all of an article of political news, else those whose clause says so.

    Outside stories between states, which the learned coder was trained on, weak proposals do not stand.

    Args:
        is_news: whether the article is political news.
    """
    drafts = [draft for draft in drafts if not _is_opinion(draft)]
    if is_docket(context, cast):
        drafts = [draft for draft in drafts if _between(draft, cast)]
    if not is_news:
        drafts = [draft for draft in drafts if political(draft, cast)]
    if between_states(context, cast, [draft.explicit for draft in drafts]):
        return list(drafts)
    return [draft for draft in drafts if draft.proposals is None or _is_firm(draft)]


def _is_firm(draft: Draft) -> bool:
    """Whether a row outside stories between states is likely enough, and its clause names somebody."""
    told = any(draft.explicit) or draft.parent is not None
    return told and draft.score >= (HEADS if draft.seen else RULES)


def is_docket(context: DocContext, cast: Cast) -> bool:
    """Whether the article tells of ordinary crime and its trial: many sentences of it, few of states."""
    size = len(context.views)
    if size <= SHORT:
        return False
    words = cast.lexicon.classes["docket"]
    told = sum(not words.isdisjoint(view.lower) for view in context.views)
    if told < DOCKET_SHARE * size:
        return False
    powers = sum(
        any(_is_power(cast, mention.ref) for word in view.actors for mention in view.actors[word])
        for view in context.views
    )
    return powers <= POWER_SHARE * size


def _is_power(cast: Cast, actor: str) -> bool:
    """A state, a government or an alliance, other than courts and police, and than people so described."""
    row = cast.name(actor)
    return row is not None and row.kind in POWERS and row.sector not in ("JUD", "COP") and "#" not in actor


def _between(draft: Draft, cast: Cast) -> bool:
    """Whether the clause names two different states or bodies as its sides."""
    sources, targets = ({side_of(cast, actor) for actor in actors} - {None} for actors in draft.explicit)
    return bool(sources and targets and sources != targets)


def _is_opinion(draft: Draft) -> bool:
    """*agreed that there was a need*: what one thinks of how things are, nothing that one will do."""
    if draft.type is not EventType.AGREE or not draft.predicate.startswith(("agree", "concur")):
        return False
    view = draft.view
    for word in draft.slots.get("comp", ()):
        marks = {view.lower[kid] for kid in view.kids(word, "mark", "aux")}
        if "to" not in marks and not marks & AHEAD and view.kids(word, "nsubj", "expl", "csubj"):
            return True
    return False


def political(draft: Draft, cast: Cast) -> bool:
    """Whether the draft is a political act by somebody whom its clause names."""
    sources, targets = draft.explicit
    if any(has_standing(cast, actor) for actor in (*sources, *targets)):
        return True
    everybody = (*draft.sources, *draft.targets)
    return draft.type in FORCE and any(
        (row := cast.name(actor)) is not None and row.country and row.basis is not Basis.NAME for actor in everybody
    )
