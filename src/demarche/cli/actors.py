"""`--actors FILE`: the user's own table of actors, for every command that codes."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from demarche.pipeline import Models

__all__ = ["actors_option", "loader"]

actors_option = click.option(
    "--actors", multiple=True, type=click.Path(path_type=Path), metavar="TABLE.toml",
    help="Your own table of actors (docs/actors.md); may be given again, later ones win.",
)  # fmt: skip


def loader(actors: tuple[Path, ...], *, quiet: bool = False) -> Callable[[], Models]:
    """What loads the models with these tables; the tables are checked now, and what they change goes to stderr.

    Raises:
        ResourceError: E401–E405, with file and line.
    """
    from demarche.pipeline import ModelOptions, load_models

    if not actors:
        return load_models
    from demarche.linking import load_linker

    for change in load_linker(actors).changes:
        if not quiet:
            click.echo(f"actors: {change.line()}", err=True)
    return functools.partial(load_models, ModelOptions(actors=actors))
