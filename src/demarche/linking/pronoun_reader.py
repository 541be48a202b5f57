"""Pronouns: the subject or controller in the clause, else the most salient mention that fits."""

from __future__ import annotations

from collections.abc import Callable

from demarche.linking.entities import Entity, Seen
from demarche.linking.reading import FIRST, NOTHING, PERSONAL, PLURAL, THING, ReaderBase, Reading, actor_names
from demarche.records import Actor, ActorKind, Basis, Via

__all__ = ["PronounReader"]

SAYING = frozenset(
    "say tell add warn write announce state declare note insist claim argue explain reply ask report believe think "
    "stress acknowledge call".split()
)
RELATIVE = frozenset({"who", "which", "that", "whom", "whose"})
OFFICIAL = frozenset({"GOV", "MIL", "LEG", "COP", None, "EDU", "CVL", "OPP", "PTY"})

ASKING = frozenset(
    "urge ask tell order press push force invite persuade encourage advise warn want expect allow help beg implore "
    "instruct command pressure lobby compel oblige remind".split()
)
NAMING = frozenset("label call describe brand term characterise characterize question oppose reject protest".split())
JUDGING = frozenset(
    "sanction criticize criticise condemn blame punish thank praise rebuke denounce fault commend hail reward fine "
    "attack chide castigate slam laud applaud censure scold forgive".split()
)
OF_STATES = frozenset(
    "ruler people army border territory soil parliament government capital airspace coast navy currency "
    "citizen president king queen emir prime minister military neighbour neighbor".split()
)


