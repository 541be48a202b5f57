"""Countries, capitals and nationalities (World Factbook, public domain): settle what name sets label by turns."""

from __future__ import annotations

import csv
import re
from pathlib import Path

__all__ = ["ORG_ENDS", "ORGS", "read_nationalities", "read_places"]

_TABLE = "actors/countries/factbook_country_names_2026.csv"
_MORE_PLACES = (
    "u.s. u.s us usa u.s.a. u.s.a uk u.k. u.k america britain england scotland wales europe asia africa crimea gaza taiwan "
    "kashmir tibet chechnya kosovo palestine turkey burma iran russia syria korea donbas darfur kurdistan"
).split()
_LONGER = (
    "middle east|north korea|south korea|hong kong|west bank|gaza strip|latin america|north america|south america|new york|"
    "united kingdom|great britain|united states of america|western europe|eastern europe|southeast asia|washington , d.c."
).split("|")
ORGS = frozenset(
    "un u.n. eu e.u. nato fbi cia iaea who imf wto opec asean nsa hamas hezbollah reuters cnn bbc ap afp congress senate "
    "parliament pentagon taliban isis isil".split()
)
ORG_ENDS = frozenset(
    "inc inc. corp corp. corporation ministry university party council committee agency department congress senate parliament "
    "commission bank court union army navy force forces times post association institute group co. ltd ltd. company bureau "
    "organization organisation authority administration foundation center centre league front brigade brigades college school "
    "office club society federation guard command news press network services".split()
)


def _rows(data: Path) -> list[dict[str, str]]:
    with open(data / _TABLE, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_places(data: Path) -> frozenset[str]:
    """Names of countries and capitals, lower case, words joined by blanks, no leading *the*."""
    found = {*_MORE_PLACES, *_LONGER}
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
    lands = {row["short"].lower() for row in _rows(data)} | set(_MORE_PLACES)
    return frozenset(found - lands - {"island", "new", "north", "south", "western", "islamic", "cook", "christmas", "costa", "channel", "rican"})
