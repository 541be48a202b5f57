"""From arc scores to a tree: greedy heads when they are one, else the best tree with a single root.

Chu and Liu (1965), Edmonds (1967); one root by a penalty on every arc from it (Stanojević and Cohen 2021 discuss why
the unconstrained algorithm is not enough).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["decode_heads", "is_tree"]

Scores = npt.NDArray[np.float32]
_PENALTY = 1e5


def decode_heads(scores: Scores) -> list[int]:
    """Head of each word, 0 for the root, words counted from 1.

    Args:
        scores: (words, words + 1) log probabilities; column 0 is the root.
    """
    n = len(scores)
    masked = scores.astype(np.float64)
    masked[np.arange(n), np.arange(1, n + 1)] = -np.inf  # no word hangs on itself
    greedy = [int(h) for h in masked.argmax(1)]
    if is_tree(greedy):
        return greedy
    square = np.full((n + 1, n + 1), -np.inf)
    square[1:] = np.maximum(masked, -1e4)
    square[np.arange(n + 1), np.arange(n + 1)] = -np.inf
    square[1:, 0] -= _PENALTY
    return [int(h) for h in _best_tree(square)[1:]]


def is_tree(heads: list[int]) -> bool:
    """Whether exactly one word hangs on the root and every word reaches it."""
    if heads.count(0) != 1:
        return False
    state = [2] + [0] * len(heads)  # 0 new, 1 on the path, 2 reaches the root
    for start in range(1, len(heads) + 1):
        path = []
        at = start
        while state[at] == 0:
            state[at] = 1
            path.append(at)
            at = heads[at - 1]
        if state[at] == 1:
            return False
        for node in path:
            state[node] = 2
    return True


def _best_tree(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Heads of the best arborescence; scores[dependent, head], node 0 the root. Cycles are contracted one by one."""
    n = len(scores)
    heads = scores.argmax(1)
    heads[0] = 0
    cycle = _find_cycle(heads)
    if cycle is None:
        return heads
    inside = np.zeros(n, bool)
    inside[cycle] = True
    outside = np.flatnonzero(~inside)
    kept = scores[cycle, heads[cycle]]
    small = np.full((len(outside) + 1, len(outside) + 1), -np.inf)
    small[:-1, :-1] = scores[np.ix_(outside, outside)]
    leave = scores[np.ix_(outside, cycle)]  # arcs out of the cycle
    small[:-1, -1] = leave.max(1)
    enter = scores[np.ix_(cycle, outside)] - kept[:, None]  # arcs into it, against the arc they break
    small[-1, :-1] = enter.max(0)
    small[-1, -1] = -np.inf
    solved = _best_tree(small)
    found = heads.copy()
    new = len(outside)
    for i, node in enumerate(outside):
        if node:
            found[node] = cycle[leave[i].argmax()] if solved[i] == new else outside[solved[i]]
    source = solved[new]
    broken = enter[:, source].argmax()
    found[cycle[broken]] = outside[source]
    return found


def _find_cycle(heads: npt.NDArray[np.int64]) -> npt.NDArray[np.int64] | None:
    state = [0] * len(heads)
    state[0] = 2
    for start in range(1, len(heads)):
        path = []
        at = start
        while state[at] == 0:
            state[at] = 1
            path.append(at)
            at = int(heads[at])
        if state[at] == 1:
            return np.array(path[path.index(at) :])
        for node in path:
            state[node] = 2
    return None
