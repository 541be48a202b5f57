"""Universal Dependencies: tags, features, lemma scripts and the biaffine tree (Dozat and Manning 2017)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from demarche.records import Tree
from demarche.syntax import GoldSentence, read_conllu
from demarche.syntax.lemmas import apply_script, lemma_script
from training.tasks.protocol import Batch, Example, Outputs, placed_words

__all__ = ["TREE_FILES", "TreeHeads", "TreeTask", "columns", "glued", "read_voted"]

TREE_FILES = {
    "train": {"ewt-train": "ud/en_ewt-ud-train.conllu", "gum-train": "ud/en_gum-open-train.conllu"},
    "dev": {"ewt-dev": "ud/en_ewt-ud-dev.conllu", "gum-dev": "ud/en_gum-open-dev.conllu"},
}
LONGEST = 120
UNKNOWN = -100


@dataclass(frozen=True, slots=True)
class TreeTarget:
    tree: Tree
    heads: Tensor  # 0 is the root, words from 1
    labels: dict[str, Tensor]


def glued(tree: Tree) -> tuple[bool, ...]:
    """Whether a word stands directly after the word before it."""
    return tuple(i > 0 and tree.ends[i - 1] == tree.starts[i] for i in range(len(tree)))


class TreeHeads(nn.Module):
    def __init__(self, width: int, sizes: Mapping[str, int], *, tag: int = 256, arc: int = 256, rel: int = 96) -> None:
        super().__init__()
        self.tag = nn.Sequential(nn.Dropout(0.2), nn.Linear(width, tag), nn.GELU(), nn.Dropout(0.25))
        self.tags = nn.ModuleDict({name: nn.Linear(tag, size) for name, size in sizes.items() if name != "deprel"})
        self.dropout = nn.Dropout(0.3)
        self.root = nn.Parameter(torch.randn(width) * 0.05)
        self.arc_dep, self.arc_head = nn.Linear(width, arc), nn.Linear(width, arc)
        self.rel_dep, self.rel_head = nn.Linear(width, rel), nn.Linear(width, rel)
        self.arc = nn.Parameter(torch.zeros(arc + 1, arc))
        self.rel = nn.Parameter(torch.randn(rel + 1, sizes["deprel"], rel + 1) * 0.02)

    def forward(self, vectors: Tensor, mask: Tensor) -> dict[str, Tensor]:
        t = self.tag(vectors)
        out = {name: head(t) for name, head in self.tags.items()}
        rooted = torch.cat([self.root.expand(vectors.shape[0], 1, -1), vectors], 1)
        one = torch.ones_like(vectors[..., :1])
        dep = torch.cat([self.dropout(F.gelu(self.arc_dep(vectors))), one], -1)
        head = self.dropout(F.gelu(self.arc_head(rooted)))
        with torch.autocast("cpu", enabled=False):  # sums of hundreds of products: bf16 would blur near ties
            arcs = (dep.float() @ self.arc) @ head.float().transpose(1, 2)
        allowed = torch.cat([one[:, :1, 0], mask], 1)
        out["arcs"] = arcs + (allowed[:, None] - 1) * 1e4
        out["rel_dep"] = torch.cat([self.dropout(F.gelu(self.rel_dep(vectors))), one], -1)
        r = self.dropout(F.gelu(self.rel_head(rooted)))
        out["rel_head"] = torch.cat([r, torch.ones_like(r[..., :1])], -1)
        return out

    def relations(self, dep: Tensor, head: Tensor, index: Tensor) -> Tensor:
        """Scores of every relation for the arcs from each word to `index` (0 is the root)."""
        picked = head.gather(1, index[..., None].expand(-1, -1, head.shape[-1]))
        left = dep @ self.rel.flatten(1)
        left = left.unflatten(-1, self.rel.shape[1:])
        return (left @ picked[..., None])[..., 0]


class TreeTask:
    name = "tree"
    weight = 1.0
    repeat = 1.0
    voted: Path | None = None
    """Trees that `training.voted_trees` wrote, seen in training only; the key is that of the coded sentence."""
    shares: Mapping[str, float] = {"upos": 0.4, "xpos": 0.3, "feats": 0.3, "lemma": 0.3}

    def prepare(self, data: Path) -> None:
        self._sentences = {
            split: {key: read_conllu(data / path) for key, path in files.items()} for split, files in TREE_FILES.items()
        }
        found: dict[str, Counter[str]] = {n: Counter() for n in ("upos", "xpos", "feats", "lemma", "deprel")}
        for sentences in self._sentences["train"].values():
            for sentence in sentences:
                for name, values in columns(sentence.tree).items():
                    found[name].update(values)
        least = {"feats": 3, "lemma": 3, "xpos": 3, "deprel": 5, "upos": 1}
        self.labels = {
            name: tuple(sorted(value for value, n in counts.items() if n >= least[name]))
            for name, counts in found.items()
        }
        self._voted = read_voted(self.voted) if self.voted else []
        self._index = {name: {v: i for i, v in enumerate(values)} for name, values in self.labels.items()}

    def _target(self, tree: Tree) -> TreeTarget:
        labels = {
            name: torch.tensor([self._index[name].get(v, UNKNOWN) for v in values])
            for name, values in columns(tree).items()
        }
        return TreeTarget(tree, torch.tensor(tree.heads) + 1, labels)

    def examples(self, split: str) -> Sequence[Example]:
        found = []
        for corpus, sentences in self._sentences[split].items():
            for number, sentence in enumerate(sentences):
                if len(sentence.tree) > LONGEST and split == "train":
                    continue
                key = f"{corpus}:{sentence.id}"
                found.append(self._example(key, sentence.tree))
                if split == "train" and number % 8 == 0 and ends_in_leaf(sentence.tree):
                    found.append(self._example(f"{key}:open", without_last(sentence.tree)))
        if split == "train":
            found += [self._example(key, tree) for key, tree in self._voted]
        return found

    def _example(self, key: str, tree: Tree) -> Example:
        return Example(key=key, words=tree.forms, glued=glued(tree), target=self._target(tree))

    def sentences(self, split: str) -> Mapping[str, Sequence[GoldSentence]]:
        return self._sentences[split]

    def heads(self, width: int) -> nn.Module:
        return TreeHeads(width, {name: len(values) for name, values in self.labels.items()})

    def loss(self, heads: nn.Module, batch: Batch) -> Tensor:
        assert isinstance(heads, TreeHeads)
        out = heads(batch.vectors, batch.mask)
        on = batch.mask > 0
        size = batch.mask.shape[1]
        pad = lambda rows: torch.stack([F.pad(r, (0, size - len(r)), value=0) for r in rows])[on]  # noqa: E731
        index = torch.stack([F.pad(t.heads, (0, size - len(t.heads))) for t in batch.targets])
        total = F.cross_entropy(out["arcs"].float()[on], index[on])
        relations = heads.relations(out["rel_dep"], out["rel_head"], index).float()
        total = total + F.cross_entropy(relations[on], pad([t.labels["deprel"] for t in batch.targets]))
        for name, share in self.shares.items():
            gold = pad([t.labels[name] for t in batch.targets])
            total = total + share * F.cross_entropy(out[name].float()[on], gold)
        return total

    def outputs(self) -> Mapping[str, tuple[str, ...]]:
        names = {name: self.labels[name] for name in ("upos", "xpos", "feats", "lemma")}
        return {**names, "arcs": (), "rel_dep": (), "rel_head": ()}

    def evaluate(self, run: Callable[[Sequence[Example]], list[Outputs]]) -> Mapping[str, float]:
        """Gold words; greedy heads; LAS without subtypes. The shipped figures come from `demarche evaluate syntax`."""
        figures: dict[str, float] = {}
        examples = self.examples("dev")
        for corpus in self._sentences["dev"]:
            chosen = [e for e in examples if e.key.startswith(corpus + ":")]
            figures |= {f"{corpus} {k}": v for k, v in self._score(chosen, run(chosen)).items()}
        return figures

    def _score(self, examples: Sequence[Example], outputs: Sequence[Outputs]) -> dict[str, float]:
        right: Counter[str] = Counter()
        for example, out in zip(examples, outputs, strict=True):
            tree: Tree = example.target.tree
            right["n"] += len(tree)
            heads = out["arcs"].argmax(-1)
            relations = out["relations"].argmax(-1)
            lemmas = out["lemma"].argmax(-1)
            tags = {n: out[n].argmax(-1) for n in ("upos", "xpos", "feats")}
            for i, form in enumerate(tree.forms):
                attached = heads[i] == tree.heads[i] + 1
                right["uas"] += attached
                relation = self.labels["deprel"][relations[i]]
                right["las"] += attached and relation.split(":")[0] == tree.deprels[i].split(":")[0]
                for name, gold in (("upos", tree.upos), ("xpos", tree.xpos), ("feats", tree.feats)):
                    right[name] += self.labels[name][tags[name][i]] == gold[i]
                right["lemma"] += apply_script(form, self.labels["lemma"][lemmas[i]]) == tree.lemmas[i]
        return {k: round(100 * v / right["n"], 2) for k, v in right.items() if k != "n"}


def columns(tree: Tree) -> dict[str, Sequence[str]]:
    scripts = [lemma_script(form, lemma) for form, lemma in zip(tree.forms, tree.lemmas, strict=True)]
    return {"upos": tree.upos, "xpos": tree.xpos, "feats": tree.feats, "lemma": scripts, "deprel": tree.deprels}


def read_voted(path: Path) -> list[tuple[str, Tree]]:
    """Key and tree of each voted sentence; offsets stand for glued or not, no more."""
    found = []
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        words = placed_words(row["words"], row["glued"])
        starts, ends = tuple(word.start for word in words), tuple(word.end for word in words)
        names = {"lemmas": "lemma", "deprels": "deprel"}
        fields = ("lemmas", "upos", "xpos", "feats", "heads", "deprels")
        told = {field: tuple(row[names.get(field, field)]) for field in fields}
        tree = Tree(start=starts[0], end=ends[-1], starts=starts, ends=ends, forms=tuple(row["words"]), **told)
        found.append((row["key"], tree))
    return found


def ends_in_leaf(tree: Tree) -> bool:
    """Whether the last word is a mark on which nothing hangs: such a sentence can stand without its full stop."""
    last = len(tree) - 1
    return last > 1 and tree.upos[last] == "PUNCT" and last not in tree.heads and tree.heads[last] >= 0


def without_last(tree: Tree) -> Tree:
    cut = {
        name: getattr(tree, name)[:-1]
        for name in ("starts", "ends", "forms", "lemmas", "upos", "xpos", "feats", "heads", "deprels")
    }
    return Tree(start=tree.start, end=tree.ends[-2], **cut)
