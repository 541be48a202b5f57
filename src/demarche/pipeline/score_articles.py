"""The articles board: coded articles against articles whose every act was coded by hand.

Measures (micro precision, recall, F1 over rows; one gold row meets at most one found row, best pairs first):

- trigger: same sentence, the act noticed at all; type: same sentence and PLOVER type; dyad: and the same sources and
  targets by country (an organisation without country by its name); status: and the same status; full: and the same
  holders and standing;
- attribution: source, cue and content each overlap gold's by at least half of their characters (Jaccard);
  holder: and the same holder;
- roles: accuracy of the roles of marked lines; a line of page furniture may also be dropped.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from demarche.records import Actor, ActorKind, Assertion, Attribution, CodedDocument, Role, Span

__all__ = ["ArticleScores", "Score", "matched_rows", "same_actors", "score_articles"]

LEVELS = ("trigger", "type", "dyad", "status", "full", "attribution", "holder")
FURNITURE = frozenset({"prompt", "counter", "advert", "copyright", "form", "navigation", "related"})
UNNAMED = frozenset({"unnamed"})

Label = frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """hit, found, gold: rows."""

    hit: int
    found: int
    gold: int

    @property
    def precision(self) -> float:
        return self.hit / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.hit / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(slots=True)
class ArticleScores:
    """Counts over articles; `score(level)` for one of `LEVELS`. roles: (right, marked) lines."""

    hit: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    gold: Counter[str] = field(default_factory=Counter)
    roles: tuple[int, int] = (0, 0)

    def score(self, level: str) -> Score:
        return Score(hit=self.hit[level], found=self.found[level], gold=self.gold[level])


def score_articles(gold: Sequence[Mapping[str, Any]], coded: Mapping[str, CodedDocument]) -> ArticleScores:
    """Score coded articles, by gold id; an article that is missing counts as coded empty."""
    scores = ArticleScores()
    for article in gold:
        one = coded.get(article["id"])
        _score_events(article, one, scores)
        _score_attributions(article, one, scores)
        _score_roles(article, one, scores)
    return scores


def _plain(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", label.lower()).strip().removeprefix("the ").strip()


def _gold_labels(labels: Sequence[str]) -> list[Label]:
    """One set of alternatives a label (written with `|`)."""
    return [frozenset(map(_plain, label.split("|"))) for label in labels]


def _label(identifier: str, actors: Mapping[str, Actor]) -> Label:
    actor = actors.get(identifier)
    if actor is None:
        return frozenset({_plain(identifier)})
    if actor.country:
        return frozenset({_plain(actor.country)})
    if actor.kind is ActorKind.UNNAMED:
        return UNNAMED
    return frozenset({_plain(actor.name), _plain(identifier)})


def same_actors(wanted: Sequence[str], ids: Sequence[str], actors: Mapping[str, Actor]) -> bool:
    """Every gold label is met by a found one and no found one is left over; unnamed ones do not count."""
    gold = [label for label in _gold_labels(wanted) if label != UNNAMED]
    found = [label for label in {_label(i, actors) for i in ids} if label != UNNAMED]
    return all(any(g & f for f in found) for g in gold) and all(any(g & f for g in gold) for f in found)


def _locate(text: str, quote: str) -> Span | None:
    """Where gold's words stand in the text as it was read; white space may differ."""
    found = re.search(r"\s+".join(map(re.escape, quote.split())), text)
    return (found.start(), found.end()) if found else None


def _shared(one: Span, two: Span) -> int:
    return max(0, min(one[1], two[1]) - max(one[0], two[0]))


def _jaccard(spans: Sequence[Span], whole: Span) -> float:
    inside = sum(_shared(span, whole) for span in spans)
    union = sum(end - start for start, end in spans) + whole[1] - whole[0] - inside
    return inside / union if union > 0 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    weight: int
    gold: int
    found: int
    agreed: tuple[bool, bool, bool, bool, bool]


def _score_events(article: Mapping[str, Any], one: CodedDocument | None, scores: ArticleScores) -> None:
    rows = [row for row in one.assertions if row.type] if one else []
    for level in LEVELS[:5]:
        scores.gold[level] += len(article["events"])
        scores.found[level] += len(rows)
    if one is None:
        return
    taken_gold: set[int] = set()
    taken_found: set[int] = set()
    for pair in sorted(_pairs(article, one, rows), key=lambda pair: -pair.weight):
        if pair.weight and pair.gold not in taken_gold and pair.found not in taken_found:
            taken_gold.add(pair.gold)
            taken_found.add(pair.found)
            trigger, kind, dyad, status, rest = pair.agreed
            reached = (trigger, kind, kind and dyad, kind and dyad and status, kind and dyad and status and rest)
            scores.hit.update(level for level, fine in zip(LEVELS, reached, strict=False) if fine)


