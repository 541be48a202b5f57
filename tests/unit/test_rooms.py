"""Each room has one door: nobody imports a file behind another room's door."""

from __future__ import annotations

import ast
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "demarche"
ROOMS = {path.name for path in SOURCE.iterdir() if path.is_dir() and (path / "__init__.py").exists()}


def imports(path: Path) -> list[str]:
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.append(node.module)
        elif isinstance(node, ast.Import):
            found.extend(alias.name for alias in node.names)
    return found


def test_rooms_enter_each_other_by_the_door() -> None:
    trespass = []
    for path in sorted(SOURCE.rglob("*.py")):
        room = path.relative_to(SOURCE).parts[0]
        for module in imports(path):
            parts = module.split(".")
            if len(parts) > 2 and parts[0] == "demarche" and parts[1] in ROOMS and parts[1] != room:
                trespass.append(f"{path.relative_to(SOURCE)} imports {module}")
    assert not trespass, "\n".join(trespass)


def test_every_door_lists_what_it_offers() -> None:
    for room in sorted(ROOMS - {"resources"}):
        tree = ast.parse((SOURCE / room / "__init__.py").read_text("utf-8"))
        assert ast.get_docstring(tree), f"{room} has no docstring"
