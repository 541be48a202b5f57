"""How likely two tellings tell of one happening: log-odds from what agrees and what does not.

The evidence has names; its weights are learned from stories told several times (`training/fit_happenings.py`) and lie
in `copies/happenings.tsv`.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from demarche.dedup.tellings import PARTS, STORY_WORDS, Interval, Telling
from demarche.errors import ResourceError
from demarche.records import EventType, Place, Status
from demarche.resources import read_text

__all__ = [
    "AFTER", "LEAST_ODDS", "NEAR", "NEVER", "evidence", "load_weights", "odds", "others_act", "probability",
    "weigh",
]  # fmt: skip

LEAST_ODDS = -0.2
"""Above these log-odds a telling is of a happening. Swept .15, 0, -.2 with each story of training left out in turn."""
NEVER = -99.0
SOON = 4
"""Days before the publication in which an act without a told time is taken to lie."""
AHEAD = 45
"""Days after the publication in which an announced act without a told time is taken to lie."""
AFTERWARDS = 10
"""Days within which articles without a told time go on telling of an act."""
NEAR, AFTER = "near", "after"
"""Names of the likenesses of the two meanings in `Telling.vector`."""

EXCLUDING = frozenset({("doer differs", 1.0), ("time far", 1.0)})
UNKNOWN_STORY = math.log(12)
"""Of articles too short to have rare words."""
Found = list[tuple[str, float]]
"""Evidence, each with how much there is of it."""
DONE = frozenset({Status.ACTUAL, Status.DENIED, Status.NEGATED})


class Sides(NamedTuple):
    """Names of what can be said of the doers (or receivers) of two tellings."""

    same: str
    others: str
    by_name: str
    other_name: str
    of_one_country: str
    inferred: str
    differs: str
    missing: str
    missing_in_one: str


DOERS, RECEIVERS = (
    Sides._make(f"{name} {field.replace('_', ' ')}" for field in Sides._fields) for name in ("doer", "receiver")
)


@functools.cache
def load_weights() -> Mapping[str, float]:
    """Evidence → what it adds to the log-odds.

    Raises:
        ResourceError: E223 when the table is damaged.
    """
    where = "copies/happenings.tsv"
    try:
        rows = [line.split("\t") for line in read_text(where).splitlines() if line and not line.startswith("#")]
        return {name: float(weight) for name, weight in rows[1:]}
    except ValueError as error:
        raise ResourceError(
            "E223", "the weights of happenings are damaged", where=where, remedy="install again"
        ) from error


@functools.cache
def _scales(size: int, near: float, after: float) -> npt.NDArray[np.float32]:
    return np.repeat(np.array([near, after], np.float32), size // PARTS)


def weigh(vector: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The vector of a telling with its parts weighted: times the vector of another it gives their weighed likeness."""
    weights = load_weights()
    return vector * _scales(len(vector), weights.get(NEAR, 0.0), weights.get(AFTER, 0.0))


def odds(one: Telling, two: Telling, alike: float) -> float:
    """Log-odds that both tell of one happening. alike: their weighed likeness (see `weigh`).

    Both must have the same type. Symmetric.
    """
    if (one.status is Status.NEGATED) != (two.status is Status.NEGATED) and contradict(one, two):
        return NEVER
    if _too_far(one, two):
        return NEVER
    weights = load_weights()
    total = alike
    for name, value in evidence(one, two):
        total += weights.get(name, 0.0) * value
    return total


