"""What the pipeline should tell about a text whose parse is less sure than usual."""

from __future__ import annotations

import re
from collections.abc import Sequence

from demarche.records import Tree

__all__ = ["parse_warnings"]

LONG_SENTENCE = 200
"""Words. Beyond it the parser sees windows, and trees are rarely right."""
LONG_RUN = 1000
"""Characters without a blank; in plain text there are none."""
_RUN = re.compile(rf"\S{{{LONG_RUN}}}")


def parse_warnings(text: str, trees: Sequence[Tree]) -> tuple[str, ...]:
    """Short notes for `document.warnings`, at most one of each kind, in a fixed order; empty for ordinary text."""
    found = []
    if "\x00" in text:
        found.append("text holds NUL characters: left out of every word")
    if _RUN.search(text):
        found.append(f"a run of over {LONG_RUN} characters without a blank: cut into words by force")
    longest = max((len(tree) for tree in trees), default=0)
    if longest > LONG_SENTENCE:
        found.append(f"a sentence of {longest} words: parsed in windows, its tree is unsure")
    letters = sum(map(str.isalpha, text))
    latin = sum(c.isalpha() and c < "\u0250" for c in text)
    if letters > 20 and latin < letters / 2:
        found.append("most letters are not Latin: the parser reads English")
    return tuple(found)
