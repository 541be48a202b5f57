"""What speaks for and against a row: numbers for the judge, from the rules, the heads, the tree and the article.

The order of the numbers is the order in which they are written here; training/judge.py and the product call the same
functions, so that they cannot drift apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from demarche.coding.context import DocContext, SentenceView
from demarche.coding.events import Draft
from demarche.coding.heads import Proposals, RowProposal
from demarche.coding.roles import Cast
from demarche.records import Actor, ActorKind, EventType, Role

__all__ = ["Scene", "keep_evidence", "key_of", "role_evidence"]

TYPES = tuple(EventType)
RELATIONS = ("root", "conj", "advcl", "ccomp", "xcomp", "acl", "obj", "obl", "nmod", "nsubj", "parataxis", "amod")
TAGS = ("VERB", "NOUN", "ADJ", "PROPN")
SLOTS = (
    "subj", "obj", "iobj", "poss", "mod", "light", "by", "with", "against", "on", "of", "from", "to", "for", "in", "at",
    "between", "over", "comp",
)  # fmt: skip
KINDS = (ActorKind.STATE, ActorKind.ALLIANCE, ActorKind.ORGANISATION, ActorKind.PERSON, ActorKind.GROUP)
PARENTS = (EventType.REQUEST, EventType.AGREE, EventType.ACCUSE, EventType.THREATEN, EventType.REJECT)
LEAST = -20.0
NOMINAL = frozenset({"NOUN", "PROPN", "PRON"})
PLURAL = frozenset({"they", "them", "their", "we", "us", "both", "sides"})
PRESENT = 4
"""Sides of the article that are candidates of every row, by their number of mentions."""


def one_hot(value: object, values: Sequence[object]) -> list[float]:
    return [float(value == other) for other in values]


def keep_evidence(draft: Draft, rivals: Mapping[int, Sequence[Draft]], priors: Mapping[str, float]) -> list[float]:
    """Whether the word carries a row of the type. rivals: word → other candidates. priors: share of right by rule."""
    view, word, seen = draft.view, draft.word, draft.seen
    proposals: Proposals | None = draft.proposals
    near = proposals.logit_near(draft.words, draft.type) if proposals else LEAST
    here = proposals.logit(word, draft.type) if proposals else LEAST
    other = proposals.greatest(word, draft.type) if proposals else LEAST
    around = proposals.greatest_near(word) if proposals else LEAST
    by_rule = seen is None
    others = [d for d in rivals.get(word, ()) if d is not draft]
    return [
        float(by_rule),
        priors.get(draft.rule, 0.5),
        draft.score,
        near,
        here,
        other,
        around,
        float(any(d.seen is None for d in others)),
        float(len(view)),
        float(len(view.actors)),
        float(view.role is Role.TITLE),
        word / max(1, len(view)),
        float(bool(draft.slots.get("subj"))),
        float(bool(draft.slots.get("obj"))),
        float(bool(draft.slots.get("comp"))),
        float(draft.content),
        float(sum(1 for w in range(word) if view.tree.forms[w] in ('"', "“", "”")) % 2),
        *one_hot(view.tree.upos[word], TAGS),
        *one_hot(view.relations[word], RELATIONS),
        *one_hot(draft.type, TYPES),
    ]


def key_of(actor: Actor | None, identity: str) -> str | None:
    """What two actors must share to count as one side: the country, else the actor; None for the unnamed."""
    if actor is None:
        return identity
    if actor.country:
        return actor.country
    return None if actor.kind is ActorKind.UNNAMED else identity


@dataclass(slots=True)
class Scene:
    """The sides of one article and where they are named."""

    cast: Cast
    views: Sequence[SentenceView]
    total: Counter[str]
    at: list[dict[str, list[int]]]
    title: frozenset[str]
    actor: dict[str, str]
    last: dict[str, tuple[str, int]]
    doers: list[tuple[str, ...]]
    receivers: list[tuple[str, ...]]
    hostile: tuple[str, int]

    @classmethod
    def of(cls, context: DocContext, cast: Cast) -> Scene:
        total: Counter[str] = Counter()
        at: list[dict[str, list[int]]] = []
        title: set[str] = set()
        actor: dict[str, str] = {}
        for view in context.views:
            here: dict[str, list[int]] = {}
            for word, mentions in view.actors.items():
                for mention in mentions:
                    key = key_of(cast.name(mention.ref), mention.ref)
                    if key is not None:
                        here.setdefault(key, []).append(word)
                        actor.setdefault(key, mention.ref)
                        total[key] += 1
            at.append(here)
            if view.role is Role.TITLE:
                title.update(here)
        return cls(
            cast=cast, views=context.views, total=total, at=at, title=frozenset(title), actor=actor, last={},
            doers=[], receivers=[], hostile=("", -99),
        )  # fmt: skip

    def keys(self, actors: Iterable[str]) -> dict[str, str]:
        """Side → first of the actors that stand for it."""
        found: dict[str, str] = {}
        for identity in actors:
            key = key_of(self.cast.name(identity), identity)
            if key is not None:
                found.setdefault(key, identity)
        return found

    def before(self, sentence: int) -> str | None:
        """The side named last before the sentence."""
        for back in range(sentence - 1, max(-1, sentence - 4), -1):
            if self.at[back]:
                return max(self.at[back].items(), key=lambda item: max(item[1]))[0]
        return None

    def note(self, draft: Draft, hostile: bool) -> None:
        """Remember who dealt with whom."""
        sources, targets = self.keys(draft.sources), self.keys(draft.targets)
        sentence = draft.view.index
        self.doers.append(tuple(sources))
        self.receivers.append(tuple(targets))
        for one in sources:
            for other in (*targets, *(k for k in sources if not targets)):
                if other != one:
                    self.last[one] = (other, sentence)
                    self.last[other] = (one, sentence)
        if hostile and sources:
            self.hostile = (next(iter(sources)), sentence)

    def candidates(self, draft: Draft, holders: Sequence[str]) -> dict[str, str]:
        """Side → an actor of it: sides of the sentence first, then of the rules, the speech act, the article."""
        here = draft.view.index
        found = dict(self.keys((*draft.sources, *draft.targets)))
        for key in self.at[here]:
            found.setdefault(key, self.actor[key])
        if draft.parent is not None:
            for key, identity in self.keys((*draft.parent.sources, *draft.parent.targets)).items():
                found.setdefault(key, identity)
        for key, identity in self.keys(holders).items():
            found.setdefault(key, identity)
        for back in range(max(0, here - 1), here):
            for key in self.at[back]:
                found.setdefault(key, self.actor[key])
        for key, _ in self.total.most_common(PRESENT):
            found.setdefault(key, self.actor[key])
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """What all candidates of one row share. words: side → its words in the sentence. slots: slot → sides in it."""

    draft: Draft
    head: RowProposal | None
    words: Mapping[str, Sequence[int]]
    slots: Mapping[str, frozenset[str]]
    explicit: tuple[frozenset[str], frozenset[str]]
    filled: tuple[frozenset[str], frozenset[str]]
    parent: tuple[frozenset[str], frozenset[str]]
    holders: frozenset[str]
    logits: Mapping[str, tuple[float, float, float]]
    common: tuple[float, ...]


def _strongest(head: RowProposal | None, role: str, words: Sequence[int]) -> tuple[float, int]:
    """Of the words that name nobody, the one the heads see in the role."""
    if head is None or not words:
        return LEAST, -1
    scores = head.fills[role][list(words)]
    best = int(scores.argmax())
    return float(scores[best]), words[best]


def seen_by_heads(draft: Draft) -> RowProposal | None:
    """The heads' view of the row, at the word where they see it."""
    if draft.proposals is None:
        return None
    return draft.proposals.row(draft.proposals.anchor(draft.words, draft.type), draft.type)


