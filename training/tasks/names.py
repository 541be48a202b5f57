"""Names: BIO labels from GUM's entity column (by a heuristic), re3d, WNUT17, own sentences and what voters agree on.

Voters (`training.teacher`) read EWT, GUM and the demarche corpus; on EWT the plain cases by rules vote too. A name is
taken when two say the same; what only one says is left out of the loss.

Never from UNER, CoNLL or world news: those measure. Countries are places wherever they stand (GUM and re3d say
organisation where a government acts; the linker tells a state from its land).
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from demarche.records import Tree
from demarche.syntax import GoldSentence, read_conllu
from training.tasks.gazetteer import read_nationalities, read_places, read_pools, words
from training.tasks.own_sentences import read_marked
from training.tasks.protocol import Batch, Example, Outputs
from training.tasks.tree import ends_in_leaf, glued

__all__ = ["NamesTask", "bio_spans", "gum_names"]

KINDS = ("PER", "ORG", "LOC", "NORP", "MISC")
LABELS = ("O", *(f"{edge}-{kind}" for kind in KINDS for edge in "BI"))
GUM_KINDS = {
    "person": "PER", "place": "LOC", "organization": "ORG", "event": "MISC", "object": "MISC", "abstract": "MISC",
    "animal": "MISC",
}  # fmt: skip
WNUT_KINDS = {
    "person": "PER", "location": "LOC", "corporation": "ORG", "group": "ORG", "product": "MISC",
    "creative-work": "MISC",
}  # fmt: skip
RE3D_KINDS = {"Person": "PER", "Location": "LOC", "Organisation": "ORG", "Nationality": "NORP"}
RE3D_TITLES = words("titles")
_PRONOUNS = words("pronouns")
IGNORED = -100


class NamesHeads(nn.Module):
    def __init__(self, width: int, inner: int = 192) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Dropout(0.2), nn.Linear(width, inner), nn.GELU(), nn.Dropout(0.25), nn.Linear(inner, len(LABELS))
        )

    def forward(self, vectors: Tensor, mask: Tensor) -> dict[str, Tensor]:
        return {"names": self.layers(vectors)}


class NamesTask:
    name = "names"
    weight = 1.0
    repeat = 1.0

    def __init__(self, voted: Path = Path("training/work/names/votes.jsonl")) -> None:
        self._voted = voted

    def prepare(self, data: Path) -> None:
        self._data = data
        self._places, self._nations = read_places(data), read_nationalities(data)
        self._peoples = {f"{n}s" for n in self._nations} | words("peoples")
        self.pools = read_pools(data)

    def examples(self, split: str) -> Sequence[Example]:
        data = self._data
        if split == "dev":
            gum = _gum(data / "ud/en_gum-open-dev.conllu", "gum-dev")
            return [*(self._settle(e) for e in gum), *_uner(data)]
        votes = self._votes()
        found = [_voted(e, votes, gold=True) for e in _gum(data / "ud/en_gum-open-train.conllu", "gum-train")]
        found += _wnut(data / "ner/WNUT17/CONLL-format/data/train/wnut17train.conll")
        found += _re3d(data / "ner/re3d/CONLL-format/data-by-source/conll")
        found += [_voted(e, votes, gold=False) for e in map(self._plain, read_conllu(data / EWT_TRAIN))]
        found += [_voted(_unlabelled(row), votes, gold=False) for row in votes.values() if row["key"][:3] == "cor"]
        return [*(self._settle(example) for example in found), *_own()]

    def _votes(self) -> dict[str, dict[str, Any]]:
        """Rows of `training.teacher` by their keys; none when it did not run."""
        if not self._voted.exists():
            return {}
        rows = map(json.loads, self._voted.read_text("utf-8").splitlines())
        return {row["key"]: row for row in rows}

    def renamed(self, example: Example, rng: random.Random) -> Example:
        """Other names of the same kind in the place of most: kinds must be told from the context, not remembered."""
        spans = sorted(bio_spans([LABELS[t] if t > 0 else "O" for t in example.target.tolist()]))
        forms, blanks, target = [], [], []
        at = 0
        for first, last, kind in spans:
            if kind not in ("PER", "ORG", "LOC") or rng.random() < 0.25:
                continue
            new = self.pools.draw(kind, last - first + 1, rng)
            forms += [*example.words[at:first], *new]
            blanks += [*example.glued[at : first + 1], *([False] * (len(new) - 1))]
            inside = [LABELS.index(f"I-{kind}")] * (len(new) - 1)
            target += [*example.target[at:first].tolist(), LABELS.index(f"B-{kind}"), *inside]
            at = last + 1
        forms += example.words[at:]
        blanks += example.glued[at:]
        target += example.target[at:].tolist()
        key = f"{example.key}:renamed"
        return Example(key=key, words=tuple(forms), glued=tuple(blanks), target=torch.tensor(target))

    def _settle(self, example: Example) -> Example:
        """Countries and capitals as LOC, nationalities as NORP, whatever the set said."""
        low = [w.lower() for w in example.words]
        target = example.target.clone()
        for i, word in enumerate(low):
            capital = example.words[i][:1].isupper()
            if capital and (word in self._nations or word in self._peoples) and not _inside(target, i):
                target[i] = LABELS.index("B-NORP")
        for first, last, kind in bio_spans([LABELS[t] if t > 0 else "O" for t in target.tolist()]):
            if kind == "PER":
                first = _without_title(low, first, last, target)
            if first == last and low[first] in RE3D_TITLES and low[first] not in self._nations | self._places:
                target[first] = 0
            begin = first + (low[first] == "the")
            if " ".join(low[begin : last + 1]) in self._places:
                target[first : last + 1] = LABELS.index("I-LOC")
                target[begin] = LABELS.index("B-LOC")
                target[first:begin] = 0
        for i, word in enumerate(low):
            if target[i] == IGNORED and word in self._places and example.words[i][:1].isupper():
                target[i] = LABELS.index("B-LOC")
        return Example(key=example.key, words=example.words, glued=example.glued, target=target)

    def _plain(self, sentence: GoldSentence) -> Example:
        """EWT has no names: what is no proper noun is outside; runs of proper nouns get a kind where it is plain."""
        tree = sentence.tree
        target = torch.zeros(len(tree), dtype=torch.long)
        i = 0
        while i < len(tree):
            end = i
            while end < len(tree) and tree.upos[end] == "PROPN":
                end += 1
            if end == i:
                low = tree.forms[i].lower()
                if (low in self._nations or low in self._peoples) and tree.forms[i][:1].isupper():
                    target[i] = LABELS.index("B-NORP")
                i += 1
                continue
            self._label_run(tree, i, end, target)
            i = end
        return Example(key=f"ewt-train:{sentence.id}", words=tree.forms, glued=glued(tree), target=target)

    def _label_run(self, tree: Tree, first: int, end: int, target: Tensor) -> None:
        low = [w.lower() for w in tree.forms[first:end]]
        if all(w in _CALENDAR for w in low):
            return
        kind = self._kind(tree, first, end, low)
        if kind is None:
            target[first:end] = IGNORED
            for i in (first - 1, end):  # a name may go on in a noun or an adjective with a capital
                if 0 <= i < len(tree) and tree.forms[i][:1].isupper() and tree.upos[i] in ("NOUN", "ADJ", "NUM"):
                    target[i] = IGNORED
            return
        while (
            kind == "ORG" and first and tree.forms[first - 1][:1].isupper() and tree.upos[first - 1] in ("ADJ", "NOUN")
        ):
            first -= 1  # "International Atomic Energy Agency", "Indian Army"
        target[first:end] = LABELS.index(f"I-{kind}")
        target[first] = LABELS.index(f"B-{kind}")

    def _kind(self, tree: Tree, first: int, end: int, low: Sequence[str]) -> str | None:
        if " ".join(low) in self._places:
            return "LOC"
        if low[-1] in words("organisation_ends") and len(low) > 1:
            return "ORG"
        if len(low) == 1 and low[0] in words("organisations"):
            return "ORG"
        flat = all(tree.deprels[i] == "flat" and first <= tree.heads[i] < i for i in range(first + 1, end))
        plain = all(w.isalpha() and tree.forms[first + k][:1].isupper() for k, w in enumerate(low))
        if 1 < len(low) < 4 and flat and plain and low[0] not in _NO_FIRST_NAMES:
            return "PER"
        return None

    def heads(self, width: int) -> nn.Module:
        return NamesHeads(width)

    def loss(self, heads: nn.Module, batch: Batch) -> Tensor:
        scores = heads(batch.vectors, batch.mask)["names"].float()
        size = batch.mask.shape[1]
        gold = torch.stack([F.pad(t, (0, size - len(t)), value=IGNORED) for t in batch.targets])
        return F.cross_entropy(scores.flatten(0, 1), gold.flatten())

    def outputs(self) -> Mapping[str, tuple[str, ...]]:
        return {"names": LABELS}

    def evaluate(self, run: Callable[[Sequence[Example]], list[Outputs]]) -> Mapping[str, float]:
        examples = self.examples("dev")
        outputs = run(examples)
        figures = {}
        for corpus in ("gum-dev", "ewt-dev"):
            hit = found = gold = 0
            for example, out in zip(examples, outputs, strict=True):
                if not example.key.startswith(corpus):
                    continue
                mine = bio_spans([LABELS[i] for i in out["names"].argmax(-1)])
                theirs = bio_spans([LABELS[i] if i >= 0 else "O" for i in example.target.tolist()])
                keep = ("PER", "LOC", "ORG")
                mine, theirs = {s for s in mine if s[2] in keep}, {s for s in theirs if s[2] in keep}
                hit, found, gold = hit + len(mine & theirs), found + len(mine), gold + len(theirs)
            figures[f"{corpus} names"] = round(200 * hit / max(1, found + gold), 2)
        return figures


OWN_TIMES = 1
"""How often the sentences written for this project come in an epoch, each time with other names in most places."""
EWT_TRAIN = "ud/en_ewt-ud-train.conllu"
Span = tuple[int, int, str]


def _own() -> list[Example]:
    """Sentences with the kinds as they were written: a country's team is a body there."""
    found = []
    for number, (forms, blanks, names) in enumerate(read_marked()):
        tags = ["O"] * len(forms)
        for first, last, kind in names:
            tags[first : last + 1] = [f"B-{kind}", *[f"I-{kind}"] * (last - first)]
        for turn in range(OWN_TIMES):
            found.append(Example(key=f"own:{number}#{turn}", words=forms, glued=blanks, target=_target(tags)))
    return found


