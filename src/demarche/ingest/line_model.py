"""A small linear classifier beside the line rules: lines of a flat text that belong to the page, not to the story.

Logistic, over the shape of a line and what stands around it (prose, other fragments, the ends of the text); weights in
`resources/ingest/lines.toml`, set by hand. It judges only lines that no rule knew, never one that
ends as a sentence of six words or more or goes on in lower case, and takes only what is all but certainly no story.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cache

from demarche.ingest.clean import ends_sentence
from demarche.ingest.language import is_function_word
from demarche.records import Role
from demarche.resources import read_toml

__all__ = ["line_marks", "strange_lines"]

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_PROSE, _FRAGMENT, _SENTENCE, _FAR = 14, 22, 6, 99
_FEWEST_PROSE, _LONGEST, _KICKER = 3, 160, 8
"""Paragraphs of prose that a text must have to be judged; characters beyond which a line is left alone; words of a line
above the story beyond which it may be its deck."""


@cache
def _weights() -> tuple[dict[str, float], float, float]:
    table = read_toml("ingest/lines.toml")
    weights = {row["mark"]: float(row["weight"]) for row in table["evidence"]}
    return weights, float(table["most"]), float(table["most_outside"])


def strange_lines(texts: Sequence[str], roles: Sequence[Role | None]) -> dict[int, Role]:
    """Lines (by index) that are not of the story, with the role they most look like; roles: what rules have said."""
    if sum(role is None and _is_prose(text) for text, role in zip(texts, roles, strict=True)) < _FEWEST_PROSE:
        return {}
    if not any(role is None and _may_be_strange(text) for text, role in zip(texts, roles, strict=True)):
        return {}
    weights, most, most_outside = _weights()
    found = {}
    for i, marks in line_marks(texts, roles):
        text = texts[i]
        words = text.count(" ") + 1
        if not _may_be_strange(text):
            continue
        score = sum(weights.get(name, 0.0) * value for name, value in marks.items())
        outside = "in_run" in marks and ("after_story" in marks or ("before_story" in marks and words <= _KICKER))
        if 1 / (1 + math.exp(-score)) < (most_outside if outside else most):
            found[i] = Role.NAVIGATION if words <= 5 else Role.RELATED
    return found


def _may_be_strange(text: str) -> bool:
    """Neither long, nor going on in lower case, nor ended as a sentence is."""
    if len(text) > _LONGEST or text[0].islower():
        return False
    return text.count(" ") + 1 < _SENTENCE or not ends_sentence(text)


def _is_prose(text: str) -> bool:
    return text.count(" ") + 1 >= _PROSE and ends_sentence(text)


def line_marks(texts: Sequence[str], roles: Sequence[Role | None]) -> list[tuple[int, dict[str, float]]]:
    """For each open line that is no prose: what speaks for and against its being of the story."""
    words = [text.count(" ") + 1 for text in texts]
    ended = [ends_sentence(text) for text in texts]
    prose = [role is None and n >= _PROSE and end for role, n, end in zip(roles, words, ended, strict=True)]
    loose = [role is not None or (not end and n <= _FRAGMENT) for role, n, end in zip(roles, words, ended, strict=True)]
    above, below = _steps(prose), _steps(prose[::-1])[::-1]
    run = [a + b - 1 for a, b in zip(_runs(loose), _runs(loose[::-1])[::-1], strict=True)]
    return [
        (i, _marks(texts[i], words[i], above[i], below[i], run[i] if loose[i] else 0))
        for i, role in enumerate(roles)
        if role is None and not prose[i]
    ]


def _steps(prose: list[bool]) -> list[int]:
    """Lines between each line and the last prose above it; `_FAR` where there is none."""
    found, steps = [], _FAR
    for is_prose in prose:
        found.append(steps)
        steps = 0 if is_prose else min(_FAR, steps + 1)
    return found


def _runs(loose: list[bool]) -> list[int]:
    """Length of the run of loose lines up to and with each line."""
    found, length = [], 0
    for is_loose in loose:
        length = length + 1 if is_loose else 0
        found.append(length)
    return found


def _marks(text: str, words: int, above: int, below: int, run: int) -> dict[str, float]:
    tokens = _WORD.findall(text)
    holds = {
        "one_or_two": words <= 2, "six_to_thirteen": 6 <= words <= 13, "long": words > _FRAGMENT,
        "quoted": text[0] in "\"“‘'«", "lower": text[0].islower(), "question": text[-1] == "?",
        "under_prose": above == 0, "over_prose": below == 0, "near_both": above <= 3 and below <= 3,
        "after_story": below == _FAR, "before_story": above == _FAR, "in_run": run >= 4, "loose": run > 0,
    }  # fmt: skip
    return {
        "any": 1.0,
        **{name: 1.0 for name, held in holds.items() if held},
        "function_words": sum(map(is_function_word, tokens)) / max(1, len(tokens)),
        "digits": sum(map(str.isdigit, text)) / len(text),
        "run": min(8, run) / 4,
    }
