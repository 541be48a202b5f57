"""Sentences that the product labels for its own training: the examples of the rules.

The acts of the examples are read rightly by construction (a test holds each), so their types are labels at no cost; a
counter-example in which no rule finds anything is a sentence without an act. Actors and attributions are no labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from demarche.coding import load_coder, load_rules
from demarche.linking import load_linker
from demarche.pipeline.code import bare_article, code_batch
from demarche.pipeline.models import Models
from demarche.records import Actor, ActorKind, CodedDocument
from demarche.syntax import load_parser

__all__ = ["rule_sentences"]

DATE = "2014-05-15"
Row = dict[str, Any]


def _code(texts: Sequence[str]) -> list[CodedDocument]:
    models = Models(parser=load_parser(), linker=load_linker(), coder=load_coder(heads=False), damage=lambda _: 0.0)
    coded = code_batch([bare_article(text, DATE) for text in texts], models)
    return [one for one in coded if isinstance(one, CodedDocument)]


def rule_sentences() -> Iterator[Row]:
    """Every example and empty counter-example of the rules, in the form of data/corpus."""
    texts: dict[str, bool] = {}
    for rule in load_rules().rules:
        texts.update(dict.fromkeys((example.text for example in rule.examples), True))
        for counter in rule.counters:
            texts.setdefault(counter.text, False)
    for number, (one, wanted) in enumerate(zip(_code(list(texts)), texts.values(), strict=True)):
        rows = _events(one)
        if bool(rows) == wanted:
            yield {
                "id": f"rule-{number}", "text": one.document.text, "date": DATE, "events": rows, "attributions": [],
                "acts_only": True, "voiced": False,
            }  # fmt: skip


def _events(one: CodedDocument) -> list[Row]:
    actors = {actor.id: actor for actor in one.actors}
    text = one.document.text
    return [
        {
            "quote": text, "trigger": text[slice(*row.spans[0])], "type": row.type.value, "status": row.status.value,
            "standing": row.standing.value, "sources": _labels(row.sources, actors),
            "targets": _labels(tuple(t for t in row.targets if t not in row.sources), actors),
            "holders": _labels(row.holders, actors),
        }
        for row in one.assertions
        if row.type is not None
    ]  # fmt: skip


def _labels(identifiers: Sequence[str], actors: Mapping[str, Actor]) -> list[str]:
    found: dict[str, None] = {}
    for identifier in identifiers:
        actor = actors.get(identifier)
        named = actor is not None and actor.kind is not ActorKind.UNNAMED
        found["unnamed" if actor is None or not named else actor.country or actor.name] = None
    return list(found)
