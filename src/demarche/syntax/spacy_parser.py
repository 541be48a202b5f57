"""A spaCy pipeline behind the `Parser` protocol: `--parser spacy:NAME`. spaCy is the user's own install.

The pipeline must give Universal Dependencies (heads and relations, UPOS); its words are taken as they are. English
models from explosion use ClearNLP relations: their roots and subjects are renamed, the rest stays as it comes.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

from demarche.errors import ConfigError
from demarche.records import Name, Tree

__all__ = ["SpacyParser", "load"]

_RENAMED = {
    "ROOT": "root", "nsubjpass": "nsubj:pass", "csubjpass": "csubj:pass", "auxpass": "aux:pass", "dobj": "obj",
    "agent": "obl:agent", "poss": "nmod:poss", "prt": "compound:prt", "relcl": "acl:relcl", "": "dep",
}  # fmt: skip
_LABELS = {"PERSON": "PER", "PER": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC", "NORP": "NORP",
           "DATE": "DATE", "MONEY": "MONEY"}  # fmt: skip


def load(model: str, threads: int = 1) -> SpacyParser:
    """Load an installed pipeline by name or folder.

    Raises:
        ConfigError: E304 when spaCy or the pipeline is not there.
    """
    try:
        spacy = importlib.import_module("spacy")
        return SpacyParser(spacy.load(model), name=f"spacy:{model}")
    except ImportError as error:
        raise ConfigError("E304", "spaCy is not installed", where=model, remedy="pip install spacy") from error
    except OSError as error:
        remedy = f"python -m spacy download {model}"
        raise ConfigError("E304", f"no spaCy pipeline is called {model!r}", remedy=remedy) from error


class SpacyParser:
    """`Parser` over a loaded pipeline (`nlp`)."""

    def __init__(self, nlp: Any, *, name: str) -> None:
        self.name = name
        self._nlp = nlp

    def parse(self, texts: Sequence[str]) -> list[tuple[Tree, ...]]:
        """Trees of each text, in order."""
        return [tuple(_tree(span) for span in _sentences(self._nlp(text))) for text in texts]


def _sentences(doc: Any) -> list[list[Any]]:
    """Words of each sentence, white space left out; a pipeline that finds no sentences gives one."""
    spans = list(doc.sents) if doc.has_annotation("SENT_START") else [doc]
    words = [[token for token in span if not token.is_space] for span in spans]
    return [sentence for sentence in words if sentence]


def _tree(tokens: list[Any]) -> Tree:
    place = {token.i: n for n, token in enumerate(tokens)}
    heads = [place.get(_head(token, place), -1) if token.head.i != token.i else -1 for token in tokens]
    roots = [n for n, head in enumerate(heads) if head < 0]
    deprels = [_RENAMED.get(token.dep_, token.dep_) for token in tokens]
    for n in roots[1:]:  # exactly one root: further ones hang on the first
        heads[n] = roots[0]
        deprels[n] = "parataxis" if deprels[n] == "root" else deprels[n]
    deprels[roots[0]] = "root"
    return Tree(
        start=tokens[0].idx,
        end=tokens[-1].idx + len(tokens[-1]),
        starts=tuple(token.idx for token in tokens),
        ends=tuple(token.idx + len(token) for token in tokens),
        forms=tuple(token.text for token in tokens),
        lemmas=tuple(token.lemma_ or token.text.lower() for token in tokens),
        upos=tuple(token.pos_ or "X" for token in tokens),
        xpos=tuple(token.tag_ or "_" for token in tokens),
        feats=tuple(str(token.morph) or "_" for token in tokens),
        heads=tuple(heads),
        deprels=tuple(deprels),
        names=_names(tokens),
    )


def _head(token: Any, place: dict[int, int]) -> int:
    """The nearest head that is a word: blanks between are passed over."""
    head = token.head
    while head.i not in place and head.head.i != head.i:
        head = head.head
    return int(head.i)


def _names(tokens: list[Any]) -> tuple[Name, ...]:
    found: list[Name] = []
    for n, token in enumerate(tokens):
        label = _LABELS.get(token.ent_type_, "MISC") if token.ent_type_ else None
        if label and token.ent_iob_ == "I" and found and found[-1].last == n - 1:
            found[-1] = Name(first=found[-1].first, last=n, label=found[-1].label)
        elif label:
            found.append(Name(first=n, last=n, label=label))
    return tuple(found)
