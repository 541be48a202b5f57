"""Time and memory of recognising copies, on made-up news with 40 % copies.

    python benchmarks/speed/copies.py CORPUS/articles_*.json --documents 100000

Each original is 16 to 28 sentences drawn from the corpus with half of their words exchanged and ten made-up names;
a copy is cut to 60 %, has 30 % of its words exchanged, or is verbatim, within three days. Sentences are drawn from few
articles, so chance likeness is far above that of real news: times are on the safe side.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import string
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from demarche.dedup import Fingerprint, find_clusters, fingerprint_text

PER_DAY = 2_000


def make_texts(first: int, count: int, sentences: list[list[str]]) -> Iterator[tuple[str, str, int]]:
    """(id, text, day); ids of copies hold the number of their original."""
    words = sorted({word for sentence in sentences for word in sentence})
    for number in range(first, first + count, 5):
        for story in range(3):  # three originals, two copies
            rng = random.Random(number * 7 + story)
            names = ["".join(rng.choices(string.ascii_lowercase, k=7)).title() for _ in range(10)]
            text = [_exchanged(rng.choice(sentences), 0.5, words, names, rng) for _ in range(rng.randint(16, 28))]
            day = 738_000 + number // PER_DAY
            yield f"o{number}.{story}", _join(text), day
            if story < 2:
                kind = rng.randrange(3)
                if kind == 0:
                    text = text[: int(len(text) * 0.6)]
                elif kind == 1:
                    text = [_exchanged(sentence, 0.3, words, [], rng) for sentence in text]
                yield f"c{number}.{story}", _join(text), day + rng.randrange(3)


def _exchanged(sentence: list[str], share: float, words: list[str], names: list[str], rng: random.Random) -> list[str]:
    changed = [rng.choice(words) if rng.random() < share else word for word in sentence]
    if names and rng.random() < 0.6:
        changed[rng.randrange(len(changed))] = rng.choice(names)
    return changed


def _join(text: list[list[str]]) -> str:
    return "\n".join(" ".join(words) + "." for words in text)


def prints_of(job: tuple[int, int, list[list[str]]]) -> tuple[list[Fingerprint], float]:
    """Fingerprints of a slice, and the seconds spent on them alone."""
    texts = list(make_texts(*job))
    begun = time.process_time()
    found = [fingerprint_text(name, text.split("\n"), day=day) for name, text, day in texts]
    return found, time.process_time() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, nargs="+")
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    texts = [article["text"] for path in options.corpus for article in json.loads(path.read_text("utf-8"))]
    sentences = [s.split() for text in texts for s in text.replace("\n", " ").split(". ") if 8 < len(s.split()) < 40]
    jobs = [(first, 5_000, sentences) for first in range(0, options.documents, 5_000)]
    prints: list[Fingerprint] = []
    spent = 0.0
    with ProcessPoolExecutor(options.workers) as pool:
        for found, seconds in pool.map(prints_of, jobs):
            prints += found
            spent += seconds
    begun = time.process_time()
    clusters = find_clusters(prints)
    search = time.process_time() - begun
    where = {row.document: row.id for row in clusters}
    copies = [d for d in where if d.startswith("c")]
    hit = sum(where[d] == where[f"o{d[1:]}"] for d in copies)
    originals = {where[d] for d in where if d.startswith("o")}
    lost = sum(d.startswith("o") for d in where) - len(originals)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(prints):,} documents: fingerprints {spent:.0f} s of one core ({spent / len(prints) * 1e3:.2f} ms each), "
        f"clusters {search:.0f} s of one core, peak {memory:,.0f} MB; "
        f"copies found {hit:,} of {len(copies):,}; originals joined {lost:,}"
    )


if __name__ == "__main__":
    main()
