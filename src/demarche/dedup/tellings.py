"""Tellings: what one row says of a happening, in a form that can be compared over articles without their texts."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from operator import attrgetter

import numpy as np
import numpy.typing as npt

from demarche.dedup.words import WORD, Word, fold, hash_word, load_pieces, look_up
from demarche.records import (
    Actor,
    ActorKind,
    Amount,
    CodedDocument,
    EventType,
    LinkKind,
    Mention,
    MentionKind,
    Place,
    Relation,
    Role,
    Sentence,
    Span,
    Standing,
    Status,
    Time,
)

__all__ = [
    "PARTS", "STORY_WORDS", "Interval", "Surroundings", "Telling", "embed_acts", "read_tellings", "side_of",
    "sketch_story",
]  # fmt: skip

STATE_LIKE = frozenset({"GOV", "MIL", "LEG", "JUD", "COP", "SPY", "ELI", "UNK", ""})
"""Sectors whose acts are their country's; others (opposition, rebels, firms …) stay apart from it."""
NAMED = ("Q", "x:", "o:")
"""How ids of persons and bodies by name begin; those of countries and offices do not."""
HEADLINES = frozenset({Role.TITLE, Role.STANDFIRST})
AROUND = 14
"""Words on each side of the act that are looked up as its words."""
NEAR = (5, 6)
"""Words before and after the act that make up its nearest surroundings."""
AFTER = 7
"""Words after the act, where its object stands."""
PARTS = 2
"""Meanings in `Telling.vector`."""
LEAST_RARE = 7.6
"""Words more frequent than this (about the thousand most frequent of English) tell nothing apart."""
MOST_WORDS = 12
STORY_WORDS = 48
"""Words that stand for the story of an article: its rarest, names first, so that long articles share no more."""
STORY_BITS = 2048


@dataclass(frozen=True, slots=True)
class Interval:
    """Days `[first, last]` (proleptic ordinals, both included; None: open) in which the act lies; as it was told."""

    first: int | None
    last: int | None

    @property
    def days(self) -> int:
        """Length; very long when open."""
        return 100_000 if self.first is None or self.last is None else self.last - self.first + 1

    def apart(self, other: Interval) -> int:
        """Days between two intervals; 0 when they touch."""
        gap = 0
        if self.first is not None and other.last is not None:
            gap = max(gap, self.first - other.last)
        if other.first is not None and self.last is not None:
            gap = max(gap, other.first - self.last)
        return gap


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Telling:
    """One typed row with all that decides which happening it tells of.

    told: day of publication. sources, targets: sides (see `side_of`) → actor id; named: sides that stand in the
    sentence itself, others were inferred from what is around it. called: its actors that are known by name → first
    ("": unknown) and last word of a person's, "" and the id of a body. holder: side of the nearest holder, "" for the
    article itself, "?" for somebody unnamed. when: None when no time is told. text: hash of the sentence.
    linked: ids of rows of its document which it denies or repeats. words: hashes of the rare words around the act,
    the rarest first, names of actors left out. vector: meaning of the words near the act and of those after it, joined,
    each of length 1. cameo, contexts: as coded. hints: times that the sentence tells, not (only) of this act; empty
    when it has a time of its own. story: the rarest words of its document, a bit each.
    """

    id: str
    document: str
    number: int
    told: int | None
    type: EventType
    mode: str | None
    predicate: str
    sources: Mapping[str, str]
    targets: Mapping[str, str]
    named: frozenset[str]
    status: Status
    standing: Standing
    holder: str
    when: Interval | None
    place: Place | None
    amount: tuple[str, float] | None
    headline: bool
    sentence: int
    text: int
    linked: frozenset[str]
    words: tuple[int, ...]
    vector: npt.NDArray[np.float32]
    score: float
    cameo: str | None = None
    contexts: frozenset[str] = frozenset()
    hints: tuple[Interval, ...] = ()
    story: int = 0
    called: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def order(self) -> tuple[int, str, int, str]:
        """The order of telling: by day, then by document and place in it."""
        return (self.told or 0, self.document, self.number, self.id)


