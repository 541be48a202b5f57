"""Vectors of words: the same alone and in company, bit by bit."""

from __future__ import annotations

import numpy as np
import pytest

from demarche.syntax import split_text
from demarche.syntax.load import load_encoder
from demarche.syntax.word_vectors import WINDOW, WordEncoder, _windows

pytestmark = pytest.mark.model

VERBS = ("praised", "attacked", "ignored", "invited", "warned", "sued", "thanked")
PLACES = ("Oslo", "Lima", "Cairo", "Rome", "Minsk")


@pytest.fixture(scope="module")
def encoder() -> WordEncoder:
    return load_encoder()


def test_rows_of_one_length_come_out_as_alone(encoder: WordEncoder) -> None:
    texts = [f"{a} {verb} {b} on Monday." for a in PLACES for verb in VERBS for b in PLACES if a != b]
    sentences = [split_text(text)[0] for text in texts]
    together = encoder.encode(sentences)
    turned = encoder.encode(sentences[::-1])[::-1]
    for words, one, other in zip(sentences[::9], together[::9], turned[::9], strict=True):
        alone = encoder.encode([words])[0]
        assert np.array_equal(alone, one)
        assert np.array_equal(alone, other)


def test_a_long_sentence_keeps_a_vector_a_word(encoder: WordEncoder) -> None:
    (words,) = split_text("and Oslo " * (WINDOW // 4))
    short = split_text("Oslo agreed.")[0]
    vectors = encoder.encode([short, words, short])
    assert vectors[1].shape == (len(words), vectors[0].shape[1])
    assert np.array_equal(vectors[0], vectors[2])
    long = words * 3
    assert len(encoder.encode([long])[0]) == len(long)


def test_windows_take_every_word_once() -> None:
    for sizes in ([1] * 2000, [10] * 300, [3, 9] * 200):
        taken: list[int] = []
        for low, high, first, last in _windows(sizes):
            assert low <= first < last <= high
            assert sum(sizes[low:high]) <= WINDOW
            taken += range(first, last)
        assert taken == list(range(len(sizes)))
