"""Rows that are too many for memory."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from demarche.records import EventAssertion, Standing, Status
from demarche.store import Spool


def rows(count: int) -> list[EventAssertion]:
    return [
        EventAssertion(
            event=f"e{n // 3}", assertion=f"d.e{n}", told=None, status=Status.ACTUAL, standing=Standing.REPORTED,
            score=None,
        )
        for n in range(count)
    ]  # fmt: skip


def test_rows_on_disk_are_those_in_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    small = Spool("event_assertions")
    small.extend(rows(1_000))
    monkeypatch.setattr("demarche.store.spool.BATCH", 7)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    large = Spool("event_assertions")
    for row in rows(1_000):
        large.extend([row])
    table = large.table()
    assert table.num_rows == 1_000
    assert table.equals(small.table())
    assert not list(tmp_path.iterdir()), "the file has lost its name"


def test_no_rows_are_an_empty_table() -> None:
    assert Spool("events").table().num_rows == 0
