"""Rows from rules: which words are acts, of which type, by whom, to whom. Status and holders are read elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from demarche.coding.codes import ROOTS
from demarche.coding.context import DocContext, SentenceView
from demarche.coding.footing import Ground, read_ground
from demarche.coding.heads import Proposals, RowProposal
from demarche.coding.predicates import WEEKDAYS, Predicate, case_of, coordinated, read_noun, read_verb
from demarche.coding.roles import Cast
from demarche.coding.rules import Entry, Rule, RuleBook, Test
from demarche.records import ActorKind, EventType

__all__ = ["Draft", "draft_events"]

CONTENT_UP = frozenset({"ccomp", "xcomp", "acl", "obj", "obl", "nmod", "conj", "iobj", "advcl", "parataxis", "csubj"})
"""Relations by which an act's content hangs below the act."""

NOMINAL_UP = frozenset({"obj", "xcomp", "obl", "nmod", "conj", "iobj", "appos", "nsubj"})
RECEIVERS = frozenset({EventType.AID, EventType.AGREE, EventType.SUPPORT, EventType.CONCEDE, EventType.COOPERATE})
"""Types whose requested act is meant for the one who asks."""

SPOKEN = frozenset({EventType.AGREE, EventType.THREATEN, EventType.REJECT, EventType.CONCEDE})
"""Types whose doer is also the doer of the content."""

REFUSED_OR_ASKED = frozenset({EventType.REJECT, EventType.REQUEST})
"""Types that are addressed to the other side of the meeting that they are about."""

FIRST = frozenset({"we", "i"})
WILL = frozenset({"will", "'ll", "would", "shall", "wo", "going"})
BODILY = frozenset({EventType.ASSAULT, EventType.COERCE, EventType.PROTEST, EventType.RETREAT})
"""Types whose rows may have nobody but unnamed people."""

SPEECHES = frozenset({EventType.AGREE, EventType.REQUEST, EventType.ACCUSE, EventType.REJECT, EventType.THREATEN})
"""Types whose rows open a content of their own when the heads alone found them."""

FRIENDLY = frozenset({EventType.SUPPORT, EventType.AID, EventType.COOPERATE, EventType.RETREAT, EventType.CONSULT})
"""Types of what one promises, never threatens."""

SURE = 0.6
"""The judge's chance from which on an act needs nobody in its clause."""

NEAR = 2
"""Words between a rule's trigger and the heads' word for the same row."""

KIND_OF = {"VERB": "verb", "NOUN": "noun", "PROPN": "noun", "ADJ": "adjective", "AUX": "modal"}
"""Which kind of construction a word of the tag can be."""

NEGATIONS = frozenset({"not", "n't", "never", "no"})
LONE_NOUN_DETERMINERS = frozenset({"this", "that", "these", "those"})


@dataclass(slots=True, kw_only=True)
class Draft:
    """A row in the making. words: the trigger; parent: the speech act whose content it is; inherited: its doer is
    not its own subject. denies: the draft that an anaphoric denial stands for. proposals: what the heads see in the
    sentence; seen: the proposal that made the row, None where a rule did. keep: the judge's chance that there is such
    a row. explicit: sources and targets before the article was asked for those the clause leaves out. footing: how
    political the clause and the article around it are (`footing.py`)."""

    view: SentenceView
    word: int
    words: tuple[int, ...]
    type: EventType
    mode: str | None
    cameo: str | None
    rule: str
    predicate: str
    content: bool
    sources: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    parent: Draft | None = None
    denies: Draft | None = None
    deniers: tuple[str, ...] = ()
    slots: dict[str, tuple[int, ...]] = field(default_factory=dict)
    contexts: tuple[str, ...] = ()
    score: float = 0.5
    source_rule: Rule | None = None
    proposals: Proposals | None = None
    seen: RowProposal | None = None
    keep: float = 1.0
    explicit: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    footing: tuple[float, ...] = ()


