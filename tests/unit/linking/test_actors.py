"""Who: names, owners and what the document said before."""

from __future__ import annotations

from dataclasses import replace

from demarche.linking import Linker
from demarche.linking.view import join_names
from demarche.records import MentionKind, Name, Tree
from linking_trees import link, read_article, read_tree


def test_appositions_that_point_at_each_other_end(linker: Linker) -> None:
    tree = read_tree(
        """
        Officials NOUN NNS 4 nsubj official
        experts NOUN NNS 1 appos expert
        analysts NOUN NNS 2 appos analyst
        met VERB VBD 0 root meet
        """
    )
    _, found = link(linker, [tree])
    assert found


def countries(linker: Linker, trees: list[Tree], words: str, *, date: str = "2022-03-17") -> set[str | None]:
    """Countries, or names where there is none, of the actors that the words stand for."""
    linked, found = link(linker, trees, date=date)
    actors = {actor.id: actor for actor in linked.actors}
    return {actors[ref].country or actors[ref].name for ref in found.get(words, ())}


def test_a_speaker_for_a_body_without_a_country_stands_for_it(linker: Linker) -> None:
    tree = read_tree(
        """
        Josep PROPN NNP 3 nsubj
        Borrell PROPN NNP 1 flat
        warned VERB VBD 0 root warn
        Moscow PROPN NNP 3 obj
        """,
        names="1-2-PER",
    )
    linked, found = link(linker, [tree])
    heads = {m.ref for m in linked.mentions if m.head and m.start == 0}
    assert heads == {"o:european-union"}
    assert len(found["Josep Borrell"]) == 2  # he himself is listed beside it
    before = {m.ref for m in link(linker, [tree], date="2019-02-01")[0].mentions if m.start == 0}
    assert before == {"Q312901"}  # then Spain's foreign minister


def test_a_hyphen_joins_the_parts_of_a_name(linker: Linker) -> None:
    tree = read_tree(
        """
        Layla PROPN NNP 5 nsubj
        al PROPN NNP 1 flat
        Qadiri PROPN NNP 1 flat
        , PUNCT , 1 punct
        left VERB VBD 0 root leave
        """
    )
    joined = replace(
        tree, forms=("Layla", "al", "-", "Qadiri", "left"), starts=(0, 6, 8, 9, 16), ends=(5, 8, 9, 15, 20), end=20,
        upos=("PROPN", "PROPN", "PUNCT", "PROPN", "VERB"), deprels=("nsubj", "flat", "punct", "flat", "root"),
        heads=(4, 0, 3, 0, -1), xpos=("NNP", "NNP", "HYPH", "NNP", "VBD"),
        lemmas=("Layla", "al", "-", "Qadiri", "leave"),
        names=(Name(first=0, last=1, label="PER"), Name(first=3, last=3, label="LOC")),
    )  # fmt: skip
    text = "Layla al-Qadiri left"
    article, sentences = read_article([joined])
    article = replace(article, document=replace(article.document, text=text))
    linked = linker.link(article, sentences, [joined])
    assert [actor.name for actor in linked.actors] == ["Layla al-Qadiri"]


def test_two_hyphenated_surnames_are_two_names() -> None:
    tree = read_tree(
        """
        Biden PROPN NNP 4 compound
        - PUNCT HYPH 3 punct
        Xi PROPN NNP 4 compound
        call NOUN NN 0 root
        """,
        names="1-1-PER 3-3-PER",
    )
    tight = replace(tree, starts=(0, 5, 6, 9), ends=(5, 6, 8, 13))
    assert len(join_names(tight)) == 2


def test_a_nearer_owner_counts_before_the_noun_beside_it(linker: Linker) -> None:
    first = read_tree(
        """
        Belarus PROPN NNP 2 nsubj
        complained VERB VBD 0 root complain
        """
    )
    second = read_tree(
        """
        Polish ADJ JJ 3 amod
        government NOUN NN 3 compound
        spokesmen NOUN NNS 4 nsubj spokesman
        answered VERB VBD 0 root answer
        """,
        start=19,
    )
    assert countries(linker, [first, second], "Polish government spokesmen") == {"POL"}


def test_where_diplomats_are_is_not_whom_they_serve(linker: Linker) -> None:
    tree = read_tree(
        """
        Western ADJ JJ 2 amod
        diplomats NOUN NNS 5 nsubj diplomat
        in ADP IN 4 case
        Cairo PROPN NNP 2 nmod
        doubted VERB VBD 0 root doubt
        """
    )
    assert countries(linker, [tree], "Western diplomats") == {"Western diplomats"}


def test_both_sides_are_the_states_that_somebody_speaks_to(linker: Linker) -> None:
    first = read_tree(
        """
        Peru PROPN NNP 4 nsubj
        and CCONJ CC 3 cc
        Ecuador PROPN NNP 1 conj
        quarrelled VERB VBD 0 root quarrel
        """
    )
    second = read_tree(
        """
        Brazil PROPN NNP 2 nsubj
        urged VERB VBD 0 root urge
        both DET DT 4 det
        sides NOUN NNS 2 obj side
        """,
        start=28,
    )
    assert countries(linker, [first, second], "sides") == {"PER", "ECU"}


