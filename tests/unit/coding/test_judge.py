"""The learned coder: forests in numpy, the choice among candidates, and what it does to a sentence."""

from __future__ import annotations

import hashlib
import json
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from demarche.coding.forest import Forest, read_forest
from demarche.coding.judge import load_judge
from demarche.errors import ResourceError
from demarche.records import EventType, Status

sys.path.insert(0, str(Path(__file__).parents[2] / "rules"))
import itertools

from rule_bench import bench, full_bench


def stump(threshold: float, low: float, high: float) -> Forest:
    """One tree with one question about the second number."""
    return Forest(
        feature=np.array([[1, 0, 0]], np.int32), threshold=np.array([[threshold, 0, 0]]),
        left=np.array([[1, 1, 2]], np.int32), right=np.array([[2, 1, 2]], np.int32),
        value=np.array([[0, low, high]]), outputs=np.zeros(1, np.int32), base=np.zeros(1), depth=1,
    )  # fmt: skip


def test_a_forest_asks_and_sums() -> None:
    rows = np.array([[9.0, 0.5], [9.0, 0.51]])
    assert stump(0.5, -2.0, 2.0).logits(rows)[:, 0].tolist() == [-2.0, 2.0]
    low, high = stump(0.5, -2.0, 2.0).chances(rows).tolist()
    assert low == pytest.approx(1 - high)
    assert high > 0.8


def test_many_rows_are_as_few() -> None:
    rows = np.tile(np.array([[9.0, 0.5], [9.0, 0.51], [9.0, 0.49]]), (3000, 1))
    found = stump(0.5, -2.0, 2.0).logits(rows)[:, 0]
    assert found.shape == (9000,)
    assert (found.reshape(3000, 3) == [-2.0, 2.0, -2.0]).all()


def test_a_file_without_the_forest_is_refused() -> None:
    with pytest.raises(ResourceError, match="E209"):
        read_forest({}, "keep")


def test_the_shipped_judge_is_whole() -> None:
    judge = load_judge()
    assert 0.05 < judge.cut < 0.7
    assert all(y1 <= y2 for curve in judge.score for (_, y1), (_, y2) in itertools.pairwise(curve))


def test_the_heads_read_the_encoder_that_is_shipped() -> None:
    """Another encoder needs other heads: run `make -C training coding` after exporting it."""
    folder = files("demarche.syntax").joinpath("weights")
    described = json.loads(folder.joinpath("labels.json").read_text("utf-8"))
    assert described["coding_reads"] == hashlib.sha256(folder.joinpath("encoder.onnx").read_bytes()).hexdigest()


@pytest.mark.model
def test_heads_find_what_no_rule_names() -> None:
    texts = ("Norway has chipped in $40 million for Malawi.",)
    found = [row for text in texts for row in full_bench().code(text)[0] if row.rule.startswith("heads.")]
    assert found
    assert all(0.0 <= row.score <= 1.0 for row in found)


@pytest.mark.model
def test_without_scores_the_rules_stand_alone() -> None:
    text = "France condemned the Russian attack on Odesa."
    with_heads = {row.rule for row in full_bench().code(text)[0]}
    assert {row.rule for row in bench().code(text)[0]} == with_heads


@pytest.mark.model
def test_an_act_stands_without_anybody_in_its_clause_where_the_judge_is_sure() -> None:
    text = "Peru closed its consulate in Guayaquil. Nine mortar rounds were fired overnight, and a church was hit."
    rows, _ = full_bench().code(text)
    assert "fire" in {row.predicate for row in rows if row.type is EventType.ASSAULT}
    assert not full_bench().code("Two old vans were sold on Friday. The window was broken by the storm.")[0]


@pytest.mark.model
def test_what_a_denial_points_at_is_one_row() -> None:
    rows, _ = full_bench().code("Kyiv said Minsk had bombed a bridge near Lutsk; Minsk denied the claim.")
    assert [row.rule for row in rows if row.status is Status.DENIED] == ["coding.anaphora.denial"]
    assert len(rows) == 2
