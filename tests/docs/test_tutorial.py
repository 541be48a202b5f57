"""Every command of the tutorial runs on the bundled articles, in the order of the page; the README names real ones."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from demarche.cli import main
from demarche.cli.main import COMMANDS

ROOT = Path(__file__).resolve().parents[2]


def commands(page: str) -> list[str]:
    """Lines that begin with `demarche` inside code blocks."""
    text = (ROOT / page).read_text("utf-8")
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.M | re.S)
    return [line for block in blocks for line in block.splitlines() if line.startswith("demarche ")]


@pytest.mark.model
def test_the_tutorial_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = commands("docs/tutorial.md")
    assert len(found) >= 9
    for command in found:
        result = CliRunner().invoke(main, shlex.split(command)[1:])
        assert result.exit_code == 0, f"{command}\n{result.output}\n{result.exception!r}"
        assert result.output.strip(), command


def test_every_command_of_the_readme_exists() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    named = set(re.findall(r"^ {4}(?:\$ )?demarche ([a-z]+)", text, re.M))
    assert len(named) >= 8
    assert named <= set(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself_with_an_example(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0
    unbuilt = "Not built yet" in result.output  # says so, with an error when it is called
    assert unbuilt or ("xample" in result.output and f"demarche {name}" in result.output)
