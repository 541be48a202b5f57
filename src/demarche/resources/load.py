"""Files of this package: text, bytes, TOML."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

from demarche.errors import ResourceError

__all__ = ["read_bytes", "read_text", "read_toml"]


def read_bytes(path: str) -> bytes:
    """A file under `demarche/resources/`, `path` relative to it with `/`.

    Raises:
        ResourceError: E201 when it is not there.
    """
    try:
        return files("demarche.resources").joinpath(path).read_bytes()
    except OSError as error:
        raise ResourceError("E201", "a file of the package is missing", where=path, remedy="install again") from error


def read_text(path: str) -> str:
    """As `read_bytes`, decoded from UTF-8."""
    return read_bytes(path).decode("utf-8")


def read_toml(path: str) -> dict[str, Any]:
    """As `read_text`, read as TOML.

    Raises:
        ResourceError: E202 when it is no TOML.
    """
    try:
        return tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise ResourceError("E202", f"no TOML: {error}", where=path) from error
