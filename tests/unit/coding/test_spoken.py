"""Rows whose doer is who says them, and what became of conditions and persuasion."""

from __future__ import annotations

import pytest

from demarche.pipeline import Models, code_text, load_models
from demarche.records import CodedDocument

pytestmark = pytest.mark.model

Row = tuple[str, set[str], set[str], str]


@pytest.fixture(scope="module")
def models() -> Models:
    return load_models()


def rows(models: Models, sentence: str) -> list[Row]:
    """Type, countries (else names) of the doers and receivers, and status of every typed row."""
    coded, _ = code_text(sentence, models, date="2022-03-17")
    assert isinstance(coded, CodedDocument)
    label = {actor.id: actor.country or actor.name for actor in coded.actors}
    return [
        (str(row.type), {label[a] for a in row.sources}, {label[a] for a in row.targets}, str(row.status))
        for row in coded.assertions
        if row.type
    ]


@pytest.mark.parametrize(
    ("sentence", "row"),
    [
        ("Tunis said Tripoli had lied about the boats.", ("ACCUSE", {"TUN"}, {"LBY"}, "actual")),
        (
            "Any Moldovan blockade will be met with a harsh response, the Georgian minister said.",
            ("THREATEN", {"GEO"}, {"MDA"}, "actual"),
        ),
        (
            "Peru expelled two Chilean envoys, a step Chile said would draw a swift response.",
            ("THREATEN", {"CHL"}, {"PER"}, "actual"),
        ),
        ("Kenya regrets that Somalia cut off talks.", ("SANCTION", {"SOM"}, {"KEN"}, "actual")),
    ],
)
def test_who_says_it_does_it(models: Models, sentence: str, row: Row) -> None:
    assert row in rows(models, sentence)


def test_nobody_accuses_in_the_voice_of_the_article(models: Models) -> None:
    assert not [row for row in rows(models, "Tripoli had lied about the boats.") if row[0] == "ACCUSE" and row[1]]


@pytest.mark.parametrize(
    ("sentence", "asked", "content"),
    [
        ("Ghana failed to persuade Togo to release the soldiers.", "actual", "negated"),
        ("Ghana tried to persuade Togo to release the soldiers.", "actual", "requested"),
        ("Ghana persuaded Togo to release the soldiers.", "actual", "actual"),
        ("Ghana will try to persuade Togo to release the soldiers.", "planned", "requested"),
    ],
)
def test_persuading_is_asking_with_its_outcome(models: Models, sentence: str, asked: str, content: str) -> None:
    found = {kind: status for kind, _, _, status in rows(models, sentence)}
    assert (found["REQUEST"], found["RETREAT"]) == (asked, content)


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("Had Chile not shelled the port, Peru would have signed the treaty.", "actual"),
        ("Had Chile shelled the port, Peru would have closed its border.", "negated"),
        ("If Chile had not bombed the port, Peru would have signed the treaty.", "actual"),
        ("If Chile bombs the port, Peru will close its border.", "conditional"),
    ],
)
def test_a_condition_that_did_not_hold_tells_what_did(models: Models, sentence: str, status: str) -> None:
    assert status in [found for kind, _, _, found in rows(models, sentence) if kind == "ASSAULT"]


def test_what_we_will_do_is_told_not_done(models: Models) -> None:
    coded, _ = code_text("“We will support our allies,” Macron said.", models, date="2022-03-17")
    assert isinstance(coded, CodedDocument)
    [row] = [row for row in coded.assertions if row.type == "SUPPORT"]
    assert row.status == "planned"
    assert row.holders
