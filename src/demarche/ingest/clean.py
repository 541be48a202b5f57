"""Text in one form: the same article by two routes gives the same characters."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["clean_text", "count_words", "ends_sentence"]

# C0/C1 controls but white space, soft hyphen, zero-width and direction marks, BOM, non-characters, lone surrogates.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
# The same without C1 controls, which are letters in mojibake.
_SILENT = re.compile("[\x00-\x08\x0e-\x1b\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_PASSES = 4
_HYPHEN_AT_END = re.compile("\u00ad\\s*\n\\s*")
_SPACE = re.compile(r"\s+")
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_MOJIBAKE = re.compile("[ÂÃâÐÑÎÏØÙ€][\u0080-\u00ff\u0152-\u0153\u0160-\u0178\u02c6-\u02dc\u2013-\u203a\u20ac\u2122]")
_RARE = "\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06ÂÃâÐÑÎÏØÙ€"
"""Ligatures and the letters that begin mojibake: a printable text without them needs no more than single spaces."""


def _unmangle(text: str) -> str:
    """Undo UTF-8 read as Windows-1252, when the letters say so; curly quotes and widths are left as they are."""
    if not _MOJIBAKE.search(text):
        return text
    import ftfy

    config = ftfy.TextFixerConfig(unescape_html=False, uncurl_quotes=False, fix_character_width=False)
    return str(ftfy.fix_text(text, config))


def _spaced(text: str) -> str:
    """Single spaces in a printable text, whose only white space is the space itself."""
    return " ".join(text.split()) if "  " in text else text.strip(" ")


def clean_text(text: str) -> str:
    """One paragraph in canonical form: NFC, no invisible characters, ligatures opened, single spaces.

    Mojibake is undone only where ftfy is sure of it. Idempotent.
    """
    if text.isascii():
        if text.isprintable():
            return _spaced(text)
        return " ".join(_INVISIBLE.sub("", text).split())
    if text.isprintable() and not any(map(text.__contains__, _RARE)) and unicodedata.is_normalized("NFC", text):
        return _spaced(text)
    for _ in range(_PASSES):  # what one pass brings together may be mojibake or a composite for the next
        before = text
        text = _INVISIBLE.sub("", _unmangle(_SILENT.sub("", _HYPHEN_AT_END.sub("", text))))
        text = unicodedata.normalize("NFC", text.translate(_LIGATURES))
        text = _SPACE.sub(" ", text).strip()
        if text == before or not _MOJIBAKE.search(text):
            break
    return text


def ends_sentence(text: str) -> bool:
    """Whether a line ends as a sentence does: by its mark, quotation marks and brackets behind it left out."""
    return text[-1:] in _CLOSING or text.rstrip("\"'”’»)]")[-1:] in _FINAL


_CLOSING, _FINAL = frozenset('"”»)'), frozenset(".!?…:;")


def count_words(text: str) -> int:
    """White-space separated words."""
    return len(text.split())
