"""Where: the place below an act, in the cases its verb takes for one."""

from __future__ import annotations

import pytest

from demarche.coding.context import read_context
from demarche.coding.where import place_of
from demarche.records import Linked, Mention, MentionKind, Place, Via
from linking_trees import read_article, read_tree


def place(notation: str, word: int, name: str) -> str | None:
    """Id of the place of the act at `word`, where the words `name` are one."""
    tree = read_tree(notation)
    article, sentences = read_article([tree])
    start = article.document.text.index(name)
    spot = Place(
        id="p1", name=name, lat=None, lon=None, country=None, admin1=None, geonames=None, kind="city",
    )  # fmt: skip
    mention = Mention(
        id="m1", start=start, end=start + len(name), kind=MentionKind.PLACE, ref="p1", head=True, via=Via.NAME
    )
    linked = Linked(actors=(), mentions=(mention,), places=(spot,), times=(), amounts=())
    view = read_context(article, sentences, [tree], linked).views[0]
    return place_of(view, word, view.places)


@pytest.mark.parametrize(
    ("verb", "lemma", "case", "found"),
    [("met", "meet", "in", "p1"), ("flew", "fly", "to", "p1"), ("withdrew", "withdraw", "from", "p1"),
     ("appealed", "appeal", "to", None)],
)  # fmt: skip
def test_a_verb_of_moving_takes_ways_too(verb: str, lemma: str, case: str, found: str | None) -> None:
    notation = f"""
        Envoys NOUN NNS 2 nsubj envoy
        {verb} VERB VBD 0 root {lemma}
        {case} ADP IN 4 case
        Doha PROPN NNP 2 obl
        """
    assert place(notation, 1, "Doha") == found


@pytest.mark.parametrize(("verb", "found"), [("invade", "p1"), ("praise", None)])
def test_what_is_invaded_is_the_place(verb: str, found: str | None) -> None:
    notation = f"""
        Troops NOUN NNS 2 nsubj troop
        {verb}d VERB VBD 0 root {verb}
        Doha PROPN NNP 2 obj
        """
    assert place(notation, 1, "Doha") == found
