"""What the derivations over documents need of a row: a slim note, so that a record of millions of rows fits.

Notes are compared, never their documents: who did what to whom (as states and bodies, not persons), how it stands,
when it was printed, and the words of substance of its sentence.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from datetime import date, timedelta

from demarche.coding.matter import is_one_act, shared_person, substance, verb_of
from demarche.coding.standing import sides_of
from demarche.records import Act, Assertion, CodedDocument, EventType, Polarity, Standing, Status

__all__ = ["Note", "alike", "notes_of", "same_act", "same_matter"]

LONGEST = 240
"""Characters of a sentence that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One typed row. number: its place in its document.

    day: ISO day of publication, None when unknown. doers, done_to, speakers: states or bodies behind
    `sources`, `targets` and `holders`.
    words: its sentence in one line. stems: words of substance of the sentence, sorted. place: of the act, as an id
    of GeoNames or a name. start, end: of the act, ISO. doubted: its nearest attribution only doubts it.
    """

    id: str
    document: str
    number: int
    sentence: str
    day: str | None
    type: EventType
    predicate: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    doers: frozenset[str]
    done_to: frozenset[str]
    status: Status
    polarity: Polarity
    standing: Standing
    holders: tuple[str, ...]
    speakers: frozenset[str]
    condition: str | None
    place: str | None
    start: str | None
    end: str | None
    doubted: bool
    words: str
    stems: tuple[str, ...]

    @property
    def order(self) -> tuple[str, str, int]:
        """By day of print, document and place in it: the one order in which notes are read."""
        return (self.day or "", self.document, self.number)


def notes_of(coded: CodedDocument) -> tuple[Note, ...]:
    """Notes of the typed rows of a document, in the order of their numbers."""
    document = coded.document
    day = _day(document.published)
    actors = {actor.id: actor for actor in coded.actors}
    sentences = {s.id: " ".join(document.text[s.start : s.end].split()) for s in coded.sentences}
    stems: dict[str, tuple[str, ...]] = {}
    times = {time.id: time for time in coded.times}
    places = {place.id: place for place in coded.places}
    doubts = {row.id for row in coded.attributions if row.act is Act.DOUBT}
    notes = []
    for row in coded.assertions:
        if row.type is None:
            continue
        words = sentences.get(row.sentence, "")
        if row.sentence not in stems:
            stems[row.sentence] = substance(words)
        time, place = times.get(row.time or ""), places.get(row.place or "")
        notes.append(
            Note(
                id=row.id,
                document=document.id,
                number=_number(row),
                sentence=row.sentence,
                day=day,
                type=row.type,
                predicate=sys.intern(row.predicate),
                sources=row.sources,
                targets=row.targets,
                doers=sides_of(row.sources, actors),
                done_to=sides_of(row.targets, actors),
                status=row.status,
                polarity=row.polarity,
                standing=row.standing,
                holders=row.holders,
                speakers=sides_of(row.holders, actors),
                condition=row.condition,
                place=str(place.geonames or place.name) if place is not None else None,
                start=time.start if time is not None else None,
                end=_last(time.end) if time is not None else None,
                doubted=row.attribution in doubts,
                words=words[:LONGEST],
                stems=stems[row.sentence],
            )
        )
    return tuple(sorted(notes, key=lambda note: note.number))


def _day(published: str | None) -> str | None:
    """The day of a date or datetime; None for what is no day."""
    try:
        return date.fromisoformat((published or "")[:10]).isoformat()
    except ValueError:
        return None


def _last(end: str | None) -> str | None:
    """The last day before an end that is itself left out."""
    day = _day(end)
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat() if day else end


def _number(row: Assertion) -> int:
    return int(re.sub(r"\D", "", row.id.rsplit(".", 1)[-1]) or 0)


def same_act(one: Note, two: Note) -> bool:
    """Whether two notes of one matter say the same of one act, by what their sentences share."""
    shared = len(set(one.stems) & set(two.stems))
    foreign = all(note.doers and note.done_to and note.doers.isdisjoint(note.done_to) for note in (one, two))
    return (foreign or shared_person(one.sources, two.sources)) and is_one_act(
        shared,
        same_predicate=verb_of(one.predicate) == verb_of(two.predicate),
        same_sentence=one.sentence == two.sentence,
        foreign=foreign,
    )


def same_matter(one: Note, two: Note) -> bool:
    """Whether two notes can speak of one happening: type, a common doer, targets and places that do not clash."""
    if one.type is not two.type or not _meet(one.doers, two.doers, loose=not one.doers and not two.doers):
        return False
    if not _meet(one.done_to, two.done_to, loose=not one.done_to or not two.done_to):
        return False
    return one.place is None or two.place is None or one.place == two.place


def _meet(one: frozenset[str], two: frozenset[str], *, loose: bool) -> bool:
    return loose or not one.isdisjoint(two)


def alike(one: Note, two: Note) -> int:
    """How much two sentences share: words of substance, and two more for the same predicate; 2 is enough."""
    return len(set(one.stems) & set(two.stems)) + 2 * (one.predicate == two.predicate)
