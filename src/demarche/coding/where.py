"""Where an act happens, by syntax: the place below its word, in the cases that its verb takes for one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from demarche.coding.context import SentenceView

__all__ = ["place_of", "words_below"]

AT = frozenset({"in", "at", "near", "on", "off", "outside", "inside", "around", "along", "across", "throughout"})
WAYS = frozenset({"to", "from", "into", "onto", "through", "toward", "towards", "of"})
MOVING = frozenset(
    "travel fly go come head visit withdraw pull send deploy move land arrive enter march sail return ship deliver "
    "extradite deport evacuate dispatch drive escort cross retreat redeploy airlift transfer let admit withdrawal "
    "visit deployment delivery return pullout trip evacuation".split()
)
"""Verbs and nouns of moving: where to and where from are where."""
TAKING = frozenset(
    "visit invade enter occupy storm shell bomb leave blockade cross capture seize raid besiege bombard tour reach "
    "overrun annex retake evacuate".split()
)
"""Verbs whose object may be the place itself."""
SPOTS = frozenset(
    "town city village port region province district area border frontier coast shore water territory outskirt suburb "
    "street island peninsula valley capital airport base camp reservoir dam gate bridge crossing strait sea part north "
    "south east west northeast northwest southeast southwest centre center rest enclave quarter edge side".split()
)
"""Nouns that are places by themselves; which, says the name behind *of* or before them."""
MEETING = frozenset("talk summit meeting conference round negotiation session forum protest rally march drill".split())
TAKEN = frozenset({"obj", "nsubj:pass"})
HOLDING = frozenset("hold sign reach stage host convene schedule plan begin start open take".split())
CLAUSES = frozenset({"ccomp", "advcl", "parataxis", "conj", "acl"})
DEEP = 3


def place_of(view: SentenceView, word: int, places: Mapping[int, str]) -> str | None:
    """Id of the nearest place below the act, outside other clauses; of the clause that holds it or of the verb above it
    (*opened talks in Oman*); None where the words give none.
    """
    if not places:
        return None
    found = _below(view, word, places)
    if found is None:
        found = next((place for at in _held(view, word) if (place := _below(view, at, places))), None)
    return found if found is not None else _above(view, word, places)


def _below(view: SentenceView, word: int, places: Mapping[int, str]) -> str | None:
    lemma = view.lemmas[word]
    cases = AT | WAYS if lemma in MOVING else AT
    for depth, at in words_below(view, word):
        if at not in places:
            continue
        mine = _cases(view, at)
        spot = view.head(at)
        if mine & cases or (depth == 1 and lemma in TAKING and view.tree.deprels[at] in TAKEN):
            return places[at]
        if depth == 1 and view.relations[at] == "compound" and lemma in MEETING:  # *the Vienna talks*
            return places[at]
        named = view.relations[at] == "compound" or (mine <= {"of"} and view.lemmas[spot] in SPOTS)
        if named and spot != word:  # *in the town of Bor*, *near the Bor bridge*
            taken = lemma in TAKING and view.tree.deprels[spot] in TAKEN
            if taken or _cases(view, spot) & cases:
                return places[at]
    return None


def _cases(view: SentenceView, word: int) -> set[str]:
    return {view.lower[kid] for kid in view.kids(word, "case")}


def _held(view: SentenceView, word: int) -> Iterator[int]:
    """Verbs of holding in a clause on the act, or on what it is done by: *a conference that is held in Oslo*."""
    for noun in (word, *view.kids(word, "obl")):
        yield from (verb for verb in view.kids(noun, "acl") if view.lemmas[verb] in HOLDING)


def _above(view: SentenceView, word: int, places: Mapping[int, str]) -> str | None:
    """The place at the verb whose object or subject the act is (*began drills off Crete*), of the verb that it is
    joined to, where the place stands before it, or where somebody goes to do it (*flew to Doha to meet …*).
    """
    verb, relation = view.head(word), view.relations[word]
    if verb < 0 or view.upos(verb) not in {"VERB", "AUX"}:
        return None
    later = relation in {"conj", "xcomp", "advcl"}
    if relation == "advcl" and not any(view.lower[kid] == "to" for kid in view.kids(word, "mark")):
        return None
    if not later and (relation not in {"obj", "nsubj"} or (relation == "nsubj" and view.upos(word) == "PRON")):
        return None
    lemma = view.lemmas[verb]
    if later and lemma in {"visit", "reach", "enter"}:
        for kid in view.kids(verb, "obj"):
            if kid in places and kid < word:
                return places[kid]
    cases = AT | {"to", "into"} if later and lemma in MOVING else AT
    for kid in view.kids(verb, "obl"):
        if kid in places and _cases(view, kid) & cases and (not later or kid < word):
            return places[kid]
    return None


def words_below(view: SentenceView, word: int) -> Iterator[tuple[int, int]]:
    """Words of the same clause below a word, nearest first: (steps down, at most `DEEP`; word)."""
    level = [word]
    for depth in range(1, DEEP + 1):
        level = [kid for at in level for kid in view.children[at] if view.relations[kid] not in CLAUSES]
        yield from ((depth, at) for at in level)
