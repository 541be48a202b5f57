"""Rows in the manner of CAMEO coders, and the finer codes of speech acts."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from demarche.coding.cameo_form import cameo_events
from demarche.coding.codes import load_speech_codes
from demarche.coding.evaluate import weis
from demarche.coding.plover import plover_type
from demarche.pipeline.code import bare_article, code_batch
from demarche.pipeline.models import Models
from demarche.records import CodedDocument, EventType

sys.path.insert(0, str(Path(__file__).parents[2] / "rules"))
from rule_bench import bench


def _code(text: str) -> CodedDocument:
    one = bench()
    models = Models(parser=one.parser, linker=one.linker, coder=one.coder, damage=lambda _: 0.0)
    [coded] = code_batch([bare_article(text, "2022-03-17")], models)
    assert isinstance(coded, CodedDocument)
    return coded


def _events(text: str) -> list[tuple[str, str, str]]:
    return [(event.source, event.target, event.code[:2]) for event in cameo_events(_code(text))]


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("The Polish president met the Ukrainian premier in Lublin.", [("POL", "UKR", "04"), ("UKR", "POL", "04")]),
        ("Ukraine said that Russian forces had shelled Sumy.", [("UKR", "RUS", "11")]),
        ("Norway condemned the raid of Belarus.", [("NOR", "BLR", "11")]),
        ("Norway condemned Belarus after Russian soldiers attacked Estonia.", [("NOR", "BLR", "11")]),
        ("Norway condemned Belarus and promised aid to Lithuania.", [("NOR", "BLR", "11"), ("NOR", "LTU", "03")]),
        ("Kenya believes that Uganda can cope with the drought.", [("KEN", "UGA", "01")]),
        ("The weather was fine in Oslo.", []),
    ],
)
def test_one_event_a_main_clause(text: str, events: list[tuple[str, str, str]]) -> None:
    assert _events(text) == events


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "code", "mode"),
    [
        ("Greece asked Bulgaria to release two fishermen.", "0253", "yield"),
        ("Greece demanded that Bulgaria release two fishermen.", "1053", "yield"),
        ("Greece refused to send weapons to Bulgaria.", "1222", "assist"),
        ("Greece agreed to meet the Bulgarian premier.", "036", None),
    ],
)
def test_the_content_decides_code_and_mode(text: str, code: str, mode: str | None) -> None:
    assert (code, mode) in {(row.cameo, row.mode) for row in _code(text).assertions}


def test_a_code_that_says_more_than_its_root_stays() -> None:
    codes = load_speech_codes()
    assert codes.of(EventType.REJECT, "129", EventType.AID, "070") == ("", None)
    assert codes.of(EventType.REQUEST, "020", EventType.AID, None) == ("023", "assist")


def test_a_scheme_knows_its_roots() -> None:
    scheme = weis()
    assert scheme.of("0541")[0] == "06"
    assert scheme.of("111") == ("12", "11")
    assert scheme.real("22")
    assert not scheme.real("90")


@pytest.mark.model
def test_easing_a_curfew_is_yielding_in_words_to_plover() -> None:
    [row] = [r for r in _code("Serbia lifted a night curfew in Kosovo.").assertions if r.type is EventType.RETREAT]
    assert plover_type(row) is EventType.CONCEDE
