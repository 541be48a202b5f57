"""`python -m benchmarks.store [--assertions N] [-o DIR]`: load, size and page queries of a large record.

Writes N synthetic assertions (documents of eight sentences with Zipf-drawn pairs of states) as Parquet parts, builds
the serving file from them and measures the queries behind the pages, warm, on two threads and 8 GB at most. Deriving
events from assertions is no part of it: events are made with the assertions (1.25 rows an event).
"""

from __future__ import annotations

import argparse
import datetime
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from demarche.records import SCHEMA
from demarche.series import By, SeriesQuery, count_series, events_behind, measure_tension, rows_behind
from demarche.store import Record, columns_of, search_sentences
from demarche.store.manifest import Commit, Manifest, found_record, write_commit, write_manifest, write_part
from demarche.store.serving import Derived, build_serving, content_hashes
from demarche.web.filters import Filter
from demarche.web.opened import Opened
from demarche.web.search_pages import facets_of

STATES = (
    "USA CHN RUS UKR GBR FRA DEU ISR IRN IND JPN KOR PRK TUR SAU PAK POL ITA ESP CAN AUS BRA MEX ARG EGY SYR IRQ AFG"
    " YEM ZAF NGA ETH KEN SDN LBY TUN MAR DZA VNM PHL IDN MYS THA MMR BGD LKA NPL KAZ UZB AZE ARM GEO MDA BLR LTU LVA"
    " EST FIN SWE NOR DNK NLD BEL AUT CHE HUN CZE SVK ROU BGR GRC SRB HRV BIH MKD ALB XKX"
).split()
TYPES = (
    "CONSULT",
    "AGREE",
    "SUPPORT",
    "COOPERATE",
    "AID",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "SANCTION",
    "ASSAULT",
)
QUADS = dict(zip(TYPES, ["verbal-cooperation"] * 3 + ["material-cooperation"] * 2 + ["verbal-conflict"] * 4
                 + ["material-conflict"] * 2, strict=True))  # fmt: skip
STATUSES = ("actual", "planned", "requested", "negated", "predicted")
FIRST = datetime.date(2010, 1, 1)
PER_DOCUMENT = 8
WORDS = 24


def vocabulary(random: np.random.Generator) -> np.ndarray:
    """Words as long as English ones, most frequent first."""
    letters = np.array(list("etaoinshrdlcumwfgypbvk"))
    return np.array(["".join(random.choice(letters, size=int(random.integers(3, 11)))) for _ in range(30_000)])