def matched_rows(article: Mapping[str, Any], one: CodedDocument) -> Iterator[tuple[Mapping[str, Any], Assertion]]:
    """Gold events with the found rows that carry their trigger and type, one to one, best pairs first."""
    rows = [row for row in one.assertions if row.type]
    taken_gold: set[int] = set()
    taken_found: set[int] = set()
    for pair in sorted(_pairs(article, one, rows), key=lambda pair: -pair.weight):
        if pair.weight and pair.gold not in taken_gold and pair.found not in taken_found:
            taken_gold.add(pair.gold)
            taken_found.add(pair.found)
            if pair.agreed[0] and pair.agreed[1]:
                yield article["events"][pair.gold], rows[pair.found]


def _pairs(article: Mapping[str, Any], one: CodedDocument, rows: Sequence[Assertion]) -> Iterator[_Pair]:
    """Every gold row with every found row whose sentence holds at least half of gold's clause."""
    actors = {actor.id: actor for actor in one.actors}
    sentences = {s.id: (s.start, s.end) for s in one.sentences}
    for g, event in enumerate(article["events"]):
        clause = _locate(one.document.text, event["quote"])
        if clause is None:
            continue
        at = one.document.text.find(event["trigger"], clause[0])
        trigger = (at, at + len(event["trigger"]))
        for f, row in enumerate(rows):
            sentence = sentences.get(row.sentence)
            if sentence is None or _shared(sentence, clause) * 2 < clause[1] - clause[0]:
                continue
            hit = any(_shared(span, trigger) for span in row.spans)
            kind = row.type == event["type"]
            dyad = same_actors(event["sources"], row.sources, actors) and same_actors(
                event["targets"], row.targets, actors
            )
            status = row.status == event["status"]
            holder = same_actors(event.get("holders") or [], row.holders, actors)
            weight = 6 * hit + 8 * kind + 4 * dyad + 2 * status + holder
            rest = holder and row.standing == event.get("standing")
            yield _Pair(weight=weight, gold=g, found=f, agreed=(hit, kind, dyad, status, rest))


def _score_attributions(article: Mapping[str, Any], one: CodedDocument | None, scores: ArticleScores) -> None:
    gold = article.get("attributions", [])
    rows = list(one.attributions) if one else []
    for level in LEVELS[5:]:
        scores.gold[level] += len(gold)
        scores.found[level] += len(rows)
    if one is None:
        return
    actors = {actor.id: actor for actor in one.actors}
    free = dict(enumerate(rows))
    for wanted in gold:
        content = _locate(one.document.text, wanted["content"])
        if content is None or not free:
            continue
        best = max(free, key=lambda index: (_jaccard(free[index].content, content), -index))
        row = free[best]
        if _jaccard(row.content, content) < 0.5 or not _same_words(one.document.text, wanted, row, content[0]):
            continue
        del free[best]
        holder = [wanted["holder"]] if wanted.get("holder") else []
        scores.hit["attribution"] += 1
        scores.hit["holder"] += same_actors(holder, [row.holder] if row.holder else [], actors)


def _same_words(text: str, wanted: Mapping[str, Any], row: Attribution, anchor: int) -> bool:
    """Cue (the occurrence next to the content, on either side) and source (any occurrence) agree by half."""
    near = (text.rfind(wanted["cue"], 0, anchor), text.find(wanted["cue"], anchor))
    cue = any(at >= 0 and _jaccard(row.cue, (at, at + len(wanted["cue"]))) >= 0.5 for at in near)
    if not wanted.get("source"):
        return cue
    places = (m.span() for m in re.finditer(re.escape(wanted["source"]), text))
    return cue and any(_jaccard(row.source, place) >= 0.5 for place in places)


def _score_roles(article: Mapping[str, Any], one: CodedDocument | None, scores: ArticleScores) -> None:
    right, marked = scores.roles
    lines = article["text"].split("\n")
    for number, role in article.get("roles", []):
        marked += 1
        found = _role_of(one, lines[number - 1].strip()) if one else None
        right += found == role or (found is None and role in FURNITURE)
    scores.roles = (right, marked)


def _role_of(one: CodedDocument, line: str) -> Role | None:
    """Role of the first paragraph that shares a character with the line; None: the line was dropped."""
    at = one.document.text.find(line)
    if at < 0:
        return None
    place = (at, at + max(1, len(line)))
    return next((p.role for p in one.paragraphs if _shared((p.start, p.end), place)), None)
