"""Where a dateline ends and the report begins (`KYIV, March 3 (Reuters) – Ukraine said …`), in words.

A dateline is no part of the clause behind it. The treebanks have next to none, so a parser makes it a subject, or the
root (*CAIRO (AFP) - Egypt and Sudan signed*): the words before and behind its end are therefore parsed apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from demarche.syntax.names import name_words
from demarche.syntax.words import Word

__all__ = ["dateline_length"]

LONGEST = 16
"""Words that a dateline has at most, its dash included."""
LEAST = 3
"""Words of a report at least."""
_DASHES = frozenset({"-", "–", "—", "--", "―", "---", ":"})
_OPENERS = frozenset("\"“”'‘«([")


@cache
def _pattern() -> re.Pattern[str]:
    """Of the words with one blank between any two and behind the last."""
    months = "|".join(sorted(map(re.escape, name_words("months")), key=len, reverse=True))
    day = rf"(?i:(?:{months}) \d{{1,2}}|\d{{1,2}} (?:{months}))"
    when = rf"(?P<when>{day}(?: ,)?(?: (?:19|20)\d\d)?)"
    word = r"[^\W\d_a-z][\w.’'/-]*"
    name = rf"{word}(?: (?:of|de|del|di|la|el|al|on|the|am|-|['’]S|{word})){{0,4}}"
    agency = r"\( [^\W\d_a-z][^()]{0,38} \)"
    place = rf"(?P<place>{name}(?: [,/] {name}){{0,2}})"
    filed = rf"{place}(?: ,)?(?: {when})?(?: ,)?(?: (?P<agency>{agency}))?|(?P<alone>{agency})"
    return re.compile(rf"(?:{filed}) (?P<dash>-{{1,3}}|[–—―:]) ")


def dateline_length(words: Sequence[Word]) -> int:
    """Words of the dateline that the sentence begins with, its dash included; 0 where it has none.

    Guards: a place in capitals, or a date or agency behind it (before a colon a date or a region: else it may be who
    speaks); then a capital, a digit or an opening quotation mark.
    """
    at = next((i for i, word in enumerate(words[:LONGEST]) if word.text in _DASHES), None)
    if at is None or at == 0 or len(words) < at + 1 + LEAST:
        return 0
    found = _pattern().match(" ".join([word.text for word in words[:LONGEST]]) + " ")
    size = found[0].count(" ") if found else 0
    if found is None or len(words) < size + LEAST:
        return 0
    last, dash, behind = words[size - 2 : size + 1]
    apart = last.end < dash.start or dash.end < behind.start
    begins = behind.text[0] in _OPENERS or behind.text[0].isdigit() or behind.text[0].isupper()
    colon, day = found["dash"] == ":", words[0].text.lower() in name_words("days")
    told = found["when"] or (not colon and (found["agency"] or found["alone"]))
    told = told or ((not colon or "," in found["place"]) and _loud(found["place"], words[size:]))
    return size if told and apart and begins and not day else 0


def _loud(place: str, behind: Sequence[Word]) -> bool:
    """Whether the place is in capitals and what follows is not."""
    first = re.split(r" [,/] ", place)[0]
    return first.isupper() and len(first) > 2 and any(word.text[-1:].islower() for word in behind[:4])
