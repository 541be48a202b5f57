"""Every entry of finer_codes.toml: its example has the code, its counter-example has not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from demarche.coding import load_rules

sys.path.insert(0, str(Path(__file__).parent))
from rule_bench import bench

TABLE = load_rules().finer.table
ENTRIES = {entry: code for code, entries in TABLE.items() for entry in entries}
PAIRS = [pytest.param(entry, id=f"{entry.code}-{entry.example[:30]}") for entry in ENTRIES]


def _codes(text: str) -> set[str]:
    return {row.cameo or "" for row in bench().code(text)[0]}


@pytest.mark.model
@pytest.mark.parametrize("entry", PAIRS)
def test_example_has_the_finer_code(entry: object) -> None:
    wanted = {entry.of(code) for code, entries in TABLE.items() if entry in entries}
    found = _codes(entry.example)
    assert wanted & found, f"wanted one of {sorted(wanted)}, found {sorted(found)}"


@pytest.mark.model
@pytest.mark.parametrize("entry", PAIRS)
def test_counter_example_has_not(entry: object) -> None:
    wanted = {entry.of(code) for code, entries in TABLE.items() if entry in entries}
    assert not wanted & _codes(entry.counter)