def _unlabelled(row: Mapping[str, Any]) -> Example:
    target = torch.zeros(len(row["words"]), dtype=torch.long)
    return Example(key=row["key"], words=tuple(row["words"]), glued=tuple(row["glued"]), target=target)


def _voted(example: Example, votes: Mapping[str, Mapping[str, Any]], *, gold: bool) -> Example:
    """Labels after the vote. gold: the example's own names stand unless two others contradict them."""
    row = votes.get(example.key.removesuffix(":open"))
    if row is None:
        return example
    size = len(example.words)
    cast = [[(low, min(high, size - 1), k) for low, high, k in vote if low < size] for vote in row["votes"]]
    own = bio_spans([LABELS[t] if t > 0 else "O" for t in example.target.tolist()])
    counts = Counter(span for vote in cast for span in vote)
    agreed = {span for span, n in counts.items() if n + (span in own) > 1}
    kept = _apart(agreed)
    doubtful = {w for low, high, _ in counts for w in range(low, high + 1)}
    target = example.target.clone()
    for first, last, _ in own:
        inside = set(range(first, last + 1))
        if any(inside & set(range(low, high + 1)) for low, high, _ in kept) or not gold:
            target[first : last + 1] = IGNORED  # written anew below where agreed
        elif inside & doubtful:
            target[first : last + 1] = IGNORED
    for word in doubtful:
        if not (gold and target[word] > 0):
            target[word] = IGNORED
    for first, last, kind in kept:
        target[first : last + 1] = LABELS.index(f"I-{kind}")
        target[first] = LABELS.index(f"B-{kind}")
    return Example(key=example.key, words=example.words, glued=example.glued, target=target)


