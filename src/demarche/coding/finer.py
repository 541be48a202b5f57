"""The third and fourth CAMEO digit, and PLOVER's mode, by the words around an act (coding/finer_codes.toml)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from demarche.coding.context import SentenceView

__all__ = ["Finer", "FinerCodes", "words_around"]

APART = frozenset("after since before while when because if unless as although though until once".split())
"""Markers of a clause that tells of something else."""

BELOW = ("obj", "nsubj:pass", "iobj")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finer:
    """code: the finer code; `+` keeps the first two digits (three of PROTEST). words: forms, `a b` for two neighbours.
    obj: only the act's object counts. mode: PLOVER's, where the rule left it open. example, counter: as of a rule."""

    code: str
    words: frozenset[str]
    obj: bool
    mode: str | None
    example: str
    counter: str

    def of(self, code: str) -> str:
        """What the code `code` becomes."""
        if not self.code.startswith("+"):
            return self.code
        return code[: 3 if code.startswith("14") else 2] + self.code[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class FinerCodes:
    """table: code → entries in their order."""

    table: Mapping[str, Sequence[Finer]]

    def of(self, view: SentenceView, word: int, code: str | None) -> tuple[str, str | None] | None:
        """The finer code and mode of the act at `word` coded `code`; None: the words decide nothing."""
        entries = self.table.get(code or "", ())
        if not entries:
            return None
        around = words_around(view, word)
        own = around if all(not entry.obj for entry in entries) else _object_words(view, word)
        for entry in entries:
            if not entry.words.isdisjoint(own if entry.obj else around):
                return entry.of(code or ""), entry.mode
        return None


def words_around(view: SentenceView, word: int) -> frozenset[str]:
    """Forms of the act and of what hangs on it, outside clauses of their own matter, and pairs of neighbours."""
    return _forms(view, [word, *_below(view, word)])


def _object_words(view: SentenceView, word: int) -> frozenset[str]:
    """The same of the act's object; of a noun the words of its own phrase."""
    if view.upos(word) not in ("VERB", "AUX"):
        return words_around(view, word)
    things = view.kids(word, *BELOW)
    if not things and view.relations[word] in ("acl", "amod") and view.head(word) >= 0:
        things = [view.head(word)]
    return _forms(view, [at for thing in things for at in (thing, *_below(view, thing))])


def _below(view: SentenceView, word: int) -> Iterator[int]:
    for kid in view.children[word]:
        relation = view.relations[kid]
        if relation in ("parataxis", "punct") or view.tree.deprels[kid] == "acl:relcl":
            continue
        if relation == "conj" and view.upos(kid) == "VERB" and view.upos(word) == "VERB":
            continue
        if relation == "advcl" and any(view.lower[mark] in APART for mark in view.kids(kid, "mark", "advmod")):
            continue
        yield kid
        yield from _below(view, kid)


def _forms(view: SentenceView, words: Sequence[int]) -> frozenset[str]:
    found = {view.lower[at] for at in words}
    known = set(words)
    found.update(f"{view.lower[at]} {view.lower[at + 1]}" for at in words if at + 1 in known)
    return frozenset(found)
