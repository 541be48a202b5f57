"""`python -m benchmarks.web RECORD [--readers 20]`: how long readers wait for pages, and what a page costs.

Starts `demarche serve` on a free port and asks for pages as so many readers do at once: first every page once (cold:
nothing is remembered), then in a fixed shuffled order (warm: pages that were asked for before are remembered, as they
are for real readers). Beside wall time, which other work on the machine stretches, it tells the server's processor time
a request and its greatest resident size.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from queue import Empty, Queue

from demarche.store import Record

__all__ = ["main", "pages_of"]


def pages_of(folder: Path) -> list[str]:
    """Addresses of every kind of page over rows that the record has."""
    with Record.open(folder) as record:
        pairs = record.sql(
            "SELECT source, target, count(*) AS n FROM dyads WHERE source <> target GROUP BY ALL"
            " ORDER BY n DESC LIMIT 12"
        ).to_pylist()
        documents = record.sql("SELECT id FROM documents USING SAMPLE 12 ROWS (reservoir, 1)").column(0).to_pylist()
        rows = record.sql("SELECT id FROM assertions USING SAMPLE 12 ROWS (reservoir, 1)").column(0).to_pylist()
        words = record.sql("SELECT term FROM terms WHERE sentences > 20 ORDER BY sentences DESC LIMIT 40").column(0)
    found = ["/", "/pairs", "/events", "/articles", "/claims", "/threats", "/quality", "/search", "/rejections"]
    for pair in pairs:
        a, b = pair["source"], pair["target"]
        found += [f"/pair/{a}/{b}", f"/pair/{a}/{b}?by=week&way=out", f"/actor/{a}?by=quarter", f"/search?pair={a}~{b}",
                  f"/search?source={a}&status=actual&type=AID", f"/events?a={a}&b={b}"]  # fmt: skip
    found += [f"/article/{document}" for document in documents] + [f"/row/{row}" for row in rows]
    found += [f"/search?q={word}" for word in words.to_pylist()[::4]]
    return found


def _usage(pid: int) -> tuple[float, float]:
    """(processor seconds, greatest resident MB) of a process, from the kernel's books."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    status = Path(f"/proc/{pid}/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]
    return (int(fields[11]) + int(fields[12])) / 100, int(peak) / 1024


def _ask(base: str, paths: list[str], readers: int) -> list[tuple[float, str, int]]:
    """(seconds, path, status) of every request, by so many readers at once."""
    waiting: Queue[str] = Queue()
    for path in paths:
        waiting.put(path)
    done: list[tuple[float, str, int]] = []

    def read() -> None:
        while True:
            try:
                path = waiting.get_nowait()
            except Empty:
                return
            begun = time.perf_counter()
            request = urllib.request.Request(base + path, headers={"accept-encoding": "gzip"})
            try:
                with urllib.request.urlopen(request, timeout=120) as answer:
                    answer.read()
                    status = answer.status
            except urllib.error.HTTPError as error:
                status = error.code
            done.append((time.perf_counter() - begun, path, status))

    threads = [threading.Thread(target=read) for _ in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


def _report(name: str, done: list[tuple[float, str, int]], cpu: float) -> None:
    times = sorted(seconds * 1000 for seconds, _, _ in done)
    wrong = sorted({(status, path) for _, path, status in done if status != 200})
    median, late = statistics.median(times), times[int(0.95 * (len(times) - 1))]
    print(f"| {name} | {len(done)} | {median:.0f} | {late:.0f} | {times[-1]:.0f} | {1000 * cpu / len(done):.0f} |")
    for status, path in wrong[:5]:
        print(f"  status {status}: {path}", file=sys.stderr)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("record", type=Path)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--requests", type=int, default=400)
    asked = parser.parse_args()
    paths = pages_of(asked.record)
    command = [sys.executable, "-m", "demarche", "serve", str(asked.record), "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert server.stdout is not None  # a pipe was asked for
        base = server.stdout.readline().strip().rstrip("/")
        print("| run | requests | median ms | 95 % ms | greatest ms | processor ms a request |")
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        before = _usage(server.pid)[0]
        alone = _ask(base, paths[: len(paths) // 2], 1)
        middle = _usage(server.pid)[0]
        _report("cold, one reader", alone, middle - before)
        together = _ask(base, paths[len(paths) // 2 :], asked.readers)
        after = _usage(server.pid)[0]
        _report(f"cold, {asked.readers} readers", together, after - middle)
        mixed = random.Random(1).choices(paths, k=asked.requests)
        warm = _ask(base, mixed, asked.readers)
        end, peak = _usage(server.pid)
        _report(f"warm, {asked.readers} readers", warm, end - after)
        print(f"\ngreatest resident size of the server: {peak:.0f} MB")
    finally:
        server.terminate()
        server.wait(timeout=20)


if __name__ == "__main__":
    main()
