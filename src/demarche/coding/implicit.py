"""Doers and receivers that the clause leaves out but the article names: people of a place, the other side of the story.

A reading from the article, never from outside it: the counterpart must be named in the text, more than once. The
row's score says that it rests on less (`DISCOUNT`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from demarche.coding.context import DocContext, SentenceView
from demarche.coding.events import Draft
from demarche.coding.predicates import case_of, coordinated
from demarche.coding.roles import Cast
from demarche.records import Actor, ActorKind, EventType, Mention, MentionKind
from demarche.resources import load_relations

__all__ = ["are_several_states", "between_states", "fill_roles", "is_for_anyone"]

ALONE = frozenset({EventType.MOBILIZE, EventType.PROTEST, EventType.CONSULT})
"""Types that often have no receiver (more than two rows in five of the corpus), or none by convention."""

RECEIVED = frozenset(EventType) - ALONE
HOSTILE = frozenset({EventType.ASSAULT, EventType.COERCE, EventType.SANCTION, EventType.MOBILIZE, EventType.THREATEN})

DOMESTIC = frozenset({EventType.ASSAULT, EventType.COERCE, EventType.ACCUSE, EventType.SANCTION, EventType.RETREAT})
HOME_SECTORS = frozenset({"COP", "JUD", "LEG"})
HOME_MODES = frozenset({"curfew", "martial-law"})
"""Modes of COERCE that a state can only do to its own people."""

OUTWARD = frozenset(
    {EventType.RETREAT, EventType.AGREE, EventType.AID, EventType.CONCEDE, EventType.COOPERATE, EventType.MOBILIZE}
)
"""Types of acts toward others; what is the doer's own in the clause is their means."""

GIVEN_AWAY = frozenset({EventType.RETREAT, EventType.AID, EventType.COOPERATE})
"""Types of acts in home affairs that are mostly done to nobody in particular."""

MUTUAL_SLOTS = ("obj", "on", "at", "against", "with", "of", "from", "to", "for", "iobj", "over", "in")
JOINT = frozenset({EventType.CONSULT, EventType.AGREE, EventType.SUPPORT, EventType.COOPERATE})
"""Types whose two-sided acts have all sides among the sources."""

MEANS = frozenset(
    """strike strikes airstrike airstrikes raid raids shelling bombing bombardment attack attacks blast blasts
    explosion explosions shell shells rocket rockets missile missiles drone drones bomb bombs mine mines bullet bullets
    jet jets helicopter helicopters aircraft plane planes cannon gunfire fire artillery mortar mortars grenade
    grenades""".split()
)

MEDIATING = frozenset("mediate mediation broker facilitate offices".split())

AIMED = frozenset(
    {
        EventType.REJECT, EventType.THREATEN, EventType.MOBILIZE, EventType.AGREE, EventType.AID, EventType.REQUEST,
        EventType.PROTEST, EventType.RETREAT, EventType.COERCE, EventType.ACCUSE,
    }
)  # fmt: skip
"""Types whose receiver is whoever is named in what the act is about."""

WITHIN = ("comp", "obj", "to", "for", "against", "on", "with", "of")
DOWN = frozenset({"obj", "iobj", "obl", "nmod", "xcomp", "ccomp", "conj", "amod", "compound", "acl"})
NO_AIM = frozenset("by from as after before since despite because_of under during according_to".split())
DEEP = 5
NEAR_BY = (
    "in", "at", "along", "near", "off", "towards", "toward", "around", "across", "up", "opposite", "through", "over",
    "past", "into", "onto",
)  # fmt: skip
"""Where forces are moved to: whoever it is named for is meant."""
SET_IN = frozenset("in at near outside inside across around".split())

WE = frozenset("we us our ours".split())
THEY = frozenset("they".split())

CIVIC = frozenset({"LEG", "OPP", "LAB", "CVL", "EDU", "REL", "NGO", "SOC", "PTY", "REF", "AGR"})
"""Sectors of those who mostly ask, refuse and threaten their own state."""

