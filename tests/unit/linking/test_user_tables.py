"""The user's own actors: checked whole, located errors, changes shown."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from demarche.errors import ResourceError
from demarche.linking import Linker, load_linker
from demarche.linking.user_tables import add_user_tables
from linking_trees import link, read_tree

GOOD = """\
[[actor]]
id = "GON"
name = "Gondor"
kind = "state"
sector = "GOV"
demonyms = ["Gondorian"]
capitals = ["Minas Tirith"]

[[actor]]
id = "my:denethor"
name = "Denethor Hurin"
kind = "person"
country = "GON"
sector = "GOV"

[[actor.office]]
office = "Steward"
start = 2020-01-01
end = 2022-06-01

[[actor]]
id = "USA"
sector = "IGO"
"""


def write(folder: Path, text: str, name: str = "my.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_own_states_people_and_offices_are_found(tmp_path: Path) -> None:
    linker = load_linker([write(tmp_path, GOOD)])
    tree = read_tree(
        """
        Gondorian ADJ JJ 2 amod
        officials NOUN NNS 3 nsubj official
        warned VERB VBD 0 root warn
        Denethor PROPN NNP 3 obj
        Hurin PROPN NNP 4 flat
        """
    )
    linked, found = link(linker, [tree])
    actors = {actor.id: actor for actor in linked.actors}
    assert actors["my:denethor"].office == "Steward"
    assert actors["my:denethor"].country == "GON"
    assert {actors[ref].country for ref in found["Gondorian officials"]} == {"GON"}
    assert link(linker, [tree], date="2023-01-01")[0].actors != linked.actors  # out of office by then


def test_changes_say_what_was_and_is(tmp_path: Path) -> None:
    changes = load_linker([write(tmp_path, GOOD)]).changes
    assert [change.added for change in changes] == [True, True, False]
    assert changes[2].fields == (("sector", "GOV", "IGO"),)
    assert changes[2].line() == "my.toml:21 changes USA (United States): sector GOV → IGO"
    assert changes[0].line() == "my.toml:1 adds GON (Gondor)"


BAD = [
    ('[[actor]]\nid = "x"\nname = ', "E401", 3),
    ('[[actor]]\nid = "x"\nname = "X Y"\nkind = "planet"\n', "E402", 4),
    ('[[actor]]\nid = "x"\nname = "X Y"\nkind = "group"\ncolour = "red"\n', "E402", 5),
    ('[[actor]]\nid = "x"\nname = "X Y"\n', "E402", 1),
    ('[[actors]]\nid = "x"\n', "E402", 1),
    ("", "E402", 1),
    ('[[actor]]\nid = "x"\nname = "X Y"\nkind = "group"\nnames = "XY"\n', "E402", 5),
    ('[[actor]]\nid = "x"\nname = "X"\nkind = "group"\n\n[[actor]]\nid = "x"\nname = "Y"\nkind = "group"\n', "E403", 7),
    ('[[actor]]\nid = "x"\nname = "X"\nkind = "group"\ncountry = "ZZZ"\n', "E405", 5),
    ('[[actor]]\nid = "p"\nname = "P"\nkind = "person"\n[[actor.office]]\noffice = "King"\n', "E404", 5),
    (
        '[[actor]]\nid = "p"\nname = "P"\nkind = "person"\n[[actor.office]]\noffice = "King"\nstart = 2000-01-01\n'
        "end = 1999-01-01\n",
        "E404",
        8,
    ),
    (
        '[[actor]]\nid = "p"\nname = "P"\nkind = "person"\n[[actor.office]]\noffice = "King"\nstart = 2000-01-01\n'
        '[[actor]]\nid = "q"\nname = "Q"\nkind = "person"\n[[actor.office]]\noffice = "king"\nstart = 2010-01-01\n',
        "E404",
        14,
    ),
]


@pytest.mark.parametrize(("text", "code", "line"), BAD)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, code: str, line: int) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ResourceError) as caught:
        load_linker([path])
    assert (caught.value.code, caught.value.where) == (code, f"{path}:{line}")
    assert caught.value.remedy


def test_two_holders_at_once_need_a_mark(tmp_path: Path) -> None:
    text = BAD[-1][0] + "shared = true\n"
    assert len(load_linker([write(tmp_path, text)]).changes) == 2


def test_a_missing_file_and_bytes_that_are_no_utf8(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match="E401"):
        load_linker([tmp_path / "none.toml"])
    path = tmp_path / "latin.toml"
    path.write_bytes('[[actor]]\nname = "São"\n'.encode("latin-1"))
    with pytest.raises(ResourceError, match=r"latin\.toml:2"):
        load_linker([path])


def test_nothing_is_half_loaded(tmp_path: Path, linker: Linker) -> None:
    tables = copy.copy(linker.tables)
    tables.rows, tables.names = dict(tables.rows), dict(tables.names)
    rows, names = dict(tables.rows), dict(tables.names)
    paths = [write(tmp_path, GOOD), write(tmp_path, BAD[1][0], "bad.toml")]
    with pytest.raises(ResourceError, match=r"bad\.toml:4"):
        add_user_tables(tables, paths)
    assert (tables.rows, tables.names) == (rows, names)


def test_a_later_table_wins(tmp_path: Path) -> None:
    second = '[[actor]]\nid = "GON"\nname = "Gondor"\nkind = "state"\nsector = "REB"\n'
    linker = load_linker([write(tmp_path, GOOD), write(tmp_path, second, "second.toml")])
    assert linker.tables.rows["GON"].sector == "REB"
    assert linker.changes[-1].fields == (("sector", "GOV", "REB"),)
