"""Input that no one would write on purpose: nothing is lost, time stays bounded, every span lies in its sentence."""

from __future__ import annotations

import time

import pytest

from demarche.pipeline import Models, code_text, load_models
from demarche.records import CodedDocument

pytestmark = pytest.mark.model

NESTED = "Ana said " + " ".join(f"that the {who} of Quito claimed" for who in
         ("mayor", "judge", "banker", "priest", "pilot", "farmer", "doctor", "envoy", "colonel", "clerk")) + (
         " that Lima had closed the border.")  # fmt: skip
LONG = (
    "Lima said that " + " and that ".join(f"its {n}th patrol had crossed the river near Quito" for n in range(40)) + "."
)
HOSTILE = {
    "one mark": 'Lima said "we will close the border. Quito denied it.',
    "marks that do not match": "Lima said “we will go\" and ‘stay”. ''Quito`` “”” agreed.",
    "only marks": '"""" “” \'\' ``',
    "marks of five paragraphs": '"We wait.\n\n"We hope.\n\n"We pray," Lima said.\n\n"And so?\n\n"Well.',
    "a sentence of 300 words": LONG,
    "ten deep": NESTED,
    "colons": "Lima: Quito: Bogota: who: what: why: war",
    "dashes": "“Yes.” — — – ― Ana — Ruiz —",
    "no words": "— . , ; : !",
    "one word": "said",
    "said said said": "said said said that said that that said, said said.",
    "a label without an end": "Lima:",
}


@pytest.fixture(scope="module")
def models() -> Models:
    return load_models()


@pytest.mark.parametrize("name", HOSTILE)
def test_no_document_is_lost_and_spans_stay_inside(models: Models, name: str) -> None:
    coded, _ = code_text(HOSTILE[name], models, date="2022-03-17")
    assert isinstance(coded, CodedDocument)
    text = coded.document.text
    sentences = {s.id: s for s in coded.sentences}
    for row in coded.attributions:
        assert row.cue
        assert row.content
        for start, end in (*row.source, *row.cue, *row.content):
            assert 0 <= start < end <= len(text)
            assert text[start:end].strip()
    for one in coded.assertions:
        assert all(sentences[one.sentence].start <= s < e <= sentences[one.sentence].end for s, e in one.spans)


def test_ten_deep_is_a_chain_without_a_cycle(models: Models) -> None:
    coded, _ = code_text(NESTED, models)
    assert isinstance(coded, CodedDocument)
    parents = {row.id: row.parent for row in coded.attributions}
    assert len(parents) >= 6
    for row in parents:
        seen = set()
        at: str | None = row
        while at is not None:
            assert at not in seen
            seen.add(at)
            at = parents[at]


def seconds(models: Models, clauses: int) -> float:
    text = "Lima said that " + " and that ".join(["its patrol had crossed the river"] * clauses) + "."
    begun = time.process_time()
    code_text(text, models)
    return time.process_time() - begun


def test_time_stays_bounded(models: Models) -> None:
    seconds(models, 5)
    assert seconds(models, 300) < 20