TOLD_AT_HOME = frozenset({EventType.REQUEST, EventType.REJECT, EventType.THREATEN, EventType.ACCUSE})

CROWD = frozenset(
    """crowd crowds protester protesters demonstrator demonstrators marcher marchers rioter rioters supporter
    supporters activist activists dissident dissidents striker strikers opposition students critics mourners""".split()
)
PEOPLE = frozenset(
    """people residents villagers families relatives mothers widows farmers workers teachers nurses doctors lawyers
    miners drivers students organisers organizers demonstrators unions union deputies lawmakers senators elders
    thousands hundreds dozens scores citizens women men refugees prisoners pensioners""".split()
)
HOMELY_MODES = frozenset({"arrest"})
"""Modes of COERCE whose doer, when nobody is named, is the state of those they are done to."""

PLACE_CASES = frozenset({"in", "at", "near", "outside", "inside", "across", "from", "of"})
DISCOUNT = 0.7
DOMINANT = 3.0
"""A state named this often against the next is the scene of the article."""

LEADING = 1.5
"""A state named this often against the next is the one whose people the article speaks of."""

SHORT = 3
"""Sentences of a text too short to tell what it is about."""

PAIRS = 0.1
"""Share of acts whose clause names two sides, from which on an article is about states' dealings with each other."""

CULPRIT_REACH = 6
"""Sentences back in which an accusation finds its culprit."""

OUTLETS = frozenset("newspaper daily radio television tv newswire broadcaster weekly news".split())
REACH = 14
"""Characters behind a name in which the word that tells an outlet may stand."""

DATELINE = 9
"""Words within which a dateline ends."""

DASHES = frozenset("- – — --".split())
SEVERAL = frozenset("countries nations states governments leaders powers members donors lenders creditors".split())
EVERY = frozenset("every each any no another".split())
STATES = frozenset("government country state nation".split())
SAID = {"sources": ("subj", "by"), "targets": ("obj", "iobj", "to", "for", "against", "with", "on")}
"""Slots in which a clause says who does it, and to whom."""
ANYONE = frozenset("anyone anybody nobody no-one everyone everybody someone somebody".split())
FOREIGN = frozenset("foreign overseas international expatriate".split())
FOREIGNERS = frozenset("foreigner foreigners expatriates tourists".split())
ECHOING = frozenset({EventType.ACCUSE, EventType.REJECT})
DEEDS = frozenset("decision move step measure announcement ruling sale deal visit law bill vote".split())
DEED_REACH = 1
ECHO_REACH = 30
"""Sentences back in which an act is found that a noun names again."""
AT_WAR = 6.0
"""What it adds to a side's presence that it fights the other one on the article's date, by the actor table."""
PARTNER_REACH = 2
"""Sentences over which whom one dealt with last is still whom one deals with."""


def fill_roles(context: DocContext, cast: Cast, drafts: Sequence[Draft], *, political: bool) -> None:
    """Give drafts the country of unnamed people, or the other side of the article, where the clause names none.

    Args:
        political: whether the article is political news: only then it is asked.
    """
    salience = Salience(context, cast)
    salience.fighters = _fighters(drafts, cast)
    salience.between_states = between_states(context, cast, [(draft.sources, draft.targets) for draft in drafts])
    for draft in drafts:
        _they_are_not_we(draft, cast)
        _not_to_oneself(draft, cast)
        _each_other(draft, cast)
        _people_of_place(draft, cast)
    for draft in drafts:
        if draft.type is EventType.ASSAULT:
            _from_place(draft, cast)
            _by_means(draft, cast, salience)
        salience.note(draft)
        if draft.sources:
            salience.acts.append(draft)
        if draft.type in AIMED and not _known(cast, draft.targets):
            _within(draft, cast)
        if draft.type in ECHOING and not _known(cast, draft.targets):
            _echo(draft, cast, salience)
        if draft.type is EventType.PROTEST:
            _at_home(draft, cast, salience)
            _against_own_state(draft, cast)
        elif draft.type in RECEIVED and political and not _known(cast, draft.targets):
            _receiver(draft, cast, salience)
        elif draft.type is EventType.CONSULT:
            _other_party(draft, cast, salience)
        alone = political and not _known(cast, draft.sources) and not are_several_states(draft, cast, "sources")
        if alone and draft.type is not EventType.CONSULT:
            _doer(draft, cast, salience)


