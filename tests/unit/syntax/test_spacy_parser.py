"""A user's own pipeline behind the same protocol."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from demarche.errors import ConfigError
from demarche.syntax import Parser, load_parser


def test_without_spacy_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(ConfigError, match=r"E304.*pip install spacy"):
        load_parser("spacy:en_core_web_sm")


def test_a_pipeline_that_is_not_there_says_so() -> None:
    pytest.importorskip("spacy", reason="spaCy is no dependency")
    with pytest.raises(ConfigError, match="E304"):
        load_parser("spacy:no_such_pipeline")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pipeline with tagger, parser and names, trained on three sentences until it knows them, on disk."""
    spacy = pytest.importorskip("spacy", reason="spaCy is no dependency")
    from spacy.training import Example

    gold: list[dict[str, Any]] = [
        {"words": ["Oslo", "warned", "Lima", "."], "heads": [1, 1, 1, 1], "deps": ["nsubj", "ROOT", "obj", "punct"],
         "tags": ["PROPN", "VERB", "PROPN", "PUNCT"], "entities": ["U-GPE", "O", "U-GPE", "O"]},
        {"words": ["Lima", "left", "."], "heads": [1, 1, 1], "deps": ["nsubj", "ROOT", "punct"],
         "tags": ["PROPN", "VERB", "PUNCT"], "entities": ["U-GPE", "O", "O"]},
        {"words": ["Rain", "fell", "."], "heads": [1, 1, 1], "deps": ["nsubj", "ROOT", "punct"],
         "tags": ["NOUN", "VERB", "PUNCT"], "entities": ["O", "O", "O"]},
    ]  # fmt: skip
    spacy.util.fix_random_seed(1)
    nlp = spacy.blank("en")
    nlp.add_pipe("tagger")
    nlp.add_pipe("parser", config={"min_action_freq": 1})
    nlp.add_pipe("ner")
    examples = [Example.from_dict(nlp.make_doc(" ".join(row["words"])), row) for row in gold]
    optimizer = nlp.initialize(lambda: examples)
    for _ in range(40):
        nlp.update(examples, sgd=optimizer, drop=0.0)
    folder = tmp_path_factory.mktemp("spacy") / "tiny"
    nlp.to_disk(folder)
    return folder


def test_a_users_own_pipeline_parses_through_the_same_door(tiny: Path) -> None:
    parser = load_parser(f"spacy:{tiny}")
    assert isinstance(parser, Parser)
    text = "Oslo warned Lima . Rain fell ."
    (trees,) = parser.parse([text])
    assert [text[t.start : t.end] for t in trees] == ["Oslo warned Lima .", "Rain fell ."]
    assert trees[0].heads == (1, -1, 1, 1)
    assert trees[0].deprels == ("nsubj", "root", "obj", "punct")
    assert [(n.first, n.label) for n in trees[0].names] == [(0, "LOC"), (2, "LOC")]
    assert all(text[a:b] == f for t in trees for a, b, f in zip(t.starts, t.ends, t.forms, strict=True))


def test_demarche_parse_takes_it(tiny: Path, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from demarche.cli import main

    page = tmp_path / "page.txt"
    page.write_text("Oslo warned Lima .\n", "utf-8")
    result = CliRunner().invoke(main, ["parse", str(page), "--parser", f"spacy:{tiny}"])
    assert result.exit_code == 0, result.output
    assert "1\tOslo\toslo\t" in result.stdout
    assert "\t2\tnsubj\t2:nsubj\tstart_char=0|end_char=4|NE=B-LOC" in result.stdout


def test_any_installed_package_can_bring_a_parser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry point in `demarche.parsers`, as an installed package would have it."""
    (tmp_path / "lone_words.py").write_text(
        "from demarche.records import Tree\n"
        "class LoneWords:\n"
        "    def __init__(self, model, threads): self.name = f'lone:{model}:{threads}'\n"
        "    def parse(self, texts):\n"
        "        return [(Tree(start=0, end=len(t), starts=(0,), ends=(len(t),), forms=(t,), lemmas=(t,),\n"
        "                      upos=('X',), xpos=('_',), feats=('_',), heads=(-1,), deprels=('root',)),)\n"
        "                for t in texts]\n",
        "utf-8",
    )
    described = tmp_path / "lone_words-1.0.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: lone-words\nVersion: 1.0\n", "utf-8")
    (described / "entry_points.txt").write_text("[demarche.parsers]\nlone = lone_words:LoneWords\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    parser = load_parser("lone:small", threads=2)
    assert isinstance(parser, Parser)
    assert parser.name == "lone:small:2"
    assert parser.parse(["Oslo"])[0][0].forms == ("Oslo",)
    with pytest.raises(ConfigError, match=r"E303.*lone:MODEL"):
        load_parser("nobody:x")


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
