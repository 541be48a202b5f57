"""Articles told three times over with every row marked by the happening it tells of: what merging is measured on.

The articles themselves with their gold rows lie beside the project (eval/dev_articles.json); the two other wordings of
each are shipped (`resources/eval/retellings.txt`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from demarche.dedup.events import merge_events
from demarche.dedup.tellings import Interval, Surroundings, Telling, embed_acts, sketch_story
from demarche.dedup.words import WORD, hash_word, look_up, split_sentences
from demarche.errors import ResourceError
from demarche.records import BoardRow, CodedDocument, EventType, Standing, Status
from demarche.resources import read_text

__all__ = ["Label", "Retelling", "evaluate_events", "event_rows", "label_rows", "read_retellings", "score_pairs"]

_MARK = re.compile(r"\{(\d+):([^}]+)\}")
_TIMED = re.compile(
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October"
    r"|November|December|(?:19|20)\d\d|today|this week|weekend|New Year)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A marked trigger `[start, end)` in a text. happening: `<article>/<number>`; gold: the row it tells of."""

    start: int
    end: int
    happening: str
    gold: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retelling:
    """One wording of an article. id: `<article>-0` for the article itself, `-1` and `-2` for the others."""

    id: str
    date: str
    text: str
    labels: tuple[Label, ...]


def read_retellings(gold: Sequence[Mapping[str, Any]]) -> list[Retelling]:
    """All wordings of the articles in `gold`.

    Raises:
        ResourceError: E222 when the shipped file names a row that `gold` has not.
    """
    rows = {article["id"]: article["events"] for article in gold}
    same: dict[tuple[str, int], int] = {}
    left_out: set[tuple[str, int]] = set()
    texts: list[tuple[str, str, str, list[str]]] = []
    for line in read_text("eval/retellings.txt").splitlines():
        if line.startswith("="):
            article, *groups = line[1:].split()
            for numbers in ([int(number) for number in group.split("=")] for group in groups):
                same.update({(article, number): numbers[0] for number in numbers})
        elif line.startswith("!"):
            article, *doubtful = line[1:].split()
            left_out |= {(article, int(number)) for number in doubtful}
        elif line.startswith("##"):
            article, wording, day = line[2:].split()
            texts.append((article, wording, day, []))
        elif line.strip() and not line.startswith("#"):
            texts[-1][3].append(line)

    def label(article: str, number: int, start: int, end: int) -> Label:
        if not 0 <= number < len(rows[article]):
            raise ResourceError("E222", f"no row {number} in article {article}", where="eval/retellings.txt")
        happening = f"{article}/{same.get((article, number), number)}"
        return Label(start=start, end=end, happening=happening, gold=rows[article][number])

    found = []
    for one in gold:
        labels = [
            label(one["id"], number, *span)
            for number, row in enumerate(one["events"])
            if (one["id"], number) not in left_out and (span := _locate(one["text"], row))
        ]
        found.append(Retelling(id=f"{one['id']}-0", date=one["date"], text=one["text"], labels=tuple(labels)))
    for article, wording, day, lines in texts:
        if article in rows:
            plain, marks = _unmark("\n\n".join(lines))
            kept = tuple(label(article, n, s, e) for n, s, e in marks if (article, n) not in left_out)
            found.append(Retelling(id=f"{article}-{wording}", date=day, text=plain, labels=kept))
    return found


def _unmark(text: str) -> tuple[str, list[tuple[int, int, int]]]:
    """The text without marks, and (row, start, end) of each."""
    plain, marks, before = "", [], 0
    for found in _MARK.finditer(text):
        plain += text[before : found.start()]
        marks.append((int(found[1]), len(plain), len(plain) + len(found[2])))
        plain += found[2]
        before = found.end()
    return plain + text[before:], marks


def _locate(text: str, row: Mapping[str, Any]) -> tuple[int, int] | None:
    """Where the trigger of a gold row stands; white space of its quote may differ."""
    quote = re.search(r"\s+".join(map(re.escape, row["quote"].split())), text)
    if quote is None:
        return None
    start = text.find(row["trigger"], quote.start())
    return (start, start + len(row["trigger"])) if start >= 0 else None


def score_pairs(happening: Mapping[str, str], event: Mapping[str, str]) -> tuple[float, float, float, int]:
    """Precision, recall, F1 and number of gold pairs over rows by key: two rows are a pair when they share a value."""
    wanted = _pairs(happening)
    found = _pairs({key: value for key, value in event.items() if key in happening})
    hits = len(wanted & found)
    precision, recall = hits / max(1, len(found)), hits / max(1, len(wanted))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall), len(wanted)


def _pairs(group_of: Mapping[str, str]) -> set[tuple[str, str]]:
    groups: dict[str, list[str]] = {}
    for key, group in group_of.items():
        groups.setdefault(group, []).append(key)
    return {pair for members in groups.values() for pair in combinations(sorted(members), 2)}


