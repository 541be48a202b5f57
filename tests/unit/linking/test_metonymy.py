"""Government or place: the sure cases before the model."""

from __future__ import annotations

from demarche.linking.folding import fold_letters
from demarche.linking.metonymy import place_score
from demarche.linking.tables import BARE
from demarche.linking.view import view_sentence
from linking_trees import read_tree


def score(notation: str, first: int, last: int) -> float:
    """Probability that words `[first, last]` are a place."""
    tree = read_tree(notation)
    return place_score(view_sentence(0, tree, (), BARE, fold_letters(" ".join(tree.forms))), first, last)


def test_a_park_never_speaks_and_a_border_lies_with_a_place() -> None:
    park = """
        Hyde PROPN NNP 2 compound
        Park PROPN NNP 3 nsubj
        rejected VERB VBD 0 root reject
        it PRON PRP 3 obj
        """
    assert score(park, 0, 1) == 1.0
    border = """
        It PRON PRP 2 nsubj
        closed VERB VBD 0 root close
        the DET DT 4 det
        border NOUN NN 2 obj border
        with ADP IN 6 case
        Chad PROPN NNP 4 nmod
        """
    assert score(border, 5, 5) == 1.0


def test_who_rejects_an_offer_is_a_government() -> None:
    rejected = """
        Chad PROPN NNP 2 nsubj
        rejected VERB VBD 0 root reject
        the DET DT 4 det
        offer NOUN NN 2 obj offer
        """
    assert score(rejected, 0, 0) < 0.4
