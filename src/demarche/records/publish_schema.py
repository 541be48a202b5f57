"""Write the JSON Schema of the contract's object beside this file: `python -m demarche.records.publish_schema`."""

from __future__ import annotations

import json
from pathlib import Path

from demarche.records.codec import json_schema
from demarche.records.coded import CodedDocument

__all__ = ["publish_schema"]


def publish_schema(folder: Path) -> Path:
    """Write `document.schema.json` into `folder` and return its path."""
    path = folder / "document.schema.json"
    path.write_text(json.dumps(json_schema(CodedDocument), indent=1, ensure_ascii=False) + "\n", "utf-8")
    return path


if __name__ == "__main__":
    publish_schema(Path(__file__).parent)
