"""On whose word a row stands: from the attributions around its trigger to the list of holders, outermost first."""

from __future__ import annotations

from collections.abc import Sequence

from demarche.coding.attribution import AttributionDraft, Voices
from demarche.coding.events import Draft
from demarche.coding.implicit import side_of
from demarche.coding.roles import Cast
from demarche.coding.spoken import is_spoken
from demarche.records import EventType

__all__ = ["outside_claims", "read_holders"]

SPEECH = frozenset(
    {
        EventType.AGREE, EventType.REQUEST, EventType.ACCUSE, EventType.REJECT, EventType.THREATEN, EventType.CONCEDE,
        EventType.SUPPORT,
    }
)  # fmt: skip
"""Types whose row is done by saying it: in its doer's own mouth it has no holder."""

LATER = frozenset({EventType.SUPPORT, EventType.CONCEDE, EventType.ACCUSE})
"""Of these a *will* only tells what will be done; *we will not accept* is already a refusal."""

NOBODY = frozenset("it this that these those which what there you your god nobody 's ’s".split())
"""Heads of a source that name nobody who could hold anything."""

NAMING = frozenset({"NOUN", "PROPN", "PRON", "NUM", "DET", "ADJ"})
WILL = frozenset({"will", "'ll", "’ll", "shall", "would"})


def read_holders(
    draft: Draft, cast: Cast, voices: Voices, fallback: tuple[str, ...], *, swayed: bool = False
) -> tuple[int | None, tuple[str, ...]]:
    """Index of the nearest attribution that holds the row, and the holders' ids; `fallback` where none is found.

    A speech act in the quotation of its own doer is performed, not told: no holder. Somebody who stands twice in the
    chain is written once. swayed: its speech act had its way (*persuaded Quito to …*), so that the article tells it.
    """
    around = voices.around(draft.view.index, draft.word)
    if draft.denies is not None:
        return (around[-1] if around else None), draft.deniers
    chain: dict[str, str] = {}
    for index in outside_claims(voices, around, cast):
        for actor in _speakers(voices.drafts[index], cast, draft):
            chain.setdefault(side_of(cast, actor) or actor, actor)
    parent = draft.parent
    asked = parent is not None and parent.type is EventType.REJECT and draft.view.upos(draft.word) == "NOUN"
    told = swayed or (asked and draft.type in SPEECH)  # *refused a demand*: the article tells of the demand
    if parent is not None and parent.type is not EventType.SUPPORT and parent.word != draft.word and not told:
        for actor in parent.sources[:1]:
            chain.setdefault(side_of(cast, actor) or actor, actor)
    holders = tuple(chain.values())
    if draft.type in SPEECH and holders and (_performed(draft, cast, holders) or _spoken(draft, cast, holders)):
        return (around[-1] if around else None), ()
    if not around and not holders:
        return None, fallback
    return (around[-1] if around else None), holders


def outside_claims(voices: Voices, around: Sequence[int], cast: Cast) -> tuple[int, ...]:
    """Of attributions that nest, outermost first, those before a claim that is denied (*denied a report by Quito that
    …*): the denied row stands on the denier's word alone. All where the innermost is no such noun."""
    if len(around) < 2:
        return tuple(around)
    outer, inner = voices.drafts[around[-2]], voices.drafts[around[-1]]
    if outer.effect != "deny" or inner.effect != "assert" or inner.cue_at is None:
        return tuple(around)
    sentence, word = inner.cue_at
    noun = cast.context.views[sentence].upos(word) == "NOUN"
    return tuple(around[:-1]) if noun else tuple(around)


def _speakers(attribution: AttributionDraft, cast: Cast, draft: Draft) -> tuple[str, ...]:
    if attribution.holder is not None:
        return (attribution.holder,)
    if attribution.source_at is None:
        return ()
    view, word = cast.context.views[attribution.source_at[0]], attribution.source_at[1]
    if view.lower[word] in NOBODY or view.upos(word) not in NAMING:
        return ()
    return (cast.unnamed(view, word, attribution.source[:1]),)


def _spoken(draft: Draft, cast: Cast, holders: tuple[str, ...]) -> bool:
    """Whether the row is done by what its only holder says (*said that Lima had lied*)."""
    mine = {side_of(cast, actor) for actor in draft.sources} - {None}
    return is_spoken(draft) and len(holders) == 1 and (side_of(cast, holders[0]) in mine or holders == draft.sources)


def _performed(draft: Draft, cast: Cast, holders: tuple[str, ...]) -> bool:
    """Whether the only holder speaks of what it does itself by speaking (*we demand …*; not *we will defend …*)."""
    view = draft.view
    if draft.type in LATER and any(view.lower[kid] in WILL for kid in view.kids(draft.word, "aux")):
        return False
    first = any(view.lower[kid] in ("we", "i") for kid in view.kids(draft.word, "nsubj"))
    mine = {side_of(cast, actor) for actor in draft.sources} - {None}
    return first and len(holders) == 1 and side_of(cast, holders[0]) in mine
