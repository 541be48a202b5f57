"""The room's one verb: `Linker.link` finds who, where, when and how much in a parsed article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from demarche.linking.actors import ActorReader
from demarche.linking.amounts import Currencies, find_amounts, load_currencies
from demarche.linking.folding import fold_letters
from demarche.linking.holders import family_key
from demarche.linking.metonymy import load_weights, place_score
from demarche.linking.places import Gazetteer, GazetteerPlace, is_place_name, load_cities, load_gazetteer
from demarche.linking.rewordings import find_reworded, restore_offices, reworded_hits, reworded_places
from demarche.linking.tables import BARE, Hit, Tables, load_tables
from demarche.linking.time_rules import Anchor, load_anchors
from demarche.linking.user_tables import ActorChange, add_user_tables
from demarche.linking.view import View, view_sentence
from demarche.linking.when import TimeReader, time_row
from demarche.linking.words import Words, load_words
from demarche.linking.zones import filed_at
from demarche.records import (
    Actor,
    Amount,
    Article,
    Document,
    Linked,
    Mention,
    MentionKind,
    Place,
    Sentence,
    Time,
    Tree,
    Via,
)
from demarche.resources import Rewording

__all__ = ["Linker", "load_actor_tables", "load_linker"]

BALANCE = 0.4
"""Under this score a name acts. The model learnt on a set of as many of either; in news more names mean the place."""


QUOTES = re.compile(r'["“”\n]')


@dataclass(frozen=True, slots=True)
class Draft:
    """A mention before mentions are numbered."""

    start: int
    end: int
    kind: MentionKind
    ref: str
    head: bool
    via: Via
    why: str
    order: int


@dataclass(slots=True)
class Linker:
    """Tables and word lists, read once; `link` is pure and may be called for any number of articles.

    changes: rows that the user's own tables added or changed.
    """

    tables: Tables
    words: Words
    gazetteer: Gazetteer
    currencies: Currencies
    anchors: tuple[Anchor, ...]
    cities: dict[str, str] = field(default_factory=dict)
    families: dict[str, tuple[str, ...]] = field(default_factory=dict)
    changes: tuple[ActorChange, ...] = ()

    def link(self, article: Article, sentences: Sequence[Sentence], trees: Sequence[Tree]) -> Linked:
        """All mentions of the article; `trees[i]` is the tree of `sentences[i]`, offsets in the document."""
        document = article.document
        reworded = find_reworded(document.warnings, document.text)
        views = self._views(fold_letters(document.text).replace("\n", " "), trees, reworded)
        reader = ActorReader(
            document.id, document.published, self.tables, self.words, self.cities, self.families,
            quotes=_quotes(document.text),
        )  # fmt: skip
        drafts: list[Draft] = []
        actors: dict[str, Actor] = {}
        states: Counter[str] = Counter()
        for order, found in enumerate(reader.read_document(views, sentences)):
            actor = found.entity.actor
            actors.setdefault(actor.id, actor)
            states[actor.country or ""] += 1
            why = "; ".join((found.why, *(w.note for w in reworded if w.start < found.end and w.end > found.start)))
            drafts.append(Draft(found.start, found.end, MentionKind.ACTOR, actor.id, found.head, found.via, why, order))
        self._note_reworded_places(reader, reworded)
        del states[""]
        places = self._places(document, reader, states, drafts, reworded)
        times = self._times(document, views, drafts)
        amounts = self._amounts(document.id, document.text, views, states, drafts)
        drafts.sort(key=lambda d: (d.start, d.end, d.kind, d.order))
        mentions = tuple(
            Mention(
                id=f"{document.id}.m{number}", start=d.start, end=d.end, kind=d.kind, ref=d.ref, head=d.head, via=d.via,
                why=d.why,
            )
            for number, d in enumerate(drafts, 1)
        )  # fmt: skip
        return Linked(
            actors=tuple(actors[key] for key in sorted(actors)),
            mentions=mentions,
            places=places,
            times=times,
            amounts=amounts,
        )

    def warm(self) -> None:
        """Build what is built on first use."""
        self.tables.build()
        self.tables.person_spelt("Nobody Atall", None)
        self.tables.holder_of("USA", "president", "2022-03-17")
        load_weights()

    def locate(self, text: str, spans: Sequence[tuple[int, int]]) -> list[GazetteerPlace | None]:
        """The gazetteer's place for each given name of a text, by its context; None where it lacks the name."""
        names = [_place_name(text[start:end]) for start, end in spans]
        states: Counter[str] = Counter()
        for hit in self.tables.search(fold_letters(text)):
            candidate = hit.candidates[0]
            if candidate.form in {"name", "demonym", "people"}:
                states[candidate.id] += 1
        return self.gazetteer.resolve(names, countries=states, inside=[_following(text, end) for _, end in spans])

    def reads_as_actor(self, article: Article, trees: Sequence[Tree], span: tuple[int, int]) -> bool:
        """Whether the name of a place at `span` stands for its government or people, by its syntax."""
        for number, tree in enumerate(trees):
            if tree.start <= span[0] < tree.end:
                view = view_sentence(number, tree, (), BARE, fold_letters(article.document.text))
                words = [w for w in range(len(tree)) if tree.starts[w] < span[1] and tree.ends[w] > span[0]]
                if words:
                    return place_score(view, words[0], words[-1]) < BALANCE
        return False

    def _note_reworded_places(self, reader: ActorReader, reworded: Sequence[Rewording]) -> None:
        """*the Center East*: a place under its usual name, in place of what was read of its words."""
        for (start, end), name in reworded_places(reworded).items():
            for span in [span for span in reader.places if span[0] < end and span[1] > start]:
                del reader.places[span]
            reader.places[start, end], reader.place_names[start, end] = "region", name

    def _views(self, folded: str, trees: Sequence[Tree], reworded: Sequence[Rewording]) -> list[View]:
        hits = list(self.tables.search(folded))
        if meant := list(reworded_hits(reworded, self.tables.names)):
            hits = [hit for hit in hits if not any(hit.start < m.end and hit.end > m.start for m in meant)]
            hits = sorted([*hits, *meant], key=lambda hit: hit.start)
        views = []
        at = 0
        for number, tree in enumerate(trees):
            while at < len(hits) and hits[at].start < tree.start:
                at += 1
            here: list[Hit] = []
            while at < len(hits) and hits[at].end <= tree.end:
                here.append(hits[at])
                at += 1
            view = view_sentence(number, tree, here, BARE, folded)
            if reworded:
                restore_offices(view, (w for w in reworded if tree.start <= w.start and w.end <= tree.end))
            views.append(view)
        return views

    def _places(
        self, document: Document, reader: ActorReader, states: Counter[str], drafts: list[Draft],
        reworded: Sequence[Rewording],
    ) -> tuple[Place, ...]:  # fmt: skip
        text = document.text
        spans = reader.places
        ordered = [
            span
            for span in sorted(spans)
            if span in reader.place_names or is_place_name(_place_name(text[span[0] : span[1]]))
        ]
        names = [reader.place_names.get(span) or _place_name(text[span[0] : span[1]]) for span in ordered]
        inside = [_following(text, end) for _, end in ordered]
        chosen = self.gazetteer.resolve(names, countries=states, inside=inside)
        rows: dict[str, Place] = {}
        for order, (span, name, place) in enumerate(zip(ordered, names, chosen, strict=True)):
            row = _place_row(document.id, len(rows) + 1, name, place, spans[span], rows)
            if row is None:
                continue
            rows.setdefault(row.id, row)
            why = "in the gazetteer" if place is not None else "a place the gazetteer lacks"
            described = span in reader.place_names
            if described:
                note = next((w.note for w in reworded if (w.start, w.end) == span), None)
                why = f"{note or f'goes back to {name}'}; {why}"
            via = Via.DESCRIPTION if described else Via.NAME
            drafts.append(Draft(span[0], span[1], MentionKind.PLACE, row.id, True, via, why, order))
        return tuple(rows.values())

    def _times(self, document: Document, views: Sequence[View], drafts: list[Draft]) -> tuple[Time, ...]:
        filed = filed_at(document.published, document.warnings, self._country_of)
        base, text = filed.moment, document.text
        anchors = tuple(anchor for anchor in self.anchors if base is not None and anchor.known(base, text))
        reader = TimeReader(base, anchors)
        rows: list[Time] = []
        for view in views:
            for phrase in reader.read(view, text):
                row = time_row(f"{document.id}.t{len(rows) + 1}", phrase, text[phrase.start : phrase.end])
                rows.append(row)
                why = f"{phrase.interval.value} read on {document.published or 'no date'}{filed.why}"
                drafts.append(Draft(phrase.start, phrase.end, MentionKind.TIME, row.id, True, Via.NAME, why, len(rows)))
        return tuple(rows)

    def _country_of(self, place: str) -> str | None:
        """State of a dateline's place: a capital or state of the table, else the largest city of that name."""
        name = _place_name(fold_letters(place))
        known = next((c.id for c in self.tables.names.get(name, ()) if c.form in {"capital", "name"}), None)
        return known or self.cities.get(name.lower(), "").split(" ")[0] or None

    def _amounts(
        self, document: str, text: str, views: Sequence[View], states: Counter[str], drafts: list[Draft]
    ) -> tuple[Amount, ...]:
        rows: list[Amount] = []
        country = states.most_common(1)[0][0] if states else None
        for view in views:
            for found in find_amounts(view, text, self.currencies, country):
                row = Amount(
                    id=f"{document}.q{len(rows) + 1}", value=found.value, low=found.low, high=found.high, unit=found.unit,
                    approximate=found.approximate,
                )  # fmt: skip
                rows.append(row)
                drafts.append(
                    Draft(
                        found.start,
                        found.end,
                        MentionKind.AMOUNT,
                        row.id,
                        True,
                        Via.NAME,
                        "a counted amount",
                        len(rows),
                    )
                )
        return tuple(rows)


