"""The board's rows on coreference: MUC, B³ and CEAF over the people, organisations and places of GUM's documents.

Only groups of at least two mentions count, as in CoNLL 2012 (Pradhan et al.); a mention is its head word, since this
room marks shorter phrases than GUM does. Coreferent mentions of things, events and abstractions are left out: no
actor is among them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy
from scipy.optimize import linear_sum_assignment

from demarche.linking.linker import Linker
from demarche.records import BoardRow, Linked, MentionKind, Tree

if TYPE_CHECKING:
    from demarche.linking.evaluate import Parsed, Prepare

__all__ = ["GoldDocument", "evaluate_coreference", "gold_documents", "score_groups"]

KINDS = frozenset({"person", "organization", "place"})
Groups = list[frozenset[int]]
Counts = tuple[float, float, float, float]
"""Recall's and precision's numerator and denominator: (hit, gold, hit, found)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldDocument:
    """A document of GUM. groups: offsets of the head words of coreferent mentions, one set a group."""

    id: str
    text: str
    published: str | None
    groups: tuple[frozenset[int], ...]


def gold_documents(path: Path) -> Iterator[GoldDocument]:
    """Read a CoNLL-U file with GUM's `Entity` marks; one paragraph a line."""
    for part in ("\n" + path.read_text("utf-8")).split("\n# newdoc id = ")[1:]:
        lines = part.split("\n")
        date = next((line.rsplit(" ", 1)[1] for line in lines if line.startswith("# meta::dateCreated")), None)
        yield _document(lines[0].strip(), date, lines[1:])


def _document(name: str, date: str | None, lines: Sequence[str]) -> GoldDocument:
    text = ""
    members: dict[str, list[int]] = defaultdict(list)
    kinds: dict[str, str] = {}
    sentence: list[tuple[str, int, str]] = []  # start of each word is in starts; (entity marks, head, id)
    starts: list[int] = []
    space = ""

    def close() -> None:
        for group, kind, head in _mentions(sentence):
            members[group].append(starts[head])
            kinds.setdefault(group, kind)
        sentence.clear()
        starts.clear()

    for line in [*lines, ""]:
        if line.startswith("# newpar") and not line.startswith("# newpar_block"):
            space = "\n" if text else ""
        columns = line.split("\t")
        if not line.strip():
            close()
            space = space or " "
        elif len(columns) == 10 and columns[0].isdigit():
            text += space if text else ""
            starts.append(len(text))
            text += columns[1]
            misc = dict(part.split("=", 1) for part in columns[9].split("|") if "=" in part)
            sentence.append((misc.get("Entity", ""), int(columns[6]), columns[0]))
            space = "" if misc.get("SpaceAfter") == "No" else " "
    groups = tuple(
        frozenset(heads) for group, heads in members.items() if kinds[group] in KINDS and len(set(heads)) > 1
    )
    return GoldDocument(id=name, text=text, published=date, groups=groups)


def _mentions(words: Sequence[tuple[str, int, str]]) -> Iterator[tuple[str, str, int]]:
    """(group, kind, index of the head word) of each mention of one sentence."""
    opened: list[tuple[str, str, int]] = []
    for index, (marks, _, _) in enumerate(words):
        at = 0
        while at < len(marks):
            if marks[at] == "(":
                end = min((e for e in (marks.find("(", at + 1), marks.find(")", at)) if e >= 0), default=len(marks))
                group, kind = marks[at + 1 : end].split("-")[:2]
                opened.append((group, kind, index))
                at = end
            elif marks[at] == ")":  # the mention that began last, of one word or of a group named by the mark before
                group, kind, first = opened.pop()
                yield group, kind, _head(words, first, index)
                at += 1
            else:
                end = marks.index(")", at)
                wanted = marks[at:end]
                number = next(n for n in range(len(opened) - 1, -1, -1) if opened[n][0] == wanted)
                group, kind, first = opened.pop(number)
                yield group, kind, _head(words, first, index)
                at = end + 1


def _head(words: Sequence[tuple[str, int, str]], first: int, last: int) -> int:
    return next((w for w in range(first, last + 1) if not first <= words[w][1] - 1 <= last), first)


def evaluate_coreference(folder: Path, prepare: Prepare, linker: Linker) -> list[BoardRow]:
    """Rows for GUM's development documents: those of news, interviews and speeches, and all."""
    rows = []
    for name, file in (("GUM dev, news", "en_gum-news-dev.conllu"), ("GUM dev, all genres", "en_gum-open-dev.conllu")):
        documents = list(gold_documents(folder / file))
        parsed = prepare([{"id": d.id, "text": d.text, "published": d.published} for d in documents])
        rows += coreference_rows(name, documents, parsed, linker)
    return rows


