"""Where: a gazetteer of cities, regions, states and seas, and the choice among places of one name.

Score of a candidate: log population, plus the share of the document's places and states in its country, plus nearby
unambiguous places (the method and its weights were measured on LGL and GWN; see docs/linking.md).
"""

from __future__ import annotations

import gzip
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from demarche.linking.folding import fold_letters
from demarche.resources import read_bytes, read_text

__all__ = [
    "Gazetteer",
    "GazetteerPlace",
    "distance_km",
    "is_place_name",
    "load_cities",
    "load_gazetteer",
    "load_land_names",
]

KIND_BONUS = {"country": 1.6, "region": 0.25, "city": 0.0}
MAIN_NAME = 0.9
OWN_WEIGHT = "100000000000000"  # seas, straits and buildings of our own list win over towns of the same name
LAND_WEIGHT = "10000000000"  # its lands and towns too, but not where the text names another container (*Paris, Texas*)
COUNTRY_SHARE = 3.5
UNIT_SHARE = 5.0
NEAR = 1.8
ROUNDS = 2
CONTAINED = 9.0
LAND = frozenset("region islands island mountain lake river city camp base site crossing".split())
"""Kinds of our own list that are parts of a state as its cities are: no seas, buildings, boundaries or continents."""
ALSO = "also"
"""Not a kind: the row gives other spellings of a place that the large list has under its name."""
NO_PLACES = frozenset(
    "West East North South Western Eastern Northern Southern Central Valley Congress August Arab".split()
)
"""Names of places too, but other words wherever they stand alone."""
CALENDAR = frozenset(
    "January February March April May June July August September October November December "
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
)
"""Towns are called March and May; a text that names them alone names the month."""
CONTINENTS = {
    "Africa": "6255146", "Asia": "6255147", "Europe": "6255148", "North America": "6255149",
    "South America": "6255150", "Antarctica": "6255152",
}  # fmt: skip
US_STATES = {
    "Ala": "Alabama", "Ariz": "Arizona", "Ark": "Arkansas", "Calif": "California", "Colo": "Colorado",
    "Conn": "Connecticut", "Del": "Delaware", "Fla": "Florida", "Ga": "Georgia", "Ill": "Illinois", "Ind": "Indiana",
    "Kan": "Kansas", "Ky": "Kentucky", "La": "Louisiana", "Md": "Maryland", "Mass": "Massachusetts", "Mich": "Michigan",
    "Minn": "Minnesota", "Miss": "Mississippi", "Mo": "Missouri", "Mont": "Montana", "Neb": "Nebraska", "Nev": "Nevada",
    "Okla": "Oklahoma", "Ore": "Oregon", "Pa": "Pennsylvania", "Tenn": "Tennessee", "Tex": "Texas", "Va": "Virginia",
    "W.Va": "West Virginia", "N.Mex": "New Mexico", "Vt": "Vermont", "Wash": "Washington",
    "Wis": "Wisconsin", "Wyo": "Wyoming",
}  # fmt: skip
POSTAL = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "FL": "Florida", "GA": "Georgia", "IL": "Illinois", "IA": "Iowa", "KS": "Kansas",
    "KY": "Kentucky", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi",
    "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey",
    "NM": "New Mexico", "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma",
    "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee",
    "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia", "WA": "Washington", "WV": "West Virginia",
    "WI": "Wisconsin", "WY": "Wyoming",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class GazetteerPlace:
    """A row: geonames 0 when it has none; country ISO 3166-1 alpha-3 or ""; population weighs, it is not exported."""

    geonames: int
    name: str
    kind: str
    country: str
    admin1: str
    lat: float
    lon: float
    population: int


