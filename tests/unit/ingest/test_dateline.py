from __future__ import annotations

import datetime

import pytest

from demarche.ingest.article import build_article
from demarche.ingest.dateline import Dateline, day_above_story, read_dateline
from demarche.ingest.draft import Origin
from demarche.ingest.inputs import text_draft
from demarche.ingest.options import ReadOptions
from demarche.records import Document


@pytest.mark.parametrize(
    ("text", "place", "when", "agency"),
    [
        ("KYIV, March 3 (Reuters) - Shells fell on the port.", "KYIV", "March 3", "Reuters"),
        ("NEW YORK (AP) — Delegates met.", "NEW YORK", None, "AP"),
        ("DES MOINES, Iowa - Farmers met.", "DES MOINES, Iowa", None, None),
        ("Hanoi (VNA) – The two sides met.", "Hanoi", None, "VNA"),
        ("Rio de Janeiro, 4 May 2019 – The two sides met.", "Rio de Janeiro", "4 May 2019", None),
        ("BOGOTÁ -- Talks were suspended.", "BOGOTÁ", None, None),
    ],
)
def test_datelines(text: str, place: str, when: str | None, agency: str | None) -> None:
    found = read_dateline(text)
    assert found is not None
    assert (found.place, found.when, found.agency) == (place, when, agency)
    assert text[found.length :].startswith(("Shells", "Delegates", "Farmers", "The two", "Talks"))


@pytest.mark.parametrize(
    "text",
    [
        "China – a partner of Russia – stayed away.",
        "TAPPER: Do you think so?",
        "UPDATE: 5/12 — The site went down.",
        "In an email dated Feb. 12, 2012 – long before – he said so.",
        "READ MORE – ten facts",
        "It was the third time.",
    ],
)
def test_no_datelines(text: str) -> None:
    assert read_dateline(text) is None


def document(text: str, date: str | None = None) -> Document:
    return build_article(text_draft(text.encode(), Origin(path="t", name="t")), ReadOptions(date=date)).document


STORY = "\n\nThe army left the town on Friday, residents said.\n\nNobody knew when it would be back, they added."


def test_a_flat_text_is_dated_by_its_dateline() -> None:
    found = document("Army leaves town\n\nLIMA, 4 May 2019 (Newsline) - The army left, residents said." + STORY)
    assert found.published == "2019-05-04"
    assert "date from dateline (confidence 0.90)" in found.warnings
    assert "dateline: LIMA; 4 May 2019; Newsline" in found.warnings


def test_a_flat_text_is_dated_by_a_line_above_its_story() -> None:
    found = document("Army leaves town\n\nPosted by Admin | 23 September, 2022 | 4 min read" + STORY)
    assert found.published == "2022-09-23"


@pytest.mark.parametrize(
    "line", ["© 2022 Ister Post", "Posted by Admin | 03/04/2021", "Friday", "LIMA, May 4 - So it was."]
)
def test_no_date_is_made_up(line: str) -> None:
    assert document("Army leaves town\n\n" + line + STORY).published is None


def test_a_given_date_comes_before_a_line_of_the_text() -> None:
    text = "Army leaves town\n\nPosted by Admin | 23 September, 2022" + STORY
    assert document(text, "2022-09-24").published == "2022-09-24"


def test_numbers_that_may_be_either_are_no_date() -> None:
    assert day_above_story("3/4/2021") is None
    assert day_above_story("2021-04-03") == datetime.date(2021, 4, 3)
    assert str(Dateline(place="LIMA", when=None, day=None, agency="AP", length=1)) == "LIMA; AP"
