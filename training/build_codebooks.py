"""Write resources/codebooks/*.toml from the PLOVER and CAMEO tables: `python training/build_codebooks.py DATA_EVENTS`.

Two slips of the manual are set right: ACCUSE is printed +3 (its modes are -2 to -3.5: taken as -3), and SANCTION stands
in two quads (its own section says material conflict, followed here).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

OUT = Path(__file__).parent.parent / "src" / "demarche" / "resources" / "codebooks"
QUADS = {1: "verbal-cooperation", 2: "material-cooperation", 3: "verbal-conflict", 4: "material-conflict"}
NOTE = "# Facts of the PLOVER manual (openeventdata/PLOVER, CC BY-SA 4.0) and the CAMEO codebook; see NOTICE.\n"


def main(source: Path) -> None:
    """Read plover_spec.json, cameo_goldstein_icews.json and cameo2plover_2021.json under `source`; write two tables."""
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "plover.toml").write_text(NOTE + plover(json.loads((source / "plover_spec.json").read_text("utf-8"))))
    goldstein = json.loads((source / "cameo_goldstein_icews.json").read_text("utf-8"))
    crosswalk = json.loads((source / "cameo2plover_2021.json").read_text("utf-8"))
    (OUT / "cameo.toml").write_text(NOTE + cameo(goldstein, crosswalk))


def plover(spec: dict) -> str:
    lines = []
    for name, row in sorted(spec["types"].items()):
        lines += [f"[type.{name}]", f'quad = "{QUADS[row["quad"]]}"', f"score = {row['score']}"]
        lines += [f"definition = {json.dumps(row['definition'], ensure_ascii=False)}"]
        scores = ", ".join(f'"{mode}" = {value}' for mode, value in row["modes"].items() if value is not None)
        lines += [f"modes = {{ {scores} }}", ""]
    contexts = [f'"{name}" = {json.dumps(gloss)}' for name, gloss in spec["contexts"].items()]
    return "\n".join([*lines, "[context]", *contexts, ""])


def cameo(codes: list[dict], crosswalk: list[dict]) -> str:
    known = {row["code"]: row for row in codes if row.get("goldstein") is not None}
    lines = ["[goldstein]", *(f'"{code}" = {known[code]["goldstein"]}' for code in sorted(known))]
    names = {row["code"]: row["name"] for row in codes}
    lines += ["", "[name]", *(f'"{code}" = {json.dumps(names[code], ensure_ascii=False)}' for code in sorted(names))]
    types = {row["cameo"]: row["plover"] for row in crosswalk if row["plover"]}
    lines += ["", "[plover]", *(f'"{code}" = "{types[code]}"' for code in sorted(types)), ""]
    return "\n".join(lines)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
