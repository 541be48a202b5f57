"""Descriptions that go back: *the ministry*, *the two sides*, and bodies whose state the text around them tells."""

from __future__ import annotations

from demarche.linking.entities import Entity, Seen
from demarche.linking.reading import ABROAD, ARMS, GOVERNMENTAL, NOTHING, ReaderBase, Reading, actor_names
from demarche.linking.words import RoleNoun
from demarche.records import ActorKind, Via

__all__ = ["BackReader"]

HOMELY = GOVERNMENTAL | {"OPP", "CVL", "MED", "LAB", "REL", "BUS"}
VOICES = frozenset("spokesman spokeswoman spokesperson aide office statement delegation team".split())
ONE_A_STATE = frozenset(
    "government state army navy parliament regime military cabinet president premier king monarch country".split()
)
"""Offices and bodies of which a state has one: their plural is not one state's."""

ANY = frozenset("every each any no another".split())
NOBODYS = frozenset(
    "negotiator delegate mediator people person man woman statement counterpart host intermediary colleague".split()
)
"""Nouns whose side only the text can tell."""
OPENING_SHARE = 0.3
MAIN_SHARE = 0.15
MEMBER_SHARE = 12.0
HOME_SHARE = 0.45
FOCUS_WEIGHT = 3.0
DATELINE = 1.0
HOME_LEAD = 1.1
PLANNER = 2.0
"""Weight of the state of whose plans a body without a state speaks."""

BLOCS = frozenset(
    "zone area bloc alliance region continent world group club community league union countries nations states".split()
)
BENCH = frozenset("judge prosecutor court tribunal".split())
BENCH_REACH = 12
WARRING = frozenset("side party two rival army force enemy foe leader delegation".split())
WAR_REACH = 8
TOWARD = frozenset("to from against with toward towards on".split())
LOCALS = frozenset({"CVL", "MED", "COP", "LAB", "REL"})
RESIDENT = frozenset(
    "resident villager witness protester demonstrator farmer fisherman student medic doctor nurse family relative "
    "mourner shopkeeper civilian marcher crowd inhabitant local teacher worker rescuer firefighter organiser organizer "
    "activist townspeople voter survivor driver".split()
)
"""People at home where the text is set; *people*, *refugees*, *tourists* may be from anywhere."""
TOWNS = (
    (frozenset("city town village suburb port".split()), frozenset({"city", "capital"})),
    (frozenset("region province district peninsula valley".split()), frozenset({"region"})),
)
"""Nouns by which a place named before is called again, and the kinds of places so called."""
KIN = tuple(
    frozenset(group.split(","))
    for group in (
        "ambassador,embassy,consul,consulate,charge",
        "judge,court,tribunal,prosecutor,magistrate",
        "parliament,lawmaker,legislator,senator,assembly,mp,legislature,senate,speaker,chamber",
        "police,policeman,policewoman,gendarme,officer",
        "army,soldier,general,troop,commander,officer,force,military",
        "navy,fleet,admiral,warship,frigate,sailor",
        "commission,commissioner",
        "government,cabinet",
        "ministry,department,official",
    )
)
"""Bodies and those who serve in them: *the judges* are of the court just named."""


