"""From the words of a tree to the words of a source and of a content: where they begin, end and are cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from demarche.coding.clauses import is_afterthought, is_indefinite, is_infinitive
from demarche.coding.context import SentenceView
from demarche.coding.quotes import QUOTE_MARKS, Quotations
from demarche.records import Quoted, Span

__all__ = [
    "QUOTED_SHARE", "dateline_end", "is_within", "loose_subject", "phrase_beside", "phrase_of", "pieces_of",
    "quoted_kind", "quoted_only", "quoted_words", "restrict", "source_pieces", "trim_words", "whole_quotes",
    "without_asides", "without_question", "without_terms",
]  # fmt: skip

QUOTED_SHARE = 0.85
NAMELESS = frozenset("anonymity anonymous anonymously named name identified authorised authorized quoted".split())
ASKED = frozenset("asked pressed questioned quizzed prodded challenged".split())
SHORTEST_QUOTE = 4
"""Words of a quotation that is taken whole."""

CONTRASTS = frozenset("though although whereas compared however despite".split())
TERMS = frozenset("condition record background".split())


def is_within(view: SentenceView, word: int, span: Span) -> bool:
    return span[0] <= view.tree.starts[word] and view.tree.ends[word] <= span[1]


def phrase_of(view: SentenceView, head: int, *, skip_case: bool = False, after: bool = False) -> list[int]:
    """The noun phrase at `head` without relative clauses, descriptions, reporting clauses and its own preposition.

    after: it stands behind its cue, where a description after the name is the article's.
    """
    out: list[int] = []
    stack = [head]
    while stack:
        at = stack.pop()
        out.append(at)
        for kid in view.children[at]:
            relation, deprel = view.relations[kid], view.tree.deprels[kid]
            if deprel == "acl:relcl" and (
                view.upos(at) == "PROPN" or "," in view.lower[max(0, min(view.subtree(kid)) - 1) : kid]
            ):
                continue
            if relation in ("parataxis", "advcl", "cop", "ccomp", "discourse"):
                continue
            if at == head and relation == "appos" and _is_description(view, head, kid, after):
                continue
            if at == head and _is_condition(view, relation, deprel, kid):
                continue
            if at == head and relation in ("nsubj", "aux"):
                continue
            if at == head and relation == "case" and (skip_case or view.lower[kid] in ("according", "by", "'s", "’s")):
                continue
            if at == head and relation == "acl" and is_infinitive(view, kid):
                continue
            stack.append(kid)
    return sorted(out)


def whole_quotes(view: SentenceView, words: list[int], taken: set[int]) -> list[int]:
    """All of a quotation that the content has part of, as far as it lies outside cue and source; beside a quotation
    before the cue, nothing that follows the cue outside of one."""
    spans = [range(low, high + 1) for low, high in quoted_words(view)]
    spans = [span for span in spans if not taken & set(span) and len(span) >= SHORTEST_QUOTE]
    mine = [span for span in spans if sum(at in span for at in words) * 2 >= len(span)]
    if not mine:
        return words
    found = set(words).union(*mine)
    cue = min(taken)
    ahead = [at for at in found if at < cue]
    if ahead and sum(any(at in span for span in mine) for at in ahead) >= QUOTED_SHARE * len(ahead):
        found = {at for at in found if at < cue or any(at in span for span in spans)}
    return trim_words(view, found)


def without_question(view: SentenceView, words: list[int], cue: int) -> list[int]:
    """*Asked about the vote, she said …*: without the clause that tells what the answer answers."""
    if not words or words[0] > cue:
        return words
    ahead = [at for at in words[:3] if view.lower[at] in ASKED and view.upos(at) == "VERB"]
    if not ahead:
        return words
    question = set(view.subtree(ahead[0]))
    return [at for at in words if at not in question or at > cue]


def without_terms(view: SentenceView, words: Sequence[int]) -> list[int]:
    """Without *on condition of anonymity*, *on the record*: terms on which somebody speaks, no part of what is said."""
    inside = set(words)
    for at in words:
        terms = view.lower[at] in TERMS and any(view.lower[kid] in ("on", "under") for kid in view.kids(at, "case"))
        if terms and at in inside and not is_quoted(view, at):
            below = set(view.subtree(at))
            if view.lower[at] != "condition" or any(view.lower[kid] in NAMELESS for kid in below):
                inside -= below
    return sorted(inside)


def without_asides(view: SentenceView, words: Sequence[int]) -> list[int]:
    """The words on whose truth the speaker stands: a relative clause between commas is the article's own voice."""
    kept = set(words)
    for at in words:
        if view.tree.deprels[at] == "acl:relcl" and at in kept and not is_quoted(view, at):
            below = view.subtree(at)
            first = next((word for word in below if view.upos(word) != "PUNCT"), below[0])
            after = view.lower[below[-1] + 1 : below[-1] + 2]
            if first > 0 and view.lower[first - 1] == "," and (after == (",",) or view.lower[below[-1]] == ","):
                kept -= set(below)
    return sorted(kept) or list(words)


