"""How a row stands and on whose word, read from the words above it: CODEBOOK's order of decision over the tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from demarche.coding.context import DocContext, SentenceView
from demarche.coding.events import Draft
from demarche.coding.implicit import side_of
from demarche.coding.roles import Cast
from demarche.coding.rules import Lexicon
from demarche.records import Certainty, EventType, Polarity, Status

__all__ = ["Outlook", "read_outlook"]

NEGATIVE = frozenset({"not", "n't", "never", "no", "nobody", "none", "neither", "nor", "nothing", "hardly", "few"})
FUTURE = frozenset({"will", "'ll", "shall", "wo", "would", "'d"})
MAYBE = frozenset({"may", "might", "could", "can"})
OUGHT = frozenset({"must", "should", "ought"})
IF = frozenset({"if", "unless", "until", "once", "should", "provided", "assuming", "lest"})
PROBABLE = frozenset({"likely", "probably", "believed", "apparently", "reportedly"})
CONTENT = {
    EventType.REQUEST: Status.REQUESTED,
    EventType.AGREE: Status.PROMISED,
    EventType.THREATEN: Status.THREATENED,
    EventType.REJECT: Status.NEGATED,
    EventType.CONCEDE: Status.PLANNED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """status, polarity, certainty, and the holders' ids, outermost first."""

    status: Status
    polarity: Polarity
    certainty: Certainty
    holders: tuple[str, ...]


def read_outlook(draft: Draft, cast: Cast, lexicon: Lexicon, running: tuple[str, ...]) -> Outlook:
    """Status and holders of a draft. running: holders of a quotation that runs on from the sentence before."""
    reader = Reader(draft=draft, cast=cast, lexicon=lexicon)
    holders = reader.holders(running)
    status, negative = reader.status(holders)
    certainty = Certainty.CERTAIN
    if status in (Status.POSSIBLE, Status.PREDICTED):
        certainty = Certainty.POSSIBLE if status is Status.POSSIBLE else Certainty.PROBABLE
    polarity = Polarity.NEGATIVE if negative or status in (Status.NEGATED, Status.DENIED) else Polarity.POSITIVE
    return Outlook(status=status, polarity=polarity, certainty=certainty, holders=holders)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads the operators over one trigger."""

    draft: Draft
    cast: Cast
    lexicon: Lexicon

    def status(self, holders: tuple[str, ...]) -> tuple[Status, bool]:
        """The first status of CODEBOOK's order that an operator gives; and whether the row is negative."""
        found, negative = self._operators(holders)
        parent = self.draft.parent
        if parent is not None and parent.type in CONTENT and not found & {Status.DENIED}:
            found.add(CONTENT[parent.type])
        for status in (
            Status.DENIED, Status.NEGATED, Status.THREATENED, Status.PROMISED, Status.REQUESTED, Status.CONDITIONAL,
            Status.PREDICTED, Status.PLANNED, Status.POSSIBLE,
        ):  # fmt: skip
            if status in found:
                return status, negative
        return Status.ACTUAL, negative

    def _operators(self, holders: tuple[str, ...]) -> tuple[set[Status], bool]:
        view, at = self.draft.view, self.draft.word
        found: set[Status] = set()
        negative = False
        stop = self.draft.parent.word if self.draft.parent is not None else -1
        inside = True
        while at >= 0 and at != stop:
            if inside:
                negative |= self._read_helpers(view, at, found, holders)
            relation = view.relations[at]
            above = view.head(at)
            mark = view.kid(at, "mark")
            if relation == "advcl" and mark is not None and view.lower[mark] in IF:
                found.add(Status.CONDITIONAL)
            if above < 0 or view.tree.deprels[at] in ("acl:relcl", "parataxis") or relation == "appos":
                break
            if relation in ("nsubj", "csubj") or (
                relation == "advcl" and mark is not None and view.lower[mark] not in ("to", "of", "for", "from")
            ):
                inside = view.tree.deprels[at] == "nsubj:pass" or view.lower[above] in SCHEDULED
                if not inside:
                    break
            self._read_governor(view, at, above, found)
            if self._is_saying(view, above) and relation in ("ccomp", "parataxis"):
                inside = False
            at = above
        return found, negative

    def _read_helpers(self, view: SentenceView, at: int, found: set[Status], holders: tuple[str, ...]) -> bool:
        negative = False
        for kid in view.children[at]:
            word, relation = view.lower[kid], view.relations[kid]
            if relation in ("advmod", "det", "cc", "aux") and word in NEGATIVE:
                negative = True
            elif relation == "nsubj" and (
                word in NEGATIVE or any(view.lower[d] in ("no", "few") for d in view.kids(kid, "det", "amod"))
            ):
                negative = True
            elif relation == "obj" and any(view.lower[d] == "no" for d in view.kids(kid, "det")):
                negative = True
            elif relation == "mark" and word == "without":
                negative = True
            elif relation == "aux":
                self._read_modal(view, at, word, found, holders)
            elif relation == "advmod" and word in ("perhaps", "maybe", "possibly"):
                found.add(Status.POSSIBLE)
            elif relation == "advcl" and (mark := view.kid(kid, "mark")) is not None and view.lower[mark] in IF:
                if any(view.lower[aux] in FUTURE | MAYBE for aux in view.kids(at, "aux")):
                    found.add(Status.CONDITIONAL)
        if negative:
            found.add(Status.NEGATED)
        return negative

    def _read_modal(self, view: SentenceView, at: int, word: str, found: set[Status], holders: tuple[str, ...]) -> None:
        if word in FUTURE:
            own = not holders or self._same_side(holders[-1:])
            found.add(Status.PLANNED if own else Status.PREDICTED)
        elif word in MAYBE:
            found.add(Status.POSSIBLE)
        elif word in OUGHT:
            found.add(Status.REQUESTED)

    def _read_governor(self, view: SentenceView, at: int, above: int, found: set[Status]) -> None:
        word, relation = view.lower[above], view.relations[at]
        classes = self.lexicon.classes
        if relation not in ("xcomp", "ccomp", "acl", "advcl", "obj", "nsubj", "obl", "nmod"):
            return
        clause = relation in ("xcomp", "ccomp", "acl", "advcl")
        if word in classes["verb_deny"]:
            found.add(Status.DENIED)
        elif word in classes["verb_refusing"] and clause and self.draft.type is not EventType.REJECT:
            found.add(Status.NEGATED)
        elif word in classes["verb_expecting"]:
            found.add(Status.PREDICTED)
        elif word in classes["verb_planning"] or word in PLANNED_NOUNS or word in ("going", "about"):
            found.add(Status.PLANNED)
        elif word in classes["verb_trying"] and (clause or relation == "obj"):
            found.add(Status.POSSIBLE)
        elif word in ("have", "has", "had") and any(view.lower[kid] == "yet" for kid in view.children[above]):
            found.add(Status.NEGATED)
        elif clause and word in ("is", "are", "was", "were", "be") and relation == "xcomp":
            found.add(Status.PLANNED)

    def _same_side(self, holders: tuple[str, ...]) -> bool:
        sides = {side_of(self.cast, actor) for actor in holders}
        mine = {side_of(self.cast, actor) for actor in self.draft.sources}
        return bool(sides & mine - {None}) or not mine - {None}

    def _is_saying(self, view: SentenceView, word: int) -> bool:
        return view.lower[word] in self.lexicon.classes["verb_saying"] and view.upos(word) in ("VERB", "NOUN")

    def holders(self, running: tuple[str, ...]) -> tuple[str, ...]:
        """Speakers of the contents around the trigger, outermost first."""
        chain: list[str] = []
        for speakers in self._speakers():
            chain.extend(speaker for speaker in speakers[:1] if speaker not in chain)
        chain.reverse()
        return tuple(chain) or (running if self._is_quoted() else ())

    def _speakers(self) -> Iterator[tuple[str, ...]]:
        """From the inside out."""
        view, at, draft = self.draft.view, self.draft.word, self.draft
        parent = draft.parent
        if parent is not None and parent.type is not EventType.SUPPORT:
            if parent.sources:
                yield parent.sources
            yield from Reader(draft=parent, cast=self.cast, lexicon=self.lexicon)._speakers()
            return
        while at >= 0:
            relation, above = view.relations[at], view.head(at)
            for kid in view.kids(at, "parataxis"):
                if self._is_saying(view, kid) and view.kids(kid, "nsubj"):
                    yield self._who(view, kid)
            for kid in view.kids(at, "obl"):
                if any(view.lower[case] == "according" for case in view.kids(kid, "case")):
                    yield self.cast.find(view, [kid]) or self._anonymous(view, kid)
            if above < 0:
                return
            if relation in ("ccomp", "parataxis", "xcomp", "acl", "obj", "advcl", "conj") and above != draft.word:
                word = view.lower[above]
                if relation == "ccomp" and self._is_saying(view, above):
                    yield self._who(view, above)
                elif word in self.lexicon.classes["verb_deny"] and relation in ("ccomp", "xcomp", "obj", "advcl"):
                    yield self._who(view, above)
                elif relation in ("xcomp",) and word in (
                    "plan",
                    "plans",
                    "planned",
                    "planning",
                    "intend",
                    "intends",
                    "hope",
                    "hopes",
                ):
                    yield self._who(view, above)
            if view.tree.deprels[at] == "acl:relcl" and relation == "acl" and not _inside_quote(view, at):
                pass
            at = above

    def _who(self, view: SentenceView, verb: int) -> tuple[str, ...]:
        from demarche.coding.predicates import read_verb

        words = read_verb(view, verb).get("subj")
        found = self.cast.find(view, words)
        if found:
            return found
        return self._anonymous(view, words[0]) if words else ()

    def _anonymous(self, view: SentenceView, word: int) -> tuple[str, ...]:
        return (self.cast.unnamed(view, word),) if self.cast.is_human(view, word) else ()

    def _is_quoted(self) -> bool:
        view, draft = self.draft.view, self.draft
        return _inside_quote(view, draft.word)


