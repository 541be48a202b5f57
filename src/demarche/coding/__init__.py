"""The room `coding`: predicates to typed events, with status, holders and links.

The door: `load_coder().code(article, sentences, trees, linked)` gives the `Statements` of one document.
"""

from demarche.coding.coder import Coder, load_coder
from demarche.coding.rules import Rule, RuleBook, load_rules

__all__ = ["Coder", "Rule", "RuleBook", "load_coder", "load_rules"]
