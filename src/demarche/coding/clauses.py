"""Questions about clauses of a UD tree that decide whether a word reports and what: mood, marks, place."""

from __future__ import annotations

from collections.abc import Iterable

from demarche.coding.context import SentenceView
from demarche.coding.quotes import QUOTE_MARKS

__all__ = [
    "AFTERTHOUGHTS", "QUESTIONS", "is_after_colon", "is_afterthought", "is_beside", "is_clause", "is_finite",
    "is_gerund", "is_indefinite", "is_infinitive", "is_inserted", "is_marked", "is_negated", "is_question",
    "is_unreal", "only_reports", "particles_of", "relative_pronouns", "starts_sentence", "without_subtree",
]  # fmt: skip

AFTERTHOUGHTS = frozenset(
    """saying adding arguing citing warning noting suggesting accusing referring referencing calling insisting urging
    promising pledging vowing describing claiming asserting blaming praising stressing quoting echoing""".split()
)

QUESTIONS = frozenset("what how why who where when".split())
UNREAL = frozenset("may might could would will 'll can should must not n't never".split())


def particles_of(view: SentenceView, word: int) -> list[int]:
    return [kid for kid in view.children[word] if view.tree.deprels[kid] == "compound:prt"]


def is_unreal(view: SentenceView, word: int) -> bool:
    """Under a modal, a negation or *if*: said to be possible or not done."""
    at = word
    for _ in range(3):
        if any(view.lower[kid] in UNREAL for kid in view.kids(at, "aux", "advmod")):
            return True
        if any(view.lower[kid] in ("if", "unless") for kid in view.kids(at, "mark")):
            return True
        if view.relations[at] == "xcomp" and not is_gerund(view, at):
            head = view.head(at)
            if view.lemmas[head] in ("likely", "want", "plan", "try", "need", "have", "expect", "fail", "unlikely"):
                return True
        if view.relations[at] != "conj" or view.kids(at, "nsubj"):
            return False
        at = view.head(at)
    return False


def relative_pronouns(view: SentenceView, word: int, head: int) -> list[int]:
    """*who* in *Ana Ruiz, who said …*: it belongs to the source (PolNeAR has it alone)."""
    at = word
    while view.relations[at] == "conj" and not view.kids(at, "nsubj"):
        at = view.head(at)
    if head in view.kids(at, "nsubj"):
        return []
    return [kid for kid in view.kids(at, "nsubj") if head < kid < word and view.lower[kid] in ("who", "which", "that")]


def is_negated(view: SentenceView, word: int) -> bool:
    return any(view.lower[kid] in ("not", "n't", "never") for kid in view.kids(word, "advmod", "aux"))


def is_marked(view: SentenceView, word: int, form: str) -> bool:
    return any(view.lower[kid] == form for kid in view.kids(word, "mark"))


def is_infinitive(view: SentenceView, word: int) -> bool:
    return is_marked(view, word, "to")


def is_gerund(view: SentenceView, word: int) -> bool:
    return view.lower[word].endswith("ing") or any(
        view.lower[k].endswith("ing") for k in view.kids(word, "aux", "cop", "aux:pass")
    )


def is_finite(view: SentenceView, word: int) -> bool:
    return view.has_feature(word, "VerbForm=Fin") or any(
        view.has_feature(kid, "VerbForm=Fin") for kid in view.kids(word, "aux", "cop", "aux:pass")
    )


def is_clause(view: SentenceView, word: int) -> bool:
    """A finite clause or a subjunctive one (*that Lima reopen*), no infinitive."""
    if view.kids(word, "cop") and view.kids(word, "nsubj"):
        return True
    if any(view.tree.deprels[kid] == "nsubj:outer" for kid in view.children[word]):
        return True
    return not is_infinitive(view, word) and not (is_gerund(view, word) and not is_finite(view, word))


def is_question(view: SentenceView, word: int) -> bool:
    return (
        is_marked(view, word, "whether")
        or is_marked(view, word, "if")
        or any(view.lower[kid] in QUESTIONS and kid < word for kid in view.children[word])
    )


def is_after_colon(view: SentenceView, cue: int, clause: int) -> bool:
    words = view.subtree(clause)
    before = view.lower[max(0, words[0] - 2) : clause]
    return clause > cue and len(words) > 2 and (":" in before or any(mark in QUOTE_MARKS for mark in before))


def starts_sentence(view: SentenceView, word: int) -> bool:
    return min(view.subtree(word)) == 0


def only_reports(view: SentenceView, word: int) -> bool:
    """Whether a reporting clause stands beside a predicate, with nothing else of its own to report."""
    head = view.head(word)
    predicate = view.upos(head) in ("VERB", "ADJ") or view.kids(head, "cop", "nsubj")
    first = min(view.subtree(word))
    apart = ";" in view.lower[max(0, first - 1) : first + 1]  # a report of its own: *…; the Kremlin denied it*
    return bool(predicate and view.kids(word, "nsubj") and not view.kids(word, "xcomp", "advcl") and not apart)


def is_inserted(view: SentenceView, word: int) -> bool:
    """Whether the reporting clause stands between commas in the middle of what it reports."""
    head = view.head(word)
    return head < min(view.subtree(word)) and view.relations[head] in ("root", "ccomp", "conj", "parataxis")


def without_subtree(view: SentenceView, words: Iterable[int], word: int) -> list[int]:
    mine = set(view.subtree(word))
    return [at for at in words if at not in mine]


def is_beside(content: tuple[int, int], words: set[int]) -> bool:
    """Whether a content begins or ends next to the cue or its source (a few words apart)."""
    return min(words) - 3 <= content[1] < min(words) or max(words) < content[0] <= max(words) + 3


def is_afterthought(view: SentenceView, word: int) -> bool:
    """*, according to …* and *, saying …* at the end belong to another attribution."""
    if any(view.lower[kid] == "according" for kid in view.children[word]):
        return True
    if view.lower[word] not in AFTERTHOUGHTS:
        return False
    first = next(at for at in view.subtree(word) if view.upos(at) != "PUNCT" or at == word)
    before = view.lower[max(0, first - 2) : first]
    return "," in before and before[-1:] != ("and",)


def is_indefinite(view: SentenceView, word: int) -> bool:
    return any(view.lower[kid] in ("a", "an") for kid in view.kids(word, "det"))
