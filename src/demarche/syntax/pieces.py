"""Words to encoder pieces: uncased WordPiece (Wu et al. 2016, as in BERT) and a shape for each word.

The encoder knows no capitals; the shape of a word and whether a blank stands before it come in beside its pieces.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

__all__ = ["EDGE_SHAPE", "SHAPES", "Pieces", "word_shape"]

SHAPES = 17
"""Eight shapes, each with and without a blank before the word, and one for the marks at both edges."""
EDGE_SHAPE = 16

_QUOTES = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "‛": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"',
     "»": '"', "‐": "-", "‑": "-", "‒": "-", "−": "-"}
)  # fmt: skip
_HEAD, _TAIL = 6, 4
"""Pieces kept of an overlong word (an address, a run of letters): its beginning and its end."""
_LONGEST = 64
"""Characters of a run beyond which it is cut before pieces are sought: keeps the search linear."""
_CACHE = 200_000


def word_shape(form: str) -> int:
    """0 lower, 1 Title, 2 UPPER, 3 one capital, 4 capitals inside, 5 digits, 6 neither, 7 letters and digits."""
    letters = [c for c in form if c.isalpha()]
    digits = any(c.isdigit() for c in form)
    if not letters:
        return 5 if digits else 6
    if digits:
        return 7
    if not any(c.isupper() for c in letters):
        return 0
    if len(letters) == 1:
        return 3
    if all(c.isupper() for c in letters):
        return 2
    return 1 if letters[0].isupper() and not any(c.isupper() for c in letters[1:]) else 4


class Pieces:
    """A vocabulary and a cache of the words already cut; results do not depend on what was asked before."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._ids = {piece: i for i, piece in enumerate(vocabulary)}
        self._unknown = self._ids["[UNK]"]
        self.first, self.last = self._ids["[CLS]"], self._ids["[SEP]"]
        self._cache: dict[str, tuple[tuple[int, ...], int]] = {}

    def cut(self, form: str) -> tuple[int, ...]:
        """Piece ids of one word, at least one, at most ten."""
        return self.cut_with_shape(form)[0]

    def cut_with_shape(self, form: str) -> tuple[tuple[int, ...], int]:
        """Piece ids of one word and its shape."""
        found = self._cache.get(form)
        if found is None:
            found = self._cut(form), word_shape(form)
            if len(self._cache) >= _CACHE:
                self._cache.clear()
            self._cache[form] = found
        return found

    def encode(self, forms: Sequence[str]) -> list[tuple[int, ...]]:
        """Piece ids of each word."""
        return [self.cut(form) for form in forms]

    def _cut(self, form: str) -> tuple[int, ...]:
        if len(form) > 2 * _LONGEST:
            form = form[:_LONGEST] + form[-_LONGEST:]
        ids = [i for run in _runs(_plain(form)) for i in self._run(run)]
        if len(ids) > _HEAD + _TAIL:
            ids = ids[:_HEAD] + ids[-_TAIL:]
        return tuple(ids) or (self._unknown,)

    def _run(self, run: str) -> list[int]:
        """Longest pieces from the left; a run that no pieces cover is unknown as a whole."""
        ids: list[int] = []
        at = 0
        while at < len(run):
            for end in range(len(run), at, -1):
                piece = self._ids.get(("##" if at else "") + run[at:end])
                if piece is not None:
                    ids.append(piece)
                    at = end
                    break
            else:
                return [self._unknown]
        return ids


def _plain(form: str) -> str:
    """Lower case, no accents, no control characters, plain quotes."""
    text = unicodedata.normalize("NFD", form.translate(_QUOTES).lower())
    return "".join(c for c in text if unicodedata.category(c) not in ("Mn", "Cc", "Cf"))


def _runs(text: str) -> list[str]:
    """Runs of letters and digits; every other character, and every ideograph, alone."""
    runs: list[str] = []
    open_run = False
    for c in text:
        if c.isspace():
            open_run = False
        elif _alone(c):
            runs.append(c)
            open_run = False
        elif open_run:
            runs[-1] += c
        else:
            runs.append(c)
            open_run = True
    return runs


def _alone(c: str) -> bool:
    code = ord(c)
    if 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126:
        return True
    if 0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF or 0x20000 <= code <= 0x2CEAF or 0xF900 <= code <= 0xFAFF:
        return True
    return unicodedata.category(c).startswith("P")
