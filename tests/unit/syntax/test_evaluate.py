"""The board: name spans read from files, floors on rows that it really prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from demarche.records import BoardRow
from demarche.syntax import evaluate_syntax
from demarche.syntax.evaluate import FLOORS, name_sets

WORDS = [
    ("Oslo", "oslo", "PROPN", "NNP", 2, "nsubj"), ("warned", "warn", "VERB", "VBD", 0, "root"),
    ("Lima", "Lima", "PROPN", "NNP", 2, "obj"), (".", ".", "PUNCT", ".", 2, "punct"),
]  # fmt: skip


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Treebanks and name sets of one sentence each, in the files that the board reads."""
    ud, ner = tmp_path / "ud", tmp_path / "ner"
    (ner / "en_worldwide_dev").mkdir(parents=True)
    ud.mkdir()
    rows = [f"{i}\t{f}\t{lemma}\t{u}\t{x}\t_\t{h}\t{r}\t_\t_" for i, (f, lemma, u, x, h, r) in enumerate(WORDS, 1)]
    text = "# sent_id = GUM_news_a-1\n# newpar\n# text = Oslo warned Lima .\n" + "\n".join(rows) + "\n\n"
    for name in ("en_ewt-ud-dev", "en_gum-open-dev", "en_gum-news-dev"):
        (ud / f"{name}.conllu").write_text(text, "utf-8")
    (ner / "uner_ewt_dev.iob2").write_text("# sent_id = a\n1\tOslo\tB-LOC\t-\n2\twarned\tO\t-\n\n", "utf-8")
    (ner / "conllpp_2020.txt").write_text("-DOCSTART- X O O\n\nAnn NNP B-NP B-PER\nLee NNP I-NP I-PER\n\n", "utf-8")
    (ner / "en_worldwide_dev/a.tsv").write_text("Oslo\tB-Location\nPort\tI-Facility\n\n", "utf-8")
    return ud, ner


def test_names_are_read_from_every_form(folders: tuple[Path, Path]) -> None:
    found = name_sets(*folders)
    assert found["UNER EWT dev"] == [(("Oslo", "warned"), frozenset({(0, 0, "LOC")}))]
    assert found["CoNLL++ 2020"] == [(("Ann", "Lee"), frozenset({(0, 1, "PER")}))]
    assert found["world news dev"] == [(("Oslo", "Port"), frozenset({(0, 1, "LOC")}))]


@pytest.mark.model
def test_every_floor_stands_on_a_row(folders: tuple[Path, Path]) -> None:
    rows = evaluate_syntax(*folders)
    assert {(row.set, row.measure) for row in rows if row.floor is not None} == FLOORS.keys()
    by_name = {(row.set, row.measure): row for row in rows}
    las = by_name["EWT dev", "LAS"]
    assert las == BoardRow(set="EWT dev", measure="LAS", value=las.value, units=4, floor=88.0)
    assert las.value in (25.0, 50.0, 75.0, 100.0)
    assert by_name["CoNLL++ 2020", "PER F1"].value == 100.0
