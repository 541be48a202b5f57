"""Every entry of finer_codes.toml: its example has the code and the mode, its counter-example has not."""

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


def _gives(entry: object, text: str) -> tuple[bool, set[str]]:
    """Whether a row of the sentence has what the entry gives; all codes of the sentence."""
    wanted = {entry.of(code) for code, entries in TABLE.items() if entry in entries}
    rows = bench().code(text)[0]
    fits = any(row.cameo in wanted and entry.mode in (None, row.mode) for row in rows)
    return fits, {row.cameo or "" for row in rows}


@pytest.mark.model
@pytest.mark.parametrize("entry", PAIRS)
def test_example_has_the_finer_code(entry: object) -> None:
    fits, found = _gives(entry, entry.example)
    assert fits, f"wanted {entry.code} {entry.mode or ''}, found {sorted(found)}"


@pytest.mark.model
@pytest.mark.parametrize("entry", PAIRS)
def test_counter_example_has_not(entry: object) -> None:
    assert not _gives(entry, entry.counter)[0]
