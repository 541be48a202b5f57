"""When: time phrases to half-open intervals, read against the publication date.

Rules in order, each a pattern and what it means; directions (past, future) decide weekdays, months and bare days. A
date is never invented: *recently* or *six months* give no interval.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from demarche.linking import calendar as cal
from demarche.linking.calendar import Interval
from demarche.records import Grain
from demarche.resources import read_toml

__all__ = [
    "DAYS", "DOW", "FULL", "HOLIDAY", "LEAD", "MON", "MONTHS", "NUM", "PART", "UNIT", "Anchor", "any_of", "load_anchors", "parse_phrase",
]  # fmt: skip

MONTHS = {name: number for number, name in enumerate(
    "january february march april may june july august september october november december".split(), 1)}  # fmt: skip
MONTHS |= {name[:3]: number for name, number in list(MONTHS.items())} | {"sept": 9}
DAYS = {name: number for number, name in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())}
DAYS |= {name[:3]: number for name, number in list(DAYS.items())} | {"tues": 1, "thur": 3, "thurs": 3}
NUMBERS = {name: number for number, name in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty".split())}  # fmt: skip
NUMBERS |= {"a": 1, "an": 1, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "half a": 0}
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "final": 4}
CENTURIES = {"nineteenth": 19, "twentieth": 20, "twenty-first": 21, "eighteenth": 18}


FULL = frozenset(name for name in (*MONTHS, *DAYS) if len(name) > 4) | {"may", "june", "july"}
"""Names that no stop shortens."""


def any_of(words: Sequence[str]) -> str:
    return "|".join(sorted((re.escape(word) for word in words), key=len, reverse=True))


MON = any_of(list(MONTHS))
DOW = any_of(list(DAYS))
NUM = r"\d+(?:\.\d+)?|" + any_of([word for word in NUMBERS if word != "half a"])
UNIT = r"minute|hour|day|week|weekend|month|quarter|year|decade"
PART = "morning|afternoon|evening|night|midday|noon|dawn|midnight|dusk"
HOLIDAY = (
    "christmas day|christmas eve|christmas|boxing day|new year's eve|new year's day|new year's|easter sunday|easter monday|"
    "easter|good friday|thanksgiving|labor day|independence day|may day|victory day|nowruz|bastille day"
)
CODES = {
    "minute": "TM",
    "hour": "TH",
    "day": "D",
    "week": "W",
    "month": "M",
    "quarter": "Q",
    "year": "Y",
    "decade": "DE",
    "weekend": "D",
}
GRAINS = {
    "minute": Grain.MINUTE, "hour": Grain.HOUR, "day": Grain.DAY, "week": Grain.WEEK, "month": Grain.MONTH,
    "quarter": Grain.QUARTER, "year": Grain.YEAR, "decade": Grain.DECADE, "weekend": Grain.DAY,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Anchor:
    """A dated happening that phrases are counted from."""

    name: str
    date: datetime
    words: tuple[str, ...]
    context: tuple[str, ...]

    def known(self, base: datetime, text: str) -> bool:
        """Whether an article of that day and text can mean it."""
        if base < self.date:
            return False
        near = base - self.date < timedelta(366)
        return near or not self.context or any(word in text for word in self.context)


def load_anchors() -> tuple[Anchor, ...]:
    """The package's dated happenings.

    Raises:
        ResourceError: E201, E202.
    """
    return tuple(
        Anchor(row["name"], datetime.fromisoformat(row["date"]), tuple(row["words"]), tuple(row["context"]))
        for row in read_toml("times/events.toml")["event"]
    )


@dataclass(frozen=True, slots=True)
class Reader:
    """One reading: base is the document's date (and time), direction past, future or none."""

    base: datetime
    direction: str
    anchors: tuple[Anchor, ...] = ()


Rule = tuple[re.Pattern[str], Callable[[re.Match[str], Reader], Interval | None]]


