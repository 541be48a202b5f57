"""Clusters of copies: pairs that hold, joined, with a guard against chains."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from demarche.dedup.candidates import candidate_pairs
from demarche.dedup.compare import compare
from demarche.dedup.fingerprint import MOST_WORDS, Fingerprint
from demarche.dedup.prints import Picked
from demarche.records import Cluster, CopyKind, stable_id

__all__ = ["Known", "find_clusters"]

log = logging.getLogger(__name__)

OBJECTION = 0.5
"""Strength below which an elder of one group keeps another group out. A round-up that holds two stories is a copy of
both, while the stories compare at 0.2 to 0.5; copies of one story, however cut or reworded, at 0.9 and more."""
ELDERS = 3
"""Members of a group, the most senior ones, that are asked whether another group belongs to it."""
MOST_KNOWN = 300_000
"""Pairs remembered from one search to the next: about 60 MB."""
UPDATE = 0.5
"""Strength from which on two texts of one address are versions of one article."""

Known = dict[tuple[str, str], float | None]
"""Pairs of documents that were compared: the strength of copies, None for others."""


@dataclass(slots=True)
class Groups:
    """Union-find over indexes of fingerprints; every group knows the member that stands for it.

    seen: strength by pair, the lower index in the upper half.
    """

    prints: Sequence[Fingerprint]
    parent: list[int] = field(default_factory=list)
    seen: dict[int, float] = field(default_factory=dict)
    elders: dict[int, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.parent = list(range(len(self.prints)))

    def root(self, index: int) -> int:
        while self.parent[index] != index:
            self.parent[index] = self.parent[self.parent[index]]
            index = self.parent[index]
        return index

    def strength(self, one: int, other: int) -> float:
        first, second = min(one, other), max(one, other)
        found = self.seen.get(first << 32 | second)
        if found is None:
            found = self.seen[first << 32 | second] = compare(self.prints[first], self.prints[second]).strength
        return found

    def join(self, one: int, other: int) -> None:
        """Join the groups of two members unless only a chain holds them together."""
        first, second = sorted((self.root(one), self.root(other)), key=lambda i: seniority(self.prints[i]))
        if first == second:
            return
        elders, others = self.elders.get(first, [first]), self.elders.get(second, [second])
        if len(elders) + len(others) > 2 and not self.agree(elders, others):
            return
        self.parent[second] = first
        self.elders[first] = sorted([*elders, *others], key=lambda i: seniority(self.prints[i]))[:ELDERS]

    def agree(self, elders: Sequence[int], others: Sequence[int]) -> bool:
        """Whether the representatives are copies, or half of the pairs of elders, and no elder objects."""
        found = [self.strength(a, b) for a in elders for b in others]
        copies = found[0] >= 1 or sum(strength >= 1 for strength in found) * 2 >= len(found)
        return copies and min(found) >= OBJECTION


def seniority(print_: Fingerprint) -> tuple[int, float, int, str]:
    """Sort key: the earliest, least damaged, longest article stands for its copies."""
    day = print_.day if print_.day is not None else 10_000_000
    return day, print_.damage, -print_.words, print_.document


def find_clusters(
    prints: Iterable[Fingerprint],
    *,
    unfit: frozenset[str] = frozenset(),
    quiet: bool = False,
    known: Known | None = None,
) -> tuple[Cluster, ...]:
    """One row an article, sorted by cluster and document; an article without copies is a cluster of its own.

    The answer depends on the set of fingerprints alone, not on their order. Articles without a word are never
    copies of each other. Of several texts of one address the newest is the one that can stand for the cluster.

    Args:
        prints: what `Prints.of` gives is read from its file as it is needed.
        unfit: documents that stand for a cluster only if no other can. quiet: warn of nothing.
        known: pairs of documents that were compared before (None: no copies), and those compared now.
    """
    ordered: Sequence[Fingerprint]
    if isinstance(prints, Picked):
        ordered = prints
    else:
        unique = {print_.document: print_ for print_ in prints}
        ordered = [unique[document] for document in sorted(unique)]
    if not quiet:
        _warn(ordered)
    same = _same_words(ordered)
    heads = [members[0] for members in same]
    groups = Groups(prints=_pick(ordered, heads))
    _link(groups, known if known is not None else {})
    joined: dict[int, list[int]] = defaultdict(list)
    for index, members in enumerate(same):
        root = groups.root(index)
        if root != index or len(members) > 1 or root in groups.elders:
            joined[root].extend(members)
    documents = _documents(ordered)
    rows = [
        _alone(documents[head])
        for index, head in enumerate(heads)
        if index not in joined and groups.root(index) == index
    ]
    for numbers in joined.values():
        rows += _rows(_pick(ordered, numbers), unfit)
    return tuple(sorted(rows, key=lambda row: (row.id, row.document)))


def _pick(prints: Sequence[Fingerprint], indexes: Iterable[int]) -> Sequence[Fingerprint]:
    return prints.pick(indexes) if isinstance(prints, Picked) else [prints[index] for index in indexes]


def _documents(prints: Sequence[Fingerprint]) -> list[str]:
    return prints.documents() if isinstance(prints, Picked) else [print_.document for print_ in prints]


def _warn(prints: Sequence[Fingerprint]) -> None:
    """Say once what cannot be compared as it should."""
    blank = long = nameless = 0
    for print_ in prints:
        blank += not print_.words
        long += print_.words >= MOST_WORDS
        nameless += print_.words > 0 and not len(print_.names)
    if blank:
        log.warning("%d documents without a word: no copies are looked for", blank)
    if nameless:
        log.warning("%d documents without a name or number: their copies are told by wording alone", nameless)
    if long:
        log.warning("%d documents of %d words or more: copies are looked for in their beginning", long, MOST_WORDS)


def _same_words(prints: Sequence[Fingerprint]) -> list[tuple[int, ...]]:
    """Articles with the same words, the eldest first; a million equal pages cost one comparison less than none.

    Indexes; sorted by the first of each, which is the order of their documents.
    """
    keys = [print_.key if print_.words else f"empty {index}" for index, print_ in enumerate(prints)]
    _, groups, counts = np.unique(np.array(keys, "S"), return_inverse=True, return_counts=True)
    order = np.argsort(groups, kind="stable")
    found = []
    for members in np.split(order, np.cumsum(counts)[:-1]) if keys else []:
        one = members.tolist()
        found.append(tuple(one if len(one) < 2 else sorted(one, key=lambda index: seniority(prints[index]))))
    return sorted(found)


def _link(groups: Groups, known: Known) -> None:
    """Join pairs, the strongest first."""
    documents = _documents(groups.prints)
    pairs = candidate_pairs(groups.prints)
    strengths = np.zeros(len(pairs))
    for place, (one, other) in enumerate(_two(pairs)):
        names = (documents[one], documents[other])
        if names in known:
            found = known[names]
        else:
            found = _edge(groups.prints[one], groups.prints[other])
            if len(known) < MOST_KNOWN:
                known[names] = found
        if found is not None:
            strengths[place] = found
            groups.seen[one << 32 | other] = found
    edges = np.flatnonzero(strengths)
    order = edges[np.lexsort((pairs[edges, 1], pairs[edges, 0], -strengths[edges]))]
    for one, other in _two(pairs[order]):
        groups.join(one, other)


def _two(pairs: npt.NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Pairs as Python numbers, some at a time."""
    for begin in range(0, len(pairs), 10_000):
        yield from pairs[begin : begin + 10_000].tolist()


