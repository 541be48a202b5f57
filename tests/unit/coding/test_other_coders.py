"""Coders of the user: the endpoint on a local server, the entry point, agreement in numbers."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from demarche.coding import agreement, alpha, load_sentence_coder
from demarche.coding import plugins as plugins_module
from demarche.errors import ConfigError, TransientError
from demarche.records import EventType


@contextmanager
def endpoint(content: str, status: int = 200) -> Iterator[tuple[str, list[dict[str, object]]]]:
    """A server that answers every chat with `content`; its address and what it was asked."""
    asked: list[dict[str, object]] = []

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            asked[-1]["path"], asked[-1]["key"] = self.path, self.headers.get("Authorization")
            body = json.dumps({"choices": [{"message": {"content": content}}]}).encode()
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", asked
    finally:
        server.shutdown()
        thread.join()


def test_an_endpoint_codes_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(plugins_module.KEY, "secret")
    with endpoint('Here: {"types": ["accuse", "GOSSIP", "REQUEST"]}') as (url, asked):
        coder = load_sentence_coder(f"openai:tiny@{url}")
        assert list(coder.code("Oslo blamed Bergen.", "2024-05-01")) == [EventType.ACCUSE, EventType.REQUEST]
    assert coder.name == "openai:tiny"
    assert asked[0]["path"] == "/v1/chat/completions"
    assert asked[0]["key"] == "Bearer secret"
    assert asked[0]["temperature"] == 0


def test_an_answer_without_types_is_named() -> None:
    with endpoint("I cannot say") as (url, _), pytest.raises(TransientError, match="E214"):
        load_sentence_coder(f"openai:tiny@{url}").code("Oslo blamed Bergen.", None)


def test_a_silent_endpoint_is_tried_three_times() -> None:
    with endpoint("{}", status=500) as (url, asked):
        with pytest.raises(TransientError, match="E213"):
            load_sentence_coder(f"openai:tiny@{url}").code("Oslo blamed Bergen.", None)
        assert len(asked) == 3


@pytest.mark.parametrize("spec", ["nobody", "openai:model", "openai:model@ftp://x", "openai:@http://x"])
def test_an_unknown_coder_is_refused(spec: str) -> None:
    with pytest.raises(ConfigError, match="E210"):
        load_sentence_coder(spec)


def test_an_installed_coder_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    class Point:
        name = "mine"

        def load(self) -> object:
            return lambda argument: type("Mine", (), {"name": argument})()

    monkeypatch.setattr(plugins_module, "entry_points", lambda group: [Point()])
    assert load_sentence_coder("mine:v2").name == "v2"


def test_alpha_of_the_textbook() -> None:
    """Krippendorff 2004, section 11.1.3: nominal data, two observers, ten articles: alpha 0.095."""
    first = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    second = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert alpha(list(zip(first, second, strict=True))) == pytest.approx(0.095, abs=0.001)


def test_alpha_with_gaps() -> None:
    """The same book, section 11.3: four observers, twelve units, missing values: alpha 0.743."""
    rows = (
        "1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .", "1 2 3 3 2 4 4 1 2 5 1 .",
    )  # fmt: skip
    units = list(zip(*([None if v == "." else v for v in row.split()] for row in rows), strict=True))
    assert alpha(units) == pytest.approx(0.743, abs=0.001)


def test_alpha_says_nothing_where_nothing_varies() -> None:
    assert alpha([("a", "a"), ("a", "a")]) is None
    assert alpha([("a", None)]) is None


def test_agreement_of_three() -> None:
    found = agreement({"x": ["A", "B", "A"], "y": ["A", "B", "B"], "z": ["A", "B", "A"]})
    assert found.units == 3
    assert found.pairs["x", "z"][0] == 1.0
    assert found.pairs["x", "y"][1] == Counter({("A", "A"): 1, ("B", "B"): 1, ("A", "B"): 1})
