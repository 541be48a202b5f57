"""HTML pages: limits, charset, main text, metadata. Extraction itself is trafilatura's."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from demarche.errors import InputError
from demarche.ingest.charset import decode
from demarche.ingest.clean import clean_text
from demarche.ingest.draft import Block, Draft, Origin
from demarche.ingest.guard import check_markup, deadline, drop_silent, run_killable
from demarche.ingest.options import ReadOptions
from demarche.records import Role

if TYPE_CHECKING:
    from demarche.ingest.page_facts import Judged

__all__ = ["page_facts", "parse_markup", "read_html"]

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
LARGE = 1_000_000
"""Pages above this many characters are parsed in a process of their own, which can be killed."""


def read_html(data: bytes, origin: Origin, options: ReadOptions) -> Draft:
    """One page.

    Raises:
        InputError: E105 too large, E106 hostile markup, E107 took too long, E108 no article text, E109 no article
            (error page, paywall stub).
    """
    limits = options.limits
    if len(data) > limits.page_bytes:
        raise InputError("E105", f"page of {len(data):,} bytes, limit {limits.page_bytes:,}", where=origin.source)
    decoded = decode(data, header=origin.charset, markup=True)
    markup = drop_silent(decoded.text)
    check_markup(markup, limits)
    job = (markup, decoded.text, data, origin, options.precision)
    if len(markup) > LARGE:
        draft = run_killable(_extract, job, seconds=limits.parse_seconds)
    else:
        with deadline(limits.parse_seconds):
            draft = _extract(job)
    if decoded.warning:
        draft = replace(draft, warnings=(decoded.warning, *draft.warnings))
    return draft


def page_facts(data: bytes, origin: Origin, options: ReadOptions) -> Judged:
    """Only what a page says of itself (title, date, authors ...), without its text. Raises as `read_html`."""
    from demarche.ingest.page_facts import judge_facts

    decoded = decode(data, header=origin.charset, markup=True)
    markup = drop_silent(decoded.text)
    check_markup(markup, options.limits)
    return judge_facts(parse_markup(markup), origin.url, scripts=decoded.text)


def parse_markup(markup: str) -> Any:
    """The tree of a page. NULs and other characters that XML forbids are dropped first."""
    from lxml import etree
    from lxml.html import HtmlElement, HtmlProcessingInstruction, document_fromstring

    markup = _FORBIDDEN.sub("", markup)
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, collect_ids=False)
    # lxml.html's own parser asks Python for the class of each element
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement, pi=HtmlProcessingInstruction))
    try:
        return document_fromstring(markup.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise InputError("E108", "no article text found: the page does not parse") from error


def _extract(job: tuple[str, str, bytes, Origin, bool]) -> Draft:
    from demarche.ingest.density import has_popups
    from demarche.ingest.figures import with_captions
    from demarche.ingest.main_text import main_blocks
    from demarche.ingest.page_facts import judge_facts

    markup, scripts, data, origin, precision = job
    tree = parse_markup(markup)
    facts = judge_facts(tree, origin.url, scripts=scripts, live=True)
    blocks = list(facts.live) or with_captions(tree, main_blocks(tree, precision=precision, popups=has_popups(markup)))
    _refuse(facts.title, blocks, origin, free=facts.free)
    return Draft(
        blocks=tuple(blocks),
        data=data,
        origin=origin,
        url=facts.url,
        title=facts.title,
        standfirst=facts.standfirst,
        authors=facts.authors,
        publisher=facts.publisher,
        published=facts.published,
        changed=facts.changed,
        section=facts.section,
        language=facts.language,
    )


def _refuse(title: str | None, blocks: list[Block], origin: Origin, *, free: bool) -> None:
    """Raise where the page holds no article: nothing, an error message, or the stub in front of a paywall."""
    from demarche.ingest.refusals import refusal_reason

    story = [block.text for block in blocks if block.role in (None, Role.BODY, Role.QUOTE)]
    reason = refusal_reason(title or "", story, free=free)
    if reason is not None:
        raise InputError("E109", reason, where=origin.source)
    if not any(clean_text(text) for text in story):
        raise InputError("E108", "no article text found", where=origin.source)