def side_of(actor: Actor | None, identifier: str) -> str | None:
    """Whom an actor stands for: its country when it acts for it, `RUS:OPP` for others of a country, None: unnamed."""
    if actor is None:
        return identifier
    if actor.country:
        sector = (actor.sector or "").split(",")[0]
        return actor.country if sector in STATE_LIKE else f"{actor.country}:{sector}"
    return None if actor.kind in (ActorKind.UNNAMED, ActorKind.PEOPLE_GROUP) else identifier


def read_tellings(one: CodedDocument) -> Iterator[Telling]:
    """The tellings of a document: its typed rows, in the order of the text."""
    rows = [row for row in one.assertions if row.type is not None]
    if not rows:
        return
    told = _ordinal((one.document.published or "")[:10])
    actors = {actor.id: actor for actor in one.actors}
    times = {time.id: time for time in one.times}
    places = {place.id: place for place in one.places}
    amounts = {amount.id: amount for amount in one.amounts}
    sentences = {s.id: (number, s) for number, s in enumerate(one.sentences)}
    linked: dict[str, set[str]] = defaultdict(set)
    for link in one.links:
        if link.kind in (LinkKind.DENIES, LinkKind.REPEATS):
            linked[link.from_].add(link.to)
    named = [m for m in one.mentions if m.kind is MentionKind.ACTOR]
    clock = [m for m in one.mentions if m.kind is MentionKind.TIME]
    inside = [_inside(named, sentences[row.sentence][1]) for row in rows]
    around = [
        _surroundings(one.document.text, row.spans, sentences[row.sentence][1], [(m.start, m.end) for m in mentions])
        for row, mentions in zip(rows, inside, strict=True)
    ]
    vectors = embed_acts(around)
    story = sketch_story(one.document.text)
    for number, (row, vector) in enumerate(zip(rows, vectors, strict=True)):
        place, sentence = sentences[row.sentence]
        assert row.type is not None  # filtered above
        when = _interval(times.get(row.time or ""))
        role = one.paragraphs[sentence.paragraph].role if sentence.paragraph < len(one.paragraphs) else Role.BODY
        yield Telling(
            id=row.id,
            document=one.document.id,
            number=number,
            told=told,
            type=row.type,
            mode=row.mode,
            predicate=row.predicate,
            sources=_sides(row.sources, actors),
            targets=_sides(row.targets, actors),
            named=frozenset(side for m in inside[number] if (side := side_of(actors.get(m.ref), m.ref)) is not None),
            status=row.status,
            standing=row.standing,
            holder=(side_of(actors.get(row.holders[-1]), row.holders[-1]) or "?") if row.holders else "",
            when=when,
            place=places.get(row.place or ""),
            amount=_amount(amounts.get(row.amount or "")),
            headline=role in HEADLINES,
            sentence=place,
            text=hash_word(" ".join(WORD.findall(one.document.text[sentence.start : sentence.end].lower()))),
            linked=frozenset(linked[row.id]),
            words=around[number].rare(),
            vector=vector,
            score=row.score,
            cameo=row.cameo,
            contexts=frozenset(row.contexts),
            hints=_told_times(_inside(clock, sentence), times) if when is None else (),
            story=story,
            called=_called([*row.sources, *row.targets], actors),
        )


def _called(ids: Iterable[str], actors: Mapping[str, Actor]) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for identifier in ids:
        if identifier.startswith(NAMED):
            actor = actors.get(identifier)
            words = fold(actor.name).split() if actor is not None and actor.kind is ActorKind.PERSON else []
            found[identifier] = (words[0] if len(words) > 1 else "", words[-1]) if words else ("", identifier)
    return found


def _inside(mentions: Sequence[Mention], sentence: Sentence) -> Sequence[Mention]:
    """Those of a document's mentions, in order, that begin in a sentence."""
    first = bisect_left(mentions, sentence.start, key=_START)
    return mentions[first : bisect_left(mentions, sentence.end, first, key=_START)]


_START = attrgetter("start")


def _told_times(mentions: Sequence[Mention], times: Mapping[str, Time]) -> tuple[Interval, ...]:
    found = dict.fromkeys(_interval(times.get(m.ref)) for m in mentions)
    return tuple(interval for interval in found if interval is not None)


