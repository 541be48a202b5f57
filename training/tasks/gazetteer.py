"""Countries, capitals and nationalities (World Factbook, public domain): settle what name sets label by turns."""

from __future__ import annotations

import csv
import re
import tomllib
from pathlib import Path

__all__ = ["read_nationalities", "read_places", "words"]

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
