"""Syntax: text to sentences, words, tags, UD trees and names. The door: `load_parser().parse(texts)`."""

from demarche.syntax.agreement import agree_names
from demarche.syntax.conllu import GoldSentence, read_conllu, read_texts, write_conllu
from demarche.syntax.enhanced import Arc, enhance
from demarche.syntax.evaluate import evaluate_syntax
from demarche.syntax.load import Parser, load_parser
from demarche.syntax.parser import split_text
from demarche.syntax.warnings import parse_warnings
from demarche.syntax.words import Word

__all__ = [
    "Arc", "GoldSentence", "Parser", "Word", "agree_names", "enhance", "evaluate_syntax", "load_parser",
    "parse_warnings", "read_conllu", "read_texts", "split_text", "write_conllu",
]  # fmt: skip
