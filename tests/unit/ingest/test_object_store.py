"""Articles from an object store: a local S3 server, and fsspec's store in memory."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator

import pytest

from demarche.ingest import ReadOptions, read_inputs
from demarche.records import Article, Rejection

fsspec = pytest.importorskip("fsspec", reason="the extra demarche[cloud] is not installed")
TEXT = (
    "Norland accused Sudland on Monday of moving a border stone. Sudland denied it and asked for talks in the capital."
)


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a bucket on a server of this machine."""
    server_module = pytest.importorskip("moto.server", reason="moto is a development dependency")
    import s3fs

    server = server_module.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "none")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "none")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    s3fs.S3FileSystem.clear_instance_cache()
    system = s3fs.S3FileSystem()
    system.makedirs("news", exist_ok=True)
    rows = "".join(json.dumps({"id": f"a{i}", "text": f"{TEXT} Number {i}."}) + "\n" for i in range(3))
    system.pipe("news/day1/wire.jsonl.gz", gzip.compress(rows.encode()))
    system.pipe("news/day2/note.txt", TEXT.encode())
    yield "s3://news"
    server.stop()
    s3fs.S3FileSystem.clear_instance_cache()


def test_files_patterns_and_folders_of_a_bucket(bucket: str) -> None:
    every = list(read_inputs([bucket]))
    assert [type(one) for one in every] == [Article] * 4
    assert every[-1].document.source == "s3://news/day2/note.txt"
    one = list(read_inputs([f"{bucket}/*/*.gz"], ReadOptions(date="2024-05-06")))
    assert [a.document.external_id for a in one if isinstance(a, Article)] == ["a0", "a1", "a2"]


def test_what_is_not_there_is_a_rejection(bucket: str) -> None:
    [found] = read_inputs([f"{bucket}/nothing.txt"])
    assert isinstance(found, Rejection)
    assert found.code == "E131"


def test_a_store_in_memory_gives_the_document_of_the_file() -> None:
    fsspec.filesystem("memory").pipe("/box/note.txt", TEXT.encode())
    [stored] = read_inputs(["memory://box/note.txt"])
    assert isinstance(stored, Article)
    assert stored.document.text.startswith("Norland accused")


def test_a_scheme_without_a_driver_is_named() -> None:
    [found] = read_inputs(["abfs://container/day.jsonl"])
    assert isinstance(found, Rejection)
    assert found.code == "E130"
