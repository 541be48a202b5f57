"""Predicates and their arguments over a UD tree, in the spirit of PredPatt (White et al. 2016): verbs, nominal events.

A predicate's arguments are words by slot: `subj` and `obj` are logical (the passive is undone), `iobj`, `poss`, `mod`
(actor-like modifiers of a noun), one slot a preposition (`with`, `against` …) and `comp` (heads of complement clauses).
Subjects are followed through relative clauses, control, coordination, participles and support verbs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from demarche.coding.context import SentenceView
from demarche.records import Role

__all__ = [
    "CONDITION_MARKS",
    "WEEKDAYS",
    "Predicate",
    "case_of",
    "coordinated",
    "is_passive",
    "read_noun",
    "read_verb",
    "surface_subject",
]

CONDITION_MARKS = frozenset({"if", "unless", "until", "once", "should"})
"""Markers of a clause on which another depends."""

RELATIVE = frozenset({"who", "whom", "which", "that", "whose"})
SUBJECT_CONTROL = frozenset(
    "promise promised promises promising pledge pledged pledges pledging vow vowed vows vowing threaten threatened "
    "threatens threatening offer offered offers offering agree agreed agrees agreeing".split()
)
"""Forms of verbs whose infinitive has the verb's own subject even beside an object."""

CONTROL_PREPOSITIONS = ("on", "upon", "to", "for", "with", "of")
TRANSPARENT = frozenset(
    "round rounds series wave waves spate string number day days hour hours week weeks month months talks session "
    "sessions campaign campaigns kind sort act acts barrage dozens hundreds thousands first second third".split()
)
"""Nouns seen through when a nominal event looks for its support verb: *a round of talks*, *days of shelling*."""

SUPPORT = frozenset(
    """hold holds held holding conduct conducts conducted conducting carry carries carried carrying launch launches
    launched launching stage stages staged staging make makes made making give gives gave given giving issue issues
    issued issuing sign signs signed signing reach reaches reached reaching strike strikes struck striking begin begins
    began begun beginning start starts started starting open opens opened opening continue continues continued resume
    resumes resumed resuming join joins joined joining attend attends attended host hosts hosted hosting have has had
    having take takes took taken taking undertake undertook mount mounts mounted mounting impose imposes imposed
    imposing declare declares declared announce announces announced announcing order orders ordered conclude concludes
    concluded end ends ended finish finished perform performed deliver delivered stop stops stopped halt halted halts
    suspend suspends suspended suspending cancel cancels cancelled canceled call calls called plan plans planned
    planning propose proposes proposed prepare prepares prepared preparing offer offers offered offering refuse
    promise promised promises pledge pledged seek seeks sought want wants wanted demand demands demanded threaten
    threatens threatened consider considers considering considered discuss discussed face faces faced keep keeps kept
    extend extends extended renew renewed rule ruled reject rejects rejected approve approved approves bring broker
    brokered mediate mediated voice voiced express expressed expresses lead led wage waged waging authorise
    authorised authorize authorized send sent do did receive received receives win won get got provide provided
    provides drop dropped lift lifted lifts ease eased file filed lodge lodged pursue pursued quit leave left break
    broke use used uses using lay laid put set maintain maintained agree agreed accept accepted
    accelerate accelerates accelerated speed speeds speeded complete completes completed completing intensify
    intensified""".split()
)
"""Forms of verbs that lend their subject to a noun of action in their object."""

LEADING = frozenset("for to on with against from into over at in about".split())
"""Prepositions that make an argument of a verb oblique, whatever the parser calls it."""

SETTINGS = frozenset("eve anniversary sidelines margins grounds occasion behalf wake aftermath".split())
"""Nouns that a preposition joins to the act as its setting: whoever stands behind them is no side of it."""

WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicate:
    """One predicate. kind: verb, noun or adjective. slots: slot → head words in text order; support: the light verb."""

    word: int
    kind: str
    passive: bool
    slots: dict[str, tuple[int, ...]]
    support: int | None = None

    def get(self, slot: str) -> tuple[int, ...]:
        return self.slots.get(slot, ())


