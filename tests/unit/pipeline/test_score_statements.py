from __future__ import annotations

from demarche.pipeline.score_statements import AttributionScores, correlation, score_attributions
from demarche.records import Act, Attribution, CodedDocument, EventType, Quoted
from said import Said, article

TEXT = "Lima said it rained. Quito agreed."


def coded(text: str, *rows: tuple[tuple[int, int] | None, tuple[int, int], tuple[int, int]]) -> CodedDocument:
    base = article("one", None, Said(words=text, type=EventType.AID))
    attributions = tuple(
        Attribution(
            id=f"a{n}", sentence=base.sentences[0].id, source=(source,) if source else (), cue=(cue,),
            content=(content,), holder=None, anonymous=False, act=Act.STATE, parent=None, quoted=Quoted.INDIRECT,
        )
        for n, (source, cue, content) in enumerate(rows)
    )  # fmt: skip
    return CodedDocument(
        document=base.document, paragraphs=base.paragraphs, sentences=base.sentences, attributions=attributions
    )


GOLD = [{"source": [[0, 4]], "cue": [[5, 9]], "content": [[10, 19]]}]


def scored(one: CodedDocument, text: str = TEXT) -> AttributionScores:
    scores = AttributionScores()
    score_attributions(text, GOLD, one, scores, outer=False)
    return scores


def test_a_right_attribution_scores_one_everywhere() -> None:
    scores = scored(coded(TEXT, ((0, 4), (5, 9), (10, 19))))
    assert [scores.f1(part) for part in ("source", "cue", "content")] == [1, 1, 1]
    assert scores.linked_f1() == 1


def test_a_missing_source_breaks_the_link_only() -> None:
    scores = scored(coded(TEXT, (None, (5, 9), (10, 19))))
    assert (scores.f1("source"), scores.f1("cue"), scores.linked_f1()) == (0, 1, 0)


def test_pieces_of_one_cue_are_one_attribution() -> None:
    scores = scored(coded(TEXT, ((0, 4), (5, 9), (10, 15)), ((0, 4), (5, 9), (15, 19))))
    assert scores.linked == [1, 1, 1]


def test_white_space_may_differ() -> None:
    read = "Lima  said\nit rained. Quito agreed."
    assert scored(coded(read, ((0, 4), (6, 10), (11, 20)))).linked_f1() == 1


def test_correlation() -> None:
    assert correlation([1, 2, 3], [2, 4, 6]) == 1
    assert correlation([1, 1, 1], [2, 4, 6]) == 0
