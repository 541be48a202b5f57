"""Lands, islands, towns and sites of our own list: their country in a sentence, and what keeps its meaning."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import demarche.resources
from demarche.linking import Linker
from demarche.linking.folding import fold_letters
from demarche.linking.places import LAND, load_cities, load_gazetteer
from demarche.linking.tables import load_tables
from demarche.pipeline.code import bare_article, parse_article
from demarche.pipeline.models import Models
from demarche.records import Linked
from demarche.syntax import Parser, load_parser

OWN = Path(demarche.resources.__file__).parent / "places/own_places.tsv"


@pytest.fixture(scope="module")
def parser() -> Parser:
    return load_parser()


def read(text: str, linker: Linker, parser: Parser) -> Linked:
    models = Models(parser=parser, linker=linker, coder=None, damage=lambda _: 0.0)
    article = bare_article(text, "2022-03-17")
    return linker.link(article, *parse_article(article, models))


def places(text: str, linker: Linker, parser: Parser) -> list[tuple[str, str | None]]:
    """The words of each place and its country, of places with a point."""
    linked = read(text, linker, parser)
    found = {place.id: place for place in linked.places if place.lat is not None}
    return [(text[m.start : m.end], found[m.ref].country) for m in linked.mentions if m.ref in found]


CASES = [
    ("Rebels shot two farmers in North Kivu on Friday.", "North Kivu", "COD"),
    ("A market in North Darfur burned for hours.", "North Darfur", "SDN"),
    ("Floods drove thousands from villages in Oromia.", "Oromia", "ETH"),
    ("Gunmen took five nurses in Plateau state.", "Plateau state", "NGA"),
    ("A bomb went off near a mosque in Mindanao.", "Mindanao", "PHL"),
    ("The army closed three schools in Chin state.", "Chin state", "MMR"),
    ("An earthquake killed six people in Sulawesi.", "Sulawesi", "IDN"),
    ("Voters in Tamil Nadu went to the polls.", "Tamil Nadu", "IND"),
    ("A roadside bomb killed two guards in North Waziristan.", "North Waziristan", "PAK"),
    ("A convoy of aid reached Eastern Ghouta on Monday.", "Eastern Ghouta", "SYR"),
    ("Grain ships waited for days off Hodeidah.", "Hodeidah", "YEM"),
    ("Two policemen were shot dead in Ingushetia.", "Ingushetia", "RUS"),
    ("Farmers in Vojvodina blocked a road.", "Vojvodina", "SRB"),
    ("Police in the Basque Country found a store of explosives.", "Basque Country", "ESP"),
    ("Rockets hit an open field in the Negev.", "Negev", "ISR"),
    ("Miners went on strike in Matabeleland North.", "Matabeleland North", "ZWE"),
    ("Coca growers were shot at in Catatumbo.", "Catatumbo", "COL"),
    ("Trawlers were stopped in the Niger Delta.", "Niger Delta", "NGA"),
    ("Migrants came ashore in Lampedusa at night.", "Lampedusa", "ITA"),
    ("A tunnel collapsed at Punggye-ri after the test.", "Punggye-ri", "PRK"),
    ("Clashes were heard in the Congo Basin.", "Congo Basin", None),
    ("Herders were moved out of the Jordan Valley.", "Jordan Valley", None),
]


@pytest.mark.parametrize(("text", "name", "country"), CASES)
def test_the_news_names_of_lands_have_their_country(
    text: str, name: str, country: str | None, linker: Linker, parser: Parser
) -> None:
    assert (name, country) in places(text, linker, parser)


def test_police_and_governors_are_of_the_state_of_their_land(linker: Linker, parser: Parser) -> None:
    for text, state in (
        ("Police in North Darfur arrested a teacher.", "SDN"),
        ("The governor of Ituri resigned.", "COD"),
    ):
        assert state in {actor.country for actor in read(text, linker, parser).actors}


def test_a_land_with_a_government_of_its_own_is_a_place_where_it_stands_as_one(linker: Linker, parser: Parser) -> None:
    assert ("Puntland", "SOM") in places("Five sailors were killed in Puntland on Monday.", linker, parser)
    acting = read("Puntland condemned the attack.", linker, parser)
    assert [actor.name for actor in acting.actors] == ["Puntland"]
    assert not acting.places


def test_a_swat_team_is_not_of_the_swat_valley(linker: Linker, parser: Parser) -> None:
    assert not places("A SWAT team searched the house.", linker, parser)
    assert ("Swat", "PAK") in places("Two girls were shot in Swat on Monday.", linker, parser)


def test_a_town_keeps_the_state_that_follows_it(linker: Linker) -> None:
    text = "A fire broke out in Palmyra, New Jersey."
    start = text.index("Palmyra")
    [place] = linker.locate(text, [(start, start + 7)])
    assert place is not None
    assert place.country == "USA"
    [ruins] = linker.locate("Columns fell in Palmyra.", [(16, 23)])
    assert ruins is not None
    assert ruins.country == "SYR"


def test_other_spellings_are_the_place_that_the_large_list_has() -> None:
    gazetteer = load_gazetteer()
    for name, spelling in _also():
        [first, *_] = gazetteer.candidates(spelling)
        assert first in gazetteer.candidates(name), (name, spelling)


def test_every_row_is_sound_and_no_name_stands_twice() -> None:
    tables, cities = load_tables(), load_cities()
    seen: Counter[str] = Counter()
    for row in _rows():
        assert len(row) == 6, row
        name, kind, country, lat, lon, others = row
        assert not country or tables.rows[country].kind == "state", row
        assert abs(float(lat)) <= 90, row
        assert abs(float(lon)) <= 180, row
        spellings = [other for other in others.split("|") if other]
        seen.update(spellings if kind == "also" else [name, *spellings])
        if kind in LAND and country:
            assert cities[fold_letters(name).lower()].startswith(country), row
    assert [name for name, count in seen.items() if count > 1] == []
    assert len(seen) > 1_400


def _rows() -> list[list[str]]:
    lines = OWN.read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def _also() -> list[tuple[str, str]]:
    return [(row[0], other) for row in _rows() if row[1] == "also" for other in row[5].split("|")]
