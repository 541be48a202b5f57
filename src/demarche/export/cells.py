"""Cells of text tables: quoting, and text that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

import orjson

__all__ = ["RISKY", "plain_cell", "read_cell", "read_csv", "safe_cell", "tab_cell", "write_csv"]

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "'")
"""First characters that make a spreadsheet run or hide a cell (OWASP, ASVS 1.2.10); the apostrophe itself is among
them so that what was put before a cell can be taken away again."""


def safe_cell(text: str) -> str:
    """The text with an apostrophe before it where its first character is risky."""
    return f"'{text}" if text.startswith(RISKY) else text


def read_cell(cell: str) -> str:
    """The inverse of `safe_cell`."""
    return cell[1:] if cell.startswith("'") else cell


def plain_cell(value: Any) -> str:
    """A value in a CSV cell: nothing for null, JSON for lists, text made safe; numbers are left as they are."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return safe_cell(value.replace("\0", ""))
    return orjson.dumps(value).decode()


def tab_cell(value: Any) -> str:
    """A value in a tab-separated cell of the exchange forms, which have no quoting: no tab, no line break."""
    if value is None:
        return ""
    text = f"{value:.10g}" if isinstance(value, float) else str(value)
    if not isinstance(value, str) or value == "---":
        return text
    return safe_cell(" ".join(text.replace("\0", "").split()))


def write_csv(file: TextIO, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> int:
    """RFC 4180 with a header; returns the number of rows."""
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(header)
    count = 0
    for row in rows:
        writer.writerow([plain_cell(value) for value in row])
        count += 1
    return count


def read_csv(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a file of `write_csv`, with the apostrophes taken away."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {name: read_cell(cell) for name, cell in row.items()}
