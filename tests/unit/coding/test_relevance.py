"""News of sport and private life gives no rows; a second state is read only into stories between states."""

from __future__ import annotations

import pytest

from demarche.pipeline import load_models
from demarche.pipeline.code import code_text
from demarche.records import Assertion, CodedDocument, EventType

SPORT = """Harriers steal a late win at the Vale

Ashby Harriers beat Colne Rovers 3-2 on Saturday after Danny Kershaw struck twice in the last ten minutes.

Kershaw met a corner from Lee Marsh with his head and then fired past the goalkeeper from the edge of the box.

Rovers had hoped for a place at the top of the table, and for an hour they held on to that hope.

Marsh, who visits his old club next week, said he would not change a thing. The Harriers host Milldon on Tuesday.
"""
HOME = """Finland's parliament debates pensions

Finland's government defended its pension plan in parliament on Tuesday, and the opposition condemned the cuts.

The Finnish prime minister, Ada Koskela, told lawmakers that the plan would go ahead in spring.

Opposition leader Eero Lahti accused the cabinet of lying, and Finnish trade unions threatened a strike.

A Danish study quoted in the debate found that later pensions spare money. Koskela promised to answer in writing.

Finnish police arrested two men who threw eggs. Denmark tried the same plan in 2011.
"""
COURT = """Two held after raid on a Belfast jeweller

Two brothers from Cork were remanded in custody on Tuesday, accused of the robbery of a jeweller in Belfast.

Prosecutor Nuala Keane said the pair had attacked a guard, and opposed bail.

Their solicitor rejected the charges and demanded the tapes. The magistrate refused.

Detectives arrested a third man on Monday; he was released, and a juror was excused.
"""
TRADE_WAR = """Lao prosecutor charges two Thai traders

A prosecutor in Vientiane charged two Thai traders with the theft of timber on Monday, and Thailand condemned the
indictment.

Laos rejected the protest. The defendants were refused bail.

Thailand recalled its ambassador from Laos on Wednesday, and Bangkok accused Vientiane of taking hostages.
"""
OPINION = """Ministers differ on grain

Peru's farm minister agreed that there was a need for more inspectors in the north of the country.

Peru agreed to send Ecuador grain. Ecuador thanked Peru on Friday.

The two governments will meet in Quito. Peru's government has promised more.
"""


def coded(text: str) -> CodedDocument:
    found, _ = code_text(text, load_models(), date="2023-05-09")
    assert isinstance(found, CodedDocument)
    return found


def countries(document: CodedDocument, row: Assertion) -> set[str | None]:
    by_id = {actor.id: actor.country for actor in document.actors}
    return {by_id[actor] for actor in (*row.sources, *row.targets)}


@pytest.mark.model
def test_a_match_report_has_no_political_acts() -> None:
    assert [row.predicate for row in coded(SPORT).assertions if row.type] == []


@pytest.mark.model
def test_no_second_state_is_read_into_a_story_of_one() -> None:
    document = coded(HOME)
    rows = [row for row in document.assertions if row.type]
    assert len(rows) >= 3
    assert not any("DNK" in countries(document, row) for row in rows)


@pytest.mark.model
def test_crime_and_courts_are_no_politics() -> None:
    assert [row.predicate for row in coded(COURT).assertions if row.type] == []


@pytest.mark.model
def test_a_trial_between_states_is() -> None:
    types = {str(row.type) for row in coded(TRADE_WAR).assertions}
    assert {"ACCUSE", "SANCTION"} <= types


@pytest.mark.model
def test_agreeing_that_something_is_so_is_no_agreement() -> None:
    document = coded(OPINION)
    agreed = [row for row in document.assertions if row.type and row.predicate.startswith("agree")]
    assert len(agreed) == 1


@pytest.mark.model
def test_in_an_article_about_one_state_the_other_side_is_that_state() -> None:
    document = coded(HOME)
    backed = [row for row in document.assertions if row.type is EventType.SUPPORT]
    assert backed
    assert all(countries(document, row) == {"FIN"} and row.targets for row in backed)
