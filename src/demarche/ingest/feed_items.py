"""Articles of feeds: the text that a feed carries, or the page behind each entry."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace

from demarche.errors import DemarcheError, InputError
from demarche.ingest.article import build_article
from demarche.ingest.density import fragment_blocks
from demarche.ingest.draft import Block, Draft, Found, Origin, reject
from demarche.ingest.feeds import FeedItem, read_feed
from demarche.ingest.fetch import Fetched, Fetcher
from demarche.ingest.html import parse_markup, read_html
from demarche.ingest.options import ReadOptions
from demarche.ingest.sniff import Kind, sniff
from demarche.records import Article, Rejection

__all__ = ["fetch_item", "read_address", "read_feed_file"]

Result = Article | Rejection
Streamer = Callable[[io.BytesIO, Origin, ReadOptions], Iterator[Result]]

FEEDS = frozenset({Kind.FEED, Kind.JSON_FEED, Kind.SITEMAP})
LEAST_WORDS = 25
"""Fewer words are no article: a headline and a promise."""


def read_feed_file(data: bytes, origin: Origin, options: ReadOptions) -> Iterator[Result]:
    """Articles of a feed from the text that it carries itself; nothing is fetched.

    Raises:
        InputError: E115 no feed, or a sitemap, which carries no text.
    """
    feed = read_feed(data, origin.url)
    if not feed.items and feed.maps:
        raise InputError("E115", "an index of sitemaps, which carries no text", where=origin.source)
    if not feed.items:
        raise InputError("E115", "a feed without entries" + (", its XML is broken" if feed.broken else ""))
    for number, item in enumerate(feed.items, 1):
        here = replace(origin.within(f"R{number}"), url=item.url)
        try:
            yield build_article(item_draft(item, here, options), options)
        except DemarcheError as error:
            yield reject(here, error)


def item_draft(item: FeedItem, origin: Origin, options: ReadOptions) -> Draft:
    """The draft of what a feed carries of an entry.

    Raises:
        InputError: E115 when it carries no text.
    """
    text = item.content or item.summary or ""
    blocks = _blocks(text)
    if sum(len(block.text.split()) for block in blocks) < LEAST_WORDS:
        place = item.url or item.id
        raise InputError("E115", f"the feed carries no text of it ({place[:200]})", where=origin.source,
                         remedy="give the address of the feed, so that its pages are fetched")  # fmt: skip
    draft = Draft(blocks=tuple(blocks), data=text.encode("utf-8", "surrogatepass"), origin=origin, external_id=item.id)
    if not item.content:
        draft = replace(draft, warnings=("only the summary that the feed carries",))
    return with_item(draft, item)


def _blocks(text: str) -> list[Block]:
    if "<" not in text:
        return [Block(text=line) for line in text.split("\n") if line.strip()]
    return fragment_blocks(parse_markup(f"<html><body><div>{text}</div></body></html>"))


def with_item(draft: Draft, item: FeedItem) -> Draft:
    """The draft with what the feed says where the page itself says nothing."""
    found = Found(date=item.published, source="feed", confidence=0.9) if item.published else None
    return replace(
        draft,
        url=draft.url or item.url,
        title=draft.title or item.title,
        authors=draft.authors or item.authors,
        publisher=draft.publisher or item.publisher,
        language=draft.language or item.language,
        published=draft.published or found,
    )


def read_address(origin: Origin, options: ReadOptions, fetcher: Fetcher, stream: Streamer) -> Iterator[Result]:
    """What stands at an address; of a feed or sitemap, the page behind each entry (of an index, of each sitemap).

    Raises:
        DemarcheError: the address itself could not be fetched or read.
    """
    fetched = fetcher.get(origin.path)
    here = _origin(origin, fetched)
    if sniff(fetched.body[:8192], here.name, fetched.content_type) not in FEEDS:
        yield from stream(io.BytesIO(fetched.body), here, options)
        return
    feed = read_feed(fetched.body, fetched.url)
    items = list(feed.items)
    for place in feed.maps:
        try:
            items += read_feed(fetcher.get(place).body, place).items
        except DemarcheError as error:
            yield reject(replace(origin, path=place, name=place, url=place), error)
    for item in items:
        yield from fetch_item(item, options, fetcher, stream)


def fetch_item(item: FeedItem, options: ReadOptions, fetcher: Fetcher, stream: Streamer) -> Iterator[Result]:
    """The page behind an entry; where it cannot be had, the text that the feed carries, if it is a whole one."""
    place = item.url or item.id
    origin = Origin(path=place, name=place, url=item.url)
    try:
        if item.url is None:
            yield build_article(item_draft(item, origin, options), options)
            return
        fetched = fetcher.get(item.url)
        yield from read_fetched(item, fetched, options, stream)
    except DemarcheError as error:
        yield _instead(item, origin, error, options)


def _instead(item: FeedItem, origin: Origin, error: DemarcheError, options: ReadOptions) -> Result:
    if item.content and len(item.content.split()) > 100:
        try:
            draft = item_draft(item, origin, options)
            return build_article(replace(draft, warnings=(*draft.warnings, f"text of the feed: {error.what}")), options)
        except DemarcheError:
            pass
    return reject(origin, error)


def read_fetched(item: FeedItem, fetched: Fetched, options: ReadOptions, stream: Streamer) -> Iterator[Result]:
    """The article of a page that was fetched for an entry.

    Raises:
        DemarcheError: the page holds no article.
    """
    origin = _origin(Origin(path=fetched.url, name=fetched.url, url=fetched.url), fetched)
    if sniff(fetched.body[:8192], origin.name, fetched.content_type) is not Kind.HTML:
        yield from stream(io.BytesIO(fetched.body), origin, options)
        return
    yield build_article(with_item(read_html(fetched.body, origin, options), item), options)


def _origin(origin: Origin, fetched: Fetched) -> Origin:
    return replace(
        origin, url=fetched.url, content_type=fetched.content_type, charset=fetched.charset, retrieved=fetched.retrieved
    )
