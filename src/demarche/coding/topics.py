"""PLOVER's contexts of a row: of its rule, of the words of its sentence, of the article (`contexts.toml`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from demarche.coding.context import DocContext, SentenceView
from demarche.coding.rules import Lexicon, inflect
from demarche.records import Role
from demarche.resources import read_toml

__all__ = ["TopicTable", "Topics", "load_topics", "read_topics"]

SHARE = 0.2
"""Share of the sentences (at least three of them) that must speak of a context to make it the article's."""
FEWEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicTable:
    """words: form → contexts. pairs: first form → second form → contexts. names: all contexts, in the file's order."""

    words: Mapping[str, tuple[str, ...]]
    pairs: Mapping[str, Mapping[str, tuple[str, ...]]]
    names: tuple[str, ...]
    examples: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """sentences: contexts of each sentence. article: those that run through the article or stand in its title."""

    sentences: tuple[frozenset[str], ...]
    article: frozenset[str]
    names: tuple[str, ...]

    def of(self, sentence: int, own: tuple[str, ...]) -> tuple[str, ...]:
        """Contexts of a row: its rule's, its sentence's; where both are silent, the article's. In the table's order."""
        found = set(own) | self.sentences[sentence] or set(self.article)
        return tuple(name for name in self.names if name in found)


def load_topics(lexicon: Lexicon) -> TopicTable:
    """The table of the package.

    Raises:
        ResourceError: E201, E202.
    """
    words: dict[str, tuple[str, ...]] = {}
    pairs: dict[str, dict[str, tuple[str, ...]]] = {}
    raw = read_toml("rules/coding/contexts.toml")["context"]
    for name, row in raw.items():
        for entry in row["words"].split():
            first, _, second = entry.partition("_")
            last = second or first
            for form in (last, *inflect(last, "noun", lexicon.irregular), *inflect(last, "verb", lexicon.irregular)):
                table = pairs.setdefault(first, {}) if second else words
                table[form] = tuple(dict.fromkeys((*table.get(form, ()), name)))
    examples = {name: row["example"] for name, row in raw.items()}
    return TopicTable(words=words, pairs=pairs, names=tuple(raw), examples=examples)


def read_topics(context: DocContext, table: TopicTable) -> Topics:
    """Contexts of every sentence and of the article."""
    found = [_contexts(view, table) for view in context.views]
    count = Counter(name for names in found for name in names)
    titled = {
        name for view, names in zip(context.views, found, strict=True) if view.role is Role.TITLE for name in names
    }
    enough = max(FEWEST, SHARE * len(found))
    article = frozenset(name for name in count if name in titled or count[name] >= enough)
    return Topics(sentences=tuple(found), article=article, names=table.names)


def _contexts(view: SentenceView, table: TopicTable) -> frozenset[str]:
    found: set[str] = set()
    last: Mapping[str, tuple[str, ...]] | None = None
    for form in view.lower:
        if last is not None and form in last:
            found.update(last[form])
        if form in table.words:
            found.update(table.words[form])
        last = table.pairs.get(form)
    return frozenset(found)
