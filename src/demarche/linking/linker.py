"""The room's one verb: `Linker.link` finds who, where, when and how much in a parsed article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from demarche.linking.actors import ActorReader, Found
from demarche.linking.folding import fold_letters
from demarche.linking.tables import BARE, Hit, Tables, load_tables
from demarche.linking.view import View, view_sentence
from demarche.linking.words import Words, load_words
from demarche.records import Actor, Article, Linked, Mention, MentionKind, Sentence, Tree

__all__ = ["Linker", "load_linker"]


@dataclass(slots=True)
class Linker:
    """Tables and word lists, read once; `link` is pure and may be called for any number of articles."""

    tables: Tables
    words: Words
    cities: dict[str, str] = field(default_factory=dict)
    families: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def link(self, article: Article, sentences: Sequence[Sentence], trees: Sequence[Tree]) -> Linked:
        """All mentions of the article; `trees[i]` is the tree of `sentences[i]`, offsets in the document."""
        document = article.document
        folded = fold_letters(document.text)
        views = self._views(folded, trees)
        reader = ActorReader(
            document.id, document.published, self.tables, self.words, self.cities, self.families
        )
        found = reader.read_document(views, sentences)
        actors: dict[str, Actor] = {}
        rows: list[tuple[int, int, MentionKind, Found]] = []
        for mention in found:
            actors.setdefault(mention.entity.actor.id, mention.entity.actor)
            rows.append((mention.start, mention.end, MentionKind.ACTOR, mention))
        rows.sort(key=lambda row: (row[0], row[1], row[2]))
        mentions = tuple(
            Mention(
                id=f"{document.id}.m{number}", start=start, end=end, kind=kind, ref=item.entity.actor.id,
                head=item.head, via=item.via, why=item.why,
            )
            for number, (start, end, kind, item) in enumerate(rows, 1)
        )  # fmt: skip
        return Linked(actors=tuple(actors[key] for key in sorted(actors)), mentions=mentions)

    def _views(self, folded: str, trees: Sequence[Tree]) -> list[View]:
        hits = list(self.tables.search(folded))
        views = []
        at = 0
        for number, tree in enumerate(trees):
            while at < len(hits) and hits[at].start < tree.start:
                at += 1
            here: list[Hit] = []
            while at < len(hits) and hits[at].end <= tree.end:
                here.append(hits[at])
                at += 1
            views.append(view_sentence(number, tree, here, BARE, folded))
        return views


def load_linker(user_tables: Sequence[Path] = ()) -> Linker:
    """Read tables and word lists of the package and the user's own actor tables (later ones win).

    Raises:
        ResourceError: E201, E202 for the package's files; E401–E406 for a user's table, with file and line.
    """
    tables = load_tables()
    families: dict[str, list[str]] = {}
    for row in tables.rows.values():
        if row.kind == "person" and row.family:
            families.setdefault(fold_letters(row.family).lower(), []).append(row.id)
    return Linker(tables, load_words(), {}, {family: tuple(ids) for family, ids in families.items()})
