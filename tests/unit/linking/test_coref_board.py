"""Coreference is scored as its papers say."""

from __future__ import annotations

from pathlib import Path

import pytest

from demarche.linking.evaluate_coref import gold_documents, score_groups

G = frozenset


def test_the_example_of_the_measures() -> None:
    """Gold {a b c} {d e f g}, found {a b} {c d} {f g h i}: values of Pradhan et al. 2014, table 1."""
    gold = [G("abc"), G("defg")]
    found = [G("ab"), G("cd"), G("fghi")]
    scores = score_groups([([G(map(ord, g)) for g in gold], [G(map(ord, f)) for f in found])])
    assert scores["MUC F1"] == pytest.approx(0.40, abs=0.005)
    assert scores["B3 F1"] == pytest.approx(0.4545, abs=0.0005)  # 0.50 and 0.42
    assert scores["CEAF F1"] == pytest.approx(0.52, abs=0.005)


def test_all_right_is_one_and_nothing_is_nought() -> None:
    groups = [G({1, 5, 9})]
    assert score_groups([(groups, groups)])["CoNLL F1"] == 1.0
    assert score_groups([(groups, [])])["CoNLL F1"] == 0.0


CONLLU = """# newdoc id = GUM_test
# meta::dateCreated = 2020-02-05
# newpar
1\tThe\tthe\tDET\tDT\t_\t2\tdet\t_\tEntity=(1-person-new-x-cf1-1-coref
2\tmayor\tmayor\tNOUN\tNN\t_\t5\tnsubj\t_\t_
3\tof\tof\tADP\tIN\t_\t4\tcase\t_\t_
4\tGraz\tGraz\tPROPN\tNNP\t_\t2\tnmod\t_\tEntity=(2-place-new-x-cf2-1-sgl)1)
5\tsaid\tsay\tVERB\tVBD\t_\t0\troot\t_\t_
6\tshe\tshe\tPRON\tPRP\t_\t7\tnsubj\t_\tEntity=(1-person-giv:act-x-cf1-1-ana)
7\twon\twin\tVERB\tVBD\t_\t5\tccomp\t_\tSpaceAfter=No
8\t.\t.\tPUNCT\t.\t_\t5\tpunct\t_\t_

"""


def test_gold_groups_are_head_words_of_mentions_that_go_together(tmp_path: Path) -> None:
    path = tmp_path / "one.conllu"
    path.write_text(CONLLU, "utf-8")
    [document] = gold_documents(path)
    assert (document.text, document.published) == ("The mayor of Graz said she won.", "2020-02-05")
    assert document.groups == (frozenset({4, 23}),)  # mayor, she
