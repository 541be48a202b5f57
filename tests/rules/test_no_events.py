"""Sentences without a political act get no typed row."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from rule_bench import full_bench

SENTENCES = [
    line
    for line in (Path(__file__).parent / "no_events.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
FLOOR = 0.92


def test_there_are_enough() -> None:
    assert len(set(SENTENCES)) >= 400


@pytest.mark.model
def test_hardly_any_typed_row() -> None:
    typed = {text: [row.rule for row in full_bench().code(text)[0]] for text in SENTENCES}
    wrong = {text: rules for text, rules in typed.items() if rules}
    assert 1 - len(wrong) / len(SENTENCES) >= FLOOR, wrong
