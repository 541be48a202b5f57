from __future__ import annotations

from collections.abc import Sequence

from demarche.pipeline.memory import RememberingParser
from demarche.records import Tree
from fake_rooms import FakeParser


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
