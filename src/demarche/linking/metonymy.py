"""Government or place: what the name of a place stands for, by its preposition, relation, head and neighbours.

A few sure rules, and behind them a linear model over words and tree (weights trained by `training/train_metonymy.py`
on ReLocaR's train part; after Gritta et al. 2017).
"""

from __future__ import annotations

import functools
import gzip
import json
import math
from collections.abc import Mapping

from demarche.linking.view import View
from demarche.linking.words import Words
from demarche.resources import read_bytes

__all__ = ["features", "load_weights", "place_score", "reads_as_place"]

PARTS = frozenset("city town port capital suburb village streets street centre".split())
VISITED = frozenset("visit leave reach enter flee tour border cross attend neighbour neighbor bypass".split())
BUILT = frozenset(
    "park street road avenue square centre center museum mall hotel canal mountains mountain hills lagoon river lake "
    "bay ocean sea gulf strait airport station bridge school hospital stadium club garden gardens beach valley forest "
    "desert peninsula island islands highway railroad railway building tower hall house market complex "
    "campus cemetery palace "
    "church mosque temple harbour harbor port pier plaza boulevard lane drive atlantic pacific mediterranean".split()
)
"""Last words of names that are places only: nobody speaks for them."""
SEATS = frozenset({"white house", "elysee palace", "blue house", "sea island"})
LISTED = frozenset({"root", "list", "parataxis", "vocative"})
BORDERED = frozenset("border frontier boundary distance road route highway coast".split())
REACH = 8
SURE = 0.92
"""From this score on a capital is a place though no rule says so."""


def reads_as_place(view: View, first: int, last: int, words: Words) -> bool:
    """Whether words `[first, last]`, a city's name, mean the place (*met in Geneva*), not those who act there."""
    word = head_of(view, first, last)
    case = view.case(word)
    head = view.tree.heads[word]
    lemma = view.tree.lemmas[head].lower() if head >= 0 else ""
    if case in words.locative:
        return True
    if case in {"to", "from", "for"} and lemma in words.motion:
        return True
    if case == "of" and lemma in PARTS:
        return True
    relation = view.rel(word)
    if relation in {"root", "parataxis", "list", "dep", "nmod:unmarked", "obl:unmarked"} or (
        first == 0 and (view.tree.forms[last].isupper() and len(view.tree.forms[last]) > 3)
    ):
        return True
    if relation == "obj" and lemma in VISITED:
        return True
    if relation == "appos" and head >= 0 and view.tree.upos[head] == "PROPN" and head not in view.names:
        return True
    return place_score(view, first, last) > SURE


def head_of(view: View, first: int, last: int) -> int:
    """The word of the name whose head lies outside it."""
    inside = range(first, last + 1)
    return next((w for w in reversed(inside) if view.tree.heads[w] not in inside), last)


def place_score(view: View, first: int, last: int) -> float:
    """Probability that the name means the place."""
    if sure_place(view, first, last):
        return 1.0
    weights = load_weights()
    total = sum(weights.get(feature, 0.0) * value for feature, value in features(view, first, last).items())
    return 1.0 / (1.0 + math.exp(-total))


def sure_place(view: View, first: int, last: int) -> bool:
    """*Hyde Park*, *bordering Chad*, *the frontier with Chad*: whatever the model says."""
    name = " ".join(view.lower[first : last + 1])
    if last > first and view.lower[last] in BUILT and name not in SEATS:
        return True
    word = head_of(view, first, last)
    head = view.tree.heads[word]
    relation = view.rel(word)
    if relation in LISTED:
        return True
    if head < 0:
        return False
    lemma = view.tree.lemmas[head].lower()
    if relation == "obj" and lemma in VISITED:
        return True
    return relation == "nmod" and lemma in BORDERED and view.case(word) in {"with", "between", "to", "from", "into"}


@functools.cache
def load_weights() -> Mapping[str, float]:
    """Feature → weight; positive speaks for the place.

    Raises:
        ResourceError: E201 when the file is missing.
    """
    weights: dict[str, float] = json.loads(gzip.decompress(read_bytes("linking/metonymy.json.gz")))
    return weights


def features(view: View, first: int, last: int) -> dict[str, float]:
    """What the model sees: words around the name with their nearness, and where it stands in the tree."""
    tree = view.tree
    found: dict[str, float] = {"bias": 1.0}
    left = [view.lower[w] for w in range(first - 1, max(-1, first - 1 - REACH), -1)]
    right = [view.lower[w] for w in range(last + 1, min(len(view), last + 1 + REACH))]
    for side, around in (("L", left), ("R", right)):
        for distance, form in enumerate(around):
            if distance < 3:
                found[f"{side}{distance}={form}"] = 1.0
            found[f"{side}={form}"] = found.get(f"{side}={form}", 0.0) + 1.0 / (distance + 1)
    if left and right:
        found[f"LR={left[0]}_{right[0]}"] = 1.0
    word = head_of(view, first, last)
    relation, head = view.rel(word), tree.heads[word]
    lemma = tree.lemmas[head].lower() if head >= 0 else "-"
    kind = tree.upos[head] if head >= 0 else "-"
    case = view.case(word) or "-"
    found |= {
        f"rel={relation}": 1.0, f"case={case}": 1.0, f"head={lemma}": 1.0, f"kind={relation}_{kind}": 1.0,
        f"rel-case={relation}_{case}": 1.0, f"rel-head={relation}_{lemma}": 1.0, f"case-head={case}_{lemma}": 1.0,
        f"first={first == 0}": 1.0, f"inside={relation in {'compound', 'amod', 'flat'}}": 1.0,
    }  # fmt: skip
    if head >= 0 and tree.heads[head] >= 0:
        above = tree.heads[head]
        found[f"above={view.rel(head)}_{tree.lemmas[above].lower()}"] = 1.0
        found[f"up={view.rel(head)}_{relation}"] = 1.0
        found[f"headcase={view.case(head) or '-'}_{relation}"] = 1.0
    for kid in view.children[word]:
        if kid < first or kid > last:
            found[f"kid={view.rel(kid)}"] = 1.0
            if view.rel(kid) == "conj":
                found[f"conj={view.lower[kid]}"] = 0.5
    return found
