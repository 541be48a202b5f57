"""The accuracy boards: each room's own measures on data beside the project, in one table."""

from __future__ import annotations

import importlib
import json
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demarche.errors import NotBuiltError, ResourceError
from demarche.pipeline.code import bare_article, code_batch, parse_article
from demarche.pipeline.models import ModelOptions, Models, load_models
from demarche.pipeline.score_articles import LEVELS, score_articles
from demarche.records import Article, CodedDocument

Load = Callable[[], Models]

__all__ = ["BOARDS", "Figure", "coding_page", "read_rows", "run_board"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured value. set: the data it was measured on. n: units behind it; None where the room does not say.
    floor: below it the board fails; None: shown only.
    """

    board: str
    set: str
    measure: str
    value: float
    n: int | None = None
    floor: float | None = None


def run_board(name: str, data: Path, load: Load = load_models) -> list[Figure]:
    """Measure one board on the data folder; boards that code articles do so with the models that `load` gives.

    Raises:
        ResourceError: E211 when the folder or a file of it is missing.
        NotBuiltError: E901 when the room does not measure itself yet.
    """
    if not data.is_dir():
        advice = "say where it is with --data"
        raise ResourceError("E211", "the data folder is missing", where=str(data), remedy=advice)
    try:
        return list(BOARDS[name](data, load))
    except FileNotFoundError as error:
        advice = "say where the data folder is with --data"
        raise ResourceError(
            "E211", "a file of the data folder is missing", where=error.filename, remedy=advice
        ) from error


def _figures(board: str, rows: Iterable[Any]) -> list[Figure]:
    """Rows of a room (`set`, `measure`, `value`, `units`, perhaps `floor`) as figures."""
    return [
        Figure(
            board=board, set=r.set, measure=r.measure, value=float(r.value), n=r.units, floor=getattr(r, "floor", None)
        )
        for r in rows
    ]  # fmt: skip


def _room(board: str, room: str, function: str) -> Callable[[Path, Load], list[Figure]]:
    """A board that a room measures by itself, given the folder of the data sets; not built while it offers none."""

    def measure(data: Path, load: Load) -> list[Figure]:
        evaluate = getattr(importlib.import_module(f"demarche.{room}"), function, None)
        if evaluate is None:
            raise NotBuiltError("E901", f"the board {board!r} is not built yet")
        return _figures(board, evaluate(data / "data"))

    return measure


def syntax_board(data: Path, load: Load = load_models) -> list[Figure]:
    """The language layer on the development treebanks and name sets; see `demarche.syntax.evaluate_syntax`."""
    from demarche.syntax import evaluate_syntax

    return _figures("syntax", evaluate_syntax(data / "data" / "ud", data / "data" / "ner"))


def linking_board(data: Path, load: Load = load_models) -> list[Figure]:
    """Who, where, when: texts are read and parsed here, since linking knows no parser; see `evaluate_linking`."""
    from demarche.linking import Linker, Parsed, evaluate_linking

    models = load()

    def prepare(rows: Sequence[Mapping[str, str | None]], *, bare: bool = False) -> list[Parsed]:
        articles = [bare_article(row["text"] or "", row["published"]) for row in rows] if bare else read_rows(rows)
        parsed = ((article, *parse_article(article, models)) for article in articles)
        return [Parsed(article=a, sentences=sentences, trees=trees) for a, sentences, trees in parsed]

    return _figures(
        "linking",
        evaluate_linking(data / "data", prepare, models.linker if isinstance(models.linker, Linker) else None),
    )


def statements_board(data: Path, load: Load = load_models) -> list[Figure]:
    """According to whom and how it stands: PolNeAR, hard sentences, status, factuality; see `measure_statements`."""
    from demarche.pipeline.statements import measure_statements

    return _figures("statements", measure_statements(data, load(), read_rows))


def coding_board(data: Path, load: Load = load_models) -> list[Figure]:
    """Sets of sentences that others coded, through the whole pipeline; see `evaluate_coding`."""
    from demarche.coding import evaluate_coding

    return _figures("coding", evaluate_coding(data / "data", sentence_coder(load)))


def coding_page(data: Path, load: Load = load_models, others: Sequence[str] = ()) -> tuple[list[Figure], str]:
    """The coding board with its page. others: coders (`load_sentence_coder`) to compare with ours.

    Raises:
        ConfigError, TransientError: a coder is not there or does not answer.
    """
    from demarche.coding import agreement, load_sentence_coder, read_ledger, score_coding, write_report

    coders = [load_sentence_coder(spec) for spec in others]
    scores = score_coding(data / "data", sentence_coder(load))
    agreed = {}
    for name, (rows, types) in scores.coded.items() if coders else ():
        said = {
            coder.name: [next((str(t) for t in coder.code(r["text"] or "", r["published"])), "none") for r in rows]
            for coder in coders
        }
        agreed[name] = agreement({"demarche": types, **said})
    return _figures("coding", scores.rows), write_report(scores, read_ledger(), agreed)


def sentence_coder(load: Load = load_models) -> Callable[..., list[CodedDocument]]:
    """Codes bare sentences, each an article of its own, with tables of actors where given: `coding.CodeTexts`."""
    models = load()

    def code(rows: Sequence[Mapping[str, str | None]], *, actors: Sequence[Path] = ()) -> list[CodedDocument]:
        mine = load_models(ModelOptions(actors=tuple(actors))) if actors else models
        articles = [bare_article(row["text"] or "", row["published"]) for row in rows]
        return [one for one in code_batch(articles, mine) if isinstance(one, CodedDocument)]

    return code


def articles_board(data: Path, load: Load = load_models) -> list[Figure]:
    """The whole pipeline on the development articles; see `score_articles`."""
    gold = json.loads((data / "eval" / "dev_articles.json").read_text("utf-8"))
    return article_figures("dev_articles", gold, load())


def article_figures(name: str, gold: list[dict[str, Any]], models: Models) -> list[Figure]:
    """Code the gold articles through the reader, as a user would, and score them."""
    coded = {c.document.external_id or "": c for c in _code_gold(gold, models)}
    scores = score_articles(gold, coded)
    figures = []
    for level in LEVELS:
        score = scores.score(level)
        parts = {"precision": score.precision, "recall": score.recall, "F1": score.f1}
        for part, value in parts.items():
            figures.append(Figure(board="articles", set=name, measure=f"{level} {part}", value=value, n=score.gold))
    right, marked = scores.roles
    if marked:
        figures.append(Figure(board="articles", set=name, measure="roles accuracy", value=right / marked, n=marked))
    return figures


def _code_gold(gold: list[dict[str, Any]], models: Models) -> list[CodedDocument]:
    articles = read_rows([{"id": a["id"], "text": a["text"], "published": a["date"]} for a in gold])
    return [one for one in code_batch(articles, models) if isinstance(one, CodedDocument)]


def read_rows(rows: Iterable[Mapping[str, str | None]]) -> list[Article]:
    """Articles of the rows, read as a user's JSONL file would be."""
    from demarche.ingest import ReadOptions, read_inputs

    with tempfile.TemporaryDirectory(prefix="demarche-board-") as folder:
        table = Path(folder) / "rows.jsonl"
        table.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        return [a for a in read_inputs([str(table)], ReadOptions()) if isinstance(a, Article)]


def real_board(data: Path, load: Load = load_models) -> list[Figure]:
    """Rows of real documents of mixed kinds, by a reader's verdicts; see `measure_judged`."""
    from demarche.pipeline.judged import measure_judged

    return _figures("real", measure_judged(data / "data", load(), read_rows))


def events_board(data: Path, load: Callable[[], Models]) -> list[Figure]:
    """Happenings over articles told three times: gold rows, then the rows that the coder finds in the texts."""
    from demarche.dedup import (
        Telling,
        evaluate_events,
        event_rows,
        label_rows,
        merge_events,
        read_retellings,
        read_tellings,
    )

    gold = json.loads((data / "eval" / "dev_articles.json").read_text("utf-8"))
    texts = {text.id: text for text in read_retellings(gold)}
    articles = [{"id": text.id, "text": text.text, "date": text.date} for text in texts.values()]
    happening: dict[str, str] = {}
    tellings: list[Telling] = []
    for one in _code_gold(articles, load()):
        happening |= label_rows(texts[one.document.external_id or ""], one)
        tellings.extend(read_tellings(one))
    event = {row.assertion: row.event for row in merge_events(tellings).event_assertions}
    marked = sum(len(text.labels) for text in texts.values())
    share = Figure(
        board="events", set="retellings, coded rows", measure="marked rows found with their type",
        value=len(happening) / marked, n=marked,
    )  # fmt: skip
    rows = [*evaluate_events(data / "data"), *event_rows("retellings, coded rows", happening, event)]
    return [*_figures("events", rows), share]


BOARDS: dict[str, Callable[[Path, Load], list[Figure]]] = {
    "syntax": syntax_board,
    "ingest": _room("ingest", "ingest", "evaluate_ingest"),
    "linking": linking_board,
    "statements": statements_board,
    "coding": coding_board,
    "articles": articles_board,
    "copies": _room("copies", "dedup", "evaluate_copies"),
    "events": events_board,
    "real": real_board,
}
"""Every board by name."""
