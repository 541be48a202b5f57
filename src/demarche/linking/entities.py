"""What a mention stands for inside one document, and the memory of what was mentioned where."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from demarche.linking.folding import fold_letters
from demarche.records import Actor, ActorKind, Basis

__all__ = ["Discourse", "Entity", "Seen", "name_id"]

STATE_LIKE = frozenset({ActorKind.STATE, ActorKind.GOVERNMENT})
OTHER_PARAGRAPH = 0.5
INSTITUTIONS = frozenset({ActorKind.ORGANISATION, ActorKind.GROUP, ActorKind.ALLIANCE})


def name_id(name: str, country: str | None = None) -> str:
    """Id of an actor that no table knows: `x:` and a hash of its folded name."""
    key = fold_letters(name).lower() + (f"|{country}" if country else "")
    return "x:" + hashlib.sha256(key.encode()).hexdigest()[:12]


@dataclass(slots=True, eq=False)
class Entity:
    """One actor of the document.

    noun: the lemma that last described it. stands_for: the organisation without a country that a person speaks for
    (*the bloc's climate chief*): rows are about it, the person's own mention is no head.
    """

    actor: Actor
    gender: str | None = None
    noun: str | None = None
    plural: bool = False
    stands_for: Entity | None = None

    @property
    def country(self) -> str | None:
        return self.actor.country

    @property
    def person(self) -> bool:
        return self.actor.kind is ActorKind.PERSON or (self.actor.kind is ActorKind.UNNAMED and not self.plural)

    @property
    def state_like(self) -> bool:
        return self.actor.kind in STATE_LIKE and not self.plural

    @property
    def institution(self) -> bool:
        return self.actor.kind in INSTITUTIONS or self.actor.kind in STATE_LIKE

    def give_country(self, country: str | None, sector: str | None = None) -> None:
        """Fill what an apposition or title told later; never overwrites a table's row."""
        if self.actor.basis is Basis.DICTIONARY:
            return
        if country and not self.actor.country:
            self.actor = replace(self.actor, country=country)
        if sector and not self.actor.sector:
            self.actor = replace(self.actor, sector=sector)


@dataclass(frozen=True, slots=True)
class Seen:
    """Entities met at one word: where, as what, and whether several. human: one person, who may stand for a body;
    main: subject of the sentence's main verb.
    """

    sentence: int
    word: int
    entities: tuple[Entity, ...]
    subject: bool
    noun: str | None
    plural: bool
    pronoun: bool = False
    human: bool = False
    gender: str | None = None
    main: bool = False


@dataclass(slots=True)
class Discourse:
    """Mentions so far, in the order of the text. speaker: who spoke last. paragraphs: of each sentence."""

    seen: list[Seen] = field(default_factory=list)
    speaker: tuple[Entity, ...] = ()
    paragraphs: tuple[int, ...] = ()

    def add(self, seen: Seen) -> None:
        self.seen.append(seen)

    def best(self, sentence: int, fits: Callable[[Seen], bool], *, reach: int = 4, speaker: float = 0.0) -> Seen | None:
        """The most salient fitting mention: near, a subject, and last at equal merit.

        speaker: what having spoken last adds.
        """
        best: Seen | None = None
        merit = -1e9
        for entry in reversed(self.seen):
            distance = sentence - entry.sentence
            if distance > reach:
                break
            if not fits(entry):
                continue
            value = -1.6 * distance + (1.5 if entry.subject else 0.0) + (0.3 if entry.pronoun else 0.0)
            if speaker and entry.entities == self.speaker:
                value += speaker
            if value > merit:
                best, merit = entry, value
        return best

    def same_paragraph(self, one: int, other: int) -> bool:
        known = max(one, other) < len(self.paragraphs)
        return not known or self.paragraphs[one] == self.paragraphs[other]

    def last(self, fits: Callable[[Seen], bool]) -> Seen | None:
        """The nearest fitting mention, however far."""
        return next((entry for entry in reversed(self.seen) if fits(entry)), None)

    def weights(self, sentence: int, *, reach: int = 6) -> dict[str, tuple[float, Entity]]:
        """Country (id of an institution without one) → salience, recent mentions first, and who stands for it."""
        found: dict[str, tuple[float, Entity]] = {}
        for entry in self.seen:
            distance = sentence - entry.sentence
            if distance > reach:
                continue
            for entity in entry.entities:
                key = entity.country or (entity.actor.id if entity.actor.kind in INSTITUTIONS else None)
                if key is None:
                    continue
                weight, stand = found.get(key, (0.0, entity))
                bonus = (1.5 if entry.subject else 1.0) * 0.75**distance
                if not self.same_paragraph(entry.sentence, sentence):
                    bonus *= OTHER_PARAGRAPH
                if entity.actor.kind is ActorKind.STATE:
                    stand = entity
                found[key] = (weight + bonus, stand)
        return found


def distinct(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """Each once, in order."""
    return tuple(dict.fromkeys(entities))
