"""Quality: accuracy boards, what was covered, what reviewers found, and the ledger of the rules."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.responses import Response

from demarche.errors import ResourceError
from demarche.resources import read_text
from demarche.web.opened import Opened
from demarche.web.reviews import Review, ReviewFile, agreement, estimate
from demarche.web.row_pages import rules_by_id
from demarche.web.site import Site

__all__ = ["LedgerRow", "add_routes", "coverage", "ledger", "read_boards"]

SHIPPED = "boards/latest.jsonl"


def read_boards(path: Path | None) -> list[dict[str, Any]]:
    """Figures of `demarche evaluate --json`, one object a line; empty where none were shipped or named.

    Raises:
        ResourceError: E202 the file holds something else.
    """
    try:
        text = path.read_text("utf-8") if path is not None else read_text(SHIPPED)
    except (OSError, ResourceError):
        return []
    try:
        rows = [orjson.loads(line) for line in text.splitlines() if line.strip()]
        return [
            {"n": None, "floor": None, **{k: row[k] for k in ("board", "set", "measure", "value")}, **row}
            for row in rows
        ]
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise ResourceError("E202", f"no list of figures: {error}", where=str(path or SHIPPED)) from error


def coverage(opened: Opened) -> list[tuple[str, int, int]]:
    """(what, how many, of how many) for the shares that tell how far the reading went."""
    documents = opened.one(
        "SELECT count(*) AS n, count(published) AS dated, count(publisher) AS named, count(*) FILTER (language = 'en')"
        " AS english, count(*) FILTER (damage < 0.2) AS clean FROM documents"
    )
    rows = opened.one(
        "SELECT count(*) AS n, count(type) AS typed, count(*) FILTER (doers <> '') AS doers, count(*) FILTER"
        " (receivers <> '') AS receivers, count(place) AS places, count(happened) AS dated,"
        " count(DISTINCT sentence_row) AS sentences, count(DISTINCT document_row) AS documents FROM reading"
    )
    actors = opened.one("SELECT count(*) AS n, count(*) FILTER (kind <> 'unnamed') AS named FROM names")
    sentences = opened.count("sentences")
    return [
        ("english", documents["english"], documents["n"]),
        ("dated", documents["dated"], documents["n"]),
        ("named", documents["named"], documents["n"]),
        ("clean", documents["clean"], documents["n"]),
        ("told", rows["documents"], documents["n"]),
        ("sentences", rows["sentences"], sentences),
        ("doers", rows["doers"], rows["n"]),
        ("receivers", rows["receivers"], rows["n"]),
        ("places", rows["places"], rows["n"]),
        ("times", rows["dated"], rows["n"]),
        ("actors", actors["named"], actors["n"]),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """What a rule did here. right, wrong: of the rows that reviewers judged."""

    rule: str
    gloss: str
    type: str
    fired: int
    right: int
    wrong: int


def ledger(opened: Opened, reviews: list[Review]) -> tuple[list[LedgerRow], int]:
    """Rules that fired, most often first, and how many of the package's rules never did."""
    fired = {row["rule"]: row for row in opened.rows(
        "SELECT rule, min(type) AS type, count(*) AS n FROM reading GROUP BY rule")}  # fmt: skip
    verdicts: dict[str, list[str]] = defaultdict(list)
    for one in reviews:
        verdicts[str(one.said.get("rule"))].append(one.verdict)
    rules = rules_by_id()
    rows = [
        LedgerRow(
            rule=name,
            gloss=rules[name].gloss if name in rules else "",
            type=row["type"] or "",
            fired=row["n"],
            right=verdicts[name].count("right"),
            wrong=verdicts[name].count("wrong"),
        )
        for name, row in fired.items()
    ]
    return sorted(rows, key=lambda r: (-r.fired, r.rule)), len(set(rules) - set(fired))


def add_routes(app: FastAPI, site: Site) -> None:
    """`/quality`."""
    kept = ReviewFile(site.review_path)

    @app.get("/quality", include_in_schema=False)
    def quality(request: Request) -> Response:
        opened = site.opened
        reviews = kept.all()
        rows, silent = ledger(opened, reviews)
        boards: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for figure in read_boards(site.options.boards):
            boards[figure["board"]].append(figure)
        drawn = [one for one in reviews if one.drawn]
        scores = opened.rows(
            "SELECT floor(score * 10) / 10 AS low, count(*) AS n FROM reading WHERE type IS NOT NULL"
            " GROUP BY ALL ORDER BY low DESC"
        )
        return site.page(
            request, "quality.html", opened=opened, boards=boards, coverage=coverage(opened), ledger=rows,
            silent=silent, overall=estimate(drawn, lambda _: ""), agreements=agreement(reviews), scores=scores,
        )  # fmt: skip
