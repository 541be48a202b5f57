"""Time phrases of a parsed document: directions from the governing verb, and the record's `Time` rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from demarche.linking.calendar import Interval
from demarche.linking.time_rules import DAYS, Anchor, parse_phrase
from demarche.linking.times import TimePhrase, find_phrases
from demarche.linking.view import View
from demarche.records import Grain, Relation, Time

__all__ = ["TimeReader", "iso_moment", "read_date"]

PLANNED = frozenset("schedule plan expect due set slate prepare intend hope want aim".split())
COMING = frozenset(
    "meet speak vote begin start open travel visit arrive end expire hold take resume convene sign fly host run".split()
)
AHEAD = frozenset("will shall 'll would may might could must should can".split())
CLOCK = re.compile(r"(?i)\d{1,2}(?::\d\d)? ?[ap]\.?m|\d{1,2}:\d\d")
NARRATED = re.compile(
    r"(?i)\b(?:following|next|same|previous) (?:day|week|month|year)\b|\bday (?:before|after)\b(?! the)|"
    r"\b(?:days?|weeks?|months?|years?|decades?|hours?) later\b|\bafter the\b"
)
REACH = 3
"""Sentences over which *the following day* goes back."""
SURE = re.compile(r"(?:1[0-9]|20)\d\d")


def read_date(published: str | None) -> datetime | None:
    """The publication date as a moment without zone; None when unknown or unreadable."""
    if not published:
        return None
    try:
        return datetime.fromisoformat(published.replace("Z", "+00:00")).replace(tzinfo=None)
    except ValueError:
        pass
    for size, pattern in ((10, "%Y-%m-%d"), (7, "%Y-%m"), (4, "%Y")):
        try:
            return datetime.strptime(published[:size], pattern)
        except ValueError:
            continue
    return None


def iso_moment(moment: datetime | None, grain: Grain) -> str | None:
    """ISO date, or date and minute for hours and minutes."""
    if moment is None:
        return None
    if grain in {Grain.HOUR, Grain.MINUTE} or moment.hour or moment.minute:
        return moment.strftime("%Y-%m-%dT%H:%M")
    return moment.strftime("%Y-%m-%d")


@dataclass(slots=True)
class TimeReader:
    """Reads the sentences of one document in order; remembers which day a weekday's name meant."""

    base: datetime | None
    anchors: tuple[Anchor, ...]
    weekdays: dict[str, str] = field(default_factory=dict)
    told: tuple[int, datetime] | None = None

    def read(self, view: View, text: str) -> list[TimePhrase]:
        """Phrases of a sentence with offsets in the document."""
        start = view.tree.start
        sentence = text[start : view.tree.end]
        base = self.base or datetime(2000, 1, 1)
        phrases = find_phrases(sentence, base, lambda s, e: self.direction(view, sentence, s, e), self.anchors)
        found: list[TimePhrase] = []
        for phrase in phrases:
            if self.base is None and not SURE.search(sentence[phrase.start : phrase.end]):
                continue
            told = self._told(phrase, view, sentence, found[-1] if found else None, start)
            if told is not None:
                found.append(TimePhrase(told.start + start, told.end + start, told.interval, told.relation))
        for phrase in found:
            if phrase.interval.start is not None and phrase.interval.grain in {Grain.DAY, Grain.HOUR}:
                self.told = view.number, phrase.interval.start
        return found

    def _told(
        self, phrase: TimePhrase, view: View, sentence: str, before: TimePhrase | None, offset: int
    ) -> TimePhrase | None:
        """The phrase counted from what the text told last (*the following day*, *three days later*); a clock time on
        the day named right before it. None: it would lie after a day it cannot be after.
        """
        words = sentence[phrase.start : phrase.end]
        interval = phrase.interval
        if before is not None and before.interval.grain is Grain.DAY and CLOCK.match(words):
            between = sentence[before.end - offset : phrase.start]
            day = before.interval.start
            if between.strip(" ,") in {"at", "", "about", "around"} and day and interval.start and interval.end:
                shift = datetime(day.year, day.month, day.day) - datetime(*interval.start.timetuple()[:3])
                moved = replace(interval, start=interval.start + shift, end=interval.end + shift)
                return replace(phrase, interval=moved)
        if self.base is None or not NARRATED.search(words):
            return phrase
        if self.direction(view, sentence, phrase.start, phrase.end) == "future":
            return phrase
        anchor = before.interval.start if before is not None and before.interval.grain is Grain.DAY else None
        if anchor is None and self.told is not None and view.number - self.told[0] <= REACH:
            anchor = self.told[1]
        if anchor is not None:
            counted = parse_phrase(words, anchor, "past", self.anchors)
            if counted is not None and counted.start is not None and counted.start <= self.base:
                return replace(phrase, interval=counted)
        late = interval.start is not None and interval.start > self.base
        return None if late or "same" in words.lower() else phrase

    def direction(self, view: View, sentence: str, start: int, end: int) -> str:
        """Past, future or none for words `[start, end)` of the sentence."""
        words = [
            w
            for w in range(len(view))
            if view.tree.starts[w] - view.tree.start < end and view.tree.ends[w] - view.tree.start > start
        ]
        named = next((view.lower[w].rstrip(".") for w in words if view.lower[w].rstrip(".") in DAYS), None)
        found = governing_direction(view, words)
        if named is not None:
            if found == "none" and named in self.weekdays:
                return self.weekdays[named]
            if found != "none":
                self.weekdays[named] = found
        if found == "none" and re.search(r"(?i)\b(?:until|till|by)\s+(?:the\s+)?$", sentence[:start]):
            return "future"  # *has until April 1 to answer*
        return found if found != "none" else "past"


