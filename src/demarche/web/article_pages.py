"""An article with what was read in it: layers of marks over the text, the rows beside it, its copies side by side."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import Response
from markupsafe import Markup, escape

from demarche.records import Assertion, Attribution, CodedDocument, Role, Span
from demarche.web.marks import Mark, mark_text, plain
from demarche.web.opened import Opened
from demarche.web.site import NotThere, Site
from demarche.web.views import Party, RowView
from demarche.web.words import label, say

__all__ = ["ArticleView", "add_routes", "article_view"]

READ = frozenset({Role.TITLE, Role.STANDFIRST, Role.DATELINE, Role.BODY, Role.QUOTE, Role.CAPTION, Role.BYLINE})
"""Roles that stand in the text as an article has them; the others are shown small, with their name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphView:
    role: str
    read: bool
    repeat: bool
    words: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidView:
    """An attribution with those inside it."""

    id: str
    source: str
    cue: str
    content: str
    holder: Party | None
    row: Attribution
    inner: tuple[SaidView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleView:
    """heading: the title's paragraph, where the text begins with it. paragraphs: the marked text without it.

    rows: its assertions in the order of the text, with what each lights up.
    """

    coded: CodedDocument
    heading: ParagraphView | None
    paragraphs: list[ParagraphView]
    rows: list[tuple[RowView, str, str]]
    said: list[SaidView]
    actors: list[Party]


def short(identifier: str) -> str:
    """`e12` of `d0123456789abcdef.e12`."""
    return identifier.split(".", 1)[-1]


def _depths(attributions: Sequence[Attribution]) -> dict[str, int]:
    """How deep each attribution is nested: 0 for the outermost."""
    parents = {a.id: a.parent for a in attributions}

    def depth(identifier: str) -> int:
        n = 0
        seen = {identifier}
        above = parents.get(identifier)
        while above is not None and above in parents and above not in seen and n < 9:
            seen.add(above)
            n += 1
            above = parents[above]
        return n

    return {a.id: depth(a.id) for a in attributions}


def marks_of(coded: CodedDocument, *, prefix: str = "", links: bool = True) -> Iterator[Mark]:
    """Every layer of an article. prefix: before the ids of pieces, where a page shows two articles."""
    for sentence in coded.sentences:
        kind = "s damaged" if sentence.damaged else "s"
        yield Mark(start=sentence.start, end=sentence.end, layer=0, classes=kind, anchor=prefix + short(sentence.id),
                   title=str(say("article.damaged")) if sentence.damaged else None)  # fmt: skip
    depths = _depths(coded.attributions)
    for one in coded.attributions:
        level = min(depths[one.id], 3)
        for part, spans in (("content", one.content), ("source", one.source), ("cue", one.cue)):
            for start, end in spans:
                layer = 10 + level if part == "content" else 20
                yield Mark(start=start, end=end, layer=layer, classes=f"at at-{part} d{level}", row=short(one.id))
    anchored: set[str] = set()
    for (start, end), rows in _triggers(coded.assertions).items():
        first = next((r for r in rows if r.id not in anchored), rows[0])
        anchor = None if first.id in anchored else f"{prefix}w-{short(first.id)}"
        anchored.add(first.id)
        classes = f"act q-{first.quad or 'none'} st-{first.status}" + ("" if first.type else " untyped")
        what = "; ".join(
            f"{label('type', r.type) if r.type else r.predicate}, {label('status', r.status)}" for r in rows
        )
        yield Mark(start=start, end=end, layer=40, classes=classes, row=" ".join(short(r.id) for r in rows), title=what,
                   href=f"#r-{short(first.id)}" if links else None, anchor=anchor)  # fmt: skip
    for mention in coded.mentions:
        yield Mark(start=mention.start, end=mention.end, layer=30, classes=f"m m-{mention.kind}", actor=mention.ref,
                   title=mention.why)  # fmt: skip


def _triggers(assertions: Iterable[Assertion]) -> dict[Span, list[Assertion]]:
    """Assertions by the span of their act: rows that rest on the same words share one mark; typed rows first."""
    found: dict[Span, list[Assertion]] = defaultdict(list)
    for row in sorted(assertions, key=lambda r: (r.type is None, r.spans)):
        for span in row.spans:
            found[tuple(span)].append(row)  # type: ignore[index]
    return found


def article_view(coded: CodedDocument, people: dict[str, Party]) -> ArticleView:
    """The article, ready to be shown."""
    text = coded.document.text
    marks = list(marks_of(coded))
    paragraphs = [
        ParagraphView(role=p.role, read=p.role in READ, repeat=p.repeat, words=mark_text(text, p.start, p.end, marks))
        for p in coded.paragraphs
    ]
    said = _nested(coded, people)
    rows = [_row(coded, row, people) for row in sorted(coded.assertions, key=lambda r: (r.spans or ((0, 0),), r.id))]
    actors = [people[a.id] for a in coded.actors if a.id in people]
    heading = paragraphs.pop(0) if paragraphs and paragraphs[0].role == Role.TITLE else None
    return ArticleView(coded=coded, heading=heading, paragraphs=paragraphs, rows=rows, said=said, actors=actors)


def row_of(coded: CodedDocument, row: Assertion, people: dict[str, Party]) -> RowView:
    """An assertion of a coded document as a page shows it."""
    sentence = next((s for s in coded.sentences if s.id == row.sentence), None)
    start, end = (sentence.start, sentence.end) if sentence else (0, 0)
    marks = [Mark(start=s, end=e, layer=1, classes=f"act q-{row.quad or 'none'}") for s, e in row.spans]
    facts = {name: getattr(row, name) for name in Assertion.__dataclass_fields__} | {"document": coded.document.id}
    return RowView(
        row=facts,
        sources=tuple(people[i] for i in row.sources),
        targets=tuple(people[i] for i in row.targets),
        holders=tuple(people[i] for i in row.holders),
        words=mark_text(coded.document.text, start, end, marks),
    )


def _row(coded: CodedDocument, row: Assertion, people: dict[str, Party]) -> tuple[RowView, str, str]:
    """The row; what it lights in the text: rows (`e3 a1`) and mentions (`CHN t2`) of its sentence."""
    lit = [short(row.id)] + ([short(row.attribution)] if row.attribution else [])
    refs = [*row.sources, *row.targets, *row.holders, row.place, row.time, row.amount]
    return row_of(coded, row, people), " ".join(lit), " ".join(r for r in refs if r)


def pieces(text: str, spans: Sequence[Span]) -> str:
    """The words of spans, joined by dots where something stands between."""
    return " … ".join(" ".join(text[s:e].split()) for s, e in spans)


def _nested(coded: CodedDocument, people: dict[str, Party]) -> list[SaidView]:
    inner: dict[str | None, list[Attribution]] = defaultdict(list)
    known = {a.id for a in coded.attributions}
    for one in coded.attributions:
        inner[one.parent if one.parent in known else None].append(one)
    text = coded.document.text

    def view(one: Attribution, above: frozenset[str]) -> SaidView:
        below = [a for a in inner[one.id] if a.id not in above]
        return SaidView(
            id=short(one.id), source=pieces(text, one.source), cue=pieces(text, one.cue),
            content=pieces(text, one.content),
            holder=people.get(one.holder) if one.holder else None, row=one,
            inner=tuple(view(a, above | {a.id}) for a in below),
        )  # fmt: skip

    return [view(a, frozenset({a.id})) for a in inner[None]]


def party_table(coded: CodedDocument) -> dict[str, Party]:
    """The actors of a document by id, and an entry for every id that its rows use."""
    people = {a.id: Party(id=a.id, name=a.name, country=a.country, kind=a.kind) for a in coded.actors}
    for row in coded.assertions:
        for i in (*row.sources, *row.targets, *row.holders):
            people.setdefault(i, Party(id=i, name=i, country=None, kind=""))
    return people


def word_differences(old: str, new: str) -> tuple[Markup, Markup]:
    """Two texts with the words marked that only one of them has."""
    a, b = (re.findall(r"\S+\s*", plain(t)) for t in (old, new))
    match = difflib.SequenceMatcher(None, [w.strip() for w in a], [w.strip() for w in b], autojunk=False)
    left: list[Markup] = []
    right: list[Markup] = []
    for op, i, j, k, m in match.get_opcodes():
        mine, theirs = escape("".join(a[i:j])), escape("".join(b[k:m]))
        left.append(mine if op == "equal" or i == j else Markup("<del>{}</del>").format(mine))
        right.append(theirs if op == "equal" or k == m else Markup("<ins>{}</ins>").format(theirs))
    return Markup("").join(left), Markup("").join(right)


COMPARED_WORDS = 6_000


def copies_of(opened: Opened, cluster: str | None) -> list[dict[str, Any]]:
    """The articles of a set of copies."""
    if cluster is None:
        return []
    return opened.rows(
        "SELECT c.document, c.copy, c.score, c.evidence, c.representative, d.title, d.publisher, d.published, d.words"
        " FROM clusters AS c JOIN documents AS d ON d.id = c.document WHERE c.id = ?"
        " ORDER BY c.copy <> 'original', d.published, d.id LIMIT 200",
        [cluster],
    )


def add_routes(app: FastAPI, site: Site) -> None:
    """`/article/{id}`, `/article/{id}/copies`."""

    @app.get("/article/{identifier}", include_in_schema=False)
    def article(request: Request, identifier: str) -> Response:
        opened = site.opened
        coded = opened.document(identifier)
        view = article_view(coded, party_table(coded))
        return site.page(request, "article.html", opened=opened, view=view, document=coded.document, lit="",
                         copies=copies_of(opened, coded.document.cluster), pasted=False)  # fmt: skip

    @app.get("/article/{identifier}/copies", include_in_schema=False)
    def copies(request: Request, identifier: str) -> Response:
        opened = site.opened
        mine = opened.document(identifier).document
        everything = copies_of(opened, mine.cluster)
        found = [c for c in everything if c["document"] != identifier]
        if not found:
            raise NotThere("this article has no copies in the record", "go back to the article")
        other_id = request.query_params.get("with") or found[0]["document"]
        if other_id not in {c["document"] for c in found}:
            raise NotThere("that article is no copy of this one", "choose one of the list")
        other = opened.document(other_id).document
        small = mine.words + other.words <= 2 * COMPARED_WORDS
        left, right = word_differences(mine.text, other.text) if small else (escape(mine.text), escape(other.text))
        two = [c for c in everything if c["document"] in {identifier, other_id}]
        evidence = next((c["evidence"] for c in two if c["evidence"]), None)
        return site.page(request, "copies.html", opened=opened, mine=mine, other=other, left=left, right=right,
                         found=found, evidence=evidence, small=small)  # fmt: skip
