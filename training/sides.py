"""Train who stands on each side of a row (`demarche/coding/sides.py`), on all articles of training/judge.py.

    python -m training.sides --run training/work/coding --out src/demarche/resources/coding/sides.npz

Reads `pieces.pkl` of training/judge.py (articles with trees, links and scores of the heads, which have learned from
most of them) and is run after it. Every figure printed is cross-validated by article. The development articles are not
read.
"""

from __future__ import annotations

import argparse
import pickle
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from demarche.coding.coder import Coder, load_coder
from demarche.coding.judge import load_judge
from demarche.coding.roles import Cast
from demarche.coding.sides import FORESTS, ROLES, Bench, Question, choose
from training.judge import Piece, agrees, forest, grow, match, named, wanted_of
from training.own_articles import own_articles
from training.prepare_coding import norm

__all__ = ["main"]

FOLDS = 4
GROW: dict[str, Any] = {"rounds": 70, "leaves": 8, "rate": 0.12, "least": 20, "depth": 4}

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question with gold's answer. group: the article's number; name: the article. right: side by side whether it is
    gold's; labels: gold's labels that each side meets; wanted: how many gold has."""

    group: int
    name: str
    question: Question
    labels: tuple[frozenset[int], ...]
    wanted: int
    row: int

    @property
    def right(self) -> list[bool]:
        return [bool(met) for met in self.labels]

    def fits(self, keys: Iterable[str]) -> bool:
        """Whether these sides are gold's: each gold label met, nobody left over."""
        met = [self.labels[self.question.keys.index(key)] for key in keys]
        return all(met) and len(frozenset().union(*met)) == self.wanted


def ask(coder: Coder, pieces: Sequence[Piece]) -> tuple[list[Asked], list[tuple[str, bool, bool]]]:
    """The questions of all rows whose type is gold's, and for each such row its article and whether the rules have
    both its roles right."""
    asked: list[Asked] = []
    rows: list[tuple[str, bool, bool]] = []
    for group, piece in enumerate(pieces):
        context, cast, drafts, _ = coder._read(piece.article, piece.sentences, piece.trees, piece.linked)
        drafts = [draft for draft in drafts if draft.denies is None]
        hits = match(piece, drafts)
        bench = Bench(context, cast, drafts)
        numbers: dict[int, int] = {}
        for draft in drafts:
            if (event := hits.get(id(draft))) is not None:
                numbers[id(draft)] = len(rows)
                doers, others = (agrees(cast, getattr(draft, role), event[role]) for role in ROLES)
                rows.append((piece.name, doers, others))
        for question in bench.questions([draft for draft in drafts if id(draft) in hits]):
            wanted = wanted_of(hits[id(question.draft)][ROLES[question.role]])
            labels = tuple(
                frozenset(n for n, label in enumerate(wanted) if label & names(cast, key)) for key in question.keys
            )
            row = numbers[id(question.draft)]
            asked.append(
                Asked(group=group, name=piece.name, question=question, labels=labels, wanted=len(wanted), row=row)
            )
    return asked, rows


def names(cast: Cast, key: str) -> set[str]:
    """How gold writes a side."""
    return {norm(key)}.union(*named(cast, [key]))


def numbers(asked: Sequence[Asked]) -> tuple[Array, npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Lines, whether each is gold's, and the fold of each."""
    x = np.array([line for one in asked for line in one.question.lines])
    y = np.array([right for one in asked for right in one.right])
    return x, y, np.repeat([one.group % FOLDS for one in asked], [len(one.labels) for one in asked])


def train(name: str, asked: Sequence[Asked]) -> tuple[Any, list[frozenset[str]]]:
    """A forest, and the crossed answers to its questions: the sides that stand."""
    x, y, folds = numbers(asked)
    if len(np.unique(y)) < 2:
        raise SystemExit(f"{name}: too few articles to learn from ({len(asked)} questions)")
    chances = np.full(len(y), y.mean())
    for fold in range(FOLDS):
        out = folds == fold
        if not out.any() or len(np.unique(y[~out])) < 2:
            continue  # too little for a crossed figure
        chances[out] = grow(x[~out], y[~out], **GROW).predict_proba(x[out])[:, 1]
    answers: list[frozenset[str]] = []
    first = 0
    for one in asked:
        last = first + len(one.labels)
        answers.append(choose(one.question, chances[first:last].tolist()))
        first = last
    return grow(x, y, **GROW), answers


def main() -> None:
    """Train the forests, print what they change, write them."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--run", type=Path, default=Path("training/work/coding"))
    arguments.add_argument("--out", type=Path, default=Path("src/demarche/resources/coding/sides.npz"))
    options = arguments.parse_args()
    coder = replace(load_coder(heads=False), judge=load_judge())
    pieces = pickle.loads((options.run / "pieces.pkl").read_bytes())
    random.Random(4).shuffle(pieces)
    asked, rows = ask(coder, pieces)
    right = np.array([row[1:] for row in rows])
    before = right.copy()
    arrays: dict[str, Any] = {}
    for number, name in enumerate(FORESTS):
        mine = [one for one in asked if one.question.forest == number]
        model, answers = train(name, mine)
        arrays |= {f"{name}.{key}": value for key, value in forest(model).items()}
        changed = [(one, keys) for one, keys in zip(mine, answers, strict=True) if keys != one.question.own]
        for one, keys in changed:
            right[one.row, one.question.role] = one.fits(keys)
        was = sum(bool(before[one.row, one.question.role]) for one, _ in changed)
        now = sum(bool(right[one.row, one.question.role]) for one, _ in changed)
        print(f"{name}: {len(mine)} questions, {len(changed)} answers changed; of these right {was} -> {now}")
    own = {article["id"] for article in own_articles()}
    corpus = np.array([name not in own for name, *_ in rows])
    for label, some in (("data/corpus", corpus), ("training/data", ~corpus)):
        if some.any():
            print(f"rows with the right type, {label}: {some.sum()}; both sides right "
                  f"{before[some].all(1).mean():.3f} -> {right[some].all(1).mean():.3f}")  # fmt: skip
    np.savez_compressed(options.out, **arrays)


if __name__ == "__main__":
    main()
