"""A small copy of the project and of the data, to run every step of training in minutes: `make -C training smoke`.

Writes `tree` (src, training, what a wheel needs) and `shared` (first sentences of each set; large tables are linked).
The weights that training writes then replace those of the copy, never the project's own. What is there stays: a run
that was stopped goes on.

    python -m training.smoke --shared ../shared --to training/work/smoke
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

__all__ = ["copy_data", "copy_tree", "main"]

PROJECT = Path(__file__).parents[1]
FILES = ("pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "NOTICE")
BLOCKS = {
    "ud/en_ewt-ud-train.conllu": 300, "ud/en_gum-open-train.conllu": 300, "ud/en_ewt-ud-dev.conllu": 60,
    "ud/en_gum-open-dev.conllu": 500, "ud/en_gum-news-dev.conllu": 60, "ner/uner_ewt_dev.iob2": 60,
    "ner/conllpp_2020.txt": 60, "ner/WNUT17/CONLL-format/data/train/wnut17train.conll": 80,
}  # fmt: skip
"""Sentences (blocks between empty lines) that are kept of each file."""
ARTICLES = {"data/corpus": 12, "eval/dev_articles.json": 4}
"""Articles that are kept: of each file in the folder, of the file."""
OWN = 10
"""Articles that are kept of each file of training/data."""
WORLD, RE3D = 3, 12
"""Files that are kept of the world news and of re3d."""


def copy_tree(to: Path) -> None:
    """Source, training scripts and packaging files; training/work stays out."""
    if (to / "pyproject.toml").exists():
        return
    for name in ("src", "training"):
        shutil.copytree(
            PROJECT / name, to / name, ignore=shutil.ignore_patterns("work", "__pycache__"), dirs_exist_ok=True
        )
    for path in (to / "training/data").glob("own_articles_*.txt"):
        path.write_text("\n@ ".join(path.read_text("utf-8").split("\n@ ")[: OWN + 1]) + "\n", "utf-8")
    for name in FILES:
        shutil.copy(PROJECT / name, to / name)


def _blocks(text: str, count: int) -> Iterator[str]:
    for number, block in enumerate(part for part in text.split("\n\n") if part.strip()):
        if number < count:
            yield block + "\n\n"


def copy_data(shared: Path, to: Path) -> None:
    """The small data folder. Links for what is only looked up."""
    for path, count in BLOCKS.items():
        _write(to / "data" / path, "".join(_blocks((shared / "data" / path).read_text("utf-8"), count)))
    for folder, pattern, count in (
        ("data/ner/en_worldwide_dev", "*.tsv", WORLD), ("data/ner/re3d", "**/data-by-source/conll/**/*.conll", RE3D),
    ):  # fmt: skip
        for path in sorted((shared / folder).glob(pattern))[:count]:
            _write(to / path.relative_to(shared), path.read_text("utf-8"))
    for path in sorted((shared / "data/corpus").glob("*.json")):
        _write(to / "data/corpus" / path.name, _first(path, ARTICLES["data/corpus"]))
    _write(to / "eval/dev_articles.json", _first(shared / "eval/dev_articles.json", ARTICLES["eval/dev_articles.json"]))
    link = to / "data/actors"
    if not link.exists():
        link.symlink_to((shared / "data/actors").resolve())


def _first(path: Path, count: int) -> str:
    return json.dumps(json.loads(path.read_text("utf-8"))[:count], ensure_ascii=False)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def main() -> None:
    """Write both."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--shared", type=Path, default=Path("../shared"))
    arguments.add_argument("--to", type=Path, default=Path("training/work/smoke"))
    options = arguments.parse_args()
    copy_tree(options.to / "tree")
    copy_data(options.shared, options.to / "shared")


if __name__ == "__main__":
    main()
