"""Facets that were counted when the record was published are those that would be counted now."""

from __future__ import annotations

from pathlib import Path

import pytest

from demarche.store import Record
from demarche.web.filters import Filter
from demarche.web.opened import Opened
from demarche.web.overview import matrix
from demarche.web.search_pages import facets_of
from made_records import Happening, days, make_record


def test_facets_of_the_whole_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = ("THREATEN", "AID", "CONSULT")
    happenings = [
        Happening(day=day, sources=("CHN",), targets=("USA",), type=kinds[n % 3], status=("actual", "planned")[n % 2],
                  copies=n % 2, publishers=("Gazette", "Herald")[: 1 + n % 4 // 3])
        for n, day in enumerate(days("2024-01-01", 40))
    ]  # fmt: skip
    with Record.open(make_record(tmp_path / "record", happenings)) as record:
        opened = Opened(record=record, seconds=30)
        asked = (Filter(), Filter(copies="once"))
        found, cells = [facets_of(opened, one) for one in asked], matrix(opened)
        monkeypatch.setattr(Record, "has_table", lambda *_: False)
        assert found == [facets_of(opened, one) for one in asked]
        assert found[0] != found[1]
        assert cells == matrix(opened)
