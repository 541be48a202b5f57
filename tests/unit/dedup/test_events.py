"""Happenings: rows over sentences and articles become one event, in any order of arrival."""

from __future__ import annotations

import json
import pickle
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from demarche.dedup import (
    Telling,
    evaluate_events,
    merge_events,
    merge_in_turn,
    read_decisions,
    read_retellings,
    read_tellings,
    turn_of,
)
from demarche.dedup.tellings import Interval
from demarche.dedup.words import look_up
from demarche.errors import ConfigError
from demarche.records import EventType, Standing, Status
from made_tellings import DAY, telling

STORY = [
    telling("a", "impose tariffs on steel and aluminium", told=0, when=0),
    telling("b", "slap duties on steel and aluminium", told=1, when=0),
    telling("c", "expel forty diplomats over the poisoning", told=1),
    telling("d", "impose tariffs on steel and aluminium", told=40, when=39),
    telling("e", "bombard the harbour with artillery", kind=EventType.ASSAULT, sources=("RUS",), targets=("UKR",)),
    telling("f", "shell the harbour with heavy artillery", kind=EventType.ASSAULT, sources=("RUS",), targets=("UKR",)),
    telling("g", "impose tariffs on steel and aluminium", sources=("CHN",), told=1, when=0),
]


def test_happenings_in_turn_are_those_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Type by type, from disk, with vectors in files: the same rows."""
    monkeypatch.setattr("demarche.dedup.events.BLOCK", 2)
    copied = [pickle.loads(pickle.dumps(one)) for one in sorted(STORY, key=turn_of)]
    found = list(merge_in_turn(copied))
    whole = merge_events(STORY)
    assert sorted((event for event, _ in found), key=lambda event: event.id) == list(whole.events)
    rows = [row for _, behind in found for row in behind]
    assert sorted(rows, key=lambda row: (row.event, row.assertion)) == list(whole.event_assertions)


def groups(tellings: Sequence[Telling]) -> set[frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in merge_events(tellings).event_assertions:
        found.setdefault(row.event, set()).add(row.assertion.split(".")[0])
    return {frozenset(names) for names in found.values()}


def test_agreeing_rows_of_two_articles_are_one_event() -> None:
    assert groups(STORY) == {frozenset(names) for names in ("ab", "c", "d", "ef", "g")}


@pytest.mark.parametrize("seed", range(8))
def test_any_order_of_arrival_gives_the_same_events(seed: int) -> None:
    shuffled = random.Random(seed).sample(STORY, len(STORY))
    assert merge_events(shuffled) == merge_events(STORY)


def test_the_status_of_a_happening_has_a_history() -> None:
    told = [
        telling("a", "hold talks on the border in Geneva", kind=EventType.CONSULT, when=1, status=Status.PLANNED),
        telling("b", "held talks on the border in Geneva", kind=EventType.CONSULT, told=1, when=1),
        telling(
            "c",
            "held talks on the border in Geneva",
            kind=EventType.CONSULT,
            told=2,
            when=1,
            status=Status.DENIED,
            holder="RUS",
        ),
    ]
    merged = merge_events(told)
    [event] = merged.events
    assert (event.status, event.standing) == (Status.ACTUAL, Standing.DISPUTED)
    history = sorted(merged.event_assertions, key=lambda row: row.told or "")
    assert [row.status for row in history] == [Status.PLANNED, Status.ACTUAL, Status.DENIED]
    assert event.first == history[0].told
    assert event.date == history[1].told  # the told day of the act, not that of the first telling


def test_yes_and_no_on_one_word_are_two_happenings() -> None:
    told = [
        telling("a.1", "sell grain to the east", kind=EventType.COOPERATE),
        telling("a.2", "sell grain to the east", kind=EventType.COOPERATE, status=Status.NEGATED),
    ]
    assert len(merge_events(told).events) == 2


def test_other_places_and_sums_keep_happenings_apart() -> None:
    words = "bomb a depot near the river"
    told = [
        telling("a", words + " today", kind=EventType.ASSAULT, place="Odesa"),
        telling("b", words + " again", kind=EventType.ASSAULT, place="Kharkiv", amount=("missile", 3)),
        telling("c", words + " before", kind=EventType.ASSAULT, place="Kharkiv", amount=("missile", 40)),
    ]
    assert frozenset("ab") not in groups(told)


def test_copies_count_once() -> None:
    told = [telling(name, "impose tariffs on steel and aluminium", when=0) for name in "abc"]
    [event] = merge_events(told, {"a": "k1", "b": "k1", "c": "k2"}).events
    assert (event.documents, event.clusters, event.assertions) == (3, 2, 3)


def test_a_long_span_gives_no_false_day() -> None:
    year = telling("a", "annex the peninsula by force", told=900)
    object.__setattr__(year, "when", Interval(DAY, DAY + 364))
    [event] = merge_events([year]).events
    assert event.date is None
    assert event.start is not None
    assert event.end is not None


def test_many_rows_of_one_pair_cost_no_square() -> None:
    rng = np.random.default_rng(1)
    words = ["harbour", "tariff", "missile", "embassy", "pipeline", "grain", "visa", "satellite", "tanker", "border"]
    told = [
        telling(f"d{n}", " ".join(rng.choice(words, 4)), told=int(n // 20), sources=("USA",), targets=("RUS",))
        for n in range(1500)
    ]
    merged = merge_events(told)
    assert len(merged.event_assertions) == 1500
    assert 5 < len(merged.events) < 1500


def test_tellings_of_an_article_have_sides_and_words() -> None:
    from demarche.pipeline import code_batch
    from demarche.records import CodedDocument
    from fake_rooms import article, load_fakes

    text = "Moscow and Paris quarrel\nMoscow warned Paris about tankers in the strait today."
    [coded] = code_batch([article("a.txt", text)], load_fakes())
    assert isinstance(coded, CodedDocument)
    first, second = read_tellings(coded)
    assert (set(second.sources), set(second.targets)) == ({"RUS"}, {"FRA"})
    assert first.headline
    assert not second.headline
    assert look_up("tankers").stem in second.words
    assert look_up("Moscow").stem not in second.words


def test_the_board_reaches_its_floor(shared: Path) -> None:
    rows = evaluate_events(shared / "data")
    assert any(row.floor is not None for row in rows)
    assert [row for row in rows if row.floor is not None and row.value < row.floor] == []


def test_the_retellings_mark_rows_that_exist(shared: Path) -> None:
    gold = json.loads((shared / "eval" / "dev_articles.json").read_text("utf-8"))
    texts = read_retellings(gold)
    assert len(texts) == 36
    for text in texts:
        for label in text.labels:
            assert text.text[label.start : label.end].strip()
            assert "{" not in text.text


def test_a_user_splits_and_joins_happenings() -> None:
    text = """
    [[apart]]
    rows = ["a.e1", "b.e1"]
    [[together]]
    rows = ["d.e1", "c.e1", "gone.e9"]
    """
    decisions = read_decisions(text, where="decisions.toml")
    for story in (STORY, STORY[::-1]):
        merged = merge_events(story, decisions=decisions)
        found: dict[str, set[str]] = {}
        for row in merged.event_assertions:
            found.setdefault(row.event, set()).add(row.assertion[0])
        assert sorted(map(sorted, found.values())) == [["a"], ["b"], ["c", "d"], ["e", "f"], ["g"]]
        assert len(merged.event_assertions) == len(STORY)


@pytest.mark.parametrize("text", ["[[together]]", "[[apart]]\nrows = ['a']", "[[join]]\nrows = ['a', 'b']", "rows ="])
def test_a_file_of_other_decisions_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="E911"):
        read_decisions(text, where="decisions.toml")
