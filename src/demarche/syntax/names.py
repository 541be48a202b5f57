"""Names of a sentence: from the name head's probabilities, and dates and money by rule."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from demarche.records import Name

__all__ = ["decode_names", "find_dates", "find_money", "join_names"]

_MONTHS = (
    "january february march april may june july august september october november december jan feb mar apr jun jul aug "
    "sep sept oct nov dec"
).split()
_MONTH = frozenset([*_MONTHS, *(f"{m}." for m in _MONTHS)])
_DAY = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mon. tue. tues. wed. thu. thurs. fri. sat. sun.".split()
)
_RELATIVE = frozenset("today yesterday tomorrow tonight".split())
_SPAN = frozenset("week month year weekend night morning evening afternoon decade quarter century".split())
_POINTER = frozenset("last next this past previous coming earlier".split())
_CUES = _MONTH | _DAY | _RELATIVE | _POINTER
_YEAR = re.compile(r"(1[5-9]|20)\d\d")
_NUMBER = re.compile(r"\d[\d.,:]*(st|nd|rd|th)?$|'?\d\ds$")
_DATE = re.compile(r"\d{1,4}[-/]\d{1,2}[-/]\d{1,4}$")
_SCALE = frozenset("hundred thousand million billion trillion bn m k mn tn crore lakh".split())
_SIGN = frozenset("$€£¥₹₽₩") | {"us$", "a$", "c$", "hk$", "nt$"}
_COIN = frozenset(
    "dollar dollars euro euros pound pounds yuan renminbi yen ruble rubles rouble roubles rupee rupees won franc francs "
    "lira liras peso pesos riyal riyals rial rials dinar dinars dirham dirhams shekel shekels hryvnia hryvnias cent cents "
    "usd eur gbp cny rmb jpy rub krona kronor zloty forint".split()
)


def decode_names(scores: npt.NDArray[np.float32], labels: Sequence[str]) -> list[Name]:
    """Runs of words that are more likely inside a name than not; one kind a run, by the sum of its words.

    Args:
        scores: (words, labels) probabilities; labels `O`, `B-kind`, `I-kind` with B and I of a kind side by side.
    """
    outside = scores[:, 0]
    inside = np.flatnonzero(outside < 0.5)
    if not len(inside):
        return []
    begins, goes_on = scores[:, 1::2], scores[:, 2::2]
    kinds = begins + goes_on
    begin, go_on = begins.sum(1), goes_on.sum(1)
    runs: list[list[int]] = []
    for i in inside.tolist():
        fresh = not runs or runs[-1][-1] != i - 1 or begin[i] > go_on[i]
        if fresh:
            runs.append([i])
        else:
            runs[-1].append(i)
    return [Name(first=run[0], last=run[-1], label=labels[1 + 2 * int(kinds[run].sum(0).argmax())][2:]) for run in runs]


def find_dates(forms: Sequence[str]) -> list[Name]:
    """Days, months with days and years, bare years after a preposition, *last week*. Times of day are left out."""
    low = [form.lower() for form in forms]
    found: list[Name] = []
    i = 0
    while i < len(low):
        end = _date_end(low, forms, i) if low[i] in _CUES or low[i][0].isdigit() else i
        if end > i:
            found.append(Name(first=i, last=end - 1, label="DATE"))
            i = end
        else:
            i += 1
    return found


def _date_end(low: Sequence[str], forms: Sequence[str], i: int) -> int:
    word = low[i]
    following = low[i + 1] if i + 1 < len(low) else ""
    if _DATE.match(word) or (
        _YEAR.fullmatch(word) and i and low[i - 1] in ("in", "since", "of", "until", "by", "from")
    ):
        return i + 1
    if word in _RELATIVE:
        return i + 1
    if word in _POINTER and (following in _SPAN or following in _DAY or following in _MONTH):
        return i + 2
    named = word in _DAY or (
        word in _MONTH and forms[i][:1].isupper() and (word not in ("may", "march") or _counts(following))
    )
    counted = _counts(word) and following in _MONTH and forms[i + 1][:1].isupper()
    if not (named or counted):
        return i
    end = i + 1
    while end < len(low) and (
        _counts(low[end]) or (low[end] in _MONTH and forms[end][:1].isupper()) or low[end] in _DAY
        or (low[end] == "," and end + 1 < len(low) and (low[end + 1] in _MONTH or _YEAR.fullmatch(low[end + 1])))
    ):  # fmt: skip
        end += 1
    return end


def _counts(word: str) -> bool:
    return bool(_NUMBER.match(word)) and ":" not in word and len(word) <= 5


def find_money(forms: Sequence[str]) -> list[Name]:
    """`$ 5.2 billion`, `300 million euros`."""
    low = [form.lower() for form in forms]
    found: list[Name] = []
    i = 0
    while i < len(low):
        end = i
        if low[i] in _SIGN or (low[i][:1].isdigit() and i + 1 < len(low)):
            end = i + 1
            while end < len(low) and (low[end][:1].isdigit() or low[end] in _SCALE):
                end += 1
            if end < len(low) and low[end] in _COIN:
                end += 1
            elif low[i] not in _SIGN or end == i + 1:
                end = i
        if end > i:
            found.append(Name(first=i, last=end - 1, label="MONEY"))
            i = end
        else:
            i += 1
    return found


def join_names(*layers: Sequence[Name]) -> tuple[Name, ...]:
    """Names of all layers in order; where two overlap, the earlier layer's stays."""
    taken: set[int] = set()
    kept: list[Name] = []
    for layer in layers:
        for name in layer:
            words = range(name.first, name.last + 1)
            if taken.isdisjoint(words):
                taken.update(words)
                kept.append(name)
    return tuple(sorted(kept, key=lambda name: name.first))
