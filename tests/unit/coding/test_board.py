"""The coding board on made sentences: what counts as the main event, the page, the ledger."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from demarche.coding import load_rules, read_ledger, score_coding, write_report
from demarche.coding.agreement import agreement
from demarche.coding.plover import plover_type
from demarche.pipeline.boards import sentence_coder
from demarche.pipeline.models import Models
from demarche.records import Status

sys.path.insert(0, str(Path(__file__).parents[2] / "rules"))
from rule_bench import bench, full_bench

GOLD = [
    ("Norway condemned the Belarusian raid.", "ACCUSE", ["NOR"], ["BLR"]),
    ("Peru and Chile held talks in Lima on Monday.", "CONSULT", ["PER", "CHL"], []),
    ("The weather was fine in Oslo.", "ACCUSE", ["NOR"], ["SWE"]),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "events"
    folder.mkdir()
    rows = [
        {
            "id": f"m{n}", "text": text, "date": "2022-03-17",
            "events": [{"plover16": kind, "source": [{"code": c} for c in s], "target": [{"code": c} for c in t]}],
        }
        for n, (text, kind, s, t) in enumerate(GOLD)
    ]  # fmt: skip
    (folder / "plover_gsr_cameo.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    dyads = [{"id": "d0", "text": GOLD[0][0], "events": [{"source": "NOR", "target": "BLR", "code": "111"}]}]
    (folder / "petr2_gsr_validation_ud.jsonl").write_text("\n".join(map(json.dumps, dyads)), "utf-8")
    unit = [{"id": "u0", "text": GOLD[0][0], "events": [{"source": "NOR", "target": "BLR", "code": "111"}]}]
    (folder / "petrarch_unittest_p2gold.jsonl").write_text("\n".join(map(json.dumps, unit)), "utf-8")
    example = {"id": "x", "text": GOLD[0][0], "events": [{"code": "111", "root": "11"}]}
    (folder / "cameo_examples.jsonl").write_text(json.dumps(example), "utf-8")
    return folder.parent


@pytest.mark.model
def test_the_board_counts_and_shows(data: Path) -> None:
    one = full_bench()
    models = Models(parser=one.parser, linker=one.linker, coder=one.coder, damage=lambda _: 0.0)
    scores = score_coding(data, sentence_coder(lambda: models))
    figures = {(row.set, row.measure): row.value for row in scores.rows}
    assert figures["plover_gsr_cameo", "type of the main event, accuracy"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["plover_gsr_cameo", "type and countries precision"] == 1.0
    assert figures["petr2_gsr_validation", "source, target and root F1"] == 1.0
    assert [miss.id for miss in scores.misses] == ["m2"]
    page = write_report(scores, read_ledger(), {"s": agreement({"a": ["X", "Y"], "b": ["X", "X"]})})
    assert "The weather was fine in Oslo." in page
    assert "Krippendorff" in page
    assert "<script" not in page


@pytest.mark.model
def test_an_act_ahead_is_an_agreement_to_plover() -> None:
    rows, _ = bench().code("The presidents of Peru and Chile will meet on Friday.")
    assert [(row.type, row.status) for row in rows] == [("CONSULT", Status.PLANNED)]
    assert plover_type(rows[0]) == "AGREE"


def test_the_ledger_knows_every_rule() -> None:
    ledger = read_ledger()
    assert {row.rule for row in ledger} == {rule.id for rule in load_rules().rules}
    assert all(0 <= row.right <= row.fired and row.wrong >= 0 for row in ledger)
    assert [row.fired for row in ledger] == sorted((row.fired for row in ledger), reverse=True)
