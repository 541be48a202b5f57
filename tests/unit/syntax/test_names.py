"""Names from scores; dates and money by rule."""

from __future__ import annotations

import numpy as np
import pytest

from demarche.records import Name
from demarche.syntax.names import decode_names, find_dates, find_money, join_names

LABELS = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG")


def found(names: list[Name], forms: list[str]) -> list[str]:
    return [" ".join(forms[n.first : n.last + 1]) for n in names]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("on March 3 , 2022 he", ["March 3 , 2022"]),
        ("on Thursday they may march", ["Thursday"]),
        ("the march of 12 May 1999", ["12 May 1999"]),
        ("since 2014 and last week", ["2014", "last week"]),
        ("the May 2 vote", ["May 2"]),
        ("2022 soldiers", []),
    ],
)
def test_dates(text: str, dates: list[str]) -> None:
    assert found(find_dates(text.split()), text.split()) == dates


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("paid $ 5.2 billion for", ["$ 5.2 billion"]),
        ("300 million euros and 5 men", ["300 million euros"]),
        ("10 percent", []),
        ("the $", []),
    ],
)
def test_money(text: str, money: list[str]) -> None:
    assert found(find_money(text.split()), text.split()) == money


def test_kind_of_a_run_is_the_sum_of_its_words() -> None:
    scores = np.array(
        [[0.1, 0.5, 0, 0.4, 0], [0.1, 0, 0.2, 0, 0.7], [0.9, 0.1, 0, 0, 0], [0.2, 0.8, 0, 0, 0]], np.float32
    )
    assert decode_names(scores, LABELS) == [Name(first=0, last=1, label="ORG"), Name(first=3, last=3, label="PER")]


def test_earlier_layer_wins() -> None:
    dates, names = (
        [Name(first=1, last=2, label="DATE")],
        [Name(first=2, last=3, label="PER"), Name(first=0, last=0, label="LOC")],
    )
    assert join_names(dates, names) == (names[1], dates[0])
