"""Who: every word that can head a mention of an actor gets the actors it stands for.

A deterministic reader in the style of the sieve coders (Lee et al. 2013): names first, then the owner inside the noun
phrase (*Chinese officials*, *the emir of Kuwait*), then the document's memory (*the ministry*, *he*, *both sides*).
Every link keeps the reason it was made for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from demarche.linking.back_reader import BackReader
from demarche.linking.entities import Seen, distinct
from demarche.linking.folding import fold_letters
from demarche.linking.holders import family_key
from demarche.linking.name_reader import NameReader
from demarche.linking.phrase_reader import PhraseReader
from demarche.linking.pronoun_reader import PronounReader
from demarche.linking.reading import NOTHING, PERSONAL, PLURAL, THING, Found, Reading
from demarche.linking.view import View
from demarche.linking.words import RoleNoun
from demarche.records import ActorKind, Basis, Sentence, Via

__all__ = ["ActorReader", "Found"]

NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "ADJ", "NUM", "DET", "X"})
SETTING = frozenset("in at near outside around across throughout".split())
SETTLED = frozenset({"GOV", "MIL", "COP", "LEG", "JUD", "OPP", "LAB", "MED", "CVL", "REL", None})
SETTLED_SHARE = 0.5
ARMED = frozenset({"REB", "UAF", "IMG"})
THERE_REACH = 2


class ActorReader(NameReader, PhraseReader, BackReader, PronounReader):
    """Reads one document."""

    __slots__ = ()

    def read_document(self, views: Sequence[View], sentences: Sequence[Sentence]) -> list[Found]:
        """Find all mentions, sentence by sentence."""
        self.memory.paragraphs = tuple(sentence.paragraph for sentence in sentences)
        for view in views:
            self._register_people(view)
            self.spoken.update(self._countries_named(view))
        for view in views:
            self._read_sentence(view)
        self._settle()
        return self.found

    def _countries_named(self, view: View) -> Iterator[str]:
        """States that a sentence names, by their own names, their people in office and their bodies."""
        for name in view.names.values():
            if name.hit is None:
                continue
            candidate = self.choose(name.hit.candidates)
            if candidate.form not in {"person", "body"}:
                if not candidate.id:  # *the South China Sea*
                    continue
                yield candidate.id
                yield candidate.id  # counts twice: an article about Chile may name more Americans than Chileans
            elif candidate.form == "body" and self.tables.rows[candidate.id].sector in ARMED:
                self.groups[candidate.id] += 1
            elif (row := self.tables.rows[candidate.id]).country and row.source != "factbook":
                body = candidate.form == "body"
                if (body and not self.generic(view, name)) or (not body and self.tables.office_on(row.id, self.date)):
                    yield row.country

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
                entity = self.person_of_hit(name)
                last = fold_letters(view.tree.forms[name.last])
                self.surnames.setdefault(family_key(last), entity)  # as the article writes it
            elif name.hit is None and name.label == "PER" and name.last > name.first:
                self.new_person(view, name)

    def _read_sentence(self, view: View) -> None:
        self.view, self.read = view, {}
        self.open.clear()
        self._read_dateline()
        for head in sorted(view.names):
            if view.case(head) in SETTING or (head and view.lower[head - 1] in SETTING):
                if country := self.place_country(head):
                    self.settings.append((view.number, head, country))
        self._read_label()
        for word in range(len(view)):
            if view.lower[word] == "there" and view.rel(word) == "advmod":
                self._note_there(word)
            reading = self.resolve(word)
            if reading.entities and not self._is_title(word):
                self._emit(word, reading)
        self.memory.speaker = self.speaker_of_sentence() or self.memory.speaker
        self._remember_pairs(view)

    def _note_there(self, word: int) -> None:
        """*there*: the place named last, in this paragraph or the last sentences."""
        if not self.towns or self.view.number - self.towns_at > THERE_REACH:
            return
        span = self.view.tree.starts[word], self.view.tree.ends[word]
        self.places[span], self.place_names[span] = self.towns[-1][:2]

    def _read_dateline(self) -> None:
        """*NIAMEY, Aug 28 - …*: country of the place in capitals that a paragraph begins with."""
        view = self.view
        if self.dateline and not self.memory.same_paragraph(self.dateline[0], view.number):
            self.dateline = None
        dash = next((w for w in range(1, min(12, len(view))) if view.lower[w] in {"-", "–", "—", "--"}), None)
        if dash is None or not view.tree.forms[0].isupper() or not view.tree.forms[0].isalpha() or dash + 2 > len(view):
            return
        head = view.inside.get(0)
        country = self.place_country(head) if head is not None else None
        country = country or self.city_country(view.tree.forms[0].title(), sure=True)
        if country:
            self.dateline = view.number, country

    def _is_title(self, word: int) -> bool:
        """*Foreign Minister* before *Lavrov*: part of his mention, nobody else."""
        view = self.view
        name = view.names.get(view.tree.heads[word])
        return (
            name is not None
            and (name.label == "PER" or (name.hit is not None and name.hit.candidates[0].form == "person"))
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
                and not self.owner(word, person=True)
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
        entity = self.role_entity(word, role, first)
        return Reading(
            (entity,), Via.DESCRIPTION, f"{role[0]} of the state named first: {self.state(first).actor.name}"
        )

    def _emit(self, word: int, reading: Reading) -> None:
        view = self.view
        first, last = self.extent(word)
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
        plural = len(reading.entities) > 1 or (view.plural(word) and not self.single(word, reading))
        if word not in view.names:
            noun: str | None = view.lower[word] if key is None else key[0]
        else:
            noun = reading.entities[0].noun if reading.via is not Via.METONYM else None
        pronoun = view.tree.upos[word] == "PRON"
        human, gender = self.human(word, reading, key, plural, pronoun)
        self.memory.add(
            Seen(
                view.number, word, reading.entities, self.is_subject(word), None if pronoun else noun, plural, pronoun,
                human, gender, self._is_main(word),
            )
        )  # fmt: skip

    def _is_main(self, word: int) -> bool:
        """Subject of the sentence's main verb, or of one joined to it."""
        view = self.view
        verb = view.tree.heads[word]
        if not view.subject(word):
            return False
        while verb >= 0 and view.rel(verb) in {"conj", "parataxis"}:
            verb = view.tree.heads[verb]
        return verb >= 0 and view.rel(verb) == "root"

    def _remember_pairs(self, view: View) -> None:
        """Joined subjects (*China and Russia*) can be *they* later."""
        for word, reading in self.read.items():
            members = [word, *view.kids(word, "conj")]
            if len(members) < 2 or view.rel(word) == "conj" or not reading.entities or reading.thing:
                continue
            entities = distinct(e for m in members for e in self.resolve(m).entities)
            if len(entities) > 1:
                self.memory.add(Seen(view.number, word, entities, view.subject(word), None, True))

    def resolve(self, word: int) -> Reading:
        """What the word stands for; empty when it is no actor."""
        known = self.read.get(word)
        if known is not None:
            return known
        if word in self.open:  # a circle
            self.cut.add(word)
            return NOTHING
        self.open.add(word)
        reading = self._resolve(word)
        self.open.discard(word)
        self.cut.discard(word)
        if not self.cut or not self.open:  # else it may lack what a word above it will know
            self.cut.clear()
            self.read[word] = reading
        return reading

    def _resolve(self, word: int) -> Reading:
        view = self.view
        if view.tree.upos[word] not in NOMINAL:
            return NOTHING
        name = view.names.get(word)
        if name is not None:
            return self.resolve_name(name)
        if word in view.inside:
            return NOTHING
        lower = view.lower[word]
        if view.tree.upos[word] in {"PRON", "DET"} or lower in THING | PLURAL or lower in PERSONAL:
            return self.resolve_pronoun(word, lower)
        if view.tree.upos[word] == "PROPN" and view.tree.forms[word][0].isupper() and lower not in self.words.titles:
            if found := self.bare_name(word):
                return found
        return self.resolve_noun(word)
