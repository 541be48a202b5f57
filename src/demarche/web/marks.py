"""Marked text: layers of spans over an article become nested elements. Pure; everything but the tags is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

__all__ = ["Mark", "mark_text", "plain", "visible"]

_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Characters that change how text around them is read without being seen: controls, overrides of direction, zero-width
spaces, tags; and halves of surrogate pairs, which UTF-8 cannot hold."""


def plain(text: str) -> str:
    """`text` without invisible controls: for titles, names and attributes."""
    return _CONTROLS.sub("", text)


def visible(text: str) -> Markup:
    """`text` escaped, each invisible control shown by its code point."""
    out = []
    last = 0
    for found in _CONTROLS.finditer(text):
        out.append(escape(text[last : found.start()]))
        code = f"U+{ord(found.group()):04X}"
        out.append(Markup('<span class="ctl" title="{}">␣</span>').format(code))
        last = found.end()
    out.append(escape(text[last:]))
    return Markup("").join(out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One span to show. layer: of spans with the same bounds, the lower one lies outside. row: short id it belongs to.

    href: where it leads; inside another link it is shown without. anchor: id of its first piece on the page.
    """

    start: int
    end: int
    layer: int
    classes: str
    row: str | None = None
    actor: str | None = None
    title: str | None = None
    href: str | None = None
    anchor: str | None = None


def mark_text(text: str, start: int, end: int, marks: Iterable[Mark]) -> Markup:
    """`text[start:end]` with its marks as nested elements. Marks that cross are split where they do."""
    inside = [m for m in marks if m.start < end and m.end > start and m.start < m.end]
    inside.sort(key=lambda m: (max(m.start, start), -min(m.end, end), m.layer))
    points = sorted({start, end, *(max(m.start, start) for m in inside), *(min(m.end, end) for m in inside)})
    out: list[Markup] = []
    open_marks: list[Mark] = []
    shown: set[int] = set()
    waiting = 0
    for here, there in zip(points, [*points[1:], None], strict=True):
        ending = [m for m in open_marks if min(m.end, end) <= here]
        reopen: list[Mark] = []
        while ending:
            top = open_marks.pop()
            out.append(_close(top, open_marks))
            if top in ending:
                ending.remove(top)
            else:
                reopen.append(top)
        starting = [*reversed(reopen)]
        while waiting < len(inside) and max(inside[waiting].start, start) == here:
            starting.append(inside[waiting])
            waiting += 1
        starting.sort(key=lambda m: (-min(m.end, end), m.layer))
        for mark in starting:
            out.append(_open(mark, open_marks, first=id(mark) not in shown))
            shown.add(id(mark))
            open_marks.append(mark)
        if there is not None:
            out.append(visible(text[here:there]))
    return Markup("").join(out)


def _tag(mark: Mark, above: Sequence[Mark]) -> str:
    return "a" if mark.href and not any(m.href for m in above) else "span"


def _open(mark: Mark, above: Sequence[Mark], *, first: bool) -> Markup:
    tag = _tag(mark, above)
    attributes = {
        "class": mark.classes + ("" if first else " cont"),
        "data-r": mark.row,
        "data-a": mark.actor,
        "title": mark.title,
        "href": mark.href if tag == "a" else None,
        "id": mark.anchor if first else None,
    }
    parts = [Markup(' {}="{}"').format(Markup(k), plain(v)) for k, v in attributes.items() if v is not None]
    return Markup("<") + Markup(tag) + Markup("").join(parts) + Markup(">")


def _close(mark: Mark, above: Sequence[Mark]) -> Markup:
    return Markup("</") + Markup(_tag(mark, above)) + Markup(">")