def row_view(draft: Draft, scene: Scene, holders: Sequence[str], candidates: Mapping[str, str]) -> RowView:
    view = draft.view
    head = seen_by_heads(draft)
    words: dict[str, list[int]] = {key: list(found) for key, found in scene.at[view.index].items()}
    slots: dict[str, frozenset[str]] = {}
    for slot in SLOTS:
        if slot in draft.slots:
            found = scene.keys(scene.cast.find(view, draft.slots[slot]))
            slots[slot] = frozenset(found)
            for key in found:
                words.setdefault(key, []).extend(draft.slots[slot])
    logits = {}
    for key in candidates:
        members = words.get(key, ())
        logits[key] = (
            (head.group("sources", members), head.group("targets", members), head.group("holders", members))
            if head is not None
            else (LEAST, LEAST, LEAST)
        )
    parent = draft.parent
    away = head.away if head is not None else {}
    taken = {word for found in words.values() for word in found}
    loose = [w for w in range(len(view)) if w not in taken and view.tree.upos[w] in NOMINAL and w != draft.word]
    free = {role: _strongest(head, role, loose) for role in ("sources", "targets")}
    return RowView(
        draft=draft,
        head=head,
        words=words,
        slots=slots,
        explicit=(frozenset(scene.keys(draft.explicit[0])), frozenset(scene.keys(draft.explicit[1]))),
        filled=(frozenset(scene.keys(draft.sources)), frozenset(scene.keys(draft.targets))),
        parent=(frozenset(scene.keys(parent.sources)), frozenset(scene.keys(parent.targets)))
        if parent is not None
        else (frozenset(), frozenset()),
        holders=frozenset(scene.keys(holders)),
        logits=logits,
        common=(
            away.get("sources", LEAST),
            away.get("targets", LEAST),
            *(logit for logit, _ in free.values()),
            *(float(word >= 0 and view.tree.upos[word] == "PRON") for _, word in free.values()),
            *(
                float(word >= 0 and ("Number=Plur" in view.tree.feats[word] or view.lower[word] in PLURAL))
                for _, word in free.values()
            ),
            float(len(scene.at[view.index])),
            float(len(scene.total)),
            float(draft.seen is None),
            float(view.role is Role.TITLE),
            float(view.tree.upos[draft.word] == "VERB"),
            float(bool(draft.slots.get("subj"))),
            float(bool(draft.slots.get("obj"))),
            float(draft.content),
            float(any(a.startswith("u:") for a in draft.sources)),
            float(any(a.startswith("u:") for a in draft.targets)),
            float(len(holders)),
            *one_hot(parent.type if parent is not None else None, PARENTS),
            float(parent is not None),
            *one_hot(draft.type, TYPES),
        ),
    )


