"""Lemmas by table, script and ending."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demarche.syntax.lemmas import Lemmatizer, apply_script, lemma_script


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("Talks", "talk"),
        ("was", "be"),
        ("n’t", "not"),
        ("MOSCOW", "Moscow"),
        ("Countries", "country"),
        ("NATO", "NATO"),
    ],
)
def test_scripts_come_back(form: str, lemma: str) -> None:
    assert apply_script(form, lemma_script(form, lemma)) == lemma


@given(st.from_regex(r"[A-Za-z]{1,12}", fullmatch=True), st.from_regex(r"[a-z]{1,12}", fullmatch=True))
def test_any_script_comes_back(form: str, lemma: str) -> None:
    assert apply_script(form, lemma_script(form, lemma)) == lemma


def test_table_goes_before_script_and_endings_mend_a_wrong_one() -> None:
    lemmatizer = Lemmatizer(["saw\tVBD\tsee", "deny\tVB\tdeny", "stop\tVB\tstop", "issue\tVB\tissue"])
    assert lemmatizer.lemma("saw", "VBD", "l|0|") == "see"
    assert lemmatizer.lemma("denied", "VBD", "l|2|") == "deny"
    assert lemmatizer.lemma("stopped", "VBD", "l|2|") == "stop"
    assert lemmatizer.lemma("issued", "VBD", "l|2|") == "issue"
    assert lemmatizer.lemma("blorped", "VBD", "l|2|") == "blorp"
