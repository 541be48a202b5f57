"""Who: names, owners and what the document said before."""

from __future__ import annotations

from demarche.linking import Linker
from linking_trees import link, read_tree


def test_appositions_that_point_at_each_other_end(linker: Linker) -> None:
    tree = read_tree(
        """
        Officials NOUN NNS 4 nsubj official
        experts NOUN NNS 1 appos expert
        analysts NOUN NNS 2 appos analyst
        met VERB VBD 0 root meet
        """
    )
    _, found = link(linker, [tree])
    assert found