def _quotes(text: str) -> list[tuple[int, int]]:
    """What stands in double quotation marks; one left open ends with its line, the next line opens its own."""
    found: list[tuple[int, int]] = []
    opened = -1
    for mark in QUOTES.finditer(text):
        if mark[0] == "\n":
            found += [(opened, mark.start())] * (opened >= 0)
            opened = -1
        elif opened >= 0:
            found.append((opened, mark.end()))
            opened = -1
        else:
            opened = mark.start()
    return [*found, *([(opened, len(text))] if opened >= 0 else [])]


def _place_name(words: str) -> str:
    """As the gazetteer writes it: no article, no capitals throughout."""
    name = words.removeprefix("the ").removeprefix("The ")
    return name.title() if name.isupper() and len(name) > 4 else name


def _following(text: str, end: int) -> str:
    """The name after a comma: *Paris, Texas*."""
    rest = text[end : end + 40]
    if not rest.startswith(", "):
        return ""
    words = rest[2:].split(" ")
    if not words[0][:1].isupper():
        return ""
    return (
        " ".join(w for w in words[:2] if w[:1].isupper()).strip(" ,.;:)")
        if words[0][-1:] not in ",.;"
        else words[0].strip(" ,;)")
    )


def _place_row(
    document: str, number: int, name: str, place: GazetteerPlace | None, kind: str, rows: dict[str, Place]
) -> Place | None:
    if place is None:
        known = next((row for row in rows.values() if row.name == name), None)
        if known is not None:
            return known
        return Place(
            id=f"{document}.p{number}",
            name=name,
            lat=None,
            lon=None,
            country=None,
            admin1=None,
            geonames=None,
            kind="place",
        )
    identifier = (
        f"geo:{place.geonames}" if place.geonames else f"geo:{fold_letters(place.name).lower().replace(' ', '-')}"
    )
    own = {"state": "country", "capital": "capital"}.get(kind, place.kind)
    if own == "country" and place.kind != "country":
        own = place.kind
    return Place(
        id=identifier, name=place.name, lat=place.lat, lon=place.lon, country=place.country or None,
        admin1=place.admin1 or None, geonames=place.geonames or None, kind=own,
    )  # fmt: skip


def load_actor_tables(user_tables: Sequence[Path] = ()) -> Tables:
    """The actor table alone, with the user's rows.

    Raises:
        ResourceError: E201; E401–E405 for a user's table, with file and line.
    """
    tables = load_tables()
    add_user_tables(tables, user_tables)
    return tables


def load_linker(user_tables: Sequence[Path] = ()) -> Linker:
    """Read tables and word lists of the package and the user's own actor tables (later ones win).

    Raises:
        ResourceError: E201, E202 for the package's files; E401–E405 for a user's table, with file and line.
    """
    tables = load_tables()
    changes = tuple(add_user_tables(tables, user_tables))
    families: dict[str, list[str]] = {}
    for row in tables.rows.values():
        if row.kind == "person" and row.family:
            families.setdefault(family_key(row.family), []).append(row.id)
    forms = [
        (candidate.id, name)
        for name, found in tables.names.items()
        for candidate in found
        if candidate.form in {"name", "demonym", "people"}
    ]
    gazetteer = load_gazetteer(forms)
    return Linker(
        tables, load_words(), gazetteer, load_currencies(), load_anchors(), load_cities(),
        {family: tuple(ids) for family, ids in families.items()}, changes,
    )  # fmt: skip
