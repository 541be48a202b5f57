"""Narrow the layers of a checkpoint: keep the inner units that matter most, to be trained on.

    python -m training.prune --run training/work/a --out training/work/narrow.pt --inner 1024 --minilm FOLDER

A unit matters by its mean size over sample sentences times the length of what it adds (Molchanov et al. 2017 in kind).
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import torch
from torch import Tensor, nn

from training.export import load_run
from training.train import batches, collate, merge

__all__ = ["main"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--inner", type=int, default=1024)
    parser.add_argument("--minilm", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    arguments = parser.parse_args()
    model, tasks, pieces = load_run(arguments.run, arguments.minilm, arguments.data)
    sizes: dict[str, Tensor] = {}
    for name, module in model.encoder.named_modules():
        if isinstance(module, nn.Linear) and name.endswith("down"):

            def note(_: nn.Module, given: tuple[Tensor, ...], name: str = name) -> None:
                sizes[name] = sizes.get(name, torch.zeros(())) + given[0][on].abs().mean(0)

            module.register_forward_pre_hook(note)
    joints = merge(tasks, pieces, "train", random.Random(1))
    joints = random.Random(1).sample(joints, min(600, len(joints)))
    with torch.no_grad():
        for batch in batches(joints, 2048, None):
            inputs = collate(pieces, batch, None)
            on = inputs["mask"] > 0
            model.encoder(*(inputs[n] for n in ("ids", "shapes", "mask", "first", "last")))
    state = model.state_dict()
    for name, size in sizes.items():
        down, up = f"encoder.{name}", f"encoder.{name.removesuffix('down')}up"
        worth = size * state[f"{down}.weight"].norm(dim=0)
        kept = worth.topk(arguments.inner).indices.sort().values
        print(name, "kept share of worth", round(float(worth[kept].sum() / worth.sum()), 3))
        state[f"{down}.weight"] = state[f"{down}.weight"][:, kept].clone()
        for part in ("weight", "bias"):
            state[f"{up}.{part}"] = state[f"{up}.{part}"][kept].clone()
    torch.save({"model": state, "tasks": list(tasks)}, arguments.out)


if __name__ == "__main__":
    main()
