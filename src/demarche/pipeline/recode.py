"""Invariants 5 and 6 on a sample: coding again, in another order, stopped in between, gives the same rows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from demarche.pipeline.code import code_batch
from demarche.pipeline.models import Models
from demarche.records import Article, CodedDocument, stable_id
from demarche.store import Breach, Record, RecordWriter, committed_documents

__all__ = ["recode_sample"]


def recode_sample(folder: Path, models: Models, count: int, *, version: str) -> Iterator[Breach]:
    """Code `count` documents of the record anew from their stored text and paragraphs and compare every row.

    The sample is the documents with the smallest hashes of their ids: the same at every call. Then the sample is
    written twice, the second time in reverse and with a stop in between, and the two records are compared.
    """
    stored = sorted(committed_documents(folder), key=lambda one: stable_id("", one.document.id))[:count]
    again = code_batch([Article(document=o.document, paragraphs=o.paragraphs) for o in reversed(stored)], models)
    changed = [old.document.id for old, new in zip(stored, reversed(again), strict=True) if old != new]
    if changed:
        yield Breach(
            invariant=5,
            what=f"coding again (version {version}) gives other rows",
            count=len(changed),
            examples=tuple(changed[:5]),
        )
    with tempfile.TemporaryDirectory(prefix="demarche-verify-") as scratch:
        one = _written(Path(scratch) / "one", [stored], version)
        two = _written(Path(scratch) / "two", [stored[::-1][: count // 2], stored[::-1][count // 2 :]], version)
        if one != two:
            yield Breach(invariant=6, what="a stopped run ends with another record", count=1, examples=(one, two))


def _written(folder: Path, batches: Sequence[Sequence[CodedDocument]], version: str) -> str:
    """Content hash of a record that got these batches, one writer each."""
    for batch in batches:
        with RecordWriter(folder, version=version) as writer:
            writer.commit(batch)
            writer.publish()
    with Record.open(folder) as record:
        return record.content_hash
