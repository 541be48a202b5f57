"""The closed vocabularies of the contract, as string enums: the value is the word in JSON, columns and pages."""

from __future__ import annotations

from enum import StrEnum

__all__ = [
    "Act", "ActorKind", "Basis", "Certainty", "CopyKind", "EventType", "Grain", "LinkKind", "MentionKind", "Polarity",
    "Quad", "Quoted", "Relation", "Role", "Standing", "Status", "Via",
]  # fmt: skip


class Role(StrEnum):
    """What a paragraph is on its page."""

    TITLE = "title"
    STANDFIRST = "standfirst"
    BYLINE = "byline"
    DATELINE = "dateline"
    BODY = "body"
    QUOTE = "quote"
    CAPTION = "caption"
    CREDIT = "credit"
    RELATED = "related"
    PROMPT = "prompt"
    COUNTER = "counter"
    ADVERT = "advert"
    COPYRIGHT = "copyright"
    FORM = "form"
    NAVIGATION = "navigation"


class CopyKind(StrEnum):
    ORIGINAL = "original"
    SYNDICATED = "syndicated"
    REWORDED = "reworded"


class ActorKind(StrEnum):
    STATE = "state"
    GOVERNMENT = "government"
    PERSON = "person"
    ORGANISATION = "organisation"
    GROUP = "group"
    ALLIANCE = "alliance"
    PEOPLE_GROUP = "people-group"
    UNNAMED = "unnamed"


class Basis(StrEnum):
    """What an actor's reading rests on: a row of the table, a phrase pattern, or only its name."""

    DICTIONARY = "dictionary"
    PATTERN = "pattern"
    NAME = "name"


class MentionKind(StrEnum):
    ACTOR = "actor"
    PLACE = "place"
    TIME = "time"
    AMOUNT = "amount"


class Via(StrEnum):
    NAME = "name"
    TITLE = "title"
    PRONOUN = "pronoun"
    METONYM = "metonym"
    DESCRIPTION = "description"


class Grain(StrEnum):
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    SEASON = "season"
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"


class Relation(StrEnum):
    """How an act lies to its time."""

    ON = "on"
    BEFORE = "before"
    AFTER = "after"
    DURING = "during"


class Quoted(StrEnum):
    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class Act(StrEnum):
    """What the holder does in an attribution."""

    STATE = "state"
    CLAIM = "claim"
    DENY = "deny"
    DOUBT = "doubt"
    ACCUSE = "accuse"
    WARN = "warn"
    THREATEN = "threaten"
    PROMISE = "promise"
    PROPOSE = "propose"
    REQUEST = "request"
    DEMAND = "demand"
    ORDER = "order"
    AGREE = "agree"
    REFUSE = "refuse"
    ASK = "ask"
    PREDICT = "predict"
    EXPECT = "expect"
    BELIEVE = "believe"
    FEAR = "fear"
    HOPE = "hope"
    PLAN = "plan"
    ANNOUNCE = "announce"


class EventType(StrEnum):
    """PLOVER's sixteen types (manual of 2024-02-04), applied as docs/codebook says."""

    AGREE = "AGREE"
    CONSULT = "CONSULT"
    SUPPORT = "SUPPORT"
    CONCEDE = "CONCEDE"
    COOPERATE = "COOPERATE"
    AID = "AID"
    RETREAT = "RETREAT"
    REQUEST = "REQUEST"
    ACCUSE = "ACCUSE"
    REJECT = "REJECT"
    THREATEN = "THREATEN"
    PROTEST = "PROTEST"
    SANCTION = "SANCTION"
    MOBILIZE = "MOBILIZE"
    COERCE = "COERCE"
    ASSAULT = "ASSAULT"


class Quad(StrEnum):
    VERBAL_COOPERATION = "verbal-cooperation"
    MATERIAL_COOPERATION = "material-cooperation"
    VERBAL_CONFLICT = "verbal-conflict"
    MATERIAL_CONFLICT = "material-conflict"


class Status(StrEnum):
    """How an assertion stands in the eyes of its nearest holder."""

    ACTUAL = "actual"
    PLANNED = "planned"
    PROMISED = "promised"
    THREATENED = "threatened"
    REQUESTED = "requested"
    POSSIBLE = "possible"
    PREDICTED = "predicted"
    CONDITIONAL = "conditional"
    NEGATED = "negated"
    DENIED = "denied"


class Polarity(StrEnum):
    POSITIVE = "positive"
    NEGATIVE = "negative"


class Certainty(StrEnum):
    CERTAIN = "certain"
    PROBABLE = "probable"
    POSSIBLE = "possible"
    UNSTATED = "unstated"


class Standing(StrEnum):
    """What the record as a whole knows of an assertion."""

    REPORTED = "reported"
    ATTRIBUTED = "attributed"
    DISPUTED = "disputed"


class LinkKind(StrEnum):
    DENIES = "denies"
    REPEATS = "repeats"
    ANSWERS = "answers"
    FULFILS = "fulfils"
    BREAKS = "breaks"
    CONDITIONS = "conditions"
