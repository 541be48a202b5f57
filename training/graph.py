"""The encoder as an int8 ONNX graph, built node by node.

Every activation is quantised with a scale fixed by calibration, never by what happens to stand in the batch, and the
products are summed as integers: a sentence gets the same vectors alone or in any batch.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

__all__ = ["Graph", "encoder_graph"]

Array = npt.NDArray[np.float32]
HEADS = 12
EPSILON = 1e-12


class Graph:
    """Collects nodes and weights of one graph."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def weight(self, name: str, value: npt.NDArray[np.generic]) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, kind: str, inputs: list[str], output: str, *, domain: str = "", **attributes: object) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **attributes))
        return output

    def quantize(self, value: str, span: tuple[float, float], name: str) -> tuple[str, str, str]:
        """u8 form of `value`, the names of its scale and zero point."""
        low, high = min(span[0], 0.0), max(span[1], 0.0)
        scale = max((high - low) / 255.0, 1e-8)
        zero = int(np.clip(round(-low / scale), 0, 255))
        s = self.weight(f"{name}.scale", np.array(scale, np.float32))
        z = self.weight(f"{name}.zero", np.array(zero, np.uint8))
        return self.add("QuantizeLinear", [value, s, z], f"{name}.u8"), s, z

    def linear(
        self, value: str, span: tuple[float, float], weight: Array, bias: Array, name: str, bits: int, output: str = ""
    ) -> str:
        """value @ weight.T + bias with int8 weights, one scale a column. output: its name, `name` when empty."""
        quantized, s, z = self.quantize(value, span, name)
        w, ws, wz = self.columns(weight, name, bits)
        b = self.weight(f"{name}.bias", bias)
        return self.add("MatMulIntegerToFloat", [quantized, w, s, ws, z, wz, b], output or name, domain="com.microsoft")

    def split(self, value: str, sizes: list[int], outputs: list[str]) -> None:
        """Parts of the last axis."""
        parts = self.weight(f"{value}.sizes", np.array(sizes, np.int64))
        self.nodes.append(helper.make_node("Split", [value, parts], outputs, axis=-1))

    def columns(self, weight: Array, name: str, bits: int) -> tuple[str, str, str]:
        top = 2 ** (bits - 1) - 1
        scale = np.maximum(np.abs(weight).max(1), 1e-8) / top
        quantized = np.clip(np.round(weight / scale[:, None]), -top, top).astype(np.int8).T
        w = self.weight(f"{name}.weight", quantized)
        ws = self.weight(f"{name}.weight_scale", scale.astype(np.float32))
        wz = self.weight(f"{name}.weight_zero", np.zeros(len(scale), np.int8))
        return w, ws, wz

    def norm(self, value: str, skip: str, weight: Array, bias: Array, name: str) -> str:
        """Layer norm of value + skip. Centred by hand, then the root-mean-square kernel: 0.5 µs a row against 2 µs of
        onnxruntime's own LayerNormalization (384 wide, version 1.32)."""
        g, b = self.weight(f"{name}.gain", weight), self.weight(f"{name}.shift", bias)
        total = self.add("Add", [value, skip], f"{name}.total")
        mean = self.add("ReduceMean", [total], f"{name}.mean", axes=[-1], keepdims=1)
        centred = self.add("Sub", [total, mean], f"{name}.centred")
        scaled = self.add("SimplifiedLayerNormalization", [centred, g], f"{name}.scaled", axis=-1, epsilon=EPSILON)
        return self.add("Add", [scaled, b], name)


