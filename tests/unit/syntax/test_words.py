"""Words of raw text as UD English cuts them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demarche.syntax.lexicon import load_lexicon
from demarche.syntax.words import CHUNK, split_words


def words(text: str) -> list[str]:
    return [word.text for word in split_words(text, load_lexicon())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The U.S. won't pay.", "The U.S. wo n't pay ."),
        ("China’s envoy said it’d", "China ’s envoy said it ’d"),
        ("the workers' union", "the workers ' union"),
        ("a well-known non-state actor", "a well - known non-state actor"),
        ("$5.2bn, or 10% of 3,000,000", "$ 5.2 bn , or 10 % of 3,000,000"),
        ("at 10:30 a.m. on 3/4/2022", "at 10:30 a.m. on 3/4/2022"),
        ("Mr. Xi met Gen. J. Smith.", "Mr. Xi met Gen. J. Smith ."),
        ("it is cannot, gonna", "it is can not , gon na"),
        ("said.The minister left", "said . The minister left"),
        ("see https://example.org/a?b=1.", "see https://example.org/a?b=1 ."),
        ("wait... no—never", "wait ... no — never"),
        ("No. 5 is no.", "No. 5 is no ."),
        ("and/or (he)", "and / or ( he )"),
    ],
)
def test_cuts(text: str, expected: str) -> None:
    assert words(text) == expected.split()


@given(st.text(max_size=300))
def test_words_are_in_order_and_cover_all_but_blanks(text: str) -> None:
    found = split_words(text, load_lexicon())
    end = 0
    for word in found:
        assert word.start >= end
        assert text[word.start : word.end] == word.text
        assert not text[end : word.start].strip().strip("\x00")
        end = word.end
    assert not text[end:].replace("\x00", "").strip()


def test_a_run_without_blank_is_cut_by_force() -> None:
    assert max(map(len, words("x" * (3 * CHUNK)))) <= CHUNK
