"""Canonical text, charsets, damage scores, roles of lines, the guards around parsers."""

from __future__ import annotations

import gzip
import io
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demarche.errors import InputError
from demarche.ingest import explain_damage, score_damage
from demarche.ingest.charset import decode
from demarche.ingest.clean import clean_text, count_words
from demarche.ingest.damage import score_text
from demarche.ingest.evaluate import _reference_roles, score_shingles
from demarche.ingest.guard import check_markup, deadline, drop_silent, run_killable
from demarche.ingest.options import Limits
from demarche.ingest.roles import assign_roles, split_lines
from demarche.ingest.sniff import Kind, sniff
from demarche.ingest.streams import GzipStream, LineReader
from demarche.records import Role
from ingest_pages import STORY


@settings(deadline=None, derandomize=True)
@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [("a\u00a0b  c\n", "a b c"), ("e\u0301", "é"), ("o\ufb03ce", "office"), ("co\u00adoperate", "cooperate"),
     ("a\u202eb\u200bc", "abc"), ("cafÃ© in Paris", "café in Paris"), ("don’t “touch”", "don’t “touch”"),
     ("co\u00ad\n operate", "cooperate"), ("", "")],
)  # fmt: skip
def test_text_has_one_form(dirty: str, clean: str) -> None:
    assert clean_text(dirty) == clean


def test_words_are_counted_by_white_space() -> None:
    assert count_words("a b  c") == 3


@pytest.mark.parametrize(
    ("data", "header", "charset"),
    [("é".encode(), None, "utf-8"), ("\ufeffé".encode(), "latin-1", "utf-8"), ("é".encode("utf-16"), None, "utf-16"),
     ("Привет, мир".encode("cp1251"), "windows-1251", "cp1251"), ("日本".encode("shift_jis"), "shift_jis", "cp932")],
)  # fmt: skip
def test_the_charset_is_decided_in_order(data: bytes, header: str | None, charset: str) -> None:
    assert decode(data, header=header).charset == charset
    assert "\ufffd" not in decode(data, header=header).text


def test_a_wrong_declaration_is_a_warning() -> None:
    found = decode("Zürich – ja".encode("cp1252"), header="utf-8")
    assert found.text == "Zürich – ja"
    assert found.warning is not None


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [(b"%PDF-1.4", "a.html", Kind.PDF), (b"PK\x03\x04", "a.txt", Kind.ZIP), (b"\x1f\x8b\x08", "a", Kind.GZIP),
     (b"WARC/1.0\r\n", "a", Kind.WARC), (b"<rss version='2.0'>", "a.xml", Kind.FEED),
     (b"<urlset>", "a.xml", Kind.SITEMAP), (b'{"text": "a"}\n', "a", Kind.JSONL),
     (b'{"version": "https://jsonfeed.org/version/1.1"}', "a.json", Kind.JSON_FEED),
     (b"From a@b Mon Mar 1", "a", Kind.MBOX), (b"<!doctype html><p>", "a", Kind.HTML), (b"plain words", "a", Kind.TEXT),
     (b"   ", "a", Kind.EMPTY), (b"\x89PNG\r\n", "a.html", Kind.BINARY), (b"key = 1", "a.toml", Kind.OTHER)],
)  # fmt: skip
def test_kinds_are_told_by_their_bytes_first(head: bytes, name: str, kind: Kind) -> None:
    assert sniff(head, name) is kind


def test_clean_prose_is_not_damaged() -> None:
    assert all(score_damage(text) == 0 for text in STORY)
    assert score_text(list(STORY)) == 0


def test_damaged_wording_is_scored_and_explained() -> None:
    broken = "Sir. At a summit the the Foreign Minister Antony Blinken spoke of $ 4 billion."
    assert score_damage(broken) == 1.0
    assert len(explain_damage(broken)) >= 3
    assert 0 < score_text([broken, *STORY]) <= 1


SCRAPE = f"""Veria to open border
VERIA TO OPEN BORDER
By Ana Roth
Photo: Jon Vale / Ister Images
Share this story with your friends
{STORY[0]}
The offer was made by President
Mara Linde
, who spoke in the capital on Monday.
{STORY[2]}
2 of 7
Leave a Reply
Copyright © 2021 Ister Post. All rights reserved. 87990cbe856818d5eddac44c7b1cdeb8"""


