"""Downloads, reviews, quality, pasted articles and the SQL console."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from demarche.errors import DemarcheError
from demarche.export import read_cell
from demarche.store import Record
from demarche.web import WebLimits, WebOptions, create_app
from demarche.web.reviews import Review, agreement, estimate, wilson
from demarche.web.sql_worker import answer, packed

pytestmark = pytest.mark.model


@pytest.fixture
def fresh(folder: Path, tmp_path: Path) -> Iterator[TestClient]:
    """A reader whose reviews begin anew."""
    options = WebOptions(sql=True, review=tmp_path / "review.jsonl", limits=WebLimits(sql_seconds=5.0, sql_rows=50))
    with TestClient(create_app(folder, options), base_url="http://127.0.0.1", follow_redirects=False) as client:
        yield client


def test_downloads_hold_what_is_listed(client: TestClient, opened: Record) -> None:
    wanted = opened.sql("SELECT id FROM assertions WHERE status = 'promised'").column(0).to_pylist()
    assert wanted
    text = client.get("/download.csv?status=promised").text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert sorted(row["id"] for row in rows) == sorted(wanted)
    assert {row["manifest"] for row in rows} == {opened.content_hash}
    assert {row["query"] for row in rows} == {"/search?status=promised"}
    plain = client.get("/download.json?status=promised").json()
    assert plain["manifest"] == opened.content_hash
    assert [row["id"] for row in plain["rows"]] == [row["id"] for row in rows]
    table = pq.read_table(io.BytesIO(client.get("/download.parquet?status=promised").content))
    assert table.column("id").to_pylist() == [row["id"] for row in rows]
    assert table.schema.metadata[b"manifest"].decode() == opened.content_hash


def test_cells_of_a_download_are_no_formulas(client: TestClient) -> None:
    for row in csv.reader(io.StringIO(client.get("/download.csv").text)):
        for cell in row:
            assert not cell.startswith(("=", "+", "@")), cell
            assert read_cell(cell) is not None


def test_a_download_that_is_too_large_is_refused(folder: Path) -> None:
    options = WebOptions(limits=WebLimits(export_rows=3))
    client = TestClient(create_app(folder, options), base_url="http://127.0.0.1", raise_server_exceptions=False)
    answer = client.get("/download.csv")
    assert answer.status_code == 413
    assert "narrow the search" in answer.text


def judge(client: TestClient, verdict: str, reviewer: str = "Ann", **more: str) -> str:
    text = client.get(f"/review?reviewer={reviewer}").text
    row = text.split('name="row" value="')[1].split('"')[0]
    given = {"row": row, "verdict": verdict, "reviewer": reviewer, "drawn": "1", "seed": "1", **more}
    answer = client.post("/review", data=given)
    assert answer.status_code == 303
    return row


def test_reviews_are_kept_and_counted(fresh: TestClient, tmp_path: Path) -> None:
    rows = [judge(fresh, verdict) for verdict in ("right", "right", "wrong", "unsure")]
    assert len(set(rows)) == 4
    text = fresh.get("/review?reviewer=Ann").text
    assert "67 % of rows are right" in text
    low, high = wilson(2, 3)
    assert f"({100 * low:.0f}–{100 * high:.0f} %, 95 %)" in text
    judge(fresh, "right", reviewer="Bob")
    assert "Ann – Bob: 1 of 1 the same" in fresh.get("/review?reviewer=Bob").text
    kept = [json.loads(line) for line in (tmp_path / "review.jsonl").read_text("utf-8").splitlines()]
    assert [one["row"] for one in kept] == [*rows, rows[0]]
    exported = [json.loads(line) for line in fresh.get("/review.jsonl").text.splitlines()]
    assert all(one["sentence"] for one in exported)
    assert "67 %" in fresh.get("/quality").text or "% of rows are right" in fresh.get("/quality").text


def test_a_correction_is_kept_with_a_wrong_row(fresh: TestClient, tmp_path: Path) -> None:
    judge(fresh, "wrong", type="AID", note="<b>it is aid</b>")
    [kept] = [json.loads(line) for line in (tmp_path / "review.jsonl").read_text("utf-8").splitlines()]
    assert kept["correction"] == {"type": "AID"}
    assert kept["note"] == "<b>it is aid</b>"
    assert kept["said"]["rule"]


@pytest.mark.parametrize("given", [{"verdict": "maybe"}, {"reviewer": " "}, {"row": "d0.e1"}])
def test_a_review_that_cannot_be_is_refused(fresh: TestClient, given: dict[str, str]) -> None:
    usual = {"row": "d0.e1", "verdict": "right", "reviewer": "Ann"}
    assert fresh.post("/review", data=usual | given).status_code in {400, 404}


def review(row: str, verdict: str, reviewer: str = "A") -> Review:
    return Review(row=row, verdict=verdict, reviewer=reviewer, time="", drawn=True, correction={}, note="", record="",
                  said={})  # fmt: skip


def test_estimates_are_counts_with_intervals() -> None:
    [found] = estimate([review(str(i), "right" if i < 45 else "wrong") for i in range(50)], lambda _: "all")
    assert (found.right, found.n) == (45, 50)
    assert found.interval == pytest.approx((0.786, 0.957), abs=0.002)  # Wilson's interval of 45 of 50
    assert wilson(0, 0) == (0.0, 1.0)


def test_agreement_is_cohens_kappa() -> None:
    one = ["right"] * 20 + ["right"] * 5 + ["wrong"] * 10 + ["wrong"] * 15
    other = ["right"] * 20 + ["wrong"] * 5 + ["right"] * 10 + ["wrong"] * 15
    reviews = [review(str(i), v, who) for who, given in (("A", one), ("B", other)) for i, v in enumerate(given)]
    [found] = agreement(reviews)
    assert (found.n, found.same) == (50, 35)
    assert found.kappa == pytest.approx(0.4)  # the worked example of Cohen's kappa


def test_quality_shows_boards_that_are_named(folder: Path, tmp_path: Path) -> None:
    boards = tmp_path / "boards.jsonl"
    boards.write_text('{"board":"articles","set":"dev","measure":"type F1","value":0.5,"n":10,"floor":null}\n', "utf-8")
    client = TestClient(create_app(folder, WebOptions(boards=boards)), base_url="http://127.0.0.1")
    text = client.get("/quality").text
    assert "type F1" in text
    assert "0.500" in text


def finished(client: TestClient, place: str) -> str:
    for _ in range(600):
        answer = client.get(place)
        if "data-progress" not in answer.text:
            return answer.text
        time.sleep(0.1)
    raise AssertionError("the article was never read")


def test_a_pasted_article_is_read_and_not_stored(fresh: TestClient, folder: Path) -> None:
    before = sorted(p.name for p in folder.rglob("*"))
    text = "Germany condemned the attack on Ukraine.\n\nFrance pledged <script>alert(1)</script> aid to Kyiv."
    answer = fresh.post("/paste", data={"text": text, "date": "2024-03-04"})
    assert answer.status_code == 303
    page = finished(fresh, answer.headers["location"])
    assert "Accusation" in page
    assert "<script>alert" not in page
    assert sorted(p.name for p in folder.rglob("*")) == before
    events = fresh.get(answer.headers["location"] + "/progress")
    assert events.headers["content-type"].startswith("text/event-stream")
    assert "event: done" in events.text


def test_an_uploaded_page_is_read(fresh: TestClient, samples: Path) -> None:
    page = samples / "gas_talks.html"
    answer = fresh.post("/paste", files={"file": ("../../etc/passwd.html", page.read_bytes(), "text/html")})
    assert "assertions" in finished(fresh, answer.headers["location"])


def test_what_cannot_be_read_is_a_page(fresh: TestClient) -> None:
    assert fresh.post("/paste", data={"text": "  "}).status_code == 400
    assert fresh.post("/paste", data={"text": "x", "date": "soon"}).status_code == 400
    assert fresh.post("/paste", files={"file": ("x.exe", b"MZ", "application/octet-stream")}).status_code == 400
    answer = fresh.post("/paste", files={"file": ("x.html", b"\x00\xff" * 5000, "text/html")})
    assert "E1" in finished(fresh, answer.headers["location"])
    assert fresh.get("/paste/nothing").status_code == 404


def test_pasting_is_off_where_it_was_not_asked_for(folder: Path) -> None:
    client = TestClient(create_app(folder, WebOptions(paste=False)), base_url="http://127.0.0.1")
    assert client.get("/paste").status_code == 404
    assert client.get("/sql").status_code == 404
    assert client.post("/sql", data={"q": "SELECT 1"}).status_code == 404


def test_sql_is_answered(fresh: TestClient, opened: Record) -> None:
    n = opened.sql("SELECT count(*) FROM assertions").column(0)[0].as_py()
    answer = fresh.post("/sql", data={"q": "SELECT count(*) AS n FROM assertions;"})
    assert answer.status_code == 200
    assert f'<td class="n">{n}</td>' in answer.text
    many = fresh.post("/sql", data={"q": "SELECT * FROM range(1000)"})
    assert "50 rows" in many.text
    assert "and more" in many.text


@pytest.mark.parametrize(
    "query",
    [
        "DROP TABLE documents",
        "COPY documents TO '/tmp/stolen.csv'",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "ATTACH '/tmp/x.duckdb'",
        "SET memory_limit = '100GB'",
        "SELECT 1; SELECT 2",
        "SELECT 1) TO '/tmp/x'; --",
        "SELECT * FROM no_such_table",
        "SELECT '<script>alert(1)</script>' FROM x",
    ],
)
def test_sql_that_reads_files_or_writes_is_refused(fresh: TestClient, query: str) -> None:
    answer = fresh.post("/sql", data={"q": query})
    assert answer.status_code == 400
    assert "root:" not in answer.text
    assert "<script>alert" not in answer.text
    assert fresh.get("/search").status_code == 200


def test_sql_that_never_ends_is_stopped(fresh: TestClient) -> None:
    begun = time.monotonic()
    answer = fresh.post("/sql", data={"q": "SELECT count(*) FROM range(100000000) a, range(100000000) b"})
    assert answer.status_code == 413
    assert time.monotonic() - begun < 60
    assert fresh.get("/search").status_code == 200


ODD_VALUES = {
    "170141183460469231731687303715884105727::HUGEINT": "170141183460469231731687303715884105727",
    "340282366920938463463374607431768211455::UHUGEINT": "340282366920938463463374607431768211455",
    "[18446744073709551616::HUGEINT]": "[18446744073709551616]",
    "12345678901234567890123456789012345678901234567890::BIGNUM": "12345678901234567890123456789012345678901234567890",
    "'nan'::DOUBLE": "nan",
    "'-inf'::FLOAT": "-inf",
    "INTERVAL '3 months 1 day'": "3 months 1 day",
    "INTERVAL 178000000 YEAR": "178000000 years",
    "DATE 'infinity'": "infinity",
    "TIMESTAMP '-infinity'": "-infinity",
    "DATE '290000-01-01'": "290000-01-01",
    "DATE '0044-03-15 (BC)'": "0044-03-15 (BC)",
    "TIME '24:00:00'": "24:00:00",
    "{'a': 1, 'b': [NULL, 'x']}": "{'a': 1, 'b': [NULL, x]}",
    "MAP {1: 'x'}": "{1=x}",
    "union_value(n := 1)": "1",
    "'\\x00\\xff'::BLOB": "\\x00\\xFF",
    "'101'::BIT": "101",
    "'a'::ENUM('a')": "a",
    "{'a': 1}::VARIANT": "{'a': 1}",
    "1.5::DECIMAL(38,10)": "1.5000000000",
    "chr(0)": "\x00",
    "[]": "[]",
    "NULL": None,
}


def test_sql_shows_every_value_in_the_engine_s_words(folder: Path) -> None:
    expressions = ", ".join(f"{expression} AS v" for expression in ODD_VALUES)
    found = answer({"folder": str(folder), "query": f"SELECT {expressions} -- all", "seconds": 20, "memory": "512MB",
                    "rows": 5})  # fmt: skip
    assert dict(zip(ODD_VALUES, found["rows"][0], strict=True)) == ODD_VALUES
    assert found["columns"] == ["v"] * len(ODD_VALUES)
    assert orjson.loads(packed(found))["rows"] == found["rows"]


def test_sql_answers_hold_no_more_than_a_page(folder: Path) -> None:
    asked = {"folder": str(folder), "seconds": 20, "memory": "512MB", "rows": 2000}
    long = answer({**asked, "query": "SELECT repeat('x', 1000000) FROM range(3000)"})
    assert long["more"]
    assert {len(row[0]) for row in long["rows"]} == {5001}
    assert sum(len(row[0]) for row in long["rows"]) < 1_600_000
    wide = answer({**asked, "query": f"SELECT {', '.join('1' for _ in range(900))} FROM range(3000)"})
    assert wide["more"]
    assert 0 < len(wide["rows"]) < 100
    assert answer({**asked, "query": "SELECT * FROM range(2000)"})["more"] is False
    assert answer({**asked, "query": "SELECT * FROM range(2001)"})["more"] is True


@pytest.mark.parametrize(
    "query",
    ["(" * 50_000, f"SELECT {'+'.join('1' for _ in range(20_000))}", "-- nothing", "/* open", "\x00", "SELECT '\x00'",
     "SELECT $1", "EXPLAIN SELECT 1", "PRAGMA database_list", "SELECT error('no')", "SELECT 'a'::INTEGER",
     "SELECT chr(55296)", "SELECT 1) AS t(c0) --", f"SELECT {'[' * 2000}{']' * 2000}", "SELECT 🦆", "x" * 99_999,
     "DESCRIBE documents", "SUMMARIZE documents", "VALUES (1, 2)", "SELECT * FROM duckdb_secrets()",
     "SELECT 1 AS a, 2 AS a;;", "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n FROM t) FROM t"],
)  # fmt: skip
def test_no_query_breaks_the_worker(folder: Path, query: str) -> None:
    asked = {"folder": str(folder), "query": query, "seconds": 3, "memory": "200MB", "rows": 50}
    found: dict[str, Any] = {}
    code = ""
    try:
        found = answer(asked)
    except DemarcheError as error:
        code = error.code
    assert code in {"", "E509", "E510", "E511"}
    assert all(len(row) == len(found["columns"]) == len(found["types"]) for row in found.get("rows", ()))
    packed(found)


def test_sql_values_reach_the_page(fresh: TestClient) -> None:
    page = fresh.post("/sql", data={"q": "SELECT date 'infinity' AS never, {'a': '<b>'} AS s, 2::UHUGEINT AS n, NULL"})
    assert page.status_code == 200
    assert "infinity" in page.text
    assert "{&#39;a&#39;: &lt;b&gt;}" in page.text
    assert '<td class="n">2</td>' in page.text
    assert "event_assertions" in fresh.get("/sql").text


@pytest.mark.parametrize(
    "script",
    ["import os; os.kill(os.getpid(), 9)", "import os; os.close(0)", "print('{')", "raise SystemExit(3)",
     "import sys; sys.stdin.close(); print('[')", "print('{}', end='')"],
)  # fmt: skip
def test_sql_whose_process_dies_says_so(fresh: TestClient, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    real = subprocess.run
    monkeypatch.setattr(
        "demarche.web.sql_page.subprocess.run", lambda _, **rest: real([sys.executable, "-c", script], **rest)
    )
    page = fresh.post("/sql", data={"q": "SELECT 1"})
    assert page.status_code == 413
    assert "E511" in page.text


def test_sql_that_answers_too_late_is_stopped(fresh: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(command: list[str], **_: object) -> None:
        raise subprocess.TimeoutExpired(command, 1)

    monkeypatch.setattr("demarche.web.sql_page.subprocess.run", late)
    assert fresh.post("/sql", data={"q": "SELECT 1"}).status_code == 413


@pytest.mark.parametrize("error", [RuntimeError("can't start new thread"), MemoryError(), OSError(12, "no memory")])
def test_a_full_machine_is_no_broken_page(fresh: TestClient, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def full(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("demarche.web.sql_page.subprocess.run", full)
    assert fresh.post("/sql", data={"q": "SELECT 1"}).status_code == 413
    if not isinstance(error, OSError):
        monkeypatch.setattr("demarche.web.opened.threading.Timer.start", full)
        assert fresh.get("/search?q=summit").status_code == 503


def test_a_record_that_was_closed_meanwhile_is_no_broken_page(folder: Path) -> None:
    app = create_app(folder, WebOptions(sql=True))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        assert client.get("/sql").status_code == 200
        client.app._app._site.opened.record.connection.close()  # type: ignore[attr-defined]
        assert client.get("/sql").status_code == 503
        assert client.post("/sql", data={"q": "SELECT 1"}).status_code == 503


def test_sql_forms_of_any_shape_are_answered(fresh: TestClient) -> None:
    def form(charset: str, body: bytes) -> int:
        head = b'--X\r\nContent-Disposition: form-data; name="q"\r\n\r\n'
        kind = {"content-type": f"multipart/form-data; boundary=X; charset={charset}"}
        return fresh.post("/sql", content=head + body + b"\r\n--X--\r\n", headers=kind).status_code

    assert form("unicode_escape", b"SELECT '\\ud800'") == 400
    assert form("idna", b"xn--\xff") == 400
    assert form("utf-16-le", b"\x00\xd8") == 400
    assert fresh.post("/sql", content=b"x", headers={"content-type": "multipart/form-data"}).status_code == 400
    assert fresh.post("/sql", files={"q": ("a.sql", b"SELECT 1")}).status_code == 400
    assert fresh.post("/sql", content=b"{}", headers={"content-type": "application/json"}).status_code == 200


def test_sql_without_room_for_a_process_is_asked_again(fresh: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("demarche.web.sql_page.subprocess.run", refused)
    answer = fresh.post("/sql", data={"q": "SELECT 1"})
    assert answer.status_code == 413
    assert "ask again in a moment" in answer.text
