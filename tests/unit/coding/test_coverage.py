"""The rules cover the manual: every type, every mode, every context, and enough words."""

from __future__ import annotations

import json

from click.testing import CliRunner

from demarche.cli.evaluate import evaluate
from demarche.coding import load_rules, read_coverage
from demarche.records import EventType


def test_every_type_mode_and_context_is_given_by_something() -> None:
    found = read_coverage()
    assert {row.type for row in found.types} == set(EventType)
    assert [(row.type.value, mode) for row in found.types for mode, givers in row.modes.items() if not givers] == []
    assert len(found.contexts) == 37
    assert all(found.contexts.values())


def test_what_is_said_to_give_a_mode_is_there() -> None:
    rules = {rule.id: rule for rule in load_rules().rules}
    for row in read_coverage().types:
        for mode, givers in row.modes.items():
            for giver in givers:
                if giver in rules:
                    assert rules[giver].type is row.type
                    assert mode == rules[giver].mode or mode in rules[giver].modes.values()


def test_enough_constructions_and_codes() -> None:
    found = read_coverage()
    assert found.constructions >= 1500
    assert all(row.rules >= 10 and row.constructions >= 60 for row in found.types)
    assert len(found.codes) >= 0.9 * len(found.all_codes)
    assert found.codes <= found.all_codes


def test_the_command_prints_it() -> None:
    table = CliRunner().invoke(evaluate, ["coding", "--coverage"])
    assert table.exit_code == 0
    assert "types 16 of 16, modes 67 of 67" in table.output
    rows = [
        json.loads(line)
        for line in CliRunner().invoke(evaluate, ["coding", "--coverage", "--json"]).output.splitlines()
    ]
    assert [row["type"] for row in rows[:-1]] == [event.value for event in EventType]
    assert CliRunner().invoke(evaluate, ["articles", "--coverage"]).exit_code == 2
