"""Fold letters so that *Élysée* and *Elysee* are one name, each character to one character: offsets stay."""

from __future__ import annotations

import unicodedata

__all__ = ["fold_letters", "has_plain_case"]


def _table() -> dict[int, str]:
    table = {0x2019: "'", 0x2018: "'", 0x02BC: "'", 0x02BF: "'", 0x02BE: "'", 0x2010: "-", 0x2011: "-", 0x00A0: " "}
    table |= {ord("ø"): "o", ord("Ø"): "O", ord("ł"): "l", ord("Ł"): "L", ord("đ"): "d", ord("Đ"): "D", ord("ı"): "i"}
    table |= {ord("ð"): "d", ord("ə"): "a", ord("Ə"): "A", ord("ħ"): "h"}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii() and base != chr(code):
            table.setdefault(code, base)
    return table


FOLDED = _table()
ODD = frozenset("\u017f\u212a\u0130\u0131")
"""Letters that count as an *s*, *k* or *i* where case does not matter, and whose lower case is none."""


def fold_letters(text: str) -> str:
    """The same length, without diacritics on Latin letters, with plain apostrophes and hyphens."""
    return text if text.isascii() else text.translate(FOLDED)  # no letter of ASCII is folded


def has_plain_case(text: str) -> bool:
    """Whether a search in the lower case finds all that a search without regard to case finds."""
    return text.isascii() or ODD.isdisjoint(text)
