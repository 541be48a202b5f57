"""A parser that remembers paragraphs: agency copies share most of theirs word for word and need no second parse."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from demarche.pipeline.models import Parser
from demarche.records import Tree

__all__ = ["RememberingParser"]


class RememberingParser:
    """The same trees as `parser`, kept for the paragraphs met last.

    A parser must give a text the same trees in whatever company it is parsed (a parity test holds ours to it); then
    remembering changes no row. words: of all paragraphs kept, white-space separated: about 1 kB each.
    """

    def __init__(self, parser: Parser, *, words: int = 20_000) -> None:
        self._parser = parser
        self._most = words
        self._kept: OrderedDict[str, tuple[Tree, ...]] = OrderedDict()
        self._words = 0

    @property
    def name(self) -> str:
        return self._parser.name

    def parse(self, texts: Sequence[str]) -> list[tuple[Tree, ...]]:
        """As `Parser.parse`."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._kept]
        fresh = dict(zip(missing, self._parser.parse(missing), strict=True)) if missing else {}
        found = [fresh[text] if text in fresh else self._kept[text] for text in texts]
        for text in texts:
            self._keep(text, fresh.get(text))
        return found

    def _keep(self, text: str, trees: tuple[Tree, ...] | None) -> None:
        if text in self._kept:
            self._kept.move_to_end(text)
            return
        if trees is None:  # forgotten again within this call
            return
        self._kept[text] = trees
        self._words += len(text.split())
        while self._words > self._most:
            old, _ = self._kept.popitem(last=False)
            self._words -= len(old.split())
