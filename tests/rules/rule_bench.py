"""A sentence to rows, by the shipped parser, linker and rules: what the tests of the rules share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from demarche.coding import Coder, load_coder
from demarche.linking import Linker, load_linker
from demarche.records import (
    Article,
    Assertion,
    CopyKind,
    Document,
    Paragraph,
    Role,
    Sentence,
    Statements,
)
from demarche.syntax import Parser, load_parser

DATE = "2022-03-17"


@dataclass(frozen=True)
class Bench:
    """The three rooms, loaded once."""

    parser: Parser
    linker: Linker
    coder: Coder

    def code(self, text: str) -> tuple[tuple[Assertion, ...], dict[str, str]]:
        """Rows of a one-paragraph article, and the label (country, else name) of every actor."""
        article = one_paragraph(text)
        trees = tuple(tree for found in self.parser.parse([text]) for tree in found)
        sentences = tuple(
            Sentence(id=f"d.s{number}", start=tree.start, end=tree.end, paragraph=0)
            for number, tree in enumerate(trees, start=1)
        )
        linked = self.linker.link(article, sentences, trees)
        said: Statements = self.coder.code(article, sentences, trees, linked)
        actors = {actor.id: actor.country or actor.name for actor in (*linked.actors, *said.actors)}
        return said.assertions, actors


@cache
def bench() -> Bench:
    """Load once for all tests of a process; rules alone, without the learned coder."""
    return Bench(parser=load_parser(), linker=load_linker(), coder=load_coder(heads=False))


@cache
def full_bench() -> Bench:
    """As `bench`, with the learned coder: what the product does."""
    return Bench(parser=bench().parser, linker=bench().linker, coder=load_coder())


def one_paragraph(text: str) -> Article:
    """An article of one body paragraph."""
    document = Document(
        id="d",
        external_id=None,
        url=None,
        title=None,
        authors=(),
        publisher=None,
        published=DATE,
        retrieved=None,
        language="en",
        text=text,
        sha256="",
        source="test",
        words=len(text.split()),
        damage=0.0,
        warnings=(),
        cluster=None,
        copy=CopyKind.ORIGINAL,
    )
    return Article(document=document, paragraphs=(Paragraph(start=0, end=len(text), role=Role.BODY),))