def quoted_only(view: SentenceView, words: list[int], cue: int) -> list[int]:
    """Of a content that is a quotation the words inside it: what follows its closing mark is the article's."""
    spans = [span for span in quoted_words(view) if not span[0] <= cue <= span[1]]
    if not words or not any(low == words[0] for low, _ in spans):
        return words
    inside = [at for at in words if any(low <= at <= high for low, high in spans)]
    last = max(high for _, high in spans)
    tail = [at for at in words if at > last]
    closed = view.lower[last] in (",", ".", "?", "!")
    return inside if closed and tail and len(inside) * 2 > len(words) else words


def _is_description(view: SentenceView, head: int, kid: int, after: bool) -> bool:
    """*Ana Ruiz, a trade lawyer*, *one of the officials, a Gulf diplomat*: what the article adds about its source."""
    if view.upos(kid) == "PROPN" and view.upos(head) != "PROPN":
        return False
    bare = not view.kids(kid, "det", "nmod:poss") and view.upos(kid) == "NOUN"
    return is_indefinite(view, kid) or bare or (after and view.upos(head) == "PROPN" and view.upos(kid) == "NOUN")


def _is_condition(view: SentenceView, relation: str, deprel: str, kid: int) -> bool:
    """*who asked not to be named*, *, speaking on condition of anonymity*."""
    if relation != "acl":
        return False
    words = view.subtree(kid)
    if deprel != "acl:relcl" and words[0] > 0 and view.lower[words[0] - 1] == ",":
        return True
    lower = {view.lower[at] for at in words}
    return bool(lower & NAMELESS) and bool(lower & {"not", "n't", "anonymity", "anonymous", "anonymously"})


def restrict(view: SentenceView, words: Iterable[int]) -> list[int]:
    """Without relative clauses and clausal appositions after a comma: they are the article's own voice."""
    inside = set(words)
    for at in sorted(inside):
        relative = view.tree.deprels[at] in ("acl:relcl", "advcl:relcl")
        if at in inside and is_afterthought(view, at) and not is_quoted(view, at):
            inside -= {below for below in view.subtree(at) if below >= at - 6}
        if at in inside and view.relations[at] in ("advcl", "obl", "parataxis") and not is_quoted(view, at):
            inside -= contrast_words(view, at, max(inside))
        if (relative or view.relations[at] == "appos") and at in inside and not is_quoted(view, at):
            below = view.subtree(at)
            first = next((word for word in below if view.upos(word) != "PUNCT"), below[0])
            clausal = relative or view.kids(at, "acl")
            if clausal and first > 1 and view.lower[first - 1] == "," and below[-1] >= max(inside) - 2:
                inside -= set(below)
    return sorted(inside)


def contrast_words(view: SentenceView, word: int, last: int) -> set[int]:
    """*, though …*, *, compared with …* to the end: what the article sets beside what somebody says."""
    below = view.subtree(word)
    first = next((at for at in below if view.upos(at) != "PUNCT"), below[0])
    ends = below[-1] >= last - 1 and first > 1 and view.lower[first - 1] in (",", "—", "–", "--")
    return {at for at in below if at >= first} if ends and view.lower[first] in CONTRASTS else set()


def phrase_beside(view: SentenceView, word: int) -> tuple[int | None, list[int]]:
    """A noun phrase between a comma and the cue, whatever the parser hung it on."""
    last = word - 2 if word > 1 and view.lower[word - 1] == "," else word - 1
    best: int | None = None
    for at in range(max(0, last - 12), last + 1):
        if view.upos(at) not in ("NOUN", "PROPN", "PRON"):
            continue
        words = phrase_of(view, at)
        if words[-1] == last and words[0] > 0 and view.lower[words[0] - 1] in (",", '"', "”", "-", "—"):
            if best is None or len(words) > len(phrase_of(view, best)):
                best = at
    return (best, phrase_of(view, best)) if best is not None else (None, [])


