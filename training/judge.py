"""Train the judge: which rows stand, and how good a score they get.

    python -m training.judge --shared ../shared --run training/work/coding --out src/demarche/resources/coding/judge.npz

The forest learns from articles that neither heads nor encoder saw: the held parts of training/data and quiet texts,
with the scores of `scores.pkl` (training/coding_heads.py); how often a rule is right is counted on all.
Every figure printed is cross-validated by article. The development articles are not read.
"""

from __future__ import annotations

import argparse
import json
import pickle
import random
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.isotonic import IsotonicRegression

from demarche.coding.coder import Coder, load_coder
from demarche.coding.events import Draft
from demarche.coding.judge import choose, evidence_of, read_from_article
from demarche.coding.roles import Cast
from demarche.linking import load_linker
from demarche.pipeline.code import parse_article
from demarche.pipeline.models import Models
from demarche.records import ActorKind, Article, CopyKind, Document, Linked, Paragraph, Role, Sentence, Signals, Tree
from demarche.syntax import load_parser
from training.own_articles import is_held, own_articles
from training.prepare_coding import norm
from training.quiet import quiet_texts

__all__ = ["main"]

LEAST = 0.08
LOWEST, HIGHEST = 0.05, 0.8
"""Bounds of the score: the ends of an isotonic curve rest on a handful of rows."""
SMOOTH = 3.0
FLAT = 0.0025
"""Of the cuts whose F1 is this near the best, the lowest is taken: readers leave rows out more easily than they find
them."""

Array = npt.NDArray[np.float64]
Row = dict[str, Any]


@dataclass
class Piece:
    """One article ready to be coded again and again. gold: (start, end, event)."""

    name: str
    unseen: bool
    """Neither heads nor encoder learned from it."""
    article: Article
    sentences: Sequence[Sentence]
    trees: Sequence[Tree]
    linked: Linked
    gold: list[tuple[int, int, Row]]


def read_gold(shared: Path) -> list[Row]:
    corpus = [a for p in sorted((shared / "data/corpus").glob("*.json")) for a in json.loads(p.read_text("utf-8"))]
    return [*corpus, *own_articles(), *quiet_texts(shared / "data" / "ud")]


def as_article(row: Row) -> Article:
    """Lines as paragraphs; the first line of a text of several is its title."""
    text = row["text"]
    lines = [m.span() for m in re.finditer(r"[^\n]+", text)]
    roles = {number - 1: Role(role) for number, role in row.get("roles", [])}
    numbers = {start: text[:start].count("\n") for start, _ in lines}
    first = Role.TITLE if len(lines) > 1 else Role.BODY
    paragraphs = tuple(
        Paragraph(start=s, end=e, role=roles.get(numbers[s], first if i == 0 else Role.BODY))
        for i, (s, e) in enumerate(lines)
    )
    document = Document(
        id=row["id"], external_id=row["id"], url=None, title=None, authors=(), publisher=None, published=row["date"],
        retrieved=None, language="en", text=text, sha256="0" * 64, source="corpus", words=len(text.split()), damage=0.0,
        warnings=(), cluster=None, copy=CopyKind.ORIGINAL,
    )  # fmt: skip
    return Article(document=document, paragraphs=paragraphs)


def place(text: str, event: Row) -> tuple[int, int, Row]:
    found = re.search(r"\s+".join(re.escape(w) for w in event.get("quote", text).split()), text)
    at = text.find(event["trigger"], found.start() if found else 0)
    return at, at + len(event["trigger"]), event


def prepare(shared: Path, run: Path) -> list[Piece]:
    """Parse and link every article; put the scores of `scores.pkl` into its trees."""
    scores = pickle.loads((run / "scores.pkl").read_bytes())
    rows = [json.loads(line) for line in (run / "train.jsonl").read_text("utf-8").splitlines()]
    known: dict[tuple[str, tuple[str, ...]], str] = {}
    for row in rows:
        name = row["key"].split(":", 1)[1].rsplit(".", 1)[0]
        known.setdefault((name, tuple(row["words"])), row["key"])
    models = Models(parser=load_parser(), linker=load_linker(), coder=load_coder(heads=False), damage=lambda _: 0.0)
    found = []
    for row in read_gold(shared):
        article = as_article(row)
        sentences, trees = parse_article(article, models)
        scored = []
        for tree in trees:
            out = scores.get(known.get((row["id"], tuple(tree.forms)), ""))
            labels = tree.signals.labels if tree.signals else {}
            scored.append(replace(tree, signals=Signals(arrays=out, labels=labels) if out is not None else None))
        if not any(tree.signals for tree in scored):
            continue  # not among the prepared sentences
        linked = models.linker.link(article, sentences, scored)
        gold = [place(row["text"], event) for event in row["events"]]
        found.append(
            Piece(
                name=row["id"],
                unseen=is_held(row["id"]) or row["id"].startswith("quiet-"),
                article=article,
                sentences=sentences,
                trees=scored,
                linked=linked,
                gold=gold,
            )
        )
    return found


