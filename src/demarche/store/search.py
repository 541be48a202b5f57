"""Words in sentences: an inverted index in the serving file, exact and without an extension."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from demarche.errors import ConfigError
from demarche.store.indexes import STOP_WORDS
from demarche.store.reader import Record

__all__ = ["Hit", "Hits", "search_sentences"]


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
    """A page of hits, newest article first. total: sentences that hold every word (phrases not yet checked)."""

    total: int
    hits: tuple[Hit, ...]


def search_sentences(record: Record, query: str, *, limit: int = 20, offset: int = 0) -> Hits:
    """Sentences that hold all words of `query`, in any case and with any accents; quoted words stand in a row.

    Very frequent words (*the*, *of*) are not looked up, but count inside quotation marks.

    Raises:
        ConfigError: E517 no word to look up.
    """
    phrases = [_folded(found) for found in re.findall(r'"([^"]+)"', query)]
    words = [word for word in dict.fromkeys(re.findall(r"\w+", _folded(query))) if word not in STOP_WORDS]
    if not words:
        raise ConfigError("E517", f"no word to look up in {query!r}", remedy="give a rarer word")
    lists = " INTERSECT ".join(["SELECT sentence FROM postings WHERE term = ?"] * len(words))
    clause = " AND ".join(["contains(strip_accents(lower(words)), ?)"] * len(phrases)) or "TRUE"
    pick = f"SELECT sentence FROM ({lists})"
    total = record.sql(f"SELECT count(*) AS n FROM ({lists})", words).column(0)[0].as_py()
    page = f"{pick} ORDER BY sentence" + ("" if phrases else f" LIMIT {int(limit)} OFFSET {int(offset)}")
    rows = record.sql(
        f"""WITH page AS MATERIALIZED ({page}),
                 place AS MATERIALIZED (SELECT number, "row" FROM passages WHERE number IN (SELECT sentence FROM page))
            SELECT * FROM (
              SELECT place.number, s.id AS sentence, s.document, d.title,
                     substr(d.text, s.start + 1, s."end" - s.start) AS words, d.publisher, d.published
              FROM place JOIN sentences AS s ON s.rowid = place."row" JOIN documents AS d ON d.id = s.document)
            WHERE {clause} ORDER BY number LIMIT ? OFFSET ?""",
        [*words, *phrases, limit, offset if phrases else 0],
    ).to_pylist()
    return Hits(total=total, hits=tuple(Hit(**{k: v for k, v in row.items() if k != "number"}) for row in rows))


def _folded(text: str) -> str:
    """Lower case without accents, as the index has it."""
    plain = unicodedata.normalize("NFD", text.lower())
    return unicodedata.normalize("NFC", "".join(c for c in plain if not unicodedata.combining(c)))
