from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demarche.coding.status import MODES, OPERATORS, ORDER, Value, apply
from demarche.records import Certainty, Status

TURNING = ("not", "negate", "exclude", "counterfactual", "improbable")
NAMES = sorted({*OPERATORS, *MODES, *TURNING, "if", "suppose", "probable", "hearsay", "not exclude", "keep"})
RAISING = [name for name in NAMES if name not in TURNING]

values = st.builds(
    Value,
    negative=st.booleans(),
    modes=st.frozensets(st.sampled_from(sorted(set(MODES.values())))),
    probable=st.booleans(),
    hearsay=st.booleans(),
    supposed=st.booleans(),
)
names = st.sampled_from(NAMES)
raising = st.sampled_from(RAISING)


def below(one: Value, two: Value) -> bool:
    """one ⊑ two: two knows every mode and weakness of one."""
    return (
        one.modes <= two.modes
        and one.probable <= two.probable
        and one.hearsay <= two.hearsay
        and one.supposed <= two.supposed
    )


@given(values, st.sampled_from(["not", "negate", "counterfactual"]))
def test_a_second_negation_undoes_the_first(value: Value, operator: str) -> None:
    assert apply(operator, apply(operator, value)) == value


@given(values, names)
def test_embedding_never_takes_back_a_mode(value: Value, operator: str) -> None:
    assert below(value, apply(operator, value))


@given(values, values, names)
def test_operators_keep_the_order(one: Value, two: Value, operator: str) -> None:
    if below(one, two):
        assert below(apply(operator, one), apply(operator, two))


@given(values, names, names)
def test_operators_commute(value: Value, one: str, two: str) -> None:
    assert apply(one, apply(two, value)) == apply(two, apply(one, value))


@given(values, raising)
def test_an_operator_that_does_not_turn_says_nothing_new_twice(value: Value, operator: str) -> None:
    assert apply(operator, apply(operator, value)) == apply(operator, value)


@given(values, st.lists(names, max_size=8))
def test_what_is_not_actual_never_becomes_actual_by_embedding_without_negation(
    value: Value, operators: list[str]
) -> None:
    for operator in operators:
        before = value
        value = apply(operator, value)
        if operator in RAISING and before.status() is not Status.ACTUAL:
            assert value.status() is not Status.ACTUAL


@given(st.integers(0, 9))
def test_a_chain_of_negations_counts_modulo_two(count: int) -> None:
    value = Value()
    for _ in range(count):
        value = apply("not", value)
    assert value.status() is (Status.NEGATED if count % 2 else Status.ACTUAL)


@given(values)
def test_every_value_has_a_status_of_the_contract(value: Value) -> None:
    assert value.status() in {*ORDER, Status.ACTUAL}
    assert value.certainty() in set(Certainty)


@pytest.mark.parametrize(
    ("operators", "status"),
    [
        ([], "actual"),
        (["plan"], "planned"),
        (["possible", "plan"], "planned"),
        (["request", "possible"], "requested"),
        (["promise", "if"], "conditional"),
        (["predict", "not"], "predicted"),
        (["improbable"], "predicted"),
        (["not exclude"], "possible"),
        (["exclude"], "negated"),
        (["deny", "not"], "denied"),
        (["threaten", "suppose"], "threatened"),
        (["counterfactual"], "negated"),
    ],
)
def test_the_order_of_decision_is_the_codebooks(operators: list[str], status: str) -> None:
    value = Value()
    for operator in operators:
        value = apply(operator, value)
    assert value.status() == status
