"""Train the model of place or government: `python training/train_metonymy.py ../shared/data/geo` (a minute, one core).

Logistic regression on the 1,026 sentences of ReLocaR's train part (Wikipedia, CC BY-SA), L2, weights under a threshold
left out. The strength was chosen by five-fold cross-validation on that part alone. Writes
`resources/linking/metonymy.json.gz`: feature → weight, positive for the place.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from demarche.linking.metonymy import features
from demarche.linking.view import view_sentence
from demarche.syntax import load_parser

OUT = Path(__file__).parents[1] / "src/demarche/resources/linking/metonymy.json.gz"
STRENGTHS = (0.5, 1.0, 2.0, 4.0, 8.0)
SMALL = 0.02


def read_rows(path: Path, split: str) -> list[tuple[dict[str, float], bool]]:
    """Features of each name and whether it means the place."""
    rows = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]
    rows = [row for row in rows if row["split"] == split and row["label"] in {"literal", "metonymic"}]
    parser = load_parser()
    found = []
    for row in rows:
        [trees] = parser.parse([row["text"]])
        for tree in trees:
            words = [w for w in range(len(tree)) if tree.starts[w] < row["end"] and tree.ends[w] > row["start"]]
            if words:
                view = view_sentence(0, tree, (), frozenset(), row["text"])
                found.append((features(view, words[0], words[-1]), row["label"] == "literal"))
                break
    return found


def fit(x: Any, y: Any, strength: float) -> Any:
    """Weights of the L2 logistic regression, by Newton's steps in the dual (few rows, many features)."""
    gram = x @ x.T
    dual = np.zeros(len(y))
    for _ in range(30):
        score = gram @ dual
        p = 1.0 / (1.0 + np.exp(-score))
        curve = np.clip(p * (1 - p), 1e-6, None)
        target = score + (y - p) / curve
        dual = np.linalg.solve(gram + strength * np.diag(1.0 / curve), target)
    return x.T @ dual


def main() -> None:
    rows = read_rows(Path(sys.argv[1]) / "metonymy_relocar.jsonl", "train")
    names = sorted({name for row, _ in rows for name in row})
    column = {name: i for i, name in enumerate(names)}
    x = np.zeros((len(rows), len(names)))
    for i, (row, _) in enumerate(rows):
        for name, value in row.items():
            x[i, column[name]] = value
    y = np.array([place for _, place in rows], dtype=float)
    fold = np.random.default_rng(0).permutation(len(rows)) % 5
    accuracy = {}
    for strength in STRENGTHS:
        right = 0
        for k in range(5):
            weights = fit(x[fold != k], y[fold != k], strength)
            right += int((((x[fold == k] @ weights) > 0) == (y[fold == k] > 0.5)).sum())
        accuracy[strength] = right / len(rows)
        print(f"L2 {strength}: {accuracy[strength]:.3f} in five folds of {len(rows)}")
    best = max(accuracy, key=lambda strength: accuracy[strength])
    weights = fit(x, y, best)
    kept = {name: round(float(w), 3) for name, w in zip(names, weights, strict=True) if abs(w) >= SMALL}
    OUT.write_bytes(gzip.compress(json.dumps(kept, ensure_ascii=False, sort_keys=True).encode(), 9, mtime=0))
    print(len(kept), "weights", OUT.stat().st_size, "bytes, L2", best)


if __name__ == "__main__":
    main()
