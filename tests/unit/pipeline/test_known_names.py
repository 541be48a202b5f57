"""Names that newspapers of five decades use without a word of explanation are known: bodies, peoples, leaders."""

from __future__ import annotations

import pytest

from demarche.pipeline import load_models
from demarche.pipeline.code import code_text
from demarche.records import CodedDocument

BODIES = (
    "APEC OAU SFOR ISAF ECOMOG UNPROFOR EEC GATT FMLN PFLP RUF MNLF SPLA FDLR Interahamwe Basij SAVAK Stasi SLORC"
    " Contras Bundesbank Inkatha Shas Fretilin KDP Royal_Navy"
).split()
PEOPLES = {
    "Kampuchean": "KHM", "Rhodesian": "ZWE", "Salvadorian": "SLV", "Moldavian": "MDA", "Kirghiz": "KGZ",
    "Ossetian": "South Ossetia", "Transnistrian": "Transnistria", "Crimean": "UKR", "Basque": "ESP", "Oromo": "ETH",
    "Darfuri": "SDN", "Flemish": "BEL", "Dagestani": "RUS",
}  # fmt: skip

LEADERS = {
    "Boris Yeltsin": ("RUS", 1995), "Mikhail Gorbachev": ("RUS", 1988), "Ronald Reagan": ("USA", 1985),
    "Margaret Thatcher": ("GBR", 1985), "Helmut Kohl": ("DEU", 1992), "Slobodan Milosevic": ("SRB", 1998),
    "Lech Walesa": ("POL", 1993), "Augusto Pinochet": ("CHL", 1985), "Evo Morales": ("BOL", 2010),
    "Yitzhak Rabin": ("ISR", 1994), "King Hussein": ("JOR", 1995), "Indira Gandhi": ("IND", 1982),
    "Mobutu Sese Seko": ("COD", 1990), "Mengistu Haile Mariam": ("ETH", 1985), "Blaise Compaore": ("BFA", 2010),
    "Queen Elizabeth II": ("GBR", 2010), "Sultan Qaboos": ("OMN", 2010), "Pope John Paul II": ("VAT", 1995),
}  # fmt: skip


def opening_actors(text: str, name: str, date: str) -> set[str]:
    """Countries, else names, of the actors of the table that the name stands for."""
    coded, _ = code_text(text, load_models(), date=date)
    assert isinstance(coded, CodedDocument)
    at = text.index(name)
    actors = {actor.id: actor for actor in coded.actors}
    here = {mention.ref for mention in coded.mentions if mention.start <= at < mention.end and mention.ref in actors}
    return {actors[ref].country or actors[ref].name for ref in here if not ref.startswith(("x:", "u:"))}


@pytest.mark.model
def test_bodies_by_their_short_names() -> None:
    told = "A spokesman for {} said on Monday that it would not attack."
    bodies = [name.replace("_", " ") for name in BODIES]
    assert [name for name in bodies if not opening_actors(told.format(name), name, "1996-05-02")] == []


@pytest.mark.model
def test_peoples_and_former_states() -> None:
    told = "{} troops attacked a village on Monday."
    found = {name: opening_actors(told.format(name), name, "1996-05-02") for name in PEOPLES}
    assert found == {name: {state} for name, state in PEOPLES.items()}


@pytest.mark.model
def test_leaders_of_five_decades() -> None:
    found = {}
    for name, (_, year) in LEADERS.items():
        coded, _ = code_text(f"{name} met reporters on Monday.", load_models(), date=f"{year}-06-15")
        assert isinstance(coded, CodedDocument)
        found[name] = {actor.country for actor in coded.actors}
    assert found == {name: {state} for name, (state, _) in LEADERS.items()}
