"""A user's own pipeline behind the same protocol."""

from __future__ import annotations

import importlib.util

import pytest

from demarche.errors import ConfigError
from demarche.syntax import Parser, load_parser


@pytest.mark.skipif(importlib.util.find_spec("spacy") is not None, reason="spaCy is here: nothing to say")
def test_without_spacy_the_error_says_what_to_do() -> None:
    with pytest.raises(ConfigError, match=r"E304.*pip install spacy"):
        load_parser("spacy:en_core_web_sm")


def test_a_blank_pipeline_parses() -> None:
    spacy = pytest.importorskip("spacy", reason="spaCy is no dependency")
    from demarche.syntax.spacy_parser import SpacyParser

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    parser = SpacyParser(nlp, name="spacy:blank")
    assert isinstance(parser, Parser)
    text = "He left.  She stayed."
    (trees,) = parser.parse([text])
    assert [text[t.start : t.end] for t in trees] == ["He left.", "She stayed."]
    assert all(t.heads.count(-1) == 1 for t in trees)


def test_an_object_with_spacys_shape_parses() -> None:
    """The adapter itself, without spaCy: two words, one blank token between, a renamed relation, one name."""
    from types import SimpleNamespace as Token

    from demarche.syntax.spacy_parser import SpacyParser

    class Word(Token):  # type: ignore[misc]
        def __len__(self) -> int:
            return len(self.text)

    common = {"lemma_": "", "pos_": "", "tag_": "", "morph": ""}
    iran = Word(i=0, idx=0, text="Iran", dep_="nsubjpass", is_space=False, ent_type_="GPE", ent_iob_="B", **common)
    blank = Word(i=1, idx=4, text="  ", dep_="", is_space=True, ent_type_="", ent_iob_="O", **common)
    left = Word(i=2, idx=6, text="left", dep_="ROOT", is_space=False, ent_type_="", ent_iob_="O", **common)
    iran.head, blank.head, left.head = left, iran, left
    doc = type("Doc", (list,), {"has_annotation": lambda self, name: False})([iran, blank, left])
    ((tree,),) = SpacyParser(lambda text: doc, name="x").parse(["Iran  left"])
    assert (tree.heads, tree.deprels, tree.names[0].label) == ((1, -1), ("nsubj:pass", "root"), "LOC")
