"""Words to pieces: as the encoder's own tokenizer cuts them."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demarche.syntax.pieces import Pieces, word_shape


@pytest.fixture(scope="module")
def pieces() -> Pieces:
    return Pieces(files("demarche.syntax").joinpath("weights/vocab.txt").read_text("utf-8").split("\n"))


@pytest.mark.parametrize(
    ("form", "shape"),
    [("said", 0), ("Moscow", 1), ("NATO", 2), ("A", 3), ("McCain", 4), ("2022", 5), ("—", 6), ("F16", 7), ("U.S.", 2)],
)
def test_shapes(form: str, shape: int) -> None:
    assert word_shape(form) == shape


@pytest.mark.model
@given(st.text(min_size=1, max_size=200))
def test_any_word_has_one_to_ten_pieces(pieces: Pieces, form: str) -> None:
    assert 1 <= len(pieces.cut(form)) <= 10


@pytest.mark.model
def test_quotes_accents_and_capitals_do_not_matter(pieces: Pieces) -> None:
    assert pieces.cut("Erdoğan’s") == pieces.cut("erdogan's")


@pytest.mark.model
def test_same_pieces_as_the_reference_tokenizer(pieces: Pieces) -> None:
    tokenizers = pytest.importorskip("tokenizers", reason="the reference tokenizer is a training dependency")
    vocabulary = str(files("demarche.syntax").joinpath("weights/vocab.txt"))
    reference = tokenizers.BertWordPieceTokenizer(vocabulary, lowercase=True)
    for form in "unquestionably Beijing’s co-operation 3,000 Zelenskyy U.S. naïve 北京 ¿qué? e-mail @x #y".split():
        expected = reference.encode(form.replace("’", "'"), add_special_tokens=False).ids
        assert list(pieces.cut(form)) == expected, form
