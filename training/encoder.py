"""The shared encoder in torch: MiniLM with shapes, and the vectors of words."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

__all__ = ["Encoder", "load_minilm"]


class Layer(nn.Module):
    def __init__(self, width: int, inner: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.dropout = dropout
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm1 = nn.LayerNorm(width, eps=1e-12)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-12)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        b, n, w = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, self.heads, w // self.heads).permute(2, 0, 3, 1, 4)
        scores = (q @ k.transpose(2, 3)) * (w // self.heads) ** -0.5 + mask
        a = (
            scores.softmax(-1, dtype=torch.float32).to(v.dtype) @ v
        )  # written out: the fused kernel's backward is slow here
        a = self.out(a.transpose(1, 2).reshape(b, n, w))
        x = self.norm1(x + F.dropout(a, self.dropout, self.training))
        d = self.down(F.gelu(self.up(x)))
        return self.norm2(x + F.dropout(d, self.dropout, self.training))


class Encoder(nn.Module):
    """ids, shapes (batch, pieces), first, last (batch, words) → word vectors (batch, words, width)."""

    def __init__(
        self, *, layers: int, shapes: int, inner: int = 1536, mix: int = 2, width: int = 384, dropout: float = 0.1
    ) -> None:
        super().__init__()
        self.width = width
        self.words = nn.Embedding(30522, width)
        self.places = nn.Embedding(512, width)
        self.shapes = nn.Embedding(shapes, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList([Layer(width, inner, 12, dropout) for _ in range(layers)])
        self.mix = nn.Parameter(torch.zeros(mix))
        self.dropout = dropout

    def forward(self, ids: Tensor, shapes: Tensor, mask: Tensor, first: Tensor, last: Tensor) -> Tensor:
        places = torch.arange(ids.shape[1])
        x = self.norm(self.words(ids) + self.shapes(shapes) + self.places(places))
        x = F.dropout(x, self.dropout, self.training)
        attention = (mask[:, None, None, :].to(x.dtype) - 1) * 1e9
        kept = []
        for layer in self.layers:
            x = layer(x, attention)
            kept.append(x)
        weights = self.mix.softmax(0)
        x = sum(w * k for w, k in zip(weights, kept[-len(weights) :], strict=True))
        pick = lambda index: x.gather(1, index[..., None].expand(-1, -1, x.shape[-1]))  # noqa: E731
        return (pick(first) + pick(last)) / 2


def load_minilm(encoder: Encoder, folder: Path) -> None:
    """Fill an encoder with MiniLM-L6 weights; the type of a single text goes into the places, upper layers stay out."""
    from safetensors.torch import load_file

    raw = load_file(str(folder / "model.safetensors"))
    raw = {k.removeprefix("bert."): v for k, v in raw.items()}
    state = encoder.state_dict()
    e = "embeddings."
    state["words.weight"] = raw[e + "word_embeddings.weight"]
    state["places.weight"] = raw[e + "position_embeddings.weight"] + raw[e + "token_type_embeddings.weight"][0]
    state["shapes.weight"] = torch.zeros_like(state["shapes.weight"])
    state["norm.weight"], state["norm.bias"] = raw[e + "LayerNorm.weight"], raw[e + "LayerNorm.bias"]
    for i in range(len(encoder.layers)):
        p, q = f"encoder.layer.{i}.", f"layers.{i}."
        for part in ("weight", "bias"):
            qkv = [raw[f"{p}attention.self.{name}.{part}"] for name in ("query", "key", "value")]
            state[f"{q}qkv.{part}"] = torch.cat(qkv)
            state[f"{q}out.{part}"] = raw[f"{p}attention.output.dense.{part}"]
            state[f"{q}norm1.{part}"] = raw[f"{p}attention.output.LayerNorm.{part}"]
            state[f"{q}up.{part}"] = raw[f"{p}intermediate.dense.{part}"]
            state[f"{q}down.{part}"] = raw[f"{p}output.dense.{part}"]
            state[f"{q}norm2.{part}"] = raw[f"{p}output.LayerNorm.{part}"]
    encoder.load_state_dict(state)
