"""Which drafts are political acts at all: sport, trade and private life share their verbs (*beat*, *sign*, *visit*).

A row needs somebody with political standing whom its own clause names: a state, a body or force of one, a party, an
alliance, an armed group, an official. What was read from elsewhere in the article does not count.
"""

from __future__ import annotations

from collections.abc import Sequence

from demarche.coding.context import DocContext
from demarche.coding.events import Draft
from demarche.coding.implicit import between_states
from demarche.coding.roles import Cast
from demarche.records import ActorKind, Basis, EventType

__all__ = ["relevant"]

STANDING = frozenset({ActorKind.STATE, ActorKind.GOVERNMENT, ActorKind.ALLIANCE, ActorKind.GROUP})
SECTORS = frozenset("GOV MIL COP LEG JUD SPY OPP PTY REB SEP RAD UAF IGO INT NGO ELI LAB REF REL MED".split())
FORCE = frozenset({EventType.ASSAULT, EventType.PROTEST, EventType.COERCE, EventType.MOBILIZE})
"""Acts that are political by themselves, against people or a place whose state is known (no club of that name)."""


HEADS = 0.45
RULES = 0.25
"""Scores below which a row of the heads alone, of a rule, is mostly no act, in news of other than states' dealings."""

POLITICAL = 0.8
"""Share of sentences with a political actor from which on an article is political news: there a side may go unnamed."""


def relevant(context: DocContext, cast: Cast, drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts that are political acts: all of an article of political news, else those whose clause says so.

    Outside stories between states, which the learned coder was trained on, weak proposals do not stand.
    """
    if density(context, cast) < POLITICAL:
        drafts = [draft for draft in drafts if political(draft, cast)]
    if between_states(context, cast, [draft.explicit for draft in drafts]):
        return list(drafts)
    return [draft for draft in drafts if draft.proposals is None or draft.score >= (HEADS if draft.seen else RULES)]


def density(context: DocContext, cast: Cast) -> float:
    """Share of the sentences that speak of somebody with political standing, by name, title or pronoun."""
    named = sum(
        any(has_standing(cast, mention.ref) for mentions in view.actors.values() for mention in mentions)
        for view in context.views
    )
    return named / max(1, len(context.views))


def political(draft: Draft, cast: Cast) -> bool:
    """Whether the draft is a political act by somebody whom its clause names."""
    sources, targets = draft.explicit
    sides = {*sources, *targets} if draft.seen is None else {*draft.sources, *draft.targets}
    if any(has_standing(cast, actor) for actor in sides):
        return True
    everybody = (*draft.sources, *draft.targets)
    return draft.type in FORCE and any(
        (row := cast.name(actor)) is not None and row.country and row.basis is not Basis.NAME for actor in everybody
    )


def has_standing(cast: Cast, actor: str) -> bool:
    """A state, a body of one, a party, an alliance, an armed group, an official, a known person."""
    row = cast.name(actor)
    if row is None:
        return False
    return row.kind in STANDING or row.sector in SECTORS or (row.basis is Basis.DICTIONARY and row.sector is not None)