def role_evidence(row: RowView, key: str, scene: Scene, chosen: tuple[float, frozenset[str]] | None) -> list[float]:
    """Whether the side fills a role of the row. chosen: its chance as source, the sources (only for targets)."""
    draft, view = row.draft, row.draft.view
    here = view.index
    mine = row.logits[key]
    best = [max((v[r] for k, v in row.logits.items() if k != key), default=LEAST) for r in range(3)]
    words = row.words.get(key, ())
    nearest = min(words, key=lambda w: abs(w - draft.word), default=None)
    offset = 0.0 if nearest is None else float(max(-25, min(25, nearest - draft.word)))
    others = sum(
        1
        for k, found in row.words.items()
        if k != key and nearest is not None and any(_between(w, nearest, draft.word) for w in found)
    )
    actor = scene.cast.name(scene.actor.get(key, key))
    total = sum(scene.total.values()) or 1
    rest = max((n for k, n in scene.total.items() if k != key), default=0)
    partner, when = scene.last.get(key, ("", -99))
    numbers = [
        float(key in row.explicit[0]),
        float(key in row.explicit[1]),
        float(key in row.filled[0]),
        float(key in row.filled[1]),
        float(not row.explicit[0]),
        float(not row.explicit[1]),
        float(not row.filled[0]),
        float(not row.filled[1]),
        *mine,
        mine[0] - best[0],
        mine[1] - best[1],
        float(key in row.parent[0]),
        float(key in row.parent[1]),
        float(key in row.holders),
        float(nearest is not None),
        offset,
        float(others),
        *(float(key in row.slots.get(slot, ())) for slot in SLOTS),
        scene.total[key] / total,
        rest / total,
        float(scene.total[key] - rest),
        float(key in scene.title),
        float(len(scene.at[here].get(key, ()))),
        float(len(scene.at[here - 1].get(key, ())) if here else 0),
        float(here - when if when <= here else 99.0),
        float(partner in row.filled[0]),
        float(bool(scene.doers) and key in scene.doers[-1]),
        float(bool(scene.receivers) and key in scene.receivers[-1]),
        float(sum(key in d for d in scene.doers[-4:])),
        float(sum(key in d for d in scene.receivers[-4:])),
        float(scene.before(here) == key),
        float(scene.hostile[0] == key and here - scene.hostile[1] <= 6),
        *one_hot(actor.kind if actor is not None else None, KINDS),
        *row.common,
    ]
    if chosen is not None:
        chance, sources = chosen
        numbers += [chance, float(key in sources), float(len(sources)), float(partner in sources and here - when <= 3)]
    return numbers


def _between(word: int, one: int, two: int) -> bool:
    return min(one, two) < word < max(one, two)
