"""A surname alone is read by the offices of the day, or not at all."""

from __future__ import annotations

import pytest

from demarche.linking.holders import choose_ever, choose_holder, family_key
from demarche.linking.tables import ActorRow, Tables


def person(identifier: str, name: str, country: str) -> ActorRow:
    wikidata = identifier if identifier.startswith("Q") else ""
    return ActorRow(identifier, name, "person", country, "GOV", wikidata, "test", name.rsplit(maxsplit=1)[-1])


TABLES = Tables(
    rows={
        row.id: row
        for row in (
            person("Q1", "Ada Moreau", "FRA"),
            person("Q2", "Luc Moreau", "FRA"),
            person("x:1", "Ada Moreau", "PYF"),
            person("Q3", "Jon Moreau", "BEL"),
            person("Q4", "Ann Okoro", "NGA"),
            person("Q5", "Ben Okoro", "GHA"),
            person("Q6", "Joy Okoro", "GHA"),
        )
    },
    names={},
    office_lines={
        "Q1": ["President\tGOV\tFRA\t2020-01-01\t2025-01-01\tyes"],
        "Q2": ["First Lady\tGOV\tFRA\t2020-01-01\t2025-01-01\tyes"],
        "x:1": ["President\tGOV\tPYF\t2020-01-01\t\tlast_seen_2024-12-01"],
        "Q3": ["Minister of Health\tGOV\tBEL\t2020-01-01\t2025-01-01\tyes"],
        "Q4": ["Minister of Defence\tGOV\tNGA\t2020-01-01\t2025-01-01\tyes"],
        "Q6": ["President\tGOV\tGHA\t2020-01-01\t2025-01-01\tyes"],
        "Q5": ["Minister of Foreign Affairs\tGOV\tGHA\t2020-01-01\t2025-01-01\tyes"],
    },
)
MOREAU = ("Q1", "Q2", "x:1", "Q3")


@pytest.mark.parametrize(
    ("people", "date", "title", "spoken", "expected"),
    [
        (MOREAU, "2023-05-01", None, (), "Q1"),  # the president, not the spouse, nor the head of the territory
        (MOREAU, "2023-05-01", "president", (), "Q1"),
        (MOREAU, "2023-05-01", "minister", (), "Q3"),
        (MOREAU, "2026-05-01", None, (), "Q1"),  # out of office: once head of state is known still
        (MOREAU, "2019-05-01", None, (), None),  # not yet in office
        (("Q4", "Q6"), "2026-05-01", None, (), "Q6"),  # a former head before a former minister
        (("Q4", "Q6"), "2026-05-01", None, ("NGA", "GHA"), None),
        (("Q3",), "2023-05-01", None, (), None),  # a minister of health needs a first name or a title
        (("Q4", "Q5"), "2023-05-01", None, (), None),  # two could be meant
        (("Q4", "Q5"), "2023-05-01", None, ("GHA",), "Q5"),
        (("Q4", "Q5"), "2023-05-01", None, ("GHA", "NGA"), None),
    ],
)
def test_who_is_meant(
    people: tuple[str, ...], date: str, title: str | None, spoken: tuple[str, ...], expected: str | None
) -> None:
    found = choose_holder(people, TABLES, date, title=title, spoken=spoken)
    assert (found.row.id if found else None) == expected


@pytest.mark.parametrize(
    ("name", "key"), [("El-Sisi", "sisi"), ("al-Assad", "assad"), ("Erdoğan", "erdogan"), ("Alba", "alba")]
)
def test_family_keys(name: str, key: str) -> None:
    assert family_key(name) == key


@pytest.mark.parametrize(
    ("people", "title", "spoken", "expected"),
    [
        (MOREAU, "president", ("FRA",), "Q1"),
        (MOREAU, "president", ("NGA",), None),  # a state that the article does not name
        (MOREAU, None, ("FRA",), None),  # others have the name
        (("Q6",), None, ("GHA",), "Q6"),
        (("Q4",), None, ("NGA",), None),  # ministers need a title
        (("Q4",), "minister", ("NGA",), "Q4"),
        (("Q4", "Q5"), "minister", ("NGA", "GHA"), None),
    ],
)
def test_who_is_meant_without_a_date(
    people: tuple[str, ...], title: str | None, spoken: tuple[str, ...], expected: str | None
) -> None:
    found = choose_ever(people, TABLES, title=title, spoken=spoken)
    assert (found.row.id if found else None) == expected