def _edge(left: Fingerprint, right: Fingerprint) -> float | None:
    """How strongly two articles are alike, where that makes copies of them."""
    strength = compare(left, right, quick=True).strength
    same_address = left.address is not None and left.address == right.address
    return strength if strength >= (UPDATE if same_address else 1.0) else None


def _alone(document: str) -> Cluster:
    """The row of an article without copies."""
    return Cluster(id=stable_id("k", document), document=document, representative=document, copy=CopyKind.ORIGINAL,
                   score=None, evidence=None)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Member:
    """Of a fingerprint what decides who stands for a set."""

    document: str
    address: str | None
    version: str
    seniority: tuple[int, float, int, str]


def _rows(members: Sequence[Fingerprint], unfit: frozenset[str]) -> list[Cluster]:
    brief = [_Member(one.document, one.address, one.version, seniority(one)) for one in members]
    newest = _newest(brief)
    chosen = min(
        range(len(brief)),
        key=lambda i: (brief[i].document in unfit, brief[i].document not in newest, brief[i].seniority),
    )
    representative = members[chosen]
    identifier = stable_id("k", representative.document)
    rows = []
    for place, print_ in enumerate(members):
        if place == chosen:
            kind, score, evidence = CopyKind.ORIGINAL, None, None
        else:
            found = compare(print_, representative)
            kind = CopyKind.REWORDED if found.reworded else CopyKind.SYNDICATED
            score, evidence = round(found.score, 3), found.words()
        rows.append(
            Cluster(
                id=identifier,
                document=print_.document,
                representative=representative.document,
                copy=kind,
                score=score,
                evidence=evidence,
            )
        )
    return rows


def _newest(members: Sequence[_Member]) -> set[str]:
    """Documents without the older versions of an address."""
    latest: dict[str, _Member] = {}
    for one in members:
        if one.address:
            before = latest.get(one.address)
            if before is None or (before.version, before.document) < (one.version, one.document):
                latest[one.address] = one
    return {one.document for one in members if not one.address or latest[one.address] is one}
