"""The `demarche` group: each command lives in `demarche/cli/<command>.py` and is imported only when it is called."""

from __future__ import annotations

import importlib
import importlib.util
import keyword
import sys
from typing import Any

import click

from demarche import __version__
from demarche.errors import ConfigError, DemarcheError, NotBuiltError

__all__ = ["COMMANDS", "main"]

COMMANDS = {
    "code": "Code articles into a record, or to JSON.",
    "parse": "The language layer alone: sentences, words, tags, trees, names.",
    "explain": "Show how one sentence is read: tree, mentions, attributions, rules.",
    "who": "What the actor table knows of an actor on a day.",
    "show": "An article with its spans marked, or one row with its chain.",
    "claims": "Propositions with the stances that holders take on them.",
    "threats": "Threats with condition, deadline and what became of them.",
    "commitments": "Promises: who owes what to whom, kept or broken.",
    "forecasts": "Expectations and whether they were borne out.",
    "series": "Counts and index of a pair or an actor over time.",
    "tension": "Index, interval, trend test and the rows behind it.",
    "query": "Read-only SQL over a record.",
    "export": "Write PLOVER, ICEWS, GDELT, CAMEO, CSV, Parquet or JSON-LD.",
    "import": "Read ICEWS, GDELT or POLECAT files to stand beside a record.",
    "serve": "The web application, on loopback unless told otherwise.",
    "watch": "Poll feeds and sitemaps, code what is new.",
    "verify": "Check every invariant of a record.",
    "merge": "Join records into a new one.",
    "compact": "Join small parts of a record, publish it anew.",
    "freeze": "Finish a record, so that it can be cited.",
    "evaluate": "The accuracy boards.",
    "demo": "Code the bundled articles and show what was found.",
}
"""Every command and its one-line help. A command is built when `demarche/cli/<command>.py` exists: it holds a click
command named `<command>` (`import` is `import_`, a word of Python)."""


def _module_of(name: str) -> str:
    return f"demarche.cli.{name}_" if keyword.iskeyword(name) else f"demarche.cli.{name}"


def _not_built(name: str) -> click.Command:
    """A command that says that it is missing: never an empty success."""

    @click.command(name, help=f"{COMMANDS[name]} Not built yet.", context_settings={"ignore_unknown_options": True})
    @click.argument("anything", nargs=-1, type=click.UNPROCESSED)
    def missing(anything: tuple[str, ...]) -> None:
        raise NotBuiltError(
            "E901", f"`demarche {name}` is not built yet", remedy="see `demarche --help` for the others"
        )

    return missing


class _LazyGroup(click.Group):
    """Imports the file of a command when it is called; turns errors of demarche into one line and an exit status."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        if importlib.util.find_spec(_module_of(cmd_name)) is None:
            return _not_built(cmd_name)
        module = importlib.import_module(_module_of(cmd_name))
        command: click.Command = getattr(module, _module_of(cmd_name).rsplit(".", 1)[1])
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list for `--help`, from the table: importing every command would take seconds."""
        rows = [
            (name, text if importlib.util.find_spec(_module_of(name)) else f"{text} (not built yet)")
            for name, text in COMMANDS.items()
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DemarcheError as error:
            click.echo(f"demarche: {error}", err=True)
            sys.exit(2 if isinstance(error, ConfigError) else 1)


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="demarche")
def main() -> None:
    """Read political news; write a checkable record of who did what to whom, how it stands, and on whose word.

    \b
    Example:
      demarche code articles/ -o record
      demarche show record d0123456789abcdef
    """