class BackReader(ReaderBase):
    """Reads descriptions that go back."""

    __slots__ = ()

    def several(self, word: int) -> Reading | None:
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
            return self.members(word, 2, "two")
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
            return self.members(word, 2, noun)
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
        return self.members(word, count or 2, noun)

    def members(self, word: int, count: int, noun: str) -> Reading | None:
        """The states (for *groups*, *organisations*: any actors) that a plural stands for: a pair just named, else the
        most present, here and in the whole article; who does something to them is none of them.
        """
        barred = self._across(word)
        total = sum(self.spoken.values()) or 1
        main = {code for code, times in self.spoken.most_common(3) if times >= MAIN_SHARE * total}

        def fitting(pair: set[str]) -> bool:
            """An article that is about two states or three has no others for *the two*."""
            return pair <= main if len(main) >= count else not main or bool(main & pair)

        if count == 2 and noun in WARRING and (pair := self._warring(barred)):
            return Reading(pair, Via.DESCRIPTION, f"the {noun}s that fight each other: {actor_names(pair)}")
        for entry in reversed(self.memory.seen):
            if self.view.number - entry.sentence > 2:
                break
            stands = {e.country: e for e in entry.entities if e.country}
            if entry.plural and len(stands) == count and not barred & set(stands) and fitting(set(stands)):
                members = tuple(self.state(code) for code in stands)
                return Reading(members, Via.DESCRIPTION, f"the {noun}s just named: {actor_names(members)}")
        scores = {key: weight for key, (weight, e) in self.memory.weights(self.view.number).items() if e.country == key}
        for code, times in self.spoken.items():
            scores[code] = scores.get(code, 0.0) + MEMBER_SHARE * times / total
        ranked = sorted((code for code in scores if code not in barred), key=lambda code: (-scores[code], code))
        if len(main - barred) >= count:
            ranked = [code for code in ranked if code in main]
        if len(ranked) < count:
            return None
        chosen = tuple(self.state(code) for code in sorted(ranked[:count]))
        return Reading(chosen, Via.DESCRIPTION, f"the most mentioned states: {actor_names(chosen)}")

    def _warring(self, barred: set[str]) -> tuple[Entity, Entity] | None:
        """A group and whom it fights on the date, both named here: *the two sides* of a civil war.

        Only where the article names the group about as often as any state but its foe (states count twice, and those
        that mediate are named often); the state in which they fight goes before others.
        """
        weights = self.memory.weights(self.view.number, reach=WAR_REACH)
        best: tuple[tuple[bool, float], Entity, str] | None = None
        for key, (weight, group) in weights.items():
            if group.actor.kind not in {ActorKind.GROUP, ActorKind.ORGANISATION} or key in barred:
                continue
            for foe, at_home in self.tables.relations.wars(group.actor.id, self.date):
                known = self.spoken[foe] or self.groups[foe]
                others = max((n for code, n in self.spoken.items() if code != foe and code not in barred), default=0)
                if not known or foe in barred or 4 * self.groups[group.actor.id] < others:
                    continue
                merit = at_home, weight + weights.get(foe, (0.0, group))[0]
                if best is None or merit > best[0]:
                    best = merit, group, foe
        if best is None:
            return None
        foe = best[2]
        return best[1], self.body(self.tables.rows[foe]) if foe in self.groups else self.state(foe)

    def _across(self, word: int) -> set[str]:
        """Who stands on the other end of the verb: its subject, or the names that the subject acts on."""
        view = self.view
        if view.subject(word):
            verb = view.tree.heads[word]
            ends = [kid for kid in view.kids(verb, "obj", "iobj") if kid in view.names] if verb >= 0 else []
        else:
            doer = self.clause_subject(word)
            ends = [doer] if doer is not None else []
        return {e.country or e.actor.id for end in ends for e in self.resolve(end).entities}

    def back(self, word: int, role: tuple[str, RoleNoun] | None) -> Reading | None:
        """A definite description without an owner: the last one so described, or a fitting actor."""
        view = self.view
        definite = view.definite(word) or (view.tree.upos[word] == "PROPN" and role is not None)
        if not definite:
            return self._context(word, role) if role and role[1].sector in HOMELY else None
        if (town := self.as_town(word)) is not None:
            return town
        if entity := self._as_state(word):
            return entity
        if entity := self._as_institution(word):
            return entity
        if role is None:
            return None
        plural = view.plural(word)
        if kin := self._kin(word, role):
            return kin
        if bench := self._bench(role):
            return bench
        entry = self.memory.last(lambda seen: seen.noun == role[0] and seen.plural == plural and not seen.pronoun)
        if entry is not None:
            return Reading(
                entry.entities, Via.DESCRIPTION, f"the {role[0]} named before: {actor_names(entry.entities)}"
            )
        if not plural and role[1].person and (holder := self._titled(role[0])):
            return Reading((holder,), Via.TITLE, f"holds the office on the date: {holder.actor.name}")
        return self._context(word, role) if role[1].sector in HOMELY else None

    def _kin(self, word: int, role: tuple[str, RoleNoun]) -> Reading | None:
        """*The court … the judges*: of the country of the body named just before in this paragraph."""
        groups = [group for group in KIN if role[0] in group]
        if not groups or (role[1].sector == "MIL" and not role[1].person):
            return None
        number = self.view.number
        for entry in reversed(self.memory.seen):
            if number - entry.sentence > 2 or not self.memory.same_paragraph(entry.sentence, number):
                return None
            if entry.noun == role[0]:
                return None
            body = entry.entities[0]
            if entry.pronoun or len(entry.entities) > 1 or not any(entry.noun in group for group in groups):
                continue
            if body.actor.kind is ActorKind.UNNAMED:
                continue
            if body.country is None:
                return Reading((body,), Via.DESCRIPTION, f"{role[0]} of {body.actor.name}, just named")
            entity = self.role_entity(word, role, body.country)
            return Reading((entity,), Via.DESCRIPTION, f"{role[0]} beside {body.actor.name}, just named")
        return None

    def _bench(self, role: tuple[str, RoleNoun]) -> Reading | None:
        """*the judges* in an article on the International Court of Justice, until a state's court is named."""
        if role[0] not in BENCH:
            return None
        entry = self.memory.last(lambda seen: seen.noun in BENCH or _court(seen.entities[0]))
        if entry is None or not _court(entry.entities[0]) or self.view.number - entry.sentence > BENCH_REACH:
            return None
        return Reading(entry.entities, Via.DESCRIPTION, f"{role[0]} of {entry.entities[0].actor.name}, named before")

    def _titled(self, title: str) -> Entity | None:
        """*the prime minister*, after one was named by name: the nearest whose office on the date it is."""
        entry = self.memory.last(
            lambda seen: len(seen.entities) == 1 and (seen.entities[0].actor.office or "").lower() == title
        )
        return entry.entities[0] if entry and self.view.number - entry.sentence <= 12 else None

    def _context(self, word: int, role: tuple[str, RoleNoun]) -> Reading | None:
        """A body or official without a country: that of the state the text is about here."""
        if role[0] in ABROAD or role[0] in NOBODYS or role[0] in ARMS or self.is_abroad(word):
            return None
        if role[0] in ONE_A_STATE and (self.view.plural(word) or self._is_any(word)):
            return None  # *several governments*, *every government* are of no one state
        if any(self.view.lower[kid] in BLOCS and self.view.case(kid) == "of" for kid in self.view.kids(word, "nmod")):
            return None  # *leaders of the euro zone* are of no one state
        if not self.view.definite(word) and (kin := self._kin(word, role)):
            return kin
        home = self._home(word, role)
        if home is None:
            return None
        country, why = home
        entity = self.role_entity(word, role, country)
        return Reading((entity,), Via.DESCRIPTION, f"{role[0]} of {why}: {self.state(country).actor.name}")

    def _is_any(self, word: int) -> bool:
        return any(self.view.lower[kid] in ANY for kid in self.view.kids(word, "det"))

    def local(self, word: int, role: tuple[str, RoleNoun]) -> Reading | None:
        return self._context(word, role) if role[1].sector in HOMELY and not role[1].person else None

    def _last_actor(self) -> str | None:
        """Country of the last subject of this paragraph, for *a spokeswoman said*."""
        number = self.view.number

        def fits(seen: Seen) -> bool:
            one = len({e.country for e in seen.entities}) == 1 and bool(seen.entities[0].country)
            return one and seen.subject and self.memory.same_paragraph(seen.sentence, number)

        entry = self.memory.best(number, lambda seen: seen.main and fits(seen), reach=2)
        entry = entry or self.memory.best(number, fits, reach=2)
        return entry.entities[0].country if entry else None

    def _home(self, word: int, role: tuple[str, RoleNoun]) -> tuple[str, str] | None:
        """Country of somebody whose country is not said: where the sentence is set, whom the last ones spoke of, or
        whom the article is mostly about; of others than officials and forces only the first, or the last where no
        other state is near it.
        """
        if role[0] in self.words.sole:
            return self.words.sole[role[0]], "the only state with this office"
        if (country := self._setting(word)) is not None:
            return country, "the place the sentence is set in"
        if (country := self._near_place(word, role)) is not None:
            return country, "the place named beside"
        if role[0] == "administration" and "USA" in self.spoken:
            return "USA", "the state whose government is so called"
        if role[0] == "secretary" and any(
            self.view.lower[kid] == "state" for kid in self.view.kids(word, "nmod", "flat")
        ):
            return "USA", "the only state with this office"
        lacking = self._lacking(role[0])
        spoken = {code: count for code, count in self.spoken.items() if code not in lacking}
        total = sum(spoken.values())
        if not total and role[1].sector not in GOVERNMENTAL:
            return None
        share = {code: count / total for code, count in spoken.items()}
        first, second = [*sorted(share.values(), reverse=True), 0.0, 0.0][:2]
        if role[1].sector not in GOVERNMENTAL:
            if first < HOME_SHARE or first < 2 * second:
                return None
            return max(share, key=lambda code: share[code]), "the state the article is about"
        if role[0] in VOICES and (said := self._last_actor()) is not None:
            return said, "the ones just spoken of"
        scores: dict[str, float] = {}
        for country, (weight, entity) in self.memory.weights(self.view.number, reach=2).items():
            if entity.country and country not in lacking:
                scores[country] = weight
        for code, part in share.items():
            if code in scores or part >= HOME_SHARE:
                scores[code] = scores.get(code, 0.0) + FOCUS_WEIGHT * part
        if self.dateline and self.dateline[1] in scores and role[0] not in {"official", "officials", "aide", "leader"}:
            scores[self.dateline[1]] += DATELINE
        if (planner := self._planner(word)) in scores:
            scores[planner] += PLANNER
        ranked = sorted(scores, key=lambda code: (-scores[code], code))
        if ranked and (len(ranked) == 1 or scores[ranked[0]] >= HOME_LEAD * scores[ranked[1]]):
            return ranked[0], "the state spoken of"
        if (self._last_actor() in {None, *lacking}) and first >= OPENING_SHARE and first >= HOME_LEAD * second:
            return max(share, key=lambda code: share[code]), "the state the article is about"
        return None

    def _lacking(self, office: str) -> frozenset[str]:
        """States that have no such office or body, or call it otherwise."""
        words = office.split()
        return frozenset().union(*(self.words.lacks.get(" ".join(words[at:]), ()) for at in range(len(words))))

    def _planner(self, word: int) -> str:
        """*Seoul would not hesitate …, the defence ministry said*: the state whose plans the word tells, else none."""
        view, says = self.view, self.view.tree.heads[word]
        if says < 0 or view.tree.deprels[word] != "nsubj":
            return ""
        told = (
            view.tree.heads[says]
            if view.tree.deprels[says] == "parataxis"
            else min(view.kids(says, "ccomp"), default=-1)
        )
        if not 0 <= told < word or not any(view.lower[kid] in ("will", "would") for kid in view.kids(told, "aux")):
            return ""
        doers = {kid for kid in view.kids(told, "nsubj") if kid < told}
        entry = self.memory.last(lambda seen: seen.sentence == view.number and seen.word in doers)
        return (entry.entities[0].country or "") if entry and len(entry.entities) == 1 else ""

    def _near_place(self, word: int, role: tuple[str, RoleNoun]) -> str | None:
        """Local people and bodies (*residents*, *local media*, *officials there*): of the place that the sentence, or
        the paragraph before it, is set in.
        """
        view = self.view
        local = any(view.lower[kid] == "local" for kid in view.kids(word, "amod"))
        local = local or any(view.lower[kid] in {"there", "here"} for kid in view.kids(word, "advmod"))
        if not local and role[1].sector not in LOCALS:
            return None
        if role[1].sector == "CVL" and role[0] not in RESIDENT and not local:
            return None
        for number, place, country in reversed(self.settings):
            if view.number - number > 1 or not self.memory.same_paragraph(number, view.number):
                return None
            if number < view.number or place != word:
                return country
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
                    if view.case(kid) in {"in", "at", "near"} and kid < word and (country := self.place_country(kid)):
                        return country
                return None
            at = view.tree.heads[at]
        return None

    def as_town(self, word: int) -> Reading | None:
        """*the city*: the town named last, a place; where it acts or is hit it stands for its state."""
        view = self.view
        kinds = next((kinds for nouns, kinds in TOWNS if view.lower[word] in nouns), None)
        if kinds is None or view.kids(word, "nmod", "acl"):
            return None
        town = next((town for town in reversed(self.towns) if town[0] in kinds), None)
        if town is None:
            return None
        kind, name, country = town
        first, end = self.extent(word)
        span = view.tree.starts[first], view.tree.ends[end]
        self.places[span], self.place_names[span] = kind, name
        if country is None or not (view.subject(word) or view.rel(word) == "obj"):
            return NOTHING
        return Reading((self.state(country),), Via.METONYM, f"the {view.lower[word]} named before: {name}", thing=True)

    def _as_state(self, word: int) -> Reading | None:
        view = self.view
        noun = view.listed(word, self.words.states)
        if noun is None or view.plural(word) or noun in {"party", "side", "member", "capital"}:
            return None
        if noun == "state" and view.case(word) == "of":  # *secretary of state*, *head of state*
            return None
        toward = view.rel(word) in {"obj", "iobj"} or (view.case(word) in TOWARD and view.rel(word) in {"obl", "nmod"})
        doer = self.clause_subject(word) if toward else None
        barred = {e.country for e in self.resolve(doer).entities if e.state_like} if doer is not None else set()
        wanted = self.words.kinds.get(noun)
        reach = 3 if not wanted else 30

        def fits(seen: Seen) -> bool:
            entity = seen.entities[0]
            if (
                len(seen.entities) != 1
                or not entity.country
                or entity.country in barred
                or entity.actor.kind not in {ActorKind.STATE, ActorKind.GOVERNMENT}
            ):
                return False
            return not wanted or entity.country in wanted

        entry = self.memory.best(view.number, fits, reach=reach)
        if entry is None:
            return None
        state = self.state(entry.entities[0].country or "")
        return Reading((state,), Via.DESCRIPTION, f"the {noun}: {state.actor.name}, spoken of before")

    def _as_institution(self, word: int) -> Reading | None:
        view = self.view
        kinds = {ActorKind(k) for k, nouns in self.words.organisations.items() if view.listed(word, nouns)}
        if any(view.lower[kid] == "central" for kid in view.kids(word, "amod")):  # a state's bank, no company
            return None
        if not kinds or (view.plural(word) and ActorKind.GROUP not in kinds):
            return None
        if view.plural(word) and not any(view.lower[word] in nouns for nouns in self.words.organisations.values()):
            return None  # *both parties* are no group, *the rebels* are
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


def _court(entity: Entity) -> bool:
    """A court of no state."""
    name = entity.actor.name
    return entity.actor.kind is ActorKind.ORGANISATION and entity.country is None and (
        "Court" in name or "Tribunal" in name
    )  # fmt: skip


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
    if noun in entity.actor.name.lower().split():
        return True
    if noun in {"court", "tribunal"}:
        return "ourt" in entity.actor.name or "ribunal" in entity.actor.name
    if noun in {"union", "bloc"}:
        return entity.actor.sector in {"IGO", None}
    return wanted.get(noun) in {None, entity.actor.sector}
