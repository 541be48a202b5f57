"""`python -m benchmarks.kills [--kills N]`: a writer is killed (SIGKILL) N times at random instants; the record is
verified after every kill and must end as an undisturbed one.

The writer commits articles made by hand in small batches, publishes and compacts in between: every step of a commit, a
publishing and a compaction is hit.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from demarche.errors import StoreError  # noqa: E402
from demarche.store import Record, RecordWriter, check_record  # noqa: E402
from made_records import Happening, days, make_documents  # noqa: E402


def happenings(count: int) -> list[Happening]:
    kinds = ("THREATEN", "AID", "CONSULT", "ACCUSE")
    return [
        Happening(
            day=day, sources=("CHN", "USA")[n % 2 : n % 2 + 1], targets=("RUS",), type=kinds[n % 4], copies=n % 3 == 0
        )
        for n, day in enumerate(days("2020-01-01", count))
    ]


def write(folder: Path, count: int, batch: int) -> None:
    """What the child does: go on where the record stands, until all documents are in it."""
    documents, derived = make_documents(happenings(count))
    with RecordWriter(folder, version="1") as writer:
        known = writer.coded_ids()
        open_ = [one for one in documents if one.document.id not in known]
        for number, start in enumerate(range(0, len(open_), batch)):
            writer.commit(open_[start : start + batch])
            if number % 4 == 3:
                writer.publish(derivation=f"part {number}")
            if number % 8 == 7:
                writer.compact(documents=50)
        writer.compact(documents=50)
        writer.publish(lambda _: derived, derivation="whole")


def child(folder: Path, count: int, batch: int) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "benchmarks.kills",
        "--child",
        str(folder),
        "--articles",
        str(count),
        "--batch",
        str(batch),
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()  # it has loaded its modules and begins to write
    return process


def sound(folder: Path) -> tuple[str, list[str]]:
    """What a reader sees after a kill, and what breaks an invariant."""
    try:
        return "published", [breach.what for breach in check_record(folder)]
    except StoreError as error:
        return error.code, [] if error.code in ("E501", "E507") else [str(error)]


def run(kills: int, count: int, batch: int, seed: int) -> int:
    drawn = random.Random(seed)
    wrong: list[str] = []
    seen: Counter[str] = Counter()
    rounds = 0
    with tempfile.TemporaryDirectory(prefix="demarche-kills-") as scratch:
        whole = Path(scratch) / "whole"
        begun = time.perf_counter()
        write(whole, count, batch)
        usual = time.perf_counter() - begun
        with Record.open(whole) as record:
            wanted = record.content_hash
        done = 0
        while done < kills:
            rounds += 1
            folder = Path(scratch) / f"r{rounds}"
            while done < kills:
                process = child(folder, count, batch)
                time.sleep(drawn.uniform(0, 1.1 * usual))
                if process.poll() is not None:
                    break
                process.kill()
                process.wait()
                done += 1
                state, breaches = sound(folder)
                seen[state] += 1
                wrong += breaches
            child(folder, count, batch).wait()
            state, breaches = sound(folder)
            wrong += breaches
            with Record.open(folder) as record:
                if record.content_hash != wanted:
                    wrong.append("the record ends differently")
    print(f"{done} kills over {rounds} records of {count} articles in batches of {batch} (seed {seed}); undisturbed run"
          f" {usual:.1f} s; found after the kill: {dict(seen)}; breaches: {len(wrong)}")  # fmt: skip
    for line in dict.fromkeys(wrong):
        print(f"  {line}")
    return 1 if wrong else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--articles", type=int, default=80)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        print("ready", flush=True)
        write(asked.child, asked.articles, asked.batch)
        return
    sys.exit(run(asked.kills, asked.articles, asked.batch, asked.seed))


if __name__ == "__main__":
    main()
