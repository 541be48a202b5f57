"""The board `real`: how many rows are right in real documents of mixed kinds, by verdicts of a reader.

`resources/eval/judged_rows.tsv` holds facts only, no text: which documents (drawn with a fixed seed from the data
folder, cut to their first characters), and for every row that a coder ever gave there what a reader says stands at its
words: the right type, sides and status, or no political act. A row of today is looked up by its words, so the figures
stay comparable while the coder changes; rows at words that nobody has judged are counted apart.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from demarche.pipeline.code import code_batch
from demarche.pipeline.models import Models
from demarche.pipeline.score_articles import same_actors
from demarche.records import Article, Assertion, BoardRow, CodedDocument
from demarche.resources import read_text
from demarche.syntax import read_texts

__all__ = ["Verdict", "judged_documents", "measure_judged", "read_verdicts", "verdict_on"]

TABLE = "eval/judged_rows.tsv"
FLOORS: Mapping[str, float] = {
    "real documents, half A type": 0.56,
    "real documents, half A full": 0.31,
    "real documents, half B type": 0.54,
    "real documents, half B full": 0.25,
}
"""Reached (docs/learned-coder.md), less about one and a half standard errors: not to be lost."""

LEAST_FOUND = 0.6
"""Floor for the share of judged acts that are found: precision must not be bought with silence."""

Read = Callable[[Iterable[Mapping[str, str | None]]], list[Article]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What a reader says stands at the words [start, end). type: alternatives; empty: no political act."""

    start: int
    end: int
    types: frozenset[str]
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    statuses: frozenset[str]


@dataclass(slots=True)
class Judged:
    """One document. size: characters that are read of it. sha: first twelve of the SHA-256 of its text as it was read
    when it was judged. half: A was looked at while the coder was changed, B never."""

    id: str
    kind: str
    half: str
    published: str
    size: int
    sha: str
    facts: list[Fact] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How far a row is right: type; type and sides; type, sides and status. None for all: nobody has judged it."""

    type: bool | None
    sides: bool | None
    full: bool | None
    fact: Fact | None


def read_verdicts() -> list[Judged]:
    """The documents with their facts, in the order of the table.

    Raises:
        ResourceError: E201.
    """
    found: dict[str, Judged] = {}
    for line in read_text(TABLE).splitlines():
        cells = line.split("\t")
        if line.startswith("#") or not line:
            continue
        if cells[0] == "@":
            _, name, kind, half, published, size, sha = cells
            found[name] = Judged(id=name, kind=kind, half=half, published=published, size=int(size), sha=sha)
            continue
        name, start, end, types, sources, targets, statuses = cells
        found[name].facts.append(
            Fact(
                start=int(start), end=int(end), types=frozenset(types.split("|")) - {"-"},
                sources=_options(sources), targets=_options(targets), statuses=frozenset(statuses.split("|")),
            )
        )  # fmt: skip
    return list(found.values())


def _options(cell: str) -> tuple[str, ...]:
    """Alternatives of one side: each a list of labels between commas; an empty one is nobody."""
    return tuple(cell.split("|"))


def judged_documents(data: Path, documents: Sequence[Judged]) -> list[dict[str, str | None]]:
    """The documents as rows with `id`, `text` and `published`. data: the folder with `geo`, `statements`, `ud` ….

    Raises:
        FileNotFoundError: a set is missing.
    """
    texts = {kind: read(data) for kind, read in KINDS.items() if any(one.kind == kind for one in documents)}
    return [{"id": d.id, "text": texts[d.kind][d.id].strip()[: d.size], "published": d.published} for d in documents]


def verdict_on(row: Assertion, one: CodedDocument, facts: Sequence[Fact]) -> Verdict:
    """The best that the facts at the row's words say of it."""
    actors = {actor.id: actor for actor in one.actors}
    here = [f for f in facts if any(start < f.end and f.start < end for start, end in row.spans)]
    best: tuple[bool, bool, bool, Fact | None] = (False, False, False, None)
    for fact in here:
        kind = row.type is not None and row.type.value in fact.types
        sides = kind and all(
            any(same_actors([label for label in option.split(",") if label], ids, actors) for option in options)
            for options, ids in ((fact.sources, row.sources), (fact.targets, row.targets))
        )
        full = sides and row.status.value in fact.statuses
        best = max(best, (kind, sides, full, fact), key=lambda found: found[:3])
    if not here:
        return Verdict(type=None, sides=None, full=None, fact=None)
    return Verdict(type=best[0], sides=best[1], full=best[2], fact=best[3] or here[0])


