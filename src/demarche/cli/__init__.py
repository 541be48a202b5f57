"""The command line: `demarche`. One file per command in this folder; each is loaded only when it is called."""

from demarche.cli.main import main

__all__ = ["main"]
