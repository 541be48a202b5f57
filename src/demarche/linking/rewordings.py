"""What rewording machines put for offices and bodies (*Overseas Minister*), read as what was meant, with a note.

Ingest finds the words and says so in the document's warnings (`reworded: "Overseas Minister" for Foreign Minister`);
the text stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from demarche.linking.folding import fold_letters
from demarche.linking.tables import Candidate, Hit
from demarche.linking.view import View
from demarche.resources import REWORDINGS, Rewording, read_note, read_toml

__all__ = ["find_reworded", "restore_offices", "reworded_hits", "reworded_places"]


@cache
def _kinds() -> Mapping[str, str]:
    return {row["means"]: row["kind"] for row in read_toml(REWORDINGS)["rewording"]}


def find_reworded(warnings: Iterable[str], text: str) -> list[Rewording]:
    """Every place at which words stand that ingest called reworded, in order; terms aside, which name no actor."""
    found: list[Rewording] = []
    for written, means in filter(None, map(read_note, warnings)):
        kind = _kinds().get(means, "term")
        if kind == "term":
            continue
        meant = _meant(written, means)
        for hit in re.finditer(rf"(?<!\w){re.escape(written)}(?!\w)", text):
            found.append(Rewording(start=hit.start(), end=hit.end(), written=written, means=meant, kind=kind))
    return sorted(found, key=lambda one: (one.start, -one.end))


def _meant(written: str, means: str) -> str:
    """Of *Red Cross or Red Crescent* what ends as the written words do; *the Department* with the words before it."""
    options = means.split(" or ")
    if len(options) > 1:
        last = options[-1]
        options = [last if " " in last else options[0].rsplit(" ", 1)[0] + " " + last, *options[:-1]]
        return next((one for one in options if one.split()[-1] == written.rsplit(maxsplit=1)[-1]), options[-1])
    if means.startswith("the "):
        return f"{written.rsplit(' ', 1)[0]} {means[4:]}"
    return means


def reworded_hits(found: Iterable[Rewording], names: Mapping[str, tuple[Candidate, ...]]) -> Iterator[Hit]:
    """Names of the table that reworded bodies stand for."""
    for one in found:
        candidates = names.get(fold_letters(one.means)) if one.kind == "organisation" else None
        if candidates:
            yield Hit(one.start, one.end, candidates)


def restore_offices(view: View, found: Iterable[Rewording]) -> None:
    """Put the usual words of an office where the view looks for titles; only where they are not more."""
    for one in found:
        if one.kind != "office":
            continue
        words = [w for w in range(len(view)) if view.tree.starts[w] >= one.start and view.tree.ends[w] <= one.end]
        usual = one.means.lower().split()
        if words and len(usual) <= len(words):
            for word, form in zip(words, [*[""] * (len(words) - len(usual)), *usual], strict=True):
                view.lower[word] = form


def reworded_places(found: Iterable[Rewording]) -> dict[tuple[int, int], str]:
    """Span → the usual name of a place."""
    return {(one.start, one.end): one.means for one in found if one.kind == "place"}
