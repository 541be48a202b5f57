"""The published JSON Schema is the one the types generate."""

from __future__ import annotations

import json
from importlib.resources import files

from demarche.records import CodedDocument, json_schema


def test_published_schema_is_current() -> None:
    published = json.loads((files("demarche.records") / "document.schema.json").read_text("utf-8"))
    assert published == json_schema(CodedDocument), "run: python -m demarche.records.publish_schema"
