"""The words of the pages: one table, `resources/web/words.toml`, so that another language needs one more file."""

from __future__ import annotations

import functools
from typing import Any

from markupsafe import Markup, escape

from demarche.resources import read_toml

__all__ = ["label", "say", "words"]


@functools.cache
def words() -> dict[str, Any]:
    """The table of the pages' words."""
    return read_toml("web/words.toml")


def _find(key: str) -> Any:
    node: Any = words()
    for part in key.split("."):
        node = node[part]
    return node


def say(key: str, **facts: Any) -> Markup:
    """The text at `key` with `{facts}` put in, escaped. `n` chooses between `one` and `other`; numbers get thousands.

    Raises:
        KeyError: there is no such text.
    """
    found = _find(key)
    if isinstance(found, dict):
        found = found["one"] if facts.get("n") == 1 else found["other"]
    return Markup(found).format(**{k: _shown(v) for k, v in facts.items()})


def _shown(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    return f"{value:,}" if isinstance(value, int) else escape(value)


def label(vocabulary: str, value: str | None) -> str:
    """A word of a closed vocabulary as people say it; the value itself where the table has none."""
    if value is None:
        return str(_find(f"{vocabulary}.none")) if "none" in _find(vocabulary) else "–"
    return str(_find(vocabulary).get(value, value))
