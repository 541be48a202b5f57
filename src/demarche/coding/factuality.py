"""How sure the words make it that something happened: a number from -3 (certainly not) to 3 (certainly).

Two readings of one word, because two kinds of text were annotated (docs/status.md): `told` is the reader's of news,
where what somebody reports counts as reported and a planned act as likely (Saurí and Pustejovsky 2009; the scale of
Lee et al. 2015): the algebra of status in numbers (`lexicons/factuality.toml`), with a share of the other reading.
`meant` is the writer's own of everyday English (White et al. 2016, UDS-IH2): a linear model over the operators of the
algebra and the words around, trained on UDS-IH2 (`lexicons/factuality_weights.tsv`; training/fit_factuality.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from demarche.coding.context import SentenceView
from demarche.coding.status import StatusReading, StatusTable, load_status_table, read_status
from demarche.records import Polarity, Role, Sentence, Status, Tree
from demarche.resources import read_text, read_toml

__all__ = ["Factuality", "FactualityTable", "factual_features", "load_factuality", "read_factuality",
           "read_tree_factuality", "view_tree"]  # fmt: skip

VERBAL = frozenset({"VERB", "AUX", "ADJ"})
DEPTH = 4
SHAPES = ("Mood", "Tense", "VerbForm", "Voice")


@dataclass(frozen=True, slots=True, kw_only=True)
class Factuality:
    """told: as news tells it; meant: as its writer holds it. Both -3 … 3."""

    told: float
    meant: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FactualityTable:
    """numbers: of `factuality.toml`, by table and key. weights: feature → weight, the constant under `*`."""

    numbers: Mapping[str, Mapping[str, float]]
    weights: Mapping[str, float]
    statuses: StatusTable


def load_factuality() -> FactualityTable:
    """The tables of the package.

    Raises:
        ResourceError: E201, E202.
    """
    numbers: dict[str, Any] = read_toml("lexicons/factuality.toml")
    rows = (line.split("\t") for line in read_text("lexicons/factuality_weights.tsv").splitlines()[1:])
    return FactualityTable(
        numbers=numbers, weights={name: float(weight) for name, weight in rows}, statuses=load_status_table()
    )


def read_factuality(view: SentenceView, word: int, table: FactualityTable) -> Factuality:
    """Both readings of the act at `word`."""
    reading = read_status(view, word, table.statuses)
    meant = table.weights["*"] + sum(
        table.weights.get(name, 0.0) for name in set(factual_features(view, word, reading))
    )
    meant = max(-3.0, min(3.0, meant))
    share = table.numbers["share"]["meant"]
    told = (_told(view, word, reading, table.numbers) + share * meant) / (1 + share)
    return Factuality(told=told, meant=meant)


def read_tree_factuality(tree: Tree, word: int, table: FactualityTable) -> Factuality:
    """Both readings of a word of a tree that stands alone."""
    return read_factuality(view_tree(tree), word, table)


def view_tree(tree: Tree) -> SentenceView:
    """A tree as the files of this room see it, without mentions."""
    children: list[list[int]] = [[] for _ in range(len(tree))]
    for word, head in enumerate(tree.heads):
        if head >= 0:
            children[head].append(word)
    return SentenceView(
        index=0, sentence=Sentence(id="", start=tree.start, end=tree.end, paragraph=0), tree=tree, role=Role.BODY,
        lower=tuple(form.lower().replace("’", "'") for form in tree.forms),
        lemmas=tuple(lemma.lower() for lemma in tree.lemmas),
        relations=tuple(deprel.split(":", 1)[0] for deprel in tree.deprels),
        children=tuple(tuple(kids) for kids in children), actors={}, times={}, places={}, amounts={},
    )  # fmt: skip


# --- the algebra in numbers -----------------------------------------------------------------------------------------


def _told(view: SentenceView, word: int, reading: StatusReading, numbers: Mapping[str, Mapping[str, float]]) -> float:
    if reading.polarity is Polarity.NEGATIVE:
        return _negative(view, word, reading, numbers["negative"])
    operators = {step.operator for step in reading.steps} - {"keep"}
    if not operators:
        return (_verb if view.upos(word) in VERBAL else _noun)(view, word, numbers)
    costs = sorted((numbers["cost"].get(name, 0.0) for name in operators), reverse=True)
    further = sum(cost > 0 for cost in costs[1:])
    return max(numbers["cost"]["floor"], 3.0 - costs[0] - numbers["cost"]["further"] * further)


def _negative(view: SentenceView, word: int, reading: StatusReading, numbers: Mapping[str, float]) -> float:
    """A negation of the word itself counts most; one of its arguments (*gave no details*) or far above it, less."""
    if reading.status is Status.DENIED:
        return numbers["denied"]
    nots = [step.word for step in reading.steps if step.operator in ("not", "improbable")]
    own = [at for at in nots if at == word or view.head(at) == word]
    if view.upos(word) in ("NOUN", "PROPN"):
        return numbers["own"] if own else numbers["noun"]
    arguments = [at for at in own if at != word and view.relations[at] in ("obj", "nsubj")]
    if arguments:
        subject = any(view.relations[at] == "nsubj" for at in arguments)
        return numbers["subject"] if subject else numbers["object"]
    if not own:
        return numbers["above"]
    ahead = {step.operator for step in reading.steps} & {"plan", "request", "predict"}
    return numbers["ahead"] if ahead else numbers["own"]


def _verb(view: SentenceView, word: int, numbers: Mapping[str, Mapping[str, float]]) -> float:
    """Clauses without operators: an infinitive or gerund below something tells less than a finite verb."""
    relation = view.relations[word]
    marks = {view.lower[kid] for kid in view.kids(word, "mark")}
    verb = numbers["verb"]
    if "to" in marks and relation in ("advcl", "acl", "xcomp", "conj", "csubj"):
        return verb["infinitive"]
    if "from" in marks:
        return verb["from"]
    if marks & {"of", "for", "before", "in"} and relation in ("advcl", "acl"):
        return verb["gerund"]
    return verb.get(relation, 3.0)


def _noun(view: SentenceView, word: int, numbers: Mapping[str, Mapping[str, float]]) -> float:
    """Nouns: known ones (*the*, *its*, counted) tell more than bare ones; less below a clause that is not real yet."""
    noun = numbers["noun"]
    determiners = [view.lower[kid] for kid in view.kids(word, "det")]
    if (determiners and determiners[0] == "the") or view.kids(word, "nmod:poss", "nummod"):
        value = noun["known"]
    elif determiners:
        value = noun.get(determiners[0], noun["bare"])
    else:
        value = noun["bare"]
    if view.relations[word] == "compound":
        value = noun["compound"]
    if any(view.lower[kid] in ("for", "to", "from", "against", "without") for kid in view.kids(word, "case")[:1]):
        value -= noun["aimed"]
    return value - (noun["unreal"] if _below_unreal(view, word) else 0.0)


def _below_unreal(view: SentenceView, word: int) -> bool:
    """Whether the nearest verb above is an infinitive or stands under a modal."""
    for depth, above in enumerate(view.ancestors(word)):
        if view.upos(above) == "VERB":
            infinitive = any(view.lower[kid] == "to" for kid in view.kids(above, "mark"))
            return infinitive or any(view.tree.xpos[kid] == "MD" for kid in view.kids(above, "aux"))
        if depth >= DEPTH:
            break
    return False


# --- features of the trained reading ----------------------------------------------------------------------------------


def factual_features(view: SentenceView, word: int, reading: StatusReading) -> Iterator[str]:
    """Names of the features that hold: operators, the word's form, its children and what governs it."""
    yield from (f"st={reading.status}", f"pol={reading.polarity}", f"cert={reading.certainty}")
    for step in reading.steps:
        yield f"op={step.operator}"
        yield f"opw={step.operator}:{view.lemmas[step.word]}"
    relation, upos, lemma = view.relations[word], view.upos(word), view.lemmas[word]
    shape = "|".join(part for part in view.tree.feats[word].split("|") if part.split("=")[0] in SHAPES)
    yield from (f"l={lemma}", f"u={upos}", f"r={relation}", f"f={shape}", f"rf={relation}:{shape}")
    yield from _child_features(view, word, shape)
    if view.lower[-1] == "?":
        yield from ("q", f"q:{relation}")
    if relation == "root" and upos == "VERB" and not view.kids(word, "nsubj"):
        yield f"imp:{shape}"
    yield from _path_features(view, word)
    if upos != "VERB":
        yield "det=" + ",".join(view.lower[kid] for kid in view.kids(word, "det"))


