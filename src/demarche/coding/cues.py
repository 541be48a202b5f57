"""The tables of cue words and of words about speakers (`resources/lexicons/cues.toml`, `sources.toml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from demarche.errors import ResourceError
from demarche.records import Act
from demarche.resources import read_toml

__all__ = ["CueClass", "CueTable", "load_cues"]

FRAMES = frozenset("clause inf objinf ger of as noun claimnoun withger whether passinf thing scene".split())
EFFECTS = frozenset(
    "assert believe deny doubt fact plan possible predict promise question refuse request threaten warn".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CueClass:
    """One class of cue words. examples: `sentence | source | cue | content`.

    wide: its content is a thing talked about, no clause: no row in it stands on the speaker's word.
    prepositions: what may stand between cue and content in the frame `thing`; empty: a direct object.
    """

    id: str
    act: Act
    frames: frozenset[str]
    effect: str
    particle: str | None
    wide: bool
    prepositions: frozenset[str]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CueTable:
    """verbs, nouns, adjectives: lemma → its classes in the order of the file. words: word sets about speakers."""

    classes: tuple[CueClass, ...]
    verbs: Mapping[str, tuple[CueClass, ...]]
    nouns: Mapping[str, CueClass]
    adjectives: Mapping[str, CueClass]
    words: Mapping[str, frozenset[str]]


def load_cues() -> CueTable:
    """The tables of the package.

    Raises:
        ResourceError: E201, E202; E208 when a class names an unknown act, frame or effect.
    """
    verbs: dict[str, tuple[CueClass, ...]] = {}
    nouns: dict[str, CueClass] = {}
    adjectives: dict[str, CueClass] = {}
    classes = []
    for name, row in read_toml("lexicons/cues.toml").items():
        one = _class(name, row)
        classes.append(one)
        for verb in row.get("verbs", "").split():
            verbs[verb] = (*verbs.get(verb, ()), one)
        nouns.update({noun: one for noun in row.get("nouns", "").split() if noun not in nouns})
        adjectives.update(dict.fromkeys(row.get("adjectives", "").split(), one))
    words = {
        key: frozenset(value.split() if isinstance(value, str) else value)
        for key, value in read_toml("lexicons/sources.toml").items()
    }
    return CueTable(classes=tuple(classes), verbs=verbs, nouns=nouns, adjectives=adjectives, words=words)


def _class(name: str, row: dict[str, Any]) -> CueClass:
    frames = frozenset(row.get("frames", ()))
    effect = row.get("effect", "")
    if frames - FRAMES or effect not in EFFECTS or row.get("act") not in {act.value for act in Act}:
        raise ResourceError(
            "E208", "a class of cue words has an unknown act, frame or effect", where=f"cues.toml {name}"
        )
    return CueClass(
        id=name,
        act=Act(row["act"]),
        frames=frames,
        effect=effect,
        particle=row.get("particles"),
        wide=bool(row.get("wide", False)),
        prepositions=frozenset(row.get("prepositions", "").split()),
        examples=tuple(row.get("examples", ())),
    )
