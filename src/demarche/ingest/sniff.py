"""What kind of input bytes are: magic numbers first, then content, then the name. Never the name alone."""

from __future__ import annotations

import re
from enum import StrEnum

__all__ = ["Kind", "sniff"]


class Kind(StrEnum):
    HTML = "html"
    TEXT = "text"
    MARKDOWN = "markdown"
    FEED = "feed"
    JSON_FEED = "json-feed"
    SITEMAP = "sitemap"
    JSONL = "jsonl"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"
    WARC = "warc"
    CDXJ = "cdxj"
    MBOX = "mbox"
    PDF = "pdf"
    ZIP = "zip"
    TAR = "tar"
    GZIP = "gzip"
    ZSTD = "zstd"
    BZIP2 = "bzip2"
    XZ = "xz"
    EMPTY = "empty"
    BINARY = "binary"
    OTHER = "other"


_MAGIC = (
    (b"%PDF-", Kind.PDF),
    (b"PAR1", Kind.PARQUET),
    (b"PK\x03\x04", Kind.ZIP),
    (b"PK\x05\x06", Kind.ZIP),
    (b"\x1f\x8b", Kind.GZIP),
    (b"\x28\xb5\x2f\xfd", Kind.ZSTD),
    (b"BZh", Kind.BZIP2),
    (b"\xfd7zXZ\x00", Kind.XZ),
    (b"WARC/", Kind.WARC),
    (b"From ", Kind.MBOX),
)
_IMAGES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"\x7fELF",
    b"MZ",
    b"\xd0\xcf\x11\xe0",
    b"II*\x00",
    b"MM\x00*",
    b"OggS",
    b"ID3",
    b"\x00\x00\x00\x18ftyp",
    b"\x00\x00\x00\x20ftyp",
    b"Rar!",
    b"7z\xbc\xaf",
)
_NAMES = {
    "html": Kind.HTML,
    "htm": Kind.HTML,
    "xhtml": Kind.HTML,
    "shtml": Kind.HTML,
    "php": Kind.HTML,
    "asp": Kind.HTML,
    "txt": Kind.TEXT,
    "text": Kind.TEXT,
    "md": Kind.MARKDOWN,
    "markdown": Kind.MARKDOWN,
    "jsonl": Kind.JSONL,
    "ndjson": Kind.JSONL,
    "json": Kind.JSON,
    "csv": Kind.CSV,
    "tsv": Kind.CSV,
    "mbox": Kind.MBOX,
    "eml": Kind.MBOX,
    "cdxj": Kind.CDXJ,
    "cdx": Kind.CDXJ,
    "wet": Kind.WARC,
    "warc": Kind.WARC,
}
_TYPES = {
    "text/html": Kind.HTML,
    "application/xhtml+xml": Kind.HTML,
    "text/plain": Kind.TEXT,
    "text/markdown": Kind.MARKDOWN,
    "text/csv": Kind.CSV,
    "application/x-ndjson": Kind.JSONL,
    "application/jsonl": Kind.JSONL,
}
# Text that is certainly no article, though it would read as one.
_NO_ARTICLE = frozenset("toml yaml yml ini cfg conf py js css sh bat c h java lock log sql svg ts".split())
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF|atom:feed)[\s>]", re.I)
_SITEMAP = re.compile(rb"<(?:urlset|sitemapindex)[\s>]", re.I)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|title|article|div|p|meta|script|table|span|h1)[\s>/]", re.I)
_CDXJ = re.compile(rb"^[^\s{]+ \d{8,14} \{")
_TEXTUAL = bytes(range(0x20, 0x7F)) + b"\t\n\r\f\x1b" + bytes(range(0x80, 0x100))


def _binary(head: bytes) -> bool:
    """More than one control byte in fifty: no text in any charset but UTF-16/32, whose BOM was looked at before."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        return False
    zeros = head.count(0)
    control = len(head.translate(None, _TEXTUAL)) - zeros
    if control * 50 > len(head):
        return True
    return zeros * 5 > len(head)


def _json_kind(head: bytes, name: Kind | None) -> Kind:
    if b"jsonfeed.org/version" in head:
        return Kind.JSON_FEED
    if name in {Kind.JSON, Kind.JSONL}:
        return name
    first = head.split(b"\n", 1)[0].rstrip()
    return Kind.JSONL if first.endswith(b"}") and head.lstrip().startswith(b"{") else Kind.JSON


def sniff(head: bytes, name: str, content_type: str | None = None) -> Kind:
    """Kind of an input from its first bytes (4 kB are enough), its name and the type its server gave."""
    if not head.strip():
        return Kind.EMPTY
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if len(head) > 262 and head[257:262] == b"ustar":
        return Kind.TAR
    if head.startswith(_IMAGES) or _binary(head):
        return Kind.BINARY
    suffix = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if suffix in _NO_ARTICLE and "://" not in name:
        return Kind.OTHER
    named = _NAMES.get(suffix) or _TYPES.get((content_type or "").split(";")[0].strip().lower())
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"{", b"[")) and named not in {Kind.TEXT, Kind.MARKDOWN, Kind.CSV, Kind.HTML}:
        return _json_kind(start, named)
    if named in {Kind.JSONL, Kind.JSON, Kind.CSV, Kind.MARKDOWN, Kind.MBOX, Kind.CDXJ}:
        return named
    if start.startswith(b"<"):
        if _SITEMAP.search(head):
            return Kind.SITEMAP
        if _FEED.search(head):
            return Kind.FEED
        if named is not Kind.TEXT or _HTML.match(start):
            return Kind.HTML
    if named is not None:
        return named
    if _CDXJ.match(start):
        return Kind.CDXJ
    return Kind.HTML if _HTML.search(head) else Kind.TEXT
