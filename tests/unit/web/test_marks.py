from __future__ import annotations

import html
import re
from html.parser import HTMLParser

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demarche.web.marks import Mark, mark_text, plain, visible
from demarche.web.site import ticks

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is slow; that is no failure."""


class Nesting(HTMLParser):
    """Collects the text and sees that every element is closed in order and that no link stands in a link."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"span", "a"}
        assert not (tag == "a" and "a" in self.open)
        self.open.append(tag)
        self.ids += [value or "" for key, value in attrs if key == "id"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(marked: str) -> Nesting:
    parser = Nesting()
    parser.feed(str(marked))
    parser.close()
    assert not parser.open
    return parser


TEXT = st.text(alphabet="ab <>&\"'\n", max_size=30)


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    text = draw(TEXT)
    marks = []
    for number in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(text)))
        marks.append(
            Mark(
                start=start,
                end=draw(st.integers(start, len(text))),
                layer=draw(st.integers(0, 3)),
                classes="m",
                row=f"e{number}",
                href=draw(st.sampled_from([None, "#x"])),
                anchor=f"w{number}",
            )
        )
    return text, marks


@CALM
@given(marked_texts())
def test_marks_change_no_word_and_nest(case: tuple[str, list[Mark]]) -> None:
    text, marks = case
    found = read(mark_text(text, 0, len(text), marks))
    assert found.text == text
    assert len(found.ids) == len(set(found.ids))


@CALM
@given(marked_texts())
def test_every_piece_of_a_mark_covers_its_span(case: tuple[str, list[Mark]]) -> None:
    text, marks = case
    out = mark_text(text, 0, len(text), marks)
    for mark in marks:
        pieces = re.findall(rf'<(?:span|a)[^>]*data-r="{mark.row}"', out)
        assert bool(pieces) == (mark.start < mark.end)


def test_crossing_marks_are_split() -> None:
    marks = [Mark(start=0, end=3, layer=0, classes="a"), Mark(start=2, end=5, layer=0, classes="b")]
    out = mark_text("abcdef", 0, 6, marks)
    assert out == '<span class="a">ab<span class="b">c</span></span><span class="b cont">de</span>f'


def test_markup_of_an_article_is_words() -> None:
    assert mark_text("<script>x</script>", 0, 18, []) == "&lt;script&gt;x&lt;/script&gt;"
    out = mark_text("ab", 0, 2, [Mark(start=0, end=1, layer=0, classes="m", title='"><script>')])
    assert "<script>" not in out
    assert html.unescape(out).count("<script>") == 1


def test_what_cannot_be_seen_is_shown() -> None:
    out = visible("a\u202eb\u200bc\ud800")
    assert "\u202e" not in out
    assert "U+202E" in out
    assert "U+200B" in out
    assert "U+D800" in out
    assert plain("a\u202eb\u0000c") == "abc"
    assert plain("\u200fعربى e\u0301 👩\u200d🚀") == "عربى e\u0301 👩\u200d🚀"


def test_names_between_backticks_are_code_and_nothing_else_is_markup() -> None:
    assert ticks("give `since`, <b> and `a` b`") == "give <code>since</code>, &lt;b&gt; and <code>a</code> b`"
    assert ticks("`<script>`") == "<code>&lt;script&gt;</code>"