def governing_direction(view: View, words: Sequence[int]) -> str:
    """Tense and mood of the verb that governs the words; none when only nouns do."""
    inside = set(words)
    tops = [w for w in words if view.tree.heads[w] not in inside]
    at = view.tree.heads[tops[-1]] if tops else -1
    for _ in range(7):
        if at < 0:
            break
        found = verb_direction(view, at)
        if found:
            return found
        at = view.tree.heads[at]
    return "none"


def verb_direction(view: View, word: int) -> str | None:
    """What one word says of the direction; None when it says nothing."""
    tree = view.tree
    lemma, tag = tree.lemmas[word].lower(), tree.xpos[word]
    if lemma in PLANNED or view.lower[word] in {"scheduled", "planned", "expected", "due", "upcoming"}:
        return "future"
    helpers = [view.lower[kid] for kid in view.kids(word, "aux", "cop")]
    if any(helper in AHEAD for helper in helpers):
        return "past" if "have" in helpers else "future"
    if tree.upos[word] not in {"VERB", "AUX"} and not helpers:
        return None
    if any(helper in {"was", "were", "had", "did", "has", "have", "been"} for helper in helpers) or tag == "VBD":
        return "past"
    if tag == "VB":
        marked = any(view.lower[kid] == "to" for kid in view.kids(word, "mark"))
        return "future" if marked else None
    if tag == "VBG":
        return "future" if any(helper in {"is", "are"} for helper in helpers) else None
    if tag in {"VBZ", "VBP"}:
        return "future" if lemma in COMING else "past" if lemma in {"say", "tell"} else None
    if tag == "VBN":
        return "future" if any(helper in {"is", "are", "be"} for helper in helpers) else "past"
    return None


def time_row(identifier: str, phrase: TimePhrase, words: str) -> Time:
    """The record's row: the side that the text leaves open is None."""
    interval: Interval = phrase.interval
    relation = {
        "before": Relation.BEFORE,
        "until": Relation.BEFORE,
        "after": Relation.AFTER,
        "since": Relation.AFTER,
    }.get(phrase.relation, Relation.ON)
    start = None if interval.open_start else interval.start
    end = None if interval.open_end else interval.end
    return Time(
        id=identifier, start=iso_moment(start, interval.grain), end=iso_moment(end, interval.grain), grain=interval.grain,
        relation=relation, text=words,
    )  # fmt: skip
