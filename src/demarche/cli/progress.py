"""The progress bar on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from demarche.pipeline import Counts

__all__ = ["progress"]


@contextmanager
def progress(quiet: bool, paths: Sequence[str], *, total: int | None = None) -> Iterator[Callable[[Counts], None]]:
    """A bar on stderr with documents, words a second and, where the inputs can be counted, the time left."""
    if quiet or not sys.stderr.isatty():
        yield lambda counts: None
        return
    import time

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[speed]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    begun = time.monotonic()
    with bar:
        task = bar.add_task("coding", total=total or _count_files(paths), speed="")

        def observe(counts: Counts) -> None:
            speed = counts.words / max(0.001, time.monotonic() - begun)
            done = counts.coded + counts.rejected + counts.skipped
            bar.update(task, completed=done, speed=f"{speed:,.0f} words/s")

        yield observe


def _count_files(paths: Sequence[str]) -> int | None:
    """How many articles there are if every file is one; None where that cannot be so (tables, archives, stdin)."""
    many = {".jsonl", ".ndjson", ".gz", ".zst", ".warc", ".zip", ".parquet", ".csv", ".tsv", ".xml", ".rss", ".atom"}
    found = 0
    for name in paths:
        path = Path(name)
        files = [p for p in path.rglob("*") if p.is_file()] if path.is_dir() else [path]
        if not path.exists() or any(p.suffix.lower() in many for p in files):
            return None
        found += len(files)
    return found