def coordinated(view: SentenceView, word: int) -> tuple[int, ...]:
    """The word and its conjuncts, in text order."""
    known: tuple[int, ...] | None = view.memo.get(("coordinated", word))
    if known is None:
        known = view.memo["coordinated", word] = tuple(_coordinated(view, word))
    return known


def _coordinated(view: SentenceView, word: int) -> list[int]:
    found = [word, *_listed(view, word)]
    for member in found:
        found.extend(view.kids(member, "conj"))
        if view.upos(member) == "PROPN":  # a list whose second name the parser took for an apposition
            found.extend(
                kid for kid in view.kids(member, "appos") if view.upos(kid) == "PROPN" and view.kids(kid, "conj")
            )
    return found


def _listed(view: SentenceView, word: int) -> list[int]:
    """*Kenya, Malawi Sign Pact*: in a headline the name before the comma acts, too."""
    if view.role is not Role.TITLE or word < 2 or view.lower[word - 1] != "," or view.relations[word] != "nsubj":
        return []
    other = word - 2
    fits = view.upos(other) == "PROPN" and view.head(other) in (word, view.head(word))
    return [other] if fits and view.relations[other] in ("vocative", "dep", "discourse", "nsubj", "obl") else []


def case_of(view: SentenceView, word: int) -> str | None:
    """Its preposition in lower case; `according to` and the like joined by `_`."""
    case = view.kid(word, "case")
    if case is None:
        return None
    return "_".join([view.lower[case], *(view.lower[part] for part in view.kids(case, "fixed"))])


def is_passive(view: SentenceView, word: int) -> bool:
    """Whether the verb form is passive: by its subject, auxiliary or, for a bare participle, its place."""
    known: bool | None = view.memo.get(("passive", word))
    if known is None:
        known = view.memo["passive", word] = _is_passive(view, word)
    return known


def _is_passive(view: SentenceView, word: int) -> bool:
    feats = view.tree.feats[word]
    if any(view.tree.deprels[kid] == "aux:pass" for kid in view.children[word]):
        return True
    if any(view.tree.deprels[kid] == "nsubj:pass" for kid in view.children[word]):
        if view.kids(word, "obj"):
            return False
        clause = view.relations[word] in ("root", "ccomp", "conj", "parataxis")
        return view.role is Role.TITLE or not clause or _has_agent(view, word)
    if "VerbForm=Part" not in feats or "Tense=Pres" in feats or view.kids(word, "nsubj"):
        return False
    if view.kids(word, "aux"):
        return False
    if view.relations[word] == "conj" and not view.kids(word, "nsubj"):
        return is_passive(view, view.head(word))
    return view.tree.deprels[word] in ("acl", "advcl", "amod") or "Voice=Pass" in feats


def _has_agent(view: SentenceView, word: int) -> bool:
    return any(case_of(view, kid) == "by" for kid in view.kids(word, "obl"))


def read_verb(view: SentenceView, word: int) -> Predicate:
    """The verb (or predicate adjective) at `word` with its logical arguments."""
    known: Predicate | None = view.memo.get(("verb", word))
    if known is None:
        known = view.memo["verb", word] = _read_verb(view, word)
    return known


