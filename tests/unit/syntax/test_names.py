"""Names from scores; dates and money by rule."""

from __future__ import annotations

import numpy as np
import pytest

from demarche.records import Name
from demarche.syntax.names import decode_names, find_dates, find_money, join_names, tidy_names

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
        ("on Aug. 5 or 2024-05-03 at 5:30", ["Aug. 5", "2024-05-03"]),
        ("the 3rd of May was a Tuesday", ["3rd of May", "Tuesday"]),
        ("signed in Geneva in 1949 , revised 1977 .", ["1949", "1977"]),
        ("the 2008 crisis and 2022 soldiers", []),
        ("Oct . 19 and Fridays", ["Oct . 19", "Fridays"]),
        ("in March they march", ["March"]),
        ("by next March and in the 1990s", ["next March", "1990s"]),
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
        ("a US $ 3 million loan", ["US $ 3 million"]),
        ("RM 400 and Rs 4000", ["RM 400", "Rs 4000"]),
        ("a 336 - million - ringgit plant", ["336 - million - ringgit"]),
        ("5 Zimbabwean dollars", ["5 Zimbabwean dollars"]),
        ("two million birr", ["million birr"]),
        ("N of them in the US", []),
    ],
)
def test_money(text: str, money: list[str]) -> None:
    assert found(find_money(text.split()), text.split()) == money


def test_a_name_needs_certainty() -> None:
    scores = np.array([[0.3, 0, 0, 0.7, 0], [0.9, 0.1, 0, 0, 0], [0.15, 0.85, 0, 0, 0]], np.float32)
    assert decode_names(scores, LABELS) == [Name(first=2, last=2, label="PER")]


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


@pytest.mark.parametrize(
    ("text", "names", "tidied"),
    [
        ("the city of Tyre fell", [(2, 3, "LOC")], ["Tyre"]),
        ("in Davos , it", [(1, 2, "LOC")], ["Davos"]),
        ("al - Qaida said", [(2, 2, "ORG")], ["al - Qaida"]),
        ("Coca - Cola said", [(0, 0, "ORG"), (2, 2, "ORG")], ["Coca - Cola"]),
        ("Oslo - Bergen", [(0, 0, "LOC"), (2, 2, "PER")], ["Oslo", "Bergen"]),
        ("Muqtada al - Sadr said", [(0, 1, "PER"), (3, 3, "PER")], ["Muqtada al - Sadr"]),
        ("the of", [(0, 1, "LOC")], []),
        ("Acme Inc. left", [(0, 1, "ORG")], ["Acme Inc."]),
        ("in Graz , Austria , it", [(1, 3, "LOC")], ["Graz", "Austria"]),
        ("The group Free Words said", [(1, 3, "ORG")], ["Free Words"]),
        ("The ministries left Oslo", [(1, 1, "ORG"), (3, 3, "LOC")], ["Oslo"]),
        ("the taliban left kabul", [(1, 1, "ORG"), (3, 3, "LOC")], ["taliban", "kabul"]),
        ("see http://acme.org now", [(1, 1, "ORG")], []),
        ("its CEO and the Government", [(1, 1, "ORG"), (4, 4, "ORG")], []),
    ],
)
def test_tidy(text: str, names: list[tuple[int, int, str]], tidied: list[str]) -> None:
    forms = text.split()
    made = [Name(first=first, last=last, label=label) for first, last, label in names]
    assert found(tidy_names(made, forms), forms) == tidied


@pytest.mark.parametrize(
    ("text", "names", "tidied"),
    [
        ("she told The Northern Herald so", [Name(first=3, last=4, label="ORG")], ["The Northern Herald"]),
        ("The Bank of Malta fell", [Name(first=1, last=3, label="ORG")], ["Bank of Malta"]),
        ("he asked . The Bank fell", [Name(first=4, last=4, label="ORG")], []),
        ("the Omani Coast Guard came", [Name(first=1, last=1, label="NORP")], ["Omani Coast Guard"]),
        (
            "the Omani Army came",
            [Name(first=1, last=1, label="NORP"), Name(first=2, last=2, label="ORG")],
            ["Omani Army"],
        ),
        ("the Omani police came", [Name(first=1, last=1, label="NORP")], ["Omani"]),
        ("made by Acme Corp .", [Name(first=2, last=4, label="ORG")], ["Acme Corp"]),
        ("left the U . S .", [Name(first=2, last=5, label="LOC")], ["U . S ."]),
        ("in San Marcos Ca", [Name(first=1, last=3, label="LOC")], ["San Marcos", "Ca"]),
        ("in tampa florida", [Name(first=1, last=2, label="LOC")], ["tampa", "florida"]),
        ("to Rochester New York", [Name(first=1, last=3, label="LOC")], ["Rochester", "New York"]),
        ("in West Virginia", [Name(first=1, last=2, label="LOC")], ["West Virginia"]),
        ("the Gulf of Mexico", [Name(first=1, last=3, label="LOC")], ["Gulf of Mexico"]),
        ("in central Texas", [Name(first=1, last=2, label="LOC")], ["central Texas"]),
        (
            '" Otway , Lena " <',
            [Name(first=1, last=1, label="PER"), Name(first=3, last=3, label="PER")],
            ["Otway , Lena"],
        ),
        (
            "With Otway , Lena .",
            [Name(first=1, last=1, label="PER"), Name(first=3, last=3, label="PER")],
            ["Otway", "Lena"],
        ),
        ("To Lena Otway@CORP on", [Name(first=1, last=1, label="PER")], ["Lena Otway@CORP"]),
        ("Lena lena@corp.org", [Name(first=0, last=0, label="PER")], ["Lena"]),
    ],
)
def test_where_names_begin_and_end(text: str, names: list[Name], tidied: list[str]) -> None:
    assert found(tidy_names(names, text.split()), text.split()) == tidied


def test_last_words_of_places_make_places() -> None:
    (name,) = tidy_names([Name(first=2, last=4, label="ORG")], "to the Hollin Air Base".split())
    assert (name.first, name.label) == (2, "LOC")
    assert tidy_names([Name(first=0, last=0, label="PER")], ["Street", "said"])[0].label == "PER"


def test_a_weekday_inside_a_body_is_no_date() -> None:
    day, body = Name(first=1, last=1, label="DATE"), Name(first=0, last=2, label="ORG")
    assert join_names([day], [], [body]) == (body,)
    assert join_names([day], [], [Name(first=1, last=1, label="ORG")]) == (day,)
