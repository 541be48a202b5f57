"""The linker, read once for the folder."""

from __future__ import annotations

import pytest

from demarche.linking import Linker, load_linker


@pytest.fixture(scope="session")
def linker() -> Linker:
    return load_linker()
