"""Print the rows of the board `real` with their sentences and verdicts, for whoever judges them or looks at errors.

    python -m training.judged_rows --shared ../shared --half A [--only unjudged|wrong]

Half B is for measuring: look at its unjudged rows only, to judge them. A line a row: document, start and end of its
words, type, words, sides, status, rule, score, and what the table says. A new fact is a line of
`src/demarche/resources/eval/judged_rows.tsv` (document, start, end, type or `-`, sources, targets, status, with tabs).
"""

from __future__ import annotations

import argparse
from pathlib import Path

from demarche.pipeline.boards import read_rows
from demarche.pipeline.code import code_batch
from demarche.pipeline.judged import Fact, Verdict, judged_documents, read_verdicts, verdict_on
from demarche.pipeline.models import load_models
from demarche.records import Actor, ActorKind, CodedDocument

__all__ = ["main"]


def _wanted(verdict: Verdict, only: str | None) -> bool:
    if only == "unjudged":
        return verdict.fact is None
    return only is None or (verdict.fact is not None and not verdict.full)


def _side(ids: tuple[str, ...], actors: dict[str, Actor]) -> str:
    found = [actors[i] for i in ids]
    return ",".join(a.country or ("unnamed" if a.kind is ActorKind.UNNAMED else a.name) for a in found)


def _said(fact: Fact | None) -> str:
    if fact is None:
        return "not judged"
    if not fact.types:
        return "no act"
    parts = ("|".join(sorted(fact.types)), f"{'|'.join(fact.sources)} > {'|'.join(fact.targets)}")
    return " ".join((*parts, "|".join(sorted(fact.statuses))))


def main() -> None:
    """Print the rows asked for."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--shared", type=Path, default=Path("../shared"))
    arguments.add_argument("--half", choices=("A", "B"), default="A")
    arguments.add_argument("--only", choices=("unjudged", "wrong"))
    options = arguments.parse_args()
    documents = {d.id: d for d in read_verdicts() if d.half == options.half}
    articles = read_rows(judged_documents(options.shared / "data", list(documents.values())))
    for one in code_batch(articles, load_models()):
        if not isinstance(one, CodedDocument):
            continue
        name, text = one.document.external_id or "", one.document.text
        actors = {actor.id: actor for actor in one.actors}
        sentences = {s.id: " ".join(text[s.start : s.end].split()) for s in one.sentences}
        for row in one.assertions:
            verdict = verdict_on(row, one, documents[name].facts)
            if row.type is not None and _wanted(verdict, options.only):
                (start, end), words = row.spans[0], " ".join(text[s:e] for s, e in row.spans)
                sides = f"{_side(row.sources, actors)} > {_side(row.targets, actors)}"
                print(name, start, end, row.type.value, f"[{words}]", sides, row.status.value, row.rule, row.score)
                print(f"    {sentences[row.sentence]}\n    reader: {_said(verdict.fact)}")


if __name__ == "__main__":
    main()
