"""The room's board: who, when and how fast; places and metonyms are in `evaluate_places`.

Every set is measured as a user meets it: articles are read and parsed first, by whoever calls (`Prepare`), since this
room knows no parser. Hits are counted over mentions, never over distinct names.
"""

from __future__ import annotations

import csv
import difflib
import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from demarche.linking.folding import fold_letters
from demarche.linking.linker import Linker, load_linker
from demarche.records import Actor, Article, BoardRow, Linked, Mention, MentionKind, Sentence, Time, Tree
from demarche.resources import read_text

__all__ = ["BoardRow", "Parsed", "Prepare", "evaluate_linking"]

Span = tuple[int, int]
PLAIN_NAME = re.compile(r"[A-Z][A-Za-z'.\-]*(?: [A-Za-z'.\-]+)+")
SAMPLED = 500
SEED = 20220317
TITLE_NAME = re.compile(
    r"\b(?:President|Prime Minister|Premier|Chancellor|(?:Foreign|Defen[cs]e|Interior|Finance|Health|Trade|Energy|"
    r"Justice|Oil) Minister|Foreign Secretary|Secretary of State|King|Queen|Emir|Crown Prince|Vice President|"
    r"Secretary-General|Ambassador|Attorney General|Sen\.|Senator|Rep\.) "
    r"((?:[A-Z][\w'’\-]+ ){1,2}(?:al-|bin |van |de )?[A-Z][\w'’\-]+)"
)  # fmt: skip

FLOORS = {
    ("dev articles", "speaker country"): 0.935,
    ("dev articles", "actor country, of sides named"): 0.95,
    ("dev articles", "actor country"): 0.85,
    ("reference article", "actor country"): 0.915,
    ("GUM dev, news", "CoNLL F1"): 0.52,
    ("GUM dev, all genres", "CoNLL F1"): 0.51,
    ("LGL", "within 161 km, of found"): 0.84,
    ("GWN", "within 161 km, of found"): 0.935,
    ("GWN", "toponym F1"): 0.78,
    ("ReLocaR test", "government or place"): 0.83,
    ("GWN", "government or place"): 0.885,
    ("GWN texts", "title + name found"): 0.85,
    ("60 time phrases", "interval right"): 58,
    ("office-holders (table)", "office by date"): 0.97,
    ("GWN texts", "name search, words per CPU second"): 1_000_000,
    ("dev articles", "linking, words per CPU second"): 15_000,
}
"""Reached, less the noise of the set: not to be lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A text ready to be linked."""

    article: Article
    sentences: tuple[Sentence, ...]
    trees: tuple[Tree, ...]

    @property
    def text(self) -> str:
        return self.article.document.text


class Prepare(Protocol):
    """Reads and parses texts: as whole articles (paragraph roles, furniture removed) or as one paragraph each."""

    def __call__(self, rows: Sequence[Mapping[str, str | None]], *, bare: bool = False) -> list[Parsed]:
        """rows: `id`, `text`, `published`."""


def evaluate_linking(data: Path, prepare: Prepare, linker: Linker | None = None) -> list[BoardRow]:
    """Every row of the board.

    Args:
        data: the folder with geo/, time/, actors/; acceptance/ and eval/ lie beside it.

    Raises:
        FileNotFoundError: a set is missing.
    """
    from demarche.linking.evaluate_coref import evaluate_coreference
    from demarche.linking.evaluate_places import evaluate_metonymy, evaluate_places

    linker = linker or load_linker()
    dev = json.loads((data.parent / "eval" / "dev_articles.json").read_text("utf-8"))
    rows = measure_articles("dev articles", dev, prepare, linker)
    rows.append(_reference(data.parent / "acceptance", prepare, linker))
    rows += evaluate_coreference(data / "ud", prepare, linker)
    rows += evaluate_places(data / "geo", prepare, linker)
    rows += evaluate_metonymy(data / "geo", prepare, linker)
    rows.append(_times(data / "time" / "time_phrases.jsonl", prepare, linker))
    rows += _offices(data / "actors" / "leaders", linker)
    rows += _speed(data / "geo" / "gwn.jsonl", dev, prepare, linker)
    return [replace(row, floor=FLOORS.get((row.set, row.measure))) for row in rows]


