"""Fine-tune the encoder on every task at once; resumable.

python -m training.train --data ../shared/data --minilm FOLDER --out training/runs/v1 --minutes 45 --tasks tree,names
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
import torch
from torch import Tensor, nn

from demarche.syntax.pieces import EDGE_SHAPE, SHAPES, Pieces, word_shape
from training.encoder import Encoder, load_minilm
from training.tasks import Batch, Example, Outputs, Task, all_tasks

__all__ = [
    "Joint", "Model", "batches", "collate", "encode", "join", "load_pieces", "main", "merge", "run_model", "start_from",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Joint:
    """One sentence with the targets of every task that has it."""

    words: tuple[str, ...]
    glued: tuple[bool, ...]
    targets: dict[str, object]
    size: int  # pieces with both edges


class Model(nn.Module):
    def __init__(self, tasks: dict[str, Task], layers: int, inner: int = 1536) -> None:
        super().__init__()
        self.encoder = Encoder(layers=layers, shapes=SHAPES, inner=inner)
        self.heads = nn.ModuleDict({name: task.heads(self.encoder.width) for name, task in tasks.items()})


def merge(tasks: dict[str, Task], pieces: Pieces, split: str, rng: random.Random) -> list[Joint]:
    """Sentences of all tasks, equal keys joined. A task's `repeat` beyond 1 shows its sentences again."""
    found: dict[str, Joint] = {}
    for name, task in tasks.items():
        for turn in range(max(1, int(np.ceil(task.repeat)))):
            share = min(1.0, task.repeat - turn)
            for example in task.examples(split):
                if share < 1 and rng.random() > share:
                    continue
                key = f"{example.key}#{turn}" if turn else example.key
                joint = found.get(key) or found.setdefault(key, join(pieces, example, {}))
                if len(joint.words) == len(example.words):  # other names may stand in it
                    joint.targets[name] = example.target
    return list(found.values())


def join(pieces: Pieces, example: Example, targets: dict[str, object]) -> Joint:
    size = 2 + sum(len(cut) for cut in pieces.encode(example.words))
    return Joint(example.words, example.glued, targets, size)


def disguise(words: Sequence[str], rng: random.Random) -> list[str]:
    """Forms as a scraper or a headline writes them. The encoder sees only shapes change: lengths stay."""
    r = rng.random()
    if r < 0.04:
        return [w.lower() for w in words]
    if r < 0.07:
        return [w.upper() for w in words]
    if r < 0.11:
        return [w[:1].upper() + w[1:] for w in words]
    return list(words)


