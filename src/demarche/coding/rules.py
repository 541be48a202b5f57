"""The rule language: TOML rules, word classes and irregular forms, compiled to one index by word form.

docs/rule-language.md says what every key means. A rule without an example and a counter-example does not load.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from demarche.coding.codes import SpeechCodes, load_speech_codes
from demarche.coding.finer import Finer, FinerCodes
from demarche.errors import ResourceError
from demarche.records import EventType
from demarche.resources import read_text, read_toml

__all__ = ["Counter", "Entry", "Example", "Lexicon", "Rule", "RuleBook", "Test", "inflect", "load_finer_codes",
           "load_rules", "read_rules"]  # fmt: skip

FOLDER = "rules/coding"
TOPICS = tuple(event.value.lower() for event in EventType)
"""One file a type; each file's rules are of that type."""

HUMANS = ("people", "force", "institution", "official", "troops")
"""Classes of words for persons and their bodies."""

KINDS = ("verbs", "nouns", "adjectives", "modals")
KEYS = frozenset(
    (
        *("id", "version", "gloss", "type", "mode", "modes", "cameo", "cameos", "contexts", *KINDS),
        *("source", "target", "noun_source", "noun_target", "where", "unless", "content", "under", "bare", "citation"),
        *("limits", "example", "counter", "gerund", "priority", "status"),
    )
)
GERUND_TYPES = frozenset({EventType.ASSAULT, EventType.COERCE})
"""Types whose verbs also count as -ing nouns (*the shelling of Kherson*) unless the rule says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A sentence the rule must fire on. expect: `USA > CHN` (countries or names, `+` between several; empty: any)."""

    text: str
    expect: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """A sentence the rule must not fire on, and why."""

    text: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """What the filler of a slot must be: one of `words`, or one of the kinds ACTOR, PERSON, CLAUSE, ANY, NONE."""

    words: frozenset[str]
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. source, target: alternatives in order, each a union of slots. content: opens a second row (codebook 2).

    under: the noun counts only as what an act of these types is about (*asked for arms*). bare: a noun that counts
    without any argument of its own. rank: conditions; the most specific rule of a word wins.
    """

    id: str
    version: int
    gloss: str
    type: EventType
    mode: str | None
    modes: Mapping[str, str]
    cameo: str | None
    cameos: Mapping[str, str]
    contexts: tuple[str, ...]
    source: tuple[tuple[str, ...], ...]
    target: tuple[tuple[str, ...], ...]
    noun_source: tuple[tuple[str, ...], ...]
    noun_target: tuple[tuple[str, ...], ...]
    where: Mapping[str, Test]
    unless: Mapping[str, Test]
    content: bool
    under: frozenset[EventType]
    bare: bool
    rank: int
    lemmas: tuple[str, ...]
    slots: frozenset[str]
    examples: tuple[Example, ...]
    counters: tuple[Counter, ...]
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One lemma of a rule: kind is verb, noun, adjective or modal; particles: each must stand by the word."""

    rule: Rule
    kind: str
    lemma: str
    particles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Word classes by name, each with all inflected forms of its members; irregular forms by lemma.

    humans: forms of the classes in `HUMANS`, persons and their bodies.
    """

    classes: Mapping[str, frozenset[str]]
    irregular: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    humans: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """All rules and the index: lower-case word form → entries, most specific first.

    general: the rule of each type that says where the roles of an unknown word of the type are looked for.
    speech: the finer codes of speech acts, by what they are about; finer: of all acts, by the words around. acts: the
    index by kind of word, without the nouns that count only under a speech act; contents: those.
    """

    rules: tuple[Rule, ...]
    index: Mapping[str, tuple[Entry, ...]]
    lexicon: Lexicon
    general: Mapping[EventType, Rule] = field(default_factory=dict)
    speech: SpeechCodes = field(default_factory=lambda: SpeechCodes(table={}))
    finer: FinerCodes = field(default_factory=lambda: FinerCodes(table={}))
    acts: Mapping[str, Mapping[str, tuple[Entry, ...]]] = field(default_factory=dict)
    contents: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)

    def lemmas(self) -> frozenset[tuple[str, str, tuple[str, ...]]]:
        """All constructions that rules know: (kind, lemma, particles)."""
        return frozenset((entry.kind, entry.lemma, entry.particles) for row in self.index.values() for entry in row)


def load_rules() -> RuleBook:
    """The rules of the package.

    Raises:
        ResourceError: E203–E206, with file and line.
    """
    lexicon = load_lexicon()
    rules: list[tuple[Rule, list[tuple[str, str]], bool]] = []
    for topic in TOPICS:
        path = f"{FOLDER}/{topic}.toml"
        rules.extend(read_rules(read_text(path), read_toml(path), path=path, lexicon=lexicon))
    return replace(compile_rules(rules, lexicon), speech=load_speech_codes(), finer=load_finer_codes(lexicon))


def load_finer_codes(lexicon: Lexicon) -> FinerCodes:
    """The table of the package.

    Raises:
        ResourceError: E203 an entry without example or counter-example, E205 a list that nobody defines.
    """
    path = "coding/finer_codes.toml"
    data = read_toml(path)
    table: dict[str, list[Finer]] = {}
    for number, row in enumerate(data["finer"], start=1):
        place = f"{path}, entry {number} ({row.get('code', '?')})"
        if not row.get("example") or not row.get("counter"):
            remedy = "give both"
            raise ResourceError("E203", "an entry has no example or counter-example", where=place, remedy=remedy)
        words = frozenset(
            form for word in _listed(row["words"], data["lists"], place) for form in _phrase_forms(word, lexicon)
        )
        entry = Finer(
            code=row["code"], words=words, obj=bool(row.get("obj", False)), mode=row.get("mode"),
            example=row["example"], counter=row["counter"],
        )  # fmt: skip
        for code in row["from"].split():
            table.setdefault(code, []).append(entry)
    return FinerCodes(table=table)


def _listed(words: str, lists: Mapping[str, str], place: str) -> Iterator[str]:
    for word in words.split():
        if not word.startswith("@"):
            yield word
        elif word[1:] in lists:
            yield from lists[word[1:]].split()
        else:
            raise ResourceError("E205", f"an entry names the unknown list {word}", where=place)


def _phrase_forms(word: str, lexicon: Lexicon) -> Iterator[str]:
    """Inflected forms of a word; of two joined by `_` the first as a verb or the last as a noun is inflected."""
    first, _, last = word.partition("_")
    heads = (first, *inflect(first, "verb", lexicon.irregular))
    if not last:
        yield from (*heads, *inflect(first, "noun", lexicon.irregular))
        return
    for end in (last, *inflect(last, "noun", lexicon.irregular)):
        yield from (f"{head} {end}" for head in heads)


def load_lexicon() -> Lexicon:
    """Word classes and irregular forms of the package."""
    irregular = {lemma: tuple(forms.split()) for lemma, forms in read_toml(f"{FOLDER}/irregular.toml")["forms"].items()}
    raw = read_toml(f"{FOLDER}/classes.toml")["class"]
    classes = {name: frozenset(_class_forms(name, raw, irregular)) for name in raw}
    humans = frozenset().union(*(classes[name] for name in HUMANS))
    return Lexicon(classes=classes, irregular=irregular, humans=humans)


def _class_forms(name: str, raw: Mapping[str, str], irregular: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for word in raw[name].split():
        if word.startswith("@"):
            yield from _class_forms(word[1:], raw, irregular)
        else:
            yield word
            yield from inflect(word, "noun", irregular)
            if name.startswith("verb_"):
                yield from inflect(word, "verb", irregular)


def read_rules(
    text: str, data: Mapping[str, Any], *, path: str, lexicon: Lexicon
) -> Iterator[tuple[Rule, list[tuple[str, str]], bool]]:
    """The rules of one file: each with its (kind, construction) list and whether its verbs count as -ing nouns.

    Args:
        text: the file, for line numbers.
    Raises:
        ResourceError: E203 no example or counter-example, E204 a bad key or value, E205 a class nobody defines.
    """
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if line.strip() == "[[rule]]"]
    for row, line in zip(data.get("rule", ()), lines, strict=True):
        yield _read_rule(row, f"{path}:{line}", lexicon)


def _read_rule(row: Mapping[str, Any], place: str, lexicon: Lexicon) -> tuple[Rule, list[tuple[str, str]], bool]:
    name = str(row.get("id", "?"))
    if unknown := sorted(set(row) - KEYS):
        raise ResourceError("E204", f"rule {name} has unknown keys {', '.join(unknown)}", where=place)
    for key, table in (("example", "[[rule.example]]"), ("counter", "[[rule.counter]]")):
        if not row.get(key):
            label = "example" if key == "example" else "counter-example"
            raise ResourceError("E203", f"rule {name} has no {label}", where=place, remedy=f"add {table}")
    words = [(kind.removesuffix("s"), word) for kind in KINDS for word in str(row.get(kind, "")).split()]
    try:
        event = EventType(row["type"])
        rule = _build(row, name, event, place, lexicon, words)
    except (KeyError, ValueError) as error:
        raise ResourceError("E204", f"rule {name} has a missing or bad value: {error}", where=place) from error
    if not words:
        advice = "give verbs, nouns, adjectives or modals"
        raise ResourceError("E204", f"rule {name} names no word", where=place, remedy=advice)
    return rule, words, bool(row.get("gerund", event in GERUND_TYPES and not rule.where))


def _build(
    row: Mapping[str, Any], name: str, event: EventType, place: str, lexicon: Lexicon, words: Sequence[tuple[str, str]]
) -> Rule:
    where = {slot: _test(value, name, place, lexicon) for slot, value in row.get("where", {}).items()}
    unless = {slot: _test(value, name, place, lexicon) for slot, value in row.get("unless", {}).items()}
    return Rule(
        id=name,
        version=int(row.get("version", 1)),
        gloss=str(row["gloss"]),
        type=event,
        mode=row.get("mode"),
        modes=_invert(row.get("modes", {})),
        cameo=row.get("cameo"),
        cameos=_invert(row.get("cameos", {})),
        contexts=tuple(str(row.get("contexts", "")).split()),
        source=_paths(row.get("source", "subj")),
        target=_paths(row.get("target", "")),
        noun_source=_paths(row.get("noun_source", "poss by light mod from")),
        noun_target=_paths(row.get("noun_target", "against on of with")),
        where=where,
        unless=unless,
        content=bool(row.get("content", False)),
        under=frozenset(EventType(word) for word in str(row.get("under", "")).split()),
        bare=bool(row.get("bare", False)),
        rank=int(row.get("priority", 0)) + 2 * len(where) + len(unless),
        lemmas=tuple(word for _, word in words),
        slots=_slots(row),
        examples=tuple(Example(text=e["text"], expect=e.get("expect")) for e in row["example"]),
        counters=tuple(Counter(text=e["text"], why=e["why"]) for e in row["counter"]),
        place=place,
    )


def _slots(row: Mapping[str, Any]) -> frozenset[str]:
    """Every slot that the rule looks at: a particle among them may stand as a preposition."""
    paths = " ".join(str(row.get(key, "")) for key in ("source", "target", "noun_source", "noun_target"))
    tests = {**row.get("where", {}), **row.get("unless", {})}
    named = " ".join((*tests, *(tests[key] for key in ("any", "any2") if key in tests)))
    return frozenset(part for path in f"{paths} {named}".replace("+", " ").split() for part in path.split("."))


def _invert(table: Mapping[str, str]) -> dict[str, str]:
    return {lemma: value for value, lemmas in table.items() for lemma in lemmas.split()}


def _paths(spec: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(union.split("+")) for union in spec.split())


def _test(value: str, name: str, place: str, lexicon: Lexicon) -> Test:
    words: set[str] = set()
    kinds: set[str] = set()
    for part in value.split():
        if part.startswith("@"):
            if part[1:] not in lexicon.classes:
                raise ResourceError("E205", f"rule {name} names the unknown class {part}", where=place)
            words |= lexicon.classes[part[1:]]
        elif part.isupper():
            kinds.add(part)
        else:
            words.update((part, *inflect(part, "noun", lexicon.irregular)))
    return Test(words=frozenset(words), kinds=frozenset(kinds))


def compile_rules(rules: Iterable[tuple[Rule, list[tuple[str, str]], bool]], lexicon: Lexicon) -> RuleBook:
    """The index over all rules.

    Raises:
        ResourceError: E206 when two rules share an id.
    """
    index: dict[str, list[Entry]] = {}
    known: dict[str, Rule] = {}
    for rule, words, gerund in rules:
        if rule.id in known:
            raise ResourceError(
                "E206", f"two rules are called {rule.id}", where=f"{known[rule.id].place}, {rule.place}"
            )
        known[rule.id] = rule
        for kind, word in words:
            lemma, *particles = word.split("_")
            entry = Entry(rule=rule, kind=kind, lemma=lemma, particles=tuple(particles))
            for form in dict.fromkeys((lemma, *inflect(lemma, kind, lexicon.irregular))):
                index.setdefault(form, []).append(entry)
            if gerund and kind == "verb" and not particles:
                noun = Entry(rule=rule, kind="noun", lemma=lemma, particles=())
                for form in _gerunds(lemma):
                    index.setdefault(form, []).append(noun)
    ordered = {form: tuple(sorted(rows, key=_specific)) for form, rows in index.items()}
    return RuleBook(
        rules=tuple(known.values()),
        index=ordered,
        lexicon=lexicon,
        general=_general(known.values()),
        acts={kind.removesuffix("s"): _acts(ordered, kind.removesuffix("s")) for kind in KINDS},
        contents=_filled({form: [e for e in row if e.rule.under] for form, row in ordered.items()}),
    )


def _acts(index: Mapping[str, tuple[Entry, ...]], kind: str) -> dict[str, tuple[Entry, ...]]:
    """The entries of one kind of word that need no speech act over them, in the order of the index."""
    return _filled({form: [e for e in row if e.kind == kind and not e.rule.under] for form, row in index.items()})


def _filled(index: Mapping[str, Sequence[Entry]]) -> dict[str, tuple[Entry, ...]]:
    return {form: tuple(row) for form, row in index.items() if row}


def _general(rules: Iterable[Rule]) -> dict[EventType, Rule]:
    """The rule with the most words of each type."""
    found: dict[EventType, Rule] = {}
    for rule in rules:
        if not rule.under and (rule.type not in found or len(rule.lemmas) > len(found[rule.type].lemmas)):
            found[rule.type] = rule
    return found


def _specific(entry: Entry) -> tuple[int, str]:
    return -(entry.rule.rank + 2 * len(entry.particles)), entry.rule.id


def inflect(lemma: str, kind: str, irregular: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Every other form of a lemma; too many rather than too few (*vetoes* and *vetos*)."""
    if kind in ("adjective", "modal"):
        return ()
    plural = (f"{lemma}s", f"{lemma}es") if lemma.endswith(("s", "x", "z", "ch", "sh", "o")) else (f"{lemma}s",)
    if lemma.endswith("y") and lemma[-2:-1] not in "aeiou":
        plural = (f"{lemma[:-1]}ies",)
    if kind == "noun":
        return (*plural, *(form for form in irregular.get(f"{lemma}_n", ())))
    return (*plural, *_gerunds(lemma), *(irregular[lemma] if lemma in irregular else _past(lemma)))


def _doubles(lemma: str) -> bool:
    vowels = "aeiou"
    return len(lemma) > 2 and lemma[-1] not in "aeiouwxy" and lemma[-2] in vowels and lemma[-3] not in vowels


def _gerunds(lemma: str) -> tuple[str, ...]:
    if lemma.endswith("ie"):
        return (f"{lemma[:-2]}ying",)
    if lemma.endswith("e") and not lemma.endswith(("ee", "oe", "ye")):
        return (f"{lemma[:-1]}ing",)
    return (f"{lemma}ing", f"{lemma}{lemma[-1]}ing") if _doubles(lemma) else (f"{lemma}ing",)


def _past(lemma: str) -> tuple[str, ...]:
    if lemma.endswith("e"):
        return (f"{lemma}d",)
    if lemma.endswith("y") and lemma[-2:-1] not in "aeiou":
        return (f"{lemma[:-1]}ied",)
    return (f"{lemma}ed", f"{lemma}{lemma[-1]}ed") if _doubles(lemma) else (f"{lemma}ed",)
