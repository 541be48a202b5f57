"""PLOVER's 37 contexts: every one has an example, and a row gets its sentence's before its article's."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from demarche.coding.context import SentenceView
from demarche.coding.rules import load_rules
from demarche.coding.topics import Topics, _contexts, load_topics

sys.path.insert(0, str(Path(__file__).parents[2] / "rules"))
from rule_bench import bench, full_bench

BOOK = load_rules()
TABLE = load_topics(BOOK.lexicon)


def test_there_are_thirty_seven() -> None:
    assert len(TABLE.names) == 37
    assert {name for rule in BOOK.rules for name in rule.contexts} <= set(TABLE.names)


@pytest.mark.model
@pytest.mark.parametrize("name", TABLE.names)
def test_example_speaks_of_its_context(name: str) -> None:
    tree = bench().parser.parse([TABLE.examples[name]])[0][0]
    view = SentenceView.__new__(SentenceView)
    object.__setattr__(view, "lower", tuple(form.lower() for form in tree.forms))
    assert name in _contexts(view, TABLE)


def test_the_article_speaks_where_rule_and_sentence_are_silent() -> None:
    topics = Topics(
        sentences=(frozenset(), frozenset({"legal"})),
        article=frozenset({"cyber"}),
        names=("legal", "military", "cyber"),
    )
    assert topics.of(0, ()) == ("cyber",)
    assert topics.of(1, ()) == ("legal",)
    assert topics.of(0, ("military",)) == ("military",)
    assert topics.of(1, ("military",)) == ("legal", "military")


@pytest.mark.model
def test_a_row_has_the_contexts_of_its_sentence() -> None:
    rows, _ = full_bench().code("Chad accused Sudan of using smugglers to move cocaine.")
    assert {"illegal_drugs", "trafficking"} <= set(rows[0].contexts)
