"""Markdown: its marks taken off, its headings and quotations kept as roles."""

from __future__ import annotations

import re
from typing import Any

from demarche.ingest.charset import decode
from demarche.ingest.draft import Block, Draft, Found, Origin
from demarche.ingest.page_dates import parse_date
from demarche.records import Role

__all__ = ["read_markdown"]

_FRONT = re.compile(r"\A---\s*\n(.*?)\n(?:---|\.\.\.)\s*\n", re.S)
_INLINE = (
    (re.compile(r"!\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\[[^\]]*\])"), r"\1"),
    (re.compile(r"<(https?://[^>]+)>"), r"\1"),
    (re.compile(r"(\*\*\*|\*\*|\*|___|__|(?<!\w)_(?=\w)|(?<=\w)_(?!\w)|~~|`+)"), ""),
    (re.compile(r"</?[a-zA-Z][^>]{0,200}>"), ""),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!-])"), r"\1"),
)


def _plain(text: str) -> str:
    for pattern, by in _INLINE:
        text = pattern.sub(by, text)
    return text


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    hit = _FRONT.match(text)
    if not hit:
        return {}, text
    pairs = (line.partition(":") for line in hit[1].splitlines() if ":" in line and not line.startswith(" "))
    return {name.strip().lower(): value.strip().strip("\"'") for name, _, value in pairs}, text[hit.end() :]


def read_markdown(data: bytes, origin: Origin) -> Draft:
    """One Markdown file; front matter gives title, date, author, url."""
    decoded = decode(data, header=origin.charset)
    front, text = _front_matter(decoded.text.replace("\r\n", "\n"))
    blocks: list[Block] = []
    title = front.get("title")
    for raw in re.split(r"\n\s*\n|\n(?=#{1,6} )", re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)):
        block = _block(raw.strip(), first=title is None)
        if block is None:
            continue
        if block.role is Role.TITLE:
            title = block.text
        blocks.append(block)
    date = parse_date(front.get("date", ""))
    facts: dict[str, Any] = {"title": title, "url": front.get("url") or front.get("canonical")}
    return Draft(
        blocks=tuple(blocks),
        data=data,
        origin=origin,
        flat=True,
        authors=(front["author"],) if front.get("author") else (),
        published=Found(date=date, source="field", confidence=1.0) if date else None,
        warnings=(decoded.warning,) if decoded.warning else (),
        **facts,
    )


def _block(raw: str, *, first: bool) -> Block | None:
    if not raw or re.fullmatch(r"[-*_=\s]{3,}", raw):
        return None
    heading = re.match(r"#{1,6}\s+(.*?)\s*#*\s*$", raw, re.S)
    if heading is None and re.search(r"\n[=-]{3,}\s*$", raw):
        heading = re.match(r"(.*)\n[=-]{3,}\s*$", raw, re.S)
    if heading:
        return Block(text=_plain(heading[1]).strip(), role=Role.TITLE if first else Role.BODY)
    if raw.startswith(">"):
        return Block(text=_plain(re.sub(r"^>\s?", "", raw, flags=re.M)).replace("\n", " "), role=Role.QUOTE)
    lines = re.sub(r"^\s*(?:[-*+]|\d+\.)\s+", "", raw, flags=re.M)
    bold = re.fullmatch(r"(\*\*|__)(.+)\1", raw, re.S)
    role = Role.STANDFIRST if bold and first is False else None
    text = _plain(lines).replace("\n", " ").strip()
    return Block(text=text, role=role) if text else None
