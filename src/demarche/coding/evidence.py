"""What speaks for and against a row: numbers for the judge, from the rules, the heads and the tree.

The order of the numbers is the order in which they are written here; training/judge.py and the product call the same
function, so that they cannot drift apart.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Mapping, Sequence
from functools import cache

from demarche.coding.context import SentenceView
from demarche.coding.events import Draft
from demarche.coding.heads import Proposals
from demarche.records import EventType, Role

__all__ = ["keep_evidence"]

TYPES = tuple(EventType)
RELATIONS = ("root", "conj", "advcl", "ccomp", "xcomp", "acl", "obj", "obl", "nmod", "nsubj", "parataxis", "amod")
TAGS = ("VERB", "NOUN", "ADJ", "PROPN")
LEAST = -20.0


@cache
def one_hot(value: Hashable, values: tuple[Hashable, ...]) -> tuple[float, ...]:
    """One number a value: 1.0 where it is the one."""
    return tuple(float(value == other) for other in values)


def _quotes_before(view: SentenceView, word: int) -> int:
    places: tuple[int, ...] | None = view.memo.get(("marks", 0))
    if places is None:
        found = (at for at, form in enumerate(view.tree.forms) if form in ('"', "“", "”"))
        places = view.memo["marks", 0] = tuple(found)
    return bisect_left(places, word)


def keep_evidence(draft: Draft, rivals: Mapping[int, Sequence[Draft]], priors: Mapping[str, float]) -> list[float]:
    """Whether the word carries a row of the type. rivals: word → other candidates. priors: share of right by rule."""
    view, word, seen = draft.view, draft.word, draft.seen
    proposals: Proposals | None = draft.proposals
    near = proposals.logit_near(draft.words, draft.type) if proposals else LEAST
    here = proposals.logit(word, draft.type) if proposals else LEAST
    other = proposals.greatest(word, draft.type) if proposals else LEAST
    around = proposals.greatest_near(word) if proposals else LEAST
    by_rule = seen is None
    others = [d for d in rivals.get(word, ()) if d is not draft]
    return [
        float(by_rule),
        priors.get(draft.rule, 0.5),
        draft.score,
        near,
        here,
        other,
        around,
        float(any(d.seen is None for d in others)),
        float(len(view)),
        float(len(view.actors)),
        float(view.role is Role.TITLE),
        word / max(1, len(view)),
        float(bool(draft.slots.get("subj"))),
        float(bool(draft.slots.get("obj"))),
        float(bool(draft.slots.get("comp"))),
        float(draft.content),
        float(_quotes_before(view, word) % 2),
        *draft.footing,
        *one_hot(view.tree.upos[word], TAGS),
        *one_hot(view.relations[word], RELATIONS),
        *one_hot(draft.type, TYPES),
    ]
