from __future__ import annotations

import datetime
import time

import pytest

from demarche.ingest.date_judge import judge_days, marks_of_days
from demarche.ingest.date_sightings import Sighting
from demarche.ingest.draft import Found, Origin
from demarche.ingest.html import page_facts
from demarche.ingest.options import ReadOptions
from demarche.ingest.page_dates import parse_date
from demarche.ingest.visible_dates import VisibleDate, read_day
from demarche.resources import read_text, read_toml


def found(markup: str, address: str | None = None) -> Found | None:
    return page_facts(markup.encode(), Origin(path="p", name="p", url=address), ReadOptions()).published


def page(head: str = "", beside: str = "", lang: str = "en") -> str:
    return (
        f'<html lang="{lang}"><head>{head}</head><body><h1>Army leaves town</h1>{beside}'
        "<p>The army left the town, residents said, and nobody knew when it would be back.</p></body></html>"
    )


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Published 3 March 2021", (2021, 3, 3)),
        ("March 3rd, 2021 at 4 pm", (2021, 3, 3)),
        ("22. Februar 2020, 10 Uhr", (2020, 2, 22)),
        ("le 1er août 2019", (2019, 8, 1)),
        ("3 de mayo de 2022", (2022, 5, 3)),
        ("28 ago 2020", (2020, 8, 28)),
        ("2 сентября 2020", (2020, 9, 2)),
        ("2020. 06. 04. 11:27", (2020, 6, 4)),
        ("2021年5月7日", (2021, 5, 7)),
        ("04.06.2020", (2020, 6, 4)),
        ("04.06.20", (2020, 6, 4)),
        ("no date 12345", None),
        ("31 February 2020", None),
        ("12/13/99", None),
    ],
)
def test_days_are_read_in_many_tongues(text: str, day: tuple[int, int, int] | None) -> None:
    assert read_day(text) == (datetime.date(*day) if day else None)


def test_slashes_are_read_by_the_region_of_the_page() -> None:
    assert read_day("3/4/2020") == datetime.date(2020, 4, 3)
    assert read_day("3/4/2020", month_first=True) == datetime.date(2020, 3, 4)


def test_the_source_and_the_confidence_are_kept() -> None:
    date = found(page('<meta property="article:published_time" content="2021-03-04T10:00:00+02:00">'))
    assert date is not None
    assert (date.date, date.source) == ("2021-03-04T10:00:00+02:00", "meta")
    assert date.confidence >= 0.8


def test_json_ld_comes_before_meta() -> None:
    head = (
        '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2021-03-05"}</script>'
        '<meta name="date" content="2021-03-04">'
    )
    date = found(page(head))
    assert date is not None
    assert (date.date, date.source) == ("2021-03-05", "json-ld")


def test_a_time_in_utc_yields_to_the_day_in_the_address() -> None:
    head = '<meta property="article:published_time" content="2021-03-05T02:10:00Z">'
    assert found(page(head), "https://x.example/2021/03/04/army")
    date = found(page(head), "https://x.example/2021/03/04/army")
    assert date is not None
    assert date.date == "2021-03-04"


def test_a_time_in_utc_yields_to_the_day_beside_the_headline() -> None:
    head = '<meta property="article:published_time" content="2021-03-05T02:10:00Z">'
    date = found(page(head, '<span class="date">March 4, 2021</span>'))
    assert date is not None
    assert date.date == "2021-03-04"


def test_words_near_the_headline_date_a_page() -> None:
    date = found(page("", '<div class="byline"><span class="post-date">4. März 2021</span></div>', "de"))
    assert date is not None
    assert (date.date, date.source) == ("2021-03-04", "words")
    assert date.confidence >= 0.8


def test_the_date_of_a_change_is_named_so_and_trusted_less() -> None:
    date = found(page("", '<p class="meta">Updated: 4 March 2021</p>'))
    assert date is not None
    assert "change" in date.source
    assert date.confidence < 0.7


def test_unknown_stays_unknown() -> None:
    assert found(page("", "<p>© 2022 Ister Post</p>")) is None
    assert found(page("", "<p>On Friday the army of 2021 men left.</p>")) is None


def test_a_date_of_another_month_than_the_address_names_is_not_taken() -> None:
    beside = '<span class="date">4 January 2019</span>'
    assert found(page("", beside), "https://x.example/2021/03/army.html") is None


@pytest.mark.parametrize("text", ["", "yesterday", "1822-01-01", "2021-13-01", "0000-00-00"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_date(text) is None


def test_days_first_in_an_address_are_read() -> None:
    date = found(page(), "https://x.example/news/29-10-2021")
    assert date is not None
    assert (date.date, date.source) == ("2021-10-29", "address")


def test_a_script_dates_a_page_that_says_nothing_else() -> None:
    script = '<script>window.state = {"article": {"id": 4, "published_at": "2021-03-04T09:30:00+02:00"}}</script>'
    date = found(page(script))
    assert date is not None
    assert (date.date, date.source) == ("2021-03-04T09:30:00+02:00", "script")


def test_a_publication_and_a_change_are_told_apart() -> None:
    head = (
        '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2021-03-04T08:00:00+02:00",'
        '"dateModified":"2021-03-06T10:00:00+02:00","articleSection":"World"}</script>'
    )
    facts = page_facts(page(head).encode(), Origin(path="p", name="p"), ReadOptions())
    assert facts.published is not None
    assert facts.published.date == "2021-03-04T08:00:00+02:00"
    assert (facts.changed, facts.section) == ("2021-03-06T10:00:00+02:00", "World")


def test_dates_of_a_list_of_other_stories_date_nothing() -> None:
    teasers = "".join(f'<li><a href="/{i}">A story</a> <span>{i} March 2021</span></li>' for i in range(1, 29))
    assert found(page("", f"<p>Long ago and far away.</p><ul>{teasers}</ul>")) is None


def test_every_mark_of_the_table_is_one_that_pages_can_have() -> None:
    known = {row["mark"] for row in read_toml("ingest/dates.toml")["evidence"]}
    source = read_text("ingest/dates.toml")
    assert len(known) == source.count("mark = ")
    shown = VisibleDate(day=datetime.date(2021, 3, 4), steps=2, named=True, alone=True, changed=False, published=True)
    sightings = [
        Sighting(iso="2021-03-04", kind="words", shown=shown),
        Sighting(iso="2021-03-05T01:00:00+00:00", kind="ld_published"),
        Sighting(iso="2021-03-06", kind="meta_modified"),
    ]
    marks = marks_of_days(sightings, "https://x.example/2021/03/army")
    assert {name for own in marks.values() for name in own} <= known
    chances = judge_days(sightings, None)
    assert 0 < sum(chances.values()) < 1


def test_a_page_of_ten_thousand_days_is_judged_quickly() -> None:
    start = datetime.date(1991, 1, 1)
    days = (start + datetime.timedelta(days=n) for n in range(10_000))
    calendar = "".join(f"<li>{day.isoformat()}</li>" for day in days)
    began = time.process_time()
    found(page("", f"<ul>{calendar}</ul>"))
    assert time.process_time() - began < 10


def test_of_two_tags_with_one_day_the_one_with_its_zone_is_kept() -> None:
    head = (
        '<meta property="article:published_time" content="2021-03-04T10:00:00">'
        '<meta name="datePublished" content="2021-03-04T10:00:00+02:00">'
    )
    date = found(page(head))
    assert date is not None
    assert date.date == "2021-03-04T10:00:00+02:00"
