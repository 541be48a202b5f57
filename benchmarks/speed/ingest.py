"""Speed of reading: pages and records a second of processor time, one process.

    python -m benchmarks.speed.ingest [--pages FOLDER] [--texts FILE.jsonl ...] [--records 3000] [--profile out.pstats]

pages: a folder of `.html` or `.html.gz`; texts: JSON lines with `text`. Without any: news made up by
`benchmarks.corpus`, as text and set in a plain page. The first pass warms tables and models and is not counted; of the
others the quickest is. Times are user time of the process, so that other jobs on the machine weigh little on them.
"""

from __future__ import annotations

import argparse
import cProfile
import gzip
import html
import json
import resource
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

from benchmarks.corpus import generate

from demarche.ingest import read_inputs
from demarche.records import Article


def made_up_page(row: dict[str, str]) -> str:
    """A page around a text: menu, headline, paragraphs, related links."""
    story = "".join(f"<p>{html.escape(p)}</p>" for p in row["text"].split("\n\n"))
    links = "".join(f'<li><a href="/{i}">Another story of the day, number {i}</a></li>' for i in range(60))
    head = '<meta property="article:published_time" content="2022-03-17T10:00:00Z"><title>A day of news</title>'
    menu = f'<nav class="menu"><ul>{links}</ul></nav>'
    return (
        f'<html lang="en"><head>{head}</head><body>{menu}<article><h1>A day of news</h1>{story}</article>'
        f'<aside class="related"><ul>{links}</ul></aside></body></html>'
    )


def texts_of(files: list[Path], count: int) -> list[dict[str, str]]:
    """So many rows with `text`, those of the files over again where they are fewer."""
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines() if line.strip()]
    rows = [{"text": row["text"]} for row in rows] or list(generate(min(count, 500)))
    return [{"id": f"{i}", "text": rows[i % len(rows)]["text"]} for i in range(count)]


def pages_of(folder: Path | None) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each page."""
    if folder is None:
        for i, row in enumerate(generate(200)):
            yield f"{i}.html", made_up_page(row).encode()
        return
    for file in sorted(folder.iterdir()):
        data = file.read_bytes()
        yield file.name.removesuffix(".gz"), gzip.decompress(data) if file.suffix == ".gz" else data


def user_seconds() -> float:
    """User time of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


def measure(paths: list[str]) -> tuple[int, int, float]:
    """Articles, words and user seconds of one pass over the paths."""
    started = user_seconds()
    articles = words = 0
    for found in read_inputs(paths):
        if isinstance(found, Article):
            articles += 1
            words += found.document.words
    return articles, words, user_seconds() - started


def write_rows(folder: Path, rows: list[dict[str, str]]) -> dict[str, Path]:
    """The rows as JSON lines and as Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    lines, table = folder / "a.jsonl", folder / "a.parquet"
    lines.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    pq.write_table(pa.Table.from_pylist(rows), table)
    return {"JSONL": lines, "Parquet": table}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pages", type=Path)
    options.add_argument("--texts", type=Path, nargs="*", default=[])
    options.add_argument("--records", type=int, default=3_000)
    options.add_argument("--passes", type=int, default=3)
    options.add_argument("--only", choices=["pages", "JSONL", "Parquet"])
    options.add_argument("--profile", type=Path)
    told = options.parse_args()
    profile = cProfile.Profile() if told.profile else None
    with tempfile.TemporaryDirectory(prefix="demarche-speed-") as name:
        folder = Path(name)
        site = folder / "pages"
        site.mkdir()
        for page, data in pages_of(told.pages):
            (site / page).write_bytes(data)
        inputs = {"pages": site, **write_rows(folder, texts_of(told.texts, told.records))}
        for label, path in inputs.items():
            if told.only not in (None, label):
                continue
            measure([str(path)])
            with profile or nullcontext():
                articles, words, seconds = min((measure([str(path)]) for _ in range(told.passes)), key=lambda m: m[2])
            print(
                f"{label}: {articles:,} articles of {words / articles:,.0f} words, {articles / seconds:,.0f} a second"
            )
    if profile and told.profile:
        profile.dump_stats(told.profile)


if __name__ == "__main__":
    main()
