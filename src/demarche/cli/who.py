"""`demarche who`: what the actor table knows of a state, body, party, group or person on a day."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from demarche.cli.actors import actors_option

if TYPE_CHECKING:
    from demarche.linking import ActorCard, Related

__all__ = ["who"]

SHOWN = 12
"""Names and offices shown of an actor that has more."""


@click.command()
@click.argument("name", nargs=-1, required=True)
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="The day that is meant; today unless given.")
@actors_option
@click.option("--json", "as_json", is_flag=True, help="A list of objects to stdout.")
def who(name: tuple[str, ...], date: datetime.datetime | None, actors: tuple[Path, ...], as_json: bool) -> None:
    """Show what the actor table knows of NAME on a day: names, offices, members and memberships, parties, foes.

    NAME is a name, a state's code (CHN) or an actor's id (o:nato). The table ends in January 2026: what was so then is
    taken to go on. Members that a source lists without days are counted apart.

    \b
    Examples:
      demarche who ECOWAS --date 2024-01-01
      demarche who MLI --date 2022-06-01
      demarche who Labour Party --json
    """
    from demarche.linking import find_cards
    from demarche.linking import load_actor_tables as load

    day = (date or datetime.datetime.now()).date().isoformat()
    cards = find_cards(load(actors), " ".join(name), day)
    if as_json:
        import dataclasses
        import json

        click.echo(json.dumps([dataclasses.asdict(card) for card in cards], ensure_ascii=False, indent=2))
        return
    for number, card in enumerate(cards):
        if number:
            click.echo()
        _print(card)


def _print(card: ActorCard) -> None:
    facts = (card.id, card.kind, card.country, card.sector, card.wikidata, f"source: {card.source}")
    head = " · ".join(filter(None, facts))
    click.echo(click.style(card.name, bold=True) + f"  {head}")
    names = [name for name in card.names if name != card.name]
    if names:
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        _line("names", ", ".join(names[:SHOWN]) + more)
    person = card.kind == "person"
    for office in card.offices[: SHOWN if person else None]:
        if person:
            _line(f"{office.since or '?'} – {office.until or ''}", ", ".join(filter(None, (office.office, office.who))))
        else:
            _line(office.office, office.who)
    if len(card.offices) > SHOWN and person:
        _line("", f"and {len(card.offices) - SHOWN} earlier ones")
    if card.role:
        _line("party", f"{card.role} in {card.country or 'its state'} on {card.day}")
    suspended = {one.id for one in card.suspended}
    _relation(f"{len(card.members)} members on {card.day}", card.members, marked=suspended, mark="suspended")
    if card.undated:
        what = f"{len(card.undated)} members are listed in 2026 by the factbook; since when is not in the sources"
        _line("no days", what)
    barred = {one.id for one in card.suspended_from}
    _relation(f"member on {card.day} of", card.member_of, marked=barred, mark="suspended")
    _relation("in government", card.governing)
    _relation("in opposition", card.opposing)
    _relation("fights", card.foes)


def _relation(title: str, rows: Sequence[Related], marked: Collection[str] = (), mark: str = "") -> None:
    """One line a relation: name, id and days."""
    if not rows:
        return
    click.echo(click.style(f"  {title}", bold=True))
    for row in rows:
        days = f"since {row.since or 'before 1990'}"
        if row.until:
            days += f" until {row.until}"
        state = f", {mark}" if row.id in marked else ""
        click.echo(f"    {row.name:<36} {row.id:<40} {days}{state}")


def _line(title: str, text: str) -> None:
    click.echo(click.style(f"  {title:<24}", dim=True) + text)
