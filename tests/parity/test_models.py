"""The shipped models give the same record in any order, with any workers, whoever parsed what before."""

from __future__ import annotations

from pathlib import Path

import pytest

from demarche.ingest import ReadOptions, read_inputs
from demarche.pipeline import CodeWork, Engine, InlineEngine, LocalEngine, code_into
from demarche.records import Article, Rejection
from demarche.store import Record, check_record


def record_of(folder: Path, inputs: list[Article | Rejection], engine: Engine) -> str:
    code_into(folder, inputs, engine, CodeWork(), version="1", options="{}")
    assert list(check_record(folder)) == []
    with Record.open(folder) as record:
        return record.content_hash


@pytest.mark.model
def test_order_and_workers_change_nothing(samples: Path, tmp_path: Path) -> None:
    inputs = list(read_inputs([str(samples)], ReadOptions(date="2024-03-04")))
    here = record_of(tmp_path / "here", inputs, InlineEngine())
    assert record_of(tmp_path / "there", inputs[::-1], LocalEngine(workers=2)) == here
