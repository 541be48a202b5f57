"""Word lists of this room, read from `resources/linking/roles.toml`."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass

from demarche.resources import read_bytes, read_text, read_toml

__all__ = ["RoleNoun", "Words", "load_words"]


@dataclass(frozen=True, slots=True)
class RoleNoun:
    """A noun that heads an actor mention. sector: PLOVER role; person: one human (False: a body or a force)."""

    sector: str
    person: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Everything of the file, as sets. states: nouns for a state; kinds: noun → countries it can mean.

    sole: office → the only state that has it (*the pope*). lacks: office or body → states that have none of that name
    (*the ministry* is not American). first_names: folded first name → m or f. common: words that
    are towns' names too (*March*, *Mobile*).
    """

    roles: Mapping[str, RoleNoun]
    states: frozenset[str]
    kinds: Mapping[str, frozenset[str]]
    sole: Mapping[str, str]
    lacks: Mapping[str, frozenset[str]]
    organisations: Mapping[str, frozenset[str]]
    former: frozenset[str]
    titles: frozenset[str]
    male: frozenset[str]
    female: frozenset[str]
    first_names: Mapping[str, str]
    from_country: frozenset[str]
    locative: frozenset[str]
    motion: frozenset[str]
    numbers: Mapping[str, int]
    sets: frozenset[str]
    common: frozenset[str]


def load_words() -> Words:
    """Read the lists.

    Raises:
        ResourceError: E201, E202.
    """
    raw = read_toml("linking/roles.toml")
    lists = raw["words"]
    roles: dict[str, RoleNoun] = {}
    for sector, nouns in raw.items():
        if not sector.isupper():
            continue
        for person in (True, False):
            for noun in nouns.get("person" if person else "people", ()):
                roles.setdefault(noun, RoleNoun(sector, person))
    return Words(
        roles=roles,
        states=frozenset(raw["states"]["nouns"]) | frozenset(raw["states"]["kinds"]),
        kinds={noun: frozenset(codes) for noun, codes in raw["states"]["kinds"].items()},
        sole=raw["sole"],
        lacks={noun: frozenset(codes) for noun, codes in raw["lacks"].items()},
        organisations={kind: frozenset(nouns) for kind, nouns in raw["organisations"].items()},
        former=frozenset(lists["former"]),
        titles=frozenset(lists["titles"]),
        male=frozenset(lists["male"]) | frozenset(lists["first_names_male"]),
        female=frozenset(lists["female"]) | frozenset(lists["first_names_female"]),
        first_names=_first_names(),
        from_country=frozenset(lists["from_country"]),
        locative=frozenset(lists["locative"]),
        motion=frozenset(lists["motion"]),
        numbers=lists["numbers"],
        sets=frozenset(lists["sets"]),
        common=frozenset(read_text("places/common_words.txt").split()),
    )


def _first_names() -> dict[str, str]:
    """Folded first name → m or f, of people of the actor table's sources."""
    text = gzip.decompress(read_bytes("actors/first_names.tsv.gz")).decode("utf-8")
    return dict(line.split("\t", 1) for line in text.splitlines())
