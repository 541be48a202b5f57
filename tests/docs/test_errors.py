"""Every error code of the source stands in docs/errors.md, and none stands there that the source has not."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def codes(text: str) -> set[str]:
    return set(re.findall(r"\bE[1-9]\d\d\b", text))


def used() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "src" / "demarche").rglob("*.py"):
        found |= set(re.findall(r"[\"'](E[1-9]\d\d)[\"']", path.read_text("utf-8")))
    return found


def test_every_code_is_explained() -> None:
    assert sorted(used() - codes((ROOT / "docs" / "errors.md").read_text("utf-8"))) == []


def test_no_code_is_explained_that_does_not_exist() -> None:
    assert sorted(codes((ROOT / "docs" / "errors.md").read_text("utf-8")) - used()) == []
