from __future__ import annotations

import itertools
import random
import time
from collections.abc import Sequence

import pytest

from demarche.coding import DerivedStatements, derive_statements, notes_of
from demarche.records import CodedDocument, EventType, Polarity, Standing, Status
from said import Said, article

CLAIM = Said(
    words="American officials said Moscow had asked Beijing for drones.", type=EventType.REQUEST,
    sources="RUS", targets="CHN", holders="USA", predicate="ask",
)  # fmt: skip
DENIAL = Said(
    words="The Kremlin denied that it had asked Beijing for any drones.", type=EventType.REQUEST, sources="RUS",
    targets="CHN", holders="RUS", status=Status.DENIED, polarity=Polarity.NEGATIVE, predicate="ask",
)  # fmt: skip


def derived(*documents: CodedDocument) -> DerivedStatements:
    return derive(documents)


def derive(documents: Sequence[CodedDocument], clusters: dict[str, str] | None = None) -> DerivedStatements:
    notes = [note for one in documents for note in notes_of(one)]
    return derive_statements(sorted(notes, key=lambda note: note.order), clusters)


def test_a_claim_meets_its_denial_in_a_later_article() -> None:
    first, later = article("one", "2022-03-14", CLAIM), article("two", "2022-03-16", DENIAL)
    found = derived(first, later)
    [claim] = found.claims
    assert claim.standing is Standing.DISPUTED
    assert (claim.first, claim.last, claim.documents) == ("2022-03-14", "2022-03-16", 2)
    assert (claim.asserting, claim.denying) == (("USA",), ("RUS",))
    assert {(s.stance, s.holder, s.date) for s in found.stances} == {
        ("assert", "USA", "2022-03-14"),
        ("deny", "RUS", "2022-03-16"),
    }
    assert set(found.standings) == {first.assertions[0].id, later.assertions[0].id}


def test_a_denial_a_month_later_is_another_claim() -> None:
    found = derived(article("one", "2022-03-14", CLAIM), article("two", "2022-04-16", DENIAL))
    assert len(found.claims) == 2
    assert found.standings == {}


def test_a_denial_before_the_claim_is_paired_too() -> None:
    found = derived(article("one", "2022-03-16", CLAIM), article("two", "2022-03-14", DENIAL))
    assert [claim.standing for claim in found.claims] == [Standing.DISPUTED]


def test_across_articles_one_verb_is_not_enough() -> None:
    one = Said(words="Moscow struck a harbour, Kyiv said.", type=EventType.ASSAULT, sources="RUS", targets="UKR",
               holders="UKR", predicate="strike")  # fmt: skip
    other = Said(words="Moscow denied that it had struck a maternity ward.", type=EventType.ASSAULT, sources="RUS",
                 targets="UKR", holders="RUS", status=Status.DENIED, predicate="strike")  # fmt: skip
    found = derived(article("one", "2022-03-14", one), article("two", "2022-03-15", other))
    assert len(found.claims) == 2
    assert found.standings == {}


def test_articles_without_a_date_are_only_paired_with_themselves() -> None:
    apart = derived(article("one", None, CLAIM), article("two", None, DENIAL))
    assert len(apart.claims) == 2
    assert len(derived(article("one", None, CLAIM, DENIAL)).claims) == 1


def test_what_an_article_says_did_not_happen_yet_is_no_denial() -> None:
    happened = Said(words="China condemned the war, Kyiv said.", type=EventType.ACCUSE, sources="CHN", targets="RUS",
                    holders="UKR")  # fmt: skip
    not_yet = Said(words="China has not condemned the war.", type=EventType.ACCUSE, sources="CHN", targets="RUS",
                   status=Status.NEGATED, polarity=Polarity.NEGATIVE)  # fmt: skip
    [claim] = derived(article("one", "2022-03-10", not_yet), article("two", "2022-03-12", happened)).claims
    assert claim.standing is Standing.ATTRIBUTED


def test_one_who_says_both_disputes_nothing() -> None:
    mine = Said(words="Moscow said it had asked Beijing for drones.", type=EventType.REQUEST, sources="RUS",
                targets="CHN", holders="RUS", predicate="ask")  # fmt: skip
    [claim] = derived(article("one", "2022-03-10", DENIAL), article("two", "2022-03-12", mine)).claims
    assert claim.standing is Standing.ATTRIBUTED


def test_other_targets_are_another_claim() -> None:
    other = Said(words="Moscow denied that it had asked Tehran for drones.", type=EventType.REQUEST, sources="RUS",
                 targets="IRN", holders="RUS", status=Status.DENIED, predicate="ask")  # fmt: skip
    assert len(derived(article("one", "2022-03-14", CLAIM), article("two", "2022-03-14", other)).claims) == 2


