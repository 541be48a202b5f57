"""Check the weights as they ship and put them into a wheel: `python -m training.package --out training/work/dist`.

Holds: every file is there, the whole is at most 25 MB, the coding heads belong to this encoder, the parser loads and
gives a tree, and the wheel carries the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path

from demarche.syntax import load_parser
from demarche.syntax.load import WEIGHTS

__all__ = ["check_weights", "main"]

PROJECT = Path(__file__).parents[1]
FOLDER = "demarche/syntax/weights"
LARGEST = 25_000_000
"""Bytes of all weights."""


def check_weights(folder: Path) -> dict[str, bytes]:
    """The files by name.

    Raises:
        ValueError: a file is missing, the whole is too large, or the coding heads were trained on another encoder.
    """
    missing = [name for name in WEIGHTS if not (folder / name).exists()]
    if missing:
        raise ValueError(f"missing in {folder}: {', '.join(missing)}")
    files = {name: (folder / name).read_bytes() for name in WEIGHTS}
    size = sum(map(len, files.values()))
    if size > LARGEST:
        raise ValueError(f"the weights take {size:,} bytes, more than {LARGEST:,}")
    read = json.loads(files["labels.json"]).get("coding_reads")
    if read != hashlib.sha256(files["encoder.onnx"]).hexdigest():
        raise ValueError("coding.onnx was trained on another encoder: make -C training coding")
    return files


def main() -> None:
    """Check, build, look into the wheel."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--out", type=Path, default=Path("training/work/dist"))
    options = arguments.parse_args()
    files = check_weights(PROJECT / "src" / FOLDER)
    (trees,) = load_parser().parse(["Moscow said on Monday that it had agreed."])
    if len(trees) != 1 or len(trees[0]) != 9:
        raise ValueError("the parser does not give one tree of nine words")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(options.out), str(PROJECT)]
    subprocess.run(build, check=True)
    wheel = max(options.out.glob("demarche-*.whl"), key=lambda path: path.stat().st_mtime)
    with zipfile.ZipFile(wheel) as packed:
        for name, content in files.items():
            if packed.read(f"{FOLDER}/{name}") != content:
                raise ValueError(f"{name} in {wheel.name} is another file")
    print(f"{wheel}: {wheel.stat().st_size:,} bytes, weights {sum(map(len, files.values())):,} bytes")


if __name__ == "__main__":
    main()
