"""Over documents: propositions that stand on somebody's word, with every stance taken on them.

Read in the order of print, whatever the order of coding. What can still be answered is kept for `REACH` days, so that
time and memory grow with the rows, not with their square: a row is compared with the few latest propositions that
share its type, its doer and a word of substance.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from demarche.coding.notes import Note, alike, same_act, same_matter
from demarche.records import Claim, Polarity, Stance, Standing, Status, stable_id

__all__ = ["ClaimBook", "read_day"]

REACH = 14
"""Days within which a denial finds the claim of another article."""
LATEST = 8
"""Propositions a word leads to, at most: the latest ones."""
COMPARED = 4
"""Propositions, and rows of each, that a row is compared with, at most."""
ENOUGH = 2
"""Shared words of substance that make two rows of one doer and type one proposition (the same predicate: two)."""

CLAIMED = frozenset({Status.ACTUAL, Status.DENIED, Status.NEGATED})

Key = tuple[str, str, str]


@dataclass(slots=True)
class Matter:
    """One proposition in the making. number: in the order of its first row."""

    number: int
    notes: list[Note]

    def fits(self, note: Note) -> int:
        """How well a note belongs here: 0 when it does not."""
        best = 0
        if any(_turns(note, other) for other in self.notes):
            return 0
        for other in self.notes[-COMPARED:]:
            if same_matter(note, other) and _near(note, other) and _is_one(note, other):
                best = max(best, alike(note, other))
        return best


@dataclass(slots=True)
class ClaimBook:
    """Takes the notes of documents in order of print and gives claims back when nothing can join them any more."""

    matters: dict[int, Matter] = field(default_factory=dict)
    index: dict[Key, deque[int]] = field(default_factory=dict)
    before: dict[Key, deque[int]] = field(default_factory=dict)
    turned: int | None = None
    count: int = 0

    def add(self, notes: Sequence[Note]) -> Iterator[tuple[Claim, tuple[Stance, ...]]]:
        """Take the notes of one document; claims that are closed by its day come out."""
        day = read_day(notes[0].day) if notes else None
        if day is not None and (self.turned is None or day - self.turned > REACH):
            yield from self._turn(day)
        for note in notes:
            if note.status in CLAIMED or _doubts(note):
                self._place(note)
        if day is None:
            yield from self.close()

    def close(self) -> Iterator[tuple[Claim, tuple[Stance, ...]]]:
        """All that is still open."""
        for number in sorted(self.matters):
            yield from _claims([self.matters[number]])
        self.matters.clear()
        self.index.clear()
        self.before.clear()

    def _turn(self, day: int) -> Iterator[tuple[Claim, tuple[Stance, ...]]]:
        """Forget what no note of `day` or later can join."""
        self.before, self.index, self.turned = self.index, {}, day
        live = {number for postings in self.before.values() for number in postings}
        for number in sorted(self.matters):
            last = read_day(self.matters[number].notes[-1].day)
            if number not in live or last is None or day - last > REACH:
                yield from _claims([self.matters.pop(number)])

    def _place(self, note: Note) -> None:
        keys = list(_keys(note))
        home = self._home(note, keys)
        if home is None:
            if _doubts(note):
                return
            self.count += 1
            home = Matter(number=self.count, notes=[])
            self.matters[home.number] = home
        home.notes.append(note)
        for key in keys:
            postings = self.index.setdefault(key, deque(maxlen=LATEST))
            if home.number in postings:
                postings.remove(home.number)
            postings.append(home.number)

    def _home(self, note: Note, keys: Sequence[Key]) -> Matter | None:
        """The proposition that shares most with the note, the latest among equals."""
        shared: dict[int, int] = {}
        for key in keys:
            weight = 2 if key[2].startswith("=") else 1
            for number in {*self.index.get(key, ()), *self.before.get(key, ())}:
                shared[number] = shared.get(number, 0) + weight
        best: tuple[int, int, Matter] | None = None
        likely = [(weight, number) for number, weight in shared.items() if weight >= ENOUGH and number in self.matters]
        for _, number in sorted(likely, reverse=True)[:COMPARED]:
            matter = self.matters[number]
            fit = matter.fits(note)
            if fit and (best is None or (fit, number) > best[:2]):
                best = (fit, number, matter)
        return best[2] if best else None


def _is_one(one: Note, two: Note) -> bool:
    """Whether two rows of one matter say the same: across articles the predicate alone is not enough."""
    if one.document == two.document:
        return same_act(one, two)
    own = one.predicate[:3]
    shared = sum(not stem.startswith(own) for stem in set(one.stems) & set(two.stems))
    return bool(one.doers) and shared + (one.predicate == two.predicate) >= ENOUGH


def _turns(one: Note, two: Note) -> bool:
    """Whether one holder would assert and deny in one article: they are two matters then."""
    if one.document != two.document or not one.holders or one.holders[-1:] != two.holders[-1:]:
        return False
    return _stance(one) != _stance(two)


def _doubts(note: Note) -> bool:
    return note.doubted and note.status is Status.PREDICTED and note.polarity is Polarity.NEGATIVE


def _keys(note: Note) -> Iterator[Key]:
    for doer in sorted(note.doers) or ["?"]:
        yield (note.type, doer, f"={note.predicate}")
        for stem in note.stems:
            yield (note.type, doer, stem)


def read_day(day: str | None) -> int | None:
    """Number of a day, so that days can be subtracted; None for what is no day."""
    try:
        return date.fromisoformat(day).toordinal() if day else None
    except ValueError:
        return None


def _near(one: Note, two: Note) -> bool:
    if one.document == two.document:
        return True
    first, second = read_day(one.day), read_day(two.day)
    return first is not None and second is not None and abs(first - second) <= REACH


def _claims(matters: Iterable[Matter]) -> Iterator[tuple[Claim, tuple[Stance, ...]]]:
    """Claims of those propositions that rest on somebody's word or that somebody denies."""
    for matter in matters:
        if any(_claims_something(note) for note in matter.notes):
            yield _claim(matter.notes)


