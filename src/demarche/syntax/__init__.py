"""Syntax: text to sentences, words, tags, UD trees and names. The door: `load_parser().parse(texts)`."""

from demarche.syntax.conllu import GoldSentence, read_conllu, write_conllu

__all__ = ["GoldSentence", "read_conllu", "write_conllu"]
