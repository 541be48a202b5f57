"""An event is found by its id through the index, and as well without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from demarche.store import Record
from made_records import Happening, days, make_record


@pytest.mark.parametrize("indexed", [True, False])
def test_events_are_found_by_their_ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, indexed: bool) -> None:
    happenings = [Happening(day=day, sources=("CHN",), targets=("USA",)) for day in days("2024-01-01", 70)]
    with Record.open(make_record(tmp_path / "record", happenings)) as record:
        ids = record.sql("SELECT id FROM events ORDER BY rowid").column(0).to_pylist()
        assert len(ids) == 70
        if not indexed:
            monkeypatch.setattr(Record, "has_table", lambda *_: False)
        assert record.event_rows([*reversed(ids), "v0"]) == list(range(70))
        assert [record.event_rows([name]) for name in ids[:5]] == [[0], [1], [2], [3], [4]]
        assert record.event_rows([]) == record.event_rows(["v0"]) == []
        assert record.row("events", ids[7]).id == ids[7]
        assert (record.has("events", ids[7]), record.has("events", "v0")) == (True, False)
