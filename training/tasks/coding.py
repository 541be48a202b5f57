"""The learned coder: acts, their status, who does them to whom and on whose word; cues with their sources and contents.

Reads what `training.prepare_coding` wrote. Labels of actors stand for words only by name, so a role is learned from
groups of words: of the words that name one actor, at least one must be chosen.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from demarche.records import Act, EventType, Status
from training.own_articles import is_held
from training.tasks.protocol import Batch, Example, Outputs

__all__ = ["ACTS", "CUES", "ROLES", "STATUSES", "TYPES", "CodingHeads", "CodingTask"]

TYPES = tuple(t.value for t in EventType)
STATUSES = tuple(s.value for s in Status)
ACTS = tuple(a.value for a in Act)
CUES = ("none", "inside", *ACTS)
ROLES = ("sources", "targets", "holders")
VERBAL = frozenset({"AGREE", "CONSULT", "SUPPORT", "CONCEDE", "REQUEST", "ACCUSE", "REJECT", "THREATEN"})
PLANE = tuple(0 if t in VERBAL else 1 for t in TYPES)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CodingTarget:
    """rows, groups, free, attributions: as training/prepare_coding.py describes them.

    acts_only: types and status of the rows are labels, their actors are not. voiced: the attributions are labels.
    """

    rows: Sequence[Row]
    groups: Mapping[str, Sequence[int]]
    free: Sequence[int]
    attributions: Sequence[Row]
    acts_only: bool = False
    voiced: bool = True


class CodingHeads(nn.Module):
    """One more layer of attention that only coding trains, then the scores. Outputs: docs/learned-coder.md."""

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
        """(sentences, words, words, channels)."""
        b, n, w = query.shape
        q = query.reshape(b, n, w // size, size).permute(0, 2, 1, 3)
        k = key.reshape(b, n, w // size, size).permute(0, 2, 3, 1)
        return ((q @ k) * size**-0.5).permute(0, 2, 3, 1)


class CodingTask:
    name = "coding"
    weight = 0.6
    repeat = 1.0

    def __init__(self, folder: Path = Path("training/work/coding")) -> None:
        self._folder = folder
        self._rng = random.Random(5)

    def prepare(self, data: Path) -> None:
        """`data` is not read: the prepared sentences lie in `folder`."""
        self._sentences = {
            split: [json.loads(line) for line in (self._folder / f"{split}.jsonl").read_text("utf-8").splitlines()]
            for split in ("train", "dev")
        }
        self._names: dict[str, dict[str, str]] = {}
        for row in self._sentences["train"]:
            for swap in row["swaps"]:
                if swap["first"] == swap["last"]:
                    self._names.setdefault(swap["label"], {})[swap["form"]] = row["words"][swap["first"]]

    def rows(self, split: str) -> Sequence[Row]:
        """The prepared sentences, held ones too."""
        return self._sentences[split]

    def examples(self, split: str) -> Sequence[Example]:
        """Of the training sentences those that the encoder is tuned on: see `training.own_articles.HELD`."""
        rows = [row for row in self.rows(split) if not is_held(row["key"])]
        return [self._example(self._swapped(row) if split == "train" else row) for row in rows]

    def _example(self, row: Row) -> Example:
        target = CodingTarget(
            row["rows"], row["groups"], row["free"], row["attributions"],
            acts_only=row.get("acts_only", False), voiced=row.get("voiced", True),
        )  # fmt: skip
        return Example(key=row["key"], words=tuple(row["words"]), glued=tuple(row["glued"]), target=target)

    def _swapped(self, row: Row) -> Row:
        """Half of the time, other countries' names of the same kind in the place of the names."""
        if not row["swaps"] or self._rng.random() < 0.4:
            return row
        words, chosen = list(row["words"]), {}
        taken = {swap["label"] for swap in row["swaps"]}
        for label in sorted(taken):
            forms = {s["form"] for s in row["swaps"] if s["label"] == label and s["first"] == s["last"]}
            fitting = [k for k, v in self._names.items() if forms <= v.keys() and k not in taken]
            if fitting and self._rng.random() < 0.8:
                chosen[label] = self._rng.choice(fitting)
        for swap in row["swaps"]:
            new = chosen.get(swap["label"])
            if new and swap["first"] == swap["last"]:
                words[swap["first"]] = self._names[new][swap["form"]]
        return {**row, "words": words}

    def heads(self, width: int) -> nn.Module:
        return CodingHeads(width)

    def loss(self, heads: nn.Module, batch: Batch) -> Tensor:
        out = {name: value.float() for name, value in heads(batch.vectors, batch.mask).items()}
        targets: Sequence[CodingTarget] = batch.targets
        total = 1.5 * self._trigger_loss(out["trigger"], batch.mask, targets)
        total = total + self._cue_loss(out["cue"], batch.mask, targets)
        rows = [(b, row["word"], TYPES.index(row["type"]), row) for b, t in enumerate(targets) for row in t.rows]
        if rows:
            at = torch.tensor([(b, w) for b, w, _, _ in rows])
            kind = torch.tensor([k for _, _, k, _ in rows])
            status = out["status"].unflatten(2, (len(TYPES), len(STATUSES)))[at[:, 0], at[:, 1], kind]
            gold = torch.tensor([STATUSES.index(row["status"]) for *_, row in rows])
            total = total + 0.5 * F.cross_entropy(status, gold, label_smoothing=0.05)
            total = total + 0.7 * self._role_loss(out, rows, targets)
        return total + 0.5 * self._span_loss(out["spans"], batch.mask, targets)

    def _trigger_loss(self, scores: Tensor, mask: Tensor, targets: Sequence[CodingTarget]) -> Tensor:
        gold = torch.zeros_like(scores)
        count = 1
        for b, target in enumerate(targets):
            for row in target.rows:
                gold[b, row["word"], TYPES.index(row["type"])] = 1.0
                count += 1
        loss = F.binary_cross_entropy_with_logits(scores, gold * 0.97 + 0.0005, reduction="none").sum(-1) * mask
        return loss.sum() / (0.5 * count + 0.5 * len(targets))

    def _cue_loss(self, scores: Tensor, mask: Tensor, targets: Sequence[CodingTarget]) -> Tensor:
        gold = torch.zeros(mask.shape, dtype=torch.long)
        count = 1
        for b, target in enumerate(targets):
            for row in target.attributions:
                if row["cue"]:
                    gold[b, row["cue"][0] : row["cue"][1] + 1] = 1
                    gold[b, row["cue"][0]] = CUES.index(row["act"])
                    count += 1
        voiced = torch.tensor([[float(target.voiced)] for target in targets])
        loss = F.cross_entropy(scores.transpose(1, 2), gold, reduction="none") * mask * voiced
        return loss.sum() / (0.5 * count + 0.5 * len(targets))

    def _role_loss(self, out: Mapping[str, Tensor], rows: Sequence[Any], targets: Sequence[CodingTarget]) -> Tensor:
        fit = out["fit"]
        cells: list[tuple[int, int, int, int, int, int]] = []  # sentence, word, candidate, channel, fit column, group
        lone: list[tuple[int, int, int, int]] = []  # sentence, word, away column, group
        gold: list[float] = []
        for b, word, kind, row in rows:
            target = targets[b]
            if target.acts_only:
                continue
            for r, role in enumerate(ROLES):
                channel, column = PLANE[kind] * len(ROLES) + r, kind * len(ROLES) + r
                met = set()
                for label, members in target.groups.items():
                    right = [i for i, names in enumerate(row[role]) if label in names]
                    met |= set(right)
                    cells += [(b, word, j, channel, column, len(gold)) for j in members]
                    gold.append(float(bool(right)))
                left = [names for i, names in enumerate(row[role]) if i not in met]
                if left and all("unnamed" in names for names in left):
                    continue
                cells += [(b, word, j, channel, column, len(gold)) for j in target.free]
                lone.append((b, word, column, len(gold)))
                gold.append(float(bool(left)))
        if not gold:
            return fit.sum() * 0
        c, a = torch.tensor(cells or [[0] * 6]), torch.tensor(lone or [[0] * 4])
        near = out["role"][c[:, 0], c[:, 1], c[:, 2], c[:, 3]] + fit[c[:, 0], c[:, 2], c[:, 4]]
        far = out["away"][a[:, 0], a[:, 1], a[:, 2]]
        sums = torch.full((len(gold),), 1e-6)
        if cells:
            sums = sums.index_add(0, c[:, 5], near.clamp(-15, 15).exp())
        if lone:
            sums = sums.index_add(0, a[:, 3], far.clamp(-15, 15).exp())
        loss = F.binary_cross_entropy_with_logits(sums.log(), torch.tensor(gold), reduction="sum")
        return loss / len(rows) / 2

    def _span_loss(self, spans: Tensor, mask: Tensor, targets: Sequence[CodingTarget]) -> Tensor:
        """source first, last, content first, last of each cue; a missing one points at the cue itself."""
        at, gold = [], []
        for b, target in enumerate(targets):
            for row in target.attributions:
                if row["cue"]:
                    cue = row["cue"][0]
                    at.append((b, cue))
                    gold.append([*(row["source"] or (cue, cue)), *(row["content"] or (cue, cue))])
        if not at:
            return spans.sum() * 0
        index = torch.tensor(at)
        scores = spans[index[:, 0], index[:, 1]] + (mask[index[:, 0]][..., None] - 1) * 1e4
        return F.cross_entropy(scores, torch.tensor(gold)) * 4

    def outputs(self) -> Mapping[str, tuple[str, ...]]:
        return {"trigger": TYPES, "status": STATUSES, "cue": CUES, "role": (), "fit": ROLES, "away": ROLES, "spans": ()}

    def evaluate(self, run: Callable[[Sequence[Example]], list[Outputs]]) -> Mapping[str, float]:
        """Dev, gold words. type F1 at the best threshold; the rest at gold triggers and gold cues."""
        examples = self.examples("dev")
        outputs = run(examples)
        figures = _types(examples, outputs)
        right: Counter[str] = Counter()
        for example, out in zip(examples, outputs, strict=True):
            n = len(example.words)
            status = out["status"].reshape(n, len(TYPES), len(STATUSES))
            for row in example.target.rows:
                kind = TYPES.index(row["type"])
                right["rows"] += 1
                right["status"] += STATUSES[status[row["word"], kind].argmax()] == row["status"]
                for r, role in enumerate(ROLES):
                    right[role] += _same(out, example.target, row, kind, r, row[role])
            _cues(example, out, right)
        figures |= {k: round(right[k] / right["rows"], 4) for k in ("status", *ROLES)}
        figures |= {k: round(right[k] / max(1, right["cues"]), 4) for k in ("source", "content")}
        figures["cue"] = round(2 * right["hit"] / max(1, right["cues"] + right["found"]), 4)
        return figures


