"""What a document as a whole knows of a row: reported, attributed or disputed; and the links between its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from demarche.coding.matter import is_one_act, shared_person, verb_of
from demarche.records import Actor, ActorKind, Assertion, EventType, Link, LinkKind, Standing, Status

__all__ = ["Sides", "compatible", "settle_standing"]

Words = Mapping[str, frozenset[str]]

Sides = Mapping[str, Actor]
"""Actors by id: a row's actors are compared by their state, else by themselves."""

STRONG = frozenset({Status.DENIED})
ANSWERED = frozenset({EventType.REQUEST, EventType.AGREE})


def side(actor: str, actors: Sides) -> str | None:
    """The actor's state, itself when it has none, None for the unnamed."""
    row = actors.get(actor)
    if row is None:
        return actor
    if row.country:
        return row.country
    return None if row.kind is ActorKind.UNNAMED else actor


def sides_of(ids: Sequence[str], actors: Sides) -> frozenset[str]:
    return frozenset(found for actor in ids if (found := side(actor, actors)) is not None)


def compatible(one: Assertion, two: Assertion, actors: Sides) -> bool:
    """Whether two rows can speak of one happening: same type, a common doer, targets that do not exclude each other."""
    if one.type is None or one.type is not two.type:
        return False
    mine, others = sides_of(one.sources, actors), sides_of(two.sources, actors)
    if not mine & others and (mine or others):
        return False
    mine, others = sides_of(one.targets, actors), sides_of(two.targets, actors)
    return not mine or not others or bool(mine & others)


def same_act(one: Assertion, two: Assertion, actors: Sides, words: Words) -> bool:
    """Whether two compatible rows speak of one act, by what their sentences share. words: sentence → substance."""
    shared = len(words.get(one.sentence, frozenset()) & words.get(two.sentence, frozenset()))
    foreign = all(
        (doers := sides_of(row.sources, actors))
        and (done_to := sides_of(row.targets, actors))
        and doers.isdisjoint(done_to)
        for row in (one, two)
    )
    return (foreign or shared_person(one.sources, two.sources)) and is_one_act(
        shared,
        same_predicate=verb_of(one.predicate) == verb_of(two.predicate),
        same_sentence=one.sentence == two.sentence,
        foreign=foreign,
    )


def settle_standing(
    rows: Sequence[Assertion],
    links: Sequence[Link],
    actors: Sides,
    titles: frozenset[str] = frozenset(),
    words: Words | None = None,
) -> tuple[tuple[Assertion, ...], tuple[Link, ...]]:
    """Rows with their standing, and all links: those given, `denies`, `repeats` (of rows in `titles`) and `answers`.

    words: words of substance by sentence; None: whatever is compatible is one act. A row is disputed when one holder
    asserts it and another denies it; a row that is denied by a link is, too.
    """
    found = list(dict.fromkeys(links))
    disputed = {end for link in found if link.kind is LinkKind.DENIES for end in (link.from_, link.to)}
    for denied in (row for row in rows if row.status in STRONG):
        for row in rows:
            if row.status in (Status.DENIED, Status.NEGATED, Status.CONDITIONAL) or not compatible(row, denied, actors):
                continue
            if words is not None and not same_act(row, denied, actors, words):
                continue
            if not set(row.holders) & set(denied.holders) or not row.holders:
                found.append(Link(kind=LinkKind.DENIES, from_=denied.id, to=row.id))
                disputed |= {denied.id, row.id}
    found.extend(_repeats(rows, actors, titles))
    found.extend(_answers(rows, actors))
    settled = tuple(_with_standing(row, _standing(row, row.id in disputed)) for row in rows)
    return settled, tuple(dict.fromkeys(found))


def _with_standing(row: Assertion, standing: Standing) -> Assertion:
    return row if row.standing is standing else replace(row, standing=standing)


def _standing(row: Assertion, disputed: bool) -> Standing:
    if disputed:
        return Standing.DISPUTED
    return Standing.ATTRIBUTED if row.holders else Standing.REPORTED


def _repeats(rows: Sequence[Assertion], actors: Sides, titles: frozenset[str]) -> list[Link]:
    """A row of the body says again what a headline said."""
    found = []
    for head in (row for row in rows if row.sentence in titles):
        for row in rows:
            if row.sentence not in titles and row.status is head.status and compatible(head, row, actors):
                found.append(Link(kind=LinkKind.REPEATS, from_=row.id, to=head.id))
                break
    return found


def _answers(rows: Sequence[Assertion], actors: Sides) -> list[Link]:
    """A refusal or consent answers the last request or offer that was put to its doer."""
    found = []
    asked: list[Assertion] = []
    for row in rows:
        if row.type in (EventType.REJECT, EventType.AGREE) and row.status is Status.ACTUAL:
            mine, others = sides_of(row.sources, actors), sides_of(row.targets, actors)
            for before in reversed(asked):
                whom, who = sides_of(before.targets, actors), sides_of(before.sources, actors)
                if mine & whom and (others & who or not others):
                    found.append(Link(kind=LinkKind.ANSWERS, from_=row.id, to=before.id))
                    break
        if row.type in ANSWERED and row.status is Status.ACTUAL:
            asked.append(row)
    return found
