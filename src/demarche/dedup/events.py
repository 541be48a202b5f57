"""Happenings counted once: tellings of one happening, over sentences and articles, become one event."""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from demarche.dedup.decisions import Decisions
from demarche.dedup.likeness import LEAST_ODDS, NEVER, odds, others_act, probability, weigh
from demarche.dedup.tellings import Telling
from demarche.records import Event, EventAssertion, Standing, Status, stable_id

__all__ = ["Events", "merge_events", "merge_in_turn", "turn_of"]

T = TypeVar("T")

MOST_TRIED = 12
"""Happenings a telling is held against at most: those that share most words, days and actors, the latest first."""
KEPT = 40
"""Happenings kept under one key: beyond, the oldest are no longer looked up by it. Keeps the cost linear."""
WITNESSES = 6
"""Tellings that speak for a happening when another is held against it."""

STRENGTH = (
    Status.ACTUAL, Status.PLANNED, Status.PROMISED, Status.THREATENED, Status.REQUESTED, Status.PREDICTED,
    Status.POSSIBLE, Status.CONDITIONAL, Status.NEGATED, Status.DENIED,
)  # fmt: skip
"""Of several things said on one day, what stands for the happening, the strongest first."""


_NOWHERE = np.zeros(0, np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """The two tables of happenings."""

    events: tuple[Event, ...] = ()
    event_assertions: tuple[EventAssertion, ...] = ()


@dataclass(slots=True, eq=False)
class _Happening:
    """Tellings that belong together. scores: log-odds with which each joined (the first: None).

    vectors: those of the witnesses, a row each; None: to be made anew.
    """

    number: int
    tellings: list[Telling] = field(default_factory=list)
    scores: list[float | None] = field(default_factory=list)
    witnesses: list[Telling] = field(default_factory=list)
    vectors: npt.NDArray[np.float32] | None = None


def merge_events(
    tellings: Iterable[Telling],
    clusters: Mapping[str, str] | None = None,
    *,
    again: Mapping[str, Sequence[tuple[str, str | None]]] | None = None,
    decisions: Decisions | None = None,
) -> Events:
    """Group tellings into happenings. The answer depends on the set of tellings alone, not on their order.

    Args:
        clusters: document → its set of copies; a document that is missing is a set of its own.
        again: row → the same row in copies of its document, each with the copy's day of publication.
        decisions: what a user has decided; rows that are not there or of several types are left as they are.
    """
    events: list[Event] = []
    rows: list[EventAssertion] = []
    for event, behind in merge_in_turn(sorted(tellings, key=turn_of), clusters, again=again, decisions=decisions):
        events.append(event)
        rows.extend(behind)
    return Events(
        events=tuple(sorted(events, key=lambda event: event.id)),
        event_assertions=tuple(sorted(rows, key=lambda row: (row.event, row.assertion))),
    )


def turn_of(telling: Telling) -> tuple[str, tuple[int, str, int, str]]:
    """The order in which `merge_in_turn` wants tellings: by type, then as they were told."""
    return telling.type.value, telling.order


def merge_in_turn(
    tellings: Iterable[Telling],
    clusters: Mapping[str, str] | None = None,
    *,
    again: Mapping[str, Sequence[tuple[str, str | None]]] | None = None,
    decisions: Decisions | None = None,
) -> Iterator[tuple[Event, list[EventAssertion]]]:
    """As `merge_events`, for tellings that come sorted by `turn_of`: memory holds those of one type at a time.

    Happenings come in no particular order, each with its rows.
    """
    for _, told in groupby(tellings, key=lambda telling: telling.type):
        for happening in _decide(_group(_shared(told)), decisions or Decisions()):
            yield _tabulate(happening, clusters or {}, again or {})


def _shared(tellings: Iterable[Telling]) -> Iterator[Telling]:
    """The tellings, what is equal in many of them held once: read from disk they have copies of everything."""
    known: dict[object, Any] = {}
    vectors = _Vectors()

    def once(key: object, value: T) -> T:
        found: T = known.setdefault(key, value)
        return found

    for telling in tellings:
        sources, targets = (
            once((name, *side.items()), side) for name, side in (("s", telling.sources), ("t", telling.targets))
        )
        yield replace(
            telling,
            document=once(telling.document, telling.document),
            predicate=once(telling.predicate, telling.predicate),
            sources=sources,
            targets=targets,
            named=once(telling.named, telling.named),
            place=once(telling.place, telling.place),
            when=once(telling.when, telling.when),
            cameo=once(telling.cameo, telling.cameo),
            contexts=once(telling.contexts, telling.contexts),
            hints=once(telling.hints, telling.hints),
            story=once(telling.story, telling.story),
            called=once(("c", *telling.called.items()), telling.called),
            words=tuple([once(word, word) for word in telling.words]),
            vector=vectors.put(telling.vector),
        )


BLOCK = 16_384
"""Vectors of one block."""


class _Vectors:
    """Vectors of many tellings: those of the first block in memory, the others in files that the system may page out.

    They are most of a telling (1.5 of 2.3 kB). The files have no name: a killed process leaves none behind.
    """

    def __init__(self) -> None:
        self._kept = 0
        self._block: npt.NDArray[np.float32] = _NOWHERE

    def put(self, vector: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """The same numbers, kept."""
        place = self._kept % BLOCK
        self._kept += 1
        if self._kept <= BLOCK:
            return vector
        if place == 0:
            with tempfile.TemporaryFile(prefix="demarche-vectors-") as file:  # the map keeps it
                self._block = np.memmap(file, np.float32, "w+", shape=(BLOCK, len(vector)))
        self._block[place] = vector
        return np.asarray(self._block[place])


def _group(tellings: Iterable[Telling]) -> list[_Happening]:
    """Happenings of one type, built in the order of telling: each telling joins the likeliest or opens its own."""
    found: list[_Happening] = []
    index: dict[tuple[str, object], list[int]] = defaultdict(list)
    for telling in tellings:
        keys = list(_keys(telling))
        home, best = None, LEAST_ODDS
        meaning = weigh(telling.vector)
        apart: dict[tuple[int, ...], bool] = {}
        for number in _candidates(keys, index):
            chance = _fit(telling, meaning, found[number], apart)
            if chance > best:
                home, best = found[number], chance
        if home is None:
            home = _Happening(number=len(found), tellings=[telling], scores=[None], witnesses=[telling])
            found.append(home)
        else:
            home.scores.append(best)
            home.tellings.append(telling if _witness(home, telling) else _slim(telling))
        for key in keys:
            listed = index[key]
            if home.number in listed:
                listed.remove(home.number)
            elif len(listed) >= KEPT:
                del listed[0]
            listed.append(home.number)
    return found


def _decide(found: list[_Happening], decisions: Decisions) -> list[_Happening]:
    """Happenings as a user wants them: rows set apart leave for happenings of their own, then others are joined."""
    home = {telling.id: happening for happening in found for telling in happening.tellings}
    for rows in decisions.apart:
        met: list[_Happening] = []
        for row in rows:
            happening = home.get(row)
            if happening is None or happening not in met:
                met += [happening] if happening is not None else []
                continue
            place = next(i for i, telling in enumerate(happening.tellings) if telling.id == row)
            alone = _Happening(number=len(found), tellings=[happening.tellings.pop(place)], scores=[None])
            happening.scores.pop(place)
            found.append(alone)
            met.append(alone)
            home[row] = alone
    for rows in decisions.together:
        meant = list({id(home[row]): home[row] for row in rows if row in home}.values())
        for other in meant[1:]:
            first = meant[0]
            order = sorted(
                zip([*first.tellings, *other.tellings], [*first.scores, *(1e3 for _ in other.scores)], strict=True),
                key=lambda pair: pair[0].order,
            )
            first.tellings = [telling for telling, _ in order]
            first.scores = [score for _, score in order]
            other.tellings = []
            home |= {telling.id: first for telling in first.tellings}
    return [happening for happening in found if happening.tellings]


def _keys(telling: Telling) -> Iterator[tuple[str, object]]:
    """Under what a telling is filed: its doer (else its receiver), and with it each word, the day and the sentence."""
    sides = sorted({side.split(":")[0] for side in (telling.sources or telling.targets)})[:4] or ["?"]
    for side in sides:
        yield side, None
        if telling.when is not None:
            yield side, (telling.when.first, telling.when.last)
        for receiver in sorted(telling.targets)[:3]:
            yield side, receiver
        for word in telling.words:
            yield side, word
    yield "=", telling.text
    for word in telling.words[:3]:
        yield "any", word  # for tellings whose doers were read in another way
    if telling.sources and telling.targets:
        for receiver in sorted({side.split(":")[0] for side in telling.targets})[:2]:
            yield "to", receiver  # for tellings that leave the doer out
    elif telling.targets:
        for side in sides:
            yield "to", side


def _candidates(keys: Sequence[tuple[str, object]], index: Mapping[tuple[str, object], list[int]]) -> list[int]:
    votes: Counter[int] = Counter()
    for key in keys:
        listed = index.get(key)
        if listed:
            votes.update(listed)
    return sorted(votes, key=lambda number: (-votes[number], -number))[:MOST_TRIED]


def _fit(
    telling: Telling, meaning: npt.NDArray[np.float32], happening: _Happening, apart: dict[tuple[int, ...], bool]
) -> float:
    """How well a telling fits a happening: halfway between its best witness and the mean of all.

    The best alone chains happenings, the mean alone loses tellings in other words (docs/copies.md). None joins that
    more than a third of the witnesses exclude, or where others act than in all of them.

    meaning: of the telling, weighed. apart: whether others act than in this telling, by the objects that tell who acts;
    filled here. Most tellings that are filed under one word differ in that, and few objects tell it (`_shared`).
    """
    witnesses = happening.witnesses
    for witness in witnesses:
        key = (id(witness.sources), id(witness.targets), id(witness.named), id(witness.called))
        other = apart.get(key)
        if other is None:
            other = apart[key] = others_act(telling, witness)
        if not other:
            break
    else:
        return NEVER
    if happening.vectors is None:
        happening.vectors = np.stack([witness.vector for witness in witnesses])
    alike = (happening.vectors @ meaning).tolist()
    found = [odds(telling, w, a) for w, a in zip(witnesses, alike, strict=True)]
    open_ = [chance for chance in found if chance > NEVER]
    if (len(witnesses) - len(open_)) * 3 > len(witnesses):
        return NEVER
    return (max(open_) + sum(open_) / len(open_)) / 2


def _slim(telling: Telling) -> Telling:
    """What is still needed of a telling that is no witness: nothing is held against it any more."""
    return replace(telling, vector=_NOWHERE, words=(), named=frozenset(), contexts=frozenset(), hints=(), story=0)


def _witness(happening: _Happening, telling: Telling) -> bool:
    """Keep the first tellings that differ in words, and those that bring a time. Whether this one was kept."""
    known = happening.witnesses
    happening.vectors = None
    if any(w.text == telling.text for w in known):
        return False
    if len(known) < WITNESSES:
        known.append(telling)
        return True
    if telling.when is not None and all(w.when is None for w in known):
        known[-1] = telling
        return True
    return False


def _tabulate(
    happening: _Happening, clusters: Mapping[str, str], again: Mapping[str, Sequence[tuple[str, str | None]]]
) -> tuple[Event, list[EventAssertion]]:
    tellings = happening.tellings
    identifier = stable_id("e", tellings[0].type, tellings[0].id)
    rows = []
    for telling, score in zip(tellings, happening.scores, strict=True):
        chance = None if score is None else round(probability(score), 3)
        copies = [(row, told, 1.0) for row, told in again.get(telling.id, ())]
        for row, told, sure in ((telling.id, _iso(telling.told), chance), *copies):
            rows.append(
                EventAssertion(
                    event=identifier,
                    assertion=row,
                    told=told,
                    status=telling.status,
                    standing=telling.standing,
                    score=sure,
                )
            )
    days = sorted(row.told for row in rows if row.told is not None)
    first, last, day = _when(tellings)
    event = Event(
        id=identifier,
        type=tellings[0].type,
        mode=_most(telling.mode for telling in tellings),
        sources=_actors([telling.sources for telling in tellings]),
        targets=_actors([telling.targets for telling in tellings]),
        status=_status(tellings),
        standing=_standing(tellings),
        date=_iso(day),
        start=_iso(first),
        end=_iso(last + 1 if last is not None else None),
        place=_most(telling.place.name if telling.place else None for telling in tellings),
        documents=len({row.assertion.partition(".")[0] for row in rows}),
        clusters=len({clusters.get(telling.document, telling.document) for telling in tellings}),
        assertions=len(rows),
        first=days[0] if days else None,
        last=days[-1] if days else None,
    )
    return event, rows


def _most(values: Iterable[str | None]) -> str | None:
    """The most frequent value; of equals the first in the alphabet."""
    counts = Counter(value for value in values if value is not None)
    return min(counts, key=lambda value: (-counts[value], value)) if counts else None


def _actors(told: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """One actor a side: sides named by at least a third of those tellings that name any; its most frequent id."""
    naming = [sides for sides in told if sides]
    counts = Counter(side for sides in naming for side in sides)
    kept = [side for side in counts if counts[side] * 3 >= len(naming)]
    ids = (_most(sides.get(side) for sides in naming) for side in kept)
    return tuple(sorted({identifier for identifier in ids if identifier is not None}))


def _when(tellings: Sequence[Telling]) -> tuple[int | None, int | None, int | None]:
    """First and last day as told, and the day to count by.

    Told: the most frequent of the shortest intervals. Counted by: a told day; the day of the first telling where none
    is told or only a span that holds it; none where only a longer span is told: never a false day.
    """
    told = [telling.when for telling in tellings if telling.when is not None]
    known = [day for day in (telling.told for telling in tellings) if day is not None]
    earliest = min(known, default=None)
    if not told:
        return None, None, earliest
    shortest = min(when.days for when in told)
    counts = Counter((when.first, when.last) for when in told if when.days == shortest)
    first, last = min(counts, key=lambda span: (-counts[span], span[0] or 0, span[1] or 0))
    if first is not None and first == last:
        return first, last, first
    if earliest is not None and (first is None or first <= earliest) and (last is None or last >= earliest - 7):
        inside = shortest <= 31 or first is None or last is None
        return first, last, (min(earliest, last) if last is not None else earliest) if inside else None
    return first, last, first if shortest <= 7 else None


def _status(tellings: Sequence[Telling]) -> Status:
    """How the happening stands: actual once anybody says so, else as it was told last."""
    if any(telling.status is Status.ACTUAL for telling in tellings):
        return Status.ACTUAL
    latest = max(telling.told or 0 for telling in tellings)
    said = {telling.status for telling in tellings if (telling.told or 0) == latest}
    return next(status for status in STRENGTH if status in said)


def _standing(tellings: Sequence[Telling]) -> Standing:
    """Disputed when a telling is, or when one denies what another asserts; reported when an article itself tells it."""
    statuses = {telling.status for telling in tellings}
    against = statuses & {Status.DENIED, Status.NEGATED}
    if any(telling.standing is Standing.DISPUTED for telling in tellings):
        return Standing.DISPUTED
    if against and Status.ACTUAL in statuses:
        return Standing.DISPUTED
    told = any(telling.standing is Standing.REPORTED for telling in tellings)
    return Standing.REPORTED if told else Standing.ATTRIBUTED


def _iso(day: int | None) -> str | None:
    return date.fromordinal(day).isoformat() if day is not None and day >= 1 else None
