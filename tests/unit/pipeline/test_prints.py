"""Fingerprints on disk are those in memory."""

from __future__ import annotations

import numpy as np
import pytest

from demarche.dedup import fingerprint
from demarche.pipeline import copies as copies_module
from demarche.pipeline.copies import Copies
from fake_rooms import article, articles


@pytest.mark.parametrize("block", [1, 3, 100])
def test_prints_come_back_as_they_were(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr(copies_module, "BLOCK", block)
    given = [*articles(5), article("empty.txt", ". . ."), article("short.txt", "Two words"), *articles(7)[5:]]
    kept = Copies()
    for one in given:
        kept.add(one)
    for one in given:
        found, wanted = kept.prints[one.document.id], fingerprint(one)
        for name in ("shingles", "vectors", "starts", "names", "sketch"):
            assert np.array_equal(getattr(found, name), getattr(wanted, name))
            assert getattr(found, name).dtype == getattr(wanted, name).dtype
        assert (found.key, found.words, found.day) == (wanted.key, wanted.words, wanted.day)
    names = frozenset(one.document.id for one in given)
    fresh = Copies({one.document.id: fingerprint(one) for one in given})
    assert kept.clusters(names, frozenset()) == fresh.clusters(names, frozenset())
