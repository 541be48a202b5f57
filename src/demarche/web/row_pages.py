"""One row with everything behind it: its sentence, the chain of holders, its links, the rule that made it."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from demarche.coding import Rule, load_rules
from demarche.records import Assertion, CodedDocument
from demarche.web.article_pages import marks_of, party_table, pieces, row_of, short
from demarche.web.marks import mark_text
from demarche.web.opened import Opened
from demarche.web.site import NotThere, Site
from demarche.web.titles import titles_of
from demarche.web.views import Party, find_rows, rows_by_id

__all__ = ["Link", "add_routes", "chain_of", "rules_by_id"]

ID = re.compile(r"d[0-9a-f]{8,40}\.[a-z]\d{1,6}")


@functools.cache
def rules_by_id() -> dict[str, Rule]:
    """The rules of the package by id."""
    return {rule.id: rule for rule in load_rules().rules}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One step of the chain from a row outwards: who said it, with which words."""

    id: str
    holder: Party | None
    source: str
    cue: str
    act: str
    quoted: str
    anonymous: bool


def chain_of(coded: CodedDocument, row: Assertion, people: dict[str, Party]) -> list[Link]:
    """The attributions a row stands in, the nearest first."""
    by_id = {a.id: a for a in coded.attributions}
    text = coded.document.text
    chain: list[Link] = []
    seen: set[str] = set()
    here = row.attribution
    while here is not None and here in by_id and here not in seen:
        seen.add(here)
        one = by_id[here]
        chain.append(
            Link(
                id=short(one.id),
                holder=people.get(one.holder) if one.holder else None,
                source=pieces(text, one.source),
                cue=pieces(text, one.cue),
                act=one.act,
                quoted=one.quoted,
                anonymous=one.anonymous,
            )
        )
        here = one.parent
    return chain


def sentence_in_context(coded: CodedDocument, row: Assertion) -> tuple[Markup, Markup, Markup]:
    """The sentence of a row with its layers, and the one before and after it in the same paragraph."""
    text = coded.document.text
    index = next((i for i, s in enumerate(coded.sentences) if s.id == row.sentence), None)
    if index is None:
        return Markup(""), Markup(""), Markup("")
    sentence = coded.sentences[index]
    own = {short(row.id), *([short(row.attribution)] if row.attribution else [])}
    marks = [m for m in marks_of(coded, links=False) if m.layer and (m.row is None or own & set(m.row.split()))]
    around = []
    for other in (index - 1, index + 1):
        near = coded.sentences[other] if 0 <= other < len(coded.sentences) else None
        same = near is not None and near.paragraph == sentence.paragraph
        around.append(mark_text(text, near.start, near.end, []) if near is not None and same else Markup(""))
    return around[0], mark_text(text, sentence.start, sentence.end, marks), around[1]


def _linked(opened: Opened, row: Assertion) -> list[dict[str, Any]]:
    found = opened.rows(
        'SELECT kind, "from" AS head, "to" AS tail FROM links WHERE "from" = ? OR "to" = ? ORDER BY ALL LIMIT 100',
        [row.id, row.id],
    )
    others = {link["tail"] if link["head"] == row.id else link["head"] for link in found}
    if not others:
        return []
    rows = rows_by_id(opened, others, limit=100)
    by_id = {one.id: one for one in rows}
    return [
        {"kind": link["kind"], "outward": link["head"] == row.id, "row": by_id[other]}
        for link in found
        if (other := link["tail"] if link["head"] == row.id else link["head"]) in by_id
    ]


def _events(opened: Opened, document: str, identifier: str) -> list[dict[str, Any]]:
    """The events that count a row; by row numbers, for a search by ids reads the whole column."""
    return opened.rows(
        """SELECT id, type, status, date, documents, clusters, assertions FROM events WHERE rowid IN (
             SELECT event FROM behind WHERE assertion IN (SELECT rowid FROM assertions WHERE document = ? AND id = ?))
           ORDER BY id""",
        [document, identifier],
    )


def add_routes(app: FastAPI, site: Site) -> None:
    """`/row/{id}`, `/rule/{id}`."""

    @app.get("/row/{identifier}", include_in_schema=False)
    def row_page(request: Request, identifier: str) -> Response:
        if not ID.fullmatch(identifier):
            raise NotThere(f"{identifier[:60]!r} is no id of a row", "a row's id looks like d0123456789abcdef0.e12")
        opened = site.opened
        document, local = identifier.split(".")
        coded = opened.document(document)
        row = next((r for r in coded.assertions if r.id == identifier), None)
        if row is None:
            if any(a.id == identifier for a in coded.attributions):
                return RedirectResponse(f"/article/{document}#r-{local}", status_code=303)
            raise NotThere(f"the article has no row {local!r}", "the article's page lists its rows")
        standing = opened.one(
            "SELECT standing FROM assertions WHERE document = ? AND id = ?", [document, identifier]
        ).get("standing", row.standing)
        people = party_table(coded)
        before, sentence, after = sentence_in_context(coded, row)
        rules = [rules_by_id()[part] for part in re.split(r"[+ ,]", row.rule) if part in rules_by_id()]
        return site.page(
            request, "row.html", opened=opened, row=row_of(coded, row, people), standing=standing,
            chain=chain_of(coded, row, people),
            before=before, sentence=sentence, after=after, document=coded.document, rules=rules,
            time=next((t for t in coded.times if t.id == row.time), None),
            place=next((p for p in coded.places if p.id == row.place), None),
            amount=next((a for a in coded.amounts if a.id == row.amount), None),
            condition=next((row_of(coded, r, people) for r in coded.assertions if r.id == row.condition), None),
            linked=_linked(opened, row), events=_events(opened, document, identifier),
            siblings=[row_of(coded, r, people) for r in coded.assertions
                      if r.sentence == row.sentence and r.id != row.id],
        )  # fmt: skip

    @app.get("/rule/{identifier}", include_in_schema=False)
    def rule_page(request: Request, identifier: str) -> Response:
        opened = site.opened
        rule = rules_by_id().get(identifier)
        fired = opened.one("SELECT count(*) AS n FROM reading WHERE rule = ?", [identifier])["n"]
        if rule is None and not fired:
            raise NotThere(f"there is no rule {identifier[:80]!r}", "the quality page lists the rules that fired")
        rows = find_rows(opened, "rule = ?", [identifier], order='day DESC NULLS LAST, "row"', limit=10)
        return site.page(request, "rule.html", opened=opened, rule=rule, identifier=identifier, fired=fired, rows=rows,
                         titles=titles_of(opened, rows))  # fmt: skip