def link_all(parsed: Iterable[Parsed], linker: Linker) -> Iterator[tuple[Parsed, Linked]]:
    for one in parsed:
        yield one, linker.link(one.article, one.sentences, one.trees)


# ---- actors on articles -------------------------------------------------------------------------------------------


def norm(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", label.lower()).strip().removeprefix("the ").strip()


def label_of(actor: Actor) -> str:
    """The label gold uses: country, else `unnamed`, else the name."""
    return norm(actor.country or ("unnamed" if actor.kind == "unnamed" else actor.name))


def labels_in(span: Span, linked: Linked, *, heads: bool = False) -> set[str]:
    """Labels of the actor mentions that overlap the span."""
    actors = {actor.id: actor for actor in linked.actors}
    return {
        label_of(actors[m.ref])
        for m in linked.mentions
        if m.kind is MentionKind.ACTOR and m.start < span[1] and m.end > span[0] and (m.head or not heads)
    }


def locate(text: str, quote: str, start: int = 0) -> Span | None:
    found = re.compile(r"\s+".join(re.escape(word) for word in quote.split())).search(text, start)
    return found.span() if found else None


def measure_articles(name: str, gold: Sequence[Mapping[str, Any]], prepare: Prepare, linker: Linker) -> list[BoardRow]:
    """Speakers and actors of gold articles.

    *speaker country*: the words of an attribution's source are read as its holder's country (gold holder null: as no
    country). *actor country*: each country or organisation that gold gives to an event's sides is read from some words
    of the event's sentence; *of sides named*: without those that no word of the sentence stands for.
    """
    parsed = prepare([{"id": a["id"], "text": a["text"], "published": a["date"]} for a in gold])
    implied = {line for line in read_text("eval/implied_sides.txt").splitlines() if not line.startswith("#")}
    speakers, actors, named = [0, 0], [0, 0], [0, 0]
    for article, (one, linked) in zip(gold, link_all(parsed, linker), strict=True):
        for said in speaker_hits(article, one, linked):
            speakers[0] += said[0]
            speakers[1] += 1
        for right, *_, key in actor_hits(article, one, linked):
            actors[0] += right
            actors[1] += 1
            named[0] += right and key not in implied
            named[1] += key not in implied
    return [
        BoardRow(set=name, measure=measure, value=hits / max(1, total), units=total)
        for measure, (hits, total) in (
            ("speaker country", speakers), ("actor country, of sides named", named), ("actor country", actors),
        )
    ]  # fmt: skip


def speaker_hits(
    article: Mapping[str, Any], one: Parsed, linked: Linked
) -> Iterator[tuple[bool, str, str | None, set[str]]]:
    """(right, source words, gold holder, labels found) for each attribution with source words."""
    for row in article["attributions"]:
        content = locate(one.text, row["content"])
        if not row.get("source") or content is None:
            continue
        spans = [m.span() for m in re.finditer(rf"(?<!\w){re.escape(row['source'])}(?!\w)", one.text)]
        if not spans:
            continue
        span = min(spans, key=lambda s: min(abs(s[0] - content[1]), abs(content[0] - s[1])))
        found = head_labels(span, one, linked)
        wanted = {norm(part) for part in (row["holder"] or "unnamed").split("|")}
        right = bool(found & wanted) or (row["holder"] is None and not found)
        yield right, row["source"], row["holder"], found


def head_labels(span: Span, one: Parsed, linked: Linked) -> set[str]:
    """Labels of the mention whose words hold the syntactic head of the span."""
    for tree in one.trees:
        inside = [w for w in range(len(tree)) if tree.starts[w] >= span[0] and tree.ends[w] <= span[1]]
        top = next((w for w in inside if tree.heads[w] not in inside), None)
        if top is not None:
            return labels_in((tree.starts[top], tree.ends[top]), linked)
    return set()


Hit = tuple[bool, str, str, set[str], str]


def actor_hits(article: Mapping[str, Any], one: Parsed, linked: Linked) -> Iterator[Hit]:
    """(right, quote, gold label, labels in its sentence, key) for each named side of an event."""
    for number, event in enumerate(article["events"]):
        quote = locate(one.text, event["quote"])
        if quote is None:
            continue
        sentence = next((s for s in one.sentences if s.start < quote[1] and s.end > quote[0]), None)
        span = (min(sentence.start, quote[0]), max(sentence.end, quote[1])) if sentence else quote
        found = labels_in(span, linked)
        for end, labels in (("s", event["sources"]), ("t", event["targets"])):
            for label in labels:
                wanted = {norm(part) for part in label.split("|")}
                if "unnamed" not in wanted:
                    key = f"{article['id']}.{number}.{end}.{label.split('|')[0]}"
                    yield bool(wanted & found), event["quote"], label, found, key


# ---- the reference article ----------------------------------------------------------------------------------------


def _reference(folder: Path, prepare: Prepare, linker: Linker) -> BoardRow:
    hits = reference_hits(folder, prepare, linker)
    right = sum(hit for hit, *_ in hits)
    return BoardRow(set="reference article", measure="actor country", value=right / len(hits), units=len(hits))


def reference_hits(
    folder: Path, prepare: Prepare, linker: Linker
) -> list[tuple[bool, Mapping[str, Any], set[str | None]]]:
    """Each gold mention with a country (photo credits and event names aside), right or not, and what was found.

    A place counts as right when read as a place in that country, or as that country's government.
    """
    gold = json.loads((folder / "reference_actors.json").read_text("utf-8"))
    text = (folder / "reference_article.txt").read_text("utf-8")
    [one] = prepare([{"id": "reference", "text": text, "published": gold["dct"]}])
    linked = linker.link(one.article, one.sentences, one.trees)
    moved = move_spans(text, one.text)
    countries = {a.id: a.country for a in linked.actors} | {p.id: p.country for p in linked.places}
    hits = []
    for mention in gold["mentions"]:
        if mention["country"] is None or mention["kind"] in {"credit", "event_modifier"}:
            continue
        span = moved(mention["start"], mention["end"])
        if span is None:
            continue
        found = {countries.get(m.ref) for m in best_mentions(span, linked.mentions)}
        hits.append((mention["country"] in found, mention, found))
    return hits


def best_mentions(span: Span, mentions: Sequence[Mention]) -> list[Mention]:
    """Actor and place mentions that overlap the span, those of the closest extent; heads before modifiers."""
    scored = [
        (min(m.end, span[1]) - max(m.start, span[0]), m)
        for m in mentions
        if m.kind in {MentionKind.ACTOR, MentionKind.PLACE} and m.start < span[1] and m.end > span[0]
    ]
    if not scored:
        return []

    def closeness(shared: int, m: Mention) -> float:
        return shared / (max(m.end, span[1]) - min(m.start, span[0])) + (0.2 if m.head else 0.0)

    top = max(closeness(shared, m) for shared, m in scored)
    return [m for shared, m in scored if closeness(shared, m) >= top - 1e-9]


def move_spans(text: str, other: str) -> Any:
    """A function from spans of `text` to spans of `other`, which has the same words but for lines left out."""
    ours = [m.span() for m in re.finditer(r"\w+|[^\w\s]", text)]
    theirs = [m.span() for m in re.finditer(r"\w+|[^\w\s]", other)]
    matcher = difflib.SequenceMatcher(
        None, [text[a:b] for a, b in ours], [other[a:b] for a, b in theirs], autojunk=False
    )
    to = {i + k: j + k for i, j, n in matcher.get_matching_blocks() for k in range(n)}

    def move(start: int, end: int) -> Span | None:
        words = [to[i] for i, (a, b) in enumerate(ours) if a < end and b > start and i in to]
        return (theirs[words[0]][0], theirs[words[-1]][1]) if words else None

    return move


# ---- times --------------------------------------------------------------------------------------------------------


def _times(path: Path, prepare: Prepare, linker: Linker) -> BoardRow:
    hits = time_hits(path, prepare, linker)
    right = sum(hit for hit, *_ in hits)
    return BoardRow(set="60 time phrases", measure="interval right", value=right, units=len(hits))


def time_hits(path: Path, prepare: Prepare, linker: Linker) -> list[tuple[bool, Mapping[str, Any], list[str]]]:
    """Each phrase in its sentence: start and end as gold's, and the intervals found over its words.

    The codebook leaves sides open that gold closes by the day of publication (*since 2014*, *by the end of the year*):
    an open side of a phrase with such a word is right. Where gold has no days, none must be found.
    """
    gold = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]
    parsed = prepare([{"id": g["id"], "text": g["context"], "published": g["dct"]} for g in gold], bare=True)
    hits = []
    for row, (one, linked) in zip(gold, link_all(parsed, linker), strict=True):
        span = locate(one.text, row["phrase"]) or (0, len(one.text))
        times = {t.id: t for t in linked.times}
        found = [
            times[m.ref]
            for m in linked.mentions
            if m.kind is MentionKind.TIME and m.start < span[1] and m.end > span[0]
        ]
        right = any(same_interval(t, row) for t in found) if row["start"] else not any(t.start or t.end for t in found)
        hits.append((right, row, [f"{t.start}/{t.end}" for t in found]))
    return hits