def _number(word: str) -> float:
    return NUMBERS[word] if word in NUMBERS else float(word)


def _duration(count: float | str, unit: str, mod: str | None = None) -> Interval:
    code = CODES[unit]
    size = int(count) if isinstance(count, float) and count == int(count) else count
    value = ("PT" if code.startswith("T") else "P") + str(size) + code.removeprefix("T")
    return Interval(start=None, end=None, value=value, grain=GRAINS[unit], mod=mod)


def _vague(value: str) -> Interval:
    return Interval(start=None, end=None, value=value, grain=Grain.DAY)


def _weekday(reader: Reader, index: int, which: str | None = None) -> datetime:
    """The day meant by a weekday's name: the nearest in the direction; its own day counts as today."""
    base = cal.midnight(reader.base)
    ahead = (index - base.weekday()) % 7
    if which == "last":
        return base - timedelta((base.weekday() - index) % 7 or 7)
    if which == "next":
        return base + timedelta(7 - base.weekday() + index)
    if which == "this":
        return base + timedelta(index - base.weekday())
    if ahead == 0:
        return base
    return base + timedelta(ahead) if reader.direction == "future" else base - timedelta(7 - ahead)


def _which(word: str | None) -> str | None:
    word = (word or "").strip()
    return {"previous": "last", "past": "last", "coming": "next", "following": "next"}.get(word, word) or None


# ---- rules --------------------------------------------------------------------------------------------------------


def _lasting(m: re.Match[str], r: Reader) -> Interval | None:
    inner = _parse(m["from"], r)
    step = {"hour": timedelta(hours=1), "day": timedelta(1), "week": timedelta(7), "minute": timedelta(minutes=1)}.get(
        m["unit"]
    )
    if inner is None or inner.start is None or step is None:
        return None
    count = _number(m["count"])
    return replace(
        inner,
        end=(inner.end if inner.grain is Grain.HOUR and inner.end else inner.start) + step * count,
        value=inner.value + "/" + _duration(count, m["unit"]).value,
        grain=GRAINS[m["unit"]],
        mod=None,
    )


def _range(m: re.Match[str], r: Reader) -> Interval | None:
    one, other = m["one"], m["other"]
    if re.fullmatch(r"\d{1,2}(?:st|nd|rd|th)?", other) and (name := re.match(rf"({MON})\.? ", one)):
        other = f"{name[1]} {other}"
    if re.fullmatch(r"\d{1,2}(?:st|nd|rd|th)?", one) and (name := re.search(rf" ({MON})\b.*", other)):
        one = one + name[0]
    first, last = _parse(one, r), _parse(other, r)
    if first is None or last is None or not first.dated or not last.dated:
        return None
    assert first.start is not None
    assert last.end is not None
    if last.end <= first.start:
        return None
    return Interval(start=first.start, end=last.end, value=f"{first.value}/{last.value}", grain=last.grain)


def _since(m: re.Match[str], r: Reader) -> Interval | None:
    inner = _parse(m["rest"], replace(r, direction="past"))
    if inner is None or inner.start is None:
        return None
    return replace(inner, end=cal.midnight(r.base) + timedelta(1), value=inner.value + "/", open_end=True)


def _week_of(m: re.Match[str], r: Reader) -> Interval | None:
    inner = _parse(m["rest"], r)
    return cal.week(inner.start) if inner is not None and inner.start is not None else None


