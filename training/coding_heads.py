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
from torch import nn

from demarche.syntax import load_parser
from demarche.syntax.words import Word
from training.tasks.coding import CodingHeads, CodingTask
from training.tasks.protocol import Batch, Example

__all__ = ["main"]

VARIANTS = 2
"""Copies of a training sentence with other names, beside the sentence itself."""

Vectors = npt.NDArray[np.float32]


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
    heads = CodingHeads(variants[0][0][1].shape[1])
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
