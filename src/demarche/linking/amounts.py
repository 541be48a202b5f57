"""How much: money with its currency, percentages, and counted people, arms and goods."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from demarche.linking.folding import has_plain_case
from demarche.linking.view import View
from demarche.resources import read_toml

__all__ = ["AmountPhrase", "Currencies", "find_amounts", "load_currencies"]

SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "bn": 1e9, "mn": 1e6, "m": 1e6,
    "tn": 1e12, "k": 1e3, "b": 1e9, "crore": 1e7, "lakh": 1e5, "dozen": 12.0,
}  # fmt: skip
SMALL = {
    name: number
    for number, name in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty".split()
    )
} | {
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "a": 1,
    "half": 0.5,
}
VAGUE = {"dozens": 24.0, "scores": 40.0, "hundreds": 200.0, "thousands": 2000.0, "millions": 2e6, "billions": 2e9}
FIGURE = r"\d[\d,]*(?:\.\d+)?"
SCALE = r"thousand|million|billion|trillion|bn|mn|tn|crore|lakh|[mkb](?![\w])"
SPELT = "|".join(sorted((word for word in SMALL if word not in {"a", "half"}), key=len, reverse=True))
NUMBER = rf"(?:{FIGURE}|{SPELT}|half a|a)"
PERCENT = re.compile(
    rf"(?i)(?<![\w.])({FIGURE}|{SPELT})(?:\s?(?:to|-|–)\s?({FIGURE}))?[\s-]?(%|percent\b|per cent\b|percentage points?\b)"
)
CODED = re.compile(rf"\b([A-Z]{{3}})\s?({FIGURE})(?:\s?({SCALE}))?")
DIGIT = re.compile(r"\d")
TIMES = frozenset(
    "minute hour day week month year decade century weekend quarter time second monday tuesday wednesday thursday friday "
    "saturday sunday january february march april june july august september october november december".split()
)
NOT_UNITS = frozenset(
    "side country nation government leader neighbour neighbor party thing one way point part man woman".split()
)
ABOUT = re.compile(
    r"(?i)(about|around|some|roughly|nearly|almost|approximately|an estimated|estimated|close to|as many as|up to|more than|over|at least|less than|fewer than|under|no more than|at most|just over|just under|well over|exceeding)\s+(?:the\s+)?$"
)


@dataclass(frozen=True, slots=True)
class Currencies:
    """Symbols and words of money; by_country: word → country → ISO 4217."""

    symbols: Mapping[str, str]
    words: Mapping[str, str]
    by_country: Mapping[str, Mapping[str, str]]
    before: re.Pattern[str] = field(init=False, compare=False, repr=False)
    behind: re.Pattern[str] = field(init=False, compare=False, repr=False)
    names: re.Pattern[str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """before, behind: an amount with its symbol, or with its word. names: what `behind` needs, in lower case."""
        symbols = "|".join(sorted((re.escape(s) for s in self.symbols), key=len, reverse=True))
        words = "|".join([*self.words, *self.by_country])
        object.__setattr__(self, "before", re.compile(
            rf"(?i)({symbols})\s?({FIGURE})(?:\s?-?({SCALE}))?(?:\s?(?:to|-|–)\s?(?:{symbols})?({FIGURE})(?:\s?({SCALE}))?)?"
        ))  # fmt: skip
        object.__setattr__(self, "behind", re.compile(
            rf"(?i)(?<![\w$€£¥])({NUMBER})[\s-]({SCALE}|hundred)?\s?(?:([A-Z][a-z]+)\s)?((?:{words})s?)\b"
        ))  # fmt: skip
        object.__setattr__(self, "names", re.compile(words.lower()))

    def unit(self, word: str, country: str | None) -> str | None:
        """ISO 4217 code of a currency word; None when the text leaves it open."""
        key = word.lower()
        if key not in self.words and key not in self.by_country:
            key = key.removesuffix("s")
        options = self.by_country.get(key)
        if options is not None:
            return options.get(country or "", options.get("", "")) or None
        return self.words.get(key)

    def known(self, word: str) -> bool:
        key = word.lower()
        return any(k in self.words or k in self.by_country for k in (key, key.removesuffix("s")))


def load_currencies() -> Currencies:
    """Read the package's list.

    Raises:
        ResourceError: E201, E202.
    """
    raw = read_toml("linking/currencies.toml")
    return Currencies(raw["symbols"], raw["words"], raw["by_country"])


@dataclass(frozen=True, slots=True)
class AmountPhrase:
    """An amount in a sentence; offsets in the document. low and high equal value when exact."""

    start: int
    end: int
    value: float | None
    low: float | None
    high: float | None
    unit: str | None
    approximate: bool


def _value(figure: str, scale: str | None) -> float | None:
    words = figure.lower().replace(",", "").strip()
    if words == "half a":
        number: float | None = 0.5
    elif re.fullmatch(r"\d+(?:\.\d+)?", words):
        number = float(words)
    else:
        number = SMALL.get(words)
    if number is None:
        return None
    return number * (SCALES[scale.lower()] if scale else 1.0)


def _bounds(before: str, value: float) -> tuple[float | None, float | None, bool]:
    """What the words before say of the value: low, high, approximate."""
    match = ABOUT.search(before)
    word = match[1].lower() if match else ""
    if word in {"more than", "over", "at least", "just over", "well over", "exceeding"}:
        return value, None, True
    if word in {
        "less than",
        "fewer than",
        "under",
        "up to",
        "as many as",
        "no more than",
        "at most",
        "nearly",
        "almost",
        "just under",
        "close to",
    }:
        return None, value, True
    return value, value, bool(word)


def find_amounts(view: View, text: str, currencies: Currencies, country: str | None) -> list[AmountPhrase]:
    """Amounts of one sentence.

    Args:
        text: the document's text.
        country: the state the text is about here, for words such as *pounds*.
    """
    start, end = view.tree.start, view.tree.end
    sentence = text[start:end]
    found = [*_money(sentence, currencies, country), *_percent(sentence)]
    taken = [(a.start, a.end) for a in found]
    found += [a for a in _counted(view, sentence, start) if not any(a.start < e and s < a.end for s, e in taken)]
    return [
        AmountPhrase(a.start + start, a.end + start, a.value, a.low, a.high, a.unit, a.approximate)
        for a in sorted(found, key=lambda a: a.start)
    ]


def _money(sentence: str, currencies: Currencies, country: str | None) -> list[AmountPhrase]:
    found = []
    plain = has_plain_case(sentence)
    figures = DIGIT.search(sentence) is not None
    for m in currencies.before.finditer(sentence) if figures else ():
        unit = currencies.symbols.get(m[1]) or currencies.symbols.get(m[1].upper())
        first, second = _value(m[2], m[3] or (m[5] if m[4] else None)), _value(m[4], m[5] or m[3]) if m[4] else None
        found.append(_amount(sentence, m.start(), m.end(), first, second, unit))
    for m in currencies.behind.finditer(sentence) if not plain or currencies.names.search(sentence.lower()) else ():
        if m[1].lower() == "a" and not m[2]:
            continue
        named = ADJECTIVES.get((m[3] or "").lower())
        found.append(
            _amount(sentence, m.start(), m.end(), _value(m[1], m[2]), None, currencies.unit(m[4], named or country))
        )
    for m in CODED.finditer(sentence) if figures else ():
        if m[1] in CODES:
            found.append(_amount(sentence, m.start(), m.end(), _value(m[2], m[3]), None, m[1]))
    return found


ADJECTIVES = {
    "australian": "AUS", "canadian": "CAN", "egyptian": "EGY", "lebanese": "LBN", "syrian": "SYR", "sudanese": "SDN",
    "pakistani": "PAK", "indian": "IND", "mexican": "MEX", "argentine": "ARG", "colombian": "COL", "chilean": "CHL",
    "philippine": "PHL", "iraqi": "IRQ", "kuwaiti": "KWT", "jordanian": "JOR", "swiss": "CHE", "norwegian": "NOR",
    "danish": "DNK", "kenyan": "KEN", "ugandan": "UGA", "us": "USA", "american": "USA", "iranian": "IRN", "omani": "OMN",
    "qatari": "QAT", "saudi": "SAU", "hong": "HKG", "taiwan": "TWN", "serbian": "SRB", "libyan": "LBY", "british": "GBR",
}  # fmt: skip
CODES = frozenset(
    "USD EUR GBP JPY CNY RUB INR PKR TRY SAR AED ILS BRL CHF AUD CAD UAH KRW MXN ARS COP CLP PHP PLN HUF".split()
)


def _percent(sentence: str) -> list[AmountPhrase]:
    if "%" not in sentence and "cent" not in sentence.lower():  # no letter but its own counts as one of *cent*
        return []
    return [
        _amount(sentence, m.start(), m.end(), _value(m[1], None), _value(m[2], None) if m[2] else None, "percent")
        for m in PERCENT.finditer(sentence)
    ]


def _amount(
    sentence: str, start: int, end: int, first: float | None, second: float | None, unit: str | None
) -> AmountPhrase:
    if first is not None and second is not None and second >= first:
        return AmountPhrase(start, end, (first + second) / 2, first, second, unit, True)
    if first is None:
        return AmountPhrase(start, end, None, None, None, unit, True)
    low, high, approximate = _bounds(sentence[:start], first)
    return AmountPhrase(start, end, first, low, high, unit, approximate)


def _counted(view: View, sentence: str, offset: int) -> list[AmountPhrase]:
    """Numbers that count a noun (*3,000 Ethiopian troops*, *dozens of tanks*)."""
    found = []
    tree = view.tree
    for word in range(len(view)):
        if tree.upos[word] == "NUM" and view.rel(word) == "nummod" and tree.heads[word] >= 0:
            noun = tree.heads[word]
            parts = [word, *(kid for kid in view.kids(word, "compound", "flat", "nummod") if abs(kid - word) <= 2)]
            value = _spelt([view.lower[w] for w in sorted(parts)])
            first = min(parts)
        elif view.lower[word] in VAGUE and (inner := [k for k in view.kids(word, "nmod") if view.case(k) == "of"]):
            noun, first, value = inner[0], word, None
        else:
            continue
        unit = _unit(view, noun)
        if unit is None or noun < first:
            continue
        start, end = tree.starts[first] - offset, tree.ends[noun] - offset
        if view.lower[word] in VAGUE:
            found.append(AmountPhrase(start, end, None, VAGUE[view.lower[word]], None, unit, True))
        elif value is not None:
            low, high, approximate = _bounds(sentence[:start], value)
            found.append(AmountPhrase(start, end, value, low, high, unit, approximate))
    return found


def _unit(view: View, noun: int) -> str | None:
    """The counted noun in the singular; None for times and for what is no unit."""
    if view.tree.upos[noun] != "NOUN":
        return None
    form = view.lower[noun]
    lemma = (
        form[:-3] + "y"
        if form.endswith("ies")
        else form[:-1]
        if form.endswith("s") and not form.endswith("ss")
        else form
    )
    lemma = {"people": "person", "troop": "soldier", "men": "man", "women": "woman", "children": "child"}.get(
        lemma, lemma
    )
    return None if lemma in TIMES or lemma in NOT_UNITS else lemma


def _spelt(words: list[str]) -> float | None:
    """Value of number words such as `3,000`, `two hundred`, `1.5 million`."""
    total = 0.0
    for word in words:
        if word in SCALES:
            total = (total or 1.0) * SCALES[word]
            continue
        value = _value(word, None)
        if value is None:
            return None
        total += value
    return total
