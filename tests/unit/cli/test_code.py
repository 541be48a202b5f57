"""`demarche code` from the command line, with the real reader and fake language rooms."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import demarche.pipeline
from demarche.cli import main
from demarche.pipeline import CodeWork
from demarche.store import Record
from fake_rooms import load_fakes

TEXT = "Beijing and Moscow quarrel\n\nBeijing warned Moscow again today. Nobody answered for a while."


@pytest.fixture(autouse=True)
def fake_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demarche.pipeline, "CodeWork", functools.partial(CodeWork, load=load_fakes))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two articles and a file that cannot be read."""
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT)
    (folder / "b.jsonl").write_text(json.dumps({"id": "b1", "text": TEXT, "published": "2024-03-05"}) + "\n")
    (folder / "c.txt").write_bytes(bytes(range(256)) * 20)
    return folder


def call(*arguments: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["code", *map(str, arguments)], input=stdin)


def test_json_is_one_object_a_document(folder: Path) -> None:
    result = call(folder, "--json", "--date", "2024-03-04")
    assert result.exit_code == 0
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["schema"] for row in rows] == [1, 1]
    assert [row["document"]["published"] for row in rows] == ["2024-03-04", "2024-03-05"]
    assert rows[1]["document"]["external_id"] == "b1"
    assert rows[0]["assertions"][0]["sources"] == ["CHN"]
    assert "2 coded, 1 rejected" in result.stderr
    assert "c.txt" in result.stderr


def test_a_record_resumes(folder: Path, tmp_path: Path) -> None:
    record = tmp_path / "record"
    result = call(folder, "-o", record)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "2 coded (1 of them copies), 1 rejected" in result.stderr
    (folder / "d.txt").write_text("Paris and Washington talk\n\nParis warned Washington in the evening.")
    assert "1 coded, 2 already there, 1 rejected" in call(folder, "-o", record).stderr
    with Record.open(record) as opened:
        assert opened.sql("SELECT count(*) AS n FROM documents").to_pylist() == [{"n": 3}]
        assert opened.sql("SELECT count(*) AS n FROM rejections").to_pylist() == [{"n": 1}]
        runs = opened.sql("SELECT read, coded, skipped, rejected FROM runs ORDER BY started").to_pylist()
        assert runs[1] == {"read": 4, "coded": 1, "skipped": 2, "rejected": 1}


def test_stdin(tmp_path: Path) -> None:
    result = call("-", "--json", stdin=TEXT)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["document"]["words"] == len(TEXT.split())


def test_nothing_read_is_a_failure(folder: Path, tmp_path: Path) -> None:
    result = call(folder / "c.txt", "--json")
    assert result.exit_code == 1
    assert "E706" in result.stderr
    assert call(tmp_path / "nowhere.txt", "-o", tmp_path / "record").exit_code == 1


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([], "E902"),
        (["--json", "-o", "record"], "E902"),
        (["--json", "--date", "yesterday"], "E904"),
        (["--json", "--workers", "0"], "E906"),
        (["--json", "--workers", "many"], "E906"),
        (["--json", "--address", "localhost:1"], "E905"),
    ],
)
def test_wrong_use(folder: Path, options: list[str], code: str) -> None:
    result = call(folder, *options)
    assert result.exit_code == 2
    assert code in result.stderr


def test_workers_give_the_same_lines(folder: Path) -> None:
    assert call(folder, "--json", "--workers", "2").stdout == call(folder, "--json").stdout


def test_profile_prints_seconds_a_room(folder: Path) -> None:
    result = call(folder, "--json", "--profile")
    assert all(stage in result.stderr for stage in ("parse", "link", "code"))
