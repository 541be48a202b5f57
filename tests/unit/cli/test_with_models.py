"""The commands that load the shipped weights and tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from demarche.cli import main
from demarche.pipeline import load_models, recode_sample
from demarche.records import CodedDocument, from_json
from demarche.store import Record, check_record

pytestmark = pytest.mark.model

SENTENCE = "Russia threatened Poland with sanctions on Monday, the foreign ministry in Warsaw said."


def call(*arguments: object) -> str:
    result = CliRunner().invoke(main, [str(a) for a in arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_explain_shows_every_layer() -> None:
    text = call("explain", SENTENCE, "--date", "2024-03-06")
    for words in ("tree (", "mentions", "attributions", "assertions", "threatened VERB", "name of Russia", "rule "):
        assert words in text
    answer = json.loads(call("explain", SENTENCE, "--json"))
    coded = from_json(CodedDocument, answer["coded"])
    assert coded.document.text == SENTENCE
    assert coded.assertions
    assert answer["trees"][0][0]["forms"] == "Russia"


def test_explain_without_a_sentence_is_a_usage_error() -> None:
    result = CliRunner().invoke(main, ["explain", "  "])
    assert result.exit_code == 2
    assert "E908" in result.stderr


def test_the_demo_leaves_a_sound_record_and_says_what_it_found(tmp_path: Path) -> None:
    record = tmp_path / "record"
    text = call("demo", "-o", record, "--quiet")
    assert "Kenya → Uganda" in text
    assert "12 articles" in text
    assert f"demarche verify {record}" in text.replace("\n", "")
    assert list(check_record(record)) == []
    assert list(recode_sample(record, load_models(), 3, version="test")) == []
    with Record.open(record) as opened:
        before = opened.content_hash
        assert opened.sql("SELECT count(*) AS n FROM rejections").to_pylist() == [{"n": 0}]
    assert call("demo", "-o", record, "--quiet") == text
    with Record.open(record) as opened:
        assert opened.content_hash == before


def test_paragraphs_in_another_language_are_stored_and_never_coded(tmp_path: Path) -> None:
    german = "Russland bedrohte Polen am Montag mit Sanktionen, sagte der Minister in Warschau."
    cyrillic = "«Россия угрожает Польше санкциями», — заявил в понедельник министр."
    mixed = tmp_path / "mixed.txt"
    more = "France accused Russia of lying. It was the second time that the two had quarrelled over the border."
    mixed.write_text("\n\n".join(["Threat of sanctions", SENTENCE, german, cyrillic, more]))
    whole = tmp_path / "whole.txt"
    whole.write_text("\n\n".join(["Drohung mit Sanktionen", german, german.replace("Polen", "Litauen")]))
    one, other = (json.loads(line) for line in call("code", mixed, whole, "--json", "--quiet").splitlines())
    text = one["document"]["text"]
    assert german in text
    assert cyrillic in text
    strange = {i for i, p in enumerate(one["paragraphs"]) if text[p["start"] : p["end"]] in {german, cyrillic}}
    assert len(strange) == 2
    assert (
        f"paragraphs in another language: {', '.join(str(i + 1) for i in sorted(strange))}"
        in one["document"]["warnings"]
    )
    assert not strange & {sentence["paragraph"] for sentence in one["sentences"]}
    assert {row["type"] for row in one["assertions"]} >= {"THREATEN", "ACCUSE"}
    assert (other["document"]["language"], other["sentences"], other["assertions"]) == ("de", [], [])
    assert any(warning.startswith("language not supported yet") for warning in other["document"]["warnings"])
