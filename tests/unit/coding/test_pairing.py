"""Claims meet their own denials and no others, also in the news of one country."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demarche.coding import derive_statements, notes_of
from demarche.coding.matter import is_one_act, shared_person, substance
from demarche.pipeline import Models, code_text, load_models
from demarche.records import CodedDocument, EventType, LinkKind, Polarity, Standing, Status
from said import Said, article


@given(st.integers(0, 9), st.booleans(), st.booleans(), st.booleans())
def test_more_in_common_never_parts_two_rows(shared: int, verb: bool, here: bool, foreign: bool) -> None:
    one = is_one_act(shared, same_predicate=verb, same_sentence=here, foreign=foreign)
    more = is_one_act(shared + 1, same_predicate=True, same_sentence=here, foreign=True)
    assert more or not one


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        (("x:1",), ("x:2",), False),
        (("x:1",), ("x:1", "x:2"), True),
        (("x:1",), ("USA.GOV",), True),
        (("Q7",), ("USA",), True),
        ((), ("x:2",), True),
    ],
)
def test_two_named_people_are_not_one(one: tuple[str, ...], two: tuple[str, ...], same: bool) -> None:
    assert shared_person(one, two) is same
    assert shared_person(two, one) is same


def test_words_of_substance_are_long_and_no_names() -> None:
    assert substance("Officials said Lima had shelled the harbour of Quito.") == ("harbour", "shelled")


def domestic(words: str, predicate: str, **more: object) -> Said:
    return Said(words=words, type=EventType.ASSAULT, sources="USA", targets="USA", predicate=predicate, **more)  # type: ignore[arg-type]


def test_other_acts_of_one_country_are_other_claims() -> None:
    found = derive_statements(
        list(
            notes_of(
                article(
                    "one",
                    "2022-03-14",
                    domestic("Police say a driver hit a cyclist on a bridge.", "hit", holders="USA"),
                    domestic(
                        "A jeweller denied stabbing his neighbour.", "stab", holders="USA", status=Status.DENIED,
                        polarity=Polarity.NEGATIVE,
                    ),
                )
            )
        ),
        None,
    )  # fmt: skip
    assert len(found.claims) == 2
    assert {claim.standing for claim in found.claims} == {Standing.ATTRIBUTED}


def test_nobody_denies_what_he_asserts_in_one_article() -> None:
    rows = article(
        "one", "2022-03-14",
        Said(words="Lima said it had shelled the harbour.", type=EventType.ASSAULT, sources="PER", targets="ECU",
             holders="PER", predicate="shell"),
        Said(words="Lima denied that it had shelled the school.", type=EventType.ASSAULT, sources="PER", targets="ECU",
             holders="PER", predicate="shell", status=Status.DENIED, polarity=Polarity.NEGATIVE),
    )  # fmt: skip
    found = derive_statements(list(notes_of(rows)), None)
    assert len(found.claims) == 2
    assert not any(set(claim.asserting) & set(claim.denying) for claim in found.claims)


def test_what_one_refuses_to_do_is_no_claim() -> None:
    refusal = Said(words="Lima refused to send arms to Quito.", type=EventType.AID, sources="PER", targets="ECU",
                   holders="PER", predicate="send", status=Status.NEGATED, polarity=Polarity.NEGATIVE)  # fmt: skip
    assert derive_statements(list(notes_of(article("one", "2022-03-14", refusal))), None).claims == ()


def test_a_promise_needs_somebody_who_made_it() -> None:
    row = Said(words="Sign up and save with our package.", type=EventType.AID, targets="USA", status=Status.PROMISED)
    assert derive_statements(list(notes_of(article("one", "2022-03-14", row))), None).commitments == ()


@pytest.fixture(scope="module")
def models() -> Models:
    return load_models()


def coded(models: Models, text: str) -> CodedDocument:
    found, _ = code_text(text, models, date="2022-03-17")
    assert isinstance(found, CodedDocument)
    return found


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "Peru rejected Chile's claim that it had shelled the port.",
        "Chile denied a report by Peru that it had closed the border.",
    ],
)
def test_a_denial_that_names_the_claim_is_disputed_and_stands_on_the_denier_alone(models: Models, text: str) -> None:
    [row] = [row for row in coded(models, text).assertions if row.status == Status.DENIED]
    assert row.standing is Standing.DISPUTED
    assert len(row.holders) == 1


@pytest.mark.model
def test_a_charge_that_is_denied_points_at_what_is_charged(models: Models) -> None:
    found = coded(models, "They accuse Qatar of financing militants, a charge that Doha has repeatedly denied.")
    rows = {row.id: row for row in found.assertions}
    [link] = [link for link in found.links if link.kind == LinkKind.DENIES]
    assert (rows[link.to].predicate, rows[link.from_].status) == ("finance", Status.DENIED)


@pytest.mark.model
@pytest.mark.parametrize("mark", ["if", "as long as", "so long as", "unless"])
def test_what_stands_under_a_condition_is_conditional(models: Models, mark: str) -> None:
    found = coded(models, f"Oslo will send arms {mark} Lima halts its raids.")
    rows = {str(row.type): row for row in found.assertions}
    assert rows["RETREAT"].status == Status.CONDITIONAL
    assert rows["AID"].condition == rows["RETREAT"].id


@pytest.mark.model
def test_terms_of_speaking_are_no_part_of_what_is_said(models: Models) -> None:
    found = coded(models, "Egypt closed the crossing, two officials said on condition of anonymity.")
    text = found.document.text
    assert [text[s:e] for row in found.attributions for s, e in row.content] == ["Egypt closed the crossing"]
    assert [actor.name for actor in found.actors if actor.id in found.assertions[0].holders] != ["officials"]
