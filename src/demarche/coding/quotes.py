"""Quotation marks of a document, paired paragraph by paragraph; damaged or unbalanced marks never fail.

A mark that is never closed runs to the end of its paragraph; when the next paragraph opens with a mark again, the
quotation is `continued` there (the house style of newspapers). Linear in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from demarche.records import Paragraph

__all__ = ["QUOTE_MARKS", "Quotation", "Quotations", "find_quotations"]

OPENING = "“„«"
CLOSING = "”»"
STRAIGHT = '"'
QUOTE_MARKS = OPENING + CLOSING + STRAIGHT
MARKS = re.compile(f"[{QUOTE_MARKS}]|''|``")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """start, end: with the marks. closed: its closing mark stands in the paragraph. continued: it goes on the
    quotation of the paragraph before."""

    start: int
    end: int
    closed: bool
    continued: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotations:
    """All quotations of a document in the order of the text, not overlapping."""

    rows: tuple[Quotation, ...]
    starts: tuple[int, ...]

    def around(self, offset: int) -> Quotation | None:
        """The quotation that holds the character at `offset`."""
        index = bisect_right(self.starts, offset) - 1
        if index >= 0 and self.rows[index].start <= offset < self.rows[index].end:
            return self.rows[index]
        return None

    def inside(self, start: int, end: int) -> list[Quotation]:
        """Quotations that share a character with `[start, end)`."""
        index = max(0, bisect_right(self.starts, start) - 1)
        found = []
        while index < len(self.rows) and self.rows[index].start < end:
            if self.rows[index].end > start:
                found.append(self.rows[index])
            index += 1
        return found


def find_quotations(text: str, paragraphs: Sequence[Paragraph]) -> Quotations:
    """Pair the marks of each paragraph; `''` and two backticks count as double marks."""
    rows: list[Quotation] = []
    left_open = False
    for paragraph in paragraphs:
        found = _paragraph(text, paragraph.start, paragraph.end, left_open)
        rows.extend(found)
        left_open = bool(found) and not found[-1].closed
    return Quotations(rows=tuple(rows), starts=tuple(row.start for row in rows))


def _paragraph(text: str, start: int, end: int, left_open: bool) -> list[Quotation]:
    found: list[Quotation] = []
    opened: int | None = None
    continued = False
    for at, size, sign in _marks(text, start, end):
        if opened is None:
            if sign in ("open", "both"):
                opened, continued = at, left_open and not found and not text[start:at].strip()
        elif sign in ("close", "both"):
            found.append(Quotation(start=opened, end=at + size, closed=True, continued=continued))
            opened = None
    if opened is not None:
        found.append(Quotation(start=opened, end=end, closed=False, continued=continued))
    return found


def _marks(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    marks: list[tuple[int, int, str]] = []
    for match in MARKS.finditer(text, start, end):
        sign = match[0]
        if sign in OPENING or sign == "``":
            marks.append((match.start(), len(sign), "open"))
        else:
            marks.append((match.start(), len(sign), "close" if sign in CLOSING else "both"))
    return marks