def are_several_states(draft: Draft, cast: Cast, role: str) -> bool:
    """*Seven Arctic countries agreed*, *West African leaders*, *every government*: no state that the article names
    stands for them. role: `sources` or `targets`, as the clause names them.
    """
    rows = [cast.name(actor) for actor in draft.explicit[role == "targets"]]
    if any(row is not None and row.name.lower().split()[-1] in SEVERAL for row in rows):
        return True
    view = draft.view
    words = [word for slot in SAID[role] for word in draft.slots.get(slot, ()) if view.lemmas[word] in STATES]
    return any(view.lower[kid] in EVERY for word in words for kid in view.kids(word, "det"))


def _fighters(drafts: Sequence[Draft], cast: Cast) -> set[str]:
    """The sides of assaults whose doer and victim the article names apart: who else strikes, strikes at home."""
    found: set[str] = set()
    for draft in drafts:
        sources, targets = _sides(cast, draft.sources), _sides(cast, draft.targets)
        if draft.type is EventType.ASSAULT and targets and sources - targets:
            found |= sources | targets
    return found


class Salience:
    """How present each state or organisation is: by mentions in the article, more so in and just before a sentence."""

    def __init__(self, context: DocContext, cast: Cast) -> None:
        self.total: Counter[str] = Counter()
        self.at: list[Counter[str]] = [Counter() for _ in context.views]
        self.cast = cast
        self.partners: dict[str, tuple[str, int]] = {}
        self.acts: list[Draft] = []
        self.datelines = self._read_datelines(context)
        self.fighters: set[str] = set()
        self.between_states = True
        self.least = 1 if len(context.views) <= SHORT else 2
        self.relations = load_relations()
        self.day = context.article.document.published
        for view in context.views:
            for mentions in view.actors.values():
                for mention in mentions:
                    row = cast.name(mention.ref)
                    if mention.kind is not MentionKind.ACTOR or row is None or row.sector == "MED":
                        continue
                    if row.kind is ActorKind.ORGANISATION and not row.country and _is_outlet(view, mention):
                        continue
                    if side := side_of(cast, mention.ref):
                        self.total[side] += 1
                        self.at[view.index][side] += 1

    def _read_datelines(self, context: DocContext) -> list[str | None]:
        """For each sentence the state of the last dateline (*SUVA, Fiji - …*) at or before it."""
        found: list[str | None] = []
        last: str | None = None
        for view in context.views:
            dash = next((word for word in range(min(DATELINE, len(view))) if view.lower[word] in DASHES), None)
            if dash is not None and view.tree.forms[0].isupper() and len(view.tree.forms[0]) > 2:
                states = [state for word in range(dash) if (state := self.cast.state_of(view, word))]
                last = states[-1] if states else last
            found.append(last)
        return found

    def note(self, draft: Draft) -> None:
        """Remember whom a side last dealt with, by what the text says of both."""
        sources, targets = _sides(self.cast, draft.sources), _sides(self.cast, draft.targets)
        for side, others in ((s, targets or sources) for s in sources):
            self._pair(side, others, draft.view.index)
        for side in targets:
            self._pair(side, sources, draft.view.index)

    def _pair(self, side: str, others: set[str], sentence: int) -> None:
        rest = sorted(others - {side}, key=lambda other: (-self.total[other], other))
        if rest:
            self.partners[side] = (rest[0], sentence)

    def home(self, side: str) -> bool:
        """Whether the article is mostly about this one state: then its people and bodies act on each other."""
        rest = max((count for other, count in self.total.items() if other != side), default=0)
        return self.total[side] >= DOMINANT * rest

    def leader(self) -> str | None:
        """The side that the article speaks of clearly more than of the next."""
        ranked = [side for side, _ in self.total.most_common(2)]
        if not ranked or (len(ranked) > 1 and self.total[ranked[0]] < LEADING * self.total[ranked[1]]):
            return None
        return ranked[0]

    def hostile_before(self, draft: Draft) -> Iterator[Draft]:
        """Hostile acts with a doer in the sentences before, the last first."""
        for other in reversed(self.acts):
            near = draft.view.index - other.view.index <= CULPRIT_REACH
            if near and other is not draft and other.type in HOSTILE:
                yield other

    def culprit(self, draft: Draft, not_these: set[str]) -> str | None:
        """Who did the last hostile act before an accusation whose words name nobody (*condemned the ramming*)."""
        for other in self.hostile_before(draft):
            if sides := sorted(_sides(self.cast, other.sources) - not_these):
                return sides[0]
        return None

    def partner(self, view: SentenceView, side: str) -> str | None:
        """Whom the side dealt with in the last sentences."""
        partner, sentence = self.partners.get(side, ("", -99))
        return partner if partner and view.index - sentence <= PARTNER_REACH else None

    def pair(self, view: SentenceView, not_these: set[str]) -> tuple[str, str] | None:
        """The two sides between whom a third mediates: those that last dealt with each other, else the two most
        present."""
        for side, (partner, sentence) in sorted(self.partners.items(), key=lambda item: (-item[1][1], item[0])):
            if not {side, partner} & not_these and view.index - sentence <= PARTNER_REACH:
                return (side, partner)
        first = self.other_side(view, not_these)
        second = self.other_side(view, not_these | {first}) if first is not None else None
        return (first, second) if first is not None and second is not None else None

    def other_side(self, view: SentenceView, not_these: set[str]) -> str | None:
        """The side last dealt with, else the most present one outside `not_these` (named at least twice, once in a
        short text): in stories between states only; elsewhere whoever is left out is nobody in particular."""
        if not self.between_states:
            return None
        for side in sorted(not_these):
            partner = self.partner(view, side)
            if partner is not None and partner not in not_these:
                return partner
        scores: dict[str, float] = {}
        here = view.index
        for side, count in self.total.items():
            if side in not_these or count < self.least:
                continue
            near = sum(self.at[i][side] for i in range(max(0, here - 2), here))
            scores[side] = count + 4.0 * self.at[here][side] + 1.0 * near
            if any(self.relations.fight(side, other, self.day) for other in not_these):
                scores[side] += AT_WAR
        return max(scores, key=lambda side: (scores[side], side), default=None)


