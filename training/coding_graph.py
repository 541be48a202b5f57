"""The coding heads as one small ONNX graph for sentences of one length, node by node.

What torch exports computes every shape anew: 280 nodes, most of a short sentence's time. Here shapes are constants,
attention is one node, and all that reads the last layer is one product. Every product has a fixed scale, as in the
encoder: a sentence's scores do not depend on its largest value, nor on what is read beside it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper

from training.graph import Graph

__all__ = ["coding_graph"]

Array = npt.NDArray[np.float32]
Spans = Mapping[str, tuple[float, float]]

ATTENTION_HEADS = 8
_READ = ("trigger", "cue", "fit", "away", "status_word", "query", "key", "cue_query", "cue_key")
_EPSILON = 1e-5


def coding_graph(state: Mapping[str, Array], spans: Spans, *, roles: int) -> onnx.ModelProto:
    """`vectors (sentences, words, width)` of sentences of one length → trigger, status, cue, fit, away
    (sentences, words, …), role, spans (sentences, words, words, …).

    Args:
        state: weights of `training.tasks.coding.CodingHeads` by name. spans: least and greatest activation before each
            product. roles: how many, of which each type has two channels of words.
    """
    g = Graph()
    norm = _norm(g, "vectors", state, "enter.0")
    x = g.linear(norm, spans["enter"], state["enter.2.weight"], state["enter.2.bias"], "enter", 8)
    x = g.add("Add", [x, _near(g, _norm(g, x, state, "norms.0"), state)], "x.near")
    x = g.add("Add", [x, _attended(g, _norm(g, x, state, "norms.1"), state, spans)], "x.attended")
    up = g.linear(_norm(g, x, state, "norms.2"), spans["up"], state["up.weight"], state["up.bias"], "up", 8)
    hidden = g.add("Gelu", [up], "up.gelu", domain="com.microsoft")
    down = g.linear(hidden, spans["down"], state["down.weight"], state["down.bias"], "down", 8)
    x = g.add("Add", [x, down], "x")
    weights = {name: (state[f"{name}.weight"], state[f"{name}.bias"]) for name in _READ}
    pair, span = len(weights["query"][1]) // (2 * roles), len(weights["cue_query"][1]) // 4
    for name, size in (("query", pair), ("cue_query", span)):  # the scale of the product goes into one side
        weights[name] = (weights[name][0] * size**-0.5, weights[name][1] * size**-0.5)
    read = g.linear(
        x, spans["read"], np.concatenate([w for w, _ in weights.values()]),
        np.concatenate([b for _, b in weights.values()]), "read", 8,
    )  # fmt: skip
    g.split(read, [len(b) for _, b in weights.values()], [f"{n}.own" if n in _INNER else n for n in _READ])
    _status(g, state, spans)
    for output, query, key, size in (("role", "query", "key", pair), ("spans", "cue_query", "cue_key", span)):
        _pairs(g, f"{query}.own", f"{key}.own", size, output)
    return _model(g, state, roles)


_INNER = frozenset(("status_word", "query", "key", "cue_query", "cue_key"))


def _norm(g: Graph, value: str, state: Mapping[str, Array], name: str) -> str:
    weight, bias = g.weight(f"{name}.gain", state[f"{name}.weight"]), g.weight(f"{name}.shift", state[f"{name}.bias"])
    return g.add("LayerNormalization", [value, weight, bias], f"{name}.normed", axis=-1, epsilon=_EPSILON)


def _near(g: Graph, value: str, state: Mapping[str, Array]) -> str:
    """The words beside each word: a convolution over three in groups."""
    turned = g.add("Transpose", [value], "near.turned", perm=[0, 2, 1])
    weight, bias = state["near.weight"], state["near.bias"]
    inputs = [turned, g.weight("near.weight", weight), g.weight("near.bias", bias)]
    out = g.add("Conv", inputs, "near", pads=[1, 1], group=weight.shape[0] // weight.shape[1])
    back = g.add("Transpose", [out], "near.back", perm=[0, 2, 1])
    return g.add("Gelu", [back], "near.gelu", domain="com.microsoft")


def _attended(g: Graph, value: str, state: Mapping[str, Array], spans: Spans) -> str:
    qkv = g.linear(value, spans["qkv"], state["qkv.weight"], state["qkv.bias"], "qkv", 8)
    width = len(state["back.bias"])
    parts = [f"qkv.{name}" for name in ("q", "k", "v")]
    g.split(qkv, [width] * 3, parts)
    out = g.add(
        "MultiHeadAttention", parts, "attended", domain="com.microsoft", num_heads=ATTENTION_HEADS,
    )  # fmt: skip
    return g.linear(out, spans["back"], state["back.weight"], state["back.bias"], "back", 8)


def _status(g: Graph, state: Mapping[str, Array], spans: Spans) -> None:
    """Each word with each type of act it may be."""
    types = state["status_type"]
    column = g.add("Unsqueeze", ["status_word.own", g.weight("middle.axis", np.array([2], np.int64))], "status.column")
    joined = g.add("Add", [column, g.weight("status.types", types)], "status.joined")
    hidden = g.add("Gelu", [joined], "status.gelu", domain="com.microsoft")
    scores = g.linear(hidden, spans["status"], state["status.weight"], state["status.bias"], "status.scores", 8)
    size = len(types) * len(state["status.bias"])
    g.add("Reshape", [scores, g.weight("status.shape", np.array([0, -1, size], np.int64))], "status")


def _pairs(g: Graph, query: str, key: str, size: int, output: str) -> None:
    """(sentences, words, channels · size) of both sides → (sentences, words, words, channels)."""
    shape = g.weight(f"{output}.shape", np.array([0, 0, -1, size], np.int64))
    left = g.add("Transpose", [g.add("Reshape", [query, shape], f"{output}.q")], f"{output}.left", perm=[0, 2, 1, 3])
    right = g.add("Transpose", [g.add("Reshape", [key, shape], f"{output}.k")], f"{output}.right", perm=[0, 2, 3, 1])
    scores = g.add("MatMul", [left, right], f"{output}.scores")
    g.add("Transpose", [scores], output, perm=[0, 2, 3, 1])


def _model(g: Graph, state: Mapping[str, Array], roles: int) -> onnx.ModelProto:
    value = lambda name, *sizes: helper.make_tensor_value_info(name, TensorProto.FLOAT, ["sentences", "words", *sizes])  # noqa: E731
    status = len(state["status_type"]) * len(state["status.bias"])
    outputs = [
        value("trigger", len(state["trigger.bias"])), value("status", status), value("cue", len(state["cue.bias"])),
        value("role", "words", 2 * roles), value("fit", len(state["fit.bias"])), value("away", len(state["away.bias"])),
        value("spans", "words", 4),
    ]  # fmt: skip
    inputs = [value("vectors", len(state["enter.0.weight"]))]
    graph = helper.make_graph(g.nodes, "coding", inputs, outputs, g.weights)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9)
