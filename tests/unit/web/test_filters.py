from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demarche.errors import ConfigError
from demarche.records import Standing, Status
from demarche.web.filters import Filter, read_filter

WORDS = st.text(alphabet="abc äé&=%#+", max_size=12).map(str.strip)
FILTERS = st.builds(
    Filter,
    q=WORDS,
    actor=st.sampled_from(["", "CHN", "USA.GOV", "o:nato"]),
    pair=st.sampled_from(["", "CHN~USA"]),
    status=st.lists(st.sampled_from([s.value for s in Status]), unique=True, max_size=3).map(tuple),
    standing=st.lists(st.sampled_from([s.value for s in Standing]), unique=True, max_size=2).map(tuple),
    publisher=st.lists(WORDS.filter(bool), unique=True, max_size=2).map(tuple),
    since=st.sampled_from(["", "2020-01-01"]),
    until=st.sampled_from(["", "2024-12-31"]),
    sort=st.sampled_from(["new", "old", "score"]),
)

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is slow; that is no failure."""


@CALM
@given(FILTERS)
def test_an_address_is_the_filter(wanted: Filter) -> None:
    query = urlsplit(wanted.address()).query
    assert read_filter(parse_qsl(query)) == wanted


@CALM
@given(FILTERS)
def test_choosing_twice_changes_nothing(wanted: Filter) -> None:
    once = read_filter(parse_qsl(urlsplit(wanted.toggled("status", "denied")).query))
    twice = read_filter(parse_qsl(urlsplit(once.toggled("status", "denied")).query))
    assert set(twice.status) == set(wanted.status)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("since", "2024-02-30"),
        ("since", "-1"),
        ("until", "99999-01-01"),
        ("type", "KISS"),
        ("status", "actual'--"),
        ("sort", "random"),
        ("pair", "CHN"),
        ("pair", "CHN~USA~RUS"),
        ("actor", "CHN|%"),
        ("q", "x" * 500),
        ("copies", "twice"),
    ],
)
def test_what_cannot_be_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"E802.*`{name}`"):
        read_filter([(name, value)])


def test_reversed_days_are_named() -> None:
    with pytest.raises(ConfigError, match="`since`"):
        read_filter([("since", "2024-05-02"), ("until", "2024-05-01")])


def test_what_nobody_knows_is_left_alone() -> None:
    assert read_filter([("utm_source", "x"), ("q", "  ")]) == Filter()


def test_values_are_parameters_never_sql() -> None:
    where, params = Filter(q="a' OR 1=1", actor="CHN", publisher=("x' --",)).where()
    assert "1=1" not in where
    assert "--" not in where
    assert "x' --" in params
