"""Rows as a CAMEO coder writes them: source, target, code; one line a pair, in the manner of TABARI and PETRARCH.

What their codebook does otherwise than ours: intent has codes of its own (03), a two-sided act is written once from
each side, and a state that tells of another's hostile act accuses it (112). An act that somebody is only asked, or
refuses, to do is in the asking or refusing. Only main clauses count: what a temporal or relative clause recalls, and
what a speech act or praise is about, is background.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from demarche.coding.codes import ROOTS, SpeechCodes, load_speech_codes
from demarche.coding.plover import plover_types
from demarche.records import Act, Actor, ActorKind, Assertion, Attribution, CodedDocument, EventType, Mention, Status
from demarche.resources import read_text

__all__ = ["NOBODY", "CameoEvent", "cameo_events", "home_of"]

NOBODY = "---"


@cache
def group_homes() -> Mapping[str, str]:
    """Armed group → the state whose group it is, for forms that want a country for every actor."""
    return dict(line.split("\t") for line in read_text("coding/group_homes.tsv").splitlines())


def home_of(actor: Actor | None) -> str | None:
    """The actor's country; of an armed group the state whose group it is. None: neither."""
    if actor is None or actor.country:
        return actor.country if actor is not None else None
    return group_homes().get(actor.name) if actor.kind is ActorKind.GROUP else None


BODIES = frozenset({"IGO", "NGO", "IMG", "MNC"})
"""Sectors that stand in the place of a country."""

MUTUAL = frozenset({EventType.CONSULT})
"""Types that are written from each side even where one goes to the other: who visits (042) is hosted (043)."""

TOGETHER = frozenset({EventType.CONSULT, EventType.COOPERATE, EventType.AGREE})

HOSTILE = frozenset({EventType.ASSAULT, EventType.COERCE, EventType.SANCTION, EventType.MOBILIZE})
TELLING = frozenset({Act.STATE, Act.ACCUSE, Act.ANNOUNCE})
RECALL = re.compile(
    r"\b(after|since|when|before|while|because|who|which|whom|whose|during|for|over|from|despite)\b", re.I
)
"""Words that open a clause or phrase of what went before or lies behind the act."""

LOOKS_BACK = re.compile(r"\b(?:after|since) (?!hours|days|weeks|months|years|a |an |the )", re.I)
"""Opens a clause of what went before; a noun behind it is rather the occasion of the act."""

MAIN_CLAUSE = 20
"""Characters that a main clause has at least."""

