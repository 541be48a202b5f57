"""Every example fires its rule with the expected actors; no counter-example does."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from demarche.coding import load_rules

sys.path.insert(0, str(Path(__file__).parent))
from rule_bench import bench

BOOK = load_rules()
EXAMPLES = [
    pytest.param(rule.id, one, id=f"{rule.id}-{n}") for rule in BOOK.rules for n, one in enumerate(rule.examples)
]
COUNTERS = [
    pytest.param(rule.id, one, id=f"{rule.id}-{n}") for rule in BOOK.rules for n, one in enumerate(rule.counters)
]


def _side(text: str) -> set[str]:
    return {part.strip() for part in text.split("+") if part.strip()}


@pytest.mark.model
@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_example_fires(rule: str, example: object) -> None:
    rows, labels = bench().code(example.text)
    fired = [row for row in rows if row.rule == rule]
    assert fired, f"{rule} did not fire; others: {[row.rule for row in rows]}"
    if example.expect:
        doers, receivers = (_side(side) for side in example.expect.split(">"))
        found = [({labels[a] for a in row.sources}, {labels[a] for a in row.targets}) for row in fired]
        assert any(doers <= sources and receivers <= targets for sources, targets in found), found


@pytest.mark.model
@pytest.mark.parametrize(("rule", "counter"), COUNTERS)
def test_counter_example_does_not_fire(rule: str, counter: object) -> None:
    rows, _ = bench().code(counter.text)
    assert rule not in {row.rule for row in rows}, counter.why
