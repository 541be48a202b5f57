"""Tellings made by hand."""

from __future__ import annotations

from collections.abc import Sequence

from demarche.dedup import Telling
from demarche.dedup.tellings import Interval, Surroundings, embed_acts, sketch_story
from demarche.dedup.words import look_up
from demarche.records import EventType, Place, Standing, Status

DAY = 738_000


def telling(
    name: str,
    words: str = "",
    *,
    kind: EventType = EventType.SANCTION,
    sources: Sequence[str] = ("USA",),
    targets: Sequence[str] = ("RUS",),
    told: int = 0,
    when: int | None = None,
    status: Status = Status.ACTUAL,
    holder: str = "",
    place: str | None = None,
    amount: tuple[str, float] | None = None,
) -> Telling:
    """A telling in document `name` (before the dot), told so many days after the first."""
    found = [look_up(word) for word in words.split()]
    act = Surroundings(found, [True] * len(found), 0, 0 if found else -1)
    [vector] = embed_acts([act])
    document, _, number = name.partition(".")
    where = (
        Place(id="p", name=place, lat=None, lon=None, country=None, admin1=None, geonames=None, kind="city")
        if place
        else None
    )
    return Telling(
        id=f"{document}.e{number or 1}", document=document, number=int(number or 1), told=DAY + told, type=kind,
        mode=None, predicate=words.split(maxsplit=1)[0] if words else "act", sources={s: s for s in sources},
        targets={t: t for t in targets}, named=frozenset([*sources, *targets]), status=status,
        standing=Standing.ATTRIBUTED if holder else Standing.REPORTED, holder=holder,
        when=None if when is None else Interval(DAY + when, DAY + when), place=where, amount=amount, headline=False,
        sentence=int(number or 1), text=hash(words), linked=frozenset(), words=tuple(word.stem for word in found),
        vector=vector, score=0.9, story=sketch_story(words),
    )  # fmt: skip