def _from_event(m: re.Match[str], r: Reader) -> Interval | None:
    anchor = next((a for a in r.anchors if any(word in m["event"] for word in a.words)), None)
    if anchor is None:
        return None
    unit = m["unit"].rstrip("s")
    days = {"day": 1, "week": 7, "month": 30, "year": 365, "hour": 0}[unit]
    sign = -1 if m["side"] == "before" else 1
    count = (m["count"] or "").strip()
    if count and count not in {"a few", "several"}:
        return cal.day(anchor.date + timedelta(sign * days * _number(count)))
    if m["unit"] == unit:
        return cal.day(anchor.date + timedelta(sign * days))
    low, high = (
        (anchor.date - timedelta(days * 5), anchor.date)
        if sign < 0
        else (anchor.date + timedelta(1), anchor.date + timedelta(days * 5))
    )
    return Interval(start=low, end=high, value=f"PX{CODES[unit]}", grain=GRAINS[unit], mod=m["side"].upper())


def _coming(m: re.Match[str], r: Reader) -> Interval:
    days = {"days": 8, "weeks": 28, "months": 120, "years": 1460, "hours": 1}[m["unit"]]
    begin = cal.midnight(r.base) + timedelta(1)
    return Interval(start=begin, end=begin + timedelta(days + 1), value="FUTURE_REF", grain=Grain.DAY)


def _part(m: re.Match[str], r: Reader) -> Interval | None:
    when, name = (m["when"] or "").strip(), m["name"]
    if name:
        base = _weekday(r, DAYS[name], _which(when))
    elif when in {"yesterday", "last"}:
        base = r.base - timedelta(1)
    elif when == "tomorrow":
        base = r.base + timedelta(1)
    else:
        base = r.base
    return cal.part_of_day(base, m["part"])


def _clock(m: re.Match[str], r: Reader) -> Interval | None:
    if m["word"]:
        hour = 12 if m["word"] == "noon" else 24
    else:
        hour = int(m["hour"])
        if m["half"]:
            hour = hour % 12 + (12 if m["half"] == "p" else 0)
    minute = int(m["minute"] or 0)
    if hour > 24 or minute > 59:
        return None
    named = _parse(m["day"], r) if m["day"] else None
    base = named.start if named is not None and named.start is not None else cal.midnight(r.base)
    start = base + timedelta(hours=hour, minutes=minute)
    return Interval(
        start=start,
        end=start + timedelta(hours=1),
        value=start.strftime("%Y-%m-%dT%H:%M"),
        grain=Grain.MINUTE if minute else Grain.HOUR,
    )


def _dow(m: re.Match[str], r: Reader) -> Interval:
    found = cal.day(_weekday(r, DAYS[m["name"]], _which(m["which"])))
    assert found.start is not None
    if m["edge"] == "late":
        return replace(found, start=found.start + timedelta(hours=18), value=found.value + "TEV", grain=Grain.HOUR)
    if m["edge"] == "early":
        return replace(found, end=found.start + timedelta(hours=12), value=found.value + "TMO", grain=Grain.HOUR)
    return found


def _date(m: re.Match[str], r: Reader) -> Interval | None:
    month, number = MONTHS[m["mon"]], int(m["day"])
    given = m["year"]
    try:
        if given:
            return cal.day(datetime(int(given), month, number))
        options = [datetime(r.base.year + k, month, number) for k in (-1, 0, 1)]
    except ValueError:
        return None
    today = cal.midnight(r.base)
    if r.direction == "future":
        return cal.day(next((option for option in options if option >= today), options[-1]))
    if r.direction == "past":
        return cal.day(next((option for option in reversed(options) if option <= today), options[0]))
    return cal.day(min(options, key=lambda option: abs(option - today)))


def _iso(m: re.Match[str], r: Reader) -> Interval | None:
    try:
        return cal.day(datetime(int(m["y"]), int(m["m"]), int(m["d"])))
    except ValueError:
        return None


def _slashes(m: re.Match[str], r: Reader) -> Interval | None:
    year = int(m["y"])
    if year < 100:
        year += 1900 if year > 50 else 2000
    try:
        return cal.day(datetime(year, int(m["m"]), int(m["d"])))
    except ValueError:
        return None