def between_states(context: DocContext, cast: Cast, sides: Sequence[tuple[Sequence[str], Sequence[str]]]) -> bool:
    """Whether the article tells of dealings of states with each other: by the acts whose clause names two of them.

    Args:
        sides: sources and targets of each act, as its clause names them.
    """
    two = sum(len(_sides(cast, sources) | _sides(cast, targets)) > 1 for sources, targets in sides)
    return len(context.views) <= SHORT or two >= max(1.0, PAIRS * len(sides))


def _is_outlet(view: SentenceView, mention: Mention) -> bool:
    """*Ansa news agency reported*: whoever only reports is no side of the story."""
    words = {view.lower[at] for at in range(len(view)) if mention.start <= view.tree.starts[at] < mention.end + REACH}
    return bool(words & OUTLETS)


def side_of(cast: Cast, actor: str) -> str | None:
    """The actor's state, or itself when it is an organisation of its own; None for the unnamed."""
    if actor in cast.sides:
        return cast.sides[actor]
    row = cast.name(actor)
    side = _side_of(row)
    if row is not None:
        cast.sides[actor] = side
    return side


def _side_of(row: Actor | None) -> str | None:
    if row is None or row.kind is ActorKind.UNNAMED:
        return row.country if row is not None else None
    if row.country:
        return row.country
    return row.id if row.kind in (ActorKind.ALLIANCE, ActorKind.ORGANISATION, ActorKind.GROUP) else None


