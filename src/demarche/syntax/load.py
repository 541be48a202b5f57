"""Which parser: the shipped one, or another behind the same protocol."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import entry_points
from importlib.resources import files
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from demarche.errors import ConfigError, ResourceError
from demarche.records import Tree

if TYPE_CHECKING:
    from demarche.syntax.word_vectors import WordEncoder

__all__ = ["Parser", "load_encoder", "load_parser"]

GROUP = "demarche.parsers"
"""Entry-point group: name → `load(model: str, threads: int) -> Parser`."""
WEIGHTS = (
    "encoder.onnx", "heads.onnx", "arcs.onnx", "relations.onnx", "coding.onnx", "vocab.txt", "labels.json",
    "lemmas.tsv", "names.tsv.gz",
)  # fmt: skip


@runtime_checkable
class Parser(Protocol):
    """Anything that turns texts into trees. One text is one paragraph; its trees are its sentences."""

    name: str

    def parse(self, texts: Sequence[str]) -> list[tuple[Tree, ...]]:
        """Trees of each text, in order; every offset in that text. The same text gives the same trees in any batch."""
        ...


def load_parser(spec: str = "default", threads: int = 1) -> Parser:
    """A parser by its name.

    Args:
        spec: `default`, or `KIND:MODEL` with a kind that an entry point in `demarche.parsers` provides (`spacy:NAME`).
        threads: sentences at the same time; the trees do not depend on it.
    Raises:
        ConfigError: E303 for a kind that nobody provides, E304 when its package or model is missing.
        ResourceError: E302 when the shipped weights are missing or broken.
    """
    kind, _, model = spec.partition(":")
    if kind == "default":
        return _load_default(threads)
    known = {point.name: point for point in entry_points(group=GROUP)}
    if kind not in known:
        names = ", ".join(["default", *sorted(f"{name}:MODEL" for name in known)])
        raise ConfigError("E303", f"no parser is called {spec!r}", remedy=f"known: {names}")
    load: Callable[[str, int], Parser] = known[kind].load()
    return load(model, threads)


def load_encoder() -> WordEncoder:
    """The shipped encoder alone: what training reads word vectors with."""
    from demarche.syntax.word_vectors import WordEncoder

    folder = files("demarche.syntax").joinpath("weights")
    vocabulary = folder.joinpath("vocab.txt").read_text("utf-8").split("\n")
    return WordEncoder(folder.joinpath("encoder.onnx").read_bytes(), vocabulary)


def _load_default(threads: int) -> Parser:
    from demarche.syntax.parser import EnglishParser, Weights

    folder = files("demarche.syntax").joinpath("weights")
    try:
        parts = [folder.joinpath(name).read_bytes() for name in WEIGHTS]
    except OSError as error:
        raise ResourceError(
            "E302", "the parser's weights are missing", where=str(folder), remedy="install again"
        ) from error
    encoder, heads, arcs, relations, coding, vocabulary, labels, lemmas, lists = parts
    weights = Weights(
        encoder=encoder, heads=heads, arcs=arcs, relations=relations, coding=coding, vocabulary=vocabulary.decode(),
        labels=labels.decode(), lemmas=lemmas.decode(), lists=lists,
    )  # fmt: skip
    return EnglishParser(weights, threads=threads)
