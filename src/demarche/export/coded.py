"""The exchange forms of coded events: POLECAT, ICEWS, GDELT and CAMEO text. One row function a form."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from demarche import __version__
from demarche.export.rows import Facts, Form, Happened, Told, cameo_name, cameo_quad, countries, goldstein_of, number_of
from demarche.resources import read_toml

__all__ = ["FORMS", "CodedForm", "Line", "gdelt_mentions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a form. id: what the form calls it."""

    id: str
    cells: tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedForm:
    """A tab-separated form. columns: its names, in order; header: whether files have them as first line.

    missing: the word for no value. holds_not: what the form has no place for, in words.
    """

    name: str
    file: str
    columns: tuple[str, ...]
    header: bool
    missing: str
    lines: Callable[[Happened, Form], Iterator[Line]]
    holds_not: tuple[str, ...]


def _columns(words: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.split("|"))


POLECAT_COLUMNS = _columns(
    "Event ID|Event Date|Event Type|Event Mode|Intensity|Quad Code|Contexts|Actor Name|Actor Country|Actor COW|"
    "Primary Actor Sector|Actor Sectors|Actor Title|Actor Name Raw|Wikipedia Actor ID|Recipient Name|Recipient Country|"
    "Recipient COW|Primary Recipient Sector|Recipient Sectors|Recipient Title|"
    "Recipient Name Raw|Wikipedia Recipient ID|"
    "Placename|City|District|Province|Country|Latitude|Longitude|GeoNames ID|Raw Placename|Feature Type|Source|"
    "Publication Date|Story People|Story Organizations|Story Locations|Language|Version"
)
ICEWS_COLUMNS = _columns(
    "Event ID|Event Date|Source Name|Source Sectors|Source Country|Event Text|CAMEO Code|Intensity|Target Name|"
    "Target Sectors|Target Country|Story ID|Sentence Number|Publisher|City|District|Province|Country|Latitude|Longitude"
)
_GDELT_ACTOR = (
    "Code|Name|CountryCode|KnownGroupCode|EthnicCode|Religion1Code|Religion2Code|Type1Code|Type2Code|Type3Code"
)
_GDELT_GEO = "Type|Fullname|CountryCode|ADM1Code|ADM2Code|Lat|Long|FeatureID"


def _gdelt_columns(*, second: bool) -> tuple[str, ...]:
    geo = [name for name in _columns(_GDELT_GEO) if second or name != "ADM2Code"]
    return (
        *_columns("GlobalEventID|Day|MonthYear|Year|FractionDate"),
        *(f"Actor{n}{name}" for n in (1, 2) for name in _columns(_GDELT_ACTOR)),
        *_columns("IsRootEvent|EventCode|EventBaseCode|EventRootCode|QuadClass|GoldsteinScale|NumMentions|NumSources"),
        *_columns("NumArticles|AvgTone"),
        *(f"{who}Geo_{name}" for who in ("Actor1", "Actor2", "Action") for name in geo),
        "DATEADDED",
        "SOURCEURL",
    )


MENTION_COLUMNS = _columns(
    "GlobalEventID|EventTimeDate|MentionTimeDate|MentionType|MentionSourceName|MentionIdentifier|SentenceID|"
    "Actor1CharOffset|Actor2CharOffset|ActionCharOffset|InRawText|Confidence|MentionDocLen|MentionDocTone|"
    "MentionDocTranslationInfo|Extras"
)


def _listed(values: Iterator[str] | tuple[str, ...] | list[str]) -> str:
    return "; ".join(dict.fromkeys(value for value in values if value))


def _polecat_side(actors: tuple[Facts, ...]) -> tuple[str, ...]:
    """Name, country, COW, primary sector, sectors, title, raw name, Wikipedia id."""
    cows = [countries()[a.country].cow for a in actors if a.country in countries()]
    return (
        _listed([a.name for a in actors]),
        _listed([a.country for a in actors]),
        _listed(cows),
        next((a.sector for a in actors if a.sector), ""),
        _listed([a.sector for a in actors]),
        _listed([a.office for a in actors]),
        _listed([a.name for a in actors]),
        _listed([a.wikidata for a in actors]),
    )


