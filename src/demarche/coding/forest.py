"""Small ensembles of decision trees as arrays, read with numpy alone (trained by training/judge.py, sides.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from demarche.errors import ResourceError

__all__ = ["Forest", "read_forest"]

Array = npt.NDArray[np.float64]
BLOCK = 4096
"""Rows walked at once: very long articles take no more memory than long ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """feature, threshold, left, right, value: (trees, nodes). outputs: which output a tree adds to. base: (outputs,).

    A leaf points at itself. A value not greater than the threshold goes left; there are no missing values.
    """

    feature: npt.NDArray[np.int32]
    threshold: Array
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    value: Array
    outputs: npt.NDArray[np.int32]
    base: Array
    depth: int

    def logits(self, rows: Array) -> Array:
        """(rows, outputs) for (rows, features)."""
        if len(rows) > BLOCK:
            return np.concatenate([self.logits(rows[at : at + BLOCK]) for at in range(0, len(rows), BLOCK)])
        width = self.feature.shape[1]
        first = np.arange(len(self.feature)) * width
        steps = np.stack([self.left, self.right], 2).astype(np.intp) + first[:, None, None]
        steps, feature, threshold = steps.ravel(), self.feature.ravel().astype(np.intp), self.threshold.ravel()
        numbers, lines = rows.ravel(), np.arange(len(rows))[:, None] * rows.shape[1]
        at = np.broadcast_to(first, (len(rows), len(first)))
        for _ in range(self.depth):
            goes_right = numbers.take(feature.take(at) + lines) > threshold.take(at)
            at = steps.take(2 * at + goes_right)
        values = self.value.ravel().take(at)
        sums = np.tile(self.base, (len(rows), 1))
        for output in range(len(self.base)):
            sums[:, output] += values[:, self.outputs == output].sum(1)
        return sums

    def chances(self, rows: Array) -> Array:
        """Probabilities: (rows,) of a two-way question, (rows, outputs) of a choice."""
        logits = self.logits(rows)
        if logits.shape[1] == 1:
            return np.asarray(1.0 / (1.0 + np.exp(-logits[:, 0])))
        shifted = np.exp(logits - logits.max(1, keepdims=True))
        return np.asarray(shifted / shifted.sum(1, keepdims=True))


def read_forest(arrays: Mapping[str, npt.NDArray[np.generic]], name: str) -> Forest:
    """The forest called `name` in a file of arrays.

    Raises:
        ResourceError: E209 when an array is missing.
    """
    try:
        part = {key: arrays[f"{name}.{key}"] for key in ("feature", "threshold", "left", "right", "value")}
        outputs, base = arrays[f"{name}.outputs"], arrays[f"{name}.base"]
    except KeyError as error:
        raise ResourceError("E209", f"the judge has no {error}", where="judge.npz", remedy="install again") from error
    return Forest(
        feature=part["feature"].astype(np.int32),
        threshold=part["threshold"].astype(np.float64),
        left=part["left"].astype(np.int32),
        right=part["right"].astype(np.int32),
        value=part["value"].astype(np.float64),
        outputs=outputs.astype(np.int32),
        base=base.astype(np.float64),
        depth=int(arrays[f"{name}.depth"]),
    )
