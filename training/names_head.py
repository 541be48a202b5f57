"""Train the name head on the frozen shipped encoder, with the marks of the name lists beside it.

    python -m training.build_names                       # the lists
    python -m training.teacher                           # votes on texts without gold names
    python -m training.names_head --out training/work/names --minutes 6
    python -m training.export_heads --names training/work/names/names.pt

Every epoch sees each sentence once: as it is, with other names, or with its capitals changed. Prints F1 on dev.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from demarche.syntax.evaluate import NAMED, NamedSentence, name_sets
from demarche.syntax.load import load_encoder
from demarche.syntax.name_lists import MARKS, NameLists, read_lists
from demarche.syntax.names import decode_names, find_dates, find_money, join_names, tidy_names
from demarche.syntax.word_vectors import WordEncoder
from training.tasks.names import IGNORED, LABELS, NamesTask, guess_glued
from training.tasks.protocol import Example
from training.teacher import place
from training.train import disguise

__all__ = ["MarkedHeads", "Row", "encode", "main"]

Vectors = npt.NDArray[np.float16]


class MarkedHeads(nn.Module):
    """vectors (sentences, words, width), marks (sentences, words, lists) → scores of BIO labels.

    Two layers look at the words beside each word: where a name ends depends on them.
    """

    def __init__(self, width: int, inner: int = 128) -> None:
        super().__init__()
        self.enter, self.marked = nn.Linear(width, inner), nn.Linear(len(MARKS), inner, bias=False)
        self.near = nn.ModuleList([nn.Linear(3 * inner, inner) for _ in range(2)])
        self.leave = nn.Linear(inner, len(LABELS))
        self.drop = nn.Dropout(0.25)

    def forward(self, vectors: Tensor, marks: Tensor, mask: Tensor) -> Tensor:
        x = F.gelu(self.enter(self.drop(vectors)) + self.marked(marks))
        for layer in self.near:
            x = x * mask[..., None]
            before, after = F.pad(x, (0, 0, 1, 0))[:, :-1], F.pad(x, (0, 0, 0, 1))[:, 1:]
            x = x + F.gelu(layer(self.drop(torch.cat([before, x, after], -1))))
        scores: Tensor = self.leave(self.drop(x))
        return scores


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence as the head reads it. target: label of each word, -100 left out."""

    vectors: Vectors
    marks: npt.NDArray[np.float32]
    target: npt.NDArray[np.int64]


def encode(example: Example, words: Sequence[str], encoder: WordEncoder, lists: NameLists) -> Row:
    _, placed = place(words, example.glued)
    vectors = encoder.encode([placed])[0].astype(np.float16)
    return Row(vectors, lists.marks(words), np.asarray(example.target))


def variants(task: NamesTask, examples: Sequence[Example], rng: random.Random, changed: float) -> Iterator[Example]:
    """Each example, `changed` of those with a name under other names, some with other capitals."""
    for example in examples:
        fresh = changed and not example.key.startswith("wnut") and (example.target > 0).any() and rng.random() < changed
        made = task.renamed(example, rng) if fresh else example
        words = disguise(made.words, rng) if changed else list(made.words)
        yield Example(key=made.key, words=tuple(words), glued=made.glued, target=made.target)


def batches(rows: Sequence[Row], room: int, rng: random.Random) -> Iterator[list[Row]]:
    order = sorted(range(len(rows)), key=lambda i: len(rows[i].target) + 4 * rng.random())
    made: list[list[Row]] = [[]]
    for i in order:
        if made[-1] and (len(made[-1]) + 1) * len(rows[i].target) > room:
            made.append([])
        made[-1].append(rows[i])
    rng.shuffle(made)
    yield from made


