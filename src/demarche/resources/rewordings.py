"""A reworded name and the note that tells of it: `ingest` writes the note, `linking` reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["REWORDINGS", "Rewording", "read_note"]

REWORDINGS = "lexicons/rewordings.toml"
"""The table of known rewordings."""

_NOTE = re.compile(r'reworded: "(?P<written>.+)" for (?P<means>.+)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewording:
    """Words `[start, end)` of a text, and the usual ones. kind: office, organisation, place or term."""

    start: int
    end: int
    written: str
    means: str
    kind: str

    @property
    def note(self) -> str:
        """As a document's warnings and the reasons of mentions say it."""
        return f'reworded: "{self.written}" for {self.means}'


def read_note(warning: str) -> tuple[str, str] | None:
    """What was written and what is meant, of a warning that is such a note."""
    found = _NOTE.fullmatch(warning)
    return (found["written"], found["means"]) if found else None
