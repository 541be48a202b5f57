"""Words to vectors: the int8 encoder, one session; equal sentences in number of pieces run together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import onnxruntime

from demarche.syntax.pieces import EDGE_SHAPE, Pieces
from demarche.syntax.words import Word

__all__ = ["WINDOW", "Vectors", "WordEncoder", "open_session"]

WINDOW = 448
"""Pieces the encoder sees at once; its places end at 512."""
OVERLAP = 64
"""Pieces that two windows share at least: each word is read where it stands farther from an edge."""
BATCH = 512
"""Pieces that go through the encoder together at most."""

Vectors = npt.NDArray[np.float32]


class WordEncoder:
    """The encoder with its vocabulary."""

    def __init__(self, model: bytes, vocabulary: Sequence[str]) -> None:
        self._pieces = Pieces(vocabulary)
        self._encoder = open_session(model)

    def encode(self, sentences: Sequence[Sequence[Word]]) -> list[Vectors]:
        """(words, width) vectors of each sentence; one longer than the encoder goes in overlapping windows."""
        rows: list[_Row] = []
        places: list[list[tuple[int, int, int]]] = []  # of each sentence: row, its words from and to
        for words in sentences:
            cuts, shapes, sizes = self._cut(words)
            if sum(sizes) <= WINDOW:
                places.append([(len(rows), 0, len(words))])
                rows.append(_row(cuts, shapes, self._pieces))
                continue
            places.append([])
            for low, high, first, last in _windows(sizes):
                places[-1].append((len(rows), first - low, last - low))
                rows.append(_row(cuts[low:high], shapes[low:high], self._pieces))
        vectors = self._run(rows)
        return [
            vectors[where[0][0]] if len(where) == 1 else np.concatenate([vectors[r][a:b] for r, a, b in where])
            for where in places
        ]

    def _cut(self, words: Sequence[Word]) -> tuple[list[tuple[int, ...]], list[int], list[int]]:
        """Pieces, shape and number of pieces of each word."""
        cuts, shapes, sizes, end = [], [], [], -1
        for word in words:
            cut, shape = self._pieces.cut_with_shape(word.text)
            cuts.append(cut)
            shapes.append(2 * shape + (word.start == end))
            sizes.append(len(cut))
            end = word.end
        return cuts, shapes, sizes

    def _run(self, rows: Sequence[_Row]) -> list[Vectors]:
        """Word vectors of each row; rows of one length go together."""
        by_size: dict[int, list[int]] = {}
        for number, row in enumerate(rows):
            by_size.setdefault(len(row.ids), []).append(number)
        found: list[Vectors] = [_NONE] * len(rows)
        for size, numbers in by_size.items():
            many = max(1, BATCH // size)
            for i in range(0, len(numbers), many):
                chosen = numbers[i : i + many]
                vectors = self._run_equal([rows[n] for n in chosen], size)
                at = 0
                for n in chosen:
                    found[n] = vectors[at : at + len(rows[n].first)]
                    at += len(rows[n].first)
        return found

    def _run_equal(self, rows: Sequence[_Row], size: int) -> Vectors:
        shape = (len(rows), size)
        given = {
            "ids": np.array([row.ids for row in rows]),
            "shapes": np.array([row.shapes for row in rows]),
            "places": np.broadcast_to(np.arange(size), shape),
            "mask": np.ones(shape, np.int32),
            "first": np.array([k * size + i for k, row in enumerate(rows) for i in row.first]),
            "last": np.array([k * size + i for k, row in enumerate(rows) for i in row.last]),
        }
        vectors: Vectors = self._encoder.run(None, given)[0]
        return vectors


@dataclass(frozen=True, slots=True)
class _Row:
    """What the encoder reads at once. first, last: pieces that stand for each word."""

    ids: list[int]
    shapes: list[int]
    first: list[int]
    last: list[int]


_NONE = np.zeros((0, 0), np.float32)


def _row(cuts: Sequence[tuple[int, ...]], shapes: Sequence[int], pieces: Pieces) -> _Row:
    ids, forms, first, last = [pieces.first], [EDGE_SHAPE], [], []
    for cut, shape in zip(cuts, shapes, strict=True):
        first.append(len(ids))
        ids += cut
        if len(cut) == 1:
            forms.append(shape)
        else:
            forms += [shape] * len(cut)
        last.append(len(ids) - 1)
    ids.append(pieces.last)
    forms.append(EDGE_SHAPE)
    return _Row(ids, forms, first, last)


def open_session(model: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _windows(sizes: Sequence[int]) -> list[tuple[int, int, int, int]]:
    """Word ranges (low, high) to encode with the words (first, last) whose vectors are taken from each."""
    ranges: list[tuple[int, int]] = []
    low = 0
    while True:
        high, room = low, WINDOW
        while high < len(sizes) and sizes[high] <= room:
            room -= sizes[high]
            high += 1
        ranges.append((low, high))
        if high == len(sizes):
            break
        shared, back = 0, high
        while back > low + 1 and shared < OVERLAP:
            back -= 1
            shared += sizes[back]
        low = back
    found = []
    first = 0
    for i, (low, high) in enumerate(ranges):
        last = (ranges[i + 1][0] + high) // 2 if i + 1 < len(ranges) else high
        found.append((low, high, first, last))
        first = last
    return found
