"""The board of copies: human and machine rewordings, cuts and syndications against articles on the same story.

Every set goes the whole way, from fingerprints over candidate pairs to clusters; a pair counts as found when both
texts are in one cluster. The sets are measured on and never shipped, but for the retellings (`resources/eval`).
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations
from pathlib import Path

from demarche.dedup.clusters import find_clusters
from demarche.dedup.fingerprint import Fingerprint, fingerprint_text
from demarche.dedup.words import split_sentences
from demarche.records import BoardRow

__all__ = ["BoardRow", "damage_names", "evaluate_copies"]

LEVELS = {"1": "heavy", "2": "light", "3": "cut"}
"""Of Clough and Stevenson (2011): rewritten freely, changed lightly, cut and pasted. 0: in the writer's own words."""
FLOORS = {"heavy": 0.89, "light": 1.0, "cut": 0.89}
"""Two of the nineteen cut answers share no wording with the source they are filed under (containment 0.01 and 0.00)."""
SPUN = ("verbatim_trim", "spun30", "spun30_q", "spun50_q", "spun50_q_drop20")

Pair = tuple[str, str]


def evaluate_copies(folder: Path) -> list[BoardRow]:
    """All sets of copies; folder: the data sets (`copies/`), beside it `eval/twins.json`."""
    return [*_twins(folder.parent / "eval" / "twins.json"), *_answers(folder / "copies"), *_spun(folder / "copies")]


def _print(identifier: str, text: str, day: str | None = None) -> Fingerprint:
    number = date.fromisoformat(day[:10]).toordinal() if day else None
    return fingerprint_text(identifier, text.split("\n"), day=number)


def _found(prints: Iterable[Fingerprint]) -> set[Pair]:
    """Pairs of texts in one cluster, each sorted."""
    members: dict[str, list[str]] = {}
    for row in find_clusters(prints):
        members.setdefault(row.id, []).append(row.document)
    return {pair for group in members.values() for pair in combinations(sorted(group), 2)}


def _twins(path: Path) -> Iterator[BoardRow]:
    texts = json.loads(path.read_text("utf-8"))
    found = _found(_print(t["id"], t["text"], t["date"]) for t in texts)
    original = {t["id"]: t["original"] for t in texts}
    wanted = {pair for pair in combinations(sorted(original), 2) if original[pair[0]] == original[pair[1]]}
    hits = len(found & wanted)
    precision, recall = hits / max(1, len(found)), hits / max(1, len(wanted))
    name, units = "eval/twins", len(wanted)
    yield BoardRow(set=name, measure="pair precision", value=precision, units=len(found), floor=0.98)
    yield BoardRow(set=name, measure="pair recall", value=recall, units=units)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    yield BoardRow(set=name, measure="pair F1", value=f1, units=units, floor=0.95)


def _answers(folder: Path) -> Iterator[BoardRow]:
    with (folder / "clough_stevenson.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [(answer, source, level) for answer, source, level in csv.reader(file)]
    sources = {source: f"s{number}" for number, source in enumerate(dict.fromkeys(row[1] for row in rows))}
    prints = [_print(name, source) for source, name in sources.items()]
    prints += [_print(f"a{number:03d}", answer) for number, (answer, _, _) in enumerate(rows)]
    found = _found(prints)
    name = "copies/clough_stevenson"
    for code, level in LEVELS.items():
        mine = [(f"a{n:03d}", sources[source]) for n, (_, source, its) in enumerate(rows) if its == code]
        hits = sum(pair in found for pair in mine)
        yield BoardRow(set=name, measure=f"{level} found", value=hits / len(mine), units=len(mine), floor=FLOORS[level])
    own = [(f"a{n:03d}", sources[source]) for n, (_, source, its) in enumerate(rows) if its == "0"]
    false = sum(pair in found for pair in own)
    yield BoardRow(set=name, measure="own words kept apart", value=1 - false / len(own), units=len(own), floor=1.0)


def damage_names(text: str, rng: random.Random, share: float = 0.3) -> str:
    """A text with a share of its names and numbers damaged as bad rewording does: spelled another way or replaced."""

    def name(found: re.Match[str]) -> str:
        word = found[0]
        if rng.random() >= share:
            return word
        if word[0].isdigit():
            return str(rng.randint(2, 999))
        cut = rng.randrange(1, len(word))
        return rng.choice((word[:cut] + rng.choice("aeioy") + word[cut + 1 :], rng.choice(OTHER_NAMES), word.lower()))

    return re.sub(r"(?<=[a-z,] )[A-Z][a-z]{2,}|\d+", name, text)


OTHER_NAMES = ("Mr", "Miller", "Sofia", "Northern", "Senate", "Karim", "Lisbon", "Hansen", "Ministry", "Arden")


def _spun(folder: Path) -> Iterator[BoardRow]:
    with gzip.open(folder / "spun200.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = list({row["src"]: row for row in map(json.loads, file)}.values())  # some articles stand there twice
    yield from _damaged(rows)
    yield from _same_story(rows)


def _damaged(rows: Sequence[dict[str, str]]) -> Iterator[BoardRow]:
    """Each article with its five spins, names and numbers damaged."""
    rng = random.Random(7)
    prints = []
    for row in rows:
        prints.append(_print(f"{row['id']}/orig", row["orig"]))
        prints += [_print(f"{row['id']}/{kind}", damage_names(row[kind], rng)) for kind in SPUN]
    found = _found(prints)
    for kind in SPUN:
        hits = sum(tuple(sorted((f"{row['id']}/orig", f"{row['id']}/{kind}"))) in found for row in rows)
        yield BoardRow(
            set="copies/spun200, names damaged", measure=f"{kind} found", value=hits / len(rows), units=len(rows),
            floor=0.98,
        )  # fmt: skip
    false = [pair for pair in found if pair[0].split("/")[0] != pair[1].split("/")[0]]
    yield BoardRow(set="copies/spun200, names damaged", measure="false pairs", value=len(false), units=len(found))


def _same_story(rows: Sequence[dict[str, str]], share: float = 0.25) -> Iterator[BoardRow]:
    """Two articles on one story: alternate sentences of one text, and the same agency paragraphs in both.

    The agency's paragraphs come from every fourth article, which tells no story of its own here.
    """
    rng = random.Random(11)
    stories = [row for number, row in enumerate(rows) if number % 4]
    agencies = [split_sentences(row["orig"]) for number, row in enumerate(rows) if not number % 4]
    prints = []
    for number, row in enumerate(stories):
        agency = agencies[number % len(agencies)]
        start = number // len(agencies) * 9 % max(1, len(agency))  # no paragraph serves two stories
        want = share / (1 - share) * min(len(row["half_a"].split()), len(row["half_b"].split()))
        shared: list[str] = []
        for sentence in agency[start : start + 9]:
            if sum(len(s.split()) for s in shared) < want:
                shared.append(sentence)
        for side in ("half_a", "half_b"):
            sentences = split_sentences(row[side])
            place = rng.randrange(1, max(2, len(sentences)))
            prints.append(_print(f"{row['id']}/{side}", " ".join([*sentences[:place], *shared, *sentences[place:]])))
    found = _found(prints)
    same = sum(tuple(sorted((f"{row['id']}/half_a", f"{row['id']}/half_b"))) in found for row in stories)
    name = f"same story, {share:.0%} agency paragraphs shared"
    yield BoardRow(set=name, measure="pairs kept apart", value=1 - same / len(stories), units=len(stories), floor=0.99)
    yield BoardRow(set=name, measure="false pairs of other stories", value=len(found) - same, units=len(prints))
