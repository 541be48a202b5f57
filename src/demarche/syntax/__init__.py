"""Syntax: text to sentences, words, tags, UD trees and names. The door: `load_parser().parse(texts)`."""

from demarche.syntax.conllu import GoldSentence, read_conllu, write_conllu
from demarche.syntax.load import Parser, load_parser
from demarche.syntax.parser import split_text
from demarche.syntax.words import Word

__all__ = ["GoldSentence", "Parser", "Word", "load_parser", "read_conllu", "split_text", "write_conllu"]