def is_place_name(name: str) -> bool:
    """Whether words that were taken for a place can name one: no month or weekday, no *pro-Israel*, no *liberty*."""
    if name in CALENDAR or name.lower().startswith(("pro-", "anti-")):
        return False
    return any(letter.isupper() for letter in name)


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in kilometres."""
    a, b, c, d = map(math.radians, (lat1, lon1, lat2, lon2))
    h = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 6371.0 * 2 * math.asin(min(1.0, math.sqrt(h)))


@dataclass(slots=True)
class Gazetteer:
    """All places by folded name; rows are parsed when they are asked for."""

    lines: list[str]
    by_name: dict[str, list[int]]
    parsed: dict[int, GazetteerPlace] = field(default_factory=dict)

    def row(self, number: int) -> GazetteerPlace:
        place = self.parsed.get(number)
        if place is None:
            geonames, name, kind, country, admin1, lat, lon, population, _ = self.lines[number].split("\t")
            place = self.parsed[number] = GazetteerPlace(
                int(geonames or 0), name, kind, country, admin1, float(lat), float(lon), int(population)
            )
        return place

    def candidates(self, name: str) -> list[GazetteerPlace]:
        """Every place of that name (any diacritics)."""
        key = fold_letters(name)
        if key in NO_PLACES:
            return []
        found = self.by_name.get(key)
        if found is None:
            key = key.removeprefix("the ").removeprefix("The ")
            if key.endswith("."):  # *Calif.*, *W. Va.*
                short = key.replace(" ", "").rstrip(".")
                key = US_STATES.get(short, POSTAL.get(short.replace(".", ""), key))
            found = self.by_name.get(key, [])
        return [self.row(number) for number in found]

    def resolve(
        self, names: Sequence[str], *, countries: Mapping[str, float] | None = None, inside: Sequence[str] | None = None
    ) -> list[GazetteerPlace | None]:
        """One place for each name of a document, or None when the gazetteer lacks it.

        Args:
            countries: ISO-3 → how often the document speaks of that state.
            inside: for each name the words that follow it after a comma (*Paris, Texas*), or "".
        """
        options = [self.candidates(name) for name in names]
        containers = [self._container(word) if word else None for word in inside or [""] * len(names)]
        told = {name: container for name, container in zip(names, containers, strict=True) if container is not None}
        containers = [told.get(name) for name in names]  # one town of a name in a text
        chosen = [
            max(found, key=lambda p: _prior(p, name) + _inside(p, container), default=None)
            for name, found, container in zip(names, options, containers, strict=True)
        ]
        for _ in range(ROUNDS):
            context = _Context.of(chosen, options, countries or {})
            chosen = [
                max(found, key=lambda p: context.score(p, name, container), default=None)
                for name, found, container in zip(names, options, containers, strict=True)
            ]
        return chosen

    def _container(self, within: str) -> GazetteerPlace | None:
        word = within.strip(" .,")
        word = US_STATES.get(word, POSTAL.get(word, word))
        return max(
            (p for p in self.candidates(word) if p.kind in {"region", "country"}),
            key=lambda p: p.population,
            default=None,
        )


@dataclass(frozen=True, slots=True)
class _Context:
    """What a document's other places say: shares of countries and of first-level units, and sure points."""

    countries: Mapping[str, float]
    units: Mapping[tuple[str, str], float]
    anchors: tuple[GazetteerPlace, ...]

    @classmethod
    def of(
        cls,
        chosen: Sequence[GazetteerPlace | None],
        options: Sequence[Sequence[GazetteerPlace]],
        states: Mapping[str, float],
    ) -> _Context:
        """Count once per name, so that a name does not vote itself up by being repeated."""
        countries: defaultdict[str, float] = defaultdict(float, {code: 0.5 * count for code, count in states.items()})
        units: defaultdict[tuple[str, str], float] = defaultdict(float)
        places = {place.name: (place, found) for place, found in zip(chosen, options, strict=True) if place is not None}
        for place, found in places.values():
            sure = 1.0 if len(found) == 1 or place.kind in {"country", "region"} else 0.5
            if place.country:
                countries[place.country] += sure
            if place.admin1:
                units[place.country, place.admin1] += sure
        total, units_total = sum(countries.values()) or 1.0, sum(units.values()) or 1.0
        anchors = tuple(place for place, _ in places.values() if place.kind not in {"country", "continent"})
        return cls(
            {code: count / total for code, count in countries.items()},
            {key: count / units_total for key, count in units.items()},
            anchors,
        )

    def score(self, place: GazetteerPlace, name: str, container: GazetteerPlace | None) -> float:
        score = _prior(place, name) + COUNTRY_SHARE * self.countries.get(place.country, 0.0)
        if place.kind != "country" and place.admin1:
            score += UNIT_SHARE * self.units.get((place.country, place.admin1), 0.0)
        near = 0.0
        for anchor in self.anchors:
            if anchor.name == place.name or abs(anchor.lat - place.lat) > 3 or abs(anchor.lon - place.lon) > 4:
                continue
            near += math.exp(-distance_km(anchor.lat, anchor.lon, place.lat, place.lon) / 100.0)
        score += NEAR * min(near, 2.5)
        return score + _inside(place, container)


