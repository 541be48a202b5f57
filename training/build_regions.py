"""Build the list of places whose names contain a state's: `python -m training.build_regions`.

*New Mexico*, *British Columbia*, *South China Sea* are no Mexico, no Britain, no China. From the gazetteer of the
package (GeoNames, CC BY 4.0) all regions and cities with such names, and the seas and lands below, which belong to no
state. Writes resources/actors/regions.tsv: `country<TAB>name`, the country empty for nobody's.
"""

from __future__ import annotations

import gzip
from pathlib import Path

from demarche.linking.folding import fold_letters
from demarche.linking.tables import load_tables

RESOURCES = Path(__file__).parents[1] / "src/demarche/resources"
NOBODYS = (
    "South China Sea|East China Sea|Sea of Japan|Philippine Sea|Indian Ocean|Persian Gulf|Arabian Gulf|Gulf of Oman|"
    "Gulf of Mexico|Gulf of Thailand|Gulf of Guinea|Gulf of Panama|Gulf of Finland|Gulf of Tunis|Arabian Sea|Irish Sea|"
    "English Channel|Bay of Panama|Lake Malawi|Norwegian Sea|Mozambique Channel|Sicilian Channel|Solomon Sea|"
    "Japan Trench|Iberian Peninsula|Korean Peninsula|Arabian Peninsula|Malay Peninsula|Indian subcontinent|"
    "Horn of Africa|Latin America|Central America|North America|South America"
).split("|")
OF_A_STATE = {
    "New England": "USA", "Ivory Coast": "CIV", "Gulf of California": "MEX", "Great Barrier Reef": "AUS",
    "Northern Ireland": "GBR",
}  # fmt: skip


def main() -> None:
    """Write the list."""
    tables = load_tables(regions=False)
    found: dict[str, tuple[int, str]] = {}
    with gzip.open(RESOURCES / "places/places.tsv.gz", "rt", encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines]
    for _, name, kind, country, _, _, _, population, *_ in rows:
        folded = fold_letters(name)
        if kind == "country" or folded in tables.names or not (" " in folded or "-" in folded):
            continue
        first = [hit.candidates[0] for hit in tables.search(folded)]
        if any(c.form in {"name", "demonym", "capital", "people"} and c.id != country for c in first):
            found[folded] = max(found.get(folded, (0, "")), (int(population), country))
    named = {name: country for name, (_, country) in found.items()}
    named |= {name: country for name, country in OF_A_STATE.items() if name not in tables.names}
    named |= {name: "" for name in NOBODYS if name not in tables.names}
    text = "".join(f"{country}\t{name}\n" for name, country in sorted(named.items()))
    (RESOURCES / "actors/regions.tsv").write_text(text, encoding="utf-8")
    print(f"{len(named)} names")


if __name__ == "__main__":
    main()
