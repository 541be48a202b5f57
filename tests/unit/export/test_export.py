from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from demarche.cli import main
from demarche.errors import ConfigError, StoreError
from demarche.export import EXPORTS, FORMS, read_cell, read_csv, safe_cell, write_export
from demarche.export.cells import RISKY, tab_cell
from demarche.series import By, SeriesQuery, count_beside, count_series, import_series
from demarche.store import TABLES, Record
from made_records import Happening, make_record

HAPPENINGS = [
    Happening(day="2022-01-03", sources=("CHN",), targets=("USA",), publishers=("Gazette", "Courier"), copies=1),
    Happening(day="2022-01-04", sources=("CHN", "RUS"), targets=("USA",), type="AID"),
    Happening(day="2022-01-05", sources=("USA", "FRA"), type="CONSULT"),
    Happening(day="2022-01-06", sources=("CHN",), targets=("USA",), type="CONSULT", status="planned"),
    Happening(day="2022-01-07", sources=("CHN",), targets=("USA",), type="SANCTION", status="negated"),
    Happening(day="2022-01-08", sources=("CHN",), targets=("USA",), type="ACCUSE", standing="disputed"),
    Happening(day="2022-01-09", sources=("RUS",), type="ASSAULT"),
    Happening(day="2022-01-10", sources=("CHN",), targets=("USA",), happened=("2022-01-01", "2022-02-01")),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_record(tmp_path_factory.mktemp("export") / "record", HAPPENINGS)


@pytest.fixture
def record(folder: Path) -> Iterator[Record]:
    with Record.open(folder) as opened:
        yield opened


def table(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text("utf-8").splitlines()]


def test_the_columns_are_those_of_the_published_files(shared: Path) -> None:
    wanted = json.loads((shared / "data" / "events" / "export_schemas.json").read_text())
    for form, name in (("plover", "polecat_tsv"), ("icews", "icews_tab"), ("gdelt", "gdelt2_export"),
                       ("gdelt1", "gdelt1_daily")):  # fmt: skip
        assert list(FORMS[form].columns) == [column for column, _ in wanted[name]["columns"]], form


def test_polecat_has_forty_columns_a_line_an_event(record: Record, tmp_path: Path) -> None:
    done = write_export(record, "plover", tmp_path / "out")
    header, *rows = table(tmp_path / "out" / "polecat.tsv")
    assert (done.rows, done.events, done.left_out) == (5, 5, 3)
    assert {len(row) for row in (header, *rows)} == {40}
    found = [dict(zip(header, row, strict=True)) for row in rows]
    first = next(row for row in found if row["Event Type"] == "THREATEN")
    assert first["Quad Code"] == "VERBAL CONFLICT"
    assert (first["Actor Country"], first["Actor COW"], first["Recipient COW"]) == ("CHN", "710", "2")
    assert first["Event Mode"] == "None"
    joint = next(row for row in found if row["Event Type"] == "AID")
    assert joint["Actor Country"] == "CHN; RUS"
    assert next(row for row in found if row["Event Type"] == "AGREE")["Event Date"] == "2022-01-06"


def test_what_cannot_be_said_is_listed_with_the_reason(record: Record, tmp_path: Path) -> None:
    write_export(record, "icews", tmp_path / "out")
    left = list(read_csv(tmp_path / "out" / "left_out.csv"))
    assert sorted(row["reason"].split(":")[0] for row in left) == ["disputed", "no day", "status negated"]
    assert all(json.loads(row["assertions"]) for row in left)
    side = list(read_csv(tmp_path / "out" / "not_in_the_form.csv"))
    _, *rows = table(tmp_path / "out" / "icews.tab")
    assert [row["row"] for row in side] == [row[0] for row in rows]
    assert {row["standing"] for row in side} == {"reported"}
    events = {row["event"] for row in (*side, *left)}
    assert len(events) == record.sql("SELECT count(*) AS n FROM events").column(0)[0].as_py()


@pytest.mark.parametrize("form", ["plover", "icews", "gdelt", "gdelt1"])
def test_what_is_written_is_read_back(record: Record, tmp_path: Path, form: str) -> None:
    write_export(record, form, tmp_path / "out")
    told = import_series(record, [tmp_path / "out" / FORMS[form].file], f"back-{form}")
    assert told.refused == ()
    for pair in (("CHN", "USA"), ("RUS", "USA"), ("USA", "FRA"), ("FRA", "USA")):
        query = SeriesQuery(source=pair[0], target=pair[1], by=By.DAY)
        own = count_series(record, query)
        days = {one.start: one.events for one in own.bins}
        back = count_beside(record, f"back-{form}", query)
        expected = {start: n for start, n in days.items() if n}
        if pair == ("CHN", "USA"):  # the planned meeting is an agreement there
            expected[own.since.replace(day=6)] = 1
        if form == "plover" and pair in (("USA", "FRA"), ("FRA", "USA")):
            expected = {}  # joint acts have no receiver in PLOVER
        assert {one.start: one.events for one in back.bins if one.events} == expected


def test_gdelt_has_its_widths_and_a_mention_for_each_row_behind(record: Record, tmp_path: Path) -> None:
    write_export(record, "gdelt", tmp_path / "two")
    events, mentions = (table(tmp_path / "two" / f"gdelt2.{kind}.CSV") for kind in ("export", "mentions"))
    assert {len(row) for row in events} == {61}
    assert {len(row) for row in mentions} == {16}
    assert {row[0] for row in mentions} == {row[0] for row in events}
    for row in events:
        assert int(row[31]) == sum(mention[0] == row[0] for mention in mentions)
    write_export(record, "gdelt1", tmp_path / "one")
    assert {len(row) for row in table(tmp_path / "one" / "gdelt1.export.CSV")} == {58}
    first = next(row for row in events if row[26] == "130")
    assert first[1:4] == ["20220103", "202201", "2022"]
    assert (first[5], first[7], first[29], first[30]) == ("CHNGOV", "CHN", "3", "-4.4")


def test_cameo_text(record: Record, tmp_path: Path) -> None:
    write_export(record, "cameo", tmp_path / "out")
    rows = table(tmp_path / "out" / "cameo.txt")
    assert ["20220103", "CHNGOV", "USAGOV", "130", "Threaten"] in [row[:5] for row in rows]
    assert ["20220106", "CHNGOV", "USAGOV", "036"] in [row[:4] for row in rows]
    assert ["20220109", "RUSGOV", "---"] in [row[:3] for row in rows]


def rows_of(name: str) -> str:
    """All rows as an export writes them: as they lie there; those of the view, which has no order, by their ids."""
    return f"SELECT * FROM {name}" + (" ORDER BY event, assertion" if name == "event_assertions" else "")


def test_parquet_holds_every_row_of_every_table(record: Record, tmp_path: Path) -> None:
    write_export(record, "parquet", tmp_path / "out")
    for name in TABLES:
        assert pq.read_table(tmp_path / "out" / f"{name}.parquet").equals(record.sql(rows_of(name)))


def test_csv_holds_every_row_and_gives_it_back(record: Record, tmp_path: Path) -> None:
    write_export(record, "csv", tmp_path / "out")
    for name in TABLES:
        rows = list(read_csv(tmp_path / "out" / f"{name}.csv"))
        wanted = record.sql(rows_of(name)).to_pylist()
        assert len(rows) == len(wanted)
        for row, want in zip(rows, wanted, strict=True):
            for column, value in want.items():
                cell = row[column]
                found = json.loads(cell) if isinstance(value, (list, bool, int, float)) else cell or None
                assert found == value, (name, column)


def test_annotations_select_the_words_they_are_about(record: Record, tmp_path: Path) -> None:
    write_export(record, "jsonld", tmp_path / "out")
    graph = json.loads((tmp_path / "out" / "record.jsonld").read_text())["@graph"]
    texts = {f"urn:demarche:{one.id}": one.text for one in record.rows("documents")}
    notes = [node for node in graph if node["type"] == "Annotation"]
    assert len(notes) == record.sql("SELECT count(*) AS n FROM assertions").column(0)[0].as_py()
    for note in notes:
        for target in note["target"]:
            place, quote = target["selector"]
            text = texts[target["source"]]
            assert text[place["start"] : place["end"]] == quote["exact"]
            assert quote["prefix"] + quote["exact"] + quote["suffix"] in text
    ids = {node["id"] for node in graph}
    events = [node for node in graph if "demarche:clusters" in node]
    assert events
    assert all(set(event["wasDerivedFrom"]) <= ids for event in events)


@given(st.text())
def test_no_cell_is_a_formula_and_all_are_read_back(text: str) -> None:
    cell = safe_cell(text)
    assert not cell.startswith(tuple(mark for mark in RISKY if mark != "'"))
    assert read_cell(cell) == text


@given(st.text())
def test_no_cell_of_a_tab_table_breaks_the_line(text: str) -> None:
    assert len(tab_cell(text).splitlines()) <= 1
    assert "\t" not in tab_cell(text)


def test_a_formula_in_a_name_does_no_harm(tmp_path: Path) -> None:
    made = [Happening(day="2022-01-03", sources=("CHN",), targets=("USA",), publishers=("=HYPERLINK(1)",))]
    folder = make_record(tmp_path / "record", made)
    with Record.open(folder) as record:
        write_export(record, "csv", tmp_path / "csv")
        write_export(record, "icews", tmp_path / "icews")
    with (tmp_path / "csv" / "documents.csv").open(newline="") as file:
        assert next(csv.DictReader(file))["publisher"] == "'=HYPERLINK(1)"
    assert "\t'=HYPERLINK(1)\t" in (tmp_path / "icews" / "icews.tab").read_text()


@pytest.mark.parametrize("form", EXPORTS)
def test_every_form_says_what_it_is_and_is_the_same_twice(record: Record, tmp_path: Path, form: str) -> None:
    for name in ("one", "two"):
        done = write_export(record, form, tmp_path / name)
    assert sorted(done.files) == sorted(path.name for path in (tmp_path / "one").iterdir())
    for file in done.files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    assert record.content_hash in (tmp_path / "one" / "README.md").read_text()


def test_a_folder_that_holds_something_is_left_alone(record: Record, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ConfigError, match="E610"):
        write_export(record, "csv", tmp_path)
    with pytest.raises(ConfigError, match="E609"):
        write_export(record, "xml", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_full_disk_leaves_nothing_behind(record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import demarche.export.write as module

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "write_annotations", full)
    with pytest.raises(StoreError, match="E504 the disk is full"):
        write_export(record, "jsonld", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_killed_export_can_be_made_again(record: Record, tmp_path: Path) -> None:
    (tmp_path / ".icews.tab.tmp").write_text("half")
    (tmp_path / ".other.tmp").write_text("half")
    write_export(record, "icews", tmp_path)
    assert (tmp_path / "icews.tab").exists()
    assert not list(tmp_path.glob(".*"))


def test_the_command(folder: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["export", str(folder), "--to", "plover", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "3 events cannot be said in this form" in done.stderr
    again = CliRunner().invoke(main, ["export", str(folder), "--to", "plover", str(tmp_path / "out")])
    assert again.exit_code == 2
    assert "E610" in again.stderr
    some = CliRunner().invoke(
        main, ["export", str(folder), "--to", "icews", "--since", "2022-01-09", str(tmp_path / "x")]
    )
    assert "1 row of 1 event " in some.stderr