def loose_subject(view: SentenceView, word: int) -> tuple[int | None, list[int]]:
    """A speaker whom the parser hung elsewhere: *people briefed on the talks said*, *said a diplomat, who …*."""
    for kid in view.kids(word, "advcl"):
        named = view.kids(kid, "nsubj")
        if named and kid < word and not view.kids(kid, "mark", "aux", "cop"):
            return named[0], [at for at in view.subtree(kid) if named[0] - 8 < at < word]
    if word + 2 < len(view) and view.lower[word - 1] in (",", '"', "”", "''", "?", "!"):
        last = word + 1
        while (
            last < len(view) and last - word < 14 and view.upos(last) in ("DET", "ADJ", "NOUN", "PROPN", "NUM", "ADP")
        ):
            last += 1
        heads = [at for at in range(word + 1, last) if view.upos(at) in ("NOUN", "PROPN")]
        heads = [at for at in heads if not word < view.head(at) < last]
        ends = last == len(view) or view.lower[last] in (",", ".", "who", '"', "“", ":")
        if heads and ends and view.upos(word + 1) != "ADP":
            return heads[0], list(range(word + 1, last))
    return None, []


def is_quoted(view: SentenceView, word: int) -> bool:
    return any(low <= word <= high for low, high in quoted_words(view))


def dateline_end(view: SentenceView) -> int:
    """Index after a place line (*LIMA, May 3 - …*, *17:15 - …*) at the start of the sentence, 0 when there is none."""
    for at in range(1, min(9, len(view))):
        if view.tree.forms[at] in ("-", "–", "—", "--"):
            return at + 1 if view.tree.forms[0].isupper() or view.tree.forms[0][0].isdigit() else 0
    return 0


def quoted_words(view: SentenceView) -> list[tuple[int, int]]:
    """First and last word inside each quotation of the sentence."""
    known: list[tuple[int, int]] | None = view.memo.get(("quoted", 0))
    if known is None:
        known = view.memo["quoted", 0] = _quoted_words(view)
    return known


def _quoted_words(view: SentenceView) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    opened: int | None = None
    for at, form in enumerate(view.tree.forms):
        if (form and form[0] in QUOTE_MARKS) or form in ("``", "''"):
            if opened is None:
                opened = at + 1
            else:
                if at - 1 >= opened:
                    spans.append((opened, at - 1))
                opened = None
    if opened is not None and opened < len(view):
        spans.append((opened, len(view) - 1))
    return spans


def trim_words(view: SentenceView, words: Iterable[int]) -> list[int]:
    """Without punctuation, *that* and conjunctions at the ends."""
    found = sorted(set(words))
    while found and (
        view.upos(found[0]) == "PUNCT"
        or view.tree.forms[found[0]][:1] in QUOTE_MARKS
        or (view.lower[found[0]] in ("that", "whether") and view.relations[found[0]] == "mark")
        or (view.relations[found[0]] == "cc" and len(found) > 1)
    ):
        found = found[1:]
    while found and (view.upos(found[-1]) == "PUNCT" or view.tree.forms[found[-1]][:1] in QUOTE_MARKS):
        found = found[:-1]
    return found


def pieces_of(view: SentenceView, words: Sequence[int]) -> tuple[Span, ...]:
    """Runs of words, punctuation inside bridged; pieces of punctuation alone are dropped."""
    runs: list[list[int]] = []
    for at in words:
        if runs and all(view.upos(gap) == "PUNCT" for gap in range(runs[-1][-1] + 1, at)):
            runs[-1].append(at)
        else:
            runs.append([at])
    trimmed = [trim_words(view, run) for run in runs]
    return tuple(view.span(run) for run in trimmed if run)


def source_pieces(view: SentenceView, words: Sequence[int]) -> tuple[Span, ...]:
    """As `_pieces`, a relative pronoun at the end apart from who is meant."""
    if len(words) > 1 and view.lower[words[-1]] in ("who", "which", "that") and view.upos(words[-1]) == "PRON":
        return (*pieces_of(view, words[:-1]), view.span(words[-1:]))
    return pieces_of(view, words)


def quoted_kind(view: SentenceView, words: Sequence[int], quotations: Quotations) -> Quoted:
    letters = [at for at in words if view.upos(at) != "PUNCT"]
    inside = sum(quotations.around(view.tree.starts[at]) is not None for at in letters)
    if letters and inside >= 0.9 * len(letters):
        return Quoted.DIRECT
    return Quoted.MIXED if inside >= 2 else Quoted.INDIRECT
