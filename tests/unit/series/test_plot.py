from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from demarche.cli import main
from demarche.errors import ConfigError, StoreError
from demarche.series import (
    By,
    Direction,
    Mark,
    SeriesQuery,
    alt_text,
    count_series,
    draw_series,
    measure_tension,
    read_day,
)
from demarche.store import Record
from made_records import Happening, days, make_record

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = [
        Happening(day=day, sources=("CHN",), targets=("USA",), type="THREATEN" if (n > 210) ^ (n % 5 == 0) else "AID")
        for n, day in enumerate(days("2021-01-04", 420, 2))
        if not "2021-06" <= day < "2021-08"
    ]
    return make_record(tmp_path_factory.mktemp("plot") / "record", made)


@pytest.fixture(scope="module")
def record(folder: Path) -> Iterator[Record]:
    with Record.open(folder) as opened:
        yield opened


def test_the_picture_says_what_it_shows(record: Record, tmp_path: Path) -> None:
    found = measure_tension(record, SeriesQuery(source="CHN", target="USA"))
    found = replace(found, direction=Direction.RISING, low=1.0, slope=2.0, high=3.0, p=0.01)
    mark = Mark(day=read_day("2022-02-04", option="-"), words="a joint statement <here>")
    words = draw_series(found, tmp_path / "out.svg", marks=[mark])
    root = ET.parse(tmp_path / "out.svg").getroot()
    assert root.attrib["role"] == "img"
    assert root.find(f"{SVG}desc").text == words  # type: ignore[union-attr]
    assert found.sentence in words
    assert "a joint statement <here>" in words
    drawn = " ".join(root.itertext())
    assert "shift ±4 weeks" in drawn
    assert "nothing read" in drawn
    assert "Sen slope" in drawn


def test_the_same_picture_every_time(record: Record, tmp_path: Path) -> None:
    series = count_series(record, SeriesQuery(source="CHN", target="USA", by=By.MONTH))
    for name in ("a.svg", "b.svg", "a.png", "b.png"):
        draw_series(series, tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert b"events in" in (tmp_path / "a.png").read_bytes()


def test_quads_differ_in_grey(record: Record, tmp_path: Path) -> None:
    """Words and deeds differ by lightness; conflict is hatched, cooperation is not."""
    from demarche.series.plot import LOOKS

    def light(colour: str) -> float:
        red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for kind in ("cooperation", "conflict"):
        verbal, material = (LOOKS[quad] for quad in LOOKS if kind in quad)
        assert abs(light(verbal[0]) - light(material[0])) > 70
        assert (verbal[1] == "") == (material[1] == "") == (kind == "cooperation")


def test_an_empty_series_is_drawn_too(record: Record, tmp_path: Path) -> None:
    series = count_series(record, SeriesQuery(source="JPN", target="USA"))
    assert "0 events" in draw_series(series, tmp_path / "none.png")
    assert "lies between" not in alt_text(series)


def test_bad_names_and_places(record: Record, tmp_path: Path) -> None:
    series = count_series(record, SeriesQuery(source="CHN", target="USA"))
    with pytest.raises(ConfigError, match="E616"):
        draw_series(series, tmp_path / "out.jpg")
    with pytest.raises(StoreError, match="E503"):
        draw_series(series, tmp_path / "none" / "out.svg")


def test_the_commands_draw(folder: Path, tmp_path: Path) -> None:
    for command in ("series", "tension"):
        path = tmp_path / f"{command}.svg"
        done = CliRunner().invoke(main, [command, str(folder), "CHN", "USA", "--plot", str(path)])
        assert done.exit_code == 0, done.output
        assert path.read_text().startswith("<?xml")
    bad = CliRunner().invoke(
        main, ["series", str(folder), "CHN", "--plot", str(tmp_path / "a.svg"), "--mark", "soon:x"]
    )
    assert bad.exit_code == 2
    assert "E904" in bad.output