def _apart(spans: set[Span]) -> list[Span]:
    """Spans that do not overlap, longer ones first."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s[0] - s[1], s)):
        if all(span[1] < low or span[0] > high for low, high, _ in kept):
            kept.append(span)
    return kept


_CALENDAR = words("calendar")
_TITLES = words("names_titles")
_NO_FIRST_NAMES = words("no_first_names")


def _inside(target: Tensor, i: int) -> bool:
    """Whether word i is inside a name of more than one word."""
    if target[i] <= 0:
        return False
    follows = i + 1 < len(target) and target[i + 1] > 0 and int(target[i + 1]) % 2 == 0
    return follows or int(target[i]) % 2 == 0


def _without_title(low: Sequence[str], first: int, last: int, target: Tensor) -> int:
    """The first word of a person's name after *President*, *Gen.*; titles become outside."""
    while first < last and low[first] in _TITLES:
        target[first] = 0
        first += 1
        target[first] = LABELS.index("B-PER")
    return first


def bio_spans(tags: Sequence[str]) -> set[tuple[int, int, str]]:
    """(first, last, kind) of each name; an I after another kind opens a name."""
    spans: set[tuple[int, int, str]] = set()
    first, kind = 0, ""
    for i, tag in enumerate([*tags, "O"]):
        if kind and (tag == "O" or tag[0] == "B" or tag[2:] != kind):
            spans.add((first, i - 1, kind))
            kind = ""
        if tag != "O" and not kind:
            first, kind = i, tag[2:]
    return spans


