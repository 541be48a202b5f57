"""CoNLL-U in and out: gold sentences for measuring and training, and the form `demarche parse --to conllu` prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from demarche.errors import InputError
from demarche.records import Name, Tree
from demarche.syntax.enhanced import enhance

__all__ = ["GoldSentence", "read_conllu", "read_texts", "write_conllu"]

COLUMNS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldSentence:
    """One annotated sentence.

    text: as its `# text` line. tree: offsets into `text`. misc: last column of each word.
    starts_document, starts_paragraph: whether `# newdoc` or `# newpar` stands above it. id: `sent_id`.
    """

    id: str
    text: str
    tree: Tree
    misc: tuple[str, ...]
    starts_document: bool
    starts_paragraph: bool


def read_conllu(path: str | Path) -> list[GoldSentence]:
    """Sentences of a CoNLL-U file, in order; empty nodes (`8.1`) are left out.

    Raises:
        InputError: E301 when a line does not have ten columns or a sentence has no single root.
    """
    with open(path, encoding="utf-8") as file:
        return [_sentence(block, f"{path}:{line}") for line, block in _blocks(file)]


def read_texts(path: str | Path) -> dict[str, list[list[str]]]:
    """Document name → its paragraphs → their sentences as the `# text` lines have them. Words are not looked at, so any
    form with these lines will do (IOB2 files of names, too).
    """
    found: dict[str, list[list[str]]] = {}
    paragraphs: list[list[str]] = []
    for line in Path(path).read_text("utf-8").split("\n"):
        if line.startswith("# newdoc id"):
            paragraphs = found[line.split("= ")[1].strip()] = [[]]
        elif line.startswith("# newpar") and paragraphs[-1]:
            paragraphs.append([])
        elif line.startswith("# text ="):
            paragraphs[-1].append(line.split("= ", 1)[1].strip())
    return found


def _blocks(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Runs of non-empty lines with the number of their first line."""
    block: list[str] = []
    first = 1
    for number, line in enumerate(lines, start=1):
        line = line.rstrip("\n")
        if line:
            if not block:
                first = number
            block.append(line)
        elif block:
            yield first, block
            block = []
    if block:
        yield first, block


def _sentence(block: list[str], where: str) -> GoldSentence:
    comments = [line for line in block if line.startswith("#")]
    rows = [line.split("\t") for line in block if not line.startswith("#")]
    if any(len(row) != COLUMNS for row in rows):
        raise InputError("E301", f"a CoNLL-U line needs {COLUMNS} columns", where=where)
    values = dict(comment[1:].split("=", 1) for comment in comments if "=" in comment)
    values = {key.strip(): value.strip() for key, value in values.items()}
    words = [row for row in rows if row[0].isdigit()]
    text = values.get("text") or " ".join(row[1] for row in words)
    heads = tuple(int(row[6]) - 1 for row in words)
    if heads.count(-1) != 1:
        raise InputError("E301", "a sentence needs exactly one root", where=where)
    starts, ends = _offsets(rows, text)
    tree = Tree(
        start=0,
        end=len(text),
        starts=starts,
        ends=ends,
        forms=tuple(row[1] for row in words),
        lemmas=tuple(row[2] for row in words),
        upos=tuple(row[3] for row in words),
        xpos=tuple(row[4] for row in words),
        feats=tuple(row[5] for row in words),
        heads=heads,
        deprels=tuple(row[7] for row in words),
    )
    marks = [comment[1:].strip() for comment in comments]
    return GoldSentence(
        id=values.get("sent_id", ""),
        text=text,
        tree=tree,
        misc=tuple(row[9] for row in words),
        starts_document=any(mark.startswith("newdoc") for mark in marks),
        starts_paragraph=any(mark.startswith(("newpar", "newdoc")) for mark in marks),
    )


def _offsets(rows: list[list[str]], text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Where each word stands in `text`; words of a multiword token share it out by their lengths."""
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    inside = 0  # words still to come of the multiword token
    for row in rows:
        if "." in row[0]:
            continue
        if "-" in row[0]:
            first, last = row[0].split("-")
            inside = int(last) - int(first) + 1
            found = text.find(row[1], at)
            at, limit = (found, found + len(row[1])) if found >= 0 else (at, min(len(text), at + len(row[1])))
        elif inside:
            inside -= 1
            end = limit if not inside else min(limit - inside, at + len(row[1]))
            starts.append(at)
            ends.append(max(end, at))
            at = ends[-1]
        else:
            found = text.find(row[1], at)
            at = found if found >= 0 else at
            starts.append(at)
            at = min(len(text), at + len(row[1]))
            ends.append(at)
    return tuple(starts), tuple(ends)


def write_conllu(trees: Iterable[Tree], text: str, *, prefix: str = "s") -> str:
    """Trees over `text` as CoNLL-U: enhanced relations in DEPS, names in MISC as `NE=B-PER`, offsets in MISC as
    `start_char|end_char`."""
    return "".join(_rows(tree, text, f"{prefix}{number}") for number, tree in enumerate(trees, start=1))


def _rows(tree: Tree, text: str, sent_id: str) -> str:
    shown = " ".join(text[tree.start : tree.end].split())
    lines = [f"# sent_id = {sent_id}", f"# text = {shown}"]
    tags = _name_tags(tree.names, len(tree))
    graph = _graph(tree)
    for i, form in enumerate(tree.forms):
        misc = [f"start_char={tree.starts[i]}", f"end_char={tree.ends[i]}"]
        if tags[i] != "O":
            misc.append(f"NE={tags[i]}")
        if i + 1 < len(tree) and tree.ends[i] == tree.starts[i + 1]:
            misc.append("SpaceAfter=No")
        lines.append(
            "\t".join(
                (
                    str(i + 1), form, tree.lemmas[i], tree.upos[i], tree.xpos[i], tree.feats[i],
                    str(tree.heads[i] + 1), tree.deprels[i], graph[i], "|".join(misc),
                )
            )
        )  # fmt: skip
    return "\n".join(lines) + "\n\n"


def _graph(tree: Tree) -> list[str]:
    """The column DEPS: the basic arc and those by rule, by their heads."""
    arcs = [{(head + 1, deprel)} for head, deprel in zip(tree.heads, tree.deprels, strict=True)]
    for arc in enhance(tree):
        arcs[arc.dependent].add((arc.head + 1, arc.relation))
    return ["|".join(f"{head}:{relation}" for head, relation in sorted(own)) for own in arcs]


def _name_tags(names: tuple[Name, ...], length: int) -> list[str]:
    tags = ["O"] * length
    for name in names:
        for i in range(name.first, name.last + 1):
            tags[i] = ("B-" if i == name.first else "I-") + name.label
    return tags
