"""Names: those of the actor table, and those that only the parser saw."""

from __future__ import annotations

from demarche.linking.entities import Entity, name_id
from demarche.linking.folding import fold_letters
from demarche.linking.holders import choose_ever, choose_holder, family_key
from demarche.linking.metonymy import reads_as_place
from demarche.linking.reading import GOVERNMENTAL, MINISTRY, NOTHING, ReaderBase, Reading
from demarche.linking.tables import Candidate
from demarche.linking.view import NameSpan, View, folded_forms, name_text
from demarche.linking.words import RoleNoun
from demarche.records import Actor, ActorKind, Basis, Via

__all__ = ["NameReader"]

PARTS = {
    "European Union": ("commission", "council", "parliament", "union", "bloc"),
    "United Nations": ("council", "assembly"),
    "International Monetary Fund": ("fund",), "World Bank": ("bank",), "African Union": ("commission", "union"),
    "ECOWAS": ("community", "commission"), "Organization of American States": ("organization",),
    "Arab League": ("league",),
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
    "news daily state republic people peoples democratic social central north south east west northern southern "
    "eastern western great new free united justice peace development energy security defence defense studies "
    "research rights human police court world centre center liberty victoria santa nation "
    "oriental relations mission alliance concord independence asia africa europe america pacific atlantic economic "
    "cooperation conference".split()
)
"""Words of names that are towns' names too (*University*, Florida): they tell no country."""
PLAIN_TITLES = frozenset("mr mr. ms ms. mrs mrs. miss dr dr. sir former then".split())
TAKEN = frozenset("visit invade enter occupy leave cross reach bomb shell blockade tour".split())
MET = frozenset("talk summit meeting conference round session".split())
"""*the Vienna talks*: where they are held."""
SHELLED = frozenset("shell bomb bombard besiege blockade overrun recapture retake encircle".split())
"""Verbs whose object is a place, whatever its name looks like."""
LED = frozenset({"president", "prime minister", "chancellor"})


PARTY_WORDS = frozenset(
    "the of and for party union front movement alliance coalition bloc congress league rally forum list democracy "
    "people peoples people's democrats democratic liberal socialist social national conservative labor labour workers "
    "green greens popular progressive republican radical christian centre center left right unity united freedom "
    "justice development progress reform new independent independence liberty action country civic communist".split()
)


def _any_party(words: str) -> bool:
    """*Socialist Party*: a name that parties of many states bear."""
    return all(word in PARTY_WORDS for word in words.lower().split())


