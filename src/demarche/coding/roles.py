"""From words to actors: who stands in a slot. What cannot be resolved stays unnamed with its words; never a guess."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from demarche.coding.context import DocContext, SentenceView
from demarche.coding.predicates import case_of, coordinated, read_noun, read_verb
from demarche.coding.rules import Lexicon
from demarche.records import Actor, ActorKind, Basis, Mention, MentionKind, Span, Via, stable_id
from demarche.resources import read_text

__all__ = ["Cast", "Filler"]

PRONOUNS = frozenset("he she they them him her we us i me you who whom whoever nobody anyone someone everyone".split())
LOCATIVE = ("in", "of", "from", "at", "for", "inside", "near", "across", "around", "off")
CROWDS = frozenset("thousands hundreds dozens many some others both all several".split())
OPPOSITES = frozenset("counterpart counterparts colleague colleagues opposite rival rivals".split())
"""*his Saudi counterpart* is named by the adjective, not by the owner."""

POSTS = frozenset(
    "coordinator chief secretary-general commissioner envoy head director president representative mediator".split()
)
"""Offices whose holder speaks for the body that stands beside them."""

LONGEST_NAME = 60
"""Characters of the name of somebody unnamed, at most."""

PERSON_SUFFIXES = (
    "ist",
    "ists",
    "er",
    "ers",
    "or",
    "ors",
    "ian",
    "ians",
    "men",
    "man",
    "woman",
    "women",
    "ants",
    "ant",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filler:
    """What stands in a slot: its actors (ids, in order) and whether it is a person or body at all."""

    actors: tuple[str, ...]
    human: bool


@dataclass(slots=True)
class Cast:
    """Resolves words of one document to actor ids; collects the unnamed actors and the states it had to add.

    sides: what implicit.py found an actor to stand for.
    """

    context: DocContext
    lexicon: Lexicon
    actors: dict[str, Actor] = field(default_factory=dict)
    mentions: list[Mention] = field(default_factory=list)
    sides: dict[str, str | None] = field(default_factory=dict)
    _seen: dict[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)
    _places: dict[str, tuple[str | None, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._places = {place.id: (place.country, place.name) for place in self.context.linked.places}

    def find(self, view: SentenceView, words: Iterable[int]) -> tuple[str, ...]:
        """Actors named by the words and their conjuncts; empty where there is none."""
        found: dict[str, None] = {}
        for word in words:
            for member in coordinated(view, word):
                for actor in self._at(view, member):
                    found[actor] = None
        return tuple(found)

    def name(self, actor: str) -> Actor | None:
        return self.context.actors.get(actor) or self.actors.get(actor)

    def is_human(self, view: SentenceView, word: int) -> bool:
        """Whether the word names persons, a force or an institution, named or not."""
        known: bool | None = view.memo.get(("human", word))
        if known is None:
            known = view.memo["human", word] = self._is_human(view, word)
        return known

    def _is_human(self, view: SentenceView, word: int) -> bool:
        mentions = view.actors.get(word, ())
        if view.upos(word) == "PROPN":
            return bool(mentions) or not view.places.get(word)
        if any(mention.via is not Via.DESCRIPTION for mention in mentions):
            return True
        form = view.lower[word]
        if form in PRONOUNS:
            return True
        classes = self.lexicon.classes
        if form in self.lexicon.humans:
            return form not in classes["weapon"]
        if form in classes["quantity"]:
            parts = [kid for kid in view.kids(word, "nmod") if case_of(view, kid) == "of"]
            return any(self.is_human(view, kid) for kid in parts) if parts else form in CROWDS
        return view.upos(word) == "NOUN" and form.endswith(PERSON_SUFFIXES) and len(form) > 5 and form not in NOT_PEOPLE

    def unnamed(self, view: SentenceView, word: int, phrase: Sequence[Span] = ()) -> str:
        """An actor of kind unnamed for the noun phrase at `word`, one for each place in the text.

        phrase: where the words stand that name it; the word alone where there are none or they are long.
        """
        for mention in view.actors.get(word, ()):
            known = self.name(mention.ref)
            if mention.ref.startswith("u:") and known is not None and " " in known.name:
                return mention.ref  # known already, with its words
        start, end = view.tree.starts[word], view.tree.ends[word]
        document = self.context.article.document.id
        identity = f"u:{document}:{start}"
        if identity not in self.actors:
            words = self.context.text[start:end]
            longer = " ".join(self.context.text[phrase[0][0] : phrase[-1][1]].split()) if phrase else ""
            longer = re.sub(r"^(?:an?|the) ", "", longer, flags=re.IGNORECASE)
            if len(words) < len(longer) <= LONGEST_NAME:
                words = longer
            self.actors[identity] = Actor(
                id=identity,
                name=words,
                kind=ActorKind.UNNAMED,
                country=None,
                sector=None,
                office=None,
                wikidata=None,
                basis=Basis.NAME,
            )
            self.mentions.append(
                Mention(
                    id=stable_id("m", document, str(start), str(end)),
                    start=start,
                    end=end,
                    kind=MentionKind.ACTOR,
                    ref=identity,
                    head=True,
                    via=Via.DESCRIPTION,
                    why="a doer without a name",
                )
            )
        return identity

    def _at(self, view: SentenceView, word: int) -> tuple[str, ...]:
        key = (view.index, word)
        known = self._seen.get(key)
        if known is None:
            self._seen[key] = ()
            known = self._seen[key] = self._resolve(view, word)
        return known

    def _resolve(self, view: SentenceView, word: int) -> tuple[str, ...]:
        if joint := self._joint(view, word):
            return joint
        if place := self._dwellers(view, word):
            return place
        direct = tuple(dict.fromkeys(mention.ref for mention in view.actors.get(word, ())))
        if body := self._speaks_for(view, word, direct):
            return body
        if any(not ref.startswith("u:") for ref in direct) and view.lower[word] not in OPPOSITES:
            return direct
        return self._described(view, word) or direct

    def _speaks_for(self, view: SentenceView, word: int, direct: Sequence[str]) -> tuple[str, ...]:
        """*Kenzo Oshima, the United Nations relief coordinator*: who holds an office of an international body acts for
        it, not for the state of birth."""
        if len(direct) != 1 or (row := self.name(direct[0])) is None or row.kind is not ActorKind.PERSON:
            return ()
        for kid in view.kids(word, "appos"):
            if view.lower[kid] not in POSTS:
                continue
            for actor in self.find(view, [*view.kids(kid, "compound", "nmod:poss", "nmod:desc", "nmod", "amod")]):
                body = self.name(actor)
                if body is not None and not body.country and body.sector == "IGO":
                    return (actor,)
        return ()

    def _dwellers(self, view: SentenceView, word: int) -> tuple[str, ...]:
        """*ethnic Albanians in Serbia*, *the Albanians of southern Serbia*: people of the state they live in."""
        mods = view.kids(word, "amod", "compound")
        ethnic = any(view.lower[kid] == "ethnic" or "ethnic" in (view.lower[k] for k in view.kids(kid)) for kid in mods)
        named = view.tree.forms[word][:1].isupper() and view.has_feature(word, "Number=Plur")
        if not ethnic and not (named and view.actors.get(word)):
            return ()
        for kid in view.kids(word, "nmod"):
            if case_of(view, kid) not in (("in", "of", "from") if ethnic else ("of",)):
                continue
            if state := self._home_at(view, kid):
                return (state,)
        for clause in view.kids(word, "acl") if ethnic else ():  # *ethnic Albanian gunmen operating in Macedonia*
            for kid in view.kids(clause, "obl"):
                if case_of(view, kid) == "in" and (state := self._home_at(view, kid)):
                    return (state,)
        if ethnic and view.relations[word] == "nsubj":  # *ethnic Albanians demonstrated in Serbia*
            for kid in view.kids(view.head(word), "obl"):
                if case_of(view, kid) == "in" and (state := self._home_at(view, kid)):
                    return (state,)
        return ()

    def _home_at(self, view: SentenceView, word: int) -> str | None:
        """The state of the place, or the state itself, that is named at the word."""
        if state := self.state_of(view, word):
            return state
        return next((actor for actor in self.find(view, [word]) if len(actor) == 3 and actor.isupper()), None)

    def _joint(self, view: SentenceView, word: int) -> tuple[str, ...]:
        """*ministers of Peru and Ecuador*, *Lao and Thai envoys*: a plural noun shared by several owners."""
        if view.upos(word) not in ("NOUN", "PROPN") or not view.has_feature(word, "Number=Plur"):
            return ()
        for kid in view.kids(word, "nmod", "amod", "compound"):
            shared = view.relations[kid] != "nmod" or case_of(view, kid) in ("of", "from")
            if shared and view.kids(kid, "conj"):
                found = self.find(view, [kid])
                if len([actor for actor in found if not actor.startswith("u:")]) > 1:
                    return found
        return ()

    def _described(self, view: SentenceView, word: int) -> tuple[str, ...]:
        """From the phrase around the word: its place, apposition, owner, origin."""
        if view.lower[word] in OPPOSITES:
            named = [kid for kid in view.kids(word, "amod", "compound") if view.actors.get(kid)]
            if found := self.find(view, named):
                return found
        place = self.state_of(view, word)
        if place:
            return (place,)
        for kid in view.kids(word, "appos"):
            if found := self._at(view, kid):
                return found
        owners = list(view.kids(word, "nmod:poss", "amod", "compound", "nmod:desc", "nmod:unmarked", "flat"))
        found = self.find(view, owners)
        if found:
            return found
        for kid in view.kids(word, "nmod"):
            if case_of(view, kid) in LOCATIVE and (found := self.find(view, [kid])):
                return found
        for kid in view.kids(word, "acl"):
            if view.lower[kid] in ("based", "belonging", "held", "stationed", "from") and (
                found := self.find(view, view.kids(kid, "obl"))
            ):
                return found
        return ()

    def state_of(self, view: SentenceView, word: int) -> str | None:
        """The state in which a place named at `word` lies, as an actor."""
        place = view.places.get(word)
        country, _ = self._places.get(place or "", (None, ""))
        if not country:
            return None
        self.ensure_state(country)
        return country

    def ensure_state(self, side: str) -> bool:
        """Whether `side` can stand in a row: an actor of the article, or a state (added when only its people are)."""
        if side in self.context.actors or side in self.actors:
            return True
        if len(side) != 3 or not side.isupper():
            return False
        self.actors[side] = Actor(
            id=side,
            name=state_names().get(side, side),
            kind=ActorKind.STATE,
            country=side,
            sector=None,
            office=None,
            wikidata=None,
            basis=Basis.DICTIONARY,
        )
        return True

    def slot(self, view: SentenceView, slots: dict[str, tuple[int, ...]], path: str) -> Sequence[int]:
        """Words of a slot path: `obj`, `obj.poss` (the owner of the object), `comp.subj`, `for.by` …"""
        if "." not in path:
            return slots.get(path, ())
        first, _, rest = path.partition(".")
        words = slots.get(first)
        if not words:
            return ()
        below: list[int] = []
        for word in words:
            for member in coordinated(view, word):
                below.extend(self._below(view, member, rest))
        return below

    def _below(self, view: SentenceView, word: int, rest: str) -> tuple[int, ...]:
        first, _, deeper = rest.partition(".")
        if deeper:
            return tuple(low for near in self._below(view, word, first) for low in self._below(view, near, deeper))
        if view.upos(word) in ("VERB", "AUX") or rest in ("subj", "obj", "iobj"):
            return read_verb(view, word).get(rest)
        return read_noun(view, word).get(rest)


@cache
def state_names() -> dict[str, str]:
    """ISO 3166-1 alpha-3 → English name."""
    rows = (line.split("\t") for line in read_text("export/countries.tsv").splitlines())
    return {row[0]: row[1] for row in rows}


NOT_PEOPLE = frozenset(
    """order orders border borders offer offers power powers number numbers matter matters quarter quarters corner
    center centre river rivers water waters winter summer paper papers letter letters error errors favor
    labor labour minor major sector sectors factor factors mirror harbor harbour tractor reactor reactors motor
    corridor corridors laser computer computers server servers charter barrier barriers trailer tanker tankers carrier
    carriers container containers disaster disasters chapter weather shelter shelters murder murders danger dangers
    december october november september grant grants restaurant elephant plant plants warrant warrants giant
    silver copper rubber tower towers answer answers career careers frontier frontiers shoulder cancer trouser
    transfer transfers register theater theatre counter encounter encounters cover slaughter terror horror doctor-
    list lists mist twist wrist exist assist colour color vapor tremor interior exterior superior prior mortar
    manner manners banner banners dinner dinners timer layer layers printer
    sticker stickers folder checker poster posters scooter helicopter helicopters cluster clusters
    launcher launchers bomber bombers freighter freighters cruiser cruisers destroyer destroyers
    trawler trawlers semen omen specimen regimen amen batter butter chatter matter cater crater
    voucher vouchers venture closer further other others another rather whether either neither after under over ever
    never lower upper higher former latter younger older larger smaller better greater reminder
    reminders remainder disorder disorders recorder""".split()
)
