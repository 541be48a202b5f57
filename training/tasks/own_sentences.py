"""Sentences written for this project with their names (training/data/own_names.txt) as examples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from demarche.syntax.lexicon import load_lexicon
from demarche.syntax.words import split_words

__all__ = ["KINDS", "OWN_NAMES", "MarkedSentence", "read_marked"]

OWN_NAMES = Path(__file__).parents[1] / "data/own_names.txt"
KINDS = {"P": "PER", "O": "ORG", "L": "LOC", "N": "NORP", "M": "MISC"}
_MARK = re.compile(r"\[([POLNM]) ([^\]]+)\]")

MarkedSentence = tuple[tuple[str, ...], tuple[bool, ...], list[tuple[int, int, str]]]
"""Words, whether each touches the one before, names as (first, last, kind)."""


def read_marked(path: Path = OWN_NAMES) -> Iterator[MarkedSentence]:
    """`[P Ada Lovelace] lives in [L Paris].`, one a line; lines with `#` are left out.

    Raises:
        ValueError: a mark that does not begin and end with a word.
    """
    for line in path.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield _sentence(line)


def _sentence(line: str) -> MarkedSentence:
    text, at, spans = "", 0, []
    for mark in _MARK.finditer(line):
        text += line[at : mark.start()]
        spans.append((len(text), len(text) + len(mark[2]), KINDS[mark[1]]))
        text += mark[2]
        at = mark.end()
    text += line[at:]
    words = split_words(text, load_lexicon())
    starts, ends = {w.start: i for i, w in enumerate(words)}, {w.end: i for i, w in enumerate(words)}
    names = []
    for start, end, kind in spans:
        if start not in starts or end not in ends:
            if end + 1 in ends and text[end] == ".":  # a stop that the words take in
                end += 1
            else:
                raise ValueError(f"a name does not fit the words: {text[start:end]!r} in {line!r}")
        names.append((starts[start], ends[end], kind))
    blanks = tuple(i > 0 and words[i - 1].end == word.start for i, word in enumerate(words))
    return tuple(word.text for word in words), blanks, names