def probability(log_odds: float) -> float:
    """Of log-odds."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))


def contradict(one: Telling, two: Telling) -> bool:
    """Whether one says it is and the other that it is not, both on the same word: a dispute needs two holders."""
    no = (one.status is Status.NEGATED, two.status is Status.NEGATED)
    if no[0] != no[1]:
        other = two if no[0] else one
        return other.status is Status.ACTUAL and one.holder == two.holder
    return False


def others_act(one: Telling, two: Telling) -> bool:
    """Whether different sides act; looks at the sides and `named` alone."""
    found: Found = []
    _add_parties(found, one, two)
    return (DOERS.differs, 1.0) in found


def evidence(one: Telling, two: Telling) -> Found:
    """What speaks for or against one happening, and how much of it there is; the likeness of meaning left out."""
    found: Found = [("bias", 1.0)]
    _add_parties(found, one, two)
    _add_time(found, one, two)
    if one.place is not None and two.place is not None:
        found.append((_place(one.place, two.place), 1.0))
    if one.amount is not None and two.amount is not None and one.amount[0] == two.amount[0]:
        first, second = sorted((abs(one.amount[1]), abs(two.amount[1])))
        found.append(("sum same" if second - first <= 0.05 * second else "sum differs", 1.0))
    if one.mode and two.mode:
        found.append(("mode same" if one.mode == two.mode else "mode differs", 1.0))
    if one.cameo and two.cameo:
        near = "code near" if one.cameo[:2] == two.cameo[:2] else "code differs"
        found.append(("code same" if one.cameo == two.cameo else near, 1.0))
    if one.contexts and two.contexts:
        found.append(("context differs" if one.contexts.isdisjoint(two.contexts) else "context same", 1.0))
    if one.status is not two.status:
        _add_status(found, one, two)
    if one.document == two.document:
        _add_inside(found, one, two)
    else:
        found.append(("story", _story(one.story, two.story)))
        if one.text == two.text and one.predicate == two.predicate and EXCLUDING.isdisjoint(found):
            found.append(("sentence again", 1.0))
    return found


def _too_far(one: Telling, two: Telling) -> bool:
    """Whether so many days lie between that a month of news on the same actors would run together."""
    first, second = one.when, two.when
    if first is None and second is None:
        if one.told is None or two.told is None:
            return False
        done = one.status in DONE and two.status in DONE
        return abs(one.told - two.told) > (AFTERWARDS if done else AHEAD)
    if first is not None and second is not None:
        return False  # days that differ are weighed: one may be wrong
    known, other = (first, two) if first is not None else (second, one)
    assert known is not None  # one of the two is
    return known.days <= 31 and known.apart(_likely(other)) > AFTERWARDS


def _story(one: int, two: int) -> float:
    """Grows with the share of rare words that two articles have in common, from 0 to log 49.

    Other stories of the same days and actors have about log 12, one story in other words log 17, unrelated ones log 6.
    """
    least = min(one.bit_count(), two.bit_count())
    return math.log1p(STORY_WORDS * (one & two).bit_count() / least) if least else UNKNOWN_STORY


def _add_inside(found: Found, one: Telling, two: Telling) -> None:
    """Of rows of one article: it seldom says a thing twice, unless in its headline, at once, or to deny it."""
    found.append(("one article", 1.0))
    if one.headline != two.headline:
        found.append(("headline", 1.0))
    if one.sentence == two.sentence:
        found.append(("one sentence", 1.0))
    elif abs(one.sentence - two.sentence) == 1:
        found.append(("next sentence", 1.0))
    if two.id in one.linked or one.id in two.linked:
        found.append(("linked", 1.0))


def _add_parties(found: Found, one: Telling, two: Telling) -> None:
    """Doers and receivers. All who take part in a meeting are its doers: who is whose guest is told either way."""
    if one.type is EventType.CONSULT:
        _add_sides(found, DOERS, {**one.sources, **one.targets}, {**two.sources, **two.targets}, one, two)
        return
    doers = _add_sides(found, DOERS, one.sources, two.sources, one, two)
    receivers = _add_sides(found, RECEIVERS, one.targets, two.targets, one, two)
    if not one.sources or not two.sources or not one.targets or not two.targets:
        return
    if not one.sources.keys().isdisjoint(one.targets) and not two.sources.keys().isdisjoint(two.targets):
        if not doers and not receivers:
            found.append(("within one side", 1.0))  # at home many do the same to many
    elif one.sources.keys().isdisjoint(two.sources):
        if not one.sources.keys().isdisjoint(two.targets) and not two.sources.keys().isdisjoint(one.targets):
            found.append(("sides swapped", 1.0))


def _add_sides(
    found: Found, names: Sides, first: Mapping[str, str], second: Mapping[str, str], one: Telling, two: Telling
) -> bool:
    """Whether somebody is the same by name."""
    if not first or not second:
        found.append((names.missing_in_one if first or second else names.missing, 1.0))
        return False
    shared = first.keys() & second.keys()
    by_name = False
    if one.called and two.called:
        ids = [(first[side], second[side]) for side in shared] or [
            (f, s) for f in first.values() for s in second.values()
        ]
        same = [_namesakes(one.called[f], two.called[s]) for f, s in ids if f in one.called and s in two.called]
        by_name = any(same)
        if by_name:
            found.append((names.by_name, 1.0))
            if not shared:  # the coder knows somebody's country in one article alone
                found.append((names.same, 1.0))
                return True
        elif same and shared:  # a country alone may stand for any of its own
            found.append((names.other_name, 1.0))
    if shared:
        found.append((names.same, 1.0))
        many = len(first) + len(second) - len(shared)
        if many > len(shared):
            found.append((names.others, 1 - len(shared) / many))
    elif not _countries(first).isdisjoint(_countries(second)):
        found.append((names.of_one_country, 1.0))
    elif one.named.isdisjoint(first) or two.named.isdisjoint(second):
        found.append((names.inferred, 1.0))  # the coder's guess at who is meant is often another's
    else:
        found.append((names.differs, 1.0))
    return by_name


def _namesakes(one: tuple[str, str], two: tuple[str, str]) -> bool:
    """Whether two names may be of one person: one article gives in full what another cuts to the surname."""
    return one[1] == two[1] and (one[0] == two[0] or not one[0] or not two[0])


def _countries(sides: Mapping[str, str]) -> set[str]:
    return {side[:3] for side in sides if side[3:4] in ("", ":")}


def _add_time(found: Found, one: Telling, two: Telling) -> None:
    first, second = one.when, two.when
    if first is not None and second is not None:
        gap = first.apart(second)
        if gap:
            name = "time far" if gap > 1 else "time next day"
        elif max(first.days, second.days) > 40 * min(first.days, second.days):
            name = "time within"  # a day of that year
        else:
            name = "time same day" if max(first.days, second.days) <= 2 else "time same span"
        found.append((name, 1.0))
        return
    if first is None and second is None:
        if one.told is None or two.told is None:
            found.append(("time unknown", 1.0))
        elif one.document != two.document:
            found.append(("time untold", 1.0))
            found.append(("days between articles", min(abs(one.told - two.told), 10) / 10))
    else:
        known, other = (first, two) if first is not None else (second, one)
        assert known is not None  # one of the two is
        if known.days > 31:
            found.append(("time long", 1.0))  # told of an act long past or in general
        else:
            found.append(("time told by one", 1.0))
            found.append(("days off", min(known.apart(_likely(other)), 12) / 4))
    mine, yours = (telling.hints if telling.when is None else (telling.when,) for telling in (one, two))
    if mine and yours and one.text != two.text:
        together = any(m.apart(y) == 0 for m in mine for y in yours)
        found.append(("time in sentence" if together else "other time in sentence", 1.0))


def _likely(telling: Telling) -> Interval:
    """The days in which an act without a told time lies."""
    if telling.told is None:
        return Interval(None, None)
    if telling.status in DONE:
        return Interval(telling.told - SOON, telling.told)
    return Interval(telling.told, telling.told + AHEAD)


def _place(first: Place, second: Place) -> str:
    if first.name == second.name or (first.geonames is not None and first.geonames == second.geonames):
        return "place same"
    if first.country is not None and second.country is not None and first.country != second.country:
        return "place in another country"
    return "place in part" if "country" in (first.kind, second.kind) else "place differs"


def _add_status(found: Found, one: Telling, two: Telling) -> None:
    if (one.status in DONE) != (two.status in DONE):
        found.append(("done in one", 1.0))
    if Status.DENIED in (one.status, two.status):
        found.append(("denied in one", 1.0))
        if one.document == two.document:
            found.append(("denied beside", 1.0))  # who denies speaks of what somebody asserts
