"""How political a clause is: crime, courts, trade, sport and campaigns share their verbs with the dealings of states
(*charged*, *rejected*, *attacked*, *struck a deal*). Numbers for the judge.

Numbers of the article as a whole (how many states, how often) were tried beside these: they shut out campaigns and
home affairs altogether (docs/learned-coder.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from demarche.coding.context import DocContext, SentenceView
from demarche.coding.news import has_standing
from demarche.coding.roles import Cast
from demarche.records import ActorKind

__all__ = ["POWERS", "Ground", "read_ground"]

DOER = ("subj", "by", "poss", "light")
OTHER = ("obj", "iobj", "to", "with", "for", "against", "on", "at", "from", "of", "in", "comp")
POWERS = frozenset({ActorKind.STATE, ActorKind.GOVERNMENT, ActorKind.ALLIANCE})
ABSENT, NOBODY, STANDS, POWER = -1.0, 0.0, 1.0, 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """One article. weights[i]: word of sentence i → `STANDS` (somebody with political standing), `POWER` (a state, a
    government, an alliance); other words are `NOBODY`.
    """

    weights: Sequence[Mapping[int, float]]

    def footing(self, view: SentenceView, slots: Mapping[str, tuple[int, ...]]) -> tuple[float, ...]:
        """Weight of the doer's side and of the others' (`ABSENT`: no such word), and how many names with standing the
        sentence has."""
        weights = self.weights[view.index]
        doer = max((weights.get(word, NOBODY) for slot in DOER for word in slots.get(slot, ())), default=ABSENT)
        other = max((weights.get(word, NOBODY) for slot in OTHER for word in slots.get(slot, ())), default=ABSENT)
        return (doer, other, float(len(weights)))


def read_ground(context: DocContext, cast: Cast) -> Ground:
    """The ground of an article."""
    known: dict[str, float] = {}
    return Ground(weights=[_weigh(view, cast, known) for view in context.views])


def _weigh(view: SentenceView, cast: Cast, known: dict[str, float]) -> dict[int, float]:
    here: dict[int, float] = {}
    for word, mentions in view.actors.items():
        for mention in mentions:
            weight = known.get(mention.ref)
            if weight is None:
                weight = known[mention.ref] = _weight(cast, mention.ref)
            if weight > here.get(word, NOBODY):
                here[word] = weight
    return here


def _weight(cast: Cast, actor: str) -> float:
    row = cast.name(actor)
    if row is not None and row.kind in POWERS:
        return POWER
    return STANDS if has_standing(cast, actor) else NOBODY
