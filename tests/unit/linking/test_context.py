"""Whose body or official it is, told by what stands around: datelines, appositions, the other side."""

from __future__ import annotations

from demarche.linking import Linker
from demarche.records import Tree
from linking_trees import link, read_tree


def countries(linker: Linker, trees: list[Tree], words: str) -> set[str | None]:
    """Countries, or names where there is none, of the actors that the words stand for."""
    linked, found = link(linker, trees)
    actors = {actor.id: actor for actor in linked.actors}
    return {actors[ref].country or actors[ref].name for ref in found.get(words, ())}


def test_the_dateline_says_whose_ministry_speaks(linker: Linker) -> None:
    tree = read_tree(
        """
        PARIS PROPN NNP 8 nsubj
        , PUNCT , 3 punct
        Oct PROPN NNP 1 nmod:unmarked
        28 NUM CD 3 nummod
        - PUNCT , 1 punct
        London PROPN NNP 8 nsubj
        has AUX VBZ 8 aux
        refused VERB VBN 0 root refuse
        Paris PROPN NNP 8 obj
        , PUNCT , 13 punct
        the DET DT 12 det
        ministry NOUN NN 13 nsubj ministry
        said VERB VBD 8 parataxis say
        """,
        names="1-1-LOC 6-6-LOC 9-9-LOC",
    )
    assert countries(linker, [tree], "ministry") == {"FRA"}


def test_a_host_is_of_the_other_side(linker: Linker) -> None:
    first = read_tree(
        """
        Macron PROPN NNP 2 nsubj
        visited VERB VBD 0 root visit
        Kenya PROPN NNP 2 obj
        """,
        names="1-1-PER 3-3-LOC",
    )
    second = read_tree(
        """
        His PRON PRP$ 2 nmod:poss
        host NOUN NN 3 nsubj host
        smiled VERB VBD 0 root smile
        """,
        start=first.end + 1,
    )
    assert countries(linker, [first, second], "host") == {"KEN"}


def test_what_is_said_beside_a_centre_tells_its_country(linker: Linker) -> None:
    tree = read_tree(
        """
        Ada PROPN NNP 9 nsubj
        Moss PROPN NNP 1 flat
        of ADP IN 6 case
        the DET DT 6 det
        Chilean ADJ JJ 6 amod
        centre NOUN NN 1 nmod centre
        Foro PROPN NNP 6 appos
        Zum PROPN NNP 7 flat
        left VERB VBD 0 root leave
        """,
        names="1-2-PER 7-8-ORG",
    )
    assert countries(linker, [tree], "Ada Moss") == {"CHL"}


def test_what_a_verb_condemns_is_somebody_elses(linker: Linker) -> None:
    first = read_tree(
        """
        Chile PROPN NNP 2 nsubj
        tested VERB VBD 0 root test
        rockets NOUN NNS 2 obj rocket
        """,
        names="1-1-LOC",
    )
    second = read_tree(
        """
        Japan PROPN NNP 2 nsubj
        condemned VERB VBD 0 root condemn
        its PRON PRP$ 4 nmod:poss
        tests NOUN NNS 2 obj test
        """,
        start=first.end + 1,
        names="1-1-LOC",
    )
    assert countries(linker, [first, second], "its") == {"CHL"}


def test_they_are_not_those_whom_they_help(linker: Linker) -> None:
    first = read_tree(
        """
        Chile PROPN NNP 2 nsubj
        warned VERB VBD 0 root warn
        Peru PROPN NNP 2 obj
        """,
        names="1-1-LOC 3-3-LOC",
    )
    second = read_tree(
        """
        They PRON PRP 2 nsubj
        armed VERB VBD 0 root arm
        Chile PROPN NNP 2 obj
        """,
        start=first.end + 1,
        names="3-3-LOC",
    )
    assert countries(linker, [first, second], "They") == {"PER"}


def test_both_parties_are_no_group_named_before(linker: Linker) -> None:
    tree = read_tree(
        """
        The DET DT 3 det
        U.N. PROPN NNP 3 compound
        envoy NOUN NN 4 nsubj envoy
        urged VERB VBD 0 root urge
        both DET DT 6 det
        parties NOUN NNS 4 obj party
        """,
        names="2-2-ORG",
    )
    assert "United Nations" not in countries(linker, [tree], "parties")


def test_the_pope_is_of_the_vatican_whatever_is_spoken_of(linker: Linker) -> None:
    tree = read_tree(
        """
        The DET DT 2 det
        pope NOUN NN 3 nsubj pope
        condemned VERB VBD 0 root condemn
        Peking PROPN NNP 3 obj
        and CCONJ CC 6 cc
        Zaire PROPN NNP 4 conj
        """,
        names="4-4-LOC 6-6-LOC",
    )
    assert countries(linker, [tree], "pope") == {"VAT"}
    assert countries(linker, [tree], "Zaire") == {"COD"}