def _target(tags: Sequence[str]) -> Tensor:
    return torch.tensor([LABELS.index(tag) if tag in LABELS else IGNORED for tag in tags])


def _gum(path: Path, corpus: str) -> Iterator[Example]:
    for number, sentence in enumerate(read_conllu(path)):
        tags = gum_names(sentence)
        tree, key = sentence.tree, f"{corpus}:{sentence.id}"
        yield Example(key=key, words=tree.forms, glued=glued(tree), target=_target(tags))
        if number % 8 == 0 and ends_in_leaf(tree) and corpus.endswith("train"):
            words, blank = tree.forms[:-1], glued(tree)[:-1]
            yield Example(key=f"{key}:open", words=words, glued=blank, target=_target(tags[:-1]))


_BRACKET = re.compile(r"\(([^-()]+)-([^-()]+)(?:-[^()]*)?(\)?)|([^()-]+)\)")


def gum_names(sentence: GoldSentence) -> list[str]:
    """BIO tags: of each mention whose head is a proper noun, the words that make up the name."""
    tags = ["O"] * len(sentence.tree)
    for first, last, entity in sorted(_mentions(sentence), key=lambda m: m[0] - m[1]):
        kind = GUM_KINDS.get(entity)
        core = _core(sentence, first, last, kind or "")
        if kind is None or core is None:
            continue
        if all(tag == "O" for tag in tags[core[0] : core[1] + 1]):
            tags[core[0]] = f"B-{kind}"
            for i in range(core[0] + 1, core[1] + 1):
                tags[i] = f"I-{kind}"
    tree = sentence.tree
    for i, form in enumerate(tree.forms):  # nationalities: adjectives with a capital, as in "the Syrian army"
        if tags[i] == "O" and tree.upos[i] == "ADJ" and form[:1].isupper() and i and form.lower().endswith(NORP_ENDS):
            tags[i] = "B-NORP"
    return tags


NORP_ENDS = ("ian", "ean", "ese", "ish", "can", "ench", "utch", "raqi", "aeli", "tani", "rab", "erman", "reek")


def _mentions(sentence: GoldSentence) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    opened: list[tuple[str, int, str]] = []
    for i, misc in enumerate(sentence.misc):
        entity = re.search(r"Entity=([^|]+)", misc)
        if not entity:
            continue
        for bracket in _BRACKET.finditer(entity[1]):
            if bracket[1]:
                if bracket[3]:
                    found.append((i, i, bracket[2]))
                else:
                    opened.append((bracket[1].split("[")[0], i, bracket[2]))
                continue
            for k in range(len(opened) - 1, -1, -1):
                if opened[k][0] == bracket[4].split("[")[0]:
                    _, first, kind = opened.pop(k)
                    found.append((first, i, kind))
                    break
    return found


def _core(sentence: GoldSentence, first: int, last: int, kind: str) -> tuple[int, int] | None:
    tree = sentence.tree
    heads = [i for i in range(first, last + 1) if not first <= tree.heads[i] <= last]
    if len(heads) != 1 or tree.upos[heads[0]] != "PROPN":
        return None
    keep = set(heads)
    grown = True
    while grown:
        grown = False
        for i in range(first, last + 1):
            if i not in keep and tree.heads[i] in keep and _belongs(sentence, i, kind, keep):
                keep.add(i)
                grown = True
    low, high = min(keep), max(keep)
    while low < high and not (tree.forms[low][:1].isupper() or tree.forms[low][:1].isdigit()):
        low += 1
    return low, high


