"""The files beside the encoder: heads.onnx, arcs.onnx, relations.onnx; coding.onnx where it is not there yet.

    python -m training.export_heads --start training/work/narrow/last.pt --names training/work/names/names.pt
    python -m training.export_heads --names training/work/names/names.pt      # the name head alone: the rest stays

Reads the shipped encoder (for the scales of what the heads read), the tree heads of a checkpoint and the name head.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper
from torch.nn import functional as F

from demarche.syntax import read_conllu
from demarche.syntax.load import load_encoder
from demarche.syntax.name_lists import read_lists
from demarche.syntax.word_vectors import WordEncoder
from training.graph import Graph
from training.heads_graph import arcs_graph, heads_graph, names_part, relations_graph
from training.names_head import MarkedHeads
from training.tasks.names import LABELS
from training.tasks.tree import TREE_FILES, glued
from training.teacher import place

__all__ = ["main", "projected", "replace_names", "sample_vectors", "span"]

Array = npt.NDArray[np.float32]
SENTENCES = 1200
RANK = 48
"""Width of both sides when relations are scored; LAS of 96 (all), 64, 48, 32 on dev: docs/syntax.md."""


def span(value: Array) -> tuple[float, float]:
    """Range that an activation is cut to: all but one value in a hundred thousand."""
    low, high = np.quantile(value, [5e-6, 1 - 5e-6])
    return float(low), float(high)


def sample_vectors(data: Path, encoder: WordEncoder, lists: Any) -> tuple[list[Array], list[Array]]:
    """Word vectors and list marks of training sentences."""
    gold = [s for path in TREE_FILES["train"].values() for s in read_conllu(data / path)]
    chosen = random.Random(1).sample(gold, min(SENTENCES, len(gold)))
    vectors = encoder.encode([place(s.tree.forms, glued(s.tree))[1] for s in chosen])
    return vectors, [lists.marks(s.tree.forms) for s in chosen]


def _gelu(value: Array) -> Array:
    found: Array = F.gelu(torch.from_numpy(value)).numpy()
    return found


def projected(rel: Array, dep: Array, head: Array, rank: int) -> tuple[Array, Array, Array, float]:
    """Both sides of the relation scores on `rank` directions each that matter most over the sample.

    rel: (own, relations, other) with a last row and column for the constant 1. dep, head: (words, size), without it.
    Returns maps of both sides (rank, size + 1), the core (rank, relations, rank), the share of squares kept.
    """
    sides = [np.concatenate([side, np.ones((len(side), 1), np.float32)], 1).astype(np.float64) for side in (dep, head)]
    roots, inverses = zip(*(_root(side.T @ side / len(side)) for side in sides), strict=True)
    white = np.einsum("ai,ilj,jb->alb", roots[0], rel.astype(np.float64), roots[1])
    own = np.linalg.svd(white.reshape(len(white), -1), full_matrices=False)[0][:, :rank]
    other = np.linalg.svd(white.transpose(2, 0, 1).reshape(white.shape[2], -1), full_matrices=False)[0][:, :rank]
    core = np.einsum("ap,alb,bq->plq", own, white, other)
    maps = (own.T @ inverses[0], other.T @ inverses[1])
    return (
        maps[0].astype(np.float32), maps[1].astype(np.float32), core.astype(np.float32),
        float((core**2).sum() / (white**2).sum()),
    )  # fmt: skip


def _root(matrix: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Symmetric square root and its inverse."""
    values, sides = np.linalg.eigh(matrix)
    values = np.sqrt(np.maximum(values, 1e-8 * values.max()))
    return (sides * values) @ sides.T, (sides / values) @ sides.T


def _tree_state(start: Path) -> dict[str, Array]:
    state = torch.load(start, map_location="cpu", weights_only=False)["model"]
    return {k.removeprefix("heads.tree."): v.float().numpy() for k, v in state.items() if k.startswith("heads.tree.")}


