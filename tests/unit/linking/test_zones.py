from __future__ import annotations

from datetime import datetime

import pytest

from demarche.linking.zones import filed_at, zone_of

COUNTRIES = {"BEIJING": "CHN", "WASHINGTON": "USA", "KYIV": "UKR", "SYDNEY": "AUS", "Honolulu": "USA", "BOMA": "COD"}


def moment(published: str, *notes: str) -> datetime | None:
    return filed_at(published, notes, COUNTRIES.get).moment


@pytest.mark.parametrize(
    ("published", "place", "day"),
    [
        ("2022-03-16T22:30:00-04:00", "BEIJING", "2022-03-17T10:30"),
        ("2022-03-17T02:30:00Z", "WASHINGTON", "2022-03-16T22:30"),
        ("2022-03-17T20:00:00+00:00", "SYDNEY", "2022-03-18T07:00"),
        ("2022-07-17T20:00:00+00:00", "SYDNEY", "2022-07-18T06:00"),
        ("2022-03-17T05:00:00Z", "Honolulu", "2022-03-16T19:00"),
    ],
)
def test_a_time_with_an_offset_is_told_on_the_clock_of_the_dateline(published: str, place: str, day: str) -> None:
    assert moment(published, f"dateline: {place}") == datetime.fromisoformat(day)


def test_without_an_offset_or_a_dateline_the_date_stays() -> None:
    assert moment("2022-03-17", "dateline: BEIJING") == datetime(2022, 3, 17)
    assert moment("2022-03-17T02:30:00Z") == datetime(2022, 3, 17, 2, 30)
    assert moment("2022-03-17T02:30:00Z", "dateline: NOWHERE") == datetime(2022, 3, 17, 2, 30)
    assert filed_at(None, ["dateline: BEIJING"], COUNTRIES.get).moment is None


def test_the_day_of_the_dateline_goes_before_a_later_publication() -> None:
    assert moment("2022-03-18", "dateline: KYIV; March 17; Reuters") == datetime(2022, 3, 17)
    assert moment("2022-01-01", "dateline: KYIV; 31 December") == datetime(2021, 12, 31)
    assert moment("2022-03-18", "dateline: KYIV; Jan. 3") == datetime(2022, 3, 18)
    assert moment("2022-03-18", "dateline: KYIV; March 20") == datetime(2022, 3, 18)
    assert moment("2022-03-18", "dateline: KYIV; Feb. 30") == datetime(2022, 3, 18)


def test_a_state_of_one_zone_needs_no_city_and_others_do() -> None:
    assert zone_of("some village", "UKR") == "Europe/Kyiv"
    assert zone_of("los angeles", "USA") == "America/Los_Angeles"
    assert zone_of("some village", "USA") is None
