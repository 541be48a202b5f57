"""Lemmas as edit scripts: `case|cut|add` turns a form into its lemma (Chrupała 2006; as in UDPipe)."""

from __future__ import annotations

__all__ = ["apply_script", "lemma_script"]


def lemma_script(form: str, lemma: str) -> str:
    """The script that makes `lemma` of `form`: `l` or `k` (lower or keep case), letters cut at the end, letters added."""
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
