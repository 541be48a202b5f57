"""How found attributions, hard sentences and factuality are scored against gold (benchmarks' measures, no models)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from demarche.records import Actor, Assertion, Attribution, CodedDocument, Span, Standing

__all__ = ["AttributionScores", "correlation", "hard_sentence_is_right", "score_attributions"]

PARTS = ("source", "cue", "content")
OVERLAP = 0.5
"""Share of characters in common that makes two contents one."""

ALIKE = {
    "alleged": {"actual"},
    "planned": {"planned", "promised"},
    "possible": {"possible", "requested", "conditional"},
    "conditional": {"conditional", "threatened", "promised", "actual"},
}
"""Status words of the hard sentences that CODEBOOK splits or words otherwise (a promise is `promised`, the content of a
request `requested`, an *if* clause `conditional`, a conditional threat THREATEN with its harm)."""
TYPES = {"coerce": {"COERCE", "SANCTION"}, "agree": {"AGREE", "SUPPORT"}, "cooperate": {"COOPERATE", "SUPPORT"},
         "reject": {"REJECT", "SANCTION"}, "threaten": {"THREATEN", "SANCTION"},
         "mobilize": {"MOBILIZE", "AID"}}  # fmt: skip
"""Types of the hard sentences whose convention CODEBOOK settled later: expelling diplomats, reopening an embassy,
troops sent to an ally."""


@dataclass(slots=True)
class AttributionScores:
    """Counts of spans by part, and of linked attributions: PolNeAR's overlap measure (STATEMENTS, section 4a)."""

    hit_gold: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))
    hit_found: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))
    gold: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))
    found: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))
    linked: list[int] = field(default_factory=lambda: [0, 0, 0])

    def f1(self, part: str) -> float:
        """Harmonic mean of the shares of gold and of found spans that share a character with one of the other side."""
        recall = self.hit_gold[part] / max(1, self.gold[part])
        precision = self.hit_found[part] / max(1, self.found[part])
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    def linked_f1(self) -> float:
        """Cue and source overlap (or neither has a source) and contents share half of their characters, one to one."""
        hit, gold, found = self.linked
        return 2 * hit / (gold + found) if gold + found else 0.0


def score_attributions(
    text: str, gold: Sequence[Mapping[str, Any]], coded: CodedDocument, scores: AttributionScores, *, outer: bool
) -> None:
    """Add one document. text: gold's own, whose white space may differ from the document's.

    Pieces of one source and cue count as one attribution, as PolNeAR has it. outer: without those inside another
    attribution's content, which PolNeAR does not annotate.
    """
    found = _merged(row for row in coded.attributions if not outer or row.parent is None)
    place = _places(text, coded.document.text)
    rows = [{part: _moved(row[part], place) for part in PARTS} for row in found]
    for part in PARTS:
        wanted = {tuple(span) for row in gold for span in row[part]}
        got = {span for row in rows for span in row[part]}
        scores.gold[part] += len(wanted)
        scores.found[part] += len(got)
        scores.hit_gold[part] += sum(_meets(span, got) for span in wanted)
        scores.hit_found[part] += sum(_meets(span, wanted) for span in got)
    taken: set[int] = set()
    for row in rows:
        for index, wanted_row in enumerate(gold):
            if index not in taken and _is_linked(row, wanted_row):
                taken.add(index)
                break
    for at, count in enumerate((len(taken), len(gold), len(rows))):
        scores.linked[at] += count


def _merged(rows: Iterable[Attribution]) -> list[dict[str, list[Span]]]:
    by_cue: dict[tuple[tuple[Span, ...], tuple[Span, ...]], dict[str, list[Span]]] = {}
    for row in rows:
        one = by_cue.setdefault(
            (row.source, row.cue), {"source": list(row.source), "cue": list(row.cue), "content": []}
        )
        one["content"].extend(row.content)
    return list(by_cue.values())


