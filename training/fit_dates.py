"""Fit the points of `resources/ingest/dates.toml`: which date on a page is that of its publication.

    python -m training.fit_dates ../shared/data [--write]

Prints two-fold cross-validated figures (folds by a hash of the page's name) on the three development sets, then fits on
all of them. Only the points, rounded to a tenth, go into the package; no page does. A page on which two sets disagree
counts as right for either in fitting and by its own set in measuring.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from demarche.errors import DemarcheError
from demarche.ingest.date_judge import marks_of_days
from demarche.ingest.draft import Origin
from demarche.ingest.evaluate import _gold_pages
from demarche.ingest.html import page_sightings
from demarche.ingest.options import ReadOptions
from demarche.resources import read_text

TABLE = Path(__file__).resolve().parents[1] / "src/demarche/resources/ingest/dates.toml"
PRIOR = {"in_ld_published": 1.5, "in_meta_published": 1.5, "in_micro_published": 1.0, "stated": 2.0, "in_address": 1.5,
         "in_ld_modified": -1.0, "in_meta_modified": -1.0, "in_micro_modified": -1.0, "only_changed": -1.0}  # fmt: skip
"""What points are drawn to: pages of the sets say everything several times, so that they cannot tell what a plain
statement is worth alone."""
RIDGE = 0.3
LEVELS = (0.0, 0.4, 0.5, 0.6, 0.7, 0.8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """gold: set → day. days, marks: a row each."""

    name: str
    gold: dict[str, str]
    days: list[date]
    marks: NDArray[np.float64]

    @property
    def fold(self) -> int:
        return hashlib.md5(self.name.encode()).digest()[0] & 1

    @property
    def right(self) -> NDArray[np.float64]:
        return np.array([day.isoformat() in self.gold.values() for day in self.days], float)


def read_gold(data: Path) -> dict[str, tuple[str, bytes, dict[str, str]]]:
    """Name of a page → address, bytes, gold by set."""
    stored = _gold_pages(data / "pages")
    found: dict[str, tuple[str, bytes, dict[str, str]]] = {}
    sets = (("mediacloud", "dates/eval_mediacloud_2020.json"), ("htmldate", "dates/eval_default.json"),
            ("pages", "pages/evaldata.json"))  # fmt: skip
    for label, file in sets:
        for address, row in json.loads((data / file).read_text("utf-8")).items():
            place = data / "dates" / "test_set" / row["file"]
            page = stored.get(row["file"]) if label != "mediacloud" else place.read_bytes()
            if page is not None and row.get("date"):
                found.setdefault(row["file"], (address, page, {}))[2][label] = str(row["date"])
    return found


def read_pages(data: Path, names: list[str]) -> list[Page]:
    """Every page with its marks as a matrix over `names`."""
    pages = []
    place = {name: i for i, name in enumerate(names)}
    for name, (address, page, gold) in read_gold(data).items():
        try:
            found = page_sightings(page, Origin(path=name, name=name, url=address), ReadOptions())
        except DemarcheError:
            found = []
        marks = marks_of_days(found, address)
        table = np.zeros((len(marks), len(names)))
        for i, own in enumerate(marks.values()):
            for mark, value in own.items():
                if mark in place:
                    table[i, place[mark]] = value
        pages.append(Page(name=name, gold=gold, days=list(marks), marks=table))
    return pages


def fit(
    pages: list[Page], prior: NDArray[np.float64], *, ridge: float = RIDGE, rounds: int = 500
) -> NDArray[np.float64]:
    """Points that make the gold days likeliest (softmax with "none" at 0), by Adam on the whole set."""
    pages = [page for page in pages if page.days]
    sizes = [len(page.days) for page in pages]
    marks, right = np.vstack([page.marks for page in pages]), np.concatenate([page.right for page in pages])
    start, owner = np.cumsum([0, *sizes[:-1]]), np.repeat(np.arange(len(sizes)), sizes)
    points, mean, square = prior.copy(), np.zeros(marks.shape[1]), np.zeros(marks.shape[1])
    for step in range(1, rounds + 1):
        score = marks @ points
        top = np.maximum(np.maximum.reduceat(score, start), 0)
        grown = np.exp(score - top[owner])
        share = grown / (np.add.reduceat(grown, start) + np.exp(-top))[owner]
        good = np.add.reduceat(grown * right, start)[owner]
        wanted = np.where(good > 0, grown * right / np.maximum(good, 1e-12), 0)
        slope = (marks.T @ (share - wanted) + ridge * (points - prior)) / len(sizes)
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        points -= 0.05 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return points


def choose(page: Page, points: NDArray[np.float64]) -> tuple[str | None, float]:
    """The likeliest day and its probability."""
    if not page.days:
        return None, 0.0
    score = page.marks @ points
    grown = np.exp(score - max(score.max(), 0))
    best = int(grown.argmax())
    return page.days[best].isoformat(), float(grown[best] / (grown.sum() + np.exp(-max(score.max(), 0))))


def report(pages: list[Page], chosen: dict[str, tuple[str | None, float]]) -> None:
    """Exact / wrong at several levels of confidence."""
    for label in ("pages", "htmldate", "mediacloud"):
        own = [page for page in pages if label in page.gold]
        cells = []
        for level in LEVELS:
            said = {page.name: day if p >= level else None for page in own for day, p in [chosen[page.name]]}
            gold = {page.name: page.gold[label] for page in own}
            exact = sum(said[n] == g or (said[n] is None and g == "nan") for n, g in gold.items())
            wrong = sum(said[n] is not None and said[n] != g for n, g in gold.items())
            cells.append(f"{level}: {exact / len(own):.3f}/{wrong / len(own):.3f}")
        print(f"{label} ({len(own)}): {'  '.join(cells)}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", type=Path)
    options.add_argument("--ridge", type=float, default=RIDGE)
    options.add_argument("--write", action="store_true", help="write the points into dates.toml")
    told = options.parse_args()
    names = re.findall(r'^mark = "(\w+)"', read_text("ingest/dates.toml"), re.M)
    pages = read_pages(told.data, names)
    prior = np.array([PRIOR.get(name, 0.0) for name in names])
    folds = [fit([page for page in pages if page.fold != fold], prior, ridge=told.ridge) for fold in (0, 1)]
    print("exact/wrong by least confidence, cross-validated")
    report(pages, {page.name: choose(page, folds[page.fold]) for page in pages})
    points = np.round(fit(pages, prior, ridge=told.ridge), 1)
    print("fitted on all, measured on all")
    report(pages, {page.name: choose(page, points) for page in pages})
    if told.write:
        text = TABLE.read_text("utf-8")
        for name, value in zip(names, points, strict=True):
            text = re.sub(rf'(mark = "{name}"\npoints = )\S+', rf"\g<1>{value + 0.0}", text)
        TABLE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
