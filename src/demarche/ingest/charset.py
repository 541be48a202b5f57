"""The charset decision: BOM, then the HTTP header, then the page's own word, then UTF-8, then a detector."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

__all__ = ["Decoded", "decode"]

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
         (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([a-zA-Z0-9_.:-]{2,40})""")
# The web reads these labels as their supersets (WHATWG Encoding Standard, section 4.2).
_SUPERSETS = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "iso8859-9": "cp1254",
              "shift_jis": "cp932", "euc_kr": "cp949", "iso8859-11": "cp874", "big5": "big5hkscs"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """text, the charset used, and a warning where the bytes did not fit their declaration (None: all well)."""

    text: str
    charset: str
    warning: str | None = None


def _known(label: str | None) -> str | None:
    if not label:
        return None
    try:
        name = codecs.lookup(label.strip().lower()).name
    except (LookupError, ValueError):
        return None
    return _SUPERSETS.get(name, name)


def _strict(data: bytes, charset: str) -> str | None:
    try:
        return data.decode(charset)
    except (UnicodeDecodeError, LookupError, ValueError):
        return None


def _nearly_utf8(data: bytes) -> str | None:
    """UTF-8 with a few foreign bytes (a page glued from two sources): those bytes are read as Windows-1252."""
    text = data.decode("utf-8", "surrogateescape")
    wrong = sum(1 for char in text if "\udc80" <= char <= "\udcff")
    right = sum(1 for char in text if char > "\x7f") - wrong
    if wrong > max(3, right):
        return None
    return re.sub("[\udc80-\udcff]", lambda hit: bytes([ord(hit[0]) - 0xDC00]).decode("cp1252", "replace"), text)


def _detect(data: bytes) -> tuple[str, str]:
    """A guess from the bytes alone; western European pages without a charset come out as Windows-1252."""
    from charset_normalizer import from_bytes

    sample = data[:20_000]
    high = sum(byte > 127 for byte in sample)
    if high * 20 < len(sample):  # few accents among ASCII: a western page; detectors guess wildly here (measured)
        return data.decode("cp1252", "replace"), "cp1252"
    best = from_bytes(sample).best()
    charset = _known(best.encoding if best else None) or "cp1252"
    return data.decode(charset, "replace"), charset


def decode(data: bytes, *, header: str | None = None, markup: bool = False) -> Decoded:
    """Bytes to text. header: charset of the HTTP header. markup: look for the page's own declaration as well."""
    for bom, charset in _BOMS:
        if data.startswith(bom):
            return Decoded(text=data.decode(charset, "replace").lstrip("\ufeff"), charset=charset)
    declared = _known(header)
    if declared is None and markup:
        hit = _DECLARED.search(data[:4096])
        declared = _known(hit[1].decode("ascii")) if hit else None
    if declared in {"utf-16", "utf-16-le", "utf-16-be", "utf-32"}:
        declared = None  # a declaration readable as ASCII cannot be true
    if declared is not None and declared.startswith("iso2022") and b"\x1b" in data:
        declared_text = _strict(data, declared)  # seven-bit, so it would pass for UTF-8
        if declared_text is not None:
            return Decoded(text=declared_text, charset=declared)
    utf8 = _strict(data, "utf-8")
    if utf8 is not None:  # accented text that is valid UTF-8 by chance is next to impossible
        return Decoded(text=utf8, charset="utf-8")
    if declared not in (None, "utf-8"):
        text = _strict(data, declared)
        if text is not None:
            return Decoded(text=text, charset=declared)
    mixed = _nearly_utf8(data)
    if mixed is not None:
        return Decoded(
            text=mixed, charset="utf-8", warning="charset: some bytes are not UTF-8 and were read as Windows-1252"
        )
    if declared not in (None, "utf-8"):
        return Decoded(
            text=data.decode(declared, "replace"),
            charset=declared,
            warning=f"charset: bytes do not fit the declared {declared}",
        )
    text, charset = _detect(data)
    return Decoded(text=text, charset=charset, warning=f"charset: none declared that fits, read as {charset}")
