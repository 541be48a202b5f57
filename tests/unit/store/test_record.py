from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from demarche.errors import InputError, StoreError
from demarche.pipeline import code_batch
from demarche.records import CodedDocument, to_json
from demarche.store import TABLES, Record, RecordWriter, check_record, columns_of, pack
from demarche.store.serving import table_notes
from fake_rooms import articles, load_fakes, rejection
from made_records import Happening, days, make_record


def coded(count: int) -> list[CodedDocument]:
    return [found for found in code_batch(articles(count), load_fakes()) if isinstance(found, CodedDocument)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A record of six documents in two commits, and one rejection."""
    six = coded(6)
    with RecordWriter(tmp_path / "record", version="1") as writer:
        writer.commit(six[:4], [rejection()])
        writer.commit(six[4:])
        writer.publish()
    return tmp_path / "record"


def test_documents_come_back_as_they_went_in(folder: Path) -> None:
    with Record.open(folder) as record:
        for wanted in coded(6):
            assert record.document(wanted.document.id) == wanted
        assert len(list(record.documents())) == 6


def test_packed_bytes_are_the_json_of_the_contract() -> None:
    for one in coded(3):
        assert json.loads(pack(one).data) == to_json(one)
        assert list(json.loads(pack(one).data)) == list(to_json(one))
        assert pack(one).unpack() == one


def test_every_table_of_the_contract_is_there_with_its_columns_and_words(folder: Path) -> None:
    with Record.open(folder) as record:
        for name in TABLES:
            found = record.sql(f"SELECT * FROM {name} LIMIT 0").schema.names
            asked = columns_of(name).names
            assert found[: len(asked)] == asked
            assert all(column.removesuffix("_number") in asked for column in found)
        silent = record.sql("SELECT table_name FROM duckdb_tables() WHERE comment IS NULL").column(0).to_pylist()
        assert silent == []


def test_notes_name_only_columns_that_exist() -> None:
    for name, notes in table_notes().items():
        assert set(notes) - {"table"} <= set(columns_of(name).names), name


def test_parts_are_named_by_the_hash_of_their_bytes(folder: Path) -> None:
    parts = list(folder.glob("parts/*/*.parquet"))
    assert len(parts) > 10
    assert all(hashlib.sha256(path.read_bytes()).hexdigest() == path.stem for path in parts)


def test_the_hash_does_not_depend_on_order_or_batches(folder: Path, tmp_path: Path) -> None:
    with RecordWriter(tmp_path / "other", version="1") as writer:
        for one in reversed(coded(6)):
            writer.commit([one])
        writer.commit([], [rejection()])
        writer.publish()
    with Record.open(folder) as one, Record.open(tmp_path / "other") as other:
        assert one.content_hash == other.content_hash
        assert one.serving.name != other.serving.name


def test_the_hash_sees_a_changed_row(folder: Path, tmp_path: Path) -> None:
    with RecordWriter(tmp_path / "other", version="1") as writer:
        writer.commit(coded(8)[6:])
        writer.publish()
    with Record.open(folder) as one, Record.open(tmp_path / "other") as other:
        assert one.content_hash != other.content_hash


def test_a_record_takes_in_the_decisions_of_another(folder: Path, tmp_path: Path) -> None:
    mine = '[[apart]]\nrows = ["d1.e1", "d1.e2"]'
    theirs = '# two towns\n[[apart]]\nrows = ["d2.e1", "d2.e2"]\n'
    (folder / "decisions.toml").write_text(theirs)
    with RecordWriter(tmp_path / "other", version="1") as writer:
        (tmp_path / "other" / "decisions.toml").write_text(mine)
        writer.take(folder)
        writer.take(folder)
        assert writer.committed().decisions() == f"{mine}\n\n{theirs}"


def test_publishing_again_without_news_keeps_the_serving_file(folder: Path) -> None:
    before = (folder / "CURRENT").read_text()
    with RecordWriter(folder, version="1") as writer:
        writer.publish()
    assert (folder / "CURRENT").read_text() == before


def test_a_reader_keeps_what_it_opened_while_a_new_state_is_published(folder: Path) -> None:
    with Record.open(folder) as before:
        with RecordWriter(folder, version="1") as writer:
            writer.commit(coded(8)[6:])
            writer.publish()
        assert before.sql("SELECT count(*) AS n FROM documents").to_pylist() == [{"n": 6}]
        with Record.open(folder) as after:
            assert after.sql("SELECT count(*) AS n FROM documents").to_pylist() == [{"n": 8}]
    assert len(list(folder.glob("serving-*.duckdb"))) == 1


def test_a_document_in_two_commits_counts_once(folder: Path) -> None:
    with Record.open(folder) as record:
        before = record.content_hash
    with RecordWriter(folder, version="1") as writer:
        writer.commit(coded(3))
        writer.publish()
    with Record.open(folder) as record:
        assert record.sql("SELECT count(*) AS n FROM documents").to_pylist() == [{"n": 6}]
        assert record.content_hash == before


def test_one_writer_at_a_time(folder: Path) -> None:
    with RecordWriter(folder, version="1"):
        with pytest.raises(StoreError, match=r"E505.*process \d+ on"), RecordWriter(folder, version="1"):
            pass
        Record.open(folder).close()


def test_a_newer_record_is_refused_with_words(folder: Path) -> None:
    mark = folder / "demarche.json"
    mark.write_text(json.dumps({**json.loads(mark.read_text()), "schema": 99}))
    with pytest.raises(StoreError, match=r"E502 the record has schema 99.*install a newer demarche"):
        Record.open(folder)
    with pytest.raises(StoreError, match="E502"), RecordWriter(folder, version="1"):
        pass


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(StoreError, match="E512"), RecordWriter(tmp_path, version="1"):
        pass
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]


def test_errors_name_the_remedy(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="E501"):
        Record.open(tmp_path / "nowhere")
    with Record.open(folder) as record:
        with pytest.raises(InputError, match="E508"):
            record.document("d0")
        with pytest.raises(StoreError, match="E513 no table 'nothing'; one of: documents"):
            record.rows("nothing")
        with pytest.raises(StoreError, match="E510"):
            record.sql("SELEKT")
    (folder / "CURRENT").unlink()
    with pytest.raises(StoreError, match="E507"):
        Record.open(folder)


def test_rows_are_records(folder: Path) -> None:
    with Record.open(folder) as record:
        wanted = coded(6)[2].assertions
        assert tuple(record.rows("assertions", "document = ?", [coded(6)[2].document.id])) == wanted


def test_a_publishing_killed_before_the_pointer_is_whole_all_the_same(folder: Path) -> None:
    """The manifest tells of the new state and the pointer of the old one, as a kill between the two leaves them."""
    pointer = folder / "CURRENT"
    old = pointer.read_text("utf-8").strip()
    kept = (folder / old).read_bytes()
    with RecordWriter(folder, version="1") as writer:
        writer.commit(coded(8)[6:])
        writer.publish()
    new = pointer.read_text("utf-8")
    pointer.write_text(f"{old}\n", "utf-8")
    (folder / old).write_bytes(kept)
    assert list(check_record(folder)) == []
    with Record.open(folder) as record:
        assert record.serving.name == new.strip() != old
    with RecordWriter(folder, version="1") as writer:
        writer.publish()
    assert pointer.read_text("utf-8") == new
    assert not (folder / old).exists()


def test_ids_of_the_usual_form_are_kept_as_numbers_and_others_as_they_are(folder: Path, tmp_path: Path) -> None:
    with Record.open(folder) as record:
        assert "id_number" in record.sql("SELECT * FROM assertions LIMIT 0").schema.names
        first = record.rows("assertions")[0]
        assert record.row("assertions", first.id) == first
        assert record.row("assertions", "d0.e1") is None
    one = coded(1)[0]
    odd = replace(one, assertions=(replace(one.assertions[0], id=f"{one.document.id}.e01"), *one.assertions[1:]))
    with RecordWriter(tmp_path / "odd", version="1") as writer:
        writer.commit([odd])
        writer.publish()
    with Record.open(tmp_path / "odd") as record:
        names = record.sql("SELECT * FROM assertions LIMIT 0").schema.names
        assert "id_number" not in names
        assert "sentence_number" in names
        assert record.document(one.document.id).assertions[0].id == odd.assertions[0].id
        assert record.has("assertions", odd.assertions[0].id)


def test_an_assertion_knows_its_events(tmp_path: Path) -> None:
    made = [Happening(day=day, sources=("CHN",), targets=("USA",), copies=2) for day in days("2022-01-01", 3)]
    with Record.open(make_record(tmp_path / "record", made)) as record:
        rows = record.sql("SELECT assertion, event FROM event_assertions").to_pylist()
        assert len(rows) == 9
        for row in rows:
            assert record.events_of(row["assertion"]) == [row["event"]]
        assert record.events_of("d0.e1") == []
