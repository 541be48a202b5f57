"""Reviews: what people say of rows, kept in a file of one JSON object a line; estimates with intervals from them."""

from __future__ import annotations

import datetime
import hashlib
import os
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

import orjson

from demarche.errors import StoreError

__all__ = ["Agreement", "Estimate", "Review", "ReviewFile", "agreement", "estimate", "sample_key", "wilson"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One verdict. verdict: right, wrong, unsure. drawn: the row came up by chance, so that it may stand for others.

    correction: fields of the row as they should be, by name. said: what the row said when it was judged.
    """

    row: str
    verdict: str
    reviewer: str
    time: str
    drawn: bool
    correction: Mapping[str, str]
    note: str
    record: str
    said: Mapping[str, Any]


class ReviewFile:
    """Append-only; what a reviewer said last of a row stands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def add(self, review: Review) -> None:
        """Write one review and flush it to the disk.

        Raises:
            StoreError: E503 when the file cannot be written.
        """
        line = orjson.dumps(
            {name: getattr(review, name) for name in Review.__dataclass_fields__}, option=orjson.OPT_APPEND_NEWLINE
        )
        try:
            with self._lock, self.path.open("ab") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            advice = "give another place with --review"
            raise StoreError("E503", f"the review could not be kept: {error.strerror}", where=str(self.path),
                             remedy=advice) from error  # fmt: skip

    def all(self) -> list[Review]:
        """Every review that stands, in the order they were made. Lines that are damaged are left out."""
        try:
            lines = self.path.read_bytes().splitlines()
        except OSError:
            return []
        found: dict[tuple[str, str], Review] = {}
        for line in lines:
            try:
                plain = orjson.loads(line)
                review = Review(**{name: plain[name] for name in Review.__dataclass_fields__})
            except (orjson.JSONDecodeError, KeyError, TypeError):
                continue
            found.pop((review.row, review.reviewer), None)
            found[(review.row, review.reviewer)] = review
        return list(found.values())


def wilson(right: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """Interval of a share (Wilson 1927, J. Am. Stat. Assoc. 22:209); (0, 1) without any."""
    if not n:
        return 0.0, 1.0
    p = right / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Share of rows that are right among those judged; unsure ones are left out and counted apart."""

    name: str
    right: int
    n: int
    unsure: int

    @property
    def share(self) -> float | None:
        return self.right / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.right, self.n)


def estimate(reviews: Iterable[Review], group: Callable[[Review], str]) -> list[Estimate]:
    """One estimate a group, largest first. A row that several people judged counts by their majority, ties as wrong."""
    rows: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one in reviews:
        rows[group(one)][one.row].append(one.verdict)
    found = []
    for name, verdicts in rows.items():
        right = n = unsure = 0
        for given in verdicts.values():
            yes, no = given.count("right"), given.count("wrong")
            if yes + no == 0:
                unsure += 1
                continue
            n += 1
            right += yes > no
        found.append(Estimate(name=name, right=right, n=n, unsure=unsure))
    return sorted(found, key=lambda e: (-e.n, e.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Two people's verdicts on the same rows. kappa: Cohen 1960; None where both always say the same one thing."""

    one: str
    other: str
    n: int
    same: int
    kappa: float | None


def agreement(reviews: Iterable[Review]) -> list[Agreement]:
    """Each pair of reviewers with rows in common."""
    by_person: dict[str, dict[str, str]] = defaultdict(dict)
    for one in reviews:
        if one.verdict in {"right", "wrong"}:
            by_person[one.reviewer][one.row] = one.verdict
    people = sorted(by_person)
    found = []
    for i, a in enumerate(people):
        for b in people[i + 1 :]:
            common = sorted(set(by_person[a]) & set(by_person[b]))
            if not common:
                continue
            n = len(common)
            same = sum(by_person[a][row] == by_person[b][row] for row in common)
            shares = [sum(by_person[p][row] == "right" for row in common) / n for p in (a, b)]
            chance = shares[0] * shares[1] + (1 - shares[0]) * (1 - shares[1])
            kappa = (same / n - chance) / (1 - chance) if chance < 1 else None
            found.append(Agreement(one=a, other=b, n=n, same=same, kappa=kappa))
    return found


def sample_key(identifier: str, seed: str) -> str:
    """Place of a row in the chance order of a seed: the same for everybody."""
    return hashlib.sha256(f"{seed}:{identifier}".encode()).hexdigest()


def now() -> str:
    """The time of a review, UTC."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