def match(piece: Piece, drafts: Sequence[Draft]) -> dict[int, Row]:
    """id(draft) → gold event: same sentence and type, nearest trigger first, one to one."""
    pairs = []
    for start, end, event in piece.gold:
        for draft in drafts:
            tree = draft.view.tree
            if draft.type.value != event["type"] or not tree.start <= start < tree.end:
                continue
            words = draft.words
            overlap = any(tree.starts[w] < end and start < tree.ends[w] for w in words)
            gold_word = bisect_right(tree.ends, start)
            pairs.append((not overlap, min(abs(w - gold_word) for w in words), id(draft), id(event), draft, event))
    taken: dict[int, Row] = {}
    used: set[int] = set()
    for *_, draft, event in sorted(pairs, key=lambda p: (p[0], p[1], p[4].word)):
        if id(draft) not in taken and id(event) not in used:
            taken[id(draft)] = event
            used.add(id(event))
    return taken


def forest(model: HistGradientBoostingClassifier) -> Row:
    """The arrays of a fitted model."""
    trees = [(p, k) for stage in model._predictors for k, p in enumerate(stage)]
    width = max(len(p.nodes) for p, _ in trees)
    arrays = {
        "feature": np.zeros((len(trees), width), np.int16),
        "threshold": np.zeros((len(trees), width)),
        "left": np.zeros((len(trees), width), np.int16),
        "right": np.zeros((len(trees), width), np.int16),
        "value": np.zeros((len(trees), width), np.float32),
        "outputs": np.zeros(len(trees), np.int16),
    }
    depth = 0
    for t, (predictor, k) in enumerate(trees):
        arrays["outputs"][t] = k
        for n, node in enumerate(predictor.nodes):
            depth = max(depth, int(node["depth"]))
            leaf = bool(node["is_leaf"])
            arrays["feature"][t, n] = 0 if leaf else node["feature_idx"]
            arrays["threshold"][t, n] = 0.0 if leaf else node["num_threshold"]
            arrays["left"][t, n] = n if leaf else node["left"]
            arrays["right"][t, n] = n if leaf else node["right"]
            arrays["value"][t, n] = np.float32(node["value"] if leaf else 0)
    base = np.asarray(model._baseline_prediction, np.float64).ravel()
    return {**arrays, "base": base, "depth": np.array(depth)}


def grow(
    x: Array, y: npt.NDArray[Any], *, rounds: int, leaves: int = 8, rate: float = 0.06, least: int = 15,
    depth: int | None = None,
) -> Any:  # fmt: skip
    model = HistGradientBoostingClassifier(
        max_iter=rounds, max_leaf_nodes=leaves, max_depth=depth, learning_rate=rate, min_samples_leaf=least,
        l2_regularization=2.0, early_stopping=False, random_state=1,
    )  # fmt: skip
    return model.fit(x, y)


def crossed(x: Array, y: npt.NDArray[Any], groups: Sequence[int], **how: Any) -> Array:
    """Chances of each row by a model that saw other articles only: (rows,) or (rows, classes)."""
    groups = np.array(groups)
    classes = np.unique(y)
    found = np.zeros((len(y), len(classes)))
    for fold in range(5):
        out = groups % 5 == fold
        model = grow(x[~out], y[~out], **how)
        columns = np.searchsorted(classes, model.classes_)
        found[np.ix_(out, columns)] = model.predict_proba(x[out])
    return found[:, 1] if len(classes) == 2 else found


KEEP = {"rounds": 140, "leaves": 8, "rate": 0.05}


