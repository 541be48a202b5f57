"""The Python interface: its docstrings, docs/python.md and the notebook run against a record made by hand."""

from __future__ import annotations

import doctest
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import demarche as dm
import demarche.api
from demarche.errors import ConfigError, StoreError
from made_records import Happening, make_record

ROOT = Path(__file__).resolve().parents[2]

HAPPENINGS = [
    Happening(day="2022-01-03", sources=("CHN",), targets=("USA",)),
    Happening(day="2022-01-04", sources=("CHN",), targets=("USA",), type="AID", copies=1),
    Happening(day="2022-02-05", sources=("USA",), targets=("CHN",), type="ACCUSE"),
    Happening(day="2022-04-05", sources=("CHN",), targets=("USA",)),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_record(tmp_path_factory.mktemp("api") / "record", HAPPENINGS)


@pytest.fixture
def rec(folder: Path) -> Iterator[dm.api.OpenRecord]:
    with dm.open(folder) as opened:
        yield opened


def test_the_docstrings_tell_the_truth(rec: dm.api.OpenRecord) -> None:
    result = doctest.testmod(demarche.api, extraglobs={"rec": rec})
    assert result.attempted >= 6
    assert result.failed == 0


def test_the_page_tells_the_truth(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    result = doctest.testfile(str(ROOT / "docs" / "python.md"), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert result.attempted > 8
    assert result.failed == 0


def test_the_notebook_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    notebook = json.loads((ROOT / "docs" / "notebooks" / "series.ipynb").read_text("utf-8"))
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert len(cells) > 4
    names: dict[str, object] = {}
    for number, cell in enumerate(cells):
        exec(compile(cell, f"cell {number}", "exec"), names)
    assert (folder.parent / "series.svg").exists()


def test_the_three_forms_say_the_same(rec: dm.api.OpenRecord) -> None:
    series = rec.series("CHN", "USA")
    arrow, pandas, polars = series.to_arrow(), series.to_pandas(), series.to_polars()
    assert arrow.column("events").to_pylist() == [2, 0, None, 1]
    assert [None if value is dm_na(pandas) else int(value) for value in pandas["events"]] == [2, 0, None, 1]
    assert polars["events"].to_list() == [2, 0, None, 1]
    assert str(pandas["events"].dtype) == "Int64"
    assert list(pandas.columns) == polars.columns == arrow.column_names


def dm_na(_: object) -> object:
    import pandas as pd

    return pd.NA


def test_errors_are_those_of_the_commands(rec: dm.api.OpenRecord, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"E601.*did you mean"):
        rec.series("Chnia")
    with pytest.raises(ConfigError, match="E509"):
        rec.query("DROP TABLE events")
    with pytest.raises(ConfigError, match="E513"):
        rec.table("nothing")
    with pytest.raises(StoreError, match="E501"):
        dm.open(tmp_path)


def test_importing_is_cheap() -> None:
    import subprocess
    import sys

    code = "import sys, demarche; print([m for m in ('duckdb', 'pyarrow', 'pandas', 'matplotlib') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
