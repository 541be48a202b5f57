"""The board `statements`: attribution on PolNeAR, hard sentences, status, factuality and the speed of the room."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from demarche.pipeline.code import bare_article, code_batch, parse_article
from demarche.pipeline.models import Models, Parser
from demarche.pipeline.score_articles import matched_rows
from demarche.pipeline.score_statements import (
    AttributionScores,
    correlation,
    hard_sentence_is_right,
    score_attributions,
)
from demarche.records import Article, BoardRow, CodedDocument, Tree

__all__ = ["BoardRow", "factual_words", "measure_statements"]

BATCH = 64
NO_SPACE = frozenset(". , ; : ? ! ) ] % 's n't 're 've 'll 'd 'm ''".split())
NO_SPACE_AFTER = frozenset("( [ $ `` #".split())


Read = Callable[[Iterable[Mapping[str, str | None]]], list[Article]]
"""Rows with `id`, `text` and `published` as articles, as a user's file would be read."""


def measure_statements(data: Path, models: Models, read: Read) -> Iterator[BoardRow]:
    """Every figure of the board. data: the folder that holds `data`, `acceptance` and `eval`."""
    yield from _polnear(data / "data" / "statements" / "polnear_dev.jsonl", models, read)
    yield from _hard(data / "acceptance" / "attribution_sentences.json", models)
    yield _status(json.loads((data / "eval" / "dev_articles.json").read_text("utf-8")), models, read)
    for name, which in (("uw_dev", "told"), ("uds_ih2_dev", "meant")):
        yield _factuality(data / "data" / "statements" / f"{name}.jsonl", name, which, models)


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _polnear(path: Path, models: Models, read: Read) -> Iterator[BoardRow]:
    rows = [row for row in _rows(path) if "text" in row]
    articles = read({"id": row["doc"], "text": row["text"], "published": row["date"]} for row in rows)
    coded, speed, words = _coded(articles, models)
    for outer, name, floors in (
        (False, "polnear_dev", (0.68, 0.67, 0.77, 0.55)),
        (True, "polnear_dev outermost", (0.73, 0.71, 0.77, 0.59)),
    ):
        scores = AttributionScores()
        for row in rows:
            score_attributions(row["text"], row["attributions"], coded[row["doc"]], scores, outer=outer)
        for part, floor in zip(("source", "cue", "content"), floors, strict=False):
            yield BoardRow(
                set=name, measure=f"{part} overlap F1", value=scores.f1(part), units=scores.gold[part], floor=floor
            )
        yield BoardRow(set=name, measure="linked F1", value=scores.linked_f1(), units=scores.linked[1], floor=floors[3])
    yield BoardRow(set="polnear_dev", measure="words a second, parse and links left out", value=speed, units=words)


def _coded(articles: Iterable[Article], models: Models) -> tuple[dict[str, CodedDocument], float, int]:
    """Coded documents by the id of their row, words a second of processor time of the room alone, and the words."""
    found: dict[str, CodedDocument] = {}
    seconds, words = 0.0, 0
    for article in articles:
        sentences, trees = parse_article(article, models)
        linked = models.linker.link(article, sentences, trees)
        begun = time.process_time()
        said = models.coder.code(article, sentences, trees, linked)
        seconds += time.process_time() - begun
        words += article.document.words
        found[article.document.external_id or ""] = CodedDocument(
            document=article.document, paragraphs=article.paragraphs, sentences=sentences,
            actors=(*linked.actors, *said.actors), attributions=said.attributions, assertions=said.assertions,
        )  # fmt: skip
    return found, words / seconds, words


def _hard(path: Path, models: Models) -> Iterator[BoardRow]:
    rows = json.loads(path.read_text("utf-8"))
    coded = code_batch([bare_article(row["text"], "2022-03-17") for row in rows], models)
    right = sum(
        isinstance(one, CodedDocument) and hard_sentence_is_right(row["expected"], one)
        for row, one in zip(rows, coded, strict=True)
    )
    yield BoardRow(set="attribution_sentences", measure="wholly right", value=right, units=len(rows), floor=22)


def _status(gold: Sequence[dict[str, Any]], models: Models, read: Read) -> BoardRow:
    """Status of rows whose trigger and type are right."""
    right = total = 0
    articles = read({"id": one["id"], "text": one["text"], "published": one["date"]} for one in gold)
    coded = {c.document.external_id: c for c in code_batch(articles, models) if isinstance(c, CodedDocument)}
    for article in gold:
        for wanted, row in matched_rows(article, coded[article["id"]]) if article["id"] in coded else ():
            total += 1
            right += wanted["status"] == row.status
    return BoardRow(
        set="dev_articles", measure="status accuracy of matched rows", value=right / max(1, total), units=total,
        floor=0.9,
    )  # fmt: skip


def _factuality(path: Path, name: str, which: str, models: Models) -> BoardRow:
    from demarche.coding import load_factuality, read_tree_factuality

    table = load_factuality()
    found, labels = [], []
    for tree, word, label in factual_words(path, models.parser):
        found.append(getattr(read_tree_factuality(tree, word, table), which))
        labels.append(label)
    return BoardRow(
        set=name, measure=f"factuality ({which}), Pearson r", value=correlation(found, labels), units=len(labels),
        floor=0.71,
    )  # fmt: skip


def factual_words(path: Path, parser: Parser) -> Iterator[tuple[Tree, int, float]]:
    """Tree, word and label of every annotated predicate of a file of factuality (tokens joined to a text first)."""
    rows = _rows(path)
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        texts = [_joined(row["tokens"]) for row in batch]
        for row, (_, spans), trees in zip(batch, texts, parser.parse([text for text, _ in texts]), strict=True):
            for predicate in row["predicates"]:
                span = (spans[predicate["start"]][0], spans[predicate["end"] - 1][1])
                yield (*_word_at(trees, span), float(predicate["label"]))


def _joined(tokens: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
    text, spans = "", []
    for at, token in enumerate(tokens):
        if text and token not in NO_SPACE and not (at and tokens[at - 1] in NO_SPACE_AFTER):
            text += " "
        spans.append((len(text), len(text) + len(token)))
        text += token
    return text, spans


def _word_at(trees: Sequence[Tree], span: tuple[int, int]) -> tuple[Tree, int]:
    """The head of the words that share a character with the span; the first word of all where none does."""
    for tree in trees:
        words = [at for at in range(len(tree)) if tree.starts[at] < span[1] and tree.ends[at] > span[0]]
        if words:
            return tree, next(at for at in words if tree.heads[at] not in words)
    return trees[0], 0
