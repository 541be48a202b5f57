from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from demarche.pipeline import code_batch, judged
from demarche.pipeline.judged import judged_documents, measure_judged, read_verdicts, verdict_on
from demarche.records import CodedDocument
from fake_rooms import articles, load_fakes


@pytest.fixture
def one() -> CodedDocument:
    found = code_batch(articles(1), load_fakes())[0]
    assert isinstance(found, CodedDocument)
    return found


def fact(one: CodedDocument, **changes: object) -> judged.Fact:
    row = one.assertions[0]
    assert row.type is not None
    actors = {actor.id: actor for actor in one.actors}
    label = lambda ids: ",".join(actors[i].country or actors[i].name for i in ids)  # noqa: E731
    right = judged.Fact(
        start=row.spans[0][0], end=row.spans[0][1], types=frozenset({row.type.value}),
        sources=(label(row.sources),), targets=(label(row.targets),), statuses=frozenset({row.status.value}),
    )  # fmt: skip
    return replace(right, **changes)  # type: ignore[arg-type]


def test_a_row_is_right_as_far_as_the_fact_says(one: CodedDocument) -> None:
    row = one.assertions[0]
    for right, levels in (
        (fact(one), (True, True, True)),
        (fact(one, statuses=frozenset({"denied"})), (True, True, False)),
        (fact(one, sources=("ATL", "unnamed,ATL")), (True, False, False)),
        (fact(one, types=frozenset()), (False, False, False)),
        (fact(one, start=row.spans[-1][1], end=row.spans[-1][1] + 3), (None, None, None)),
    ):
        found = verdict_on(row, one, [right])
        assert (found.type, found.sides, found.full) == levels


def test_of_several_facts_at_the_words_the_best_counts(one: CodedDocument) -> None:
    found = verdict_on(one.assertions[0], one, [fact(one, types=frozenset()), fact(one)])
    assert found.full


def test_the_board_counts_rows_and_documents(one: CodedDocument, monkeypatch: pytest.MonkeyPatch) -> None:
    document = articles(1)[0]
    name = document.document.external_id or document.document.id
    facts = [fact(one), fact(one, start=0, end=1, types=frozenset({"AID"}))]
    table = [
        judged.Judged(id=name, kind="gwn", half="A", published="2020-01-01", size=9, sha="-", facts=facts),
    ]
    named = replace(document, document=replace(document.document, external_id=name))
    monkeypatch.setattr(judged, "read_verdicts", lambda: table)
    monkeypatch.setattr(judged, "judged_documents", lambda data, documents: [])
    rows = {(r.set[-1], r.measure): (r.value, r.units) for r in measure_judged(Path(), load_fakes(), lambda _: [named])}
    assert rows["A", "type, sides and status, precision"] == (1.0, 1)
    assert rows["A", "judged acts found with their type"] == (0.5, 2)
    assert rows["A", "rows that nobody has judged"] == (len(one.assertions) - 1,) * 2
    assert rows["A", "documents whose text is read otherwise"] == (1, 1)
    assert rows["B", "type, precision"] == (0.0, 0)


def test_the_table_is_whole_and_holds_no_text() -> None:
    documents = read_verdicts()
    assert len(documents) == len({d.id for d in documents}) >= 60
    assert {d.half for d in documents} == {"A", "B"}
    for document in documents:
        assert all(0 <= fact.start < fact.end <= document.size * 2 for fact in document.facts)
        assert all(len(side) < 80 for fact in document.facts for side in (*fact.sources, *fact.targets))


def test_texts_are_read_from_the_data_folder(tmp_path: Path) -> None:
    (tmp_path / "geo").mkdir()
    line = json.dumps({"id": "g-1", "text": " One two three. \u2028 Four. "}, ensure_ascii=False)
    (tmp_path / "geo" / "gwn.jsonl").write_text(line + "\n", "utf-8")
    (tmp_path / "ner" / "en_worldwide_dev").mkdir(parents=True)
    tokens = "http://x.org\tO\n\nLima\tB-Location\nsaid\tO\n\nno\tO\n"
    (tmp_path / "ner" / "en_worldwide_dev" / "w_1.txt.tsv").write_text(tokens, "utf-8")
    (tmp_path / "ud").mkdir()
    treebank = "# newdoc id = d\n# newpar\n# text = A b.\n# text = C d.\n# newpar\n# text = E f.\n"
    (tmp_path / "ud" / "en_gum-open-train.conllu").write_text(treebank, "utf-8")
    wanted = [
        judged.Judged(id="g-1", kind="gwn", half="A", published="2020-01-01", size=7, sha=""),
        judged.Judged(id="w_1", kind="worldwide", half="A", published="2020-01-01", size=99, sha=""),
        judged.Judged(id="d", kind="gum", half="B", published="2020-01-01", size=99, sha=""),
    ]
    texts = [row["text"] for row in judged_documents(tmp_path, wanted)]
    assert texts == ["One two", "Lima said\nno", "A b. C d.\n\nE f."]


def test_the_shared_texts_are_those_that_were_judged(shared: Path) -> None:
    documents = [d for d in read_verdicts() if d.kind in ("gwn", "aeb")]
    rows = judged_documents(shared / "data", documents)
    assert all(row["text"] and len(row["text"]) == d.size for row, d in zip(rows, documents, strict=True))
    assert len({hashlib.sha256((row["text"] or "").encode()).hexdigest() for row in rows}) == len(rows)
