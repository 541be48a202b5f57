"""Train the judge on data/corpus: which rows stand and who fills their roles.

    python -m training.judge --shared ../shared --run training/work/coding --out src/demarche/resources/coding/judge.npz

The scores of the heads come from `folds.pkl` (training/coding_heads.py --folds): from heads that never saw the article.
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
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.isotonic import IsotonicRegression

from demarche.coding.attribution import find_attributions, hear
from demarche.coding.coder import load_coder, parents_first, speakers
from demarche.coding.context import DocContext, read_context
from demarche.coding.events import Draft, draft_events
from demarche.coding.evidence import Scene
from demarche.coding.forest import Forest
from demarche.coding.heads import propose
from demarche.coding.implicit import fill_roles
from demarche.coding.judge import HOSTILE, Judge, choose, evidence_of, read_from_article, settle_roles, weigh_roles
from demarche.coding.roles import Cast
from demarche.linking import load_linker
from demarche.pipeline.code import parse_article
from demarche.pipeline.models import Models
from demarche.records import Article, CopyKind, Document, Paragraph, Role, Signals
from demarche.syntax import load_parser
from training.own_articles import DATA, read_articles
from training.prepare_coding import norm

__all__ = ["main"]

LEAST = 0.08
LOWEST, HIGHEST = 0.05, 0.8
"""Bounds of the score: the ends of an isotonic curve rest on a handful of rows."""
CUTS = (0.5, 0.5)
SOMEBODY = (0.5, 0.5)
ABSENT = 0.4
SMOOTH = 3.0
Array = npt.NDArray[np.float64]
Row = dict[str, Any]


@dataclass
class Piece:
    """One article ready to be coded again and again. gold: (start, end, event)."""

    name: str
    article: Article
    context: DocContext
    gold: list[tuple[int, int, Row]]
    signals: Sequence[Any] = field(default_factory=list)


def read_gold(shared: Path) -> list[Row]:
    corpus = [a for p in sorted((shared / "data/corpus").glob("*.json")) for a in json.loads(p.read_text("utf-8"))]
    return [*corpus, *(a for path in sorted(DATA.glob("own_articles_*.txt")) for a in read_articles(path))]


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
    """Parse and link every article; put the scores of the fold that never saw it into its trees."""
    folds = pickle.loads((run / "folds.pkl").read_bytes())
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
            out = folds.get(known.get((row["id"], tuple(tree.forms)), ""))
            labels = tree.signals.labels if tree.signals else {}
            scored.append(replace(tree, signals=Signals(arrays=out, labels=labels) if out is not None else None))
        linked = models.linker.link(article, sentences, scored)
        context = read_context(article, sentences, scored, linked)
        gold = [place(row["text"], event) for event in row["events"]]
        found.append(Piece(name=row["id"], article=article, context=context, gold=gold))
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


def forest(model: HistGradientBoostingClassifier, mapped: Sequence[int] | None = None, size: int = 0) -> Row:
    """The arrays of a fitted model. mapped: class of the model → output."""
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
        arrays["outputs"][t] = mapped[k] if mapped is not None else k
        for n, node in enumerate(predictor.nodes):
            depth = max(depth, int(node["depth"]))
            leaf = bool(node["is_leaf"])
            arrays["feature"][t, n] = 0 if leaf else node["feature_idx"]
            arrays["threshold"][t, n] = 0.0 if leaf else node["num_threshold"]
            arrays["left"][t, n] = n if leaf else node["left"]
            arrays["right"][t, n] = n if leaf else node["right"]
            arrays["value"][t, n] = np.float32(node["value"] if leaf else 0)
    base = np.asarray(model._baseline_prediction, np.float64).ravel()
    if mapped is not None:
        wide = np.full(size, -12.0)
        wide[list(mapped)] = base
        base = wide
    return {**arrays, "base": base, "depth": np.array(depth)}


def grow(x: Array, y: npt.NDArray[Any], *, rounds: int, leaves: int = 8, rate: float = 0.06, least: int = 15) -> Any:
    model = HistGradientBoostingClassifier(
        max_iter=rounds, max_leaf_nodes=leaves, learning_rate=rate, min_samples_leaf=least, l2_regularization=2.0,
        early_stopping=False, random_state=1,
    )  # fmt: skip
    return model.fit(x, y)


def as_forest(arrays: Row) -> Forest:
    return Forest(
        feature=arrays["feature"].astype(np.int32), threshold=arrays["threshold"].astype(np.float64),
        left=arrays["left"].astype(np.int32), right=arrays["right"].astype(np.int32),
        value=arrays["value"].astype(np.float64), outputs=arrays["outputs"].astype(np.int32), base=arrays["base"],
        depth=int(arrays["depth"]),
    )  # fmt: skip


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
ROLE = {"rounds": 100, "leaves": 7, "rate": 0.06}


def codes(coder: Any, piece: Piece, sift: Any) -> tuple[Cast, list[Draft]]:
    cast = Cast(context=piece.context, lexicon=coder.rules.lexicon)
    proposals = [propose(view.tree, least=LEAST) for view in piece.context.views]
    drafts = list(draft_events(piece.context, cast, coder.rules, proposals, sift))
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
        missed += len(piece.gold) - len(hits)
        by_sentence: dict[int, list[Draft]] = defaultdict(list)
        for draft in everything:
            by_sentence[draft.view.index].append(draft)
        for drafts in by_sentence.values():
            lines += evidence_of(drafts, {})
            labels += [int(id(d) in hits) for d in drafts]
            groups += [number] * len(drafts)
            rules += [d.rule for d in drafts]
            names += [(piece.name, d.view.index, d.word, d.type, d.rule) for d in drafts]
    x, y, g = np.array(lines), np.array(labels), np.array(groups)
    for fold in range(5):
        out = g % 5 == fold
        known = shares(rules, y, ~out)
        x[out, 1] = [known.get(r, 0.5) for r, o in zip(rules, out, strict=True) if o]
    chances = crossed(x, y, groups, **KEEP)
    total = int(y.sum()) + missed
    best = max(np.arange(0.2, 0.7, 0.02), key=lambda c: f1(y[chances >= c].sum(), (chances >= c).sum(), total))
    hit, taken = y[chances >= best].sum(), (chances >= best).sum()
    print(f"keep: {len(y)} candidates, {y.sum()} right, {missed} never proposed; cut {best:.2f} P {hit / taken:.3f} "
          f"R {hit / total:.3f} F1 {f1(hit, taken, total):.3f}")  # fmt: skip
    first = np.array([n[4].startswith("coding.") for n in names])
    print(f"      rules alone P {y[first].mean():.3f} R {y[first].sum() / total:.3f} "
          f"F1 {f1(y[first].sum(), first.sum(), total):.3f}")  # fmt: skip
    arrays = forest(grow(x, y, **KEEP))
    return arrays, float(best), shares(rules, y, np.ones(len(y), bool)), dict(zip(names, chances.tolist(), strict=True))


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


def labels_of(cast: Cast, key: str, actor: str) -> set[str]:
    row = cast.name(actor)
    if row is not None and row.country:
        return {norm(row.country)}
    return {norm(key), norm(row.name if row is not None else actor)}


def fills(cast: Cast, key: str, actor: str, gold: Sequence[str]) -> bool:
    return any(labels_of(cast, key, actor) & {norm(part) for part in label.split("|")} for label in gold)


def train_roles(
    coder: Any, pieces: Sequence[Piece], chances: Mapping[tuple[Any, ...], float], judge: Judge, *, loop: bool
) -> tuple[Row, Row, Array]:
    """Forests of sources and targets. loop: roles of earlier rows are the judge's own, else the rules'."""
    xs: list[Sequence[float]] = []
    xt: list[Sequence[float]] = []
    ys: list[int] = []
    yt: list[int] = []
    row_of: list[int] = []
    groups: list[int] = []
    base: list[list[bool]] = []
    sure: list[tuple[bool, float, bool]] = []
    reach: list[tuple[bool, ...]] = []
    for number, piece in enumerate(pieces):

        def sift(sentences: Sequence[Sequence[Draft]], name: str = piece.name) -> Sequence[dict[int, Draft]]:
            for d in (draft for drafts in sentences for draft in drafts):
                d.keep = chances.get((name, d.view.index, d.word, d.type, d.rule), 0.0)
            return [choose(drafts, judge.cuts[0]) for drafts in sentences]

        cast, drafts = codes(coder, piece, sift)
        fill_roles(piece.context, cast, drafts)
        voices = hear(find_attributions(piece.context, cast, coder.cues))
        hits = match(piece, drafts)
        scene = Scene.of(piece.context, cast)
        for draft in parents_first(drafts):
            holders = speakers(voices, draft)
            before = (draft.sources, draft.targets)
            if loop and draft.seen is not None:
                roles = settle_roles(judge, draft, scene, holders)
            else:
                roles = weigh_roles(judge, draft, scene, holders)
                scene.note(draft, draft.type in HOSTILE)
            event = hits.get(id(draft))
            if draft.proposals is not None:
                fine = event is not None and all(
                    {k for k in roles.actors if fills(cast, k, roles.actors[k], event[role])} == set(scene.keys(actors))
                    for role, actors in (("sources", draft.sources), ("targets", draft.targets))
                )
                sure.append((read_from_article(draft), draft.keep, fine))
            if event is None or draft.proposals is None:
                continue
            keys = list(roles.actors)
            xs += roles.source_rows
            xt += roles.target_rows
            ys += [int(fills(cast, k, roles.actors[k], event["sources"])) for k in keys]
            yt += [int(fills(cast, k, roles.actors[k], event["targets"])) for k in keys]
            row_of += [len(reach)] * len(keys)
            groups += [number] * len(keys)
            base.append(
                [
                    {k for k in roles.actors if fills(cast, k, roles.actors[k], event[role])}
                    == {k for k in roles.actors if k in scene.keys(was)}
                    for role, was in zip(("sources", "targets"), before, strict=True)
                ]
            )
            reach.append(
                (_reached(cast, roles.actors, event["sources"]), _reached(cast, roles.actors, event["targets"]))
            )
    x1, x2, y1, y2 = np.array(xs), np.array(xt), np.array(ys), np.array(yt)
    p1, p2 = crossed(x1, y1, groups, **ROLE), crossed(x2, y2, groups, **ROLE)
    rows = np.array(row_of)
    right = np.ones((len(reach), 2), bool)
    for column, (p, y) in enumerate(((p1, y1), (p2, y2))):
        taken = p >= CUTS[column]
        for number in range(len(reach)):
            mine = np.flatnonzero(rows == number)
            if len(mine) and not taken[mine].any() and p[mine].sum() >= SOMEBODY[column]:
                taken[mine[p[mine].argmax()]] = True
        wrong = taken != (y > 0)
        right[rows[wrong], column] = False
        right[:, column] &= np.array([r[column] for r in reach])
    print(f"roles: {len(reach)} rows; all sources right {right[:, 0].mean():.3f}, targets {right[:, 1].mean():.3f}, "
          f"both {right.all(1).mean():.3f}; a candidate for all: {np.mean([r[0] for r in reach]):.3f}, "
          f"{np.mean([r[1] for r in reach]):.3f}")  # fmt: skip
    was = np.array(base)
    print(
        f"       as the rules left them: {was[:, 0].mean():.3f}, {was[:, 1].mean():.3f}, both {was.all(1).mean():.3f}"
    )
    return forest(grow(x1, y1, **ROLE)), forest(grow(x2, y2, **ROLE)), calibrate(sure)


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


def _reached(cast: Cast, actors: Mapping[str, str], gold: Iterable[str]) -> bool:
    named = [label for label in gold if norm(label) != "unnamed"]
    return all(any(fills(cast, k, a, [label]) for k, a in actors.items()) for label in named)


def main() -> None:
    """Train the stages in order and write them."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--shared", type=Path, default=Path("../shared"))
    arguments.add_argument("--run", type=Path, default=Path("training/work/coding"))
    arguments.add_argument("--out", type=Path, default=Path("src/demarche/resources/coding/judge.npz"))
    options = arguments.parse_args()
    coder = load_coder(heads=False)
    cache = options.run / "pieces.pkl"
    if cache.exists():
        pieces = pickle.loads(cache.read_bytes())
    else:
        pieces = prepare(options.shared, options.run)
        random.Random(4).shuffle(pieces)
        cache.write_bytes(pickle.dumps(pieces))
    keep, cut, priors, chances = train_keep(coder, pieces)
    empty = as_forest(_constant())
    judge = Judge(
        keep=as_forest(keep), source=empty, target=empty, priors=priors, cuts=(cut, 0.5, 0.5), somebody=SOMEBODY,
        absent=ABSENT, least=LEAST, score=(((0.0, 0.0), (1.0, 1.0)),) * 2,
    )  # fmt: skip
    source, target, _ = train_roles(coder, pieces, chances, judge, loop=False)
    judge = replace(judge, source=as_forest(source), target=as_forest(target))
    source, target, score = train_roles(coder, pieces, chances, judge, loop=True)
    parts = {"keep": keep, "source": source, "target": target}
    arrays = {f"{name}.{key}": value for name, part in parts.items() for key, value in part.items()}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        options.out, **arrays, prior_rules=np.array(list(priors)), prior_shares=np.array(list(priors.values())),
        cuts=np.array([cut, *CUTS]), somebody=np.array(SOMEBODY), absent=np.array(ABSENT),
        least=np.array(LEAST), score=score,
    )  # fmt: skip


def _constant() -> Row:
    """A forest that says nothing."""
    return {
        **{k: np.zeros((1, 1)) for k in ("feature", "threshold", "left", "right", "value")},
        "outputs": np.zeros(1), "base": np.zeros(1), "depth": np.array(0),
    }  # fmt: skip


if __name__ == "__main__":
    main()