def _layer(
    g: Graph, x: str, state: Mapping[str, Array], spans: Mapping[str, tuple[float, float]], i: int, bits: int
) -> str:
    p = f"layers.{i}."
    quantized, s, z = g.quantize(x, spans[f"{p}qkv"], f"{p}qkv")
    w, ws, wz = g.columns(state[f"{p}qkv.weight"], f"{p}qkv", bits)
    b = g.weight(f"{p}qkv.bias", state[f"{p}qkv.bias"])
    attended = g.add(
        "QAttention", [quantized, w, b, s, ws, "mask", z, wz], f"{p}attended",
        domain="com.microsoft", num_heads=HEADS, mask_filter_value=-1e9,
    )  # fmt: skip
    out = g.linear(attended, spans[f"{p}out"], state[f"{p}out.weight"], state[f"{p}out.bias"], f"{p}out", bits)
    x = g.norm(out, x, state[f"{p}norm1.weight"], state[f"{p}norm1.bias"], f"{p}norm1")
    up = g.linear(x, spans[f"{p}up"], state[f"{p}up.weight"], state[f"{p}up.bias"], f"{p}up", bits)
    hidden = g.add("Gelu", [up], f"{p}gelu", domain="com.microsoft")
    down = g.linear(hidden, spans[f"{p}down"], state[f"{p}down.weight"], state[f"{p}down.bias"], f"{p}down", bits)
    return g.norm(down, x, state[f"{p}norm2.weight"], state[f"{p}norm2.bias"], f"{p}norm2")


def _embed(g: Graph, state: Mapping[str, Array]) -> str:
    """Word rows are kept as int8 with a scale a row; places and shapes as they are."""
    words = state["words.weight"]
    scale = np.maximum(np.abs(words).max(1), 1e-8) / 127
    table = g.weight("words.table", np.round(words / scale[:, None]).astype(np.int8))
    scales = g.weight("words.scales", scale.astype(np.float32)[:, None])
    rows = g.add("Gather", [table, "ids"], "words.rows")
    floats = g.add("Cast", [rows], "words.floats", to=TensorProto.FLOAT)
    by = g.add("Gather", [scales, "ids"], "words.by")
    word = g.add("Mul", [floats, by], "words.vectors")
    shape = g.add("Gather", [g.weight("shapes.table", state["shapes.weight"]), "shapes"], "shapes.vectors")
    place = g.add("Gather", [g.weight("places.table", state["places.weight"]), "places"], "places.vectors")
    total = g.add("Add", [word, shape], "embedded.words")
    return g.norm(total, place, state["norm.weight"], state["norm.bias"], "embedded")


def encoder_graph(
    state: Mapping[str, Array], spans: Mapping[str, tuple[float, float]], *, layers: int, mix: Array, bits: int = 8
) -> onnx.ModelProto:
    """The graph `ids, shapes, places, mask (batch, pieces), first, last (words) -> vectors (words, width)`.

    Args:
        state: weights of `training.encoder.Encoder` by name.
        spans: least and greatest activation before each product, from calibration.
        layers: how many layers stand in `state`.
        mix: weight of each of the last `len(mix)` layers in the word vector, sum 1.
        bits: 8, or 7 where a processor without VNNI must give the very same sums.
    """
    g = Graph()
    x = _embed(g, state)
    kept = []
    for i in range(layers):
        x = _layer(g, x, state, spans, i, bits)
        kept.append(x)
    parts = [
        g.add("Mul", [name, g.weight(f"mix.{k}", np.array(w, np.float32))], f"mixed.{k}")
        for k, (name, w) in enumerate(zip(kept[-len(mix) :], mix, strict=True))
    ]
    mixed = g.add("Sum", parts, "mixed") if len(parts) > 1 else parts[0]
    shape = g.weight("flat.shape", np.array([-1, len(state["norm.weight"])], np.int64))
    flat = g.add("Reshape", [mixed, shape], "flat")
    first = g.add("Gather", [flat, "first"], "first.vectors")
    last = g.add("Gather", [flat, "last"], "last.vectors")
    both = g.add("Add", [first, last], "both")
    g.add("Mul", [both, g.weight("half", np.array(0.5, np.float32))], "vectors")
    integers = [helper.make_tensor_value_info(n, TensorProto.INT64, ["batch", "pieces"]) for n in ("ids", "shapes")]
    inputs = [
        *integers,
        helper.make_tensor_value_info("places", TensorProto.INT64, ["batch", "pieces"]),
        helper.make_tensor_value_info("mask", TensorProto.INT32, ["batch", "pieces"]),
        helper.make_tensor_value_info("first", TensorProto.INT64, ["words"]),
        helper.make_tensor_value_info("last", TensorProto.INT64, ["words"]),
    ]
    output = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["words", len(state["norm.weight"])])
    graph = helper.make_graph(g.nodes, "encoder", inputs, [output], g.weights)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9)
