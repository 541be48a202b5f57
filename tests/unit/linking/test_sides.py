"""Whom a phrase without a name stands for: pairs, courts, *we*, what states only help."""

from __future__ import annotations

import pytest

from demarche.linking import Linker
from demarche.linking.linker import _quotes
from demarche.records import Tree
from linking_trees import link, read_tree


def read(linker: Linker, trees: list[Tree], words: str) -> set[str | None]:
    """Countries, or names where there is none, of the actors that the words stand for."""
    linked, found = link(linker, trees)
    actors = {actor.id: actor for actor in linked.actors}
    return {actors[ref].country or actors[ref].name for ref in found.get(words, ())}


def test_korean_is_the_korea_that_the_article_names(linker: Linker) -> None:
    def trees(first: str) -> list[Tree]:
        tree = read_tree(
            f"""
            {first} PROPN NNP 2 compound
            Korea PROPN NNP 3 nsubj
            spoke VERB VBD 0 root speak
            as SCONJ IN 6 mark
            Korean ADJ JJ 6 amod
            courts NOUN NNS 7 nsubj court
            ruled VERB VBD 3 advcl rule
            """
        )
        return [tree]

    assert read(linker, trees("South"), "Korean courts") == {"KOR"}
    assert read(linker, trees("North"), "Korean courts") == {"PRK"}


def test_the_two_countries_are_the_pair_the_article_is_about(linker: Linker) -> None:
    about = [
        "Armenia PROPN NNP 2 nsubj\nfought VERB VBD 0 root fight\nAzerbaijan PROPN NNP 2 obj",
        "Azerbaijan PROPN NNP 2 nsubj\nshelled VERB VBD 0 root shell\nArmenia PROPN NNP 2 obj",
        "Armenia PROPN NNP 2 nsubj\nblamed VERB VBD 0 root blame\nAzerbaijan PROPN NNP 2 obj",
        "France PROPN NNP 4 nsubj\nand CCONJ CC 3 cc\nAzerbaijan PROPN NNP 1 conj\nspoke VERB VBD 0 root speak",
        "The DET DT 3 det\ntwo NUM CD 3 nummod\ncountries NOUN NNS 4 nsubj country\nstopped VERB VBD 0 root stop",
    ]
    trees, at = [], 0
    for notation in about:
        trees.append(read_tree(notation, start=at))
        at = trees[-1].end + 1
    assert read(linker, trees, "two countries") == {"ARM", "AZE"}


def test_judges_are_of_the_court_the_article_named(linker: Linker) -> None:
    first = read_tree(
        """
        The DET DT 5 det
        International PROPN NNP 5 compound
        Court PROPN NNP 5 nsubj
        of ADP IN 5 case
        Justice PROPN NNP 6 nsubj
        ruled VERB VBD 0 root rule
        """
    )
    second = read_tree(
        """
        In ADP IN 2 case
        Mogadishu PROPN NNP 4 obl
        ministers NOUN NNS 4 nsubj minister
        praised VERB VBD 0 root praise
        the DET DT 6 det
        judges NOUN NNS 4 obj judge
        """,
        start=first.end + 1,
        names="2-2-LOC",
    )
    assert read(linker, [first, second], "judges") == {"International Court of Justice"}


def test_whom_a_state_only_backs_is_not_of_it(linker: Linker) -> None:
    tree = read_tree(
        """
        Iran PROPN NNP 3 obl:unmarked
        - PUNCT HYPH 3 punct
        backed VERB VBN 4 amod back
        militias NOUN NNS 5 nsubj militia
        fired VERB VBD 0 root fire
        """
    )
    assert "IRN" not in read(linker, [tree], "militias") | read(linker, [tree], "Iran-backed militias")


def test_a_union_of_nobody_named_is_of_the_state_the_article_is_about(linker: Linker) -> None:
    first = read_tree("Honduras PROPN NNP 2 nsubj\nwaited VERB VBD 0 root wait")
    second = read_tree(
        """
        Teachers NOUN NNS 3 nmod:poss teacher
        ' PART POS 1 case
        unions NOUN NNS 4 nsubj union
        struck VERB VBD 0 root strike
        """,
        start=first.end + 1,
    )
    assert "HND" in read(linker, [first, second], "Teachers ' unions") | read(linker, [first, second], "unions")


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('He said "we wait" and left.', ['"we wait"']),
        ("“We stay.\n“We wait.” He left.", ["“We stay.", "“We wait.”"]),
        ('It ended "so', ['"so']),
        ("Nobody spoke.\nNobody.", []),
    ],
)
def test_what_stands_in_quotation_marks(text: str, quoted: list[str]) -> None:
    assert [text[start:end] for start, end in _quotes(text)] == quoted


def trees_of(*notations: str) -> list[Tree]:
    found, at = [], 0
    for notation in notations:
        found.append(read_tree(notation, start=at))
        at = found[-1].end + 1
    return found


CIVIL_WAR = (
    "Sudan PROPN NNP 2 nsubj\nbled VERB VBD 0 root bleed",
    "The DET DT 4 det\nRapid PROPN NNP 4 compound\nSupport PROPN NNP 4 compound\nForces PROPN NNPS 5 nsubj\n"
    "seized VERB VBD 0 root seize\nhospitals NOUN NNS 5 obj hospital",
    "America PROPN NNP 2 nsubj\nurged VERB VBD 0 root urge\nthe DET DT 5 det\ntwo NUM CD 5 nummod\n"
    "sides NOUN NNS 2 obj side\nto PART TO 7 mark\nstop VERB VB 2 xcomp stop",
)


def test_the_two_sides_of_a_civil_war_are_those_who_fight(linker: Linker) -> None:
    trees = trees_of(*CIVIL_WAR)
    linked, found = link(linker, trees, date="2023-06-01")
    assert found["two sides"] == {"SDN", "o:rapid-support-forces"}
    why = next(m.why for m in linked.mentions if m.ref == "o:rapid-support-forces" and "sides" in m.why)
    assert "fight each other" in why


def test_before_the_war_they_are_no_two_sides(linker: Linker) -> None:
    _, found = link(linker, trees_of(*CIVIL_WAR), date="2021-06-01")
    assert found.get("two sides") != {"SDN", "o:rapid-support-forces"}


@pytest.mark.parametrize(
    ("date", "word", "party"),
    [
        ("2010-06-01", "ruling", "o:democratic-party-of-japan"),
        ("2019-06-01", "ruling", None),  # two parties govern
        ("2010-06-01", "small", None),
    ],
)
def test_the_ruling_party_is_who_governs_alone_on_the_date(
    linker: Linker, date: str, word: str, party: str | None
) -> None:
    notation = f"""
        Japan PROPN NNP 4 nmod:poss
        's PART POS 1 case
        {word} ADJ JJ 4 amod
        party NOUN NN 5 nsubj party
        voted VERB VBD 0 root vote
        """
    _, found = link(linker, trees_of(notation), date=date)
    parties = {ref for refs in found.values() for ref in refs if ref.startswith("o:")}
    assert parties == ({party} if party else set())


def test_a_party_is_in_opposition_by_date(linker: Linker) -> None:
    tree = "Labour PROPN NNP 2 compound\nParty PROPN NNP 3 nsubj\nvoted VERB VBD 0 root vote"
    for date, sector in (("2015-03-01", "OPP"), ("2000-03-01", "PTY")):
        linked, _ = link(linker, trees_of(tree, "Britain PROPN NNP 2 nsubj\nvoted VERB VBD 0 root vote"), date=date)
        assert {a.sector for a in linked.actors if a.id == "o:labour-party"} == {sector}
