"""Lemmas as edit scripts: `case|cut|add` turns a form into its lemma (Chrupała 2006; as in UDPipe)."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["Lemmatizer", "apply_script", "lemma_script"]

_ENDINGS = {
    "NNS": ("ies|y", "es|", "s|", "ves|f", "ves|fe"),
    "VBZ": ("ies|y", "es|", "s|"),
    "VBD": ("ied|y", "ed|", "ed|e"),
    "VBN": ("ied|y", "ed|", "ed|e"),
    "VBG": ("ing|", "ing|e"),
    "JJR": ("ier|y", "er|", "er|e"),
    "JJS": ("iest|y", "est|", "est|e"),
}
"""Regular endings by tag: what is cut, what is added."""


_MET = 100_000
"""Forms with their tags that are remembered; results do not depend on it."""


class Lemmatizer:
    """Lemmas known from the treebanks by form and tag; else the model's script, checked against known lemmas."""

    def __init__(self, rows: Iterable[str]) -> None:
        """rows: `form<TAB>tag<TAB>lemma`, forms in lower case."""
        self._known: dict[tuple[str, str], str] = {}
        for row in rows:
            form, tag, lemma = row.split("\t")
            self._known[form, tag] = lemma
        self._lemmas = frozenset(self._known.values())
        self._met: dict[tuple[str, str, str], str] = {}

    def lemma(self, form: str, tag: str, script: str) -> str:
        """The lemma of a form with its XPOS tag and the script the model gives."""
        key = form, tag, script
        found = self._met.get(key)
        if found is None:
            if len(self._met) >= _MET:
                self._met.clear()
            found = self._met[key] = self._lemma(form, tag, script)
        return found

    def _lemma(self, form: str, tag: str, script: str) -> str:
        low = form.lower()
        known = self._known.get((low, tag))
        if known is not None:
            return known
        found = apply_script(form, script)
        if found in self._lemmas or tag not in _ENDINGS:
            return found
        regular = [low.removesuffix(cut) + add for cut, add in map(_pair, _ENDINGS[tag]) if low.endswith(cut)]
        doubled = [stem[:-1] for stem in regular if stem[-2:-1] == stem[-1:] and tag[0] in "VJ"]
        return next((lemma for lemma in (*regular, *doubled) if lemma in self._lemmas), found)


def _pair(ending: str) -> tuple[str, str]:
    cut, _, add = ending.partition("|")
    return cut, add


def lemma_script(form: str, lemma: str) -> str:
    """From `form` to `lemma`: `l`, `k` or `t` (lower, kept, Title), letters cut at the end, letters added."""
    form = form.replace("’", "'")
    case = "k" if lemma != lemma.lower() else "l"
    base = form if case == "k" else form.lower()
    common = 0
    while common < min(len(base), len(lemma)) and base[common] == lemma[common]:
        common += 1
    if case == "k" and not common and form.lower() != form:
        # MOSCOW → Moscow: keep the first capital, lower the rest
        title = form[:1] + form[1:].lower()
        if title[:1] == lemma[:1]:
            return lemma_script_title(title, lemma)
    if case == "k" and common and lemma[1:] != base[1:] and form[1:].isupper():
        return lemma_script_title(form[:1] + form[1:].lower(), lemma)
    return f"{case}|{len(base) - common}|{lemma[common:]}"


def lemma_script_title(title: str, lemma: str) -> str:
    """Script over the form written with one capital."""
    common = 0
    while common < min(len(title), len(lemma)) and title[common] == lemma[common]:
        common += 1
    return f"t|{len(title) - common}|{lemma[common:]}"


def apply_script(form: str, script: str) -> str:
    """The lemma; the form in lower case when the script cuts more letters than there are."""
    case, cut, add = script.split("|", 2)
    form = form.replace("’", "'")
    base = form.lower() if case == "l" else form if case == "k" else form[:1] + form[1:].lower()
    keep = len(base) - int(cut)
    if keep < 0:
        return form.lower()
    return base[:keep] + add or form
