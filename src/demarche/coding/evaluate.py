"""The room's board: sets coded by others, in PLOVER and CAMEO, and sentences without any act.

Every set is measured as a user meets it, from the bare sentence on. Whoever calls brings the pipeline (`CodeTexts`),
since this room knows neither parser nor linker.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

from demarche.coding.cameo_form import NOBODY, cameo_events, home_of
from demarche.coding.plover import plover_types
from demarche.records import Actor, ActorKind, Assertion, BoardRow, CodedDocument, EventType
from demarche.resources import read_toml

__all__ = ["BoardRow", "CodeTexts", "CodingScores", "evaluate_coding", "score_coding"]

CODES = {"JAP": "JPN", "ITL": "ITA", "VTN": "VNM", "ITY": "ITA", "GUY": "GUY"}
"""Slips in the gold's country codes."""

BODY = "organisation"
"""What stands for an actor without a country in the comparison: their codes (IGO, NGO …) do not say which one."""

FICTIONAL = Path(str(files("demarche.resources"))) / "coding" / "fictional_actors.toml"
"""Arnor, Gondor and the others of PETRARCH's unit sentences, as a user would give them (`--actors`)."""

FLOORS: Mapping[tuple[str, str], float] = {
    ("plover_gsr_cameo", "type of the main event, accuracy"): 0.78,
    ("plover_gsr_cameo", "type and countries F1"): 0.62,
    ("petrarch_unittest", "source, target and root F1"): 0.50,
    ("cameo_examples", "root among the rows"): 0.71,
    ("cameo_examples", "exact code among the rows"): 0.46,
}
"""Reached (docs/coding-board.md), less about one and a half standard errors: not to be lost."""

Dyad = tuple[str, str, str]


class CodeTexts(Protocol):
    """Codes bare sentences, each an article of its own. actors: tables of the user's own actors."""

    def __call__(
        self, rows: Sequence[Mapping[str, str | None]], *, actors: Sequence[Path] = ()
    ) -> Sequence[CodedDocument]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A sentence where coder and gold differ. wanted, found: as text. rules: what fired."""

    set: str
    id: str
    text: str
    wanted: str
    found: str
    rules: tuple[str, ...]


@dataclass(slots=True)
class CodingScores:
    """Figures, confusions (wanted type, found type) by set, and every miss in the order of the set.

    coded: set → its sentences and the main type (or `none`) that was found in each: what other coders are compared by.
    """

    rows: list[BoardRow] = field(default_factory=list)
    confusion: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)
    misses: list[Miss] = field(default_factory=list)
    coded: dict[str, tuple[list[dict[str, str | None]], list[str]]] = field(default_factory=dict)

    def add(self, name: str, measure: str, value: float, units: int) -> None:
        floor = FLOORS.get((name, measure))
        self.rows.append(BoardRow(set=name, measure=measure, value=round(value, 4), units=units, floor=floor))

    def add_f1(self, name: str, measure: str, hit: int, found: int, gold: int) -> None:
        """Precision, recall and F1 over events."""
        precision, recall = hit / found if found else 0.0, hit / gold if gold else 0.0
        self.add(name, f"{measure} precision", precision, found)
        self.add(name, f"{measure} recall", recall, gold)
        self.add(name, f"{measure} F1", 2 * hit / (found + gold) if found + gold else 0.0, gold)


def evaluate_coding(data: Path, code: CodeTexts) -> list[BoardRow]:
    """Every row of the board. data: the folder with `events/`.

    Raises:
        FileNotFoundError: a set is missing.
    """
    return score_coding(data, code).rows


def score_coding(data: Path, code: CodeTexts) -> CodingScores:
    """Figures, confusions and misses of all sets."""
    scores = CodingScores()
    _score_plover(_read(data / "events" / "plover_gsr_cameo.jsonl"), code, scores)
    _score_cameo("petr2_gsr_validation", _read(data / "events" / "petr2_gsr_validation_ud.jsonl"), code, scores, CAMEO)
    fictional = _read(data / "events" / "petrarch_unittest_p2gold.jsonl")
    _score_cameo("petrarch_unittest", fictional, code, scores, weis(), actors=[FICTIONAL])
    _score_examples(_read(data / "events" / "cameo_examples.jsonl"), code, scores)
    return scores


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _bare(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, str | None]]:
    return [{"id": row["id"], "text": row["text"].strip("{} \n"), "published": row.get("date")} for row in rows]


def _score_plover(gold: list[dict[str, Any]], code: CodeTexts, scores: CodingScores) -> None:
    """plover_gsr_cameo: one main event a sentence, with the countries of its actors.

    The main event is the row highest in the tree: the act the sentence is about. An event counts when type, source
    countries and target countries agree; a two-sided act may list its sides in any way.
    """
    name = "plover_gsr_cameo"
    table = scores.confusion.setdefault(name, Counter())
    hit = found = typed = anywhere = 0
    texts, types = scores.coded.setdefault(name, (_bare(gold), []))
    for row, one in zip(gold, code(texts), strict=True):
        event = row["events"][0]
        kinds = plover_types(one.assertions)
        main = _main(one, kinds)
        wanted = event["plover16"]
        mine = main[1].value if main else "none"
        table[wanted, mine] += 1
        types.append(mine)
        typed += mine == wanted
        found += main is not None
        actors = {actor.id: actor for actor in one.actors}
        right = main is not None and mine == wanted and _same_countries(event, main[0], actors)
        hit += right
        anywhere += any(kind.value == wanted and _same_countries(event, r, actors) for r, kind in kinds)
        if not right:
            sides = [[_country(a) for a in event[side]] for side in ("source", "target")]
            scores.misses.append(
                Miss(
                    set=name, id=row["id"], text=row["text"], wanted=f"{wanted} {_plus(sides[0])} > {_plus(sides[1])}",
                    found=_rows(main[0], mine, actors) if main else "none", rules=tuple(r.rule for r in one.assertions),
                )
            )  # fmt: skip
    scores.add(name, "type of the main event, accuracy", typed / len(gold), len(gold))
    scores.add_f1(name, "type and countries", hit, found, len(gold))
    scores.add(name, "type and countries of any row, recall", anywhere / len(gold), len(gold))


def _main(one: CodedDocument, kinds: Sequence[tuple[Assertion, EventType]]) -> tuple[Assertion, EventType] | None:
    """The row that nothing else reports: without a row as its condition or content above it; the first of those."""
    return min(kinds, key=lambda pair: _rank(pair[0], one), default=None)


def _rank(row: Assertion, one: CodedDocument) -> tuple[int, int, int]:
    """Actual acts of the article's own voice first, then by place in the text."""
    return (row.status.value != "actual", len(row.holders), row.spans[0][0])