def sketch_story(text: str) -> int:
    """Bits of the rarest words of a text; two texts on one story share many."""
    words = set(WORD.findall(text))
    names = {word for word in words if word[0].isupper() or word[0].isdigit()}
    rarity = _rarest(names)
    if len(rarity) < STORY_WORDS:  # else no other word would be among them: names count as rarer than all
        rarity = _rarest(words)
    bits = 0
    for stem in sorted(rarity, key=lambda stem: (-rarity[stem], stem))[:STORY_WORDS]:
        bits |= 1 << stem % STORY_BITS
    return bits


def _rarest(words: Iterable[str]) -> dict[int, float]:
    """Stem → rarity of the rare among words in no order: of words with one stem the rarest counts."""
    rarity: dict[int, float] = {}
    for word in map(look_up, words):
        if word.rarity >= max(LEAST_RARE, rarity.get(word.stem, 0.0)):
            rarity[word.stem] = word.rarity
    return rarity


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Words of a sentence in order and where the act stands in them; open: those that name no actor."""

    words: Sequence[Word]
    open: Sequence[bool]
    first: int
    last: int

    def span(self, before: int, after: int) -> list[Word]:
        """Words from so many before the act to so many after it, without names of actors."""
        places = range(max(0, self.first - before), min(len(self.words), self.last + after + 1))
        return [self.words[i] for i in places if self.open[i]]

    def rare(self) -> tuple[int, ...]:
        """Stems of the rarest words around, the rarest first; numbers count as words."""
        found = self.span(AROUND, AROUND)
        ranked = sorted({(-word.rarity, word.stem) for word in found if word.rarity >= LEAST_RARE})
        return tuple(dict.fromkeys(stem for _, stem in ranked))[:MOST_WORDS]


def embed_acts(acts: Sequence[Surroundings]) -> npt.NDArray[np.float32]:
    """The vectors of `Telling`, one row an act."""
    pieces = load_pieces()
    near = pieces.embed([act.span(*NEAR) for act in acts])
    return np.hstack([near, pieces.embed([act.span(-1 - act.last + act.first, AFTER) for act in acts])])


def _surroundings(text: str, spans: Sequence[Span], sentence: Sentence, named: Sequence[Span]) -> Surroundings:
    start, end = sentence.start, sentence.end
    found = [(m.start(), m.end()) for m in WORD.finditer(text, start, end)]
    hits = [i for i, (s, e) in enumerate(found) if any(s < stop and begin < e for begin, stop in spans)]
    return Surroundings(
        words=[look_up(text[s:e]) for s, e in found],
        open=[not any(s < stop and begin < e for begin, stop in named) for s, e in found],
        first=hits[0] if hits else 0,
        last=hits[-1] if hits else len(found) - 1,
    )


def _sides(ids: Sequence[str], actors: Mapping[str, Actor]) -> dict[str, str]:
    found: dict[str, str] = {}
    for identifier in ids:
        side = side_of(actors.get(identifier), identifier)
        if side is not None:
            found.setdefault(side, identifier)
    return found


def _ordinal(day: str) -> int | None:
    try:
        return date.fromisoformat(day).toordinal()
    except ValueError:
        return None


def _interval(time: Time | None) -> Interval | None:
    """The days of a told time. Times are half-open: an end at midnight belongs to the day before."""
    if time is None:
        return None
    first = _ordinal((time.start or "")[:10])
    last = _last_day(time.end)
    if time.relation is Relation.BEFORE:
        first, last = None, last if first is None else first
    elif time.relation is Relation.AFTER:
        first, last = first if last is None else last, None
    if first is None and last is None:
        return None
    if first is not None and last is not None and last < first:
        last = first
    return Interval(first, last)


def _last_day(end: str | None) -> int | None:
    day = _ordinal((end or "")[:10])
    if day is None or end is None:
        return None
    midnight = len(end) <= 10 or end[10:19] in ("T00:00:00", "T00:00")
    return (date.fromordinal(day) - timedelta(days=1)).toordinal() if midnight else day


def _amount(amount: Amount | None) -> tuple[str, float] | None:
    return (amount.unit, amount.value) if amount is not None and amount.unit and amount.value is not None else None
