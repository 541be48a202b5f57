"""Words that are towns too: `python training/build_common_words.py ../shared/data/ud`.

Names of `resources/places` that the training treebanks (UD EWT and GUM, CC BY-SA 4.0 and CC BY 4.0) write with a small
letter as common words, with months and days of the week. Writes `resources/places/common_words.txt`, sorted.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

OUT = Path(__file__).parents[1] / "src/demarche/resources/places"
CALENDAR = (
    "january february march april may june july august september october november december jan feb mar apr jun jul aug "
    "sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun"
).split()


def main() -> None:
    towns = set()
    for line in gzip.decompress((OUT / "places.tsv.gz").read_bytes()).decode("utf-8").splitlines():
        towns |= {name.lower() for name in line.rsplit("\t", 1)[1].split("|")}
    words = set(CALENDAR)
    for path in sorted(Path(sys.argv[1]).glob("*train.conllu")):
        for line in path.read_text("utf-8").splitlines():
            columns = line.split("\t")
            if len(columns) == 10 and columns[1].isalpha() and columns[1].islower() and columns[3] != "PROPN":
                words.add(columns[1])
    found = sorted(word for word in words if word in towns or word in CALENDAR)
    assert "march" in found
    assert len(found) > 100
    (OUT / "common_words.txt").write_text("".join(word + "\n" for word in found), "utf-8")
    print(len(found), "words")


if __name__ == "__main__":
    main()
