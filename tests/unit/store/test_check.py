"""Each invariant is broken on purpose; the check must name it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from demarche.pipeline import code_batch
from demarche.records import Cluster, CodedDocument, CopyKind, Event, EventAssertion, EventType, Standing, Status
from demarche.store import Derived, RecordWriter, check_record
from demarche.store.check import CHECKS
from fake_rooms import articles, load_fakes


def documents(count: int = 3) -> list[CodedDocument]:
    return [one for one in code_batch(articles(count), load_fakes()) if isinstance(one, CodedDocument)]


def broken(folder: Path, coded: list[CodedDocument], derived: Derived | None = None) -> set[str]:
    with RecordWriter(folder, version="1") as writer:
        writer.commit(coded)
        writer.publish(lambda _: derived or Derived())
    return {breach.what for breach in check_record(folder)}


def event(coded: CodedDocument, **changes: object) -> Event:
    row = coded.assertions[0]
    made = Event(
        id="v1", type=EventType.THREATEN, mode=None, sources=row.sources, targets=row.targets, status=Status.ACTUAL,
        standing=Standing.ATTRIBUTED, date=None, start=None, end=None, place=None, documents=1, clusters=1,
        assertions=1,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def test_a_sound_record_breaks_nothing(tmp_path: Path) -> None:
    coded = documents()
    row = coded[0].assertions[0]
    derived = Derived(
        events=(event(coded[0]),),
        event_assertions=(EventAssertion(event="v1", assertion=row.id),),
        clusters=tuple(
            Cluster(id="c1", document=one.document.id, representative=coded[0].document.id, copy=CopyKind.ORIGINAL,
                    score=None, evidence=None)
            for one in coded
        ),
    )  # fmt: skip
    assert broken(tmp_path / "record", coded, derived) == set()


def test_the_checks_run_on_an_empty_record(tmp_path: Path) -> None:
    assert broken(tmp_path / "record", []) == set()


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda one: replace(one, mentions=(replace(one.mentions[0], end=9999), *one.mentions[1:])),
         "a mention lies outside its document"),
        (lambda one: replace(one, assertions=(replace(one.assertions[0], spans=((5, 5),)),)),
         "a span of an assertion lies outside its document"),
        (lambda one: replace(one, assertions=(
            replace(one.assertions[0], spans=((0, 5),), sentence=one.sentences[2].id),)),
         "the trigger of an assertion lies outside its sentence"),
        (lambda one: replace(one, sentences=(replace(one.sentences[0], paragraph=1), *one.sentences[1:])),
         "a sentence lies outside its paragraph"),
        (lambda one: replace(one, document=replace(one.document, words=1)),
         "the number of words is not that of the text"),
        (lambda one: replace(one, actors=one.actors[:1]), "a mention refers to nothing"),
        (lambda one: replace(one, assertions=(replace(one.assertions[0], targets=("XXX",)), *one.assertions[1:])),
         "an actor in an assertion's targets is missing"),
        (lambda one: replace(one, assertions=(replace(one.assertions[0], condition="d.e9"), *one.assertions[1:])),
         "an assertion's condition is missing"),
        (lambda one: replace(one, assertions=one.assertions[:1]), "the end of a link is missing (from)"),
        (lambda one: replace(one, assertions=(one.assertions[0], *one.assertions)),
         "two rows of assertions have one id"),
        (lambda one: replace(one, attributions=(
            replace(one.attributions[0], parent=one.attributions[1].id),
            replace(one.attributions[1], parent=one.attributions[0].id), *one.attributions[2:])),
         "a chain of attributions comes back to itself"),
        (lambda one: replace(one, assertions=(
            replace(one.assertions[0], holders=one.assertions[0].holders * 2), *one.assertions[1:])),
         "a holder stands twice in a chain"),
    ],
)  # fmt: skip
def test_a_broken_row_is_named(tmp_path: Path, change: object, what: str) -> None:
    first, *others = documents()
    assert what in broken(tmp_path / "record", [change(first), *others])  # type: ignore[operator]


def test_counts_that_are_not_those_of_the_rows_are_named(tmp_path: Path) -> None:
    coded = documents()
    derived = Derived(
        events=(event(coded[0], assertions=2),),
        event_assertions=(EventAssertion(event="v1", assertion=coded[0].assertions[0].id),),
        clusters=(
            Cluster(id="c1", document=coded[0].document.id, representative=coded[1].document.id,
                    copy=CopyKind.SYNDICATED, score=0.9, evidence="x"),
        ),
    )  # fmt: skip
    assert broken(tmp_path / "record", coded, derived) == {
        "an event's counts are not those of its rows",
        "a cluster's representative is not in it",
    }


def test_a_changed_part_and_a_changed_serving_file_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "record"
    assert broken(folder, documents()) == set()
    part = next(folder.glob("parts/sentences/*.parquet"))
    part.write_bytes(part.read_bytes()[:-10])
    with duckdb.connect(str(next(folder.glob("serving-*.duckdb")))) as connection:
        connection.execute("UPDATE assertions SET score = 0.9")
    found = {breach.what: breach.examples for breach in check_record(folder)}
    assert found["the parts are not what was written"] == (f"part changed: {part}",)
    assert found["the serving file is not what was published"] == ("assertions",)


def test_every_check_names_an_invariant() -> None:
    assert {invariant for invariant, _, _ in CHECKS} == {1, 2, 3, 4}
