"""The Ray engine gives the same record; runs where the extra `ray` is installed."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from demarche.errors import ConfigError, TransientError
from demarche.pipeline import CodeWork, InlineEngine, RayEngine, code_into, code_stream
from demarche.pipeline.run import Counts
from demarche.store import Record
from fake_rooms import articles, load_fakes, rejection

pytest.importorskip("ray", reason="the extra demarche[ray] is not installed")


@pytest.fixture(autouse=True)
def path_of_the_fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ray's workers are processes of their own: they must find the fake rooms."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[1]))


MANY = [*articles(40, spoiled={7: "RAISE", 21: "CRASH"}), rejection()]


def test_the_record_is_that_of_the_local_engine(tmp_path: Path) -> None:
    healthy = [*articles(40, spoiled={7: "RAISE"}), rejection()]
    work = CodeWork(load=load_fakes)
    code_into(tmp_path / "ray", healthy, RayEngine(workers=2), work, version="1", options="{}")
    code_into(tmp_path / "here", healthy, InlineEngine(), work, version="1", options="{}")
    with Record.open(tmp_path / "ray") as one, Record.open(tmp_path / "here") as other:
        assert one.content_hash == other.content_hash


def test_a_document_that_kills_its_worker_costs_only_itself() -> None:
    counts = Counts()
    found = list(code_stream(MANY, RayEngine(workers=2), CodeWork(load=load_fakes), counts))
    assert (len(found), counts.coded, counts.rejected) == (41, 38, 3)


def test_a_cluster_that_is_not_there_is_named_at_once() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(TransientError, match="E709"):
        list(RayEngine(address=address).map(CodeWork(load=load_fakes), []))
    with pytest.raises(ConfigError, match="E713"):
        list(RayEngine(address="nonsense").map(CodeWork(load=load_fakes), []))


def test_a_port_where_something_else_answers_is_no_cluster() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(TransientError, match="E709"):
            list(RayEngine(address=address, connect_seconds=4).map(CodeWork(load=load_fakes), []))
