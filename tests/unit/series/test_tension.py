from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from demarche.cli import main
from demarche.series import Direction, SeriesQuery, measure_tension, plain_tension, scan_tensions
from demarche.store import Record
from made_records import Happening, days, make_record

CONFLICT, COOPERATION = ("THREATEN", "ACCUSE", "SANCTION"), ("CONSULT", "AID", "AGREE")


def happenings(weeks: int, *, rise: float, seed: int, pair: tuple[str, str] = ("CHN", "USA"), a_week: int = 4,
               outlets: tuple[str, ...] = ("Gazette", "Courier", "Tribune")) -> Iterator[Happening]:  # fmt: skip
    """Conflict's share goes from (1 - rise)/2 to (1 + rise)/2."""
    drawn = random.Random(seed)
    for week, day in enumerate(days("2021-01-04", weeks, 7)):
        for _ in range(a_week):
            sharp = drawn.random() < 0.5 + rise * (week / weeks - 0.5)
            yield Happening(day=day, sources=(pair[0],), targets=(pair[1],), publishers=(drawn.choice(outlets),),
                            type=drawn.choice(CONFLICT if sharp else COOPERATION))  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = [*happenings(120, rise=0.9, seed=1), *happenings(120, rise=-0.9, seed=2, pair=("USA", "RUS"), a_week=3),
            *happenings(120, rise=0, seed=3, pair=("FRA", "DEU"), a_week=2),
            *happenings(12, rise=0, seed=4, pair=("BRA", "ARG"))]  # fmt: skip
    return make_record(tmp_path_factory.mktemp("tension") / "record", made)


@pytest.fixture(scope="module")
def record(folder: Path) -> Iterator[Record]:
    with Record.open(folder) as opened:
        yield opened


def test_a_rise_is_told_in_one_sentence_with_its_rows(record: Record) -> None:
    found = measure_tension(record, SeriesQuery(source="CHN", target="USA"))
    assert found.direction is Direction.RISING
    assert found.p is not None
    assert found.p < 0.01
    assert re.match(
        r"China → United States: rising since 2021-01-04; the ratio of conflict to cooperation grows by at"
        r" least [\d.]+ % a month \(95 %; p = [\d.e-]+\), n = 480 events from 480 articles and 3 publishers; without"
        r" any one publisher the sign stays(; the level shifts around [\d-]+)?\.$",
        found.sentence,
    )
    assert len(found.movers) == 5
    for mover in found.movers:
        assert mover.event.rows
        assert mover.pull != 0
    assert {variant.same_sign for variant in found.without} == {True}
    assert found.indexes[0].name == "material acts only"


def test_a_fall_is_told_as_one(record: Record) -> None:
    found = measure_tension(record, SeriesQuery(source="USA", target="RUS"))
    assert found.direction is Direction.FALLING
    assert "shrinks by at least" in found.sentence


def test_no_trend_comes_with_what_would_have_been_found(record: Record) -> None:
    found = measure_tension(record, SeriesQuery(source="FRA", target="DEU"))
    assert found.direction is Direction.NONE
    assert found.detectable is not None
    assert found.detectable > 0
    assert "would have been found with 80 % probability" in found.sentence
    assert found.level_low < found.level < found.level_high


def test_too_little_is_refused_without_a_p_value(record: Record) -> None:
    few = measure_tension(record, SeriesQuery(source="BRA", target="ARG"))
    assert few.direction is Direction.UNSAID
    assert few.p is few.slope is None
    assert "half hold events" in few.sentence
    none = measure_tension(record, SeriesQuery(source="JPN", target="ARG"))
    assert "0 events are too few" in none.sentence
    short = measure_tension(record, SeriesQuery(source="CHN", target="USA", until=none.series.since.replace(month=6)))
    assert "21 weeks are too few" in short.sentence


def test_many_looks_raise_p(record: Record) -> None:
    once = measure_tension(record, SeriesQuery(source="FRA", target="DEU"), variants=False)
    often = measure_tension(record, SeriesQuery(source="FRA", target="DEU"), looks=3, variants=False)
    assert often.p == pytest.approx(min(1.0, 3 * (once.p or 0)))
    assert "after 3 looks" in often.sentence


def test_a_trend_that_one_outlet_makes_is_told(tmp_path: Path) -> None:
    steady = happenings(110, rise=-0.35, seed=5, outlets=("Courier",), a_week=4)
    loud = [Happening(day=day, sources=("CHN",), targets=("USA",), type="THREATEN", publishers=("Loudspeaker",))
            for week, day in enumerate(days("2021-01-04", 110, 7)) for _ in range(week // 10)]  # fmt: skip
    folder = make_record(tmp_path / "record", [*steady, *loud])
    with Record.open(folder) as record:
        found = measure_tension(record, SeriesQuery(source="CHN", target="USA"))
    assert found.direction is Direction.RISING
    assert "without Loudspeaker the sign turns" in found.sentence


def test_a_scan_adjusts_for_all_pairs(record: Record) -> None:
    rows = scan_tensions(record, SeriesQuery(source=None))
    assert [(row.source, row.target) for row in rows[-1:]] == [("FRA", "DEU")]
    assert len(rows) == 3
    assert all(row.q >= row.p for row in rows)


def test_the_answer_is_the_same_every_time(record: Record) -> None:
    one = plain_tension(measure_tension(record, SeriesQuery(source="CHN", target="USA")))
    assert one == plain_tension(measure_tension(record, SeriesQuery(source="CHN", target="USA")))
    assert json.loads(json.dumps(one)) == one


def test_the_command_prints_and_says_what_is_missing(folder: Path) -> None:
    done = CliRunner().invoke(main, ["tension", str(folder), "CHN", "USA"])
    assert done.exit_code == 0, done.output
    assert "rising since" in " ".join(done.output.split())
    assert "events that moved it most" in done.output
    plain = CliRunner().invoke(main, ["tension", str(folder), "CHN", "USA", "--json"])
    assert json.loads(plain.stdout)["direction"] == "rising"
    scan = CliRunner().invoke(main, ["tension", str(folder), "--scan"])
    assert "FRA → DEU" in scan.output
    assert CliRunner().invoke(main, ["tension", str(folder)]).exit_code == 2
    assert CliRunner().invoke(main, ["tension", str(folder), "CHN", "--scan"]).exit_code == 2
