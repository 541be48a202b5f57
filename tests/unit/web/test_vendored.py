"""Vendored files are what the notice says, and the words of the pages are words."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from demarche.web import words as words_module

ROOT = Path(words_module.__file__).parent
VENDOR = ROOT / "static" / "vendor"


def test_vendored_files_are_those_of_the_notice() -> None:
    rows = re.findall(r"^\| (\S+) \| .* \| ([0-9a-f]{64}) \|$", (VENDOR / "NOTICE.md").read_text("utf-8"), re.M)
    assert {name for name, _ in rows} == {path.name for path in VENDOR.iterdir()} - {"NOTICE.md"}
    for name, digest in rows:
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest, name


NAMES = {"demarche", "SHA", "JSON", "CAMEO", "DOCTYPE", "api", "documents", "openapi", "json"}
"""Names that are the same in every language."""


def leaves(node: Any, path: str = "") -> list[tuple[str, str]]:
    if isinstance(node, dict):
        return [leaf for key, value in node.items() for leaf in leaves(value, f"{path}.{key}".lstrip("."))]
    return [(path, node)]


def test_words_are_plain_text() -> None:
    for path, text in leaves(words_module.words()):
        assert not re.search(r"[<>\"&]", text), path


def test_templates_name_no_missing_words_and_hold_no_text_of_their_own() -> None:
    known = {path for path, _ in leaves(words_module.words())}
    sets = {path.rsplit(".", 1)[0] for path in known}
    for template in (ROOT / "templates").glob("*.html"):
        text = template.read_text("utf-8")
        for key in re.findall(r"say\('([\w.]+)'[,)]", text):
            assert key in known | sets, (template.name, key)
        bare = re.sub(r"\{% macro \w+_address.*?endmacro %\}|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", text, flags=re.S)
        bare = re.sub(r"<[^>]*>|&\w+;", " ", bare)
        left = set(re.findall(r"[A-Za-z]{3,}", bare)) - NAMES
        assert not left, (template.name, left)


def test_no_template_turns_escaping_off() -> None:
    for template in (ROOT / "templates").glob("*.html"):
        assert not re.search(
            r"\|\s*safe|autoescape|<script(?![^>]*(src=|application/json))", template.read_text("utf-8")
        )
