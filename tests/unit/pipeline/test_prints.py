"""Fingerprints on disk are those in memory; who had a 3-gram first is known as a dict would know it."""

from __future__ import annotations

import numpy as np
import pytest

from demarche.dedup import Grams, Prints, find_clusters, fingerprint, fingerprint_text
from demarche.dedup import prints as prints_module
from demarche.pipeline.copies import Copies
from fake_rooms import article, articles


@pytest.mark.parametrize("latest", [1, 3, 100])
def test_prints_come_back_as_they_were(monkeypatch: pytest.MonkeyPatch, latest: int) -> None:
    monkeypatch.setattr(prints_module, "LATEST", latest)
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
        for name in ("document", "key", "words", "day", "damage", "address", "version"):
            assert getattr(found, name) == getattr(wanted, name)
    names = frozenset(one.document.id for one in given)
    assert kept.clusters(names, frozenset()) == find_clusters([fingerprint(one) for one in given])


def test_odd_addresses_come_back() -> None:
    kept = Prints()
    for number, address in enumerate([None, "", "https://example.org/ä\ud800"]):
        kept.add(
            fingerprint_text(f"a{number}", ["Beijing warned Paris again."], address=address, version="2024-\u00fc")
        )
    assert [kept[name].address for name in kept] == [None, "", "https://example.org/ä\ud800"]
    assert kept["a2"].version == "2024-\u00fc"
    kept.add(fingerprint_text("a0", ["Other words."]))
    assert (len(kept), kept["a0"].words) == (3, 4)  # the first one stays


def test_owners_of_grams_are_those_of_a_dict() -> None:
    chance = np.random.default_rng(3)
    table, wanted = Grams(bits=2), dict[int, int]()
    for owner in range(1, 300):
        grams = np.unique(chance.integers(0, 4_000, chance.integers(0, 60)).astype(np.uint32) * np.uint32(1 << 20))
        found = [wanted.get(gram, 0) for gram in grams.tolist()]
        assert table.owners(grams).tolist() == found
        table.claim(grams, owner)
        for gram in grams.tolist():
            wanted.setdefault(gram, owner)
    assert len(table) == len(wanted)
