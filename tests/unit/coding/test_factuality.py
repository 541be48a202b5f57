from __future__ import annotations

import pytest

from demarche.coding import Factuality, load_factuality, read_tree_factuality
from demarche.coding.status import OPERATORS, Value, apply
from demarche.records import Status
from demarche.resources import read_toml
from demarche.syntax import load_parser

pytestmark = pytest.mark.model

ORDERED = [
    ("Lima closed the border.", "closed"),
    ("Lima will close the border.", "close"),
    ("Lima may close the border.", "close"),
    ("Lima did not close the border.", "close"),
]


@pytest.fixture(scope="module")
def values() -> list[Factuality]:
    parser, table = load_parser(), load_factuality()
    trees = [paragraph[0] for paragraph in parser.parse([text for text, _ in ORDERED])]
    words = [tree.forms.index(word) for tree, (_, word) in zip(trees, ORDERED, strict=True)]
    return [read_tree_factuality(tree, word, table) for tree, word in zip(trees, words, strict=True)]


def test_done_then_planned_then_possible_then_not_done(values: list[Factuality]) -> None:
    told = [value.told for value in values]
    assert told == sorted(told, reverse=True)
    assert told[0] > 2.5
    assert told[-1] < -1.5


def test_both_readings_stay_on_the_scale(values: list[Factuality]) -> None:
    assert all(-3 <= number <= 3 for value in values for number in (value.told, value.meant))


def test_every_operator_that_leaves_an_act_open_has_its_cost() -> None:
    costs = read_toml("lexicons/factuality.toml")["cost"]
    open_ended = {name for name in OPERATORS if apply(name, Value()).status() is not Status.ACTUAL}
    assert open_ended - {"negate", "exclude", "deny"} <= set(costs)
