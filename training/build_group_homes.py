"""Home states of armed groups, for the exchange forms that need a country for every actor.

`python -m training.build_group_homes --shared ../shared` writes resources/coding/group_homes.tsv (`name<TAB>country`):
Phoenix's code where it begins with a state, UCDP's location where there is one only, and OWN where neither says it.
The record itself leaves the country of such groups empty: they do not act for the state they fight.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import re
from pathlib import Path

RESOURCES = Path(__file__).parents[1] / "src/demarche/resources"
OWN = {
    "AFG": "Taliban", "LBN": "Hezbollah|Amal", "PSE": "Hamas|Islamic Jihad|Fatah|Palestine Liberation Organization",
    "SOM": "al-Shabaab", "YEM": "Houthis", "NGA": "Boko Haram|ISWAP", "COL": "FARC|National Liberation Army|ELN",
    "TUR": "Kurdistan Workers' Party", "LKA": "Tamil Tigers|Liberation Tigers of Tamil Eelam", "ESP": "ETA",
    "GBR": "Irish Republican Army", "SLE": "Revolutionary United Front", "RWA": "Rwandan Patriotic Front",
    "LBR": "National Patriotic Front of Liberia", "AGO": "UNITA", "MOZ": "Renamo", "ESH": "Polisario Front",
    "XKX": "Kosovo Liberation Army", "PHL": "Moro Islamic Liberation Front|Abu Sayyaf|New People's Army",
    "UGA": "Lord's Resistance Army|Allied Democratic Forces", "COD": "M23", "SDN": "Rapid Support Forces",
    "ETH": "Tigray People's Liberation Front|Oromo Liberation Army", "PER": "Shining Path", "MEX": "Zapatistas",
    "KHM": "Khmer Rouge", "SYR": "Free Syrian Army|Syrian Democratic Forces|Hayat Tahrir al-Sham",
    "PAK": "Tehrik-i-Taliban Pakistan|Lashkar-e-Taiba|Jaish-e-Mohammed", "RUS": "Wagner Group",
    "IRQ": "Islamic State|Kataib Hezbollah", "MMR": "Arakan Army|ARSA", "MLI": "Coordination of Azawad Movements",
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    data = parser.parse_args().shared / "data/actors"
    names = {fold(name): name for name in group_names()}
    homes: dict[str, str] = {}
    for country, group in (*ucdp(data), *phoenix(data), *((c, g) for c, row in OWN.items() for g in row.split("|"))):
        if fold(group) in names:
            homes[names[fold(group)]] = country
    lines = [f"{name}\t{country}\n" for name, country in sorted(homes.items())]
    (RESOURCES / "coding/group_homes.tsv").write_text("".join(lines), encoding="utf-8")


def fold(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", name.lower()).strip()


def group_names() -> list[str]:
    """Every name of a group of the actor table, its own and the others."""
    table = gzip.decompress((RESOURCES / "actors/actors.tsv.gz").read_bytes()).decode("utf-8")
    rows = [line.split("\t") for line in table.splitlines()]
    return [row[1] for row in rows if len(row) > 4 and row[2] == "group"]


def states() -> dict[str, str]:
    """Country name, as UCDP writes it → ISO 3166-1 alpha-3."""
    lines = (RESOURCES / "export/countries.tsv").read_text("utf-8").splitlines()
    return {row[1]: row[0] for row in (line.split("\t") for line in lines)}


def ucdp(data: Path) -> list[tuple[str, str]]:
    known = states()
    found = []
    with (data / "armed_groups/ucdp-actor-221.csv").open(encoding="utf-8-sig") as lines:
        for row in csv.DictReader(lines):
            place = re.sub(r" \(.*\)", "", row["Location"])
            if place in known:
                found += [(known[place], row[key]) for key in ("NameData", "NameOrigFullEng") if row[key]]
    return found


def phoenix(data: Path) -> list[tuple[str, str]]:
    known = set(states().values())
    found: list[tuple[str, str]] = []
    names: list[str] = []
    for line in (data / "phoenix/Phoenix.MilNonState.actors.txt").read_text("utf-8", "replace").splitlines():
        if match := re.match(r"\s*\[([A-Z]{3})", line):
            if match[1] in known:
                found += [(match[1], name) for name in names]
        elif line.strip() and not line.startswith("#"):
            names = [*names, line] if line.startswith("+") else [line]
    return [(country, name.strip("+ _").replace("_", " ")) for country, name in found]


if __name__ == "__main__":
    main()
