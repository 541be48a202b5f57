"""Names of a sentence: from the name head's probabilities, and dates and money by rule."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from demarche.records import Name
from demarche.resources import read_toml

__all__ = ["decode_names", "find_dates", "find_money", "join_names"]

_YEAR = re.compile(r"(1[5-9]|20)\d\d")
_NUMBER = re.compile(r"\d[\d.,:]*(st|nd|rd|th)?$|'?\d\ds$")
_DATE = re.compile(r"\d{1,4}[-/]\d{1,2}[-/]\d{1,4}$")


@functools.cache
def _lists() -> dict[str, frozenset[str]]:
    """`resources/syntax/dates_money.toml`; `months` with and without a stop, `cues`: what a date can begin with."""
    lists = {key: frozenset(words.split()) for key, words in read_toml("syntax/dates_money.toml").items()}
    lists["months"] |= {f"{month}." for month in lists["months"]}
    lists["cues"] = lists["months"] | lists["days"] | lists["relative"] | lists["pointers"]
    return lists


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
    words = _lists()
    low = [form.lower() for form in forms]
    found: list[Name] = []
    i = 0
    while i < len(low):
        end = _date_end(low, forms, i) if low[i] in words["cues"] or low[i][0].isdigit() else i
        if end > i:
            found.append(Name(first=i, last=end - 1, label="DATE"))
            i = end
        else:
            i += 1
    return found


def _date_end(low: Sequence[str], forms: Sequence[str], i: int) -> int:
    words = _lists()
    word = low[i]
    following = low[i + 1] if i + 1 < len(low) else ""
    if _DATE.match(word) or (
        _YEAR.fullmatch(word) and i and low[i - 1] in ("in", "since", "of", "until", "by", "from")
    ):
        return i + 1
    if word in words["relative"]:
        return i + 1
    if word in words["pointers"] and (
        following in words["spans"] or following in words["days"] or following in words["months"]
    ):
        return i + 2
    named = word in words["days"] or (
        word in words["months"] and forms[i][:1].isupper() and (word not in ("may", "march") or _counts(following))
    )
    counted = _counts(word) and following in words["months"] and forms[i + 1][:1].isupper()
    if not (named or counted):
        return i
    end = i + 1
    while end < len(low) and _goes_on(low, forms, end, words):
        end += 1
    return end


def _goes_on(low: Sequence[str], forms: Sequence[str], i: int, words: dict[str, frozenset[str]]) -> bool:
    """Whether a date reaches over word i: a number, month or day, or a comma before a month or a year."""
    if low[i] == "," and i + 1 < len(low):
        return low[i + 1] in words["months"] or bool(_YEAR.fullmatch(low[i + 1]))
    return _counts(low[i]) or low[i] in words["days"] or (low[i] in words["months"] and forms[i][:1].isupper())


def _counts(word: str) -> bool:
    return bool(_NUMBER.match(word)) and ":" not in word and len(word) <= 5


def find_money(forms: Sequence[str]) -> list[Name]:
    """`$ 5.2 billion`, `300 million euros`."""
    words = _lists()
    low = [form.lower() for form in forms]
    found: list[Name] = []
    i = 0
    while i < len(low):
        end = i
        if low[i] in words["signs"] or (low[i][:1].isdigit() and i + 1 < len(low)):
            end = i + 1
            while end < len(low) and (low[end][:1].isdigit() or low[end] in words["scales"]):
                end += 1
            if end < len(low) and low[end] in words["coins"]:
                end += 1
            elif low[i] not in words["signs"] or end == i + 1:
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
