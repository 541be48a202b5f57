"""`python -m benchmarks.kills [--kills N]`: a writer is killed (SIGKILL) N times at random instants; the record is
verified after every kill and must end as an undisturbed one.

The writer commits articles made by hand in small batches, publishes and compacts in between: every step of a commit, a
publishing and a compaction is hit.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from demarche.errors import StoreError  # noqa: E402
from demarche.store import Record, RecordWriter, check_record  # noqa: E402
from made_records import Happening, days, make_documents  # noqa: E402

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["demarche.store"])


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


def start(folder: Path, count: int, batch: int) -> tuple[ForkServerProcess, float]:
    """A writer in a process of its own, and when it began to write: forked from a server that has the modules."""
    mine, theirs = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=write_and_tell, args=(folder, count, batch, theirs))
    process.start()
    theirs.close()
    mine.recv()
    return process, time.monotonic()


def write_and_tell(folder: Path, count: int, batch: int, begun: Connection) -> None:
    """What the child does; `begun` hears when it begins."""
    begun.send(None)
    write(folder, count, batch)


def sound(folder: Path) -> tuple[str, list[str]]:
    """What a reader sees after a kill, and what breaks an invariant."""
    try:
        return "published", [breach.what for breach in check_record(folder)]
    except StoreError as error:
        return error.code, [] if error.code in ("E501", "E507") else [str(error)]


def show(breaches: list[str], when: str, folder: Path, keep: Path | None) -> None:
    """Say at once what is wrong, and keep the record as it is."""
    for line in breaches:
        print(f"  {folder.name}, {when}: {line}", flush=True)
    if keep is not None:
        shutil.copytree(folder, keep / f"{folder.name}-{when.replace(' ', '-')}")


def run(kills: int, count: int, batch: int, seed: int, every: int, keep: Path | None) -> int:
    """Kill, verify, go on; a line every `every` kills. Returns the exit status."""
    drawn = random.Random(seed)
    wrong: list[str] = []
    seen: Counter[str] = Counter()
    rounds = done = whole_runs = 0
    spent = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="demarche-kills-") as scratch:
        whole = Path(scratch) / "whole"
        process, begun = start(whole, count, batch)
        process.join()
        usual = time.monotonic() - begun
        with Record.open(whole) as record:
            wanted = record.content_hash
        print(f"undisturbed run {usual:.1f} s, {count} articles in batches of {batch}, seed {seed}", flush=True)
        while done < kills:
            rounds += 1
            folder = Path(scratch) / f"r{rounds}"
            while done < kills:
                process, begun = start(folder, count, batch)
                process.join(drawn.uniform(0, 0.7 * usual))
                if process.exitcode is not None:
                    whole_runs += 1
                    break
                process.kill()
                process.join()
                done += 1
                state, breaches = sound(folder)
                seen[state] += 1
                wrong += breaches
                if breaches:
                    show(breaches, f"after kill {done}", folder, keep)
                if done % every == 0:
                    print(f"{done} kills, {rounds} records, {time.monotonic() - spent:.0f} s, found after the kill:"
                          f" {dict(seen)}, breaches: {len(wrong)}", flush=True)  # fmt: skip
            process, _ = start(folder, count, batch)
            process.join()
            state, breaches = sound(folder)
            wrong += breaches
            if breaches:
                show(breaches, "at the end", folder, keep)
            with Record.open(folder) as record:
                if record.content_hash != wanted:
                    wrong.append("the record ends differently")
            shutil.rmtree(folder)
    print(f"{done} kills over {rounds} records of {count} articles in batches of {batch} (seed {seed}); {whole_runs}"
          f" runs came to their end first; undisturbed run {usual:.1f} s; found after the kill: {dict(seen)};"
          f" breaches: {len(wrong)}")  # fmt: skip
    for line in dict.fromkeys(wrong):
        print(f"  {line}")
    return 1 if wrong else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--articles", type=int, default=24)
    parser.add_argument("--batch", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=int, default=10, help="kills between two lines of progress")
    parser.add_argument("--keep", type=Path, help="a folder for records that break an invariant")
    asked = parser.parse_args()
    sys.exit(run(asked.kills, asked.articles, asked.batch, asked.seed, asked.every, asked.keep))


if __name__ == "__main__":
    main()