def _read_verb(view: SentenceView, word: int) -> Predicate:
    passive = is_passive(view, word)
    slots: dict[str, list[int]] = {}
    subjects = surface_subject(view, word)
    slots["obj" if passive else "subj"] = list(subjects)
    taken = set(subjects)
    if not passive:
        slots["obj"] = [thing for thing in _objects(view, word) if thing not in taken]
    elif view.kids(word, "obj"):
        slots["iobj"] = slots["obj"]
        slots["obj"] = view.kids(word, "obj")
    _add(slots, "iobj", [thing for thing in _through(view, view.kids(word, "iobj")) if thing not in taken])
    if not slots["obj"]:
        slots["obj"] = list(slots["iobj"])
    _add_obliques(view, word, slots, passive=passive)
    for kid in view.children[word]:
        if view.tree.deprels[kid] == "compound:prt" and view.lower[kid] in CONTROL_PREPOSITIONS and slots["obj"]:
            _add(slots, view.lower[kid], slots["obj"])
    for thing in slots["obj"]:
        if thing < word and view.relations[thing] not in ("nsubj", "obj"):
            continue  # an antecedent: its own modifiers are no arguments of the verb
        _add_prepositions(view, thing, slots)
    _add(slots, "comp", [kid for kid in view.kids(word, "ccomp", "xcomp") if view.head(kid) == word])
    _add(slots, "comp", [kid for kid in view.kids(word, "csubj") if kid > word])  # *is open to resuming talks*
    if adverbial := view.kids(word, "advcl"):
        _add(slots, "comp", [kid for kid in adverbial if _is_infinitive(view, kid)])
        _add(slots, "comp", [kid for kid in adverbial if kid > word and _marked(view, kid, "of", "from")])
        _add(slots, "comp", [kid for kid in adverbial if _is_told_first(view, word, kid)])
    kind = "verb" if view.tree.upos[word] in ("VERB", "AUX") else "adjective"
    return Predicate(word=word, kind=kind, passive=passive, slots={key: tuple(v) for key, v in slots.items() if v})


def read_noun(view: SentenceView, word: int) -> Predicate:
    """The nominal event at `word`: possessor, modifiers, prepositions, and what its support verb lends."""
    known: Predicate | None = view.memo.get(("noun", word))
    if known is None:
        known = view.memo["noun", word] = _read_noun(view, word)
    return known


def _read_noun(view: SentenceView, word: int) -> Predicate:
    slots: dict[str, list[int]] = {}
    for kid in view.children[word]:
        deprel = view.tree.deprels[kid]
        if deprel == "nmod:poss":
            _add(slots, "poss", _through(view, [kid]))
        elif view.relations[kid] in ("amod", "compound", "nummod") or deprel in ("nmod:desc", "nmod:unmarked"):
            _add(slots, "mod", [kid])
        elif view.relations[kid] == "acl" and not view.kids(kid, "nsubj"):
            _add_participle(view, kid, slots)
    _add_prepositions(view, word, slots)
    _add(slots, "comp", [kid for kid in view.kids(word, "acl", "ccomp") if view.tree.upos[kid] in ("VERB", "AUX")])
    above = view.head(word)
    if above >= 0 and view.upos(above) in ("VERB", "AUX") and view.relations[word] in ("nsubj", "obj", "obl"):
        _add(slots, "gov", [above])
    support = _support(view, word)
    if support is not None:
        verb = read_verb(view, support)
        own = set(view.subtree(word))
        for slot, words in verb.slots.items():
            if slot == "subj" or slot not in ("obj", "comp"):
                name = "light" if slot == "subj" else slot
                _add(slots, name, [w for w in words if w not in own and w != word])
    return Predicate(
        word=word, kind="noun", passive=False, slots={key: tuple(v) for key, v in slots.items() if v}, support=support
    )


def surface_subject(view: SentenceView, word: int, depth: int = 0) -> list[int]:
    """Heads of the surface subject: the verb's own, else the one it inherits; empty when there is none."""
    if depth > 8:
        return []
    own = [kid for kid in view.kids(word, "nsubj") if not view.tree.deprels[kid].endswith(":outer")]
    if not own and view.kids(word, "csubj"):  # *it is open to resuming talks*: no empty *it*
        own = [kid for kid in view.kids(word, "expl") if view.actors.get(kid)]
    if own:
        before = [kid for kid in own if kid < word]
        return _through(view, before or own)
    called = [kid for kid in view.kids(word, "vocative") if kid < word]
    if called and "Mood=Ind" in view.tree.feats[word]:
        return called  # nobody is spoken to in news: a list of names before its verb
    if fronted := _fronted(view, word):
        return _through(view, fronted)
    head, relation, deprel = view.head(word), view.relations[word], view.tree.deprels[word]
    if head < 0:
        return []
    if relation == "conj":
        return surface_subject(view, head, depth + 1)
    if deprel == "acl:relcl":
        return [] if any(view.lower[k] in RELATIVE for k in view.children[word]) else [head]
    if relation == "xcomp":
        return _controller(view, head, depth)
    if relation == "advcl" and _marked(view, word, "of", "for", "from") and not is_passive(view, head):
        return _through(view, view.kids(head, "obj", "iobj")) or surface_subject(view, head, depth + 1)
    if relation in ("advcl", "ccomp"):
        if beside := _subject_beside(view, word):
            return _through(view, beside)
        return surface_subject(view, head, depth + 1) if not _is_finite(view, word) else []
    if relation == "acl":
        return _acl_subject(view, word, head, depth)
    return []