def test_a_doubt_is_a_stance_and_no_dispute() -> None:
    doubt = Said(words="Paris doubts that Moscow asked Beijing for drones.", type=EventType.REQUEST, sources="RUS",
                 targets="CHN", holders="FRA", status=Status.PREDICTED, polarity=Polarity.NEGATIVE, predicate="ask",
                 doubted=True)  # fmt: skip
    found = derived(article("one", "2022-03-14", CLAIM), article("two", "2022-03-15", doubt))
    [claim] = found.claims
    assert claim.standing is Standing.ATTRIBUTED
    assert sorted(stance.stance for stance in found.stances) == ["assert", "doubt"]


PROMISE = (
    Said(words="Berlin pledged to deliver tanks to Kyiv.", type=EventType.AGREE, sources="DEU", targets="UKR"),
    Said(words="", type=EventType.AID, sources="DEU", targets="UKR", status=Status.PROMISED, predicate="deliver",
         same=True),
)  # fmt: skip
KEPT = Said(words="Germany delivered the tanks.", type=EventType.AID, sources="DEU", targets="UKR",
            predicate="deliver")  # fmt: skip


def test_a_promise_is_kept_only_where_a_later_row_says_so() -> None:
    promise, later = article("one", "2023-01-25", *PROMISE), article("two", "2023-03-27", KEPT)
    [alone] = derived(promise).commitments
    assert (alone.state, alone.shown_by) == ("open", None)
    [kept] = derived(promise, later).commitments
    assert (kept.state, kept.shown_by) == ("kept", later.assertions[0].id)
    assert (kept.debtor, kept.creditor) == (("DEU",), ("UKR",))


@pytest.mark.parametrize(
    ("words", "state"),
    [("Germany has not delivered tanks.", "open"), ("Germany refused to deliver the tanks.", "broken")],
)
def test_not_yet_is_no_breach(words: str, state: str) -> None:
    row = Said(words=words, type=EventType.AID, sources="DEU", targets="UKR", predicate="deliver",
               status=Status.NEGATED, polarity=Polarity.NEGATIVE)  # fmt: skip
    [found] = derived(article("one", "2023-01-25", *PROMISE), article("two", "2023-03-27", row)).commitments
    assert found.state == state


def test_an_offer_that_was_not_made_is_no_commitment() -> None:
    rows = (
        Said(words="Berlin has not offered to deliver tanks.", type=EventType.AGREE, sources="DEU",
             status=Status.NEGATED),
        Said(words="", type=EventType.AID, sources="DEU", targets="UKR", status=Status.PROMISED, same=True),
    )  # fmt: skip
    assert derived(article("one", "2023-01-25", *rows)).commitments == ()


def test_talks_of_others_keep_no_promise_of_talks() -> None:
    promise = (
        Said(words="Berlin and Paris agreed to hold talks on tanks.", type=EventType.AGREE, sources="DEU FRA"),
        Said(words="", type=EventType.CONSULT, sources="DEU FRA", status=Status.PROMISED, predicate="hold", same=True),
    )  # fmt: skip
    other = Said(words="Berlin and London held talks on tanks.", type=EventType.CONSULT, sources="DEU GBR",
                 predicate="hold")  # fmt: skip
    first = article("one", "2023-01-25", *promise)
    assert derived(first, article("two", "2023-03-27", other)).commitments[0].state == "open"
    both = Said(words="Berlin and Paris held talks on tanks on Monday.", type=EventType.CONSULT, sources="DEU FRA",
                predicate="hold")  # fmt: skip
    assert derived(first, article("two", "2023-03-27", both)).commitments[0].state == "kept"


def test_a_copy_shows_nothing() -> None:
    promise, copy = article("one", "2023-01-25", *PROMISE, KEPT), article("two", "2023-01-26", *PROMISE, KEPT)
    same = {promise.document.id: "k", copy.document.id: "k"}
    assert {row.state for row in derive([promise, copy], same).commitments} == {"open"}


def forecast(polarity: Polarity = Polarity.POSITIVE, until: str | None = None) -> Said:
    return Said(words="Analysts expect China to deliver tanks to Russia.", type=EventType.AID, sources="CHN",
                targets="RUS", holders="USA", status=Status.PREDICTED, predicate="deliver", polarity=polarity,
                until=until)  # fmt: skip


