"""A run stopped at any instant and started again ends with the record of an undisturbed run."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from demarche.errors import StoreError
from demarche.pipeline import CodeWork, InlineEngine, code_into
from demarche.store import Record, RecordWriter, check_record
from fake_rooms import articles, load_fakes, read_fake_folder

SCRIPT = str(Path(__file__).with_name("code_folder.py"))


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("texts")
    for one in articles(24):
        (folder / one.document.source).write_text(one.document.text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def undisturbed(texts: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    record = tmp_path_factory.mktemp("undisturbed") / "record"
    assert run(texts, record, "inline") == "24 0 0 False"
    return content(record)


def start(texts: Path, record: Path, engine: str, delay: float = 0.0) -> subprocess.Popen[str]:
    command = [sys.executable, SCRIPT, str(texts), str(record), engine, str(delay)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)


def run(texts: Path, record: Path, engine: str) -> str:
    """An undisturbed run."""
    if engine != "inline":
        process = start(texts, record, engine)
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        return out.strip()
    inputs = read_fake_folder(texts)
    counts = code_into(record, inputs, InlineEngine(), CodeWork(load=load_fakes), version="1", options="{}")
    return f"{counts.coded} {counts.skipped} {counts.rejected} {counts.stopped}"


def content(record: Path) -> str:
    assert list(check_record(record)) == []
    with Record.open(record) as opened:
        return opened.content_hash


def commits(record: Path) -> int:
    return len(list((record / "commits").glob("*.json"))) if record.exists() else 0


def wait_for_commits(process: subprocess.Popen[str], record: Path, number: int) -> None:
    end = time.monotonic() + 60
    while commits(record) < number and process.poll() is None and time.monotonic() < end:
        time.sleep(0.005)


@pytest.mark.parametrize("engine", ["inline", "2"])
def test_sigkill_in_the_middle_then_again(texts: Path, tmp_path: Path, undisturbed: str, engine: str) -> None:
    record = tmp_path / "record"
    process = start(texts, record, engine, delay=0.05)
    wait_for_commits(process, record, 3)
    process.kill()
    process.wait()
    assert 3 <= commits(record) < 8
    with pytest.raises(StoreError, match=r"E507 nothing was published yet \(\d batches are coded\)"):
        Record.open(record)
    coded, skipped, rejected, _ = run(texts, record, engine).split()
    assert (int(coded) + int(skipped), rejected) == (24, "0")
    assert int(skipped) >= 9
    assert content(record) == undisturbed


def test_sigkill_at_random_instants(texts: Path, tmp_path: Path, undisturbed: str) -> None:
    seed = random.Random(7)
    record = tmp_path / "record"
    for _ in range(6):
        process = start(texts, record, "inline", delay=0.02)
        time.sleep(seed.uniform(0.3, 1.6))
        process.kill()
        process.wait()
    run(texts, record, "inline")
    assert content(record) == undisturbed


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_gentle_stop_publishes_what_was_coded(
    texts: Path, tmp_path: Path, undisturbed: str, number: signal.Signals
) -> None:
    record = tmp_path / "record"
    process = start(texts, record, "2", delay=0.05)
    wait_for_commits(process, record, 2)
    os.killpg(process.pid, number)  # as the terminal does: to the workers too
    out, _ = process.communicate(timeout=60)
    coded, _, _, stopped = out.split()
    assert stopped == "True"
    assert 6 <= int(coded) < 24
    with Record.open(record) as opened:
        assert opened.sql("SELECT count(*) AS n FROM documents").to_pylist() == [{"n": int(coded)}]
    run(texts, record, "inline")
    assert content(record) == undisturbed


def test_a_killed_worker_loses_nothing(texts: Path, tmp_path: Path, undisturbed: str) -> None:
    record = tmp_path / "record"
    process = start(texts, record, "2", delay=0.05)
    wait_for_commits(process, record, 1)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.exists():
        pytest.skip("the children of a process cannot be listed here")
    workers = [int(pid) for pid in children.read_text().split() if is_worker(int(pid))]
    os.kill(workers[0], signal.SIGKILL)
    out, _ = process.communicate(timeout=60)
    assert out.strip() == "24 0 0 False"
    assert content(record) == undisturbed


def is_worker(pid: int) -> bool:
    return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()


STEPS = ["write_part", "write_commit", "build_serving", "write_manifest", "write_file"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_death_at_every_step_of_a_commit(texts: Path, tmp_path: Path, undisturbed: str, step: str, moment: str) -> None:
    """The process dies just before or just after each step; the next run ends as if nothing had been."""
    record = tmp_path / "record"
    code = f"""
import os, sys
sys.argv = [{SCRIPT!r}, {str(texts)!r}, {str(record)!r}, "inline"]
sys.path.insert(0, {str(Path(SCRIPT).parent)!r})
import demarche.store.writer as writer
real = writer.{step}
left = 2 if {step!r} in ("write_part", "write_commit") else 1
def dying(*args, **kwargs):
    global left
    left -= 1
    if left == 0 and {moment!r} == "before":
        os._exit(9)
    result = real(*args, **kwargs)
    if left == 0:
        os._exit(9)
    return result
writer.{step} = dying
import code_folder
code_folder.main()
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 9
    run(texts, record, "inline")
    assert content(record) == undisturbed


def test_the_lock_of_a_dead_writer_does_not_hold(texts: Path, tmp_path: Path) -> None:
    record = tmp_path / "record"
    process = start(texts, record, "inline", delay=0.2)
    wait_for_commits(process, record, 1)
    with pytest.raises(StoreError, match=f"E505.*process {process.pid} on"), RecordWriter(record, version="1"):
        pass
    process.kill()
    process.wait()
    with RecordWriter(record, version="1") as writer:
        assert writer.coded_ids()
