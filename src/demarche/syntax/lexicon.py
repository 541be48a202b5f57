"""The lists behind words and sentences (`resources/syntax/words.toml`)."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from demarche.resources import read_toml

__all__ = ["Lexicon", "load_lexicon"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Forms as in the file; abbreviations without their last full stop.

    before_name: never at the end of a sentence. anywhere: may be. before_digit: abbreviations only before a digit.
    """

    before_name: frozenset[str]
    anywhere: frozenset[str]
    before_digit: frozenset[str]
    prefixes: frozenset[str]
    openers: frozenset[str]


@functools.cache
def load_lexicon() -> Lexicon:
    """The shipped lists."""
    table = read_toml("syntax/words.toml")
    forms = {key: frozenset(word.removesuffix(".") for word in value.split()) for key, value in table.items()}
    return Lexicon(**forms)
