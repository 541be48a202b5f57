"""Noun phrases: role nouns and things, with their owner in the phrase (*Chinese officials*, *the emir of Kuwait*)."""

from __future__ import annotations

from demarche.linking.entities import Entity
from demarche.linking.folding import fold_letters
from demarche.linking.reading import ABROAD, ARMS, GOVERNMENTAL, NOTHING, ReaderBase, Reading
from demarche.linking.words import RoleNoun
from demarche.records import ActorKind, Basis, Via

__all__ = ["PhraseReader"]

QUANTITIES = frozenset(
    "one two three four five six some many most several few all none any number group member dozen hundred thousand "
    "scores dozens hundreds thousands majority half part rest another each either neither both handful couple pair "
    "million millions series wave others other third quarter batch crew bulk faction section".split()
)
IN_THINGS = frozenset({"of"})
FOREIGN = frozenset(
    "western european arab african asian gulf foreign regional latin nordic baltic central eastern scandinavian "
    "international".split()
)
"""*a Western diplomat in Cairo*: not of the country he is in."""
FOREIGN_OFFICES = frozenset(
    f"foreign {noun}" for noun in ("ministry", "minister", "secretary", "office", "policy chief", "department")
)
"""*the foreign ministry* is of the state at home."""
ADVISING = frozenset("adviser advisor aide assistant secretary deputy counsel".split())
ISSUING = frozenset("release issue publish post sign broadcast air circulate produce write draft table".split())
FACING = frozenset("host counterpart opponent interlocutor".split())
OPPOSITE = frozenset("counterpart colleague opponent rival".split())
STUDENTS = frozenset(
    "expert specialist analyst scholar watcher historian correspondent desk hawk dove strategist".split()
)
LED_BODIES = frozenset({"administration", "government", "presidency", "cabinet", "era", "team"})
HELPED = frozenset(
    "backed brokered mediated sponsored funded supported trained armed occupied allied aligned held controlled "
    "administered claimed appointed supplied imposed proposed sanctioned".split()
)
"""What a state does to others' (*a US-brokered truce*, *Iran-backed militias*)."""
CLOSE = frozenset("close loyal allied affiliated linked sympathetic".split())
LEADING = frozenset("lead head run direct chair represent edit found advise command own govern".split())
WORKING = frozenset(
    "teach work lead head run direct study advise base serve live found chair edit lecture research employ".split()
)


