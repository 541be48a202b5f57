"""Build the lists that the name head reads: `python -m training.build_names` (training requirements installed).

Places and bodies from the product's own tables (GeoNames CC BY 4.0, Phoenix MIT, Wikidata and Factbook), companies of
stock indices (pytickersymbols, MIT), names of persons (Faker, MIT; the actor table), and training/tasks/own_names.toml.
Words that the treebanks' training texts write without a capital are left out as single names: too common to tell.
Writes weights/names.tsv.gz: `letters<TAB>words in lower case`; see demarche.syntax.name_lists.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import pkgutil
import re
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from demarche.syntax import read_conllu
from demarche.syntax.lexicon import load_lexicon
from demarche.syntax.words import split_words
from training.tasks.gazetteer import read_nationalities, words

__all__ = ["company_names", "given_and_surnames", "main"]

RESOURCES = Path(__file__).parents[1] / "src/demarche/resources"
LEGAL = re.compile(
    r",? (?:Inc|Corp|Corporation|Ltd|Limited|PLC|plc|AG|SE|SA|S\.A|NV|N\.V|Co|Company|Holdings?|Group|LLC|SpA"
    r"|S\.p\.A|AB|ASA|Oyj|KGaA)\.?$"
)
LEAST = 40_000
"""People of a city whose name is listed."""
_LONGEST = 6


def fold(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _rows(path: Path) -> Iterator[list[str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield line.rstrip("\n").split("\t")


def _own(key: str) -> list[str]:
    text = tomllib.loads((Path(__file__).parent / "tasks/own_names.toml").read_text("utf-8"))[key]
    return [line for line in text.split("\n") if line]


def place_names() -> Iterator[str]:
    """Countries, their regions and cities, seas, and places of own_names.toml."""
    for row in _rows(RESOURCES / "places/places.tsv.gz"):
        if row[2] == "region" or int(row[7] or 0) >= LEAST:
            yield row[1]
            if int(row[7] or 0) >= 1_000_000:
                yield from row[8].split("|")
    for row in _rows(RESOURCES / "actors/states.tsv.gz"):
        if row[1] in ("name", "capital", "seat"):
            yield row[2]
    for line in (RESOURCES / "places/own_places.tsv").read_text("utf-8").splitlines():
        cells = line.split("\t")
        if not line.startswith("#"):
            yield cells[0]
            yield from (cells[5].split("|") if len(cells) > 5 else ())
    yield from _own("places")


def company_names() -> Iterator[str]:
    """Companies as news writes them: with and without the legal ending."""
    tickers = importlib.import_module("pytickersymbols").PyTickerSymbols()
    for stock in tickers.get_all_stocks():
        yield from _short(stock["name"])


def _short(name: str) -> Iterator[str]:
    yield name
    plain = name.removeprefix("The ")
    while (cut := LEGAL.sub("", plain)) != plain:
        plain = cut
    yield plain


def body_names() -> Iterator[str]:
    """Organisations and groups of the actor tables, companies, own lists."""
    for row in _rows(RESOURCES / "actors/actors.tsv.gz"):
        if row[2] in ("organisation", "alliance", "group"):
            for name in {row[1], *(row[7].split("|") if len(row) > 7 else ())}:
                yield from _short(name)
    tables = tomllib.loads((RESOURCES / "actors/own_organisations.toml").read_text("utf-8"))
    for actor in tables["actor"]:
        yield actor["name"]
        yield from (n for n in actor.get("names", ()) if n not in ("Brussels", "Berlaymont"))
    yield from company_names()
    for key in ("agencies_and_media", "bodies", "companies", "teams"):
        yield from _own(key)


def given_and_surnames() -> tuple[set[str], set[str]]:
    """Given names and surnames in Latin letters: Faker's of all its languages, and those of the actor table."""
    given: set[str] = set()
    surnames: set[str] = set()
    people = importlib.import_module("faker.providers.person")
    for module in pkgutil.iter_modules(people.__path__):
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        for store, keys in (
            (given, ("first_names", "first_names_male", "first_names_female")),
            (surnames, ("last_names", "last_names_male", "last_names_female")),
        ):
            for key in keys:
                found = getattr(provider, key, ())
                store.update(str(n) for n in (found if isinstance(found, (list, tuple, dict, set)) else ()))
    for row in _rows(RESOURCES / "actors/actors.tsv.gz"):
        parts = row[1].split()
        if row[2] == "person" and 1 < len(parts) < 5:
            given.add(parts[0])
            surnames.add(parts[-1])
    latin = lambda name: len(name) > 2 and name[0].isupper() and max(fold(name)) < "ɐ" and " " not in name  # noqa: E731
    return {n for n in given if latin(n)}, {n for n in surnames if latin(n)}


def main() -> None:
    """Write the lists."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, default=Path("../shared/data"))
    arguments.add_argument("--out", type=Path, default=Path("src/demarche/syntax/weights/names.tsv.gz"))
    options = arguments.parse_args()
    common: Counter[str] = Counter()
    for path in ("ud/en_ewt-ud-train.conllu", "ud/en_gum-open-train.conllu"):
        for sentence in read_conllu(options.data / path):
            common.update(form for form in sentence.tree.forms if form.islower())
    letters: dict[str, set[str]] = defaultdict(set)
    for letter, names in (("L", place_names()), ("O", body_names())):
        for name in names:
            cut = " ".join(w.text for w in split_words(name, load_lexicon())).lower()
            size = cut.count(" ") + 1
            strong = name in _STRONG
            if len(cut) > 1 and size <= _LONGEST and (strong or size > 1 or common[cut] < 2):
                letters[cut].add(letter)
                letters[" ".join(w.text for w in split_words(fold(name), load_lexicon())).lower()].add(letter)
    given, surnames = given_and_surnames()
    for letter, found in (("g", given), ("s", surnames), ("n", read_nationalities(options.data))):
        for name in found:
            if common[name.lower()] < 2:
                letters[name.lower()].add(letter)
                letters[fold(name).lower()].add(letter)
    for letter, key in (("e", "organisation_ends"), ("t", "names_titles")):
        for name in words(key):
            letters[name].add(letter)
    lines = [f"{''.join(sorted(kinds))}\t{name}\n" for name, kinds in sorted(letters.items()) if "\t" not in name]
    options.out.write_bytes(gzip.compress("".join(lines).encode(), 9, mtime=0))
    print(len(lines), "names", options.out.stat().st_size, "bytes", Counter(k for s in letters.values() for k in s))


_STRONG = frozenset(
    name for key in ("agencies_and_media", "bodies", "companies", "teams", "places") for name in _own(key)
)


if __name__ == "__main__":
    main()
