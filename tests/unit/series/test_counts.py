from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from demarche.errors import ConfigError
from demarche.records import EventType, Quad, Standing, Status
from demarche.series import By, SeriesQuery, count_series, load_groups, rows_behind, table_of
from demarche.store import Record, check_record
from made_records import CAMEO, Happening, make_record

DAY = datetime.date.fromisoformat
GOLDSTEIN = {type: str(goldstein) for type, (_, goldstein) in CAMEO.items()}

HAPPENINGS = [
    Happening(day="2022-01-03", sources=("CHN",), targets=("USA",), publishers=("Gazette", "Courier"), copies=2),
    Happening(day="2022-01-04", sources=("CHN",), targets=("USA",), type="AID"),
    Happening(day="2022-01-05", sources=("USA",), targets=("CHN",), type="ACCUSE"),
    Happening(day="2022-01-05", sources=("CHN", "USA"), type="CONSULT"),
    Happening(day="2022-01-20", sources=("CHN",), targets=("USA",), status="planned"),
    Happening(day="2022-01-20", sources=("CHN",), targets=("USA",), standing="disputed"),
    Happening(day="2022-02-10", sources=("BRA",), targets=("ARG",), type="CONSULT"),
    Happening(day="2022-04-10", sources=("Q1", "CHN"), targets=("FRA", "DEU", "o:nato"), type="ACCUSE"),
    Happening(day="2022-04-11", sources=("GBR",), targets=("RUS",), type="SANCTION"),
    Happening(day="2022-04-12", sources=("RUS",), type="ASSAULT"),
    Happening(day="2022-04-13", sources=("CHN",), targets=("USA",), happened=("2022-01-01", "2022-03-01")),
    Happening(day="2022-04-14", sources=("CHN",), targets=("USA",), happened=("2022-04-01", "2022-04-08")),
    Happening(day="2022-04-15", sources=("u:x",), targets=("USA",), type="ASSAULT"),
]


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    folder = make_record(tmp_path_factory.mktemp("counts") / "record", HAPPENINGS, batches=3)
    assert list(check_record(folder)) == []
    with Record.open(folder) as opened:
        yield opened


def counts(record: Record, source: str | None, target: str | None = None, **options: object) -> list[int | None]:
    found = count_series(record, SeriesQuery(source=source, target=target, **options))  # type: ignore[arg-type]
    return [None if one.gap else one.events for one in found.bins]


def test_a_pair_by_month_counts_happenings_once_and_tells_gaps_from_zeros(record: Record) -> None:
    assert counts(record, "CHN", "USA") == [3, 0, None, 1]
    assert counts(record, "USA", "CHN") == [2, 0, None, 0]
    assert counts(record, "CHN", "USA", directed=False) == [4, 0, None, 1]


def test_copies_and_outlets_are_seen_beside_the_count(record: Record) -> None:
    first = count_series(record, SeriesQuery(source="CHN", target="USA", by=By.DAY)).bins[0]
    assert (first.start, first.events, first.read, first.articles) == (DAY("2022-01-03"), 1, 6, 2)
    assert first.share == 50.0
    assert first.intensity == -3.5


def test_what_is_left_out_by_default_can_be_asked_for(record: Record) -> None:
    assert counts(record, "CHN", "USA", statuses=(), standings=())[0] == 5
    assert counts(record, "CHN", "USA", statuses=(Status.PLANNED,))[0] == 1
    assert counts(record, "CHN", "USA", standings=(Standing.DISPUTED,))[0] == 1
    assert counts(record, "CHN", "USA", types=(EventType.AID,))[0] == 1
    assert counts(record, "CHN", "USA", quads=(Quad.VERBAL_CONFLICT,)) == [1, 0, None, 1]
    assert counts(record, "CHN", "USA", publishers=("Courier",))[0] == 1
    assert counts(record, "CHN", "USA", sectors=("MIL",))[0] == 0


def test_joint_acts_pair_their_doers_both_ways(record: Record) -> None:
    assert counts(record, "CHN", "USA", types=(EventType.CONSULT,))[0] == 1
    assert counts(record, "USA", "CHN", types=(EventType.CONSULT,))[0] == 1
    assert counts(record, "USA", "CHN", types=(EventType.CONSULT,), directed=False)[0] == 1


def test_one_actor_towards_anybody_or_nobody(record: Record) -> None:
    assert counts(record, "RUS") == [0, 0, None, 1]
    assert counts(record, "RUS", directed=False) == [0, 0, None, 2]
    assert counts(record, None, "USA") == [3, 0, None, 2]
    assert counts(record, "CHN")[3] == 2
    assert counts(record, None)[3] == 5


def test_an_act_towards_several_members_of_a_group_counts_once(record: Record) -> None:
    assert counts(record, "CHN", "NATO+")[3] == 2
    assert counts(record, "CHN", "EU+")[3] == 1
    assert counts(record, "China", "NATO")[3] == 1


def test_a_person_counts_for_the_state_and_alone(record: Record) -> None:
    assert counts(record, "Q1", "FRA")[3] == 1
    assert counts(record, "Ana Lima", "FRA")[3] == 1
    assert counts(record, "Q1", "USA")[0] == 0


