"""Shapes of attributions that rules, not word lists, decide: what belongs to source and content and what does not."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest

from demarche.ingest import ReadOptions, read_inputs
from demarche.pipeline import Models, code_batch, load_models
from demarche.records import Article, CodedDocument

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def models() -> Models:
    return load_models()


def told(models: Models, text: str) -> list[tuple[str, str, str]]:
    """Source, cue and content of every attribution; pieces joined by …."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "article.jsonl"
        path.write_text(json.dumps({"text": text, "published": "2022-03-17"}), "utf-8")
        articles = [one for one in read_inputs([str(path)], ReadOptions()) if isinstance(one, Article)]
    [coded] = code_batch(articles, models)
    assert isinstance(coded, CodedDocument)
    read = coded.document.text
    return [
        (
            " … ".join(read[s:e] for s, e in row.source),
            " … ".join(read[s:e] for s, e in row.cue),
            " … ".join(read[s:e] for s, e in row.content),
        )
        for row in coded.attributions
    ]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (
            "Asked about the border, Ruiz said the gates would stay shut.",
            ("Ruiz", "said", "the gates would stay shut"),
        ),
        (
            "The mayor said the ports were open, though two piers stayed closed.",
            ("The mayor", "said", "the ports were open"),
        ),
        (
            "The envoy insisted the truce would hold, adding that both sides had kept it.",
            ("The envoy", "insisted", "the truce would hold"),
        ),
        (
            "“If the road opens on Monday, our trucks will be there,” Ruiz told reporters.",
            ("Ruiz", "told", "If the road opens on Monday, our trucks will be there"),
        ),
        (
            "Ana Ruiz, who said the gates would stay shut, left Lima.",
            ("Ana Ruiz … who", "said", "the gates would stay shut"),
        ),
        ("The court found the ban to be illegal.", ("The court", "found", "the ban to be illegal")),
        ("The minister spoke about the floods.", ("The minister", "spoke about", "the floods")),
    ],
)  # fmt: skip
def test_one_sentence(models: Models, text: str, row: tuple[str, str, str]) -> None:
    assert row in told(models, text)


def test_a_block_of_quotations_belongs_to_who_is_named_before_it(models: Models) -> None:
    text = "The minister then read a letter, saying:\n\n“The gates stay shut.”\n\n“No truck will pass.”\n\nHe left."
    [row] = [row for row in told(models, text) if "gates" in row[2]]
    assert row[0] == "The minister"
    assert row[2] == "The gates stay shut … No truck will pass"


def test_a_block_of_quotations_after_a_sentence_without_a_person_has_no_speaker(models: Models) -> None:
    text = "The rules of the port are these:\n\n“The gates stay shut.”\n\n“No truck will pass.”"
    assert not [row for row in told(models, text) if "gates" in row[2]]


def test_a_first_line_with_a_full_stop_is_a_headline(models: Models) -> None:
    text = "Zelensky: Gates will stay shut.\n\nKyiv kept its gates shut on Monday."
    assert ("Zelensky", ":", "Gates will stay shut.") in told(models, text)


def test_a_name_before_a_colon_and_a_quotation_speaks(models: Models) -> None:
    text = "Polls close in Lima\n\nThe vote did not surprise the pollster Daron Shaw: “Small parties gain early.”"
    [row] = told(models, text)
    assert row[0].endswith("Daron Shaw")
    assert row[2].startswith("Small parties gain")


def test_who_means_the_person_named_before_it(models: Models) -> None:
    text = "“It can write letters,” said Gábor Reményi of the institute, who predicted that Brussels would pay."
    found = {row[1]: row for row in told(models, text)}
    assert found["predicted"] == (
        "Gábor Reményi of the institute … who",
        "predicted",
        "Brussels would pay",
    )
