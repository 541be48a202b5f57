"""How a row stands and on whose word: holders from the attributions around it, status from the algebra."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from demarche.coding.attribution import Voices
from demarche.coding.context import DocContext, SentenceView
from demarche.coding.events import Draft
from demarche.coding.holders import read_holders
from demarche.coding.implicit import side_of
from demarche.coding.roles import Cast
from demarche.coding.rules import Lexicon
from demarche.coding.status import StatusReading, StatusTable, Step, read_status
from demarche.records import Certainty, EventType, Polarity, Status

__all__ = ["Outlook", "quoted_holders", "read_outlook"]

CONTENT = {
    EventType.REQUEST: "request",
    EventType.AGREE: "promise",
    EventType.THREATEN: "threaten",
    EventType.REJECT: "negate",
    EventType.CONCEDE: "plan",
}
"""What a speech act does to its content: operators of `status`."""

PERFORMED = frozenset({EventType.THREATEN, EventType.REJECT, EventType.AGREE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """status, polarity, certainty, and the holders' ids, outermost first. attribution: index of the nearest one.

    condition: head word of the clause the act depends on. steps: which word made the status what it is.
    """

    status: Status
    polarity: Polarity
    certainty: Certainty
    holders: tuple[str, ...]
    attribution: int | None = None
    condition: int | None = None
    steps: tuple[Step, ...] = ()


def read_outlook(
    draft: Draft, cast: Cast, lexicon: Lexicon, running: tuple[str, ...], voices: Voices, table: StatusTable
) -> Outlook:
    """Status and holders of a draft. running: holders of a quotation that runs on from the sentence before."""
    reader = Reader(draft=draft, cast=cast, lexicon=lexicon)
    swayed = draft.parent is not None and draft.parent.view.lemmas[draft.parent.word] in table.words["succeeding"]
    attribution, holders = read_holders(draft, cast, voices, reader.holders(running), swayed=swayed)
    if draft.denies is not None:
        return Outlook(
            status=Status.DENIED, polarity=Polarity.NEGATIVE, certainty=Certainty.CERTAIN, holders=holders,
            attribution=attribution,
        )  # fmt: skip
    parent = draft.parent
    given = CONTENT.get(parent.type) if parent is not None else None
    if parent is not None and parent.view.lemmas[parent.word] in table.words["inviting"]:
        given = "request"
    if swayed:
        given = None
    elif given == "negate" and parent is not None and _is_claim(parent, lexicon):
        given = "deny"
    reading = read_status(
        draft.view,
        draft.word,
        table,
        own_will=lambda _: not holders or reader.is_same_side(holders[-1:]),
        given=given,
        stop=parent.word if parent is not None and given is not None else -1,
        told=bool(holders),
        performed=draft.type in PERFORMED
        and (
            (draft.source_rule is not None and "own" in draft.source_rule.where)
            or draft.view.lemmas[draft.word] in table.words["performing"]
        ),
    )
    reading = _tried(draft, _rejected_claim(draft, reading, lexicon), table, swayed=swayed)
    return Outlook(
        status=reading.status, polarity=reading.polarity, certainty=reading.certainty, holders=holders,
        attribution=attribution, condition=reading.condition, steps=reading.steps,
    )  # fmt: skip


def _is_claim(speech: Draft, lexicon: Lexicon) -> bool:
    """Whether what is rejected is what somebody said (*rejected a claim that …*): that is a denial."""
    things = (*speech.slots.get("obj", ()), *speech.slots.get("subj", ()))
    return any(speech.view.lower[thing] in lexicon.classes["charge"] for thing in things)


def _rejected_claim(draft: Draft, reading: StatusReading, lexicon: Lexicon) -> StatusReading:
    """*rejected a claim that it had shelled the port*: denied, also where the rejecting is no row."""
    view, charges = draft.view, lexicon.classes["charge"]
    if reading.status is not Status.NEGATED:
        return reading
    for number, step in enumerate(reading.steps):
        above = view.ancestors(draft.word)
        if step.operator == "negate" and any(
            view.lower[at] in charges and view.relations[at] in ("obj", "nsubj") and view.head(at) == step.word
            for at in above
        ):
            last = replace(step, operator="deny", after=Status.DENIED)
            steps = (*reading.steps[:number], last, *reading.steps[number + 1 :])
            return replace(reading, status=Status.DENIED, steps=steps)
    return reading


def _tried(draft: Draft, reading: StatusReading, table: StatusTable, *, swayed: bool) -> StatusReading:
    """*failed to persuade Quito to send arms*: the asking happened though the persuasion did not, and what was not
    (yet) reached was only asked for. (*persuaded it to*: both happened.)"""
    view, word = draft.view, draft.word
    if swayed and reading.status in (Status.POSSIBLE, Status.PLANNED, Status.PREDICTED):
        last = Step(word=draft.parent.word if draft.parent else word, operator="request", before=reading.status,
                    after=Status.REQUESTED)  # fmt: skip
        return replace(reading, status=Status.REQUESTED, steps=(*reading.steps, last))
    if draft.type is EventType.REQUEST and view.lemmas[word] in table.words["succeeding"] and reading.steps:
        above = {view.lemmas[step.word] for step in reading.steps}
        if above <= table.words["trying"]:
            last = Step(word=word, operator="asked", before=reading.status, after=Status.ACTUAL)
            return replace(
                reading, status=Status.ACTUAL, polarity=Polarity.POSITIVE, certainty=Certainty.CERTAIN,
                steps=(*reading.steps, last),
            )  # fmt: skip
    return reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads the operators over one trigger."""

    draft: Draft
    cast: Cast
    lexicon: Lexicon

    def is_same_side(self, holders: tuple[str, ...]) -> bool:
        sides = {side_of(self.cast, actor) for actor in holders}
        mine = {side_of(self.cast, actor) for actor in self.draft.sources}
        return bool(sides & mine - {None}) or not mine - {None}

    def _is_saying(self, view: SentenceView, word: int) -> bool:
        return view.lower[word] in self.lexicon.classes["verb_saying"] and view.upos(word) in ("VERB", "NOUN")

    def holders(self, running: tuple[str, ...]) -> tuple[str, ...]:
        """Speakers of the contents around the trigger, outermost first."""
        chain: list[str] = []
        for speakers in self._speakers():
            chain.extend(speaker for speaker in speakers[:1] if speaker not in chain)
        chain.reverse()
        return tuple(chain) or (running if self._is_quoted() else ())

    def _speakers(self) -> Iterator[tuple[str, ...]]:
        """From the inside out."""
        view, at, draft = self.draft.view, self.draft.word, self.draft
        parent = draft.parent
        if parent is not None and parent.type is not EventType.SUPPORT:
            if parent.sources:
                yield parent.sources
            yield from Reader(draft=parent, cast=self.cast, lexicon=self.lexicon)._speakers()
            return
        while at >= 0:
            relation, above = view.relations[at], view.head(at)
            for kid in view.kids(at, "parataxis"):
                if self._is_saying(view, kid) and view.kids(kid, "nsubj"):
                    yield self._who(view, kid)
            for kid in view.kids(at, "obl"):
                if any(view.lower[case] == "according" for case in view.kids(kid, "case")):
                    yield self.cast.find(view, [kid]) or self._anonymous(view, kid)
            if above < 0:
                return
            if relation in ("ccomp", "parataxis", "xcomp", "acl", "obj", "advcl", "conj") and above != draft.word:
                word = view.lower[above]
                if (
                    (relation == "ccomp" and self._is_saying(view, above))
                    or (word in self.lexicon.classes["verb_deny"] and relation in ("ccomp", "xcomp", "obj", "advcl"))
                    or (
                        relation in ("xcomp",)
                        and word
                        in (
                            "plan",
                            "plans",
                            "planned",
                            "planning",
                            "intend",
                            "intends",
                            "hope",
                            "hopes",
                        )
                    )
                ):
                    yield self._who(view, above)
            at = above

    def _who(self, view: SentenceView, verb: int) -> tuple[str, ...]:
        from demarche.coding.predicates import read_verb

        words = read_verb(view, verb).get("subj")
        found = self.cast.find(view, words)
        if found:
            return found
        return self._anonymous(view, words[0]) if words else ()

    def _anonymous(self, view: SentenceView, word: int) -> tuple[str, ...]:
        return (self.cast.unnamed(view, word),) if self.cast.is_human(view, word) else ()

    def _is_quoted(self) -> bool:
        view, draft = self.draft.view, self.draft
        return _inside_quote(view, draft.word)


def _inside_quote(view: SentenceView, word: int) -> bool:
    opened = False
    for at in range(word):
        form = view.tree.forms[at]
        if form in ('"', "“", "”", "``", "''"):
            opened = form in ("“", "``") or (form == '"' and not opened)
    return opened


def quoted_holders(context: DocContext, cast: Cast, lexicon: Lexicon) -> list[tuple[str, ...]]:
    """For each sentence the speaker of a quotation that runs into it, if any."""
    running: list[tuple[str, ...]] = []
    last: tuple[str, ...] = ()
    depth = 0
    for view in context.views:
        running.append(last if depth else ())
        speaker = _sentence_speaker(view, cast, lexicon)
        last = speaker or last
        for form in view.tree.forms:
            if form == '"':
                depth = 1 - depth
            elif form == "“":
                depth = 1
            elif form == "”":
                depth = 0
    return running


def _sentence_speaker(view: SentenceView, cast: Cast, lexicon: Lexicon) -> tuple[str, ...]:
    for word, form in enumerate(view.lower):
        if form in lexicon.classes["verb_saying"] and view.upos(word) == "VERB" and view.kids(word, "nsubj"):
            if found := cast.find(view, view.kids(word, "nsubj")):
                return found[:1]
    return ()