def same_interval(time: Time, row: Mapping[str, Any]) -> bool:
    """Half-open intervals of gold and record; midnight is the start of its day."""
    start, end = (value and value.removesuffix("T00:00") for value in (time.start, time.end))
    opened = re.search(r"\b(?:since|until|till|by|before|after)\b", f"{row['context']} {row['phrase']}")
    return (start == row["start"] or bool(start is None and opened)) and (
        end == row["end"] or bool(end is None and opened)
    )


# ---- offices ------------------------------------------------------------------------------------------------------


def _offices(folder: Path, linker: Linker) -> list[BoardRow]:
    rows = []
    for name, pairs in (
        ("office-holders (table)", _sampled(_unified(folder))),
        ("foreign ministers 2022 (table)", list(_ministers(folder))),
    ):
        right = sum(holds(linker, person, office, country, date) for person, office, country, date in pairs)
        rows.append(BoardRow(set=name, measure="office by date", value=right / max(1, len(pairs)), units=len(pairs)))
    return rows


Pair = tuple[str, str, str, str]


def _sampled(pairs: Iterable[Pair]) -> list[Pair]:
    found = sorted(set(pairs))
    return random.Random(SEED).sample(found, min(SAMPLED, len(found)))


def _unified(folder: Path) -> Iterator[Pair]:
    """(person, office, country, a day in office) of each source row whose days are known to the month.

    Without rows whose name is no name in Latin letters (*represented by Governor …*, *vacant*).
    """
    chooser = random.Random(SEED)
    with (folder / "officeholders_unified.csv").open(encoding="utf-8-sig", newline="") as handle:
        for row in csv.DictReader(handle):
            if len(row["start"]) < 7 or not row["iso3"] or not PLAIN_NAME.fullmatch(fold_letters(row["name"])):
                continue
            start = (row["start"] + "-28")[:10]
            end = (row["end"] + "-01-01"[len(row["end"]) - 4 :])[:10] if row["end"] else ""
            last = end or (row["end_known"][-10:] if row["end_known"][-10:-6].isdigit() else "")
            if last and last <= start:
                continue
            years = range(int(start[:4]) + 1, int(last[:4]) if last else int(start[:4]) + 1)
            day = f"{chooser.choice(list(years))}-01-15" if years else start
            yield row["name"], row["office"], row["iso3"], day


