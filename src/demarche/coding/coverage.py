"""What the rules cover of PLOVER and CAMEO: types, modes, contexts, codes, and how many constructions they know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from demarche.coding.codebook import load_codebook
from demarche.coding.ledger import read_ledger
from demarche.coding.rules import RuleBook, load_rules
from demarche.coding.topics import load_topics
from demarche.records import EventType
from demarche.resources import read_toml

__all__ = ["Coverage", "TypeCoverage", "read_coverage"]

UNSCORED = {EventType.PROTEST: ("vandalize",)}
"""Modes that the manual names without a score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeCoverage:
    """One type. rules, constructions: how many. modes: each mode of the manual with the ids of what gives it (rules,
    finer codes, contents of speech acts); empty: nothing does. fired: rules that fired on data/corpus."""

    type: EventType
    rules: int
    constructions: int
    fired: int
    modes: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """contexts: PLOVER's, with the number of words that call each. codes: CAMEO codes below the root that some rule or
    table gives, of `all_codes`. constructions: (word class, lemma, particles) that differ."""

    types: tuple[TypeCoverage, ...]
    contexts: dict[str, int]
    codes: frozenset[str]
    all_codes: frozenset[str]
    constructions: int

    def lines(self) -> Iterator[str]:
        """The table that `demarche evaluate coding --coverage` prints."""
        yield f"{'type':10} {'rules':>5} {'fired':>5} {'constructions':>13}  modes (what gives each)"
        for row in self.types:
            modes = ", ".join(f"{mode} {len(givers)}" for mode, givers in row.modes.items()) or "none in the manual"
            yield f"{row.type.value:10} {row.rules:5} {row.fired:5} {row.constructions:13}  {modes}"
        wanted = sum(len(row.modes) for row in self.types)
        given = sum(bool(givers) for row in self.types for givers in row.modes.values())
        yield f"types {len(self.types)} of {len(EventType)}, modes {given} of {wanted}"
        yield f"contexts {sum(count > 0 for count in self.contexts.values())} of {len(self.contexts)}: " + ", ".join(
            f"{name} {count}" for name, count in self.contexts.items()
        )
        yield f"CAMEO codes of three and four digits: {len(self.codes)} of {len(self.all_codes)}"
        yield f"constructions (word class, lemma, particles): {self.constructions}"


def read_coverage() -> Coverage:
    """The coverage of the package's rules and tables.

    Raises:
        ResourceError: a rule or table does not load.
    """
    book = load_rules()
    fired = {row.rule for row in read_ledger() if row.fired}
    topics = load_topics(book.lexicon)
    counts = dict.fromkeys(topics.names, 0)
    for table in (topics.words, *topics.pairs.values()):
        for names in table.values():
            for name in names:
                counts[name] += 1
    codebook = load_codebook()
    codes = frozenset(code for code in _codes(book) if code in codebook.goldstein and len(code) > 2)
    return Coverage(
        types=tuple(_type(book, event, fired) for event in EventType),
        contexts=counts,
        codes=codes,
        all_codes=frozenset(code for code in codebook.goldstein if len(code) > 2 and code[:2] not in ("01",)),
        constructions=len(book.lemmas()),
    )


def _type(book: RuleBook, event: EventType, fired: set[str]) -> TypeCoverage:
    rules = [rule for rule in book.rules if rule.type is event]
    wanted = [*read_toml("codebooks/plover.toml")["type"][event.value].get("modes", {}), *UNSCORED.get(event, ())]
    words = {(entry.kind, entry.lemma, entry.particles) for row in book.index.values() for entry in row
             if entry.rule.type is event}  # fmt: skip
    modes = {mode: tuple(_givers(book, event, mode)) for mode in wanted}
    return TypeCoverage(
        type=event, rules=len(rules), constructions=len(words), fired=sum(r.id in fired for r in rules), modes=modes
    )


def _givers(book: RuleBook, event: EventType, mode: str) -> Iterator[str]:
    for rule in book.rules:
        if rule.type is event and (rule.mode == mode or mode in rule.modes.values()):
            yield rule.id
    for contents, digits in book.speech.table.get(event, {}).items():
        if digits.partition(" ")[2] == mode:
            yield f"speech_codes {contents}"
    types = {rule.cameo: rule.type for rule in book.rules}
    for entry in dict.fromkeys(entry for row in book.finer.table.values() for entry in row):
        of = [code for code, row in book.finer.table.items() if entry in row]
        if entry.mode == mode and any(types.get(code) is event for code in of):
            yield f"finer_codes {entry.code}"


def _codes(book: RuleBook) -> Iterator[str]:
    """Every code that a rule, a speech act's content or the words around give."""
    roots = {"REQUEST": ("02", "10"), "AGREE": ("03",), "REJECT": ("12",), "THREATEN": ("13",)}
    for rule in book.rules:
        yield from (code for code in (rule.cameo, *rule.cameos.values()) if code)
    for event, rows in book.speech.table.items():
        yield from (root + digits.partition(" ")[0] for digits in rows.values() for root in roots[event.value])
    for code, entries in book.finer.table.items():
        yield from (entry.of(code) for entry in entries)
