"""Where: the gazetteer and the choice among places of one name."""

from __future__ import annotations

import pytest

from demarche.linking import Linker
from demarche.linking.places import distance_km


def near(linker: Linker, text: str, name: str, lat: float, lon: float) -> bool:
    start = text.index(name)
    [place] = linker.locate(text, [(start, start + len(name))])
    return place is not None and distance_km(place.lat, place.lon, lat, lon) < 161


CASES = [
    ("Talks went on in Paris, the French capital.", "Paris", 48.86, 2.35),
    ("A fire broke out in Paris, Texas.", "Paris", 33.66, -95.56),
    ("Russia moved troops.", "Russia", 60.0, 100.0),
    ("The United States refused.", "United States", 39.8, -98.5),
    ("Floods hit Calif. towns.", "Calif.", 37.3, -119.8),
    ("Laurel County in Kentucky voted.", "Laurel County", 37.1, -84.1),
    ("Georgia's capital Tbilisi and Batumi were calm, said Georgia.", "Georgia", 42.0, 43.5),
]


@pytest.mark.parametrize(("text", "name", "lat", "lon"), CASES)
def test_places_lie_where_the_text_puts_them(linker: Linker, text: str, name: str, lat: float, lon: float) -> None:
    assert near(linker, text, name, lat, lon)


def test_words_that_are_no_place_alone(linker: Linker) -> None:
    text = "The West and Congress agreed."
    assert linker.locate(text, [(4, 8), (13, 21)]) == [None, None]