def _ministers(folder: Path) -> Iterator[Pair]:
    """Foreign ministers in office in 2022, of another source than the sampled rows, without those of no name."""
    from demarche.linking.tables import load_tables

    names = {name: found[0].id for name, found in load_tables().names.items() if found[0].form == "name"}
    with (folder / "wikidata_foreign_ministers_2022.csv").open(encoding="utf-8-sig", newline="") as handle:
        for row in csv.DictReader(handle):
            country = names.get(fold_letters(row["countryLabel"]))
            if country and row["name"] and "2015" < row["start"] < "2022":
                yield row["name"], "foreign", country, "2022-01-15"


def holds(linker: Linker, person: str, office: str, country: str, date: str) -> bool:
    """Whether the name is found, as somebody who holds that office in that country on that day."""
    tables = linker.tables
    words = {w for w in re.findall(r"[a-z]{3,}", office.lower()) if w not in {"the", "and", "for", "minister"}}
    people = [c.id for c in tables.names.get(fold_letters(" ".join(person.split())), ()) if c.form == "person"]
    alike = tables.person_spelt(person, date, titled=True)
    for identifier in people or ([alike.id] if alike else []):
        for held in tables.offices_on(identifier, date):
            if held.country == country and (not words or words & set(re.findall(r"[a-z]{3,}", held.office.lower()))):
                return True
    return False


