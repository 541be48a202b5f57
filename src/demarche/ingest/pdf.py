"""PDF: the text layer, by pypdf. Pictures of pages have none and are refused."""

from __future__ import annotations

import io
import re

from demarche.errors import InputError
from demarche.ingest.clean import clean_text
from demarche.ingest.draft import Block, Draft, Origin
from demarche.ingest.guard import run_killable
from demarche.ingest.options import ReadOptions

__all__ = ["read_pdf"]

PAGES = 300
_END = re.compile(r"""[.!?:…]["”’)\]]*$""")
_PAGE_NUMBER = re.compile(r"(page |seite )?\d{1,4}( (of|/|von) \d{1,4})?|[-–—] ?\d{1,4} ?[-–—]", re.I)


def read_pdf(data: bytes, origin: Origin, options: ReadOptions) -> Draft:
    """One PDF as one article.

    Raises:
        InputError: E117 broken, encrypted, too many pages, or without a text layer; E107 took too long.
    """
    title, pages = run_killable(_extract, data, seconds=options.limits.parse_seconds + 5)
    paragraphs = [text for page in _without_margins(pages) for text in _paragraphs(page)]
    if sum(len(text) for text in paragraphs) < 50:
        raise InputError("E117", "the PDF has no text layer (pictures of pages?)", where=origin.source)
    blocks = tuple(Block(text=text) for text in paragraphs)
    title = title if title and title.casefold() in "\n".join(paragraphs[:12]).casefold() else None
    return Draft(blocks=blocks, data=data, origin=origin, flat=True, title=title)


def _extract(data: bytes) -> tuple[str | None, list[str]]:
    import logging

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError("E117", "the PDF is encrypted")
        if len(reader.pages) > PAGES:
            raise InputError("E117", f"a PDF of {len(reader.pages):,} pages, limit {PAGES}")
        title = reader.metadata.title if reader.metadata else None
        return (clean_text(str(title)) or None) if title else None, [page.extract_text() for page in reader.pages]
    except InputError:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, AssertionError) as error:
        raise InputError("E117", f"no readable PDF: {type(error).__name__} {error}"[:200]) from error
    except ImportError as error:  # pypdf needs another package for AES
        raise InputError("E117", f"the PDF is encrypted in a way that cannot be read: {error}"[:200]) from error


def _without_margins(pages: list[str]) -> list[list[str]]:
    """Lines of each page; heads and feet that most pages share, and page numbers, are left out."""
    split = [[line.strip() for line in page.splitlines() if line.strip()] for page in pages]
    counts: dict[str, int] = {}
    for lines in split:
        for line in {re.sub(r"\d+", "#", text) for text in (*lines[:2], *lines[-2:])}:
            counts[line] = counts.get(line, 0) + 1
    margins = {line for line, count in counts.items() if count > 2 and count * 2 > len(pages)}
    return [
        [line for line in lines if re.sub(r"\d+", "#", line) not in margins and not _PAGE_NUMBER.fullmatch(line)]
        for lines in split
    ]


def _paragraphs(lines: list[str]) -> list[str]:
    """Lines joined: a paragraph ends with a short line that ends a sentence; words cut by a hyphen are whole again."""
    if not lines:
        return []
    usual = sorted(len(line) for line in lines)[len(lines) * 3 // 4]
    found: list[str] = []
    open_ = False
    for line in lines:
        if not open_:
            found.append(line)
        elif re.search(r"[a-z]-$", found[-1]) and line[:1].islower():
            found[-1] = found[-1][:-1] + line
        else:
            found[-1] += " " + line
        short = len(line) < 0.8 * usual
        open_ = not short if not _END.search(line) else not short and len(line) > 0.9 * usual
    return found
