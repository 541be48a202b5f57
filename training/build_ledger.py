"""Count how often each rule fires on data/corpus and how often it is right: `resources/coding/ledger.tsv`.

    python -m training.build_ledger --run training/work/coding

Reads the parsed articles of training/judge.py (`pieces.pkl`). Every candidate counts, also one the judge drops.
"""

from __future__ import annotations

import argparse
import pickle
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from demarche.coding.coder import load_coder
from demarche.coding.events import Draft
from training.judge import Piece, codes, match

__all__ = ["Piece", "main"]


def main() -> None:
    """Write the table, most fired first."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--run", type=Path, default=Path("training/work/coding"))
    arguments.add_argument("--out", type=Path, default=Path("src/demarche/resources/coding/ledger.tsv"))
    options = arguments.parse_args()
    coder = load_coder(heads=False)
    fired: Counter[str] = Counter({rule.id: 0 for rule in coder.rules.rules})
    right: Counter[str] = Counter()
    for piece in pickle.loads((options.run / "pieces.pkl").read_bytes()):
        drafts: list[Draft] = []

        def keep(sentences: Sequence[Sequence[Draft]], drafts: list[Draft] = drafts) -> Sequence[dict[int, Draft]]:
            drafts.extend(draft for row in sentences for draft in row if draft.seen is None)
            return [{} for _ in sentences]

        codes(coder, piece, keep)
        hits = match(piece, drafts)
        fired.update(draft.rule for draft in drafts)
        right.update(draft.rule for draft in drafts if id(draft) in hits)
    rows = sorted(fired, key=lambda rule: (-fired[rule], rule))
    lines = ["rule\tfired\tright", *(f"{rule}\t{fired[rule]}\t{right[rule]}" for rule in rows)]
    options.out.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
