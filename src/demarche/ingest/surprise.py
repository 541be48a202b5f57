"""How many neighbours in a text no writer puts together, by a model of word pairs trained at hand.

Words are the 200 commonest as they stand and classes (tags the word has, shape, ending) for the others. A pair is
unlikely where its two sides would meet at least twice by chance in the training text and met less than a quarter as
often as chance would have it: *to the wants*, *have reliable to*. Trained by `training/build_word_pairs.py` on UD
English EWT and GUM and on demarche's own corpus; `resources/ingest/word_pairs.npz` holds classes and pairs, no text.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from demarche.resources import read_bytes

__all__ = ["ENDINGS", "TOKEN", "Unlikely", "count_unlikely", "shape_of", "surprise"]

TOKEN = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|\d[\d.,:]*|[^\w\s]")
ENDINGS = ("ing", "ed", "ly", "tion", "ment", "ness", "ity", "ous", "ful", "able", "ive", "al", "er", "est", "s")
_FIRST, _SAMPLE = 800, 1_800
"""Characters of a document that are looked at, the rest of them only where the first look is not at ease: about 300
words tell, and reading must stay quick."""
_AT_EASE = 0.028
_USUAL = 0.037
"""Share of unlikely pairs that clean news stays under, two errors of the count left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlikely:
    """Unlikely pairs whose right word is in lower case, and all tokens."""

    pairs: int
    tokens: int


def shape_of(word: str) -> str:
    """Class of a word that the table does not know."""
    if word[0].isupper():
        return "<C>"
    if word[0].isdigit():
        return "<0>"
    if not word[0].isalpha():
        return "<.>"
    if "-" in word:
        return "<->"
    return next((f"<?{end}>" for end in ENDINGS if word.endswith(end) and len(word) > len(end) + 2), "<?>")


@cache
def _table() -> tuple[dict[str, int], dict[str, int], tuple[bytes, ...]]:
    """Number of each known word; number of each class; which pairs of numbers are unlikely. Number 0: anything else."""
    with np.load(io.BytesIO(read_bytes("ingest/word_pairs.npz"))) as stored:
        words = bytes(stored["words"]).decode("utf-8").split("\n")
        classes = bytes(stored["classes"]).decode("utf-8").split("\n")
        size = int(stored["size"])
        pairs = tuple(row.tobytes() for row in np.unpackbits(stored["pairs"], count=size * size).reshape(size, size))
        numbers = dict(zip(words, (int(number) for number in stored["numbers"]), strict=True))
    return numbers, {name: number for number, name in enumerate(classes)}, pairs


@lru_cache(maxsize=50_000)
def _number(word: str) -> int:
    numbers, classes, _ = _table()
    if word[0].isupper():  # a name, or a word that begins a sentence: its table has the commonest of those
        return classes.get(shape_of(word), 0)
    return numbers.get(word.lower(), classes.get(shape_of(word), 0))


def count_unlikely(text: str) -> Unlikely:
    """Unlikely pairs of a text, from its start on."""
    tokens = TOKEN.findall(text)
    if not tokens:
        return Unlikely(pairs=0, tokens=0)
    numbers, _, pairs = _table()
    told = [0, *map(numbers.get, tokens)]
    found = [_number(tokens[i - 1]) if number is None else number for i, number in enumerate(told)]
    sides = zip(found, found[1:], tokens, strict=False)
    unlikely = sum(1 for left, right, word in sides if pairs[left][right] and word.islower())
    return Unlikely(pairs=unlikely, tokens=len(tokens))


def surprise(text: str) -> float:
    """0 (reads like news) to 1: how far the share of unlikely pairs passes the usual, errors of the count left out."""
    found = count_unlikely(text[:_FIRST])
    if found.tokens < 60 or found.pairs < _AT_EASE * found.tokens:
        return 0.0
    if len(text) > _FIRST:
        found = count_unlikely(text[:_SAMPLE])
    least = (found.pairs - 1.5 * found.pairs**0.5) / found.tokens
    return min(1.0, (least - _USUAL) / _USUAL + 0.2) if least > _USUAL else 0.0