def _city(place: Any) -> str:
    return str(place["name"]) if place["kind"] in ("city", "capital", "town", "village", "building") else ""


def polecat(one: Happened, form: Form) -> Iterator[Line]:
    """One line an event: PLOVER keeps lists of actors. The words of an actor are its name here."""
    book = read_toml("codebooks/plover.toml")["type"][form.type]
    changed = form.type is not one.type
    place, lead = one.place, one.told[0]
    spot: tuple[Any, ...] = ("",) * 10
    if place is not None:
        country = countries().get(place["country"] or "")
        spot = (place["name"], _city(place), "", place["admin1"], country.name if country else "", place["lat"],
                place["lon"], place["geonames"], place["name"], place["kind"])  # fmt: skip
    cells = (
        one.event, one.date, form.type, form.mode, float(book["score"]) if changed else one.intensity,
        str(book["quad"]).replace("-", " ").upper(), _listed(list(one.contexts)), *_polecat_side(one.sources),
        *_polecat_side(one.targets), *spot, lead.publisher, lead.published[:10], _listed(list(one.people)),
        _listed(list(one.organisations)), _listed(list(one.locations)), lead.language, f"demarche {__version__}",
    )  # fmt: skip
    yield Line(id=one.event, cells=cells)


_SECTORS = {
    "GOV": "Government", "MIL": "Military", "LEG": "Legislative / Parliamentary", "JUD": "Judicial",
    "OPP": "Opposition", "REB": "Rebel", "COP": "Police", "SPY": "State Intelligence",
    "BUS": "Business", "MED": "Media", "EDU": "Education",
    "CVL": "General Population / Civilian / Social", "PTY": "Parties", "NGO": "Nongovernmental Organization",
    "IGO": "International Government Organization",
}  # fmt: skip


def _icews_side(actor: Facts | None) -> tuple[str, str, str]:
    if actor is None:
        return "", "", ""
    return actor.name, _SECTORS.get(actor.sector, actor.sector), actor.country_name


def icews(one: Happened, form: Form) -> Iterator[Line]:
    """One line a pair. Event Text and Intensity (Goldstein) follow the CAMEO code."""
    lead, place = one.told[0], one.place
    spot: tuple[Any, ...] = ("",) * 6
    if place is not None:
        country = countries().get(place["country"] or "")
        name = country.name if country else ""
        spot = (_city(place), "", place["admin1"], name, place["lat"], place["lon"])
    for source, target in one.pairs:
        number = str(_pair_number(one, source, target))
        text = cameo_name(form.cameo)
        yield Line(
            id=number,
            cells=(number, one.date, *_icews_side(source), text, form.cameo, goldstein_of(form.cameo),
                   *_icews_side(target), number_of(lead.document), lead.sentence, lead.publisher, *spot),
        )  # fmt: skip


def _pair_number(one: Happened, source: Facts | None, target: Facts | None) -> int:
    return number_of(one.event, source.id if source else "", target.id if target else "")


def _gdelt_actor(actor: Facts | None) -> tuple[str, ...]:
    if actor is None:
        return ("",) * 10
    kind = actor.sector if actor.sector != "UNK" else ""
    return (f"{actor.country}{kind}", actor.name.upper(), actor.country, "", "", "", "", kind, "", "")


def _gdelt_place(place: Any, *, second: bool) -> tuple[Any, ...]:
    if place is None:
        return ("",) * (8 if second else 7)
    american = place["country"] == "USA"
    level = 1 if place["kind"] == "country" else (3 if american else 4) if _city(place) else (2 if american else 5)
    country = countries().get(place["country"] or "")
    full = ", ".join(part for part in (place["name"], place["admin1"], country.name if country else "") if part)
    spot: tuple[Any, ...] = (level, full, country.fips if country else "", "")
    return (*spot, *(("",) if second else ()), place["lat"], place["lon"], place["geonames"])


def _stamp(published: str) -> str:
    """YYYYMMDDHHMMSS; midnight where only the day is known."""
    digits = "".join(letter for letter in published[:19] if letter.isdigit())
    return digits.ljust(14, "0") if digits else ""


