from __future__ import annotations

import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from demarche.cli import main
from demarche.cli.main import COMMANDS
from demarche.pipeline import CodeWork, InlineEngine, code_batch, code_into, recode_sample
from demarche.records import CodedDocument, Linked, to_json
from demarche.store import Record
from fake_rooms import articles, load_fakes, rejection


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "record"
    inputs = [*articles(6), rejection()]
    code_into(folder, inputs, InlineEngine(), CodeWork(load=load_fakes), version="1", options="{}")
    return folder


def call(*arguments: object, code: int = 0, stdin: str | None = None) -> str:
    result = CliRunner().invoke(main, [str(a) for a in arguments], input=stdin)
    assert result.exit_code == code, result.output
    return result.output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_helps_with_an_example_or_says_it_is_not_built(name: str) -> None:
    text = call(name, "--help")
    assert "Example" in text or "Not built yet" in text


def test_help_lists_every_command() -> None:
    text = call("--help")
    assert all(name in text for name in COMMANDS)


def test_a_missing_command_is_a_usage_error() -> None:
    call("nonsense", code=2)


def test_query_in_every_form(record: Path) -> None:
    sql = "SELECT id, words, warnings FROM documents ORDER BY id"
    assert "6 rows" in call("query", record, sql)
    rows = [json.loads(line) for line in call("query", record, "-", "--format", "json", stdin=sql).splitlines()]
    assert len(rows) == 6
    assert set(rows[0]) == {"id", "words", "warnings"}
    lines = call("query", record, sql, "--format", "csv").splitlines()
    assert lines[0] == "id,words,warnings"
    assert len(lines) == 7
    result = CliRunner().invoke(main, ["query", str(record), sql, "--format", "parquet"])
    assert pq.read_table(io.BytesIO(result.stdout_bytes)).num_rows == 6


def test_csv_is_safe_against_formulas(record: Path) -> None:
    text = call("query", record, "SELECT '=1+1' AS a, -5 AS b, '@x' AS c", "--format", "csv")
    assert text.splitlines()[1] == "'=1+1,-5,'@x"


def test_query_refuses_what_is_no_question(record: Path) -> None:
    assert "E509" in call("query", record, "DROP TABLE documents", code=2)
    assert "E510" in call("query", record, "SELECT nothing FROM documents", code=2)
    assert "E501" in call("query", record.parent, "SELECT 1", code=1)


def test_verify_says_what_is_there(record: Path) -> None:
    assert call("verify", record).startswith("sound: 6 documents")
    assert call("verify", record, "--quiet") == ""


def test_verify_of_a_broken_record(record: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(record, broken)
    next(broken.glob("parts/mentions/*.parquet")).write_bytes(b"")
    assert "files: the parts are not what was written: 1" in call("verify", broken, code=1)
    [line] = call("verify", broken, "--json", code=1).splitlines()
    assert json.loads(line)["invariant"] == 0


def test_recoding_gives_the_same_rows(record: Path) -> None:
    assert list(recode_sample(record, load_fakes(), 4, version="1")) == []


def test_recoding_sees_a_difference(record: Path) -> None:
    class Mute:
        def link(self, *_: object) -> Linked:
            return Linked()

    breaches = list(recode_sample(record, replace(load_fakes(), linker=Mute()), 4, version="2"))
    assert [(b.invariant, b.count) for b in breaches] == [(5, 4)]


def test_show_a_document_and_its_rows(record: Path) -> None:
    coded = next(one for one in code_batch(articles(1), load_fakes()) if isinstance(one, CodedDocument))
    text = call("show", record, coded.document.id)
    assert "Beijing warned Moscow again today." in text
    assert "3 assertions" in text
    row = coded.assertions[1]
    text = call("show", record, row.id)
    assert "Beijing warned Moscow again today." in text
    assert "said by Beijing [CHN]" in text
    assert f"link {row.id} repeats {coded.assertions[0].id}" in text
    for identifier in (coded.attributions[0].id, coded.sentences[0].id, coded.mentions[0].id, "CHN", rejection().id):
        assert identifier in call("show", record, identifier)
    shown = json.loads(call("show", record, coded.document.id, "--json"))
    assert shown["document"].pop("cluster").startswith("k")
    wanted = to_json(coded)
    assert wanted["document"].pop("cluster") is None
    assert shown == wanted
    assert json.loads(call("show", record, row.id, "--json")) == to_json(row)


def test_show_what_is_not_there(record: Path) -> None:
    assert "E508" in call("show", record, "d0000000000000000", code=1)
    assert "E508" in call("show", record, "nonsense", code=1)


def test_merge(record: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder, part in ((one, articles(6)[:4]), (two, [*articles(6)[2:], rejection()])):
        code_into(folder, part, InlineEngine(), CodeWork(load=load_fakes), version="1", options="{}")
    call("merge", one, two, "-o", tmp_path / "ab")
    call("merge", two, one, "-o", tmp_path / "ba")
    with Record.open(record) as whole, Record.open(tmp_path / "ab") as ab, Record.open(tmp_path / "ba") as ba:
        assert ab.content_hash == ba.content_hash == whole.content_hash
    assert "E910" in call("merge", one, two, "-o", one, code=2)
    assert call("verify", tmp_path / "ab").startswith("sound")


def test_evaluate_without_data_says_so(tmp_path: Path) -> None:
    assert "E211" in call("evaluate", "articles", "--data", tmp_path / "nowhere", code=1)
    text = call("evaluate", "--data", tmp_path / "nowhere", code=1)
    assert text.count("E211") == 9
