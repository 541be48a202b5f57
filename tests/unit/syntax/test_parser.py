"""The shipped parser: one result whatever the batch and the threads; no input breaks it."""

from __future__ import annotations

import time

import numpy as np
import pytest

from demarche.errors import ConfigError, ResourceError
from demarche.records import Tree
from demarche.syntax import Parser, load_parser, parse_warnings
from demarche.syntax.parser import EnglishParser, Weights

pytestmark = pytest.mark.model

NEWS = (
    "U.S. officials said on Thursday that Moscow had asked Beijing for military aid; the Kremlin denied it.",
    "“We will not hesitate to impose costs,” the minister told reporters in Vienna. He gave no details.",
    "CHINA WARNS NEIGHBOUR OVER DRILLS",
    "the talks which had begun in march ended without a statement",
    "Mr. Orlov and Ms. Lind, who lead the two parties, agreed to meet again on 3 May 2024 in Bern, Switzerland.",
)


@pytest.fixture(scope="module")
def parser() -> Parser:
    return load_parser()


def same(one: Tree, other: Tree) -> bool:
    """Equal in everything, signals bit by bit."""
    if one.signals and other.signals:
        for name, array in one.signals.arrays.items():
            if not np.array_equal(array, other.signals.arrays[name]):
                return False
    names = ("starts", "ends", "forms", "lemmas", "upos", "xpos", "feats", "heads", "deprels", "names", "score")
    return all(getattr(one, n) == getattr(other, n) for n in names)


def test_batch_single_order_and_threads_give_the_same(parser: Parser) -> None:
    batch = parser.parse(NEWS)
    single = [parser.parse([text])[0] for text in NEWS]
    turned = parser.parse(NEWS[::-1])[::-1]
    threaded = load_parser(threads=3).parse(NEWS)
    for other in (single, turned, threaded):
        for trees, others in zip(batch, other, strict=True):
            assert len(trees) == len(others)
            assert all(map(same, trees, others))


def test_many_sentences_come_out_as_one_by_one(parser: Parser) -> None:
    """More than one round of everything: lengths that are equal and lengths that are not."""
    states = ("Norway", "Peru", "Egypt", "the United States", "Sierra Leone")
    text = " ".join(
        f"{a} {verb} {b}{tail}." for a in states for verb in ("sued", "will visit") for b in states if a != b
        for tail in ("", " on Monday, two officials said", ", which it had never done before")
    )  # fmt: skip
    whole = parser.parse([text])[0]
    assert len(whole) > 90
    for tree in whole[::7]:
        ((alone,),) = parser.parse([text[tree.start : tree.end]])
        assert same(alone.shifted(tree.start), tree)


def test_reads_plain_news(parser: Parser) -> None:
    (tree,) = parser.parse(NEWS[:1])[0]
    asked = tree.forms.index("asked")
    assert tree.lemmas[asked] == "ask"
    assert tree.deprels[tree.forms.index("Moscow")] == "nsubj"
    assert tree.heads[tree.forms.index("Moscow")] == asked
    assert {tree.forms[n.first] for n in tree.names} >= {"U.S.", "Thursday", "Moscow", "Beijing"}


@pytest.mark.parametrize(
    "text",
    [
        "", " \n\t ", "\x00", "A\x00B said \x00 no.", "a" * 1_000_000, "." * 100_000, "word " * 10_000, "(" * 3_000,
        "😀👍🏽 🇺🇸 said 👨‍👩‍👧.", "قال الوزير.", "\u200b\ufeff", "e" + "\u0301" * 3_000, "bad \ud800 half",
    ],
    ids=["empty", "blank", "nul", "nuls", "run", "dots", "long", "open", "emoji", "rtl", "zero", "marks", "surrogate"],
)  # fmt: skip
def test_no_input_breaks_it(parser: Parser, text: str) -> None:
    began = time.process_time()
    trees = parser.parse([text])[0]
    assert time.process_time() - began < 20
    for tree in trees:
        assert tree.heads.count(-1) == 1
        assert all(text[a:b] == form for a, b, form in zip(tree.starts, tree.ends, tree.forms, strict=True))


def test_warns_of_what_it_reads_badly(parser: Parser) -> None:
    assert parse_warnings(NEWS[0], parser.parse(NEWS[:1])[0]) == ()
    assert parse_warnings("A\x00B", ()) != ()
    assert parse_warnings("x" * 1001, ()) != ()
    assert "windows" in parse_warnings("w " * 300, parser.parse(["w " * 300])[0])[0]
    assert parse_warnings("قال الوزير إن موسكو طلبت مساعدة", ()) != ()


def test_unknown_parser_and_broken_weights_say_so() -> None:
    with pytest.raises(ConfigError, match="E303"):
        load_parser("nobody:en")
    broken = Weights(
        encoder=b"", heads=b"", arcs=b"", relations=b"", coding=b"", vocabulary="", labels="{}", lemmas="", lists=b""
    )
    with pytest.raises(ResourceError, match="E302"):
        EnglishParser(broken)
