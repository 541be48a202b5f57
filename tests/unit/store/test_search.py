from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from demarche.errors import ConfigError
from demarche.store import Record, search_sentences
from made_records import Happening, days, make_record


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    made = [
        Happening(day=day, sources=("CHN", "RUS")[n % 2 :][:1], targets=("USA",), type=("AID", "THREATEN")[n % 3 == 0])
        for n, day in enumerate(days("2022-01-01", 40))
    ]
    folder: Path = make_record(tmp_path_factory.mktemp("search") / "record", made)
    with Record.open(folder) as opened:
        yield opened


def plain(record: Record, words: list[str]) -> set[str]:
    """The slow way: every sentence, every word."""
    found = set()
    for one in record.documents():
        for sentence in one.sentences:
            text = unicodedata.normalize("NFD", one.document.text[sentence.start : sentence.end].lower())
            if set(words) <= set(re.findall(r"\w+", text)):
                found.add(sentence.id)
    return found


@pytest.mark.parametrize("words", [["threaten"], ["threaten", "chn"], ["rus", "aid", "usa"], ["12"], ["nowhere"]])
def test_the_index_finds_what_a_reading_of_all_finds(record: Record, words: list[str]) -> None:
    hits = search_sentences(record, " ".join(words), limit=100)
    assert {hit.sentence for hit in hits.hits} == plain(record, words)
    assert hits.total == len(hits.hits)
    assert [hit.published for hit in hits.hits] == sorted((hit.published for hit in hits.hits), reverse=True)


def test_the_index_of_a_large_record_is_the_same(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("demarche.store.words.AT_ONCE", 6)
    made = [
        Happening(day=day, sources=("CHN", "RUS")[n % 2 :][:1], targets=("USA",), type=("AID", "THREATEN")[n % 3 == 0])
        for n, day in enumerate(days("2022-01-01", 40))
    ]
    with Record.open(make_record(tmp_path / "record", made)) as large:
        for table in ("terms", "postings"):
            assert large.sql(f"FROM {table}").equals(record.sql(f"FROM {table}"))


def test_pages_join_to_the_whole(record: Record) -> None:
    whole = search_sentences(record, "usa", limit=100).hits
    pages = [search_sentences(record, "usa", limit=7, offset=offset).hits for offset in range(0, 49, 7)]
    assert [hit for page in pages for hit in page] == list(whole)


def test_quoted_words_stand_in_a_row(record: Record) -> None:
    assert search_sentences(record, '"did threaten usa"').hits
    assert not search_sentences(record, '"usa did threaten"').hits
    assert search_sentences(record, "Usá THREATEN").hits


def test_nothing_to_look_up(record: Record) -> None:
    for query in ("", "the of", "!?"):
        with pytest.raises(ConfigError, match="E517"):
            search_sentences(record, query)
