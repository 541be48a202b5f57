"""The language of a text. English is told by its function words; only what fails that test costs a model."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

__all__ = ["detect_language", "foreign_paragraphs"]

_ENGLISH = frozenset(
    "the of and to in that is was for on with as by at from has have be said it he she his her not are were will which "
    "an had who their its they this but would more than been after over about we our you what when".split()
)
_SURELY = 0.25
"""Share of English function words among what stands between spaces from which on words need not be cut out finer."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def _english_share(text: str) -> tuple[float, int]:
    words = _WORD.findall(text.lower())
    if not words:
        return 0.0, 0
    return sum(map(_ENGLISH.__contains__, words)) / len(words), len(words)


def _plainly_english(text: str) -> bool:
    """A test by counting a few words, made before the word-by-word one: most paragraphs pass."""
    small = sum(map(text.count, (" the ", " of ", " to ", " and ", " said", " that ")))
    return small * 100 > len(text)


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def detect_language(text: str, *, declared: str | None = None) -> str | None:
    """ISO 639-1 code of a text by its first thousand characters; None for a text without words.

    declared: what the source says; believed only where the text is too short to tell.
    """
    tokens = text[:600].lower().split()
    if len(tokens) > 12 and sum(map(_ENGLISH.__contains__, tokens)) > _SURELY * len(tokens):
        return "en"
    share, words = _english_share(text[:600])
    if words == 0:
        return declared
    if share >= 0.22 and words >= 6:
        return "en"
    if words < 12 and declared:
        return declared.split("-")[0].lower()
    code, probability = _identifier().classify(text[:1000])
    if words < 12 and (share > 0 or probability < 0.9):
        return "en"
    return str(code)


def foreign_paragraphs(texts: list[str], language: str) -> list[int]:
    """Indices of paragraphs (of 20 words and more) that are surely in another language than the document's."""
    found = []
    for index, text in enumerate(texts):
        if language == "en" and (_plainly_english(text) or len(text) < 80):
            continue
        share, words = _english_share(text[:600])
        if words < 20 or (language == "en" and share >= 0.12):
            continue
        code, probability = _identifier().classify(text[:600])
        if code != language and probability > 0.95:
            found.append(index)
    return found
