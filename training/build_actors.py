"""Build the actor table: `python training/build_actors.py ../shared/data/actors`.

Reads the sources named in docs/linking.md and the project's own lists, writes `resources/actors/actors.tsv.gz`
(id, name, kind, country, sector, wikidata, source, family, names), `offices.tsv.gz` (person, office, sector, country,
from, to, end_known, source, overlap), `relations.tsv.gz` (see `build_relations`) and `first_names.tsv.gz` (name, m or f),
all sorted, and stops when an assertion about them fails.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
import sys
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from build_relations import check_relations, own_parties, relations

OUT = Path(__file__).parents[1] / "src/demarche/resources/actors"
FAMILY_FIRST = {"CHN", "TWN", "PRK", "KOR", "MAC"}
VARIANTS = [
    ("Sergei", "Sergey"), ("Andrei", "Andrey"), ("Alexei", "Aleksei"), ("Alexei", "Alexey"), ("Dmitri", "Dmitry"),
    ("Yuri", "Yury"), ("Mohammed", "Muhammad"), ("Mohammed", "Mohammad"), ("Mohammed", "Mohamed"), ("Hussein", "Hussain"),
    ("Vasily", "Vasiliy"), ("Vladimir", "Wladimir"), ("Nikolai", "Nikolay"), ("Alexander", "Aleksandr"),
    ("Aleksander", "Alexander"), ("Sergei", "Serhiy"), ("Abdul", "Abdel"), ("Ahmad", "Ahmed"), ("Yousef", "Youssef"),
    ("Faisal", "Faysal"), ("Volodymyr", "Vladimir"), ("Zelenskyy", "Zelensky"), ("Zelenskyy", "Zelenskiy"),
    ("Saud", "Saoud"), ("Hossein", "Hussein"), ("Dmytro", "Dmitry"), ("Aliaksandr", "Alexander"),
]  # fmt: skip
DEPENDENT = {
    "ASM", "GUM", "MNP", "PRI", "VIR", "NCL", "PYF", "WLF", "SPM", "BLM", "MAF", "ATF", "AND", "AIA", "BMU", "VGB", "CYM",
    "FLK", "GIB", "MSR", "PCN", "SHN", "TCA", "ABW", "CUW", "SXM", "FRO", "GRL", "GGY", "JEY", "IMN", "COK", "NIU", "TKL",
}  # fmt: skip
SMALL = {"of", "the", "for", "and", "in", "on", "to", "de", "la", "el", "al", "del", "des", "du", "y", "e", "a"}
DIRT = re.compile(
    r"^[:\-\s]+|^designate |^(?:Acting )?(?:Consul General|Principal Officer) |^Charge d' ?Affaires |^(?:ad inter\w*)\b|"
    r"^(?:Ambassador|President|Prime Minister|King|Queen|Dr\.|Gen\.|Lt\. Gen\.|Sheikh) (?=\S+ \S+)"
)


TITLES = frozenset(
    "of the and by for represented Minister Ministers Prefect Chair Chairman Chairperson Gen Sr Lt Col Maj Cabinet Governor "
    "General Counselor Infrastructure Ambassador President Prime Deputy Acting Interim King Queen Sheikh Emir Sultan Prince "
    "Princess Sac Speaker Commissioner Administrator Dr Mr Mrs Ms Sir Dame Captain Admiral Transitional State Council Adm "
    "Commander Marshal Field Excellency Secretary Affairs Foreign".split()
)
"""What stands before names in the factbook's lists."""


