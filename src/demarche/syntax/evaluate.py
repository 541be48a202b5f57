"""The board of the language layer: figures on development splits, gold words and raw text, and speed.

Scores: UAS/LAS over words aligned by offsets (F1 where words differ; relation subtypes ignored, punctuation counted,
as in the CoNLL 2018 shared task); sentences and words as exact spans; names as exact spans with PER, LOC, ORG.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from demarche.records import BoardRow, Tree
from demarche.syntax.conllu import GoldSentence, read_conllu
from demarche.syntax.load import Parser, load_parser
from demarche.syntax.parser import EnglishParser
from demarche.syntax.words import Word

__all__ = ["BoardRow", "evaluate_syntax", "name_sets"]

TREEBANKS = {
    "EWT dev": "en_ewt-ud-dev.conllu",
    "GUM dev": "en_gum-open-dev.conllu",
    "GUM news dev": "en_gum-news-dev.conllu",
}
SPEECH = ("news", "interview", "speech")
NAMED = frozenset(("PER", "LOC", "ORG"))
_KIND = {"Person": "PER", "Location": "LOC", "Organization": "ORG", "Facility": "LOC"}

Span = tuple[int, int]
NamedSentence = tuple[tuple[str, ...], frozenset[tuple[int, int, str]]]


FLOORS = {
    ("EWT dev", "LAS"): 88.0, ("GUM dev", "LAS"): 88.0, ("GUM dev", "UPOS"): 97.0, ("GUM dev", "lemma"): 97.5,
    ("GUM dev news+interview+speech raw", "LAS F1"): 86.0, ("GUM news dev raw", "sentences F1"): 95.0,
    ("UNER EWT dev", "names F1"): 76.3, ("world news dev", "names F1"): 77.3, ("CoNLL++ 2020", "names F1"): 86.1,
}  # fmt: skip
"""What the layer is held to with the shipped parser; of names: what is reached, less one."""


def evaluate_syntax(ud_dir: Path, ner_dir: Path | None, parser: Parser | None = None) -> list[BoardRow]:
    """Every row of the board.

    Args:
        ud_dir: folder with the CoNLL-U files of EWT and GUM. ner_dir: folder with the name sets, None: without.
        parser: the shipped one when None; another is measured on raw text only.
    """
    parser = parser or load_parser()
    rows: list[BoardRow] = []
    for label, name in TREEBANKS.items():
        sentences = read_conllu(ud_dir / name)
        if isinstance(parser, EnglishParser):
            rows += _gold_words(label, sentences, parser)
        rows += _raw(f"{label} raw", sentences, parser)
        if label == "GUM dev":
            chosen = [s for s in sentences if s.id.split("_")[1] in SPEECH]
            rows += _raw("GUM dev news+interview+speech raw", chosen, parser)
    if ner_dir is not None and isinstance(parser, EnglishParser):
        for label, named in name_sets(ud_dir, ner_dir).items():
            rows += _names(label, named, parser)
    rows.append(_speed(read_conllu(ud_dir / TREEBANKS["GUM news dev"]), parser))
    if not isinstance(parser, EnglishParser):
        return rows
    return [replace(row, floor=FLOORS.get((row.set, row.measure))) for row in rows]


def _gold_words(label: str, sentences: Sequence[GoldSentence], parser: EnglishParser) -> list[BoardRow]:
    hits: Counter[str] = Counter()
    total = 0
    for sentence in sentences:
        gold = sentence.tree
        words = [Word(a, b, f) for a, b, f in zip(gold.starts, gold.ends, gold.forms, strict=True)]
        found = parser.parse_words(words)
        total += len(gold)
        for i in range(len(gold)):
            _count(hits, gold, i, found, i, gold.heads[i] == found.heads[i])
    return [BoardRow(set=label, measure=m, value=100 * hits[m] / total, units=total) for m in _MEASURES]


_MEASURES = ("UAS", "LAS", "UPOS", "XPOS", "feats", "lemma")


def _count(hits: Counter[str], gold: Tree, i: int, found: Tree, j: int, attached: bool) -> None:
    hits["UAS"] += attached
    hits["LAS"] += attached and gold.deprels[i].split(":")[0] == found.deprels[j].split(":")[0]
    hits["UPOS"] += gold.upos[i] == found.upos[j]
    hits["XPOS"] += gold.xpos[i] == found.xpos[j]
    hits["feats"] += gold.feats[i] == found.feats[j]
    hits["lemma"] += gold.lemmas[i] == found.lemmas[j]


def paragraphs(sentences: Iterable[GoldSentence]) -> Iterator[list[GoldSentence]]:
    """Sentences by paragraph, as `# newpar` says."""
    current: list[GoldSentence] = []
    for sentence in sentences:
        if sentence.starts_paragraph and current:
            yield current
            current = []
        current.append(sentence)
    if current:
        yield current


def _raw(label: str, sentences: Sequence[GoldSentence], parser: Parser) -> list[BoardRow]:
    hits: Counter[str] = Counter()
    gold_words = found_words = gold_sentences = found_sentences = 0
    for paragraph in paragraphs(sentences):
        text, trees = "", []
        for sentence in paragraph:
            text += " " if text else ""
            trees.append(sentence.tree.shifted(len(text)))
            text += sentence.text
        parsed = parser.parse([text])[0]
        ends = {(t.starts[0], t.ends[-1]) for t in trees}
        hits["sentences"] += len(ends & {(t.starts[0], t.ends[-1]) for t in parsed})
        gold_sentences, found_sentences = gold_sentences + len(trees), found_sentences + len(parsed)
        place = {span: (t, i) for t in parsed for i, span in enumerate(zip(t.starts, t.ends, strict=True))}
        found_words += len(place)
        for tree in trees:
            gold_words += len(tree)
            for i, span in enumerate(zip(tree.starts, tree.ends, strict=True)):
                if span in place:
                    found, j = place[span]
                    hits["words"] += 1
                    _count(hits, tree, i, found, j, _head_span(tree, i) == _head_span(found, j))
    rows = [
        BoardRow(set=label, measure=f"{m} F1", value=200 * hits[m] / max(1, gold_words + found_words), units=gold_words)
        for m in ("words", *_MEASURES)
    ]
    value = 200 * hits["sentences"] / max(1, gold_sentences + found_sentences)
    return [BoardRow(set=label, measure="sentences F1", value=value, units=gold_sentences), *rows]


def _head_span(tree: Tree, i: int) -> Span | None:
    head = tree.heads[i]
    return None if head < 0 else (tree.starts[head], tree.ends[head])


def name_sets(ud_dir: Path, ner_dir: Path) -> dict[str, list[NamedSentence]]:
    """Sentences in words with their names (first, last, kind): none of these sets is trained on."""
    world: list[NamedSentence] = []
    for path in sorted((ner_dir / "en_worldwide_dev").glob("*.tsv")):
        world += _read_tags(path, column=1, separator="\t")
    return {
        "UNER EWT dev": _read_uner(ner_dir / "uner_ewt_dev.iob2"),
        "world news dev": world,
        "CoNLL++ 2020": _read_tags(ner_dir / "conllpp_2020.txt", column=-1, separator=" "),
    }


def _read_uner(path: Path) -> list[NamedSentence]:
    return _read_tags(path, column=2, separator="\t", form=1)


def _read_tags(path: Path, *, column: int, separator: str, form: int = 0) -> list[NamedSentence]:
    found: list[NamedSentence] = []
    words: list[str] = []
    tags: list[str] = []
    for line in [*path.read_text(encoding="utf-8").split("\n"), ""]:
        cells = line.rstrip("\r").split(separator)
        if line.startswith("-DOCSTART") or line.startswith("# "):
            continue
        if len(cells) > 1 and cells[form].strip():
            words.append(cells[form].strip())
            tags.append(cells[column].strip())
        elif words:
            found.append((tuple(words), frozenset(_spans(tags))))
            words, tags = [], []
    return found


def _spans(tags: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    first, kind = 0, ""
    for i, tag in enumerate([*tags, "O"]):
        mark, name = (tag[0], _KIND.get(tag[2:], tag[2:])) if tag != "O" else ("O", "")
        if kind and (mark in "OBS" or name != kind):
            if kind in NAMED:
                yield first, i - 1, kind
            kind = ""
        if name and not kind:
            first, kind = i, name


_NO_BLANK = frozenset(",.;:!?)]}%'’”") | {"'s", "’s", "n't", "n’t", "'re", "'ve", "'ll", "'d", "'m"}


def _names(label: str, sentences: Sequence[NamedSentence], parser: EnglishParser) -> list[BoardRow]:
    """All kinds together, then each."""
    hit: Counter[str] = Counter()
    found: Counter[str] = Counter()
    gold: Counter[str] = Counter()
    for forms, names in sentences:
        tree = parser.parse_words(_placed(forms))
        mine = {(n.first, n.last, n.label) for n in tree.names if n.label in NAMED}
        for counter, spans in ((hit, mine & names), (found, mine), (gold, names)):
            counter.update(kind for _, _, kind in spans)
    rows = [("names F1", hit.total(), found.total(), gold.total())]
    rows += [(f"{kind} F1", hit[kind], found[kind], gold[kind]) for kind in _KINDS]
    return [BoardRow(set=label, measure=m, value=200 * h / max(1, a + b), units=b) for m, h, a, b in rows]


_KINDS = ("PER", "LOC", "ORG")


def _placed(forms: Sequence[str]) -> list[Word]:
    """Words with offsets in a text as it may have stood."""
    at, words = 0, []
    for i, form in enumerate(forms):
        at += int(i > 0 and form not in _NO_BLANK and forms[i - 1] not in ("(", "[", "$", "“", "‘"))
        words.append(Word(at, at + len(form), form))
        at += len(form)
    return words


def _speed(sentences: Sequence[GoldSentence], parser: Parser) -> BoardRow:
    """White-space separated words per second of processor time, whole layer, in calls of twenty paragraphs."""
    texts = [" ".join(s.text for s in paragraph) for paragraph in paragraphs(sentences)]
    parser.parse(texts[:5])
    began = time.process_time()
    for i in range(0, len(texts), 20):
        parser.parse(texts[i : i + 20])
    spent = time.process_time() - began
    words = sum(len(text.split()) for text in texts)
    return BoardRow(set="GUM news dev raw", measure="words/s", value=words / spent, units=words)