def _from_place(draft: Draft, cast: Cast) -> None:
    """*A rocket was fired from Gaza*: without a doer, whoever holds the place."""
    if _known(cast, draft.sources) or any(cast.is_human(draft.view, word) for word in draft.slots.get("subj", ())):
        return
    for word in draft.slots.get("from", ()):
        state = cast.state_of(draft.view, word)
        if state is not None and state not in _sides(cast, draft.targets):
            draft.sources = (state,)
            draft.score *= DISCOUNT
            return


def _by_means(draft: Draft, cast: Cast, salience: Salience) -> None:
    """*The strikes killed …*, *wounded by the jet*: the doer is who did the last assault told before."""
    words = draft.slots.get("subj", ())
    if _known(cast, draft.sources) or not any(_is_means(draft.view, word) for word in words):
        return
    for other in salience.hostile_before(draft):
        if other.type is EventType.ASSAULT and _known(cast, other.sources):
            draft.sources = other.sources
            if not _known(cast, draft.targets) and _known(cast, other.targets):
                draft.targets = other.targets
            draft.score *= DISCOUNT
            return


def _is_means(view: SentenceView, word: int) -> bool:
    return view.upos(word) == "NOUN" and view.lower[word] in MEANS and not view.kids(word, "nmod:poss")


def _within(draft: Draft, cast: Cast) -> None:
    """Who is named in what the act is about: *refused to lift the curfew on Palestinians*, *troops for a war*."""
    view = draft.view
    mine = _sides(cast, draft.sources)
    for word in draft.slots.get("obj", ()):
        if view.lower[word] == "what":
            acting = [kid for clause in view.kids(word, "acl") for kid in view.kids(clause, "nsubj")]
            found = tuple(a for a in cast.find(view, acting) if (side := side_of(cast, a)) and side not in mine)
            if found:
                draft.targets = found
                return
    if draft.type is EventType.ACCUSE:  # *condemned what Russia is doing*, *complained that Iran had …*
        acting = [kid for word in draft.slots.get("comp", ()) for kid in view.kids(word, "nsubj")]
        found = tuple(a for a in cast.find(view, acting) if (side := side_of(cast, a)) and side not in mine)
        draft.targets = found or draft.targets
        return
    if len(mine) > 1:
        return
    slots = (*WITHIN, *NEAR_BY) if draft.type is EventType.MOBILIZE else WITHIN
    starts = [word for slot in slots for word in draft.slots.get(slot, ())]
    level = [word for word in dict.fromkeys(starts) if word != draft.word and word > draft.word]
    if draft.type is EventType.MOBILIZE:  # *deploys troops to Finland*: the troops are its own
        means = draft.slots.get("obj", ())
        level = [word for word in level if word not in means]
        level += [kid for word in means for kid in view.children[word] if view.relations[kid] == "nmod"]
        level += [kid for side in view.kids(draft.word, "advmod") for kid in view.kids(side, "obl")]  # *close to Oslo*
    for _ in range(DEEP):
        for word in level:
            if (case_of(view, word) or "") in NO_AIM:
                continue
            found = tuple(a for a in cast.find(view, [word]) if (side := side_of(cast, a)) and side not in mine)
            if found:
                draft.targets = found
                return
        level = [
            kid for word in level for kid in view.children[word] if view.relations[kid] in DOWN and kid > draft.word
        ]


def _each_other(draft: Draft, cast: Cast) -> None:
    """*impose no tariffs on each other*, *shelled each other's towns*: doers and receivers; of joint acts, doers."""
    view = draft.view
    things = [word for slot in MUTUAL_SLOTS for word in draft.slots.get(slot, ())]
    mutual = any(
        view.lower[word] in ("each", "one")
        and any(view.lower[kid] in ("other", "another") for kid in view.kids(word, "fixed"))
        for word in (*things, *(kid for word in things for kid in view.kids(word, "nmod:poss")))
    )
    if mutual and len(_sides(cast, draft.sources)) > 1:
        draft.targets = () if draft.type in JOINT else draft.sources


