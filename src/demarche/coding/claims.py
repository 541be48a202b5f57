"""Over documents: claims with their stances, threats, commitments, forecasts. Pure functions over coded documents.

Nothing is guessed: a promise is kept, a threat carried out, a forecast borne out only where a later row says so, and
that row is cited. The order of the documents changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from demarche.coding.standing import Sides, compatible, sides_of
from demarche.records import (
    Actor,
    Assertion,
    Claim,
    CodedDocument,
    Commitment,
    EventType,
    Forecast,
    Polarity,
    Stance,
    Standing,
    Status,
    Threat,
    Time,
    stable_id,
)

__all__ = ["DerivedStatements", "Gathered", "derive_statements", "gather"]

REACH = 14
"""Days within which a denial finds the claim of another article."""

CLAIMED = frozenset({Status.ACTUAL, Status.DENIED, Status.NEGATED})
DENYING = frozenset({Status.DENIED, Status.NEGATED})
CONDITION = re.compile(r"\b(?:if|unless|until|as long as|once|should)\b[^,;.\"”]{5,160}", re.IGNORECASE)
LIKELIHOOD = re.compile(
    r"\b(?:very likely|highly likely|unlikely|likely|probably|almost certainly|certainly|expects?|expected|predicts?|"
    r"predicted|forecasts?|doubts?|bound to|improbable|will|would)\b",
    re.IGNORECASE,
)
COMMON = frozenset("about after against their there which would could should other under where while being".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One assertion with what is needed of its document. day: publication date; sentence: its words."""

    row: Assertion
    document: str
    day: str | None
    sentence: str
    time: Time | None

    @property
    def order(self) -> tuple[str, str, int]:
        return (self.day or "", self.document, int(re.sub(r"\D", "", self.row.id.rsplit(".", 1)[-1]) or 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Typed rows of all documents in the order of their dates, and the actors by id."""

    rows: tuple[Row, ...]
    actors: Sides


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedStatements:
    """Rows of the record's tables. standings: assertions that are disputed over the whole record."""

    claims: tuple[Claim, ...]
    stances: tuple[Stance, ...]
    threats: tuple[Threat, ...]
    commitments: tuple[Commitment, ...]
    forecasts: tuple[Forecast, ...]
    standings: dict[str, Standing]


def gather(documents: Iterable[CodedDocument]) -> Gathered:
    """What the derivations need of each document; texts are not kept."""
    rows: list[Row] = []
    actors: dict[str, Actor] = {}
    for one in documents:
        text = one.document.text
        sentences = {s.id: text[s.start : s.end] for s in one.sentences}
        times = {time.id: time for time in one.times}
        day = (one.document.published or "")[:10] or None
        for actor in one.actors:
            actors.setdefault(actor.id, actor)
        rows.extend(
            Row(
                row=row,
                document=one.document.id,
                day=day,
                sentence=sentences.get(row.sentence, ""),
                time=times.get(row.time or ""),
            )
            for row in one.assertions
            if row.type is not None
        )
    return Gathered(rows=tuple(sorted(rows, key=lambda row: row.order)), actors=actors)


def derive_statements(documents: Iterable[CodedDocument]) -> DerivedStatements:
    """All tables of this file from the coded documents, in any order."""
    found = gather(documents)
    claims, stances = pair_claims(found)
    disputed = {claim.id for claim in claims if claim.standing is Standing.DISPUTED}
    return DerivedStatements(
        claims=claims,
        stances=stances,
        threats=derive_threats(found),
        commitments=derive_commitments(found),
        forecasts=derive_forecasts(found),
        standings={s.assertion: Standing.DISPUTED for s in stances if s.claim in disputed},
    )


# --- claims -----------------------------------------------------------------------------------------------------------


def pair_claims(found: Gathered) -> tuple[tuple[Claim, ...], tuple[Stance, ...]]:
    """Propositions that stand on somebody's word, with every stance on them.

    Two rows are about one proposition when type and doer agree, targets do not exclude each other, they stand at most
    `REACH` days apart and share the predicate or at least two words of substance.
    """
    groups: list[list[Row]] = []
    by_key: dict[tuple[EventType | None, str], list[int]] = {}
    for row in found.rows:
        if row.row.status not in CLAIMED:
            continue
        sides = sorted(sides_of(row.row.sources, found.actors)) or ["?"]
        home = _home(row, [groups[i] for key in sides for i in by_key.get((row.row.type, key), ())], found.actors)
        if home is None:
            groups.append([row])
            for key in sides:
                by_key.setdefault((row.row.type, key), []).append(len(groups) - 1)
        else:
            home.append(row)
    claims: list[Claim] = []
    stances: list[Stance] = []
    for group in groups:
        if any(row.row.holders or row.row.status is Status.DENIED for row in group):
            claim, taken = _claim(group)
            claims.append(claim)
            stances.extend(taken)
    return tuple(sorted(claims, key=lambda c: c.id)), tuple(sorted(stances, key=lambda s: (s.claim, s.assertion)))


def _home(row: Row, groups: Sequence[list[Row]], actors: Sides) -> list[Row] | None:
    for group in reversed(groups):
        if any(
            compatible(row.row, other.row, actors) and _near(row, other) and _alike(row, other) for other in group[-8:]
        ):
            return group
    return None


def _near(one: Row, two: Row) -> bool:
    if one.document == two.document:
        return True
    if one.day is None or two.day is None:
        return False
    return abs((_date(one.day) - _date(two.day)).days) <= REACH


def _date(day: str) -> date:
    return date.fromisoformat(day)


def _alike(one: Row, two: Row) -> bool:
    if one.row.predicate == two.row.predicate:
        return True
    return len(_substance(one.sentence) & _substance(two.sentence)) >= 2


def _substance(sentence: str) -> frozenset[str]:
    return frozenset(word[:7] for word in re.findall(r"[a-z]{5,}", sentence.lower()) if word not in COMMON)


def _claim(group: Sequence[Row]) -> tuple[Claim, list[Stance]]:
    first = group[0]
    identity = stable_id("c", str(first.row.type), first.row.id)
    asserting: dict[str, None] = {}
    denying: dict[str, None] = {}
    stances = []
    told = False
    for row in group:
        deny = row.row.status in DENYING
        holder = row.row.holders[-1] if row.row.holders else None
        told = told or (not deny and holder is None)
        if holder is not None:
            (denying if deny else asserting)[holder] = None
        stances.append(
            Stance(
                claim=identity,
                assertion=row.row.id,
                holder=holder,
                stance="deny" if deny else "assert",
                date=row.day,
            )
        )
    kinds = {stance.stance for stance in stances}
    standing = Standing.DISPUTED if len(kinds) > 1 else Standing.REPORTED if told else Standing.ATTRIBUTED
    days = sorted(row.day for row in group if row.day)
    claim = Claim(
        id=identity,
        type=first.row.type or EventType.ACCUSE,
        sources=first.row.sources,
        targets=first.row.targets,
        words=" ".join(first.sentence.split())[:240],
        first=days[0] if days else None,
        last=days[-1] if days else None,
        asserting=tuple(sorted(asserting)),
        denying=tuple(sorted(denying)),
        documents=len({row.document for row in group}),
        standing=standing,
    )
    return claim, stances


# --- threats, commitments, forecasts ----------------------------------------------------------------------------------


def derive_threats(found: Gathered) -> tuple[Threat, ...]:
    """Every performed THREATEN row with its threatened act; and threatened acts that stand without one."""
    return tuple(
        Threat(
            id=stable_id("t", speech.row.id, harm.row.id if harm else None),
            assertion=speech.row.id,
            threatener=speech.row.sources,
            target=speech.row.targets or (harm.row.targets if harm else ()),
            harm=harm.row.id if harm else None,
            condition=(harm.row.condition if harm else None) or speech.row.condition,
            condition_text=_condition_text(speech.sentence),
            deadline=_horizon(harm or speech),
            date=speech.day,
            state="carried out" if harm and _shown(harm, found, Status.ACTUAL) else "open",
        )
        for speech, harm in _acts(found, EventType.THREATEN, Status.THREATENED)
    )


def derive_commitments(found: Gathered) -> tuple[Commitment, ...]:
    """Every promise with what is owed. Kept or broken only where a later row says so."""
    rows = []
    for speech, content in _acts(found, EventType.AGREE, Status.PROMISED):
        if content is None:
            continue
        kept, broken = _shown(content, found, Status.ACTUAL), _shown(content, found, Status.NEGATED)
        shown = min((row for row in (kept, broken) if row is not None), key=lambda row: row.order, default=None)
        rows.append(
            Commitment(
                id=stable_id("o", speech.row.id, content.row.id),
                assertion=speech.row.id,
                debtor=content.row.sources or speech.row.sources,
                creditor=speech.row.targets or content.row.targets,
                content=content.row.id,
                holder=speech.row.holders,
                date=speech.day,
                state="open" if shown is None else "kept" if shown is kept else "broken",
                shown_by=shown.row.id if shown else None,
            )
        )
    return tuple(rows)


def derive_forecasts(found: Gathered) -> tuple[Forecast, ...]:
    """Every predicted row with its forecaster, word of likelihood and horizon."""
    rows = []
    for row in found.rows:
        if row.row.status is not Status.PREDICTED:
            continue
        happened, failed = _shown(row, found, Status.ACTUAL), _shown(row, found, Status.NEGATED)
        if row.row.polarity is Polarity.NEGATIVE:
            happened, failed = failed, happened
        shown = min((one for one in (happened, failed) if one is not None), key=lambda one: one.order, default=None)
        word = LIKELIHOOD.search(row.sentence)
        rows.append(
            Forecast(
                id=stable_id("f", row.row.id),
                assertion=row.row.id,
                forecaster=row.row.holders,
                likelihood=word[0].lower() if word else None,
                horizon=_horizon(row),
                date=row.day,
                state="open" if shown is None else "borne out" if shown is happened else "failed",
                shown_by=shown.row.id if shown else None,
            )
        )
    return tuple(rows)


def _acts(found: Gathered, kind: EventType, status: Status) -> Iterator[tuple[Row, Row | None]]:
    """Speech acts with the rows of their content in the same sentence; contents without a speech act stand alone."""
    by_sentence: dict[str, list[Row]] = {}
    for row in found.rows:
        by_sentence.setdefault(row.row.sentence, []).append(row)
    for rows in by_sentence.values():
        contents = [row for row in rows if row.row.status is status]
        used: set[str] = set()
        for speech in (r for r in rows if r.row.type is kind and r.row.status in (Status.ACTUAL, Status.CONDITIONAL)):
            mine = [c for c in contents if c.row.id not in used and _by(speech, c, found.actors)]
            used.update(c.row.id for c in mine)
            for content in mine:
                yield speech, content
            if not mine:
                yield speech, None
        for content in contents:
            if content.row.id not in used and content.row.type is not kind:
                yield content, content


def _by(speech: Row, content: Row, actors: Sides) -> bool:
    mine, others = sides_of(speech.row.sources, actors), sides_of(content.row.sources, actors)
    return not mine or not others or bool(mine & others)


def _shown(row: Row, found: Gathered, status: Status) -> Row | None:
    """The first row of a later day, in an article's own voice or on somebody's word, that shows what became of it."""
    if row.day is None:
        return None
    for other in found.rows:
        later = other.day is not None and other.day > row.day
        if later and other.row.status is status and compatible(row.row, other.row, found.actors) and _alike(row, other):
            return other
    return None


def _condition_text(sentence: str) -> str | None:
    match = CONDITION.search(sentence)
    return match[0].strip() if match else None


def _horizon(row: Row) -> str | None:
    return row.time.end or row.time.start if row.time is not None else None
