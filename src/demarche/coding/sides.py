"""Who stands on each side of a row, learned: a second look where the rules' answer is weak.

Where the clause names nobody for a role, or the rules took the side from elsewhere in the article (`implicit.py`), a
small forest of the role gives every side at hand (named in the sentence, in the two before it, on the other side of the
row, most in the article) a chance to be the one. Sides are compared as a reader does: by state, or as the body itself.
What the clause names is left as it is, but for meetings, all of whose parties are sources: there a forest of its own
lets sides join or leave. Training (training/sides.py) and product read the same numbers.
"""

from __future__ import annotations

import io
import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from demarche.coding.context import DocContext, SentenceView
from demarche.coding.events import Draft
from demarche.coding.forest import Forest, read_forest
from demarche.coding.implicit import are_several_states, is_for_anyone
from demarche.coding.roles import Cast
from demarche.coding.spoken import is_spoken
from demarche.records import ActorKind, EventType
from demarche.resources import read_bytes

__all__ = ["Bench", "Question", "Sides", "load_sides"]

SOURCES, TARGETS = 0, 1
ROLES = ("sources", "targets")
FORESTS = ("sources", "targets", "meetings")
MEETINGS = FORESTS.index("meetings")

LEFT_OPEN = frozenset({EventType.MOBILIZE, EventType.RETREAT, EventType.REJECT, EventType.CONSULT})
"""Types whose receiver, when neither clause nor rules name one, is mostly nobody in particular."""

SWAP = 0.4
"""Log-odds by which another side must be likelier than the rules' own."""

FILL = -0.4
"""Log-odds from which on a side stands where the rules have nobody."""

LIKELY = -0.7
"""Log-odds below which no side takes the place of the rules' own."""

OPEN = 0.2
"""Chance below which, when no side reaches it, the rules' own is dropped, too."""

JOINS = 1.1
"""Log-odds from which on a side joins a meeting, and below whose negative one that the rules put there leaves it."""

LEAST = -20.0
"""Logit of a side that the sentence does not name."""

LEADERS = 3
FAR = 50.0
TYPES = {kind: float(number) for number, kind in enumerate(EventType)}

Keys = frozenset[str]
NOBODY: Keys = frozenset()


