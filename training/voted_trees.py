"""Trees of the coded corpus, where nobody drew any: several parsers' scores added up, the best tree of the sum.

    python -m training.voted_trees --data ../shared/data --minilm FOLDER --coding training/work/coding \
      --voter training/work/restored.pt:1536 --voter training/work/narrow/last.pt:1024 --out training/work/trees.jsonl

They keep the encoder a parser of news while it learns to code (self-training with an ensemble: Yu et al. 2015). The
examples of the rules take the shipped parser's own trees: with those the rules read them rightly.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from demarche.syntax import load_parser
from demarche.syntax.datelines import dateline_length
from demarche.syntax.lemmas import apply_script
from demarche.syntax.tree_decoding import decode_heads
from training.tasks.protocol import Example, placed_words
from training.tasks.tree import LONGEST, TreeHeads, TreeTask, columns
from training.train import Joint, Model, batches, collate, encode, join, load_pieces, start_from

__all__ = ["main", "vote"]

TAGS = ("upos", "xpos", "feats", "lemma")
Row = dict[str, Any]


def vote(models: Sequence[Model], task: TreeTask, joints: Sequence[Joint], pieces: Any) -> Iterator[tuple[int, Row]]:
    """Number of the sentence and its columns; probabilities of all models count alike."""
    for batch in batches(joints, 2048, None):
        inputs = collate(pieces, batch, None)
        outs = [_scores(model, inputs) for model in models]
        arcs = torch.stack([out["arcs"].float().softmax(-1) for out in outs]).mean(0).clamp_min(1e-9).log().numpy()
        heads = torch.zeros(inputs["on"].shape, dtype=torch.long)
        for row, joint in enumerate(batch):
            n = len(joint.words)
            heads[row, :n] = torch.tensor(decode_heads(arcs[row, :n, : n + 1]))
        relations = [
            model.heads["tree"].relations(out["rel_dep"].float(), out["rel_head"].float(), heads)  # type: ignore[operator]
            for model, out in zip(models, outs, strict=True)
        ]
        best = {name: _best([out[name] for out in outs]) for name in TAGS} | {"deprel": _best(relations)}
        for row, joint in enumerate(batch):
            n = len(joint.words)
            columns = {name: [task.labels[name][i] for i in best[name][row, :n]] for name in best}
            yield joint.targets["at"], {"heads": (heads[row, :n] - 1).tolist(), **columns}  # type: ignore[misc]


def _best(scores: Sequence[Tensor]) -> Any:
    return torch.stack([s.float().softmax(-1) for s in scores]).mean(0).argmax(-1).numpy()


def _scores(model: Model, inputs: dict[str, Tensor]) -> dict[str, Tensor]:
    heads = model.heads["tree"]
    assert isinstance(heads, TreeHeads)
    return heads(encode(model, inputs).float(), inputs["on"])  # type: ignore[no-any-return]


def main() -> None:
    """Write one JSON line a sentence: key, words, glued, heads (-1 is the root), tags, relations."""
    options = _options()
    task = TreeTask()
    task.prepare(options.data)
    pieces = load_pieces(options.minilm)
    models = []
    for voter in options.voter:
        path, _, inner = voter.rpartition(":")
        model = Model({"tree": task}, 5, int(inner))
        start_from(model, Path(path))
        models.append(model.eval())
    rows = [json.loads(line) for line in (options.coding / "train.jsonl").read_text("utf-8").splitlines()]
    rows = [row for row in rows if ":quiet" not in row["key"] and 3 <= len(row["words"]) <= LONGEST]
    # The parser reads a dateline and what follows apart.
    rows = [row for row in rows if not dateline_length(placed_words(row["words"], row["glued"]))]
    ruled = [":rule-" in row["key"] for row in rows]
    examples = [Example(key=r["key"], words=tuple(r["words"]), glued=tuple(r["glued"]), target=None) for r in rows]
    found: dict[int, Row] = {}
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        joints = [join(pieces, e, {"at": i}) for i, e in enumerate(examples) if not ruled[i]]
        found |= dict(vote(models, task, joints, pieces))
    chosen = [i for i, is_rule in enumerate(ruled) if is_rule]
    own = load_parser().parse_sentences([placed_words(rows[i]["words"], rows[i]["glued"]) for i in chosen])
    found |= {i: {"heads": tree.heads, **columns(tree)} for i, tree in zip(chosen, own, strict=True)}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with options.out.open("w", encoding="utf-8") as file:
        for i, voted in sorted(found.items()):
            voted["lemma"] = [apply_script(f, s) for f, s in zip(rows[i]["words"], voted["lemma"], strict=True)]
            row = {"key": rows[i]["key"], "words": rows[i]["words"], "glued": rows[i]["glued"], **voted}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(len(found), "trees,", sum(ruled), "of them examples of the rules")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--minilm", type=Path, required=True)
    parser.add_argument("--coding", type=Path, default=Path("training/work/coding"))
    parser.add_argument(
        "--voter", action="append", required=True, help="CHECKPOINT:INNER, as `training.train` writes it"
    )
    parser.add_argument("--out", type=Path, default=Path("training/work/trees.jsonl"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
