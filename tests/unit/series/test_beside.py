from __future__ import annotations

import gzip
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from demarche.cli import main
from demarche.errors import ConfigError, DemarcheError
from demarche.series import By, SeriesQuery, count_beside, import_series, list_beside
from demarche.store import Record, check_record
from made_records import Happening, make_record

ICEWS = "\t".join(
    "Event ID|Event Date|Source Name|Source Sectors|Source Country|Event Text|CAMEO Code|Intensity|Target Name|"
    "Target Sectors|Target Country|Story ID|Sentence Number|Publisher|City|District|Province|Country|Latitude|Longitude"
    .split("|")
)  # fmt: skip


def icews_row(day: str, source: str, target: str, cameo: str = "111") -> str:
    return "\t".join(["1", day, source, "", source, "text", cameo, "-2.0", target, "", target, "9", "2", "Wire",
                      "", "", "", "", "", ""])  # fmt: skip


def gdelt_row(width: int, day: str = "20220103", cameo: str = "190") -> str:
    cells = [""] * width
    cells[0], cells[1], cells[5], cells[7], cells[15], cells[17], cells[26] = (
        "77",
        day,
        "RUSMIL",
        "RUS",
        "UKR",
        "UKR",
        cameo,
    )
    cells[30] = "-10.0"
    return "\t".join(cells)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    made = [Happening(day="2022-01-03", sources=("CHN",), targets=("USA",))]
    with Record.open(make_record(tmp_path / "record", made)) as opened:
        yield opened


def test_icews_with_a_latin_letter_and_bad_lines(record: Record, tmp_path: Path) -> None:
    path = tmp_path / "events.tab"
    rows = [
        ICEWS,
        icews_row("2018-01-01", "China", "United States"),
        icews_row("2018-01-02", "Russian Federation", "China"),
        icews_row("2018-03-02", "Côte d'Ivoire", "China", "042"),
        icews_row("soon", "China", "Japan"),
        icews_row("2018-01-01", "China", "Japan", "99"),
        "short\t2018-01-01",
    ]
    path.write_bytes("\n".join(rows).encode("latin-1"))
    told = import_series(record, [path], "icews")
    assert (told.form, told.rows, told.first, told.last) == ("icews", 3, "2018-01-01", "2018-03-02")
    assert dict(told.refused) == {"no date": 1, "no CAMEO code": 1, "too few columns": 1}
    counted = count_beside(record, "icews", SeriesQuery(source="CHN", target="USA"))
    assert [one.events for one in counted.bins] == [1, 0, 0]
    assert [one.gap for one in counted.bins] == [False, True, False]
    assert "unverifiable" in counted.rules
    assert count_beside(record, "icews", SeriesQuery(source="RUS", target="CHN")).bins[0].conflict == 1


@pytest.mark.parametrize("width", [57, 58, 61])
def test_gdelt_of_every_age_also_packed(record: Record, tmp_path: Path, width: int) -> None:
    text = "\n".join([gdelt_row(width), gdelt_row(width, "20220104", "043"), "a\tb"]).encode()
    with zipfile.ZipFile(tmp_path / "one.CSV.zip", "w") as archive:
        archive.writestr("one.CSV", text)
    (tmp_path / "two.csv.gz").write_bytes(gzip.compress(text))
    told = import_series(record, [tmp_path / "one.CSV.zip", tmp_path / "two.csv.gz"], "gdelt")
    assert (told.form, told.rows) == ("gdelt", 4)
    counted = count_beside(record, "gdelt", SeriesQuery(source="RUS", target="UKR", by=By.DAY))
    assert [(one.conflict, one.cooperation) for one in counted.bins] == [(2, 0), (0, 2)]


def test_an_import_is_no_part_of_the_record(record: Record, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(gdelt_row(61))
    import_series(record, [path], "old")
    assert [one.name for one in list_beside(record)] == ["old"]
    assert list(check_record(record.folder)) == []


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [("", "x", "E612"), ("hello", "x", "E612"), (gdelt_row(61, "20229999"), "x", "E613.*no date"),
     (gdelt_row(61), "No Name", "E611"), (ICEWS, "x", "E613")],
)  # fmt: skip
def test_files_that_are_something_else_are_refused(
    record: Record, tmp_path: Path, text: str, name: str, said: str
) -> None:
    path = tmp_path / "file"
    path.write_text(text)
    with pytest.raises(DemarcheError, match=said):
        import_series(record, [path], name)
    assert list_beside(record) == ()
    assert not list((record.folder / "beside").glob("*")) if (record.folder / "beside").exists() else True


def test_missing_files_and_names(record: Record, tmp_path: Path) -> None:
    with pytest.raises(DemarcheError, match="E101"):
        import_series(record, [tmp_path / "none"], "x")
    (tmp_path / "bad.zip").write_bytes(b"no zip")
    with pytest.raises(DemarcheError, match="E114"):
        import_series(record, [tmp_path / "bad.zip"], "x")
    with pytest.raises(ConfigError, match="E614"):
        count_beside(record, "x", SeriesQuery(source="CHN"))


def test_both_stand_on_one_page(record: Record, tmp_path: Path) -> None:
    path = tmp_path / "events.tab"
    path.write_text("\n".join([ICEWS, icews_row("2022-01-04", "China", "United States")]))
    folder = str(record.folder)
    done = CliRunner().invoke(main, ["import", folder, str(path), "--name", "icews"])
    assert done.exit_code == 0, done.output
    shown = CliRunner().invoke(main, ["series", folder, "CHN", "USA", "--beside", "icews"])
    assert shown.exit_code == 0, shown.output
    assert "no sentence behind" in " ".join(shown.output.split())
