from __future__ import annotations

import pytest

from demarche.pipeline import Models, code_text, load_models
from demarche.records import Act, CodedDocument

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def models() -> Models:
    return load_models()


@pytest.mark.parametrize("sentence", ["Peru declined to comment.", "Peru refused to say what was discussed."])
def test_a_refusal_to_comment_is_an_attribution(models: Models, sentence: str) -> None:
    coded, _ = code_text(sentence, models)
    assert isinstance(coded, CodedDocument)
    assert [row.act for row in coded.attributions] == [Act.REFUSE]


def test_declining_to_comment_is_no_act(models: Models) -> None:
    coded, _ = code_text("Peru declined to comment.", models)
    assert isinstance(coded, CodedDocument)
    assert [row for row in coded.assertions if row.type] == []


def attributed(models: Models, sentence: str) -> list[tuple[str, str, str]]:
    coded, _ = code_text(sentence, models)
    assert isinstance(coded, CodedDocument)
    text = coded.document.text
    return [
        tuple(" … ".join(text[s:e] for s, e in spans) for spans in (row.source, row.cue, row.content))  # type: ignore[misc]
        for row in coded.attributions
    ]


def test_what_is_added_behind_a_comma_has_the_same_speaker(models: Models) -> None:
    sentence = "The minister reiterated that a truce remains possible, adding that Lima had lied about the crossing."
    assert attributed(models, sentence) == [
        ("The minister", "reiterated", "a truce remains possible"),
        ("The minister", "adding", "Lima had lied about the crossing"),
    ]


def test_a_holder_known_by_its_town_alone_is_among_the_actors(models: Models) -> None:
    coded, _ = code_text("Nobody in Bonen posted the new sunscreen until the salsa survived.", models)
    assert isinstance(coded, CodedDocument)
    holders = {row.holder for row in coded.attributions} - {None}
    assert holders == {"DEU"}
    assert holders <= {actor.id for actor in coded.actors}
