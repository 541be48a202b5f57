"""Stable ids: the same input and version give the same ids, on every engine, in every order."""

from __future__ import annotations

import hashlib

__all__ = ["stable_id"]


def stable_id(prefix: str, *parts: str | None) -> str:
    """`prefix` and 16 hex digits of BLAKE2b over the parts (None differs from the empty string)."""
    digest = hashlib.blake2b(digest_size=8)
    for part in parts:
        digest.update(b"\x00" if part is None else b"\x01" + part.encode("utf-8", "surrogatepass"))
        digest.update(b"\x1f")
    return f"{prefix}{digest.hexdigest()}"
