"""The actor table as the linker reads it: rows, dated offices, and one automaton over all names."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import ahocorasick_rs

from demarche.linking.folding import fold_letters
from demarche.linking.places import load_land_names
from demarche.linking.spelling import NameIndex
from demarche.linking.titles import titles_for
from demarche.records import Actor, ActorKind, Basis
from demarche.resources import Relations, load_relations, read_bytes

__all__ = ["ActorRow", "Candidate", "Office", "Tables", "load_tables"]

BARE = frozenset(
    "Male Meta Apple Amazon Shell Fano Dawn Sputnik Fars Vox Spiegel Bild Diet Leonardo Fed Isis Wagner Guardian "
    "Commons Labour Tories Conservatives Republicans Democrats Fatah Quad Beehive Arg Langley Westminster BP".split()
)
"""Names that are common words or surnames too: accepted only where the parser saw a proper name."""

SAME = 0.97
"""Likeness of names that differ by initials at most."""

SKIPPED = frozenset({"Male", "Quad Group", "Balfour Street", "West Island", "The Settlement", "The Democrats"})


DOLLARS = frozenset({"US", "U.S.", "us", "u.s."})
CURRENCY = re.compile(r" ?\$")
"""*US $50 million* is an amount, not a state."""

LONGEST = 80
"""Characters in which a longer name is looked for behind an article."""


@dataclass(frozen=True, slots=True)
class ActorRow:
    """One row of the table. country: ISO 3166-1 alpha-3 or ""; family: the name that a bare surname mention uses."""

    id: str
    name: str
    kind: str
    country: str
    sector: str
    wikidata: str
    source: str
    family: str

    def actor(self, office: str | None = None) -> Actor:
        """The record's actor."""
        return Actor(
            id=self.id, name=self.name, kind=ActorKind(self.kind), country=self.country or None,
            sector=self.sector or None, office=office, wikidata=self.wikidata or None, basis=Basis.DICTIONARY,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Office:
    """An office with its days: start ≤ date < end as ISO prefixes; end_known tells what an empty end means."""

    office: str
    sector: str
    country: str
    start: str
    end: str
    end_known: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a name may stand for. form: name, demonym, people, capital, seat, body, person; region: a place whose name
    contains a state's (id: its own state, "" for none)."""

    form: str
    id: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A name in the text: `[start, end)` and its candidates, best first."""

    start: int
    end: int
    candidates: tuple[Candidate, ...]


@dataclass(slots=True)
class Tables:
    """All rows and names. rows: by id. by_family: lower family name → person ids. offices: person id → offices."""

    rows: dict[str, ActorRow]
    names: dict[str, tuple[Candidate, ...]]
    patterns: list[str] = field(default_factory=list)
    automaton: ahocorasick_rs.AhoCorasick | None = None
    office_lines: dict[str, list[str]] = field(default_factory=dict)
    user: dict[str, str] = field(default_factory=dict)
    relations: Relations = field(default_factory=load_relations)
    sounds: NameIndex | None = None
    capitals: dict[str, str] = field(default_factory=dict)
    titled: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)
    _people: Counter[str] = field(default_factory=Counter)

    def people_of(self, country: str) -> int:
        """How many people of a state the table knows: a measure of how well known its people are."""
        if not self._people:
            self._people.update(row.country for row in self.rows.values() if row.kind == "person")
        return self._people[country]

    def build(self) -> None:
        """Make the automaton over all names; needed once, after the last name was added."""
        self.patterns = list(self.names)
        self.automaton = ahocorasick_rs.AhoCorasick(
            self.patterns,
            matchkind=ahocorasick_rs.MatchKind.LeftmostLongest,
            implementation=ahocorasick_rs.Implementation.ContiguousNFA,
            store_patterns=False,
        )

    def search(self, text: str) -> Iterator[Hit]:
        """Names in `text` (already folded), at word boundaries, leftmost and longest."""
        if self.automaton is None:
            self.build()
        assert self.automaton is not None
        size = len(text)
        for index, start, end in self.automaton.find_matches_as_indexes(text):
            if start and text[start - 1].isalnum():
                continue
            if end < size and text[end].isalnum():
                continue
            if text[start:end] in DOLLARS and CURRENCY.match(text, end) and not text[:start].lower().endswith("the "):
                continue
            if text[start : start + 4].lower() == "the ":
                start, end, index = self._without_article(text, start, end, index)
            yield Hit(start, end, self.names[self.patterns[index]])

    def _without_article(self, text: str, start: int, end: int, index: int) -> tuple[int, int, int]:
        """A name with *the* gives way to a longer one without (*the West* to *West Bank*)."""
        assert self.automaton is not None
        inner = start + 4
        for other, first, last in self.automaton.find_matches_as_indexes(text[inner : inner + LONGEST]):
            if first:
                break
            stop = inner + last
            if stop > end and not (stop < len(text) and text[stop].isalnum()):
                return inner, stop, other
        return start, end, index

    def person_spelt(self, name: str, date: str | None, *, titled: bool = False) -> ActorRow | None:
        """The person whom a full name that is no spelling of the table means (*Sergey V. Lavrov*); None if unsure.

        Sure is who bears the same names but for initials, or is in office on the date and the only one whose name
        sounds so; after a title also who was in office at another time.
        """
        if self.sounds is None:
            self.sounds = NameIndex(
                (spelling, c.id) for spelling, found in self.names.items() for c in found if c.form == "person"
            )
        people = self.sounds.find(name)
        if not people:
            return None
        held = [person for _, person in people if date and self.office_on(person, date)]
        if len(held) == 1:
            return self.rows[held[0]]
        same = [person for likeness, person in people if likeness >= SAME]
        if len(same) == 1:
            return self.rows[same[0]]
        return self.rows[people[0][1]] if titled and len(people) == 1 else None

    def capital_of(self, country: str) -> str | None:
        """Name of the state's capital: the first that the table gives."""
        if not self.capitals:
            for name, found in self.names.items():
                for candidate in found:
                    if candidate.form == "capital":
                        self.capitals.setdefault(candidate.id, name)
        return self.capitals.get(country)

    def offices(self, person: str) -> list[Office]:
        """All offices the table knows of a person, as in the file."""
        return [Office(*line.split("\t")) for line in self.office_lines.get(person, ())]

    def offices_on(self, person: str, date: str) -> list[Office]:
        """All offices held on `date` (ISO)."""
        return [office for office in self.offices(person) if _covers(office, date[:10])]

    def office_on(self, person: str, date: str | None) -> Office | None:
        """The office held on `date` (ISO); of several the one that began last. None: none known on that day."""
        if date is None:
            return None
        held = self.offices_on(person, date)
        return max(held, key=lambda office: (_weight(office), office.start), default=None)

    def holder_of(self, country: str, title: str, date: str) -> str | None:
        """Id of who holds the office (a key of `titles.OFFICES`) on the date by most rows; None: nobody or several."""
        if not self.titled:
            for person, lines in self.office_lines.items():
                for line in lines:
                    office, _, state = line.split("\t", 3)[:3]
                    for key in titles_for(office):
                        self.titled.setdefault((state, key), []).append((person, line))
        held = Counter(
            person
            for person, line in self.titled.get((country, title), ())
            if _covers(Office(*line.split("\t")), date[:10])
        )
        ranked = held.most_common(2)
        if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
            return None
        return ranked[0][0]


def _weight(office: Office) -> int:
    title = office.office.lower()
    heads = ("president", "prime minister", "king", "queen", "emir", "chancellor", "premier", "head of government")
    return 2 if title in heads else 1 if "minister" in title or "secretary" in title else 0


def _covers(office: Office, day: str) -> bool:
    """Whether `day` falls in the office's days; a year or month stands for its first day."""
    if office.start and office.start > day[: len(office.start)]:
        return False
    if not office.start and not office.end:
        return office.end_known == "own"
    if office.end:
        return day[: len(office.end)] < office.end or (len(office.end) < 10 and day[: len(office.end)] == office.end)
    if office.end_known.startswith("last_seen_"):
        return day <= office.end_known[10:20] or day[:4] <= office.end_known[10:14]
    return True


def _lines(path: str) -> list[str]:
    return gzip.decompress(read_bytes(path)).decode("utf-8").splitlines()


def _plural(word: str) -> str | None:
    if word.endswith(("s", "ese", "ish", "ch", "men", "man", ".", "US", "UK", "Swiss", "Thai")):
        return None
    return word + "s"


def load_tables(*, regions: bool = True) -> Tables:
    """Read the package's table: states, bodies, people, offices. Takes about a third of a second.

    Args:
        regions: with the places whose names contain a state's (*New Mexico*) and those of our own list whose names
            are several words (*North Kivu*).

    Raises:
        ResourceError: E201 when a file of the package is missing.
    """
    rows: dict[str, ActorRow] = {}
    names: dict[str, list[Candidate]] = {}
    for line in _lines("actors/states.tsv.gz"):
        country, form, name = line.split("\t")
        _add_name(names, name, Candidate(form, country))
        plural = _plural(name) if form == "demonym" else None
        if plural:
            _add_name(names, plural, Candidate("people", country))
    for line in _lines("actors/actors.tsv.gz"):
        *columns, spellings = line.split("\t")
        row = ActorRow(*columns)
        rows[row.id] = row
        if row.kind == "state":
            continue
        candidate = Candidate("person" if row.kind == "person" else "body", row.id)
        for name in spellings.split("|") if spellings else ():
            _add_name(names, name, candidate)
    for line in read_bytes("actors/regions.tsv").decode("utf-8").splitlines() if regions else ():
        country, name = line.split("\t")
        names.setdefault(name, [Candidate("region", country)])
    for name, country in load_land_names() if regions else ():
        if " " in name or "-" in name:
            names.setdefault(name, [Candidate("region", country)])
    offices: dict[str, list[str]] = {}
    for line in _lines("actors/offices.tsv.gz"):
        person, rest = line.split("\t", 1)
        offices.setdefault(person, []).append("\t".join(rest.split("\t", 6)[:6]))
    return Tables(rows=rows, names={name: tuple(found) for name, found in names.items()}, office_lines=offices)


def _add_name(names: dict[str, list[Candidate]], name: str, candidate: Candidate) -> None:
    key = fold_letters(name)
    if len(key) < 2 or key in SKIPPED:
        return
    found = names.setdefault(key, [])
    if candidate not in found:
        found.append(candidate)


def state_name(rows: Mapping[str, ActorRow], country: str) -> str:
    """The short name of a state, its code where the table has none."""
    row = rows.get(country)
    return row.name if row else country
