"""Titles of the articles that a page mentions."""

from __future__ import annotations

from collections.abc import Iterable

from demarche.web.opened import Opened
from demarche.web.views import RowView

__all__ = ["titles_of"]


def titles_of(opened: Opened, rows: Iterable[RowView]) -> dict[str, str | None]:
    """Title by document id for the documents of `rows`."""
    ids = sorted({row.document for row in rows})
    if not ids:
        return {}
    found = opened.rows(f"SELECT id, title FROM documents WHERE id IN ({', '.join('?' * len(ids))})", ids)
    return {row["id"]: row["title"] for row in found}
