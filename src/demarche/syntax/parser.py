"""The shipped parser: words, sentences, one int8 encoder, heads; onnxruntime on one core a worker.

Sentences of the same number of pieces go through the encoder together, never padded, and heads that read one word at a
time take many sentences at once. Activations have fixed scales and products are summed as integers, so each row comes
out the same in any company: results are equal alone, in any batch, on any number of threads (tests hold it).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice, pairwise

import numpy as np

from demarche.errors import ResourceError
from demarche.records import Signals, Tree
from demarche.syntax.datelines import dateline_length
from demarche.syntax.lemmas import Lemmatizer
from demarche.syntax.lexicon import load_lexicon
from demarche.syntax.name_lists import read_lists
from demarche.syntax.names import decode_names, find_dates, find_money, join_names, tidy_names
from demarche.syntax.sentences import split_sentences
from demarche.syntax.tree_decoding import decode_heads
from demarche.syntax.word_vectors import Vectors, WordEncoder, open_session
from demarche.syntax.words import Word, split_words

__all__ = ["EnglishParser", "Weights", "split_text"]

WORDS = 320
"""Words that go through the heads together, about: what they compute then stays in the processor's cache."""
TOGETHER = 512
"""Sentences among which equal lengths are sought."""

DATELINE = "parataxis"
"""Relation of a dateline to the report behind it, after UD's guidelines on bylines."""

TAGS = ("upos", "xpos", "feats", "lemma")


