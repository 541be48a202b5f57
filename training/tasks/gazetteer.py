"""Countries, capitals and nationalities (World Factbook, public domain): settle what name sets label by turns."""

from __future__ import annotations

import csv
import re
import tomllib
from pathlib import Path

__all__ = ["read_nationalities", "read_places", "read_pools", "words"]

_TABLE = "actors/countries/factbook_country_names_2026.csv"
_LISTS = tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))


def words(name: str) -> frozenset[str]:
    """A list of names.toml."""
    return frozenset(_LISTS[name].split())


def _rows(data: Path) -> list[dict[str, str]]:
    with open(data / _TABLE, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_places(data: Path) -> frozenset[str]:
    """Names of countries and capitals, lower case, words joined by blanks, no leading *the*."""
    found = {*words("places"), *_LISTS["longer_places"]}
    for row in _rows(data):
        for key in ("short", "long", "abbreviation", "capital"):
            for name in re.split(r"[;/(]", row[key] or ""):
                plain = name.replace("none", "").replace(")", "").strip().lower().removeprefix("the ")
                if len(plain) > 2 and len(plain.split()) < 6:
                    found.add(plain)
    return frozenset(found - read_nationalities(data) - {"city", "state", "republic", "commonwealth"})


def read_nationalities(data: Path) -> frozenset[str]:
    """Adjectives of nationality, lower case."""
    found = {"european", "asian", "african", "arab", "kurdish", "jewish", "muslim", "islamic", "western", "palestinian"}
    for row in _rows(data):
        for word in re.split(r"[,;/() ]+", row["nationality_adj"] or ""):
            if word[:1].isupper() and len(word) > 3:
                found.add(word.lower())
    lands = {row["short"].lower() for row in _rows(data)} | words("places")
    return frozenset(
        found
        - lands
        - {"island", "new", "north", "south", "western", "islamic", "cook", "christmas", "costa", "channel", "rican"}
    )


_SMALL = frozenset(["of", "the", "and", "for", "in", "on", "de", "to", "against", "with"])


def read_pools(data: Path) -> dict[str, list[tuple[str, ...]]]:
    """Names to put in the place of others, as words: PER (politicians), ORG (Phoenix), LOC (states, capitals)."""
    actors = data / "actors"
    people: set[tuple[str, ...]] = set()
    with open(actors / "cabinets/persons_bio.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = tuple(row["name"].split())
            if 1 < len(name) < 4 and all(w[:1].isupper() and w.isalpha() and max(w) < "ɐ" for w in name):
                people.add(name)
    bodies: set[tuple[str, ...]] = set()
    for line in (actors / "phoenix/Phoenix.International.actors.txt").read_text(encoding="utf-8").split("\n"):
        if re.match(r"\+?[A-Z]", line):
            low = re.split(r"[\s;#\[]", line.lstrip("+"))[0].strip("_").lower().split("_")
            if 0 < len(low) < 7 and all(w.isalpha() for w in low):
                alone = len(low) == 1 and len(low[0]) < 6
                bodies.add(
                    tuple(w.upper() if alone else w if w in _SMALL and i else w.title() for i, w in enumerate(low))
                )
    lands = {
        tuple(w if w in _SMALL else w.title() for w in p.split())
        for p in read_places(data)
        if p.replace(" ", "").isalpha()
    }
    return {"PER": sorted(people), "ORG": sorted(b for b in bodies if b[0] != "The"), "LOC": sorted(lands)}
