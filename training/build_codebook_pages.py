"""Write docs/codebook/*.md, one page an event type, from the rules: `python training/build_codebook_pages.py`."""

from __future__ import annotations

import tomllib
from pathlib import Path

from demarche.coding import Rule, load_rules

ROOT = Path(__file__).parent.parent
OUT = ROOT / "docs" / "codebook"


def main() -> None:
    """Write the index and one page a type; the pages change only when a rule or table changes."""
    tables = tomllib.loads((ROOT / "src/demarche/resources/codebooks/plover.toml").read_text("utf-8"))
    book = load_rules()
    OUT.mkdir(parents=True, exist_ok=True)
    index = ["# Event types", "", "Generated from the rules by `training/build_codebook_pages.py`.", ""]
    for name, row in sorted(tables["type"].items()):
        rules = [rule for rule in book.rules if rule.type.value == name]
        words = len({word for rule in rules for word in rule.lemmas})
        index.append(f"- [{name}]({name.lower()}.md): {row['quad']}, {len(rules)} rules, {words} words")
        (OUT / f"{name.lower()}.md").write_text(page(name, row, rules), "utf-8")
    index += ["", f"{len(book.rules)} rules, {len(book.lemmas())} constructions (word class, lemma, particles).", ""]
    (OUT / "README.md").write_text("\n".join(index), "utf-8")


def page(name: str, row: dict, rules: list[Rule]) -> str:
    modes = ", ".join(f"{mode} {score}" for mode, score in row["modes"].items()) or "none"
    head = [
        f"# {name}",
        "",
        row["definition"] + ".",
        "",
        f"Quad {row['quad']}, score {row['score']}. Modes: {modes}.",
        "",
    ]
    return "\n".join([*head, *(line for rule in rules for line in section(rule))])


def section(rule: Rule) -> list[str]:
    about = ", ".join(part for part in (rule.mode or "", f"CAMEO {rule.cameo}" if rule.cameo else "") if part)
    lines = [f"## {rule.gloss}", "", f"`{rule.id}` version {rule.version}" + (f" ({about})" if about else ""), ""]
    lines += ["Words: " + ", ".join(word.replace("_", " ") for word in rule.lemmas), ""]
    lines += [f"- *{e.text}*" + (f" gives {e.expect}" if e.expect else "") for e in rule.examples]
    return [*lines, *(f"- not *{c.text}*: {c.why}" for c in rule.counters), ""]


if __name__ == "__main__":
    main()