def batches(joints: Sequence[Joint], budget: int, rng: random.Random | None) -> Iterator[list[Joint]]:
    """Sentences of like length together, about `budget` pieces with padding.

    Lengths go up in steps of `STEP` and the number of sentences depends on the length alone: kernels are compiled for
    each new shape, so few shapes must do.
    """
    noise = rng.random if rng else lambda: 0.0
    groups: dict[int, list[Joint]] = {}
    for joint in sorted(joints, key=lambda j: j.size * (1 + 0.1 * noise())):
        groups.setdefault(_step(joint.size), []).append(joint)
    made = []
    for size, group in groups.items():
        many = max(1, budget // size)
        made += [group[i : i + many] for i in range(0, len(group), many)]
    if rng:
        rng.shuffle(made)
    yield from made


def _step(size: int) -> int:
    """`size` rounded up: to eights below 64, to thirty-twos above."""
    step = 8 if size <= 64 else 32
    return -(-size // step) * step


def collate(pieces: Pieces, batch: Sequence[Joint], rng: random.Random | None) -> dict[str, Tensor]:
    rows = []
    for joint in batch:
        words = disguise(joint.words, rng) if rng else joint.words
        ids, shapes, first, last = [pieces.first], [EDGE_SHAPE], [], []
        for word, cut, blank in zip(words, pieces.encode(joint.words), joint.glued, strict=True):
            first.append(len(ids))
            ids += cut
            shapes += [2 * word_shape(word) + blank] * len(cut)
            last.append(len(ids) - 1)
        rows.append(([*ids, pieces.last], [*shapes, EDGE_SHAPE], first, last))
    n, m = _step(max(len(r[0]) for r in rows)), _step(max(len(r[2]) for r in rows))
    pad = lambda k, size: torch.tensor([r[k] + [0] * (size - len(r[k])) for r in rows])  # noqa: E731
    attention = torch.tensor([[1] * len(r[0]) + [0] * (n - len(r[0])) for r in rows])
    mask = torch.tensor([[1.0] * len(r[2]) + [0.0] * (m - len(r[2])) for r in rows])
    return {"ids": pad(0, n), "shapes": pad(1, n), "mask": attention, "first": pad(2, m), "last": pad(3, m), "on": mask}


def encode(model: Model, inputs: dict[str, Tensor]) -> Tensor:
    names = ("ids", "shapes", "mask", "first", "last")
    vectors: Tensor = model.encoder(*(inputs[name] for name in names))
    return vectors


def run_model(model: Model, pieces: Pieces, examples: Sequence[Example], names: Sequence[str]) -> list[Outputs]:
    """Named outputs of each example, in order; used by the tasks' own evaluation."""
    model.eval()
    joints = [join(pieces, e, {"at": i}) for i, e in enumerate(examples)]
    found: list[Outputs] = [{}] * len(examples)
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for batch in batches(joints, 2048, None):
            inputs = collate(pieces, batch, None)
            vectors = encode(model, inputs).float()
            out: dict[str, Tensor] = {}
            for name in names:
                heads = model.heads[name]
                out |= heads(vectors, inputs["on"])
                if name == "tree":
                    out["relations"] = heads.relations(out["rel_dep"], out["rel_head"], out["arcs"].argmax(-1))
            for row, joint in enumerate(batch):
                n = len(joint.words)
                found[joint.targets["at"]] = {k: v[row, :n].float().numpy() for k, v in out.items()}  # type: ignore[index]
    model.train()
    return found


def step_loss(
    model: Model, tasks: dict[str, Task], pieces: Pieces, batch: list[Joint], rng: random.Random | None
) -> Tensor:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        inputs = collate(pieces, batch, rng)
        vectors = encode(model, inputs)
        total = torch.zeros(())
        for name, task in tasks.items():
            rows = [i for i, joint in enumerate(batch) if name in joint.targets]
            if not rows:
                continue
            targets = [batch[i].targets[name] for i in rows]
            part = Batch(vectors=vectors[rows], mask=inputs["on"][rows], targets=targets)
            total = total + task.weight * len(rows) / len(batch) * task.loss(model.heads[name], part)
    return total


class Schedule:
    """Rise for `rise` of the time, stay, fall linearly to nothing over the last `fall` of it."""

    def __init__(self, seconds: float, *, rise: float = 0.03, fall: float = 0.6) -> None:
        self.seconds, self.rise, self.fall = seconds, rise, fall

    def factor(self, spent: float) -> float:
        done = min(1.0, spent / self.seconds)
        return min(1.0, done / self.rise + 0.01, max(0.0, 1 - done) / self.fall)


def main() -> None:
    arguments = _arguments()
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    rng = random.Random(arguments.seed)
    everything = all_tasks()
    tasks = {name: everything[name] for name in arguments.tasks.split(",")}
    if arguments.trees:
        everything["tree"].voted = arguments.trees  # type: ignore[attr-defined]
    for task in tasks.values():
        task.prepare(arguments.data)
    for share in filter(None, arguments.repeat.split(",")):
        name, times = share.split("=")
        tasks[name].repeat = float(times)
    pieces = load_pieces(arguments.minilm)
    model = Model(tasks, arguments.layers, arguments.inner)
    if arguments.start:
        start_from(model, arguments.start)
    else:
        load_minilm(model.encoder, arguments.minilm)
    train(model, tasks, pieces, rng, arguments)


def load_pieces(folder: Path) -> Pieces:
    """The word pieces of the encoder, from `vocab.txt`."""
    return Pieces((folder / "vocab.txt").read_text(encoding="utf-8").split("\n")[:30522])


def start_from(model: Model, path: Path) -> None:
    """Take over every weight that is there with the same shape (new tasks begin fresh)."""
    own = model.state_dict()
    old = torch.load(path, map_location="cpu", weights_only=True)["model"]
    own.update({k: v for k, v in old.items() if k in own and own[k].shape == v.shape})
    model.load_state_dict(own)


def train(
    model: Model, tasks: dict[str, Task], pieces: Pieces, rng: random.Random, arguments: argparse.Namespace
) -> None:
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    groups = [
        {"params": list(model.encoder.parameters()), "lr": arguments.rate, "peak": arguments.rate},
        {"params": list(model.heads.parameters()), "lr": arguments.head_rate, "peak": arguments.head_rate},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98), fused=True)
    average = {k: v.detach().clone() for k, v in model.state_dict().items()}
    state = {"spent": 0.0, "step": 0, "epoch": 0, "words": 0}
    last = out / "last.pt"
    if last.exists():
        saved = torch.load(last, map_location="cpu", weights_only=False)
        model.load_state_dict(saved["raw"])
        optimizer.load_state_dict(saved["optimizer"])
        average, state = saved["model"], saved["state"]
    schedule = Schedule(arguments.minutes * 60)
    began, saved_at = time.process_time() - state["spent"], state["spent"]
    model.train()
    end = min(schedule.seconds, arguments.stop * 60 if arguments.stop else schedule.seconds)
    while state["spent"] < end:
        joints = merge(tasks, pieces, "train", rng)
        for batch in batches(joints, arguments.pieces, rng):
            state["spent"] = time.process_time() - began
            factor = schedule.factor(state["spent"])
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * factor
            loss = step_loss(model, tasks, pieces, batch, None if arguments.as_printed else rng)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 3.0)
            optimizer.step()
            state["step"] += 1
            state["words"] += sum(len(joint.words) for joint in batch)
            _follow(average, model, state["step"])
            if state["step"] % 50 == 0:
                print(json.dumps({**state, "loss": round(loss.item(), 3), "lr": round(factor, 3)}), flush=True)
            if state["spent"] - saved_at > arguments.save * 60:
                saved_at = state["spent"]
                _save(last, model, optimizer, average, state, tasks)
            if state["spent"] >= end:
                break
        state["epoch"] += 1
    _save(last, model, optimizer, average, state, tasks)
    model.load_state_dict(average)
    figures = {n: t.evaluate(lambda e, n=n: run_model(model, pieces, e, [n])) for n, t in tasks.items()}
    (out / "dev.json").write_text(json.dumps({"state": state, "figures": figures}, indent=1))
    print(json.dumps(figures), flush=True)


