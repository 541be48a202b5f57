"""The learned second look at who stands on each side of a row."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from demarche.coding.sides import FILL, JOINS, LIKELY, MEETINGS, OPEN, SWAP, Question, choose, load_sides, log_odds

sys.path.insert(0, str(Path(__file__).parents[2] / "rules"))

from rule_bench import full_bench

if TYPE_CHECKING:
    from demarche.coding.events import Draft

NO_DRAFT = cast("Draft", None)


def question(*own: str, forest: int = 1) -> Question:
    return Question(draft=NO_DRAFT, role=1, forest=forest, own=frozenset(own), keys=("PER", "CHL"), lines=[])


def chance(odds: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if log_odds(middle) < odds else (low, middle)
    return low


def test_nobody_is_replaced_by_a_likely_side_only() -> None:
    assert choose(question(), [chance(FILL + 0.1), 0.1]) == {"PER"}
    assert choose(question(), [chance(FILL - 0.1), 0.1]) == set()


def test_the_rules_side_gives_way_to_a_clearly_likelier_one() -> None:
    assert choose(question("PER"), [0.4, chance(log_odds(0.4) + SWAP + 0.1)]) == {"CHL"}
    assert choose(question("PER"), [0.4, chance(log_odds(0.4) + SWAP - 0.1)]) == {"PER"}
    assert choose(question("PER"), [OPEN + 0.01, chance(LIKELY - 0.1)]) == {"PER"}


def test_where_no_side_is_likely_nobody_stands() -> None:
    assert choose(question("PER"), [OPEN - 0.01, 0.01]) == set()
    assert choose(question("PER"), [OPEN + 0.01, 0.01]) == {"PER"}
    assert choose(question("PER", "CHL"), [0.5, 0.5]) == {"PER", "CHL"}


def test_sides_join_and_leave_a_meeting() -> None:
    likely, doubtful = chance(JOINS + 0.1), chance(JOINS - 0.1)
    assert choose(question("PER", forest=MEETINGS), [0.5, likely]) == {"PER", "CHL"}
    assert choose(question("PER", forest=MEETINGS), [0.5, doubtful]) == {"PER"}
    assert choose(question("PER", "CHL", forest=MEETINGS), [likely, 1 - likely]) == {"PER"}
    assert choose(question("PER", forest=MEETINGS), [1 - likely, 0.01]) == {"PER"}


def test_the_shipped_forests_read_the_numbers_of_the_product() -> None:
    for forest in load_sides().forests:
        assert 0 < forest.feature.max() < 25


@pytest.mark.model
def test_what_the_clause_names_stays() -> None:
    rows, labels = full_bench().code("Chile condemned Peru on Monday. Peru expelled two Bolivian envoys.")
    found = {(row.type, *(labels[a] for a in row.sources), *(labels[a] for a in row.targets)) for row in rows}
    assert ("ACCUSE", "CHL", "PER") in found
    assert ("SANCTION", "PER", "BOL") in found