def evaluate_events(folder: Path) -> list[BoardRow]:
    """Merging of gold rows: no error of the coder in it. folder: the data sets, beside it `eval/dev_articles.json`."""
    gold = json.loads((folder.parent / "eval" / "dev_articles.json").read_text("utf-8"))
    happening: dict[str, str] = {}
    tellings: list[Telling] = []
    for text in read_retellings(gold):
        for telling, label in _gold_tellings(text):
            happening[telling.id] = label.happening
            tellings.append(telling)
    merged = {row.assertion: row.event for row in merge_events(tellings).event_assertions}
    return event_rows("retellings, gold rows", happening, merged, floor=0.85)


def event_rows(
    name: str, happening: Mapping[str, str], event: Mapping[str, str], *, floor: float | None = None
) -> list[BoardRow]:
    """The figures of one merging, and those of not merging at all: every row an event of its own."""
    precision, recall, f1, wanted = score_pairs(happening, event)
    rows = len(happening)
    found, true = len({event.get(key, key) for key in happening}), len(set(happening.values()))
    return [
        BoardRow(set=name, measure="pair precision", value=precision, units=wanted),
        BoardRow(set=name, measure="pair recall", value=recall, units=wanted),
        BoardRow(set=name, measure="pair F1", value=f1, units=wanted, floor=floor),
        BoardRow(set=name, measure="events counted for each happening", value=found / true, units=true),
        BoardRow(set=name, measure="events counted without merging", value=rows / true, units=true),
    ]


def label_rows(text: Retelling, coded: CodedDocument) -> dict[str, str]:
    """Rows of the coded text that tell of a marked happening: assertion id → happening.

    A row is taken for a mark when its words overlap the trigger and the coder gave it the right type; no row twice.
    """
    found: dict[str, str] = {}
    for label in text.labels:
        for row in coded.assertions:
            hit = any(start < label.end and label.start < end for start, end in row.spans)
            if hit and row.type == label.gold["type"] and row.id not in found:
                found[row.id] = label.happening
                break
    return found


def _gold_tellings(text: Retelling) -> Iterable[tuple[Telling, Label]]:
    sentences = _sentences(text.text)
    end_of_title = text.text.find("\n")
    story = sketch_story(text.text)
    placed = [max(i for i, (start, _) in enumerate(sentences) if start <= label.start) for label in text.labels]
    acts = [_around(text.text, sentences[place], label) for place, label in zip(placed, text.labels, strict=True)]
    for number, (label, act, vector) in enumerate(zip(text.labels, acts, embed_acts(acts), strict=True)):
        start, end = sentences[placed[number]]
        row = label.gold
        timed = text.id.endswith("-0") or bool(_TIMED.search(text.text[start:end]))
        holders = row.get("holders") or []
        yield (
            Telling(
                id=f"{text.id}.e{number + 1}",
                document=text.id,
                number=number,
                told=_day(text.date),
                type=EventType(row["type"]),
                mode=None,
                predicate=row["trigger"].split()[0].lower()[:5],
                sources=_gold_sides(row["sources"]),
                targets=_gold_sides(row["targets"]),
                named=frozenset(_gold_sides([*row["sources"], *row["targets"]])),
                status=Status(row["status"]),
                standing=Standing(row["standing"]),
                holder=(next(iter(_gold_sides(holders[-1:])), "?")) if holders else "",
                when=_gold_interval(row.get("date")) if timed else None,
                place=None,
                amount=None,
                headline=label.start < end_of_title,
                sentence=placed[number],
                text=hash_word(text.text[start:end].lower()),
                linked=frozenset(),
                words=act.rare(),
                vector=vector,
                score=1.0,
                story=story,
            ),
            label,
        )


def _around(text: str, sentence: tuple[int, int], label: Label) -> Surroundings:
    """As `tellings` has it of a coded row, names of actors told by their capital letter."""
    found = [(m.start(), m.end()) for m in WORD.finditer(text, *sentence)]
    words = [look_up(text[s:e]) for s, e in found]
    hits = [i for i, (s, e) in enumerate(found) if s < label.end and label.start < e] or [0]
    return Surroundings(words, [not word.name for word in words], hits[0], hits[-1])


def _sentences(text: str) -> list[tuple[int, int]]:
    found, place = [], 0
    for line in text.split("\n"):
        for sentence in split_sentences(line):
            start = text.find(sentence, place)
            if start >= 0:
                found.append((start, start + len(sentence)))
                place = start + len(sentence)
    return found


def _gold_sides(labels: Sequence[str]) -> dict[str, str]:
    """Sides by the first alternative of each label; the unnamed stand for nobody."""
    first = (label.split("|")[0] for label in labels)
    return {side: side for side in first if side != "unnamed"}


def _gold_interval(date: str | None) -> Interval | None:
    """Of `day`, `day/day`, `day/..` or `../day`."""
    if not date:
        return None
    first, _, last = date.partition("/")
    ends = [None if not end or end == ".." else _day(end) for end in (first, last or first)]
    return Interval(*ends)


def _day(iso: str) -> int:
    return int(np.datetime64(iso[:10]).astype("datetime64[D]").astype(int)) + 719_163
