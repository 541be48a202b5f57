"""Every class of cue words finds the attribution of its examples; every list of status words gives their status."""

from __future__ import annotations

import pytest

from demarche.coding.cues import load_cues
from demarche.pipeline import Models, code_text, load_models
from demarche.records import CodedDocument

pytestmark = pytest.mark.model

# Mentions (`wide`) also need the heads' consent, so that their examples hold for the words alone.
CLASSES = [kind for kind in load_cues().classes if not kind.wide]
CUES = [pytest.param(one, id=f"{kind.id}-{n}") for kind in CLASSES for n, one in enumerate(kind.examples)]


@pytest.fixture(scope="module")
def models() -> Models:
    return load_models()


@pytest.mark.parametrize("example", CUES)
def test_a_cue_finds_its_source_and_content(models: Models, example: str) -> None:
    sentence, source, cue, content = (part.strip() for part in example.split("|"))
    coded, _ = code_text(sentence, models, date="2022-03-17")
    assert isinstance(coded, CodedDocument)
    found = [
        tuple(" ".join(coded.document.text[s:e] for s, e in spans) for spans in (row.source, row.cue, row.content))
        for row in coded.attributions
    ]
    assert (source, cue, content) in found


def test_every_class_has_an_example() -> None:
    assert [kind.id for kind in load_cues().classes if not kind.examples] == []