class NameReader(ReaderBase):
    """Reads names."""

    __slots__ = ()

    def resolve_name(self, name: NameSpan) -> Reading:
        if name.hit is None:
            return self._unlisted(name)
        words = folded_forms(self.view.tree, name.first, name.last)
        candidate = self.choose(name.hit.candidates)
        if candidate.form == "person":
            return Reading((self.person_of_hit(name),), Via.NAME, f"name in the actor table: {words}")
        if candidate.form == "body":
            return self._body(name, candidate, words)
        if candidate.form == "region":
            return self._region(name, candidate.id)
        state = self.state(candidate.id)
        if candidate.form in {"name", "demonym", "people"}:
            self._note_place(name, "state") if candidate.form == "name" else None
            why = f"{'name' if candidate.form == 'name' else 'nationality'} of {state.actor.name}"
            return Reading((state,), Via.NAME, why)
        return self._capital(name, candidate)

    def _capital(self, name: NameSpan, candidate: Candidate) -> Reading:
        literal = candidate.form == "capital" and self._literal(name)
        if candidate.form == "capital":
            self._note_place(name, "capital")
            self.note_town("capital", name_text(self.view.tree, name.first, name.last), candidate.id)
        if literal:
            return NOTHING
        if candidate.form == "seat" and self.view.case(name.head) in {"at", "outside", "near"}:
            self.note_capital(name.head, candidate.id)
        body = self.government(candidate.id)
        kind = "capital" if candidate.form == "capital" else "seat of government"
        return Reading((body,), Via.METONYM, f"{kind} of {self.state(candidate.id).actor.name}, read as its government")

    def _body(self, name: NameSpan, candidate: Candidate, words: str) -> Reading:
        if words == "Brussels" and self._literal(name):
            self.places[(self.view.tree.starts[name.first], self.view.tree.ends[name.last])] = "capital"
            return NOTHING
        row = self.tables.rows[candidate.id]
        if row.sector == "GOV" and (country := self._land_ruled(name)) and self._literal(name):
            return self._city(name, country)  # *killed in Puntland*
        sole = row.country == "USA" and self.view.lower[name.head] == "department"  # others have ministries
        sole = sole or self.view.lower[name.first] == "royal"  # others say whose: *the Royal Danish Navy*
        if row.country and not sole and self.generic(self.view, name):  # *the National Guard* of another state
            found = self.resolve_noun(name.head)
            other = any(entity.country != row.country for entity in found.entities)
            if other or row.country not in self.spoken:
                return found
        if row.sector == "PTY" and row.country not in self.spoken and _any_party(words):
            return self._unlisted_body(name, words)
        entity = self.body(row)
        self._remember_parts(name, entity)
        return Reading((entity,), Via.NAME, f"name in the actor table: {words}")

    def _remember_parts(self, name: NameSpan, entity: Entity) -> None:
        """*the Commission*, *the Front* later, and *(SA)* right after the name."""
        view = self.view
        for word in range(name.first, name.last + 1):
            form = view.tree.forms[word]
            if len(form) > 3 and form[0].isupper() and view.inside.get(word, name.head) == name.head:
                self.parts[form.lower()] = entity
        for form in PARTS.get(entity.actor.name, ()):
            self.parts.setdefault(form, entity)
        after = name.last + 1
        if after + 2 < len(view) and view.lower[after] == "(" and view.lower[after + 2] == ")":
            short = view.tree.forms[after + 1]
            if short.isupper() and len(short) > 1:
                self.aliases[short.lower()] = entity

    def _land_ruled(self, name: NameSpan) -> str | None:
        """Country of a land whose name its own government bears too (*Puntland*, *Chechnya*)."""
        words = folded_forms(self.view.tree, name.first, name.last)
        return self.city_country(words)

    def _literal(self, name: NameSpan) -> bool:
        """Whether a city's name means the place (*met in Geneva*)."""
        return reads_as_place(self.view, name.first, name.last, self.words)

    def _note_place(self, name: NameSpan, kind: str) -> None:
        view = self.view
        if kind == "state":
            case, head = view.case(name.head), view.tree.heads[name.head]
            taken = view.rel(name.head) == "obj" and head >= 0 and view.tree.lemmas[head].lower() in TAKEN
            if case not in self.words.locative and case not in {"from", "to"} and not taken:
                return
            self.note_town(
                "state", name_text(view.tree, name.first, name.last), name.hit.candidates[0].id if name.hit else None
            )
        elif not self._literal(name) and view.case(name.head) not in {"on", "against"} and view.rel(name.head) != "obj":
            head = view.tree.heads[name.head]
            if view.rel(name.head) != "compound" or head < 0 or view.tree.lemmas[head].lower() not in MET:
                return
        self.places[(view.tree.starts[name.first], view.tree.ends[name.last])] = kind

    def _is_taken(self, name: NameSpan) -> bool:
        """Object of a verb that takes places: besieged, shelled, captured."""
        view, verb = self.view, self.view.tree.heads[name.head]
        return verb >= 0 and view.rel(name.head) == "obj" and view.tree.lemmas[verb].lower() in SHELLED

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
        person = self.surname(words)
        if person is not None and not self.as_place(name):  # *Gloria*, whom the text introduced by both names
            return Reading((person,), Via.NAME, f"surname of {person.actor.name}")
        country = self.city_country(words, sure=self.as_place(name))
        if country and (name.label == "LOC" or name.first == name.last):
            return self._city(name, country)
        if person is not None:
            return Reading((person,), Via.NAME, f"surname of {person.actor.name}")
        if name.first == name.last and (holder := self._office_holder(name, words)):
            return self._holds(holder)
        if name.label in {"ORG", "PER"} and name.first == name.last and self._opens(name.first):
            return self.resolve_noun(name.head)
        if name.label in {"ORG", "PER"} and self._is_taken(name):  # *denies shelling Hadrut*
            self.places.setdefault((view.tree.starts[name.first], view.tree.ends[name.last]), "region")
            self.note_town("region", name_text(view.tree, name.first, name.last), None)
            return NOTHING
        if name.label == "ORG":
            if self.generic(self.view, name):
                return self.resolve_noun(name.head)
            return self._unlisted_body(name, words)
        if name.label == "LOC" and (words.lower() not in self.words.common or self.as_place(name)):
            self.places.setdefault((view.tree.starts[name.first], view.tree.ends[name.last]), "region")
            self.note_town("region", name_text(view.tree, name.first, name.last), None)
        return NOTHING

    def _unlisted_person(self, name: NameSpan, words: str) -> Reading:
        last = words.rsplit(maxsplit=1)[-1].lower()
        if name.first == name.last and (self.view.role(name.head, self.words) or last in self.words.titles):
            return self.resolve_noun(name.head)
        first_is_title = self.view.lower[name.first] in self.words.titles
        if " " not in words and (entity := self.surname(words)):  # *Al-Jubouri*
            return Reading((entity,), Via.NAME, f"surname of {entity.actor.name}")
        if name.last == name.first or first_is_title:
            if entity := self.surname(last):
                return Reading((entity,), Via.NAME, f"surname of {entity.actor.name}")
            if holder := self._office_holder(name, last):
                return self._holds(holder)
            if country := self.city_country(words):
                return self._city(name, country)
        entity = self.new_person(self.view, name)
        self._give_country(entity, name.head)
        return Reading((entity,), Via.NAME, self._person_reason(entity))

    def _person_reason(self, entity: Entity) -> str:
        if entity.country:
            return f"a name the table lacks; country {entity.country} from the words that introduce it"
        return "a name the table lacks"

    def _give_country(self, entity: Entity, head: int) -> None:
        if entity.country or entity.actor.basis is Basis.DICTIONARY:
            return
        owner = self.owner(head, person=True)
        country = next((e.country for e in owner if e.country), None)
        if country is None and owner and owner[0].institution:
            entity.stands_for = owner[0]
            return
        role = self._role_beside(head)
        if country is None and (outer := self._spoken_for(head)) is not None:
            country, role = outer.country, None
        if country is None and role is not None and role[1][1].sector in GOVERNMENTAL | {"OPP"}:
            back = self.back(*role)
            country = next((e.country for e in back.entities if e.country), None) if back else None
            if country is None and back and back.entities[0].institution:
                entity.stands_for = back.entities[0]
        entity.give_country(country, role[1][1].sector if role else None)

    def _spoken_for(self, head: int) -> Entity | None:
        """*A spokeswoman for the president, X, said*: X is the spokeswoman, where the parser hangs X on the president
        or makes a second subject of it.
        """
        view = self.view
        first = view.names[head].first if head in view.names else head
        if view.subject(head) and first and view.lower[first - 1] == ",":
            for other in view.kids(view.tree.heads[head], "nsubj"):
                role = view.role(other, self.words) if other < first - 1 and other not in view.names else None
                if role and role[1].person and not view.plural(other) and (found := self.resolve(other).entities):
                    return found[0]
        noun = view.tree.heads[head]
        outer = view.tree.heads[noun] if view.rel(head) == "appos" and noun >= 0 else -1
        if outer < 0 or view.rel(noun) != "nmod" or view.case(noun) not in {"for", "to", "of"} or outer in view.names:
            return None
        role = view.role(outer, self.words)
        found = self.resolve(outer).entities if role and role[1].person else ()
        return found[0] if found else None

    def _role_beside(self, head: int) -> tuple[int, tuple[str, RoleNoun]] | None:
        """The role noun in apposition to a name (*X, a deputy secretary*), before it (*spokesman X*) or at it."""
        view = self.view
        beside = [*view.kids(head, "appos", "nmod:desc", "compound", "flat"), head]
        if view.rel(head) in {"appos", "flat"} and view.tree.heads[head] >= 0:
            beside.append(view.tree.heads[head])
        for word in beside:
            if word not in view.names and (role := view.role(word, self.words)):
                return word, role
        return None

    def bare_name(self, word: int) -> Reading | None:
        """A proper noun the parser did not mark: a known surname, a city."""
        view = self.view
        folded = fold_letters(view.tree.forms[word])
        if entity := self.surname(folded.lower()):
            return Reading((entity,), Via.NAME, f"surname of {entity.actor.name}")
        if known := self.aliases.get(folded.lower()):
            return Reading((known,), Via.NAME, f"short for {known.actor.name}")
        span = NameSpan(word, word, word, None, "PER")
        if view.tree.forms[word][:1].isupper() and (holder := self._office_holder(span, folded)):
            return self._holds(holder)
        if view.rel(word) not in {"compound", "flat"} and len(folded) > 3 and (country := self.city_country(folded)):
            return self._city(NameSpan(word, word, word, None, "LOC"), country)
        return None

    def _office_holder(self, name: NameSpan, family: str) -> Entity | None:
        """*President Biden* with no first name in the article: the one who holds such an office on the date; in an
        article without a date the only one who ever held it.
        """
        people = self.families.get(family_key(family))
        if not people:
            return None
        title = next(
            (
                self.view.lower[word]
                for word in range(name.head - 1, max(-1, name.head - 3), -1)
                if self.view.role(word, self.words) and self.view.lower[word] not in PLAIN_TITLES
            ),
            None,
        )
        if self.date is None:
            found = choose_ever(people, self.tables, title=title, spoken=self.spoken)
        else:
            found = choose_holder(people, self.tables, self.date, title=title, spoken=self.spoken)
        return self.person(found.row) if found else None

    def _holds(self, holder: Entity) -> Reading:
        why = f"holds an office on the date: {holder.actor.office}"
        if self.date is None:
            why = "nobody else of this name had such an office; the article has no date"
        return Reading((holder,), Via.TITLE, why)

    def led_by(self, family: str) -> str | None:
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
        self.note_town("city", name_text(view.tree, name.first, name.last), country)
        relation = view.rel(name.head)
        acting = relation in {"nsubj", "obj", "nsubj:pass", "nmod:poss"} or view.case(name.head) in {
            "on",
            "against",
            "by",
        }
        if not acting or self._literal(name):
            return NOTHING
        state = self.state(country)
        return Reading((state,), Via.METONYM, f"a city of {state.actor.name}", thing=True)

    def _region(self, name: NameSpan, country: str) -> Reading:
        """*New Mexico*, *the South China Sea*: not the state whose name is in it."""
        if country:
            return self._city(name, country)
        self.places[(self.view.tree.starts[name.first], self.view.tree.ends[name.last])] = "region"
        return NOTHING

    def _opens(self, word: int) -> bool:
        """*Medics said*: a role noun with the capital of the sentence's first word."""
        view = self.view
        return all(view.tree.upos[w] == "PUNCT" for w in range(word)) and view.role(word, self.words) is not None

    def generic(self, view: View, name: NameSpan) -> bool:
        """*the Foreign Ministry*, *the National Guard*: a kind of body, one in every state."""
        role = view.role(name.head, self.words)
        if role is None or role[1].person or role[1].sector not in GOVERNMENTAL:
            return False
        return all(
            word == name.head or view.lower[word] in GENERIC or view.lower[word] in MINISTRY
            for word in range(name.first, name.last + 1)
        )

    def _unlisted_body(self, name: NameSpan, words: str) -> Reading:
        view = self.view
        country = self._country_in(name) or self.set_in(name.head)
        if country is None:
            owner = self.owner(name.head, person=False)
            kind = view.tree.heads[name.head]  # *the Salvadoran research centre Foro Cuenca*, *X, a group in Miami*
            near = view.kids(name.head, "appos")
            if view.rel(name.head) in {"appos", "nmod", "flat", "nmod:desc"} and kind >= 0 and not view.case(name.head):
                near.append(kind)
            for word in near:
                body = view.role(word, self.words) if word not in view.names and not owner else None
                if body is not None and not body[1].person:
                    found = self.set_in(word)
                    owner = (self.state(found),) if found else self.owner(word, person=False)
            country = next((e.country for e in owner if e.country), None)
        if country is None:
            country = self._town_in(name)
        key = "org|" + words.lower()
        entity = self.known.get(key)
        if entity is None:
            label = name_text(view.tree, name.first, name.last)
            opposed = any(view.lower[kid] == "opposition" for kid in view.kids(name.head, "amod", "compound"))
            sector = (
                "OPP"
                if opposed
                else next(
                    (
                        role.sector
                        for w in range(name.first, name.last + 1)
                        if (role := self.words.roles.get(view.lower[w]))
                    ),
                    None,
                )
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
            if candidate.form == "region" and candidate.id:
                return candidate.id
        return None

    def _town_in(self, name: NameSpan) -> str | None:
        """Country of a large city at the start of a longer name or after *of* in it (*Boston University*)."""
        view = self.view
        for word in range(name.last, name.first - 1, -1):
            if word > name.first and view.lower[word - 1] not in {"of", "in", "at", "de"}:
                continue
            form = fold_letters(view.tree.forms[word])
            if (
                form[0].isupper()
                and len(form) > 3
                and view.lower[word] not in self.words.roles
                and view.lower[word] not in NAME_WORDS
                and (country := self.city_country(form))
            ):
                return country
        return None

    def place_country(self, word: int) -> str | None:
        """Country of a name read as a place."""
        view = self.view
        name = view.names.get(word)
        if name is None:
            return None
        if name.hit is not None:
            candidate = name.hit.candidates[0]
            if candidate.form == "body" and self.tables.rows[candidate.id].sector == "GOV":
                return self._land_ruled(name)
            forms = {"name", "capital", "demonym", "seat", "region"}
            return candidate.id or None if candidate.form in forms else None
        words = folded_forms(view.tree, name.first, name.last)
        return self.city_country(words, sure=self.as_place(name)) or (
            self._country_in(name) or self._town_in(name) if name.label in {"ORG", "LOC"} else None
        )
