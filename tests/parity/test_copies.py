"""A copy costs no parse, and the record says the same whether it was recognised, coded, first or last."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from demarche.dedup.words import load_pieces
from demarche.pipeline import CodeWork, Counts, InlineEngine, LocalEngine, code_into, code_missing, publish_record
from demarche.records import Article
from demarche.store import Record, RecordWriter, check_record
from fake_rooms import article, articles, load_fakes


def feed() -> list[Article]:
    """Eight stories, each with an exact copy, one with another headline and a line of its own, and one cut."""
    found = []
    known = sorted(word for word in load_pieces().table if word.isalpha() and len(word) > 4)
    for number, one in enumerate(articles(8)):
        title, body = one.document.text.split("\n")
        rows, _, _ = body.rpartition(" to stop")
        chance = random.Random(number)
        filler = [" ".join(chance.choices(known, k=12)).capitalize() for _ in range(8)]
        body = f"{rows} to stop. {'. '.join(filler)}."
        one = article("made", f"{title}\n{body}")
        first, *rest = body.split(". ")
        more = "In our town nobody noticed."
        day = f"2024-03-{4 + number:02d}"
        later = f"2024-03-{5 + number:02d}"
        found += [
            article(f"o{number}.txt", one.document.text, published=day),
            article(f"same{number}.txt", one.document.text, published=later),
            article(f"headline{number}.txt", f"Old friends fall out, {number}\n{body}\n{more}", published=later),
            article(f"cut{number}.txt", f"{title}\n{'. '.join([first, *rest[1:7]])}.", published=later),
        ]
    return found


def code(folder: Path, batches: Sequence[Sequence[Article]], **more: object) -> tuple[str, list[Counts]]:
    counts = [
        code_into(folder, batch, InlineEngine(), CodeWork(load=load_fakes), version="1", options="{}", **more)  # type: ignore[arg-type]
        for batch in batches
    ]
    assert list(check_record(folder)) == []
    with Record.open(folder) as record:
        return record.content_hash, counts


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("straight") / "record"
    code(folder, [feed()])
    return folder


def content(folder: Path) -> str:
    with Record.open(folder) as record:
        return record.content_hash


def test_copies_are_not_coded(tmp_path: Path) -> None:
    _, [counts] = code(tmp_path / "record", [feed()])
    assert (counts.coded, counts.copies, counts.rejected) == (32, 24, 0)
    with RecordWriter(tmp_path / "record", version="1") as writer:
        assert len(writer.committed().ids("documents")) == 8


def test_coding_every_copy_says_the_same(straight: Path, tmp_path: Path) -> None:
    found, [counts] = code(tmp_path / "record", [feed()], every=True)
    assert counts.copies == 0
    assert found == content(straight)


@pytest.mark.parametrize("seed", range(4))
def test_any_order_in_any_batches_says_the_same(straight: Path, tmp_path: Path, seed: int) -> None:
    shuffled = random.Random(seed).sample(feed(), 32)
    cuts = sorted(random.Random(seed).sample(range(1, 32), 3))
    batches = [shuffled[a:b] for a, b in zip([0, *cuts], [*cuts, 32], strict=True)]
    assert code(tmp_path / "record", batches)[0] == content(straight)


def test_another_engine_says_the_same(straight: Path, tmp_path: Path) -> None:
    work = CodeWork(load=load_fakes)
    code_into(tmp_path / "two", feed()[::-1], LocalEngine(workers=2), work, version="1", options="{}")
    assert content(tmp_path / "two") == content(straight)


def test_the_rows_of_a_copy_are_those_of_its_representative(straight: Path) -> None:
    with Record.open(straight) as record:
        rows = {row.document: row for row in record.rows("clusters")}
        for copy in (row for row in rows.values() if row.document != row.representative):
            one, other = record.document(copy.document), record.document(copy.representative)
            told = {row.id.split(".")[1]: row for row in other.assertions}
            assert one.assertions
            for row in one.assertions:
                mine = [one.document.text[s:e] for s, e in row.spans]
                theirs = told[row.id.split(".")[1]]
                assert mine == [other.document.text[s:e] for s, e in theirs.spans]
                assert (row.type, row.sources, row.targets) == (theirs.type, theirs.sources, theirs.targets)


def test_copies_add_no_event(straight: Path, tmp_path: Path) -> None:
    originals = [one for one in feed() if one.document.source.startswith("o")]
    code(tmp_path / "alone", [originals])
    query = "SELECT id, status, date FROM events ORDER BY id"
    with Record.open(straight) as copied, Record.open(tmp_path / "alone") as alone:
        assert copied.sql(query).to_pylist() == alone.sql(query).to_pylist()
        [most] = copied.sql("SELECT max(documents) AS d, max(clusters) AS c FROM events").to_pylist()
        assert most["d"] >= 3
        assert most["c"] == alone.sql("SELECT max(clusters) AS c FROM events").to_pylist()[0]["c"]


@pytest.mark.parametrize("backwards", [False, True])
def test_an_article_that_fails_is_told_by_none_and_another_stands_for_it(tmp_path: Path, backwards: bool) -> None:
    """The representative of a set cannot be coded: the next in age stands for it, in whatever order they came."""
    good = feed()
    failing = article("first.txt", good[0].document.text + "\nRAISE", published="2024-03-01")
    batch = [failing, *good]
    found, _ = code(tmp_path / "record", [batch[::-1] if backwards else batch])
    with Record.open(tmp_path / "record") as record:
        representative = record.rows("clusters", "document = ?", [failing.document.id])
        assert [row.representative for row in representative] == [good[0].document.id]
    assert found == code(tmp_path / "again", [[one] for one in batch])[0]


def test_a_merged_record_codes_what_stands_for_others(tmp_path: Path, straight: Path) -> None:
    """Copies coded here, their original there: together they say what one run over both would."""
    articles_ = feed()
    code(tmp_path / "one", [articles_[2::4] + articles_[3::4]])
    code(tmp_path / "two", [articles_[0::4] + articles_[1::4]])
    with RecordWriter(tmp_path / "all", version="1") as writer:
        writer.take(tmp_path / "one")
        writer.take(tmp_path / "two")
        code_missing(writer, InlineEngine(), CodeWork(load=load_fakes))
        publish_record(writer)
    assert content(tmp_path / "all") == content(straight)


def test_a_newer_version_of_a_page_stands_for_the_older(tmp_path: Path) -> None:
    [old, *_] = feed()
    url = "https://example.org/story"
    text = old.document.text + "\nParis asked Moscow to wait."
    new = article("new.txt", text, published="2024-03-04T18:00")
    old = replace(old, document=replace(old.document, url=url, published="2024-03-04T08:00"))
    new = replace(new, document=replace(new.document, url=url))
    found, _ = code(tmp_path / "record", [[old], [new]])
    assert found == code(tmp_path / "other", [[new], [old]])[0]
    with Record.open(tmp_path / "record") as record:
        rows = record.rows("clusters")
        assert {row.representative for row in rows} == {new.document.id}
        assert record.document(old.document.id).document.text == old.document.text
        assert record.sql("SELECT count(*) AS n FROM events").to_pylist()[0]["n"] >= 1