def measure_judged(data: Path, models: Models, read: Read) -> Iterator[BoardRow]:
    """Precision by half. data: the folder with the sets."""
    documents = read_verdicts()
    articles = read(judged_documents(data, documents))
    coded = {c.document.external_id: c for c in code_batch(articles, models) if isinstance(c, CodedDocument)}
    for half in ("A", "B"):
        counts: Counter[str] = Counter()
        for document in documents:
            one = coded.get(document.id)
            if document.half == half and one is not None:
                counts["documents"] += 1
                counts["changed"] += hashlib.sha256(one.document.text.encode()).hexdigest()[:12] != document.sha
                _count(document, one, counts)
        yield from _figures(f"real documents, half {half}", counts)


def _count(document: Judged, one: CodedDocument, counts: Counter[str]) -> None:
    met: dict[Fact, bool] = defaultdict(bool)
    for row in one.assertions:
        verdict = verdict_on(row, one, document.facts)
        if verdict.fact is None:
            counts["unjudged"] += 1
            continue
        counts["judged"] += 1
        for level in ("type", "sides", "full"):
            counts[level] += bool(getattr(verdict, level))
        counts["no act"] += not verdict.fact.types
        met[verdict.fact] |= bool(verdict.type)
    acts = [fact for fact in document.facts if fact.types]
    counts["acts"] += len(acts)
    counts["found"] += sum(met[fact] for fact in acts)


def _figures(name: str, counts: Mapping[str, int]) -> Iterator[BoardRow]:
    judged, acts = counts["judged"], counts["acts"]
    for measure, key in (
        ("type, precision", "type"),
        ("type and sides, precision", "sides"),
        ("type, sides and status, precision", "full"),
        ("rows where no act is", "no act"),
    ):
        value = counts[key] / judged if judged else 0.0
        yield BoardRow(
            set=name, measure=measure, value=round(value, 4), units=judged, floor=FLOORS.get(f"{name} {key}")
        )
    found = counts["found"] / acts if acts else 0.0
    measure = "judged acts found with their type"
    yield BoardRow(set=name, measure=measure, value=round(found, 4), units=acts, floor=LEAST_FOUND if acts else None)
    yield BoardRow(set=name, measure="rows that nobody has judged", value=counts["unjudged"], units=counts["unjudged"])
    yield BoardRow(
        set=name, measure="documents whose text is read otherwise", value=counts["changed"], units=counts["documents"]
    )


def _lines(path: Path, key: str) -> dict[str, str]:
    rows = (json.loads(line) for line in path.read_text("utf-8").split("\n") if line)
    return {row[key]: row["text"] for row in rows}


def _treebank(path: Path) -> dict[str, str]:
    """Documents of a CoNLL-U or IOB2 file: sentences joined, paragraphs where they are marked."""
    texts = read_texts(path)
    return {name: "\n\n".join(" ".join(paragraph) for paragraph in rows) for name, rows in texts.items()}


def _pages(data: Path) -> dict[str, str]:
    rows = json.loads((data / "aeb" / "ground-truth.json").read_text("utf-8"))
    return {name: row["articleBody"] for name, row in rows.items()}


def _tokens(folder: Path) -> dict[str, str]:
    """Sentences of token tables, tokens joined by blanks, the addresses that head them left out."""
    found = {}
    for path in folder.glob("*.tsv"):
        sentences: list[list[str]] = [[]]
        for line in path.read_text("utf-8").split("\n"):
            if line:
                sentences[-1].append(line.split("\t")[0])
            else:
                sentences.append([])
        kept = [" ".join(words) for words in sentences if words and not words[0].startswith("http")]
        found[path.name.split(".")[0]] = "\n".join(kept)
    return found


KINDS: Mapping[str, Callable[[Path], dict[str, str]]] = {
    "gwn": lambda data: _lines(data / "geo" / "gwn.jsonl", "id"),
    "lgl": lambda data: _lines(data / "geo" / "lgl.jsonl", "id"),
    "polnear": lambda data: _lines(data / "statements" / "polnear_train.jsonl", "doc"),
    "aeb": _pages,
    "gum": lambda data: _treebank(data / "ud" / "en_gum-open-train.conllu"),
    "worldwide": lambda data: _tokens(data / "ner" / "en_worldwide_dev"),
    "uner": lambda data: _treebank(data / "ner" / "uner_ewt_dev.iob2"),
}
"""Kind of document → its texts by id."""