def _subject_beside(view: SentenceView, word: int) -> list[int]:
    """*X is about to act, Y said*: parsers hang the infinitive on *said*, beside the adjective with its subject."""
    to = next((kid for kid in view.kids(word, "mark") if view.lower[kid] == "to"), None)
    if to is None or to == 0 or view.upos(to - 1) != "ADJ" or view.head(to - 1) != view.head(word):
        return []
    return view.kids(to - 1, "nsubj")


def _fronted(view: SentenceView, word: int) -> list[int]:
    """*expects Egypt to offer*, *accused Egypt of hiding*: a noun before the mark that the parser hung on the second
    verb is its subject."""
    to = next((kid for kid in view.kids(word, "mark") if view.lower[kid] in ("to", "of", "for", "from")), None)
    if to is None:
        return []
    return [kid for kid in view.kids(word, "iobj", "obj") if kid < to]


def _marked(view: SentenceView, word: int, *marks: str) -> bool:
    return any(view.lower[kid] in marks for kid in view.kids(word, "mark", "case"))


def _controller(view: SentenceView, head: int, depth: int) -> list[int]:
    """Who does the infinitive below `head`: its object (*asked Beijing to …*), else its subject."""
    doubled = [kid for kid in view.kids(head, "nsubj") if kid > head]
    if doubled and any(kid < head for kid in view.kids(head, "nsubj")):
        return _through(view, doubled)
    if view.lower[head] not in SUBJECT_CONTROL and not is_passive(view, head):
        things = _through(view, view.kids(head, "iobj")) or _through(view, view.kids(head, "obj"))
        if things:
            return things
        for kid in view.kids(head, "obl"):
            if case_of(view, kid) in ("on", "upon", "to") and kid > head:
                return _through(view, [kid])
    return surface_subject(view, head, depth + 1)


def _acl_subject(view: SentenceView, word: int, noun: int, depth: int) -> list[int]:
    """Subject of a clause that hangs on a noun: the noun (participle) or the noun's doer (*its vow to …*)."""
    if not _is_infinitive(view, word):
        return [noun]
    owner = view.kids(noun, "nmod:poss")
    if owner:
        return _through(view, owner)
    for kid in view.kids(noun, "nmod"):
        if case_of(view, kid) in ("by", "of", "for", "from"):
            return [kid]
    mods = [kid for kid in view.kids(noun, "amod", "compound") if kid in view.actors]
    if mods:
        return mods
    head = view.head(noun)
    if head >= 0 and view.tree.upos[head] in ("VERB", "AUX") and view.relations[noun] in ("obj", "obl"):
        receiver = view.kids(head, "iobj")
        return _through(view, receiver) if receiver else surface_subject(view, head, depth + 1)
    return []


def _objects(view: SentenceView, word: int) -> list[int]:
    own = _through(view, [kid for kid in view.kids(word, "obj") if not _is_led(view, kid)])
    if own:
        return own
    for kid in view.kids(word, "advcl", "xcomp"):
        if kid > word and _marked(view, kid, "of", "for", "from") and (hung := _fronted(view, kid)):
            return _through(view, hung)
    if view.tree.deprels[word] == "acl:relcl":
        fronted = [kid for kid in view.kids(word, "nsubj") if view.lower[kid] in RELATIVE]
        stranded = any(view.lower[kid] in RELATIVE for kid in view.children[word])
        if not fronted and (stranded or view.kids(word, "nsubj")):
            return [view.head(word)]
        return []
    for kid in view.kids(word, "conj"):
        if view.kids(kid, "obj") and kid - word <= 3 and not is_passive(view, kid):
            return view.kids(kid, "obj")
    return []


