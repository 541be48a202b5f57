"""What a worker loads once: the parser, the linker and the coder, seen through three small protocols."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from demarche.records import Article, Linked, Sentence, Statements, Tree

__all__ = ["Coder", "Linker", "ModelOptions", "Models", "Parser", "load_models"]


class Parser(Protocol):
    """Texts to trees: one text is one paragraph; offsets of its trees are offsets in that text."""

    @property
    def name(self) -> str: ...

    def parse(self, texts: Sequence[str]) -> list[tuple[Tree, ...]]: ...


class Linker(Protocol):
    """Mentions of one document and what they refer to; `trees[i]` is the tree of `sentences[i]`."""

    def link(self, article: Article, sentences: Sequence[Sentence], trees: Sequence[Tree]) -> Linked: ...


class Coder(Protocol):
    """Attributions, assertions and links of one document."""

    def code(
        self, article: Article, sentences: Sequence[Sentence], trees: Sequence[Tree], linked: Linked
    ) -> Statements: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOptions:
    """What to load. parser: a spec that `syntax.load_parser` knows. actors: user tables of actors."""

    parser: str = "default"
    actors: tuple[Path, ...] = ()
    threads: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """Everything `code_batch` needs beside the articles. damage: wording of a sentence → 0 (clean) to 1."""

    parser: Parser
    linker: Linker
    coder: Coder
    damage: Callable[[str], float]


def load_models(options: ModelOptions | None = None) -> Models:
    """Load weights, tables and rules of the package: once a process.

    Raises:
        ResourceError: a weight, table or rule file does not load.
    """
    from demarche.coding import load_coder
    from demarche.ingest import score_damage
    from demarche.linking import load_linker
    from demarche.pipeline.memory import RememberingParser
    from demarche.syntax import load_parser

    options = options or ModelOptions()
    with _no_collection():
        return Models(
            parser=RememberingParser(load_parser(options.parser, threads=options.threads)),
            linker=load_linker(options.actors),
            coder=load_coder(),
            damage=score_damage,
        )


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without looking for garbage: a million new objects are here to stay (measured: 0.94 s instead of 1.29 s)."""
    wanted = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if wanted:
            gc.enable()