def test_he_may_be_the_office_of_a_body(linker: Linker) -> None:
    first = read_tree(
        """
        The DET DT 2 det
        alliance NOUN NN 4 nmod:poss
        's PART POS 2 case
        chief NOUN NN 5 nsubj
        spoke VERB VBD 0 root speak
        """
    )
    intro = read_tree("NATO PROPN NNP 2 nsubj\nmet VERB VBD 0 root meet")
    first = first.shifted(9)
    second = read_tree("He PRON PRP 2 nsubj\nleft VERB VBD 0 root leave", start=37)
    second = replace(second, feats=("Gender=Masc|Number=Sing", "_"))
    assert countries(linker, [intro, first, second], "He") == {"NATO"}


def test_the_spokesman_of_a_transcript_is_of_the_state_named_first(linker: Linker) -> None:
    title = read_tree("Hanoi PROPN NNP 2 nsubj\nspoke VERB VBD 0 root speak")
    china = read_tree("China PROPN NNP 2 nsubj\nprotested VERB VBD 0 root protest", start=12)
    label = read_tree("SPOKESMAN NOUN NN 0 root spokesman\n: PUNCT : 1 punct\nNo INTJ UH 1 parataxis", start=28)
    assert countries(linker, [title, china, label], "SPOKESMAN") == {"VNM"}


def test_weapons_without_an_owner_are_nobody(linker: Linker) -> None:
    tree = read_tree(
        """
        Pyongyang PROPN NNP 2 nsubj
        fired VERB VBD 0 root fire
        more ADJ JJR 4 amod
        missiles NOUN NNS 2 obj missile
        """
    )
    assert set(link(linker, [tree])[1]) == {"Pyongyang"}


def test_a_first_name_is_not_the_pope(linker: Linker) -> None:
    tree = read_tree(
        """
        Francis PROPN NNP 3 nsubj
        Mwebesa PROPN NNP 1 flat
        blamed VERB VBD 0 root blame
        Kenya PROPN NNP 3 obj
        """
    )
    tree = replace(tree, names=(Name(first=0, last=1, label="PER"), Name(first=3, last=3, label="LOC")))
    assert "VAT" not in countries(linker, [tree], "Francis Mwebesa")
    assert countries(linker, [tree], "Francis Mwebesa")


def test_a_china_expert_need_not_be_chinese(linker: Linker) -> None:
    def expert(modifier: str) -> set[str | None]:
        tree = read_tree(
            f"""
            Ada PROPN NNP 7 nsubj
            Moss PROPN NNP 1 flat
            , PUNCT , 6 punct
            a DET DT 6 det
            {modifier}
            expert NOUN NN 1 appos expert
            said VERB VBD 0 root say
            """,
            names="1-2-PER",
        )
        return countries(linker, [tree], "Ada Moss")

    assert expert("China PROPN NNP 6 compound") == {"Ada Moss"}
    assert expert("Chinese ADJ JJ 6 amod Chinese") == {"CHN"}


def test_a_party_of_a_common_name_is_of_no_state_that_nobody_named(linker: Linker) -> None:
    party = """
        The DET DT 3 det the
        Socialist PROPN NNP 3 compound
        Party PROPN NNP 4 nsubj
        lost VERB VBD 0 root lose
        """
    assert countries(linker, [read_tree(party, names="2-3-ORG")], "Socialist Party") == {"Socialist Party"}


def test_a_foreign_ministry_is_no_foreigner(linker: Linker) -> None:
    tree = read_tree(
        """
        The DET DT 3 det
        foreign ADJ NNP 3 amod
        ministry NOUN NN 6 nsubj ministry
        in ADP IN 5 case
        Manila PROPN NNP 3 nmod
        summoned VERB VBD 0 root summon
        the DET DT 8 det
        envoy NOUN NN 6 obj envoy
        """,
        names="5-5-LOC",
    )
    assert countries(linker, [tree], "foreign ministry") == {"PHL"}


def test_those_who_serve_in_a_body_are_of_the_body_just_named(linker: Linker) -> None:
    first = read_tree(
        """
        Kenya PROPN NNP 3 nmod:poss
        's PART POS 1 case
        court NOUN NN 4 nsubj court
        ruled VERB VBD 0 root rule
        against ADP IN 6 case
        Uganda PROPN NNP 4 obl
        """,
        names="1-1-LOC 6-6-LOC",
    )
    second = read_tree(
        """
        The DET DT 2 det
        judges NOUN NNS 3 nsubj judge
        left VERB VBD 0 root leave
        """,
        start=first.end + 1,
    )
    assert countries(linker, [first, second], "judges") == {"KEN"}


def test_what_a_body_released_is_its_own(linker: Linker) -> None:
    tree = read_tree(
        """
        A DET DT 2 det
        video NOUN NN 8 nsubj video
        released VERB VBN 2 acl release
        by ADP IN 7 case
        the DET DT 7 det
        Kenyan ADJ JJ 7 amod
        police NOUN NN 3 obl:agent police
        shows VERB VBZ 0 root show
        a DET DT 10 det
        boat NOUN NN 8 obj boat
        """
    )
    assert countries(linker, [tree], "video") == {"KEN"}