def coreference_rows(
    name: str, documents: Sequence[GoldDocument], parsed: Sequence[Parsed], linker: Linker
) -> list[BoardRow]:
    from demarche.linking.evaluate import move_spans

    pairs = []
    for document, one in zip(documents, parsed, strict=True):
        linked = linker.link(one.article, one.sentences, one.trees)
        moved = move_spans(document.text, one.text)
        gold = [
            frozenset(span[0] for head in group if (span := moved(head, head + 1)) is not None)
            for group in document.groups
        ]
        pairs.append(([g for g in gold if len(g) > 1], found_groups(linked, one.trees)))
    scores = score_groups(pairs)
    units = sum(len(group) for gold, _ in pairs for group in gold)
    return [BoardRow(set=name, measure=measure, value=value, units=units) for measure, value in scores.items()]


def found_groups(linked: Linked, trees: Sequence[Tree]) -> Groups:
    """Groups of head words that stand for one actor or place; a state and its place are one."""
    countries = {a.id: a.country for a in linked.actors if a.kind == "state"}
    countries |= {p.id: p.country for p in linked.places if p.kind == "country"}
    heads: dict[str, set[int]] = defaultdict(set)
    for mention in linked.mentions:
        if mention.kind not in {MentionKind.ACTOR, MentionKind.PLACE} or " belongs to " in f" {mention.why}":
            continue
        head = head_offset(trees, mention.start, mention.end)
        if head is not None:
            heads[countries.get(mention.ref) or mention.ref].add(head)
    return [frozenset(group) for group in heads.values() if len(group) > 1]


def head_offset(trees: Sequence[Tree], start: int, end: int) -> int | None:
    """Where the head word of `[start, end)` begins."""
    for tree in trees:
        if tree.start <= start < tree.end:
            inside = [w for w in range(len(tree)) if tree.starts[w] >= start and tree.ends[w] <= end]
            tops = [w for w in inside if tree.heads[w] not in inside]
            return tree.starts[tops[0]] if tops else None
    return None


def score_groups(pairs: Sequence[tuple[Groups, Groups]]) -> dict[str, float]:
    """F1 of MUC, B³ and CEAF (entities) over (gold, found) groups of documents, their mean, and of mentions."""
    scores = {}
    for name, measure in (("MUC F1", _muc), ("B3 F1", _b_cubed), ("CEAF F1", _ceaf)):
        total: Counter[int] = Counter()
        for gold, found in pairs:
            for index, value in enumerate(measure(gold, found)):
                total[index] += value  # type: ignore[assignment]
        scores[name] = _f1((total[0], total[1], total[2], total[3]))
    mean = sum(scores.values()) / 3
    golds = [(n, m) for n, (gold, _) in enumerate(pairs) for group in gold for m in group]
    founds = [(n, m) for n, (_, found) in enumerate(pairs) for group in found for m in group]
    hit = len(set(golds) & set(founds))
    return {"CoNLL F1": mean, **scores, "mentions F1": _f1((hit, len(set(golds)), hit, len(set(founds))))}


def _f1(counts: Counts) -> float:
    recall = counts[0] / counts[1] if counts[1] else 0.0
    precision = counts[2] / counts[3] if counts[3] else 0.0
    return 2 * recall * precision / (recall + precision) if recall + precision else 0.0


def _links(keys: Groups, others: Groups) -> tuple[float, float]:
    of = {mention: number for number, group in enumerate(others) for mention in group}
    hit = total = 0
    for group in keys:
        parts = len({of[m] for m in group if m in of}) + sum(m not in of for m in group)
        hit += len(group) - parts
        total += len(group) - 1
    return hit, total


def _muc(gold: Groups, found: Groups) -> Counts:
    """Links kept (Vilain et al. 1995)."""
    return (*_links(gold, found), *_links(found, gold))


def _overlap(keys: Groups, others: Groups) -> tuple[float, float]:
    hit = sum(len(one & other) ** 2 / len(one) for one in keys for other in others if one & other)
    return hit, sum(len(one) for one in keys)


def _b_cubed(gold: Groups, found: Groups) -> Counts:
    """Mean share of each mention's group (Bagga and Baldwin 1998)."""
    return (*_overlap(gold, found), *_overlap(found, gold))


def _ceaf(gold: Groups, found: Groups) -> Counts:
    """Best one-to-one match of groups by their likeness 2|A∩B|/(|A|+|B|) (Luo 2005)."""
    if not gold or not found:
        return 0.0, len(gold), 0.0, len(found)
    likeness = numpy.array([[2 * len(g & f) / (len(g) + len(f)) for f in found] for g in gold])
    rows, columns = linear_sum_assignment(-likeness)
    hit = float(likeness[rows, columns].sum())
    return hit, len(gold), hit, len(found)
