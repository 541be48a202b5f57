"""What is kept of an article to recognise its copies: about 5 kB, picklable, made without a parser."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from demarche.dedup.words import WORD, Hashes, Word, load_pieces, look_up, split_sentences
from demarche.records import Article, Role

__all__ = ["Fingerprint", "fingerprint", "fingerprint_text"]

ROLES = frozenset({Role.TITLE, Role.STANDFIRST, Role.DATELINE, Role.BODY, Role.QUOTE, Role.CAPTION})
"""Roles that belong to the article itself: furniture of the page is the same on pages that share nothing else."""
MOST_WORDS = 20_000
"""Words looked at: a page of 30 MB must not cost more than a long article."""
MOST_SENTENCES = 400
MOST_CHARACTERS = 400_000
"""Of one paragraph: cut before it is taken apart."""
SKETCH = 20
"""Rare words in the sketch: with four of them shared, 99.6 % of unrelated pairs drop out and no copy measured does."""
_MIX = np.uint32(2654435761)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fingerprint:
    """Everything the search for copies looks at.

    day: proleptic ordinal of the publication date, None when unknown. address: where it was read, for updates of the
    same page; version: when (the newest of one address stands for it). key: hash of the words in order.
    shingles: hashes of the word 3-grams, in order; starts: index of each sentence's first word.
    vectors: (sentences, dims) int8, unit length × 127. names: hashes of names and numbers, sorted; sketch: the rarest
    words, sorted.
    """

    document: str
    day: int | None
    words: int
    damage: float
    address: str | None
    version: str
    key: str
    shingles: Hashes
    starts: npt.NDArray[np.int32]
    vectors: npt.NDArray[np.int8]
    names: Hashes
    sketch: Hashes

    @property
    def lengths(self) -> npt.NDArray[np.float32]:
        """Words of each sentence."""
        return np.diff(np.append(self.starts, self.words)).astype(np.float32)


def fingerprint(article: Article) -> Fingerprint:
    """The fingerprint of an article: a function of its words, date and address alone."""
    document = article.document
    paragraphs = (
        document.text[paragraph.start : paragraph.end]
        for paragraph in article.paragraphs
        if paragraph.role in ROLES and not paragraph.repeat
    )
    return fingerprint_text(
        document.id,
        paragraphs,
        day=_day(document.published),
        damage=document.damage,
        address=document.url,
        version=document.published or document.retrieved or "",
    )


def _day(published: str | None) -> int | None:
    try:
        return date.fromisoformat(published[:10]).toordinal() if published else None
    except ValueError:
        return None


def fingerprint_text(
    identifier: str,
    paragraphs: Iterable[str],
    *,
    day: int | None = None,
    damage: float = 0.0,
    address: str | None = None,
    version: str = "",
) -> Fingerprint:
    """As `fingerprint`, from bare paragraphs."""
    sentences: list[list[Word]] = []
    count = 0
    for paragraph in paragraphs:
        for sentence in split_sentences(paragraph[:MOST_CHARACTERS]):
            found = WORD.findall(sentence)[: MOST_WORDS - count]
            if found and len(sentences) < MOST_SENTENCES:
                sentences.append([look_up(word) for word in found])
                count += len(found)
    words = [word for sentence in sentences for word in sentence]
    hashes = np.array([word.hash for word in words], np.uint32)
    return Fingerprint(
        document=identifier,
        day=day,
        words=count,
        damage=damage,
        address=address,
        version=version,
        key=hashlib.blake2b(hashes.tobytes(), digest_size=12).hexdigest(),
        shingles=_shingles(hashes),
        starts=np.cumsum([0, *map(len, sentences)])[:-1].astype(np.int32),
        vectors=np.round(load_pieces().embed(sentences) * 127).astype(np.int8),
        names=_names(sentences),
        sketch=_rarest(words),
    )


def _shingles(hashes: Hashes) -> Hashes:
    """Hashes of the word 3-grams, one for each word but the last two."""
    if len(hashes) < 3:
        return hashes[:0]
    mixed = hashes[:-2] * _MIX
    mixed = (mixed ^ (mixed >> np.uint32(15)) ^ hashes[1:-1]) * _MIX
    return np.asarray((mixed ^ (mixed >> np.uint32(13)) ^ hashes[2:]) * _MIX, np.uint32)


def _names(sentences: list[list[Word]]) -> Hashes:
    """Names and numbers by their first six letters; a sentence's first word is a name only if it is a number."""
    found = {word.stem for sentence in sentences for word in sentence[1:] if word.name}
    found.update(sentence[0].stem for sentence in sentences if sentence[0].number)
    return np.array(sorted(found), np.uint32)


def _rarest(words: list[Word]) -> Hashes:
    """The rarest words in English; names and numbers go first, as rewording spares them."""
    rarity: dict[int, float] = {}
    for word in words:
        if word.rarity > rarity.get(word.hash, 0.0):
            rarity[word.hash] = word.rarity
    first = heapq.nsmallest(SKETCH, rarity.items(), key=lambda item: (-item[1], item[0]))
    return np.array(sorted(key for key, _ in first), np.uint32)