def _is_led(view: SentenceView, thing: int) -> bool:
    """*asked Paris for peacekeepers*: an object by its tag only, since a preposition leads it."""
    return case_of(view, thing) in LEADING


def _add_obliques(view: SentenceView, word: int, slots: dict[str, list[int]], *, passive: bool) -> None:
    for kid in [
        *view.kids(word, "obl", "nmod"),
        *(k for k in view.kids(word, "obj") if _is_led(view, k)),
        *(k for k in view.kids(word, "xcomp") if view.upos(k) in ("NOUN", "PROPN")),
    ]:
        if kid in view.times or view.lower[kid] in WEEKDAYS:
            continue
        case = case_of(view, kid)
        if case is None:
            if not slots["obj"] and kid > word and view.upos(kid) in ("NOUN", "PROPN"):
                _add(slots, "obj", [kid])
            continue
        if case in ("on", "in") and view.lower[kid] in SETTINGS:
            continue
        slot = "subj" if passive and case == "by" else case
        _add(slots, slot, _through(view, [kid]))
        if case in ("against", "on"):
            _add_prepositions(view, kid, slots)


def _add_prepositions(view: SentenceView, noun: int, slots: dict[str, list[int]]) -> None:
    for kid in view.kids(noun, "nmod", "obl"):
        case = case_of(view, kid)
        if case is not None and view.tree.deprels[kid] != "nmod:poss":
            _add(slots, case, [kid])


def _add_participle(view: SentenceView, word: int, slots: dict[str, list[int]]) -> None:
    """*sanctions imposed by the EU on Russia*: the participle's obliques are the noun's."""
    if is_passive(view, word):
        for kid in view.kids(word, "obl"):
            case = case_of(view, kid)
            if case is not None:
                _add(slots, case, [kid])
    elif view.lower[word] in ("targeting", "hitting", "involving", "including", "against"):
        _add(slots, "of", view.kids(word, "obj"))


def _support(view: SentenceView, word: int) -> int | None:
    """The light verb over the noun, seen through *a round of* and coordination."""
    at, relation = view.head(word), view.tree.deprels[word]
    hops = 0
    while at >= 0 and hops < 4:
        if view.tree.upos[at] == "VERB" and relation in ("obj", "nsubj:pass", "obl", "conj"):
            fits = relation in ("obj", "nsubj:pass") or case_of(view, word) in ("for", "in", "into", "to", "with")
            return at if fits and view.lower[at] in SUPPORT else None
        if relation == "conj" or (relation == "nmod" and view.lower[at] in TRANSPARENT):
            relation, at = view.tree.deprels[at], view.head(at)
            hops += 1
            continue
        return None
    return None


def _through(view: SentenceView, words: Iterable[int]) -> list[int]:
    """Relative pronouns replaced by the noun their clause hangs on."""
    return [_antecedent(view, word) for word in words]


def _antecedent(view: SentenceView, word: int) -> int:
    if view.lower[word] not in RELATIVE or view.tree.upos[word] not in ("PRON", "SCONJ", "DET"):
        return word
    for above in view.ancestors(word):
        if view.tree.deprels[above] == "acl:relcl":
            return view.head(above)
    return word


def _is_told_first(view: SentenceView, word: int, clause: int) -> bool:
    """*Troops are starving the camps, an agency protested*: the full clause before it is what the verb says."""
    if clause > word or view.kids(clause, "mark", "advmod") or not _is_finite(view, clause):
        return False
    own = view.kids(word, "nsubj")
    return bool(own) and clause < own[0] and bool(view.kids(clause, "nsubj"))


def _is_infinitive(view: SentenceView, word: int) -> bool:
    return any(view.lower[kid] == "to" for kid in view.kids(word, "mark"))


def _is_finite(view: SentenceView, word: int) -> bool:
    feats = view.tree.feats[word]
    if "VerbForm=Fin" in feats:
        return True
    return any("VerbForm=Fin" in view.tree.feats[kid] for kid in view.kids(word, "aux", "cop"))


def _add(slots: dict[str, list[int]], slot: str, words: Iterable[int]) -> None:
    kept = slots.setdefault(slot, [])
    kept.extend(word for word in words if word not in kept)
