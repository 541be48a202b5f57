"""Fit `lexicons/factuality_weights.tsv` on the training part of UDS-IH2 (CC BY-SA 4.0): ridge regression.

    python -m training.fit_factuality ../shared/data/statements/uds_ih2_train.jsonl

Weights of features seen at least three times, rounded to three places; small ones are left out.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import lsqr

from demarche.coding.factuality import factual_features, view_tree
from demarche.coding.status import load_status_table, read_status
from demarche.pipeline import load_models
from demarche.pipeline.statements import factual_words

RIDGE = 5.0
"""Damping of the least squares; swept 3, 5, 8, 12 on the development part."""
SEEN = 3
SMALL = 0.01
TARGET = Path(__file__).parents[1] / "src/demarche/resources/lexicons/factuality_weights.tsv"


def main(path: Path) -> None:
    table = load_status_table()
    rows, labels = [], []
    for tree, word, label in factual_words(path, load_models().parser):
        view = view_tree(tree)
        rows.append(set(factual_features(view, word, read_status(view, word, table))))
        labels.append(label)
    seen = Counter(name for row in rows for name in row)
    names = sorted(name for name, count in seen.items() if count >= SEEN)
    place = {name: at for at, name in enumerate(names)}
    cells = [(at, place[name]) for at, row in enumerate(rows) for name in sorted(row) if name in place]
    matrix = sparse.csr_matrix((np.ones(len(cells)), tuple(zip(*cells, strict=True))), shape=(len(rows), len(names)))
    target = np.array(labels)
    weights = lsqr(matrix, target - target.mean(), damp=RIDGE, iter_lim=200)[0]
    lines = ["feature\tweight", f"*\t{target.mean():.3f}"]
    lines += [f"{name}\t{weight:.3f}" for name, weight in zip(names, weights, strict=True) if abs(weight) >= SMALL]
    TARGET.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{len(rows)} words, {len(lines) - 2} weights")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
