"""How political a clause is: the weight of its sides, for the judge."""

from __future__ import annotations

import pytest

from demarche.coding.context import read_context
from demarche.coding.footing import ABSENT, NOBODY, POWER, STANDS, read_ground
from demarche.coding.roles import Cast
from demarche.coding.rules import load_rules
from demarche.pipeline import load_models
from demarche.pipeline.code import bare_article, parse_article


def footing(text: str, doer: str, other: str | None) -> tuple[float, ...]:
    """Of a clause whose subject is the word `doer` and whose object is `other`."""
    models = load_models()
    article = bare_article(text, "2023-05-09")
    sentences, trees = parse_article(article, models)
    context = read_context(article, sentences, trees, models.linker.link(article, sentences, trees))
    view = context.views[0]
    slots = {"subj": (view.lower.index(doer),)}
    if other is not None:
        slots["obj"] = (view.lower.index(other),)
    return read_ground(context, Cast(context=context, lexicon=load_rules().lexicon)).footing(view, slots)


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "doer", "other", "wanted"),
    [
        pytest.param("Peru accused Chile of theft.", "peru", "chile", (POWER, POWER, 2.0), id="two states"),
        pytest.param("The plumber accused a neighbour.", "plumber", "neighbour", (NOBODY, NOBODY, 0.0), id="nobody"),
        pytest.param("The minister sued a plumber.", "minister", "plumber", (STANDS, NOBODY, 1.0), id="an office"),
        pytest.param("Angela Merkel resigned.", "angela", None, (STANDS, ABSENT, 1.0), id="an official"),
    ],
)
def test_weights(text: str, doer: str, other: str | None, wanted: tuple[float, ...]) -> None:
    assert footing(text, doer, other) == wanted