class PhraseReader(ReaderBase):
    """Reads noun phrases."""

    __slots__ = ()

    def resolve_noun(self, word: int) -> Reading:
        view = self.view
        if view.tree.upos[word] not in {"NOUN", "PROPN", "NUM", "ADJ"}:
            return NOTHING
        if any(key in QUANTITIES for key in view.forms_of(word)) and (inner := self.quantity(word)):
            return inner
        if view.tree.upos[word] == "ADJ" and view.rel(word) in {"amod", "advmod", "root"}:
            return NOTHING
        if (
            view.tree.forms[word][0].isupper()
            and word
            and view.definite(word)
            and not view.kids(word, "amod", "compound", "nmod")
        ) and (part := self.parts.get(view.lower[word])):
            return Reading((part,), Via.NAME, f"short for {part.actor.name}")
        if several := self.several(word):
            return several
        role = view.role(word, self.words)
        named = self._name_beside(word) if role else None
        if named is not None:
            return named
        owner = self.owner(word, person=bool(role))
        if owner:
            return self._owned(word, role, owner)
        modifies = view.rel(word) in {"compound", "amod"}
        if modifies and view.definite(view.tree.heads[word]):
            self.as_town(word)  # *the city limits*
        if not modifies and (back := self.back(word, role)):
            return back
        if role is None or view.rel(word) in {"compound", "amod", "flat"} or view.tree.upos[word] == "ADJ":
            return NOTHING
        if role[0] in ARMS and not view.subject(word):
            return NOTHING
        return self.unnamed(word, role[1])

    def quantity(self, word: int) -> Reading | None:
        """*one of the officials*, *members of the Brotherhood*: what the inner phrase stands for."""
        for kid in self.view.kids(word, "nmod", "obl"):
            if self.view.case(kid) in {"of", "from", "among"}:
                inner = self.resolve(kid)
                if inner.entities:
                    return Reading(inner.entities, Via.DESCRIPTION, "part of " + inner.why, inner.thing)
        return None

    def _name_beside(self, word: int) -> Reading | None:
        """*the minister, Goran Petrov*: one mention with the name, which takes the country of the phrase."""
        view = self.view
        beside = [kid for kid in view.kids(word, "appos", "flat") if not self._colon(word, kid)]
        if view.rel(word) == "appos" and view.tree.heads[word] >= 0 and not self._colon(word, view.tree.heads[word]):
            beside.append(view.tree.heads[word])
        if word + 2 < len(view) and view.lower[word + 1] == "," and view.inside.get(word + 2) in view.names:
            after = view.names[view.inside[word + 2]]  # the parser made two subjects of *the minister, X,*
            if after.first == word + 2 and view.tree.heads[after.head] == view.tree.heads[word] and view.subject(word):
                beside.append(after.head)
        if view.rel(word) in {"compound", "flat"}:
            return None
        for other in beside:
            name = view.names.get(other)
            inner = self.resolve(other) if name or view.tree.upos[other] == "PROPN" else NOTHING
            if not inner.entities or not inner.entities[0].person or inner.via is Via.DESCRIPTION:
                continue
            entity = inner.entities[0]
            role = view.role(word, self.words)
            if entity.country is None and entity.actor.basis is not Basis.DICTIONARY:
                owner = self.owner(word, person=True, skip=other)
                country = next((e.country for e in owner if e.country), None)
                if country is None and owner and owner[0].institution:
                    entity.stands_for = owner[0]
                if country is None and not owner and (back := self.back(word, role)):
                    country = next((e.country for e in back.entities if e.country), None)
                entity.give_country(country, role[1].sector if role else None)
            entity.noun = role[0] if role else None
            if role and entity.gender is None:
                entity.gender = "m" if role[0] in self.words.male else "f" if role[0] in self.words.female else None
            return Reading((entity,), Via.TITLE, f"description of {entity.actor.name}")
        return None

    def _colon(self, one: int, other: int) -> bool:
        """Whether a colon stands between: *Minegishi: American missiles* is no apposition."""
        return ":" in self.view.lower[min(one, other) : max(one, other)]

    def owner(self, word: int, *, person: bool, skip: int = -1) -> tuple[Entity, ...]:
        """Whom the phrase belongs to: possessor, nationality, name before it, *of X*; of people also where they are."""
        view = self.view
        first: tuple[tuple[str, ...], ...] = (("nmod:poss",), ("amod", "compound", "nmod", "flat"))
        if any(key in OPPOSITE for key in view.forms_of(word)):  # *her Russian counterpart*
            first = first[::-1]
        for relations in first:
            for kid in reversed(view.kids(word, *relations)):
                if kid == skip or (relations[0] == "amod" and view.case(kid)) or self._topic(word, kid):
                    continue
                reading = self._modifier(kid)
                if reading:
                    return reading
        for kid in view.kids(word, "compound", "nmod:poss"):  # *the government's spokesman*: after nearer owners
            role = view.role(kid, self.words)
            if kid not in view.names and role and role[1].sector in GOVERNMENTAL and kid != skip:
                back = self.back(kid, role)
                if back and back.entities[0].actor.kind is not ActorKind.UNNAMED:
                    return back.entities
        for kid in view.kids(word, "nmod", "obl"):
            case = view.case(kid)
            wanted = self.words.from_country if person else IN_THINGS
            if case == "to" and person and any(key in ADVISING for key in view.forms_of(word)):
                wanted = frozenset({"to"})
            if kid == skip or case not in wanted or view.rel(kid) == "nmod:poss":
                continue
            if case == "of" and view.lower[kid] == "state" and "secretary" in view.forms_of(word):
                if not any(view.case(other) == "for" for other in view.kids(word, "nmod")) and "USA" in self.spoken:
                    return (self.state("USA"),)  # the only state with this office
                continue
            if person and case in {"in", "at"} and self.is_abroad(word):
                continue
            if reading := self._place_or_actor(kid, person):
                return reading
        for kid in view.kids(word, "nmod") if not person else ():  # *a note by a bank*
            if view.case(kid) == "by" and (found := self.resolve(kid).entities):
                return found
        for verb in view.kids(word, "acl"):  # *a video released by the coast guard*
            if view.tree.lemmas[verb].lower() in ISSUING:
                for kid in view.kids(verb, "obl"):
                    if view.case(kid) == "by" and (found := self.resolve(kid).entities):
                        return found
        if person and not self.is_abroad(word) and (state := self.set_in(word)):
            return (self.state(state),)
        if person and word not in self.asking:
            self.asking.add(word)  # appositions of appositions lead back here
            found = self._elsewhere(word, skip)
            self.asking.discard(word)
            return found
        return ()

    def _topic(self, word: int, kid: int) -> bool:
        """*a China expert*, *the Iran desk*: what they study, not whom they belong to (*a Chinese expert* does)."""
        view = self.view
        if view.rel(kid) != "compound" or not any(key in STUDENTS for key in view.forms_of(word)):
            return False
        name = view.names.get(kid)
        return name is not None and name.hit is not None and name.hit.candidates[0].form in {"name", "capital"}

    def set_in(self, word: int) -> str | None:
        """*The foreign ministry in Manila summoned …*: country of the place right behind, wherever it hangs."""
        view = self.view
        name = view.names.get(word)
        after = (name.last if name else word) + 1
        if after + 1 >= len(view) or view.lower[after] not in {"in", "at"}:
            return None
        role = view.role(word, self.words)
        if name is None and (role is None or role[1].person):
            return None
        start = after + (2 if view.lower[after + 1] == "the" else 1)
        return self.place_country(view.inside[start]) if start < len(view) and start in view.inside else None

    def is_abroad(self, word: int) -> bool:
        """*a diplomat in Cairo*, *a European official in Kabul*: where they are is not whom they serve."""
        view = self.view
        if any(view.lower[kid] in FOREIGN for kid in view.kids(word, "amod", "compound")):
            return not any(f"foreign {key}" in FOREIGN_OFFICES for key in view.forms_of(word))
        return any(key in ABROAD for key in view.forms_of(word))

    def _modifier(self, kid: int) -> tuple[Entity, ...]:
        view = self.view
        role = view.role(kid, self.words) if kid not in view.names else None
        head = view.tree.heads[kid]
        if head >= 0 and view.lower[head] in LED_BODIES and view.rel(kid) in {"compound", "nmod:poss", "flat"}:
            country = self.led_by(fold_letters(view.tree.forms[kid]).lower())
            if country is not None:
                return (self.state(country),)
        if (
            kid
            and view.tree.forms[kid][0].isupper()
            and kid not in view.names
            and (part := self.parts.get(view.lower[kid]))
        ):
            return (part,)
        title = role is not None and role[1].person and view.rel(kid) != "nmod:poss"
        named = kid in view.names or view.tree.upos[kid] in {"PRON", "PROPN"} or view.rel(kid) == "nmod:poss"
        if named and not title:
            reading = self.resolve(kid)
            if reading.entities and reading.entities[0] not in {self.known.get("i|"), self.known.get("we|")}:
                return reading.entities
            if kid in view.names and (country := self.place_country(kid)):
                return (self.state(country),)
            for inner in view.kids(kid, "compound", "amod", "nmod", "nmod:poss"):
                if found := self._modifier(inner):
                    return found
            return ()
        if view.lower[kid].rsplit("-", 1)[-1] in HELPED:  # *Iran-backed militias* are not Iran's
            return ()
        for inner in view.kids(kid, "compound", "amod", "nmod"):  # foreign [ministry] officials
            if inner in view.names and (reading2 := self.resolve(inner).entities):
                return reading2
        return ()

    def _place_or_actor(self, kid: int, person: bool) -> tuple[Entity, ...]:
        reading = self.resolve(kid)
        if reading.entities and reading.entities[0].actor.kind is not ActorKind.UNNAMED:
            return reading.entities
        country = self.place_country(kid)
        if country:
            return (self.state(country),)
        if person:
            for inner in [*self.view.kids(kid, "nmod", "appos")]:
                if inner in self.view.names and (found := self.resolve(inner).entities):
                    return found
                if country := self.place_country(inner):
                    return (self.state(country),)
        return ()

    def _elsewhere(self, word: int, skip: int) -> tuple[Entity, ...]:
        """*X, a researcher at the University of Y*; *X, who teaches in Z*."""
        view = self.view
        if word + 2 < len(view) and view.lower[word + 1] in CLOSE and view.lower[word + 2] in {"to", "with"}:
            for near in range(word + 3, min(word + 8, len(view))):  # *experts close to the Chinese government*
                if near in view.inside:
                    return self.resolve(view.inside[near]).entities
        for kid in view.kids(word, "appos"):
            if kid == skip or (kid in view.names and view.names[kid].label == "PER") or self._colon(word, kid):
                continue
            found = self.owner(kid, person=True) if kid not in view.names else self.resolve(kid).entities
            if found:
                return found
        if view.rel(word) == "appos" and view.tree.heads[word] >= 0:
            head = view.tree.heads[word]
            if view.role(head, self.words) and head not in view.names:
                found = self.owner(head, person=True, skip=word)
                if found:
                    return found
        return next((found for verb in self._verbs_of(word) if (found := self._workplace(verb))), ())

    def _verbs_of(self, word: int) -> list[int]:
        """Verbs that tell what somebody does: of a relative clause, or whose subject it is (*X teaches at …*)."""
        view = self.view
        verbs = [verb for clause in view.kids(word, "acl") for verb in (clause, *view.kids(clause, "conj"))]
        verbs.sort(
            key=lambda verb: (
                not any(view.lower[kid] == "now" for kid in view.kids(verb, "advmod")),
                view.tree.xpos[verb] not in {"VBZ", "VBP"},
            )
        )
        head = view.tree.heads[word]
        if view.subject(word) and head >= 0 and view.tree.lemmas[head].lower() in WORKING:
            verbs.append(head)
        return verbs

    def _workplace(self, verb: int) -> tuple[Entity, ...]:
        """*who studies Yemen at the University of X*, *who heads Y*, *who lives in Z*: where the person belongs."""
        view = self.view
        works = view.tree.lemmas[verb].lower() in WORKING or view.tree.upos[verb] == "NOUN"
        objects = view.kids(verb, "obj")
        near = [*view.kids(verb, "obl", "nmod"), *(g for o in objects for g in view.kids(o, "nmod"))]
        for cases in ({"at", "with"}, {"for", "from", "of", "in"}):
            for part in near:
                if (
                    view.case(part) in cases
                    and (works or "at" in cases)
                    and (found := self._place_or_actor(part, True))
                ):
                    return found
        if view.tree.lemmas[verb].lower() in LEADING:
            return next((found for part in objects if (found := self._place_or_actor(part, True))), ())
        return ()

    def other_side(self, owner: tuple[Entity, ...]) -> Entity | None:
        """*his host*: the state beside the owner's that is spoken of most here, where one leads."""
        mine = {entity.country for entity in owner} | {entity.actor.id for entity in owner}
        weights = self.memory.weights(self.view.number, reach=2)
        ranked = sorted(
            ((weight, key) for key, (weight, entity) in weights.items() if key not in mine and entity.country),
            reverse=True,
        )
        if not ranked or (len(ranked) > 1 and ranked[0][0] < 1.3 * ranked[1][0]):
            return None
        return self.state(ranked[0][1])

    def _owned(self, word: int, role: tuple[str, RoleNoun] | None, owner: tuple[Entity, ...]) -> Reading:
        """A phrase with an owner: a body or people of its country, the organisation itself, or mere belongings."""
        view = self.view
        first = owner[0]
        if role is None and view.lower[word] == "capital" and first.country:
            self.note_capital(word, first.country)
        if role is None:
            if view.tree.upos[word] not in {"NOUN", "PROPN"} or first.actor.kind is ActorKind.UNNAMED:
                return NOTHING
            if (
                (key := view.listed(word, self.words.states))
                and view.kids(word, "nmod:poss")
                and key
                in {
                    "neighbour",
                    "neighbor",
                    "ally",
                    "rival",
                    "partner",
                    "foe",
                    "enemy",
                }
            ):
                return NOTHING
            return Reading(owner, Via.DESCRIPTION, f"belongs to {first.actor.name}", thing=True)
        regions = [kid for kid in view.kids(word, "compound") if kid in view.names and view.names[kid].hit is None]
        if role[0] == "state" and regions:  # *Rakhine state*
            return Reading(owner, Via.DESCRIPTION, f"a part of {first.actor.name}", thing=True)
        alone = not any(
            kid in view.names for kid in view.kids(word, "amod", "compound", "nmod") if view.rel(kid) != "nmod:poss"
        )
        if alone and not view.plural(word) and view.kids(word, "nmod:poss") and role[0] in FACING:
            other = self.other_side(owner)
            if other is not None:
                return Reading((other,), Via.DESCRIPTION, f"{role[0]} of {first.actor.name}: {other.actor.name}")
        if len(owner) > 1:
            entities = tuple(self.role_entity(word, role, e.country) if e.country else e for e in owner)
            return Reading(entities, Via.DESCRIPTION, f"{role[0]} of {' and '.join(e.actor.name for e in owner)}")
        if first.country is None:
            if first.actor.kind is ActorKind.UNNAMED:
                return self.local(word, role) or self.unnamed(word, role[1])
            if first.actor.kind is ActorKind.PERSON:
                return self.unnamed(word, role[1])
            return Reading((first,), Via.DESCRIPTION, f"{role[0]} of {first.actor.name}")
        entity = self.role_entity(word, role, first.country)
        if entity.person and entity.actor.basis is Basis.DICTIONARY:
            why = f"{role[0]} of {first.actor.name}, in office on the date: {entity.actor.name}"
            return Reading((entity,), Via.TITLE, why)
        return Reading((entity,), Via.DESCRIPTION, f"{role[0]} of {first.actor.name}")