INTENDED = frozenset({Status.PLANNED, Status.PROMISED, Status.PREDICTED, Status.CONDITIONAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class CameoEvent:
    """source, target: ISO country, a body's sector (`IGO` …) or `---`; code: CAMEO, at least its root."""

    source: str
    target: str
    code: str


def cameo_events(one: CodedDocument) -> list[CameoEvent]:
    """The events of a document, each line once, in the order of the text."""
    reader = _Reader(one, load_speech_codes())
    found: dict[tuple[str, str, str], CameoEvent] = {}
    acts = frozenset(row.sentence for row in one.assertions if row.type is not None)
    for event in (*reader.main_clauses(plover_types(one.assertions)), *reader.statements(acts)):
        found.setdefault((event.source, event.target, event.code[:2]), event)
    return list(found.values())


class _Reader:
    """Reads rows of one document. at: actor → where the text names it."""

    def __init__(self, one: CodedDocument, speech: SpeechCodes) -> None:
        self.actors: Mapping[str, Actor] = {actor.id: actor for actor in one.actors}
        self.attributions: Mapping[str, Attribution] = {row.id: row for row in one.attributions}
        self.sentences = {sentence.id: sentence for sentence in one.sentences}
        self.mentions: Sequence[Mention] = one.mentions
        self.speech = speech
        self.text = one.document.text

    def main_clauses(self, rows: Sequence[tuple[Assertion, EventType]]) -> Iterator[CameoEvent]:
        """Events of the first act of each sentence, and of those it is joined with (*condemned … and promised …*)."""
        last: dict[str, int] = {}
        for row, kind in sorted(rows, key=lambda pair: pair[0].spans[0][0]):
            here = row.spans[0][0]
            if row.sentence not in last and self._recalled(row.sentence, here):
                continue
            if row.sentence in last:
                between = self.text[last[row.sentence] : here]
                joined = any(word in between for word in (" and ", " but ", "; "))
                if not joined or RECALL.search(between) or row.holders:
                    continue
            if events := tuple(self.events(row, kind)):
                last[row.sentence] = here
                yield from events

    def _recalled(self, sentence: str, here: int) -> bool:
        """Whether a main clause without an act stands before, and the act in what it looks back to (*… five years
        after crowds trashed its embassy*)."""
        start = self.sentences[sentence].start
        return any(match.start() > MAIN_CLAUSE for match in LOOKS_BACK.finditer(self.text[start:here]))

    def events(self, row: Assertion, kind: EventType) -> Iterator[CameoEvent]:
        code = self._code(row, kind)
        teller = self._teller(row, kind)
        sources = self._codes(row.sources)
        if teller is not None and sources and teller not in sources:
            yield from (CameoEvent(source=teller, target=target, code="112") for target in sources)
            return
        for source, target in self._pairs(row):
            yield CameoEvent(source=source, target=target, code=code)

    def statements(self, acts: frozenset[str]) -> Iterator[CameoEvent]:
        """What a named actor says or believes of another, in sentences that tell no act: CAMEO 010."""
        for attribution in self.attributions.values():
            holder = self.actors.get(attribution.holder or "")
            if attribution.sentence in acts or holder is None or holder.kind is ActorKind.UNNAMED:
                continue
            low, high = attribution.content[0][0], attribution.content[-1][1]
            about = sorted((m.start, m.ref) for m in self.mentions if m.head and low <= m.start < high)
            sources = self._codes((holder.id,))
            for code in (code for _, ref in about if ref in self.actors for code in self._codes((ref,))):
                if code not in (*sources, NOBODY):
                    yield CameoEvent(source=sources[0], target=code, code="010")
                    break

    def _code(self, row: Assertion, kind: EventType) -> str:
        own = row.cameo or ROOTS[row.type or kind]
        if row.type is kind or row.type is None or row.type is EventType.CONSULT:
            return own
        if kind is EventType.CONCEDE or (row.status in INTENDED and kind is EventType.AGREE):
            kind = EventType.AGREE
        return self.speech.of(kind, f"{ROOTS[kind]}0", row.type, own)[0] or ROOTS[kind]

    def _teller(self, row: Assertion, kind: EventType) -> str | None:
        """The side that tells, before it, of a hostile act: an accusation."""
        attribution = self.attributions.get(row.attribution or "")
        if kind not in HOSTILE or attribution is None or attribution.act not in TELLING or not row.holders:
            return None
        if attribution.anonymous or not attribution.source or attribution.source[0][0] > row.spans[0][0]:
            return None
        actor = self.actors.get(row.holders[-1])
        return actor.country if actor is not None and actor.kind is not ActorKind.UNNAMED else None

    def _pairs(self, row: Assertion) -> Iterator[tuple[str, str]]:
        sources, targets = self._codes(row.sources), self._codes(row.targets)
        mutual = row.type in MUTUAL
        if not targets and not self._two_sided(row):
            return
        if not targets:
            before, after = self._sides(row)
            sources, targets = (before, after) if before and after else (sources, sources)
            mutual = mutual or not (before and after)
        for source in sources:
            for target in targets:
                alone = source == target and (mutual or source == NOBODY or sources is targets)
                if not alone:
                    yield source, target
                    if mutual and sources is not targets:
                        yield target, source

    def _two_sided(self, row: Assertion) -> bool:
        """Whether several doers without receiver do it with each other: talks, deals, ties; not praise or protest."""
        return row.type in TOGETHER or (row.cameo or "")[:3] in ("054", "057", "087", "127") or row.mode == "meet"

    def _sides(self, row: Assertion) -> tuple[list[str], list[str]]:
        """Doers whom the sentence names before, and after the act's first word."""
        sentence, word = self.sentences[row.sentence], row.spans[0][0]
        first: dict[str, int] = {}
        for mention in self.mentions:
            if sentence.start <= mention.start < sentence.end and mention.ref in self.actors:
                for code in self._codes((mention.ref,)):
                    first[code] = min(mention.start, first.get(code, mention.start))
        codes = self._codes(row.sources)
        before = [code for code in codes if first.get(code, word) < word]
        return before, [code for code in codes if code not in before]

    def _codes(self, identifiers: Sequence[str]) -> list[str]:
        found: dict[str, None] = {}
        for identifier in identifiers:
            actor = self.actors.get(identifier)
            home = home_of(actor)
            if home is not None:
                found[home] = None
            elif actor is not None and actor.sector in BODIES:
                found[str(actor.sector)] = None
            elif actor is not None and actor.kind is ActorKind.ALLIANCE:
                found["IGO"] = None
            else:
                found[NOBODY] = None
        return list(found)
