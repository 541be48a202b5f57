"""From a checkpoint to the int8 encoder, labels and lemmas; the heads: `export_heads`, `export_coding`.

python -m training.export --run training/work/v1 --minilm FOLDER --out src/demarche/syntax/weights
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from demarche.records import Tree
from demarche.syntax.pieces import Pieces
from training.encoder import Encoder
from training.graph import encoder_graph
from training.tasks import Task, all_tasks
from training.train import Joint, Model, batches, collate, merge

__all__ = ["calibrate", "main"]

Spans = dict[str, tuple[float, float]]


def calibrate(encoder: Encoder, pieces: Pieces, joints: Sequence[Joint], *, keep: float = 1.0) -> Spans:
    """Least and greatest value before each product over sentences (`keep` < 1: that quantile of the extremes)."""
    seen: dict[str, list[tuple[float, float]]] = {}
    hooks = []
    for name, module in encoder.named_modules():
        if isinstance(module, nn.Linear):

            def note(_: nn.Module, given: tuple[Tensor, ...], name: str = name) -> None:
                value = given[0][on]
                low, high = value.amin(-1), value.amax(-1)
                seen.setdefault(name, []).append((float(low.quantile(1 - keep)), float(high.quantile(keep))))

            hooks.append(module.register_forward_pre_hook(note))
    with torch.no_grad():
        for batch in batches(joints, 2048, None):
            inputs = collate(pieces, batch, None)
            on = inputs["mask"] > 0
            encoder(*(inputs[n] for n in ("ids", "shapes", "mask", "first", "last")))
    for hook in hooks:
        hook.remove()
    return {name: (min(s[0] for s in spans), max(s[1] for s in spans)) for name, spans in seen.items()}


def _numpy(module: nn.Module) -> dict[str, npt.NDArray[np.float32]]:
    return {k: v.detach().float().numpy() for k, v in module.state_dict().items()}


def load_run(run: Path, minilm: Path, data: Path) -> tuple[Model, dict[str, Task], Pieces]:
    """The averaged weights of a run with its tasks."""
    saved = torch.load(run / "last.pt", map_location="cpu", weights_only=False)
    everything = all_tasks()
    tasks = {name: everything[name] for name in saved["tasks"]}
    for task in tasks.values():
        task.prepare(data)
    layers = 1 + max(int(k.split(".")[2]) for k in saved["model"] if k.startswith("encoder.layers."))
    inner = len(saved["model"]["encoder.layers.0.up.bias"])
    model = Model(tasks, layers, inner)
    model.load_state_dict(saved["model"])
    pieces = Pieces((minilm / "vocab.txt").read_text(encoding="utf-8").split("\n")[:30522])
    return model.eval(), tasks, pieces


def lemma_rows(trees: Sequence[Tree]) -> list[str]:
    """`form, tag, lemma` of the training trees, without proper nouns and rare signs; the commonest lemma of each."""
    seen: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for tree in trees:
        for form, tag, lemma in zip(tree.forms, tree.xpos, tree.lemmas, strict=True):
            if tag[0] in "VNJRDPMWIE" and not tag.startswith("NNP") and form.replace("'", "").isalpha():
                seen[form.lower(), tag][lemma] += 1
    return sorted(f"{form}\t{tag}\t{counts.most_common(1)[0][0]}" for (form, tag), counts in seen.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--minilm", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--bits", type=int, default=8)
    parser.add_argument("--keep", type=float, default=1.0)
    parser.add_argument("--name", default="demarche-en")
    arguments = parser.parse_args()
    model, tasks, pieces = load_run(arguments.run, arguments.minilm, arguments.data)
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    joints = merge(tasks, pieces, "train", random.Random(1))
    sample = random.Random(1).sample(joints, min(400, len(joints)))
    spans = calibrate(model.encoder, pieces, sample, keep=arguments.keep)
    mix = model.encoder.mix.detach().softmax(0).numpy()
    layers = len(model.encoder.layers)
    graph = encoder_graph(_numpy(model.encoder), spans, layers=layers, mix=mix, bits=arguments.bits)
    (out / "encoder.onnx").write_bytes(graph.SerializeToString())
    labels = tasks["tree"].labels  # type: ignore[attr-defined]
    described = {
        "name": arguments.name,
        "labels": {k: list(v) for k, v in labels.items()},
        "names": list(tasks["names"].outputs()["names"]),
        "signals": {},
    }
    (out / "labels.json").write_text(json.dumps(described, ensure_ascii=False, indent=0), encoding="utf-8")
    shutil.copy(arguments.minilm / "vocab.txt", out / "vocab.txt")
    trees = [s.tree for group in tasks["tree"].sentences("train").values() for s in group]  # type: ignore[attr-defined]
    (out / "lemmas.tsv").write_text("".join(f"{row}\n" for row in lemma_rows(trees)), encoding="utf-8")
    for path in sorted(out.iterdir()):
        print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main()
