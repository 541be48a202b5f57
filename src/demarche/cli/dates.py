"""Dates on the command line."""

from __future__ import annotations

import datetime

from demarche.errors import ConfigError

__all__ = ["check_date"]


def check_date(date: str | None, *, option: str = "--date") -> None:
    """See that `date` is an ISO date.

    Raises:
        ConfigError: E904.
    """
    if date is None:
        return
    try:
        datetime.datetime.fromisoformat(date)
    except ValueError as error:
        raise ConfigError("E904", f"{date!r} is no date", remedy=f"write {option} as YYYY-MM-DD") from error
