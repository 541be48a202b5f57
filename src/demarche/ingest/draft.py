"""What a reader hands on: one article before cleaning, and where it came from."""

from __future__ import annotations

from dataclasses import dataclass, replace

from demarche.errors import DemarcheError
from demarche.records import Rejection, Role, stable_id

__all__ = ["Block", "Draft", "Found", "Origin", "reject"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where bytes came from.

    path: file or address as given. name: file or member name: says the kind and is the identity where there is no
    address or external id. place: `member`, `L12` or `@offset` inside path. content_type, charset: from HTTP.
    """

    path: str
    name: str
    place: str | None = None
    url: str | None = None
    content_type: str | None = None
    charset: str | None = None
    retrieved: str | None = None

    @property
    def source(self) -> str:
        """Path and place as `Document.source` writes them."""
        return self.path if self.place is None else f"{self.path}#{self.place}"

    def within(self, place: str, *, name: str | None = None) -> Origin:
        """The origin of something inside this one."""
        inner = place if self.place is None else f"{self.place}#{place}"
        return replace(self, place=inner, name=name if name is not None else f"{self.name}#{place}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One paragraph as read; role None: to be decided from its words and place."""

    text: str
    role: Role | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A publication date: ISO date or datetime, where it was found, and how sure that is (0..1)."""

    date: str
    source: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One article as a reader found it.

    flat: the blocks are lines of flat text, whose roles and joins are still open. data: the bytes of the article (of a
    row: its text or html field); their hash is the document's. changed: ISO date or datetime of the last change.
    """

    blocks: tuple[Block, ...]
    data: bytes
    origin: Origin
    flat: bool = False
    external_id: str | None = None
    url: str | None = None
    title: str | None = None
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    published: Found | None = None
    changed: str | None = None
    section: str | None = None
    language: str | None = None
    warnings: tuple[str, ...] = ()


def reject(origin: Origin, error: DemarcheError, *, stage: str = "ingest") -> Rejection:
    """The row that an input which could not be read leaves behind."""
    return Rejection(
        id=stable_id("r", origin.path, origin.place, error.code),
        source=origin.path,
        place=origin.place,
        stage=stage,
        code=error.code,
        reason=error.what,
    )