def _meets(span: Span, others: Iterable[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def _characters(spans: Iterable[Sequence[int]]) -> set[int]:
    return {at for span in spans for at in range(span[0], span[1])}


def _is_linked(row: Mapping[str, list[Span]], gold: Mapping[str, Any]) -> bool:
    one, two = _characters(row["source"]), _characters(gold["source"])
    if not _characters(row["cue"]) & _characters(gold["cue"]) or bool(one) != bool(two) or (one and not one & two):
        return False
    one, two = _characters(row["content"]), _characters(gold["content"])
    return bool(one and two) and len(one & two) / len(one | two) >= OVERLAP


def _places(text: str, read: str) -> dict[int, int] | None:
    """Offset in the document → offset in gold's text, word by word; None when they are equal."""
    if text == read:
        return None
    one, two = ([m.span() for m in re.finditer(r"\S+", words)] for words in (text, read))
    pairs = difflib.SequenceMatcher(
        None, [text[s:e] for s, e in one], [read[s:e] for s, e in two], autojunk=False
    ).get_matching_blocks()
    place: dict[int, int] = {}
    for block in pairs:
        for step in range(block.size):
            start, end = two[block.b + step]
            place.update({at: one[block.a + step][0] + at - start for at in range(start, end)})
    return place


def _moved(spans: Iterable[Span], place: Mapping[int, int] | None) -> list[Span]:
    if place is None:
        return list(spans)
    found = []
    for start, end in spans:
        inside = [place[at] for at in range(start, end) if at in place]
        if inside:
            found.append((min(inside), max(inside) + 1))
    return found


# --- hard sentences ---------------------------------------------------------------------------------------------------


def hard_sentence_is_right(expected: Sequence[Mapping[str, Any]], coded: CodedDocument) -> bool:
    """Whether every expected record has its row: type, doer, target, status, polarity and holders.

    Records without a PLOVER type are statements that demarche keeps as attributions; where nothing is expected no
    typed row may stand. Targets in words that name no state or body are not compared.
    """
    rows = [row for row in coded.assertions if row.type]
    if not expected:
        return not rows
    return all(
        any(_fits(record, row, coded) for row in rows) if record["plover"] else _is_kept(record, coded)
        for record in expected
    )


def _is_kept(record: Mapping[str, Any], coded: CodedDocument) -> bool:
    """A statement without a type: its speaker stands in an attribution or it has none to stand in."""
    return len(record["holder_chain"]) < 2 or bool(coded.attributions)


def _fits(record: Mapping[str, Any], row: Assertion, coded: CodedDocument) -> bool:
    actors = {actor.id: actor for actor in coded.actors}
    kind = record["plover"]
    status = str(record["status"])
    if status == "planned" and record["polarity"] == "neg":
        status = "negated"
    receivers = (*row.targets, *row.sources) if record.get("symmetric") else row.targets
    return (
        row.type in TYPES.get(kind, {kind.upper()})
        and (row.status in ALIKE.get(status, {status}) or _is_asked_not_to(status, row, coded))
        and (status != "alleged" or row.standing is not Standing.REPORTED)
        and _names(record["actor"], row.sources, actors)
        and _names(record["target"], receivers, actors)
        and _held(record, row, actors)
    )


def _is_asked_not_to(status: str, row: Assertion, coded: CodedDocument) -> bool:
    """CODEBOOK: what somebody is asked not to do is negated; the hard sentences call it possible."""
    asked = any(other.type == "REQUEST" and other.sentence == row.sentence for other in coded.assertions)
    return status == "possible" and row.status == "negated" and asked


def _names(words: str | None, ids: Sequence[str], actors: Mapping[str, Actor]) -> bool:
    code = re.match(r"(?:[A-Z]{3}|NATO|UN)(?=$| \()", words or "")
    if code is None or "implied" in (words or ""):
        return True
    found = {actors[one].country if one in actors and actors[one].country else one for one in ids}
    said = re.search(r"\((\w+)\)", words or "")
    if said and any(one in actors and actors[one].name == said[1] for one in ids):
        return True
    wanted = {code[0], {"NATO": "o:nato", "UN": "o:united-nations"}.get(code[0], code[0])}
    return bool(found & wanted)


def _held(record: Mapping[str, Any], row: Assertion, actors: Mapping[str, Actor]) -> bool:
    chain = [holder for holder in record["holder_chain"] if holder != "narrator"]
    codes = [found[1] for holder in chain if (found := re.search(r"\[([A-Z]{3})\]", holder))]
    mine = {actors[one].country for one in row.holders if one in actors}
    if not chain:
        doers = {actors[one].country for one in row.sources if one in actors}
        return not row.holders or len(row.holders) == 1  # the doer of the speech act holds its content
    if row.holders == () and row.type in ("THREATEN", "REQUEST", "AGREE", "ACCUSE", "REJECT"):
        doers = {actors[one].country for one in row.sources if one in actors}
        return not codes or set(codes) <= doers  # performed by saying it
    return set(codes) <= mine


def correlation(one: Sequence[float], two: Sequence[float]) -> float:
    """Pearson's r."""
    count = len(one)
    mean, other = sum(one) / count, sum(two) / count
    both = sum((a - mean) * (b - other) for a, b in zip(one, two, strict=True))
    spread = (sum((a - mean) ** 2 for a in one) * sum((b - other) ** 2 for b in two)) ** 0.5
    return float(both / spread) if spread else 0.0
