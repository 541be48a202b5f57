"""Words, sentences and their meaning vectors, without a parser: copies are recognised before anything is parsed."""

from __future__ import annotations

import functools
import io
import math
import re
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from demarche.errors import ResourceError
from demarche.resources import read_bytes

__all__ = ["WORD", "Floats", "Hashes", "Pieces", "Word", "fold", "load_pieces", "look_up", "split_sentences", "unit"]

Floats = npt.NDArray[np.float32]
Hashes = npt.NDArray[np.uint32]

WORD = re.compile(r"[^\W_]+")
_END = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9])")
LONG_SENTENCE = 120
"""Words after which a sentence is cut: text without full stops still gets pieces that can be aligned."""


def split_sentences(paragraph: str) -> list[str]:
    """A rough split: it need not be right, only the same in both copies."""
    found = []
    for sentence in _END.split(paragraph):
        words = sentence.split()
        if len(words) <= LONG_SENTENCE:
            found.append(sentence)
        else:
            found += [" ".join(words[i : i + LONG_SENTENCE]) for i in range(0, len(words), LONG_SENTENCE)]
    return [sentence for sentence in found if sentence.strip()]


def fold(word: str) -> str:
    """Lower case without accents."""
    if word.isascii():
        return word.lower()
    return "".join(c for c in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(c))


def hash_word(word: str) -> int:
    """32 bits that are the same in every process."""
    return zlib.crc32(word.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class Word:
    """What the search for copies wants to know of a word as written.

    hash: of the folded word. stem: hash of its first six letters. pieces: rows of `Pieces.vectors`. rarity: grows with
    rarity in English, 0 for words too short to tell anything; names and numbers come out above all others.
    """

    hash: int
    stem: int
    name: bool
    number: bool
    pieces: tuple[int, ...]
    rarity: float


@functools.lru_cache(maxsize=300_000)
def look_up(written: str) -> Word:
    """The facts of a word; words of running text come again and again, so they are kept."""
    table = load_pieces()
    folded = fold(written)[:40]
    number = written[0].isdigit()
    name = number or (written[0].isupper() and len(written) > 2)
    if number:
        rarity = 9.0 if len(folded) > 1 else 3.0
    elif len(folded) < 3:
        rarity = 0.0
    else:
        row = table.table.get(folded)
        rarity = 10.5 if row is None else math.log(1002 + row)
    return Word(
        hash=hash_word(folded),
        stem=hash_word(folded[:6]),
        name=name,
        number=number,
        pieces=table.cut(folded),
        rarity=rarity + 12.0 if name and rarity else rarity,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """Word pieces with their vectors and ranks (0: the most frequent); see `training/build_word_vectors.py`.

    table: piece → row. vectors: (pieces + 1, dims), the last row zero. mean: what sentences of news have in common.
    """

    table: dict[str, int]
    vectors: Floats
    mean: Floats

    def cut(self, word: str) -> tuple[int, ...]:
        """Rows of the longest pieces that make up `word` (folded); empty when it has a character without a piece."""
        found = []
        begin = 0
        while begin < len(word):
            end = len(word)
            while end > begin:
                row = self.table.get(word[begin:end] if begin == 0 else "##" + word[begin:end])
                if row is not None:
                    found.append(row)
                    break
                end -= 1
            else:
                return ()
            begin = end
        return tuple(found)

    def embed(self, sentences: Sequence[Sequence[Word]]) -> Floats:
        """Unit vectors of sentences, the common part taken out; zero for a sentence without a known word."""
        if not sentences:
            return np.zeros((0, len(self.mean)), np.float32)
        rows: list[int] = []
        starts = []
        blank = len(self.vectors) - 1  # the zero row: a sentence without pieces keeps its place
        for words in sentences:
            starts.append(len(rows))
            rows.append(blank)
            rows.extend(chain.from_iterable([word.pieces for word in words]))
        summed = np.add.reduceat(self.vectors[rows], starts, axis=0)
        return unit(np.where(np.any(summed, axis=1, keepdims=True), unit(summed) - self.mean, 0.0))


def unit(rows: npt.NDArray[np.floating]) -> Floats:
    """Rows scaled to length 1; zero rows stay zero."""
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), np.float32)


@functools.cache
def load_pieces() -> Pieces:
    """The table of the package.

    Raises:
        ResourceError: E221 when it is damaged.
    """
    try:
        with np.load(io.BytesIO(read_bytes("copies/pieces.npz"))) as stored:
            names = bytes(stored["pieces"]).decode("utf-8").split("\n")
            vectors = stored["vectors"].astype(np.float32) * stored["scales"].astype(np.float32)[:, None]
            mean = stored["mean"].astype(np.float32)
    except (ValueError, KeyError, OSError) as error:
        raise ResourceError("E221", "the table of word pieces is damaged", remedy="install again") from error
    vectors = np.vstack([vectors, np.zeros((1, vectors.shape[1]), np.float32)])
    return Pieces(table={name: i for i, name in enumerate(names)}, vectors=vectors, mean=mean)
