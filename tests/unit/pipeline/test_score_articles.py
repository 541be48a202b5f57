from __future__ import annotations

import importlib.util
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from demarche.pipeline import code_batch
from demarche.pipeline.score_articles import LEVELS, score_articles
from demarche.records import CodedDocument, to_json
from fake_rooms import articles, load_fakes


def gold_for(coded: CodedDocument, *, identifier: str) -> dict[str, Any]:
    """Gold that is met by some rows and missed by others."""
    text = coded.document.text
    events = []
    for row in coded.assertions:
        sentence = next(s for s in coded.sentences if s.id == row.sentence)
        events.append(
            {
                "quote": text[sentence.start : sentence.end], "trigger": text[row.spans[0][0] : row.spans[0][1]],
                "type": str(row.type), "sources": list(row.sources), "targets": list(row.targets),
                "holders": list(row.holders), "status": str(row.status), "standing": str(row.standing),
            }
        )  # fmt: skip
    events[0]["status"] = "denied"
    events[1]["targets"] = ["DEU|Germany"]
    events.append({**events[2], "type": "AID"})
    found = coded.attributions[1]
    attribution = {
        "source": text[slice(*found.source[0])], "cue": text[slice(*found.cue[0])],
        "content": text[slice(*found.content[0])], "holder": found.holder,
    }  # fmt: skip
    other = {"source": "Nobody", "cue": "said", "content": "nothing at all", "holder": None}
    return {
        "id": identifier, "text": text, "events": events, "attributions": [attribution, other],
        "roles": [[1, "title"], [2, "caption"]],
    }  # fmt: skip


@pytest.fixture
def coded() -> dict[str, CodedDocument]:
    found = code_batch(articles(4), load_fakes())
    return {f"g{i}": one for i, one in enumerate(found) if isinstance(one, CodedDocument)}


def test_counts(coded: dict[str, CodedDocument]) -> None:
    gold = [gold_for(one, identifier=name) for name, one in coded.items()]
    scores = score_articles(gold, coded)
    hits = [scores.score(level).hit for level in LEVELS]
    assert hits == [12, 12, 8, 4, 4, 4, 4]
    assert (scores.score("type").gold, scores.score("type").found) == (16, 12)
    assert scores.roles == (4, 8)


def test_an_article_that_is_missing_counts_as_empty(coded: dict[str, CodedDocument]) -> None:
    gold = [gold_for(coded["g0"], identifier="g0"), gold_for(coded["g1"], identifier="elsewhere")]
    scores = score_articles(gold, {"g0": coded["g0"]})
    assert (scores.score("type").gold, scores.score("type").found) == (8, 3)


@pytest.mark.shared
def test_the_measures_are_those_of_the_script_beside_the_project(shared: Path, coded: dict[str, CodedDocument]) -> None:
    path = shared / "eval" / "score_articles.py"
    spec = importlib.util.spec_from_file_location("their_score_articles", path)
    assert spec is not None
    assert spec.loader is not None
    theirs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(theirs)
    gold = [gold_for(one, identifier=name) for name, one in coded.items()]
    named = [replace(one, document=replace(one.document, external_id=name)) for name, one in coded.items()]
    wanted, _ = theirs.score(gold, [json.loads(json.dumps(to_json(one))) for one in named])
    scores = score_articles(gold, coded)
    for level in LEVELS:
        score = scores.score(level)
        assert wanted[level]["precision"] == round(score.precision, 4)
        assert wanted[level]["recall"] == round(score.recall, 4)
        assert wanted[level]["f1"] == round(score.f1, 4)
    assert wanted["roles"]["accuracy"] == round(scores.roles[0] / scores.roles[1], 4)
