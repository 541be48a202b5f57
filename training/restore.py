"""A checkpoint from the shipped files, to train on when the original is gone: int8 weights turned back into floats.

    python -m training.restore --weights src/demarche/syntax/weights --out training/work/restored.pt

The encoder and the tree heads come back; the heads for names and coding are trained on the encoder as it ships. Nothing
is lost but what rounding to int8 and the narrower relation scores already lost in the product.
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
from torch.nn import functional as F

from training.heads_graph import TAGS

__all__ = ["encoder_state", "heads_state", "main"]

Array = npt.NDArray[np.float32]
FIRST = ("tag.1", "arc_dep", "arc_head", "rel_dep", "rel_head")
"""Layers whose products stand together at the beginning of heads.onnx, in their order there."""


def _weights(path: Path) -> dict[str, Array]:
    graph = onnx.load(str(path)).graph
    return {w.name: np.asarray(numpy_helper.to_array(w)) for w in graph.initializer}


def encoder_state(path: Path) -> dict[str, Tensor]:
    """Weights of `training.encoder.Encoder` by name."""
    w = _weights(path)
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


def _linear(w: dict[str, Array], name: str) -> tuple[Array, Array]:
    """Weight (outputs, inputs) and bias of one product."""
    return (w[f"{name}.weight"].astype(np.float32) * w[f"{name}.weight_scale"]).T, w[f"{name}.bias"]


def _ungelu(value: Array) -> Array:
    """What the activation was taken of; of the two answers below zero the nearer."""
    at = np.linspace(-0.7, 12, 200_000, dtype=np.float32)
    return np.interp(value, F.gelu(torch.from_numpy(at)).numpy(), at).astype(np.float32)


def heads_state(folder: Path) -> dict[str, Tensor]:
    """Weights of `training.tasks.tree.TreeHeads` by name (`tree.arc_dep.weight`, …)."""
    w, r = _weights(folder / "heads.onnx"), _weights(folder / "relations.onnx")
    state: dict[str, Array] = {}
    for name, parts in (("enter", FIRST), ("tags", tuple(f"tags.{tag}" for tag in TAGS))):
        weight, bias = _linear(w, name)
        edges = np.cumsum(w[f"{name}.sizes"])
        for part, own, shift in zip(parts, np.split(weight, edges), np.split(bias, edges), strict=False):
            state[f"{part}.weight"], state[f"{part}.bias"] = own, shift
    arc, last = _linear(w, "arc_map")
    state["arc"] = np.concatenate([arc.T, last[None]])
    sides = [np.concatenate([m, b[:, None]], 1) for m, b in (_linear(w, f"rel_{s}.mapped") for s in ("dep", "head"))]
    core = _linear(r, "left")[0].T.reshape(len(sides[0]), -1, len(sides[1]))
    state["rel"] = np.einsum("pa,plq,qb->alb", sides[0], core, sides[1], optimize=True)
    stands = _ungelu(_weights(folder / "arcs.onnx")["root"][0]) - state["arc_head.bias"]
    state["root"] = np.linalg.lstsq(state["arc_head.weight"], stands, rcond=None)[0]
    return {f"tree.{k}": torch.tensor(np.array(v, np.float32)) for k, v in state.items()}


def main() -> None:
    """Write a file that `training.train --start` reads."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, default=Path("src/demarche/syntax/weights"))
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    state = {f"encoder.{k}": v for k, v in encoder_state(arguments.weights / "encoder.onnx").items()}
    heads = heads_state(arguments.weights)
    state |= {f"heads.{k}": v for k, v in heads.items()}
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"model": state, "tasks": ["tree"]}, arguments.out)
    print(len(state), "weights")


if __name__ == "__main__":
    main()
