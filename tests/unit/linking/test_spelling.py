"""People under another spelling."""

from __future__ import annotations

import pytest

from demarche.linking import Linker
from demarche.linking.spelling import NameIndex, name_words, skeleton
from linking_trees import link, read_tree


def test_initials_articles_and_particles_do_not_count() -> None:
    assert name_words("Vladimir V. Putin") == ["vladimir", "putin"]
    assert name_words("Abdel-Fattah el-Sisi") == ["abdel", "fattah", "sisi"]
    assert name_words("Li E") == ["li"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Sergei", "Sergey"), ("Mohammed", "Muhammad"), ("Zelensky", "Zelenskiy"), ("Yousef", "Youssef"), ("Kim", "Kim")],
)
def test_spellings_of_one_name_sound_alike(one: str, other: str) -> None:
    assert skeleton(one.lower()) == skeleton(other.lower())


def test_an_index_finds_other_spellings_and_orders_but_no_other_people() -> None:
    index = NameIndex([("Sergei Lavrov", "a"), ("Carlos Holmes Trujillo Garcia", "b"), ("Li Wei", "c")])
    assert index.find("Sergey V. Lavrov")[0][1] == "a"
    assert index.find("Lavrov Sergei")[0][1] == "a"
    assert index.find("Carlos Trujillo")[0][1] == "b"
    assert index.find("Sergio Lavarov-Ortiz") == []
    assert index.find("Liu Wu") == []  # too short to sound like one man


def test_a_name_with_an_initial_is_the_person_of_the_table(linker: Linker) -> None:
    tree = read_tree(
        """
        Sergey PROPN NNP 4 nsubj
        V. PROPN NNP 1 flat
        Lavrov PROPN NNP 1 flat
        left VERB VBD 0 root leave
        """,
        names="1-3-PER",
    )
    _, found = link(linker, [tree])
    assert found["Sergey V. Lavrov"] == {"Q58217"}


def test_nobody_is_taken_for_another_without_an_office(linker: Linker) -> None:
    assert linker.tables.person_spelt("Quentin Zzyzxova", "2022-03-17", titled=True) is None