def _belongs(sentence: GoldSentence, i: int, kind: str, keep: set[int]) -> bool:
    tree = sentence.tree
    relation, upos, capital = tree.deprels[i].split(":")[0], tree.upos[i], tree.forms[i][:1].isupper()
    if relation in ("flat", "compound", "nummod", "goeswith"):
        return upos in ("PROPN", "NUM", "ADJ", "ADP", "DET", "X") or (upos == "NOUN" and capital)
    named = relation in ("amod", "nmod") and tree.deprels[i] in ("amod", "nmod")
    return named and capital and kind != "PER" and (i + 1 in keep or tree.xpos[i].startswith("NNP"))


def _blocks(path: Path) -> Iterator[list[list[str]]]:
    block: list[list[str]] = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        cells = line.rstrip("\r").split("\t")
        if len(cells) > 1 and cells[0].strip():
            block.append(cells)
        elif block:
            yield block
            block = []
    if block:
        yield block


_CLOSES = frozenset(",.;:!?)]}%'’”") | {"'s", "’s", "n't", "n’t", "'re", "'ve", "'ll", "'d", "'m"}
_OPENS = frozenset("([$“‘#@")


def guess_glued(words: Sequence[str]) -> tuple[bool, ...]:
    """Where blanks stood in a text of which only the words are left."""
    return tuple(i > 0 and (w in _CLOSES or words[i - 1] in _OPENS) for i, w in enumerate(words))


def _wnut(path: Path) -> list[Example]:
    found = []
    for number, block in enumerate(_blocks(path)):
        words = tuple(row[0].replace(" ", "_") for row in block)
        tags = [row[1] if row[1] == "O" else f"{row[1][0]}-{WNUT_KINDS[row[1][2:]]}" for row in block]
        if number % 4 and all(tag == "O" for tag in tags):
            continue  # tweets without a name teach little and cost most: long strings of odd pieces
        key = f"wnut:{number}"
        found.append(Example(key=key, words=words, glued=guess_glued(words), target=_target(tags)))
    return found


def _re3d(folder: Path) -> list[Example]:
    found = []
    for path in sorted(folder.rglob("*.conll")):
        for number, block in enumerate(_blocks(path)):
            words = tuple(row[0] for row in block)
            target = _target(_named_only(words, [row[1] for row in block]))
            key = f"re3d:{path.stem}:{number}"
            found.append(Example(key=key, words=words, glued=guess_glued(words), target=target))
    return found


def _named_only(words: Sequence[str], tags: Sequence[str]) -> list[str]:
    """re3d marks descriptions too ("the rebels", "the Iraqi Foreign Minister"): keep the names in them, say nothing of
    the rest (`?`), since a description may hold a name of another kind."""
    out = ["O"] * len(words)
    for first, last, kind in bio_spans(tags):
        label = RE3D_KINDS.get(kind)
        if label is None:
            continue
        low, high = first, last
        while low <= high and (not words[low][:1].isupper() or (label == "PER" and words[low].lower() in RE3D_TITLES)):
            low += 1
        if low <= high and words[low].lower() == "the":
            low += 1
        if first == last and words[first].lower() in _PRONOUNS:
            continue
        if (label == "LOC" and "," in words[first : last + 1]) or (label == "PER" and high - low > 3):
            out[first : last + 1] = ["?"] * (last + 1 - first)  # a place with its country, a rank with its name
            continue
        out[first : last + 1] = ["?"] * (last + 1 - first)
        named = low <= high and words[high][:1].isupper() and words[low][:1].isupper()
        if named and not (
            label == "PER" and any(w.lower() in ("minister", "secretary") for w in words[low : high + 1])
        ):
            out[low : high + 1] = [f"B-{label}"] + [f"I-{label}"] * (high - low)
            for i in range(first, low):
                out[i] = "O" if words[i][:1].islower() else "?"
    return out


def _uner(data: Path) -> list[Example]:
    gold = {s.id: s for s in read_conllu(data / "ud/en_ewt-ud-dev.conllu")}
    rows: dict[str, list[str]] = defaultdict(list)
    name = ""
    for line in (data / "ner/uner_ewt_dev.iob2").read_text(encoding="utf-8").split("\n"):
        if line.startswith("# sent_id"):
            name = line.split("=")[1].strip()
        elif line and not line.startswith("#"):
            rows[name].append(line.split("\t")[2])
    found = []
    for key, tags in rows.items():
        if key in gold and len(gold[key].tree) == len(tags):
            tree = gold[key].tree
            found.append(Example(key=f"ewt-dev:{key}", words=tree.forms, glued=glued(tree), target=_target(tags)))
    return found
