"""Which articles need coding: of every set of copies the representative; the others are told by it (`retell`).

What the record shows is a function of the set of its articles: of the clusters over all of them and of the rows of
their representatives. Whether a copy was coded too, because it was read before the article it copies, changes nothing.
`Lookout` only saves work; `missing` says what has to be coded before the record can be published.
"""

from __future__ import annotations

import mmap
import tempfile
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from demarche.dedup import Comparison, Fingerprint, find_clusters, fingerprint
from demarche.records import Article, Cluster, Rejection
from demarche.store import Committed, unpack_article

__all__ = ["Copies", "Lookout", "Plan", "Shelf", "Waiting"]

BLOCK = 4_096
"""Fingerprints whose arrays share a file."""
WINDOW = 256
"""Articles that are read before the first of them is handed on: copies come within hours of each other."""
WINDOW_WORDS = 200_000
WINDOW_SECONDS = 1.0
"""After so long what was read is handed on: a slow source does not keep the coder waiting."""
SAMPLE = 11
"""One in so many 3-grams is remembered of an article that is coded: about forty. With one in 31 a third of the copies
of short articles was coded for nothing."""
LEAST_HITS = 3
LEAST_SHARE = 0.6
"""Share of an article's sampled 3-grams that one earlier article has, from which on it waits."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An article that is kept and not coded: it looks like a copy of one that is."""

    article: Article


