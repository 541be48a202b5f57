"""One sentence with its names on its words."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from demarche.linking.folding import fold_letters
from demarche.linking.tables import Hit
from demarche.linking.words import RoleNoun, Words
from demarche.records import Name, Tree

__all__ = ["NameSpan", "View", "folded_forms", "join_names", "name_text", "view_sentence"]

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
    _bases: list[str] = field(init=False)
    _forms: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._bases = list(map(_base, self.tree.deprels))

    def __len__(self) -> int:
        return len(self.lower)

    def rel(self, word: int) -> str:
        return self.tree.deprels[word]

    def kids(self, word: int, *relations: str) -> list[int]:
        """Dependents with one of these relations (subtype counts only when named)."""
        children = self.children[word]
        if not children:
            return []
        bases, deprels = self._bases, self.tree.deprels
        return [kid for kid in children if bases[kid] in relations or deprels[kid] in relations]

    def case(self, word: int) -> str:
        """The preposition of a phrase, lower case; empty without one."""
        for kid in self.children[word]:
            if self._bases[kid] == "case" and self.lower[kid] not in {"'s", "'", "’s"}:
                return self.lower[kid]
        return ""

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

    def forms_of(self, word: int) -> tuple[str, ...]:
        """Keys under which a noun may stand in a list: with the word before it, lemma, form, plain singular."""
        found = self._forms.get(word)
        if found is None:
            found = self._forms[word] = self._forms_of(word)
        return found

    def _forms_of(self, word: int) -> tuple[str, ...]:
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
        return tuple(keys)

    def role(self, word: int, words: Words) -> tuple[str, RoleNoun] | None:
        """The role noun at `word`, with the key it was found under."""
        for key in self.forms_of(word):
            if (role := words.roles.get(key)) is not None:
                return key, role
        return None

    def listed(self, word: int, nouns: frozenset[str]) -> str | None:
        """The key under which the noun stands in `nouns`."""
        for key in self.forms_of(word):
            if key in nouns:
                return key
        return None


@cache
def _base(deprel: str) -> str:
    """A relation without its subtype."""
    return deprel.split(":", 1)[0]


def view_sentence(number: int, tree: Tree, hits: Sequence[Hit], bare: frozenset[str], folded: str) -> View:
    """Index a tree and place names on it: table hits first, then names only the parser saw."""
    children: list[list[int]] = [[] for _ in range(len(tree))]
    for word, head in enumerate(tree.heads):
        if head >= 0:
            children[head].append(word)
    lower = [form.lower().replace("’", "'") for form in tree.forms]
    view = View(number, tree, lower, children, {}, {})
    found = join_names(tree)
    people = [name for name in found if name.label == "PER"]
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
    for name in found:
        if name.first == name.last and (tree.upos[name.first] == "PRON" or tree.forms[name.first].islower()):
            continue
        if _common(tree, name):
            continue
        if not any(word in view.inside for word in range(name.first, name.last + 1)):
            _place(view, name.first, name.last, None, name.label)
        elif name.label == "ORG" and name.last > name.first:
            _widen(view, name.first, name.last)
    return view


def _common(tree: Tree, name: Name) -> bool:
    """*Medics*, *Human rights* at the start of a sentence: common words with the capital of the place."""
    first = name.first
    if first == name.last and tree.upos[first] == "ADJ" and name.label == "ORG":
        return True
    if name.label in {"ORG", "LOC"} and all(form.islower() for form in tree.forms[first : name.last + 1]):
        return True
    if first and not (first == 1 and tree.upos[0] == "PUNCT"):
        return False
    return not tree.xpos[first].startswith("NNP") and all(
        tree.forms[word][0].islower() or tree.upos[word] == "PUNCT" for word in range(first + 1, name.last + 1)
    )


ARTICLES = frozenset("al el as ash an ar at ad abu bin ibn ben".split())


def join_names(tree: Tree) -> list[Name]:
    """The parser's names; pieces around a hyphen (*Yahya al-Sabri*, *Choi Eun-seo*) are one name.

    Not where both sides may be names of their own (*Biden-Xi call*).
    """
    found: list[Name] = []
    for name in tree.names:
        if found and name.first <= found[-1].last:
            label = "PER" if "PER" in {name.label, found[-1].label} else found[-1].label
            found[-1] = Name(first=found[-1].first, last=max(name.last, found[-1].last), label=label)
            continue
        last = name.last
        while name.label in {"PER", "LOC", "ORG"} and _hyphenated(tree, name.first, last):
            last += 2
        found.append(Name(first=name.first, last=last, label=name.label))
    return found


def _hyphenated(tree: Tree, first: int, last: int) -> bool:
    """Whether a hyphen and the rest of the name follow, without space."""
    if last + 2 >= len(tree) or tree.forms[last + 1] not in {"-", "‐", "‑"}:
        return False
    if tree.ends[last] != tree.starts[last + 1] or tree.ends[last + 1] != tree.starts[last + 2]:
        return False
    after = tree.forms[last + 2]
    if not after[0].isalpha() or tree.upos[last + 2] not in {"PROPN", "X", "NOUN"}:
        return False
    return last > first or tree.forms[last].lower() in ARTICLES


def _rejected(
    tree: Tree, hit: Hit, first: int, last: int, people: Sequence[Name], bare: frozenset[str], folded: str
) -> bool:
    """Names that are part of a person's name, or words that only look like one."""
    words = folded[hit.start : hit.end]
    form = hit.candidates[0].form
    if words in bare and not all(tree.upos[word] == "PROPN" for word in range(first, last + 1)):
        return True
    if words == "West" and (first == 0 or tree.forms[first - 1].lower() != "the"):
        return True
    if form != "person":
        for name in people:
            if name.first <= first and last <= name.last and name.last - name.first > last - first:
                return True
    elif first == last:  # *Francis Mwebesa* is not Francis
        return any(name.first <= first and name.last > last for name in people)
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
    bodies = [head for head in heads if (hit := view.names[head].hit) and hit.candidates[0].form == "body"]
    if any(view.names[head].first == first for head in bodies) and any(
        view.tree.forms[word][0].islower() and view.tree.upos[word] == "NOUN" for word in inside
    ):  # *United Nations mission*: a part of the body, no other one
        return
    if any(view.names[head].first < first or view.names[head].last > last for head in heads):
        return
    tops = [word for word in inside if view.tree.heads[word] not in inside and view.tree.upos[word] != "PUNCT"]
    if tops and tops[-1] not in view.names:
        view.names[tops[-1]] = NameSpan(first, last, tops[-1], None, "ORG")


def folded_forms(tree: Tree, first: int, last: int) -> str:
    """The words of a name as they stand in the text (white space as one space), folded."""
    return fold_letters(name_text(tree, first, last))


def name_text(tree: Tree, first: int, last: int) -> str:
    """The words as they stand in the text, white space as one space."""
    words = tree.forms[first]
    for word in range(first + 1, last + 1):
        words += ("" if tree.starts[word] == tree.ends[word - 1] else " ") + tree.forms[word]
    return words
