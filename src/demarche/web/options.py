"""How the application is served: options and limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["WebLimits", "WebOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebLimits:
    """Bounds on what one reader may ask for.

    query_bytes: of an address's query string. form_bytes: of a posted form or upload. page_seconds: of each query of a
    page. per_minute: requests from one address, burst included; 0: no limit. heavy_per_minute: the same for pasting,
    SQL and exports. export_rows: of one download. sql_seconds, sql_rows: of one query of the console.
    """

    query_bytes: int = 8_192
    form_bytes: int = 2_000_000
    page_seconds: float = 15.0
    per_minute: int = 600
    heavy_per_minute: int = 30
    export_rows: int = 200_000
    sql_seconds: float = 20.0
    sql_rows: int = 2_000
    sql_memory: str = "512MB"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebOptions:
    """host, port: where it listens. allowed_hosts: names it answers to besides those of the address itself.

    token: what a reader must know; None on loopback only. secure_cookie: the sign-in travels over HTTPS alone.
    review: file of the reviews; None: beside the record. sql, paste: the SQL console and pasting an article are on.
    boards: file of accuracy figures (`demarche evaluate --json`); None: those of the package.
    """

    host: str = "127.0.0.1"
    port: int = 8710
    allowed_hosts: tuple[str, ...] = ()
    token: str | None = None
    secure_cookie: bool = True
    review: Path | None = None
    sql: bool = False
    paste: bool = True
    boards: Path | None = None
    limits: WebLimits = field(default_factory=WebLimits)
