"""Every example and counter-example of the tables in resources/ingest is a test."""

from __future__ import annotations

import re

import pytest

from demarche.ingest.damage import damage_marks, explain_damage
from demarche.ingest.refusals import refusal_reason
from demarche.ingest.rules import line_rules, match_rule
from demarche.resources import read_toml

RULES = line_rules()
MARKS = damage_marks()
REFUSALS = read_toml("ingest/refusals.toml")["refusal"]


@pytest.mark.parametrize(("rule", "line"), [(rule, line) for rule in RULES for line in rule.examples],
                         ids=lambda value: getattr(value, "id", str(value)[:40]))  # fmt: skip
def test_a_line_rule_says_its_role_of_its_examples(rule: object, line: str) -> None:
    found = match_rule(line)
    assert found is not None
    assert found.role is rule.role  # type: ignore[attr-defined]


@pytest.mark.parametrize("line", [line for rule in RULES for line in rule.counters])
def test_no_line_rule_fires_on_a_counter_example(line: str) -> None:
    assert match_rule(line) is None


def test_rule_ids_are_unique() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.needs], ids=lambda rule: rule.id)
def test_needs_never_hide_what_the_pattern_matches(rule: object) -> None:
    for line in rule.examples:  # type: ignore[attr-defined]
        assert any(need in line.lower() for need in rule.needs)  # type: ignore[attr-defined]


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: mark.id)
def test_a_damage_mark_is_found_in_its_examples_only(mark: object) -> None:
    for text in mark.examples:  # type: ignore[attr-defined]
        assert mark in explain_damage(text), text
    for text in mark.counters:  # type: ignore[attr-defined]
        assert mark not in explain_damage(text), text


@pytest.mark.parametrize("row", REFUSALS, ids=lambda row: row["reason"])
def test_a_refusal_fires_on_its_examples_only(row: dict[str, object]) -> None:
    for title, text in row["examples"]:  # type: ignore[attr-defined]
        assert refusal_reason(title, [text]) is not None
    for title, text in row["counters"]:  # type: ignore[attr-defined]
        assert refusal_reason(title, [text]) is None


def test_a_page_that_is_not_free_and_short_is_a_paywall_stub() -> None:
    assert "paywall" in (refusal_reason("Talks", ["The talks began."], free=False) or "")
    assert refusal_reason("Talks", ["word " * 100], free=False) is None


def test_no_pattern_of_a_line_takes_long() -> None:
    import time

    lines = ["a " * 79 + "a", "share " * 16, "By " + "Ana " * 30, "x" * 2000, "© " * 60, "follow us on " * 20]
    began = time.process_time()
    for line in lines:
        match_rule(line)
    assert time.process_time() - began < 1.0
    assert all(isinstance(rule.pattern, re.Pattern) for rule in RULES)
