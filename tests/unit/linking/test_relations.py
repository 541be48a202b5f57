from __future__ import annotations

import gzip
import tomllib

import pytest

from demarche.errors import ConfigError
from demarche.linking import RelationKind, find_cards, load_actor_tables, load_relations, members_of
from demarche.linking.tables import Tables
from demarche.resources import Relation, read_bytes, read_text


@pytest.fixture(scope="module")
def tables() -> Tables:
    return load_actor_tables()


def ids(body: str, day: str) -> set[str]:
    return {member.id for member in members_of(body, day)}


@pytest.mark.parametrize(
    ("body", "side", "last_out", "first_in"),
    [
        ("o:nato", "FIN", "2023-04-03", "2023-04-04"),
        ("o:nato", "SWE", "2024-03-06", "2024-03-07"),
        ("o:european-union", "HRV", "2013-06-30", "2013-07-01"),
        ("o:united-nations", "SSD", "2011-07-13", "2011-07-14"),
        ("o:brics", "ZAF", "2010-12-23", "2010-12-24"),
        ("o:shanghai-cooperation-organisation", "IRN", "2023-07-03", "2023-07-04"),
        ("o:african-union", "MAR", "2017-01-29", "2017-01-30"),
    ],
)
def test_a_member_counts_from_its_first_day_on(body: str, side: str, last_out: str, first_in: str) -> None:
    assert side not in ids(body, last_out)
    assert side in ids(body, first_in)


@pytest.mark.parametrize(
    ("body", "side", "last_in", "first_out"),
    [
        ("o:european-union", "GBR", "2020-01-31", "2020-02-01"),
        ("o:ecowas", "MLI", "2025-01-28", "2025-01-29"),
        ("o:council-of-europe", "RUS", "2022-03-15", "2022-03-16"),
        ("o:opec", "AGO", "2023-12-31", "2024-01-01"),
        ("o:collective-security-treaty-organization", "UZB", "2012-12-19", "2012-12-20"),
    ],
)
def test_a_member_counts_until_its_last_day(body: str, side: str, last_in: str, first_out: str) -> None:
    assert side in ids(body, last_in)
    assert side not in ids(body, first_out)


def test_who_came_back_is_a_member_twice() -> None:
    assert "IDN" in ids("o:opec", "2005-01-01")
    assert "IDN" not in ids("o:opec", "2012-01-01")
    assert "IDN" in ids("o:opec", "2016-06-01")


def test_suspended_members_are_members_and_marked() -> None:
    barred = {member.id for member in members_of("o:african-union", "2022-06-01") if member.suspended}
    assert {"MLI", "BFA", "SDN", "GIN"} <= barred
    assert not any(member.suspended for member in members_of("o:african-union", "2018-01-01"))


def test_members_without_days_are_not_claimed_for_a_day_before_their_source() -> None:
    assert members_of("o:international-monetary-fund", "2015-01-01") == ()
    assert len(members_of("o:international-monetary-fund", "2026-01-01")) > 180


def test_a_party_governs_or_opposes_by_date() -> None:
    relations = load_relations()
    assert relations.party_role("o:labour-party", "2000-01-01") is RelationKind.GOVERNS
    assert relations.party_role("o:labour-party", "2015-01-01") is RelationKind.OPPOSES
    assert relations.party_role("o:labour-party", None) is None
    assert relations.parties("JPN", RelationKind.GOVERNS, "2010-06-01") == ("o:democratic-party-of-japan",)
    assert "o:liberal-democratic-party" in relations.parties("JPN", RelationKind.OPPOSES, "2010-06-01")


def test_who_fights_whom_by_date_and_both_ways_round() -> None:
    relations = load_relations()
    assert relations.fight("o:rapid-support-forces", "SDN", "2023-06-01")
    assert relations.fight("SDN", "o:rapid-support-forces", "2023-06-01")
    assert not relations.fight("o:rapid-support-forces", "SDN", "2022-06-01")
    assert relations.fight("o:taliban", "AFG", "2020-01-01")
    assert not relations.fight("o:taliban", "AFG", "2022-01-01")
    assert set(relations.foes("COL", "2010-01-01")) == {"o:farc", "o:eln"}


def test_a_month_or_year_stands_for_all_its_days() -> None:
    row = Relation("A", RelationKind.MEMBER_OF, "B", "2005-05", "2007", "own")
    assert [row.holds(day) for day in ("2005-04-30", "2005-05-01", "2007-12-31", "2008-01-01")] == [
        False,
        True,
        True,
        False,
    ]


def test_every_relation_has_a_source_and_actors_of_the_table(tables: Tables) -> None:
    rows = [line.split("\t") for line in gzip.decompress(read_bytes("actors/relations.tsv.gz")).decode().splitlines()]
    assert len(rows) > 3000
    assert rows == sorted(rows)
    assert all(row[0] in tables.rows and row[2] in tables.rows and row[5] for row in rows)


def test_a_body_of_the_list_bears_the_name_of_the_table(tables: Tables) -> None:
    for body in tomllib.loads(read_text("actors/own_members.toml"))["body"]:
        assert tables.rows[body["id"]].name == body["name"]


def test_a_card_of_a_state_has_its_offices_and_memberships_of_the_day(tables: Tables) -> None:
    [card] = find_cards(tables, "MLI", "2022-06-01")
    assert "o:ecowas" in {one.id for one in card.suspended_from}
    assert ("president", "Assimi Goita") in {(held.office, held.who) for held in card.offices}
    assert {one.id for one in card.foes} == {"o:aqim", "o:jnim"}


def test_a_name_in_other_letters_finds_its_card(tables: Tables) -> None:
    assert [card.id for card in find_cards(tables, "ecowas", "2020-01-01")] == ["o:ecowas"]
    assert [card.role for card in find_cards(tables, "Tories", "2020-01-01")] == ["governs"]


def test_a_name_that_nobody_has_is_an_error_with_near_ones(tables: Tables) -> None:
    with pytest.raises(ConfigError, match=r"E406 .*did you mean Nato"):
        find_cards(tables, "Natto", "2020-01-01")
