"""Who: every word that can head a mention of an actor gets the actors it stands for.

A deterministic reader in the style of the sieve coders (Lee et al. 2013): names first, then the owner inside the noun
phrase (*Chinese officials*, *the emir of Kuwait*), then the document's memory (*the ministry*, *he*, *both sides*).
Every link keeps the reason it was made for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from demarche.linking.entities import Discourse, Entity, Seen, distinct, name_id
from demarche.linking.folding import fold_letters
from demarche.linking.holders import choose_holder, family_key
from demarche.linking.metonymy import reads_as_place
from demarche.linking.tables import ActorRow, Candidate, Office, Tables, state_name
from demarche.linking.view import NameSpan, View, folded_forms, name_text
from demarche.linking.words import RoleNoun, Words
from demarche.records import Actor, ActorKind, Basis, Sentence, Via

__all__ = ["ActorReader", "Found"]

NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "ADJ", "NUM", "DET", "X"})
QUANTITIES = frozenset(
    "one two three four five six some many most several few all none any number group member dozen hundred thousand "
    "scores dozens hundreds thousands majority half part rest another each either neither both handful couple pair "
    "million millions series wave others other third quarter batch crew bulk faction section".split()
)
SAYING = frozenset(
    "say tell add warn write announce state declare note insist claim argue explain reply ask report believe think "
    "stress acknowledge call".split()
)
IN_THINGS = frozenset({"of"})
PERSONAL = {"he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "hers": "f", "herself": "f"}
THING = frozenset({"it", "its", "itself"})
PLURAL = frozenset({"they", "them", "their", "theirs", "themselves"})
FIRST = frozenset({"i", "me", "my", "we", "us", "our", "ours", "mine", "myself", "ourselves"})
RELATIVE = frozenset({"who", "which", "that", "whom", "whose"})
MINISTRY = {
    "foreign": "MFA", "external affairs": "MFA", "defence": "MOD", "defense": "MOD", "interior": "MOI", "home": "MOI",
    "finance": "FIN", "trade": "TRADE", "commerce": "TRADE", "energy": "ENERGY", "oil": "ENERGY", "justice": "JUSTICE",
    "health": "HEALTH", "economy": "ECON", "agriculture": "AGRI", "transport": "TRANSPORT", "information": "INFO",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """One mention of the document before it gets an id. place: a literal reading of a name (no actor)."""

    start: int
    end: int
    entity: Entity
    head: bool
    via: Via
    why: str


@dataclass(slots=True)
class Reading:
    """What a word was read as: its entities, how, and why. thing: it only belongs to them (*Chinese exports*)."""

    entities: tuple[Entity, ...] = ()
    via: Via = Via.DESCRIPTION
    why: str = ""
    thing: bool = False


NOTHING = Reading()


@dataclass(slots=True)
class ActorReader:
    """Reads one document. date: publication, ISO or None. cities: folded name → country of the largest city."""

    document: str
    date: str | None
    tables: Tables
    words: Words
    cities: dict[str, str]
    families: dict[str, tuple[str, ...]]
    places: dict[tuple[int, int], str] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)
    memory: Discourse = field(default_factory=Discourse)
    known: dict[str, Entity] = field(default_factory=dict)
    surnames: dict[str, Entity] = field(default_factory=dict)
    given: dict[str, Entity] = field(default_factory=dict)
    aliases: dict[str, Entity] = field(default_factory=dict)
    parts: dict[str, Entity] = field(default_factory=dict)
    spoken: Counter[str] = field(default_factory=Counter)
    voice: tuple[Entity, ...] = ()
    label: tuple[Entity, ...] | None = None
    unnamed: int = 0
    view: View = None  # type: ignore[assignment]
    read: dict[int, Reading] = field(default_factory=dict)
    asking: set[int] = field(default_factory=set)

    # ---- the document -------------------------------------------------------------------------------------------

    def read_document(self, views: Sequence[View], sentences: Sequence[Sentence]) -> list[Found]:
        """Find all mentions, sentence by sentence."""
        self.memory.paragraphs = tuple(sentence.paragraph for sentence in sentences)
        for view in views:
            self._register_people(view)
            self.spoken.update(
                name.hit.candidates[0].id
                for name in view.names.values()
                if name.hit is not None and name.hit.candidates[0].form not in {"person", "body"}
            )
        for view in views:
            self._read_sentence(view)
        self._settle()
        return self.found

    def _settle(self) -> None:
        """Persons and local bodies whose country nothing told: that of the state the article is about, if one is."""
        ranked = self.spoken.most_common(2)
        total = sum(self.spoken.values())
        if not ranked or ranked[0][1] < SETTLED_SHARE * total or (len(ranked) > 1 and ranked[0][1] < 2 * ranked[1][1]):
            return
        for entity in self.known.values():
            if entity.actor.basis is Basis.NAME and entity.stands_for is None and entity.actor.sector in SETTLED:
                entity.give_country(ranked[0][0])

    def _register_people(self, view: View) -> None:
        """Full names of the whole document first: headlines use surnames before they are introduced."""
        for name in view.names.values():
            if name.hit is not None and name.hit.candidates[0].form == "person":
                entity = self._person_of_hit(name)
                last = fold_letters(view.tree.forms[name.last])
                self.surnames.setdefault(family_key(last), entity)  # as the article writes it
            elif name.hit is None and name.label == "PER" and name.last > name.first:
                self._new_person(view, name)

    def _read_sentence(self, view: View) -> None:
        self.view, self.read = view, {}
        self._read_label()
        for word in range(len(view)):
            reading = self.resolve(word)
            if reading.entities and not self._is_title(word):
                self._emit(word, reading)
        self.memory.speaker = self._speaker() or self.memory.speaker
        self._remember_pairs(view)

    def _is_title(self, word: int) -> bool:
        """*Foreign Minister* before *Lavrov*: part of his mention, nobody else."""
        view = self.view
        name = view.names.get(view.tree.heads[word])
        return (
            name is not None
            and name.label == "PER"
            and word < name.first
            and view.rel(word) in {"nmod:desc", "compound", "flat"}
            and word not in view.names
            and view.role(word, self.words) is not None
        )

    def _read_label(self) -> None:
        """*Keszthelyi: We will …*: in interviews and transcripts a name and a colon say who speaks from here on."""
        view = self.view
        colon = next((w for w in range(1, min(7, len(view))) if view.lower[w] == ":"), None)
        if colon is None:
            return
        words = range(colon)
        if colon == 1 and view.lower[0] in {"q", "question", "interviewer"}:
            self.label = ()
            return
        if view.lower[0] in {"a", "answer"} and colon == 1:
            self.label = self.label or self.memory.speaker
            return
        if any(view.tree.upos[w] in {"VERB", "AUX", "NUM"} for w in words):
            return
        heads = [w for w in words if w in view.names or view.role(w, self.words)]
        for word in heads:
            reading = self.resolve(word)
            role = view.role(word, self.words)
            if (
                role
                and role[1].sector == "GOV"
                and reading.via is Via.DESCRIPTION
                and not self._owner(word, person=True)
            ):
                reading = self.read[word] = self._of_title(word, role)
            if reading.entities and (reading.entities[0].person or view.tree.forms[0].isupper()):
                self.label = reading.entities
                return

    def _of_title(self, word: int, role: tuple[str, RoleNoun]) -> Reading:
        """*SPOKESMAN: …* in a transcript: the spokesman of the state that the text names first."""
        first = next((s.entities[0].country for s in self.memory.seen if s.entities[0].country), None)
        if first is None:
            return self.resolve(word)
        entity = self._role_entity(word, role, first)
        return Reading(
            (entity,), Via.DESCRIPTION, f"{role[0]} of the state named first: {self._state(first).actor.name}"
        )

    def _city_country(self, words: str) -> str | None:
        """Country of a large city of that name: one the article speaks of, else the largest."""
        options = self.cities.get(words.lower())
        if options is None or words.lower() in NO_CITIES:
            return None
        countries = options.split(" ")
        return next((country for country in countries if country in self.spoken), countries[0])

    def _emit(self, word: int, reading: Reading) -> None:
        view = self.view
        first, last = self._extent(word)
        head = view.rel(word).split(":")[0] not in {"amod", "compound"} and view.rel(word) != "nmod:poss"
        start, end = view.tree.starts[first], view.tree.ends[last]
        for entity in reading.entities:
            body = entity.stands_for
            if body is not None:
                why = f"{reading.why}; speaks for {body.actor.name}"
                self.found.append(Found(start, end, body, head, reading.via, why))
                if entity.actor.kind is ActorKind.PERSON:
                    self.found.append(Found(start, end, entity, False, reading.via, reading.why))
                continue
            self.found.append(Found(start, end, entity, head, reading.via, reading.why))
        if reading.thing or view.rel(word) == "det":
            return
        key = view.role(word, self.words)
        plural = len(reading.entities) > 1 or (view.plural(word) and not self._single(word, reading))
        if word not in view.names:
            noun: str | None = view.lower[word] if key is None else key[0]
        else:
            noun = reading.entities[0].noun
        pronoun = view.tree.upos[word] == "PRON"
        human, gender = self._human(word, reading, key, plural, pronoun)
        self.memory.add(
            Seen(
                view.number, word, reading.entities, self._is_subject(word), None if pronoun else noun, plural, pronoun,
                human, gender,
            )
        )  # fmt: skip

    def _single(self, word: int, reading: Reading) -> bool:
        """*the Netherlands*, *the United Nations*: one actor with a plural name."""
        name = self.view.names.get(word)
        form = name.hit.candidates[0].form if name is not None and name.hit is not None else None
        return form in {"name", "body", "seat", "capital"} and reading.entities[0].institution

    def _human(
        self, word: int, reading: Reading, role: tuple[str, RoleNoun] | None, plural: bool, pronoun: bool
    ) -> tuple[bool, str | None]:
        """Whether the word is one person, by its noun even where it stands for a body, and the gender known of it."""
        entity = reading.entities[0]
        if plural:
            return False, None
        if pronoun:
            form = self.view.lower[word]
            return form in PERSONAL or (form in FIRST and entity.person), PERSONAL.get(form, entity.gender)
        if role is not None and word not in self.view.names:
            noun = role[0].rsplit(" ", 1)[-1]
            gender = "m" if noun in self.words.male else "f" if noun in self.words.female else None
            return role[1].person, gender or entity.gender
        return entity.person, entity.gender

    def _is_subject(self, word: int) -> bool:
        """Subject, or joined to one."""
        view = self.view
        while view.rel(word) in {"conj", "flat", "appos"} and view.tree.heads[word] >= 0:
            word = view.tree.heads[word]
        return view.subject(word)

    def _extent(self, word: int) -> tuple[int, int]:
        """Words of the mention: the name, or the noun with the modifiers right before it."""
        view = self.view
        name = view.names.get(word)
        first, last = (name.first, name.last) if name else (word, word)
        if view.tree.upos[word] in {"PRON", "DET"}:
            return first, last
        wanted = {"compound", "amod", "nummod", "flat", "nmod:poss", "nmod", "case", "punct", "det"}
        while first > 0:
            before = first - 1
            if view.tree.upos[before] in {"DET", "PUNCT", "ADP", "PRON", "CCONJ", "SCONJ", "VERB", "AUX", "ADV"}:
                if not (view.lower[before] == "-" and before and view.tree.heads[before - 1] in range(first, last + 1)):
                    break
            top = before
            for _ in range(4):
                if view.tree.heads[top] == -1 or first <= view.tree.heads[top] <= last:
                    break
                top = view.tree.heads[top]
            if not first <= view.tree.heads[top] <= last or view.rel(top).split(":")[0] not in {
                w.split(":")[0] for w in wanted
            }:
                break
            first = before
        for kid in view.kids(word, "flat"):
            if kid == last + 1 or any(view.inside.get(kid) == other for other in (word,)):
                last = max(last, kid)
        return first, last

    def _remember_pairs(self, view: View) -> None:
        """Joined subjects (*China and Russia*) can be *they* later."""
        for word, reading in self.read.items():
            members = [word, *view.kids(word, "conj")]
            if len(members) < 2 or view.rel(word) == "conj" or not reading.entities or reading.thing:
                continue
            entities = distinct(e for m in members for e in self.resolve(m).entities)
            if len(entities) > 1:
                self.memory.add(Seen(view.number, word, entities, view.subject(word), None, True))

    # ---- one word -----------------------------------------------------------------------------------------------

    def resolve(self, word: int) -> Reading:
        """What the word stands for; empty when it is no actor."""
        known = self.read.get(word)
        if known is not None:
            return known
        self.read[word] = NOTHING  # guards against circles
        reading = self._resolve(word)
        self.read[word] = reading
        return reading

    def _resolve(self, word: int) -> Reading:
        view = self.view
        if view.tree.upos[word] not in NOMINAL:
            return NOTHING
        name = view.names.get(word)
        if name is not None:
            return self._resolve_name(name)
        if word in view.inside:
            return NOTHING
        lower = view.lower[word]
        if view.tree.upos[word] in {"PRON", "DET"} or lower in THING | PLURAL or lower in PERSONAL:
            return self._resolve_pronoun(word, lower)
        if view.tree.upos[word] == "PROPN" and lower not in self.words.titles:
            if found := self._bare_name(word):
                return found
        return self._resolve_noun(word)

    # ---- names --------------------------------------------------------------------------------------------------

    def _resolve_name(self, name: NameSpan) -> Reading:
        if name.hit is None:
            return self._unlisted(name)
        words = folded_forms(self.view.tree, name.first, name.last)
        candidate = self._choose(name.hit.candidates)
        if candidate.form == "person":
            return Reading((self._person_of_hit(name),), Via.NAME, f"name in the actor table: {words}")
        if candidate.form == "body":
            return self._body(name, candidate, words)
        state = self._state(candidate.id)
        if candidate.form in {"name", "demonym", "people"}:
            self._note_place(name, "state") if candidate.form == "name" else None
            why = f"{'name' if candidate.form == 'name' else 'nationality'} of {state.actor.name}"
            owned = self._titled_person(name, state) if candidate.form != "name" else None
            return owned or Reading((state,), Via.NAME, why)
        return self._capital(name, candidate)

    def _titled_person(self, name: NameSpan, state: Entity) -> Reading | None:
        return None

    def _choose(self, candidates: Sequence[Candidate]) -> Candidate:
        """Of people with one name the one in office on the date, else the first."""
        if len(candidates) == 1:
            return candidates[0]
        users = [c for c in candidates if c.id in self.tables.user]
        if users:
            return users[0]
        if all(c.form == "person" for c in candidates):
            in_office = [c for c in candidates if self.tables.office_on(c.id, self.date)]
            return (in_office or list(candidates))[0]
        order = {"name": 0, "demonym": 1, "people": 2, "body": 3, "seat": 4, "capital": 5, "person": 6}
        best = min(candidates, key=lambda c: order[c.form])
        return best

    def _capital(self, name: NameSpan, candidate: Candidate) -> Reading:
        literal = candidate.form == "capital" and self._literal(name)
        if candidate.form == "capital":
            self._note_place(name, "capital")
        if literal:
            return NOTHING
        body = self._government(candidate.id)
        kind = "capital" if candidate.form == "capital" else "seat of government"
        return Reading(
            (body,), Via.METONYM, f"{kind} of {self._state(candidate.id).actor.name}, read as its government"
        )

    def _body(self, name: NameSpan, candidate: Candidate, words: str) -> Reading:
        if words == "Brussels" and self._literal(name):
            self.places[(self.view.tree.starts[name.first], self.view.tree.ends[name.last])] = "capital"
            return NOTHING
        row = self.tables.rows[candidate.id]
        entity = self.known.get(row.id)
        if entity is None:
            entity = self.known[row.id] = Entity(row.actor())
        self._remember_parts(name, entity)
        return Reading((entity,), Via.NAME, f"name in the actor table: {words}")

    def _remember_parts(self, name: NameSpan, entity: Entity) -> None:
        """*the Commission*, *the Front* later, and *(SA)* right after the name."""
        view = self.view
        for word in range(name.first, name.last + 1):
            form = view.tree.forms[word]
            if (
                len(form) > 3
                and form[0].isupper()
                and word not in {w for w in view.inside if view.inside[w] != name.head}
            ):
                self.parts[form.lower()] = entity
        for form in PARTS.get(entity.actor.name, ()):
            self.parts.setdefault(form, entity)
        after = name.last + 1
        if after + 2 < len(view) and view.lower[after] == "(" and view.lower[after + 2] == ")":
            short = view.tree.forms[after + 1]
            if short.isupper() and len(short) > 1:
                self.aliases[short.lower()] = entity

    def _literal(self, name: NameSpan) -> bool:
        """Whether a city's name means the place (*met in Geneva*)."""
        return reads_as_place(self.view, name.first, name.last, self.words)

    def _note_place(self, name: NameSpan, kind: str) -> None:
        view = self.view
        if kind == "state":
            case = view.case(name.head)
            if case not in self.words.locative and case not in {"from", "to"}:
                return
        elif not self._literal(name) and view.case(name.head) not in {"on", "against"} and view.rel(name.head) != "obj":
            return
        self.places[(view.tree.starts[name.first], view.tree.ends[name.last])] = kind

    def _state(self, country: str) -> Entity:
        entity = self.known.get(country)
        if entity is None:
            row = self.tables.rows.get(country)
            if row is None:
                row = ActorRow(country, country, "state", country, "GOV", "", "code", "")
            entity = self.known[country] = Entity(row.actor(), noun="country")
        return entity

    def _government(self, country: str) -> Entity:
        """The state's government: its own actor, of the same country."""
        identifier = f"{country}.GOV"
        entity = self.known.get(identifier)
        if entity is None:
            name = f"Government of {state_name(self.tables.rows, country)}"
            entity = self.known[identifier] = Entity(
                Actor(
                    id=identifier, name=name, kind=ActorKind.GOVERNMENT, country=country, sector="GOV", office=None,
                    wikidata=None, basis=Basis.DICTIONARY,
                ),
                noun="government",
            )  # fmt: skip
        return entity

    def _person_of_hit(self, name: NameSpan) -> Entity:
        assert name.hit is not None
        candidate = self._choose(name.hit.candidates)
        return self._person(self.tables.rows[candidate.id])

    def _person(self, row: ActorRow) -> Entity:
        entity = self.known.get(row.id)
        if entity is None:
            office = self.tables.office_on(row.id, self.date)
            actor = row.actor(office.office if office else None)
            body = self._body_of(office) if office and not office.country else None
            if body is not None:
                actor = replace(actor, country=None, sector=office.sector.split(";")[0] if office else None)
            elif office and office.country:
                actor = replace(actor, country=office.country)
            entity = self.known[row.id] = Entity(actor, _gender(row.name, self.words), stands_for=body)
            self.surnames[family_key(row.family)] = entity
            self.surnames.setdefault(family_key(row.name.split()[-1]), entity)
        return entity

    def _body_of(self, office: Office) -> Entity | None:
        """The organisation of *Secretary-General of the United Nations*."""
        for match in re.finditer(r" of (?:the )?", office.office):
            name = fold_letters(office.office[match.end() :])
            body = next((c for c in self.tables.names.get(name, ()) if c.form == "body"), None)
            if body is not None:
                row = self.tables.rows[body.id]
                return self.known.setdefault(row.id, Entity(row.actor()))
        return None

    def _new_person(self, view: View, name: NameSpan) -> Entity:
        full = _without_titles(name_text(view.tree, name.first, name.last), self.words) or view.tree.forms[name.head]
        key = fold_letters(full).lower()
        entity = self.known.get(key)
        if entity is None:
            actor = Actor(
                id=name_id(full), name=full, kind=ActorKind.PERSON, country=None, sector=None, office=None,
                wikidata=None, basis=Basis.NAME,
            )  # fmt: skip
            entity = self.known[key] = Entity(actor, _gender(full, self.words))
            words = full.split()
            if len(words) > 1:
                self.surnames.setdefault(family_key(words[-1]), entity)
                self.given.setdefault(fold_letters(words[0]).lower(), entity)
        return entity

    def _unlisted(self, name: NameSpan) -> Reading:
        """A name the table lacks: person, organisation or place by the parser's label."""
        view = self.view
        words = folded_forms(view.tree, name.first, name.last).removesuffix(" 's")
        if known := self.aliases.get(words.lower()):
            return Reading((known,), Via.NAME, f"short for {known.actor.name}")
        if name.first == name.last and (part := self.parts.get(words.lower())):
            return Reading((part,), Via.NAME, f"short for {part.actor.name}")
        if name.label == "PER":
            return self._unlisted_person(name, words)
        country = self._city_country(words)
        if country and (name.label == "LOC" or name.first == name.last):
            return self._city(name, country)
        if surname := self._surname(words):
            return Reading((surname,), Via.NAME, f"surname of {surname.actor.name}")
        if name.first == name.last and (holder := self._office_holder(name, words)):
            return Reading((holder,), Via.TITLE, f"holds an office on the date: {holder.actor.office}")
        if name.label in {"ORG", "PER"} and name.first == name.last and self._opens(name.first):
            return self._resolve_noun(name.head)
        if name.label == "ORG":
            if self._generic(name):
                return self._resolve_noun(name.head)
            return self._unlisted_body(name, words)
        if name.label == "LOC":
            self.places.setdefault((view.tree.starts[name.first], view.tree.ends[name.last]), "region")
        return NOTHING

    def _unlisted_person(self, name: NameSpan, words: str) -> Reading:
        last = words.rsplit(maxsplit=1)[-1].lower()
        if name.first == name.last and (self.view.role(name.head, self.words) or last in self.words.titles):
            return self._resolve_noun(name.head)
        first_is_title = self.view.lower[name.first] in self.words.titles
        if name.last == name.first or first_is_title:
            if entity := self._surname(last):
                return Reading((entity,), Via.NAME, f"surname of {entity.actor.name}")
            if holder := self._office_holder(name, last):
                return Reading((holder,), Via.TITLE, f"holds an office on the date: {holder.actor.office}")
            if country := self._city_country(words):
                return self._city(name, country)
        entity = self._new_person(self.view, name)
        self._give_country(entity, name.head)
        return Reading((entity,), Via.NAME, self._person_reason(entity))

    def _person_reason(self, entity: Entity) -> str:
        if entity.country:
            return f"a name the table lacks; country {entity.country} from the words that introduce it"
        return "a name the table lacks"

    def _give_country(self, entity: Entity, head: int) -> None:
        if entity.country or entity.actor.basis is Basis.DICTIONARY:
            return
        owner = self._owner(head, person=True)
        country = next((e.country for e in owner if e.country), None)
        if country is None and owner and owner[0].institution:
            entity.stands_for = owner[0]
            return
        role = self._role_beside(head)
        if country is None and role is not None and role[1][1].sector in GOVERNMENTAL | {"OPP"}:
            back = self._back(*role)
            country = next((e.country for e in back.entities if e.country), None) if back else None
            if country is None and back and back.entities[0].institution:
                entity.stands_for = back.entities[0]
        entity.give_country(country, role[1][1].sector if role else None)

    def _role_beside(self, head: int) -> tuple[int, tuple[str, RoleNoun]] | None:
        """The role noun in apposition to a name (*X, a deputy cabinet secretary*), before it (*spokesman X*) or at it."""
        view = self.view
        beside = [*view.kids(head, "appos", "nmod:desc", "compound", "flat"), head]
        if view.rel(head) in {"appos", "flat"} and view.tree.heads[head] >= 0:
            beside.append(view.tree.heads[head])
        for word in beside:
            if word not in view.names and (role := view.role(word, self.words)):
                return word, role
        return None

    def _surname(self, words: str) -> Entity | None:
        return self.surnames.get(family_key(words)) or self.given.get(words.lower())

    def _bare_name(self, word: int) -> Reading | None:
        """A proper noun the parser did not mark: a known surname, a city."""
        view = self.view
        folded = fold_letters(view.tree.forms[word])
        if entity := self._surname(folded.lower()):
            return Reading((entity,), Via.NAME, f"surname of {entity.actor.name}")
        if known := self.aliases.get(folded.lower()):
            return Reading((known,), Via.NAME, f"short for {known.actor.name}")
        span = NameSpan(word, word, word, None, "PER")
        if view.tree.forms[word][:1].isupper() and (holder := self._office_holder(span, folded)):
            return Reading((holder,), Via.TITLE, f"holds an office on the date: {holder.actor.office}")
        if view.rel(word) not in {"compound", "flat"} and len(folded) > 3 and (country := self._city_country(folded)):
            return self._city(NameSpan(word, word, word, None, "LOC"), country)
        return None

    def _office_holder(self, name: NameSpan, family: str) -> Entity | None:
        """*President Biden* with no first name in the article: the one who holds such an office on the date."""
        people = self.families.get(family_key(family))
        if self.date is None or not people:
            return None
        title = next(
            (
                self.view.lower[word]
                for word in range(name.head - 1, max(-1, name.head - 3), -1)
                if self.view.role(word, self.words) and self.view.lower[word] not in PLAIN_TITLES
            ),
            None,
        )
        found = choose_holder(people, self.tables, self.date, title=title, spoken=self.spoken)
        return self._person(found.row) if found else None

    def _led_by(self, family: str) -> str | None:
        """Country of *the Obama administration*: where somebody of that name was head, before or on the date."""
        found = {
            office.country
            for person in self.families.get(family_key(family), ())
            for office in self.tables.offices(person)
            if office.office.lower() in LED and office.start and (not self.date or office.start <= self.date)
        }
        found = found & set(self.spoken) if len(found) > 1 else found
        return next(iter(found)) if len(found) == 1 else None

    def _city(self, name: NameSpan, country: str) -> Reading:
        """A city that is no capital: a place; hit or acting, it stands for its state too."""
        view = self.view
        self.places[(view.tree.starts[name.first], view.tree.ends[name.last])] = "city"
        relation = view.rel(name.head)
        acting = relation in {"nsubj", "obj", "nsubj:pass", "nmod:poss"} or view.case(name.head) in {
            "on",
            "against",
            "by",
        }
        if not acting or self._literal(name):
            return NOTHING
        state = self._state(country)
        return Reading((state,), Via.METONYM, f"a city of {state.actor.name}", thing=True)

    def _opens(self, word: int) -> bool:
        """*Medics said*: a role noun with the capital of the sentence's first word."""
        view = self.view
        return all(view.tree.upos[w] == "PUNCT" for w in range(word)) and view.role(word, self.words) is not None

    def _generic(self, name: NameSpan) -> bool:
        """*the Foreign Ministry*, *the National Guard*: a kind of body, one in every state."""
        view = self.view
        role = view.role(name.head, self.words)
        if role is None or role[1].person or role[1].sector not in GOVERNMENTAL:
            return False
        return all(
            word == name.head or view.lower[word] in GENERIC or view.lower[word] in MINISTRY
            for word in range(name.first, name.last + 1)
        )

    def _unlisted_body(self, name: NameSpan, words: str) -> Reading:
        view = self.view
        country = self._country_in(name)
        if country is None:
            owner = self._owner(name.head, person=False)
            country = next((e.country for e in owner if e.country), None)
        key = "org|" + words.lower()
        entity = self.known.get(key)
        if entity is None:
            label = name_text(view.tree, name.first, name.last)
            sector = next(
                (
                    role.sector
                    for w in range(name.first, name.last + 1)
                    if (role := self.words.roles.get(view.lower[w]))
                ),
                None,
            )
            entity = self.known[key] = Entity(
                Actor(
                    id=name_id(label, country), name=label, kind=ActorKind.ORGANISATION, country=country, sector=sector,
                    office=None, wikidata=None, basis=Basis.NAME,
                )
            )  # fmt: skip
        entity.give_country(country)
        self._remember_parts(name, entity)
        return Reading(
            (entity,),
            Via.NAME,
            f"an organisation the table lacks{f'; country {country} from its name' if country else ''}",
        )

    def _country_in(self, name: NameSpan) -> str | None:
        """Country of a place or nationality inside a longer name (*University of Nairobi*)."""
        view = self.view
        text = folded_forms(view.tree, name.first, name.last)
        for hit in self.tables.search(text):
            candidate = hit.candidates[0]
            if candidate.form in {"name", "demonym"} or (candidate.form == "capital" and " of " in text):
                return candidate.id
        for word in range(name.last, name.first - 1, -1):
            form = fold_letters(view.tree.forms[word])
            if (
                form[0].isupper()
                and len(form) > 3
                and view.lower[word] not in self.words.roles
                and view.lower[word] not in NAME_WORDS
                and (country := self._city_country(form))
            ):
                return country
        return None

    # ---- noun phrases -------------------------------------------------------------------------------------------

    def _resolve_noun(self, word: int) -> Reading:
        view = self.view
        if view.tree.upos[word] not in {"NOUN", "PROPN", "NUM", "ADJ"}:
            return NOTHING
        if any(key in QUANTITIES for key in view.forms_of(word)) and (inner := self._quantity(word)):
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
        if several := self._several(word):
            return several
        role = view.role(word, self.words)
        named = self._name_beside(word) if role else None
        if named is not None:
            return named
        owner = self._owner(word, person=bool(role))
        if owner:
            return self._owned(word, role, owner)
        modifies = view.rel(word) in {"compound", "amod"}
        if not modifies and (back := self._back(word, role)):
            return back
        if role is None or view.rel(word) in {"compound", "amod", "flat"} or view.tree.upos[word] == "ADJ":
            return NOTHING
        if role[0] in ARMS and not view.subject(word):
            return NOTHING
        return self._unnamed(word, role[1])

    def _quantity(self, word: int) -> Reading | None:
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
                owner = self._owner(word, person=True, skip=other)
                country = next((e.country for e in owner if e.country), None)
                if country is None and owner and owner[0].institution:
                    entity.stands_for = owner[0]
                if country is None and not owner and (back := self._back(word, role)):
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

    def _owner(self, word: int, *, person: bool, skip: int = -1) -> tuple[Entity, ...]:
        """Whom the phrase belongs to: possessor, nationality, name before it, *of X*; of people also where they are."""
        view = self.view
        first: tuple[tuple[str, ...], ...] = (("nmod:poss",), ("amod", "compound", "nmod", "flat"))
        if any(key in OPPOSITE for key in view.forms_of(word)):  # *her Russian counterpart*
            first = first[::-1]
        for relations in first:
            for kid in reversed(view.kids(word, *relations)):
                if kid == skip or (relations[0] == "amod" and view.case(kid)):
                    continue
                reading = self._modifier(kid)
                if reading:
                    return reading
        for kid in view.kids(word, "compound", "nmod:poss"):  # *the government's spokesman*: after nearer owners
            role = view.role(kid, self.words)
            if kid not in view.names and role and role[1].sector in GOVERNMENTAL and kid != skip:
                back = self._back(kid, role)
                if back and back.entities[0].actor.kind is not ActorKind.UNNAMED:
                    return back.entities
        for kid in view.kids(word, "nmod", "obl"):
            case = view.case(kid)
            wanted = self.words.from_country if person else IN_THINGS
            if case == "to" and person and any(key in ADVISING for key in view.forms_of(word)):
                wanted = frozenset({"to"})
            if kid == skip or case not in wanted or view.rel(kid) == "nmod:poss":
                continue
            if person and case in {"in", "at"} and self._is_abroad(word):
                continue
            if reading := self._place_or_actor(kid, person):
                return reading
        if person and word not in self.asking:
            self.asking.add(word)  # appositions of appositions lead back here
            found = self._elsewhere(word, skip)
            self.asking.discard(word)
            return found
        return ()

    def _is_abroad(self, word: int) -> bool:
        """*a diplomat in Cairo*, *a European official in Kabul*: where they are is not whom they serve."""
        view = self.view
        if any(view.lower[kid] in FOREIGN for kid in view.kids(word, "amod", "compound")):
            return True
        return any(key in ABROAD for key in view.forms_of(word))

    def _modifier(self, kid: int) -> tuple[Entity, ...]:
        view = self.view
        role = view.role(kid, self.words) if kid not in view.names else None
        head = view.tree.heads[kid]
        if head >= 0 and view.lower[head] in LED_BODIES and view.rel(kid) in {"compound", "nmod:poss", "flat"}:
            country = self._led_by(fold_letters(view.tree.forms[kid]).lower())
            if country is not None:
                return (self._state(country),)
        title = role is not None and role[1].person and view.rel(kid) != "nmod:poss"
        named = kid in view.names or view.tree.upos[kid] in {"PRON", "PROPN"} or view.rel(kid) == "nmod:poss"
        if named and not title:
            if view.tree.upos[kid] == "PROPN" and kid not in view.names and (part := self.parts.get(view.lower[kid])):
                return (part,)
            reading = self.resolve(kid)
            if reading.entities:
                return reading.entities
            if kid in view.names and (country := self._place_country(kid)):
                return (self._state(country),)
            for inner in view.kids(kid, "compound", "amod", "nmod", "nmod:poss"):
                if found := self._modifier(inner):
                    return found
            return ()
        for inner in view.kids(kid, "compound", "amod", "nmod"):  # foreign [ministry] officials, US[-backed] forces
            if inner in view.names and (reading2 := self.resolve(inner).entities):
                return reading2
        return ()

    def _place_or_actor(self, kid: int, person: bool) -> tuple[Entity, ...]:
        reading = self.resolve(kid)
        if reading.entities and reading.entities[0].actor.kind is not ActorKind.UNNAMED:
            return reading.entities
        country = self._place_country(kid)
        if country:
            return (self._state(country),)
        if person:
            for inner in [*self.view.kids(kid, "nmod", "appos")]:
                if country := self._place_country(inner):
                    return (self._state(country),)
        return ()

    def _place_country(self, word: int) -> str | None:
        """Country of a name read as a place."""
        view = self.view
        name = view.names.get(word)
        if name is None:
            return None
        if name.hit is not None:
            candidate = name.hit.candidates[0]
            return candidate.id if candidate.form in {"name", "capital", "demonym", "seat"} else None
        words = folded_forms(view.tree, name.first, name.last)
        return self._city_country(words) or (self._country_in(name) if name.label in {"ORG", "LOC"} else None)

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
            found = self._owner(kid, person=True) if kid not in view.names else self.resolve(kid).entities
            if found:
                return found
        if view.rel(word) == "appos" and view.tree.heads[word] >= 0:
            head = view.tree.heads[word]
            if view.role(head, self.words) and head not in view.names:
                found = self._owner(head, person=True, skip=word)
                if found:
                    return found
        return next((found for verb in self._verbs_of(word) if (found := self._workplace(verb))), ())

    def _verbs_of(self, word: int) -> list[int]:
        """Verbs that tell what somebody does: of a relative clause, or whose subject it is (*X teaches at …*)."""
        view = self.view
        verbs = view.kids(word, "acl")
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

    def _owned(self, word: int, role: tuple[str, RoleNoun] | None, owner: tuple[Entity, ...]) -> Reading:
        """A phrase with an owner: a body or people of its country, the organisation itself, or mere belongings."""
        view = self.view
        first = owner[0]
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
        if len(owner) > 1:
            entities = tuple(self._role_entity(word, role, e.country) if e.country else e for e in owner)
            return Reading(entities, Via.DESCRIPTION, f"{role[0]} of {' and '.join(e.actor.name for e in owner)}")
        if first.country is None:
            if first.actor.kind is ActorKind.UNNAMED:
                return self._unnamed(word, role[1])
            if first.actor.kind is ActorKind.PERSON:
                return self._unnamed(word, role[1])
            return Reading((first,), Via.DESCRIPTION, f"{role[0]} of {first.actor.name}")
        entity = self._role_entity(word, role, first.country)
        return Reading((entity,), Via.DESCRIPTION, f"{role[0]} of {first.actor.name}")

    def _role_entity(self, word: int, role: tuple[str, RoleNoun], country: str) -> Entity:
        """The actor of `<country> + role`: one per country and role in a document."""
        view = self.view
        key, noun = role
        sector = noun.sector
        words = [view.lower[kid] for kid in view.kids(word, "amod", "compound")]
        former = any(w in self.words.former for w in words)
        path = f"{country}.{'GOV' if sector in {'GOV'} else sector}"
        detail = next((MINISTRY[w] for w in words if w in MINISTRY), None) if sector == "GOV" else None
        if detail:
            path += f".{detail}"
        if former:
            path, sector = f"{country}.ELI", "ELI"
        body = not noun.person and key not in {"officials"}
        plural = view.plural(word)
        if body and key in {"government", "administration", "regime", "leadership", "authorities", "cabinet", "state"}:
            return self._government(country)
        identifier = (
            path
            if body and (detail or sector != "GOV")
            else f"{path}#{key.replace(' ', '-')}" + ("s" if plural and noun.person else "")
        )
        entity = self.known.get(identifier)
        if entity is None:
            kind = ActorKind.GOVERNMENT if sector in GOVERNMENTAL else ActorKind.ORGANISATION
            if noun.person and not plural:
                kind = ActorKind.PERSON
            elif noun.person and sector not in GOVERNMENTAL:
                kind = ActorKind.PEOPLE_GROUP
            _first, _last = self._extent(word)
            name = f"{state_name(self.tables.rows, country)}: {' '.join([*(w for w in words if w in MINISTRY), key])}"
            gender = "m" if key in self.words.male else "f" if key in self.words.female else None
            entity = self.known[identifier] = Entity(
                Actor(
                    id=identifier, name=name, kind=kind, country=country, sector=sector, office=None, wikidata=None,
                    basis=Basis.PATTERN,
                ),
                gender, key, plural,
            )  # fmt: skip
        return entity

    def _unnamed(self, word: int, noun: RoleNoun) -> Reading:
        view = self.view
        first, last = self._extent(word)
        self.unnamed += 1
        actor = Actor(
            id=f"u:{self.document}:{self.unnamed}", name=name_text(view.tree, first, last),
            kind=ActorKind.UNNAMED, country=None, sector=noun.sector, office=None, wikidata=None, basis=Basis.PATTERN,
        )  # fmt: skip
        return Reading(
            (Entity(actor, plural=view.plural(word)),), Via.DESCRIPTION, "a role without a country in the text"
        )

    # ---- back references ----------------------------------------------------------------------------------------

    def _several(self, word: int) -> Reading | None:
        """*the two countries*, *both sides*, *the leaders*: members from the last sentences."""
        view = self.view
        noun = view.listed(word, self.words.sets)
        before = {view.lower[kid] for kid in view.kids(word, "det", "amod")}
        if (
            view.lower[word] == "two"
            and before & {"the"}
            and view.tree.upos[word] == "NUM"
            and view.rel(word) != "nummod"
        ):
            return self._members(word, 2, "two")
        if noun is None or view.kids(word, "nmod:poss"):
            return None
        if before & {"each", "either", "neither"} and noun in {
            "side",
            "army",
            "party",
            "government",
            "country",
            "state",
        }:
            return self._members(word, 2, noun)
        if not view.plural(word):
            return None
        count = 0
        for kid in [*view.kids(word, "nummod", "det", "amod")]:
            count = max(count, self.words.numbers.get(view.lower[kid], 0))
        if not count and not (noun in {"side", "neighbour", "neighbor", "party", "rival"} and before & {"the"}):
            return None
        if count and not before & {"the", "both", "these", "those"}:
            return None
        if any(kid in view.names for kid in view.kids(word, "amod", "compound")):
            return None
        return self._members(word, count or 2, noun)

    def _members(self, word: int, count: int, noun: str) -> Reading | None:
        """The states (for *groups*, *organisations*: any actors) that a plural stands for: a pair just named, else the
        most present, here and in the whole article; who does something to them is none of them.
        """
        doer = self._clause_subject(word) if not self.view.subject(word) else None
        barred = {e.country or e.actor.id for e in self.resolve(doer).entities} if doer is not None else set()
        total = sum(self.spoken.values()) or 1
        main = {code for code, times in self.spoken.most_common(3) if times >= MAIN_SHARE * total}
        for entry in reversed(self.memory.seen):
            if self.view.number - entry.sentence > 2:
                break
            stands = {e.country: e for e in entry.entities if e.country}
            if entry.plural and len(stands) == count and not barred & set(stands) and (not main or main & set(stands)):
                members = tuple(self._state(code) for code in stands)
                return Reading(members, Via.DESCRIPTION, f"the {noun}s just named: {_names(members)}")
        scores = {key: weight for key, (weight, e) in self.memory.weights(self.view.number).items() if e.country == key}
        for code, times in self.spoken.items():
            scores[code] = scores.get(code, 0.0) + MEMBER_SHARE * times / total
        ranked = sorted((code for code in scores if code not in barred), key=lambda code: (-scores[code], code))
        if len(ranked) < count:
            return None
        chosen = tuple(self._state(code) for code in sorted(ranked[:count]))
        return Reading(chosen, Via.DESCRIPTION, f"the most mentioned states: {_names(chosen)}")

    def _back(self, word: int, role: tuple[str, RoleNoun] | None) -> Reading | None:
        """A definite description without an owner: the last one so described, or a fitting actor."""
        view = self.view
        definite = view.definite(word) or (view.tree.upos[word] == "PROPN" and role is not None)
        if not definite:
            return self._context(word, role) if role and role[1].sector in HOMELY else None
        if entity := self._as_state(word):
            return entity
        if entity := self._as_institution(word):
            return entity
        if role is None:
            return None
        plural = view.plural(word)
        entry = self.memory.last(lambda seen: seen.noun == role[0] and seen.plural == plural and not seen.pronoun)
        if entry is not None:
            return Reading(entry.entities, Via.DESCRIPTION, f"the {role[0]} named before: {_names(entry.entities)}")
        if not plural and role[1].person and (holder := self._titled(role[0])):
            return Reading((holder,), Via.TITLE, f"holds the office on the date: {holder.actor.name}")
        return self._context(word, role) if role[1].sector in HOMELY else None

    def _titled(self, title: str) -> Entity | None:
        """*the prime minister*, after one was named by name: the nearest whose office on the date it is."""
        entry = self.memory.last(
            lambda seen: len(seen.entities) == 1 and (seen.entities[0].actor.office or "").lower() == title
        )
        return entry.entities[0] if entry and self.view.number - entry.sentence <= 12 else None

    def _context(self, word: int, role: tuple[str, RoleNoun]) -> Reading | None:
        """A body or official without a country: that of the state the text is about here."""
        if role[0] in ABROAD or role[0] in NOBODYS or role[0] in ARMS or self._is_abroad(word):
            return None
        home = self._home(word, role)
        if home is None:
            return None
        country, why = home
        entity = self._role_entity(word, role, country)
        return Reading((entity,), Via.DESCRIPTION, f"{role[0]} of {why}: {self._state(country).actor.name}")

    def _last_actor(self) -> str | None:
        """Country of the last subject of this paragraph, for *a spokeswoman said*."""
        number = self.view.number
        entry = self.memory.best(
            number,
            lambda s: s.subject and len({e.country for e in s.entities}) == 1 and bool(s.entities[0].country)
            and self.memory.same_paragraph(s.sentence, number),
            reach=2,
        )  # fmt: skip
        return entry.entities[0].country if entry else None

    def _home(self, word: int, role: tuple[str, RoleNoun]) -> tuple[str, str] | None:
        """Country of somebody whose country is not said: where the sentence is set, whom the last ones spoke of, or
        whom the article is mostly about; of others than officials and forces only the first, or the last where no
        other state is near it.
        """
        if (country := self._setting(word)) is not None:
            return country, "the place the sentence is set in"
        if role[0] == "administration" and "USA" in self.spoken:
            return "USA", "the state whose government is so called"
        if role[0] == "secretary" and any(
            self.view.lower[kid] == "state" for kid in self.view.kids(word, "nmod", "flat")
        ):
            return "USA", "the only state with this office"
        total = sum(self.spoken.values())
        if not total:
            return None
        share = {code: count / total for code, count in self.spoken.items()}
        first, second = [*sorted(share.values(), reverse=True), 0.0][:2]
        if role[1].sector not in GOVERNMENTAL:
            if first < HOME_SHARE or first < 2 * second:
                return None
            return max(share, key=lambda code: share[code]), "the state the article is about"
        if role[0] in VOICES and (said := self._last_actor()) is not None:
            return said, "the ones just spoken of"
        scores: dict[str, float] = {}
        for country, (weight, entity) in self.memory.weights(self.view.number, reach=2).items():
            if entity.country:
                scores[country] = weight
        for code, part in share.items():
            if code in scores or part >= HOME_SHARE:
                scores[code] = scores.get(code, 0.0) + FOCUS_WEIGHT * part
        ranked = sorted(scores, key=lambda code: (-scores[code], code))
        if ranked and (len(ranked) == 1 or scores[ranked[0]] >= HOME_LEAD * scores[ranked[1]]):
            return ranked[0], "the state spoken of"
        if self._last_actor() is None and first >= OPENING_SHARE and first >= HOME_LEAD * second:
            return max(share, key=lambda code: share[code]), "the state the article is about"
        return None

    def _setting(self, word: int) -> str | None:
        """*In Berlin, the interior minister …*: country of the place at the verb that governs the word."""
        view = self.view
        at = view.tree.heads[word]
        for _ in range(6):
            if at < 0:
                return None
            if view.tree.upos[at] in {"VERB", "AUX"}:
                for kid in view.kids(at, "obl"):
                    if view.case(kid) in {"in", "at", "near"} and kid < word and (country := self._place_country(kid)):
                        return country
                return None
            at = view.tree.heads[at]
        return None

    def _as_state(self, word: int) -> Reading | None:
        view = self.view
        noun = view.listed(word, self.words.states)
        if noun is None or view.plural(word) or noun in {"party", "side", "member", "capital"}:
            return None
        wanted = self.words.kinds.get(noun)
        reach = 3 if not wanted else 30

        def fits(seen: Seen) -> bool:
            entity = seen.entities[0]
            if (
                len(seen.entities) != 1
                or not entity.country
                or entity.actor.kind not in {ActorKind.STATE, ActorKind.GOVERNMENT}
            ):
                return False
            return not wanted or entity.country in wanted

        entry = self.memory.best(view.number, fits, reach=reach)
        if entry is None:
            return None
        state = self._state(entry.entities[0].country or "")
        return Reading((state,), Via.DESCRIPTION, f"the {noun}: {state.actor.name}, spoken of before")

    def _as_institution(self, word: int) -> Reading | None:
        view = self.view
        kinds = {ActorKind(k) for k, nouns in self.words.organisations.items() if view.listed(word, nouns)}
        if not kinds or (view.plural(word) and ActorKind.GROUP not in kinds):
            return None
        noun = view.lower[word]
        wide = kinds | ({ActorKind.ORGANISATION} if noun in {"bloc", "group", "movement", "militia"} else set())
        entry = self.memory.last(
            lambda seen: (
                len(seen.entities) == 1 and seen.entities[0].actor.kind in wide and _suits(noun, seen.entities[0])
            )
        )
        if entry is None or view.number - entry.sentence > 12:
            return None
        return Reading(entry.entities, Via.DESCRIPTION, f"the {noun}: {entry.entities[0].actor.name}, named before")

    # ---- pronouns -----------------------------------------------------------------------------------------------

    def _resolve_pronoun(self, word: int, lower: str) -> Reading:
        view = self.view
        if view.rel(word).startswith("expl"):
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
            if inner := self._quantity(word):
                return inner
            if lower in {"both", "neither", "each"} and view.rel(word).startswith(("nsubj", "obj", "obl")):
                return self._members(word, 2, "side") or NOTHING
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
                return Reading(reading.entities, Via.PRONOUN, f"relative pronoun of {_names(reading.entities)}")
            at = view.tree.heads[at]
        return NOTHING

    def _before(self, word: int) -> None:
        """Resolve the words before `word`, so that the memory of this sentence is complete up to it."""

    def _person_pronoun(self, word: int, gender: str) -> Reading:
        def fits(seen: Seen) -> bool:
            return len(seen.entities) == 1 and seen.human and seen.gender in {gender, None}

        return self._antecedent(word, fits, reach=4, speaker=1.0)

    def _thing_pronoun(self, word: int) -> Reading:
        def fits(seen: Seen) -> bool:
            entity = seen.entities[0]
            return len(seen.entities) == 1 and entity.institution and not entity.plural and not seen.plural

        return self._antecedent(word, fits, reach=2)

    def _plural_pronoun(self, word: int) -> Reading:
        def several(seen: Seen) -> bool:
            return seen.plural

        reading = self._antecedent(word, several, reach=2)
        if reading.entities:
            return reading
        return self._antecedent(word, lambda seen: seen.entities[0].institution and len(seen.entities) == 1, reach=1)

    def _antecedent(self, word: int, fits: Callable[[Seen], bool], *, reach: int, speaker: float = 0.0) -> Reading:
        view = self.view
        clause = self._clause_subject(word)
        if clause is not None and view.rel(word) == "nmod:poss" and clause != word:
            reading = self.resolve(clause)
            if reading.entities and not reading.thing:
                plural = view.plural(clause) or len(reading.entities) > 1
                role = view.role(clause, self.words)
                human, gender = self._human(clause, reading, role, plural, view.tree.upos[clause] == "PRON")
                seen = Seen(view.number, clause, reading.entities, True, None, plural, False, human, gender)
                if fits(seen):
                    return Reading(
                        reading.entities, Via.PRONOUN, f"the subject of its clause: {_names(reading.entities)}"
                    )
        barred = self._coarguments(word)
        entry = self.memory.best(
            view.number,
            lambda seen: (
                bool(seen.entities) and not (seen.sentence == view.number and seen.word in barred) and fits(seen)
            ),
            reach=reach,
            speaker=speaker,
        )
        if entry is None:
            return NOTHING
        return Reading(entry.entities, Via.PRONOUN, f"goes back to {_names(entry.entities)}")

    def _clause_subject(self, word: int) -> int | None:
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
            return NOTHING
        if lower in {"i", "me", "my", "mine", "myself"}:
            return Reading(speaker, Via.PRONOUN, f"the speaker: {_names(speaker)}")
        sides = tuple(self._state(e.country) if e.country and e.actor.sector in OFFICIAL else e for e in speaker)
        return Reading(sides, Via.PRONOUN, f"the side of the speaker: {_names(sides)}")

    def _who_speaks(self, word: int) -> tuple[Entity, ...]:
        """The sentence's speaker, the label's, the communique's own *We, the ministers of …*, the last speaker."""
        view = self.view
        for kid in view.kids(word, "appos"):
            found = self.resolve(kid)
            if found.entities:
                self.voice = self.voice or tuple(self._state(e.country) if e.country else e for e in found.entities)
        return self._speaker() or self.label or self.voice or self.memory.speaker

    def _speaker(self) -> tuple[Entity, ...]:
        """Who says the sentence's words: subject of its verb of saying."""
        view = self.view
        for word in range(len(view)):
            if (view.tree.upos[word] in {"VERB", "AUX"} and view.tree.lemmas[word].lower() in SAYING) or view.lower[
                word
            ] in {"said", "says", "told"}:
                for subject in view.kids(word, "nsubj"):
                    if view.lower[subject] in FIRST:
                        continue
                    reading = self.resolve(subject)
                    if reading.entities:
                        return reading.entities
        return ()


