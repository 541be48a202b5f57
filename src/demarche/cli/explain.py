"""`demarche explain`: how one sentence is read, layer by layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from demarche.cli.actors import actors_option, loader

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text
    from rich.tree import Tree as Branches

    from demarche.coding import Reason
    from demarche.records import CodedDocument, Tree

__all__ = ["explain"]


@click.command()
@click.argument("sentence")
@click.option("--date", metavar="DATE", help="Publication date (YYYY-MM-DD): who held office, what *Friday* means.")
@actors_option
@click.option("--json", "as_json", is_flag=True, help="The coded object and the trees to stdout.")
def explain(sentence: str, date: str | None, actors: tuple[Path, ...], as_json: bool) -> None:
    """Show how SENTENCE is read: tree, mentions and why, attributions, assertions and the rules behind them.

    \b
    Example:
      demarche explain "Moscow denied asking Beijing for arms." --date 2022-03-17
    """
    from demarche.cli.dates import check_date
    from demarche.errors import ConfigError, InputError
    from demarche.pipeline import code_text, text_reasons
    from demarche.records import Rejection

    check_date(date)
    if not sentence.strip():
        raise ConfigError("E908", "there is no sentence", remedy="put it in quotation marks")
    models = loader(actors)()
    coded, trees = code_text(sentence, models, date=date)
    if isinstance(coded, Rejection):
        raise InputError(coded.code, coded.reason)
    why = text_reasons(sentence, models, date=date)
    if as_json:
        import orjson

        from demarche.records import to_json

        rows = [_tree_json(tree) for tree in trees]
        reasons = {row: to_json(chain) for row, chain in why.items()}
        said = {"coded": to_json(coded), "parser": models.parser.name, "trees": rows, "reasons": reasons}
        click.echo(orjson.dumps(said).decode())
        return
    from rich.console import Console

    _print(Console(highlight=False), coded, trees, models.parser.name, why)


def _tree_json(tree: Tree) -> list[dict[str, object]]:
    columns = ("forms", "lemmas", "upos", "xpos", "feats", "heads", "deprels", "starts", "ends")
    return [{name: getattr(tree, name)[i] for name in columns} for i in range(len(tree))]


def _print(
    console: Console,
    coded: CodedDocument,
    trees: tuple[Tree, ...],
    parser: str,
    why: Mapping[str, Sequence[Reason]],
) -> None:
    from rich.padding import Padding

    from demarche.cli.render import assertion_head, attribution_line, marked, sentence_words

    for tree in trees:
        console.rule(f"tree ({parser}, score {tree.score:.2f})", align="left", style="dim")
        console.print(_branches(tree))
    console.rule("mentions", align="left", style="dim")
    _print_mentions(console, coded)
    console.rule("attributions", align="left", style="dim")
    for attribution in coded.attributions:
        parent = f" inside {attribution.parent.split('.')[1]}" if attribution.parent else ""
        console.print(f"{attribution.id.split('.')[1]}{parent}  ", attribution_line(coded, attribution), sep="")
    if not coded.attributions:
        console.print("none: the article's own voice", style="dim")
    console.rule("assertions", align="left", style="dim")
    for row in coded.assertions:
        console.print(f"{row.id.split('.')[1]}  ", assertion_head(coded, row), sep="")
        console.print(Padding(sentence_words(coded, row), (0, 0, 0, 4)))
        console.print(Padding(_status_chain(row.status, why.get(row.id, ())), (0, 0, 0, 4)))
        _print_reasons(console, coded, row.id)
    if not coded.assertions:
        console.print("none", style="dim")
        console.print(marked(coded, 0, len(coded.document.text)))
    for warning in coded.document.warnings:
        console.print(f"warning: {warning}", style="yellow")


def _status_chain(status: str, chain: Sequence[Reason]) -> Text:
    """*actual → “will” (plan) planned → “not” (not) negated*: which word made the status what it is."""
    from rich.text import Text

    line = Text("status: ", style="dim")
    line.append(chain[0].before if chain else status)
    for step in chain:
        line.append(" → ", style="dim")
        line.append(f"“{step.word}”", style="bold")
        line.append(f" ({step.operator}) ", style="dim")
        line.append(step.after)
    if chain and chain[-1].after != status:
        line.append(f" → {status}")
    return line


def _branches(tree: Tree) -> Branches:
    """The tree of a sentence, root at the top, words of one head in the order of the text."""
    from rich.text import Text
    from rich.tree import Tree as Branches

    labels = {(name.first, name.last): name.label for name in tree.names}

    def label(i: int) -> Text:
        text = Text.assemble((tree.forms[i], "bold"), f" {tree.upos[i]} ", (tree.deprels[i], "green"))
        if tree.lemmas[i] != tree.forms[i]:
            text.append(f" {tree.lemmas[i]}", style="dim")
        for (first, last), kind in labels.items():
            if first <= i <= last:
                text.append(f" {kind}", style="cyan")
        return text

    def grow(branch: Branches, i: int) -> None:
        for j in range(len(tree)):
            if tree.heads[j] == i:
                grow(branch.add(label(j)), j)

    root = tree.heads.index(-1)
    top = Branches(label(root), guide_style="dim")
    grow(top, root)
    return top


def _print_mentions(console: Console, coded: CodedDocument) -> None:
    from rich.table import Table
    from rich.text import Text

    from demarche.cli.render import STYLES, actor_name

    meanings = {actor.id: actor_name(actor) for actor in coded.actors}
    meanings |= {place.id: f"{place.name} ({place.country or '?'})" for place in coded.places}
    meanings |= {time.id: f"{time.start or '..'}/{time.end or '..'} {time.grain}" for time in coded.times}
    meanings |= {amount.id: f"{amount.value:g} {amount.unit}" for amount in coded.amounts if amount.value is not None}
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 0))
    for mention in coded.mentions:
        words = Text(" ".join(coded.document.text[mention.start : mention.end].split()), style=STYLES[mention.kind])
        meaning = Text(meanings.get(mention.ref, mention.ref))
        meaning.append(f"  {mention.ref}" if mention.kind == "actor" else "", style="dim")
        meaning.append(f"\n{mention.via}: {mention.why}" if mention.why else f"\n{mention.via}", style="dim")
        table.add_row(words, mention.kind, meaning)
    console.print(table)


def _print_reasons(console: Console, coded: CodedDocument, identifier: str) -> None:
    """What decided the row: rule, score, and what hangs on it."""
    from rich.padding import Padding

    row = next(r for r in coded.assertions if r.id == identifier)
    facts = [f"rule {row.rule}", f"score {row.score:.2f}", f"certainty {row.certainty}", f"standing {row.standing}"]
    facts += [f"CAMEO {row.cameo}"] if row.cameo else []
    facts += [f"inside {row.attribution.split('.')[1]}"] if row.attribution else []
    facts += [f"if {row.condition.split('.')[1]}"] if row.condition else []
    facts += [f"{link.kind} {link.to.split('.')[1]}" for link in coded.links if link.from_ == identifier]
    console.print(Padding(", ".join(facts), (0, 0, 0, 4)), style="dim")
