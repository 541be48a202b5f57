from __future__ import annotations

import jsonschema
import pytest

from demarche.errors import InputError
from demarche.records import (
    Article,
    CodedDocument,
    CopyKind,
    Document,
    Link,
    LinkKind,
    Paragraph,
    Role,
    from_json,
    json_schema,
    stable_id,
    to_json,
)


def document(**changes: object) -> Document:
    fields: dict[str, object] = {
        "id": "d1", "external_id": None, "url": None, "title": "Rain", "authors": ("A",), "publisher": None,
        "published": "2024-01-02", "retrieved": None, "language": "en", "text": "Rain fell.", "sha256": "0" * 64,
        "source": "rain.txt", "words": 2, "damage": 0.0, "warnings": (), "cluster": None, "copy": CopyKind.ORIGINAL,
    }  # fmt: skip
    return Document(**{**fields, **changes})  # type: ignore[arg-type]


def test_json_has_the_contracts_names_and_leads_with_the_schema() -> None:
    coded = CodedDocument(document=document(), links=(Link(kind=LinkKind.DENIES, from_="e1", to="e2"),))
    value = to_json(coded)
    assert next(iter(value)) == "schema"
    assert value["schema"] == 1
    assert value["links"] == [{"kind": "denies", "from": "e1", "to": "e2"}]
    assert value["document"]["external_id"] is None
    assert value["mentions"] == []


def test_json_validates_against_the_generated_schema() -> None:
    coded = CodedDocument(document=document(), paragraphs=(Paragraph(start=0, end=10, role=Role.BODY),))
    jsonschema.validate(to_json(coded), json_schema(CodedDocument))


def test_reading_back_gives_the_same_record() -> None:
    article = Article(document=document(), paragraphs=(Paragraph(start=0, end=10, role=Role.TITLE, repeat=True),))
    assert from_json(Article, to_json(article)) == article


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"copy": "stolen"}, "is no CopyKind"),
        ({"words": "two"}, "expected int"),
        ({"colour": "red"}, "unknown field 'colour'"),
        ({"authors": "A"}, "expected a list"),
    ],
)
def test_a_wrong_field_is_named(change: dict[str, object], words: str) -> None:
    value = to_json(document()) | change
    with pytest.raises(InputError, match=words) as caught:
        from_json(Document, value)
    assert caught.value.code == "E110"


def test_a_missing_field_is_named() -> None:
    value = to_json(document())
    del value["sha256"]
    with pytest.raises(InputError, match="missing field 'sha256'"):
        from_json(Document, value)


def test_ids_tell_nothing_from_empty() -> None:
    assert stable_id("d", "a", None) != stable_id("d", "a", "")
    assert stable_id("d", "ab", "c") != stable_id("d", "a", "bc")
    assert stable_id("d", "a") == stable_id("d", "a")
    assert len(stable_id("d", "a")) == 17