@dataclass(frozen=True, kw_only=True)
class Sifter:
    """Stands in the judge's place in a coder: `sift` as asked, scores left alone."""

    sift: Any
    least: float = LEAST

    def calibrated(self, drafts: Sequence[Draft]) -> list[float]:
        return [draft.score for draft in drafts]


def codes(coder: Coder, piece: Piece, sift: Any) -> tuple[Cast, list[Draft]]:
    """The article's drafts with the candidates sifted by `sift`."""
    own: Any = replace(coder, judge=Sifter(sift=sift))
    _, cast, drafts, _ = own._read(piece.article, piece.sentences, piece.trees, piece.linked)
    return cast, drafts


def train_keep(
    coder: Any, pieces: Sequence[Piece]
) -> tuple[Row, float, dict[str, float], dict[tuple[Any, ...], float]]:
    """The forest, its cut, the rules' priors, and the crossed chance of every candidate (for the next stages)."""
    lines: list[list[float]] = []
    labels: list[int] = []
    groups: list[int] = []
    rules: list[str] = []
    names: list[tuple[Any, ...]] = []
    unseen: list[bool] = []
    missed = 0
    for number, piece in enumerate(pieces):
        everything: list[Draft] = []

        def sift(
            sentences: Sequence[Sequence[Draft]], everything: list[Draft] = everything
        ) -> Sequence[dict[int, Draft]]:
            everything.extend(draft for drafts in sentences for draft in drafts)
            return [{} for _ in sentences]

        codes(coder, piece, sift)
        hits = match(piece, everything)
        missed += (len(piece.gold) - len(hits)) * piece.unseen
        by_sentence: dict[int, list[Draft]] = defaultdict(list)
        for draft in everything:
            by_sentence[draft.view.index].append(draft)
        for drafts in by_sentence.values():
            lines += evidence_of(drafts, {})
            labels += [int(id(d) in hits) for d in drafts]
            groups += [number] * len(drafts)
            unseen += [piece.unseen] * len(drafts)
            rules += [d.rule for d in drafts]
            names += [(piece.name, d.view.index, d.word, d.type, d.rule) for d in drafts]
    x, y, g = np.array(lines), np.array(labels), np.array(groups)
    for fold in range(5):
        out = g % 5 == fold
        known = shares(rules, y, ~out)
        x[out, 1] = [known.get(r, 0.5) for r, o in zip(rules, out, strict=True) if o]
    priors, fresh = shares(rules, y, np.ones(len(y), bool)), np.array(unseen)
    x, y, names, groups = x[fresh], y[fresh], list(compress(names, unseen)), list(compress(groups, unseen))
    chances = crossed(x, y, groups, **KEEP)
    total = int(y.sum()) + missed
    curve = {c: f1(y[chances >= c].sum(), (chances >= c).sum(), total) for c in np.arange(0.2, 0.7, 0.02)}
    best = min(c for c in curve if curve[c] >= max(curve.values()) - FLAT)
    hit, taken = y[chances >= best].sum(), (chances >= best).sum()
    print(f"keep: {len(y)} candidates, {y.sum()} right, {missed} never proposed; cut {best:.2f} P {hit / taken:.3f} "
          f"R {hit / total:.3f} F1 {f1(hit, taken, total):.3f}")  # fmt: skip
    first = np.array([n[4].startswith("coding.") for n in names])
    print(f"      rules alone P {y[first].mean():.3f} R {y[first].sum() / total:.3f} "
          f"F1 {f1(y[first].sum(), first.sum(), total):.3f}")  # fmt: skip
    arrays = forest(grow(x, y, **KEEP))
    return arrays, float(best), priors, dict(zip(names, chances.tolist(), strict=True))


def shares(rules: Sequence[str], right: npt.NDArray[Any], mask: npt.NDArray[Any]) -> dict[str, float]:
    """Share of right rows of each rule, drawn to the mean of all."""
    count: Counter[str] = Counter()
    hit: Counter[str] = Counter()
    for rule, good, use in zip(rules, right.tolist(), mask.tolist(), strict=True):
        if use:
            count[rule] += 1
            hit[rule] += good
    mean = hit.total() / max(1, count.total())
    return {rule: (hit[rule] + SMOOTH * mean) / (count[rule] + SMOOTH) for rule in sorted(count)}