@dataclass(frozen=True, slots=True)
class Place:
    """A side named in a sentence. word: its head word; first, last: its words; actor: who; is_place: as a place."""

    word: int
    key: str
    first: int
    last: int
    actor: str
    is_place: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Who fills a role of a row. forest: which one knows; own: the rules' answer; keys: the sides at hand, each with
    its line of numbers."""

    draft: Draft
    role: int
    forest: int
    own: Keys
    keys: tuple[str, ...]
    lines: list[tuple[float, ...]]


class Bench:
    """The sides of one article: how often and where they are named, who deals with whom."""

    def __init__(self, context: DocContext, cast: Cast, drafts: Sequence[Draft]) -> None:
        self.context, self.cast = context, cast
        self.known: dict[str, str | None] = {}
        self.places: dict[int, list[Place]] = {}
        self.at = [
            Counter(
                key
                for mentions in view.actors.values()
                for mention in mentions
                if (key := self.key(mention.ref)) is not None
            )
            for view in context.views
        ]
        self.total: Counter[str] = Counter()
        for here in self.at:
            self.total.update(here)
        ranked = [key for key, _ in self.total.most_common()]
        self.size = float(max(1, self.total.total()))
        self.rank = {key: float(rank) for rank, key in enumerate(ranked)}
        self.leaders = ranked[:LEADERS]
        self.does: Counter[str] = Counter()
        self.gets: Counter[str] = Counter()
        self.dealt: Counter[tuple[str, str]] = Counter()
        for draft in drafts:
            doers, others = self.keys(draft.explicit[SOURCES]), self.keys(draft.explicit[TARGETS])
            self.does.update(doers)
            self.gets.update(others)
            for doer in doers:
                for other in (others or doers) - {doer}:
                    self.dealt[doer, other] += 1
                    self.dealt[other, doer] += 1

    def key(self, actor: str) -> str | None:
        """The actor's state, else the actor itself; None for people without a name."""
        if actor in self.known:
            return self.known[actor]
        row = self.cast.name(actor)
        key: str | None = actor
        if row is not None:
            key = row.country or (None if row.kind is ActorKind.UNNAMED else row.id)
            self.known[actor] = key
        return key

    def keys(self, actors: Iterable[str]) -> Keys:
        return frozenset([key for actor in actors if (key := self.key(actor))]) if actors else NOBODY

    def named(self, index: int) -> list[Place]:
        """The sides that a sentence names, in text order; states also by their places."""
        found = self.places.get(index)
        if found is None:
            found = self.places[index] = list(self._named(self.context.views[index]))
        return found

    def _named(self, view: SentenceView) -> Iterable[Place]:
        tree, seen = view.tree, set()
        for word in sorted(view.actors):
            for mention in view.actors[word]:
                if (key := self.key(mention.ref)) is None:
                    continue
                first = bisect_right(tree.ends, mention.start)
                last = bisect_left(tree.starts, mention.end) - 1
                seen.add((word, key))
                yield Place(word, key, min(first, word), max(last, word), mention.ref, False)
        for word in sorted(view.places):
            state = self.cast.state_of(view, word)
            if state is not None and (word, state) not in seen:
                yield Place(word, state, word, word, state, True)

    def questions(self, drafts: Sequence[Draft]) -> list[Question]:
        """The roles in which the rules' answer is weak and somebody is at hand."""
        found = []
        for draft in drafts:
            if draft.proposals is None or draft.denies is not None or is_spoken(draft):
                continue  # who speaks is no reading of the clause
            now = (self.keys(draft.sources), self.keys(draft.targets))
            said = (self.keys(draft.explicit[SOURCES]), self.keys(draft.explicit[TARGETS]))
            for role in (SOURCES, TARGETS):
                forest = MEETINGS if role == SOURCES and draft.type is EventType.CONSULT else role
                if now[role] and now[role] == said[role] and forest != MEETINGS:
                    continue
                if not now[role] and are_several_states(draft, self.cast, ROLES[role]):
                    continue  # *seven countries agreed*: no state at hand is the unnamed ones
                if role == TARGETS and not now[role] and (draft.type in LEFT_OPEN or is_for_anyone(draft)):
                    continue
                question = self._question(draft, role, forest, now, said)
                if question.keys:
                    found.append(question)
        return found

    def _at_hand(self, draft: Draft, own: Keys, other: Keys) -> tuple[str, ...]:
        index = draft.view.index
        found = dict.fromkeys(sorted(own))
        found.update(dict.fromkeys(place.key for place in self.named(index)))
        found.update(dict.fromkeys(sorted(other)))
        for before in range(index - 1, max(-1, index - 3), -1):
            found.update(dict.fromkeys(self.at[before]))
        found.update(dict.fromkeys(self.leaders))
        return tuple(found)

    def _question(
        self, draft: Draft, role: int, forest: int, now: tuple[Keys, Keys], said: tuple[Keys, Keys]
    ) -> Question:
        view, proposals = draft.view, draft.proposals
        own, other, said_other = now[role], now[1 - role], said[1 - role]
        keys = self._at_hand(draft, own, other)
        if proposals is None or not keys:
            return Question(draft=draft, role=role, forest=forest, own=own, keys=(), lines=[])
        seen = proposals.row(proposals.anchor(draft.words, draft.type), draft.type)
        fills = {name: column.tolist() for name, column in seen.fills.items()}
        mine, others, holders = fills[ROLES[role]], fills[ROLES[1 - role]], fills["holders"]
        best: dict[str, tuple[float, Place]] = {}
        covered: set[int] = set()
        for place in self.named(view.index):
            fill = max(mine[place.first : place.last + 1])
            if place.key not in best or fill > best[place.key][0]:
                best[place.key] = (fill, place)
            covered.update(range(place.first, place.last + 1))
        order = sorted([fill for fill, _ in best.values()], reverse=True)
        top, second = order[0] if order else LEAST, order[1] if len(order) > 1 else LEAST
        rest = max([fill for word, fill in enumerate(mine) if word not in covered], default=LEAST)
        away = seen.away[ROLES[role]]
        row = (TYPES[draft.type], rest, top, second, away, float(len(self.at)), float(len(view)), draft.keep)
        dealt = {key: sum([self.dealt[one, key] for one in other]) for key in self.leaders} if other else {}
        before = self.at[view.index - 1] if view.index else Counter()
        lines: list[tuple[float, ...]] = []
        for key in keys:
            rival = max([count for leader, count in dealt.items() if leader != key], default=0)
            if key in best:
                fill, place = best[key]
                span = slice(place.first, place.last + 1)
                here = (
                    fill, fill - (second if fill == top else top), fill - rest, max(others[span]), max(holders[span]),
                    float(place.word - draft.word),
                )  # fmt: skip
            else:
                here = (LEAST, LEAST - top, LEAST - rest, LEAST, LEAST, 0.0)
            lines.append(
                (
                    *row,
                    *here,
                    float(key in own),
                    float(key in other),
                    float(key in said_other),
                    float(self.at[0][key]),
                    float(before[key]),
                    self.total[key] / self.size,
                    self.rank.get(key, FAR),
                    float(rival),
                    float(self.does[key]),
                    float(self.gets[key]),
                    float(len(key) == 3 and key.isupper()),
                )
            )
        return Question(draft=draft, role=role, forest=forest, own=own, keys=keys, lines=lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """forests: in the order of `FORESTS`: for doers, for receivers, for the parties of meetings."""

    forests: tuple[Forest, ...]

    def settle(self, context: DocContext, cast: Cast, drafts: Sequence[Draft]) -> None:
        """Put another side, or nobody, where the rules' answer is weak and clearly less likely."""
        bench = Bench(context, cast, drafts)
        questions = bench.questions(drafts)
        for number, forest in enumerate(self.forests):
            asked = [question for question in questions if question.forest == number]
            if not asked:
                continue
            chances = forest.chances(np.array([line for question in asked for line in question.lines])).tolist()
            first = 0
            for question in asked:
                last = first + len(question.keys)
                _seat(question, choose(question, chances[first:last]), bench)
                first = last


def choose(question: Question, chances: Sequence[float]) -> Keys:
    """The sides that stand: the rules' own where nothing is clearly likelier."""
    own, keys = question.own, question.keys
    if question.forest == MEETINGS:
        odds = dict(zip(keys, map(log_odds, chances), strict=True))
        return frozenset(key for key in keys if odds[key] > (-JOINS if key in own else JOINS)) or own
    best = max(range(len(chances)), key=chances.__getitem__)
    key, likely = keys[best], log_odds(chances[best])
    if not own:
        return frozenset({key}) if likely > FILL else own
    if key not in own:
        rules = max(chances[keys.index(one)] for one in own)
        if likely > LIKELY and likely - log_odds(rules) > SWAP:
            return frozenset({key})
    return NOBODY if chances[best] < OPEN else own


def log_odds(chance: float) -> float:
    """Logit of a chance, cut near 0 and 1."""
    kept = min(max(chance, 1e-4), 1 - 1e-4)
    return math.log(kept / (1 - kept))


def _seat(question: Question, answer: Keys, bench: Bench) -> None:
    """Make the answer the row's, with the rules' actors where they are of these sides."""
    if answer == question.own:
        return
    draft = question.draft
    old = draft.sources if question.role == SOURCES else draft.targets
    found = [actor for actor in old if bench.key(actor) in answer]
    for key in question.keys:
        if key in answer and key not in question.own:
            found += _actors(draft, key, bench)
    if answer and not found:
        return
    if question.role == SOURCES:
        draft.sources = tuple(found)
    else:
        draft.targets = tuple(found)


def _actors(draft: Draft, key: str, bench: Bench) -> tuple[str, ...]:
    """Who stands for the side: as the sentence names it, else the state or body; nobody where that is no actor."""
    for place in bench.named(draft.view.index):
        if place.key == key and not place.is_place:
            return (place.actor,)
    return (key,) if bench.cast.ensure_state(key) else ()


def load_sides() -> Sides:
    """The forests of the package.

    Raises:
        ResourceError: E201, E209.
    """
    arrays: Mapping[str, npt.NDArray[np.generic]] = dict(np.load(io.BytesIO(read_bytes("coding/sides.npz"))))
    return Sides(forests=tuple(read_forest(arrays, name) for name in FORESTS))
