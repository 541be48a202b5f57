"""From arc scores to a tree: greedy heads when they are one, else the best tree with a single root.

Chu and Liu (1965), Edmonds (1967), run for one root after another in the order of what each could reach at best, until
no other can beat the best found: mostly a single run, and exact up to `ROOTS` of them. Sentences beyond `EXACT` words
(lists, wreckage) are mended in linear time instead.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["decode_heads", "is_tree"]

Scores = npt.NDArray[np.float32]
EXACT = 160
ROOTS = 12
_LEAST = -1e4
"""Stands for impossible where a number is needed: far below any log probability a model gives."""


def decode_heads(scores: Scores) -> list[int]:
    """Head of each word, 0 for the root, words counted from 1.

    Args:
        scores: (words, words + 1) log probabilities; column 0 is the root.
    """
    n = len(scores)
    masked = scores.astype(np.float64)
    masked[np.arange(n), np.arange(1, n + 1)] = -np.inf  # no word hangs on itself
    greedy: list[int] = masked.argmax(1).tolist()
    if is_tree(greedy):
        return greedy
    masked = np.maximum(masked, _LEAST)
    return _search(masked) if n <= EXACT else _mend(masked, greedy)


def _mend(scores: npt.NDArray[np.float64], greedy: list[int]) -> list[int]:
    """The likeliest root takes every further root and one word of every cycle."""
    root = int(scores[:, 0].argmax())
    heads = [root + 1 if head == 0 else head for head in greedy]
    heads[root] = 0
    state = [0] * (len(heads) + 1)  # 0 new, 1 on the path, 2 reaches the root
    state[0] = 2
    for start in range(1, len(heads) + 1):
        path = []
        at = start
        while state[at] == 0:
            state[at] = 1
            path.append(at)
            at = heads[at - 1]
        if state[at] == 1:
            heads[at - 1] = root + 1
        for node in path:
            state[node] = 2
    return heads


def _search(scores: npt.NDArray[np.float64]) -> list[int]:
    n = len(scores)
    square = np.full((n + 1, n + 1), -np.inf)
    square[1:] = scores
    square[np.arange(n + 1), np.arange(n + 1)] = -np.inf
    square[1:, 0] = -np.inf
    best_other = square[1:].max(1) if n > 1 else np.zeros(1)
    bounds = best_other.sum() - best_other + scores[:, 0]
    best, found = -np.inf, [0] * n
    for root in np.argsort(-bounds, kind="stable").tolist()[:ROOTS]:
        if bounds[root] <= best:
            break
        rooted = square.copy()
        rooted[root + 1] = -np.inf
        rooted[root + 1, 0] = scores[root, 0]
        heads = _best_tree(rooted)[1:]
        total = float(rooted[np.arange(1, n + 1), heads].sum())
        if total > best:
            best, found = total, heads.tolist()
    return found


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
        return np.asarray(heads, np.int64)
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
    return np.asarray(found, np.int64)


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
