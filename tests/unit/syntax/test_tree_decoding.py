"""Trees from scores: one root, no cycle, and the best one there is."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from demarche.syntax.tree_decoding import decode_heads, is_tree


def test_greedy_heads_stay_when_they_are_a_tree() -> None:
    scores = np.log(np.array([[0.1, 0.1, 0.7, 0.1], [0.8, 0.05, 0.05, 0.1], [0.1, 0.1, 0.7, 0.1]], np.float32))
    assert decode_heads(scores) == [2, 0, 2]


@pytest.mark.parametrize(
    ("heads", "tree"),
    [([0], True), ([0, 0], False), ([2, 1], False), ([2, 0, 2], True), ([2, 3, 2], False), ([0, 3, 2], False)],
)
def test_is_tree(heads: list[int], tree: bool) -> None:
    assert is_tree(heads) is tree


def test_decoded_tree_is_the_best_single_rooted_one() -> None:
    rng = np.random.default_rng(7)
    for _ in range(150):
        n = int(rng.integers(1, 6))
        scores = rng.normal(0, 2, (n, n + 1)).astype(np.float32)
        found = decode_heads(scores)
        assert is_tree(found)
        every = (list(h) for h in itertools.product(range(n + 1), repeat=n))
        best = max(sum(scores[i, h] for i, h in enumerate(heads)) for heads in every if is_tree(heads))
        assert sum(scores[i, h] for i, h in enumerate(found)) == pytest.approx(best, abs=1e-4)


def test_impossible_scores_still_give_a_tree() -> None:
    assert is_tree(decode_heads(np.full((40, 41), -np.inf, np.float32)))
    assert is_tree(decode_heads(np.full((3, 4), np.float32(-30))))


def test_long_wreckage_is_mended_to_a_tree() -> None:
    rng = np.random.default_rng(3)
    for n in (161, 400):
        assert is_tree(decode_heads(rng.normal(0, 1, (n, n + 1)).astype(np.float32)))
        assert is_tree(decode_heads(np.zeros((n, n + 1), np.float32)))
