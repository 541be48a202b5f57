"""Relations between actors, by date: members of organisations, parties in and out of government, who fights whom.

Read from the project's own lists (`own_members.toml`, `own_parties.tsv`, `own_conflicts.tsv`) and the factbook's lists
of members; `training/build_actors.py` writes them to `resources/actors/relations.tsv.gz` (subject, relation, object,
since, until, source). Both days count; an empty side is open; `since` is empty too where it lies before 1990.
"""

from __future__ import annotations

import csv
import itertools
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from demarche.resources.relations import UNDATED, Relation, RelationKind

__all__ = ["check_relations", "own_parties", "relations"]

OUT = Path(__file__).parents[1] / "src/demarche/resources/actors"
SPAN = re.compile(r"(\d{4}(?:-\d\d(?:-\d\d)?)?)?\.\.(\d{4}(?:-\d\d(?:-\d\d)?)?)?")
Row = tuple[str, str, str, str, str, str]


def relations(data: Path, party_ids: dict[tuple[str, str], str]) -> list[Row]:
    """All rows, sorted. party_ids: (state, name) of `own_parties.tsv` → id in the actor table.

    Raises:
        ValueError: a span that cannot be read.
    """
    listed = factbook_members(data / "countries/factbook_country_names_2026.csv")
    rows = list(members(listed))
    for country, name, _, governs, opposes in own_parties():
        for relation, spans in (("governs", governs), ("opposes", opposes)):
            rows += [(party_ids[country, name], relation, country, *days(span), "own") for span in spans.split()]
    for group, side, since, until, where, what in tsv("own_conflicts.tsv"):
        rows.append((group, "fights", side, since, until, f"own: {what} ({where})"))
    return sorted(set(rows))


def tsv(name: str) -> Iterator[list[str]]:
    for line in (OUT / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def own_parties() -> Iterator[list[str]]:
    """State, name, other names, spans in government, spans in opposition."""
    yield from tsv("own_parties.tsv")


def days(span: str) -> tuple[str, str]:
    if not span:
        return "", ""
    found = SPAN.fullmatch(span) or re.fullmatch(r"(\d{4})()", span)
    if found is None:
        raise ValueError(f"no span of days: {span!r}")
    return found[1] or "", found[2] or ""


def members(listed: dict[str, set[str]]) -> Iterator[Row]:
    for body in tomllib.loads((OUT / "own_members.toml").read_text("utf-8"))["body"]:
        known = set()
        for relation, key in (("member_of", "members"), ("suspended_from", "suspended")):
            for entry in body.get(key, ()):
                side, _, span = entry.partition(" ")
                known |= {side} if key == "members" else set()
                yield side, relation, body["id"], *days(span), f"own: {body['source']}"
        rest = body.get("rest")
        if rest is None:
            continue
        since = rest if rest[0].isdigit() else ""
        source = UNDATED if rest == "undated" else "factbook 2026"
        for side in sorted(listed[body["factbook"]] - known):
            yield side, "member_of", body["id"], since, "", source


def factbook_members(path: Path) -> dict[str, set[str]]:
    """Abbreviation → states that list it without a word in parentheses (*observer*, *partner*), but for *suspended*."""
    found: dict[str, set[str]] = {}
    with path.open(encoding="utf-8-sig", newline="") as handle:
        for row in csv.DictReader(handle):
            for name in row["int_orgs"].split(","):
                if row["iso3"]:
                    found.setdefault(name.strip().removesuffix(" (suspended)"), set()).add(row["iso3"])
    return found


def on(rows: Iterable[Row], relation: str, other: str, day: str) -> set[str]:
    """Subjects of the relation on a day."""
    return {a for a, kind, b, *rest in rows if (kind, b) == (relation, other)
            and Relation(a, RelationKind(kind), b, *rest).holds(day)}  # fmt: skip


COUNTS = (
    ("o:united-nations", "2020-06-01", 193),
    ("o:united-nations", "1990-01-01", 155),
    ("o:nato", "2025-01-01", 32),
    ("o:nato", "1999-01-01", 16),
    ("o:european-union", "2019-01-01", 28),
    ("o:european-union", "2021-01-01", 27),
    ("o:european-union", "1994-01-01", 12),
    ("o:african-union", "2020-01-01", 55),
    ("o:asean", "2020-01-01", 10),
    ("o:osce", "2020-01-01", 57),
    ("o:council-of-europe", "2020-01-01", 47),
    ("o:council-of-europe", "2023-01-01", 46),
    ("o:arab-league", "2020-01-01", 22),
    ("o:organisation-of-islamic-cooperation", "2020-01-01", 57),
    ("o:organization-of-american-states", "2018-01-01", 35),
    ("o:commonwealth-of-nations", "2024-01-01", 56),
    ("o:ecowas", "2020-01-01", 15),
    ("o:ecowas", "2025-06-01", 12),
    ("o:southern-african-development-community", "2020-01-01", 16),
    ("o:oecd", "2022-01-01", 38),
    ("o:opec", "2024-06-01", 12),
    ("o:brics", "2025-06-01", 10),
    ("o:brics", "2012-01-01", 5),
    ("o:celac", "2015-01-01", 33),
    ("o:caribbean-community", "2020-01-01", 15),
    ("o:pacific-islands-forum", "2020-01-01", 18),
    ("o:shanghai-cooperation-organisation", "2025-01-01", 10),
    ("o:collective-security-treaty-organization", "2021-01-01", 6),
    ("o:gulf-cooperation-council", "2020-01-01", 6),
)
"""How many members these bodies had, as they say themselves."""


def check_relations(rows: list[Row], ids: Collection[str]) -> None:
    """Every id in the table, days in order, counts of members as known, nobody in and out of office at once."""
    for a, kind, b, since, until, source in rows:
        assert a in ids, f"{a} is no actor of the table"
        assert b in ids, f"{b} is no actor of the table"
        assert not until or since <= until, f"{a} {kind} {b}: ends before it begins"
        assert source, f"{a} {kind} {b} has no source"
    spans: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for a, kind, b, since, until, _ in rows:
        group = "in or out" if kind in {"governs", "opposes"} else kind
        spans.setdefault((a, group, b), []).append((since, until or "9"))
    for key, held in spans.items():
        held.sort()
        for one, other in itertools.pairwise(held):
            assert other[0] >= one[1][: len(other[0])], f"{key} overlaps: {one} {other}"
    for body, day, count in COUNTS:
        found = on(rows, "member_of", body, day)
        assert len(found) == count, f"{body} has {len(found)} members on {day}, not {count}"
