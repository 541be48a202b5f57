"""A text gets the same trees in whatever company it is parsed: resuming, copies and workers rest on it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from demarche.records import Tree
from demarche.syntax import load_parser

TEXTS = [
    "Moscow denied asking Beijing for arms. The Kremlin said on Thursday that it needed none.",
    "Talks failed.",
    "U.S. officials, who spoke on condition of anonymity because they were not allowed to discuss the matter, said that"
    " the two sides would meet again in Geneva next week if the truce held until then.",
    "Why?",
    "PARIS (Steppe Wire) - France pledged 200 million euros in aid to Moldova on Monday.",
]


def plain(paragraphs: list[tuple[Tree, ...]]) -> list[list[object]]:
    """Trees with the bytes of their heads' scores in place of the arrays."""
    return [
        [
            (
                replace(tree, signals=None),
                {k: v.tobytes() for k, v in tree.signals.arrays.items()} if tree.signals else None,
            )
            for tree in trees
        ]
        for trees in paragraphs
    ]


@pytest.mark.model
def test_company_changes_no_tree() -> None:
    parser = load_parser()
    together = plain(parser.parse(TEXTS))
    assert plain([parser.parse([text])[0] for text in TEXTS]) == together
    assert plain(parser.parse(TEXTS[::-1])) == together[::-1]
