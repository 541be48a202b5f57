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


@pytest.mark.parametrize(
    ("notation", "word", "found"),
    [
        pytest.param(
            """
            Rebels NOUN NNS 2 nsubj rebel
            captured VERB VBD 0 root capture
            the DET DT 4 det
            town NOUN NN 2 obj town
            of ADP IN 6 case
            Doha PROPN NNP 4 nmod
            """,
            1, "p1", id="the town of X",
        ),
        pytest.param(
            """
            Soldiers NOUN NNS 2 nsubj soldier
            fired VERB VBD 0 root fire
            near ADP IN 6 case
            the DET DT 6 det
            Doha PROPN NNP 6 compound
            bridge NOUN NN 2 obl bridge
            """,
            1, "p1", id="near the X bridge",
        ),
        pytest.param(
            """
            They PRON PRP 2 nsubj
            praised VERB VBD 0 root praise
            the DET DT 4 det
            people NOUN NNS 2 obj people
            of ADP IN 6 case
            Doha PROPN NNP 4 nmod
            """,
            1, None, id="the people of X",
        ),
        pytest.param(
            """
            The DET DT 3 det
            Doha PROPN NNP 3 compound
            talks NOUN NNS 4 nsubj talk
            failed VERB VBD 0 root fail
            """,
            2, "p1", id="the X talks",
        ),
        pytest.param(
            """
            A DET DT 2 det
            conference NOUN NN 6 nsubj conference
            held VERB VBN 2 acl hold
            in ADP IN 5 case
            Doha PROPN NNP 3 obl
            failed VERB VBD 0 root fail
            """,
            1, "p1", id="a conference held in X",
        ),
        pytest.param(
            """
            They PRON PRP 2 nsubj
            opened VERB VBD 0 root open
            talks NOUN NNS 2 obj talk
            in ADP IN 5 case
            Doha PROPN NNP 2 obl
            """,
            2, "p1", id="opened talks in X",
        ),
        pytest.param(
            """
            He PRON PRP 2 nsubj
            flew VERB VBD 0 root fly
            to ADP IN 4 case
            Doha PROPN NNP 2 obl
            to PART TO 6 mark
            meet VERB VB 2 advcl meet
            envoys NOUN NNS 6 obj envoy
            """,
            5, "p1", id="flew to X to meet",
        ),
        pytest.param(
            """
            He PRON PRP 2 nsubj
            said VERB VBD 0 root say
            in ADP IN 4 case
            Doha PROPN NNP 2 obl
            that SCONJ IN 7 mark
            troops NOUN NNS 7 nsubj troop
            left VERB VBD 2 ccomp leave
            """,
            6, None, id="said in X that they left",
        ),
    ],
)  # fmt: skip
def test_the_place_may_stand_beside_or_above_the_act(notation: str, word: int, found: str | None) -> None:
    assert place(notation, word, "Doha") == found