def _they_are_not_we(draft: Draft, cast: Cast) -> None:
    """*We fear that they are arming Quito*: who is spoken of by *they* is not the side of *we*; *they* stay open."""
    view = draft.view
    subjects = draft.slots.get("subj", ())
    if draft.denies is not None or not any(view.lower[word] in THEY for word in subjects):
        return
    ours = _ours(view, cast)
    if ours and _sides(cast, draft.sources) == ours:
        draft.sources = ()


def _ours(view: SentenceView, cast: Cast) -> set[str]:
    """The sides that *we* stands for in the sentence."""
    return _sides(cast, cast.find(view, [word for word, form in enumerate(view.lower) if form in WE]))


def _not_to_oneself(draft: Draft, cast: Cast) -> None:
    """*pulled out its troops*, *promised that its navy would help*: the doer's own are no receiver of such acts."""
    sources, targets = _sides(cast, draft.sources), _sides(cast, draft.targets)
    if draft.type in OUTWARD and len(sources) == 1 and targets == sources:
        draft.targets = ()


def _known(cast: Cast, actors: Sequence[str]) -> bool:
    return any(side_of(cast, actor) for actor in actors)


def _sides(cast: Cast, actors: Sequence[str]) -> set[str]:
    return {side for actor in actors if (side := side_of(cast, actor))}


def _people_of_place(draft: Draft, cast: Cast) -> None:
    """People hit or acting in a named place are people of that place's state (*killed two workers in Baku*)."""
    if draft.type in (EventType.CONSULT, EventType.AGREE):
        return
    state = _place_state(draft.view, draft.slots, cast)
    if state is None:
        return
    if draft.type in DOMESTIC and not _known(cast, draft.targets):
        draft.targets = (state,)
        draft.score *= DISCOUNT
    elif draft.type is EventType.PROTEST and not _known(cast, draft.sources):
        draft.sources = (state,)


def _place_state(view: SentenceView, slots: Mapping[str, tuple[int, ...]], cast: Cast) -> str | None:
    for slot in ("in", "at", "near", "on", "outside", "inside"):
        for word in slots.get(slot, ()):
            for member in coordinated(view, word):
                if state := cast.state_of(view, member):
                    return state
                for kid in view.kids(member, "nmod", "compound", "amod"):
                    if (case_of(view, kid) or "of") in PLACE_CASES and (state := cast.state_of(view, kid)):
                        return state
    return None


def _at_home(draft: Draft, cast: Cast, salience: Salience) -> None:
    """Unnamed people who demonstrate are of the state that the article is about."""
    if _known(cast, draft.sources) or not all(actor.startswith("u:") for actor in draft.sources):
        return
    leader = salience.datelines[draft.view.index] or salience.leader()
    if leader is not None and cast.ensure_state(leader):
        draft.sources = (leader,)
        draft.score *= DISCOUNT


def _against_own_state(draft: Draft, cast: Cast) -> None:
    """A protest without addressee is against the state of those who protest."""
    if _known(cast, draft.targets):
        return
    sides = _sides(cast, draft.sources)
    if len(sides) == 1:
        side = next(iter(sides))
        if cast.ensure_state(side):
            draft.targets = (side,)


def _needs_none(draft: Draft) -> bool:
    """Acts whose receiver, when the clause is silent, is mostly nobody in particular."""
    if draft.type is EventType.RETREAT:
        return draft.mode in ("withdraw", "ceasefire", "resign", "disarm")
    if draft.type is EventType.REJECT:
        return bool(draft.slots.get("comp")) or draft.rule == "coding.reject.rule_out"
    return draft.type is EventType.ASSAULT and not draft.sources