def fold(text: str) -> str:
    """Without diacritics, lower case."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower()


@dataclass
class Row:
    """One actor of the table."""

    id: str
    name: str
    kind: str
    country: str
    sector: str
    wikidata: str
    source: str
    family: str = ""
    names: set[str] = field(default_factory=set)


def read_csv(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        yield from csv.DictReader(handle)


def states(data: Path) -> tuple[list[Row], list[tuple[str, str, str]]]:
    """State rows and (country, form, name) rows: name, demonym, capital, seat."""
    own = tomllib.loads((OUT / "own_states.toml").read_text("utf-8"))
    forms: list[tuple[str, str, str]] = []
    rows: list[Row] = []
    qids = {}
    for line in (data / "countries/rigour_territories.jsonl").read_text("utf-8").splitlines():
        territory = json.loads(line)
        if territory.get("alpha3"):
            qids.setdefault(territory["alpha3"].upper(), territory.get("qid") or "")
    for entry in read_csv(data / "countries/factbook_country_names_2026.csv"):
        iso3 = entry["iso3"]
        if not iso3 or iso3 in {"ATA", "BVT", "ATF", "HMD", "IOT", "SGS", "SJM"}:
            continue
        short = re.split(r" \(|,", entry["short"])[0].removeprefix("The ").strip()
        names = [name for name in (short, entry["long"].split(";")[0].split("(")[0].strip()) if 3 < len(name) < 50]
        names = [name for name in names if name.lower() != "none"]
        names = [*own["names"].get(iso3, []), *names]
        names = [n for n in dict.fromkeys(names) if not (n == "Congo" and iso3 == "COG") and n != "The Dominican"]
        if not names:
            continue
        rows.append(Row(iso3, names[0], "state", iso3, "GOV", qids.get(iso3, ""), "factbook"))
        forms += [(iso3, "name", name) for name in names]
        adjectives = re.split(
            r",| or |;|/", re.sub(r"\(.*?\)", "", entry["nationality_adj"] + "," + entry["nationality_noun"])
        )
        known = {
            "KOR",
            "PRK",
            "HKG",
            "MAC",
            "ASM",
            "SPM",
            "SWZ",
            "SRB",
            "DMA",
            "ABW",
            "CUW",
            "GGY",
            "JEY",
            "VIR",
            "MNP",
        }
        wanted = own["demonyms"].get(iso3, [])
        if iso3 not in known:
            wanted = [*wanted, *(word.strip() for word in adjectives)]
        for word in dict.fromkeys(wanted):
            if (
                re.fullmatch(r"[A-ZÉ][\w.'’\- ]{1,24}", word)
                and word not in names
                and "term" not in word
                and word != "NA"
            ):
                forms.append((iso3, "demonym", word))
        capitals = own["capitals"].get(iso3)
        if capitals is None:
            first = re.split(r"[;,(]| in ", entry["capital"])[0].strip()
            capitals = [first] if re.match(r"[A-Z]", first) and first not in names else []
        forms += [(iso3, "capital", name) for name in capitals]
        forms += [(iso3, "seat", name) for name in own["seats"].get(iso3, [])]
    return rows, forms


def organisations(data: Path) -> list[Row]:
    rows: dict[str, Row] = {}
    taken: set[str] = set()
    own = tomllib.loads((OUT / "own_organisations.toml").read_text("utf-8"))
    for entry in own["actor"]:
        identifier = slug(entry["name"])
        names = {entry["name"], *entry.get("names", ())}
        if identifier in rows:
            rows[identifier].names |= names
            continue
        rows[identifier] = Row(
            identifier, entry["name"], entry["kind"], entry.get("country", ""), entry["sector"], "", "own", "", names
        )
        taken |= {fold(name) for name in names}
    taken |= {fold(name) for row in governing_parties(rows) for name in row.names}
    for row in [*phoenix(data), *ucdp(data), *parties(data)]:
        row.names = {name for name in row.names if fold(name) not in taken}
        if not row.names or row.id in rows:
            continue
        if row.name not in row.names:
            row.name = min(row.names)
        rows[row.id] = row
        taken |= {fold(name) for name in row.names}
    return list(rows.values())


def governing_parties(rows: dict[str, Row]) -> Iterator[Row]:
    """Put the parties of `own_parties.tsv` into `rows`, into the row of one of their names where there is one."""
    for country, name, others, _, _ in own_parties():
        names = {name, *filter(None, others.split(";"))}
        folded = {fold(n) for n in names}
        same = [row for row in rows.values() if row.country in {country, ""} and folded & {fold(n) for n in row.names}]
        if same:
            same[0].names |= names
            same[0].country = same[0].country or country * (same[0].kind != "group")
            for row in same[1:]:
                same[0].names |= rows.pop(row.id).names
        else:
            identifier = slug(name)
            rows[identifier] = Row(identifier, name, "organisation", country, "PTY", "", "own", "", names)
        yield same[0] if same else rows[identifier]


def slug(name: str) -> str:
    """The id of a body: `o:` and its name in plain letters."""
    return "o:" + re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")


def party_ids(bodies: Iterable[Row]) -> dict[tuple[str, str], str]:
    """(state, name) of each party of `own_parties.tsv` → its id."""
    by_name = {(fold(name), row.country): row.id for row in bodies for name in row.names}
    return {
        (country, name): by_name.get((fold(name), country)) or by_name[fold(name), ""]
        for country, name, *_ in own_parties()
    }


def _title(raw: str) -> str:
    words = [w for w in raw.strip().strip("_").replace("_", " ").split() if w]
    cased = [
        w.lower() if w.lower() in SMALL and i else "-".join(p.capitalize() for p in w.split("-"))
        for i, w in enumerate(words)
    ]
    return " ".join(cased)


PEOPLE = {"Kofi Atta Annan", "Alden Clausen", "Lewis Preston", "Ayman al Zawahiri", "Sheikh Ahmed Yassin"}
"""Entries of the Phoenix dictionaries that look like bodies."""


def phoenix(data: Path) -> Iterator[Row]:
    """Bodies and armed groups of the Phoenix dictionaries: only names of two words and more."""
    countries = {entry["iso3"] for entry in read_csv(data / "countries/factbook_country_names_2026.csv")} - {""}
    for file, kind in (
        ("Phoenix.International.actors.txt", "organisation"),
        ("Phoenix.MilNonState.actors.txt", "group"),
    ):
        names: list[str] = []
        for line in (data / "phoenix" / file).read_text("utf-8", "replace").splitlines():
            line = line.split("#")[0].split(";")[0].rstrip()
            if not line.strip():
                continue
            if code := re.search(r"\[([A-Z]{3,})", line):
                head = line[: code.start()].strip()
                if head:
                    names.append(head.lstrip("+"))
                yield from _phoenix_row(names, code[1], kind, countries)
                names = []
            else:
                if not line.startswith("+") and not line.startswith("\t"):
                    names = []
                names.append(line.strip().lstrip("+"))


def _phoenix_row(raw: list[str], code: str, kind: str, countries: set[str]) -> Iterator[Row]:
    names = [_title(name) for name in raw]
    names = [
        n
        for n in names
        if re.fullmatch(r"[A-Z][\w'\-&.() ]+", n)
        and not n.startswith("The ")
        and 2 <= len(n.split()) <= 7
        and len(n) > 9
    ]
    names = [
        n
        for n in names
        if not re.search(
            r"[()]|Secretary|President|Official|Spokes|Chief|Envoy|Ambassador|Minister\b|Commander|Worker", n
        )
    ]
    person_like = len(names) == 1 and len(names[0].split()) == 2 and code.startswith("IGOUNO")
    if not names or person_like or code[3:].startswith("ELI") or names[0] in PEOPLE:
        return
    country = code[:3] if code[:3] in countries else ""
    kinds = {"IGO": "IGO", "NGO": "NGO", "MNC": "BUS", "NGM": "NGO", "INT": "NGO", "IMG": "REB"}
    sector = code[3:6] if country and len(code) >= 6 else kinds.get(code[:3], "REB" if kind == "group" else "UNK")
    if kind == "organisation" and country and sector in {"", "BUS", "ELI", "GOV", "MIL"} and len(names[0].split()) == 2:
        return  # most of these are people
    name = min(names, key=lambda n: (names.index(n) > 0, n))
    identifier = slug(name)
    yield Row(identifier, name, kind, "" if kind == "group" else country, sector, "", "phoenix", "", set(names))


def ucdp(data: Path) -> Iterator[Row]:
    for entry in read_csv(data / "armed_groups/ucdp-actor-221.csv"):
        if entry["NameData"].startswith("Government of") or (entry["Org"] not in {"1", "2"} and not entry["NSID"]):
            continue
        full = entry["NameOrigFullEng"] if entry["NameOrigFullEng"] not in {"n/a", ""} else entry["NameData"]
        names = {n.strip() for n in (entry["NameData"], full, entry["NewNameFullEng"]) if n and n != "n/a"}
        names = {n for n in names if len(n) > 7 and " " in n and re.fullmatch(r"[A-Z][\w'’\- ]+", n)}
        names = {n for n in names if not re.search(r"upporters|ivilians|Shooter|Factions?$|Group$", n)}
        if names:
            name = min(names)
            identifier = slug(name)
            yield Row(identifier, name, "group", "", "REB", "", f"ucdp {entry['ActorId']}", "", names)


def parties(data: Path) -> Iterator[Row]:
    pattern = re.compile(
        r"((?:[A-Z][\w'’\-]+|of|the|for|and|in|de)(?: (?:[A-Z][\w'’\-]+|of|the|for|and|in|de|la|du)){1,6}) or [A-Z][A-Za-z\-]{1,7}\b"
    )
    for entry in read_csv(data / "countries/factbook_country_names_2026.csv"):
        for match in pattern.finditer(entry["parties"] if entry["iso3"] else ""):
            name = match[1]
            if 10 < len(name) < 60 and re.search(
                r"Party|Front|Movement|Alliance|Union|Congress|Democra|League|Rally|People", name
            ):
                identifier = f"o:{entry['iso3'].lower()}-" + re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")
                yield Row(identifier, name, "organisation", entry["iso3"], "PTY", "", "factbook", "", {name})


def clean_name(raw: str) -> str:
    name = re.sub(r"\(.*?\)|\".*?\"|“.*?”", "", raw).replace("’", "'")
    for _ in range(3):
        name = DIRT.sub("", name).strip()
    name = re.split(r"; note|;", name)[0]
    name = re.sub(r",? (?:Jr|Sr|II|III|IV)\.?$", "", name)
    name = name.split(",")[0] if len(name.split(",")[0].split()) > 1 else name.split(",")[-1]
    words = name.split()
    last = max((i for i, word in enumerate(words[:-2]) if word.strip(".,") in TITLES), default=-1)
    return re.sub(r"\s+", " ", " ".join(words[last + 1 :])).strip(" ,.")


def name_forms(name: str) -> set[str]:
    """Spellings a text may use: without middle names, with other transliterations, without a middle initial."""
    forms = {name}
    words = name.split()
    if (len(words) == 3 and re.fullmatch(r"[A-Z]\.?", words[1])) or (
        len(words) == 3
        and "-" not in name
        and words[1].lower() not in {"al", "bin", "ben", "van", "von", "de", "el", "di", "da"}
    ):
        forms.add(f"{words[0]} {words[2]}")
    for one, other in VARIANTS:
        for form in list(forms):
            if one in form.split():
                forms.add(form.replace(one, other))
            elif other in form.split():
                forms.add(form.replace(other, one))
    for form in list(forms):
        if re.search(r"\bal-", form):
            forms |= {form.replace(" al-", " "), form.replace(" al-", " Al-"), form.replace(" al-", " al ")}
        if re.search(r"\bAl-", form):
            forms |= {form.replace(" Al-", " al-"), form.replace(" Al-", " ")}
        if form.endswith("iy"):
            forms.add(form[:-2] + "y")
        if form.endswith("yy"):
            forms |= {form[:-1], form[:-2] + "iy"}
    forms |= {form.replace(" bin ", " Bin ") for form in forms}
    return {f for f in forms if " " in f}


def family_of(name: str, given: str, country: str) -> str:
    if given:
        return given
    words = name.split()
    if len(words) > 1 and re.fullmatch(r"[IVX]+", words[-1]):  # *King Abdullah II*
        words.pop()
    if country in FAMILY_FIRST and len(words) in (2, 3) and (len(words[0]) <= 6 or "-" in words[-1]):
        return words[0]
    for index, word in enumerate(words[1:-1], 1):
        if (
            word.lower() in {"van", "von", "de", "der", "bin", "al", "el", "da", "dos", "di", "del", "ben"}
            and index >= 1
        ):
            return " ".join(words[index:]) if word.lower() not in {"bin", "ben"} else words[-1]
    return words[-1] if words else ""


def people(data: Path, forms: Iterable[tuple[str, str, str]]) -> tuple[list[Row], list[tuple[str, ...]]]:
    enwiki = {
        e["person_qid"]: re.sub(r" \(.*", "", e["enwiki"])
        for e in read_csv(data / "cabinets/persons_bio.csv")
        if e["enwiki"]
    }
    rows: dict[str, Row] = {}
    by_name: dict[tuple[str, str], str] = {}
    offices: list[tuple[str, ...]] = []
    source = [dict(e) for e in read_csv(data / "leaders/officeholders_unified.csv")]
    source += list(_congress(data)) + list(_igo_heads(data)) + list(_foreign_ministers(data, forms))
    states_named = {fold(name) for _, form, name in forms if form == "name"}
    source.sort(key=lambda e: (not e["person_qid"], e["iso3"], e["name"], e["start"]))
    for entry in source:
        name = clean_name(entry["name"])
        if (
            not name
            or not re.match(r"[^\W\d_]", name)
            or (name[0].islower() and not re.match(r"(?:al|el|ad|as|ash|an|at|ar|de|d)[-' ]", name))
            or re.search(r"[Ѐ-ӿ؀-ۿ一-鿿]", name)
            or (" " not in name and len(name) < 5)
            or fold(name) in states_named
        ):
            continue
        name = " ".join(w.capitalize() if w.isupper() and len(w) > 3 else w for w in name.split())
        country = entry["iso3"]
        if country in DEPENDENT and re.match(r"(?:Vice )?President|King|Queen|Co-prince", entry["office"]):
            continue  # the head of state of another state, who stands there
        key = (fold(name), country)
        identifier = (
            entry["person_qid"]
            or by_name.get(key)
            or by_name.get((_short(name), country))
            or ("x:" + hashlib.sha256(f"{fold(name)}|{country}".encode()).hexdigest()[:12])
        )
        row = rows.get(identifier)
        if row is None:
            sector = entry["sector"].split(";")[0]
            row = rows[identifier] = Row(
                identifier, name, "person", country, sector, entry["person_qid"], entry["source"].split(" ")[0]
            )
        row.names |= name_forms(name)
        family = fold(entry["family_name"])
        if family and len(name.split()) > 2 and country not in FAMILY_FIRST and not fold(name).startswith(family):
            row.names |= name_forms(f"{name.split()[0]} {_cased(entry['family_name'])}")
        if country and entry["sector"][:3] not in {"IGO", ""}:
            row.country = country
        if " " not in name:
            row.names.add(name)
        if alias := enwiki.get(identifier):
            row.names |= name_forms(clean_name(alias))
        if not row.family or entry["family_name"]:
            row.family = family_of(name, entry["family_name"], country)
        by_name.setdefault(key, identifier)
        by_name.setdefault((_short(name), country), identifier)
        start, end = entry["start"], entry["end"]
        offices.append(
            (
                identifier,
                _office(entry),
                entry["sector"],
                country,
                start,
                end,
                entry["end_known"],
                entry["source"].split(" ")[0],
                "",
            )
        )
    offices = merge_twins(rows, offices)
    offices += own_people(rows)
    return list(rows.values()), mark_overlaps(sorted(set(offices)))


def merge_twins(rows: dict[str, Row], offices: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """One row where two sources write a name differently (*Joe Biden*, *Joseph R. Biden*): same state and family name,
    and the same office from the same month on. The row with a Wikidata id stays.
    """
    first: dict[tuple[str, ...], str] = {}
    into: dict[str, str] = {}
    for row in sorted(offices, key=lambda o: (o[0][0] != "Q", o)):
        person = rows[row[0]]
        if len(row[4]) < 7 or not row[3]:
            continue
        key = row[3], row[1].lower(), row[4][:7], fold(person.family)
        other = first.setdefault(key, row[0])
        if other != row[0] and row[0][0] != "Q" and other not in into:
            into.setdefault(row[0], other)
    for old, new in into.items():
        rows[new].names |= rows[old].names
        del rows[old]
    return [(into.get(row[0], row[0]), *row[1:]) for row in offices]


def own_people(rows: dict[str, Row]) -> list[tuple[str, ...]]:
    """Put the project's own people into `rows`, into the row of the same name where there is one; their offices."""
    by_form: dict[str, list[Row]] = {}
    for row in rows.values():
        for form in row.names:
            by_form.setdefault(fold(form), []).append(row)
    offices: list[tuple[str, ...]] = []
    for line in (OUT / "own_people.tsv").read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        name, country, sector, office, start, end, others = line.split("\t")
        same = [r for r in by_form.get(fold(name), []) if not country or r.country in {country, ""}]
        row = min(same, key=lambda r: (r.id[0] != "Q", r.id), default=None)
        if row is None:
            identifier = "x:" + hashlib.sha256(f"{fold(name)}|{country}".encode()).hexdigest()[:12]
            row = rows.setdefault(identifier, Row(identifier, name, "person", country, sector, "", "own"))
            row.family = family_of(name, "", country)
        row.country = row.country or country
        for form in (name, *filter(None, others.split("|"))):
            row.names |= name_forms(form) | {form}
        offices.append((row.id, office, sector, country, start, end, "yes" if end and start else "own", "own", ""))
    return offices


