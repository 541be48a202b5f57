"""`python -m benchmarks.peers [--articles N]`: other programs beside ours, in one run, by processor time.

Ingest: trafilatura alone. Copies: MinHash with locality-sensitive hashing (datasketch, rensa), on word 3-grams, from a
Jaccard likeness of 0.5. Parsing: spaCy's tokenizer, and a pipeline of yours (`--spacy en_core_web_sm`). What is not
installed is left out, and said so: `pip install datasketch rensa spacy`. PETRARCH2, the coder to hold the coding room
against, is not on the package index.
"""

from __future__ import annotations

import argparse
import importlib.util
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from benchmarks.corpus import generate
from benchmarks.speed.ingest import made_up_page

Row = dict[str, str]


def timed(work: Callable[[], object]) -> float:
    """Processor seconds, the better of two."""
    best = float("inf")
    for _ in range(2):
        begun = time.process_time()
        work()
        best = min(best, time.process_time() - begun)
    return best


def installed(*names: str) -> bool:
    missing = [name for name in names if importlib.util.find_spec(name) is None]
    for name in missing:
        print(f"  {name}: not installed")
    return not missing


def ingest(rows: Sequence[Row]) -> None:
    """Pages a processor second."""
    import tempfile
    from pathlib import Path

    import trafilatura

    from demarche.ingest import read_inputs

    pages = [made_up_page(row) for row in rows]
    with tempfile.TemporaryDirectory() as name:
        for number, page in enumerate(pages):
            (Path(name) / f"{number}.html").write_text(page, "utf-8")
        ours = timed(lambda: list(read_inputs([name])))
    theirs = timed(lambda: [trafilatura.bare_extraction(page, with_metadata=True) for page in pages])
    print(f"ingest, {len(pages)} pages: demarche {len(pages) / ours:,.0f} pages/s (roles, language, damage, date")
    print(f"  among it), trafilatura {len(pages) / theirs:,.0f} pages/s (main text and metadata)")


def shingles(text: str) -> set[str]:
    words = text.lower().split()
    return {" ".join(words[i : i + 3]) for i in range(len(words) - 2)}


def judged(pairs: Iterable[tuple[str, str]], rows: Sequence[Row]) -> str:
    """Copies found and originals joined, over the sets that pairs make up."""
    parent = {row["id"]: row["id"] for row in rows}

    def root(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    for one, other in pairs:
        parent[root(one)] = root(other)
    copies = [row for row in rows if row["copy_of"]]
    found = sum(root(row["id"]) == root(row["copy_of"]) for row in copies)
    groups: dict[str, int] = defaultdict(int)
    for row in rows:
        groups[root(row["id"])] += not row["copy_of"]
    joined = sum(count - 1 for count in groups.values() if count > 1)
    return f"{found} of {len(copies)} copies found, {joined} originals joined"


def copies(rows: Sequence[Row]) -> None:
    """Seconds for all articles."""
    from demarche.dedup import find_clusters, fingerprint_text

    def ours() -> list[tuple[str, str]]:
        days = {row["id"]: int(row["published"][8:10]) + 738_000 for row in rows}
        prints = [fingerprint_text(row["id"], row["text"].split("\n\n"), day=days[row["id"]]) for row in rows]
        return [(row.document, row.representative) for row in find_clusters(prints, quiet=True)]

    print(f"copies, {len(rows)} articles:")
    print(f"  demarche {timed(ours):.2f} s; {judged(ours(), rows)}")
    if installed("datasketch"):
        from datasketch import MinHash, MinHashLSH

        def sketch() -> list[tuple[str, str]]:
            index, found = MinHashLSH(threshold=0.5, num_perm=128), []
            for row in rows:
                mark = MinHash(num_perm=128)
                mark.update_batch([gram.encode() for gram in shingles(row["text"])])
                found += [(row["id"], other) for other in index.query(mark)]
                index.insert(row["id"], mark)
            return found

        print(f"  datasketch {timed(sketch):.2f} s; {judged(sketch(), rows)}")
    if installed("rensa"):
        from rensa import RMinHash, RMinHashLSH

        def rensa() -> list[tuple[str, str]]:
            index, found = RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32), []
            for number, row in enumerate(rows):
                mark = RMinHash(num_perm=128, seed=42)
                mark.update(list(shingles(row["text"])))
                found += [(row["id"], rows[other]["id"]) for other in index.query(mark)]
                index.insert(number, mark)
            return found

        print(f"  rensa {timed(rensa):.2f} s; {judged(rensa(), rows)}")


def parsing(rows: Sequence[Row], model: str | None) -> None:
    """Words a processor second, one process."""
    from demarche.syntax import load_parser

    texts = [paragraph for row in rows for paragraph in row["text"].split("\n\n")]
    words = sum(len(text.split()) for text in texts)
    parser = load_parser()
    parser.parse(texts[:20])
    print(f"parsing, {words:,} words:")
    print(f"  demarche {words / timed(lambda: parser.parse(texts)):,.0f} words/s (tags, trees, names, signals of acts)")
    if not installed("spacy"):
        return
    import spacy

    blank = spacy.blank("en")
    blank.add_pipe("sentencizer")
    print(f"  spaCy, words and sentences alone {words / timed(lambda: list(blank.pipe(texts))):,.0f} words/s")
    if model is None:
        print("  spaCy's pipelines: give one that is installed by --spacy NAME")
        return
    pipeline = spacy.load(model)
    speed = words / timed(lambda: list(pipeline.pipe(texts)))
    print(f"  spaCy {model} ({', '.join(pipeline.pipe_names)}) {speed:,.0f} words/s")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=1_000)
    options.add_argument("--spacy", metavar="NAME")
    told = options.parse_args()
    rows = list(generate(told.articles))
    ingest([row for row in rows if not row["copy_of"]][:100])
    copies(rows)
    parsing([row for row in rows if not row["copy_of"]][:100], told.spacy)


if __name__ == "__main__":
    main()
