"""Fit the weights of `resources/ingest/lines.toml` on pages cut flat, and measure what they take away.

    python -m training.fit_lines ../shared/data [--write]

The benchmark's English pages as a careless scraper leaves them: every line of the page from 4 and from 12 lines above
the story to as many below it. A line is the story's if it is a paragraph of the ground truth or stands in one. Prints
two-fold cross-validated figures (folds by page). Only the weights, rounded to a tenth, go into the package.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from demarche.ingest.charset import decode
from demarche.ingest.clean import clean_text
from demarche.ingest.density import drop_hidden
from demarche.ingest.guard import drop_silent
from demarche.ingest.html import parse_markup
from demarche.ingest.language import mostly_english
from demarche.ingest.line_model import line_marks, strange_lines
from demarche.ingest.roles import Line, known_roles
from demarche.resources import read_text

TABLE = Path(__file__).resolve().parents[1] / "src/demarche/resources/ingest/lines.toml"
GONE = ("script", "style", "noscript", "template", "svg", "iframe", "head", "select", "button", "option")
BLOCKS = frozenset(
    "p div section article main header blockquote ul ol li table tr td th h1 h2 h3 h4 h5 h6 pre dl dt dd center "
    "fieldset address details summary hr body tbody figure figcaption br nav aside footer form".split()
)
MARGINS = (4, 12)
Page = tuple[str, list[str], list[bool]]


def flatten(tree: Any) -> list[str]:
    """Lines of a page, one for each block of it."""
    etree.strip_elements(tree, *GONE, with_tail=False)
    drop_hidden(tree)
    lines = [""]

    def walk(node: Any) -> None:
        if not isinstance(node.tag, str):
            return
        block = node.tag in BLOCKS
        if block:
            lines.append("")
        lines[-1] += node.text or ""
        for child in node:
            walk(child)
            lines[-1] += child.tail or ""
        if block:
            lines.append("")

    sys.setrecursionlimit(10_000)
    walk(tree.find("body"))
    return [text for line in lines if (text := clean_text(line))]


def read_flat(folder: Path) -> list[Page]:
    """English pages as (name, lines, which are the story's)."""

    def key(text: str) -> str:
        return re.sub(r"\W+", "", text.casefold())

    pages = []
    for name, row in sorted(json.loads((folder / "ground-truth.json").read_text("utf-8")).items()):
        told = row["articleBody"]
        if not mostly_english(told.split("\n")):
            continue
        data = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        lines = flatten(parse_markup(drop_silent(decode(data, markup=True).text)))
        whole, parts = key(told), {key(part) for part in told.split("\n")}
        pages.append(
            (name, lines, [bool(k := key(line)) and (k in parts or (len(k) > 25 and k in whole)) for line in lines])
        )
    return pages


def cut(page: Page, margin: int) -> Page:
    """The story of a page with so many lines above and below."""
    name, lines, story = page
    places = [i for i, own in enumerate(story) if own]
    low, high = max(0, min(places, default=0) - margin), max(places, default=0) + 1 + margin
    return name, lines[low:high], story[low:high]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", type=Path)
    options.add_argument("--write", action="store_true", help="write the weights into lines.toml")
    told = options.parse_args()
    names = re.findall(r'^mark = "(\w+)"', read_text("ingest/lines.toml"), re.M)
    pages = [cut(page, margin) for page in read_flat(told.data / "aeb") for margin in MARGINS]
    rows, gold, fold = [], [], []
    for name, lines, story in pages:
        for i, marks in line_marks(lines, known_roles([Line(text=line) for line in lines])):
            rows.append([marks.get(mark, 0.0) for mark in names])
            gold.append(story[i])
            fold.append(hashlib.md5(name.encode()).digest()[0] & 1)
    table, right, folds = np.array(rows), np.array(gold, float), np.array(fold)
    chance = np.zeros(len(right))
    for one in (0, 1):
        chance[folds == one] = 1 / (1 + np.exp(-table[folds == one] @ fit(table[folds != one], right[folds != one])))
    for most in (0.03, 0.05, 0.08, 0.12):
        taken = chance < most
        print(f"under {most}: {(taken & (right == 0)).sum() / (right == 0).sum():.3f} of the page's open lines taken, "
              f"{(taken & (right == 1)).sum() / right.sum():.3f} of the story's")  # fmt: skip
    weights = np.round(fit(table, right), 1)
    if told.write:
        text = TABLE.read_text("utf-8")
        for name, value in zip(names, weights, strict=True):
            text = re.sub(rf'(mark = "{name}"\nweight = )\S+', rf"\g<1>{value + 0.0}", text)
        TABLE.write_text(text, "utf-8")
    measure(pages)


def fit(table: NDArray[np.float64], right: NDArray[np.float64], *, ridge: float = 1.0) -> NDArray[np.float64]:
    """Weights of the logistic model, by Newton's steps."""
    weights = np.zeros(table.shape[1])
    for _ in range(40):
        chance = 1 / (1 + np.exp(-table @ weights))
        curve = (table * (chance * (1 - chance))[:, None]).T @ table + ridge * np.eye(len(weights))
        weights -= np.linalg.solve(curve, table.T @ (chance - right) + ridge * weights)
    return weights


def measure(pages: list[Page]) -> None:
    """What the shipped weights take of all lines (fitted on these pages)."""
    story = junk = lost = taken = 0
    for _, lines, own in pages:
        gone = strange_lines(lines, known_roles([Line(text=line) for line in lines]))
        story += sum(own)
        junk += len(own) - sum(own)
        lost += sum(own[i] for i in gone)
        taken += sum(not own[i] for i in gone)
    print(f"shipped: {taken} of {junk} lines of the page taken, {lost} of {story} of the story")


if __name__ == "__main__":
    main()