def write_tree_and_names(
    tree: dict[str, Array], heads: MarkedHeads, vectors: Sequence[Array], marks: Sequence[Array], root: int, out: Path,
    rank: int,
) -> None:  # fmt: skip
    """heads.onnx, arcs.onnx, relations.onnx."""
    words = np.concatenate(vectors)
    linear = lambda name: _gelu(words @ tree[f"{name}.weight"].T + tree[f"{name}.bias"])  # noqa: E731
    spans = {"vectors": span(words), "tag": span(linear("tag.1")), "arc_dep": span(linear("arc_dep"))}
    dep, head = linear("rel_dep"), linear("rel_head")
    spans |= {"rel_dep": span(dep), "rel_head": span(head)}
    own, other, core, kept = projected(tree["rel"], dep, head, rank)
    print("relations: share of squares kept", round(kept, 5))
    for side, part in (("rel_dep", own), ("rel_head", other)):
        tree[f"{side}.map"], tree[f"{side}.map_bias"] = part[:, :-1], part[:, -1]
    names = {k: v.detach().numpy() for k, v in heads.state_dict().items()}
    spans |= _name_spans(names, vectors, marks)
    (out / "heads.onnx").write_bytes(heads_graph(tree, names, spans).SerializeToString())
    stands = _gelu(tree["root"] @ tree["arc_head.weight"].T + tree["arc_head.bias"])
    (out / "arcs.onnx").write_bytes(arcs_graph(stands).SerializeToString())
    mapped = dep @ own[:, :-1].T + own[:, -1]
    (out / "relations.onnx").write_bytes(relations_graph(core, root, span(mapped)).SerializeToString())


def _name_spans(
    names: Mapping[str, Array], vectors: Sequence[Array], marks: Sequence[Array]
) -> dict[str, tuple[float, float]]:
    seen: dict[str, list[Array]] = {"near.0": [], "near.1": [], "leave": []}
    for value, mark in zip(vectors, marks, strict=True):
        x = _gelu(value @ names["enter.weight"].T + names["enter.bias"] + mark @ names["marked.weight"].T)
        for k in range(2):
            edge = np.zeros((1, x.shape[1]), np.float32)
            three = np.concatenate([np.concatenate([edge, x[:-1]]), x, np.concatenate([x[1:], edge])], 1)
            seen[f"near.{k}"].append(three)
            x = x + _gelu(three @ names[f"near.{k}.weight"].T + names[f"near.{k}.bias"])
        seen["leave"].append(x)
    return {name: span(np.concatenate(values)) for name, values in seen.items()}


def replace_names(path: Path, heads: MarkedHeads, vectors: Sequence[Array], marks: Sequence[Array]) -> None:
    """Put another name head into heads.onnx; every other weight stays bit for bit."""
    names = {k: v.detach().numpy() for k, v in heads.state_dict().items()}
    g = Graph()
    names_part(g, names, _name_spans(names, vectors, marks))
    fresh = {w.name: numpy_helper.to_array(w) for w in g.weights}
    fresh["marked"] = names["marked.weight"].T
    columns = dict(
        zip(("enter.weight", "enter.weight_scale"), g.columns(names["enter.weight"], "own", 8)[:2], strict=True)
    )
    own = {w.name: numpy_helper.to_array(w) for w in g.weights}
    size = len(names["enter.bias"])
    model = onnx.load(str(path))
    for weight in model.graph.initializer:
        value = numpy_helper.to_array(weight)
        if weight.name in fresh:
            value = fresh[weight.name]
        elif weight.name in columns or weight.name == "enter.bias":
            tail = names["enter.bias"] if weight.name == "enter.bias" else own[columns[weight.name]]
            value = np.concatenate([value[..., :-size], tail], -1)
        weight.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(value), weight.name))
    path.write_bytes(model.SerializeToString())


def main() -> None:
    """Write the files beside the encoder."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, default=Path("../shared/data"))
    arguments.add_argument("--start", type=Path, help="checkpoint with the tree heads; without: only names are new")
    arguments.add_argument("--names", type=Path, default=Path("training/work/names/names.pt"))
    arguments.add_argument("--out", type=Path, default=Path("src/demarche/syntax/weights"))
    arguments.add_argument("--rank", type=int, default=RANK)
    options = arguments.parse_args()
    encoder, lists = load_encoder(), read_lists((options.out / "names.tsv.gz").read_bytes())
    described = json.loads((options.out / "labels.json").read_text("utf-8"))
    vectors, marks = sample_vectors(options.data, encoder, lists)
    saved = torch.load(options.names, weights_only=True)
    heads = MarkedHeads(vectors[0].shape[1], saved["inner"])
    heads.load_state_dict(saved["model"])
    if options.start is None:
        replace_names(options.out / "heads.onnx", heads.eval(), vectors, marks)
        return
    root = described["labels"]["deprel"].index("root")
    write_tree_and_names(_tree_state(options.start), heads.eval(), vectors, marks, root, options.out, options.rank)
    described["names"] = list(LABELS)
    (options.out / "labels.json").write_text(json.dumps(described, ensure_ascii=False, indent=0), encoding="utf-8")
    for path in sorted(options.out.iterdir()):
        print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main()
