"""A checkpoint from the shipped files, to train on when the original is gone: int8 weights turned back into floats.

    python -m training.restore --weights src/demarche/syntax/weights --out training/work/restored.pt

Heads are matched by the names of their nodes; what does not fit begins fresh. Nothing is lost but what rounding to
int8 already lost in the product.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

__all__ = ["encoder_state", "heads_state", "main"]

Array = npt.NDArray[np.float32]


def _weights(path: Path) -> tuple[onnx.GraphProto, dict[str, Array]]:
    graph = onnx.load(str(path)).graph
    return graph, {w.name: np.asarray(numpy_helper.to_array(w)) for w in graph.initializer}


def encoder_state(path: Path) -> dict[str, Tensor]:
    """Weights of `training.encoder.Encoder` by name."""
    _, w = _weights(path)
    state = {
        "words.weight": w["words.table"].astype(np.float32) * w["words.scales"],
        "places.weight": w["places.table"], "shapes.weight": w["shapes.table"],
        "norm.weight": w["embedded.gain"], "norm.bias": w["embedded.shift"],
    }  # fmt: skip
    for name in w:
        if name.endswith(".weight_scale"):
            base = name.removesuffix(".weight_scale")
            state[f"{base}.weight"] = (w[f"{base}.weight"].astype(np.float32) * w[name]).T
            state[f"{base}.bias"] = w[f"{base}.bias"]
        elif name.startswith("layers.") and name.endswith(".gain"):
            base = name.removesuffix(".gain")
            state[f"{base}.weight"], state[f"{base}.bias"] = w[name], w[f"{base}.shift"]
    shares = [float(w[f"mix.{k}"].item()) for k in range(len(w)) if f"mix.{k}" in w]
    state["mix"] = np.log(np.array(shares, np.float32))
    return {k: torch.tensor(np.array(v, np.float32)) for k, v in state.items()}


def heads_state(path: Path, relations: Path) -> dict[str, Tensor]:
    """Weights of the heads by name (`tree.arc_dep.weight`, …)."""
    graph, w = _weights(path)
    state: dict[str, Array] = {k.removesuffix(".half").removeprefix("heads."): v for k, v in w.items() if "." in k}
    state = {k: v for k, v in state.items() if not k.startswith("onnx::") and "_quantized" not in k}
    for node in graph.node:
        if node.op_type != "MatMulInteger":
            continue
        stored = node.input[1].removesuffix("_quantized")
        value = w[node.input[1]].astype(np.float32) * w[f"{stored}_scale"].astype(np.float32)
        if stored.startswith("heads."):
            state[stored.removeprefix("heads.")] = value
        else:
            place = _module(node.name)
            state[f"{place}.weight"] = value.T
    _, r = _weights(relations)
    flat = r["flat_quantized"].astype(np.float32) * r["flat_scale.half"].astype(np.float32)
    state["tree.rel"] = flat.reshape(len(flat), -1, len(flat))
    keep = {k: v for k, v in state.items() if not k.endswith(("_scale", "_zero_point"))}
    return {k: torch.tensor(np.array(v, np.float32)) for k, v in keep.items()}


def _module(node: str) -> str:
    """`/tree/tag/tag.1/MatMul_quant` → `tree.tag.1`; `/tree/upos/MatMul_quant` → `tree.tags.upos`."""
    parts = node.strip("/").split("/")[:-1]
    if len(parts) == 3:
        parts = [parts[0], parts[2]]
    if parts[0] == "tree" and parts[1] in ("upos", "xpos", "feats", "lemma"):
        parts = ["tree", "tags", parts[1]]
    return ".".join(parts)


def main() -> None:
    """Write a file that `training.train --start` reads."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, default=Path("src/demarche/syntax/weights"))
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    state = {f"encoder.{k}": v for k, v in encoder_state(arguments.weights / "encoder.onnx").items()}
    heads = heads_state(arguments.weights / "heads.onnx", arguments.weights / "relations.onnx")
    state |= {f"heads.{k}": v for k, v in heads.items()}
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"model": state, "tasks": ["tree", "names", "coding"]}, arguments.out)
    print(len(state), "weights")


if __name__ == "__main__":
    main()
