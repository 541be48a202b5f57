"""Build `resources/ingest/word_pairs.npz`: which words and classes of words no writer puts side by side.

    python -m training.build_word_pairs ../shared/data [--measure]

Trained on UD English EWT and GUM (train; tags give the classes) and on demarche's own corpus, three times. --measure
prints how well it tells respun texts (copies/spun200) from their originals and how often it errs on PolNeAR.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from demarche.ingest.surprise import TOKEN, count_unlikely, shape_of, surprise

TABLE = Path(__file__).resolve().parents[1] / "src/demarche/resources/ingest/word_pairs.npz"
COMMON, EXPECTED, PART, RARE = 200, 2.0, 0.25, 20
CLITICS = frozenset({"'s", "n't", "'re", "'ve", "'ll", "'d", "'m", "’s", "n’t"})


def read_words(file: Path) -> Iterator[list[tuple[str, str]]]:
    """Sentences of a CoNLL-U file as (form, first letters of its tag)."""
    sentence: list[tuple[str, str]] = []
    for line in file.read_text("utf-8").splitlines():
        cells = line.split("\t")
        if not line.strip():
            if sentence:
                yield sentence
            sentence = []
        elif not line.startswith("#") and cells[0].isdigit():
            sentence.append((cells[1], "" if cells[3] == "PROPN" else cells[4][:3]))


def plain_tokens(sentence: list[tuple[str, str]]) -> list[str]:
    """The sentence as `TOKEN` cuts running text: clitics stay on their words."""
    found: list[str] = []
    for form, _ in sentence:
        if form.lower() in CLITICS and found:
            found[-1] += form
        else:
            found += TOKEN.findall(form)
    return found


def build(data: Path) -> None:
    """Write the table."""
    trees = [sentence for name in ("en_ewt-ud-train", "en_gum-open-train")
             for sentence in read_words(data / "ud" / f"{name}.conllu")]  # fmt: skip
    seen: Counter[str] = Counter()
    tags: dict[str, Counter[str]] = defaultdict(Counter)
    for sentence in trees:
        for form, tag in sentence:
            seen[form.lower()] += 1
            tags[form.lower()][tag] += 1
    common = {word for word, _ in seen.most_common(COMMON)}
    told = {}
    for word, own in tags.items():
        total = own.total()
        names = sorted(tag for tag, count in own.items() if count > 0.15 * total and tag)[:3]
        if total > 1 and names:
            told[word] = f"<{'|'.join(names)}>"

    def symbol(word: str) -> str:
        low = word.lower()
        if low in common:
            return low
        return told[low] if low in told and not word[0].isupper() else shape_of(word)

    texts = [plain_tokens(sentence) for sentence in trees]
    files = sorted((data / "corpus").glob("articles_*.json"))
    articles = [article["text"] for file in files for article in json.loads(file.read_text("utf-8"))]
    own_corpus = [TOKEN.findall(line) for text in articles for line in text.split("\n")]
    symbols = [[symbol(word) for word in text] for text in texts + 3 * own_corpus]
    count = Counter(name for text in symbols for name in text)
    classes = ["", *(name for name, n in count.most_common() if n >= RARE)]
    number = {name: i for i, name in enumerate(classes)}
    pairs, alone = np.zeros((len(classes), len(classes))), np.zeros(len(classes))
    for text in symbols:
        ids = np.array([0, *(number.get(name, 0) for name in text)])
        np.add.at(alone, ids[1:], 1)
        np.add.at(pairs, (ids[:-1], ids[1:]), 1)
    chance = pairs.sum(1, keepdims=True) * (alone / alone.sum())[None]
    unlikely = (chance > EXPECTED) & (pairs < PART * chance)
    known = {word: number.get(symbol(word), 0) for word in (*told, *common)}
    known |= {word.capitalize(): known[word] for word in common}
    words = sorted(known)
    np.savez_compressed(TABLE, words=np.frombuffer("\n".join(words).encode(), np.uint8),
                        numbers=np.array([known[word] for word in words], np.uint16),
                        classes=np.frombuffer("\n".join(classes).encode(), np.uint8),
                        pairs=np.packbits(unlikely), size=np.int32(len(classes)))  # fmt: skip
    size = TABLE.stat().st_size
    print(f"{len(words):,} words, {len(classes)} classes, {int(unlikely.sum()):,} unlikely pairs, {size:,} bytes")


def measure(data: Path) -> None:
    """Area under the curve and rates on development data."""
    packed = gzip.decompress((data / "copies" / "spun200.jsonl.gz").read_bytes())
    rows = [json.loads(line) for line in packed.splitlines()]
    lines = (data / "statements" / "polnear_train.jsonl").read_text("utf-8").splitlines()
    news = [json.loads(line)["text"] for line in lines]

    def share(text: str) -> float:
        found = count_unlikely(text)
        return found.pairs / max(1, found.tokens)

    before = np.array([share(row["orig"]) for row in rows])
    for kind in ("spun30", "spun50_q"):
        after = np.array([share(row[kind]) for row in rows])
        area = (after[:, None] > before[None]).mean()
        flagged = np.mean([surprise(row[kind]) > 0 for row in rows])
        print(f"{kind}: AUC against originals {area:.3f}, flagged {flagged:.3f} of {len(rows)}")
    print(f"originals flagged {np.mean([surprise(row['orig']) > 0 for row in rows]):.3f} of {len(rows)}")
    print(f"PolNeAR train flagged {np.mean([surprise(text) > 0 for text in news]):.4f} of {len(news)}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", type=Path)
    options.add_argument("--measure", action="store_true")
    told = options.parse_args()
    if not told.measure:
        build(told.data)
    measure(told.data)


if __name__ == "__main__":
    main()