def _gdelt(one: Happened, form: Form, *, second: bool) -> Iterator[Line]:
    day = datetime.date.fromisoformat(one.date)
    outlets = len({row.publisher or row.url for row in one.told})
    added = _stamp(one.told[0].published)
    geo = 8 if second else 7
    for source, target in one.pairs:
        number = _pair_number(one, source, target)
        cells = (
            number, f"{day:%Y%m%d}", f"{day:%Y%m}", day.year, round(day.year + (day.month * 30 + day.day) / 365, 4),
            *_gdelt_actor(source), *_gdelt_actor(target), int(any(row.lead for row in one.told)), form.cameo,
            form.cameo[:3], form.cameo[:2], cameo_quad(form.cameo), goldstein_of(form.cameo), len(one.told), outlets,
            one.articles, "", *("",) * geo, *("",) * geo, *_gdelt_place(one.place, second=second),
            added if second else added[:8], one.told[0].url,
        )  # fmt: skip
        yield Line(id=str(number), cells=cells)


def gdelt2(one: Happened, form: Form) -> Iterator[Line]:
    """61 columns; AvgTone and the places of the actors are empty: they are not measured."""
    return _gdelt(one, form, second=True)


def gdelt1(one: Happened, form: Form) -> Iterator[Line]:
    """58 columns."""
    return _gdelt(one, form, second=False)


def gdelt_mentions(one: Happened) -> Iterator[tuple[Any, ...]]:
    """One line a pair and row behind the event. Confidence: our score in steps of ten."""
    for source, target in one.pairs:
        number = _pair_number(one, source, target)
        for row in one.told:
            yield _mention(number, one, row)


def _mention(number: int, one: Happened, row: Told) -> tuple[Any, ...]:
    web = 1 if row.url.startswith("http") else 2
    confidence = min(100, max(10, round(row.score * 10) * 10))
    return (number, _stamp(one.date), _stamp(row.published), web, row.publisher, row.url, row.sentence, -1, -1,
            row.start, 1, confidence, row.words, "", "", "")  # fmt: skip


NOBODY = "---"


def cameo(one: Happened, form: Form) -> Iterator[Line]:
    """Date, source, target, code and its name, as TABARI and PETRARCH write them; `---` stands for nobody."""
    day = one.date.replace("-", "")
    for source, target in one.pairs:
        who = [
            "---" if actor is None else f"{actor.country or _short(actor)}{actor.sector}" for actor in (source, target)
        ]
        cells = (day, who[0], who[1], form.cameo, cameo_name(form.cameo), one.event)
        yield Line(id=f"{one.event}/{who[0]}/{who[1]}", cells=cells)


def _short(actor: Facts) -> str:
    return "IGO" if actor.sector == "IGO" else NOBODY


_NOWHERE = ("status (beyond actual)", "standing", "holders and their chain", "spans", "conditions", "amounts")

FORMS: dict[str, CodedForm] = {
    form.name: form
    for form in (
        CodedForm(name="plover", file="polecat.tsv", columns=POLECAT_COLUMNS, header=True, missing="None",
                  lines=polecat, holds_not=_NOWHERE),
        CodedForm(name="icews", file="icews.tab", columns=ICEWS_COLUMNS, header=True, missing="", lines=icews,
                  holds_not=(*_NOWHERE, "PLOVER types and modes", "ids that are no integers")),
        CodedForm(name="gdelt", file="gdelt2.export.CSV", columns=_gdelt_columns(second=True), header=False,
                  missing="", lines=gdelt2, holds_not=(*_NOWHERE, "PLOVER types and modes", "tone (not measured)")),
        CodedForm(name="gdelt1", file="gdelt1.export.CSV", columns=_gdelt_columns(second=False), header=False,
                  missing="", lines=gdelt1, holds_not=(*_NOWHERE, "PLOVER types and modes", "tone (not measured)")),
        CodedForm(name="cameo", file="cameo.txt", columns=("date", "source", "target", "code", "name", "event"),
                  header=False, missing="", lines=cameo,
                  holds_not=(*_NOWHERE, "places", "names of actors", "articles")),
    )
}  # fmt: skip
"""Form by its name on the command line."""
