from __future__ import annotations

from demarche.ingest.article import build_article
from demarche.ingest.draft import Origin
from demarche.ingest.inputs import text_draft
from demarche.ingest.line_model import line_marks, strange_lines
from demarche.ingest.options import ReadOptions
from demarche.records import Role
from demarche.resources import read_text, read_toml

STORY = [
    "The army left the harbour on Friday, residents said, and nobody knew when it would be back in the town.",
    "Traders opened their stalls again in the morning, while the mayor asked for help with the broken bridge.",
    "The ministry in the capital declined to comment on the withdrawal, which neighbours called a good sign.",
    "Fishermen said that they would wait for a week before they let their boats out into the bay again.",
]
MENU = ["Ister Post", "World", "Business", "Harbour Live", "Weather", "Motoring"]
TEASERS = [
    "Ten Bridges That You Must See Before Summer Ends",
    "Why Dockers Are Quitting Their Jobs",
    "Mayor Of Port Town Wins Bake Off",
    "Five Ways To Cook A Cod",
    "Watch This Boat Turn On A Coin",
    "Harbour Prices Soar Again",
]


def roles(lines: list[str]) -> dict[str, str]:
    text = "\n\n".join(lines)
    article = build_article(text_draft(text.encode(), Origin(path="t", name="t")), ReadOptions())
    whole = article.document.text
    return {whole[p.start : p.end]: p.role.value for p in article.paragraphs}


def test_teasers_below_a_story_are_not_of_it_and_no_story_is_lost() -> None:
    found = roles([*MENU, "Army leaves harbour after long siege", "", *STORY, *TEASERS])
    assert all(found[line] in {"body", "standfirst"} for line in STORY)
    assert sum(found[line] in {"related", "navigation", "advert"} for line in TEASERS) >= 4
    assert not any(found[line] == "body" for line in MENU[1:])


def test_a_crosshead_in_the_story_stays() -> None:
    found = roles(["Army leaves harbour after long siege", STORY[0], STORY[1], "A week of waiting", STORY[2], STORY[3]])
    assert found["A week of waiting"] == "body"


def test_what_ends_as_a_sentence_or_goes_on_is_never_taken() -> None:
    lines = [*STORY, *TEASERS, "It was over by noon, he said.", "goes on in the next line", *TEASERS]
    taken = strange_lines(lines, [None] * len(lines))
    assert not any(lines[i].startswith(("It was", "goes on")) for i in taken)


def test_a_text_without_prose_is_not_judged() -> None:
    assert strange_lines(MENU + TEASERS, [None] * 12) == {}


def test_the_table_names_the_marks_that_lines_have() -> None:
    known = {row["mark"] for row in read_toml("ingest/lines.toml")["evidence"]}
    assert len(known) == read_text("ingest/lines.toml").count("mark = ")
    lines = [*MENU, *STORY, *TEASERS, "“Why?”", "a"]
    marks = line_marks(lines, [Role.NAVIGATION, *[None] * (len(lines) - 1)])
    assert {name for _, own in marks for name in own} <= known
