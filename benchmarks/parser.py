"""`python -m benchmarks.parser [--data ../shared]`: speed, start, memory of the layer, and trees of damaged text."""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from demarche.syntax import GoldSentence, Word, load_parser, read_conllu
from demarche.syntax.evaluate import paragraphs
from demarche.syntax.parser import EnglishParser

__all__ = ["damage_table", "main"]

DAMAGE: dict[str, Callable[[str], str]] = {
    "as printed": lambda form: form,
    "all lower case": str.lower,
    "ALL UPPER CASE": str.upper,
    "Headline Case": lambda form: form[:1].upper() + form[1:],
    "curly quotes": lambda form: form.replace("'", "’"),
}


def damage_table(sentences: list[GoldSentence], parser: EnglishParser) -> dict[str, float]:
    """LAS (percent, gold words, subtypes ignored) of the same sentences under each damage."""
    rows = {name: _las(sentences, parser, change, drop_last=False) for name, change in DAMAGE.items()}
    rows["last stop lost"] = _las(sentences, parser, DAMAGE["as printed"], drop_last=True)
    rows["lower case, last stop lost"] = _las(sentences, parser, str.lower, drop_last=True)
    return rows


def _las(
    sentences: list[GoldSentence], parser: EnglishParser, change: Callable[[str], str], *, drop_last: bool
) -> float:
    right = total = 0
    for sentence in sentences:
        gold = sentence.tree
        n = len(gold) - (drop_last and len(gold) > 1 and gold.upos[-1] == "PUNCT" and len(gold) - 1 not in gold.heads)
        words = [Word(gold.starts[i], gold.ends[i], change(gold.forms[i])) for i in range(n)]
        found = parser.parse_words(words)
        for i in range(n):
            total += 1
            same = gold.deprels[i].split(":")[0] == found.deprels[i].split(":")[0]
            right += gold.heads[i] == found.heads[i] and same
    return 100 * right / total


def speed(texts: list[str], parser: EnglishParser) -> float:
    """White-space separated words per second of processor time; the best of five, for the machine is shared."""
    words = sum(len(text.split()) for text in texts)
    best = 0.0
    for _ in range(5):
        began = time.process_time()
        parser.parse(texts)
        best = max(best, words / (time.process_time() - began))
    return best


def start_seconds() -> float:
    """Import and load in a fresh process, to the first tree; the best of three."""
    code = "from demarche.syntax import load_parser; load_parser().parse(['Moscow agreed.'])"
    times = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        times.append(time.perf_counter() - began)
    return min(times)


def main() -> None:
    """Print every figure."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--data", type=Path, default=Path("../shared"))
    sentences = read_conllu(reader.parse_args().data / "data/ud/en_gum-news-dev.conllu")
    parser = load_parser()
    assert isinstance(parser, EnglishParser)
    texts = [" ".join(s.text for s in paragraph) for paragraph in paragraphs(sentences)]
    print(f"words/s, one core: {speed(texts, parser):,.0f}")
    print(f"import, load, first tree: {start_seconds():.2f} s")
    print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    for name, value in damage_table(sentences, parser).items():
        print(f"LAS, GUM news dev, gold words, {name}: {value:.1f}")


if __name__ == "__main__":
    main()
