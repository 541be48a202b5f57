"""What rewording machines put for offices and bodies (*Overseas Minister*), read as what was meant, with a note.

Ingest finds the words and says so in the document's warnings (`reworded: "Overseas Minister" for Foreign Minister`);
the text stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from demarche.linking.folding import fold_letters
from demarche.linking.tables import Candidate, Hit
from demarche.linking.view import View
from demarche.resources import read_toml

__all__ = ["Reworded", "find_reworded", "restore_offices", "reworded_hits", "reworded_places"]

NOTE = re.compile(r'reworded: "(?P<written>.+)" for (?P<means>.+)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Reworded:
    """Words `[start, end)` of the text and the usual ones. kind: office, organisation or place."""

    start: int
    end: int
    written: str
    means: str
    kind: str

    @property
    def note(self) -> str:
        """For the reason of a mention."""
        return f'reworded: "{self.written}" for {self.means}'


@cache
def _kinds() -> Mapping[str, str]:
    return {row["means"]: row["kind"] for row in read_toml("lexicons/rewordings.toml")["rewording"]}


def find_reworded(warnings: Iterable[str], text: str) -> list[Reworded]:
    """Every place at which words stand that ingest called reworded, in order; terms aside, which name no actor."""
    found: list[Reworded] = []
    for warning in warnings:
        note = NOTE.fullmatch(warning)
        kind = _kinds().get(note["means"], "term") if note else "term"
        if note is None or kind == "term":
            continue
        for hit in re.finditer(rf"(?<!\w){re.escape(note['written'])}(?!\w)", text):
            found.append(
                Reworded(start=hit.start(), end=hit.end(), written=note["written"], means=_meant(note), kind=kind)
            )
    return sorted(found, key=lambda one: (one.start, -one.end))


def _meant(note: re.Match[str]) -> str:
    """Of *Red Cross or Red Crescent* what ends as the written words do; *the Department* with the words before it."""
    written, means = note["written"], note["means"]
    options = means.split(" or ")
    if len(options) > 1:
        last = options[-1]
        options = [last if " " in last else options[0].rsplit(" ", 1)[0] + " " + last, *options[:-1]]
        return next((one for one in options if one.split()[-1] == written.split()[-1]), options[-1])
    if means.startswith("the "):
        return f"{written.rsplit(' ', 1)[0]} {means[4:]}"
    return means


def reworded_hits(found: Iterable[Reworded], names: Mapping[str, tuple[Candidate, ...]]) -> Iterator[Hit]:
    """Names of the table that reworded bodies stand for."""
    for one in found:
        candidates = names.get(fold_letters(one.means)) if one.kind == "organisation" else None
        if candidates:
            yield Hit(one.start, one.end, candidates)


def restore_offices(view: View, found: Iterable[Reworded]) -> None:
    """Put the usual words of an office where the view looks for titles; only where they are not more."""
    for one in found:
        if one.kind != "office":
            continue
        words = [w for w in range(len(view)) if view.tree.starts[w] >= one.start and view.tree.ends[w] <= one.end]
        usual = one.means.lower().split()
        if words and len(usual) <= len(words):
            for word, form in zip(words, [*[""] * (len(words) - len(usual)), *usual], strict=True):
                view.lower[word] = form


def reworded_places(found: Iterable[Reworded]) -> dict[tuple[int, int], str]:
    """Span → the usual name of a place."""
    return {(one.start, one.end): one.means for one in found if one.kind == "place"}