def test_lines_of_a_scrape_get_their_roles_and_names_are_joined() -> None:
    found = assign_roles(split_lines(SCRAPE))
    by_text = {line.text: line for line in found}
    assert found[0].role is Role.TITLE
    assert by_text["VERIA TO OPEN BORDER"].role is Role.TITLE
    assert by_text["VERIA TO OPEN BORDER"].repeat
    assert by_text["By Ana Roth"].role is Role.BYLINE
    assert by_text["Share this story with your friends"].role is Role.PROMPT
    assert by_text["2 of 7"].role is Role.COUNTER
    assert by_text["Leave a Reply"].role is Role.FORM
    assert found[-1].role is Role.COPYRIGHT
    joined = next(line for line in found if "Mara Linde" in line.text)
    assert joined.text.startswith("The offer was made by President Mara Linde")
    assert joined.text.endswith("on Monday.")
    assert [line.text for line in found if line.role is Role.BODY and line.text in STORY] == [STORY[0], STORY[2]]


def test_wrapped_text_is_split_at_empty_lines() -> None:
    wrapped = "\n\n".join("\n".join(text[i : i + 60] for i in range(0, len(text), 60)) for text in STORY * 2)
    assert len(split_lines(wrapped)) == 8


def test_the_reference_article_keeps_its_roles(shared: Path) -> None:
    assert _reference_roles(shared / "acceptance").value >= 0.97


def test_the_measure_of_main_text_is_the_benchmarks() -> None:
    assert score_shingles([("a b c d e f", "a b c d e f")]) == (1.0, 1.0, 1.0)
    f1, precision, recall = score_shingles([("a b c d e f g h", "a b c d")])
    assert precision == 1.0
    assert recall == pytest.approx(1 / 5)
    assert f1 == pytest.approx(1 / 3)
    assert score_shingles([("a b", "")])[2] == 0.0


def _sleep(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def _fail(what: str) -> None:
    raise InputError("E108", what)


def test_a_job_in_the_helper_is_killed_at_its_time_and_the_next_one_works() -> None:
    assert run_killable(_sleep, 0.0, seconds=20) == 0.0
    began = time.monotonic()
    with pytest.raises(InputError, match="E107"):
        run_killable(_sleep, 30.0, seconds=0.5)
    assert time.monotonic() - began < 10
    assert run_killable(_sleep, 0.0, seconds=20) == 0.0
    with pytest.raises(InputError, match="nothing there"):
        run_killable(_fail, "nothing there", seconds=20)


def _spin() -> None:
    with deadline(0.1):
        while True:
            pass


def test_a_deadline_ends_python_code() -> None:
    with pytest.raises(InputError, match="E107"):
        _spin()


def test_silent_parts_go_and_structured_data_stay() -> None:
    markup = (
        "<p>a</p><script>var x = '<p>';</script><style>p{}</style><!-- <p>b</p> --><SCRIPT>x</SCRIPT >"
        '<script type="application/ld+json">{"a": 1}</script><p>c</p><script>never closed <p>d</p>'
    )
    found = drop_silent(markup)
    assert "var x" not in found
    assert "b</p>" not in found
    assert '{"a": 1}' in found
    assert "<p>c</p>" in found


def test_limits_of_markup_are_exact() -> None:
    limits = Limits(tag_depth=5, tags=50)
    check_markup("<div>" * 5 + "x" + "</div>" * 5, limits)
    with pytest.raises(InputError, match="E106"):
        check_markup("<div>" * 6 + "x", limits)
    check_markup("<p>x" * 20, limits)
    with pytest.raises(InputError, match="E106"):
        check_markup("<br>" * 51, limits)


def test_gzip_is_read_member_by_member_with_offsets() -> None:
    first, second = gzip.compress(b"one"), gzip.compress(b"two")
    stream = GzipStream(io.BytesIO(first + second))
    assert io.BufferedReader(stream).read() == b"onetwo"
    assert stream.consumed == len(first + second)
    with pytest.raises(InputError, match=f"offset {len(first)}"):
        io.BufferedReader(GzipStream(io.BytesIO(first + second[:-4]))).read()


def test_long_lines_are_counted_and_skipped() -> None:
    stream = io.BufferedReader(io.BytesIO(b"a\n" + b"b" * 50 + b"\nc\n"))  # type: ignore[arg-type]
    assert list(LineReader(stream, 10)) == [(1, b"a\n"), (2, None), (3, b"c\n")]
