"""Errors of demarche. The class says what happens next; the message has a code, what, where and what to do.

`ConfigError`, `ResourceError`: stop before work. `InputError`: this document becomes a `Rejection` and the run
goes on. `TransientError`: try again, then reject. `StoreError`: stop, the record stays as it was.
"""

from __future__ import annotations

__all__ = [
    "ConfigError",
    "DemarcheError",
    "InputError",
    "NotBuiltError",
    "ResourceError",
    "StoreError",
    "TransientError",
]


class DemarcheError(Exception):
    """Base of every error demarche raises on purpose.

    Args:
        code: searchable code such as `E203`; each is listed in docs/errors.md.
        what: what went wrong, in one clause.
        where: file, member, line or offset, as far as known.
        remedy: what the user can do about it.
    """

    def __init__(self, code: str, what: str, *, where: str | None = None, remedy: str | None = None) -> None:
        self.code = code
        self.what = what
        self.where = where
        self.remedy = remedy
        place = f" ({where})" if where else ""
        advice = f"; {remedy}" if remedy else ""
        super().__init__(f"{code} {what}{place}{advice}")

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle with every part, so that an error survives the way back from a worker process."""
        return (_rebuild, (type(self), self.code, self.what, self.where, self.remedy))


def _rebuild(kind: type[DemarcheError], code: str, what: str, where: str | None, remedy: str | None) -> DemarcheError:
    return kind(code, what, where=where, remedy=remedy)


class ConfigError(DemarcheError):
    """An option, argument or configuration file is wrong: stop before any work (exit 2)."""


class ResourceError(DemarcheError):
    """A rule, table or weight file of the package or the user does not load: stop before any work."""


class InputError(DemarcheError):
    """This input cannot be read: it becomes a `Rejection`, the run goes on."""


class TransientError(DemarcheError):
    """May work at the next try (network, time-out): retry, then reject."""


class StoreError(DemarcheError):
    """The record cannot be read or written: stop; what was committed stays as it was."""


class NotBuiltError(DemarcheError):
    """The feature is part of the contract but not built yet; said plainly, never an empty result."""
