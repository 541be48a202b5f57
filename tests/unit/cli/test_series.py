from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from demarche.cli import main
from made_records import Happening, make_record


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    made = [
        Happening(day="2022-01-03", sources=("CHN",), targets=("USA",), publishers=("Gazette", "Courier")),
        Happening(day="2022-01-04", sources=("CHN",), targets=("USA",), type="AID"),
        Happening(day="2022-06-05", sources=("CHN",), targets=("USA",), status="denied"),
    ]
    return str(make_record(tmp_path_factory.mktemp("series") / "record", made))


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["series", *words])


def test_a_table_with_its_rules_and_gaps_in_one_line(folder: str) -> None:
    done = run(folder, "CHN", "USA")
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[0] == "China → United States by month, 2022-01-03 to 2022-06-05"
    assert "status actual, standing reported or attributed" in lines[1]
    assert any("nothing read to 2022-05" in line and "2022-02" in line for line in lines)
    assert any(line.split()[:5] == ["2022-01", "3", "2", "1", "1"] for line in lines)
    assert max(map(len, lines)) <= 80


def test_json_and_csv_say_the_same(folder: str) -> None:
    plain = json.loads(run(folder, "CHN", "USA", "--json").stdout)
    rows = list(csv.DictReader(io.StringIO(run(folder, "CHN", "USA", "--csv").stdout)))
    assert [row["events"] for row in plain["bins"]] == [2, None, None, None, None, 0]
    assert [row["events"] for row in rows] == ["2", "", "", "", "", "0"]
    assert [row["start"] for row in rows] == [row["start"] for row in plain["bins"]]


def test_rows_are_the_sentences(folder: str) -> None:
    done = run(folder, "CHN", "USA", "--rows", "--status", "all")
    assert done.output.count("“CHN did threaten USA, told 0.”") == 2
    assert "denied" in done.output
    one = json.loads(run(folder, "CHN", "USA", "--rows", "--limit", "1", "--json").stdout)
    assert one["type"] == "THREATEN"
    assert len(one["rows"]) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["Chnia", "USA"], r"E601 nobody is called 'Chnia'; did you mean CHN (China)"),
        (["CHN", "USA", "--from", "2023-01-01", "--to", "2022-01-01"], "E602"),
        (["CHN", "USA", "--from", "1990-01-01", "--to", "1991-01-01"], "E603"),
        (["CHN", "USA", "--from", "yesterday"], "E904"),
        (["CHN", "USA", "--type", "THREAT"], "E607 --type knows no 'THREAT'; did you mean THREATEN"),
        (["CHN", "USA", "--groups", "nowhere.toml"], "E605"),
        (["CHN", "USA", "--beside", "icews"], "E614"),
        (["CHN", "USA", "--plot", "x.gif"], "E616"),
    ],
)
def test_bad_questions_exit_2_with_a_remedy(folder: str, words: list[str], said: str) -> None:
    done = run(folder, *words)
    assert done.exit_code == 2
    assert said in done.output
    assert "; " in done.output


def test_no_record(tmp_path: Path) -> None:
    done = run(str(tmp_path), "CHN")
    assert done.exit_code == 1
    assert "E501" in done.output
