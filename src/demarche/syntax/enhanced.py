"""Enhanced relations by rules over the basic tree, after the Universal Dependencies guidelines for enhanced graphs.

Shared subjects and objects of conjuncts, subjects of controlled clauses, the noun a relative clause stands by, the
doer of a passive: each as one arc more, with the rule that made it.
"""

from __future__ import annotations

from dataclasses import dataclass

from demarche.records import Tree

__all__ = ["Arc", "enhance"]

_SUBJECTS = frozenset(("nsubj", "nsubj:pass", "csubj", "nsubj:outer"))
_OWN = frozenset(("conj", "parataxis", "appos", "compound", "list"))
"""Places in the tree that a conjunct does not share with the first."""
_ADVERBS = frozenset(("where", "when"))
_RELATIVE = frozenset(("who", "which", "that", "whom", "whose", "where", "when"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc:
    """`dependent` stands in `relation` to `head`, by `rule`: conj, control, relative or passive."""

    dependent: int
    head: int
    relation: str
    rule: str


def enhance(tree: Tree) -> tuple[Arc, ...]:
    """Arcs that the basic tree implies but does not hold, without repeats, in the order of their rules."""
    children: list[list[int]] = [[] for _ in range(len(tree))]
    for i, head in enumerate(tree.heads):
        if head >= 0:
            children[head].append(i)
    found: dict[tuple[int, int, str], Arc] = {}
    for rule in (_conjuncts, _relatives, _control, _passives):
        known = _with(tree, children, tuple(found.values()))
        for arc in rule(tree, known):
            if arc.dependent != arc.head:
                found.setdefault((arc.dependent, arc.head, arc.relation), arc)
    return tuple(found.values())


Known = list[list[tuple[int, str]]]
"""For each head its dependents with their relations: basic and those found so far."""


def _with(tree: Tree, children: list[list[int]], arcs: tuple[Arc, ...]) -> Known:
    known: Known = [[(i, tree.deprels[i]) for i in kids] for kids in children]
    for arc in arcs:
        known[arc.head].append((arc.dependent, arc.relation))
    return known


def _find(known: Known, head: int, relations: frozenset[str] | set[str]) -> list[tuple[int, str]]:
    return [(i, r) for i, r in known[head] if r in relations]


def _conjuncts(tree: Tree, known: Known) -> list[Arc]:
    """A conjunct takes its first conjunct's place in the tree, and a conjoined verb without subject its subject."""
    found: list[Arc] = []
    for i, relation in enumerate(tree.deprels):
        if relation.split(":")[0] != "conj":
            continue
        first = tree.heads[i]
        if tree.heads[first] >= 0 and tree.deprels[first].split(":")[0] not in _OWN:
            found.append(Arc(dependent=i, head=tree.heads[first], relation=tree.deprels[first], rule="conj"))
        verbal = tree.upos[i] in ("VERB", "AUX", "ADJ", "NOUN") and tree.upos[first] in ("VERB", "AUX")
        if verbal and not _find(known, i, _SUBJECTS):
            passive = any(r == "aux:pass" for _, r in known[i])
            for subject, label in _find(known, first, _SUBJECTS):
                kept = label.split(":")[0] + (":pass" if passive else "")
                found.append(Arc(dependent=subject, head=i, relation=kept, rule="conj"))
        if tree.upos[i] == "VERB" and tree.upos[first] == "VERB" and not _find(known, first, {"obj"}):
            # "signed and ratified the treaty": an object to the right of both is shared
            for target, label in _find(known, i, {"obj"}):
                if target > i and not _find(known, first, {"ccomp", "xcomp", "obl"}):
                    found.append(Arc(dependent=target, head=first, relation=label, rule="conj"))
    return found


def _relatives(tree: Tree, known: Known) -> list[Arc]:
    """The noun before a relative clause fills the place of its pronoun, or the empty place of a bare one."""
    found: list[Arc] = []
    for verb, relation in enumerate(tree.deprels):
        noun = tree.heads[verb]
        if relation == "acl:relcl" and noun >= 0:
            pronouns = [(i, r) for i, r in known[verb] if tree.lemmas[i].lower() in _RELATIVE and i < verb]
            if pronouns:
                for pronoun, r in pronouns:
                    place = "obl" if tree.lemmas[pronoun].lower() in _ADVERBS else r
                    found.append(Arc(dependent=noun, head=verb, relation=place, rule="relative"))
            elif not _find(known, verb, _SUBJECTS):
                found.append(Arc(dependent=noun, head=verb, relation="nsubj", rule="relative"))
            elif not _find(known, verb, {"obj"}):
                found.append(Arc(dependent=noun, head=verb, relation="obj", rule="relative"))
        elif relation == "acl" and noun >= 0 and tree.xpos[verb] in ("VBN", "VBG"):
            label = "nsubj:pass" if tree.xpos[verb] == "VBN" else "nsubj"
            found.append(Arc(dependent=noun, head=verb, relation=label, rule="relative"))
    return found


def _control(tree: Tree, known: Known) -> list[Arc]:
    """Who does what an open clause (xcomp) says: the object of asking verbs, else the subject above."""
    found: list[Arc] = []
    for verb, relation in enumerate(tree.deprels):
        above = tree.heads[verb]
        if relation != "xcomp" or above < 0 or _find(known, verb, _SUBJECTS):
            continue
        objects = _find(known, above, {"obj", "iobj"})
        controller = objects or _find(known, above, _SUBJECTS)
        if objects and tree.lemmas[above] == "promise":
            controller = _find(known, above, _SUBJECTS) or objects
        if not controller and tree.deprels[above] == "xcomp":
            controller = [(a.dependent, a.relation) for a in found if a.head == above and a.relation in _SUBJECTS]
        label = "nsubj:pass" if any(r == "aux:pass" for _, r in known[verb]) else "nsubj"
        found += [Arc(dependent=i, head=verb, relation=label, rule="control") for i, _ in controller[:1]]
    return found


def _passives(tree: Tree, known: Known) -> list[Arc]:
    """The doer of a passive (`by …`) as `nsubj:agent`; what is done to as `obj:patient`."""
    found: list[Arc] = []
    for verb in range(len(tree)):
        agents = _find(known, verb, {"obl:agent"})
        agents += [
            (i, r) for i, r in known[verb]
            if r == "obl" and _passive(tree, known, verb)
            and any(c == "case" and tree.lemmas[k] == "by" for k, c in known[i])
        ]  # fmt: skip
        found += [Arc(dependent=i, head=verb, relation="nsubj:agent", rule="passive") for i, _ in agents]
        patients = _find(known, verb, {"nsubj:pass"})
        found += [Arc(dependent=i, head=verb, relation="obj:patient", rule="passive") for i, _ in patients]
    return found


def _passive(tree: Tree, known: Known, verb: int) -> bool:
    return tree.xpos[verb] == "VBN" and any(r in ("aux:pass", "nsubj:pass") for _, r in known[verb])
