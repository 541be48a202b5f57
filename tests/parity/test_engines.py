"""The same record from any order, any number of workers, any batching."""

from __future__ import annotations

from pathlib import Path

import pytest

from demarche.pipeline import CodeWork, Engine, InlineEngine, LocalEngine, code_into, code_stream
from demarche.pipeline.run import Counts
from demarche.records import Article, Rejection
from demarche.store import Record, check_record
from fake_rooms import articles, load_fakes, rejection

MANY = [*articles(40, spoiled={7: "RAISE"}), rejection()]


def record_of(folder: Path, inputs: list[Article | Rejection], engine: Engine) -> str:
    counts = code_into(folder, inputs, engine, CodeWork(load=load_fakes), version="1", options="{}")
    assert (counts.coded, counts.rejected) == (39, 2)
    assert list(check_record(folder)) == []
    with Record.open(folder) as record:
        return record.content_hash


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> str:
    return record_of(tmp_path_factory.mktemp("wanted") / "record", MANY, InlineEngine())


@pytest.mark.parametrize("engine", [InlineEngine(), LocalEngine(workers=1), LocalEngine(workers=2)])
@pytest.mark.parametrize("step", [1, -1, 7])
def test_order_and_workers_change_nothing(tmp_path: Path, wanted: str, engine: Engine, step: int) -> None:
    ordered = [MANY[i * step % len(MANY)] for i in range(len(MANY))]
    assert record_of(tmp_path / "record", ordered, engine) == wanted


def test_the_stream_keeps_the_order_of_the_inputs() -> None:
    found = list(code_stream(MANY, LocalEngine(workers=2), CodeWork(load=load_fakes), Counts()))
    assert found == list(code_stream(MANY, InlineEngine(), CodeWork(load=load_fakes), Counts()))


def test_a_repeated_input_is_coded_once() -> None:
    counts = Counts()
    assert len(list(code_stream(MANY * 2, InlineEngine(), CodeWork(load=load_fakes), counts))) == 42
    assert (counts.read, counts.skipped, counts.coded, counts.rejected) == (82, 40, 39, 3)


def test_the_runner_of_the_docs_gives_the_same(tmp_path: Path, wanted: str) -> None:
    """The second runner shown in docs/engine.md, as it stands there."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "engine.md").read_text("utf-8")
    source = page[page.index("import pickle") :].split("```")[0]
    space: dict[str, object] = {}
    exec(compile(source, "docs/engine.md", "exec"), space)
    assert record_of(tmp_path / "record", MANY, space["PoolEngine"]()) == wanted  # type: ignore[operator]
