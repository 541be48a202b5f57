"""From coding.pt to `coding.onnx` beside the encoder; takes the older coding heads out of `heads.onnx`.

python -m training.export_coding --run training/work/coding --out src/demarche/syntax/weights
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import onnx
import torch
from onnx.utils import Extractor
from torch import Tensor, nn

from training.coding_heads import ContextHeads
from training.export import _export
from training.tasks.coding import CodingTask

__all__ = ["main"]


class _OneSentence(nn.Module):
    """vectors (words, width) → the named outputs without the sentence axis."""

    def __init__(self, heads: nn.Module, names: list[str]) -> None:
        super().__init__()
        self.heads, self.names = heads, names

    def forward(self, vectors: Tensor) -> tuple[Tensor, ...]:
        out = self.heads(vectors[None], torch.ones_like(vectors[None, :, 0]))
        return tuple(out[name][0] for name in self.names)


def main() -> None:
    """Write coding.onnx and its description in labels.json."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--run", type=Path, default=Path("training/work/coding"))
    arguments.add_argument("--out", type=Path, default=Path("src/demarche/syntax/weights"))
    options = arguments.parse_args()
    heads = ContextHeads(384)
    heads.load_state_dict(torch.load(options.run / "coding.pt"))
    task = CodingTask(options.run)
    names = list(task.outputs())
    _export(
        _OneSentence(heads.eval(), names).eval(),
        (torch.randn(7, 384),),
        ["vectors"],
        names,
        options.out / "coding.onnx",
    )
    described = json.loads((options.out / "labels.json").read_text("utf-8"))
    described["signals"] = {name: list(labels) for name, labels in task.outputs().items()}
    described["coding_reads"] = hashlib.sha256((options.out / "encoder.onnx").read_bytes()).hexdigest()
    (options.out / "labels.json").write_text(json.dumps(described, indent=0), "utf-8")
    model = onnx.load(str(options.out / "heads.onnx"))
    kept = [output.name for output in model.graph.output if output.name not in names]
    if len(kept) < len(model.graph.output):
        onnx.save(Extractor(model).extract_model(["vectors"], kept), str(options.out / "heads.onnx"))


if __name__ == "__main__":
    main()
