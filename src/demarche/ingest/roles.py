"""Roles of the lines of a flat text: what is story, and what the page put around it.

Rules say what words alone can say (`resources/ingest/roles.toml`); the place on the page says the rest: repeats of the
title, captions beside credits, slides around a counter, names that a link split off their paragraph. No line is
dropped: each keeps a role, and pieces of one paragraph are joined.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from demarche.ingest.classifier import caption_score
from demarche.ingest.clean import clean_text, ends_sentence
from demarche.ingest.line_model import strange_lines
from demarche.ingest.rules import match_rule
from demarche.records import Role

__all__ = ["Line", "assign_roles", "split_lines"]

_CREDIT_INSIDE = re.compile(
    r"\(?\b(photo(graph)?s?|picture|image|photo illustration|photo illustrations?|credit|video|illustration|file photo)"
    r"( (credit|by|courtesy( of)?))?\s*[:/]\s*[^.!?]{3,80}[).]*$"
    r"|\((file|handout|present|photo|pool|ap|reuters|afp|photograph|getty|picture|courtesy|provided)\b[^)]{0,100}\)\.?$"
    r"|[/|]\s*(AP|AFP|Reuters|Getty( Images)?|Associated Press|EPA|Pool)\)?\.?$",
    re.I,
)
_DATED = re.compile(
    r"\b(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(January|February|March|April|May|June|July|August|September|October|"
    r"November|December)\b|\b(said|told|reported|announced|yesterday|today)\b"
)
_SENTENCE_BREAK = re.compile(r"""[a-z\d)]{2}[.!?]["”’']?\s+["“‘']?[A-Z]""")
_DATELINE_HEAD = re.compile(
    r"^(?:[A-Z][A-Z.'’-]+(?:[ /][A-Z.'’-]+){0,3})(?:,[^.–—-]{1,40}?)?\s*(?:\([^)]{1,40}\)\s*)?(?:--|[-–—])\s"
)
_NO_LETTER = re.compile(r"[\W_]+")
_MARKS = bytes(code for code in range(128) if not chr(code).isalnum())
_STOP = frozenset(
    "a an the of in on to for and or as at by with from over after its it is are be has have that".split()
)
_JUNK = frozenset({Role.PROMPT, Role.COUNTER, Role.ADVERT, Role.COPYRIGHT, Role.FORM, Role.NAVIGATION, Role.RELATED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A paragraph with its role (None: still open); repeat: the same words stood above.

    tight: stood directly under its neighbour in a text whose paragraphs have blank lines between them.
    """

    text: str
    role: Role | None = None
    repeat: bool = False
    tight: bool = False

    def called(self, role: Role) -> Line:
        """This line with a role (`replace` costs five times as much, and most lines of most articles get one)."""
        return Line(text=self.text, role=role, repeat=self.repeat, tight=self.tight)

    @property
    def words(self) -> int:
        return self.text.count(" ") + 1

    @property
    def ended(self) -> bool:
        """Ends as a sentence does."""
        return ends_sentence(self.text)


def split_lines(text: str) -> list[Line]:
    """Paragraphs of a plain text: lines, or blocks between blank lines where the text is wrapped."""
    lines = text.split("\n")
    full = [len(line) for line in lines if line and not line.isspace()]
    if not full:
        return []
    widest = max(full)
    gaps = len(re.findall(r"\n[ \t]*\n", text))
    long = sum(length > 0.75 * widest for length in full)
    if 40 <= widest <= 100 and len(full) > 4 and long * 2 > len(full) and len(full) > 1.7 * gaps:
        blocks = re.split(r"\n\s*\n", text)
        return [Line(text=clean) for block in blocks if (clean := clean_text(block))]
    spaced = gaps * 2 >= len(full)
    found = []
    blank = True
    for line in lines:
        if clean := clean_text(line):
            found.append(Line(text=clean, tight=spaced and not blank))
        blank = not line.strip()
    return found


def _key(text: str) -> str:
    folded = text.casefold()
    letters = folded.encode("utf-8", "surrogatepass").translate(None, _MARKS)  # far cheaper than a pattern
    return letters.decode("ascii") if text.isascii() else _NO_LETTER.sub("", letters.decode("utf-8", "surrogatepass"))


def _content(text: str) -> set[str]:
    return {word for word in re.findall(r"\w{2,}", text.casefold()) if word not in _STOP}


def _same_story(title: str, line: str) -> bool:
    """A second headline for the first one: half of the content words shared, or a prefix cut off with dots."""
    left, right = _content(title), _content(line.rstrip(".… "))
    return bool(left and right) and len(left & right) * 2 >= min(len(left), len(right)) and len(left & right) >= 2


def assign_roles(lines: Sequence[Line], *, title: str | None = None, flat: bool = True) -> list[Line]:
    """Lines of one page (cleaned, not empty) with their roles; split paragraphs joined.

    title: known from elsewhere; else the first line that can be one is it. flat False: the lines come from markup,
    where paragraphs are whole and a first line is no title by itself.
    """
    lines = [line if line.role or (role := _by_rule(line.text)) is None else line.called(role) for line in lines]
    lines = _mark_title(lines, title, flat=flat)
    lines = _mark_credits_and_captions(lines)
    lines = _mark_slides(lines)
    lines = _mark_tail(lines)
    if flat:
        lines = _mark_strange(_join_split(lines))
    lines = _mark_standfirst(lines)
    lines = [line if line.role else line.called(Role.BODY) for line in lines]
    return _mark_repeats(lines)


def _mark_strange(lines: list[Line]) -> list[Line]:
    """Lines that no rule knew and that the line classifier holds for the page's: teasers, menus."""
    strange = strange_lines([line.text for line in lines], [line.role for line in lines])
    return [line.called(strange[i]) if i in strange else line for i, line in enumerate(lines)]


def _by_rule(text: str) -> Role | None:
    rule = match_rule(text)
    return rule.role if rule else None


def _can_be_title(line: Line) -> bool:
    return line.role is None and line.words <= 30 and not re.search(r"[a-z\d][.;:,]$", line.text) and len(line.text) > 8


def _first_open(lines: list[Line]) -> int | None:
    return next((i for i, line in enumerate(lines) if line.role is None), None)


def _mark_title(lines: list[Line], title: str | None, *, flat: bool) -> list[Line]:
    """The title and, above the story, what says it again (other case, reworded, cut)."""
    lines = list(lines)
    key = _key(title) if title else ""
    first = _first_open(lines)
    if not key and flat and first is not None and first < 6 and len(lines) > 1 and _can_be_title(lines[first]):
        title, key = lines[first].text, _key(lines[first].text)
    if not key or title is None:
        return lines
    story = next(
        (i for i, line in enumerate(lines) if line.role is None and line.words > 14 and line.ended), len(lines)
    )
    for i, line in enumerate(lines):
        if i >= story and line.words > 45:
            continue
        if line.text[0].isalnum() and line.text[0].casefold()[0] != key[0]:
            own = ""  # a key is dear, and this one differs in its first letter
        else:
            own = _key(line.text)
        same = own == key or (len(own) > 20 and (key.startswith(own) or own.startswith(key)) and line.words <= 40)
        above = flat and i < story and line.words >= 4 and not line.ended and _same_story(title, line.text)
        cut = i < story and line.text.endswith(("...", "…")) and len(set(_stems(title)) & set(_stems(line.text))) >= 2
        shout = flat and i < story and 4 <= line.words <= 25 and line.text.isupper() and line.role is None
        if same or ((above or cut or shout) and line.role is None):
            lines[i] = line.called(Role.TITLE)
    return lines if flat else _not_all_title(lines, key)


def _not_all_title(lines: list[Line], key: str) -> list[Line]:
    """A page whose whole story stands in its title (a short note): the longer line is the story."""
    if any(line.role is None for line in lines):
        return lines
    longest = max(range(len(lines)), key=lambda i: (lines[i].words, i))
    if lines[longest].role is Role.TITLE and longest > 0 and (lines[longest].ended or lines[longest].words > 20):
        lines[longest] = lines[longest].called(Role.BODY)
    return lines


def _stems(text: str) -> list[str]:
    return [word[:4] for word in re.findall(r"\w{4,}", text.casefold())]


def _mark_credits_and_captions(lines: list[Line]) -> list[Line]:
    """Captions: a line that ends in a credit, the line above a credit, a line that reads like one beside a picture."""
    lines = list(lines)
    for i, line in enumerate(lines):
        if line.role is not None:
            continue
        if line.words > 90:
            continue
        tail = line.text[-140:]
        credited = line.text[-1] not in '"”’?!' and (":" in tail or "/" in tail or "|" in tail or ")" in tail)
        if credited and _CREDIT_INSIDE.search(tail):
            lines[i] = line.called(Role.CAPTION)
            continue
        below = lines[i + 1].role if i + 1 < len(lines) else None
        above = lines[i - 1].role if i else None
        beside = below is Role.CREDIT or (above is Role.COUNTER and not _DATELINE_HEAD.match(line.text))
        if line.words <= 70 and caption_score(line.text, beside=beside) > 0.5:
            lines[i] = line.called(Role.CAPTION)
    return lines


def _mark_slides(lines: list[Line]) -> list[Line]:
    """A slide show told by its counter: unended short lines between story and captions above the counter."""
    lines = list(lines)
    for i, line in enumerate(lines):
        if line.role is not Role.COUNTER:
            continue
        k = i - 1
        while k >= 0 and lines[k].role in {Role.CREDIT, Role.CAPTION}:
            k -= 1
        if k == i - 1:
            continue
        while k > 0 and lines[k].role is None and not lines[k].ended and lines[k].words <= 30:
            lines[k] = lines[k].called(Role.CAPTION)
            k -= 1
    return lines


def _mark_tail(lines: list[Line]) -> list[Line]:
    """Below a copyright notice or a form there is no story, only more form; short leftovers take the role above."""
    lines = list(lines)
    last = max((i for i, line in enumerate(lines) if line.role in {Role.COPYRIGHT, Role.FORM}), default=None)
    if last is None:
        return lines
    start = next(i for i, line in enumerate(lines) if line.role in {Role.COPYRIGHT, Role.FORM})
    for i in range(start + 1, len(lines)):
        if lines[i].role is None and lines[i].words <= 8 and not lines[i].ended and i > start:
            lines[i] = lines[i].called(Role.FORM)
    return lines


def _join_split(lines: list[Line]) -> list[Line]:
    """Put paragraphs together again that a linked name (on a line of its own) or a line break cut.

    Guards: the upper part has no end, the lower one starts like a continuation; headings (short, followed by a
    capital) stay apart.
    """
    joined: list[Line] = []
    i = 0
    while i < len(lines):
        line = lines[i]
        if line.role is None:
            while i + 1 < len(lines):
                used = _continuation(line, lines[i + 1 : i + 3])
                if not used:
                    break
                parts = [line.text, *(part.text for part in lines[i + 1 : i + 1 + used])]
                line = replace(line, text=_glue(parts))
                i += used
        joined.append(line)
        i += 1
    return joined


def _glue(parts: list[str]) -> str:
    text = parts[0]
    for part in parts[1:]:
        text = text + part if re.search(r"\w-$", text) and part[:1].isupper() else f"{text} {part}"
    return text


def _continuation(line: Line, following: list[Line]) -> int:
    """How many of the following lines belong to this one: 0, 1 or 2."""
    if line.ended or not following or following[0].role is not None:
        return 0
    below = following[0]
    if below.tight:
        return 1
    if re.match(r"[a-z,;)]|’s\b|'s\b", below.text) and not re.match(r"[a-z]{1,2}[A-Z]", below.text):
        return 1
    after = following[1] if len(following) > 1 else None
    name = below.words <= 6 and not below.ended
    if name and line.words >= 2 and after is not None and after.role is None and re.match(r"[a-z,;)]|’s\b", after.text):
        return 2
    open_end = re.search(r"\b(the|a|an|of|and|president|minister|secretary|general|mr|ms)$", line.text, re.I)
    if (open_end or line.text.endswith(("-", ","))) and line.words >= 4 and below.text[:1].isupper():
        return 1
    if line.words <= 3 and re.match(r"(al|bin|ibn|de|van|von|el|da|di|la)\b", below.text):
        return 1
    return 0


def _mark_standfirst(lines: list[Line]) -> list[Line]:
    """The deck under the title: one undated sentence without speech, above a story whose lead can stand alone."""
    lines = list(lines)
    titles = [i for i, line in enumerate(lines) if line.role is Role.TITLE]
    if not titles or any(line.role is Role.STANDFIRST for line in lines):
        return lines
    i = titles[0] + 1
    while i < len(lines) and lines[i].role in {
        Role.TITLE,
        Role.BYLINE,
        Role.DATELINE,
        *_JUNK,
        Role.CREDIT,
        Role.CAPTION,
    }:
        i += 1
    stories = [k for k in range(i, len(lines)) if lines[k].role is None]
    if len(stories) < 3 or stories[0] != i:
        return lines
    line, lead = lines[i], lines[stories[1]]
    one = not _SENTENCE_BREAK.search(line.text)
    quiet = not re.search(r"""["“”]|^[QA][:.]|:\s""", line.text) and not _DATELINE_HEAD.match(line.text)
    undated = not _DATED.search(line.text)
    dated_lead = bool(_DATED.search(lead.text) or _DATELINE_HEAD.match(lead.text))
    if one and quiet and undated and 5 <= line.words <= 45 and (not line.ended or dated_lead):
        lines[i] = line.called(Role.STANDFIRST)
    return lines


def _mark_repeats(lines: list[Line]) -> list[Line]:
    seen: set[str] = set()
    marked = []
    for line in lines:
        key = _key(line.text)
        repeat = key in seen and len(key) > 12
        if len(key) > 12:
            seen.add(key)
        marked.append(replace(line, repeat=True) if repeat else line)
    return marked
