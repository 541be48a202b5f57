from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from demarche.pipeline import CodeWork
from demarche.pipeline.code import parse_ahead
from demarche.pipeline.memory import RememberingParser
from demarche.records import Tree
from fake_rooms import FakeParser, article, articles, load_fakes


class CountingParser(FakeParser):
    def __init__(self) -> None:
        self.asked: list[str] = []

    def parse(self, texts: Sequence[str]) -> list[tuple[Tree, ...]]:
        self.asked.extend(texts)
        return super().parse(texts)


def test_a_paragraph_is_parsed_once() -> None:
    inner = CountingParser()
    parser = RememberingParser(inner)
    texts = ["One two.", "Three.", "One two.", ""]
    assert parser.parse(texts) == FakeParser().parse(texts)
    assert parser.parse(texts[::-1]) == FakeParser().parse(texts[::-1])
    assert inner.asked == ["One two.", "Three.", ""]
    assert parser.parse([]) == []


def test_what_was_not_met_lately_is_forgotten() -> None:
    inner = CountingParser()
    parser = RememberingParser(inner, words=4)
    for text in ("a b.", "c d.", "a b.", "e f.", "a b.", "c d."):
        assert parser.parse([text]) == FakeParser().parse([text])
    assert inner.asked == ["a b.", "c d.", "e f.", "c d."]


def test_more_than_it_can_keep_in_one_call() -> None:
    parser = RememberingParser(CountingParser(), words=3)
    texts = ["a b c d e.", "f g.", "a b c d e.", "h i."]
    assert parser.parse(texts) == FakeParser().parse(texts)
    assert parser.parse(texts) == FakeParser().parse(texts)


class Failing(CountingParser):
    """Fails on a text, as long as it is not alone."""

    def parse(self, texts: Sequence[str]) -> list[tuple[Tree, ...]]:
        if len(texts) > 1 and any("RAISE" in text for text in texts):
            raise ValueError
        return super().parse(texts)


def test_articles_are_parsed_ahead_and_rows_stay_the_same() -> None:
    inner = CountingParser()
    given = articles(5)
    fakes = load_fakes()
    work = CodeWork(models=replace(fakes, parser=RememberingParser(inner)))
    together = list(work.each(given))
    assert len(inner.asked) == len(set(inner.asked))
    alone = CodeWork(models=fakes)
    assert together == [next(alone.each([one])) for one in given]


def test_an_article_that_cannot_be_parsed_ahead_costs_the_others_nothing() -> None:
    parser = RememberingParser(Failing())
    given = [article("bad.txt", "A headline\nRAISE here."), *articles(3)]
    parse_ahead(given, parser)
    assert parser.parse(["One two."]) == FakeParser().parse(["One two."])


def test_long_articles_are_not_parsed_ahead() -> None:
    inner = CountingParser()
    long = article("long.txt", "A headline\n" + "A word and more. " * 3_000)
    parse_ahead([long, article("short.txt", "A headline\nA word.")], RememberingParser(inner))
    assert inner.asked == ["A headline", "A word."]