def title_names(texts: Iterable[str], linker: Linker) -> BoardRow:
    """*Title + Name* in running text, full names only: is the name one of the table's, spelt so or alike?"""
    found = [match[1].removesuffix("'s").removesuffix("’s") for text in texts for match in TITLE_NAME.finditer(text)]
    right = sum(
        any(c.form == "person" for hit in linker.tables.search(fold_letters(name)) for c in hit.candidates)
        or linker.tables.person_spelt(name, None, titled=True) is not None
        for name in found
    )
    return BoardRow(set="GWN texts", measure="title + name found", value=right / max(1, len(found)), units=len(found))


# ---- speed and memory ---------------------------------------------------------------------------------------------


def _speed(path: Path, dev: Sequence[Mapping[str, Any]], prepare: Prepare, linker: Linker) -> list[BoardRow]:
    """Process time of one core: the parse is not counted. Memory: what loading adds to a bare interpreter."""
    texts = [json.loads(line)["text"] for line in path.read_text("utf-8").split("\n") if line.strip()]
    rows = [title_names(texts, linker)]
    folded = [fold_letters(text) for text in texts]
    words = sum(len(text.split()) for text in texts)
    begun = time.process_time()
    hits = sum(1 for text in folded for _ in linker.tables.search(text))
    assert hits
    rows.append(
        BoardRow(
            set="GWN texts", measure="name search, words per CPU second", value=words / (time.process_time() - begun),
            units=words,
        )
    )  # fmt: skip
    parsed = prepare([{"id": a["id"], "text": a["text"], "published": a["date"]} for a in dev])
    words = sum(one.article.document.words for one in parsed)
    begun = time.process_time()
    for one in parsed:
        linker.link(one.article, one.sentences, one.trees)
    rows.append(
        BoardRow(
            set="dev articles", measure="linking, words per CPU second", value=words / (time.process_time() - begun),
            units=words,
        )
    )  # fmt: skip
    rows.append(
        BoardRow(set="tables", measure="memory, MB (at most 250)", value=memory_mb(), units=len(linker.tables.names))
    )
    return rows


PROBE = """
from demarche import records, linking

def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024

before = peak()
linking.load_linker().warm()
print(peak() - before)
"""


def memory_mb() -> float:
    """Peak resident memory that loading everything adds, in a process of its own."""
    run = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    return float(run.stdout)
