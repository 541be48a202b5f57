"""A dateline is read apart from the report behind it."""

from __future__ import annotations

import pytest

from demarche.syntax import load_parser, split_text
from demarche.syntax.datelines import dateline_length

REPORT = "Estonia has recalled its envoy from Minsk."


def words_of(text: str) -> int:
    return dateline_length(split_text(text)[0])


@pytest.mark.parametrize(
    "dateline",
    [
        "TALLINN — ", "TALLINN (Agency) - ", "TALLINN, Estonia (AP) – ", "TALLINN, March 7 (Baltic Press) — ",
        "TALLINN, 7 Sept - ", "Tallinn, May 3, 2022 (Agency) -- ", "Tallinn, 3 May: ", "(Agency) - ",
        "PORT-AU-PRINCE, Haiti — ", "COX'S BAZAR, Bangladesh, Jan 19 - ", "RIO DE JANEIRO, Aug. 2 - ",
        "PARIS/BERLIN, June 4 - ", "GAZA CITY, Palestinian Territories: ",
    ],
)  # fmt: skip
def test_datelines_end_where_the_report_begins(dateline: str) -> None:
    assert words_of(dateline + REPORT) == len(split_text(dateline + REPORT)[0]) - len(split_text(REPORT)[0])


@pytest.mark.parametrize(
    "text",
    [
        REPORT, "Tallinn – the capital – has a new mayor.", "NATO – the alliance – has moved its staff.",
        "SPOKESMAN: We have recalled our envoy.", "ESTONIA: Envoy recalled from Minsk.",
        "Live: Estonia recalls its envoy.", "The gas-rich state has recalled its envoy.",
        "TALLINN-BASED FIRMS - LIST OF NAMES", "TALLINN — ", "KYIV-Moscow talks have failed.",
        "Wed. Sept. 20 - Leave for Minsk at six.", "Ada OBI (Estonia desk): They have recalled their envoy.",
        "Estonia (a member since 2004) - like its neighbours - has recalled its envoy.",
    ],
)  # fmt: skip
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert words_of(text) == 0


@pytest.mark.model
@pytest.mark.parametrize("dateline", ["TALLINN — ", "TALLINN, Estonia (Agency) - ", "Tallinn, 3 May: "])
def test_the_report_is_read_as_it_is_alone(dateline: str) -> None:
    (whole,), (alone,) = load_parser().parse([dateline + REPORT, REPORT])
    cut = len(whole) - len(alone)
    assert [whole.heads[i] - cut if whole.heads[i] >= 0 else -1 for i in range(cut, len(whole))] == list(alone.heads)
    assert whole.deprels[cut:] == alone.deprels
    assert whole.upos[cut:] == alone.upos
    (hung,) = [i for i in range(cut) if whole.heads[i] >= cut]
    assert whole.deprels[hung] == "parataxis"
    assert whole.deprels[whole.heads[hung]] == "root"