def _claims_something(note: Note) -> bool:
    """Whether the note is somebody's word on a fact; what one refuses or rules out to do oneself is none."""
    refused = note.status is Status.NEGATED and bool(note.speakers) and note.speakers <= note.doers
    return note.status is Status.DENIED or (bool(note.holders) and not refused)


def _claim(notes: Sequence[Note]) -> tuple[Claim, tuple[Stance, ...]]:
    first = notes[0]
    identity = stable_id("c", str(first.type), first.id)
    stances = tuple(
        Stance(
            claim=identity,
            assertion=note.id,
            holder=note.holders[-1] if note.holders else None,
            stance=_stance(note),
            date=note.day,
        )
        for note in notes
    )
    days = sorted(note.day for note in notes if note.day)
    claim = Claim(
        id=identity,
        type=first.type,
        sources=first.sources,
        targets=first.targets,
        words=first.words,
        first=days[0] if days else None,
        last=days[-1] if days else None,
        asserting=_holders(stances, "assert"),
        denying=_holders(stances, "deny"),
        documents=len({note.document for note in notes}),
        standing=_standing(notes, stances),
    )
    return claim, stances


def _stance(note: Note) -> str:
    if _doubts(note):
        return "doubt"
    return "deny" if note.status in (Status.DENIED, Status.NEGATED) else "assert"


def _holders(stances: Sequence[Stance], kind: str) -> tuple[str, ...]:
    return tuple(sorted({s.holder for s in stances if s.stance == kind and s.holder is not None}))


def _standing(notes: Sequence[Note], stances: Sequence[Stance]) -> Standing:
    """Disputed: one asserts and another denies. What an article itself says did not (yet) happen is no denial, and
    what somebody says did not happen is one within the article, or in the mouth of who is said to have done it."""
    says = [(note, stance.holder) for note, stance in zip(notes, stances, strict=True) if stance.stance == "assert"]
    for note, stance in zip(notes, stances, strict=True):
        if note.status is Status.DENIED or (note.status is Status.NEGATED and note.holders):
            plain = note.status is Status.DENIED or not note.speakers.isdisjoint(note.doers)
            for other, holder in says:
                if holder != stance.holder and (plain or other.document == note.document):
                    return Standing.DISPUTED
    return Standing.REPORTED if any(holder is None for _, holder in says) else Standing.ATTRIBUTED