def _country(actor: Mapping[str, Any]) -> str:
    code = CODES.get(actor.get("code") or "", actor.get("code") or "")
    return BODY if code in ("IGO", "NGO", "IMG", "ISM", "UNO", "MNC", "") else code


def _side(identifiers: Iterable[str], actors: Mapping[str, Actor]) -> set[str]:
    found = set()
    for identifier in identifiers:
        actor = actors.get(identifier)
        if actor is None:
            found.add(identifier)
        elif home := home_of(actor):
            found.add(home)
        elif actor.kind is not ActorKind.UNNAMED:
            found.add(BODY)
    return found


def _same_countries(event: Mapping[str, Any], row: Assertion, actors: Mapping[str, Actor]) -> bool:
    wanted = [{_country(actor) for actor in event[side]} for side in ("source", "target")]
    found = [_side(row.sources, actors), _side(row.targets, actors)]
    if row.type in (EventType.CONSULT, EventType.COOPERATE) or not wanted[1] or not found[1]:
        return wanted[0] | wanted[1] == found[0] | found[1]
    return wanted == found


def _plus(labels: Iterable[str]) -> str:
    return "+".join(sorted(labels)) or "–"


def _rows(row: Assertion, kind: str, actors: Mapping[str, Actor]) -> str:
    return f"{kind} {_plus(_side(row.sources, actors))} > {_plus(_side(row.targets, actors))}"


