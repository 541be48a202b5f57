"""Full disk, forbidden folder, truncated part: a named error with its remedy, and a record that stays valid."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from demarche.errors import StoreError
from demarche.pipeline import code_batch
from demarche.records import CodedDocument
from demarche.store import Record, RecordWriter, check_record
from demarche.store import files as files_module
from fake_rooms import articles, load_fakes


def documents(count: int) -> list[CodedDocument]:
    return [one for one in code_batch(articles(count), load_fakes()) if isinstance(one, CodedDocument)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with RecordWriter(tmp_path / "record", version="1") as writer:
        writer.commit(documents(4))
        writer.publish()
    return tmp_path / "record"


def content(record: Path) -> str:
    assert list(check_record(record)) == []
    with Record.open(record) as opened:
        return opened.content_hash


@pytest.mark.parametrize("after", range(0, 14, 3))
def test_a_disk_that_fills_up(folder: Path, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    before = content(folder)
    real = os.fsync
    calls = 0

    def full(handle: int) -> None:
        nonlocal calls
        calls += 1
        if calls > after:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    with RecordWriter(folder, version="1") as writer:
        monkeypatch.setattr(files_module.os, "fsync", full)
        with pytest.raises(StoreError, match=r"E504 the disk is full.*free some space"):
            writer.commit(documents(8)[4:])
        monkeypatch.undo()
    assert content(folder) == before
    with RecordWriter(folder, version="1") as writer:
        writer.commit(documents(8)[4:])
        writer.publish()
    with Record.open(folder) as record:
        assert record.sql("SELECT count(*) AS n FROM documents").to_pylist() == [{"n": 8}]
    assert list(folder.rglob("*.tmp")) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_device_that_is_full(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's own refusal, not a made one."""
    real = Path.open

    def to_full(self: Path, mode: str = "r", *rest: object) -> object:
        return real(Path("/dev/full") if self.name.endswith(".tmp") else self, mode, *rest)  # type: ignore[call-overload]

    with RecordWriter(folder, version="1") as writer:
        monkeypatch.setattr(Path, "open", to_full)
        with pytest.raises(StoreError, match="E504"):
            writer.commit(documents(8)[4:])
        monkeypatch.undo()
    content(folder)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_may_not_be_written(folder: Path) -> None:
    folder.chmod(0o500)
    try:
        with pytest.raises(StoreError, match="E503"), RecordWriter(folder, version="1"):
            pass
        content(folder)
    finally:
        folder.chmod(0o700)


def test_the_system_says_no(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(tmp_path))

    monkeypatch.setattr(files_module.os, "replace", refuse)
    with pytest.raises(StoreError, match=r"E503 cannot write here.*choose a folder"):
        RecordWriter(tmp_path / "record", version="1").__enter__()


def test_a_truncated_part(folder: Path) -> None:
    part = next(folder.glob("parts/assertions/*.parquet"))
    part.write_bytes(part.read_bytes()[:200])
    (breach,) = check_record(folder)
    assert breach.what == "the parts are not what was written"
    with RecordWriter(folder, version="1") as writer:
        writer.commit(documents(5)[4:])
        with pytest.raises(StoreError, match="E506"):
            writer.publish()
    with Record.open(folder) as record:  # readers keep the state that was sound
        assert record.sql("SELECT count(*) AS n FROM documents").to_pylist() == [{"n": 4}]


def test_a_missing_part(folder: Path) -> None:
    next(folder.glob("parts/documents/*.parquet")).unlink()
    with RecordWriter(folder, version="1") as writer:
        with pytest.raises(StoreError, match=r"E506 a part is missing or damaged.*restore it"):
            writer.coded_ids()
        with pytest.raises(StoreError, match="E506"):
            writer.publish(derivation="other")


@pytest.mark.parametrize("name", ["demarche.json", "manifest.json"])
def test_a_damaged_list(folder: Path, name: str) -> None:
    (folder / name).write_text("{")
    with pytest.raises(StoreError, match="E506"):
        Record.open(folder)


def test_a_serving_file_that_is_no_database(folder: Path) -> None:
    (folder / (folder / "CURRENT").read_text().strip()).write_bytes(b"nonsense" * 5000)
    with pytest.raises(StoreError, match="E506"):
        Record.open(folder)


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 400 kB, where the system lets us have one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    command = [str(mount), "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(disk)]
    if mount is None or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_publishing_on_a_small_disk(tiny_disk: Path) -> None:
    """The parts fit, the serving file does not: a named error, nothing half-made, and what was coded is kept."""
    folder = tiny_disk / "record"
    with RecordWriter(folder, version="1") as writer:
        writer.commit(documents(4))
        with pytest.raises(StoreError, match="E504"):
            writer.publish()
    assert [p.name for p in folder.iterdir() if p.name.startswith(".")] == []
    with RecordWriter(folder, version="1") as writer:
        assert len(writer.coded_ids()) == 4
