"""The board of ingest: main text, title, date, roles, damage and speed, on sets that are measured and never shipped.

Main text: 4-gram shingles of words, precision and recall averaged over pages, F1 of the averages, as the article
extraction benchmark (Scrapinghub, 2020) measures. Title and date: exact after folding case and punctuation.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from demarche.errors import DemarcheError
from demarche.ingest.draft import Draft, Origin
from demarche.ingest.inputs import read_inputs
from demarche.ingest.options import ReadOptions
from demarche.records import Article, BoardRow, Role

__all__ = ["BoardRow", "evaluate_ingest", "page_drafts", "score_shingles"]

_TOKEN = re.compile(r"\w+", re.U)
_STORY = frozenset({Role.BODY, Role.QUOTE, Role.STANDFIRST})
_DROPPABLE = frozenset({"prompt", "counter", "advert", "copyright", "form", "navigation", "related"})


def score_shingles(pairs: list[tuple[str, str]], size: int = 4) -> tuple[float, float, float]:
    """F1, precision and recall of found against true texts.

    A page counts its shingles as fractions of their larger side, so that long pages do not outweigh short ones.
    """
    true_positive, false_positive, false_negative = [], [], []
    for truth, found in pairs:
        t, f = _shingles(truth, size), _shingles(found, size)
        both = sum((t & f).values())
        extra, missed = sum((f - t).values()), sum((t - f).values())
        total = both + extra + missed or 1
        true_positive.append(both / total)
        false_positive.append(extra / total)
        false_negative.append(missed / total)
    tp, fp, fn = sum(true_positive), sum(false_positive), sum(false_negative)
    precision = tp / (tp + fp) if tp + fp else 1.0
    recall = tp / (tp + fn) if tp + fn else 1.0
    return (2 * precision * recall / (precision + recall) if precision + recall else 0.0), precision, recall


def _shingles(text: str, size: int) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall(text)
    if 0 < len(tokens) <= size:
        return Counter([tuple(tokens)])
    return Counter(tuple(tokens[i : i + size]) for i in range(len(tokens) - size + 1))


def page_drafts(pages: Mapping[str, bytes], addresses: Mapping[str, str]) -> Iterator[tuple[str, Draft | None]]:
    """Drafts of HTML pages by name; None where a page was refused."""
    from demarche.ingest.html import read_html

    for name, data in pages.items():
        try:
            yield name, read_html(data, Origin(path=name, name=name, url=addresses.get(name)), ReadOptions())
        except DemarcheError:
            yield name, None


def evaluate_ingest(data: Path) -> list[BoardRow]:
    """Every row whose set lies under `data` (the folder with aeb/, pages/, dates/, corpus/)."""
    rows: list[BoardRow] = []
    if (data / "aeb").is_dir():
        rows += _main_text(data / "aeb")
    if (data / "pages").is_dir():
        rows += _titles_and_dates(data / "pages")
        rows += _pieces(data / "pages")
    if (data / "dates").is_dir():
        rows += _dates(data)
    if (data / "corpus").is_dir():
        rows += _roles("corpus", sorted((data / "corpus").glob("articles_*.json")))
    rows += _wording(data)
    acceptance, dev = data.parent / "acceptance", data.parent / "eval" / "dev_articles.json"
    if dev.is_file():
        rows += _roles("dev articles", [dev])
        rows += _speed(dev)
    if (acceptance / "reference_roles.tsv").is_file():
        rows.append(_reference_roles(acceptance))
    return rows


def _main_text(folder: Path) -> list[BoardRow]:
    from demarche.ingest.article import build_article

    truth = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    pages = {name: gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes()) for name in sorted(truth)}
    started = time.process_time()
    articles = {}
    for name, draft in page_drafts(pages, {name: truth[name]["url"] for name in truth}):
        articles[name] = build_article(draft, ReadOptions()) if draft else None
    seconds = time.process_time() - started
    pairs = [(truth[name]["articleBody"], _story(articles[name])) for name in sorted(truth)]
    f1, precision, recall = score_shingles(pairs)
    return [
        BoardRow(set="AEB dev", measure="main text F1", value=f1, units=len(pairs), floor=0.968),
        BoardRow(set="AEB dev", measure="main text precision", value=precision, units=len(pairs)),
        BoardRow(set="AEB dev", measure="main text recall", value=recall, units=len(pairs)),
        BoardRow(set="AEB dev", measure="pages per CPU second", value=len(pairs) / seconds, units=len(pairs)),
    ]


def _story(article: Article | None) -> str:
    if article is None:
        return ""
    text = article.document.text
    return "\n\n".join(text[p.start : p.end] for p in article.paragraphs if p.role in _STORY)


def _fold(text: str | None) -> str:
    return "".join(char for char in (text or "").casefold() if char.isalnum())


def _gold_pages(folder: Path) -> dict[str, bytes]:
    """Pages out of pages.tar.gz."""
    import tarfile

    with tarfile.open(folder / "pages.tar.gz") as archive:
        found = {}
        for info in archive:
            member = archive.extractfile(info) if info.isfile() else None
            if member is not None:
                found[info.name.rsplit("/", 1)[-1]] = member.read()
        return found


def _facts(pages: Mapping[str, bytes], addresses: Mapping[str, str]) -> dict[str, Any]:
    from demarche.ingest.html import page_facts

    found: dict[str, Any] = {}
    for name, data in pages.items():
        try:
            found[name] = page_facts(data, Origin(path=name, name=name, url=addresses.get(name)), ReadOptions())
        except DemarcheError:
            found[name] = None
    return found


def _titles_and_dates(folder: Path) -> list[BoardRow]:
    gold = json.loads((folder / "evaldata.json").read_text("utf-8"))
    stored = _gold_pages(folder)
    by_file = {row["file"]: (address, row) for address, row in gold.items() if row["file"] in stored}
    facts = _facts({name: stored[name] for name in by_file}, {name: address for name, (address, _) in by_file.items()})
    titled = [name for name, (_, row) in by_file.items() if row.get("title")]
    dated = {name: row["date"] for name, (_, row) in by_file.items() if row.get("date")}
    right = sum(_fold(facts[name].title if facts[name] else "") == _fold(by_file[name][1]["title"]) for name in titled)
    return [
        BoardRow(set="pages", measure="title exact", value=right / len(titled), units=len(titled), floor=0.85),
        *_date_rows("pages", dated, facts),
    ]


def _pieces(folder: Path) -> list[BoardRow]:
    """Pieces of text that belong to the main text of a page, and pieces that do not: how many are found, and not."""
    gold = json.loads((folder / "evaldata.json").read_text("utf-8"))
    stored = _gold_pages(folder)
    by_file = {row["file"]: (address, row) for address, row in gold.items() if row["file"] in stored}
    pages = {name: stored[name] for name in by_file}
    kept = wanted = left = unwanted = 0
    for name, draft in page_drafts(pages, {name: address for name, (address, _) in by_file.items()}):
        row = by_file[name][1]
        blocks = (
            [block.text for block in draft.blocks if block.role not in {Role.CAPTION, Role.CREDIT}] if draft else []
        )
        text = " ".join(" ".join(blocks).split())
        wanted += len(row["with"])
        kept += sum(" ".join(piece.split()) in text for piece in row["with"])
        unwanted += len(row["without"])
        left += sum(" ".join(piece.split()) not in text for piece in row["without"])
    return [
        BoardRow(set="pages", measure="wanted pieces kept", value=kept / wanted, units=wanted),
        BoardRow(set="pages", measure="unwanted pieces left out", value=left / unwanted, units=unwanted),
    ]


def _wording(data: Path) -> list[BoardRow]:
    """Damage told: respun texts above their originals (area under the curve), and clean news left alone."""
    from demarche.ingest.damage import score_damage, score_text
    from demarche.ingest.surprise import count_unlikely

    rows = []
    spun, news = data / "copies" / "spun200.jsonl.gz", data / "statements" / "polnear_dev.jsonl"
    if spun.is_file():
        texts = [json.loads(line) for line in gzip.decompress(spun.read_bytes()).splitlines()]

        def share(text: str) -> float:
            found = count_unlikely(text)
            return found.pairs / max(1, found.tokens)

        before = [share(row["orig"]) for row in texts]
        for kind, label in (("spun30", "30 % of words respun"), ("spun50_q", "50 % of words respun")):
            after = [share(row[kind]) for row in texts]
            area = sum((b < a) + 0.5 * (b == a) for b in before for a in after) / len(texts) ** 2
            rows.append(
                BoardRow(set=label, measure="surprise above the originals' (AUC)", value=area, units=len(texts))
            )
            told = sum(score_text(row[kind].split("\n")) >= 0.2 for row in texts) / len(texts)
            rows.append(BoardRow(set=label, measure="called damaged", value=told, units=len(texts)))
    if news.is_file():
        texts = [json.loads(line)["text"].split("\n") for line in news.read_text("utf-8").splitlines()]
        fine = sum(score_text([line for line in lines if line.strip()]) < 0.2 for lines in texts) / len(texts)
        rows.append(BoardRow(set="PolNeAR dev", measure="articles not called damaged", value=fine, units=len(texts),
                             floor=0.95))  # fmt: skip
        found = [one for lines in texts for line in lines for one in re.split(r"(?<=[.!?])[\"”’']?\s+", line) if one]
        fine = sum(score_damage(one) < 0.5 for one in found) / len(found)
        rows.append(
            BoardRow(set="PolNeAR dev", measure="sentences not damaged", value=fine, units=len(found), floor=0.99)
        )
    return rows


def _speed(file: Path) -> list[BoardRow]:
    """Records read in a second of processor time, from JSONL and Parquet made of the development articles."""
    import tempfile

    import pyarrow as pa
    import pyarrow.parquet as pq

    gold = json.loads(file.read_text("utf-8"))
    rows = [{"id": f"{i}", "text": gold[i % len(gold)]["text"]} for i in range(1_000)]
    found = []
    with tempfile.TemporaryDirectory(prefix="demarche-board-") as folder:
        lines, table = Path(folder) / "a.jsonl", Path(folder) / "a.parquet"
        lines.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        pq.write_table(pa.Table.from_pylist(rows), table)
        for label, path in (("JSONL", lines), ("Parquet", table)):
            started = time.process_time()
            articles, _ = count_inputs([str(path)])
            value = articles / (time.process_time() - started)
            name = f"{label} records per CPU second"
            found.append(BoardRow(set="dev articles", measure=name, value=value, units=articles))
    return found


def _dates(data: Path) -> list[BoardRow]:
    rows = []
    gold = json.loads((data / "dates" / "eval_mediacloud_2020.json").read_text("utf-8"))
    pages = {row["file"]: (data / "dates" / "test_set" / row["file"]).read_bytes() for row in gold.values()}
    facts = _facts(pages, {row["file"]: address for address, row in gold.items()})
    rows += _date_rows("mediacloud 2020", {row["file"]: row["date"] for row in gold.values()}, facts)
    if (data / "pages" / "pages.tar.gz").is_file():
        gold = json.loads((data / "dates" / "eval_default.json").read_text("utf-8"))
        stored = _gold_pages(data / "pages")
        by_file = {row["file"]: (address, row) for address, row in gold.items() if row["file"] in stored}
        facts = _facts({n: stored[n] for n in by_file}, {n: address for n, (address, _) in by_file.items()})
        rows += _date_rows("htmldate default", {n: row["date"] for n, (_, row) in by_file.items()}, facts)
    return rows


def _date_rows(label: str, gold: Mapping[str, str], facts: Mapping[str, Any]) -> list[BoardRow]:
    right = wrong = 0
    for name, date in gold.items():
        found = facts[name].published if facts[name] else None
        day = found.date[:10] if found else None
        right += day == (None if date == "nan" else date)
        wrong += day is not None and day != date
    n = len(gold)
    exact, fine = right / n, 1 - wrong / n
    floors = FLOORS.get(label, (None, None))
    return [
        BoardRow(set=label, measure="date exact", value=exact, units=n, floor=floors[0]),
        BoardRow(set=label, measure="date not wrong", value=fine, units=n, floor=floors[1]),
    ]


FLOORS = {"pages": (0.89, 0.935), "mediacloud 2020": (0.88, 0.93), "htmldate default": (0.92, 0.965)}
"""Least exact and least not wrong dates: what the shipped points reach less about two standard errors. What is asked
for (.92 and .96) stands in docs/ingest.md, beside the cross-validated figures."""


def _roles(label: str, files: list[Path]) -> list[BoardRow]:
    """Roles of the marked lines (dropping a line that is no story is no error), and story lines kept as story."""
    marked = fine = story = kept = 0
    for file in files:
        for gold in json.loads(file.read_text("utf-8")):
            roles = dict(gold["roles"])
            article = _article_of(gold["text"])
            for number, line in enumerate(gold["text"].split("\n"), 1):
                if not line.strip():
                    continue
                found = _role_at(article, " ".join(line.split()))
                if number in roles:
                    marked += 1
                    fine += found == roles[number] or (found is None and roles[number] in _DROPPABLE)
                else:
                    story += 1
                    kept += found in {"title", "standfirst", "body", "quote"}
    return [
        BoardRow(set=label, measure="roles of marked lines", value=fine / max(1, marked), units=marked, floor=0.97),
        BoardRow(set=label, measure="story lines kept", value=kept / max(1, story), units=story),
    ]


def _article_of(text: str) -> Article:
    from demarche.ingest.article import build_article
    from demarche.ingest.inputs import text_draft

    return build_article(text_draft(text.encode(), Origin(path="board", name="board")), ReadOptions())


def _role_at(article: Article, line: str) -> str | None:
    text = article.document.text
    whole = next((p for p in article.paragraphs if text[p.start : p.end] == line), None)
    within = whole or next((p for p in article.paragraphs if line in text[p.start : p.end]), None)
    return within.role.value if within else None


_REFERENCE = {
    "title_repeat": "title",
    "paragraph": "body",
    "split_fragment": "body",
    "paragraph_continuation": "body",
    "slideshow_title": "caption",
    "slideshow_caption": "caption",
}


def _reference_roles(folder: Path) -> BoardRow:
    text = (folder / "reference_article.txt").read_text("utf-8")
    article = _article_of(text)
    lines = text.split("\n")
    with (folder / "reference_roles.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    right = 0
    for row in rows:
        line = " ".join(lines[int(row["line"]) - 1].split())
        right += _role_at(article, line) == _REFERENCE.get(row["role"], row["role"])
    return BoardRow(set="reference article", measure="roles", value=right / len(rows), units=len(rows), floor=0.97)


def count_inputs(paths: list[str]) -> tuple[int, int]:
    """Articles and rejections of some paths: used by the speed board."""
    kinds = Counter(isinstance(found, Article) for found in read_inputs(paths))
    return kinds[True], kinds[False]