Sift = Callable[[Sequence[Sequence[Draft]]], Sequence[dict[int, Draft]]]
"""Chooses among the candidates of each sentence; gives those that stand, by word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matcher:
    """Matches the rules on one sentence."""

    book: RuleBook
    cast: Cast
    view: SentenceView
    proposals: Proposals | None = None
    ground: Ground | None = None

    def candidates(self) -> list[Draft]:
        """What rules and heads propose, without roles; a word may stand twice when they differ."""
        hits: list[tuple[Entry, Predicate]] = []
        acts = self.book.acts
        for word, (form, upos) in enumerate(zip(self.view.lower, self.view.tree.upos, strict=True)):
            kind = KIND_OF.get(upos)
            if kind is None or (entries := acts[kind].get(form)) is None:
                continue
            if hit := self._best(word, kind, entries):
                hits.append(hit)
        kept = _without_consumed(hits)
        drafts = {predicate.word: self._draft(entry, predicate) for entry, predicate in kept}
        self._add_contents(drafts)
        return [*drafts.values(), *self._proposed(drafts)]

    def finish(self, drafts: dict[int, Draft]) -> list[Draft]:
        """The drafts that stand, by word, with their speech acts and roles."""
        for draft in drafts.values():
            draft.parent = self._parent(draft, drafts)
        rows = [drafts[word] for word in sorted(drafts)]
        self._no_threat_of_good(rows)
        for draft in rows:
            self._assign(draft)
        for draft in rows:
            self._inherit(draft)
        for draft in reversed(rows):
            self._addressee(draft, rows)
        for draft in rows:
            _tidy(draft)
        standing = [draft for draft in rows if self._stands(draft)]
        self._specify(standing)
        for draft in standing:
            if draft.parent is not None and _relation(draft.parent) == "aux":
                draft.parent = None  # *will not* says itself how the act stands: no speech act over it
        return standing

    def _no_threat_of_good(self, rows: Sequence[Draft]) -> None:
        """What the heads take for a threat though its content is friendly (*told it that it would reopen …*) is a
        promise."""
        for row in rows:
            speech = row.parent
            if speech is None or speech.seen is None or speech.type is not EventType.THREATEN:
                continue
            if row.type in FRIENDLY:
                rule = self.book.general[EventType.AGREE]
                speech.type, speech.rule, speech.source_rule = EventType.AGREE, "heads.agree", rule
                speech.mode, speech.cameo, speech.contexts = None, f"{ROOTS[EventType.AGREE]}0", ()

    def _proposed(self, drafts: dict[int, Draft]) -> list[Draft]:
        """Drafts for what the heads see and no rule of that type has found there."""
        found = []
        taken = {
            (draft.type, at + step)
            for draft in drafts.values()
            for at in draft.words
            for step in range(-NEAR, NEAR + 1)
        }
        for seen in self.proposals.rows if self.proposals is not None else ():
            if (seen.type, seen.word) in taken:
                continue
            kind = self._kind(seen.word)
            predicate = self._read(seen.word, kind)
            own = [e for e in self.book.index.get(self.view.lower[seen.word], ()) if e.rule.type is seen.type]
            own.sort(key=lambda e: e.kind != kind)
            rule = own[0].rule if own else self.book.general[seen.type]
            entry = own[0] if own else Entry(rule=rule, kind=kind, lemma=self.view.lemmas[seen.word], particles=())
            draft = self._draft(entry, predicate)
            draft.rule, draft.seen, draft.words = f"heads.{seen.type.value.lower()}", seen, (seen.word,)
            draft.content = draft.content or seen.type in SPEECHES
            if not own:
                draft.mode, draft.cameo = None, f"{ROOTS[seen.type]}0"
                draft.contexts = ()
            draft.score = seen.p
            found.append(draft)
        return found

    def _best(self, word: int, kind: str, entries: Sequence[Entry]) -> tuple[Entry, Predicate] | None:
        tree = self.view.tree
        if tree.upos[word] == "PROPN" and tree.forms[word][:1].isupper() and word in self.view.actors:
            return None
        predicate: Predicate | None = None
        for entry in entries:
            if entry.particles and not self._has_particles(word, entry):
                continue
            if predicate is None:
                predicate = self._read(word, kind)
            if self._holds(entry, predicate):
                return entry, predicate
        return None

    def _kind(self, word: int) -> str:
        upos = self.view.tree.upos[word]
        if upos == "AUX" and self.view.relations[word] == "aux":
            return "modal"
        return "noun" if upos in ("NOUN", "PROPN", "SYM", "NUM", "PRON") else "verb"

    def _read(self, word: int, kind: str) -> Predicate:
        if kind == "noun":
            return read_noun(self.view, word)
        return self._read_modal(word) if kind == "modal" else read_verb(self.view, word)

    def _read_modal(self, word: int) -> Predicate:
        """*must*, *will not*: the arguments of the verb below (slot `gov`) and whoever says so (slot `teller`)."""
        verb = self.view.head(word)
        if verb < 0 or self.view.relations[word] != "aux":
            return Predicate(word=word, kind="modal", passive=False, slots={})
        slots = {**read_verb(self.view, verb).slots, "gov": (verb,)}
        tellers = self._tellers(verb)
        if tellers and not self._sides(tellers) & self._sides(slots.get("subj", slots.get("obj", ()))):
            slots["teller"] = tellers
        return Predicate(word=word, kind="modal", passive=False, slots=slots)

    def _sides(self, words: Sequence[int]) -> set[str]:
        """Countries of the actors named there, a state's rebels apart; their ids where they have none."""
        found = set()
        for actor in self.cast.find(self.view, words):
            row = self.cast.name(actor)
            if row is not None:
                side = row.country or actor
                found.add(f"rebels of {side}" if row.sector == "REB" else side)
        return found

    def _tellers(self, verb: int) -> tuple[int, ...]:
        """Subjects of the verb of saying over (or beside) a clause, other than the clause's own."""
        view, saying = self.view, self.book.lexicon.classes["verb_saying"]
        own = view.kids(verb, "nsubj")
        at = verb
        for _ in range(4):
            beside = [kid for kid in view.kids(at, "parataxis") if view.lower[kid] in saying]
            above = view.head(at)
            if view.relations[at] in ("ccomp", "parataxis") and above >= 0 and view.lower[above] in saying:
                beside.append(above)
            for word in beside:
                if tellers := [kid for kid in view.kids(word, "nsubj") if kid not in own]:
                    return tuple(tellers)
            if above < 0 or view.relations[at] not in ("ccomp", "conj", "parataxis"):
                return ()
            at = above
        return ()

    def _has_particles(self, word: int, entry: Entry) -> bool:
        """Each particle stands by the verb; as a preposition only where the rule looks at its noun."""
        near, led = self._particles(word)
        return all(part in near or (part in led and part in entry.rule.slots) for part in entry.particles)

    def _particles(self, word: int) -> tuple[frozenset[str], frozenset[str]]:
        """Words that stand by the verb, and prepositions of its arguments."""
        view = self.view
        known: tuple[frozenset[str], frozenset[str]] | None = view.memo.get(("particles", word))
        if known is not None:
            return known
        near: set[str] = set()
        led: set[str] = set()
        for kid in view.children[word]:
            if view.relations[kid] in ("compound", "advmod", "obj", "xcomp", "obl", "advcl", "ccomp", "mark"):
                near.add(view.lower[kid])
            if kid in view.times or view.lower[kid] in WEEKDAYS:
                continue
            led.update(view.lower[mark] for mark in view.kids(kid, "case", "mark"))
            if view.relations[kid] == "obj":
                for below in view.kids(kid, "nmod"):
                    led.update(view.lower[case] for case in view.kids(below, "case"))
        found = view.memo["particles", word] = frozenset(near), frozenset(led)
        return found

    def _holds(self, entry: Entry, predicate: Predicate) -> bool:
        rule = entry.rule
        if entry.kind == "noun" and not self._noun_stands(rule, predicate):
            return False
        if self.view.relations[predicate.word] == "amod" and entry.kind == "verb":
            return False
        for slot, test in rule.where.items():
            if not self._test(slot, test, predicate):
                return False
        return not self._barred(rule, predicate)

    def _barred(self, rule: Rule, predicate: Predicate) -> bool:
        """Whether a guard of the rule holds."""
        return any(self._test(slot, test, predicate) for slot, test in rule.unless.items())

    def _noun_stands(self, rule: Rule, predicate: Predicate) -> bool:
        word, view = predicate.word, self.view
        if view.relations[word] in ("compound", "flat", "amod"):
            return False
        pointing = any(view.lower[kid] in LONE_NOUN_DETERMINERS for kid in view.kids(word, "det"))
        own = [slot for slot in predicate.slots if slot not in ("light", "mod", "comp")]
        return rule.bare or not (pointing and not own)

    def _test(self, slot: str, test: Test, predicate: Predicate) -> bool:
        if slot in ("any", "any2"):
            return any(self._present(name, predicate) for name in test.words)
        if slot == "own":
            return self._own(test, predicate)
        words, kinds = self.cast.slot(self.view, predicate.slots, slot), test.kinds
        if not words:
            if "NONE" in kinds:
                return True
            return slot == "subj" and bool(kinds & {"ACTOR", "PERSON"}) and predicate.kind == "verb"
        if kinds:
            if "NONE" in kinds:
                return False
            if "INF" in kinds:
                return any(_marker(self.view, word) == "to" for word in words)
            if not kinds.isdisjoint(("ANY", "CLAUSE")):
                return True
            if "PAIR" in kinds and self._is_pair(words, predicate):
                return True
            if "STATES" in kinds and len(self._sides(words)) > 1:
                return True
        for word in words:
            for member in coordinated(self.view, word):
                if self._fills(member, test):
                    return True
        return False

    def _present(self, slot: str, predicate: Predicate) -> bool:
        words = self.cast.slot(self.view, predicate.slots, slot)
        return bool(self.cast.find(self.view, words)) if slot == "mod" else bool(words)

    def _fills(self, word: int, test: Test) -> bool:
        view = self.view
        if view.lower[word] in test.words and not self._is_known_body(word):
            return True
        if not test.kinds and view.lower[word] not in self.book.lexicon.classes["quantity"]:
            return False
        if "ACTOR" in test.kinds and self.cast.is_human(view, word) and _named(self.cast.find(view, [word])):
            return True
        if "PERSON" in test.kinds and self.cast.is_human(view, word):
            return True
        if "PLACE" in test.kinds and word in view.places:
            return True
        if "ORG" in test.kinds and self._is_organisation(word):
            return True
        if "OFFICIAL" in test.kinds and self._is_official(word):
            return True
        if "CROWD" in test.kinds and self._is_crowd(word):
            return True
        if test.words and view.lower[word] in self.book.lexicon.classes["quantity"]:
            return any(self._fills(kid, test) for kid in view.kids(word, "nmod") if case_of(view, kid) == "of")
        return False

    def _is_known_body(self, word: int) -> bool:
        """*the Arab League*: whose name has a word of sport or the stage is none of it."""
        view = self.view
        return (
            view.upos(word) == "PROPN"
            and view.lower[word] in self.book.lexicon.classes["stage"]
            and bool(view.actors.get(word))
            and self._is_organisation(word)
        )

    def _is_organisation(self, word: int) -> bool:
        actors = [self.cast.name(actor) for actor in self.cast.find(self.view, [word])]
        return any(row is not None and row.kind in (ActorKind.ALLIANCE, ActorKind.ORGANISATION) for row in actors)

    def _is_crowd(self, word: int) -> bool:
        """People in the plural who are no force, body or office: *students*, *Peruvians*, *thousands of nurses*."""
        view, classes = self.view, self.book.lexicon.classes
        form = view.lower[word]
        if any(form in classes[name] for name in ("force", "troops", "institution", "official", "weapon", "stage")):
            return form in ("party", "parties", "unions", "union") and "Number=Plur" in view.tree.feats[word]
        if form in classes["quantity"]:
            parts = [kid for kid in view.kids(word, "nmod") if case_of(view, kid) == "of"]
            return any(self._is_crowd(kid) for kid in parts)
        return "Number=Plur" in view.tree.feats[word] and self.cast.is_human(view, word) and view.upos(word) != "PRON"

    def _is_official(self, word: int) -> bool:
        if self.view.lower[word] in self.book.lexicon.classes["official"]:
            return True
        actors = [self.cast.name(actor) for actor in self.cast.find(self.view, [word])]
        if self.view.upos(word) == "PRON":
            return bool(actors)
        return any(actor is not None and actor.kind is ActorKind.PERSON for actor in actors)

    def _is_pair(self, words: Sequence[int], predicate: Predicate) -> bool:
        view = self.view
        if len(self.cast.find(view, words)) > 1 or self.cast.find(view, predicate.get("with")):
            return True
        return any("Number=Plur" in view.tree.feats[word] and self.cast.is_human(view, word) for word in words)

    def _own(self, test: Test, predicate: Predicate) -> bool:
        view, word = self.view, predicate.word
        if predicate.kind == "modal":
            word = view.head(word)
        helpers = {view.lower[kid] for kid in view.kids(word, "aux", "advmod")}
        above = view.head(word)
        if view.relations[word] == "xcomp" and above >= 0:
            helpers |= {view.lower[kid] for kid in view.kids(above, "aux", "advmod")}
            if view.lower[above] in ("going", "able"):
                helpers.add("will")
        ahead = bool(helpers & WILL)
        if "REFUSAL" in test.kinds:
            return (ahead or "never" in helpers) and bool(helpers & NEGATIONS)
        if "WILL_IF" in test.kinds:
            first = any(view.lower[kid] in FIRST for kid in view.kids(word, "nsubj"))
            clause = [
                kid for kid in view.kids(word, "advcl") if _marker(view, kid) in ("if", "unless", "until", "should")
            ]
            return ahead and not helpers & NEGATIONS and (first or bool(clause))
        if "WILL" in test.kinds:
            return ahead
        if "SELF" in test.kinds:
            return self._speaks_of_itself(predicate)
        if "THIRD" in test.kinds:
            return self._third(predicate)
        return False

    def _speaks_of_itself(self, predicate: Predicate) -> bool:
        """Whether the clause below tells what the speaker or its side will do."""
        view = self.view
        speakers = set(self.cast.find(view, predicate.get("subj")))
        sides = {row.country for actor in speakers if (row := self.cast.name(actor)) is not None and row.country}
        for clause in predicate.get("comp"):
            if not {view.lower[kid] for kid in view.kids(clause, "aux")} & WILL:
                continue
            doers = self.cast.find(view, view.kids(clause, "nsubj"))
            countries = {row.country for actor in doers if (row := self.cast.name(actor)) is not None}
            if speakers & set(doers) or sides & countries:
                return True
        return False

    def _third(self, predicate: Predicate) -> bool:
        """Whether the clause below has a doer other than the speaker."""
        speakers = set(self.cast.find(self.view, predicate.get("subj")))
        for clause in predicate.get("comp"):
            own = self.view.kids(clause, "nsubj")
            if own and not speakers & set(self.cast.find(self.view, own)) and not _pronoun(self.view, own[0]):
                return True
        return False

    def _draft(self, entry: Entry, predicate: Predicate) -> Draft:
        rule, view, word = entry.rule, self.view, predicate.word
        words = [word]
        for kid in view.children[word]:
            if view.tree.deprels[kid] == "compound:prt":
                words.append(kid)
        if entry.kind == "modal":
            words.extend(kid for kid in view.kids(view.head(word), "advmod") if view.lower[kid] in NEGATIONS)
        for slot in ("obj", "in", "to"):
            if slot in rule.where and rule.where[slot].words and entry.kind == "verb":
                words.extend(
                    kid for kid in predicate.get(slot) if abs(kid - word) < 8 and self._fills(kid, rule.where[slot])
                )
        return Draft(
            view=view,
            word=word,
            words=tuple(sorted(set(words))),
            type=rule.type,
            mode=rule.modes.get(entry.lemma, rule.mode),
            cameo=rule.cameos.get(entry.lemma, rule.cameo),
            rule=rule.id,
            predicate=" ".join((entry.lemma, *entry.particles)),
            content=rule.content,
            slots=predicate.slots,
            contexts=rule.contexts,
            source_rule=rule,
            proposals=self.proposals,
            footing=self.ground.footing(view, predicate.slots) if self.ground is not None else (),
            score=min(0.9, 0.5 + 0.08 * rule.rank),
        )

    def _add_contents(self, drafts: dict[int, Draft]) -> None:
        """Nouns that name what a speech act is about: *asked for arms*, *threatened with sanctions*."""
        view = self.view
        speeches = {word: draft for word, draft in drafts.items() if draft.content}
        if not speeches:
            return
        for word, form in enumerate(view.lower):
            entries = self.book.contents.get(form)
            if entries is None or word in drafts or view.upos(word) not in ("NOUN", "PROPN", "SYM"):
                continue
            speech = self._nominal_parent(word, drafts)
            if speech is None or speech.word not in speeches:
                continue
            predicate = read_noun(view, word)
            for entry in entries:
                blocked = any(self._test(slot, test, predicate) for slot, test in entry.rule.unless.items())
                if speech.type in entry.rule.under and not blocked:
                    drafts[word] = self._draft(entry, predicate)
                    break

    def _nominal_parent(self, word: int, drafts: dict[int, Draft]) -> Draft | None:
        view, at = self.view, word
        for _ in range(5):
            if view.relations[at] not in NOMINAL_UP or (
                view.relations[at] == "nsubj" and view.tree.deprels[at] != "nsubj:pass"
            ):
                return None
            if view.relations[at] in ("obl", "nmod") and case_of(view, at) in (
                "from",
                "in",
                "by",
                "after",
                "since",
                "at",
                "against",
                "over",
                "during",
                "despite",
            ):
                return None
            at = view.head(at)
            if at < 0:
                return None
            if at in drafts:
                return drafts[at]
            if view.upos(at) == "VERB":
                return None
        return None

    def _parent(self, draft: Draft, drafts: dict[int, Draft]) -> Draft | None:
        view, at = self.view, draft.word
        for kid in view.kids(at, "aux"):
            if kid in drafts and drafts[kid].content:
                return drafts[kid]
        while True:
            relation, deprel = view.relations[at], view.tree.deprels[at]
            if deprel == "acl:relcl" or relation not in CONTENT_UP:
                return None
            if relation == "advcl" and _marker(view, at) in (
                "if",
                "unless",
                "because",
                "while",
                "after",
                "before",
                "when",
                "as",
                "since",
                "until",
                "although",
                "though",
                "once",
            ):
                return None
            if relation in ("obl", "nmod") and case_of(view, at) in (
                "after",
                "before",
                "during",
                "since",
                "by",
                "despite",
                "amid",
                "following",
            ):
                return None
            was_conjunct = relation == "conj"
            at = view.head(at)
            if at < 0:
                return None
            above = drafts.get(at)
            if above is not None and above.content and above is not draft:
                if was_conjunct and view.upos(at) == "VERB":
                    continue
                return above

    def _assign(self, draft: Draft) -> None:
        rule = draft.source_rule
        if rule is None:
            return
        noun = draft.view.upos(draft.word) in ("NOUN", "PROPN", "SYM")
        sources, targets = (rule.noun_source, rule.noun_target) if noun else (rule.source, rule.target)
        draft.sources = self._cast(draft, sources)
        draft.targets = draft.sources if self._mutual(draft) else self._cast(draft, targets, past=draft.sources)
        if not draft.sources:
            draft.sources = self._unnamed(draft, sources)
        if not draft.targets:
            draft.targets = self._unnamed(draft, targets)

    def _mutual(self, draft: Draft) -> bool:
        """*each side accuses the other*, *blame each other*."""
        view = self.view
        return any(
            view.lower[word] in ("other", "another") and any(w in ("each", "both", "one") for w in view.lower[:word])
            for word in draft.slots.get("obj", ())
        )

    def _cast(self, draft: Draft, spec: tuple[tuple[str, ...], ...], *, past: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The actors of the first slot that names any; one with nobody but `past` is passed by (*welcomed its …*)."""
        unnamed: tuple[str, ...] = ()
        for union in spec:
            found: dict[str, None] = {}
            for path in union:
                if path not in ("content", "speaker"):
                    if words := self.cast.slot(draft.view, draft.slots, path):
                        found.update(dict.fromkeys(self.cast.find(draft.view, words)))
            alone = set(found) <= set(past) and (len(found) < 2 or set(found) != set(past))
            if _named(tuple(found)) and not alone:
                return tuple(found)
            unnamed = unnamed or tuple(found)
        return unnamed

    def _unnamed(self, draft: Draft, spec: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
        for union in spec:
            for path in union:
                for word in self.cast.slot(draft.view, draft.slots, path):
                    if self.cast.is_human(draft.view, word) and draft.view.upos(word) == "NOUN":
                        return (self.cast.unnamed(draft.view, word),)
        return ()

    def _inherit(self, draft: Draft) -> None:
        """Doer and receiver of a content from its speech act."""
        speech = draft.parent
        if speech is None:
            return
        named = bool(_named(draft.sources))
        if speech.type is EventType.REQUEST:
            if draft.type is EventType.CONSULT:
                if len(draft.sources) < 2:
                    draft.sources = _union(speech.sources, draft.sources or speech.targets)
            elif not named and speech.targets:
                draft.sources = speech.targets
            if not draft.targets and draft.type in RECEIVERS and not set(draft.sources) & set(speech.sources):
                draft.targets = speech.sources
        elif speech.type is EventType.ACCUSE:
            if not named and speech.targets:
                draft.sources = speech.targets
        elif speech.type in SPOKEN:
            if not named and speech.sources and not self._own_doer(draft):
                draft.sources = speech.sources
            if not draft.targets and speech.targets and draft.type is not EventType.CONSULT:
                draft.targets = speech.targets

    def _own_doer(self, draft: Draft) -> bool:
        """Whether a subject of its own stands by the act; by a noun only somebody who can do it."""
        subjects = self.view.kids(draft.word, "nsubj")
        if self.view.upos(draft.word) in ("VERB", "AUX", "ADJ"):
            return bool(subjects)
        return any(self.cast.is_human(self.view, kid) for kid in subjects)

    def _addressee(self, draft: Draft, rows: Sequence[Draft]) -> None:
        """A speech act without addressee is addressed to whom its content is done (*pledged arms to Kyiv*)."""
        rule = draft.source_rule
        if rule is None or draft.targets or not draft.content:
            return
        if any("content" in union for union in (*rule.target, *rule.noun_target)):
            for row in rows:
                if row.parent is draft and row.targets:
                    draft.targets = tuple(actor for actor in row.targets if actor not in draft.sources)
                    if draft.targets:
                        return
        for row in rows:
            if row.parent is draft and row.type is EventType.CONSULT and draft.type in REFUSED_OR_ASKED:
                draft.targets = tuple(actor for actor in row.sources if actor not in draft.sources)
                return

    def _specify(self, rows: Sequence[Draft]) -> None:
        """Give each speech act the code and mode that its first content decides."""
        first: dict[int, Draft] = {}
        for draft in rows:
            if draft.parent is not None:
                first.setdefault(id(draft.parent), draft)
        for draft in reversed(list(first.values())):  # inner speech acts before the outer ones that are about them
            speech = draft.parent
            if speech is None:
                continue
            code, mode = self.book.speech.of(speech.type, speech.cameo, draft.type, draft.cameo)
            if code:
                speech.cameo, speech.mode = code, speech.mode or mode
        for draft in rows:
            finer = self.book.finer.of(self.view, draft.word, draft.cameo)
            if finer is not None:
                draft.cameo, draft.mode = finer[0], finer[1] or draft.mode

    def _stands(self, draft: Draft) -> bool:
        """A row needs somebody (a doer or receiver, named or at least human), or a judge who is sure of it."""
        if self._off_stage(draft):
            return False
        rule = draft.source_rule
        bare = rule is not None and (rule.bare or (rule.source == (("speaker",),) and draft.seen is None))
        return bare or bool(draft.sources or draft.targets or draft.parent is not None) or _is_sure(draft)

    def _off_stage(self, draft: Draft) -> bool:
        """Whether the doer belongs to sport, culture, markets, nature or private life: no political act."""
        if draft.type is EventType.PROTEST:
            return False
        classes, view = self.book.lexicon.classes, self.view
        doers = [word for slot in ("subj", "by", "poss", "light") for word in draft.slots.get(slot, ())]
        doers = [word for word in doers if not self._is_known_body(word)]
        mods = draft.slots.get("mod", ()) if view.upos(draft.word) == "NOUN" else ()
        if any(
            view.lower[word] in classes["stage"] or view.lower[word] in classes["nature"] for word in (*doers, *mods)
        ):
            return True
        if any(view.lower[word] in classes["market"] for word in doers):
            return True
        if _is_sure(draft):
            return False
        if (
            not _named(draft.targets)
            and not _named(draft.sources)
            and draft.type not in BODILY
            and draft.parent is None
        ):
            public = any(
                view.lower[word] in classes["public"] and view.lower[word] not in classes["private"] for word in doers
            )
            return bool(doers) and not public
        private = any(view.lower[word] in classes["private"] for word in doers)
        return private and not _named(draft.targets) and not _named(draft.sources)


def _is_sure(draft: Draft) -> bool:
    """Whether the judge is sure of an act (*two trucks were burned*) whose clause names nobody."""
    return draft.proposals is not None and draft.keep >= SURE


def _relation(draft: Draft) -> str:
    return draft.view.relations[draft.word]


def _named(actors: Sequence[str]) -> tuple[str, ...]:
    return tuple([actor for actor in actors if actor[:2] != "u:"]) if actors else ()


def _union(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _tidy(draft: Draft) -> None:
    """Nobody acts on itself, but for exchanges, where both lists hold both."""
    if set(draft.targets) != set(draft.sources) or len(draft.targets) < 2:
        draft.targets = tuple(actor for actor in draft.targets if actor not in draft.sources)
    if len(_named(draft.sources)) and len(draft.sources) > 1:
        draft.sources = _named(draft.sources)


def _marker(view: SentenceView, word: int) -> str | None:
    mark = view.kid(word, "mark")
    return view.lower[mark] if mark is not None else None


def _pronoun(view: SentenceView, word: int) -> bool:
    return view.upos(word) == "PRON"


def _without_consumed(hits: list[tuple[Entry, Predicate]]) -> list[tuple[Entry, Predicate]]:
    """Nouns that a light-verb rule has already read are no second act."""
    consumed: set[int] = set()
    verbs = {predicate.word: entry for entry, predicate in hits}
    for entry, predicate in hits:
        if entry.kind == "noun":
            continue
        for slot in ("obj", "in", "to", "with", "of", "on", "from", "against"):
            if slot not in entry.rule.where or not entry.rule.where[slot].words:
                continue
            for word in predicate.get(slot):
                other = verbs.get(word)
                if other is not None and (not entry.rule.content or other.rule.type is entry.rule.type):
                    consumed.add(word)
    return [hit for hit in hits if hit[1].word not in consumed]


def draft_events(
    context: DocContext,
    cast: Cast,
    book: RuleBook,
    proposals: Sequence[Proposals | None] = (),
    sift: Sift | None = None,
) -> Iterator[Draft]:
    """Drafts of all typed rows, sentence by sentence, in text order. sift: chooses among rules' and heads' drafts."""
    seen: Sequence[Proposals | None] = proposals or [None] * len(context.views)
    ground = read_ground(context, cast) if sift is not None else None
    matchers = [
        Matcher(book=book, cast=cast, view=view, proposals=found, ground=ground)
        for view, found in zip(context.views, seen, strict=True)
    ]
    candidates = [matcher.candidates() for matcher in matchers]
    kept = sift(candidates) if sift is not None else [{draft.word: draft for draft in row} for row in candidates]
    for matcher, drafts in zip(matchers, kept, strict=True):
        for draft in matcher.finish(drafts):
            draft.explicit = (draft.sources, draft.targets)
            yield draft
