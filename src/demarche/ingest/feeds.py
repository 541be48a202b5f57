"""Feeds and sitemaps: RSS, Atom, JSON Feed, news sitemaps. Broken XML is read as far as it goes; entities are never
expanded, so that no bomb goes off and no file is drawn in."""

from __future__ import annotations

import html.entities
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from demarche.errors import InputError
from demarche.ingest.clean import clean_text
from demarche.ingest.page_dates import parse_date

__all__ = ["Feed", "FeedItem", "read_feed"]

MOST = 50_000
"""Items of one feed or sitemap that are looked at (the sitemap protocol's own limit)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One entry. id: what the feed calls it, else its address. content: HTML of the whole text, if the feed carries it.

    summary: HTML or text. published: ISO, where the feed says it.
    """

    id: str
    url: str | None = None
    title: str | None = None
    published: str | None = None
    summary: str | None = None
    content: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed or sitemap. maps: addresses of further sitemaps (of an index). broken: the XML was not well formed."""

    title: str | None
    items: tuple[FeedItem, ...]
    maps: tuple[str, ...] = ()
    broken: bool = False


def read_feed(data: bytes, address: str | None = None) -> Feed:
    """A feed or sitemap from its bytes; relative addresses are joined to `address`.

    Raises:
        InputError: E115 when it is neither.
    """
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return _json_feed(data, address)
    data = _without_entities(data)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(data.lstrip(b"\xef\xbb\xbf \t\r\n"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError("E115", f"no feed: {str(error)[:120]}", where=address) from error
    if root is None:
        raise InputError("E115", "no feed: no XML element could be read", where=address)
    broken = any(entry.level >= 2 for entry in parser.error_log)
    kind = _name(root)
    if kind in {"urlset", "sitemapindex"}:
        return _sitemap(root, address, broken)
    if kind not in {"rss", "feed", "RDF"}:
        raise InputError("E115", f"no feed: the first element is {kind!r}", where=address)
    return _xml_feed(root, address, broken)


_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*(\[.*?\]\s*)?>", re.S | re.I)
_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_OWN = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})


def _without_entities(data: bytes) -> bytes:
    """The XML without a document type (no entity can then be defined), HTML's named characters as numbers."""

    def number(hit: re.Match[bytes]) -> bytes:
        if hit[1] in _XML_OWN:
            return hit[0]
        char = html.entities.html5.get(hit[1].decode("ascii") + ";", "")
        return "".join(f"&#{ord(one)};" for one in char).encode("ascii")

    return _NAMED.sub(number, _DOCTYPE.sub(b"", data, count=1))


def _name(node: Any) -> str:
    return str(etree.QName(node).localname) if isinstance(node.tag, str) else ""


def _child(node: Any, *names: str) -> str | None:
    """Words of the first child with one of these names, in the order of the names."""
    for name in names:
        for child in node:
            if _name(child) == name and (text := _words(child)):
                return text
    return None


def _words(node: Any) -> str:
    """Text of an element; of XHTML inside it, the markup."""
    if node.get("type") == "xhtml" and len(node):
        return "".join(etree.tostring(child, encoding="unicode") for child in node)
    return "".join(str(text) for text in node.itertext()).strip()


def _xml_feed(root: Any, address: str | None, broken: bool) -> Feed:
    head = next((node for node in root if _name(node) == "channel"), root)
    title = clean_text(_child(head, "title") or "") or None
    language = (_child(head, "language") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "")[:2].lower()
    entries = [node for node in root.iter() if _name(node) in {"item", "entry"}]
    items = (_xml_item(node, address, title, language or None) for node in entries[:MOST])
    return Feed(title=title, items=tuple(item for item in items if item is not None), broken=broken)


def _xml_item(node: Any, address: str | None, publisher: str | None, language: str | None) -> FeedItem | None:
    url = _link(node)
    url = urljoin(address, url) if url and address else url
    if url is not None and not url.startswith(("http://", "https://")):
        url = None
    identity = _child(node, "guid", "id") or url or _child(node, "title")
    if not identity:
        return None
    authors = [_child(child, "name") or _words(child) for child in node if _name(child) in {"author", "creator"}]
    return FeedItem(
        id=identity,
        url=url,
        title=clean_text(_child(node, "title") or "") or None,
        published=parse_date(_child(node, "pubDate", "published", "date", "issued", "updated") or ""),
        summary=_child(node, "description", "summary"),
        content=_child(node, "encoded", "content"),
        authors=tuple(dict.fromkeys(clean_text(name) for name in authors if clean_text(name))),
        publisher=publisher,
        language=language,
    )


def _link(node: Any) -> str | None:
    """The address of an entry: Atom's alternate link, RSS's link, a guid that is one."""
    links = [child for child in node if _name(child) == "link"]
    for child in links:
        if child.get("href") and child.get("rel", "alternate") == "alternate":
            return str(child.get("href")).strip()
    for child in links:
        if text := _words(child):
            return text
    guid = _child(node, "guid")
    return guid if guid and guid.startswith(("http://", "https://")) else None


def _sitemap(root: Any, address: str | None, broken: bool) -> Feed:
    maps: list[str] = []
    items: list[FeedItem] = []
    for node in root:
        place = _child(node, "loc")
        if not place:
            continue
        place = urljoin(address, place) if address else place
        if _name(node) == "sitemap":
            maps.append(place)
        elif _name(node) == "url" and len(items) < MOST:
            items.append(_sitemap_item(node, place))
    return Feed(title=None, items=tuple(items), maps=tuple(maps[:1000]), broken=broken)


def _sitemap_item(node: Any, place: str) -> FeedItem:
    news = next((child for child in node if _name(child) == "news"), None)
    if news is None:
        return FeedItem(id=place, url=place, published=None)
    publication = next((child for child in news if _name(child) == "publication"), None)
    return FeedItem(
        id=place,
        url=place,
        title=clean_text(_child(news, "title") or "") or None,
        published=parse_date(_child(news, "publication_date") or ""),
        publisher=_child(publication, "name") if publication is not None else None,
        language=((_child(publication, "language") or "")[:2].lower() or None) if publication is not None else None,
    )


def _json_feed(data: bytes, address: str | None) -> Feed:
    try:
        told = json.loads(data.decode("utf-8-sig"))
        entries = told["items"]
        if not isinstance(entries, list):
            raise TypeError("items is no list")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError("E115", f"no JSON feed: {type(error).__name__} {error}"[:160], where=address) from error
    title = told.get("title") if isinstance(told.get("title"), str) else None
    items = [_json_item(entry, address, title) for entry in entries[:MOST] if isinstance(entry, dict)]
    return Feed(title=title, items=tuple(item for item in items if item is not None))


def _json_item(entry: dict[str, Any], address: str | None, publisher: str | None) -> FeedItem | None:
    def words(*names: str) -> str | None:
        return next((value for name in names if isinstance(value := entry.get(name), str) and value.strip()), None)

    url = words("url", "external_url")
    url = urljoin(address, url) if url and address else url
    identity = words("id") or url
    if not identity:
        return None
    people = entry.get("authors") or ([entry["author"]] if isinstance(entry.get("author"), dict) else [])
    names = [person.get("name") for person in people if isinstance(person, dict)] if isinstance(people, list) else []
    return FeedItem(
        id=identity,
        url=url,
        title=clean_text(words("title") or "") or None,
        published=parse_date(words("date_published", "date_modified") or ""),
        summary=words("summary"),
        content=words("content_html", "content_text"),
        authors=tuple(name for name in names if isinstance(name, str) and name),
        publisher=publisher,
        language=(words("language") or "")[:2].lower() or None,
    )
