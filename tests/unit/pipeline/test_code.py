from __future__ import annotations

from dataclasses import replace

from demarche.pipeline import code_batch
from demarche.records import CodedDocument, Paragraph, Rejection, Role, from_json, to_json
from fake_rooms import article, articles, load_fakes


def coded(item: object) -> CodedDocument:
    assert isinstance(item, CodedDocument)
    return item


def test_spans_are_offsets_in_the_document() -> None:
    [found] = code_batch(articles(1), load_fakes())
    one = coded(found)
    text = one.document.text
    assert [text[s.start : s.end] for s in one.sentences][1] == "Beijing warned Moscow again today."
    assert [s.id for s in one.sentences] == [f"{one.document.id}.s{n}" for n in range(1, 5)]
    assert [s.paragraph for s in one.sentences] == [0, 1, 1, 1]
    assert all(text[m.start : m.end] in {"Beijing", "Moscow"} for m in one.mentions)


def test_furniture_of_the_page_is_not_coded() -> None:
    whole = article("a", "Title\nBeijing warned Moscow.\nShare this.")
    furnished = replace(whole, paragraphs=(*whole.paragraphs[:2], Paragraph(start=29, end=40, role=Role.PROMPT)))
    [found] = code_batch([furnished], load_fakes())
    assert {s.paragraph for s in coded(found).sentences} == {0, 1}


def test_other_languages_are_kept_and_warned_about() -> None:
    [found] = code_batch([article("a", "Titre\nMoscow mahnt Paris.", language="de")], load_fakes())
    assert coded(found).sentences == ()
    assert "language not supported yet" in coded(found).document.warnings


def test_a_failing_document_becomes_a_rejection_and_the_others_go_on() -> None:
    first, second, third = code_batch(articles(3, spoiled={1: "RAISE"}), load_fakes())
    assert isinstance(second, Rejection)
    assert (second.stage, second.code, second.reason) == ("code", "E703", "ValueError: asked to fail")
    assert coded(first).assertions
    assert coded(third).assertions


def test_a_row_does_not_depend_on_its_batch() -> None:
    many = articles(7)
    alone = [code_batch([one], load_fakes())[0] for one in many]
    assert code_batch(many, load_fakes()) == alone
    assert code_batch(many[::-1], load_fakes()) == alone[::-1]


def test_json_comes_back_as_it_went() -> None:
    for found in code_batch(articles(3), load_fakes()):
        assert from_json(CodedDocument, to_json(found)) == found
