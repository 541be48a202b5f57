"""Every list of status words gives its examples their status: `sentence | word of the act | status`."""

from __future__ import annotations

import pytest

from demarche.coding.factuality import view_tree
from demarche.coding.status import StatusTable, load_status_table, read_status
from demarche.records import Tree
from demarche.resources import read_toml
from demarche.syntax import load_parser

pytestmark = pytest.mark.model

EXAMPLES = [
    pytest.param(*(part.strip() for part in example.split("|")), id=f"{name}-{n}")
    for name, table in read_toml("lexicons/status.toml").items()
    for n, example in enumerate(table.get("examples", ()))
]


@pytest.fixture(scope="module")
def table() -> StatusTable:
    return load_status_table()


@pytest.fixture(scope="module")
def trees() -> dict[str, Tree]:
    sentences = [str(param.values[0]) for param in EXAMPLES]
    return {text: found[0] for text, found in zip(sentences, load_parser().parse(sentences), strict=True)}


@pytest.mark.parametrize(("sentence", "word", "status"), EXAMPLES)
def test_the_act_gets_its_status(
    trees: dict[str, Tree], table: StatusTable, sentence: str, word: str, status: str
) -> None:
    tree = trees[sentence]
    assert read_status(view_tree(tree), tree.forms.index(word), table).status == status
