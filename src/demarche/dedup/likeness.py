"""How likely two tellings tell of one happening: log-odds from what agrees and what does not."""

from __future__ import annotations

import math
from collections.abc import Mapping

from demarche.dedup.tellings import Interval, Telling
from demarche.records import Status

__all__ = ["LEAST_ODDS", "NEVER", "contradict", "odds", "others_act", "probability"]

LEAST_ODDS = 0.25
"""From these log-odds on two tellings are of one happening."""
NEVER = -99.0
SOON = 4
"""Days before the publication in which an act without a told time is taken to lie."""
AHEAD = 45
"""Days after the publication in which an announced act without a told time is taken to lie."""
AFTERWARDS = 10
"""Days within which articles without a told time go on telling of an act."""

IMPLIED = -0.8
"""For sides that differ where one was only inferred: the coder's guess at who is meant is often another's."""

APART = -4.0
"""For receivers that differ although both sentences name theirs; the doers must agree."""

DONE = frozenset({Status.ACTUAL, Status.DENIED, Status.NEGATED})


def odds(one: Telling, two: Telling, alike: float) -> float:
    """Log-odds that both tell of one happening. alike: product of their vectors (see `Telling`).

    Both must have the same type. Symmetric. The weights are those of a logistic regression on pairs of rows of twelve
    stories told three times (docs/copies.md), but for the predicate, place, sum and links, which are set by hand.
    """
    if (one.status is Status.NEGATED) != (two.status is Status.NEGATED) and contradict(one, two):
        return NEVER
    named = (one.named, two.named)
    doers = _sides(one.sources, two.sources, named, NEVER)
    if doers <= NEVER:  # as `others_act`
        return NEVER
    time = _time(one, two)
    if time <= NEVER:
        return NEVER
    receivers = _sides(one.targets, two.targets, named, APART)
    place = _place(one, two)
    same = one.document == two.document
    if one.text == two.text and one.predicate == two.predicate and not same:
        return 6.0 + time  # the same sentence in another article
    total = -4.1 + 1.5 * doers + 0.4 * receivers + 0.9 * time + place + _amount(one, two) + alike
    total += 1.2 if one.predicate == two.predicate else 0.0
    total += 0.3 * min(3, len(set(one.words).intersection(two.words)))
    if one.mode and two.mode:
        total += 0.3 if one.mode == two.mode else -0.6
    if (one.status in DONE) != (two.status in DONE):
        total -= 0.8
    if (one.status is Status.DENIED) != (two.status is Status.DENIED):
        total += 1.3 if same else 0.4  # who denies speaks of what somebody asserts
    if (one.status is Status.NEGATED) != (two.status is Status.NEGATED):
        total -= 0.4
    if same:
        total += _together(one, two)
    return total


def _together(one: Telling, two: Telling) -> float:
    """Of rows of one article: it seldom says a thing twice, unless in its headline, or to deny it."""
    total = 0.8 if one.headline != two.headline else -1.0
    if one.sentence == two.sentence:
        total -= 1.2
    elif abs(one.sentence - two.sentence) == 1:
        total += 0.75
    return total + (2.0 if two.id in one.linked or one.id in two.linked else 0.0)


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
    """Whether different sides act, so that the odds are `NEVER`; looks at `sources` and `named` alone."""
    return _sides(one.sources, two.sources, (one.named, two.named), NEVER) <= NEVER


def _sides(
    one: Mapping[str, str], two: Mapping[str, str], named: tuple[frozenset[str], frozenset[str]], apart: float
) -> float:
    """Agreement of the acting (or receiving) sides. named: sides that stand in either sentence;
    apart: for sides that differ although both are named."""
    if not one or not two:
        return 0.0 if one or two else 0.2
    shared = 0
    for side in one:
        if side in two:
            shared += 1
    if shared:
        return 1.0 * shared / (len(one) + len(two) - shared) + 0.2
    for side in one:
        if side[3:4] in ("", ":"):
            country = side[:3]
            for other in two:
                if other[:3] == country and other[3:4] in ("", ":"):
                    return -0.8  # another body of the same country
    if named[0].isdisjoint(one) or named[1].isdisjoint(two):
        return IMPLIED  # one of them was only inferred
    return apart


def _time(one: Telling, two: Telling) -> float:
    first, second = one.when, two.when
    if first is not None and second is not None:
        gap = first.apart(second)
        if gap > 1:
            return NEVER
        if gap == 1:
            return -1.0
        if max(first.days, second.days) > 40 * min(first.days, second.days):
            return -0.5  # a day of that year
        return 1.6 if max(first.days, second.days) <= 2 else 0.8
    if first is None and second is None:
        if one.told is None or two.told is None:
            return 0.0 if one.document == two.document or one.told == two.told else -1.0
        days = abs(one.told - two.told)
        if days > (AHEAD if one.status not in DONE or two.status not in DONE else AFTERWARDS):
            return NEVER
        return 0.5 - 0.25 * min(days, 6)
    known = first if first is not None else second
    open_ = two if first is not None else one
    assert known is not None  # one of the two is
    if known.days > 31:
        return -2.5  # told of an act long past or in general
    gap = known.apart(_likely(open_))
    return NEVER if gap > AFTERWARDS else 0.2 - 0.4 * gap


def _likely(telling: Telling) -> Interval:
    """The days in which an act without a told time lies."""
    if telling.told is None:
        return Interval(None, None)
    if telling.status in DONE:
        return Interval(telling.told - SOON, telling.told)
    return Interval(telling.told, telling.told + AHEAD)


def _place(one: Telling, two: Telling) -> float:
    first, second = one.place, two.place
    if first is None or second is None:
        return 0.0
    if first.name == second.name or (first.geonames is not None and first.geonames == second.geonames):
        return 0.9
    if first.country is not None and second.country is not None and first.country != second.country:
        return -2.5
    if "country" in (first.kind, second.kind):
        return 0.2
    return -1.2


def _amount(one: Telling, two: Telling) -> float:
    if one.amount is None or two.amount is None or one.amount[0] != two.amount[0]:
        return 0.0
    first, second = sorted((abs(one.amount[1]), abs(two.amount[1])))
    return 1.5 if second - first <= 0.05 * second else -1.0