def batch(random: np.random.Generator, words: np.ndarray, first: int, documents: int) -> dict[str, pa.Table]:
    """Tables of some documents."""
    n = documents * PER_DOCUMENT
    ids = [f"d{(first + k) * 11400714819323198485 % 2**64:016x}" for k in range(documents)]
    days = [FIRST + datetime.timedelta(days=int(day)) for day in random.integers(0, 5800, documents)]
    ranks = np.minimum(random.zipf(1.25, n * WORDS) - 1, len(words) - 1)
    sentences = [" ".join(words[ranks[k * WORDS : (k + 1) * WORDS]]) + "." for k in range(n)]
    texts, starts, ends = [], np.empty(n, int), np.empty(n, int)
    for d in range(documents):
        at, mine = 0, sentences[d * PER_DOCUMENT : (d + 1) * PER_DOCUMENT]
        for k, sentence in enumerate(mine):
            starts[d * PER_DOCUMENT + k], ends[d * PER_DOCUMENT + k] = at, at + len(sentence)
            at += len(sentence) + 1
        texts.append(" ".join(mine))
    owner = np.repeat(np.arange(documents), PER_DOCUMENT)
    doers, others = (np.minimum(random.zipf(1.35, n) - 1, len(STATES) - 1) for _ in range(2))
    others = np.where(others == doers, (doers + 1) % len(STATES), others)
    kinds = random.integers(0, len(TYPES), n)
    docs = pa.array([ids[k] for k in owner])
    number = np.tile(np.arange(1, PER_DOCUMENT + 1), documents)
    names = {kind: pa.array([f"{ids[o]}.{kind}{k}" for o, k in zip(owner, number, strict=True)]) for kind in "se"}
    source, target = ([[STATES[k]] for k in side] for side in (doers, others))
    status = [STATUSES[k] for k in random.choice(5, n, p=[0.6, 0.1, 0.1, 0.1, 0.1])]
    outlets = [f"outlet {k}" for k in random.integers(0, 200, documents)]
    given: dict[str, dict[str, object]] = {
        "documents": {
            "id": ids, "authors": [[]] * documents, "publisher": outlets,
            "published": [day.isoformat() for day in days],
            "url": [f"https://news.example/{i}" for i in ids], "title": [text[:60] for text in texts], "text": texts,
            "language": ["en"] * documents, "sha256": [f"{first + k:064x}" for k in range(documents)],
            "source": [f"feed.jsonl#L{first + k}" for k in range(documents)],
            "words": [PER_DOCUMENT * WORDS] * documents, "damage": [0.0] * documents, "warnings": [[]] * documents,
            "copy": ["original"] * documents,
        },
        "paragraphs": {"document": ids, "start": [0] * documents, "end": [len(text) for text in texts],
                       "role": ["body"] * documents, "repeat": [False] * documents},
        "sentences": {"document": docs, "id": names["s"], "start": starts, "end": ends, "paragraph": np.zeros(n, int),
                      "damaged": np.zeros(n, bool)},
        "assertions": {
            "document": docs, "id": names["e"], "sentence": names["s"], "predicate": words[kinds],
            "spans": [[[int(s), int(s) + 5]] for s in starts], "type": [TYPES[k] for k in kinds], "contexts": [[]] * n,
            "cameo": [f"{k + 3:02d}0" for k in kinds], "goldstein": kinds - 5.0, "intensity": 5.0 - kinds,
            "quad": [QUADS[TYPES[k]] for k in kinds], "sources": source, "targets": target, "status": status,
            "polarity": ["positive"] * n, "certainty": ["certain"] * n, "standing": ["reported"] * n,
            "holders": [[]] * n, "rule": ["synthetic"] * n, "score": np.round(random.random(n), 2),
        },
    }  # fmt: skip
    pairs = sorted({(int(o), STATES[k]) for side in (doers, others) for o, k in zip(owner, side, strict=True)})
    given["actors"] = {
        "document": [ids[o] for o, _ in pairs], "id": [code for _, code in pairs], "name": [code for _, code in pairs],
        "kind": ["state"] * len(pairs), "country": [code for _, code in pairs], "sector": ["GOV"] * len(pairs),
        "basis": ["dictionary"] * len(pairs),
    }  # fmt: skip
    given["mentions"] = {
        "document": [ids[o] for o, _ in pairs], "id": [f"{ids[o]}.m{k}" for k, (o, _) in enumerate(pairs)],
        "start": [k % 50 for k in range(len(pairs))], "end": [k % 50 + 3 for k in range(len(pairs))],
        "kind": ["actor"] * len(pairs), "ref": [code for _, code in pairs], "head": [True] * len(pairs),
        "via": ["name"] * len(pairs),
    }  # fmt: skip
    return {name: _table(name, columns) for name, columns in given.items()}


def _table(name: str, columns: dict[str, object]) -> pa.Table:
    length = len(next(iter(columns.values())))  # type: ignore[arg-type]
    arrays = [
        pa.array(columns[f.name], f.type) if f.name in columns else pa.nulls(length, f.type) for f in columns_of(name)
    ]
    return pa.table(arrays, schema=columns_of(name))


