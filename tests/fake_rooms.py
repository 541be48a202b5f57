"""Small stand-ins for the language rooms, so that store and pipeline are tested without weights.

Words that steer them: RAISE (the coder fails), HANG (it never ends), CRASH (the process dies).
"""

from __future__ import annotations

import hashlib
import os
import random
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from demarche.pipeline import Models
from demarche.records import (
    Act,
    Actor,
    ActorKind,
    Article,
    Assertion,
    Attribution,
    Basis,
    Certainty,
    CopyKind,
    Document,
    EventType,
    Link,
    Linked,
    LinkKind,
    Mention,
    MentionKind,
    Paragraph,
    Polarity,
    Quad,
    Quoted,
    Rejection,
    Role,
    Sentence,
    Standing,
    Statements,
    Status,
    Tree,
    Via,
    stable_id,
)

COUNTRIES = {"Beijing": "CHN", "Moscow": "RUS", "Paris": "FRA", "Washington": "USA"}


class FakeParser:
    name = "fake"

    def parse(self, texts: Sequence[str]) -> list[tuple[Tree, ...]]:
        return [tuple(self._trees(text)) for text in texts]

    def _trees(self, text: str) -> Iterator[Tree]:
        for found in re.finditer(r"\S[^.]*\.?", text):
            words = [(m.start() + found.start(), m.end() + found.start()) for m in re.finditer(r"\w+|\W", found[0])]
            forms = tuple(text[s:e] for s, e in words)
            n = len(words)
            yield Tree(
                start=found.start(), end=found.end(), starts=tuple(s for s, _ in words),
                ends=tuple(e for _, e in words), forms=forms, lemmas=tuple(f.lower() for f in forms),
                upos=("X",) * n, xpos=("X",) * n, feats=("_",) * n, heads=(-1, *([0] * (n - 1))),
                deprels=("root", *(["dep"] * (n - 1))),
            )  # fmt: skip


class FakeLinker:
    def link(self, article: Article, sentences: Sequence[Sentence], trees: Sequence[Tree]) -> Linked:
        actors: dict[str, Actor] = {}
        mentions: list[Mention] = []
        for tree in trees:
            for start, end, form in zip(tree.starts, tree.ends, tree.forms, strict=True):
                if form in COUNTRIES:
                    code = COUNTRIES[form]
                    actors[code] = Actor(
                        id=code, name=code, kind=ActorKind.STATE, country=code, sector="GOV", office=None,
                        wikidata=None, basis=Basis.DICTIONARY,
                    )  # fmt: skip
                    mentions.append(
                        Mention(
                            id=f"{article.document.id}.m{len(mentions) + 1}",
                            start=start,
                            end=end,
                            kind=MentionKind.ACTOR,
                            ref=code,
                            head=True,
                            via=Via.METONYM,
                        )
                    )
        return Linked(actors=tuple(actors.values()), mentions=tuple(mentions))


class FakeCoder:
    def code(
        self, article: Article, sentences: Sequence[Sentence], trees: Sequence[Tree], linked: Linked
    ) -> Statements:
        if "RAISE" in article.document.text:
            raise ValueError("asked to fail")
        if "HANG" in article.document.text:
            time.sleep(60)
        if "CRASH" in article.document.text:
            os._exit(11)
        attributions: list[Attribution] = []
        assertions: list[Assertion] = []
        links: list[Link] = []
        for sentence in sentences:
            inside = [m for m in linked.mentions if sentence.start <= m.start < sentence.end]
            if len(inside) < 2:
                continue
            doer, other = inside[:2]
            attributions.append(
                Attribution(
                    id=f"{article.document.id}.a{len(attributions) + 1}",
                    sentence=sentence.id,
                    source=((doer.start, doer.end),),
                    cue=((doer.end, doer.end + 1),),
                    content=((doer.end + 1, sentence.end),),
                    holder=doer.ref,
                    anonymous=False,
                    act=Act.STATE,
                    parent=None,
                    quoted=Quoted.INDIRECT,
                )
            )
            assertions.append(
                Assertion(
                    id=f"{article.document.id}.e{len(assertions) + 1}",
                    sentence=sentence.id,
                    predicate="warn",
                    spans=((doer.start, doer.end), (other.start, other.end)),
                    type=EventType.THREATEN,
                    mode=None,
                    contexts=("military",),
                    cameo="130",
                    goldstein=-4.4,
                    intensity=-3.5,
                    quad=Quad.VERBAL_CONFLICT,
                    sources=(doer.ref,),
                    targets=(other.ref,),
                    status=Status.ACTUAL,
                    polarity=Polarity.POSITIVE,
                    certainty=Certainty.CERTAIN,
                    standing=Standing.ATTRIBUTED,
                    attribution=attributions[-1].id,
                    holders=(doer.ref,),
                    place=None,
                    time=None,
                    amount=None,
                    condition=None,
                    rule="fake",
                    score=0.5,
                )
            )
            if len(assertions) > 1:
                links.append(Link(kind=LinkKind.REPEATS, from_=assertions[-1].id, to=assertions[-2].id))
        return Statements(attributions=tuple(attributions), assertions=tuple(assertions), links=tuple(links))


def load_fakes() -> Models:
    return Models(parser=FakeParser(), linker=FakeLinker(), coder=FakeCoder(), damage=lambda words: 0.0)


def article(name: str, text: str, *, published: str | None = "2024-03-04", language: str = "en") -> Article:
    """An article of a title and one paragraph a line."""
    paragraphs: list[Paragraph] = []
    start = 0
    for number, line in enumerate(text.split("\n")):
        role = Role.TITLE if number == 0 else Role.BODY
        paragraphs.append(Paragraph(start=start, end=start + len(line), role=role))
        start += len(line) + 1
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Article(
        document=Document(
            id=stable_id("d", digest, name), external_id=None, url=None, title=text.split("\n", maxsplit=1)[0],
            authors=(), publisher=None, published=published, retrieved=None, language=language, text=text,
            sha256=digest, source=name, words=len(text.split()), damage=0.0, warnings=(), cluster=None,
            copy=CopyKind.ORIGINAL,
        ),
        paragraphs=tuple(paragraphs),
    )  # fmt: skip


def articles(count: int, *, spoiled: dict[int, str] | None = None) -> list[Article]:
    """Distinct articles; `spoiled` adds a steering word to some."""
    cities = list(COUNTRIES)
    made = []
    for n in range(count):
        one, two = cities[n % 4], cities[(n + 1 + n // 4 % 3) % 4]
        extra = (spoiled or {}).get(n, "")
        chance = random.Random(n)
        words = ["".join(chance.choices("abdefgiklmnoprstuv", k=7)) for _ in range(80)]  # no copies of each other
        body = f"{one} warned {two} again today. Nobody answered number {n}. {two} asked {one} to stop {extra}"
        body += f" {' '.join(words)}."
        made.append(article(f"a{n:03d}.txt", f"{one} and {two} quarrel, part {n}\n{body}"))
    return made


def rejection(name: str = "broken.html") -> Rejection:
    return Rejection(
        id=stable_id("r", name, None, "E103"), source=name, place=None, stage="ingest", code="E103", reason="broken"
    )


def read_fake_folder(folder: Path) -> Iterator[Article]:
    for path in sorted(folder.glob("*.txt")):
        yield article(path.name, path.read_text("utf-8"))
