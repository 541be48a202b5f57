from __future__ import annotations

import random

import pytest

from demarche.ingest.damage import SURPRISE, explain_damage, judge_wording
from demarche.ingest.rewordings import RewordingRule, find_rewordings, rewording_rules
from demarche.ingest.surprise import TOKEN, count_unlikely, surprise

CLEAN = (
    "The minister said on Monday that the two sides had agreed to open the border for a week. Trucks would be let in "
    "from both ends, he told reporters, and the army would stay away from the road. It was not clear who would pay for "
    "the repair of the bridge, which was hit in the spring. Officials in the capital declined to comment. Farmers on "
    "both sides of the river have waited for the harvest to be moved since June, and some of them have lost a third of "
    "it. A spokeswoman for the relief agency called the news a good sign but warned that much could still go wrong."
)
SPINS = ["wants", "quickly", "the", "of", "belonged", "bigger", "several", "their", "been", "running", "and", "was"]


def respun(text: str, part: float) -> str:
    """The text with a part of its lower-case words put by others at random."""
    dice = random.Random(5)
    return TOKEN.sub(lambda hit: dice.choice(SPINS) if hit[0].islower() and dice.random() < part else hit[0], text)


def test_clean_news_is_no_surprise() -> None:
    assert surprise(CLEAN) == 0.0
    assert judge_wording(CLEAN.split(". ")).notes == ()


def test_word_salad_is_a_surprise_and_says_so() -> None:
    broken = respun(CLEAN, 0.6)
    assert surprise(broken) >= 0.2
    wording = judge_wording([broken])
    assert wording.damage >= 0.2
    assert any(note.startswith("wording: ") for note in wording.notes)


def test_a_sentence_of_word_salad_is_damaged() -> None:
    assert SURPRISE in explain_damage("The to have been the of was their and running the been.")
    assert SURPRISE not in explain_damage("The two sides have been talking about the border for a week.")


def test_a_short_text_is_not_judged_by_chance() -> None:
    assert surprise("The to the of was.") == 0.0
    assert count_unlikely("").tokens == 0


RULES = rewording_rules()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.means)
def test_rewordings_find_their_examples_and_nothing_in_their_counters(rule: RewordingRule) -> None:
    assert rule.examples
    assert rule.counters
    for text in rule.examples:
        assert rule.pattern.search(text), text
        assert any(need in text.lower() for need in rule.needs), text
    for text in rule.counters:
        assert not find_rewordings(text), text


def test_a_rewording_is_noted_and_the_text_left_alone() -> None:
    text = "A White Home spokeswoman said the Head of State Minister of Japan would call."
    [first, second] = find_rewordings(text)
    assert (first.written, first.means) == ("White Home", "White House")
    assert text[second.start : second.end] == second.written
    assert judge_wording([text]).notes == (first.note, second.note)
    assert first.note == 'reworded: "White Home" for White House'
