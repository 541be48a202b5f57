"""Other coders beside ours: a user's own classifier, or a language model behind an OpenAI-compatible endpoint.

A coder reads one sentence and says which PLOVER types it states. Installed ones are found by entry point
(`demarche.coders`: a function from the words after the colon to a `SentenceCoder`); `openai:MODEL@URL` is built in.
docs/other-coders.md shows both. The network is used only when the user names an endpoint.
"""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any, Protocol

from demarche.errors import ConfigError, TransientError
from demarche.records import EventType

__all__ = ["GROUP", "EndpointCoder", "SentenceCoder", "load_sentence_coder"]

GROUP = "demarche.coders"
KEY = "DEMARCHE_CODER_KEY"
"""Environment variable with the endpoint's key, if it wants one."""

WAIT_S = 60.0
TRIES = 3


class SentenceCoder(Protocol):
    """Types of the acts that a sentence states, most important first; empty: none. `date` is the publication date."""

    @property
    def name(self) -> str: ...

    def code(self, text: str, date: str | None) -> Sequence[EventType]: ...


def load_sentence_coder(spec: str) -> SentenceCoder:
    """`NAME` or `NAME:ARGUMENT` of an installed coder, or `openai:MODEL@URL`.

    Raises:
        ConfigError: E210 when nobody answers to the name or the argument is no MODEL@URL.
    """
    kind, _, argument = spec.partition(":")
    known = {point.name: point for point in entry_points(group=GROUP)}
    if kind == "openai":
        model, _, url = argument.partition("@")
        if not model or not url.startswith(("http://", "https://")):
            raise ConfigError("E210", f"no endpoint in {spec!r}", remedy="write openai:MODEL@http://HOST/v1")
        return EndpointCoder(model=model, url=url)
    if kind not in known:
        names = ", ".join(["openai:MODEL@URL", *sorted(known)])
        raise ConfigError("E210", f"no coder is called {kind!r}", remedy=f"known: {names}")
    load: Callable[[str], SentenceCoder] = known[kind].load()
    return load(argument)


PROMPT = """You code political news into PLOVER event types. Types: {types}.
Saying alone is no event. A negated, planned or threatened act keeps its type. Sport, markets, weather, culture and
metaphors have none. Answer with JSON only: {{"types": ["TYPE", …]}}, the main act first, an empty list for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointCoder:
    """Asks `URL/chat/completions` (the form of OpenAI's interface) at temperature 0; three tries a sentence."""

    model: str
    url: str

    @property
    def name(self) -> str:
        return f"openai:{self.model}"

    def code(self, text: str, date: str | None) -> Sequence[EventType]:
        """Raises:
        TransientError: E213 when the endpoint does not answer, E214 when its answer is no list of types.
        """
        system = PROMPT.format(types=", ".join(EventType))
        said = f"Published {date}. {text}" if date else text
        body = {
            "model": self.model,
            "temperature": 0,
            "messages": [{"role": "system", "content": system}, {"role": "user", "content": said}],
        }
        error: Exception | None = None
        for _ in range(TRIES):
            try:
                return read_answer(self._ask(body))
            except (OSError, urllib.error.URLError) as failure:
                error = failure
        raise TransientError("E213", f"the endpoint does not answer: {error}", where=self.url)

    def _ask(self, body: dict[str, Any]) -> str:
        headers = {"Content-Type": "application/json"}
        if key := os.environ.get(KEY):
            headers["Authorization"] = f"Bearer {key}"
        request = urllib.request.Request(
            f"{self.url.rstrip('/')}/chat/completions", data=json.dumps(body).encode(), headers=headers
        )
        with urllib.request.urlopen(request, timeout=WAIT_S) as answer:
            return str(answer.read().decode("utf-8"))


def read_answer(answer: str) -> tuple[EventType, ...]:
    """The types in an endpoint's answer, unknown ones left out.

    Raises:
        TransientError: E214 when the answer holds no JSON object with `types`.
    """
    try:
        words = json.loads(answer)["choices"][0]["message"]["content"]
        found = json.loads(words[words.index("{") : words.rindex("}") + 1])["types"]
        names = [str(name).upper() for name in found]
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise TransientError("E214", f"the endpoint's answer is no list of types: {answer[:80]!r}") from error
    known = {event.value for event in EventType}
    return tuple(dict.fromkeys(EventType(name) for name in names if name in known))
