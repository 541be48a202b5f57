"""Copies: found in other wording, kept apart from other articles on the story, the same in any order of arrival."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from demarche.dedup import Fingerprint, compare, evaluate_copies, find_clusters, fingerprint_text, shared_runs
from demarche.records import CopyKind

LEAD = (
    "Norland closed its border with Sudria on Tuesday after two customs officers were shot dead near the village of "
    "Ardenbrook, the interior ministry said."
)
STORY = [
    "Norland shuts border after customs officers are killed",
    LEAD,
    "Interior minister Hanna Lund told parliament that lorries would be turned back until Sudria handed over the three "
    "men whom her police suspect of the killing.",
    "Sudria's government rejected the demand and called the closure a breach of the 1998 treaty on free transit.",
    "About 400 lorries were waiting on both sides of the crossing by noon, according to the hauliers' association.",
    "The last time that the border was closed, in 2011, it took mediators from the Northern League nine days to have "
    "it opened again.",
]
REWORDED = [
    "Border sealed by Norland following killing of customs staff",
    "On Tuesday Norland sealed its frontier with Sudria, the ministry of the interior announced, after the fatal "
    "shooting of two customs agents close to Ardenbrook village.",
    "Trucks will be sent back till Sudria delivers the three suspects sought by her police for the murder, interior "
    "minister Hanna Lund informed the chamber.",
    "The Sudrian government turned the demand down, describing the shutdown as a violation of the free transit treaty "
    "of 1998.",
    "By midday some 400 trucks stood on either side of the checkpoint, the association of hauliers reported.",
    "When the frontier was last shut, in 2011, mediators of the Northern League needed nine days to get it reopened.",
]
OTHER = [
    "Shopkeepers in Ardenbrook count their losses",
    "Business has come to a standstill in Ardenbrook since Norland closed the road to Sudria, and the owners of its "
    "forty shops say that they cannot hold out for more than a fortnight.",
    "Petra Moll, who sells garden furniture, had eleven customers in a week. Most of her trade comes from across the "
    "river.",
    "The mayor wants the capital to pay compensation. Nobody has answered his letters.",
    "Sudria's shoppers, for their part, have begun to order from catalogues.",
]


def made(name: str, paragraphs: Iterable[str], day: int = 738_000, **more: object) -> Fingerprint:
    return fingerprint_text(name, paragraphs, day=day, **more)  # type: ignore[arg-type]


def sets(prints: Iterable[Fingerprint]) -> set[frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for row in find_clusters(prints):
        groups.setdefault(row.id, set()).add(row.document)
    return {frozenset(group) for group in groups.values()}


PRINTS = [
    made("original", STORY),
    made("headline", ["Two dead, frontier shut", *STORY[1:]], 738_001),
    made("cut", [*STORY[:3], STORY[4]], 738_001),
    made("reworded", REWORDED, 738_002),
    made("other", OTHER, 738_001),
    made("later", STORY, 738_030),
]


def test_copies_are_found_and_other_articles_left() -> None:
    together = frozenset({"original", "headline", "cut", "reworded", "later"})
    assert sets(PRINTS) == {together, frozenset({"other"})}


def test_the_earliest_stands_for_the_others_which_keep_their_evidence() -> None:
    rows = {row.document: row for row in find_clusters(PRINTS)}
    assert {row.representative for row in rows.values()} == {"original", "other"}
    assert rows["original"].copy is CopyKind.ORIGINAL
    assert rows["headline"].copy is CopyKind.SYNDICATED
    assert rows["reworded"].copy is CopyKind.REWORDED
    assert "aligned=" in (rows["reworded"].evidence or "")
    assert (rows["reworded"].score or 0) > 0.5


@pytest.mark.parametrize("seed", range(6))
def test_any_order_of_arrival_gives_the_same_clusters(seed: int) -> None:
    """A new batch joins old clusters: what is there first changes nothing."""
    assert find_clusters(random.Random(seed).sample(PRINTS, len(PRINTS))) == find_clusters(PRINTS)


def test_a_comparison_is_symmetric() -> None:
    for one in PRINTS:
        for two in PRINTS:
            assert compare(one, two) == compare(two, one)


def test_a_round_up_does_not_chain_two_stories() -> None:
    prints = [made("a", STORY), made("b", OTHER), made("roundup", [*STORY[1:], *OTHER[1:]])]
    assert not any({"a", "b"} <= group for group in sets(prints))


def test_an_update_at_one_address_joins_and_the_newest_stands() -> None:
    old = made("old", STORY[:4], address="https://example.org/a", version="2021-01-01T08:00")
    changed = [*STORY[:3], "Sudria handed the three men over on Wednesday and the border was opened again at night."]
    new = made("new", changed, address="https://example.org/a", version="2021-01-01T19:00")
    assert {(row.document, row.representative) for row in find_clusters([old, new])} == {("old", "new"), ("new", "new")}


def test_a_shared_agency_paragraph_makes_no_copy() -> None:
    agency = "The two countries fought a war over the valley of the Arden in 1963; some 9,000 people lost their lives."
    assert len(sets([made("a", [*STORY, agency]), made("b", [*OTHER, agency])])) == 2


def test_hostile_pages_cost_little(caplog: pytest.LogCaptureFixture) -> None:
    begun = time.process_time()
    blanks = [made(f"blank{n}", []) for n in range(3_000)]
    same = [made(f"same{n}", ["Page not found. Please go back to the start page."]) for n in range(3_000)]
    heavy = made("heavy", ["word " * 6_000_000])
    no_names = [made(f"plain{n}", ["nothing happened here today and nobody came by " * 3]) for n in range(300)]
    groups = sets([*blanks, *same, heavy, *no_names])
    assert sum(len(group) == 1 for group in groups) == 3_001  # empty pages are no copies of each other
    assert {len(group) for group in groups} == {1, 3_000, 300}
    assert time.process_time() - begun < 30
    assert "3000 documents without a word" in caplog.text
    assert "3301 documents without a name or number" in caplog.text
    assert "1 documents of 20000 words or more" in caplog.text


def test_the_board_reaches_its_floors(shared: Path) -> None:
    rows = evaluate_copies(shared / "data")
    assert rows
    assert [row for row in rows if row.floor is not None and row.value < row.floor] == []


def test_shared_runs_are_the_same_words_in_both_texts() -> None:
    one, two = "\n".join(STORY), "\n".join(["Two dead, frontier shut", *STORY[1:4]])
    runs = shared_runs(one, two)
    assert any(LEAD.rstrip(".") in one[s:e] for (s, e), _ in runs)
    for (a, b), (c, d) in runs:
        assert one[a:b].split() == two[c:d].split()
    assert shared_runs("nothing at all in common here", "one two three four five six") == []
