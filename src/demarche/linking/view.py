"""One sentence with its names on its words."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from demarche.linking.folding import fold_letters
from demarche.linking.tables import Hit
from demarche.linking.words import RoleNoun, Words
from demarche.records import Tree

__all__ = ["NameSpan", "View", "view_sentence"]

SUBJECT = frozenset({"nsubj", "nsubj:pass", "nsubj:outer", "csubj"})
NAME_TAGS = frozenset({"PROPN", "ADJ", "NOUN", "X", "NUM"})


@dataclass(frozen=True, slots=True)
class NameSpan:
    """Words `[first, last]` that are a name; head: its syntactic head; hit: table candidates; label: the parser's."""

    first: int
    last: int
    head: int
    hit: Hit | None
    label: str | None


@dataclass(slots=True)
class View:
    """Indexes over one tree. names: head word → name; inside: word → head word of the name that covers it."""

    number: int
    tree: Tree
    lower: list[str]
    children: list[list[int]]
    names: dict[int, NameSpan]
    inside: dict[int, int]

    def __len__(self) -> int:
        return len(self.lower)

    def rel(self, word: int) -> str:
        return self.tree.deprels[word]

    def kids(self, word: int, *relations: str) -> list[int]:
        """Dependents with one of these relations (subtype counts only when named)."""
        found = []
        for kid in self.children[word]:
            deprel = self.tree.deprels[kid]
            if deprel in relations or deprel.split(":", 1)[0] in relations:
                found.append(kid)
        return found

    def case(self, word: int) -> str:
        """The preposition of a phrase, lower case; empty without one."""
        return next(
            (self.lower[kid] for kid in self.kids(word, "case") if self.lower[kid] not in {"'s", "'", "’s"}), ""
        )

    def feature(self, word: int, feature: str) -> bool:
        return feature in self.tree.feats[word].split("|")

    def plural(self, word: int) -> bool:
        return self.tree.xpos[word] in {"NNS", "NNPS"} or self.feature(word, "Number=Plur")

    def subject(self, word: int) -> bool:
        return self.tree.deprels[word] in SUBJECT

    def definite(self, word: int) -> bool:
        return any(
            self.lower[kid] in {"the", "this", "that", "these", "those", "both", "each"}
            for kid in self.kids(word, "det")
        )

    def forms_of(self, word: int) -> list[str]:
        """Keys under which a noun may stand in a list: with the word before it, lemma, form, plain singular."""
        lower, lemma = self.lower[word], self.tree.lemmas[word].lower()
        singular = lower
        if lower.endswith("ies"):
            singular = lower[:-3] + "y"
        elif lower.endswith("men"):
            singular = lower[:-3] + "man"
        elif lower.endswith("s") and not lower.endswith("ss"):
            singular = lower[:-1]
        keys = [lemma, lower, singular]
        if word and self.tree.heads[word - 1] == word:
            before = self.lower[word - 1]
            keys = [f"{before} {singular}", f"{before} {lower}", *keys]
        if "-" in singular:
            keys.append(singular.rsplit("-", 1)[1])
        return keys

    def role(self, word: int, words: Words) -> tuple[str, RoleNoun] | None:
        """The role noun at `word`, with the key it was found under."""
        for key in self.forms_of(word):
            if (role := words.roles.get(key)) is not None:
                return key, role
        return None

    def listed(self, word: int, nouns: frozenset[str]) -> str | None:
        """The key under which the noun stands in `nouns`."""
        return next((key for key in self.forms_of(word) if key in nouns), None)


def view_sentence(number: int, tree: Tree, hits: Sequence[Hit], bare: frozenset[str], folded: str) -> View:
    """Index a tree and place names on it: table hits first, then names only the parser saw."""
    children: list[list[int]] = [[] for _ in range(len(tree))]
    for word, head in enumerate(tree.heads):
        if head >= 0:
            children[head].append(word)
    lower = [form.lower().replace("’", "'") for form in tree.forms]
    view = View(number, tree, lower, children, {}, {})
    people = [name for name in tree.names if name.label == "PER"]
    for hit in hits:
        first = bisect_right(tree.ends, hit.start)
        last = bisect_left(tree.starts, hit.end) - 1
        if first > last or last >= len(tree) or tree.starts[first] != hit.start:
            continue
        if not any(tree.upos[word] in NAME_TAGS for word in range(first, last + 1)):
            continue
        if _rejected(tree, hit, first, last, people, bare, folded):
            continue
        _place(view, first, last, hit, None)
    for name in tree.names:
        if name.first == name.last and (tree.upos[name.first] == "PRON" or tree.forms[name.first].islower()):
            continue
        if not any(word in view.inside for word in range(name.first, name.last + 1)):
            _place(view, name.first, name.last, None, name.label)
        elif name.label == "ORG" and name.last > name.first:
            _widen(view, name.first, name.last)
    return view


def _rejected(
    tree: Tree, hit: Hit, first: int, last: int, people: Sequence[object], bare: frozenset[str], folded: str
) -> bool:
    """Names that are part of a person's name, or words that only look like one."""
    words = folded[hit.start : hit.end]
    form = hit.candidates[0].form
    if words in bare and not all(tree.upos[word] == "PROPN" for word in range(first, last + 1)):
        return True
    if words == "West" and (first == 0 or tree.forms[first - 1].lower() != "the"):
        return True
    if form != "person":
        for name in tree.names:
            if (
                name.label == "PER"
                and name.first <= first
                and last <= name.last
                and name.last - name.first > last - first
            ):
                return True
    return False


def _place(view: View, first: int, last: int, hit: Hit | None, label: str | None) -> None:
    inside = range(first, last + 1)
    tops = [word for word in inside if view.tree.heads[word] not in inside and view.tree.upos[word] != "PUNCT"]
    if not tops:
        return
    head = tops[-1]
    if head in view.names or any(word in view.inside for word in inside):
        return
    view.names[head] = NameSpan(first, last, head, hit, label)
    for word in inside:
        view.inside[word] = head


def _widen(view: View, first: int, last: int) -> None:
    """A longer organisation name around a table name (*University of Nairobi*) is a name of its own."""
    inside = range(first, last + 1)
    if any(
        view.names[head].last - view.names[head].first + 1 >= 3
        for head in {view.inside[w] for w in inside if w in view.inside}
    ):
        return
    heads = {view.inside[word] for word in inside if word in view.inside}
    if any(view.names[head].first < first or view.names[head].last > last for head in heads):
        return
    tops = [word for word in inside if view.tree.heads[word] not in inside and view.tree.upos[word] != "PUNCT"]
    if tops and tops[-1] not in view.names:
        view.names[tops[-1]] = NameSpan(first, last, tops[-1], None, "ORG")


def folded_forms(tree: Tree, first: int, last: int) -> str:
    """The words of a name joined with spaces, folded."""
    return fold_letters(" ".join(tree.forms[first : last + 1]))
