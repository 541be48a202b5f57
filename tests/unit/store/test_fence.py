from __future__ import annotations

from pathlib import Path

import pytest

from demarche.errors import ConfigError, StoreError
from demarche.pipeline import code_batch
from demarche.records import CodedDocument
from demarche.store import QueryLimits, Record, RecordWriter, fenced_query
from fake_rooms import articles, load_fakes


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fence") / "it's a record"
    with RecordWriter(path, version="1") as writer:
        writer.commit([one for one in code_batch(articles(3), load_fakes()) if isinstance(one, CodedDocument)])
        writer.publish()
    return path


@pytest.mark.parametrize(
    "query",
    [
        "SELECT count(*) FROM documents",
        "FROM assertions LIMIT 1",
        "WITH a AS (SELECT 1) FROM a",
        "DESCRIBE documents",
        'SELECT "from", "to" FROM links',
    ],
)
def test_questions_are_answered(folder: Path, query: str) -> None:
    assert fenced_query(folder, query).num_rows > 0


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('/etc/hostname')",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM '/etc/hostname'",
        "SELECT * FROM glob('/*')",
        "COPY documents TO 'out.csv'",
        "ATTACH 'other.duckdb'",
        "INSTALL fts",
        "LOAD fts",
        "SET memory_limit = '100GB'",
        "PRAGMA database_list",
        "CREATE TEMP TABLE t AS SELECT 1",
        "DELETE FROM documents",
        "DROP TABLE documents",
        "DETACH record",
        "SELECT 1; SELECT 2",
        "EXPLAIN ANALYZE SELECT 1",
        "",
        "SELEKT",
        "SELECT * FROM nothing",
    ],
)
def test_the_fence_holds(folder: Path, query: str) -> None:
    with pytest.raises(ConfigError, match=r"E509|E510"):
        fenced_query(folder, query)


def test_a_runaway_query_is_stopped(folder: Path) -> None:
    endless = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t"
    with pytest.raises(StoreError, match="E511"):
        fenced_query(folder, endless, QueryLimits(seconds=0.5))


def test_an_answer_that_is_too_long_is_refused(folder: Path) -> None:
    with pytest.raises(StoreError, match="more than 10 rows"):
        fenced_query(folder, "SELECT * FROM range(1000)", QueryLimits(rows=10))


def test_memory_is_bounded(folder: Path) -> None:
    hungry = "SELECT count(DISTINCT md5(range::VARCHAR)) FROM range(3_000_000)"
    with pytest.raises(StoreError, match=r"E511.*memory"):
        fenced_query(folder, hungry, QueryLimits(memory="20MB", seconds=30))


def test_a_fenced_query_runs_beside_an_open_record(folder: Path) -> None:
    with Record.open(folder) as record:
        assert fenced_query(folder, "SELECT count(*) AS n FROM documents") == record.sql(
            "SELECT count(*) AS n FROM documents"
        )