PARTS = {
    "European Union": ("commission", "council", "parliament", "union", "bloc"), "United Nations": ("council", "assembly"),
    "International Monetary Fund": ("fund",), "World Bank": ("bank",), "African Union": ("commission", "union"),
    "ECOWAS": ("community", "commission"), "Organization of American States": ("organization",), "Arab League": ("league",),
}  # fmt: skip
GENERIC = frozenset(
    "the of and for foreign national supreme federal high constitutional central state armed security republican "
    "presidential royal public electoral election civil affairs external internal domestic home coast border air naval "
    "court prime minister's president's defence defense police parliament health interior finance trade justice "
    "intelligence agency service forces guard ministry department council emergency emergencies situations".split()
)
NAME_WORDS = frozenset(
    "university institute college academy school national international global royal council commission committee "
    "group party union federation association foundation front movement forces army bank fund company press times post "
    "news daily state republic people peoples democratic social central north south east west northern southern eastern "
    "western great new free united justice peace development energy security defence defense studies research rights "
    "human police court world centre center liberty victoria santa nation".split()
)
"""Words of names that are towns' names too (*University*, Florida): they tell no country."""
FOREIGN = frozenset(
    "western european arab african asian gulf foreign regional latin nordic baltic central eastern scandinavian "
    "international".split()
)
"""*a Western diplomat in Cairo*: not of the country he is in."""
ADVISING = frozenset("adviser advisor aide assistant secretary deputy counsel".split())
OPPOSITE = frozenset("counterpart colleague opponent rival".split())
ABROAD = frozenset("diplomat envoy ambassador consul attache correspondent".split())
PLAIN_TITLES = frozenset("mr mr. ms ms. mrs mrs. miss dr dr. sir former then".split())
LED = frozenset({"president", "prime minister", "chancellor"})
LED_BODIES = frozenset({"administration", "government", "presidency", "cabinet", "era", "team"})
OFFICIAL = frozenset({"GOV", "MIL", "LEG", "COP", None, "EDU", "CVL", "OPP", "PTY"})
GOVERNMENTAL = frozenset({"GOV", "MIL", "COP", "LEG", "JUD", "SPY"})
HOMELY = GOVERNMENTAL | {"OPP", "CVL", "MED", "LAB", "REL", "BUS"}
VOICES = frozenset("spokesman spokeswoman spokesperson aide office statement delegation team".split())
ARMS = frozenset(
    "missile rocket shell gun drone artillery tank battery armour shelling strike raid airstrike offensive".split()
)
"""Actors only as doers, or by their owner: nobody talks to *more missiles*."""
NOBODYS = frozenset(
    "negotiator delegate mediator people person man woman statement counterpart host intermediary colleague".split()
)
"""Nouns whose side only the text can tell."""
NO_CITIES = frozenset(
    "obama trump bush clinton gulf west east north south nation media bar mobile most reading".split()
)
"""Towns' names that are other words in political news."""
OPENING_SHARE = 0.3
SETTLED = frozenset({"GOV", "MIL", "COP", "LEG", "JUD", "OPP", "LAB", "MED", "CVL", "REL", None})
SETTLED_SHARE = 0.5
MAIN_SHARE = 0.15
MEMBER_SHARE = 8.0
HOME_SHARE = 0.45
FOCUS_WEIGHT = 3.0
HOME_LEAD = 1.2
CLOSE = frozenset("close loyal allied affiliated linked sympathetic".split())
LEADING = frozenset("lead head run direct chair represent edit found advise command own govern".split())
WORKING = frozenset(
    "teach work lead head run direct study advise base serve live found chair edit lecture research employ".split()
)


def _names(entities: Iterable[Entity]) -> str:
    return ", ".join(dict.fromkeys(entity.actor.name for entity in entities))


def _suits(noun: str, entity: Entity) -> bool:
    """Whether a class noun fits the organisation: *company* a business, *court* a court."""
    wanted = {
        "company": "BUS",
        "firm": "BUS",
        "bank": "BUS",
        "broadcaster": "MED",
        "newspaper": "MED",
        "channel": "MED",
        "party": "PTY",
        "court": "",
        "tribunal": "",
    }
    if noun in {"court", "tribunal"}:
        return "ourt" in entity.actor.name or "ribunal" in entity.actor.name
    if noun in {"union", "bloc"}:
        return entity.actor.sector in {"IGO", None}
    return wanted.get(noun) in {None, entity.actor.sector}


def _without_titles(full: str, words: Words) -> str:
    """A name without titles and possessive."""
    kept = [word for word in full.split() if word.lower() not in words.titles]
    return re.sub(r"['’]s?$", "", " ".join(kept))


def _gender(name: str, words: Words) -> str | None:
    first = fold_letters(name.split(maxsplit=1)[0]).lower()
    return "m" if first in words.male else "f" if first in words.female else words.first_names.get(first)
