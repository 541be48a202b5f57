"""The heads as ONNX graphs, node by node: all that reads one word at a time runs for many sentences in one go.

As in the encoder every activation has a fixed scale and products are summed as integers, so a word gets the same
result in whatever company it is computed. What compares words of a sentence (arcs) is a graph of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper

from training.graph import Graph

__all__ = ["arcs_graph", "heads_graph", "names_part", "relations_graph"]

Array = npt.NDArray[np.float32]
Spans = Mapping[str, tuple[float, float]]
TAGS = ("upos", "xpos", "feats", "lemma")
_FLOAT, _INTEGER = TensorProto.FLOAT, TensorProto.INT64


def heads_graph(tree: Mapping[str, Array], names: Mapping[str, Array], spans: Spans) -> onnx.ModelProto:
    """`vectors (words, width), marks (words, lists), before, after (words)` → tags as numbers, name probabilities, and
    `arc_dep, arc_head, rel_dep, rel_head` (words, …).

    Args:
        tree: weights of `TreeHeads` by name, `rel` projected (see `relations_graph`). names: of `MarkedHeads`.
        spans: least and greatest activation at `vectors`, `tag`, `arc_dep`, `rel_dep`, `rel_head`, `near.0`, `near.1`,
            `leave`.
    `before` and `after`: number of the row of the word beside, counted from 1; 0 where there is none.
    """
    g = Graph()
    first = {"tag": "tag.1", "arc_dep": "arc_dep", "arc_head": "arc_head", "rel_dep": "rel_dep", "rel_head": "rel_head"}
    weights = [tree[f"{name}.weight"] for name in first.values()] + [names["enter.weight"]]
    biases = [tree[f"{name}.bias"] for name in first.values()] + [names["enter.bias"]]
    together = g.linear("vectors", spans["vectors"], np.concatenate(weights), np.concatenate(biases), "enter", 8)
    marked = g.add("MatMul", ["marks", g.weight("marked", names["marked.weight"].T)], "marked.words")
    g.split(together, [len(w) for w in weights], [f"{name}.in" for name in (*first, "names")])
    g.add("Add", ["names.in", marked], "names.sum")
    gelu = lambda value, name: g.add("Gelu", [value], name, domain="com.microsoft")  # noqa: E731
    tag = gelu("tag.in", "tag")
    tags = np.concatenate([tree[f"tags.{name}.weight"] for name in TAGS])
    scores = g.linear(tag, spans["tag"], tags, np.concatenate([tree[f"tags.{name}.bias"] for name in TAGS]), "tags", 8)
    g.split(scores, [len(tree[f"tags.{name}.weight"]) for name in TAGS], [f"{name}.scores" for name in TAGS])
    for name in TAGS:
        g.add("ArgMax", [f"{name}.scores"], name, axis=-1, keepdims=0)
    arc = tree["arc"]
    g.linear(gelu("arc_dep.in", "arc_dep.out"), spans["arc_dep"], arc[:-1].T, arc[-1], "arc_map", 8, "arc_dep")
    gelu("arc_head.in", "arc_head")
    for side in ("rel_dep", "rel_head"):
        out = gelu(f"{side}.in", f"{side}.out")
        g.linear(out, spans[side], tree[f"{side}.map"], tree[f"{side}.map_bias"], f"{side}.mapped", 8, side)
    names_part(g, names, spans)
    inputs = [_value("vectors", _FLOAT, weights[0].shape[1]), _value("marks", _FLOAT, names["marked.weight"].shape[1])]
    inputs += [_value(name, _INTEGER) for name in ("before", "after")]
    outputs = [_value(name, _INTEGER) for name in TAGS]
    outputs += [_value(name, _FLOAT, size) for name, size in (
        ("names", len(names["leave.bias"])), ("arc_dep", arc.shape[1]), ("arc_head", arc.shape[1]),
        ("rel_dep", len(tree["rel_dep.map"])), ("rel_head", len(tree["rel_head.map"])),
    )]  # fmt: skip
    return _model(g, "heads", inputs, outputs)


def names_part(g: Graph, names: Mapping[str, Array], spans: Spans) -> None:
    """From `names.sum`, the first layer's products, to `names`: what only the name head computes."""
    gelu = lambda value, name: g.add("Gelu", [value], name, domain="com.microsoft")  # noqa: E731
    x = gelu("names.sum", "names.0")
    edge = g.weight("edge", np.zeros((1, names["enter.weight"].shape[0]), np.float32))
    for k in range(2):
        rows = g.add("Concat", [edge, x], f"names.{k}.rows", axis=0)
        sides = [g.add("Gather", [rows, side], f"names.{k}.{side}", axis=0) for side in ("before", "after")]
        three = g.add("Concat", [sides[0], x, sides[1]], f"names.{k}.three", axis=-1)
        layer = g.linear(
            three, spans[f"near.{k}"], names[f"near.{k}.weight"], names[f"near.{k}.bias"], f"names.{k}.near", 8
        )
        x = g.add("Add", [x, gelu(layer, f"names.{k}.gelu")], f"names.{k + 1}")
    scores = g.linear(x, spans["leave"], names["leave.weight"], names["leave.bias"], "names.scores", 8)
    g.add("Softmax", [scores], "names", axis=-1)


def arcs_graph(root: Array) -> onnx.ModelProto:
    """`arc_dep, arc_head (words, inner)` of one sentence → log probabilities (words, words + 1), column 0 the root.

    root: what stands for the root among the heads, (inner,).
    """
    g = Graph()
    heads = g.add("Concat", [g.weight("root", root[None]), "arc_head"], "heads", axis=0)
    turned = g.add("Transpose", [heads], "turned", perm=[1, 0])
    scores = g.add("MatMul", ["arc_dep", turned], "scores")
    g.add("LogSoftmax", [scores], "arcs", axis=-1)
    inputs = [_value(name, _FLOAT, len(root)) for name in ("arc_dep", "arc_head")]
    return _model(g, "arcs", inputs, [helper.make_tensor_value_info("arcs", _FLOAT, ["words", "heads"])])


def relations_graph(core: Array, root: int, span: tuple[float, float]) -> onnx.ModelProto:
    """`dep, head (words, inner)`, the rows of words and of their heads → number of the relation, never `root`.

    core: (inner, relations, inner), between the projected sides. span: of `dep`.
    """
    g = Graph()
    n, relations, m = core.shape
    left = g.linear("dep", span, core.reshape(n, -1).T, np.zeros(relations * m, np.float32), "left", 8)
    shaped = g.add("Reshape", [left, g.weight("shape", np.array([-1, relations, m], np.int64))], "shaped")
    column = g.add("Unsqueeze", ["head", g.weight("axis", np.array([-1], np.int64))], "column")
    scores = g.add("MatMul", [shaped, column], "scores")
    barred = np.zeros(relations, np.float32)
    barred[root] = -1e4
    flat = g.add("Add", [g.add("Squeeze", [scores, "axis"], "flat"), g.weight("barred", barred)], "allowed")
    g.add("ArgMax", [flat], "labels", axis=-1, keepdims=0)
    inputs = [_value("dep", _FLOAT, n), _value("head", _FLOAT, m)]
    return _model(g, "relations", inputs, [_value("labels", _INTEGER)])


def _value(name: str, kind: int, *sizes: int) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, ["words", *sizes])


def _model(
    g: Graph, name: str, inputs: list[onnx.ValueInfoProto], outputs: list[onnx.ValueInfoProto]
) -> onnx.ModelProto:
    graph = helper.make_graph(g.nodes, name, inputs, outputs, g.weights)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9)
