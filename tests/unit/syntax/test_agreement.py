"""Names of an article under one kind each."""

from __future__ import annotations

from demarche.records import Name, Tree
from demarche.syntax import agree_names


def _tree(text: str, *names: tuple[int, int, str]) -> Tree:
    forms = tuple(text.split())
    n = len(forms)
    starts = tuple(sum(len(form) + 1 for form in forms[:i]) for i in range(n))
    return Tree(
        start=0, end=len(text), starts=starts, ends=tuple(s + len(f) for s, f in zip(starts, forms, strict=True)),
        forms=forms, lemmas=forms, upos=("X",) * n, xpos=("X",) * n, feats=("_",) * n, heads=(-1,) + (0,) * (n - 1),
        deprels=("root",) + ("dep",) * (n - 1),
        names=tuple(Name(first=a, last=b, label=kind) for a, b, kind in names), score=1.0,
    )  # fmt: skip


def _kinds(parsed: list[tuple[Tree, ...]]) -> list[list[str]]:
    return [[name.label for name in tree.names] for trees in parsed for tree in trees]


def test_a_surname_is_the_person() -> None:
    first = _tree("Ida Halden spoke", (0, 1, "PER"))
    later = _tree("Halden left Oslo", (0, 0, "LOC"), (2, 2, "LOC"))
    assert _kinds(agree_names([(first,), (later,)])) == [["PER"], ["PER", "LOC"]]


def test_a_land_stays_one() -> None:
    first = _tree("Ann Jordan spoke", (0, 1, "PER"))
    later = _tree("Jordan said no", (0, 0, "LOC"))
    assert _kinds(agree_names([(first, later)])) == [["PER"], ["LOC"]]


def test_most_sentences_win_by_more_than_two_to_one() -> None:
    body, place = _tree("Norvik fell", (0, 0, "ORG")), _tree("Norvik said so", (0, 0, "LOC"))
    assert _kinds(agree_names([(body,), (body,), (body, place)])) == [["ORG"]] * 4
    assert _kinds(agree_names([(body,), (body,), (place,)])) == [["ORG"], ["ORG"], ["LOC"]]


def test_dates_are_left_alone() -> None:
    assert _kinds(agree_names([(_tree("in May", (1, 1, "DATE")), _tree("Theresa May", (0, 1, "PER")))])) == [
        ["DATE"],
        ["PER"],
    ]
