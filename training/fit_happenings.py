"""Fit `copies/happenings.tsv`: what makes two rows tell of one happening, learned from stories told several times.

    python -m training.fit_happenings ../shared/data/statements/polnear_train.jsonl

Logistic regression over all pairs of marked rows of one type in one story of `training/data/retellings_*.txt`, coded by
the coder as it ships: fit it anew when the coder changes. Beside them, at less weight, pairs of rows of real news that
are next to never of one happening: of one type and doer within a week, in articles on other stories, with nobody by
name in both. Printed: pairs told apart with each story left out in turn, and the same of merging. No story of
`demarche evaluate events` is among them.
"""

from __future__ import annotations

import json
import math
import random
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from unittest import mock

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from demarche.dedup import Telling, label_rows, likeness, merge_events, read_tellings
from demarche.dedup.retellings import Label, Retelling, score_pairs
from demarche.dedup.tellings import PARTS
from demarche.pipeline import Models, code_batch, load_models
from demarche.pipeline.boards import read_rows
from demarche.records import CodedDocument

TEXTS = Path(__file__).parent / "data"
TARGET = Path(__file__).parents[1] / "src/demarche/resources/copies/happenings.tsv"
MARK = re.compile(r"\{(\d+)\.([A-Z]+):([^}]+)\}")

RIDGE = 0.3
"""Swept 0.1, 0.3, 0.6, 1, 2, 4 with each story left out in turn."""
FOR = frozenset({
    likeness.NEAR, likeness.AFTER, "story", "doer same", "receiver same", "doer by name", "receiver by name",
    "mode same", "code same", "context same", "place same", "sum same", "time same day", "time same span",
    "time in sentence", "linked",
})  # fmt: skip
"""What may not speak against one happening, however few the examples."""
AGAINST = {
    "doer differs": -6.0, "time far": -6.0, "time next day": 0.0, "receiver differs": 0.0, "doer others": 0.0,
    "receiver others": 0.0, "doer other name": 0.0, "receiver other name": 0.0, "sides swapped": 0.0,
    "within one side": 0.0, "mode differs": 0.0, "code differs": 0.0, "context differs": 0.0, "place differs": 0.0,
    "place in another country": 0.0, "sum differs": 0.0, "other time in sentence": 0.0, "days off": 0.0,
    "days between articles": 0.0, "one sentence": 0.0,
}  # fmt: skip
"""The most that what speaks against may weigh. Other doers and other days are held lower than learned: within a story
they are often the coder's errors, over a whole record they are mostly other happenings."""
AT_MOST = {"story": 2.0}
"""Articles on one story share names beyond what these short texts can teach."""
BY_HAND = {"sentence again": 6.0}
"""What the stories have no example of."""