def _edge(m: re.Match[str], r: Reader) -> Interval | None:
    word = m["edge"]
    part = {"early": "early", "mid": "mid", "late": "late"}.get(word) or (
        "mid"
        if "middle" in word or "mid" in word
        else "late"
        if word.split()[0] in {"end", "close", "later"}
        else "early"
    )
    inner = _parse(m["rest"], r)
    if inner is None or inner.start is None or inner.end is None:
        return None
    today = cal.midnight(r.base)
    if word in {"earlier", "later"}:
        if inner.start <= r.base < inner.end:
            if word == "earlier":
                return replace(inner, end=today + timedelta(1), mod="START")
            return replace(inner, start=today + timedelta(1), mod="END")
        return replace(inner, mod="START" if word == "earlier" else "END")
    if word.startswith("end"):
        return replace(
            inner, start=max(inner.start, today) if inner.start <= r.base < inner.end else inner.start, mod="END"
        )
    return cal.narrowed(inner, part)


def _month(m: re.Match[str], r: Reader) -> Interval:
    month, base, which = MONTHS[m["mon"]], r.base, _which(m["which"])
    given = m["year"]
    if given:
        if given.isdigit():
            return cal.month(int(given), month)
        return cal.month(base.year + {"last": -1, "this": 0, "next": 1}[given.split()[0]], month)
    if which == "last":
        return cal.month(base.year if month < base.month else base.year - 1, month)
    if which == "next":
        return cal.month(base.year if month > base.month else base.year + 1, month)
    if which == "this":
        return cal.month(base.year, month)
    if r.direction == "future":
        return cal.month(base.year if month >= base.month else base.year + 1, month)
    if r.direction == "past":
        return cal.month(base.year if month <= base.month else base.year - 1, month)
    years = (base.year - 1, base.year, base.year + 1)
    return cal.month(min(years, key=lambda y: abs((datetime(y, month, 15) - base).days)), month)


def _year(m: re.Match[str], r: Reader) -> Interval | None:
    if m["short"]:
        number = int(m["short"])
        return cal.year(number + (1900 if number > (r.base.year % 100) + 10 else 2000))
    number = int(m["y"])
    return cal.year(number) if 1400 <= number <= 2150 else None


def _decade(m: re.Match[str], r: Reader) -> Interval:
    found = cal.decade(int(m["full"])) if m["full"] else cal.decade(190 + int(m["short"]))
    return cal.narrowed(found, m["edge"]) if m["edge"] else found


def _season(m: re.Match[str], r: Reader) -> Interval:
    name = m["name"]
    first = cal.SEASONS[name][0]
    which = _which(m["which"])
    if m["year"]:
        year = int(m["year"])
    elif which == "last" or (which is None and r.direction == "past"):
        year = r.base.year - (1 if r.base.month < first + (3 if which == "last" else 0) else 0)
    elif which == "next" or (which is None and r.direction == "future"):
        year = r.base.year + (1 if r.base.month >= first + (0 if which == "next" else 3) else 0)
    else:
        year = r.base.year
    return cal.season(year, name)


def _quarter(m: re.Match[str], r: Reader) -> Interval:
    number = ORDINALS[m["number"]]
    given = (m["year"] or "").strip()
    if given.isdigit():
        return cal.quarter(int(given), number)
    year = r.base.year
    if given in {"last year", "year-earlier", "a year earlier", "a year ago"} or (
        not given and cal.first_of(year, 3 * number - 2) > r.base and r.direction != "future"
    ):
        year -= 1
    return cal.quarter(year, number)


