from __future__ import annotations

import pytest

from demarche.linking.places import is_place_name


@pytest.mark.parametrize(
    ("name", "is_place"),
    [("Lima", True), ("upstate New York", True), ("March", False), ("May", False), ("pro-Israel", False),
     ("liberty", False), ("Monday", False)],
)  # fmt: skip
def test_months_and_common_words_are_no_places(name: str, is_place: bool) -> None:
    assert is_place_name(name) is is_place
