from __future__ import annotations

import json
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from demarche.cli import main
from demarche.errors import ConfigError, StoreError
from demarche.store import Record, RecordWriter, check_record, read_frozen
from demarche.store.migrations import MIGRATIONS
from made_records import Happening, days, make_documents, make_record


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = [Happening(day=day, sources=("CHN",), targets=("USA",)) for day in days("2022-01-01", 5)]
    return make_record(tmp_path / "record", made)


def freeze(folder: Path) -> str:
    command = ["freeze", str(folder), "--title", 'A "quoted" title', "--author", "Ana Lima", "--license", "CC-BY-4.0",
               "--date", "2024-01-02"]  # fmt: skip
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    return done.output


def test_a_frozen_record_is_cited_by_its_hash_and_refuses_writers(folder: Path) -> None:
    with Record.open(folder) as record:
        said = record.content_hash
    assert said in freeze(folder)
    citation = (folder / "CITATION.cff").read_text()
    assert f'value: "sha256:{said}"' in citation
    assert 'title: "A \\"quoted\\" title"' in citation
    with pytest.raises(ConfigError, match="E516"), RecordWriter(folder, version="1"):
        pass
    again = CliRunner().invoke(main, ["freeze", str(folder), "--title", "x", "--author", "y"])
    assert again.exit_code == 2
    assert "E516" in again.output
    assert list(check_record(folder)) == []
    with Record.open(folder) as record:
        assert len(list(record.documents())) == 5


def test_the_crate_lists_every_part_with_its_hash(folder: Path) -> None:
    freeze(folder)
    crate = json.loads((folder / "ro-crate-metadata.json").read_text())
    nodes = {node["@id"]: node for node in crate["@graph"]}
    assert len(nodes) == len(crate["@graph"])
    assert nodes["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    root = nodes["./"]
    assert root["datePublished"] == "2024-01-02"
    files = {path.relative_to(folder).as_posix() for path in folder.glob("parts/*/*.parquet")}
    assert {part["@id"] for part in root["hasPart"]} == files
    assert all(nodes[name]["sha256"] == Path(name).stem for name in files)
    assert nodes[root["author"][0]["@id"]]["name"] == "Ana Lima"


def test_verify_sees_what_was_changed_after_freezing(folder: Path, tmp_path: Path) -> None:
    freeze(folder)
    mark = (folder / "FROZEN.json").read_bytes()
    (folder / "FROZEN.json").unlink()
    extra = [Happening(day=day, sources=("CHN",), targets=("USA",)) for day in days("2022-01-01", 6)]
    with RecordWriter(folder, version="1") as writer:
        writer.commit(make_documents(extra)[0][5:])
        writer.publish()
    (folder / "FROZEN.json").write_bytes(mark)
    assert "the frozen record is not the one cited" in [breach.what for breach in check_record(folder)]
    (folder / "FROZEN.json").write_text("{")
    with pytest.raises(StoreError, match="E506"):
        read_frozen(folder)


def test_unpublished_batches_cannot_be_frozen(folder: Path) -> None:
    extra = [Happening(day=day, sources=("CHN",), targets=("USA",)) for day in days("2022-01-01", 6)]
    with RecordWriter(folder, version="1") as writer:
        writer.commit(make_documents(extra)[0][5:])
    done = CliRunner().invoke(main, ["freeze", str(folder), "--title", "x", "--author", "y"])
    assert done.exit_code == 1
    assert "E507" in done.output


def test_an_older_record_is_brought_up_step_by_step(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = folder / "demarche.json"
    mark.write_bytes(orjson.dumps({"form": "demarche-record", "schema": -1}))
    with pytest.raises(StoreError, match=r"E514.*demarche compact"):
        Record.open(folder)
    with pytest.raises(StoreError, match=r"E514.*no step leads"), RecordWriter(folder, version="1"):
        pass
    steps: list[int] = []
    for schema in (-1, 0):
        monkeypatch.setitem(MIGRATIONS, schema, lambda _, schema=schema: steps.append(schema))
    with RecordWriter(folder, version="1"):
        pass
    assert steps == [-1, 0]
    assert list(check_record(folder)) == []


def test_a_stopped_migration_goes_on_where_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "demarche.json").write_bytes(orjson.dumps({"form": "demarche-record", "schema": -1}))
    done: list[int] = []

    def fails(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(MIGRATIONS, -1, lambda _: done.append(-1))
    monkeypatch.setitem(MIGRATIONS, 0, fails)
    with pytest.raises(StoreError, match="E504"), RecordWriter(folder, version="1"):
        pass
    monkeypatch.setitem(MIGRATIONS, 0, lambda _: done.append(0))
    with RecordWriter(folder, version="1"):
        pass
    assert done == [-1, 0]
