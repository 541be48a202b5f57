from __future__ import annotations

import pytest

from demarche.ingest.language import detect_language, foreign_note, foreign_paragraphs, noted_foreign

STRANGE = [
    "«Мы не будем вести переговоры», — сказал министр.",
    "El ministro dijo que las tropas saldrán mañana de la ciudad.",
    "Wir werden nicht verhandeln, sagte der Minister am Freitag in Berlin.",
    "我们不会谈判，部长说。",
    "Nous ne négocierons pas, a déclaré le ministre vendredi soir à Paris.",
    "Il ministro ha detto che le truppe lasceranno la città domani.",
    "O ministro disse que as tropas sairão da cidade amanhã de manhã.",
    "Minister powiedział, że wojska jutro opuszczą miasto nad rzeką.",
]
ENGLISH = [
    "The minister said that the troops would leave the town on Friday.",
    "Angela Merkel, Emmanuel Macron, Mario Draghi, Pedro Sánchez, Viktor Orbán, Andrej Babiš",
    "Poll: Voters Abandon Party",
    "16:40",
    "Reports from Rio de Janeiro and São Paulo say Lula met Macron.",
    "TROOPS LEAVE TOWN OF MAKIIVKA AFTER LONG SIEGE",
]


def test_foreign_paragraphs_are_found_whatever_stands_around_them() -> None:
    mixed = [line for pair in zip(STRANGE, ENGLISH + ENGLISH, strict=False) for line in pair]
    assert [mixed[i] for i in foreign_paragraphs(mixed, "en")] == STRANGE


def test_the_note_is_read_back() -> None:
    assert noted_foreign(["section: World", foreign_note([0, 4, 11])]) == {0, 4, 11}
    assert noted_foreign(["section: World"]) == frozenset()


@pytest.mark.parametrize(("text", "language"), [(STRANGE[0], "ru"), (STRANGE[3], "zh"), (ENGLISH[0], "en")])
def test_languages(text: str, language: str) -> None:
    assert detect_language(text * 3) == language
