"""*the French president*, *China's foreign minister*: which offices of the table a title in the text means."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

__all__ = ["title_of", "titles_for"]

MINISTER = r"(?:federal )?(?:minister|secretary of state) (?:of|for) (?:the )?"
OFFICES = {
    "president": r"president(?: of (?:the )?(?:\w+ )?(?:republic|state))?",
    "prime minister": r"prime minister|premier|taoiseach|president of the government",
    "chancellor": r"(?:federal )?chancellor(?: of (?:germany|austria))?|chancellor of the exchequer",
    "vice president": r"vice[ -]president",
    "king": r"king(?: of .*)?",
    "queen": r"queen(?: of .*)?",
    "emir": r"e?amir|emir",
    "sultan": r"sultan.*",
    "pope": r"pope",
    "crown prince": r"crown prince",
    "supreme leader": r"supreme leader.*",
    "foreign minister": MINISTER + r"(?:europe and )?(?:foreign|external)(?:,? [\w ,]*)? (?:affairs|relations)"
    r"(?: and .*)?|foreign (?:secretary|minister)",
    "secretary of state": r"secretary of state",
    "defence minister": MINISTER + r"(?:national )?(?:defen[cs]e|the armed forces)(?: and (?:security|veteran).*)?|"
    r"secretary of defen[cs]e|defen[cs]e (?:secretary|minister)",
    "interior minister": MINISTER + r"(?:interior|internal affairs|home affairs|home department)(?: and .*)?|"
    r"home secretary",
    "finance minister": MINISTER + r"(?:economy and )?finances?(?: and .*)?|chancellor of the exchequer|"
    r"secretary of the treasury",
    "energy minister": MINISTER + r"(?:energy|petroleum|oil)(?: and .*)?",
    "health minister": MINISTER + r"(?:public )?health(?: and .*)?",
    "justice minister": MINISTER + r"justice(?: and .*)?",
    "national security adviser": r"national security advis[eo]r",
}  # fmt: skip
PATTERNS = {title: re.compile(pattern) for title, pattern in OFFICES.items()}
FIELDS = {
    "foreign": "foreign minister", "defence": "defence minister", "defense": "defence minister",
    "interior": "interior minister", "home": "interior minister", "finance": "finance minister",
    "treasury": "finance minister", "energy": "energy minister", "oil": "energy minister", "health": "health minister",
    "justice": "justice minister",
}  # fmt: skip
UNSURE = frozenset(
    "former ex new next future incoming then deputy acting interim elected elect first previous last old outgoing "
    "shadow would-be vice assistant junior another any trade".split()
)
"""With these words before it, the title means somebody else than its holder."""


def title_of(role: str, modifiers: Sequence[str]) -> str | None:
    """The office that a role noun with its modifiers (lower case) names, where one person of a state holds it."""
    if UNSURE & set(modifiers):
        return None
    if role == "premier":
        return "prime minister"
    if role in {"minister", "secretary"}:
        return next((FIELDS[word] for word in modifiers if word in FIELDS), None)
    return role if role in PATTERNS else None


@functools.lru_cache(maxsize=8192)
def titles_for(office: str) -> tuple[str, ...]:
    """The titles that an office of the table goes by."""
    lower = office.lower()
    return tuple(title for title, pattern in PATTERNS.items() if pattern.fullmatch(lower))
