"""What speaks for one happening and what against it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from demarche.dedup import likeness
from demarche.dedup.likeness import EXCLUDING, NEVER, evidence, load_weights, odds, weigh
from demarche.dedup.tellings import STORY_WORDS, Interval, Telling, sketch_story
from demarche.errors import ResourceError
from demarche.records import EventType, Status
from made_tellings import DAY, telling

WORDS = "criticise the tariffs on steel and aluminium"


def chance(one: Telling, two: Telling) -> float:
    there, back = (
        odds(one, two, float(one.vector @ weigh(two.vector))),
        odds(two, one, float(two.vector @ weigh(one.vector))),
    )
    assert there == pytest.approx(back, abs=1e-5)
    return there


def names(one: Telling, two: Telling) -> set[str]:
    return {name for name, _ in evidence(one, two)}


def test_every_weight_belongs_to_evidence_and_the_signs_are_sane() -> None:
    weights = load_weights()
    assert weights["doer differs"] <= -4
    assert weights["time far"] <= -4
    assert weights["story"] > 0
    assert weights["doer by name"] > 0 > weights["doer other name"]


def test_a_damaged_table_of_weights_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likeness, "read_text", lambda _: "evidence\tweight\nbias\tmuch\n")
    with pytest.raises(ResourceError, match="E223"):
        load_weights.__wrapped__()


def test_two_persons_of_one_country_are_two_doers() -> None:
    one, two = telling("a", WORDS, when=0), telling("b", WORDS + " again", when=0)
    minister = replace(two, sources={"USA": "Q1"}, called={"Q1": ("john", "smith")})
    senator = replace(one, sources={"USA": "Q2"}, called={"Q2": ("ada", "obi")})
    assert "doer other name" in names(senator, minister)
    surname = replace(one, sources={"x:7": "x:7"}, called={"x:7": ("", "smith")})  # its country is not known here
    assert {"doer by name", "doer same"} <= names(surname, minister)
    assert not {"doer by name", "doer same"} & names(replace(surname, called={"x:7": ("jane", "smith")}), minister)
    assert not names(one, minister) & {"doer other name", "doer by name"}  # a minister may speak for the country
    assert chance(senator, minister) < chance(one, minister)


def test_who_meets_whom_is_told_either_way() -> None:
    host = telling("a", "receive the minister", kind=EventType.CONSULT, sources=("EGY",), targets=("SOM",))
    both = telling("b", "hold talks", kind=EventType.CONSULT, sources=("SOM", "EGY"), targets=())
    assert "doer same" in names(host, both)
    assert "doer others" not in names(host, both)


def test_other_doers_and_other_days_stay_apart_in_the_same_words() -> None:
    one = telling("a", WORDS, when=0)
    for other in (telling("b", WORDS, when=0, sources=("CHN",)), telling("b", WORDS, told=20, when=20)):
        assert EXCLUDING & set(evidence(one, other))
        assert "sentence again" not in names(one, other)
        assert chance(one, other) < 0


def test_the_times_of_its_sentence_speak_for_an_act_without_a_time() -> None:
    one = telling("a", WORDS, when=-400)
    untold = telling("b", WORDS + " once more")
    same = replace(untold, hints=(Interval(DAY - 420, DAY - 380),))
    assert "time in sentence" not in names(one, untold)
    assert "time in sentence" in names(one, same)
    assert "other time in sentence" in names(one, replace(untold, hints=(Interval(DAY - 4, DAY - 4),)))


def test_acts_without_a_time_that_lie_weeks_apart_are_never_one() -> None:
    one = telling("a", WORDS)
    assert chance(one, telling("b", WORDS, told=30)) == NEVER
    assert chance(one, telling("b", WORDS, told=3)) > 0
    planned = replace(telling("b", WORDS, told=30), status=Status.PLANNED)
    assert chance(one, planned) > NEVER


def test_a_story_is_known_by_its_rare_words_whatever_its_length() -> None:
    short = "Lukashenko threatened to shut the Yamal pipeline to Kuznica"
    long = short + ". " + " ".join(f"Placename{n} lies at the border" for n in range(20))
    assert (sketch_story(short) & sketch_story(long)).bit_count() == sketch_story(short).bit_count() > 3
    assert sketch_story("It was so and it is so") == 0
    assert sketch_story(" ".join(f"Placename{n}" for n in range(200))).bit_count() <= STORY_WORDS
    stories = [
        replace(telling(name, WORDS), story=sketch_story(text))
        for name, text in zip("abc", (short, long, ""), strict=True)
    ]
    found = [dict(evidence(stories[0], other))["story"] for other in stories[1:]]
    assert found[0] == pytest.approx(np.log(1 + STORY_WORDS))
    assert 0 < found[1] < found[0]
