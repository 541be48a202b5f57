"""`python -m benchmarks.endurance [--articles N]`: kill workers and the whole run at random, go on, compare.

Codes N generated articles twice: once undisturbed, once with two workers and once the main process killed (SIGKILL) at
random instants and the same command started again. Prints sizes, times and whether both records say the same.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.corpus import write_corpus
from demarche.store import Record, check_record

__all__ = ["main"]


def command(corpus: Path, record: Path, workers: int) -> list[str]:
    return [
        sys.executable,
        "-m",
        "demarche",
        "code",
        str(corpus),
        "-o",
        str(record),
        "--quiet",
        "--workers",
        str(workers),
    ]


def children(pid: int) -> list[int]:
    """Workers of a run: its child processes that run Python's spawn main."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            spawned = b"spawn_main" in (entry / "cmdline").read_bytes()
        except (OSError, ValueError):
            continue
        if parent == pid and spawned:
            found.append(int(entry.name))
    return found


def undisturbed(corpus: Path, record: Path, workers: int) -> float:
    begun = time.perf_counter()
    subprocess.run(command(corpus, record, workers), check=True)
    return time.perf_counter() - begun


def disturbed(corpus: Path, record: Path, workers: int, seconds: float, chance: random.Random) -> list[str]:
    """Kill two workers and then the run itself within the time that an undisturbed run takes, and start it again."""
    log = []
    run = subprocess.Popen(command(corpus, record, workers))
    moments = sorted(chance.uniform(0.15, 0.6) * seconds for _ in range(3))
    begun = time.perf_counter()
    for number, moment in enumerate(moments):
        time.sleep(max(0.0, moment - (time.perf_counter() - begun)))
        if run.poll() is not None:
            log.append("the run ended before it could be killed")
            break
        victims = children(run.pid) if number < 2 else [run.pid]
        if victims:
            victim = chance.choice(victims)
            os.kill(victim, signal.SIGKILL)
            log.append(
                f"{time.perf_counter() - begun:.1f} s: killed {'a worker' if number < 2 else 'the run'} ({victim})"
            )
    run.wait()
    subprocess.run(command(corpus, record, workers), check=True)
    return log


def main() -> None:
    options = argparse.ArgumentParser(prog="benchmarks.endurance")
    options.add_argument("--articles", type=int, default=2_000)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--sentences", type=int, default=60, help="of an article at most")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="demarche-endurance-") as name:
        folder = Path(name)
        words = write_corpus(folder / "corpus.jsonl", given.articles, most=given.sentences)
        print(f"{given.articles:,} articles, {words:,} words", flush=True)
        seconds = undisturbed(folder / "corpus.jsonl", folder / "calm", given.workers)
        print(f"undisturbed: {seconds:.1f} s", flush=True)
        for line in disturbed(
            folder / "corpus.jsonl", folder / "rough", given.workers, seconds, random.Random(given.seed)
        ):
            print(line, flush=True)
        with Record.open(folder / "calm") as calm, Record.open(folder / "rough") as rough:
            same = calm.content_hash == rough.content_hash
            print(f"content {'the same' if same else 'DIFFERENT'}: {calm.content_hash[:16]} {rough.content_hash[:16]}")
        breaches = list(check_record(folder / "rough"))
        print(f"verify: {len(breaches)} breaches", *map(str, breaches), sep="\n  ", flush=True)
        if breaches:
            print("undisturbed record: ", *map(str, check_record(folder / "calm")), sep="\n  ", flush=True)
    sys.exit(0 if same and not breaches else 1)


if __name__ == "__main__":
    main()