def test_membership_is_dated(record: Record, tmp_path: Path) -> None:
    assert counts(record, "EU+", "RUS")[3] == 0
    mine = tmp_path / "groups.toml"
    mine.write_text('[West]\nmembers = ["USA", "GBR 2022-04-11..", "FRA"]\n')
    query = SeriesQuery(source="west", target="RUS")
    assert count_series(record, query, load_groups(mine)).events == 1
    mine.write_text('[West]\nmembers = ["GBR ..2022-04-10"]\n')
    assert count_series(record, query, load_groups(mine)).events == 0


def test_an_event_is_in_no_bin_unless_one_holds_all_its_days(record: Record) -> None:
    query = SeriesQuery(source="CHN", target="USA")
    assert count_series(record, query).undated == 1
    assert len(rows_behind(record, query, undated=True)) == 1
    by_day = SeriesQuery(source="CHN", target="USA", by=By.DAY)
    assert count_series(record, by_day).undated == 2


@pytest.mark.parametrize("by", list(By))
@pytest.mark.parametrize("directed", [True, False])
@pytest.mark.parametrize("ends", [("CHN", "USA"), ("NATO+", None), (None, "USA"), ("CHN", "EU+"), (None, None)])
def test_every_number_is_the_count_of_rows_that_are_listed(
    record: Record, by: By, directed: bool, ends: tuple[str | None, str | None]
) -> None:
    query = SeriesQuery(source=ends[0], target=ends[1], by=by, directed=directed, statuses=(), standings=())
    found = count_series(record, query)
    for one in found.bins:
        if one.events:
            listed = rows_behind(record, query, start=one.start)
            assert len({event.event for event in listed}) == one.events
            assert all(event.rows and all(row.words for row in event.rows) for event in listed)
            assert sum(one.types.values()) == sum(one.quads.values()) == one.events
    everything = rows_behind(record, query)
    assert len(everything) == found.events
    assert rows_behind(record, query, newest_first=True, limit=3) == tuple(reversed(everything))[:3]
    assert len(rows_behind(record, query, undated=True)) == found.undated


def test_mean_scores_are_exact_whatever_order_the_rows_come_in(tmp_path: Path) -> None:
    drawn, types = random.Random(5), list(GOLDSTEIN)
    made = [Happening(day=f"2022-{month:02d}-10", sources=("CHN",), targets=("USA",), type=drawn.choice(types))
            for month in range(1, 7) for _ in range(3 + 2 * month)]  # fmt: skip
    query = SeriesQuery(source="CHN", target="USA")
    with Record.open(make_record(tmp_path / "record", made)) as scored:
        for one in count_series(scored, query).bins:
            told = [Fraction(GOLDSTEIN[event.type]) for event in rows_behind(scored, query, start=one.start)]
            assert one.goldstein == float(sum(told) / len(told))


def test_rows_carry_their_sentences_and_copies(record: Record) -> None:
    query = SeriesQuery(source="CHN", target="USA", by=By.DAY)
    (one,) = rows_behind(record, query, start=DAY("2022-01-03"))
    assert one.publishers == ("Courier", "Courier 1", "Courier 2", "Gazette", "Gazette 1", "Gazette 2")
    assert len(one.rows) == 6
    assert {row.words for row in one.rows} == {"CHN did threaten USA, told 0."}
    assert [row.copy for row in one.rows[:2]] == ["original", "original"]


def test_rows_come_page_by_page(record: Record) -> None:
    query = SeriesQuery(source=None, statuses=(), standings=())
    whole = rows_behind(record, query)
    pages = [rows_behind(record, query, limit=4, offset=offset) for offset in range(0, 16, 4)]
    assert [one for page in pages for one in page] == list(whole)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (SeriesQuery(source="CHM"), r"E601 nobody is called 'CHM'; did you mean .*CHN \(China\)"),
        (SeriesQuery(source="Rusia"), r"E601 .*did you mean RUS \(Russia\)"),
        (SeriesQuery(source="CHN", since=DAY("2023-01-01"), until=DAY("2022-01-01")), "E602 the range ends .*--from"),
        (SeriesQuery(source="CHN", since=DAY("2030-01-01")), "E603 nothing was read from 2030.*covers 2022-01-03"),
        (SeriesQuery(source="CHN", until=DAY("2000-01-01")), "E603"),
        (SeriesQuery(source="CHN", by=By.DAY, since=DAY("1800-01-01")), "E606"),
    ],
)
def test_bad_questions_get_a_remedy(record: Record, query: SeriesQuery, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        count_series(record, query)


@pytest.mark.parametrize(
    "text",
    ["nonsense [", "[West]\nname = 'x'", "[West]\nmembers = ['XYZ']", "[West]\nmembers = [3]", "West = 1",
     "[West]\nmembers = ['GBR 2022-13-01..']"],
)  # fmt: skip
def test_a_broken_file_of_groups_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "groups.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match="E605"):
        load_groups(path)


def test_a_table_has_nulls_where_nothing_was_read(record: Record) -> None:
    table = table_of(count_series(record, SeriesQuery(source="CHN", target="USA"))).to_pylist()
    assert [row["events"] for row in table] == [3, 0, None, 1]
    assert [row["material-conflict"] for row in table] == [0, 0, None, 0]
    assert table[2]["read"] == 0
    assert table[0]["index"] == pytest.approx(-0.5108, abs=1e-4)
