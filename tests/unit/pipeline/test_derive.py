"""The tables over documents: built by other processes, and what happens when one of them dies."""

from __future__ import annotations

from pathlib import Path

import pytest

from demarche.errors import TransientError
from demarche.pipeline import CodeWork, InlineEngine, LocalEngine, code_into, derive_tables
from demarche.pipeline.derive import MergeWork, SliceWork
from demarche.store import BUILDING, RecordWriter
from fake_rooms import articles, load_fakes


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("derive") / "record"
    code_into(folder, articles(9), InlineEngine(), CodeWork(load=load_fakes), version="1", options="{}", every=True)
    return folder


def files(folder: Path) -> list[Path]:
    return list(folder.glob(f"{BUILDING}*"))


def test_nothing_is_left_of_the_building(record: Path) -> None:
    assert files(record) == []


def test_a_worker_that_dies_while_tables_are_built_ends_the_publishing(record: Path) -> None:
    with pytest.raises(TransientError, match="E714"):
        SliceWork(scratch=record).reject(None, "E704", "the worker process died on it twice")


def test_a_building_that_fails_leaves_the_record_as_it_was(record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(MergeWork, "each", fail)
    before = (record / "CURRENT").read_text()
    with RecordWriter(record, version="1") as writer, pytest.raises(MemoryError):
        writer.publish(derive_tables, derivation="another")
    assert files(record) == []
    assert (record / "CURRENT").read_text() == before


def test_processes_build_the_same_tables(record: Path) -> None:
    with RecordWriter(record, version="1") as writer, LocalEngine(workers=2).opened() as engine:
        before = writer.publish()  # without the tables over documents
        found = writer.publish(lambda committed: derive_tables(committed, engine=engine), derivation="two")
        alone = writer.publish(derive_tables, derivation="one")
    assert found.record == alone.record != before.record
