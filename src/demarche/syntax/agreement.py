"""Names of one article under one kind each, by what its other sentences say."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from demarche.records import Name, Tree
from demarche.syntax.names import name_words

__all__ = ["agree_names"]

_KINDS = frozenset(("PER", "LOC", "ORG"))


def agree_names(parsed: Sequence[tuple[Tree, ...]]) -> list[tuple[Tree, ...]]:
    """Trees of the paragraphs of one article, the same words always under the same kind of name.

    A word that ends a longer name of a person in the article is that person (*Ida Halden ... Halden*), unless lands
    or cities are called so. Else a kind gives way to another that the same words have more than twice as often.
    """
    kinds: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for trees in parsed:
        for tree in trees:
            for name in tree.names:
                if name.label in _KINDS:
                    kinds[_words(tree, name)][name.label] += 1
    surnames = {key[-1] for key, counts in kinds.items() if len(key) > 1 and counts["PER"]}
    settled: dict[tuple[str, ...], dict[str, str]] = {}
    for key, counts in kinds.items():
        most, times = counts.most_common(1)[0]
        person = len(key) == 1 and key[0] in surnames and key[0].lower() not in name_words("lands", "no_surnames")
        chosen = {kind: "PER" if person else most if times > 2 * n else kind for kind, n in counts.items()}
        if any(kind != other for kind, other in chosen.items()):
            settled[key] = chosen
    if not settled:
        return list(parsed)
    return [tuple(_settled(tree, settled) for tree in trees) for trees in parsed]


def _settled(tree: Tree, settled: dict[tuple[str, ...], dict[str, str]]) -> Tree:
    found = tuple(
        Name(first=name.first, last=name.last, label=settled.get(_words(tree, name), {}).get(name.label, name.label))
        for name in tree.names
    )
    return tree if found == tree.names else replace(tree, names=found)


def _words(tree: Tree, name: Name) -> tuple[str, ...]:
    return tree.forms[name.first : name.last + 1]
