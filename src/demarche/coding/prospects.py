"""Over documents: threats, commitments and forecasts, and what became of them.

Nothing is guessed: a threat counts as carried out, a promise as kept or broken, a forecast as borne out or failed only
where a row of a later day says so, and that row is cited. A copy of the same article shows nothing, nor does a row
whose act lies before the day of the promise. Not done (yet) is no breach: a negated row counts after the horizon, or
where its words say that the doer gave up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from demarche.coding.claims import read_day
from demarche.coding.notes import Note, alike, same_matter
from demarche.records import Commitment, EventType, Forecast, Polarity, Standing, Status, Threat, stable_id

__all__ = ["ProspectBook", "Prospects"]

REACH = {"threat": 365, "commitment": 730, "forecast": 365}
"""Days within which a later row can still show what became of it, when it names no later horizon."""
TURN = 180
"""Days after which what is settled or too late is finished."""
HELD = 32
"""Open prospects that one word of one doer leads to, at most: the latest ones."""
ENOUGH = 2

CONDITION = re.compile(r"\b(?:if|unless|until|as long as|once|should)\b[^,;.\"”]{5,160}", re.IGNORECASE)
LIKELIHOOD = re.compile(
    r"\b(?:very likely|highly likely|unlikely|likely|probably|almost certainly|certainly|expects?|expected|predicts?|"
    r"predicted|forecasts?|doubts?|bound to|improbable|will|would)\b",
    re.IGNORECASE,
)
GAVE_UP = re.compile(
    r"\b(?:refus\w+|fail(?:s|ed)? to|reneg\w+|abandon\w+|scrap(?:s|ped|ping)?|cancel\w*|back(?:s|ed|ing) (?:out|away)|"
    r"broke|breach\w*|violat\w+|walked away|ruled out|called off|shelv\w+|dropp?e?d? (?:its|the) plan)\b",
    re.IGNORECASE,
)

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospects:
    """Finished rows of the three tables."""

    threats: tuple[Threat, ...]
    commitments: tuple[Commitment, ...]
    forecasts: tuple[Forecast, ...]


@dataclass(slots=True, kw_only=True)
class Open:
    """What may still happen. speech: the act that made it; content: what it is about; until: its last day."""

    kind: str
    speech: Note
    content: Note | None
    until: int
    shown: Note | None = None
    happened: bool = False


@dataclass(slots=True)
class ProspectBook:
    """Takes the notes of documents in order of print; `finish` gives the tables. clusters: document → its copies."""

    clusters: Mapping[str, str] = field(default_factory=dict)
    threats: list[Threat] = field(default_factory=list)
    commitments: list[Commitment] = field(default_factory=list)
    forecasts: list[Forecast] = field(default_factory=list)
    opened: list[Open] = field(default_factory=list)
    turned: int = 0
    index: dict[Key, list[Open]] = field(default_factory=dict)

    def add(self, notes: Sequence[Note]) -> None:
        """Take the notes of one document: first what they show of earlier ones, then what they open."""
        day = read_day(notes[0].day) if notes else None
        if day is not None and day - self.turned > TURN:
            self._turn(day)
        for note in notes:
            if note.status in (Status.ACTUAL, Status.NEGATED) and note.standing is not Standing.DISPUTED:
                self._show(note)
        by_sentence: dict[str, list[Note]] = {}
        for note in notes:
            by_sentence.setdefault(note.sentence, []).append(note)
            if note.status is Status.PREDICTED:
                self._open("forecast", note, note)
        for row in by_sentence.values():
            for speech, content in _acts(row, EventType.THREATEN, Status.THREATENED):
                self._open("threat", speech, content)
            for speech, content in _acts(row, EventType.AGREE, Status.PROMISED):
                if content is not None and (content.sources or speech.sources):
                    self._open("commitment", speech, content)

    def finish(self) -> Prospects:
        """The tables, sorted by id."""
        self._close(self.opened)
        self.opened, self.index = [], {}
        return Prospects(
            threats=tuple(sorted(self.threats, key=lambda row: row.id)),
            commitments=tuple(sorted(self.commitments, key=lambda row: row.id)),
            forecasts=tuple(sorted(self.forecasts, key=lambda row: row.id)),
        )

    def _turn(self, day: int) -> None:
        """Finish what no note of `day` or later can answer, so that memory holds only what is open."""
        self.turned = day
        self._close(one for one in self.opened if one.shown is not None or one.until < day)
        self.opened = [one for one in self.opened if one.shown is None and one.until >= day]
        live = set(map(id, self.opened))
        kept = ((key, [one for one in held if id(one) in live]) for key, held in self.index.items())
        self.index = {key: held for key, held in kept if held}

    def _close(self, done: Iterable[Open]) -> None:
        for one in done:
            if one.kind == "threat":
                self.threats.append(_threat(one))
            elif one.kind == "commitment":
                self.commitments.append(_commitment(one))
            else:
                self.forecasts.append(_forecast(one))

    def _open(self, kind: str, speech: Note, content: Note | None) -> None:
        horizon = read_day(_horizon(content or speech)) or 0
        one = Open(
            kind=kind, speech=speech, content=content, until=max(horizon, (read_day(speech.day) or 0) + REACH[kind])
        )
        self.opened.append(one)
        if content is not None and content.day is not None and content.doers:
            for key in _keys(content):
                held = self.index.setdefault(key, [])
                held.append(one)
                if len(held) > HELD:
                    held[:] = [each for each in held if each.shown is None][-HELD:]

    def _show(self, note: Note) -> None:
        day = read_day(note.day)
        if day is None:
            return
        for key in _keys(note):
            for one in self.index.get(key, ()):
                if one.shown is None and day <= one.until and self._shows(note, one):
                    one.shown = note
                    one.happened = note.status is Status.ACTUAL

    def _shows(self, note: Note, one: Open) -> bool:
        """Whether a later note tells what became of a prospect."""
        content = one.content
        if content is None or content.day is None or note.day is None or note.day <= content.day:
            return False
        if (
            self._copies(note) == self._copies(content)
            or not same_matter(note, content)
            or alike(note, content) < ENOUGH
        ):
            return False
        if bool(note.done_to) != bool(content.done_to) and alike(note, content) < ENOUGH + 1:
            return False
        if not content.done_to and not (content.doers <= note.doers and alike(note, content) > ENOUGH):
            return False
        if note.end is not None and note.end < content.day:
            return False
        if note.status is Status.ACTUAL:
            return True
        horizon = _horizon(content)
        return (horizon is not None and note.day >= horizon) or GAVE_UP.search(note.words) is not None

    def _copies(self, note: Note) -> str:
        return self.clusters.get(note.document, note.document)


def _keys(note: Note) -> Iterator[Key]:
    for doer in sorted(note.doers):
        yield (note.type, doer, f"={note.predicate}")
        for stem in note.stems:
            yield (note.type, doer, stem)


def _acts(notes: Sequence[Note], kind: EventType, status: Status) -> Iterator[tuple[Note, Note | None]]:
    """Speech acts of a sentence with their contents; a content without a speech act stands for itself."""
    contents = [note for note in notes if note.status is status]
    used: set[str] = set()
    made = [n for n in notes if n.type is kind and n.status in (Status.ACTUAL, Status.CONDITIONAL)]
    for speech in made:
        mine = [c for c in contents if c.id not in used and c is not speech and _by(speech, c)]
        if not mine and len(made) == 1:
            mine = [c for c in contents if c is not speech]  # one act and its content, their doers read otherwise
        used.update(c.id for c in mine)
        for content in mine:
            yield speech, content
        if not mine:
            yield speech, None
    unsaid = [note for note in notes if note.type is kind and note.status not in (Status.ACTUAL, Status.CONDITIONAL)]
    for content in contents:
        if any(_by(speech, content) for speech in unsaid):
            continue  # *has not offered to mediate*
        if content.id not in used and content.type is not kind:
            yield content, content


def _by(speech: Note, content: Note) -> bool:
    return not speech.doers or not content.doers or not speech.doers.isdisjoint(content.doers)


def _threat(one: Open) -> Threat:
    speech, harm = one.speech, one.content
    return Threat(
        id=stable_id("t", speech.id, harm.id if harm else None),
        assertion=speech.id,
        threatener=speech.sources,
        target=speech.targets or (harm.targets if harm else ()),
        harm=harm.id if harm else None,
        condition=(harm.condition if harm else None) or speech.condition,
        condition_text=_condition_text(speech.words),
        deadline=_horizon(harm or speech),
        date=speech.day,
        state="carried out" if one.shown is not None and one.happened else "open",
        shown_by=one.shown.id if one.shown is not None and one.happened else None,
    )


def _commitment(one: Open) -> Commitment:
    speech, content = one.speech, one.content or one.speech
    return Commitment(
        id=stable_id("o", speech.id, content.id),
        assertion=speech.id,
        debtor=speech.sources or content.sources,  # who gave its word, also for what its officers will do
        creditor=speech.targets or content.targets,
        content=content.id,
        holder=speech.holders,
        date=speech.day,
        state="open" if one.shown is None else "kept" if one.happened else "broken",
        shown_by=one.shown.id if one.shown is not None else None,
    )


def _forecast(one: Open) -> Forecast:
    note = one.speech
    word = LIKELIHOOD.search(note.words)
    right = one.happened is not (note.polarity is Polarity.NEGATIVE)
    return Forecast(
        id=stable_id("f", note.id),
        assertion=note.id,
        forecaster=note.holders,
        likelihood=word[0].lower() if word else None,
        horizon=_horizon(note),
        date=note.day,
        state="open" if one.shown is None else "borne out" if right else "failed",
        shown_by=one.shown.id if one.shown is not None else None,
    )


def _condition_text(words: str) -> str | None:
    match = CONDITION.search(words)
    return match[0].strip() if match else None


def _horizon(note: Note) -> str | None:
    """The last day of a prospect; a time that ends before it was printed is no horizon."""
    end = note.end or note.start
    return end if end is not None and (note.day is None or end >= note.day) else None
