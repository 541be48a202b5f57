"""Words in sentences: an inverted index in the serving file, exact and without an extension."""

from __future__ import annotations

import re
from dataclasses import dataclass

from demarche.errors import ConfigError
from demarche.store.reader import Record
from demarche.store.words import STOP_WORDS, fold

__all__ = ["Hit", "Hits", "rarest_word", "search_sentences", "words_condition"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A sentence that holds every word. published: of its article."""

    sentence: str
    document: str
    words: str
    title: str | None
    publisher: str | None
    published: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """A page of hits, newest article first. total: sentences that hold every word (phrases not yet checked; of those
    the newest ten thousand are looked through)."""

    total: int
    hits: tuple[Hit, ...]


def search_sentences(record: Record, query: str, *, limit: int = 20, offset: int = 0) -> Hits:
    """Sentences that hold all words of `query`, in any case and with any accents; quoted words stand in a row.

    Very frequent words (*the*, *of*) are not looked up, but count inside quotation marks.

    Raises:
        ConfigError: E517 no word to look up.
    """
    phrases = [fold(found) for found in re.findall(r'"([^"]+)"', query)]
    words = [word for word in dict.fromkeys(re.findall(r"\w+", fold(query))) if word not in STOP_WORDS]
    if not words:
        raise ConfigError("E517", f"no word to look up in {query!r}", remedy="give a rarer word")
    clause = " AND ".join(["contains(strip_accents(lower(words)), ?)"] * len(phrases)) or "TRUE"
    one = "SELECT sentence FROM postings WHERE term = (SELECT number FROM terms WHERE term = ?)"
    held = one + "".join(f" AND sentence IN ({one})" for _ in words[1:])
    most = 10_000 if phrases else offset + limit
    total, first = record.sql(
        f"SELECT count(*) AS n, arg_min(sentence, sentence, {int(most)}) AS first FROM ({held})", words
    ).to_pylist()[0].values()  # fmt: skip
    page = (first or [])[0 if phrases else offset :]
    rows = record.sql(
        f"""WITH p AS MATERIALIZED (SELECT * FROM passages WHERE number IN (SELECT unnest(?))),
                 s AS MATERIALIZED (SELECT rowid AS r, * FROM sentences WHERE rowid IN (SELECT "row" FROM p)),
                 d AS MATERIALIZED (SELECT rowid AS r, * FROM documents WHERE rowid IN (SELECT document FROM p)),
                 h AS (SELECT s.id AS sentence, s.document, d.title, d.publisher, d.published, p.number,
                              substr(d.text, s.start + 1, s."end" - s.start) AS words
                       FROM p JOIN s ON s.r = p."row" JOIN d ON d.r = p.document)
            SELECT sentence, document, words, title, publisher, published FROM h WHERE {clause}
            ORDER BY number LIMIT ? OFFSET ?""",
        [page, *phrases, limit, offset if phrases else 0],
    ).to_pylist()
    return Hits(total=total, hits=tuple(Hit(**row) for row in rows))


def _words_of(query: str) -> tuple[list[str], list[str]]:
    """Words to look up and phrases; E517 when there is no word."""
    phrases = [fold(found) for found in re.findall(r'"([^"]+)"', query)]
    words = [word for word in dict.fromkeys(re.findall(r"\w+", fold(query))) if word not in STOP_WORDS][:12]
    if not words:
        raise ConfigError("E517", f"no word to look up in {query!r}", remedy="give a rarer word")
    return words, phrases


def rarest_word(record: Record, query: str) -> int:
    """Sentences that hold the rarest word of `query`: no more can hold all of them.

    Raises:
        ConfigError: E517 no word to look up.
    """
    words, _ = _words_of(query)
    found = record.sql(
        "SELECT count(*) AS known, min(sentences) AS fewest FROM terms WHERE term IN (SELECT unnest(?))", [words]
    ).to_pylist()[0]
    return int(found["fewest"]) if found["known"] == len(words) else 0


def words_condition(query: str, column: str, *, newest: int | None = None) -> tuple[str, list[str]]:
    """SQL, and its parameters, for: the sentence numbered `column` holds all words of `query`, as `search_sentences`.

    newest: only the newest so many sentences that hold the words are looked at; None: all.

    Raises:
        ConfigError: E517 no word to look up.
    """
    words, phrases = _words_of(query)
    one = "SELECT sentence FROM postings WHERE term = (SELECT number FROM terms WHERE term = ?)"
    held = one + "".join(f" AND sentence IN ({one})" for _ in words[1:])
    if newest is not None:
        held += f" ORDER BY sentence LIMIT {int(newest)}"
    if not phrases:
        return f"{column} IN ({held})", words
    said = 'substr(d.text, s.start + 1, s."end" - s.start)'
    clause = " AND ".join([f"contains(strip_accents(lower({said})), ?)"] * len(phrases))
    pick = f"""SELECT p.number FROM passages AS p JOIN sentences AS s ON s.rowid = p."row"
        JOIN documents AS d ON d.rowid = p.document WHERE p.number IN ({held}) AND {clause}"""
    return f"{column} IN ({pick})", [*words, *phrases]
