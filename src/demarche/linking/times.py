"""Time phrases of a sentence: where they stand, what preposition opens them, and their intervals."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from demarche.linking import calendar as cal
from demarche.linking.calendar import Interval
from demarche.linking.folding import has_plain_case
from demarche.linking.time_rules import (
    DOW,
    FULL,
    HOLIDAY,
    LEAD,
    MON,
    MONTHS,
    NUM,
    PART,
    UNIT,
    Anchor,
    any_of,
    parse_phrase,
)  # fmt: skip

__all__ = ["TimePhrase", "find_phrases"]


@dataclass(frozen=True, slots=True)
class TimePhrase:
    """A phrase found in a text, with its interval."""

    start: int
    end: int
    interval: Interval
    relation: str


HOLIDAY_X = HOLIDAY.replace(" ", r"\ ").replace("'", "['’]")
CORE = rf"""(?ix)(?<![\w$€£-])(?:
  (?:the\ )?week\ of\ (?:{MON})\.?\ \d{{1,2}}\b
 |(?:from|between)\ (?:19|20)\d\d\ (?:to|and|until|through)\ (?:19|20)\d\d\b
 |(?:from|between)\ (?:{DOW})\ (?:to|and|until|through)\ (?:{DOW})\b
 |(?:in\ |for\ )?(?:fiscal|financial)\ (?:year\ )?(?:19|20)\d\d\b
 |(?:the\ )?(?:latest|current)\ (?:quarter|month|year|week)\b
 |(?:the\ )?(?:19|20)\d\d\ (?:first|second|third|fourth)[-\ ]quarter\b
 |(?:the\ )?year-(?:ago|earlier)\ quarter\b
 |(?:last|this|next)\ fall\b
 |(?:the\ )?['’]\d0s\b
 |  (?:from\ |between\ )?(?:{MON})\.?\ \d{{1,2}}(?:st|nd|rd|th)?\ ?(?:to|and|-|–|through|until)\ ?(?:(?:{MON})\.?\ )?\d{{1,2}}\b(?:,?\ \d{{4}})?
 |(?:(?:{DOW})\.?,?\ )?(?:{MON})\.?\ \d{{1,2}}(?:st|nd|rd|th)?\b(?!\s?(?:percent|per\ cent|million))(?:,?\ (?:19|20)\d\d\b)?
 |(?:(?:{DOW})\.?,?\ )?\d{{1,2}}(?:st|nd|rd|th)?(?:\ of)?\ (?:{MON})\b\.?(?:,?\ (?:19|20)\d\d\b)?
 |\d{{4}}-\d\d-\d\d
 |\d{{1,2}}(?::\d\d)?\ ?[ap]\.?m\.?(?:\ local\ time)?(?:\ on)?(?:\ (?:{DOW}|today|tomorrow|yesterday))?
 |(?:noon|midnight)(?:\ on)?\ (?:{DOW}|today|tomorrow|yesterday)
 |(?:(?:early|late|mid)[-\ ](?:on\ )?)?(?:(?:last|this|next|previous|past|coming)\ )?(?:{DOW})\b\.?(?:\ (?:{PART})\b)?
 |(?:(?:early|late)\ )?(?:this|yesterday|tomorrow|last|next)\ (?:{PART})\b
 |(?:early|mid|late|earlier|later)[-\ ](?:in\ )?(?:(?:last|this|next)\ )?(?:{MON})\b\.?(?:,?\ (?:19|20)\d\d)?
 |(?:(?:last|this|next|past|previous)\ )?(?:{any_of([m for m in MONTHS if m not in ("may", "mar", "march", "sep", "dec", "jun", "jul", "apr", "aug", "jan", "feb", "nov", "oct", "sept")])})\b(?:,?\ (?:of\ )?(?:(?:19|20)\d\d|last\ year|this\ year|next\ year))?
 |(?:in|since|by|until|of|last|this|next|early|late|mid|during|through|from|for)[-\ ](?:march|may)\b(?:,?\ (?:of\ )?(?:(?:19|20)\d\d|last\ year|this\ year|next\ year))?
 |(?:march|may|jan|feb|mar|apr|aug|sept?|oct|nov|dec)\.?,?\ (?:19|20)\d\d
 |(?:early|mid|late|earlier|later|the\ middle\ of|the\ beginning\ of|the\ start\ of|the\ end\ of|end\ of)[-\ ](?:in\ )?(?:the\ )?(?:last\ |this\ |next\ |the\ |coming\ )?(?:week|month|year|decade|quarter|(?:19|20)\d\ds?)\b
 |(?:last|this|next|previous|past|coming|following|the\ following|the\ previous|the\ next|the\ same)\ (?:weekend|week|month|quarter|year|decade|day)\b
 |(?:over|during|at|on)\ the\ weekend\b|the\ weekend\b
 |the\ day\ (?:before|after)(?:\ yesterday|\ (?:the\ )?[a-z]+)?|a\ day\ (?:earlier|later)
 |(?:just\ |only\ )?(?:(?:a\ few|several|{NUM})\ )?(?:days?|weeks?|months?|years?)\ (?:before|after)\ the\ [a-z]+
 |today|tonight|yesterday|tomorrow|overnight
 |(?:more\ than\ |about\ |nearly\ |almost\ |some\ |just\ |over\ )?(?:{NUM})[-\ ](?:{UNIT})s?\ (?:ago|earlier|from\ now|later|hence)\b
 |(?:in|over|during|for)\ the\ (?:past|last|coming|next)\ (?:(?:{NUM}|few)\ )?(?:{UNIT})s?\b
 |within\ (?:{NUM}|the\ next\ (?:{NUM}))\ (?:{UNIT})s?\b
 |(?:{NUM})[-\ ](?:{UNIT})s?\ [a-z]+\ (?:starting|beginning|from)\ (?:(?:late|early)\ )?(?:on\ )?(?:{DOW}|today|tomorrow)
 |(?:the\ )?(?:first|second|third|fourth)[-\ ]quarter(?:\ of)?(?:\ (?:19|20)\d\d|\ last\ year|\ this\ year)?
 |(?:the\ )?(?:first|second)\ half\ of\ (?:(?:19|20)\d\d|last\ year|this\ year|the\ year)
 |(?:(?:last|this|next)\ |the\ )?(?:spring|summer|autumn|winter)(?:\ of)?(?:\ (?:19|20)\d\d)?\b
 |(?:(?:early|mid|late)[-\ ])?(?:the\ )?(?:(?:early|mid|late)[-\ ])?(?:1[5-9]|20)\d0s
 |(?:(?:last|this|next)\ )?(?:{HOLIDAY_X})(?:,?\ \d{{4}})?\b
 |(?:\d\d(?:th|st)|nineteenth|twentieth|twenty-first)[-\ ]century
 |(?:in|since|by|until|from|of|during|before|after|late|early|to|through)\ (?:early\ |late\ |mid-)?(?:1[6-9]|20)\d\d\b
)"""
FINDER = re.compile(CORE)
NEEDED = re.compile(
    r"\d|\b(?:week|month|year|quarter|decade|day|minute|hour|fall|spring|summer|autumn|winter|century|today|tonight"
    rf"|yesterday|tomorrow|overnight|christmas|easter|thanksgiving|nowruz|{DOW}|{MON}|{PART})"
)
"""Every phrase of `FINDER` holds a digit or a word that begins so (in lower case): most sentences hold none, which costs
a twentieth of trying all its forms."""
FALSE = re.compile(r"(?i)^(?:of|to|from) (?:1[6-9]|20)\d\d$")
BEFORE = re.compile(
    r"(?i)(since|until|till|before|after|by|from|through|as of|starting|beginning)\s+(?:the\s+|late\s+|early\s+)?$"
)


def find_phrases(
    text: str, base: datetime, direction: Callable[[int, int], str], anchors: tuple[Anchor, ...] = ()
) -> list[TimePhrase]:
    """Time phrases of one sentence with their intervals; offsets in `text`.

    Args:
        direction: from a span of the sentence to past, future or none.
    """
    found: list[TimePhrase] = []
    if not NEEDED.search(text.lower()) and has_plain_case(text):
        return found
    for match in FINDER.finditer(text):
        words = match[0].strip()
        if (
            FALSE.match(words)
            and not re.search(
                r"(?i)\b(?:summer|spring|end|start|beginning|quarter|half|early|late)\s+$", text[: match.start()]
            )
            and (words[:2].lower() != "to" or not re.search(r"\bfrom (?:19|20)\d\d $", text[: match.start()]))
        ):
            continue
        interval = parse_phrase(words, base, direction(match.start(), match.end()), anchors)
        if interval is None or (interval.start is None and interval.end is None):
            continue
        start, end = match.start(), match.start() + len(match[0].rstrip())
        if text[end - 1] == "." and text[: end - 1].rsplit(maxsplit=1)[-1].lower() in FULL:  # the sentence's stop
            end -= 1
        lead = LEAD.match(words.lower())
        relation = _relation(text[: match.start()], words)
        if lead and lead[0].strip() not in {"the", "just"}:
            start += lead.end()
        found.append(TimePhrase(start, end, _opened(interval, relation, base), relation))
    return found


def _relation(before: str, words: str) -> str:
    match = BEFORE.search(before[-24:])
    word = (match[1] if match else words.split(maxsplit=1)[0]).lower()
    return {
        "since": "since",
        "until": "until",
        "till": "until",
        "before": "before",
        "after": "after",
        "by": "until",
        "from": "on",
        "through": "until",
    }.get(word, "on")


def _opened(interval: Interval, relation: str, base: datetime) -> Interval:
    """Open the side that a preposition leaves open."""
    if relation == "since":
        return replace(interval, end=cal.midnight(base) + timedelta(1), open_end=True)
    if relation in {"until", "before"}:
        return replace(interval, open_start=True, end=interval.start if relation == "before" else interval.end)
    if relation == "after":
        return replace(interval, start=interval.end, open_end=True)
    return interval
