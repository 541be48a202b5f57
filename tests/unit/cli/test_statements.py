from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from demarche.cli import main
from demarche.pipeline import derivation, derive_tables
from demarche.records import EventType, Polarity, Status
from demarche.store import Record, RecordWriter, check_record
from said import Said, article

THREAT = (
    Said(words="Ankara threatened to impose tariffs on Greece unless it withdraws.", type=EventType.THREATEN,
         sources="TUR", targets="GRC"),
    Said(words="", type=EventType.SANCTION, sources="TUR", targets="GRC", status=Status.THREATENED,
         predicate="impose", same=True),
)  # fmt: skip
PROMISE = (
    Said(words="Berlin pledged to deliver tanks to Kyiv.", type=EventType.AGREE, sources="DEU", targets="UKR"),
    Said(words="", type=EventType.AID, sources="DEU", targets="UKR", status=Status.PROMISED, predicate="deliver",
         same=True),
)  # fmt: skip
FORECAST = Said(words="Analysts expect China to deliver tanks to Russia.", type=EventType.AID, sources="CHN",
                targets="RUS", holders="USA", status=Status.PREDICTED, predicate="deliver")  # fmt: skip
CLAIM = Said(words="Moscow asked Beijing for drones, officials said.", type=EventType.REQUEST, sources="RUS",
             targets="CHN", holders="USA", predicate="ask")  # fmt: skip
DENIAL = Said(words="The Kremlin denied asking Beijing for drones.", type=EventType.REQUEST, sources="RUS",
              targets="CHN", holders="RUS", status=Status.DENIED, polarity=Polarity.NEGATIVE,
              predicate="ask")  # fmt: skip


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("statements") / "record"
    with RecordWriter(folder, version="1") as writer:
        writer.commit([article("one", "2022-03-14", *THREAT, *PROMISE, CLAIM)])
        writer.commit([article("two", "2022-03-16", DENIAL, FORECAST)])
        writer.publish(derive_tables, derivation=derivation())
    assert list(check_record(folder)) == []
    return folder


def call(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(main, [str(a) for a in arguments], env={"COLUMNS": "140"})
    assert result.exit_code == code, result.output
    return result.output


def rows(record: Path, command: str, *options: str) -> list[dict[str, object]]:
    result = CliRunner().invoke(main, [command, str(record), "--format", "json", *options])
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize(("command", "count"), [("claims", 1), ("threats", 1), ("commitments", 1), ("forecasts", 1)])
def test_every_row_opens_its_sentence(record: Path, command: str, count: int) -> None:
    found = rows(record, command)
    assert len(found) == count
    with Record.open(record) as opened:
        for row in found:
            [sentence] = opened.rows("sentences", "id = ?", [row["sentence"]])
            text = opened.document(str(row["sentence"]).split(".")[0]).document.text
            assert text[sentence.start : sentence.end] == row["words"]
    table = call(command, record)
    assert str(found[0]["sentence"]) in table
    assert str(found[0]["id"]) in table
    assert f"{count} {command[:-1]}" in table


@pytest.mark.parametrize("command", ["claims", "threats", "commitments", "forecasts"])
def test_every_form_has_the_same_rows(record: Path, command: str) -> None:
    found = rows(record, command)
    lines = list(csv.DictReader(io.StringIO(call(command, record, "--format", "csv"))))
    assert [line["id"] for line in lines] == [row["id"] for row in found]
    result = CliRunner().invoke(main, [command, str(record), "--format", "parquet"])
    assert pq.read_table(io.BytesIO(result.stdout_bytes)).column("id").to_pylist() == [row["id"] for row in found]


def test_filters(record: Path) -> None:
    assert len(rows(record, "threats", "--actor", "TUR", "--actor", "GRC")) == 1
    assert rows(record, "threats", "--actor", "TUR", "--actor", "CHN") == []
    assert len(rows(record, "forecasts", "--actor", "RUS")) == 1
    assert rows(record, "threats", "--from", "2022-03-15") == []
    assert len(rows(record, "claims", "--from", "2022-03-15", "--to", "2022-03-20")) == 1
    assert rows(record, "claims", "--to", "2022-03-13") == []
    assert len(rows(record, "claims", "--standing", "disputed")) == 1
    assert rows(record, "commitments", "--state", "kept") == []
    call("claims", record, "--from", "tomorrow", code=2)


def test_the_page_of_a_claim_lists_its_stances(record: Path) -> None:
    [claim] = rows(record, "claims")
    page = call("show", record, claim["id"])
    assert "2022-03-14  assert  USA" in page
    assert "2022-03-16  deny  RUS" in page


def test_both_rows_are_disputed_in_the_whole_record(record: Path) -> None:
    with Record.open(record) as opened:
        found = opened.sql("SELECT count(*) FROM assertions WHERE standing = 'disputed'").column(0)[0].as_py()
    assert found == 2