def test_residents_are_of_the_place_beside_them(linker: Linker) -> None:
    tree = read_tree(
        """
        Residents NOUN NNS 4 nsubj resident
        of ADP IN 3 case
        Mosul PROPN NNP 1 nmod
        fled VERB VBD 0 root flee
        and CCONJ CC 7 cc
        local ADJ JJ 7 amod
        media NOUN NNS 4 conj media
        """,
        names="3-3-LOC",
    )
    assert countries(linker, [tree], "Residents") == {"IRQ"}


def test_a_title_is_who_holds_the_office_on_the_date(linker: Linker) -> None:
    def who(noun: str, modifier: str, date: str) -> set[str]:
        tree = read_tree(
            f"""
            The DET DT 4 det
            French ADJ JJ 4 amod
            {modifier} ADJ JJ 4 amod
            {noun} NOUN NN 5 nsubj {noun}
            left VERB VBD 0 root leave
            """
        )
        linked, _ = link(linker, [tree], date=date)
        return {a.name for a in linked.actors if a.id != "FRA"}

    assert who("president", "tired", "2022-03-17") == {"Emmanuel Macron"}
    assert who("president", "tired", "2003-04-01") == {"Jacques Chirac"}
    assert who("minister", "foreign", "2003-04-01") == {"Dominique de Villepin"}
    assert who("president", "former", "2022-03-17") == {"France: president"}
    assert who("president", "deputy", "2022-03-17") == {"France: president"}


def test_a_month_is_no_town(linker: Linker) -> None:
    tree = read_tree(
        """
        Kenya PROPN NNP 2 nsubj
        won VERB VBD 0 root win
        on ADP IN 4 case
        March PROPN NNP 2 obl
        18 NUM CD 4 nummod
        """,
        names="1-1-LOC 4-4-ORG",
    )
    linked, _ = link(linker, [tree])
    assert not {place.name for place in linked.places} - {"Kenya"}
    assert "GBR" not in {actor.country for actor in linked.actors}


def test_a_state_inside_the_name_of_a_region_is_not_meant(linker: Linker) -> None:
    def lost(first: str, second: str) -> set[str | None]:
        tree = read_tree(
            f"""
            {first} PROPN NNP 2 compound
            {second} PROPN NNP 3 nsubj
            lost VERB VBD 0 root lose
            """
        )
        return countries(linker, [tree], f"{first} {second}")

    assert lost("British", "Columbia") == {"CAN"}
    assert lost("Inner", "Mongolia") == {"CHN"}
    assert lost("Indian", "Ocean") == set()


def test_a_possessive_goes_to_whom_the_verb_judges(linker: Linker) -> None:
    tree = read_tree(
        """
        Japan PROPN NNP 2 nsubj
        sanctioned VERB VBD 0 root sanction
        Chile PROPN NNP 2 obj
        over ADP IN 6 case
        its PRON PRP$ 6 nmod:poss
        tests NOUN NNS 2 obl test
        """,
        names="1-1-LOC 3-3-LOC",
    )
    assert countries(linker, [tree], "its") == {"CHL"}


def test_a_promise_to_be_kept_is_of_whom_the_verb_asks(linker: Linker) -> None:
    tree = read_tree(
        """
        Macron PROPN NNP 2 nsubj
        urged VERB VBD 0 root urge
        Putin PROPN NNP 2 obj
        to PART TO 5 mark
        keep VERB VB 2 xcomp keep
        a DET DT 7 det
        promise NOUN NN 5 obj promise
        he PRON PRP 9 nsubj
        made VERB VBD 7 acl:relcl make
        """,
        names="1-1-PER 3-3-PER",
    )
    assert countries(linker, [tree], "he") == {"RUS"}


def test_the_city_is_the_town_named_last(linker: Linker) -> None:
    first = read_tree(
        """
        Shells NOUN NNS 2 nsubj shell
        hit VERB VBD 0 root hit
        Mosul PROPN NNP 2 obj
        """,
        names="3-3-LOC",
    )
    second = read_tree(
        """
        People NOUN NNS 2 nsubj person
        left VERB VBD 0 root leave
        the DET DT 4 det
        city NOUN NN 2 obj city
        """,
        start=first.end + 1,
    )
    linked, _ = link(linker, [first, second])
    spots = {(m.start, m.ref) for m in linked.mentions if m.kind is MentionKind.PLACE}
    places = {place.id: place.name for place in linked.places}
    assert {places[ref] for start, ref in spots} == {"Mosul"}
    assert second.starts[3] in {start for start, _ in spots}


def test_a_national_guard_is_of_no_state_that_nobody_named(linker: Linker) -> None:
    tree = read_tree(
        """
        Chile PROPN NNP 2 nsubj
        sent VERB VBD 0 root send
        the DET DT 5 det
        National PROPN NNP 5 compound
        Guard PROPN NNP 2 obj
        """,
        names="1-1-LOC 4-5-ORG",
    )
    assert countries(linker, [tree], "National Guard") == {"CHL"}
