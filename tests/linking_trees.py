"""Trees and articles for tests, in a short notation; no model is loaded."""

from __future__ import annotations

from demarche.linking import Linker
from demarche.records import Article, CopyKind, Document, Linked, MentionKind, Name, Paragraph, Role, Sentence, Tree

LABELS = {"PER", "ORG", "LOC"}


def read_tree(notation: str, *, start: int = 0, names: str = "") -> Tree:
    """One word a line: form, UPOS, XPOS, head (from 1, 0 for the root), relation, perhaps lemma.

    Words are joined by one space. names: `first-last-LABEL` (words from 1), separated by spaces.
    """
    rows = [line.split() for line in notation.strip().splitlines()]
    starts, at = [], start
    for row in rows:
        starts.append(at)
        at += len(row[0]) + 1
    spans = [name.split("-") for name in names.split()]
    return Tree(
        start=start,
        end=at - 1,
        starts=tuple(starts),
        ends=tuple(s + len(row[0]) for s, row in zip(starts, rows, strict=True)),
        forms=tuple(row[0] for row in rows),
        lemmas=tuple(row[5] if len(row) > 5 else row[0].lower() for row in rows),
        upos=tuple(row[1] for row in rows),
        xpos=tuple(row[2] for row in rows),
        feats=tuple("_" for _ in rows),
        heads=tuple(int(row[3]) - 1 for row in rows),
        deprels=tuple(row[4] for row in rows),
        names=tuple(Name(first=int(a) - 1, last=int(b) - 1, label=label) for a, b, label in spans),
    )


def read_article(trees: list[Tree], *, date: str | None = "2022-03-17") -> tuple[Article, list[Sentence]]:
    """An article of the trees' words."""
    text = " ".join(" ".join(tree.forms) for tree in trees)
    document = Document(
        id="d1", external_id=None, url=None, title=None, authors=(), publisher=None, published=date, retrieved=None,
        language="en", text=text, sha256="", source="test", words=len(text.split()), damage=0.0, warnings=(),
        cluster=None, copy=CopyKind.ORIGINAL,
    )  # fmt: skip
    sentences = [
        Sentence(id=f"d1.s{n}", start=tree.start, end=tree.end, paragraph=0, damaged=False)
        for n, tree in enumerate(trees, 1)
    ]
    paragraph = Paragraph(start=0, end=len(text), role=Role.BODY)
    return Article(document=document, paragraphs=(paragraph,)), sentences


def link(linker: Linker, trees: list[Tree], *, date: str | None = "2022-03-17") -> tuple[Linked, dict[str, set[str]]]:
    """What the linker finds, and the ids of actors by the words of their mentions."""
    article, sentences = read_article(trees, date=date)
    linked = linker.link(article, sentences, trees)
    found: dict[str, set[str]] = {}
    for mention in linked.mentions:
        if mention.kind is MentionKind.ACTOR:
            found.setdefault(article.document.text[mention.start : mention.end], set()).add(mention.ref)
    return linked, found
