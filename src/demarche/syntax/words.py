"""Raw text to words as UD English cuts them: punctuation off, clitics off, compounds cut at the hyphen.

One pass with one pattern over chunks of limited length: linear in the text, whatever it holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from demarche.syntax.lexicon import Lexicon

__all__ = ["Word", "split_words"]

CHUNK = 2000
"""Characters without a blank that are looked at together; a longer run is cut here."""


@dataclass(frozen=True, slots=True)
class Word:
    """A UD word: text[start:end]."""

    start: int
    end: int
    text: str


_CHUNK = re.compile(rf"[^\s\x00]{{1,{CHUNK}}}")
_PATTERN = re.compile(
    r"""
      (?P<link>(?:https?://|www\.)[^\s<>"“”]*[^\s<>"“”.,;:!?)\]}'’])
    | (?P<mail>[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+)
    | (?P<site>(?:[A-Za-z0-9-]{1,63}\.){1,4}(?:com|org|net|gov|edu|int|co\.uk|info|eu|ru|cn|tv)\b(?!\.\w))
    | (?P<tag>[@\#][A-Za-z_]\w*)
    | (?P<number>
        \d{1,4}[-/]\d{1,2}[-/]\d{1,4}(?!\w)
      | \d{3}-\d{3}-\d{4}(?!\w) | \d{3}-\d{4}(?!\w)
      | \d{1,2}(?::\d{2}){1,2}(?!\d)
      | \d+(?:,\d{3})+(?:\.\d+)?(?!\d)
      | \d+(?:\.\d+)+(?!\d)
      | \d+/\d+(?!\w)
      | \d+(?:st|nd|rd|th|s)(?!\w)
      | \d+(?=(?:mm|cm|km|kg|ft|pm|am|AM|PM|k|bn|m|mph|kph|g)(?!\w))
      | \.\d+(?!\w)
      )
    | (?P<dotted>(?:[^\W\d_]\.){2,}(?:[^\W\d_](?!\w))?)
    | (?P<word>\w+(?:&\w+)*(?:[’'`]\w+)*)
    | (?P<ellipsis>\.{2,}|…+)
    | (?P<dash>-{2,}|[—–]+)
    | (?P<face>[:;]-?[)(DPp](?!\w))
    | (?P<marks>[!?]+|''|‘‘|’’|``|\*+|_+|=+|~+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_AFTER_HYPHEN = re.compile(r"\w+")
_CLITIC = re.compile(r"(?P<stem>.*\w)(?P<clitic>n[’']t|[’'](?:s|re|ve|ll|d|m))", re.IGNORECASE | re.DOTALL)
_LONGEST_WITH_CLITIC = 40
_JOINED = {
    "cannot": 3, "gonna": 3, "wanna": 3, "gotta": 3, "gimme": 3, "lemme": 3, "dont": 2, "doesnt": 4, "didnt": 3,
    "isnt": 2, "wasnt": 3, "arent": 3, "couldnt": 5, "wouldnt": 5, "shouldnt": 6, "havent": 4, "hasnt": 3,
}  # fmt: skip
"""Two words written as one: letters of the first. (*wont*, *cant* are words of their own.)"""


def split_words(text: str, lexicon: Lexicon) -> list[Word]:
    """Words of one text in order; white space and NUL are in none."""
    words: list[Word] = []
    for chunk in _CHUNK.finditer(text):
        plain = chunk[0]
        if plain.isalpha() and plain.lower() not in _JOINED:  # most of a text: nothing to cut
            words.append(Word(chunk.start(), chunk.end(), plain))
            continue
        digit = text[chunk.end() + 1 : chunk.end() + 2].isdigit()
        _split_chunk(plain, chunk.start(), digit, lexicon, words)
    return words


def _split_chunk(chunk: str, offset: int, digit: bool, lexicon: Lexicon, words: list[Word]) -> None:
    at = 0
    while at < len(chunk):
        match = _PATTERN.match(chunk, at)
        assert match is not None, "the last branch takes any character"
        end = match.end()
        cuts = [at]
        if match.lastgroup == "word":
            end = _with_prefix(chunk, at, end, lexicon)
            cuts += _clitics(chunk, at, end)
            if len(cuts) == 1:
                end = _with_stop(chunk, at, end, digit, lexicon)
        for low, high in zip(cuts, [*cuts[1:], end], strict=True):
            words.append(Word(offset + low, offset + high, chunk[low:high]))
        at = end


def _with_stop(chunk: str, start: int, end: int, digit: bool, lexicon: Lexicon) -> int:
    """Take the full stop in where it belongs to the word: a known abbreviation, an initial."""
    if chunk[end : end + 1] != "." or chunk[end + 1 : end + 2] == ".":
        return end
    word = chunk[start:end]
    if len(word) == 1 and word.isupper() and word != "I":
        return end + 1
    known = word in lexicon.before_name or word in lexicon.anywhere
    return end + 1 if known or (digit and word in lexicon.before_digit) else end


def _with_prefix(chunk: str, start: int, end: int, lexicon: Lexicon) -> int:
    """`non-avian`, `mid-August`, `e-mail` stay whole."""
    if chunk[end : end + 1] != "-" or chunk[start:end].lower() not in lexicon.prefixes:
        return end
    rest = _AFTER_HYPHEN.match(chunk, end + 1)
    return rest.end() if rest else end


def _clitics(chunk: str, start: int, end: int) -> list[int]:
    """Where clitics begin: `should|n't|'ve`."""
    text = chunk[start:end]
    if text.lower() in _JOINED:
        return [start + _JOINED[text.lower()]]
    cuts: list[int] = []
    match = _CLITIC.fullmatch(text) if len(text) <= _LONGEST_WITH_CLITIC else None
    while match:
        cuts.append(start + match.start("clitic"))
        match = _CLITIC.fullmatch(match["stem"])
    return cuts[::-1]