def mark_overlaps(offices: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The last column says `overlap` where another person holds the same office of the state at the same time: a
    collective office, a disputed one, or sources that differ by some days.
    """
    held: dict[tuple[str, str], list[int]] = {}
    for number, row in enumerate(offices):
        held.setdefault((row[3], row[1].lower()), []).append(number)
    marked = set()
    for numbers in held.values():
        for i, one in enumerate(numbers):
            for other in numbers[i + 1 :]:
                if offices[one][0] != offices[other][0] and overlapping(offices[one], offices[other]):
                    marked |= {one, other}
    return [(*row[:8], "overlap" if number in marked else "") for number, row in enumerate(offices)]


def overlapping(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two rows share days; an unknown end is open."""
    return one[4] < (other[5] or "9") and other[4] < (one[5] or "9")


def first_names(data: Path) -> list[tuple[str, ...]]:
    """First names that nine in ten of at least three people of one sex bear."""
    counts: dict[str, dict[str, int]] = {}
    for entry in read_csv(data / "cabinets/persons_bio.csv"):
        first = fold(entry["name"].split(" ")[0])
        if entry["gender"] in {"male", "female"} and first.isalpha() and len(first) > 1:
            counts.setdefault(first, {"male": 0, "female": 0})[entry["gender"]] += 1
    rows = []
    for name, count in sorted(counts.items()):
        total = sum(count.values())
        sex = max(count, key=lambda key: count[key])
        if total >= 3 and count[sex] >= 0.9 * total:
            rows.append((name, sex[0]))
    return rows


def _cased(name: str) -> str:
    return " ".join(word.capitalize() if word.isupper() else word for word in name.split())


def _short(name: str) -> str:
    words = fold(name).split()
    return f"{words[0]} {words[-1]}"


def _office(entry: dict[str, str]) -> str:
    office = re.sub(r"\s+", " ", entry["office"]).strip()
    return office


def _congress(data: Path) -> Iterator[dict[str, str]]:
    titles = {"prez": "President", "viceprez": "Vice President", "sen": "Senator", "rep": "Representative"}
    for e in read_csv(data / "leaders/us_executive_congress_1990_2026.csv"):
        name = e["name"]
        words = name.split()
        if e["nickname"] and len(words) >= 2:
            name = f"{e['nickname']} {e['last']}"
        elif len(words) == 3:
            name = f"{words[0]} {words[2]}"
        gov = e["type"] in {"prez", "viceprez"}
        yield {
            "person_qid": e["person_qid"],
            "name": name,
            "iso3": "USA",
            "office": titles.get(e["type"], e["type"]),
            "sector": "GOV" if gov else "LEG",
            "start": e["start"],
            "end": e["end"],
            "end_known": "yes",
            "family_name": e["last"],
            "source": "congress-legislators",
        }


def _igo_heads(data: Path) -> Iterator[dict[str, str]]:
    for e in read_csv(data / "leaders/wikidata_igo_heads_2023.csv"):
        if e["person"] and not re.match(r"Q\d", e["person"]):
            yield {
                "person_qid": e["personID"],
                "name": e["person"].split(",")[0],
                "iso3": "",
                "office": e["position"],
                "sector": "IGO",
                "start": e["start"],
                "end": e["end"],
                "end_known": "yes" if e["end"] else "open_at_2023-01-01",
                "family_name": "",
                "source": "wikidata-igo",
            }


def _foreign_ministers(data: Path, forms: Iterable[tuple[str, str, str]]) -> Iterator[dict[str, str]]:
    """Foreign ministers in office in 2022; rows without a name or a country of ours are left out."""
    countries = {fold(name): country for country, form, name in forms if form == "name"}
    for e in read_csv(data / "leaders/wikidata_foreign_ministers_2022.csv"):
        country = countries.get(fold(e["countryLabel"]))
        if country and e["name"] and not re.match(r"Q\d", e["name"]) and len(e["start"]) >= 7:
            yield {
                "person_qid": e["person"] if re.fullmatch(r"Q\d+", e["person"]) else "",
                "name": e["name"],
                "iso3": country,
                "office": e["positionLabel"],
                "sector": "GOV;MFA",
                "start": e["start"],
                "end": "",
                "end_known": "last_seen_2022-12-31",
                "family_name": "",
                "source": "wikidata-foreign-ministers",
            }


def write(path: Path, rows: Sequence[tuple[str, ...]]) -> None:
    text = "".join("\t".join(c.replace("\t", " ").replace("\n", " ") for c in row) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(path.name, len(rows), "rows", path.stat().st_size, "bytes")


def main() -> None:
    data = Path(sys.argv[1])
    countries, forms = states(data)
    bodies = organisations(data)
    persons, offices = people(data, forms)
    people_names = {fold(name) for row in persons for name in row.names}
    for body in bodies:  # a leader's name among those of his movement
        body.names = {name for name in body.names if fold(name) not in people_names}
    bodies = [body for body in bodies if body.names]
    assert len(countries) >= 190, "at least 190 states"
    table = countries + bodies + persons
    assert len({row.id for row in table}) == len(table), "ids are unique"
    assert all(row[7] for row in offices), "every office sourced"
    assert mark_overlaps(offices) == offices, "no office is held twice at once without a mark"
    assert all(row.source for row in table), "every row sourced"
    related = relations(data, party_ids(bodies))
    check_relations(related, {row.id for row in table})
    names = sum(len(row.names) for row in table) + len(forms)
    assert names >= 25_000, names
    print(
        len(countries),
        "states",
        len(forms),
        "state forms",
        len(bodies),
        "bodies",
        len(persons),
        "people",
        len(offices),
        "offices",
        names,
        "names",
    )
    write(OUT / "states.tsv.gz", sorted(set(forms)))
    write(
        OUT / "actors.tsv.gz",
        sorted(
            (r.id, r.name, r.kind, r.country, r.sector, r.wikidata, r.source, r.family, "|".join(sorted(r.names)))
            for r in table
        ),
    )
    write(OUT / "offices.tsv.gz", offices)
    write(OUT / "relations.tsv.gz", related)
    write(OUT / "first_names.tsv.gz", first_names(data))


if __name__ == "__main__":
    main()