def _year_ago_quarter(r: Reader) -> Interval:
    """A year before the quarter that ended last, whose figures are out."""
    return cal.quarter(r.base.year - 1, (r.base.month + 2) // 3 - 1)


def _half(m: re.Match[str], r: Reader) -> Interval:
    year = int(m["year"]) if (m["year"] or "").isdigit() else r.base.year + (-1 if m["year"] == "last year" else 0)
    number = ORDINALS[m["number"]]
    return Interval(
        start=datetime(year, 1 if number == 1 else 7, 1), end=cal.first_of(year, 7 if number == 1 else 13),
        value=f"{year}-H{number}", grain=Grain.QUARTER,
    )  # fmt: skip


def _weekend(m: re.Match[str], r: Reader) -> Interval:
    which = _which(m["which"])
    ahead = (
        which == "next" or (r.direction == "future" and which is None) or (which == "this" and r.direction == "future")
    )
    if ahead:
        return cal.weekend(r.base)
    return cal.weekend(r.base if r.base.weekday() >= 5 and which != "last" else r.base - timedelta(7))


def _unit(m: re.Match[str], r: Reader) -> Interval | None:
    which, unit = _which(m["which"]), m["unit"]
    if which == "latest" and unit == "quarter":  # the one whose figures are out
        which = "last"
    shift = {"last": -1, "preceding": -1, "year-earlier": -1, "year-ago": -1, "next": 1}.get(which or "", 0)
    base = r.base
    if unit == "week":
        return cal.week(base + timedelta(7 * shift))
    if unit == "month":
        return cal.month(base.year, base.month + shift)
    if unit == "year":
        return cal.year(base.year + shift)
    if unit == "quarter":
        return cal.quarter(base.year, (base.month + 2) // 3 + shift)
    if unit == "day":
        return cal.day(base + timedelta(shift))
    if unit == "decade" and which == "last":
        return Interval(
            start=cal.midnight(base).replace(year=base.year - 10),
            end=cal.midnight(base) + timedelta(1),
            value="P1DE",
            grain=Grain.DECADE,
            mod="PAST",
        )
    if unit == "decade":
        return cal.decade(base.year // 10)
    return cal.century(base.year // 100 + 1 + shift) if unit == "century" else None


def _past_span(m: re.Match[str], r: Reader) -> Interval:
    count, unit = _number(m["count"]), m["unit"]
    return replace(_back(r.base, count, unit), value=_duration(count, unit).value, mod="PAST")


def _back(base: datetime, count: float, unit: str) -> Interval:
    """From `count` units before the day up to the end of the day."""
    end = cal.midnight(base) + timedelta(1)
    if unit in {"year", "decade"}:
        years = int(count * (10 if unit == "decade" else 1))
        begin = cal.midnight(base) - timedelta(round(365.25 * years))
    elif unit in {"month", "quarter"}:
        begin = cal.first_of(base.year, base.month - int(count * (3 if unit == "quarter" else 1))).replace(
            day=min(base.day, 28)
        )
    else:
        step = {
            "minute": timedelta(minutes=1),
            "hour": timedelta(hours=1),
            "day": timedelta(1),
            "week": timedelta(7),
            "weekend": timedelta(7),
        }[unit]
        begin = (base if unit in {"minute", "hour"} else cal.midnight(base)) - step * count
    return Interval(start=begin, end=end, value="", grain=GRAINS[unit])


def _ago(m: re.Match[str], r: Reader) -> Interval | None:
    count, unit = _number(m["count"]), m["unit"]
    if m["half"]:
        count += 0.5
    sign = -1 if m["side"] in {"ago", "earlier", "before", "previously"} else 1
    base = r.base
    if unit == "decade":
        unit, count = "year", count * 10
    if unit == "day":
        return cal.day(base + timedelta(sign * count))
    if unit in {"week", "weekend"}:
        return cal.day(base + timedelta(7 * sign * count))
    if unit == "quarter":
        unit, count = "month", count * 3
    if unit == "month":
        first = cal.first_of(base.year, base.month + sign * int(count))
        return cal.day(first.replace(day=min(base.day, 28)))
    if unit == "year":
        whole = base.year + sign * int(count)
        if not 1 <= whole <= 9000:
            return None
        return cal.day(datetime(whole, base.month, min(base.day, 28) if base.month == 2 else base.day))
    moment = base + sign * timedelta(**{unit + "s": count})
    return Interval(
        start=moment, end=moment + timedelta(hours=1), value=moment.strftime("%Y-%m-%dT%H:%M"), grain=GRAINS[unit]
    )


def _within(m: re.Match[str], r: Reader) -> Interval:
    count, unit = _number(m["count"]), m["unit"]
    days = {
        "minute": 1 / 1440,
        "hour": 1 / 24,
        "day": 1,
        "week": 7,
        "month": 30,
        "quarter": 91,
        "year": 365,
        "decade": 3652,
        "weekend": 7,
    }[unit]
    end = (
        cal.midnight(r.base) + timedelta(1 + days * count)
        if unit in {"hour", "minute"}
        else r.base + timedelta(days * count)
    )
    return Interval(
        start=cal.midnight(r.base),
        end=cal.midnight(end),
        value=_duration(count, unit).value,
        grain=Grain.DAY,
        mod="LESS_THAN",
    )


def _how_long(m: re.Match[str], r: Reader) -> Interval:
    mods = {
        "more than": "MORE_THAN",
        "over": "MORE_THAN",
        "at least": "EQUAL_OR_MORE",
        "less than": "LESS_THAN",
        "about": "APPROX",
        "nearly": "LESS_THAN",
    }
    return _duration(_number(m["count"]), m["unit"], mods.get(m["mod"] or ""))


def _tonight(m: re.Match[str], r: Reader) -> Interval:
    return cal.part_of_day(r.base, "night")


def _overnight(m: re.Match[str], r: Reader) -> Interval:
    found = cal.part_of_day(r.base - timedelta(1), "night")
    return replace(found, end=cal.midnight(r.base) + timedelta(hours=9))


def _holiday(m: re.Match[str], r: Reader) -> Interval | None:
    if m["year"]:
        return cal.holiday(m["name"], int(m["year"]))
    which = _which(m["which"])
    options = [found for k in (-1, 0, 1) if (found := cal.holiday(m["name"], r.base.year + k)) is not None]
    today = cal.midnight(r.base)
    before = [o for o in options if o.start is not None and o.start <= today]
    after = [o for o in options if o.start is not None and o.start >= today]
    if which == "last" or (which is None and r.direction == "past"):
        return before[-1] if before else None
    return after[0] if after else None


def _century(m: re.Match[str], r: Reader) -> Interval:
    word = m["number"]
    return cal.century(CENTURIES[word] if word in CENTURIES else int(re.sub(r"\D", "", word)))


def _constant(make: Callable[[Reader], Interval]) -> Callable[[re.Match[str], Reader], Interval | None]:
    return lambda m, r: make(r)


def _rules() -> list[Rule]:
    table: list[tuple[str, Callable[[re.Match[str], Reader], Interval | None]]] = [
        (rf"(?P<count>{NUM})[- ](?P<unit>{UNIT})s?[- ](?:\w+ )*?(?:starting|beginning|from) (?P<from>.+)", _lasting),
        (rf"(?:from |between )?(?P<one>(?:{MON}|{DOW}|\d).*?) ?(?:to|and|-|–|through|until) ?(?P<other>(?:{MON}|{DOW}|\d).*)", _range),
        (r"(?:ever )?since (?P<rest>.+)", _since),
        (r"(?:the )?(?P<year>\d{4}) (?P<number>first|second|third|fourth)[- ]quarter", _quarter),
        (r"(?:the )?year-(?:ago|earlier) quarter", _constant(_year_ago_quarter)),
        (rf"(?:the )?week of (?P<rest>(?:{MON})\.? \d{{1,2}})", _week_of),
        (rf"(?:just |only )?(?:(?P<count>a few|several|{NUM}) )?(?P<unit>days?|weeks?|months?|years?) (?P<side>before|after) (?:the )?(?P<event>.+)", _from_event),
        (r"now|currently|current|at present|presently|nowadays", _constant(lambda r: _vague("PRESENT_REF"))),
        (r"recently|recent|previously|past|once|lately|former|formerly|long ago|in the past", _constant(lambda r: _vague("PAST_REF"))),
        (r"future|soon|coming|shortly", _constant(lambda r: _vague("FUTURE_REF"))),
        (r"(?:coming|next few) (?P<unit>days|weeks|months|years)", _coming),
        (r"(?:past|recent|last few) (?:days|weeks|months|years)", _constant(lambda r: _vague("PAST_REF"))),
        (r"today|day|this day", _constant(lambda r: cal.day(r.base))),
        (r"tonight", _tonight),
        (r"yesterday|previous day|day before|day earlier", _constant(lambda r: cal.day(r.base - timedelta(1)))),
        (r"tomorrow|following day|next day|day after", _constant(lambda r: cal.day(r.base + timedelta(1)))),
        (r"day before yesterday", _constant(lambda r: cal.day(r.base - timedelta(2)))),
        (r"overnight", _overnight),
        (rf"(?:(?:early|late|mid)[- ]?(?:on |in the )?)?(?P<when>this |yesterday |tomorrow |today |last |next )?(?:(?:on )?(?P<name>{DOW})\.? )?(?P<part>{PART})", _part),
        (rf"(?P<word>)(?P<hour>\d{{1,2}})(?::(?P<minute>\d\d))? ?(?P<half>[ap])\.?m\.?(?: (?:local time |GMT |[A-Z]{{2,4}} )?(?:on )?)?(?P<day>{DOW}|today|tomorrow|yesterday)?(?: local time)?", _clock),
        (rf"(?P<word>noon|midnight)(?P<hour>)(?P<minute>)(?P<half>)(?: on)? (?P<day>{DOW}|today|tomorrow|yesterday)", _clock),
        (rf"(?P<word>)(?P<hour>\d{{1,2}}):(?P<minute>\d\d)(?P<half>)(?: (?:gmt|local time))?(?: on)?(?: (?P<day>{DOW}|today|tomorrow|yesterday))?", _clock),
        (rf"(?:(?P<edge>early|late)(?: on)? )?(?P<which>last|this|next|previous|past|coming)? ?(?P<name>{DOW})\.?", _dow),
        (rf"(?:(?:{DOW})\.?,? )?(?P<mon>{MON})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year>\d{{4}}))?", _date),
        (rf"(?:(?:{DOW})\.?,? )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<mon>{MON})\.?(?:,? (?P<year>\d{{4}}))?", _date),
        (r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)", _iso),
        (r"(?P<m>\d{1,2})[/-](?P<d>\d{1,2})[/-](?P<y>\d{2}|\d{4})", _slashes),
        (r"(?P<edge>early|mid|late|middle of|beginning of|start of|end of|close of|later|earlier)[- ](?:in |on )?(?:the )?(?P<rest>.+)", _edge),
        (rf"(?:(?P<which>last|this|next|past|previous) )?(?P<mon>{MON})\.?(?:,? (?:of )?(?P<year>\d{{4}}|last year|this year|next year))?", _month),
        (r"(?:fiscal |calendar |financial )?(?:year )?(?P<short>)(?P<y>\d{4})", _year),
        (r"'(?P<short>\d\d)(?P<y>)", _year),
        (r"(?:(?P<edge>early|mid|late)[- ])?(?:(?P<full>\d{3})0s|'(?P<short>\d)0s)", _decade),
        (r"(?P<which>last |this |next |past )?(?P<name>spring|summer|autumn|fall|winter)(?: of)? ?(?P<year>\d{4})?", _season),
        (r"(?:fiscal )?(?P<number>first|second|third|fourth|1st|2nd|3rd|4th|final)[- ]quarter(?: of| in)?(?P<year> ?\d{4}| last year| this year| year-earlier| a year earlier| a year ago)?", _quarter),
        (r"(?P<number>first|second) half(?: of)?(?: (?P<year>\d{4}|last year|this year|the year))?", _half),
        (r"(?:over |during )?(?:(?P<which>last|this|next|past|coming) )?(?:the )?weekend", _weekend),
        (r"(?:(?P<which>last|this|next|previous|past|coming|same|current|latest|preceding|following|year-earlier|year-ago)[- ])?(?P<unit>day|week|month|quarter|year|decade|century)", _unit),
        (rf"(?:over |during |in |for )?(?:the )?(?:past|last|previous) (?P<count>{NUM}) (?P<unit>{UNIT})s?", _past_span),
        (rf"(?:(?:more than|less than|about|nearly|almost|some|at least|exactly|just|over|barely) )?(?P<count>{NUM})(?P<half> and a half)?[- ](?P<unit>{UNIT})s? (?P<side>ago|earlier|before|from now|later|hence|previously)", _ago),
        (rf"(?:within|in|over|for) (?:the )?(?:next |coming )?(?P<count>{NUM}) (?P<unit>{UNIT})s?", _within),
        (rf"(?P<mod>more than|less than|about|nearly|almost|some|at least|up to|over|at most|fewer than|roughly)? ?(?:the )?(?:first |full |entire |whole )?(?P<count>{NUM})[- ](?P<unit>{UNIT})s?(?:[- ](?:old|long))?", _how_long),
        (r"(?P<unit>day|week|month|year)-?long", lambda m, r: _duration(1.0, m["unit"])),
        (r"(?:several |many |a few |few |some )?(?P<unit>day|week|month|year|decade|hour)s", lambda m, r: _duration("X", m["unit"])),
        (rf"(?P<which>last |this |next )?(?P<name>{HOLIDAY})(?:,? (?P<year>\d{{4}}))?", _holiday),
        (r"(?P<number>\d\d(?:th|st)|nineteenth|twentieth|twenty-first|eighteenth)[- ]century", _century),
    ]  # fmt: skip
    return [(re.compile(pattern), meaning) for pattern, meaning in table]


RULES = _rules()
LEAD = re.compile(
    r"^(?:on|at|in|by|the|during|around|about|until|of|for|from|as of|scheduled for|just|till|before|after|through) (?=\S)"
)


def _parse(phrase: str, reader: Reader) -> Interval | None:
    for pattern, meaning in RULES:
        if (match := pattern.fullmatch(phrase)) and (found := meaning(match, reader)) is not None:
            return found
    stripped = LEAD.sub("", phrase)
    if stripped != phrase:
        return _parse(stripped, reader)
    if re.search(r" (?:before|after) the \w", phrase):  # counted from what nobody dated
        return None
    words = phrase.rsplit(" ", 1)
    if len(words) == 2 and words[1] not in {"ago", "earlier", "later", "before", "after", "from", "century"}:
        found = _parse(words[0], reader)
        return found if found is not None and found.start is not None else None
    return None


def parse_phrase(
    phrase: str, base: datetime, direction: str = "none", anchors: tuple[Anchor, ...] = ()
) -> Interval | None:
    """What a phrase means for a document of `base`.

    Args:
        direction: past, future or none; decides weekdays, months and days without a year.
        anchors: dated happenings the phrase may count from.
    Returns:
        None when it is no time; an Interval without start and end when it is one without a date.
    """
    text = phrase.lower().replace("’", "'").strip(" ,.;:\"'()")
    text = re.sub(r"(?<=\w)'s\b(?! (?:eve|day))", "", text) if "new year" not in text else text
    text = re.sub(r"\s+", " ", text)
    for _ in range(2):
        try:
            if (found := _parse(text, Reader(base, direction, anchors))) is not None:
                return found
        except (OverflowError, ValueError):
            return None
        text = LEAD.sub("", text)
    return None