NEWS, NEWS_WEIGHT, NEWS_PAIRS, WEEK = "news", 0.3, 3000, 7
"""Weight swept 0, .03, .1, .3, 1: the stories lose nothing up to .3, and in real news a third fewer rows join."""
OTHER_STORY = math.log(18)
"""Evidence of one story below which two articles are taken to tell of others."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """matrix: a row a pair, a column an evidence of `names`; same: of one happening; stories: of each pair."""

    names: Sequence[str]
    matrix: Floats
    same: npt.NDArray[np.bool_]
    stories: npt.NDArray[np.str_]

    def fit(self, left_out: str | None = None) -> dict[str, float]:
        """The weights that the pairs teach, one story left out."""
        kept = self.stories != left_out
        matrix, sign = self.matrix[kept], np.where(self.same[kept], 1.0, -1.0)
        trust = np.where(self.stories[kept] == NEWS, NEWS_WEIGHT, 1.0)
        pull = np.array([0.01 if name == "bias" else RIDGE for name in self.names])

        def loss(weights: Floats) -> tuple[float, Floats]:
            margins = sign * (matrix @ weights)
            slope = -(matrix * (trust * sign / (1 + np.exp(margins)))[:, None]).sum(0) + pull * weights
            return float((trust * np.logaddexp(0, -margins)).sum() + 0.5 * (pull * weights**2).sum()), slope

        bounds = [(0.0 if name in FOR else None, (AGAINST | AT_MOST).get(name)) for name in self.names]
        found = minimize(loss, np.zeros(len(self.names)), jac=True, method="L-BFGS-B", bounds=bounds).x
        return dict(zip(self.names, (round(float(weight), 3) for weight in found), strict=True)) | BY_HAND


def read_stories(paths: Sequence[Path]) -> dict[str, Retelling]:
    """The marked texts by `<story>-<wording>`."""
    texts: list[tuple[str, str, str, list[str]]] = []
    for line in "\n".join(path.read_text("utf-8") for path in paths).splitlines():
        if line.startswith("##"):
            story, wording, day = line[2:].split()
            texts.append((story, wording, day, []))
        elif line.strip() and not line.startswith("#"):
            texts[-1][3].append(line)
    return {
        f"{story}-{wording}": read_marks(story, f"{story}-{wording}", day, "\n\n".join(lines))
        for story, wording, day, lines in texts
    }


def read_marks(story: str, name: str, day: str, marked: str) -> Retelling:
    """A text with `{n.TYPE:words}` in it, and where they stand once the marks are gone."""
    plain, labels, before = "", [], 0
    for found in MARK.finditer(marked):
        plain += marked[before : found.start()]
        start = len(plain)
        plain += found[3]
        labels.append(Label(start=start, end=len(plain), happening=f"{story}/{found[1]}", gold={"type": found[2]}))
        before = found.end()
    return Retelling(id=name, date=day, text=plain + marked[before:], labels=tuple(labels))


def read_news(path: Path, models: Models) -> list[Telling]:
    """The tellings of every second article of a file of `doc`, `text`, `date` a line, by the day."""
    articles = [json.loads(line) for line in path.read_text("utf-8").splitlines()][::2]
    found: list[Telling] = []
    for start in range(0, len(articles), 60):
        rows = ({"id": a["doc"], "text": a["text"], "published": a["date"]} for a in articles[start : start + 60])
        for coded in code_batch(read_rows(rows), models):
            found += read_tellings(coded) if isinstance(coded, CodedDocument) else []
    return sorted(found, key=lambda telling: telling.order)


def other_happenings(news: Sequence[Telling]) -> Iterator[tuple[Telling, Telling]]:
    """Pairs of rows of real news that hardly tell of one happening; news: by the day."""
    for number, one in enumerate(news):
        for two in news[number + 1 :]:
            if (two.told or 0) - (one.told or 0) > WEEK:
                break
            if one.type == two.type and one.document != two.document and one.sources.keys() & two.sources.keys():
                evidence = dict(likeness.evidence(one, two))
                if "doer by name" not in evidence and evidence["story"] < OTHER_STORY:
                    yield one, two


def make_pairs(tellings: Mapping[str, Telling], happening: Mapping[str, str], news: Sequence[Telling]) -> Pairs:
    """All pairs of marked rows of one type in one story, and some of the news."""
    rows: list[dict[str, float]] = []
    same, stories = [], []
    for one, two in combinations(sorted(happening), 2):
        story = happening[one].partition("/")[0]
        if tellings[one].type == tellings[two].type and happening[two].partition("/")[0] == story:
            rows.append(weighable(tellings[one], tellings[two]))
            same.append(happening[one] == happening[two])
            stories.append(story)
    others = list(other_happenings(news))
    for a, b in random.Random(3).sample(others, min(NEWS_PAIRS, len(others))):
        rows.append(weighable(a, b))
        same.append(False)
        stories.append(NEWS)
    names = sorted({name for row in rows for name in row} - BY_HAND.keys())
    matrix = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    return Pairs(names=names, matrix=matrix, same=np.array(same), stories=np.array(stories))


def weighable(one: Telling, two: Telling) -> dict[str, float]:
    """All evidence of a pair, the likeness of meaning too."""
    near, after = (one.vector * two.vector).reshape(PARTS, -1).sum(1).tolist()
    return dict(likeness.evidence(one, two)) | {likeness.NEAR: near, likeness.AFTER: after}


def merged(tellings: Sequence[Telling], weights: Mapping[str, float]) -> dict[str, str]:
    """Row → event, merged by these weights."""
    with mock.patch.object(likeness, "load_weights", return_value=weights):
        return {row.assertion: row.event for row in merge_events(tellings).event_assertions}


def main(path: Path) -> None:
    texts = read_stories(sorted(TEXTS.glob("retellings_*.txt")))
    happening: dict[str, str] = {}
    tellings: dict[str, Telling] = {}
    story_of: dict[str, str] = {}
    articles = read_rows({"id": t.id, "text": t.text, "published": t.date} for t in texts.values())
    models = load_models()
    for coded in code_batch(articles, models):
        assert isinstance(coded, CodedDocument)  # none of these texts is refused
        name = coded.document.external_id or ""
        happening |= label_rows(texts[name], coded)
        for telling in read_tellings(coded):
            tellings[telling.id] = telling
            story_of[telling.id] = name.partition("-")[0]
    pairs = make_pairs(tellings, happening, read_news(path, models))
    told = {story: pairs.fit(left_out=story) for story in sorted(set(story_of.values()))}
    chances = np.array([
        sum(told[story][name] * value for name, value in zip(pairs.names, row, strict=True))
        for row, story in zip(pairs.matrix, pairs.stories, strict=True)
        if story != NEWS
    ])  # fmt: skip
    same = pairs.same[pairs.stories != NEWS]
    joined = chances > likeness.LEAST_ODDS
    hits, found, wanted = (float(which.sum()) for which in (joined & same, joined, same))
    print(f"{len(same)} pairs, {wanted:.0f} of one happening; each story left out in turn:")
    print(f"  pairs  P {hits / found:.3f} R {hits / wanted:.3f} F1 {2 * hits / (found + wanted):.3f}")
    event: dict[str, str] = {}
    for story, weights in told.items():
        event |= merged([t for name, t in tellings.items() if story_of[name] == story], weights)
    precision, recall, f1, _ = score_pairs(happening, event)
    print(f"  merged P {precision:.3f} R {recall:.3f} F1 {f1:.3f}")
    weights = pairs.fit()
    lines = ["# Log-odds that two rows tell of one happening (training/fit_happenings.py)", "evidence\tweight"]
    lines += [f"{name}\t{weight}" for name, weight in sorted(weights.items()) if weight]
    TARGET.write_text("\n".join(lines) + "\n", "utf-8")
    precision, recall, f1, _ = score_pairs(happening, merged(list(tellings.values()), weights))
    print(f"  merged, all stories at once, by the weights that saw them: P {precision:.3f} R {recall:.3f} F1 {f1:.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
