"""Government or place: what the name of a place stands for, by its preposition, relation and head."""

from __future__ import annotations

from demarche.linking.view import View
from demarche.linking.words import Words

__all__ = ["reads_as_place"]

PARTS = frozenset("city town port capital suburb village streets street centre".split())
VISITED = frozenset("visit leave reach enter flee tour".split())


def reads_as_place(view: View, first: int, last: int, words: Words) -> bool:
    """Whether words `[first, last]` mean the place (*met in Geneva*), not those who act there."""
    inside = range(first, last + 1)
    word = next((w for w in reversed(inside) if view.tree.heads[w] not in inside), last)
    case = view.case(word)
    head = view.tree.heads[word]
    lemma = view.tree.lemmas[head].lower() if head >= 0 else ""
    if case in words.locative:
        return True
    if case in {"to", "from", "for"} and lemma in words.motion:
        return True
    if case == "of" and lemma in PARTS:
        return True
    relation = view.rel(word)
    if relation in {"root", "parataxis", "list", "dep", "nmod:unmarked", "obl:unmarked"} or (
        first == 0 and (view.tree.forms[last].isupper() and len(view.tree.forms[last]) > 3)
    ):
        return True
    if relation == "obj" and lemma in VISITED:
        return True
    return relation == "appos" and head >= 0 and view.tree.upos[head] == "PROPN" and head not in view.names
