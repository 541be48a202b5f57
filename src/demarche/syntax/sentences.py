"""Words to sentences by rules for news and damaged news: lost blanks, stops and capitals still leave sentences."""

from __future__ import annotations

from collections.abc import Sequence

from demarche.syntax.lexicon import Lexicon
from demarche.syntax.words import Word

__all__ = ["split_sentences"]

_STOPS = frozenset(".!?。！？")
_CLOSERS = frozenset("\"'”’)]}»") | {"''", "’’"}
_OPENERS = frozenset("\"'“‘([{«") | {"``", "‘‘"}
_BULLETS = frozenset("•●▪■◦‣►*")
_FACES = frozenset((":)", ":-)", ";)", ";-)", ":(", ":-(", ":D", ":P", ":p"))
_LINKS = ("http", "www.")
_FEWEST = 4
"""Words without a capital from which on a text is taken for one written without any."""
_LONGEST = 250
"""Words of a sentence after which a comma ends it, and after twice as many anything: no real sentence is longer."""


def split_sentences(text: str, words: Sequence[Word], lexicon: Lexicon) -> list[tuple[int, int]]:
    """Half-open word ranges, in order, that cover all words."""
    found: list[tuple[int, int]] = []
    first = 0
    i = 0
    small = _without_capitals(text, words)
    depth = 0  # open round brackets: "(He left.)" ends inside, "(see p. 3. It …)" does not
    while i < len(words):
        form = words[i].text
        depth = depth + 1 if form in ("(", "[") else max(0, depth - (form in (")", "]")))
        end = _end_at(text, words, i, first, lexicon, small=small)
        if end is not None:
            found.append((first, end))
            first, i, depth = end, end, 0
            continue
        i += 1
    if first < len(words):
        found.append((first, len(words)))
    return found


def _without_capitals(text: str, words: Sequence[Word]) -> bool:
    """Whether sentences open with small letters: the first does, and after no stop a capital follows (but *I*)."""
    if len(words) <= _FEWEST or not words[0].text[:1].islower():
        return False
    after = [words[i + 1].text for i in range(len(words) - 1) if words[i].text in _STOPS]
    return not any(form[:1].isupper() and form != "I" for form in after)


def _end_at(text: str, words: Sequence[Word], i: int, first: int, lexicon: Lexicon, *, small: bool) -> int | None:
    """The word after the sentence when it ends with word i, closing marks taken along; else None."""
    form = words[i].text
    if i + 1 == len(words):
        return i + 1
    gap = text[words[i].end : words[i + 1].start]
    if "\n" in gap and _line_ends(words, i, first, gap):
        return i + 1
    if words[i + 1].text in _BULLETS and gap and i + 2 < len(words) and words[i + 2].text[:1].isupper():
        return i + 1
    if i - first >= _LONGEST and (form in ",;:" or i - first >= 2 * _LONGEST):
        return i + 1
    if form[-1] in _STOPS or form[0] in "…" or form.startswith(".."):
        return _after_stop(text, words, i, first, lexicon, small=small)
    return None


def _line_ends(words: Sequence[Word], i: int, first: int, gap: str) -> bool:
    """A blank line always ends a sentence; a line break does before a bullet, and after a stop."""
    return gap.count("\n") > 1 or words[i + 1].text in _BULLETS or words[i].text in _STOPS


def _after_stop(text: str, words: Sequence[Word], i: int, first: int, lexicon: Lexicon, *, small: bool) -> int | None:
    if words[i].text == "." and i > first and _only_number(words, first, i):
        return None  # `1. Introduction`
    end = _take_closers(text, words, i)
    if end == len(words):
        return end
    following = words[end]
    gap = text[words[end - 1].end : following.start]
    start = end + 1 if following.text in _OPENERS and end + 1 < len(words) else end
    opener = words[start].text
    form = words[i].text
    if form == "." or form[0] in "!?。！？":
        before = words[i - 1].text if i else ""
        if small and gap and form == "." and opener[:1].islower() and len(before) > 1:
            return end
        return end if _opens(opener, glued=not gap, form=form, before=before) else None
    if form[0] == "…" or form.startswith(".."):
        return end if gap and opener[:1].isupper() and (i > first) and opener not in ("I",) else None
    return end if gap and _ends_abbreviation(words, i, first, opener, lexicon) else None


def _only_number(words: Sequence[Word], first: int, i: int) -> bool:
    """Whether all that stands between is the number of an item or a heading."""
    return i - first == 1 and len(words[first].text) < 6 and words[first].text.replace(".", "").isdigit()


def _take_closers(text: str, words: Sequence[Word], i: int) -> int:
    """Past further stops, quotes and brackets that stand directly behind."""
    end = i + 1
    while end < len(words) and text[words[end - 1].end : words[end].start] == "":
        form = words[end].text
        if form in _STOPS or form[0] in "!?" or (form in _CLOSERS and not _opening_quote(text, words, end)):
            end += 1
        else:
            break
    while (
        end + 2 < len(words) and words[end].text == "[" and words[end + 1].text.isdigit() and words[end + 2].text == "]"
    ):
        end += 3  # a note's number belongs to what it is about
    if end < len(words) and words[end].text in _FACES:
        end += 1
    # a closing curly quote or bracket cut off by a scraper's blank: `left. ”`
    if end < len(words) and words[end].text in ("”", "’’", ")", "]"):
        end += 1
    return end


def _opening_quote(text: str, words: Sequence[Word], at: int) -> bool:
    """`said."He`: a straight quote that touches a letter behind it opens; the blank before it was lost."""
    if words[at].text not in "\"'":
        return False
    touching = at + 1 < len(words) and words[at].end == words[at + 1].start
    return touching and words[at + 1].text[:1].isalpha()


def _opens(opener: str, *, glued: bool, form: str, before: str) -> bool:
    """Whether a sentence may begin with `opener` after a stop."""
    if not opener[:1].isalnum():
        return not glued or opener[:1] in "“‘\"'(•-—–"
    if not glued and opener.startswith(_LINKS):
        return True
    if glued:  # a blank was lost: `said.The`; not `3.5`, `node.js`
        return opener[:1].isupper() and len(opener) + len(before) > 2 and (len(before) > 1 or not before.isalpha())
    if opener[:1].islower():
        return form == "." and len(before) > 2 and before.islower() and not opener.isascii()
    return True


def _ends_abbreviation(words: Sequence[Word], i: int, first: int, opener: str, lexicon: Lexicon) -> bool:
    """Whether a sentence ends with an abbreviation that keeps its stop: only before a word that likes to open one."""
    form = words[i].text.removesuffix(".")
    if form in lexicon.before_name or (len(form) == 1 and form.isalpha()):
        return False
    if form.isdigit() and i == first:
        return False
    return opener in lexicon.openers