def f1(hit: float, found: float, gold: float) -> float:
    return float(2 * hit / (found + gold)) if found + gold else 0.0


def named(cast: Cast, actors: Iterable[str]) -> list[set[str]]:
    """Labels of actors as the scorer compares them; the unnamed left out."""
    found = []
    for actor in actors:
        row = cast.name(actor)
        if row is None or row.country or row.kind is not ActorKind.UNNAMED:
            found.append({norm(row.country)} if row is not None and row.country else {norm(row.name if row else actor)})
    return found


def wanted_of(gold: Iterable[str]) -> list[set[str]]:
    """Gold's labels, each with its alternatives; the unnamed left out."""
    return [{norm(part) for part in label.split("|")} for label in gold if norm(label) != "unnamed"]


def agrees(cast: Cast, actors: Iterable[str], gold: Iterable[str]) -> bool:
    """Whether the actors are gold's: each met by one, none left over."""
    wanted, found = wanted_of(gold), named(cast, actors)
    return all(any(w & f for f in found) for w in wanted) and all(any(w & f for w in wanted) for f in found)


def weigh(coder: Coder, pieces: Sequence[Piece], chances: Mapping[tuple[Any, ...], float], cut: float) -> Array:
    """Curves of the score: crossed chance of a row → share whose type, sources and targets are right."""
    sure: list[tuple[bool, float, bool]] = []
    for piece in pieces:

        def sift(sentences: Sequence[Sequence[Draft]], name: str = piece.name) -> Sequence[dict[int, Draft]]:
            for d in (draft for drafts in sentences for draft in drafts):
                d.keep = chances.get((name, d.view.index, d.word, d.type, d.rule), 0.0)
            return [choose(drafts, cut) for drafts in sentences]

        cast, drafts = codes(coder, piece, sift)
        hits = match(piece, drafts)
        for draft in drafts:
            event = hits.get(id(draft))
            if draft.proposals is not None and draft.denies is None:
                fine = event is not None and all(
                    agrees(cast, actors, event[role])
                    for role, actors in (("sources", draft.sources), ("targets", draft.targets))
                )
                sure.append((read_from_article(draft), draft.keep, fine))
    return calibrate(sure)


def calibrate(rows: Sequence[tuple[bool, float, bool]]) -> Array:
    """(2, 11, 2): chance → share right at eleven points, isotonic: rows read in the clause, rows from the article."""
    grid = np.linspace(0, 1, 11)
    curves = []
    for kind in (False, True):
        x = np.array([chance for implied, chance, _ in rows if implied == kind])
        y = np.array([float(right) for implied, _, right in rows if implied == kind])
        curve = IsotonicRegression(out_of_bounds="clip", y_min=LOWEST, y_max=HIGHEST).fit(x, y).predict(grid)
        print(
            f"score, {'from the article' if kind else 'in the clause'}: {len(x)} rows, {y.mean():.3f} right",
            curve.round(2),
        )
        curves.append(np.column_stack([grid, curve]))
    return np.array(curves)


def main() -> None:
    """Train the stages in order and write them."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--shared", type=Path, default=Path("../shared"))
    arguments.add_argument("--run", type=Path, default=Path("training/work/coding"))
    arguments.add_argument("--out", type=Path, default=Path("src/demarche/resources/coding/judge.npz"))
    arguments.add_argument("--cut", type=float, help="chance from which a row stands; default: the best on the corpus")
    options = arguments.parse_args()
    coder = load_coder(heads=False)
    cache = options.run / "pieces.pkl"
    if cache.exists():
        pieces = pickle.loads(cache.read_bytes())
    else:
        pieces = prepare(options.shared, options.run)
        random.Random(4).shuffle(pieces)
        cache.write_bytes(pickle.dumps(pieces))
    keep, best, priors, chances = train_keep(coder, pieces)
    cut = options.cut or best
    score = weigh(coder, [piece for piece in pieces if piece.unseen], chances, cut)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        options.out, **{f"keep.{key}": value for key, value in keep.items()}, prior_rules=np.array(list(priors)),
        prior_shares=np.array(list(priors.values())), cuts=np.array([cut]), least=np.array(LEAST), score=score,
    )  # fmt: skip


if __name__ == "__main__":
    main()
