"""What the reader is told: options and limits. Every limit is checked before the work it bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["FetchOptions", "Limits", "ReadOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds on one input. Bytes are bytes after decompression unless said otherwise.

    page_bytes: one HTML page. text_bytes: one text file, PDF, mail or feed. row_bytes: one line of JSONL or CSV.
    member_bytes: one member of an archive or one WARC payload. expansion: unpacked over packed size, beyond which an
    archive counts as a bomb (only asked above 16 MB). members: of one archive. nesting: archives inside archives.
    tag_depth, tag_attributes, tags: markup of one page; extractors need over 20 s beyond these (measured with 200,000
    nested divs and with 200,000 attributes). parse_seconds: after these the extraction of one page is killed.
    """

    page_bytes: int = 5_000_000
    text_bytes: int = 20_000_000
    row_bytes: int = 10_000_000
    member_bytes: int = 50_000_000
    expansion: int = 200
    members: int = 100_000
    nesting: int = 3
    tag_depth: int = 500
    tag_attributes: int = 1_000
    tags: int = 200_000
    parse_seconds: float = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchOptions:
    """How addresses are fetched. Times in seconds.

    allowed: http(s) addresses may be fetched at all. private: addresses of loopback and private networks too (tests).
    agent: the `User-Agent`, whose first word is looked up in robots.txt. gap_seconds: between two requests to one host
    (a longer `Crawl-delay` wins). tries: attempts at a transient failure.
    """

    allowed: bool = True
    private: bool = False
    robots: bool = True
    agent: str = "demarche/0.1 (reads news for event records; obeys robots.txt)"
    gap_seconds: float = 1.0
    connect_seconds: float = 10.0
    total_seconds: float = 30.0
    redirects: int = 5
    tries: int = 3
    body_bytes: int = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What `read_inputs` is told.

    date: ISO publication date for sources that have none. columns: field of the contract (text, html, id, url, title,
    published, publisher, language, authors) → name of the file's column. languages: those that are coded; others are
    stored with a warning. precision: HTML is read for precision rather than recall.
    """

    date: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ("en",)
    precision: bool = False
    limits: Limits = field(default_factory=Limits)
    fetch: FetchOptions = field(default_factory=FetchOptions)