class PronounReader(ReaderBase):
    """Reads pronouns."""

    __slots__ = ()

    def resolve_pronoun(self, word: int, lower: str) -> Reading:
        view = self.view
        if view.rel(word).startswith("expl") and not view.rel(view.tree.heads[word]).startswith("acl"):
            return NOTHING
        if lower in PERSONAL:
            return self._person_pronoun(word, PERSONAL[lower])
        if lower in THING:
            return self._thing_pronoun(word)
        if lower in PLURAL:
            return self._plural_pronoun(word)
        if lower in FIRST:
            return self._first_person(word, lower)
        if lower in RELATIVE and (view.feature(word, "PronType=Rel") or lower in {"who", "whose", "whom"}):
            return self._relative_pronoun(word)
        if lower in {
            "both",
            "all",
            "some",
            "many",
            "most",
            "several",
            "each",
            "one",
            "neither",
            "either",
            "others",
            "none",
            "few",
            "any",
        }:
            if inner := self.quantity(word):
                return inner
            if lower in {"both", "neither", "each"} and view.rel(word).startswith(("nsubj", "obj", "obl")):
                return self.members(word, 2, "side") or NOTHING
        return NOTHING

    def _relative_pronoun(self, word: int) -> Reading:
        view = self.view
        at = view.tree.heads[word]
        for _ in range(6):
            if at < 0:
                return NOTHING
            if view.rel(at).startswith("acl"):
                reading = self.resolve(view.tree.heads[at])
                if not reading.entities or reading.thing:
                    return NOTHING
                return Reading(reading.entities, Via.PRONOUN, f"relative pronoun of {actor_names(reading.entities)}")
            at = view.tree.heads[at]
        return NOTHING

    def _person_pronoun(self, word: int, gender: str) -> Reading:
        def fits(seen: Seen) -> bool:
            return len(seen.entities) == 1 and seen.human and seen.gender in {gender, None}

        return self._antecedent(word, fits, reach=4, speaker=1.0)

    def _thing_pronoun(self, word: int) -> Reading:
        head = self.view.tree.heads[word]
        owned = self.view.rel(word) == "nmod:poss" and self.view.listed(head, OF_STATES) is not None
        owned = owned and not self.view.kids(head, "compound")

        def fits(seen: Seen) -> bool:
            entity = seen.entities[0]
            if owned and not entity.country:  # *its rulers*: a state's
                return False
            return len(seen.entities) == 1 and entity.institution and not entity.plural and not seen.plural

        return self._antecedent(word, fits, reach=2)

    def _plural_pronoun(self, word: int) -> Reading:
        authors = {self.known.get("i|"), self.known.get("we|")}

        def several(seen: Seen) -> bool:
            if seen.entities[0] in authors:
                return False
            return seen.plural or seen.entities[0].actor.kind is ActorKind.GROUP

        reading = self._antecedent(word, several, reach=2)
        if reading.entities:
            return reading
        return self._antecedent(word, lambda seen: seen.entities[0].institution and len(seen.entities) == 1, reach=1)

    def _antecedent(self, word: int, fits: Callable[[Seen], bool], *, reach: int, speaker: float = 0.0) -> Reading:
        view = self.view
        for other, why in (
            (self._judged(word), "whom the verb judges"),
            (self._topic_of(word), "the topic"),
            (self._controller(word), "who is to do it"),
        ):
            if other is not None:
                seen = self._seen(other)
                if seen is not None and fits(seen):
                    return Reading(seen.entities, Via.PRONOUN, f"{why}: {actor_names(seen.entities)}")
        clause = self.clause_subject(word)
        thing = view.lower[word] in THING | PLURAL
        judging = thing and view.rel(word) == "nmod:poss" and self._is_judged(view.tree.heads[word])
        if clause is not None and view.rel(word) == "nmod:poss" and clause != word and not judging:
            seen = self._seen(clause)
            if seen is not None and fits(seen):
                return Reading(seen.entities, Via.PRONOUN, f"the subject of its clause: {actor_names(seen.entities)}")
        barred = self._coarguments(word)
        others = self._others(word)
        entry = self.memory.best(
            view.number,
            lambda seen: (
                bool(seen.entities)
                and not (seen.sentence == view.number and seen.word in barred)
                and not others & {entity.country or entity.actor.id for entity in seen.entities}
                and fits(seen)
            ),
            reach=reach,
            speaker=speaker,
        )
        if entry is None:
            return NOTHING
        return Reading(entry.entities, Via.PRONOUN, f"goes back to {actor_names(entry.entities)}")

    def _seen(self, word: int) -> Seen | None:
        """The word's reading as the memory would hold it; None for no actor and for belongings."""
        view = self.view
        reading = self.resolve(word)
        if not reading.entities or reading.thing:
            return None
        plural = view.plural(word) or len(reading.entities) > 1
        role = view.role(word, self.words)
        human, gender = self.human(word, reading, role, plural, view.tree.upos[word] == "PRON")
        return Seen(view.number, word, reading.entities, True, None, plural, False, human, gender)

    def _judged(self, word: int) -> int | None:
        """*sanctioned Russia over its war*, *praised Cairo for its patience*: the object of the verb."""
        view = self.view
        noun = view.tree.heads[word]
        if view.rel(word) != "nmod:poss" or noun < 0 or view.case(noun) not in {"over", "for", "about"}:
            return None
        verb = view.tree.heads[noun]
        if verb >= 0 and view.tree.upos[verb] in {"NOUN", "PROPN"} and view.rel(verb) in {"obj", "nsubj:pass"}:
            return verb if verb in view.names else None  # the parser hangs *over …* on the object
        if verb < 0 or (view.case(noun) != "over" and view.tree.lemmas[verb].lower() not in JUDGING):
            return None
        return next((kid for kid in view.kids(verb, "obj", "nsubj:pass") if kid < noun), None)

    def _topic_of(self, word: int) -> int | None:
        """*For the Chinese leadership, the United States remains its rival*: whom a sentence is put for."""
        view = self.view
        if view.rel(word) != "nmod:poss" or view.lower[0] != "for":
            return None
        return next((w for w in range(1, min(word, 9)) if view.rel(w) == "obl" and view.case(w) == "for"), None)

    def _controller(self, word: int) -> int | None:
        """*urged Mr Toure to keep a promise that he made*: the object of the verb that asks."""
        view = self.view
        if view.lower[word] not in PERSONAL:
            return None
        at = view.tree.heads[word]
        for _ in range(8):
            if at < 0:
                return None
            above = view.tree.heads[at]
            if above >= 0 and view.rel(at) == "xcomp" and view.tree.lemmas[above].lower() in ASKING:
                return next((kid for kid in view.kids(above, "obj", "iobj") if kid < at), None)
            at = above
        return None

    def clause_subject(self, word: int) -> int | None:
        """Subject of the clause the word stands in; of the next clause up where the word stands in the subject."""
        view = self.view
        at = view.tree.heads[word]
        above = {word}
        for _ in range(8):
            if at < 0:
                return None
            subjects = [kid for kid in view.kids(at, "nsubj") if kid not in above]
            if subjects:
                return subjects[0] if subjects[0] < word else None
            above.add(at)
            if self._controlled(at):  # *deter China from deepening its …*
                objects = [kid for kid in view.kids(view.tree.heads[at], "obj", "iobj") if kid < at]
                if objects:
                    return objects[-1]
            at = view.tree.heads[at]
        return None

    def _controlled(self, verb: int) -> bool:
        """Whether the verb's subject is the object of the verb above."""
        view = self.view
        if view.tree.heads[verb] < 0:
            return False
        return view.rel(verb) == "advcl" and any(view.lower[kid] == "from" for kid in view.kids(verb, "mark"))

    def _is_judged(self, noun: int) -> bool:
        """*condemned its attack*, *label its actions an invasion*: somebody else's."""
        view = self.view
        verb = view.tree.heads[noun]
        return view.rel(noun) == "obj" and verb >= 0 and view.tree.lemmas[verb].lower() in JUDGING | NAMING

    def _others(self, word: int) -> set[str]:
        """Countries (ids where none) that a pronoun cannot mean: whom its own subject acts on, the subject of a verb
        that judges what is its, and those who say *we* beside *they*.
        """
        view = self.view
        found: set[str] = set()
        lower = view.lower[word]
        verb = view.tree.heads[word]
        if view.subject(word) and verb >= 0 and lower in THING | PLURAL:
            below = [verb]
            for at in below:
                below += view.kids(at, "xcomp")
                for kid in view.kids(at, "obj"):
                    if kid in view.names:
                        found |= {entity.country or entity.actor.id for entity in self.resolve(kid).entities}
        if lower in THING | PLURAL and view.rel(word) == "nmod:poss" and self._is_judged(verb):
            subject = self.clause_subject(word)
            if subject is not None:
                found |= {entity.country or entity.actor.id for entity in self.resolve(subject).entities}
        if lower in {"they", "them", "their"} and any(form in {"we", "our", "us"} for form in view.lower):
            found |= {entity.country for entity in self.speaker_of_sentence() if entity.country}
        return found

    def _coarguments(self, word: int) -> set[int]:
        """Words that a personal pronoun cannot mean: other arguments of the same verb."""
        view = self.view
        if view.rel(word) == "nmod:poss" or view.tree.heads[word] < 0:
            return set()
        return {
            kid
            for kid in view.children[view.tree.heads[word]]
            if view.rel(kid).split(":")[0] in {"nsubj", "obj", "iobj", "obl"}
        }

    def _first_person(self, word: int, lower: str) -> Reading:
        speaker = self._who_speaks(word)
        if not speaker:
            speaker = (self._author(),)
            if lower not in {"i", "me", "my", "mine", "myself"}:
                speaker = (self._author(several=True),)
        if lower in {"i", "me", "my", "mine", "myself"}:
            return Reading(speaker, Via.PRONOUN, f"the speaker: {actor_names(speaker)}")
        sides = tuple(self.state(e.country) if e.country and e.actor.sector in OFFICIAL else e for e in speaker)
        return Reading(sides, Via.PRONOUN, f"the side of the speaker: {actor_names(sides)}")

    def _author(self, *, several: bool = False) -> Entity:
        """Whoever says *I* or *we* in a text that names no speaker: unnamed, the same throughout."""
        key = "we|" if several else "i|"
        if key not in self.known:
            name = "we" if several else "I"
            actor = Actor(
                id=f"u:{self.document}:{name}", name=name, kind=ActorKind.UNNAMED, country=None, sector=None,
                office=None, wikidata=None, basis=Basis.PATTERN,
            )  # fmt: skip
            self.known[key] = Entity(actor, plural=several)
        return self.known[key]

    def _who_speaks(self, word: int) -> tuple[Entity, ...]:
        """The sentence's speaker, the label's, the communique's own *We, the ministers of …*, the last speaker."""
        view = self.view
        for kid in view.kids(word, "appos"):
            found = self.resolve(kid)
            if found.entities:
                self.voice = self.voice or tuple(self.state(e.country) if e.country else e for e in found.entities)
        speakers = self.speaker_of_sentence(word) or self.label or self.voice
        if not speakers and (not self.quotes or self._quoted(self.view.tree.starts[word])):
            return self.memory.speaker  # outside quotation marks nobody of the story speaks
        return speakers

    def _quoted(self, offset: int) -> bool:
        return any(start <= offset < end for start, end in self.quotes)

    def _beside(self, verb: int, pronoun: int) -> bool:
        """*We welcome the statement in which he called …*: a clause that the pronoun is not in says nothing of it."""
        view, at = self.view, verb
        for _ in range(8):
            above = view.tree.heads[at]
            if above < 0:
                return False
            if view.rel(at).split(":")[0] in {"acl", "advcl"} and not self._governs(at, pronoun):
                return not any(view.lower[kid] == "as" for kid in view.kids(at, "mark"))
            at = above
        return False

    def _governs(self, word: int, other: int) -> bool:
        """Whether `other` stands beneath `word`, at any depth."""
        while other >= 0 and other != word:
            other = self.view.tree.heads[other]
        return other == word

    def speaker_of_sentence(self, pronoun: int = -1) -> tuple[Entity, ...]:
        """Who says the sentence's words: subject of its verb of saying. pronoun: a *we* or *us* that is to be his; who
        asks *us* is none of us.
        """
        view = self.view
        for word in range(len(view)):
            if pronoun >= 0 and any(view.lower[kid] in FIRST for kid in view.kids(word, "obj", "iobj", "obl")):
                continue
            if (view.tree.upos[word] in {"VERB", "AUX"} and view.tree.lemmas[word].lower() in SAYING) or view.lower[
                word
            ] in {"said", "says", "told"}:
                if pronoun >= 0 and self._beside(word, pronoun):
                    continue
                for subject in view.kids(word, "nsubj"):
                    if view.lower[subject] in FIRST:
                        continue
                    reading = self.resolve(subject)
                    if reading.entities:
                        return reading.entities
        return ()