def events_of(tables: dict[str, pa.Table], first: int) -> tuple[pa.Table, pa.Table]:
    """Four of five rows begin an event; the fifth tells the one before again."""
    rows, documents = tables["assertions"], tables["documents"]
    n = rows.num_rows
    at = np.arange(n) // 5 * 4 + np.minimum(np.arange(n) % 5, 3)
    heads = np.flatnonzero(np.diff(at, prepend=-1) > 0)
    ids = np.array([f"e{(first + int(k)) * 11400714819323198485 % 2**64:016x}" for k in range(int(at[-1]) + 1)])
    published = np.repeat(documents.column("published").to_numpy(zero_copy_only=False), PER_DOCUMENT)[heads]
    counts = np.bincount(at)
    taken = rows.take(heads)
    columns = {name: taken.column(name) for name in ("type", "sources", "targets", "status", "standing")}
    columns |= {"id": ids, "date": published, "start": published}
    columns |= dict.fromkeys(("documents", "clusters", "assertions"), counts)
    behind = {"event": ids[at], "assertion": rows.column("id")}
    return _table("events", columns), _table("event_assertions", behind)


def write_parts(folder: Path, assertions: int, size: int) -> tuple[int, Derived]:
    """Parts of all batches; returns the bytes of their text under zstd (level 9) and the derived tables."""
    random = np.random.default_rng(1)
    words = vocabulary(random)
    found_record(folder)
    packer = zstandard.ZstdCompressor(level=9)
    written = {name: folder.parent / f"{folder.name}-{name}.parquet" for name in ("events", "event_assertions")}
    with ExitStack() as stack:
        files = {
            name: stack.enter_context(pq.ParquetWriter(path, columns_of(name), compression="zstd"))
            for name, path in written.items()
        }
        text = _write(folder, files, random, words, packer, assertions, size)
    return text, Derived(**written)


def _write(
    folder: Path, files: dict[str, pq.ParquetWriter], random: np.random.Generator, words: np.ndarray,
    packer: zstandard.ZstdCompressor, assertions: int, size: int,
) -> int:  # fmt: skip
    text = 0
    for first in range(0, assertions // PER_DOCUMENT, size):
        tables = batch(random, words, first, size)
        text += len(packer.compress("\n".join(tables["documents"].column("text").to_pylist()).encode()))
        for file, table in zip(files.values(), events_of(tables, first * PER_DOCUMENT), strict=True):
            file.write_table(table)
        write_commit(folder, [write_part(folder, name, table) for name, table in tables.items()], "benchmark")
    return text


def publish(folder: Path, derived: Derived) -> None:
    from demarche.store.manifest import read_commits

    commits: tuple[Commit, ...] = read_commits(folder)
    build_serving(folder / "serving-bench.duckdb", folder, commits, derived)
    write_manifest(
        folder, Manifest(schema=SCHEMA, commits=commits, serving="serving-bench.duckdb", content=(), record=None)
    )
    (folder / "CURRENT").write_text("serving-bench.duckdb\n")


def pages(record: Record) -> dict[str, Callable[[], object]]:
    """The queries behind every page."""
    pair = SeriesQuery(source="CHN", target="USA", by=By.MONTH)
    big = SeriesQuery(source="USA", target="CHN", by=By.MONTH)
    document = record.sql("SELECT id FROM documents LIMIT 1 OFFSET 1000").column(0)[0].as_py()
    row = record.sql("SELECT id FROM assertions LIMIT 1 OFFSET 5000").column(0)[0].as_py()
    event = record.sql("SELECT id FROM events LIMIT 1 OFFSET 5000").column(0)[0].as_py()
    opened = Opened(record=record, seconds=60)
    start = datetime.date(2020, 3, 1)
    return {
        "series of a big pair by month": lambda: count_series(record, big),
        "series of a pair by week": lambda: count_series(record, replace(pair, by=By.WEEK)),
        "series of a small pair": lambda: count_series(record, replace(pair, source="KAZ", target="FIN")),
        "series of a pair both ways": lambda: count_series(record, replace(big, directed=False)),
        "one bin's rows with their sentences": lambda: rows_behind(record, pair, start=start, limit=50),
        "one actor by month": lambda: count_series(record, replace(pair, source="JPN", target=None)),
        "EU+ towards Russia": lambda: count_series(record, replace(pair, source="EU+", target="RUS")),
        "an article with all its rows": lambda: record.document(document),
        "a row by its id": lambda: record.row("assertions", row),
        "an event by its id, with its rows": lambda: events_behind(record, [event]),
        "facets over all rows": lambda: facets_of(opened, Filter()),
        "facets of one type": lambda: facets_of(opened, Filter(type=("AID",))),
        "top pairs of ninety days": lambda: record.sql(
            "SELECT source, target, count(*) AS n FROM dyads WHERE first >= DATE '2025-08-01' GROUP BY ALL"
            " ORDER BY n DESC LIMIT 20"),
        "search for two words": lambda: search_sentences(record, SEARCH, limit=20),
        "tension of a pair": lambda: measure_tension(record, pair, variants=False),
    }  # fmt: skip


SEARCH = ""


def two_words(record: Record) -> str:
    """Of one article the two most frequent words that stand in less than one sentence of twenty. (What zipf draws
    beyond the vocabulary is one word in nine sentences of ten: nothing to look for.)"""
    words = record.sql("SELECT text FROM documents LIMIT 1 OFFSET 77").column(0)[0].as_py().replace(".", " ").split()
    found = record.sql(
        "SELECT term FROM terms WHERE term IN (SELECT unnest(?)) AND sentences < (SELECT count(*) FROM sentences) / 20"
        " ORDER BY sentences DESC LIMIT 2",
        [words],
    )
    return " ".join(found.column(0).to_pylist())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assertions", type=int, default=1_000_000)
    parser.add_argument("--batch", type=int, default=5_000, help="documents a part")
    parser.add_argument("-o", "--output", type=Path, help="keep the record here")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="demarche-store-") as scratch:
        measure(asked.output or Path(scratch) / "record", asked.assertions, asked.batch)


