"""Table of country codes for the exchange forms: `python -m training.build_country_codes ../shared/data`.

Writes src/demarche/resources/export/countries.tsv: ISO 3166-1 alpha-3, short name, Correlates of War number, FIPS 10-4
(GEC) code. From the CIA factbook's list of names (public domain) and the Correlates of War list of states (2016).
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

OUT = Path(__file__).resolve().parents[1] / "src" / "demarche" / "resources" / "export" / "countries.tsv"

OTHER_NAMES = {
    "United States of America": "USA", "Democratic Republic of the Congo": "COD", "Congo": "COG", "Ivory Coast": "CIV",
    "North Korea": "PRK", "South Korea": "KOR", "Myanmar": "MMR", "Turkey": "TUR", "Macedonia": "MKD",
    "Swaziland": "SWZ", "Cape Verde": "CPV", "East Timor": "TLS", "Bahamas": "BHS", "Gambia": "GMB",
    "Czech Republic": "CZE", "Federated States of Micronesia": "FSM", "Yugoslavia": "SRB", "Vietnam": "VNM",
    "St. Kitts and Nevis": "KNA", "St. Lucia": "LCA", "St. Vincent and the Grenadines": "VCT", "Kosovo": "XKX",
    "Antigua & Barbuda": "ATG", "Sao Tome and Principe": "STP", "German Federal Republic": "DEU", "Germany": "DEU",
    "Taiwan": "TWN", "Brunei": "BRN", "Syria": "SYR", "Laos": "LAO",
    "Dominican Republic": "DOM", "Central African Republic": "CAF", "United Arab Emirates": "ARE",
}  # fmt: skip
"""Names in the Correlates of War list that the factbook spells otherwise."""


def _name(row: dict[str, str]) -> str:
    own = {"PSE": "Palestine", "COD": "DR Congo", "MMR": "Myanmar"}.get(row["iso3"])
    if own:
        return own
    short = row["short"] if row["short"] not in ("none", "The Dominican") else row["long"]
    return short.split(" (")[0]


def main(data: Path) -> None:
    folder = data / "actors" / "countries"
    with (folder / "factbook_country_names_2026.csv").open(encoding="utf-8") as file:
        states = {row["iso3"]: row for row in csv.DictReader(file) if len(row["iso3"]) == 3 and row["iso3"].isalpha()}
    by_name = {row["short"]: code for code, row in states.items()} | OTHER_NAMES
    numbers: dict[str, str] = {}
    missing = []
    with (folder / "cow_states2016.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            code = by_name.get(row["statenme"])
            if row["endyear"] != "2016":
                continue
            if code is None:
                missing.append(row["statenme"])
            else:
                numbers[code] = row["ccode"]
    if missing:
        sys.exit(f"no ISO code for: {', '.join(missing)}")
    OUT.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        f"{code}\t{_name(row)}\t{numbers.get(code, '')}\t{row['gec'].upper()}\n" for code, row in sorted(states.items())
    ]
    OUT.write_text("".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