def test_forecasts_are_borne_out_or_fail_by_later_rows() -> None:
    did = Said(words="China delivered tanks to Russia.", type=EventType.AID, sources="CHN", targets="RUS",
               predicate="deliver")  # fmt: skip
    later = article("two", "2022-06-01", did)
    [right] = derived(article("one", "2022-03-17", forecast()), later).forecasts
    assert (right.state, right.shown_by) == ("borne out", later.assertions[0].id)
    [wrong] = derived(article("one", "2022-03-17", forecast(Polarity.NEGATIVE)), later).forecasts
    assert (wrong.state, wrong.shown_by) == ("failed", later.assertions[0].id)


def test_a_forecast_fails_after_its_horizon_only() -> None:
    not_done = Said(words="China has delivered no tanks to Russia.", type=EventType.AID, sources="CHN", targets="RUS",
                    predicate="deliver", status=Status.NEGATED, polarity=Polarity.NEGATIVE)  # fmt: skip
    first = article("one", "2022-03-17", forecast(until="2022-05-01"))
    assert derived(first, article("two", "2022-04-20", not_done)).forecasts[0].state == "open"
    assert derived(first, article("two", "2022-05-20", not_done)).forecasts[0].state == "failed"


def test_a_threat_carried_out_cites_its_row() -> None:
    threat = (
        Said(words="Ankara threatened to impose tariffs on Greece unless it withdraws.", type=EventType.THREATEN,
             sources="TUR", targets="GRC"),
        Said(words="", type=EventType.SANCTION, sources="TUR", targets="GRC", status=Status.THREATENED,
             predicate="impose", same=True),
    )  # fmt: skip
    done = Said(words="Turkey imposed the tariffs.", type=EventType.SANCTION, sources="TUR", targets="GRC",
                predicate="impose")  # fmt: skip
    later = article("two", "2024-02-01", done)
    [found] = derived(article("one", "2024-01-10", *threat), later).threats
    assert (found.state, found.shown_by) == ("carried out", later.assertions[0].id)
    assert found.condition_text == "unless it withdraws"


def some_articles(count: int, seed: int = 7) -> list[CodedDocument]:
    """Articles of few actors and words over three months: everything meets everything."""
    dice = random.Random(seed)
    states, verbs = ["RUS", "CHN", "USA", "UKR"], ["deliver", "strike", "sanction", "meet"]
    nouns = ["tanks", "drones", "grain", "harbour", "ministers", "border", "prisoners", "missiles", "factory"]
    found = []
    for number in range(count):
        day = f"2022-{1 + number % 3:02}-{1 + dice.randrange(28):02}"
        rows = []
        for _ in range(3):
            doer, other, holder = dice.sample(states, 3)
            rows.append(
                Said(
                    words=f"{doer} and {dice.choice(nouns)} with {dice.choice(nouns)} at {dice.choice(nouns)}.",
                    type=dice.choice([EventType.AID, EventType.ASSAULT]), sources=doer, targets=other,
                    holders=dice.choice(["", holder]), predicate=dice.choice(verbs),
                    status=dice.choice([Status.ACTUAL, Status.DENIED, Status.NEGATED, Status.PREDICTED,
                                        Status.PROMISED]),
                )
            )  # fmt: skip
        found.append(article(f"a{number}", day, *rows))
    return found


def test_the_order_of_the_documents_changes_nothing() -> None:
    documents = some_articles(40)
    wanted = derive(documents)
    assert wanted.claims
    assert wanted.commitments
    for seed in range(5):
        shuffled = documents.copy()
        random.Random(seed).shuffle(shuffled)
        assert derive(shuffled) == wanted


def test_every_stance_has_its_claim_and_every_row_one() -> None:
    found = derive(some_articles(60))
    claims = {claim.id for claim in found.claims}
    assert len(claims) == len(found.claims)
    assert {stance.claim for stance in found.stances} == claims
    rows = [stance.assertion for stance in found.stances]
    assert len(rows) == len(set(rows))


def seconds(documents: Sequence[CodedDocument]) -> float:
    begun = time.process_time()
    derive(documents)
    return time.process_time() - begun


def test_time_grows_with_the_rows_not_with_their_square() -> None:
    documents = some_articles(1600)
    best = [min(seconds(documents[:count]) for _ in range(3)) for count in (400, 1600)]
    assert best[1] < 8 * best[0]


def test_days_that_are_no_days_lose_nothing() -> None:
    odd = [article("one", "2022-03", CLAIM), article("two", "soon", DENIAL)]
    assert sum(claim.documents for claim in derive(odd).claims) == 2
    assert list(itertools.chain.from_iterable(c.asserting for c in derive(odd).claims)) == ["USA"]