def split_text(text: str) -> list[list[Word]]:
    """Sentences of a text as words with offsets, as the parser cuts them."""
    lexicon = load_lexicon()
    words = split_words(text, lexicon)
    return [words[a:b] for a, b in split_sentences(text, words, lexicon)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """The files of a trained model, as bytes. labels: `labels.json`."""

    encoder: bytes
    heads: bytes
    arcs: bytes
    relations: bytes
    coding: bytes
    vocabulary: str
    labels: str
    lemmas: str
    lists: bytes


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
            self.encoder = WordEncoder(weights.encoder, weights.vocabulary.split("\n"))
            self._lists = read_lists(weights.lists)
            self._heads, self._arcs, self._relations, self._coding = (
                open_session(part) for part in (weights.heads, weights.arcs, weights.relations, weights.coding)
            )
        except (KeyError, ValueError, RuntimeError, OSError) as error:
            raise ResourceError("E302", f"the parser's weights do not load: {error}", remedy="install again") from error
        self._outputs = [output.name for output in self._heads.get_outputs()]
        self._coded = [output.name for output in self._coding.get_outputs()]
        self._threads = threads

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._threads)

    def parse(self, texts: Sequence[str]) -> list[tuple[Tree, ...]]:
        """Trees of each text, in order; offsets in that text. A text without a word has none."""
        split = [split_text(text) for text in texts]
        trees = iter(self.parse_sentences([words for sentences in split for words in sentences]))
        return [tuple(islice(trees, len(sentences))) for sentences in split]

    def parse_words(self, words: Sequence[Word]) -> Tree:
        """One sentence whose words are given (at least one), with their offsets."""
        return self._trees([words])[0]

    def parse_sentences(self, sentences: Sequence[Sequence[Word]]) -> list[Tree]:
        """Sentences whose words are given (at least one each)."""
        parts = [sentences[i : i + TOGETHER] for i in range(0, len(sentences), TOGETHER)]
        if self._threads > 1 and len(parts) > 1:
            return [tree for trees in self._pool.map(self._trees, parts) for tree in trees]
        return [tree for part in parts for tree in self._trees(part)]

    def _trees(self, sentences: Sequence[Sequence[Word]]) -> list[Tree]:
        cuts = [dateline_length(words) for words in sentences]
        vectors = self._encode_apart(sentences, cuts)
        signals = self._signals_of(vectors)
        found: list[Tree] = []
        for first, last in _about(WORDS, [len(words) for words in sentences]):
            found += self._read(sentences[first:last], vectors[first:last], cuts[first:last], signals[first:last])
        return found

    def _encode_apart(self, sentences: Sequence[Sequence[Word]], cuts: Sequence[int]) -> list[Vectors]:
        """Vectors of the words of each sentence; those before a cut are read without those behind it."""
        parts = [
            part for words, cut in zip(sentences, cuts, strict=True) for part in (words[:cut], words[cut:]) if part
        ]
        vectors = iter(self.encoder.encode(parts))
        return [np.concatenate([next(vectors), next(vectors)]) if cut else next(vectors) for cut in cuts]

    def _heads_of(self, out: Mapping[str, Vectors], low: int, high: int, cut: int) -> tuple[list[int], Vectors]:
        """Heads of the words of one sentence, 0 for the root, and their log probabilities. What stands before the cut
        is a tree of its own under the root of the rest."""
        if not cut:
            arcs = self._arcs.run(None, {"arc_dep": out["arc_dep"][low:high], "arc_head": out["arc_head"][low:high]})[0]
            heads = decode_heads(arcs)
            return heads, arcs[np.arange(high - low), heads]
        (before, first), (behind, second) = (
            self._heads_of(out, *part, 0) for part in ((low, low + cut), (low + cut, high))
        )
        root = behind.index(0) + 1 + cut
        return [head or root for head in before] + [head and head + cut for head in behind], np.concatenate(
            [first, second]
        )

    def _read(
        self,
        sentences: Sequence[Sequence[Word]],
        vectors: Sequence[Vectors],
        cuts: Sequence[int],
        signals: Sequence[Signals | None],
    ) -> list[Tree]:
        """Trees of sentences with the vectors of their words."""
        forms = [tuple([word.text for word in words]) for words in sentences]
        sizes = [len(words) for words in sentences]
        out = self._run_heads(vectors, forms, sizes)
        starts = np.cumsum([0, *sizes]).tolist()
        rooted, scores = [], []
        for (low, high), cut in zip(pairwise(starts), cuts, strict=True):
            heads, sure = self._heads_of(out, low, high, cut)
            rooted.append(heads)
            scores.append(float(np.exp(sure).mean()))
        deprels = self._deprels(out, rooted, starts)
        for low, heads, cut in zip(starts, rooted, cuts, strict=False):
            if cut:
                deprels[low + next(i for i in range(cut) if heads[i] > cut)] = DATELINE
        tags = {name: self._named(name, out[name]) for name in TAGS}
        tags["lemma"] = list(map(self._lemmatizer.lemma, chain.from_iterable(forms), tags["xpos"], tags["lemma"]))
        trees = []
        for i, (low, high) in enumerate(pairwise(starts)):
            words, names = sentences[i], decode_names(out["names"][low:high], self._name_labels)
            trees.append(
                Tree(
                    start=words[0].start,
                    end=words[-1].end,
                    starts=tuple([word.start for word in words]),
                    ends=tuple([word.end for word in words]),
                    forms=forms[i],
                    lemmas=tuple(tags["lemma"][low:high]),
                    upos=tuple(tags["upos"][low:high]),
                    xpos=tuple(tags["xpos"][low:high]),
                    feats=tuple(tags["feats"][low:high]),
                    heads=tuple([head - 1 for head in rooted[i]]),
                    deprels=tuple(deprels[low:high]),
                    names=join_names(find_dates(forms[i]), find_money(forms[i]), tidy_names(names, forms[i])),
                    score=round(scores[i], 6),
                    signals=signals[i],
                )
            )
        return trees

    def _signals_of(self, vectors: Sequence[Vectors]) -> list[Signals | None]:
        """Scores of the coding heads, which compare words of one sentence; sentences of one length go together."""
        found: list[Signals | None] = [None] * len(vectors)
        if not self._signals:
            return found
        by_size: dict[int, list[int]] = {}
        for number, one in enumerate(vectors):
            by_size.setdefault(len(one), []).append(number)
        for size, numbers in by_size.items():
            many = max(1, WORDS // size)
            for i in range(0, len(numbers), many):
                chosen = numbers[i : i + many]
                out = self._coding.run(None, {"vectors": np.stack([vectors[n] for n in chosen])})
                scores = [(name, array) for name, array in zip(self._coded, out, strict=True) if name in self._signals]
                for row, n in enumerate(chosen):
                    arrays = {name: array[row] for name, array in scores}
                    found[n] = Signals(arrays=arrays, labels=self._signals)
        return found

    def _run_heads(
        self, vectors: Sequence[Vectors], forms: Sequence[tuple[str, ...]], sizes: Sequence[int]
    ) -> dict[str, Vectors]:
        before = np.arange(sum(sizes))
        after = before + 2
        at = 0
        for size in sizes:
            before[at], after[at + size - 1] = 0, 0
            at += size
        given = {
            "vectors": np.concatenate(vectors),
            "marks": np.concatenate([self._lists.marks(words) for words in forms]),
            "before": before,
            "after": after,
        }
        return dict(zip(self._outputs, self._heads.run(None, given), strict=True))

    def _named(self, kind: str, numbers: Vectors) -> list[str]:
        labels = self._labels[kind]
        return [labels[i] for i in numbers.tolist()]

    def _deprels(self, out: Mapping[str, Vectors], heads: Sequence[Sequence[int]], starts: Sequence[int]) -> list[str]:
        rows = [start + head - 1 if head else start for start, own in zip(starts, heads, strict=False) for head in own]
        given = {"dep": out["rel_dep"], "head": out["rel_head"][rows]}
        labels = self._labels["deprel"]
        found: list[int] = self._relations.run(None, given)[0].tolist()
        return [labels[i] if head else "root" for i, head in zip(found, chain.from_iterable(heads), strict=True)]

    def _encode(self, words: Sequence[Word]) -> Vectors:
        """(words, width) vectors of one sentence."""
        return self._encode_apart([words], [dateline_length(words)])[0]


def _about(room: int, sizes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Ranges whose sizes sum up to `room` at most, or that hold one."""
    first = total = 0
    for i, size in enumerate(sizes):
        if total and total + size > room:
            yield first, i
            first, total = i, 0
        total += size
    yield first, len(sizes)
