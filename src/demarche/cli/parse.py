"""`demarche parse`: the language layer alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from demarche.records import Article, Tree
    from demarche.syntax import Parser

__all__ = ["parse"]

BATCH = 64
"""Paragraphs parsed together: enough for several threads."""


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--to", "form", type=click.Choice(["conllu", "json"]), default="conllu", show_default=True)
@click.option("--parser", "spec", default="default", show_default=True, metavar="NAME",
              help="default, or spacy:PIPELINE (your own install).")  # fmt: skip
@click.option("--threads", type=click.IntRange(min=1), default=1, show_default=True)
def parse(paths: tuple[str, ...], form: str, spec: str, threads: int) -> None:
    """Sentences, words, tags, Universal Dependencies trees and names of PATHs, or of - (stdin).

    \b
    Examples:
      demarche parse article.txt
      demarche parse article.html --to json
    """
    from demarche.ingest import ReadOptions, read_inputs
    from demarche.records import Rejection
    from demarche.syntax import load_parser

    parser = load_parser(spec, threads)
    failed = 0
    for item in read_inputs(paths, ReadOptions()):
        if isinstance(item, Rejection):
            failed += 1
            click.echo(f"demarche: {item.code} {item.reason} ({item.source})", err=True)
            continue
        trees = _trees(item, parser)
        click.echo(_as_json(item, trees) if form == "json" else _as_conllu(item, trees), nl=form == "json")
    if failed:
        raise SystemExit(1)


def _trees(article: Article, parser: Parser) -> list[Tree]:
    """Trees of every paragraph, offsets in the document."""
    from demarche.syntax import agree_names

    text = article.document.text
    parsed: list[tuple[Tree, ...]] = []
    for i in range(0, len(article.paragraphs), BATCH):
        parsed += parser.parse([text[p.start : p.end] for p in article.paragraphs[i : i + BATCH]])
    pairs = zip(article.paragraphs, agree_names(parsed), strict=True)
    return [tree.shifted(paragraph.start) for paragraph, trees in pairs for tree in trees]


def _as_conllu(article: Article, trees: Sequence[Tree]) -> str:
    from demarche.syntax import parse_warnings, write_conllu

    document = article.document
    notes = [*document.warnings, *parse_warnings(document.text, trees)]
    head = "".join([f"# newdoc id = {document.id}\n", *(f"# warning = {note}\n" for note in notes)])
    return head + write_conllu(trees, document.text, prefix=f"{document.id}.s")


def _as_json(article: Article, trees: Sequence[Tree]) -> str:
    import orjson

    from demarche.syntax import parse_warnings

    text = article.document.text
    document = article.document
    found = {
        "id": document.id, "source": document.source,
        "warnings": [*document.warnings, *parse_warnings(text, trees)],
        "sentences": [_sentence(tree, text) for tree in trees],
    }  # fmt: skip
    return orjson.dumps(found).decode()


def _sentence(tree: Tree, text: str) -> dict[str, Any]:
    from demarche.syntax import enhance

    columns = {
        "start": tree.starts, "end": tree.ends, "form": tree.forms, "lemma": tree.lemmas, "upos": tree.upos,
        "xpos": tree.xpos, "feats": tree.feats, "head": tree.heads, "deprel": tree.deprels,
    }  # fmt: skip
    words = [{key: values[i] for key, values in columns.items()} for i in range(len(tree))]
    names = [
        {"start": tree.starts[n.first], "end": tree.ends[n.last], "label": n.label,
         "text": text[tree.starts[n.first] : tree.ends[n.last]]}
        for n in tree.names
    ]  # fmt: skip
    enhanced = [
        {"word": arc.dependent, "head": arc.head, "deprel": arc.relation, "rule": arc.rule} for arc in enhance(tree)
    ]
    return {
        "start": tree.start, "end": tree.end, "score": tree.score, "words": words, "names": names,
        "enhanced": enhanced,
    }  # fmt: skip
