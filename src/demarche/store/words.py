"""The index of words: which sentences hold a word. Built from the sentences of a serving file when it is published."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

__all__ = ["STOP_WORDS", "build_words", "fold"]

STOP_WORDS = frozenset(
    "a about after also an and are as at be been but by for from had has have he her his i in is it its more not of on"
    " or s said she t that the their they this to up was we were which who will with would you".split()
)
"""Words that are in every fourth sentence: not in the index of words."""

AT_ONCE = 20_000_000
"""Pairs of word and sentence that are sorted at once: 0.16 GB, and twice that for a moment. More are kept on disk."""

Pairs: TypeAlias = tuple[NDArray[np.uint32], NDArray[np.uint32]]
"""Words (in the order in which they were met) and sentences that hold them."""

_WORD = re.compile(r"\w+")

_SENTENCES = """
SELECT s.rowid::UINTEGER AS at, substr(d.text, s.start + 1, s."end" - s.start) AS words
FROM sentences AS s JOIN documents AS d ON d.id = s.document
"""


def fold(text: str) -> str:
    """Lower case without accents, as the index has it."""
    low = text.lower()
    if low.isascii():
        return low
    plain = unicodedata.normalize("NFD", low)
    return unicodedata.normalize("NFC", "".join(c for c in plain if not unicodedata.combining(c)))


def build_words(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the tables `terms` and `postings`; `passages` must be there.

    Words are looked for in Python, which takes a third of the time that the engine's regular expressions take, and
    sorted by numbers, so that memory holds `AT_ONCE` pairs however many there are.
    """
    at = connection.sql('SELECT "row", number FROM passages').to_arrow_table()
    number = np.zeros(at.num_rows, dtype=np.uint32)
    number[at.column(0).to_numpy()] = at.column(1).to_numpy()
    index: defaultdict[str, int] = defaultdict()
    index.default_factory = index.__len__
    with tempfile.TemporaryDirectory(prefix=".building-words-", dir=_beside(connection)) as scratch:
        blocks = list(_blocks(connection, number, index, Path(scratch)))
        order = sorted(index)
        rank = np.empty(len(order), dtype=np.uint64)
        for place, word in enumerate(order):
            rank[index[word]] = place
        held = np.zeros(len(order), dtype=np.int64)
        for read in blocks:
            held += np.bincount(rank[read()[0]].astype(np.int64), minlength=len(order))
        _write_terms(connection, order, held)
        _write_postings(connection, blocks, rank, held)


def _beside(connection: duckdb.DuckDBPyConnection) -> str | None:
    """The folder of the database, where there is room for it and the next writer removes what a killed one left (what
    is called .building-…); None: the database is in memory."""
    path = connection.execute("SELECT path FROM duckdb_databases() WHERE NOT internal").fetchall()[0][0]
    return str(Path(path).parent) if path else None


def _blocks(
    connection: duckdb.DuckDBPyConnection,
    number: NDArray[np.uint32],
    index: defaultdict[str, int],
    scratch: Path,
) -> Iterator[Callable[[], Pairs]]:
    """All pairs in blocks; a function reads one. The last block stays in memory, those before it are on disk."""
    kept: list[Pairs] = []
    size = count = 0
    for found in _found(connection, number, index):
        kept.append(found)
        size += len(found[0])
        if size >= AT_ONCE // 2:
            count += 1
            path = scratch / f"{count}.npy"
            np.save(path, np.stack([np.concatenate(side) for side in zip(*kept, strict=True)]))
            yield lambda path=path: tuple(np.load(path, mmap_mode="r"))  # type: ignore[misc]
            kept, size = [], 0
    if kept:
        rest = (np.concatenate([one for one, _ in kept]), np.concatenate([two for _, two in kept]))
        yield lambda: rest


def _found(
    connection: duckdb.DuckDBPyConnection, number: NDArray[np.uint32], index: defaultdict[str, int]
) -> Iterator[Pairs]:
    words_of, number_of = _WORD.findall, index.__getitem__
    for batch in connection.cursor().sql(_SENTENCES).to_arrow_reader(50_000):
        terms: list[int] = []
        counts: list[int] = []
        for text in batch.column(1).to_pylist():
            words = set(words_of(fold(text))) - STOP_WORDS
            terms.extend(map(number_of, words))
            counts.append(len(words))
        sentences = np.repeat(number[batch.column(0).to_numpy()], counts)
        yield np.array(terms, dtype=np.uint32), sentences


def _write_terms(connection: duckdb.DuckDBPyConnection, order: list[str], held: NDArray[np.int64]) -> None:
    table = pa.table(
        {
            "term": pa.array(order, pa.string()),
            "number": pa.array(np.arange(len(order), dtype=np.uint32)),
            "sentences": pa.array(held),
        }
    )
    connection.register("incoming", table)
    connection.execute("CREATE TABLE terms AS SELECT * FROM incoming")
    connection.unregister("incoming")


def _write_postings(
    connection: duckdb.DuckDBPyConnection,
    blocks: list[Callable[[], Pairs]],
    rank: NDArray[np.uint64],
    held: NDArray[np.int64],
) -> None:
    """Sorted by word and sentence, a range of words at a time. Numbers instead of words: runs of one take no room."""
    connection.execute("CREATE TABLE postings (term UINTEGER, sentence UINTEGER)")
    share = (held.cumsum() - held) // AT_ONCE
    ends = [0, *(np.flatnonzero(np.diff(share)) + 1).tolist(), len(held)]
    for low, high in pairwise(ends):
        parts = []
        for read in blocks:
            terms, sentences = read()
            ranked = rank[terms]
            inside = (ranked >= low) & (ranked < high)
            parts.append((ranked[inside] << np.uint64(32)) | sentences[inside])
        if not parts:
            continue
        keys = np.concatenate(parts)
        keys.sort()
        table = pa.table({"term": (keys >> np.uint64(32)).astype(np.uint32), "sentence": keys.astype(np.uint32)})
        connection.register("incoming", table)
        connection.execute("INSERT INTO postings SELECT * FROM incoming")
        connection.unregister("incoming")
