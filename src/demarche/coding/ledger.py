"""The rules' ledger: how often each fired on coded articles, and how often it was right (`coding/ledger.tsv`)."""

from __future__ import annotations

from dataclasses import dataclass

from demarche.resources import read_text

__all__ = ["LedgerRow", "read_ledger"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """right: a row of that type stands in the sentence by the hand-coded articles. wrong: it does not."""

    rule: str
    fired: int
    right: int

    @property
    def wrong(self) -> int:
        return self.fired - self.right


def read_ledger() -> tuple[LedgerRow, ...]:
    """The table of the package (training/build_ledger.py; data/corpus), most fired first; never fired: 0.

    Raises:
        ResourceError: E201.
    """
    lines = read_text("coding/ledger.tsv").splitlines()[1:]
    cells = (line.split("\t") for line in lines)
    return tuple(LedgerRow(rule=rule, fired=int(fired), right=int(right)) for rule, fired, right in cells)