def _inside(place: GazetteerPlace, container: GazetteerPlace | None) -> float:
    """What the words after a comma add (*Paris, Texas*)."""
    if container is None or place is container or place.country != container.country:
        return 0.0
    return CONTAINED if container.kind == "country" or place.admin1 == container.name else 0.0


def _prior(place: GazetteerPlace, name: str) -> float:
    main = MAIN_NAME if fold_letters(place.name) == fold_letters(name) else 0.0
    return math.log10(place.population + 1) + main + KIND_BONUS.get(place.kind, 0.0)


def load_gazetteer(state_forms: Iterable[tuple[str, str]] = ()) -> Gazetteer:
    """Read the gazetteer of the package.

    Args:
        state_forms: (country, name) pairs under which a state is found beside its main name.

    Raises:
        ResourceError: E201 when a file is missing.
    """
    lines = gzip.decompress(read_bytes("places/places.tsv.gz")).decode("utf-8").splitlines()
    spelt: list[tuple[str, str, float, float, list[str]]] = []
    for name, kind, country, lat, lon, *others in _own_rows():
        if kind == ALSO:
            spelt.append((name, country, float(lat), float(lon), "|".join(others).split("|")))
            continue
        lines.append(
            "\t".join(
                (
                    CONTINENTS.get(name, ""),
                    name,
                    kind,
                    country,
                    "",
                    lat,
                    lon,
                    LAND_WEIGHT if kind in LAND and country else OWN_WEIGHT,
                    "|".join([name, *(other for other in others if other)]),
                )
            )
        )
    by_name: dict[str, list[int]] = {}
    states: dict[str, int] = {}
    for number, line in enumerate(lines):
        parts = line.split("\t", 4)
        for name in line.rsplit("\t", 1)[1].split("|"):
            if name:
                by_name.setdefault(fold_letters(name) if not name.isascii() else name, []).append(number)
        if parts[2] == "country":
            states[parts[3]] = number
    for name, country, north, east, spellings in spelt:
        meant = _nearest(lines, by_name.get(fold_letters(name), ()), country, north, east)
        if meant is None:
            continue
        for spelling in spellings:
            found = by_name.setdefault(fold_letters(spelling), [])
            found[:] = [meant, *(other for other in found if other != meant)]
    for country, name in state_forms:
        if country in states and states[country] not in by_name.setdefault(fold_letters(name), []):
            by_name[fold_letters(name)].append(states[country])
    return Gazetteer(lines, by_name)


def _nearest(lines: Sequence[str], numbers: Iterable[int], country: str, lat: float, lon: float) -> int | None:
    """The row of that country that lies nearest to a point."""
    here: list[tuple[float, int]] = []
    for number in numbers:
        columns = lines[number].split("\t")
        if columns[3] == country:
            here.append((distance_km(lat, lon, float(columns[5]), float(columns[6])), number))
    return min(here, default=(0.0, None))[1]


def load_cities() -> dict[str, str]:
    """Lower-case folded name → countries (ISO-3, separated by spaces) of the large cities so called, largest first.

    The regions, islands, towns and camps of our own list stand before cities of their name.

    Raises:
        ResourceError: E201 when the file is missing.
    """
    text = gzip.decompress(read_bytes("places/cities.tsv.gz")).decode("utf-8")
    cities = dict(line.split("\t", 1) for line in text.splitlines())
    for name, country in load_land_names():
        if country:
            key = name.lower()
            others = [code for code in cities.get(key, "").split(" ") if code not in {country, ""}]
            cities[key] = " ".join([country, *others])
    return cities


def load_land_names() -> list[tuple[str, str]]:
    """Every folded name of the lands and towns of our own list with its country (ISO-3, "" where it is nobody's).

    Raises:
        ResourceError: E201 when the file is missing.
    """
    return [
        (fold_letters(spelling), country)
        for name, kind, country, _, _, *others in _own_rows()
        if kind in LAND or kind == ALSO
        for spelling in [name, *"|".join(others).split("|")]
        if spelling
    ]


def _own_rows() -> list[list[str]]:
    lines = read_text("places/own_places.tsv").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]