def _inside_quote(view: SentenceView, word: int) -> bool:
    opened = False
    for at in range(word):
        form = view.tree.forms[at]
        if form in ('"', "“", "”", "``", "''"):
            opened = form in ("“", "``") or (form == '"' and not opened)
    return opened


def quoted_holders(context: DocContext, cast: Cast, lexicon: Lexicon) -> list[tuple[str, ...]]:
    """For each sentence the speaker of a quotation that runs into it, if any."""
    running: list[tuple[str, ...]] = []
    last: tuple[str, ...] = ()
    depth = 0
    for view in context.views:
        running.append(last if depth else ())
        speaker = _sentence_speaker(view, cast, lexicon)
        last = speaker or last
        for form in view.tree.forms:
            if form == '"':
                depth = 1 - depth
            elif form == "“":
                depth = 1
            elif form == "”":
                depth = 0
    return running


def _sentence_speaker(view: SentenceView, cast: Cast, lexicon: Lexicon) -> tuple[str, ...]:
    for word, form in enumerate(view.lower):
        if form in lexicon.classes["verb_saying"] and view.upos(word) == "VERB" and view.kids(word, "nsubj"):
            if found := cast.find(view, view.kids(word, "nsubj")):
                return found[:1]
    return ()


SCHEDULED = frozenset("planned scheduled set due expected held denied refused".split())
PLANNED_NOUNS = frozenset("plan plans decision decisions intention preparations due".split())
