"""The board's rows on places: disambiguation on LGL and GWN, finding toponyms, government or place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from demarche.linking.linker import Linker
from demarche.linking.places import distance_km
from demarche.records import ActorKind, BoardRow, Linked, MentionKind, Via

if TYPE_CHECKING:
    from demarche.linking.evaluate import Parsed, Prepare

__all__ = ["evaluate_metonymy", "evaluate_places"]

NEAR_KM = 161.0
LITERAL = frozenset({"Literal", "Coercion"})
Span = tuple[int, int]


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]


def evaluate_places(folder: Path, prepare: Prepare, linker: Linker) -> list[BoardRow]:
    """Distances over the gold spans with coordinates, and toponym F1 of the whole room on GWN."""

    rows = []
    for name, file in (("LGL", "lgl.jsonl"), ("GWN", "gwn.jsonl")):
        found = near = total = 0
        for distance in distances(_read(folder / file), linker):
            total += 1
            found += distance is not None
            near += distance is not None and distance <= NEAR_KM
        rows.append(BoardRow(set=name, measure="within 161 km, of found", value=near / found, units=found))
        rows.append(BoardRow(set=name, measure="places found in the gazetteer", value=found / total, units=total))
    hit, ours, gold = toponyms(_read(folder / "gwn.jsonl"), prepare, linker)
    rows.append(BoardRow(set="GWN", measure="toponym F1", value=2 * hit / (ours + gold), units=gold))
    rows.append(BoardRow(set="GWN", measure="toponym precision", value=hit / max(1, ours), units=ours))
    rows.append(BoardRow(set="GWN", measure="toponym recall", value=hit / max(1, gold), units=gold))
    return rows


def distances(documents: Sequence[Mapping[str, Any]], linker: Linker) -> Iterator[float | None]:
    """Kilometres between ours and gold's point for each gold toponym with one; None: not in the gazetteer.

    Only the words of the toponyms are given, never their kind or country.
    """
    for document in documents:
        spans = [t for t in document["toponyms"] if t["lat"] is not None]
        for gold, place in zip(
            spans, linker.locate(document["text"], [(t["start"], t["end"]) for t in spans]), strict=True
        ):
            yield None if place is None else distance_km(gold["lat"], gold["lon"], place.lat, place.lon)


def toponyms(documents: Sequence[Mapping[str, Any]], prepare: Prepare, linker: Linker) -> tuple[int, int, int]:
    """(right, ours, gold): names of places with coordinates, as places, governments or adjectives; exact words."""
    parsed = prepare([{"id": d["id"], "text": d["text"], "published": None} for d in documents], bare=True)
    hit = ours = total = 0
    for document, one in zip(documents, parsed, strict=True):
        gold = {_bare(one.text, (t["start"], t["end"])) for t in document["toponyms"] if t["lat"] is not None}
        linked = linker.link(one.article, one.sentences, one.trees)
        found = {_bare(one.text, span) for span in place_spans(one, linked)}
        ignored = {(t["start"], t["end"]) for t in document["toponyms"] if t["lat"] is None}
        found -= {_bare(one.text, span) for span in ignored}
        hit += len(gold & found)
        ours += len(found)
        total += len(gold)
    return hit, ours, total


def place_spans(one: Parsed, linked: Linked) -> set[Span]:
    """Names of places in the widest sense: located ones, states and capitals that act, nationalities."""
    states = {a.id for a in linked.actors if a.kind in {ActorKind.STATE, ActorKind.GOVERNMENT}}
    return {
        (m.start, m.end)
        for m in linked.mentions
        if (m.kind is MentionKind.PLACE and m.via is Via.NAME)
        or (m.kind is MentionKind.ACTOR and m.via in {Via.NAME, Via.METONYM} and m.ref in states)
    }


def _bare(text: str, span: Span) -> Span:
    """Without article and possessive."""
    start, end = span
    for lead in ("the ", "The "):
        if text.startswith(lead, start):
            start += 4
    for tail in ("'s", "’s"):
        if text[start:end].endswith(tail):
            end -= 2
    return start, end


def evaluate_metonymy(folder: Path, prepare: Prepare, linker: Linker) -> list[BoardRow]:
    """Government (or people, team) against place: accuracy over names that are one or the other."""

    relocar = [r for r in _read(folder / "metonymy_relocar.jsonl") if r["label"] in {"literal", "metonymic"}]
    rows = []
    for split in ("train", "test"):
        chosen = [r for r in relocar if r["split"] == split]
        parsed = prepare(
            [{"id": str(i), "text": r["text"], "published": None} for i, r in enumerate(chosen)], bare=True
        )
        right = sum(
            linker.reads_as_actor(one.article, one.trees, (r["start"], r["end"])) == (r["label"] == "metonymic")
            for r, one in zip(chosen, parsed, strict=True)
        )
        rows.append(
            BoardRow(
                set=f"ReLocaR {split}", measure="government or place", value=right / len(chosen), units=len(chosen),
            )
        )  # fmt: skip
    documents = _read(folder / "gwn.jsonl")
    parsed = prepare([{"id": d["id"], "text": d["text"], "published": None} for d in documents], bare=True)
    right = total = 0
    for document, one in zip(documents, parsed, strict=True):
        for t in document["toponyms"]:
            if t["lat"] is not None and (t["type"] in LITERAL or t["type"] == "Metonymic"):
                total += 1
                right += linker.reads_as_actor(one.article, one.trees, (t["start"], t["end"])) == (
                    t["type"] == "Metonymic"
                )
    rows.append(BoardRow(set="GWN", measure="government or place", value=right / total, units=total))
    return rows
