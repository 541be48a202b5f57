"""What a word was read as, and the actors of one document: the ground that the readers of names, noun phrases, back
references and pronouns stand on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from demarche.linking.entities import Discourse, Entity, name_id
from demarche.linking.folding import fold_letters
from demarche.linking.holders import family_key
from demarche.linking.tables import ActorRow, Candidate, Office, Tables, state_name
from demarche.linking.titles import title_of
from demarche.linking.view import NameSpan, View, name_text
from demarche.linking.words import RoleNoun, Words
from demarche.records import Actor, ActorKind, Basis, Via
from demarche.resources import RelationKind

__all__ = [
    "ABROAD",
    "ARMS",
    "FIRST",
    "GOVERNMENTAL",
    "MINISTRY",
    "NOTHING",
    "PERSONAL",
    "PLURAL",
    "THING",
    "Found",
    "ReaderBase",
    "Reading",
    "actor_names",
]


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
PERSONAL = {"he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "hers": "f", "herself": "f"}
THING = frozenset({"it", "its", "itself"})
PLURAL = frozenset({"they", "them", "their", "theirs", "themselves"})
FIRST = frozenset({"i", "me", "my", "we", "us", "our", "ours", "mine", "myself", "ourselves"})
MINISTRY = {
    "foreign": "MFA", "external affairs": "MFA", "defence": "MOD", "defense": "MOD", "interior": "MOI", "home": "MOI",
    "finance": "FIN", "trade": "TRADE", "commerce": "TRADE", "energy": "ENERGY", "oil": "ENERGY", "justice": "JUSTICE",
    "health": "HEALTH", "economy": "ECON", "agriculture": "AGRI", "transport": "TRANSPORT", "information": "INFO",
}  # fmt: skip
ABROAD = frozenset("diplomat envoy ambassador consul attache correspondent".split())
GOVERNMENTAL = frozenset({"GOV", "MIL", "COP", "LEG", "JUD", "SPY"})
ARMS = frozenset(
    "missile rocket shell gun drone artillery tank battery armour shelling strike raid airstrike offensive".split()
)
"""Actors only as doers, or by their owner: nobody talks to *more missiles*."""
PARTIES = {
    "ruling": RelationKind.GOVERNS, "governing": RelationKind.GOVERNS, "opposition": RelationKind.OPPOSES,
}  # fmt: skip
"""What a party's modifier says of it."""
PROVINCIAL = frozenset({"CAN", "AUS", "ZAF"})
"""States whose premiers lead provinces."""

NO_CITIES = frozenset(
    "obama trump bush clinton gulf west east north south nation media bar mobile most reading duma".split()
)
"""Towns' names that are other words in political news."""
SHORT = 5
"""Capitals of fewer letters are an abbreviation."""