def _receiver(draft: Draft, cast: Cast, salience: Salience) -> None:
    sources = _sides(cast, draft.sources)
    sectors = {row.sector for actor in draft.sources if (row := cast.name(actor)) is not None}
    several = are_several_states(draft, cast, "targets")
    if len(sources) > 1 or several or _needs_none(draft) or _from_abroad(draft) or is_for_anyone(draft):
        return
    own = next(iter(sources)) if len(sources) == 1 else None
    if draft.type is EventType.AGREE and _offers_to_mediate(draft):
        pair = salience.pair(draft.view, sources)
        if pair is not None and all(cast.ensure_state(side) for side in pair):
            draft.targets = pair
            draft.score *= DISCOUNT
        return
    side: str | None
    where = _setting(draft, cast)
    if draft.type is EventType.ASSAULT and where is not None and where != own:
        side = where
    elif own is not None and _is_domestic(draft, own, sectors, salience):
        side = own
    elif draft.type is EventType.ACCUSE and (culprit := salience.culprit(draft, sources)):
        side = culprit
    elif draft.type is EventType.COERCE and draft.targets and own is not None:
        side = own
    elif own is not None and not salience.between_states:
        side = _in_home_affairs(draft, own, salience)
    else:
        side = salience.other_side(draft.view, sources)
    if side is not None and cast.ensure_state(side):
        draft.targets = (side,)
        draft.score *= DISCOUNT


def _echo(draft: Draft, cast: Cast, salience: Salience) -> None:
    """*condemned the ramming*, *refused to recognise the order*: whose act the text named so before."""
    view, mine = draft.view, _sides(cast, draft.sources)
    words = [word for slot in ("obj", "comp.obj") for word in draft.slots.get(slot, ())]
    words += [kid for word in draft.slots.get("comp", ()) for kid in view.kids(word, "obj")]
    for word in words:
        if not any(view.lower[kid] in ("the", "this", "that") for kid in view.kids(word, "det")):
            continue
        deed = draft.type is EventType.ACCUSE and view.lower[word] in DEEDS
        for act in reversed(salience.acts):
            if act is draft or view.index - act.view.index > (DEED_REACH if deed else ECHO_REACH):
                continue
            sides = sorted(_sides(cast, act.sources) - mine)
            named = deed or _same_stem(view.lower[word], act.view.lemmas[act.word])
            if sides and named and cast.ensure_state(sides[0]):
                draft.targets = (sides[0],)
                draft.explicit = (draft.explicit[0], draft.targets)  # the noun says who
                return


def _same_stem(noun: str, lemma: str) -> bool:
    """*ramming* and *ram*, *seizure* and *seize*: one is what the other begins with, but for an e."""
    short, long = sorted((noun.lower().removesuffix("e"), lemma.lower().removesuffix("e")), key=len)
    return len(short) > 2 and long.startswith(short) and len(long) - len(short) <= 5


def is_for_anyone(draft: Draft) -> bool:
    """*has armed nobody*, *an ultimatum to anyone*: the receiver is said, and is no one in particular."""
    words = [word for slot in ("obj", "iobj", "to", "against", "for") for word in draft.slots.get(slot, ())]
    return any(draft.view.lower[word] in ANYONE for word in words)


def _from_abroad(draft: Draft) -> bool:
    """*expelled the foreign managers*, *barred tourists*: not the doer's own, of no state that is named."""
    view = draft.view
    for word in draft.slots.get("obj", ()):
        near = {view.lower[kid] for kid in view.kids(word, "amod", "compound")}
        if near & FOREIGN or view.lower[word] in FOREIGNERS:
            return True
    return False


def _in_home_affairs(draft: Draft, own: str, salience: Salience) -> str | None:
    """In an article about one state: its people and bodies deal with it, whoever comes from outside deals with it,
    too."""
    leader = salience.leader()
    return leader if leader != own or draft.type not in GIVEN_AWAY else None


def _setting(draft: Draft, cast: Cast) -> str | None:
    """The one state in whose places the sentence is set; None where there are several or none."""
    view = draft.view
    states = {
        state
        for word in view.places
        if case_of(view, word) in SET_IN and (state := cast.state_of(view, word)) is not None
    }
    return next(iter(states)) if len(states) == 1 else None


