"""Clusters of copies: pairs that hold, joined, with a guard against chains."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from demarche.dedup.candidates import candidate_pairs
from demarche.dedup.compare import Comparison, compare
from demarche.dedup.fingerprint import MOST_WORDS, Fingerprint
from demarche.records import Cluster, CopyKind, stable_id

__all__ = ["find_clusters"]

log = logging.getLogger(__name__)

OBJECTION = 0.5
"""Strength below which an elder of one group keeps another group out. A round-up that holds two stories is a copy of
both, while the stories compare at 0.2 to 0.5; copies of one story, however cut or reworded, at 0.9 and more."""
ELDERS = 3
"""Members of a group, the most senior ones, that are asked whether another group belongs to it."""
MOST_KNOWN = 1_000_000
"""Pairs remembered from one search to the next: about 200 MB."""
UPDATE = 0.5
"""Strength from which on two texts of one address are versions of one article."""


@dataclass(slots=True)
class Groups:
    """Union-find over indexes of fingerprints; every group knows the member that stands for it."""

    prints: Sequence[Fingerprint]
    parent: list[int] = field(default_factory=list)
    seen: dict[tuple[int, int], Comparison] = field(default_factory=dict)
    elders: dict[int, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.parent = list(range(len(self.prints)))

    def root(self, index: int) -> int:
        while self.parent[index] != index:
            self.parent[index] = self.parent[self.parent[index]]
            index = self.parent[index]
        return index

    def compare(self, one: int, other: int) -> Comparison:
        pair = (min(one, other), max(one, other))
        if pair not in self.seen:
            self.seen[pair] = compare(self.prints[pair[0]], self.prints[pair[1]])
        return self.seen[pair]

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
        found = [self.compare(a, b).strength for a in elders for b in others]
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
    known: dict[tuple[str, str], Comparison | None] | None = None,
) -> tuple[Cluster, ...]:
    """One row an article, sorted by cluster and document; an article without copies is a cluster of its own.

    The answer depends on the set of fingerprints alone, not on their order. Articles without a word are never
    copies of each other. Of several texts of one address the newest is the one that can stand for the cluster.

    Args:
        unfit: documents that stand for a cluster only if no other can. quiet: warn of nothing.
        known: pairs of documents that were compared before (None: no copies), and those compared now.
    """
    unique = {print_.document: print_ for print_ in prints}
    ordered = [unique[document] for document in sorted(unique)]
    if not quiet:
        _warn(ordered)
    exact = _exact(ordered)
    groups = Groups(prints=[members[0] for members in exact])
    _link(groups, known if known is not None else {})
    joined: dict[int, list[Fingerprint]] = defaultdict(list)
    for index, members in enumerate(exact):
        joined[groups.root(index)].extend(members)
    rows = [row for members in joined.values() for row in _rows(members, unfit)]
    return tuple(sorted(rows, key=lambda row: (row.id, row.document)))


def _warn(prints: Sequence[Fingerprint]) -> None:
    """Say once what cannot be compared as it should."""
    blank = sum(not print_.words for print_ in prints)
    long = sum(print_.words >= MOST_WORDS for print_ in prints)
    if blank:
        log.warning("%d documents without a word: no copies are looked for", blank)
    nameless = sum(print_.words > 0 and not len(print_.names) for print_ in prints)
    if nameless:
        log.warning("%d documents without a name or number: their copies are told by wording alone", nameless)
    if long:
        log.warning("%d documents of %d words or more: copies are looked for in their beginning", long, MOST_WORDS)


def _exact(prints: Sequence[Fingerprint]) -> list[list[Fingerprint]]:
    """Articles with the same words, the eldest first; a million equal pages cost one comparison less than none."""
    same: dict[str, list[Fingerprint]] = defaultdict(list)
    for print_ in prints:
        same[print_.key if print_.words else f"empty {print_.document}"].append(print_)
    groups = [sorted(members, key=seniority) for members in same.values()]
    return sorted(groups, key=lambda members: members[0].document)


def _link(groups: Groups, known: dict[tuple[str, str], Comparison | None]) -> None:
    """Join pairs, the strongest first."""
    edges = []
    for one, other in candidate_pairs(groups.prints).tolist():
        left, right = groups.prints[one], groups.prints[other]
        names = (left.document, right.document)
        found = known[names] if names in known else _edge(left, right)
        if len(known) < MOST_KNOWN:
            known[names] = found
        if found is not None:
            edges.append((-found.strength, left.document, right.document, one, other))
            groups.seen[one, other] = found
    for *_, one, other in sorted(edges):
        groups.join(one, other)


def _edge(left: Fingerprint, right: Fingerprint) -> Comparison | None:
    """How two articles compare, where that makes copies of them."""
    found = compare(left, right, quick=True)
    same_address = left.address is not None and left.address == right.address
    return found if found.strength >= (UPDATE if same_address else 1.0) else None


def _rows(members: Sequence[Fingerprint], unfit: frozenset[str]) -> list[Cluster]:
    newest = {print_.document for print_ in _newest(members)}
    representative = min(members, key=lambda p: (p.document in unfit, p.document not in newest, seniority(p)))
    identifier = stable_id("k", representative.document)
    rows = []
    for print_ in members:
        if print_ is representative:
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


def _newest(members: Sequence[Fingerprint]) -> list[Fingerprint]:
    """Members without the older versions of an address."""
    latest: dict[str, Fingerprint] = {}
    for print_ in members:
        if print_.address:
            before = latest.get(print_.address)
            if before is None or (before.version, before.document) < (print_.version, print_.document):
                latest[print_.address] = print_
    return [p for p in members if not p.address or latest[p.address] is p]