def _follow(average: dict[str, Tensor], model: nn.Module, step: int) -> None:
    """Running mean of the weights; its memory grows to some two hundred steps. Every fourth step is enough."""
    if step % 4:
        return
    keep = min(0.98, 1 - 1 / (1 + step / 8))
    with torch.no_grad():
        for name, value in model.state_dict().items():
            if value.dtype.is_floating_point:
                average[name].lerp_(value, 1 - keep)


def _save(
    path: Path, model: nn.Module, optimizer: torch.optim.Optimizer, average: dict[str, Tensor],
    state: dict[str, float], tasks: dict[str, Task],
) -> None:  # fmt: skip
    whole = {
        "raw": model.state_dict(), "model": average, "optimizer": optimizer.state_dict(), "state": dict(state),
        "tasks": list(tasks),
    }  # fmt: skip
    torch.save(whole, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--minilm", type=Path, required=True, help="folder with model.safetensors and vocab.txt")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, default=None, help="checkpoint to start from")
    parser.add_argument("--tasks", default="tree,names")
    parser.add_argument("--trees", type=Path, default=None, help="what `training.voted_trees` wrote, for the task tree")
    parser.add_argument("--repeat", default="", help="how often an epoch shows a task's sentences: coding=2,tree=0.5")
    parser.add_argument("--minutes", type=float, default=45, help="processor minutes of this process")
    parser.add_argument("--stop", type=float, default=0, help="stop early, after so many of the minutes")
    parser.add_argument("--save", type=float, default=5, help="minutes between checkpoints")
    parser.add_argument("--layers", type=int, default=5)
    parser.add_argument("--inner", type=int, default=1536, help="width inside a layer; as in --start when given")
    parser.add_argument("--pieces", type=int, default=2048, help="pieces in a step, padding included")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--head-rate", type=float, default=1e-3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--as-printed", action="store_true", help="no other capitals: what changing them gives")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
