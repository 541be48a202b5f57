"""The tables over documents: copies, events, claims and what was threatened, promised and expected."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from demarche import __version__
from demarche.records import Article, CodedDocument
from demarche.store import Derived

__all__ = ["derivation", "derive_tables"]

DERIVATION = 1
"""Counts up with every change of what this file, `dedup` or `coding` derives."""


def derive_tables(documents: Callable[[], Iterator[CodedDocument]]) -> Derived:
    """Build every derived table anew from the coded documents; their order changes nothing."""
    from demarche.dedup import find_clusters, fingerprint

    prints = [fingerprint(Article(document=one.document, paragraphs=one.paragraphs)) for one in documents()]
    return Derived(clusters=find_clusters(prints))


def derivation() -> str:
    """Version of what `derive_tables` does: a record is published anew when it changes."""
    return f"{__version__}/{DERIVATION}"
