"""Countries, capitals and nationalities (World Factbook, public domain): settle what name sets label by turns."""

from __future__ import annotations

import csv
import random
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

from demarche.syntax.lexicon import load_lexicon
from demarche.syntax.words import split_words

__all__ = ["Pools", "read_nationalities", "read_places", "read_pools", "words"]

Cut = tuple[str, ...]

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


class Pools:
    """Names to put in the place of others, as words."""

    def __init__(self, given: Sequence[str], surnames: Sequence[str], bodies: Sequence[Cut], places: Sequence[Cut]):
        self.given, self.surnames, self.bodies, self.places = given, surnames, bodies, places
        self._ends = [w.title() for w in sorted(words("organisation_ends")) if w.isalpha()]

    def draw(self, kind: str, size: int, rng: random.Random) -> Cut:
        """A name of the kind; of one word mostly, where the old one had one."""
        if kind == "LOC":
            return rng.choice(self.places)
        return self._person(size, rng) if kind == "PER" else self._body(size, rng)

    def _person(self, size: int, rng: random.Random) -> Cut:
        last = rng.choice(self.surnames)
        if size == 1:
            return (last if rng.random() < 0.7 else rng.choice(self.given),)
        r = rng.random()
        if r < 0.06:
            last_words: Cut = ("al", "-", last)
        elif r < 0.12:
            last_words = (rng.choice(("de", "van", "von", "bin", "El", "de la", "Al", "della")).split()[0], last)
        else:
            last_words = (last,)
        middle = (f"{rng.choice(_CAPITALS)}.",) if rng.random() < 0.12 else ()
        middle = (rng.choice(self.given),) if not middle and rng.random() < 0.12 else middle
        return (rng.choice(self.given), *middle, *last_words)

    def _body(self, size: int, rng: random.Random) -> Cut:
        r = rng.random()
        if r < 0.15 and size < 3:
            return ("".join(rng.choice(_CAPITALS) for _ in range(rng.choice((2, 3, 3, 3, 4, 4, 5)))),)
        if r < 0.3 and size > 1:
            start = rng.choice(self.places) if rng.random() < 0.6 else (rng.choice(self.surnames),)
            return (*start, rng.choice(self._ends))
        fitting = [rng.choice(self.bodies) for _ in range(6)]
        return min(fitting, key=lambda name: abs(len(name) - size))


_CAPITALS = "ABCDEFGHIJKLMNOPRSTUVW"


def read_pools(data: Path) -> Pools:
    """The pools that `training.build_names` draws its lists from."""
    from training.build_names import body_names, given_and_surnames, place_names

    del data
    cut = lambda name: tuple(w.text for w in split_words(name, load_lexicon()))  # noqa: E731
    plain = lambda names: sorted({c for n in names if n[:1].isupper() and 0 < len(c := cut(n)) < 7})  # noqa: E731
    given, surnames = given_and_surnames()
    return Pools(sorted(given), sorted(surnames), plain(body_names()), plain(place_names()))
