"""What a task brings to the shared encoder: examples, heads on word vectors, a loss, a score, named outputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from torch import Tensor, nn

from demarche.syntax.words import Word

__all__ = ["Batch", "Example", "Outputs", "Task", "placed_words"]

Outputs = Mapping[str, npt.NDArray[np.float32]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One sentence in words.

    key: the same for the same sentence in two tasks (such sentences are encoded once, both losses count),
        e.g. `gum-train:GUM_news_x-3`.
    words: UD words, cut by our own tokenizer or gold. glued: no blank stands before the word.
    target: whatever the task's own loss reads.
    """

    key: str
    words: tuple[str, ...]
    glued: tuple[bool, ...]
    target: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Sentences of one step that have a target for the task.

    vectors: (sentences, words, width), encoder output with gradient. mask: (sentences, words), 1 at words.
    targets: one a sentence.
    """

    vectors: Tensor
    mask: Tensor
    targets: Sequence[Any]


def placed_words(forms: Sequence[str], glued: Sequence[bool]) -> list[Word]:
    """Words with the offsets of a text that has one blank before each word that is not glued."""
    at, words = 0, []
    for form, touches in zip(forms, glued, strict=True):
        at += not touches
        words.append(Word(text=form, start=at, end=at + len(form)))
        at += len(form)
    return words


class Task(Protocol):
    """One file in training/tasks/ each; registered in training/tasks/__init__.py."""

    name: str
    weight: float  # of its loss in the sum
    repeat: float  # how many times an epoch its training examples are seen (0.5: every second epoch)

    def prepare(self, data: Path) -> None:
        """Read everything needed under `data` (the folder ../shared/data) and fix the label sets, always the same."""

    def examples(self, split: str) -> Sequence[Example]:
        """split `train` or `dev`. Never a test split."""

    def heads(self, width: int) -> nn.Module:
        """Parameters of the task: a module whose `forward(vectors (sentences, words, width), mask (sentences, words))`
        gives a dict of named tensors, each (sentences, words, …). It must export to ONNX (plain torch operations)."""

    def loss(self, heads: nn.Module, batch: Batch) -> Tensor:
        """Scalar; mean over words or whatever unit, so that batches weigh the same."""

    def outputs(self) -> Mapping[str, tuple[str, ...]]:
        """Exported outputs: name → labels of the last axis (empty: scores of words against words, or plain vectors).

        In the product they come back as `Tree.signals.arrays[name]`, first axis the word, as `forward` made them
        (apply softmax or sigmoid inside `forward` when `coding` should read probabilities).
        """

    def evaluate(self, run: Callable[[Sequence[Example]], list[Outputs]]) -> Mapping[str, float]:
        """Figures on dev. `run` gives the named outputs of each example, arrays (words, …)."""
