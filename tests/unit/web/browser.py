"""Debian's Chromium, driven by Playwright: where it is, how it is started, and what to do when it is missing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

__all__ = ["FLAGS", "MISSING", "chromium"]

FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--mute-audio",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip

MISSING = (
    "Chromium is missing, so no page was looked at: `apt-get install chromium` (as root; `make test` does it by itself"
    " there), or name a Chromium or Chrome with DEMARCHE_CHROMIUM=/path/to/it"
)


def chromium() -> str | None:
    """The path of a Chromium; None: there is none."""
    named = os.environ.get("DEMARCHE_CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))
    return next((path for path in found if path), None)
