"""The board measures what it says."""

from __future__ import annotations

from demarche.linking import Linker
from demarche.linking.evaluate import best_mentions, holds, label_of, locate, move_spans, same_interval, title_names
from demarche.records import Actor, ActorKind, Basis, Grain, Mention, MentionKind, Relation, Time, Via


def test_spans_move_with_their_words_when_lines_are_left_out() -> None:
    move = move_spans("One two.\nAdvert here\nThree four.", "One two.  Three four.")
    assert move(0, 7) == (0, 7)
    assert move(21, 31) == (10, 20)
    assert move(9, 15) is None


def test_white_space_may_differ() -> None:
    assert locate("they  met\nin Rome", "met in Rome") == (6, 17)
    assert locate("they met", "Rome") is None


def actor(name: str, kind: ActorKind, country: str | None) -> Actor:
    return Actor(
        id="x", name=name, kind=kind, country=country, sector=None, office=None, wikidata=None, basis=Basis.NAME
    )


def test_labels_are_country_then_unnamed_then_name() -> None:
    assert label_of(actor("Paris", ActorKind.GOVERNMENT, "FRA")) == "fra"
    assert label_of(actor("somebody", ActorKind.UNNAMED, None)) == "unnamed"
    assert label_of(actor("the European Union", ActorKind.ORGANISATION, None)) == "european union"


def test_the_closest_head_mention_is_compared() -> None:
    def mention(start: int, end: int, head: bool) -> Mention:
        return Mention(id="m", start=start, end=end, kind=MentionKind.ACTOR, ref="x", head=head, via=Via.NAME)

    inner, outer = mention(0, 7, False), mention(0, 17, True)
    assert best_mentions((0, 17), [inner, outer]) == [outer]
    assert best_mentions((0, 7), [inner, outer]) == [inner]


def test_office_by_date(linker: Linker) -> None:
    assert holds(linker, "Sergei Lavrov", "Minister of Foreign Affairs", "RUS", "2022-03-17")
    assert not holds(linker, "Antony Blinken", "Secretary of State", "USA", "2020-03-17")


def test_title_and_name(linker: Linker) -> None:
    row = title_names(["President Vladimir Putin met Ambassador Quentin Zzyzxova."], linker)
    assert (row.units, row.value) == (2, 0.5)


def test_open_sides_and_midnight_are_compared_by_the_codebook() -> None:
    def time(start: str | None, end: str | None) -> Time:
        return Time(id="t", start=start, end=end, grain=Grain.DAY, relation=Relation.ON, text="")

    row = {"context": "since 2014", "phrase": "since 2014", "start": "2014-01-01", "end": "2022-03-18"}
    assert same_interval(time("2014-01-01", None), row)
    assert not same_interval(time("2015-01-01", None), row)
    row = {"context": "in 2014", "phrase": "2014", "start": "2014-01-01", "end": "2015-01-01"}
    assert same_interval(time("2014-01-01T00:00", "2015-01-01"), row)
    assert not same_interval(time("2014-01-01", None), row)
