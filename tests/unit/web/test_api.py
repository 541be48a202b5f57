"""The API keeps to its description, whatever it is asked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from demarche.records import CodedDocument, from_json
from demarche.store import Record

pytestmark = pytest.mark.model


def test_every_answer_is_as_described(folder: Path) -> None:
    """schemathesis over every operation: no 5xx, every status and body as described."""
    command = [sys.executable, str(Path(__file__).with_name("ask_api.py")), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert int(done.stdout.strip().splitlines()[-1]) >= 20


def test_a_document_is_the_json_of_the_contract(client: TestClient, opened: Record) -> None:
    for identifier in opened.sql("SELECT id FROM documents LIMIT 5").column(0).to_pylist():
        plain = client.get(f"/api/documents/{identifier}").json()
        assert from_json(CodedDocument, plain, where="api") == opened.document(identifier)


def test_rows_come_with_their_chain(client: TestClient, opened: Record) -> None:
    found = client.get("/api/rows?standing=attributed&limit=5").json()
    total = opened.sql("SELECT count(*) FROM assertions WHERE standing = 'attributed'").column(0)[0].as_py()
    assert found["total"] == total
    for row in found["rows"]:
        one = client.get(f"/api/rows/{row['id']}").json()
        assert one["row"]["attribution"] == (one["chain"][0]["id"] if one["chain"] else None)
        assert one["sentence"] == row["words"]


def test_series_are_those_of_the_pages(client: TestClient) -> None:
    found = client.get("/api/series?a=RUS&by=year").json()
    assert f">{found['events']} events<" in client.get("/actor/RUS?by=year").text
    listed = client.get("/api/events?a=RUS&by=year&limit=500").json()
    assert listed["total"] == found["events"] == len(listed["events"])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/rows?type=KISS", 400),
        ("/api/rows?since=2024-02-30", 400),
        ("/api/rows?limit=0", 400),
        ("/api/rows/none", 404),
        ("/api/series?a=Nowhereland", 404),
        ("/api/series", 400),
        ("/api/documents/none", 404),
        ("/api/nothing", 404),
    ],
)
def test_problems_are_described(client: TestClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert set(answer.json()) == {"code", "what", "where", "remedy"}