@dataclass(slots=True)
class ReaderBase:
    """Reads one document. date: publication, ISO or None. cities: folded name → country of the largest city.

    spoken, groups: how often the article names each state, and each organisation of the table.
    settings: (sentence, word, country) of places in which something is said to be. place_names: span of a description
    (*the city*, *the Slovak capital*) → name of the place. towns: (kind, name, country) of places named so far, the
    last one in sentence `towns_at`.
    dateline: (first sentence, country) of the paragraph's. quotes: what stands in quotation marks, by offsets.
    """

    document: str
    date: str | None
    tables: Tables
    words: Words
    cities: dict[str, str]
    families: dict[str, tuple[str, ...]]
    places: dict[tuple[int, int], str] = field(default_factory=dict)
    place_names: dict[tuple[int, int], str] = field(default_factory=dict)
    towns: list[tuple[str, str, str | None]] = field(default_factory=list)
    towns_at: int = 0
    found: list[Found] = field(default_factory=list)
    memory: Discourse = field(default_factory=Discourse)
    known: dict[str, Entity] = field(default_factory=dict)
    surnames: dict[str, Entity] = field(default_factory=dict)
    given: dict[str, Entity] = field(default_factory=dict)
    aliases: dict[str, Entity] = field(default_factory=dict)
    parts: dict[str, Entity] = field(default_factory=dict)
    spoken: Counter[str] = field(default_factory=Counter)
    groups: Counter[str] = field(default_factory=Counter)
    voice: tuple[Entity, ...] = ()
    label: tuple[Entity, ...] | None = None
    nameless: int = 0
    view: View = None  # type: ignore[assignment]
    read: dict[int, Reading] = field(default_factory=dict)
    asking: set[int] = field(default_factory=set)
    settings: list[tuple[int, int, str]] = field(default_factory=list)
    dateline: tuple[int, str] | None = None
    quotes: Sequence[tuple[int, int]] = ()
    open: set[int] = field(default_factory=set)
    cut: set[int] = field(default_factory=set)

    def city_country(self, words: str, *, sure: bool = False) -> str | None:
        """Country of a large city of that name: one the article speaks of, else the largest.

        sure: the text makes it a place; without that no common word, month or day is one (*March*, *Nice*).
        """
        key = words.lower()
        options = self.cities.get(key)
        doubtful = key in self.words.common or (words.isupper() and len(words) < SHORT)  # *a SWAT team*
        if options is None or key in NO_CITIES or (doubtful and not sure):
            return None
        countries = options.split(" ")
        return next((country for country in countries if country in self.spoken), countries[0])

    def note_capital(self, word: int, country: str) -> None:
        """*Ukraine's capital*, *at the White House*: the capital, as a place."""
        name = self.tables.capital_of(country)
        if name is not None:
            first, last = self.extent(word)
            span = self.view.tree.starts[first], self.view.tree.ends[last]
            self.places[span], self.place_names[span] = "capital", name
            self.note_town("capital", name, country)

    def note_town(self, kind: str, name: str, country: str | None) -> None:
        """A place that *the city* or *there* may go back to."""
        self.towns.append((kind, name, country))
        self.towns_at = self.view.number

    def as_place(self, name: NameSpan) -> bool:
        """Whether a name is called a place by the parser and stands where places do (*in Nice*)."""
        view = self.view
        return name.label == "LOC" and view.case(name.head) in self.words.locative

    def extent(self, word: int) -> tuple[int, int]:
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

    def human(
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

    def single(self, word: int, reading: Reading) -> bool:
        """*the Netherlands*, *the United Nations*: one actor with a plural name."""
        name = self.view.names.get(word)
        form = name.hit.candidates[0].form if name is not None and name.hit is not None else None
        return form in {"name", "body", "seat", "capital"} and reading.entities[0].institution

    def is_subject(self, word: int) -> bool:
        """Subject, or joined to one."""
        view = self.view
        while view.rel(word) in {"conj", "flat", "appos"} and view.tree.heads[word] >= 0:
            word = view.tree.heads[word]
        return view.subject(word)

    def state(self, country: str) -> Entity:
        entity = self.known.get(country)
        if entity is None:
            row = self.tables.rows.get(country)
            if row is None:
                row = ActorRow(country, country, "state", country, "GOV", "", "code", "")
            entity = self.known[country] = Entity(row.actor(), noun="country")
        return entity

    def government(self, country: str) -> Entity:
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

    def person_of_hit(self, name: NameSpan) -> Entity:
        assert name.hit is not None
        candidate = self.choose(name.hit.candidates)
        return self.person(self.tables.rows[candidate.id])

    def choose(self, candidates: Sequence[Candidate]) -> Candidate:
        """Of people with one name the one in office on the date, of the state most spoken of (*King Abdullah*); else
        the first.
        """
        if len(candidates) == 1:
            return candidates[0]
        users = [c for c in candidates if c.id in self.tables.user]
        if users:
            return users[0]
        if all(c.form == "person" for c in candidates):
            in_office = [c for c in candidates if self.tables.office_on(c.id, self.date)]
            among = in_office or list(candidates)
            return max(among, key=lambda one: self.spoken[self.tables.rows[one.id].country or ""])
        if len({c.form for c in candidates}) == 1 and candidates[0].form in {"demonym", "people"}:  # *Korean*
            return max(candidates, key=lambda c: (self.spoken[c.id], -candidates.index(c)))
        order = {"name": 0, "demonym": 1, "people": 2, "body": 3, "seat": 4, "capital": 5, "region": 6, "person": 7}
        best = min(candidates, key=lambda c: order[c.form])
        return best

    def person(self, row: ActorRow) -> Entity:
        entity = self.known.get(row.id)
        if entity is None:
            office = self.tables.office_on(row.id, self.date)
            actor = row.actor(office.office if office else None)
            body = self.body_of(office) if office and not office.country else None
            if body is not None:
                actor = replace(actor, country=None, sector=office.sector.split(";")[0] if office else None)
            elif office and office.country:
                actor = replace(actor, country=office.country)
            entity = self.known[row.id] = Entity(actor, _gender(row.name, self.words), stands_for=body)
            self.surnames[family_key(row.family)] = entity
            self.surnames.setdefault(family_key(row.name.split()[-1]), entity)
        return entity

    def body(self, row: ActorRow) -> Entity:
        """An organisation of the table; a party that is in opposition on the date has that sector."""
        entity = self.known.get(row.id)
        if entity is None:
            actor = row.actor()
            if row.sector == "PTY" and self.tables.relations.party_role(row.id, self.date) is RelationKind.OPPOSES:
                actor = replace(actor, sector="OPP")
            entity = self.known[row.id] = Entity(actor)
        return entity

    def ruling_party(self, country: str, words: Sequence[str]) -> Entity | None:
        """*the ruling party*, *the opposition party*: the only one that governs or opposes on the date."""
        kind = next((PARTIES[word] for word in words if word in PARTIES), None)
        if kind is None or self.date is None:
            return None
        found = self.tables.relations.parties(country, kind, self.date)
        return self.body(self.tables.rows[found[0]]) if len(found) == 1 else None

    def body_of(self, office: Office) -> Entity | None:
        """The organisation of *Secretary-General of the United Nations*."""
        for match in re.finditer(r" of (?:the )?", office.office):
            name = fold_letters(office.office[match.end() :])
            body = next((c for c in self.tables.names.get(name, ()) if c.form == "body"), None)
            if body is not None:
                row = self.tables.rows[body.id]
                return self.known.setdefault(row.id, Entity(row.actor()))
        return None

    def _titled_name(self, view: View, name: NameSpan) -> bool:
        """*Senator Chuck Schumer*: a title of an office stands in the name or right before it."""
        words = [name.first, *([name.first - 1] if name.first else [])]
        return any((role := view.role(word, self.words)) and role[1].sector in GOVERNMENTAL for word in words)

    def new_person(self, view: View, name: NameSpan) -> Entity:
        full = _without_titles(name_text(view.tree, name.first, name.last), self.words) or view.tree.forms[name.head]
        key = fold_letters(full).lower()
        entity = self.known.get(key)
        if entity is None and " " in full:
            row = self.tables.person_spelt(full, self.date, titled=self._titled_name(view, name))
            if row is not None:
                entity = self.known[key] = self.person(row)
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

    def role_entity(self, word: int, role: tuple[str, RoleNoun], country: str) -> Entity:
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
        if key == "party" and not view.plural(word) and (party := self.ruling_party(country, words)):
            return party
        plural = view.plural(word)
        if noun.person and not plural and not former and (holder := self._holder(country, key, words)):
            return holder
        if body and key in {"government", "administration", "regime", "leadership", "authorities", "cabinet", "state"}:
            return self.government(country)
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
            _first, _last = self.extent(word)
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

    def _holder(self, country: str, key: str, words: Sequence[str]) -> Entity | None:
        """*the French president*: who holds the office on the date; a *leader*: its head whom the article names."""
        if self.date is None or (key == "premier" and country in PROVINCIAL):
            return None
        titles = ("president", "prime minister", "chancellor", "king", "supreme leader")
        title = title_of(key, words)
        if title == "foreign minister" and country == "USA":
            title = "secretary of state"
        if title is not None:
            person = self.tables.holder_of(country, title, self.date)
            return self.person(self.tables.rows[person]) if person else None
        if key != "leader" or (
            words and set(words) & {"opposition", "party", "rebel", "military", "deputy", "religious"}
        ):
            return None
        heads = [person for one in titles if (person := self.tables.holder_of(country, one, self.date))]
        return next((self.known[person] for person in heads if person in self.known), None)

    def unnamed(self, word: int, noun: RoleNoun) -> Reading:
        view = self.view
        first, last = self.extent(word)
        self.nameless += 1
        actor = Actor(
            id=f"u:{self.document}:{self.nameless}", name=name_text(view.tree, first, last),
            kind=ActorKind.UNNAMED, country=None, sector=noun.sector, office=None, wikidata=None, basis=Basis.PATTERN,
        )  # fmt: skip
        return Reading(
            (Entity(actor, plural=view.plural(word)),), Via.DESCRIPTION, "a role without a country in the text"
        )

    def surname(self, words: str) -> Entity | None:
        return self.surnames.get(family_key(words)) or self.given.get(words.lower())

    # ---- what the readers built on this one give each other --------------------------------------------------------

    def resolve(self, word: int) -> Reading:
        """What the word stands for; empty when it is no actor."""
        raise NotImplementedError

    def resolve_noun(self, word: int) -> Reading:
        """The reading of a common noun (or of a name that is one)."""
        raise NotImplementedError

    def owner(self, word: int, *, person: bool, skip: int = -1) -> tuple[Entity, ...]:
        """Whom the phrase belongs to."""
        raise NotImplementedError

    def back(self, word: int, role: tuple[str, RoleNoun] | None) -> Reading | None:
        """What a description without an owner goes back to."""
        raise NotImplementedError

    def local(self, word: int, role: tuple[str, RoleNoun]) -> Reading | None:
        """A body of people at home (*teachers' unions*): of the state that the text is about here."""
        raise NotImplementedError

    def several(self, word: int) -> Reading | None:
        """Members of a plural such as *the two countries*."""
        raise NotImplementedError

    def as_town(self, word: int) -> Reading | None:
        """The town named before that *the city* means; noted as a place."""
        raise NotImplementedError

    def members(self, word: int, count: int, noun: str) -> Reading | None:
        """The `count` states that a plural stands for."""
        raise NotImplementedError

    def quantity(self, word: int) -> Reading | None:
        """The inner phrase of *one of the officials*."""
        raise NotImplementedError

    def led_by(self, family: str) -> str | None:
        """Country of *the X administration*."""
        raise NotImplementedError

    def place_country(self, word: int) -> str | None:
        """Country of a name read as a place."""
        raise NotImplementedError

    def clause_subject(self, word: int) -> int | None:
        """Subject of the clause the word stands in."""
        raise NotImplementedError

    def set_in(self, word: int) -> str | None:
        """Country of the place right behind a body."""
        raise NotImplementedError

    def is_abroad(self, word: int) -> bool:
        """Whether the place of somebody is not whom he serves."""
        raise NotImplementedError


def actor_names(entities: Iterable[Entity]) -> str:
    return ", ".join(dict.fromkeys(entity.actor.name for entity in entities))


def _without_titles(full: str, words: Words) -> str:
    """A name without titles and possessive."""
    kept = [word for word in full.split() if word.lower() not in words.titles]
    return re.sub(r"['’]s?$", "", " ".join(kept))


def _gender(name: str, words: Words) -> str | None:
    first = fold_letters(name.split(maxsplit=1)[0]).lower()
    return "m" if first in words.male else "f" if first in words.female else words.first_names.get(first)
