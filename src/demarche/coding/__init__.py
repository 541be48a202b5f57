"""The room `coding`: predicates to typed events, with status, holders and links.

The door: `load_coder().code(article, sentences, trees, linked)` gives the `Statements` of one document;
`derive_statements` gives from `notes_of` every document what only many show: claims, threats, commitments, forecasts.
"""

from demarche.coding.agreement import Agreement, agreement, alpha
from demarche.coding.coder import Coder, Reason, load_coder
from demarche.coding.coverage import Coverage, read_coverage
from demarche.coding.derive import DerivedStatements, derive_statements
from demarche.coding.evaluate import CodingScores, evaluate_coding, score_coding
from demarche.coding.factuality import Factuality, FactualityTable, load_factuality, read_tree_factuality
from demarche.coding.ledger import LedgerRow, read_ledger
from demarche.coding.notes import Note, notes_of
from demarche.coding.plugins import SentenceCoder, load_sentence_coder
from demarche.coding.report import write_report
from demarche.coding.rules import Rule, RuleBook, load_rules

__all__ = [
    "Agreement", "Coder", "CodingScores", "Coverage", "DerivedStatements", "Factuality", "FactualityTable",
    "LedgerRow", "Note", "Reason", "Rule", "RuleBook", "SentenceCoder", "agreement", "alpha", "derive_statements",
    "evaluate_coding", "load_coder", "load_factuality", "load_rules", "load_sentence_coder", "notes_of",
    "read_coverage", "read_ledger", "read_tree_factuality", "score_coding", "write_report",
]  # fmt: skip
