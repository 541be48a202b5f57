"""demarche: a checkable record of what states did, said, threatened, promised, asked and denied."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from demarche.api import OpenRecord

try:
    __version__ = version("demarche")
except PackageNotFoundError:  # running from a source tree that was never installed
    __version__ = "0+unknown"

__all__ = ["__version__", "open"]


def open(folder: Path | str, *, groups: Path | str | None = None) -> OpenRecord:
    """Open a record for reading: `import demarche as dm; rec = dm.open("record")`. See docs/python.md.

    Args:
        groups: a TOML file of groups of your own, as `demarche series --groups` takes.
    Raises:
        StoreError: E501 no record, E502 newer schema, E503 not readable, E506 damaged, E507 not published yet.
    """
    from demarche.api import OpenRecord

    return OpenRecord(folder, groups=groups)
