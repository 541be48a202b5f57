"""Who did what to whom, where more than the clause must be read: each other, mediators, crowds, weapons, reports."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from demarche.records import EventType

sys.path.insert(0, str(Path(__file__).parents[2] / "rules"))

from rule_bench import bench

Sides = tuple[set[str], set[str]]


def sides(text: str, kind: EventType) -> list[Sides]:
    """Labels of sources and targets of the rows of one type, without unnamed people."""
    rows, labels = bench().code(text)

    def named(actors: tuple[str, ...]) -> set[str]:
        return {labels[actor] for actor in actors if not actor.startswith("u:")}

    return [(named(row.sources), named(row.targets)) for row in rows if row.type is kind]


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "kind", "wanted"),
    [
        pytest.param(
            "Chad and Sudan shelled each other on Monday.",
            EventType.ASSAULT, ({"TCD", "SDN"}, {"TCD", "SDN"}), id="each other",
        ),
        pytest.param("Chad withdrew its troops from the border.", EventType.RETREAT, ({"TCD"}, set()), id="own troops"),
        pytest.param(
            "Chad and Sudan have closed their border. Chad condemned Sudan on Friday. Kenya offered to mediate.",
            EventType.CONSULT, ({"KEN", "TCD", "SDN"}, set()), id="mediator",
        ),
        pytest.param(
            "Peru accused Chile of shelling a village. The shells killed two farmers.",
            EventType.ASSAULT, ({"CHL"}, {"PER"}), id="by means",
        ),
        pytest.param(
            "Chad massed Chadian troops on the border with Niger.",
            EventType.MOBILIZE, ({"TCD"}, {"NER"}), id="its own troops",
        ),
        pytest.param(
            "Chile refused to lift a ban on Bolivians.", EventType.REJECT, ({"CHL"}, {"BOL"}), id="refused"
        ),
        pytest.param(
            "Kenya has pledged to pay for roads in Malawi.", EventType.AGREE, ({"KEN"}, {"MWI"}), id="pledged"
        ),
        pytest.param(
            "Chad and Sudan have closed their border. Chad condemned Sudan on Friday. Kenya offered to mediate.",
            EventType.AGREE, ({"KEN"}, {"TCD", "SDN"}), id="mediation offered",
        ),
        pytest.param(
            "Quito and Lima said they would expel Chilean diplomats.",
            EventType.SANCTION, ({"ECU", "PER"}, {"CHL"}), id="they who said it",
        ),
        pytest.param(
            "A rocket was fired from Chad at Sudan.", EventType.ASSAULT, ({"TCD"}, {"SDN"}), id="from a place"
        ),
        pytest.param(
            "Ethnic Albanians in Serbia condemned Croatia.", EventType.ACCUSE, ({"SRB"}, {"HRV"}), id="where they live"
        ),
        pytest.param(
            "Kenyan gunmen killed people in Malawi.", EventType.ASSAULT, ({"KEN"}, {"MWI"}), id="where they are hit"
        ),
        pytest.param(
            "Peru has never condemned what Chile does.", EventType.ACCUSE, ({"PER"}, {"CHL"}), id="what somebody does"
        ),
        pytest.param(
            'A minister of Chile said: "We fear that they will attack Peru." Chile and Peru had met in Lima.',
            EventType.ASSAULT, (set(), {"PER"}), id="they are not we",
        ),
        pytest.param(
            "Peru condemned Chile on Monday. Chile condemned Peru. Peruvian teachers demanded higher wages.",
            EventType.REQUEST, ({"PER"}, {"PER"}), id="teachers ask at home",
        ),
        pytest.param(
            "Peru condemned Chile on Monday. Chile condemned Peru. Peruvian soldiers shot dead two students.",
            EventType.ASSAULT, ({"PER"}, {"PER"}), id="no war, so at home",
        ),
        pytest.param(
            "Lima said that Quito had closed the crossing, and condemned Ecuador.",
            EventType.ACCUSE, ({"PER"}, {"ECU"}), id="behind the report",
        ),
        pytest.param(
            "Chad and Sudan shelled each other's villages for three days.",
            EventType.ASSAULT, ({"TCD", "SDN"}, {"TCD", "SDN"}), id="what is each other's",
        ),
        pytest.param(
            "Honduras extended a curfew. Washington has kept up its aid. The foreign minister condemned Chile.",
            EventType.ACCUSE, ({"HND"}, {"CHL"}), id="no American minister",
        ),
        pytest.param(
            "Seven Andean countries condemned Chile, four years after the invasion of Ukraine.",
            EventType.ACCUSE, (set(), {"CHL"}), id="several states",
        ),
        pytest.param(
            "The State Department condemned Chile after talks with France. Paris said nothing.",
            EventType.ACCUSE, ({"USA"}, {"CHL"}), id="no other state's department",
        ),
        pytest.param(
            "Venezuela closed its border. The United States objected. Lawmakers accused the National Guard of murder.",
            EventType.ACCUSE, ({"VEN"}, {"VEN"}), id="the guard of who is spoken of",
        ),
        pytest.param(
            "Chile has condemned nobody since Peru closed its border.", EventType.ACCUSE, ({"CHL"}, set()), id="nobody"
        ),
        pytest.param(
            "Chad shelled a village in Niger. Niger asked Kenya for help. Kenya condemned the shelling.",
            EventType.ACCUSE, ({"KEN"}, {"TCD"}), id="an act named again",
        ),
        pytest.param(
            "Peru warned Bolivia. Chile has approved the sale of jets to Bolivia. Peru denounced the decision.",
            EventType.ACCUSE, ({"PER"}, {"CHL"}), id="the decision just told",
        ),
        pytest.param(
            "Leaders of the euro zone promised Greece a loan on Monday.",
            EventType.AGREE, ({"Eurozone"}, {"GRC"}), id="of no one state",
        ),
        pytest.param(
            "Chile has condemned twelve countries since Peru closed its border. Peru replied.",
            EventType.ACCUSE, ({"CHL"}, set()), id="against several countries",
        ),
        pytest.param(
            "Chile has condemned several governments since Peru closed its border.",
            EventType.ACCUSE, ({"CHL"}, set()), id="against several governments",
        ),
        pytest.param(
            "Trump imposed tariffs on Iran on Friday. The Senate condemned Syria.",
            EventType.ACCUSE, ({"USA"}, {"SYR"}), id="no Iranian senate",
        ),
        pytest.param(
            "Chad massed tanks along the Nigerien frontier.", EventType.MOBILIZE, ({"TCD"}, {"NER"}), id="along"
        ),
        pytest.param(
            "Peru moved two brigades up to the Chilean border.", EventType.MOBILIZE, ({"PER"}, {"CHL"}), id="up to"
        ),
        pytest.param(
            "Kenya deployed bombers close to Ugandan airspace.", EventType.MOBILIZE, ({"KEN"}, {"UGA"}), id="close to"
        ),
        pytest.param(
            "Peru closed its border. Chile has been condemned by every government in the region.",
            EventType.ACCUSE, (set(), {"CHL"}), id="every government",
        ),
        pytest.param(
            "Salvadorian troops attacked a Moldavian patrol on Monday.",
            EventType.ASSAULT, ({"SLV"}, {"MDA"}), id="other spellings of a people",
        ),
        pytest.param(
            "Abkhazian gunmen attacked a Corsican bank on Monday.",
            EventType.ASSAULT, ({"Abkhazia"}, {"FRA"}), id="peoples",
        ),
        pytest.param(
            "Kenya arrested three foreign journalists on Monday.", EventType.COERCE, ({"KEN"}, set()), id="foreigners"
        ),
    ],
)  # fmt: skip
def test_sides(text: str, kind: EventType, wanted: Sides) -> None:
    assert wanted in sides(text, kind)


@pytest.mark.model
def test_what_is_said_stays_with_who_does_it() -> None:
    """Without comma the second verb goes on with what is reported."""
    found = sides("Lima said that Quito had closed the crossing and condemned Brazil.", EventType.ACCUSE)
    assert ({"ECU"}, {"BRA"}) in found


@pytest.mark.model
def test_a_short_denial_of_a_long_sentence_has_its_sides() -> None:
    text = (
        "Peru said on Thursday after a long meeting in the capital that Ecuador had on Monday suspended all talks. "
        "Ecuador denied the report."
    )
    assert sides(text, EventType.SANCTION) == [({"ECU"}, {"PER"}), ({"ECU"}, {"PER"})]
