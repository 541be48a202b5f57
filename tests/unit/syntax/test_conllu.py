"""CoNLL-U in and out."""

from __future__ import annotations

from pathlib import Path

import pytest

from demarche.errors import InputError
from demarche.syntax import read_conllu, write_conllu

TEXT = """# newdoc id = d
# sent_id = s1
# text = He won't go.
1\tHe\the\tPRON\tPRP\tCase=Nom\t4\tnsubj\t_\t_
2-3\twon't\t_\t_\t_\t_\t_\t_\t_\t_
2\two\twill\tAUX\tMD\t_\t4\taux\t_\t_
3\tn't\tnot\tPART\tRB\t_\t4\tadvmod\t_\t_
4\tgo\tgo\tVERB\tVB\t_\t0\troot\t_\tSpaceAfter=No
5\t.\t.\tPUNCT\t.\t_\t4\tpunct\t_\t_
5.1\tx\tx\tX\tX\t_\t_\t_\t_\t_

"""


def test_reads_offsets_heads_and_marks(tmp_path: Path) -> None:
    path = tmp_path / "a.conllu"
    path.write_text(TEXT, encoding="utf-8")
    (sentence,) = read_conllu(path)
    tree = sentence.tree
    assert [sentence.text[a:b] for a, b in zip(tree.starts, tree.ends, strict=True)] == ["He", "wo", "n't", "go", "."]
    assert tree.heads == (3, 3, 3, -1, 3)
    assert sentence.starts_document
    assert sentence.starts_paragraph


def test_written_sentences_read_back(tmp_path: Path) -> None:
    path = tmp_path / "a.conllu"
    path.write_text(TEXT, encoding="utf-8")
    (first,) = read_conllu(path)
    path.write_text(write_conllu([first.tree], first.text), encoding="utf-8")
    (again,) = read_conllu(path)
    assert again.tree == first.tree


def test_enhanced_relations_stand_in_deps(tmp_path: Path) -> None:
    path = tmp_path / "a.conllu"
    rows = (
        "1 He he PRON PRP _ 2 nsubj _ _", "2 came come VERB VBD _ 0 root _ _", "3 and and CCONJ CC _ 4 cc _ _",
        "4 left leave VERB VBD _ 2 conj _ _",
    )  # fmt: skip
    text = "# text = He came and left\n" + "".join("\t".join(row.split()) + "\n" for row in rows) + "\n"
    path.write_text(text, encoding="utf-8")
    (sentence,) = read_conllu(path)
    rows = [
        line.split("\t") for line in write_conllu([sentence.tree], sentence.text).splitlines() if line[:1].isdigit()
    ]
    assert [row[8] for row in rows] == ["2:nsubj|4:nsubj", "0:root", "4:cc", "2:conj"]


@pytest.mark.parametrize("text", ["1\tHe\n\n", TEXT.replace("\t0\troot", "\t1\tobj")])
def test_broken_file_says_where(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.conllu"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="E301"):
        read_conllu(path)
