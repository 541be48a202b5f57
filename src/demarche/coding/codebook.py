"""PLOVER's types with quad and scores, Goldstein by CAMEO code, the crosswalk: tables built from their sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from demarche.records import EventType, Quad
from demarche.resources import read_toml

__all__ = ["Codebook", "load_codebook"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Codebook:
    """quads: by type. scores: PLOVER's scale (-10..10) by type and by (type, mode). goldstein: by CAMEO code.

    cameo: (type, mode or "") → the general CAMEO code of that reading, where one exists.
    """

    quads: Mapping[EventType, Quad]
    scores: Mapping[EventType, float]
    mode_scores: Mapping[tuple[EventType, str], float]
    goldstein: Mapping[str, float]
    types: Mapping[str, EventType]

    def intensity(self, event: EventType, mode: str | None) -> float:
        """PLOVER's score of the mode, else of the type."""
        return self.mode_scores.get((event, mode or ""), self.scores[event])


def load_codebook() -> Codebook:
    """The tables of the package (`resources/codebooks/`, written by training/build_codebooks.py).

    Raises:
        ResourceError: E201, E202.
    """
    plover = read_toml("codebooks/plover.toml")["type"]
    cameo = read_toml("codebooks/cameo.toml")
    return Codebook(
        quads={EventType(name): Quad(row["quad"]) for name, row in plover.items()},
        scores={EventType(name): float(row["score"]) for name, row in plover.items()},
        mode_scores={
            (EventType(name), mode): float(score)
            for name, row in plover.items()
            for mode, score in row.get("modes", {}).items()
        },
        goldstein={code: float(value) for code, value in cameo["goldstein"].items()},
        types={code: EventType(name) for code, name in cameo["plover"].items()},
    )
