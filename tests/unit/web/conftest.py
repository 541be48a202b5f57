"""A record of the bundled samples and of articles that mean harm, coded once with the shipped models."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from demarche.store import Record
from demarche.web import WebOptions, create_app

HOSTILE = (
    "<script>document.title='owned'</script><img src=x onerror=alert(1)> says hostile headline",
    "French Foreign Minister Catherine Colonna said on Monday that <script>alert('row')</script> Russia had attacked"
    ' Ukraine. "<svg onload=alert(2)>We condemn Russia</svg>", she said. Germany pledged aid to'
    " Ukraine {{ 7*7 }} {% raw %} ${7*7} javascript:alert(3).",
    "The Kremlin denied \u202egnikca\u202c the charge\u200b and \u2066expelled\u2069 two German diplomats.\u0007"
    " &lt;b&gt;"
    " </span></p></main><script src=//evil.example/x.js></script> Russia threatened to cut gas supplies to Germany.",
)
HOSTILE_NAME = "hostile<img src=x onerror=alert(4)>.txt"


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table with an article whose every field tries to be executed."""
    row = {
        "id": "\"><script>alert('id')</script>",
        "title": HOSTILE[0],
        "text": "\n\n".join(HOSTILE),
        "url": "javascript:alert('url')",
        "publisher": "Evil \"Post\" <script>alert('publisher')</script>\u202e",
        "published": "2024-03-04",
        "language": "en",
    }
    path = tmp_path_factory.mktemp("hostile") / "articles.jsonl"
    path.write_text(json.dumps(row) + "\n", "utf-8")
    return path


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory, samples: Path, hostile: Path) -> Path:
    """The record that the pages are tested on."""
    record = tmp_path_factory.mktemp("web") / "record"
    command = [sys.executable, "-m", "demarche", "code", str(samples), str(hostile), "-o", str(record)]
    subprocess.run([*command, "--date", "2024-05-01", "--workers", "1", "--quiet"], check=True, timeout=300)
    return record


@pytest.fixture(scope="session")
def client(folder: Path) -> Iterator[TestClient]:
    """A reader on this machine."""
    options = WebOptions(sql=True, review=folder.parent / "review.jsonl")
    with TestClient(create_app(folder, options), base_url="http://127.0.0.1:8710") as found:
        yield found


@pytest.fixture(scope="session")
def opened(folder: Path) -> Iterator[Record]:
    with Record.open(folder) as record:
        yield record


@pytest.fixture(scope="session")
def hostile_document(opened: Record) -> str:
    """Id of the article that means harm."""
    found = opened.sql("SELECT id FROM documents WHERE contains(text, 'hostile headline')").column(0).to_pylist()
    return str(found[0])
