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
