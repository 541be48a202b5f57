"""The coding heads for the encoder as it ships, and the scores that the judge learns from.

    python -m training.prepare_coding --shared ../shared --out training/work/coding
    python -m training.coding_heads --out training/work/coding --tuned training/work/tune/last.pt

The heads come from the tuning of the encoder and see its rounded vectors for a few epochs more; without `--tuned` they
are trained from nothing (`--epochs 20`, variants with other countries' names). The held parts (`training.own_articles`)
teach neither heads nor encoder. Word vectors come from `syntax/weights/encoder.onnx` as the product reads them.
Writes coding.pt, scores.pkl (sentence key → outputs of the heads) and the cache vectors.pkl;
`training.export_coding` writes `coding.onnx` beside the encoder.
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
from training.own_articles import is_held
from training.tasks.coding import CodingHeads, CodingTask
from training.tasks.protocol import Batch, Example, placed_words

__all__ = ["main"]

VARIANTS = 2
"""Copies of a training sentence with other names, beside the sentence itself."""

Vectors = npt.NDArray[np.float32]
Pair = tuple[Example, Vectors]


def encode(examples: Sequence[Example], parser: Any) -> list[Vectors]:
    """Vectors of the words of each example, as the product's encoder gives them."""
    return [parser._encode(placed_words(example.words, example.glued)).astype(np.float32) for example in examples]


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
    task: CodingTask, heads: nn.Module, variants: Sequence[Sequence[Pair]], *, epochs: int, seed: int, rate: float
) -> nn.Module:
    """The heads trained on sentences given in variants: the mean of the weights over the last third of the run."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
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
    """Train, print dev figures, write heads and scores."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--out", type=Path, default=Path("training/work/coding"))
    arguments.add_argument("--tuned", type=Path, help="checkpoint of training.train with the task coding")
    arguments.add_argument("--epochs", type=int, default=3)
    arguments.add_argument("--rate", type=float, default=3e-4)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    task = CodingTask(options.out)
    task.prepare(options.out)
    train, dev = _vectors(task, options.out / "vectors.pkl", 0 if options.tuned else VARIANTS)
    heads: nn.Module = CodingHeads(train[0][0][1].shape[1])
    if options.tuned:
        saved = torch.load(options.tuned, map_location="cpu", weights_only=False)["model"]
        prefix = "heads.coding."
        heads.load_state_dict({k.removeprefix(prefix): v for k, v in saved.items() if k.startswith(prefix)})
        _report(task, heads.eval(), dev)
    seen = [variants for variants in train if not is_held(variants[0][0].key)]
    heads = fit(task, heads, seen, epochs=options.epochs, seed=options.seed, rate=options.rate)
    _report(task, heads, dev)
    torch.save(heads.state_dict(), options.out / "coding.pt")
    first = [variants[0] for variants in train]
    scores = dict(zip((example.key for example, _ in first), run_heads(heads, first), strict=True))
    (options.out / "scores.pkl").write_bytes(pickle.dumps(scores))


def _vectors(task: CodingTask, cache: Path, variants: int) -> tuple[list[list[Pair]], list[Pair]]:
    """Training sentences, each as it is and in `variants` with other names; development sentences."""
    if cache.exists():
        found: tuple[list[list[Pair]], list[Pair]] = pickle.loads(cache.read_bytes())
        return found
    parser = load_parser()
    rows = task.rows("train")
    copies = [[task._example(row) for row in rows]]
    copies += [[task._example(task._swapped(row)) for row in rows] for _ in range(variants)]
    encoded = [list(zip(examples, encode(examples, parser), strict=True)) for examples in copies]
    train = [list(some) for some in zip(*encoded, strict=True)]
    examples = task.examples("dev")
    dev = list(zip(examples, encode(examples, parser), strict=True))
    cache.write_bytes(pickle.dumps((train, dev)))
    return train, dev


def _report(task: CodingTask, heads: nn.Module, dev: Sequence[Pair]) -> None:
    outputs = run_heads(heads, dev)
    print({k: round(float(v), 3) for k, v in task.evaluate(lambda _: outputs).items()}, flush=True)


if __name__ == "__main__":
    main()