def group_score(out: Outputs, word: int, kind: int, r: int, members: Sequence[int], away: bool = False) -> float:
    """Logit that one of the words fills the role of the row."""
    channel, column = PLANE[kind] * len(ROLES) + r, kind * len(ROLES) + r
    scores = [out["role"][word, j, channel] + out["fit"][j, column] for j in members]
    scores += [out["away"][word, column]] if away else []
    return float(np.logaddexp.reduce(scores)) if scores else -20.0


def _same(out: Outputs, target: CodingTarget, row: Row, kind: int, r: int, gold: Sequence[Sequence[str]]) -> bool:
    """Whether the chosen labels are gold's; a gold label without words in the sentence must be announced as away."""
    chosen = {k for k, members in target.groups.items() if group_score(out, row["word"], kind, r, members) > 0}
    away = group_score(out, row["word"], kind, r, target.free, away=True) > 0
    gold = [names for names in gold if "unnamed" not in names]
    left = [names for names in gold if not chosen & set(names)]
    extra = [k for k in chosen if not any(k in names for names in gold)]
    inside = [names for names in left if set(names) & target.groups.keys()]
    return not extra and not inside and (bool(left) == away or not left)


def _types(examples: Sequence[Example], outputs: Sequence[Outputs]) -> dict[str, float]:
    best: dict[str, float] = {"type": -1.0}
    for logit in np.arange(-2.5, 1.6, 0.25):
        hit = found = wanted = 0
        for example, out in zip(examples, outputs, strict=True):
            gold = Counter(row["type"] for row in example.target.rows)
            mine = Counter(TYPES[k] for k in np.argwhere(out["trigger"] > logit)[:, 1])
            hit += (gold & mine).total()
            found += mine.total()
            wanted += gold.total()
        f = 2 * hit / max(1, found + wanted)
        if f > best["type"]:
            best = {
                "type": round(f, 4), "at": float(logit), "precision": round(hit / max(1, found), 4),
                "recall": round(hit / wanted, 4),
            }  # fmt: skip
    return best


def _cues(example: Example, out: Outputs, right: Counter[str]) -> None:
    mine = {int(w) for w in np.flatnonzero(out["cue"].argmax(-1) > 1)}
    right["found"] += len(mine)
    for row in example.target.attributions:
        if not row["cue"]:
            continue
        cue = row["cue"][0]
        right["cues"] += 1
        right["hit"] += cue in mine
        spans = out["spans"][cue, : len(example.words)].argmax(0)
        right["source"] += _close(spans[0], spans[1], row["source"] or (cue, cue))
        right["content"] += _close(spans[2], spans[3], row["content"] or (cue, cue))


def _close(first: int, last: int, gold: Sequence[int]) -> bool:
    shared = min(last, gold[1]) - max(first, gold[0]) + 1
    return shared * 2 >= max(last, gold[1]) - min(first, gold[0]) + 1
