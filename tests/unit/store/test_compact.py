from __future__ import annotations

from pathlib import Path

from demarche.store import Record, RecordWriter, check_record, committed_documents
from made_records import Happening, days, make_documents, make_record


def test_compaction_joins_parts_and_changes_nothing_that_is_said(tmp_path: Path) -> None:
    happenings = [Happening(day=day, sources=("CHN",), targets=("USA",)) for day in days("2022-01-01", 30)]
    folder = make_record(tmp_path / "record", happenings, batches=30)
    _, derived = make_documents(happenings)
    with Record.open(folder) as record:
        before = record.content_hash
    with RecordWriter(folder, version="1") as writer:
        many, few = writer.compact(documents=10)
        assert (many, few) == (180, 18)
        writer.publish(lambda _: derived, derivation="made")
    with Record.open(folder) as record:
        assert record.content_hash == before
    assert list(check_record(folder)) == []
    assert len(list(folder.glob("parts/*/*.parquet"))) == 18
    assert len(list(committed_documents(folder))) == 30


def test_a_compaction_killed_before_the_old_lists_are_gone_counts_every_document_once(tmp_path: Path) -> None:
    happenings = [Happening(day=day, sources=("CHN",), targets=("USA",)) for day in days("2022-01-01", 6)]
    documents, _ = make_documents(happenings)
    folder = tmp_path / "record"
    with RecordWriter(folder, version="1") as writer:
        for one in documents:
            writer.commit([one])
        writer.publish()
        kept = {path: path.read_bytes() for path in folder.glob("parts/*/*.parquet")}
        manifest = (folder / "manifest.json").read_bytes()
        writer.compact()
        joined = (folder / "manifest.json").read_bytes()
    assert joined != manifest
    for path, data in kept.items():
        path.write_bytes(data)
    with RecordWriter(folder, version="1") as writer:
        writer.publish()
    assert list(check_record(folder)) == []
    with Record.open(folder) as record:
        assert record.sql("SELECT count(*) AS n FROM documents").to_pylist() == [{"n": 6}]


def test_compacting_again_after_a_kill_takes_every_document_once(tmp_path: Path) -> None:
    """The old lists and parts are back beside the joined ones, as a kill leaves them; they are joined once more."""
    happenings = [Happening(day=day, sources=("CHN",), targets=("USA",)) for day in days("2022-01-01", 6)]
    documents, derived = make_documents(happenings)
    folder = tmp_path / "record"
    with RecordWriter(folder, version="1") as writer:
        for one in documents:
            writer.commit([one])
        kept = {path: path.read_bytes() for path in (*folder.glob("parts/*/*.parquet"), *folder.glob("commits/*.json"))}
        writer.compact()
        writer.publish(lambda _: derived, derivation="whole")
    with Record.open(folder) as record:
        wanted = record.content_hash
    for path, data in kept.items():
        path.write_bytes(data)
    with RecordWriter(folder, version="1") as writer:
        writer.compact()
        writer.publish(lambda _: derived, derivation="whole, again")
    assert list(check_record(folder)) == []
    with Record.open(folder) as record:
        assert record.content_hash == wanted
