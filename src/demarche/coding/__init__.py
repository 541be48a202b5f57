"""The room `coding`: predicates to typed events, with status, holders and links.

The door: `load_coder().code(article, sentences, trees, linked)` gives the `Statements` of one document;
`derive_statements` gives from `notes_of` every document what only many show: claims, threats, commitments, forecasts.
"""

from demarche.coding.coder import Coder, load_coder
from demarche.coding.derive import DerivedStatements, derive_statements
from demarche.coding.factuality import Factuality, FactualityTable, load_factuality, read_tree_factuality
from demarche.coding.notes import Note, notes_of
from demarche.coding.rules import Rule, RuleBook, load_rules

__all__ = [
    "Coder", "DerivedStatements", "Factuality", "FactualityTable", "Note", "Rule", "RuleBook", "derive_statements",
    "load_coder", "load_factuality", "load_rules", "notes_of", "read_tree_factuality",
]  # fmt: skip