def _score_cameo(
    name: str, gold: list[dict[str, Any]], code: CodeTexts, scores: CodingScores, scheme: Scheme, **how: Any
) -> None:
    """Dyads with the root of their code, as PETRARCH's coders wrote them: source, target (countries), root.

    scheme: which roots of the set a CAMEO code of ours may stand under. Sentences whose gold codes stand for nothing
    (999: made up to try the word lists of a dictionary) count for source and target alone.
    """
    hit = found = wanted = pairs = pairs_found = pairs_wanted = 0
    table = scores.confusion.setdefault(name, Counter())
    for row, one in zip(gold, code(_bare(gold), **how), strict=True):
        gold_dyads = Counter(_gold_dyads(row["events"]))
        mine = Counter(_under(_dyads(one), gold_dyads, scheme))
        pairs += (Counter(d[:2] for d in gold_dyads.elements()) & Counter(d[:2] for d in mine.elements())).total()
        pairs_found, pairs_wanted = pairs_found + mine.total(), pairs_wanted + gold_dyads.total()
        if any(not scheme.real(root) for *_, root in gold_dyads):
            continue
        shared = (gold_dyads & mine).total()
        hit, found, wanted = hit + shared, found + mine.total(), wanted + gold_dyads.total()
        table.update(_confuse(gold_dyads, mine))
        if shared < max(gold_dyads.total(), mine.total()):
            scores.misses.append(
                Miss(
                    set=name, id=row["id"], text=row["text"], wanted=_lines(gold_dyads), found=_lines(mine),
                    rules=tuple(r.rule for r in one.assertions),
                )
            )  # fmt: skip
    scores.add_f1(name, "source, target and root", hit, found, wanted)
    scores.add_f1(name, "source and target", pairs, pairs_found, pairs_wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """roots: beginning of a CAMEO code → roots of the scheme, the usual one first; CAMEO's own root counts, too, since
    the unit sentences mix the two. last: the greatest root."""

    roots: Mapping[str, tuple[str, ...]]
    last: int

    def of(self, code: str) -> tuple[str, ...]:
        """The roots under which the scheme may put a CAMEO code."""
        for length in range(len(code), 1, -1):
            if code[:length] in self.roots:
                return (*self.roots[code[:length]], code[:2])
        return (code[:2],)

    def real(self, root: str) -> bool:
        return root.isdigit() and 1 <= int(root) <= self.last


CAMEO = Scheme(roots={}, last=20)


def weis() -> Scheme:
    """The scheme of PETRARCH's unit sentences.

    Raises:
        ResourceError: E201, E202.
    """
    table = read_toml("coding/weis.toml")["roots"]
    return Scheme(roots={code: tuple(roots.split()) for code, roots in table.items()}, last=22)


def _under(mine: Iterable[Dyad], gold: Counter[Dyad], scheme: Scheme) -> Iterator[Dyad]:
    """Our dyads with a root of the scheme: of several that a code may stand under, the one that gold has."""
    for source, target, code in mine:
        roots = scheme.of(code)
        yield source, target, next((root for root in roots if (source, target, root) in gold), roots[0])


def _gold_dyads(events: Iterable[Mapping[str, Any]]) -> Iterator[Dyad]:
    for event in events:
        if event["source"] and event["target"]:
            yield event["source"][:3], event["target"][:3], event["code"][:2]


def _dyads(one: CodedDocument) -> Iterator[Dyad]:
    """Source, target and CAMEO code of what has two sides, each once."""
    for event in cameo_events(one):
        if event.source != NOBODY or event.target != NOBODY:
            yield event.source, event.target, event.code


def _confuse(gold: Counter[Dyad], mine: Counter[Dyad]) -> Iterator[tuple[str, str]]:
    left, extra = gold - mine, mine - gold
    for dyad in (gold & mine).elements():
        yield dyad[2], dyad[2]
    free = list(extra.elements())
    for dyad in left.elements():
        other = next((d for d in free if d[:2] == dyad[:2]), None)
        if other is not None:
            free.remove(other)
        yield dyad[2], other[2] if other is not None else "none"
    for dyad in free:
        yield "none", dyad[2]


def _lines(dyads: Counter[Dyad]) -> str:
    return ", ".join(f"{s} > {t} {root}" for s, t, root in sorted(dyads.elements())) or "none"


def _score_examples(gold: list[dict[str, Any]], code: CodeTexts, scores: CodingScores) -> None:
    """cameo_examples: one example a code of the CAMEO codebook; whether any row has the root."""
    roots = [row for row in gold if row["events"][0]["root"] not in ("01", "02")]
    right = exact = 0
    for row, one in zip(roots, code(_bare(roots)), strict=True):
        codes = [r.cameo or "" for r in one.assertions]
        wanted = row["events"][0]
        right += any(c[:2] == wanted["root"] for c in codes)
        exact += wanted["code"] in codes
    scores.add("cameo_examples", "root among the rows", right / len(roots), len(roots))
    scores.add("cameo_examples", "exact code among the rows", exact / len(roots), len(roots))
