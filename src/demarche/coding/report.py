"""The coding board as one readable page: figures, confusions, the first errors, the rules, agreement of coders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape

from demarche.coding.agreement import Agreement
from demarche.coding.evaluate import CodingScores, Miss
from demarche.coding.ledger import LedgerRow

__all__ = ["write_report"]

SHOWN = 50
STYLE = """
:root{color-scheme:light dark;--line:#8884;--soft:#8881;--bad:#c0392b;--good:#1e8449}
body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem}h2{margin-top:2.5rem;border-bottom:1px solid var(--line);padding-bottom:.3rem}
table{border-collapse:collapse;margin:1rem 0}td,th{padding:.25rem .6rem;border:1px solid var(--line);text-align:left}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}td.hit{background:#1e844922}td.miss{background:#c0392b22}
.wide{overflow-x:auto}.confusion{font-size:.8rem}.confusion th{font-weight:500}
article{border-left:3px solid var(--line);padding:.2rem 1rem;margin:1rem 0}article p{margin:.3rem 0}
.wanted{color:var(--good)}.found{color:var(--bad)}small{opacity:.75}code{font-size:.85em}
nav a{margin-right:1rem}
"""


def write_report(
    scores: CodingScores, ledger: Sequence[LedgerRow], agreed: Mapping[str, Agreement], *, shown: int = SHOWN
) -> str:
    """The page. agreed: set → agreement of several coders on it; empty when only ours has coded."""
    parts = [
        _head(),
        _section("figures", "Figures", _figures(scores)),
        _section("confusion", "Confusions", "".join(_confusion(n, t) for n, t in scores.confusion.items() if t)),
        _section("errors", f"The first {shown} errors of each set", _errors(scores.misses, shown)),
        _section("rules", "Rules", _ledger(ledger)),
    ]
    if agreed:
        parts.append(_section("agreement", "Agreement of coders", "".join(_agreement(n, a) for n, a in agreed.items())))
    return "\n".join((*parts, "</body></html>\n"))


def _head() -> str:
    links = "".join(f'<a href="#{name}">{name}</a>' for name in ("figures", "confusion", "errors", "rules"))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Event coding: board</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{STYLE}</style></head><body><h1>Event coding</h1><nav>{links}</nav>"
    )


def _section(name: str, title: str, body: str) -> str:
    return f'<section id="{name}"><h2>{escape(title)}</h2>{body}</section>'


def _figures(scores: CodingScores) -> str:
    lines = "".join(
        f'<tr><td>{escape(row.set)}</td><td>{escape(row.measure)}</td><td class="n">{row.value:.3f}</td>'
        f'<td class="n">{row.units:,}</td></tr>'
        for row in scores.rows
    )
    return f'<table><tr><th>set</th><th>measure</th><th class="n">value</th><th class="n">n</th></tr>{lines}</table>'


def _confusion(name: str, table: Counter[tuple[str, str]]) -> str:
    """Rows: what was wanted; columns: what was found."""
    labels = sorted({label for pair in table for label in pair}, key=lambda label: (label == "none", label))
    head = "".join(f'<th class="n">{escape(label)}</th>' for label in labels)
    lines = "".join(
        f"<tr><th>{escape(wanted)}</th>"
        + "".join(_cell(table[wanted, found], wanted == found) for found in labels)
        + "</tr>"
        for wanted in labels
    )
    note = "<small>Down: what the set says. Across: what was coded.</small>"
    return (
        f'<h3>{escape(name)}</h3>{note}<div class="wide"><table class="confusion"><tr><th></th>{head}</tr>{lines}'
        "</table></div>"
    )


def _cell(count: int, hit: bool) -> str:
    if not count:
        return '<td class="n"></td>'
    return f'<td class="n {"hit" if hit else "miss"}">{count}</td>'


def _errors(misses: Sequence[Miss], shown: int) -> str:
    seen: Counter[str] = Counter()
    lines = []
    for miss in misses:
        seen[miss.set] += 1
        if seen[miss.set] <= shown:
            rules = " ".join(f"<code>{escape(rule)}</code>" for rule in miss.rules) or "no rule fired"
            lines.append(
                f"<article><p>{escape(miss.text)}</p><p><span class='wanted'>wanted {escape(miss.wanted)}</span> · "
                f"<span class='found'>coded {escape(miss.found)}</span></p>"
                f"<small>{escape(miss.set)} {escape(miss.id)} · {rules}</small></article>"
            )
    return "".join(lines) or "<p>None.</p>"


def _ledger(ledger: Sequence[LedgerRow]) -> str:
    never = [row for row in ledger if not row.fired]
    lines = "".join(
        f'<tr><td><code>{escape(row.rule)}</code></td><td class="n">{row.fired}</td><td class="n">{row.right}</td>'
        f'<td class="n">{row.wrong}</td></tr>'
        for row in ledger
        if row.fired
    )
    names = " ".join(f"<code>{escape(row.rule)}</code>" for row in never)
    return (
        '<table><tr><th>rule</th><th class="n">fired</th><th class="n">right</th><th class="n">wrong</th></tr>'
        f"{lines}</table><p>Never fired ({len(never)}): {names}</p>"
    )


def _agreement(name: str, agreed: Agreement) -> str:
    def number(value: float | None) -> str:
        return "undefined" if value is None else f"{value:.3f}"

    parts = [
        f"<h3>{escape(name)}</h3><p>Krippendorff's α over all coders: {number(agreed.alpha)} ({agreed.units} units)</p>"
    ]
    for (one, other), (value, table) in agreed.pairs.items():
        parts.append(f"<p>{escape(one)} and {escape(other)}: α {number(value)}</p>")
        parts.append(_confusion(f"{one} (down), {other} (across)", table))
    return "".join(parts)
