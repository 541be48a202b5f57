from __future__ import annotations

from dataclasses import replace

import pytest

from demarche.linking import Linker
from demarche.linking.rewordings import find_reworded
from linking_trees import read_article, read_tree


@pytest.mark.parametrize(
    ("warning", "text", "means"),
    [
        ('reworded: "Overseas Minister" for Foreign Minister', "the Overseas Minister", "Foreign Minister"),
        ('reworded: "State Division" for the Department', "a State Division spokesman", "State Department"),
        ('reworded: "Purple Crescent" for Red Cross or Red Crescent', "the Purple Crescent", "Red Crescent"),
        (
            'reworded: "Nationwide Safety Council" for National Security Adviser or Council',
            "the Nationwide Safety Council met",
            "National Security Council",
        ),
    ],
)
def test_a_warning_says_what_its_words_mean(warning: str, text: str, means: str) -> None:
    [one] = find_reworded([warning], text)
    assert (text[one.start : one.end], one.means) == (one.written, means)


def test_terms_and_other_warnings_name_no_actor() -> None:
    text = "a stop-fire; the Overseas Ministers"
    assert not find_reworded(['reworded: "stop-fire" for ceasefire', "dateline: KYIV"], text)
    assert not find_reworded(['reworded: "Overseas Minister" for Foreign Minister'], text)


def test_every_place_of_the_words_counts() -> None:
    text = "The White Home said. A White Home spokesman said."
    assert [one.start for one in find_reworded(['reworded: "White Home" for White House'], text)] == [4, 23]


def test_a_reworded_office_resolves_with_a_note(linker: Linker) -> None:
    tree = read_tree(
        """
        The DET DT 4 det
        Russian ADJ JJ 4 amod
        External ADJ JJ 4 amod
        Clergyman NOUN NN 5 nsubj clergyman
        thanked VERB VBD 0 root thank
        the DET DT 9 det
        World PROPN NNP 9 compound
        Financial ADJ JJ 9 amod
        institution NOUN NN 5 obj
        """
    )
    article, sentences = read_article([tree])
    notes = (
        'reworded: "External Clergyman" for Foreign Minister',
        'reworded: "World Financial institution" for World Bank',
    )
    article = replace(article, document=replace(article.document, warnings=notes))
    linked = linker.link(article, sentences, [tree])
    names = {actor.id: actor.name for actor in linked.actors}
    why = {names[mention.ref]: mention.why for mention in linked.mentions}
    assert why["Sergey Lavrov"].endswith(notes[0])
    assert why["World Bank"].endswith(notes[1])
    bare, sentences = read_article([tree])  # never without ingest's word for it
    assert "Sergey Lavrov" not in {actor.name for actor in linker.link(bare, sentences, [tree]).actors}