@dataclass(slots=True)
class Copies:
    """Fingerprints by document, and the clusters over the set of them that was asked for last.

    Four fifths of a fingerprint are two arrays that only its neighbours ask for. They lie in files without a name,
    mapped into memory, so that the system can do without them: measured, 9 kB an article become less than 5.
    """

    prints: dict[str, Fingerprint] = field(default_factory=dict)
    _loose: list[str] = field(default_factory=list)
    compared: dict[tuple[str, str], Comparison | None] = field(default_factory=dict)
    _asked: tuple[frozenset[str], frozenset[str]] | None = None
    _found: tuple[Cluster, ...] = ()

    def add(self, article: Article) -> Fingerprint:
        """The fingerprint of an article, made once."""
        known = self.prints.get(article.document.id)
        if known is None:
            known = self.prints[article.document.id] = fingerprint(article)
            self._loose.append(article.document.id)
            if len(self._loose) >= BLOCK:
                self._settle()
        return known

    def _settle(self) -> None:
        """Move the arrays of the latest fingerprints into a file."""
        with tempfile.TemporaryFile(prefix="demarche-prints-") as file:
            for name in self._loose:
                file.write(self.prints[name].shingles.tobytes())
            for name in self._loose:
                file.write(self.prints[name].vectors.tobytes())
            file.flush()
            if not file.tell():
                return
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        sizes = [self.prints[name].shingles.size for name in self._loose]
        grams = np.split(np.frombuffer(mapped, np.uint32, sum(sizes)), np.cumsum(sizes)[:-1])
        at = 4 * sum(sizes)
        for name, shingles in zip(self._loose, grams, strict=True):
            print_ = self.prints[name]
            vectors = np.frombuffer(mapped, np.int8, print_.vectors.size, at).reshape(print_.vectors.shape)
            at += print_.vectors.size
            self.prints[name] = replace(print_, shingles=shingles, vectors=vectors)
        self._loose = []

    def clusters(self, documents: frozenset[str], unfit: frozenset[str]) -> tuple[Cluster, ...]:
        """Clusters over `documents`; unfit: those that cannot stand for a cluster, as they could not be coded."""
        if self._asked != (documents, unfit):
            self._found = find_clusters((self.prints[name] for name in documents), unfit=unfit, known=self.compared)
            self._asked = (documents, unfit)
        return self._found


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What stands for what. tellers: copy → the document whose rows it takes; missing: documents to be coded first.

    clusters: without those that nobody can stand for.
    """

    clusters: tuple[Cluster, ...]
    tellers: Mapping[str, str]
    missing: frozenset[str]

    @property
    def told(self) -> dict[str, str]:
        """As `tellers`, without those whose teller is not coded yet: a run that was stopped may leave some."""
        return {copy: teller for copy, teller in self.tellers.items() if teller not in self.missing}

    @classmethod
    def of(cls, committed: Committed, copies: Copies) -> Plan:
        """The plan for everything that is committed."""
        coded = frozenset(committed.ids("documents"))
        if len(coded - copies.prints.keys()):
            for article in committed.articles():
                copies.add(article)
        waiting = frozenset(committed.ids("waiting"))
        if len(waiting - copies.prints.keys()):
            for article in committed.waiting():
                copies.add(article)
        unfit = committed.failed() & waiting
        clusters = copies.clusters(coded | waiting, unfit)
        fit = tuple(row for row in clusters if row.representative not in unfit)
        tellers = {row.document: row.representative for row in fit if row.document != row.representative}
        missing = frozenset(row.representative for row in fit) - coded
        return cls(clusters=fit, tellers=tellers, missing=missing)


@dataclass(slots=True)
class Lookout:
    """Watches the articles on their way to the coder and holds back what looks like a copy of one before it."""

    copies: Copies
    owner: dict[int, int] = field(default_factory=dict)
    keys: set[bytes] = field(default_factory=set)
    seen: int = 0

    def start(self, committed: Committed) -> None:
        """Know what is in the record already."""
        for article in committed.articles():
            self.remember(self.copies.add(article))

    def remember(self, print_: Fingerprint) -> None:
        """An article that is coded: later ones that share its wording wait."""
        self.seen += 1
        if print_.words:
            self.keys.add(bytes.fromhex(print_.key)[:8])
        for gram in _sample(print_):
            self.owner.setdefault(gram, self.seen)

    def watch(self, items: Iterable[Article | Rejection]) -> Iterator[Article | Rejection | Waiting]:
        """The items in their order, copies as `Waiting`."""
        window: list[Article | Rejection] = []
        words = 0
        begun = time.monotonic()
        for item in items:
            window.append(item)
            words += item.document.words if isinstance(item, Article) else 0
            late = time.monotonic() - begun > WINDOW_SECONDS
            if late or len(window) >= WINDOW or words >= WINDOW_WORDS:
                yield from self._judge(window)
                window, words, begun = [], 0, time.monotonic()
        yield from self._judge(window)

    def _judge(self, window: list[Article | Rejection]) -> Iterator[Article | Rejection | Waiting]:
        prints = [self.copies.add(item) for item in window if isinstance(item, Article)]
        stands = {
            row.document: row.representative for row in find_clusters(prints, quiet=True, known=self.copies.compared)
        }
        for item in window:
            if not isinstance(item, Article):
                yield item
                continue
            name = item.document.id
            print_ = self.copies.prints[name]
            if stands[name] != name or self._known(print_):
                yield Waiting(item)
            else:
                self.remember(print_)
                yield item

    def _known(self, print_: Fingerprint) -> bool:
        if print_.words and bytes.fromhex(print_.key)[:8] in self.keys:
            return True
        grams = _sample(print_)
        owners = Counter(owner for gram in grams if (owner := self.owner.get(gram)) is not None)
        best = max(owners.values(), default=0)
        return best >= max(LEAST_HITS, LEAST_SHARE * len(grams))


def _sample(print_: Fingerprint) -> list[int]:
    grams = print_.shingles
    return sorted({int(gram) for gram in grams[grams % SAMPLE == 0]})


@dataclass(slots=True)
class Shelf:
    """Articles of copies by the document that tells them, packed: their texts are needed once more."""

    packed: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    held: set[str] = field(default_factory=set)

    def put(self, name: str, data: bytes, teller: str) -> None:
        """Take a copy: its id and what `pack_article` gives; it counts once."""
        if name not in self.held:
            self.held.add(name)
            self.packed[teller].append(zlib.compress(data, 1))

    @staticmethod
    def opened(packed: Iterable[bytes]) -> list[Article]:
        """The articles of `packed[teller]`, in the order of their ids."""
        found = [unpack_article(zlib.decompress(data)) for data in packed]
        return sorted(found, key=lambda article: article.document.id)