def _child_features(view: SentenceView, word: int, shape: str) -> Iterator[str]:
    for kid in view.children[word]:
        relation = view.relations[kid]
        if relation in ("aux", "mark", "cc", "cop", "det"):
            yield f"k={relation}:{view.lemmas[kid]}"
        elif relation == "advmod":
            yield f"k=adv:{view.lower[kid]}"
        else:
            yield f"c={relation}"
        if relation == "nsubj":
            yield f"s={view.lower[kid]}" if view.upos(kid) == "PRON" else "s=N"
        if relation == "aux" and view.upos(word) == "VERB":
            yield f"ax={view.lemmas[kid]}:{shape}"


def _path_features(view: SentenceView, word: int) -> Iterator[str]:
    at, path = word, []
    for depth in range(DEPTH):
        above = view.head(at)
        if above < 0:
            break
        deprel = view.tree.deprels[at]
        path.append(view.relations[at])
        yield f"g{depth}={view.lemmas[above]}"
        yield f"g{depth}r={deprel}:{view.lemmas[above]}"
        if depth < 2:
            yield f"g{depth}u={view.upos(above)}:{deprel}"
        for kid in view.children[above]:
            relation = view.relations[kid]
            negates = relation == "advmod" and view.lower[kid] in ("not", "n't", "never")
            if kid != at and (relation in ("aux", "mark", "det") or negates):
                yield f"g{depth}k={relation}:{view.lemmas[kid]}"
        at = above
    yield "p=" + ">".join(path[:3])
