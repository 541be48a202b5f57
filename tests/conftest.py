"""What every test may use, and the rule that a suite which should run is not skipped in silence."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The data folder beside the checkout; tests that ask for it are marked `shared`."""
    if not SHARED.is_dir():
        pytest.skip("the data folder ../shared is not beside the checkout")
    return SHARED


@pytest.fixture(scope="session")
def samples() -> Path:
    """The bundled sample articles."""
    return ROOT / "src" / "demarche" / "resources" / "samples"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for the `shared` fixture carries the mark, whoever forgot it."""
    for item in items:
        if "shared" in getattr(item, "fixturenames", ()):
            item.add_marker("shared")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A skipped `model` test, or a skipped `shared` test with ../shared at hand, is a failure of the run."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        needed = item.get_closest_marker("model") or (SHARED.is_dir() and item.get_closest_marker("shared"))
        if needed:
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid} was skipped though what it needs is here: {report.longrepr}"
    return report
