"""Marks of words that lists know."""

from __future__ import annotations

import gzip

import pytest

from demarche.syntax.name_lists import MARKS, NameLists, read_lists

ROWS = [
    "L\tnew york",
    "L\tnew york city",
    "Ls\tyork",
    "O\tcity bank",
    "g\tanna",
    "t\tminister",
    "e\tbank",
    "n\tswedish",
]


def marked(text: str) -> list[str]:
    forms = text.split()
    rows = NameLists(ROWS).marks(forms)
    return [" ".join([form, *(MARKS[k] for k in row.nonzero()[0])]) for form, row in zip(forms, rows, strict=True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in New York .", ["in", "New place-first", "York place-inside surname", "."]),
        ("New York City Bank", ["New place-first", "York place-inside surname", "City place-inside body-first",
                                "Bank body-inside body-end"]),
        ("York", ["York place-first surname"]),
        ("york", ["york"]),
        ("minister Anna", ["minister title", "Anna given"]),
        ("ANNA SWEDISH", ["ANNA given", "SWEDISH nationality"]),
        ("New", ["New"]),
    ],
)  # fmt: skip
def test_the_longest_name_marks_its_words(text: str, expected: list[str]) -> None:
    assert marked(text) == expected


def test_nothing_is_marked_where_nothing_is_known() -> None:
    assert not NameLists([]).marks(["Oslo", "agreed"]).any()
    assert NameLists(ROWS).marks([]).shape == (0, len(MARKS))


def test_reads_what_is_shipped_in_its_form() -> None:
    lists = read_lists(gzip.compress("\n".join(ROWS).encode()))
    assert lists.marks(["Anna"])[0, MARKS.index("given")] == 1