def measure(folder: Path, assertions: int, size: int) -> None:
    global SEARCH  # noqa: PLW0603
    begun = time.perf_counter(), time.process_time()
    text, derived = write_parts(folder, assertions, size)
    print(f"parts of {assertions:,} assertions: {time.perf_counter() - begun[0]:.0f} s wall", flush=True)
    begun = time.perf_counter(), time.process_time()
    publish(folder, derived)
    for path in (derived.events, derived.event_assertions):
        assert isinstance(path, Path)  # made above
        path.unlink()
    wall, cpu = time.perf_counter() - begun[0], time.process_time() - begun[1]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    hashed = time.process_time()
    with duckdb.connect(str(folder / "serving-bench.duckdb"), read_only=True, config={"threads": 2}) as connection:
        content_hashes(connection)
    hashed = time.process_time() - hashed
    parts = sum(path.stat().st_size for path in folder.glob("parts/*/*.parquet"))
    serving = (folder / "serving-bench.duckdb").stat().st_size
    print(f"load: {wall:.0f} s wall, {cpu:.0f} s processor; peak memory {peak:.1f} GB; hash of what the"
          f" record says: {hashed:.0f} s processor\n"
          f"text under zstd: {text / 1e6:.0f} MB; parts {parts / 1e6:.0f} MB = {parts / text:.2f} ×;"
          f" with the serving file {(parts + serving) / text:.2f} × ({serving / 1e6:.0f} MB)", flush=True)  # fmt: skip
    print("\n| page query | median ms | greatest of 7 | processor ms |\n| --- | ---: | ---: | ---: |")
    with Record.open(folder) as record:
        SEARCH = two_words(record)
        for name, query in pages(record).items():
            query()
            times, begun = [], time.process_time()
            for _ in range(7):
                start = time.perf_counter()
                query()
                times.append(1000 * (time.perf_counter() - start))
            cpu = 1000 * (time.process_time() - begun) / 7
            print(f"| {name} | {statistics.median(times):.0f} | {max(times):.0f} | {cpu:.0f} |", flush=True)


if __name__ == "__main__":
    main()
