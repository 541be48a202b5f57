"""The finer CAMEO code and PLOVER mode of a speech act, by what it is about (resources/coding/speech_codes.toml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from demarche.records import EventType
from demarche.resources import read_toml

__all__ = ["SpeechCodes", "load_speech_codes"]

GENERAL = frozenset({"020", "030", "100", "120", "130"})
"""Codes that say no more than the root: only they are made finer."""

ROOTS: Mapping[EventType, str] = {
    EventType.AGREE: "03", EventType.CONSULT: "04", EventType.SUPPORT: "05", EventType.COOPERATE: "06",
    EventType.AID: "07", EventType.CONCEDE: "08", EventType.RETREAT: "08", EventType.REQUEST: "02",
    EventType.ACCUSE: "11", EventType.REJECT: "12", EventType.THREATEN: "13", EventType.PROTEST: "14",
    EventType.MOBILIZE: "15", EventType.SANCTION: "16", EventType.COERCE: "17", EventType.ASSAULT: "19",
}  # fmt: skip
"""The root of a content whose wording decides no code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechCodes:
    """table: speech act → beginning of the content's code → digits and, where there is one, the mode."""

    table: Mapping[EventType, Mapping[str, str]]

    def of(self, speech: EventType, code: str | None, content: EventType, about: str | None) -> tuple[str, str | None]:
        """Code and mode of a speech act coded `code` whose content has the code `about`; ("", None): stays as it is."""
        if code not in GENERAL:
            return "", None
        key = about or ROOTS[content]
        for length in range(len(key), 1, -1):
            if (found := self.table.get(speech, {}).get(key[:length])) is not None:
                digits, _, mode = found.partition(" ")
                return code[:2] + digits, mode or None
        return "", None


def load_speech_codes() -> SpeechCodes:
    """The table of the package.

    Raises:
        ResourceError: E201, E202.
    """
    return SpeechCodes(
        table={EventType(name): dict(rows) for name, rows in read_toml("coding/speech_codes.toml").items()}
    )
