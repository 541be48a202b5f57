"""When: phrases to intervals, the direction of the verb, and what a phrase is counted from."""

from __future__ import annotations

from datetime import datetime

import pytest

from demarche.linking import Linker
from demarche.linking.time_rules import parse_phrase
from demarche.records import Time
from linking_trees import link, read_tree

THURSDAY = datetime(2022, 3, 17)


@pytest.mark.parametrize(
    ("phrase", "direction", "start", "end"),
    [
        ("Monday", "past", "2022-03-14", "2022-03-15"),
        ("Monday", "future", "2022-03-21", "2022-03-22"),
        ("Thursday", "past", "2022-03-17", "2022-03-18"),
        ("last week", "past", "2022-03-07", "2022-03-14"),
        ("the previous month", "past", "2022-02-01", "2022-03-01"),
        ("the third quarter", "past", "2021-07-01", "2021-10-01"),
        ("the latest quarter", "past", "2021-10-01", "2022-01-01"),
        ("the year-ago quarter", "past", "2020-10-01", "2021-01-01"),
        ("the 1988 third quarter", "past", "1988-07-01", "1988-10-01"),
        ("fiscal 2021", "past", "2021-01-01", "2022-01-01"),
        ("the week of March 7", "past", "2022-03-07", "2022-03-14"),
        ("between 2015 and 2018", "past", "2015-01-01", "2019-01-01"),
        ("from Monday to Wednesday", "past", "2022-03-14", "2022-03-17"),
        ("New Year's Eve", "past", "2021-12-31", "2022-01-01"),
        ("the first half of the year", "past", "2022-01-01", "2022-07-01"),
        ("last fall", "past", "2021-09-01", "2021-12-01"),
        ("the '80s", "past", "1980-01-01", "1990-01-01"),
    ],
)
def test_phrases(phrase: str, direction: str, start: str, end: str) -> None:
    found = parse_phrase(phrase, THURSDAY, direction)
    assert found is not None
    assert (str(found.start)[:10], str(found.end)[:10]) == (start, end)


def test_what_nobody_dated_gives_no_date() -> None:
    for phrase in ("two years after the crash", "a week before the trial", "six months", "recently"):
        found = parse_phrase(phrase, THURSDAY, "past")
        assert found is None or (found.start is None and found.end is None)


def times(linker: Linker, *sentences: str) -> list[tuple[str, str | None, str | None]]:
    """Words, start and end of the times of the sentences, which are trees in the notation of `read_tree`."""
    trees = []
    at = 0
    for sentence in sentences:
        trees.append(read_tree(sentence, start=at))
        at = trees[-1].end + 1
    linked, _ = link(linker, trees)
    rows: tuple[Time, ...] = linked.times
    return [(row.text, row.start, row.end) for row in rows]


LEFT = """
    Envoys NOUN NNS 2 nsubj envoy
    left VERB VBD 0 root leave
    on ADP IN 4 case
    {} PROPN NNP 2 obl
    """
NEXT = """
    The DET DT 3 det
    {} ADJ JJ 3 amod
    day NOUN NN 5 obl:unmarked day
    shells NOUN NNS 5 nsubj shell
    fell VERB VBD 0 root fall
    """


def test_the_following_day_follows_the_day_told_last(linker: Linker) -> None:
    found = times(linker, LEFT.format("Friday"), NEXT.format("following"))
    assert found == [("Friday", "2022-03-11", "2022-03-12"), ("The following day", "2022-03-12", "2022-03-13")]


def test_without_a_day_told_no_later_day_is_invented(linker: Linker) -> None:
    assert times(linker, NEXT.format("following")) == []
    assert times(linker, NEXT.format("same")) == []
    assert times(linker, NEXT.format("previous")) == [("The previous day", "2022-03-16", "2022-03-17")]


def test_a_clock_time_is_on_the_day_named_before_it(linker: Linker) -> None:
    sentence = """
        He PRON PRP 2 nsubj
        spoke VERB VBD 0 root speak
        on ADP IN 4 case
        Tuesday PROPN NNP 2 obl
        at ADP IN 7 case
        3 NUM CD 7 nummod
        p.m. NOUN NN 2 obl p.m.
        """
    assert times(linker, sentence)[1][1:] == ("2022-03-15T15:00", "2022-03-15T16:00")


def test_who_has_until_a_day_has_it_before_him(linker: Linker) -> None:
    sentence = """
        Kyiv PROPN NNP 2 nsubj
        has VERB VBZ 0 root have
        until ADP IN 4 case
        April PROPN NNP 2 obl
        1 NUM CD 4 nummod
        """
    assert times(linker, sentence) == [("April 1", None, "2022-04-02")]


def test_the_stop_of_a_sentence_is_no_part_of_the_time(linker: Linker) -> None:
    tree = LEFT.format("Monday") + "    . PUNCT . 2 punct\n"
    assert times(linker, tree)[0][0] == "Monday"
