"""Fit `copies/happenings.tsv`: what makes two rows tell of one happening, learned from stories told several times.

    python -m training.fit_happenings

Logistic regression over all pairs of marked rows of one type in one story of `training/data/retellings_*.txt`, coded by
the coder as it ships: fit it anew when the coder changes. Printed: pairs told apart with each story left out in turn,
and the same of merging. No story of `demarche evaluate events` is among them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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
from demarche.pipeline import code_batch, load_models
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
        pull = np.array([0.01 if name == "bias" else RIDGE for name in self.names])

        def loss(weights: Floats) -> tuple[float, Floats]:
            margins = sign * (matrix @ weights)
            slope = -(matrix * (sign / (1 + np.exp(margins)))[:, None]).sum(0) + pull * weights
            return float(np.logaddexp(0, -margins).sum() + 0.5 * (pull * weights**2).sum()), slope

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


def make_pairs(tellings: Mapping[str, Telling], happening: Mapping[str, str]) -> Pairs:
    """All pairs of marked rows of one type in one story."""
    rows: list[dict[str, float]] = []
    same, stories = [], []
    for one, two in combinations(sorted(happening), 2):
        story = happening[one].partition("/")[0]
        if tellings[one].type != tellings[two].type or happening[two].partition("/")[0] != story:
            continue
        alike = (tellings[one].vector * tellings[two].vector).reshape(PARTS, -1).sum(1)
        rows.append(dict(likeness.evidence(tellings[one], tellings[two])))
        rows[-1] |= {likeness.NEAR: float(alike[0]), likeness.AFTER: float(alike[1])}
        same.append(happening[one] == happening[two])
        stories.append(story)
    names = sorted({name for row in rows for name in row} - BY_HAND.keys())
    matrix = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    return Pairs(names=names, matrix=matrix, same=np.array(same), stories=np.array(stories))


def merged(tellings: Sequence[Telling], weights: Mapping[str, float]) -> dict[str, str]:
    """Row → event, merged by these weights."""
    with mock.patch.object(likeness, "load_weights", return_value=weights):
        return {row.assertion: row.event for row in merge_events(tellings).event_assertions}


def main() -> None:
    texts = read_stories(sorted(TEXTS.glob("retellings_*.txt")))
    happening: dict[str, str] = {}
    tellings: dict[str, Telling] = {}
    story_of: dict[str, str] = {}
    articles = read_rows({"id": t.id, "text": t.text, "published": t.date} for t in texts.values())
    for coded in code_batch(articles, load_models()):
        assert isinstance(coded, CodedDocument)  # none of these texts is refused
        name = coded.document.external_id or ""
        happening |= label_rows(texts[name], coded)
        for telling in read_tellings(coded):
            tellings[telling.id] = telling
            story_of[telling.id] = name.partition("-")[0]
    pairs = make_pairs(tellings, happening)
    told = {story: pairs.fit(left_out=story) for story in sorted(set(story_of.values()))}
    chances = np.array([
        sum(told[story][name] * value for name, value in zip(pairs.names, row, strict=True))
        for row, story in zip(pairs.matrix, pairs.stories, strict=True)
    ])  # fmt: skip
    joined = chances > likeness.LEAST_ODDS
    hits, found, wanted = (float(which.sum()) for which in (joined & pairs.same, joined, pairs.same))
    print(f"{len(pairs.same)} pairs, {wanted:.0f} of one happening; each story left out in turn:")
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
    main()
