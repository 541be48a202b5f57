"""The shipped parser: words, sentences, one int8 encoder, heads; onnxruntime on one core a worker.

Every sentence runs through the sessions by itself. A batch would be no faster (10–20 µs a run against some 2 ms of
work) and one by one a sentence cannot depend on its neighbours: results are the same alone, in any batch, on any
number of threads.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import onnxruntime

from demarche.errors import ResourceError
from demarche.records import Signals, Tree
from demarche.syntax.lemmas import Lemmatizer
from demarche.syntax.lexicon import load_lexicon
from demarche.syntax.names import decode_names, find_dates, find_money, join_names
from demarche.syntax.pieces import EDGE_SHAPE, Pieces
from demarche.syntax.sentences import split_sentences
from demarche.syntax.tree_decoding import decode_heads
from demarche.syntax.words import Word, split_words

__all__ = ["EnglishParser", "Weights", "split_text"]

WINDOW = 448
"""Pieces the encoder sees at once; its places end at 512."""
OVERLAP = 64
"""Pieces that two windows share at least: each word is read where it stands farther from an edge."""

Vectors = npt.NDArray[np.float32]


def split_text(text: str) -> list[list[Word]]:
    """Sentences of a text as words with offsets, as the parser cuts them."""
    lexicon = load_lexicon()
    words = split_words(text, lexicon)
    return [words[a:b] for a, b in split_sentences(text, words, lexicon)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """The files of a trained model, as bytes. coding: heads trained last, on the encoder as it is (training/
    coding_heads.py). labels: `labels.json`."""

    encoder: bytes
    heads: bytes
    coding: bytes
    relations: bytes
    vocabulary: str
    labels: str
    lemmas: str


class EnglishParser:
    """`Parser` on the shipped weights."""

    def __init__(self, weights: Weights, *, threads: int = 1) -> None:
        """threads: sentences parsed at the same time.

        Raises:
            ResourceError: E302 when the weights do not load.
        """
        try:
            described = json.loads(weights.labels)
            self.name: str = described["name"]
            self._labels = {name: tuple(values) for name, values in described["labels"].items()}
            self._name_labels = tuple(described["names"])
            self._signals = {name: tuple(values) for name, values in described["signals"].items()}
            self._lemmatizer = Lemmatizer(weights.lemmas.splitlines())
            self._pieces = Pieces(weights.vocabulary.split("\n"))
            self._encoder, self._heads, self._coding, self._relations = (
                _session(part) for part in (weights.encoder, weights.heads, weights.coding, weights.relations)
            )
        except (KeyError, ValueError, RuntimeError) as error:
            raise ResourceError("E302", f"the parser's weights do not load: {error}", remedy="install again") from error
        self._outputs = [output.name for output in self._heads.get_outputs()]
        self._scores = [output.name for output in self._coding.get_outputs()]
        self._threads = threads

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._threads)

    def parse(self, texts: Sequence[str]) -> list[tuple[Tree, ...]]:
        """Trees of each text, in order; offsets in that text. A text without a word has none."""
        sentences = [(number, text, words) for number, text in enumerate(texts) for words in split_text(text)]
        found: list[list[Tree]] = [[] for _ in texts]
        if self._threads > 1 and len(sentences) > 1:
            trees = list(self._pool.map(lambda s: self.parse_words(s[1], s[2]), sentences))
        else:
            trees = [self.parse_words(text, words) for _, text, words in sentences]
        for (number, _, _), tree in zip(sentences, trees, strict=True):
            found[number].append(tree)
        return [tuple(sentence) for sentence in found]

    def parse_words(self, text: str, words: Sequence[Word]) -> Tree:
        """One sentence whose words are given (at least one), offsets into `text`."""
        vectors = self._encode(words)
        out = dict(zip(self._outputs, self._heads.run(None, {"vectors": vectors}), strict=True))
        arcs: Vectors = out["arcs"]
        heads = decode_heads(arcs)
        forms = tuple(word.text for word in words)
        tags = {
            name: [self._labels[name][i] for i in out[name].tolist()] for name in ("upos", "xpos", "feats", "lemma")
        }
        lemmas = map(self._lemmatizer.lemma, forms, tags["xpos"], tags["lemma"])
        names = decode_names(out["names"], self._name_labels)
        scores = dict(zip(self._scores, self._coding.run(None, {"vectors": vectors}), strict=True))
        arrays = {name: scores[name] for name in self._signals}
        return Tree(
            start=words[0].start,
            end=words[-1].end,
            starts=tuple(word.start for word in words),
            ends=tuple(word.end for word in words),
            forms=forms,
            lemmas=tuple(lemmas),
            upos=tuple(tags["upos"]),
            xpos=tuple(tags["xpos"]),
            feats=tuple(tags["feats"]),
            heads=tuple(head - 1 for head in heads),
            deprels=self._deprels(out, heads),
            names=join_names(find_dates(forms), find_money(forms), names),
            score=round(float(np.exp(arcs[np.arange(len(heads)), heads]).mean()), 6),
            signals=Signals(arrays=arrays, labels=self._signals) if arrays else None,
        )

    def _deprels(self, out: dict[str, Vectors], heads: Sequence[int]) -> tuple[str, ...]:
        given = {"dep": out["rel_dep"], "head": out["rel_head"][list(heads)]}
        labels = self._labels["deprel"]
        found: list[int] = self._relations.run(None, given)[0].tolist()
        return tuple("root" if head == 0 else labels[i] for i, head in zip(found, heads, strict=True))

    def _encode(self, words: Sequence[Word]) -> Vectors:
        """(words, width) vectors; a sentence longer than the encoder goes in overlapping windows."""
        cuts, shapes, end = [], [], -1
        for word in words:
            cut, shape = self._pieces.cut_with_shape(word.text)
            cuts.append(cut)
            shapes.append(2 * shape + (word.start == end))
            end = word.end
        if sum(len(cut) for cut in cuts) <= WINDOW:
            return self._run(cuts, shapes)
        found: list[Vectors] = []
        for low, high, first, last in _windows([len(cut) for cut in cuts]):
            vectors = self._run(cuts[low:high], shapes[low:high])
            found.append(vectors[first - low : last - low])
        return np.concatenate(found)

    def _run(self, cuts: Sequence[tuple[int, ...]], shapes: Sequence[int]) -> Vectors:
        ids, forms, first, last = [self._pieces.first], [EDGE_SHAPE], [], []
        for cut, shape in zip(cuts, shapes, strict=True):
            first.append(len(ids))
            ids.extend(cut)
            forms.extend([shape] * len(cut))
            last.append(len(ids) - 1)
        ids.append(self._pieces.last)
        forms.append(EDGE_SHAPE)
        given = {
            "ids": np.array([ids]),
            "shapes": np.array([forms]),
            "places": np.arange(len(ids))[None],
            "mask": np.ones((1, len(ids)), np.int32),
            "first": np.array(first),
            "last": np.array(last),
        }
        vectors: Vectors = self._encoder.run(None, given)[0]
        return vectors


def _session(model: bytes) -> onnxruntime.InferenceSession:
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
