"""`python -m benchmarks [--articles N …] [--ray]`: end-to-end speed, scaling and memory on a generated corpus.

Several N: growth, each with two workers.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import generate, write_corpus
from demarche.store import Record

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One run of `demarche code`. peak: greatest resident size of one of its processes, MB."""

    workers: int
    engine: str
    seconds: float
    processor: float
    words: int
    peak: float
    profile: str
    content: str
    megabytes: float

    @property
    def speed(self) -> float:
        return self.words / self.seconds


def run(corpus: Path, words: int, record: Path, workers: int, engine: str = "local") -> Measured:
    """Code the corpus from empty in a process of its own."""
    command = [sys.executable, "-m", "demarche", "code", str(corpus), "-o", str(record), "--quiet", "--profile"]
    begun = time.perf_counter()
    before = _processor()
    done = subprocess.run(
        [*command, "--workers", str(workers), "--engine", engine], check=True, text=True, capture_output=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    seconds = time.perf_counter() - begun
    processor = _processor() - before
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    with Record.open(record) as opened:
        content = opened.content_hash
    size = sum(path.stat().st_size for path in record.rglob("*") if path.is_file()) / 1e6
    return Measured(workers=workers, engine=engine, seconds=seconds, processor=processor, words=words, peak=peak,
                    profile=done.stderr.strip(), content=content, megabytes=size)  # fmt: skip


def _processor() -> float:
    """Processor seconds of the children that have ended, and theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def bare_parser(count: int) -> float:
    """Words a processor second of the parser alone, one process, every paragraph anew."""
    from demarche.syntax import load_parser

    parser = load_parser()
    texts = [row["text"].split("\n\n") for row in generate(count)]
    parser.parse(texts[0])
    begun = time.process_time()
    for paragraphs in texts:
        parser.parse(paragraphs)
    return sum(len(p.split()) for paragraphs in texts for p in paragraphs) / (time.process_time() - begun)


def report(articles: int, rows: list[Measured], parser: float) -> str:
    """The dated section of docs/benchmarks.md."""
    lines = [
        f"## {datetime.date.today().isoformat()}, {articles:,} generated articles",
        f"{os.cpu_count()} processors, {platform.machine()}, Python {platform.python_version()};"
        f" parser alone, one process: {parser:,.0f} words a processor second.",
        "",
        "| workers | seconds | words/s | processor s | ÷ bare parser's | peak MB of a process | record MB |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        ratio = row.processor / (row.words / parser)
        cells = [
            f"{row.seconds:.1f}",
            f"{row.speed:,.0f}",
            f"{row.processor:.1f}",
            f"{ratio:.2f}",
            f"{row.peak:.0f}",
            f"{row.megabytes:.1f}",
        ]
        lines.append(f"| {row.workers}{' (Ray)' if row.engine == 'ray' else ''} | {' | '.join(cells)} |")
    lines += ["", "```", rows[1].profile, "```", ""]
    same = "the same" if len({row.content for row in rows}) == 1 else "DIFFERENT"
    lines.append(f"Records of all runs: {same} content.")
    return "\n".join(lines) + "\n"


def growth(sizes: list[int]) -> str:
    """A run of each size with two workers, and what it takes a thousand articles."""
    lines = [
        f"## {datetime.date.today().isoformat()}, growth",
        "Generated articles, two workers. Processor seconds and megabytes of the record a thousand articles; peak of"
        " the greatest process.",
        "",
        "| articles | words | seconds | processor s a thousand | peak MB | record MB a thousand |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="demarche-bench-") as folder:
            words = write_corpus(Path(folder) / "corpus.jsonl", size)
            row = run(Path(folder) / "corpus.jsonl", words, Path(folder) / "record", 2)
        cells = [f"{size:,}", f"{words:,}", f"{row.seconds:.0f}", f"{1000 * row.processor / size:.1f}",
                 f"{row.peak:.0f}", f"{1000 * row.megabytes / size:.1f}"]  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
        print(lines[-1], row.profile.splitlines()[-1], flush=True)
    return "\n".join(lines) + "\n"


def one_size(articles: int, *, ray: bool) -> str:
    """Runs of one size, with one worker and two, and where asked for on Ray."""
    with tempfile.TemporaryDirectory(prefix="demarche-bench-") as folder:
        corpus = Path(folder) / "corpus.jsonl"
        words = write_corpus(corpus, articles)
        rows = [run(corpus, words, Path(folder) / f"record{n}", n) for n in (1, 2)]
        if ray:
            rows.append(run(corpus, words, Path(folder) / "ray", 2, "ray"))
        return report(articles, rows, bare_parser(min(articles, 100)))


def main() -> None:
    options = argparse.ArgumentParser(prog="benchmarks")
    options.add_argument("--articles", type=int, default=[500], nargs="+")
    options.add_argument("--ray", action="store_true", help="a run on Ray beside the local ones")
    told = options.parse_args()
    text = growth(told.articles) if len(told.articles) > 1 else one_size(told.articles[0], ray=told.ray)
    page = ROOT / "docs" / "benchmarks.md"
    head = "# Speed and memory\nWritten by `make bench`; older results stay.\n"
    old = page.read_text("utf-8").removeprefix(head) if page.exists() else ""
    page.write_text(f"{head}\n{text}{old}", "utf-8")
    print(text)


if __name__ == "__main__":
    main()
