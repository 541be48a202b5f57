"""Enhanced relations on hand-made trees."""

from __future__ import annotations

from demarche.records import Tree
from demarche.syntax import enhance


def tree(rows: str) -> Tree:
    """Rows `form/lemma/upos/xpos/head/deprel`, heads from 1."""
    cells = [row.split("/") for row in rows.split()]
    forms = tuple(c[0] for c in cells)
    return Tree(
        start=0,
        end=len(forms),
        starts=tuple(range(len(forms))),
        ends=tuple(range(1, len(forms) + 1)),
        forms=forms,
        lemmas=tuple(c[1] for c in cells),
        upos=tuple(c[2] for c in cells),
        xpos=tuple(c[3] for c in cells),
        feats=("_",) * len(forms),
        heads=tuple(int(c[4]) - 1 for c in cells),
        deprels=tuple(c[5] for c in cells),
    )


def arcs(rows: str) -> set[tuple[str, str, str]]:
    made = tree(rows)
    return {(made.forms[a.dependent], made.forms[a.head], a.relation) for a in enhance(made)}


def test_conjoined_verbs_share_the_subject() -> None:
    found = arcs(
        "Paris/Paris/PROPN/NNP/2/nsubj condemned/condemn/VERB/VBD/0/root and/and/CCONJ/CC/4/cc "
        "sued/sue/VERB/VBD/2/conj Rome/Rome/PROPN/NNP/4/obj"
    )
    assert ("Paris", "sued", "nsubj") in found
    assert ("Rome", "condemned", "obj") in found


def test_conjoined_subjects_both_act() -> None:
    found = arcs(
        "Iran/Iran/PROPN/NNP/4/nsubj and/and/CCONJ/CC/3/cc Iraq/Iraq/PROPN/NNP/1/conj met/meet/VERB/VBD/0/root"
    )
    assert ("Iraq", "met", "nsubj") in found


def test_asked_one_does_the_open_clause_and_promiser_his_own() -> None:
    rows = (
        "US/US/PROPN/NNP/2/nsubj {0}/{1}/VERB/VBD/0/root Iran/Iran/PROPN/NNP/2/obj "
        "to/to/PART/TO/5/mark stop/stop/VERB/VB/2/xcomp"
    )
    assert ("Iran", "stop", "nsubj") in arcs(rows.format("asked", "ask"))
    assert ("US", "stop", "nsubj") in arcs(rows.format("promised", "promise"))


def test_relative_clause_and_passive_doer() -> None:
    found = arcs("envoy/envoy/NOUN/NN/0/root who/who/PRON/WP/3/nsubj left/leave/VERB/VBD/1/acl:relcl")
    assert ("envoy", "left", "nsubj") in found
    found = arcs(
        "Town/town/NOUN/NN/3/nsubj:pass was/be/AUX/VBD/3/aux:pass shelled/shell/VERB/VBN/0/root "
        "by/by/ADP/IN/5/case rebels/rebel/NOUN/NNS/3/obl:agent"
    )
    assert ("rebels", "shelled", "nsubj:agent") in found
    assert ("Town", "shelled", "obj:patient") in found