def collate(batch: Sequence[Row]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    n = max(len(row.target) for row in batch)
    vectors = np.zeros((len(batch), n, batch[0].vectors.shape[1]), np.float32)
    marks = np.zeros((len(batch), n, len(MARKS)), np.float32)
    target = np.full((len(batch), n), IGNORED, np.int64)
    mask = np.zeros((len(batch), n), np.float32)
    for i, row in enumerate(batch):
        k = len(row.target)
        vectors[i, :k], marks[i, :k], target[i, :k], mask[i, :k] = row.vectors, row.marks, row.target, 1
    found = [torch.from_numpy(a) for a in (vectors, marks, target, mask)]
    return found[0], found[1], found[2], found[3]


def fit(shows: Sequence[Sequence[Row]], options: argparse.Namespace, check: Sequence[tuple[str, Dev]]) -> MarkedHeads:
    """shows: the same sentences in several variants; each epoch takes one of them."""
    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)
    heads = MarkedHeads(shows[0][0].vectors.shape[1], options.inner)
    optimizer = torch.optim.AdamW(heads.parameters(), lr=options.rate, weight_decay=0.02, betas=(0.9, 0.98))
    mean = {k: v.clone() for k, v in heads.state_dict().items()}
    began, step, epoch = time.process_time(), 0, 0
    while (done := (time.process_time() - began) / (60 * options.minutes)) < 1:
        for batch in batches(shows[epoch % len(shows)], 1600, rng):
            done = (time.process_time() - began) / (60 * options.minutes)
            for group in optimizer.param_groups:
                group["lr"] = options.rate * min(1.0, step / 100, max(0.0, 1 - done) / 0.7)
            vectors, marks, target, mask = collate(batch)
            marks = marks * (torch.rand(marks.shape) > 0.1) * (torch.rand(len(marks), 1, 1) > 0.1)
            loss = F.cross_entropy(heads(vectors, marks, mask).flatten(0, 1), target.flatten(), label_smoothing=0.02)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(heads.parameters(), 2.0)
            optimizer.step()
            step += 1
            for k, v in heads.state_dict().items():
                mean[k].lerp_(v, max(0.01, 1 / (1 + step / 6)))
            if done >= 1:
                break
        epoch += 1
        live = MarkedHeads(shows[0][0].vectors.shape[1], options.inner)
        live.load_state_dict(mean)
        print(
            epoch,
            step,
            f"{done:.2f}",
            f"{loss.item():.3f}",
            {n: dev.score(live.eval()) for n, dev in check},
            flush=True,
        )
    heads.load_state_dict(mean)
    return heads.eval()


class Dev:
    """A set of sentences with gold names."""

    def __init__(self, sentences: Sequence[NamedSentence], encoder: WordEncoder, lists: NameLists) -> None:
        self.sentences = sentences
        empty = [Example(key="", words=f, glued=guess_glued(f), target=torch.zeros(len(f))) for f, _ in sentences]
        self.rows = [encode(e, e.words, encoder, lists) for e in empty]

    def score(self, heads: MarkedHeads) -> str:
        hits, found, gold = (dict.fromkeys(sorted(NAMED), 0) for _ in range(3))
        with torch.no_grad():
            for (forms, names), row in zip(self.sentences, self.rows, strict=True):
                vectors, marks, _, mask = collate([row])
                scores = heads(vectors, marks, mask)[0].softmax(-1).numpy()
                found_here = tidy_names(decode_names(scores, LABELS), forms)
                joined = join_names(find_dates(forms), find_money(forms), found_here)
                mine = {(n.first, n.last, n.label) for n in joined if n.label in NAMED}
                for _, _, kind in mine & names:
                    hits[kind] += 1
                for _, _, kind in mine:
                    found[kind] += 1
                for _, _, kind in names:
                    gold[kind] += 1
        f = lambda h, a, b: round(200 * h / max(1, a + b), 1)  # noqa: E731
        each = " ".join(f"{k} {f(hits[k], found[k], gold[k])}" for k in hits)
        return f"{f(sum(hits.values()), sum(found.values()), sum(gold.values()))} ({each})"


def main() -> None:
    """Train, print dev figures each epoch, write names.pt."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, default=Path("../shared/data"))
    arguments.add_argument("--lists", type=Path, default=Path("src/demarche/syntax/weights/names.tsv.gz"))
    arguments.add_argument("--out", type=Path, default=Path("training/work/names"))
    arguments.add_argument("--minutes", type=float, default=6, help="processor minutes")
    arguments.add_argument("--shows", type=int, default=3, help="variants of each sentence that are encoded")
    arguments.add_argument("--inner", type=int, default=128)
    arguments.add_argument("--rate", type=float, default=2e-3)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    torch.set_num_threads(1)
    rng = random.Random(options.seed)
    task = NamesTask()
    task.prepare(options.data)
    encoder, lists = load_encoder(), read_lists(options.lists.read_bytes())
    examples = [e for e in task.examples("train") if len(e.words) < 150]
    counts = {label: sum(int((e.target == i).sum()) for e in examples) for i, label in enumerate(LABELS)}
    print(len(examples), "sentences", json.dumps(counts), flush=True)
    shows = []
    for turn in range(options.shows):
        shows.append([encode(e, e.words, encoder, lists) for e in variants(task, examples, rng, 0.8 if turn else 0)])
        print("encoded", turn, round(time.process_time()), flush=True)
    sets = name_sets(options.data / "ud", options.data / "ner")
    check = [(name, Dev(sentences, encoder, lists)) for name, sentences in sets.items()]
    heads = fit(shows, options, check)
    torch.save({"model": heads.state_dict(), "inner": options.inner}, options.out / "names.pt")


if __name__ == "__main__":
    main()
