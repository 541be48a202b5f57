"""The sentence of docs/CONTRACT.md, and one like it, give the rows that the contract lists."""

from __future__ import annotations

import pytest

from demarche.pipeline import load_models
from demarche.pipeline.code import code_text
from demarche.records import CodedDocument, EventType, LinkKind, Standing, Status

CONTRACT = (
    "U.S. officials said on Thursday that Moscow had asked Beijing for military aid; the Kremlin denied it.",
    ("USA", "RUS"),
    EventType.REQUEST,
)
LIKE_IT = ("Kyiv said Minsk had bombed a bridge near Lutsk; Minsk denied the claim.", ("UKR", "BLR"), EventType.ASSAULT)


@pytest.mark.model
@pytest.mark.parametrize(("text", "sides", "kind"), [CONTRACT, LIKE_IT])
def test_a_claim_meets_its_denial(text: str, sides: tuple[str, str], kind: EventType) -> None:
    coded, _ = code_text(text, load_models(), date="2022-03-17")
    assert isinstance(coded, CodedDocument)
    country = {actor.id: actor.country for actor in coded.actors}
    told, denied = sides
    asserted = next(r for r in coded.assertions if r.type is kind and r.status is Status.ACTUAL)
    turned = next(r for r in coded.assertions if r.type is kind and r.status is Status.DENIED)
    assert [country[a] for a in asserted.sources] == [country[a] for a in turned.sources] == [denied]
    assert [country[a] for a in asserted.holders] == [told]
    assert [country[a] for a in turned.holders] == [denied]
    assert asserted.standing is turned.standing is Standing.DISPUTED
    assert (LinkKind.DENIES, turned.id, asserted.id) in {(link.kind, link.from_, link.to) for link in coded.links}
    acts = [(row.act, country[row.holder or ""]) for row in coded.attributions]
    assert [who for _, who in acts] == [told, denied]
    outer = coded.attributions[0].content
    assert ";" not in text[outer[0][0] : outer[-1][1]]
