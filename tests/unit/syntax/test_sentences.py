"""Sentence boundaries of news and of damaged news."""

from __future__ import annotations

from pathlib import Path

import pytest

from demarche.syntax import split_text


def sentences(text: str) -> list[str]:
    return [text[s[0].start : s[-1].end] for s in split_text(text)]


@pytest.mark.parametrize(
    "parts",
    [
        ["He left.", "She stayed."],
        ["U.S. officials met Mr. Xi in Washington, D.C. on Monday.", "Nothing was signed."],
        ["The bill passed in the U.S.", "The president signed it."],
        ["“We will not go.”", "He said no more."],
        ['"Will you go?" he asked.', '"No," she said.'],
        ["“Sir.", "We have a reply.”"],
        ["Prices rose 3.5 percent to $2.4 billion, Acme Inc. said."],
        ["BEIJING, March 3 - The ministry said so.", "It gave no reason."],
        ["Talks failed…", "Both sides left."],
        ["He was born in 1960.[4]", "He died later."],
        ["The plan (see p. 3) failed.", "(It was late.)", "Nobody paid."],
        ["Is it war?!", "Nobody knows."],
        ["Gen. John Smith and Sen. Ann Lee spoke."],
        ["KYIV (Reuters) - The army said it had retaken the town.", "The other side denied it."],
        ["WASHINGTON — The U.S. on Monday sanctioned two firms.", "Both sit in St. Petersburg."],
        ["He lives in Washington, D.C.", "The house is old."],
        ["At 5 p.m.", "The crowd left.", "At 6 p.m. police came."],
        ["The vote was 52-48.", "No. 10 declined to comment.", "No.", "That is wrong."],
        ['He said: "Go."', "Then he left."],
        ["He met Gen. Mark A. Milne, Sen. Ann Lowe (R-Ky.) and Rep. Bo Fell (D., Calif.)."],
        ["The firm (NYSE: ABC) fell 3.2%.", "Analysts at J.P. Morrow cut it, see fig. 3."],
        ["The visit, Aug. 5 -- his third -- was cut short.", "He'll return Sept. 9."],
        ["“I ... I don't know,” he said.", "“Ask them…”", "They refused."],
        ["The P.M. said Mr. J. R. Smythe Jr. would resign.", "His deputy, Dr. A. Kahn, takes over."],
        ['The so-called "troika" met.', 'The "quartet" (U.S., E.U., U.N. and the bank) did not.'],
    ],
)
def test_boundaries(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts


CASES = Path(__file__).with_name("sentences.txt").read_text("utf-8").splitlines()[1:]


@pytest.mark.parametrize("case", CASES)
def test_news_as_it_comes(case: str) -> None:
    text = case.replace(" || ", " ").replace("@@", "")
    assert sentences(text) == case.replace(" || ", "@@").split("@@")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("He left.She stayed.", 2),
        ("“We will respond,” the envoy said.“There is no doubt.”", 2),
        ("The deal is worth $3.5bn.It was signed in Jan. 2021.", 2),
        ('The spokesman said ,"We reject it ." The U.N. did not answer .', 2),
        ("ceasefire talks fail as envoy leaves", 1),
        ("Read more: https://example.org/a.b?c=d. Follow @desk #talks", 2),
        ("Photo: An Agency. The two leaders, left, meet.", 2),
        ("the talks ended. the minister left", 2),
        ("CHINA WARNS TAIWAN OVER DRILLS", 1),
        ("First point\n\nSecond point", 2),
        ("Aims: • Peace now • Bread now", 3),
        ("", 0),
        ("...", 1),
    ],
)
def test_damage(text: str, count: int) -> None:
    assert len(sentences(text)) == count


def test_no_sentence_is_endless() -> None:
    assert max(len(s) for s in split_text("word " * 3000)) <= 502


@pytest.mark.shared
def test_news_boundaries_stay_good(shared) -> None:  # type: ignore[no-untyped-def]
    from demarche.syntax import read_conllu
    from demarche.syntax.evaluate import paragraphs

    hit = gold = found = 0
    for paragraph in paragraphs(read_conllu(shared / "data/ud/en_gum-news-dev.conllu")):
        text = " ".join(s.text for s in paragraph)
        mine, theirs, at = set(), set(), 0
        for sentence in paragraph:
            theirs.add((at + sentence.tree.starts[0], at + sentence.tree.ends[-1]))
            at += len(sentence.text) + 1
        mine = {(s[0].start, s[-1].end) for s in split_text(text)}
        hit, gold, found = hit + len(mine & theirs), gold + len(theirs), found + len(mine)
    assert 2 * hit / (gold + found) >= 0.95
