"""Denials that only point back (*denied the charge*, *called the report a fabrication*): rows of what they deny."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from demarche.coding.attribution import Voices
from demarche.coding.context import DocContext, SentenceView
from demarche.coding.events import Draft
from demarche.coding.implicit import side_of
from demarche.coding.predicates import CONDITION_MARKS, coordinated, read_verb
from demarche.coding.roles import Cast
from demarche.coding.rules import Lexicon
from demarche.records import EventType

__all__ = ["aim_threats", "draft_denials", "hear_pronouns"]

DENY = frozenset(
    """deny denies denied denying dismiss dismisses dismissed reject rejects rejected refute refutes refuted dispute
    disputes disputed""".split()
)
CALL = frozenset("call calls called brand branded label labelled labeled describe described dub dubbed".split())
POINTERS = frozenset("it this that".split())
REACH = 4
"""Sentences back in which a denial finds what it denies."""

SPEECH = frozenset(
    {
        EventType.ACCUSE,
        EventType.REQUEST,
        EventType.AGREE,
        EventType.REJECT,
        EventType.THREATEN,
        EventType.SUPPORT,
        EventType.CONSULT,
    }
)


def draft_denials(context: DocContext, cast: Cast, lexicon: Lexicon, drafts: Sequence[Draft]) -> Iterator[Draft]:
    """For each pointing denial a copy of the row it denies, with the noun as its words; none where none is found."""
    by_sentence: dict[int, list[Draft]] = {}
    for draft in drafts:
        by_sentence.setdefault(draft.view.index, []).append(draft)
    for view in context.views:
        for word, form in enumerate(view.lower):
            if (form not in DENY and form not in CALL) or view.upos(word) != "VERB":
                continue
            if (pointed := _pointed(view, word, lexicon)) is None:
                continue
            deniers = cast.find(view, read_verb(view, word).get("subj"))[:1]
            denied = _denied(view, word, deniers, cast, by_sentence, lexicon)
            if deniers and denied is not None:
                yield replace(
                    denied,
                    view=view,
                    word=pointed,
                    words=(pointed,),
                    slots={},  # its words are another sentence's
                    proposals=None,
                    parent=None,
                    denies=denied,
                    deniers=deniers,
                    rule="coding.anaphora.denial",
                    score=0.6,
                )


def _pointed(view: SentenceView, word: int, lexicon: Lexicon) -> int | None:
    """The noun or pronoun that stands for what is denied."""
    things = view.kids(word, "obj")
    if view.lower[word] in CALL:
        names = [kid for kid in view.kids(word, "xcomp", "ccomp", "obl") if kid not in things]
        if not any(view.lower[kid] in lexicon.classes["falsehood"] for kid in names):
            return None
    for thing in things:
        for member in coordinated(view, thing):
            form = view.lower[member]
            if form in lexicon.classes["charge"] and not view.kids(member, "acl", "ccomp"):
                return member
            if form in POINTERS and view.lower[word] not in ("rejected", "reject", "rejects", "dismissed"):
                return word if view.lower[word] in DENY else member
    return None


def _denied(
    view: SentenceView,
    word: int,
    deniers: Sequence[str],
    cast: Cast,
    by_sentence: dict[int, list[Draft]],
    lexicon: Lexicon,
) -> Draft | None:
    """The last row within reach that the denier's side is said to have done; charged contents before others."""
    sides = {side for actor in deniers if (side := side_of(cast, actor))}
    candidates = [
        draft
        for index in range(view.index, max(-1, view.index - REACH - 1), -1)
        for draft in reversed(by_sentence.get(index, []))
        if (index < view.index or draft.word < word) and sides & {side_of(cast, actor) for actor in draft.sources}
    ]
    candidates = [draft for draft in candidates if not _is_charge(draft, lexicon)]
    charged = [draft for draft in candidates if draft.parent is not None and draft.parent.type is EventType.ACCUSE]
    reported = [draft for draft in candidates if draft.view is view and _is_reported(view, draft.word)]
    acts = [draft for draft in candidates if draft.type not in SPEECH]
    return next(iter((*charged, *reported, *acts)), None)


def _is_charge(draft: Draft, lexicon: Lexicon) -> bool:
    """Whether the row is only the noun that points back (*a charge that Quito denied*)."""
    return draft.view.upos(draft.word) == "NOUN" and draft.view.lower[draft.word] in lexicon.classes["charge"]


def _is_reported(view: SentenceView, word: int) -> bool:
    """Whether the act itself is what the sentence reports (*said that Moscow had asked …; the Kremlin denied it*)."""
    return view.upos(word) == "VERB" and view.relations[word] == "ccomp"


SPEAKERS = frozenset("it he she they".split())
OURS = frozenset("we us our ours".split())


def hear_pronouns(drafts: Sequence[Draft], voices: Voices, cast: Cast) -> list[Draft]:
    """*Lima denied a report by Quito that it had closed its ports*: *it* in what somebody denies is the denier; *Lima
    and Quito said they would meet*: both."""
    found = []
    for draft in drafts:
        view = draft.view
        around = voices.around(view.index, draft.word)
        nearest = voices.drafts[around[-1]] if around else None
        subjects = read_verb(view, draft.word).get("subj") if view.upos(draft.word) == "VERB" else ()
        mine = len(subjects) == 1 and view.lower[subjects[0]] in SPEAKERS and draft.denies is None
        if mine and nearest is not None and nearest.effect == "deny" and nearest.holders:
            near = nearest.source_at is not None and nearest.source_at[0] == view.index
            if near and set(draft.sources) == set(cast.find(view, subjects)):
                draft.sources = nearest.holders
        elif mine and nearest is not None and nearest.holders:
            at = nearest.source_at
            heard = at is not None and at[0] == view.index and at[1] < subjects[0]
            they = view.lower[subjects[0]] == "they"
            heard = heard and not (they and OURS & set(view.lower))
            joint = they and set(draft.sources) < set(nearest.holders)
            if heard and (joint or not draft.sources):
                draft.sources = nearest.holders
        found.append(draft)
    return found


def aim_threats(drafts: Sequence[Draft], cast: Cast) -> None:
    """*If NATO sends troops, Russia will respond*: a threat aimed at nobody, or at its own side, is aimed at who is
    meant by its *if* clause."""
    for draft in drafts:
        if draft.type is not EventType.THREATEN:
            continue
        mine = {side_of(cast, actor) for actor in draft.sources}
        if draft.targets and not {side_of(cast, actor) for actor in draft.targets} <= mine:
            continue
        for other in drafts:
            if other.view is draft.view and other is not draft and other.sources and _is_condition(other):
                if not {side_of(cast, actor) for actor in other.sources} & mine:
                    draft.targets = other.sources
                    break


def _is_condition(draft: Draft) -> bool:
    view = draft.view
    for at in (draft.word, *view.ancestors(draft.word)):
        if view.relations[at] == "advcl":
            return any(view.lower[kid] in CONDITION_MARKS for kid in view.kids(at, "mark"))
    return False
