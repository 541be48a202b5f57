"""Names of a sentence: from the name head's probabilities, and dates and money by rule."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from demarche.records import Name
from demarche.resources import read_toml

__all__ = ["decode_names", "find_dates", "find_money", "join_names", "name_words", "tidy_names"]

_YEAR = re.compile(r"(1[5-9]|20)\d\d")
_NUMBER = re.compile(r"\d[\d.,:]*(st|nd|rd|th)?$|'?\d\ds$")
_YEARS = re.compile(r"(1[5-9]|20)\d\d[-–](\d\d|(1[5-9]|20)\d\d)|(1[5-9]|20)\d0s")
_ORDINAL = re.compile(r"\d{1,2}(st|nd|rd|th)")
_DATE = re.compile(r"\d{1,4}[-/]\d{1,2}[-/]\d{1,4}$")


@functools.cache
def _lists() -> dict[str, frozenset[str]]:
    """`resources/syntax/dates_money.toml`; `months` with and without a stop, `cues`: what a date can begin with."""
    lists = {key: frozenset(words.split()) for key, words in read_toml("syntax/dates_money.toml").items()}
    lists["months"] |= {f"{month}." for month in lists["months"]}
    lists["cues"] = lists["months"] | lists["days"] | lists["relative"] | lists["pointers"]
    return lists


def name_words(*keys: str) -> frozenset[str]:
    """Lists of `resources/syntax/dates_money.toml` together."""
    return frozenset().union(*(_lists()[key] for key in keys))


def decode_names(scores: npt.NDArray[np.float32], labels: Sequence[str]) -> list[Name]:
    """Runs of words that are more likely inside a name than not; one kind a run, by the sum of its words.

    Args:
        scores: (words, labels) probabilities; labels `O`, `B-kind`, `I-kind` with B and I of a kind side by side.
    """
    inside = np.flatnonzero(scores[:, 0] < 0.5).tolist()
    found: list[Name] = []
    first = last = -2
    sums: list[float] = []
    for i, row in zip(inside, scores[inside].tolist(), strict=True):
        begins, goes_on = row[1::2], row[2::2]
        kinds = [a + b for a, b in zip(begins, goes_on, strict=True)]
        if i == last + 1 and sum(begins) <= sum(goes_on):
            last, sums = i, [a + b for a, b in zip(sums, kinds, strict=True)]
            continue
        found += _named(first, last, sums, labels)
        first, last, sums = i, i, kinds
    return [*found, *_named(first, last, sums, labels)]


LEAST = {"ORG": 0.8, "PER": 0.8, "LOC": 0.8}
"""Mean probability of being in a name that a run needs, by kind: what voters disagreed on was left out of training, so
the head sees names too readily. Swept from .5 to .85 on the three dev sets (docs/syntax.md)."""


def _named(first: int, last: int, sums: Sequence[float], labels: Sequence[str]) -> list[Name]:
    if not sums:
        return []
    label = labels[1 + 2 * max(range(len(sums)), key=sums.__getitem__)][2:]
    sure = sum(sums) >= LEAST.get(label, 0.5) * (last + 1 - first)
    return [Name(first=first, last=last, label=label)] if sure else []


def tidy_names(names: Sequence[Name], forms: Sequence[str]) -> list[Name]:
    """Names as they stand in text: no loose words or marks at their ends, no addresses, no generic words alone.

    A place and the land it lies in are two names. The article before a hyphen belongs to the name (*al-Qaida*), and so
    does *The* with a capital inside a sentence (*told The Hindu*); two runs of one kind on both sides of a hyphen are
    one. *Indian Army* is one body. In text with capitals a name has one. A town and its land are two names without a
    comma, too (*San Rafael Ca*); mail's `Ann Lee@CORP` and `"Lee , Ann"` are one person.
    """
    capitals = any(form[:1].isupper() for form in forms[1:])
    found: list[Name] = []
    for name in names:
        if found and name.first <= found[-1].last:
            continue  # taken into the body before it
        for part in _cut(name, forms, capitals):
            part = _with_body(_as_place(part, forms), forms)
            first = _with_article(part, forms)
            before = found[-1] if found else None
            joined = before is not None and (
                before.last >= first
                or (before.last == first - 2 and before.label == part.label and forms[first - 1] in _HYPHENS)
            )
            if before is not None and joined:
                found[-1] = Name(first=before.first, last=part.last, label=part.label)
            else:
                found += _town_and_land(Name(first=first, last=part.last, label=part.label), forms)
    return _mail_persons(found, forms)


def _as_place(name: Name, forms: Sequence[str]) -> Name:
    """A name whose last word says that it is a place."""
    if name.last > name.first and name.label in ("ORG", "PER") and forms[name.last] in _lists()["place_ends"]:
        return Name(first=name.first, last=name.last, label="LOC")
    return name


def _town_and_land(name: Name, forms: Sequence[str]) -> list[Name]:
    """The town and the state or country behind it as two places; one name stays as it is."""
    words, low = _lists(), [forms[i].lower() for i in range(name.first, name.last + 1)]
    if name.label != "LOC" or len(low) < 2:
        return [name]
    size = 2 if "_".join(low[-2:]) in words["lands"] else 1
    if size == len(low) or "_".join(low[-size:]) not in words["lands"] or low[-size - 1] in words["no_towns"]:
        return [name]
    if len(low[-1]) == 2 and forms[name.last].islower() and not forms[name.first].islower():
        return [name]  # a small word rather than a state: *Tierra al*
    town = Name(first=name.first, last=name.last - size, label="LOC")
    return [town, Name(first=name.last - size + 1, last=name.last, label="LOC")]


def _mail_persons(names: Sequence[Name], forms: Sequence[str]) -> list[Name]:
    """Persons as mail heads write them: a company behind an at sign, the surname first in quotes."""
    found: list[Name] = []
    for name in names:
        last = name.last
        if name.label == "PER" and last + 1 < len(forms) and _at_company(forms[last + 1]):
            last += 1
        before = found[-1] if found else None
        if before is not None and before.last == name.first - 2 and before.label == name.label == "PER":
            around = (
                forms[before.first - 1] if before.first else "",
                forms[last + 1] if last + 1 < len(forms) else '"',
            )
            if forms[name.first - 1] == "," and around[0] in _QUOTES and around[1] in (*_QUOTES, "<"):
                found[-1] = Name(first=before.first, last=last, label="PER")
                continue
        found.append(Name(first=name.first, last=last, label=name.label))
    return found


def _at_company(form: str) -> bool:
    before, _, after = form.partition("@")
    return bool(before and after) and "." not in after


def _cut(name: Name, forms: Sequence[str], capitals: bool) -> list[Name]:
    words = _lists()
    own = range(name.first, name.last + 1)
    if any("://" in forms[i] or "@" in forms[i] or forms[i].startswith("www.") for i in own):
        return []
    if name.label == "LOC" and "," in forms[name.first : name.last + 1]:
        commas = [i for i in own if forms[i] == ","]
        edges = [name.first - 1, *commas, name.last + 1]
        parts = [Name(first=a + 1, last=b - 1, label="LOC") for a, b in pairwise(edges) if b - a > 1]
        return [part for whole in parts for part in _cut(whole, forms, capitals)]
    written = [i for i in own if any(c.isupper() for c in forms[i])]
    if capitals and not written:
        return []
    first, last = name.first, name.last
    if written and name.label == "ORG":
        while first < written[0] and forms[first].islower() and forms[first] not in words["name_articles"]:
            first += 1
        while last > written[-1] and forms[last].islower():
            last -= 1
    while first <= last and (forms[first].lower() in words["no_name_begins"] or not _worded(forms[first])):
        first += 1
    while last > first and (
        forms[last].lower() in words["no_name_ends"] or forms[last] in _OPEN_ENDS or _loose_stop(first, last, forms)
    ):
        last -= 1
    if first > last or (first == last and forms[first].lower() in words["no_names"]):
        return []
    return [Name(first=first, last=last, label=name.label)]


def _loose_stop(first: int, last: int, forms: Sequence[str]) -> bool:
    """A stop at the end that is no part of torn initials (*U . S .*)."""
    return forms[last] == "." and not (last - 2 >= first and forms[last - 2] == ".")


def _with_article(name: Name, forms: Sequence[str]) -> int:
    """Where the name begins with the article that belongs to it."""
    first = name.first
    if first > 1 and forms[first - 1] in _HYPHENS and forms[first - 2].lower() in _lists()["name_articles"]:
        return first - 2
    inside = first > 1 and forms[first - 1] == "The" and forms[first - 2][:1].isalnum()
    return first - 1 if inside and name.label in ("ORG", "LOC") else first


def _with_body(name: Name, forms: Sequence[str]) -> Name:
    """A nationality and the forces or the house behind it are one body."""
    if name.label != "NORP":
        return name
    for size in (2, 1):
        last = name.last + size
        if last < len(forms) and " ".join(forms[name.last + 1 : last + 1]) in _BODIES:
            return Name(first=name.first, last=last, label="ORG")
    return name


_HYPHENS = frozenset("-‐‑")
_BODIES = frozenset(("Army", "Navy", "Parliament", "Embassy", "Armed Forces", "Air Force", "Coast Guard"))
"""What a nationality before it makes one name with; *police* and *government* stay apart, as in news sets."""
_QUOTES = frozenset('"“”')
_OPEN_ENDS = frozenset(',;:-–—"“”‘([')


def _worded(form: str) -> bool:
    return any(c.isalnum() for c in form)


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
    if _DATE.match(word) or _YEARS.fullmatch(word) or (_YEAR.fullmatch(word) and _year_alone(low, i)):
        return i + 1
    if word in words["relative"]:
        return i + 1
    if word in words["pointers"] and (
        following in words["spans"] or following in words["days"] or following in words["months"]
    ):
        return i + 2
    before = low[i - 1] if i else ""
    named = word in words["days"] or (
        word in words["months"]
        and forms[i][:1].isupper()
        and (word not in ("may", "march") or _counts(following) or (before in words["year_leads"] and before != "and"))
    )
    counted = _counts(word) and following in words["months"] and forms[i + 1][:1].isupper()
    if _ORDINAL.fullmatch(word) and following == "of" and i + 2 < len(low) and low[i + 2] in words["months"]:
        counted = forms[i + 2][:1].isupper()
        end = i + 3
    else:
        end = i + 1
    if not (named or counted):
        return i
    while end < len(low) and _goes_on(low, forms, end, words):
        end += 1
    return end


def _year_alone(low: Sequence[str], i: int) -> bool:
    """Whether a bare number from 1500 to 2099 is a year: not *2022 soldiers*, not *$ 2000*."""
    words = _lists()
    before = low[i - 1] if i else ""
    if before in words["signs"] or (i + 1 < len(low) and low[i + 1] in words["scales"]):
        return False
    follows = i + 1 == len(low) or low[i + 1] in words["year_follows"]
    return before in words["year_leads"] - {"to", "and", "between", "around", "("} or (follows and bool(before))


def _goes_on(low: Sequence[str], forms: Sequence[str], i: int, words: dict[str, frozenset[str]]) -> bool:
    """Whether a date reaches over word i: a number, month or day, or a comma before a month or a year."""
    if low[i] == "," and i + 1 < len(low):
        return low[i + 1] in words["months"] or bool(_YEAR.fullmatch(low[i + 1]))
    if low[i] == "." and low[i - 1] in words["months"] and i + 1 < len(low):
        return _counts(low[i + 1])  # a stop torn off: *Oct . 19*
    return _counts(low[i]) or low[i] in words["days"] or (low[i] in words["months"] and forms[i][:1].isupper())


def _counts(word: str) -> bool:
    return bool(_NUMBER.match(word)) and ":" not in word and len(word) <= 5


def find_money(forms: Sequence[str]) -> list[Name]:
    """`$ 5.2 billion`, `US $ 3 m`, `RM 400`, `300 million euros`, `5 Zimbabwean dollars`, `336-million-ringgit`."""
    words = _lists()
    low = [form.lower() for form in forms]
    found: list[Name] = []
    i = 0
    while i < len(low):
        end = i
        if low[i] in words["signs"] or forms[i] in words["codes"] or low[i][:1].isdigit() or low[i] in words["scales"]:
            end = _money_end(low, forms, i)
        if end > i:
            torn = i and low[i] in words["signs"] and forms[i - 1] in words["sign_heads"]
            found.append(Name(first=i - bool(torn), last=end - 1, label="MONEY"))
            i = end
        else:
            i += 1
    return found


def _money_end(low: Sequence[str], forms: Sequence[str], i: int) -> int:
    words = _lists()
    led = low[i] in words["signs"] or forms[i] in words["codes"]
    end = i + led
    while end < len(low):
        number = low[end][:1].isdigit() or low[end] in words["scales"]
        joined = low[end] == "-" and end > i + led and end + 1 < len(low)
        if not number and not (joined and (low[end + 1] in words["scales"] or low[end + 1] in words["coins"])):
            break
        end += 1
    if led and (end == i + 1 or not low[i + 1][:1].isdigit()):
        return i
    if end < len(low) and low[end] in words["coins"]:
        return end + 1
    if end + 1 < len(low) and forms[end][:1].isupper() and forms[end].isalpha() and low[end + 1] in words["coins"]:
        return end + 2
    return end if led else i


def join_names(*layers: Sequence[Name]) -> tuple[Name, ...]:
    """Names of all layers in order; where two overlap, the earlier layer's stays.

    A date inside the name of a body is no date: *USA Today*, *Sunday Times*.
    """
    bodies = [name for layer in layers for name in layer if name.label == "ORG" and name.last > name.first]
    taken: set[int] = set()
    kept: list[Name] = []
    for layer in layers:
        for name in layer:
            if name.label == "DATE" and any(b.first <= name.first and name.last <= b.last for b in bodies):
                continue
            words = range(name.first, name.last + 1)
            if taken.isdisjoint(words):
                taken.update(words)
                kept.append(name)
    return tuple(sorted(kept, key=lambda name: name.first))
