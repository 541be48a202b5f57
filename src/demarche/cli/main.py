"""The `demarche` group."""

from __future__ import annotations

import click

from demarche import __version__

__all__ = ["main"]


@click.group()
@click.version_option(__version__)
def main() -> None:
    """Read political news; write a checkable record."""