def _offers_to_mediate(draft: Draft) -> bool:
    """*offered to mediate*, *offered its good offices*: to both sides."""
    view = draft.view
    words = [word for slot in ("comp", "obj") for word in draft.slots.get(slot, ())]
    return any(view.lemmas[word] in MEDIATING or view.lower[word] in MEDIATING for word in words)


def _is_domestic(draft: Draft, own: str, sectors: set[str | None], salience: Salience) -> bool:
    """Whether what the clause leaves out is the doer's own people: by the act, the doer's body, or the article."""
    if draft.mode in HOME_MODES or _hits_a_crowd(draft):
        return True
    if (
        draft.type in DOMESTIC
        and draft.targets
        and (sectors & HOME_SECTORS or salience.datelines[draft.view.index] == own)
    ):
        return True
    alone = draft.type is not EventType.ACCUSE or not set(salience.at[draft.view.index]) - {own}
    if draft.type in TOLD_AT_HOME and alone and (sectors & CIVIC or _is_crowd(draft)):
        return True
    if draft.type is EventType.ASSAULT and draft.targets and own not in salience.fighters:
        return True
    return draft.type in DOMESTIC | {EventType.THREATEN} and salience.home(own)


def _is_crowd(draft: Draft) -> bool:
    """Whether people without a name do it: marchers, families, a union."""
    view = draft.view
    return any(
        view.upos(word) == "NOUN" and (view.lower[word] in PEOPLE or view.lower[word] in CROWD)
        for slot in ("subj", "by")
        for word in draft.slots.get(slot, ())
    )


def _hits_a_crowd(draft: Draft) -> bool:
    """Force against those who demonstrate or oppose: the state's own people, where nobody else is named."""
    words = [word for slot in ("obj", "at", "on", "against") for word in draft.slots.get(slot, ())]
    return draft.type in DOMESTIC and any(draft.view.lower[word] in CROWD for word in words)


def _other_party(draft: Draft, cast: Cast, salience: Salience) -> None:
    """Talks (a plural noun) with one named side are with the other side of the article; a visit has its host in
    targets. A side that *will meet* or *discusses* something may sit alone: nobody is added."""
    sides = _sides(cast, draft.sources)
    if draft.targets or len(sides) != 1 or len(draft.sources) > 1:
        return
    if draft.mode == "third-party":
        pair = salience.pair(draft.view, sides)
        if pair is not None and all(cast.ensure_state(side) for side in pair):
            draft.sources = (*draft.sources, *pair)
            draft.score *= DISCOUNT
        return
    plural = draft.mode == "phone" or (
        draft.view.upos(draft.word) == "NOUN" and draft.view.lower[draft.word].endswith("s")
    )
    side = salience.other_side(draft.view, sides) if plural or draft.mode == "visit" else None
    if side is not None and cast.ensure_state(side):
        draft.score *= DISCOUNT
        if draft.mode == "visit":
            draft.targets = (side,)
        else:
            draft.sources = (*draft.sources, side)


def _doer(draft: Draft, cast: Cast, salience: Salience) -> None:
    """Who acts where the clause does not say: people without a name, and whoever arrests, act at home; else the other
    side of the story."""
    spoken = any(draft.view.lower[word] in THEY for word in draft.slots.get("subj", ()))
    if draft.type not in RECEIVED or (draft.type in (EventType.AID, EventType.ASSAULT) and not spoken):
        return
    targets = _sides(cast, draft.targets)
    if not targets:
        return
    own = next(iter(targets)) if len(targets) == 1 else None
    if own is not None and (_is_crowd(draft) or draft.mode in HOMELY_MODES):
        side: str | None = own
    else:
        side = salience.other_side(draft.view, targets | (_ours(draft.view, cast) if spoken else set()))
    if side is not None and cast.ensure_state(side):
        draft.sources = (side,)
        draft.score *= DISCOUNT
