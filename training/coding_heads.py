"""Train the coding heads on the frozen shipped encoder: minutes instead of hours, and nothing else moves.

    python -m training.prepare_coding --shared ../shared --out training/work/coding
    python -m training.coding_heads --out training/work/coding            # trains, writes coding.pt
    python -m training.coding_heads --out training/work/coding --folds 5  # and scores of each article by heads that
                                                                          # never saw it: folds.pkl, for the judge

Word vectors come from `syntax/weights/encoder.onnx` as the product reads them, of every sentence and of variants with
other countries' names. `training.export_coding` writes `coding.onnx` beside the encoder.
"""

from __future__ import annotations

import argparse
import pickle
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from demarche.syntax import load_parser
from demarche.syntax.words import Word
from training.tasks.coding import CUES, ROLES, STATUSES, TYPES, CodingTask
from training.tasks.protocol import Batch, Example

__all__ = ["ContextHeads", "main"]

VARIANTS = 2
"""Copies of a training sentence with other names, beside the sentence itself."""

Vectors = npt.NDArray[np.float32]


class ContextHeads(nn.Module):
    """As `CodingHeads`, over one more layer of attention that only coding trains."""

    def __init__(self, width: int, *, trunk: int = 256, pair: int = 48, span: int = 48, hidden: int = 64) -> None:
        super().__init__()
        types, roles = len(TYPES), len(ROLES)
        self.pair, self.span = pair, span
        self.enter = nn.Sequential(nn.LayerNorm(width), nn.Dropout(0.2), nn.Linear(width, trunk))
        self.near = nn.Conv1d(trunk, trunk, 3, padding=1, groups=8)
        self.norms = nn.ModuleList([nn.LayerNorm(trunk) for _ in range(3)])
        self.qkv, self.back = nn.Linear(trunk, 3 * trunk), nn.Linear(trunk, trunk)
        self.up, self.down = nn.Linear(trunk, 2 * trunk), nn.Linear(2 * trunk, trunk)
        self.drop = nn.Dropout(0.25)
        self.trigger = nn.Linear(trunk, types)
        self.cue = nn.Linear(trunk, len(CUES))
        self.status_word = nn.Linear(trunk, hidden)
        self.status_type = nn.Parameter(torch.randn(types, hidden) * 0.1)
        self.status = nn.Linear(hidden, len(STATUSES))
        self.query, self.key = nn.Linear(trunk, 2 * roles * pair), nn.Linear(trunk, 2 * roles * pair)
        self.fit = nn.Linear(trunk, types * roles)
        self.away = nn.Linear(trunk, types * roles)
        self.cue_query, self.cue_key = nn.Linear(trunk, 4 * span), nn.Linear(trunk, 4 * span)
        with torch.no_grad():
            self.trigger.bias.fill_(-4.0)

    def forward(self, vectors: Tensor, mask: Tensor) -> dict[str, Tensor]:
        x = self.enter(vectors)
        x = x + self.drop(F.gelu(self.near((self.norms[0](x) * mask[..., None]).transpose(1, 2)).transpose(1, 2)))
        x = x + self.drop(self._attend(self.norms[1](x), mask))
        t = x + self.drop(self.down(self.drop(F.gelu(self.up(self.norms[2](x))))))
        t = self.drop(t)
        status = self.status(self.drop(F.gelu(self.status_word(t)[:, :, None] + self.status_type)))
        return {
            "trigger": self.trigger(t),
            "status": status.flatten(2),
            "cue": self.cue(t),
            "role": self._pairs(self.query(t), self.key(t), self.pair),
            "fit": self.fit(t),
            "away": self.away(t),
            "spans": self._pairs(self.cue_query(t), self.cue_key(t), self.span),
        }

    def _attend(self, x: Tensor, mask: Tensor) -> Tensor:
        b, n, w = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, 8, w // 8).permute(2, 0, 3, 1, 4)
        scores = (q @ k.transpose(-1, -2)) * (w // 8) ** -0.5 + (mask[:, None, None, :] - 1) * 1e4
        return self.back((scores.softmax(-1) @ v).permute(0, 2, 1, 3).reshape(b, n, w))

    def _pairs(self, query: Tensor, key: Tensor, size: int) -> Tensor:
        b, n, w = query.shape
        q = query.reshape(b, n, w // size, size).permute(0, 2, 1, 3)
        k = key.reshape(b, n, w // size, size).permute(0, 2, 3, 1)
        return ((q @ k) * size**-0.5).permute(0, 2, 3, 1)


def encode(examples: Sequence[Example], parser: Any) -> list[Vectors]:
    """Vectors of the words of each example, as the product's encoder gives them."""
    found = []
    for example in examples:
        at, words = 0, []
        for form, glued in zip(example.words, example.glued, strict=True):
            at += not glued
            words.append(Word(text=form, start=at, end=at + len(form)))
            at += len(form)
        found.append(parser._encode(words).astype(np.float32))
    return found


def batches(order: Sequence[int], sizes: Sequence[int], room: int = 1200) -> list[list[int]]:
    """Numbers of sentences, about `room` words a batch."""
    found: list[list[int]] = [[]]
    for number in order:
        if found[-1] and (len(found[-1]) + 1) * max(sizes[number], *(sizes[i] for i in found[-1])) > room:
            found.append([])
        found[-1].append(number)
    return found


def collate(chosen: Sequence[tuple[Example, Vectors]]) -> Batch:
    longest = max(len(vectors) for _, vectors in chosen)
    vectors = np.zeros((len(chosen), longest, chosen[0][1].shape[1]), np.float32)
    mask = np.zeros((len(chosen), longest), np.float32)
    for i, (_, rows) in enumerate(chosen):
        vectors[i, : len(rows)], mask[i, : len(rows)] = rows, 1
    return Batch(vectors=torch.from_numpy(vectors), mask=torch.from_numpy(mask), targets=[e.target for e, _ in chosen])


def fit(
    task: CodingTask, variants: Sequence[Sequence[tuple[Example, Vectors]]], *, epochs: int, seed: int, rate: float
) -> nn.Module:
    """Heads trained on sentences given in variants: the mean of the weights over the last half of the run."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    heads = ContextHeads(variants[0][0][1].shape[1])
    optimiser = torch.optim.AdamW(heads.parameters(), lr=rate, weight_decay=0.02)
    sizes = [len(v[0][1]) for v in variants]
    steps = epochs * len(batches(range(len(sizes)), sizes))
    plan = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=rate, total_steps=int(steps * 1.3) + 10, pct_start=0.1)
    mean = {k: torch.zeros_like(v) for k, v in heads.state_dict().items()}
    kept = 0
    for epoch in range(epochs):
        heads.train()
        order = sorted(range(len(sizes)), key=lambda i: sizes[i] + rng.random() * 6)
        rounds = batches(order, sizes)
        rng.shuffle(rounds)
        for numbers in rounds:
            batch = collate([rng.choice(variants[i]) for i in numbers])
            loss = task.loss(heads, batch)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(heads.parameters(), 2.0)
            optimiser.step()
            plan.step()
        if epoch >= epochs * 2 // 3:
            kept += 1
            for k, v in heads.state_dict().items():
                mean[k] += (v - mean[k]) / kept
    heads.load_state_dict(mean)
    return heads.eval()


def run_heads(heads: nn.Module, pairs: Sequence[tuple[Example, Vectors]]) -> list[dict[str, Vectors]]:
    found = []
    with torch.no_grad():
        for pair in pairs:
            batch = collate([pair])
            found.append({k: v[0].numpy() for k, v in heads(batch.vectors, batch.mask).items()})
    return found


def main() -> None:
    """Train, print dev figures, write what was asked for."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--out", type=Path, default=Path("training/work/coding"))
    arguments.add_argument("--epochs", type=int, default=30)
    arguments.add_argument("--rate", type=float, default=1e-3)
    arguments.add_argument("--folds", type=int, default=0)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    torch.set_num_threads(1)
    task = CodingTask(options.out)
    task.prepare(options.out)
    cache = options.out / "vectors.pkl"
    if cache.exists():
        train, dev = pickle.loads(cache.read_bytes())
    else:
        parser = load_parser()
        rows = task._sentences["train"]
        copies = [[task._example(row) for row in rows]]
        copies += [[task._example(task._swapped(row)) for row in rows] for _ in range(VARIANTS)]
        encoded = [list(zip(examples, encode(examples, parser), strict=True)) for examples in copies]
        train = [list(variants) for variants in zip(*encoded, strict=True)]
        examples = task.examples("dev")
        dev = list(zip(examples, encode(examples, parser), strict=True))
        cache.write_bytes(pickle.dumps((train, dev)))
    if options.folds:
        _cross(task, train, options)
        return
    heads = fit(task, train, epochs=options.epochs, seed=options.seed, rate=options.rate)
    outputs = run_heads(heads, dev)
    print({k: round(v, 3) for k, v in task.evaluate(lambda _: outputs).items()}, flush=True)
    torch.save(heads.state_dict(), options.out / "coding.pt")


def _cross(task: CodingTask, train: Sequence[list[tuple[Example, Vectors]]], options: argparse.Namespace) -> None:
    """folds.pkl: sentence key → outputs of heads trained without its article."""
    articles = sorted({_article(v[0][0].key) for v in train})
    random.Random(9).shuffle(articles)
    found: dict[str, dict[str, Vectors]] = {}
    for fold in range(options.folds):
        held = set(articles[fold :: options.folds])
        rest = [v for v in train if _article(v[0][0].key) not in held]
        heads = fit(task, rest, epochs=options.epochs, seed=options.seed + fold, rate=options.rate)
        mine = [v[0] for v in train if _article(v[0][0].key) in held]
        found.update(zip((e.key for e, _ in mine), run_heads(heads, mine), strict=True))
        print("fold", fold, flush=True)
    (options.out / "folds.pkl").write_bytes(pickle.dumps(found))


def _article(key: str) -> str:
    return key.rsplit(".", 1)[0]


if __name__ == "__main__":
    main()
