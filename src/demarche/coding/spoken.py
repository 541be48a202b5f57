"""Rows whose sides stand in the voice around them: done by who says them, or done to who complains of them.

*Tunis said Tripoli had lied* is an accusation by Tunis; *any raid will be met with force, Quito said* a threat by
Quito; *Lima regrets that Quito cut off talks*: the talks were Lima's. Rules name such a doer with `source = "speaker"`.
"""

from __future__ import annotations

from collections.abc import Sequence

from demarche.coding.attribution import AttributionDraft, Voices
from demarche.coding.events import Draft
from demarche.coding.implicit import side_of
from demarche.coding.roles import Cast
from demarche.records import ActorKind, EventType

__all__ = ["hear_speakers", "is_spoken"]

SPEAKER = (("speaker",),)
SHARED = frozenset("talks negotiations negotiation relations ties dialogue cooperation contacts contact truce".split())
"""What two sides have together: when one breaks it off and the other complains, it was theirs."""

BROKEN = frozenset({EventType.SANCTION, EventType.REJECT, EventType.RETREAT})
REACH = 1
"""Sentences back in which a threat finds the move it answers."""


def is_spoken(draft: Draft) -> bool:
    """Whether the row's doer is who says it."""
    return draft.source_rule is not None and draft.source_rule.source == SPEAKER and draft.seen is None


def hear_speakers(drafts: Sequence[Draft], voices: Voices, cast: Cast) -> list[Draft]:
    """Give spoken rows their speaker, and drop those that nobody speaks; give broken talks their other side."""
    found = []
    for draft in drafts:
        nearest = _nearest(draft, voices)
        speakers = nearest.holders if nearest is not None else ()
        if is_spoken(draft) and draft.denies is None:
            speakers = _another(draft, nearest, cast)
            if not speakers:
                continue
            _speak(draft, speakers, drafts, voices, cast)
        elif speakers and nearest is not None and nearest.effect == "deny" and not _has_side(draft.sources, cast):
            draft.sources = speakers  # *denied that force had been used*, and nobody else is named for it: its own
        elif draft.type in BROKEN and not draft.explicit[1] and _is_shared(draft):
            _with_other_side(draft, speakers, cast)
        found.append(draft)
    return found


def _nearest(draft: Draft, voices: Voices) -> AttributionDraft | None:
    """The innermost attribution around the row."""
    around = voices.around(draft.view.index, draft.word)
    return voices.drafts[around[-1]] if around else None


def _has_side(actors: Sequence[str], cast: Cast) -> bool:
    return any(side_of(cast, actor) for actor in actors)


def _another(draft: Draft, nearest: AttributionDraft | None, cast: Cast) -> tuple[str, ...]:
    """Nobody accuses or threatens itself: a bare office (*the minister*) then is another one than the article's
    states suggest, and stays unnamed; of anybody else there is no row."""
    speakers = nearest.holders if nearest is not None else ()
    aimed = {side_of(cast, actor) for actor in draft.explicit[1]} - {None}
    if not aimed or not aimed <= {side_of(cast, actor) for actor in speakers}:
        return speakers
    at = nearest.source_at if nearest is not None else None
    if at is None or not all("#" in actor for actor in speakers):
        return ()
    return (cast.unnamed(cast.context.views[at[0]], at[1]),)


def _speak(draft: Draft, speakers: tuple[str, ...], drafts: Sequence[Draft], voices: Voices, cast: Cast) -> None:
    draft.sources = speakers
    mine = {side_of(cast, actor) for actor in speakers}
    explicit = tuple(actor for actor in draft.explicit[1] if side_of(cast, actor) not in mine)
    draft.targets = explicit if any(map(cast.name, explicit)) else ()
    if draft.type is not EventType.THREATEN or draft.targets:
        return
    for other in reversed(drafts):
        before = draft.view.index - other.view.index
        if 0 <= before <= REACH and (before or other.word < draft.word) and other.type is not EventType.THREATEN:
            doers = tuple(a for a in other.sources if (side := side_of(cast, a)) and side not in mine)
            if doers:
                draft.targets = doers
                return
    outer = voices.around(draft.view.index, draft.word)[:-1]
    said = (actor for index in reversed(outer) for actor in voices.drafts[index].holders)
    draft.targets = tuple(actor for actor in said if (side := side_of(cast, actor)) and side not in mine)[:1]


def _is_shared(draft: Draft) -> bool:
    return any(draft.view.lower[word] in SHARED for word in draft.slots.get("obj", ()))


def _with_other_side(draft: Draft, speakers: tuple[str, ...], cast: Cast) -> None:
    """The state that complains is the other side, where it is another one than the doer's."""
    mine = {side_of(cast, actor) for actor in draft.sources} - {None}
    states = {ActorKind.STATE, ActorKind.GOVERNMENT}
    for actor in speakers:
        row = cast.name(actor)
        if mine and row is not None and row.kind in states and side_of(cast, actor) not in mine:
            draft.targets = (actor,)
