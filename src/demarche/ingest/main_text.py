"""Main text of a page: trafilatura's choice of elements, as blocks with the roles the markup gives."""

from __future__ import annotations

from typing import Any

from demarche.ingest.clean import clean_text
from demarche.ingest.draft import Block
from demarche.records import Role

__all__ = ["main_blocks"]


def main_blocks(tree: Any, *, precision: bool = False) -> list[Block]:
    """Paragraphs of the article in page order; empty where there is none."""
    from trafilatura import bare_extraction

    found = bare_extraction(
        tree, fast=True, favor_precision=precision, include_comments=False, include_tables=True, with_metadata=False
    )
    if found is None or isinstance(found, dict) or found.body is None:
        return []
    blocks: list[Block] = []
    for node in found.body:
        _collect(node, blocks)
    return blocks


def _collect(node: Any, blocks: list[Block]) -> None:
    tag = node.tag
    if tag == "list":
        for item in node.iter("item"):
            _add(item, None, blocks)
    elif tag == "table":
        for row in node.iter("row"):
            text = " | ".join(filter(None, (clean_text(" ".join(cell.itertext())) for cell in row.iter("cell"))))
            if text:
                blocks.append(Block(text=text))
    elif tag == "quote":
        children = [child for child in node if child.tag in {"p", "quote"}]
        if children:
            for child in children:
                _add(child, Role.QUOTE, blocks)
        else:
            _add(node, Role.QUOTE, blocks)
    elif tag != "graphic":
        _add(node, None, blocks)


def _add(node: Any, role: Role | None, blocks: list[Block]) -> None:
    """The element's words; a line break inside it parts paragraphs."""
    pieces = [""]

    def walk(part: Any) -> None:
        if part.tag == "lb":
            pieces.append("")
        pieces[-1] += part.text or ""
        for child in part:
            walk(child)
            pieces[-1] += child.tail or ""

    walk(node)
    for piece in pieces:
        if text := clean_text(piece):
            blocks.append(Block(text=text, role=role))
