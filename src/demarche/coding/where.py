"""Where an act happens, by syntax: the place below its word, in the cases that its verb takes for one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from demarche.coding.context import SentenceView

__all__ = ["place_of", "words_below"]

AT = frozenset({"in", "at", "near", "on", "off", "outside", "inside", "around", "along", "across", "throughout"})
WAYS = frozenset({"to", "from", "into", "onto", "through", "toward", "towards", "of"})
MOVING = frozenset(
    "travel fly go come head visit withdraw pull send deploy move land arrive enter march sail return ship deliver "
    "extradite deport evacuate dispatch drive escort cross retreat redeploy airlift transfer let admit withdrawal "
    "visit deployment delivery return pullout trip evacuation".split()
)
"""Verbs and nouns of moving: where to and where from are where."""
TAKING = frozenset(
    "visit invade enter occupy storm shell bomb leave blockade cross capture seize raid besiege bombard tour reach "
    "overrun annex retake evacuate".split()
)
"""Verbs whose object may be the place itself."""
CLAUSES = frozenset({"ccomp", "advcl", "parataxis", "conj", "acl"})
DEEP = 3


def place_of(view: SentenceView, word: int, places: Mapping[int, str]) -> str | None:
    """Id of the nearest place below the act, outside other clauses; None where the words give none."""
    if not places:
        return None
    lemma = view.tree.lemmas[word].lower()
    cases = AT | WAYS if lemma in MOVING else AT
    for depth, at in words_below(view, word):
        if at in places:
            if any(view.lower[kid] in cases for kid in view.kids(at, "case")):
                return places[at]
            if depth == 1 and lemma in TAKING and view.relations[at] in {"obj", "nsubj:pass"}:
                return places[at]
    return None


def words_below(view: SentenceView, word: int) -> Iterator[tuple[int, int]]:
    """Words of the same clause below a word, nearest first: (steps down, at most `DEEP`; word)."""
    level = [word]
    for depth in range(1, DEEP + 1):
        level = [kid for at in level for kid in view.children[at] if view.relations[kid] not in CLAUSES]
        yield from ((depth, at) for at in level)
