"""From coding.pt to `coding.onnx` beside the encoder, int8.

    python -m training.export_coding --run training/work/coding --out src/demarche/syntax/weights

Reads the cached word vectors of `training.coding_heads` for the ranges of what is rounded.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import pickle
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from training.coding_graph import coding_graph
from training.export_heads import span
from training.tasks.coding import ROLES, CodingHeads, CodingTask

__all__ = ["main", "spans_of"]

SENTENCES = 300


def spans_of(heads: CodingHeads, sentences: Sequence[npt.NDArray[np.float32]]) -> dict[str, tuple[float, float]]:
    """Ranges of what stands before each product, over the sentences."""
    places: Mapping[str, nn.Module] = {
        "enter": heads.enter[2], "qkv": heads.qkv, "back": heads.back, "up": heads.up, "down": heads.down,
        "read": heads.trigger, "status": heads.status,
    }  # fmt: skip
    seen: dict[str, list[npt.NDArray[np.float32]]] = {name: [] for name in places}
    hooks = []
    for name, module in places.items():

        def note(_: nn.Module, given: tuple[Tensor, ...], name: str = name) -> None:
            seen[name].append(given[0].detach().flatten().numpy())

        hooks.append(module.register_forward_pre_hook(note))
    with torch.no_grad():
        for vectors in sentences:
            heads(torch.from_numpy(vectors)[None], torch.ones(1, len(vectors)))
    for hook in hooks:
        hook.remove()
    return {name: span(np.concatenate(values)) for name, values in seen.items()}


def main() -> None:
    """Write coding.onnx and its description in labels.json."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--run", type=Path, default=Path("training/work/coding"))
    arguments.add_argument("--out", type=Path, default=Path("src/demarche/syntax/weights"))
    options = arguments.parse_args()
    torch.set_num_threads(1)
    heads = CodingHeads(384)
    heads.load_state_dict(torch.load(options.run / "coding.pt"))
    train, _ = pickle.loads((options.run / "vectors.pkl").read_bytes())
    chosen = random.Random(1).sample(train, min(SENTENCES, len(train)))
    spans = spans_of(heads.eval(), [variants[0][1] for variants in chosen])
    state = {name: value.detach().numpy() for name, value in heads.state_dict().items()}
    (options.out / "coding.onnx").write_bytes(coding_graph(state, spans, roles=len(ROLES)).SerializeToString())
    described = json.loads((options.out / "labels.json").read_text("utf-8"))
    described["signals"] = {name: list(labels) for name, labels in CodingTask(options.run).outputs().items()}
    described["coding_reads"] = hashlib.sha256((options.out / "encoder.onnx").read_bytes()).hexdigest()
    (options.out / "labels.json").write_text(json.dumps(described, indent=0), "utf-8")


if __name__ == "__main__":
    main()
