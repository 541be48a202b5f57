"""From a draft to an article: canonical text, roles, language, damage, ids."""

from __future__ import annotations

import hashlib
import re

from demarche.errors import InputError
from demarche.ingest.clean import clean_text
from demarche.ingest.damage import Wording, judge_wording
from demarche.ingest.dateline import Dateline, day_above_story, read_dateline
from demarche.ingest.draft import Draft, Found
from demarche.ingest.language import detect_language, foreign_note, foreign_paragraphs, mostly_english
from demarche.ingest.options import ReadOptions
from demarche.ingest.roles import Line, assign_roles, split_lines
from demarche.records import Article, CopyKind, Document, Paragraph, Role, stable_id

__all__ = ["build_article"]

JOINT = "\n\n"
"""Stands between two paragraphs of `Document.text`."""

_STORY = frozenset({Role.BODY, Role.QUOTE, Role.STANDFIRST, Role.TITLE, Role.CAPTION})


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _lines(draft: Draft) -> list[Line]:
    """Cleaned lines of the draft, the title and standfirst of the metadata above them where they are missing."""
    lines: list[Line] = []
    for block in draft.blocks:
        if draft.flat and block.role is None:
            lines += split_lines(block.text)
        elif text := clean_text(block.text):
            lines.append(Line(text=text, role=block.role))
    head = []
    if draft.title and _key(draft.title) not in {_key(line.text) for line in lines[:8]}:
        head.append(Line(text=clean_text(draft.title), role=Role.TITLE))
    if draft.standfirst and _key(draft.standfirst) not in {_key(line.text) for line in lines}:
        head.append(Line(text=clean_text(draft.standfirst), role=Role.STANDFIRST))
    return [*head, *lines]


def _layout(lines: list[Line]) -> tuple[str, tuple[Paragraph, ...]]:
    at = 0
    paragraphs = []
    for line in lines:
        paragraphs.append(Paragraph(start=at, end=at + len(line.text), role=line.role or Role.BODY, repeat=line.repeat))
        at += len(line.text) + len(JOINT)
    return JOINT.join(line.text for line in lines), tuple(paragraphs)


def _language(lines: list[Line], draft: Draft, options: ReadOptions) -> tuple[str | None, list[str]]:
    story = [line.text for line in lines if line.role in _STORY]
    language = detect_language(" ".join(story[1:4] if len(story) > 3 else story), declared=draft.language)
    if language != "en" and mostly_english(story):
        language = "en"  # a few foreign lines at the top, quotations mostly
    warnings = []
    if language is not None and language not in options.languages:
        warnings.append(f"language not supported yet: {language}")
    elif language is not None:
        foreign = foreign_paragraphs([line.text for line in lines], language)
        if foreign:
            warnings.append(foreign_note(foreign))
    return language, warnings


def _title(lines: list[Line], draft: Draft) -> str | None:
    if draft.title:
        return clean_text(draft.title) or None
    return next((line.text for line in lines if line.role is Role.TITLE), None)


def build_article(draft: Draft, options: ReadOptions) -> Article:
    """The article of a draft.

    Raises:
        InputError: E108 when no line of story is left.
    """
    lines = assign_roles(_lines(draft), title=draft.title, flat=draft.flat)
    story = [line for line in lines if line.role in _STORY]
    if not story:
        raise InputError("E108", "no article text found", where=draft.origin.source)
    text, paragraphs = _layout(lines)
    language, warnings = _language(lines, draft, options)
    wording = judge_wording([line.text for line in story]) if language == "en" else Wording(damage=0.0, notes=())
    dateline = _dateline(lines)
    published, note = _published(draft, options, lines, dateline)
    sha256 = hashlib.sha256(draft.data).hexdigest()
    identity = draft.url or draft.origin.url or draft.external_id or draft.origin.name
    document = Document(
        id=stable_id("d", sha256, identity),
        external_id=draft.external_id,
        url=draft.url or draft.origin.url,
        title=_title(lines, draft),
        authors=draft.authors,
        publisher=draft.publisher,
        published=published,
        retrieved=draft.origin.retrieved,
        language=language,
        text=text,
        sha256=sha256,
        source=draft.origin.source,
        words=text.count(" ") + len(lines),  # clean lines hold single spaces
        damage=wording.damage,
        warnings=(*draft.warnings, *note, *_notes(draft, dateline), *wording.notes, *warnings),
        cluster=None,
        copy=CopyKind.ORIGINAL,
    )
    return Article(document=document, paragraphs=paragraphs)


def _dateline(lines: list[Line]) -> Dateline | None:
    """The dateline of the story: at the start of one of its first three paragraphs."""
    body = [line.text for line in lines if line.role in {Role.BODY, Role.STANDFIRST}]
    return next((found for text in body[:3] if (found := read_dateline(text))), None)


def _published(
    draft: Draft, options: ReadOptions, lines: list[Line], dateline: Dateline | None
) -> tuple[str | None, list[str]]:
    """The date and, unless a field gave it, a note on where it stood and how sure that is."""
    found = draft.published
    if found is not None and found.source == "field":
        return found.date, []
    if found is None and options.date is None:
        found = _told_date(lines, dateline)
    if found is not None:
        return found.date, [f"date from {found.source} (confidence {found.confidence:.2f})"]
    return (options.date, ["date given by --date"]) if options.date is not None else (None, [])


def _told_date(lines: list[Line], dateline: Dateline | None) -> Found | None:
    """A full date in the dateline, or in a byline or dateline above the second paragraph of the story."""
    if dateline is not None and dateline.day is not None:
        return Found(date=dateline.day.isoformat(), source="dateline", confidence=0.9)
    story = [i for i, line in enumerate(lines) if line.role in {Role.BODY, Role.QUOTE}]
    above = lines[: story[1]] if len(story) > 1 else lines[:6]
    days = [day for line in above if line.role in _DATING and (day := day_above_story(line.text))]
    if not days or len(set(days)) > 1:
        return None
    return Found(date=days[0].isoformat(), source="line above the story", confidence=0.8)


_DATING = frozenset({Role.DATELINE, Role.BYLINE, Role.NAVIGATION})


def _notes(draft: Draft, dateline: Dateline | None) -> list[str]:
    """What the source says beside the fields of a document."""
    return [
        *([f"changed {draft.changed}"] if draft.changed else []),
        *([f"section: {draft.section}"] if draft.section else []),
        *([f"dateline: {dateline}"] if dateline else []),
    ]
