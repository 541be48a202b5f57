from __future__ import annotations

import itertools

import pytest

from demarche.pipeline import Models, code_text, load_models, text_reasons
from demarche.records import CodedDocument

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def models() -> Models:
    return load_models()


@pytest.mark.parametrize(
    ("sentence", "words", "status"),
    [
        ("Lima will not send troops to Quito.", {"will", "not"}, "negated"),
        ("Lima denied sending troops to Quito.", {"denied"}, "denied"),
        ("Lima has not ruled out sanctions on Quito.", {"ruled"}, "possible"),
        ("Ministers of Peru and Chile are to meet in Lima next month.", {"are"}, "planned"),
        ("Lima sent troops to Quito.", set(), "actual"),
    ],
)
def test_the_chain_names_the_words_that_made_the_status(
    models: Models, sentence: str, words: set[str], status: str
) -> None:
    coded, _ = code_text(sentence, models, date="2022-03-17")
    assert isinstance(coded, CodedDocument)
    reasons = text_reasons(sentence, models, date="2022-03-17")
    assert set(reasons) == {row.id for row in coded.assertions}
    [row] = [row for row in coded.assertions if row.status == status]
    chain = reasons[row.id]
    assert {step.word for step in chain} == words
    if chain:
        assert chain[-1].after == status
        assert all(one.after == two.before for one, two in itertools.pairwise(chain))
