"""Whether an article is political news: by whom it speaks of."""

from __future__ import annotations

from demarche.coding.context import DocContext
from demarche.coding.roles import Cast
from demarche.records import ActorKind, Basis

__all__ = ["has_standing", "is_political"]

STANDING = frozenset({ActorKind.STATE, ActorKind.GOVERNMENT, ActorKind.ALLIANCE, ActorKind.GROUP})
SECTORS = frozenset("GOV MIL COP LEG JUD SPY OPP PTY REB SEP RAD UAF IGO INT NGO ELI LAB REF REL MED".split())
POLITICAL = 0.55
"""Share of sentences with a political actor from which on an article is political news: there a side may go unnamed."""


def is_political(context: DocContext, cast: Cast) -> bool:
    """Whether most sentences speak of somebody with political standing, by name, title or pronoun."""
    named = sum(
        any(has_standing(cast, mention.ref) for mentions in view.actors.values() for mention in mentions)
        for view in context.views
    )
    return named >= POLITICAL * max(1, len(context.views))


def has_standing(cast: Cast, actor: str) -> bool:
    """A state, a body of one, a party, an alliance, an armed group, an official, a known person."""
    row = cast.name(actor)
    if row is None:
        return False
    return row.kind in STANDING or row.sector in SECTORS or (row.basis is Basis.DICTIONARY and row.sector is not None)
