"""According to whom: source, cue and content of every attribution of a document, with nesting (PolNeAR's roles).

Works on the UD trees with the tables of cue words (`cues.toml`): each class of cues says which shapes of content it
takes. Quotations, labels of speakers (*Name: …*) and run-on sentences are read over the whole document. The road is
that of docs/attribution.md; it is linear in the words of a document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from demarche.coding.context import DocContext, SentenceView
from demarche.coding.cues import CueClass, CueTable
from demarche.coding.heads import propose_cues
from demarche.coding.predicates import case_of, coordinated, is_passive, surface_subject
from demarche.coding.quotes import QUOTE_MARKS, Quotations, find_quotations
from demarche.coding.roles import Cast
from demarche.records import Act, Attribution, Paragraph, Quoted, Role, Span

__all__ = ["AttributionDraft", "Voices", "as_rows", "find_attributions", "hear"]

LONGEST_CHAIN = 12
"""Holders that one row can have at most: deeper nesting is cut on the inside."""

QUOTED_SHARE = 0.85

VETO = 0.05
"""A cue of the rules to which the heads give less is dropped."""
SURE = 0.5
"""A cue of the heads that the rules did not find counts from here on."""
DOUBTFUL = frozenset({"expect"})
"""Classes whose cues the heads may drop: passives like *is expected to*."""
LONGEST_HEADLINE = 120
"""Characters of a line without a full stop that is read like a headline, at most."""
LONGEST_REPORT = 30
"""Words of a sentence that only reports the quotation before it, at most."""
LEARNED_TAGS = frozenset({"VERB", "AUX", "NOUN", "ADJ", "ADP", "SCONJ"})
NAMELESS = frozenset("anonymity anonymous anonymously named name identified authorised authorized quoted".split())
ASKED = frozenset("asked pressed questioned quizzed prodded challenged".split())
SHORTEST_QUOTE = 4
"""Words of a quotation that is taken whole."""

CONTRASTS = frozenset("though although whereas compared however despite".split())
TERMS = frozenset("condition record background".split())
FIRST_PERSON = frozenset("i we me us my our".split())
VERBAL = frozenset({"VERB", "AUX"})
SENTENCE_RELATIONS = frozenset({"parataxis", "root", "ccomp", "advcl", "conj", "discourse"})
OUTSIDE = frozenset({"parataxis", "punct", "vocative"})
CONTROL_OBLIQUES = frozenset({"on", "upon", "to", "for", "with"})
FUTURE = frozenset("will 'll wo shall would likely unlikely probably".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributionDraft:
    """An attribution in the making.

    sentence: index of the sentence of its content's first piece. cue_at: sentence and word of the cue, None for a
    colon or dash. words: sentence index → words of the content. source, cue, content: spans in text order. holder:
    actor id or None. holders: all joint holders. effect: what the cue does to the status of its content.
    source_at: sentence and word of the source's head. parent: index of the next outer attribution, or None.
    """

    sentence: int
    cue_at: tuple[int, int] | None
    words: dict[int, frozenset[int]]
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    holder: str | None
    holders: tuple[str, ...]
    anonymous: bool
    act: Act
    effect: str
    quoted: Quoted
    source_at: tuple[int, int] | None = None
    passive: bool = False
    wide: bool = False
    parent: int | None = None

    def holds(self, sentence: int, word: int) -> bool:
        """Whether the word stands in the content."""
        return word in self.words.get(sentence, ())


@dataclass(slots=True, kw_only=True)
class Found:
    """What one cue gives in its sentence, as words."""

    word: int
    cue: list[int]
    source: list[int]
    source_head: int | None
    content: list[int]
    kind: CueClass
    passive: bool = False
    fronted: bool = False


def find_attributions(
    context: DocContext, cast: Cast, table: CueTable, acts: frozenset[tuple[int, int]] = frozenset()
) -> tuple[AttributionDraft, ...]:
    """All attributions of the document in text order of their cues, `parent` set.

    Args:
        acts: sentence and word of typed acts: with a mere noun phrase as content they are rows and no attributions.
    """
    return Finder(context=context, cast=cast, table=table, acts=acts).run()


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """Who speaks over a word. by_sentence: sentence index → attributions whose content has words of it."""

    drafts: tuple[AttributionDraft, ...]
    by_sentence: dict[int, tuple[int, ...]]

    def around(self, sentence: int, word: int) -> tuple[int, ...]:
        """Indexes of the attributions whose contents hold the word, outermost first; never a cycle."""
        here = [
            i
            for i in self.by_sentence.get(sentence, ())
            if self.drafts[i].holds(sentence, word) and self.drafts[i].cue_at != (sentence, word)
        ]
        here.sort(key=lambda i: -sum(map(len, self.drafts[i].words.values())))
        return tuple(here[:LONGEST_CHAIN])


def hear(drafts: Sequence[AttributionDraft]) -> Voices:
    """Index the attributions of a document by sentence."""
    by_sentence: dict[int, list[int]] = {}
    for index, draft in enumerate(drafts):
        for sentence in () if draft.wide else draft.words:
            by_sentence.setdefault(sentence, []).append(index)
    return Voices(drafts=tuple(drafts), by_sentence={key: tuple(value) for key, value in by_sentence.items()})


def as_rows(context: DocContext, drafts: Sequence[AttributionDraft]) -> tuple[Attribution, ...]:
    """The records of the drafts, numbered in their order."""
    stem = context.article.document.id
    return tuple(
        Attribution(
            id=f"{stem}.a{number}",
            sentence=context.views[draft.sentence].sentence.id,
            source=draft.source,
            cue=draft.cue,
            content=draft.content,
            holder=draft.holder,
            anonymous=draft.anonymous,
            act=draft.act,
            parent=f"{stem}.a{draft.parent + 1}" if draft.parent is not None else None,
            quoted=draft.quoted,
        )
        for number, draft in enumerate(drafts, start=1)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Finder:
    """Finds the attributions of one document."""

    context: DocContext
    cast: Cast
    table: CueTable
    acts: frozenset[tuple[int, int]] = frozenset()

    def run(self) -> tuple[AttributionDraft, ...]:
        quotations = find_quotations(self.context.text, self.context.article.paragraphs)
        drafts: list[AttributionDraft] = []
        for view in self.context.views:
            known = self._sentence(view, quotations)
            for found in known:
                drafts.extend(self._draft(view, found, quotations))
            if not known:
                drafts.extend(self._after_quotation(view, quotations))
        drafts.extend(self._labels(quotations))
        drafts.extend(self._announced(drafts))
        drafts.extend(self._run_on(drafts, quotations))
        drafts = [draft for draft in drafts if draft.content and draft.cue]
        drafts.sort(key=lambda draft: (draft.content[0][0], draft.cue[0][0], draft.content[-1][1]))
        drafts = self._with_offices(drafts)
        return _with_speakers(self.context, _with_parents(drafts))

    def _with_offices(self, drafts: list[AttributionDraft]) -> list[AttributionDraft]:
        """*a spokeswoman*, *the ministry*, *its office* after somebody spoke: that speaker's side."""
        found: list[AttributionDraft] = []
        last: tuple[int, tuple[str, ...]] = (-9, ())
        for draft in drafts:
            if draft.holder is None and draft.source_at is not None and not draft.anonymous:
                view, head = self.context.views[draft.source_at[0]], draft.source_at[1]
                owners = self.cast.find(view, view.kids(head, "nmod:poss"))
                if owners:
                    draft = replace(draft, holder=owners[0], holders=owners)
                elif self._is_of_the_last(view, head) and draft.sentence - last[0] <= 2 and last[1]:
                    draft = replace(draft, holder=last[1][0], holders=last[1])
            if draft.holders:
                last = (draft.sentence, draft.holders)
            found.append(draft)
        return found

    def _is_of_the_last(self, view: SentenceView, head: int) -> bool:
        """Whether a bare office (*the ministry*) speaks; *a spokesman, John Kirby* has a name of his own."""
        named = (kid for kid in view.kids(head, "appos", "flat", "compound") if view.upos(kid) == "PROPN")
        return view.lower[head] in self.table.words["offices"] and not any(named)

    # --- one sentence -------------------------------------------------------------------------------------------

    def _sentence(self, view: SentenceView, quotations: Quotations) -> list[Found]:
        found: list[Found] = []
        for word, lemma in enumerate(view.lemmas):
            upos = view.upos(word)
            one: Found | None = None
            if view.lower[word] == "according" or (view.lower[word] == "per" and word and view.lower[word - 1] == "as"):
                one = self._according(view, word)
            elif upos in VERBAL and lemma in self.table.verbs and view.relations[word] not in ("amod", "aux", "case"):
                one = self._verb(view, word, self.table.verbs[lemma])
            elif upos == "VERB" and self._tells(view, word):
                one = self._verb(view, word, self._unlisted)
            elif upos == "NOUN" and lemma in self.table.nouns:
                one = self._noun(view, word, self.table.nouns[lemma])
            elif upos in ("ADJ", "VERB") and view.lower[word] in self.table.adjectives:
                one = self._adjective(view, word, self.table.adjectives[view.lower[word]])
            if one is not None and one.content:
                found.append(one)
        return self._with_learned(view, found)

    def _any_frame(self, kind: CueClass) -> tuple[CueClass, ...]:
        """The class with the frames of every class of its act."""
        frames = frozenset().union(*(one.frames for one in self.table.classes if one.act is kind.act and not one.wide))
        return (replace(kind, frames=frames, particle=None),)

    def _after_quotation(self, view: SentenceView, quotations: Quotations) -> list[AttributionDraft]:
        """*"Will you go?" Ruiz asked.*: a sentence that only reports; its content is the quotation before it."""
        if view.index == 0 or len(view) > LONGEST_REPORT:
            return []
        before = self.context.views[view.index - 1]
        if before.sentence.paragraph != view.sentence.paragraph or not self._is_quote(before, quotations):
            return []
        for word, lemma in enumerate(view.lemmas):
            if view.relations[word] != "root" or view.upos(word) != "VERB" or view.kids(word, "ccomp", "obj", "xcomp"):
                continue
            if lemma not in self.table.verbs and lemma not in self.table.words["quoting"]:
                continue
            head, source = self._source(view, word, passive=False)
            kind = next((one for one in self.table.verbs.get(lemma, ()) if one.effect in SPOKEN), self.table.classes[0])
            words = _trim(before, range(len(before)))
            if head is None or not source or not words:
                continue
            holders = self._holders(view, head)
            return [
                AttributionDraft(
                    sentence=before.index, cue_at=(view.index, word), words={before.index: frozenset(words)},
                    source=_pieces(view, _trim(view, source))[:2], cue=view.pieces([word]),
                    content=_pieces(before, words), holder=holders[0] if holders else None, holders=holders,
                    anonymous=self._anonymous(view, head, source), act=kind.act, effect=kind.effect,
                    quoted=Quoted.DIRECT, source_at=(view.index, head),
                )
            ]  # fmt: skip
        return []

    def _with_learned(self, view: SentenceView, found: list[Found]) -> list[Found]:
        """Without the cues that the heads are sure are none, with those that the rules did not see."""
        proposed, chances = propose_cues(view.tree)
        if not len(chances):
            return found
        kept = [one for one in found if one.kind.id not in DOUBTFUL or float(chances[one.cue].max()) >= VETO]
        taken = {at for one in kept for at in one.cue}
        for cue in proposed:
            if cue.p < SURE or cue.content is None or taken & set(cue.words):
                continue
            kind = next((one for one in self.table.classes if one.act is cue.act), None)
            if kind is None or view.upos(cue.words[0]) not in LEARNED_TAGS:
                continue
            if view.upos(cue.words[0]) == "VERB" and (one := self._verb(view, cue.words[0], self._any_frame(kind))):
                kept.append(one)
                continue
            source = list(range(cue.source[0], cue.source[1] + 1)) if cue.source is not None else []
            inside = {*cue.words, *source}
            if not _is_beside(cue.content, inside):
                continue
            content = [at for at in range(cue.content[0], cue.content[1] + 1) if at not in inside]
            head = next((at for at in source if view.head(at) not in source), None)
            kept.append(
                Found(
                    word=cue.words[0], cue=list(cue.words), source=source, source_head=head, content=content, kind=kind
                )
            )
        return kept

    @property
    def _unlisted(self) -> tuple[CueClass, ...]:
        """What a verb that no class has does with a clause: it states it."""
        return (replace(self.table.classes[0], id="unlisted"),)

    def _tells(self, view: SentenceView, word: int) -> bool:
        """Whether a verb that no class has puts a finite clause into somebody's mouth."""
        if view.lemmas[word] in self.table.words["no_cues"] or view.relations[word] in ("amod", "aux", "case"):
            return False
        clauses = [kid for kid in view.kids(word, "ccomp") if _is_finite(view, kid) and not _is_question(view, kid)]
        subjects = view.kids(word, "nsubj")
        return bool(clauses and subjects and self.cast.is_human(view, subjects[0]))

    def _verb(self, view: SentenceView, word: int, classes: Sequence[CueClass]) -> Found | None:
        for kind in classes:
            extra = [kid for kid in view.children[word] if view.lower[kid] == kind.particle]
            if kind.particle and not extra:
                continue
            content, more = self._content(view, word, kind)
            if kind.wide and not self._is_wide(view, word, content):
                continue
            if content:
                passive = is_passive(view, word)
                cue = sorted({word, *extra, *more, *_particles(view, word)})
                heads, source = self._source(view, word, passive)
                if kind.effect == "believe" and _negated(view, word):
                    kind = replace(kind, act=Act.DOUBT, effect="doubt")
                    cue = sorted({*cue, *(k for k in view.kids(word, "aux", "advmod") if k < word and word - k < 3)})
                taken = {*cue, *source}
                if heads is not None and not source:
                    heads = None
                if heads is None and not passive and kind.effect in ("assert", "believe", "warn", "deny"):
                    heads, source = _beside(view, word)
                    content = [at for at in content if at not in source]
                return Found(
                    word=word, cue=cue, source=source, source_head=heads, kind=kind, passive=passive,
                    content=[at for at in content if at not in taken],
                )  # fmt: skip
        return None

    def _is_wide(self, view: SentenceView, word: int, content: Sequence[int]) -> bool:
        """Whether somebody who can speak talks about a thing in the article's voice, and it is no act of a type."""
        if not content or (view.index, word) in self.acts or _is_unreal(view, word) or _is_infinitive(view, word):
            return False
        if any(view.lower[at].endswith(("self", "selves")) for at in content[:2]):
            return False
        subjects = surface_subject(view, word)
        if any(view.lower[kid] == "no" for at in subjects for kid in view.kids(at, "det")):
            return False
        if not subjects or is_passive(view, word) or view.relations[word] == "amod":
            return False
        head = subjects[0]
        return view.lower[head] in SPEAKING or bool(view.actors.get(head)) or self.cast.is_human(view, head)

    def _frame_scene(self, view: SentenceView, word: int) -> list[int]:
        """*The video shows a ship firing at a boat*: an object that does something."""
        for thing in view.kids(word, "obj"):
            if thing > word and any(_is_gerund(view, kid) for kid in view.kids(thing, "acl")):
                return view.subtree(thing)
        for kid in view.kids(word, "xcomp", "ccomp", "advcl"):
            if kid > word and _is_gerund(view, kid) and (own := view.kids(kid, "nsubj") or view.kids(word, "obj")):
                return sorted({at for part in (own[0], kid) for at in view.subtree(part)})
        return []

    def _frame_thing(self, view: SentenceView, word: int, kind: CueClass) -> list[int]:
        """The direct object, or the noun behind a preposition of the class."""
        if kind.prepositions:
            things = [kid for kid in view.kids(word, "obl") if case_of(view, kid) in kind.prepositions and kid > word]
        else:
            things = [kid for kid in view.kids(word, "obj") if kid > word]
        things = [kid for kid in things if view.upos(kid) in ("NOUN", "PROPN", "PRON") and kid not in view.times]
        return view.subtree(things[0]) if things else []

    def _content(self, view: SentenceView, word: int, kind: CueClass) -> tuple[list[int], list[int]]:
        """Words of the content by the first frame that fits, and words that belong to the cue."""
        for name, frame in FRAMES:
            if name not in kind.frames:
                continue
            content = self._frame_thing(view, word, kind) if name == "thing" else frame(self, view, word)
            if content:
                more = [
                    case
                    for kid in view.kids(word, "obl")
                    if kid in content
                    and (name == "thing" or (name == "objinf" and case_of(view, kid) in ("on", "upon")))
                    for case in view.kids(kid, "case")
                ]
                return [at for at in content if at not in more], more
        return [], []

    def _frame_clause(self, view: SentenceView, word: int) -> list[int]:
        clauses = [kid for kid in view.kids(word, "ccomp", "csubj") if not _is_question(view, kid)]
        clauses = [kid for kid in clauses if _is_clause(view, kid)]
        if view.relations[word] == "parataxis" and not clauses and _reports(view, word):
            return _without(view, view.subtree(view.head(word)), word)
        if view.relations[word] == "advcl" and not clauses and _marked(view, word, "as") and view.kids(word, "nsubj"):
            return _without(view, view.subtree(view.head(word)), word)
        if clauses and view.relations[word] == "parataxis" and view.kids(word, "nsubj") and min(clauses) > word:
            head = view.head(word)
            split = word and view.lower[word - 1] != ":" and head < word and not _starts_sentence(view, word)
            if split and any(view.lower[at] == "," for at in range(max(0, word - 6), word)) and _inserted(view, word):
                return _without(view, view.subtree(head), word) + view.subtree(clauses[0])
        if clauses:
            apart = {at for kid in clauses for at in self._second_report(view, word, kid)}
            return sorted({at for kid in clauses for at in view.subtree(kid)} - apart)
        after = [kid for kid in view.kids(word, "parataxis", "dep", "obj") if _after_colon(view, word, kid)]
        if after:
            return view.subtree(after[0])
        loose = [
            kid
            for kid in view.kids(word, "advcl", "xcomp")
            if _is_finite(view, kid) and not view.kids(kid, "mark", "advmod") and view.kids(kid, "nsubj")
        ]
        return view.subtree(loose[0]) if loose else self._frame_quote(view, word)

    def _second_report(self, view: SentenceView, cue: int, clause: int) -> list[int]:
        """*says it is late and says that …*: words of a second report of the same speaker, hung on the first one's."""
        if view.upos(clause) in VERBAL and view.lemmas[clause] in self.table.verbs:
            return []
        own = [view.lower[kid] for kid in view.kids(clause, "nsubj")]
        pronoun = bool(own) and own[0] in ("it", "he", "she", "they")
        apart = bool(view.kids(clause, "aux")) or not own
        for kid in view.kids(clause, "conj"):
            if view.kids(kid, "nsubj", "nsubj:pass", "aux") or view.upos(kid) not in VERBAL:
                continue
            alike = view.tree.feats[kid] == view.tree.feats[cue] or bool(view.kids(kid, "ccomp"))
            if not alike or view.lemmas[kid] not in self.table.verbs:
                continue
            again = view.lemmas[kid] == view.lemmas[cue] and view.kids(kid, "ccomp")
            reports = view.kids(kid, "ccomp") and (apart or pronoun)
            if again or reports or (pronoun and view.lemmas[kid] in ASKING):
                return view.subtree(kid)
        return []

    def _frame_quote(self, view: SentenceView, word: int) -> list[int]:
        """Quoted words beside the cue in its own sentence, when no clause hangs on it."""
        spans = _quoted_words(view)
        if not spans or any(low <= word <= high for low, high in spans):
            return []
        if not view.kids(word, "nsubj", "nsubj:pass"):
            return []
        things = set(view.kids(word, "obj", "obl", "xcomp", "parataxis", "ccomp", "dep"))
        for low, high in spans:
            if high - low >= 5 and (low < word or any(low <= at <= high for at in things)):
                return [at for at in range(low, high + 1) if at not in view.subtree(word) or low > word or high < word]
        return []

    def _frame_inf(self, view: SentenceView, word: int) -> list[int]:
        clauses = [
            kid for kid in view.kids(word, "xcomp", "ccomp", "advcl") if _is_infinitive(view, kid) and kid > word
        ]
        return view.subtree(clauses[0]) if clauses and not is_passive(view, word) else []

    def _frame_objinf(self, view: SentenceView, word: int) -> list[int]:
        clauses = [
            kid for kid in view.kids(word, "xcomp", "ccomp", "advcl") if _is_infinitive(view, kid) and kid > word
        ]
        things = [kid for kid in view.kids(word, "obj", "iobj") if kid > word]
        things += [kid for kid in view.kids(word, "obl") if kid > word and case_of(view, kid) in CONTROL_OBLIQUES]
        for thing in things:
            clauses += [kid for kid in view.kids(thing, "acl") if _is_infinitive(view, kid)]
        if not clauses:
            return []
        if is_passive(view, word):
            return view.subtree(clauses[0])
        before = [thing for thing in things if thing < clauses[0]]
        if not before and not view.kids(clauses[0], "nsubj"):
            return []
        return sorted({at for kid in (*before, clauses[0]) for at in view.subtree(kid)})

    def _frame_ger(self, view: SentenceView, word: int) -> list[int]:
        for kid in view.kids(word, "xcomp", "ccomp", "advcl", "obj"):
            if kid > word and view.upos(kid) in VERBAL and _is_gerund(view, kid) and not view.kids(kid, "mark"):
                return view.subtree(kid)
        return []

    def _frame_withger(self, view: SentenceView, word: int) -> list[int]:
        return []

    def _frame_of(self, view: SentenceView, word: int) -> list[int]:
        things = list(view.kids(word, "obj", "nsubj:pass"))
        for kid in (*view.kids(word, "advcl", "xcomp", "obl"), *(k for t in things for k in view.kids(t, "acl"))):
            marks = {view.lower[at] for at in view.kids(kid, "mark", "case")}
            if marks & {"of", "for"} and _is_gerund(view, kid):
                before = [at for t in things if t > word for at in view.subtree(t)]
                return sorted({*before, *view.subtree(kid)})
        return []

    def _frame_as(self, view: SentenceView, word: int) -> list[int]:
        things = view.kids(word, "obj")
        lemma = view.lemmas[word]
        if lemma == "refer":
            things = [kid for kid in view.kids(word, "obl") if kid > word and case_of(view, kid) == "to"]
        plain = lemma in PLAIN_AS
        for kid in (*view.kids(word, "xcomp", "obl", "advcl"), *(k for t in things for k in view.kids(t, "nmod"))):
            marks = {view.lower[at] for at in view.kids(kid, "case", "mark", "advmod")}
            if "as" in marks or (plain and view.relations[kid] == "xcomp" and not _is_infinitive(view, kid)):
                before = [at for t in things for at in view.subtree(t)]
                if before or is_passive(view, word):
                    return sorted({*before, *view.subtree(kid)})
        for kid in view.kids(word, "xcomp"):
            if plain and not things and kid > word and not _is_infinitive(view, kid):
                return view.subtree(kid)
        if plain and (fit := view.kids(word, "ccomp")) and not view.kids(fit[0], "mark") and fit[0] > word:
            return view.subtree(fit[0])
        return []

    def _frame_noun(self, view: SentenceView, word: int) -> list[int]:
        things = [kid for kid in view.kids(word, "obj") if kid > word]
        return sorted({at for kid in things for at in view.subtree(kid)})

    def _frame_claimnoun(self, view: SentenceView, word: int) -> list[int]:
        words = self.table.words["claimnouns"]
        for kid in view.kids(word, "obj"):
            if any(view.lower[member] in words for member in coordinated(view, kid)):
                return view.subtree(kid)
        return []

    def _frame_whether(self, view: SentenceView, word: int) -> list[int]:
        clauses = [kid for kid in view.kids(word, "ccomp", "advcl") if kid > word and _is_question(view, kid)]
        free = [kid for kid in view.kids(word, "obj") if kid > word and view.lower[kid] in QUESTIONS]
        clauses += [kid for kid in free if any("relcl" in view.tree.deprels[k] for k in view.children[kid])]
        return view.subtree(clauses[0]) if clauses else []

    def _frame_passinf(self, view: SentenceView, word: int) -> list[int]:
        clauses = [kid for kid in view.kids(word, "xcomp") if _is_infinitive(view, kid)]
        return view.subtree(clauses[0]) if clauses and is_passive(view, word) else []

    # --- sources ------------------------------------------------------------------------------------------------

    def _source(self, view: SentenceView, word: int, passive: bool) -> tuple[int | None, list[int]]:
        """Head and words of the source; (None, []) when the cue has none."""
        if passive:
            agents = [kid for kid in view.kids(word, "obl") if case_of(view, kid) == "by"]
            return (agents[0], _phrase(view, agents[0], skip_case=True)) if agents else (None, [])
        subjects = self._speaker_above(view, word) or surface_subject(view, word)
        if not subjects and view.relations[word] in ("acl", "advcl", "xcomp", "conj"):
            subjects = [view.head(word)] if view.upos(view.head(word)) in ("NOUN", "PROPN") else []
        if not subjects:
            return _loose_subject(view, word)
        near = [at for at in view.kids(word, "nsubj") if at < word and at in subjects]
        head = self._voice_of(view, word, near[-1] if len(near) > 1 else subjects[0])  # *a move Lima said would …*
        start = _dateline(view)
        if head < start:
            inner = [kid for at in range(start) for kid in view.children[at] if start <= kid < word]
            inner = [kid for kid in inner if view.upos(kid) in ("NOUN", "PROPN", "PRON")]
            if not inner:
                return None, []
            head = inner[-1]
        below = set(view.subtree(word)) if head not in view.subtree(word) else set()
        words = [at for at in _phrase(view, head, after=head > word) if at not in below]
        return head, sorted({*words, *_relative(view, word, head)})

    def _voice_of(self, view: SentenceView, word: int, noun: int) -> int:
        """*Ruiz spoke at a meeting, announcing …*: who, for a noun that cannot speak."""
        if view.head(word) != noun or view.relations[word] != "acl" or view.tree.deprels[word] == "acl:relcl":
            return noun
        above = view.head(noun)
        led = view.relations[noun] == "obl" and view.lower[word] in AFTERTHOUGHTS and bool(view.kids(noun, "case"))
        if view.relations[noun] not in ("obj", "obl") or above < 0 or (self.cast.is_human(view, noun) and not led):
            return noun
        subjects = surface_subject(view, above)
        return subjects[0] if subjects and self.cast.is_human(view, subjects[0]) else noun

    def _speaker_above(self, view: SentenceView, word: int) -> list[int]:
        """*urged him to stop, saying …*: the speaker is the subject of the main clause, not of the infinitive."""
        if view.relations[word] != "advcl" or not view.lower[word].endswith("ing") or view.kids(word, "mark", "nsubj"):
            return []
        at = view.head(word)
        while at >= 0 and view.relations[at] in ("xcomp", "acl", "advcl") and not view.kids(at, "nsubj", "nsubj:pass"):
            at = view.head(at)
        mute = (
            not any(self.cast.is_human(view, kid) for kid in view.kids(at, "nsubj", "nsubj:pass")) if at >= 0 else False
        )
        if view.lower[word] in AFTERTHOUGHTS and mute:
            above = [up for up in view.ancestors(at) if view.lemmas[up] in self.table.verbs and view.kids(up, "nsubj")]
            at = above[0] if above else at  # hung on the verb of what was said before
        return surface_subject(view, at) if at >= 0 and view.upos(at) in VERBAL else []

    def _noun(self, view: SentenceView, word: int, kind: CueClass) -> Found | None:
        clauses = [
            kid
            for kid in view.kids(word, "acl", "ccomp", "xcomp")
            if view.tree.deprels[kid] != "acl:relcl" and kid > word and not _is_gerund(view, kid)
        ]
        clauses = [kid for kid in clauses if _is_infinitive(view, kid) or _marked(view, kid, "that")]
        clauses = clauses or self._clause_beside(view, word)
        if not clauses:
            return None
        source = self._noun_source(view, word)
        words = _phrase(view, source, skip_case=True) if source is not None else []
        return Found(
            word=word, cue=[word], source=words, source_head=source, content=view.subtree(clauses[0]), kind=kind
        )

    def _clause_beside(self, view: SentenceView, word: int) -> list[int]:
        """*denied a report by Quito that it had …*: the clause of a noun, hung on the verb that denies it."""
        above = view.head(word)
        if above < 0 or view.relations[word] != "obj" or view.lower[word] not in self.table.words["claimnouns"]:
            return []
        classes = self.table.verbs.get(view.lemmas[above], ())
        if not any(kind.effect == "deny" for kind in classes):
            return []
        return [kid for kid in view.kids(above, "ccomp") if kid > word and _marked(view, kid, "that")]

    def _noun_source(self, view: SentenceView, word: int) -> int | None:
        for kid in view.kids(word, "nmod:poss"):
            return kid
        for kid in view.kids(word, "nmod"):
            said_by = case_of(view, kid) == "by" and view.upos(kid) in ("NOUN", "PROPN")
            if said_by or (case_of(view, kid) in ("from", "of", "between") and self.cast.is_human(view, kid)):
                return kid
        for kid in view.kids(word, "amod", "compound"):
            if kid in view.actors:
                return kid
        head = view.head(word)
        if head >= 0 and view.relations[word] == "obj" and view.upos(head) == "VERB" and not is_passive(view, head):
            subjects = surface_subject(view, head)
            if subjects and view.lemmas[head] in GIVING:
                return subjects[0]
        return None

    def _adjective(self, view: SentenceView, word: int, kind: CueClass) -> Found | None:
        clauses = [kid for kid in view.kids(word, "ccomp", "advcl") if kid > word and _is_finite(view, kid)]
        clauses = [kid for kid in clauses if view.relations[kid] == "ccomp" or _marked(view, kid, "that")]
        subjects = view.kids(word, "nsubj", "nsubj:pass")
        inserted = [k for k in view.kids(word, "parataxis") if view.kids(k, "nsubj")]
        clauses += [c for k in inserted for c in view.kids(k, "ccomp") if c > k and _marked(view, c, "that")]
        if not clauses or not subjects:
            return None
        copula = [kid for kid in view.kids(word, "cop", "aux:pass") if kid < word]
        return Found(
            word=word, cue=sorted({word, *copula}), source=_phrase(view, subjects[0]), source_head=subjects[0],
            content=view.subtree(clauses[0]), kind=kind,
        )  # fmt: skip

    def _according(self, view: SentenceView, word: int) -> Found | None:
        head = view.head(word)
        if head < 0:
            return None
        below = view.kids(word, "obl", "nmod")
        noun = below[0] if below else head
        if noun < word:
            return None
        first = word - 1 if view.lower[word] == "per" else word
        cue = list(range(first, min(first + 2, len(view))))
        source = [at for at in _phrase(view, noun) if at not in cue]
        last = max(source, default=word)
        if view.lower[max(0, first - 1)] in (",", '"', "”") and first > 2:
            low = max((at + 1 for at in range(first - 1) if view.lower[at] == ";"), default=0)
            content = list(range(low, first - 1))
        elif first <= 1:
            content = list(range(last + 1, len(view)))
        else:
            top = view.head(noun) if noun == head else head
            while top >= 0 and view.upos(top) not in VERBAL and view.relations[top] not in SENTENCE_RELATIONS:
                top = view.head(top)
            mine = set(view.subtree(noun)) | set(cue)
            content = [at for at in view.subtree(top) if at not in mine] if top >= 0 else []
        kind = next(one for one in self.table.classes if one.id == "state")
        return Found(word=word, cue=cue, source=source, source_head=noun, content=content, kind=kind)

    # --- from words to a draft ----------------------------------------------------------------------------------

    def _draft(self, view: SentenceView, found: Found, quotations: Quotations) -> list[AttributionDraft]:
        start = _dateline(view)
        words = _trim(view, (at for at in _restricted(view, _without_terms(view, found.content)) if at >= start))
        words = _quoted_only(view, _without_question(view, words, found.word), found.word)
        words = _whole_quotes(view, words, {*found.cue, *found.source})
        if not words or self._is_idle(view, found):
            return []
        source = _trim(view, found.source)
        first = bool(source) and view.lower[source[0]] in FIRST_PERSON and len(source) == 1
        if first and quotations.around(view.tree.starts[found.word]) is None and not self._is_answer(view):
            return []
        if first and view.lemmas[found.word] in self.table.words["hedges"] and not _negated(view, found.word):
            return []
        act, effect = self._act(view, found, source)
        holders = self._holders(view, found.source_head) if source else ()
        return [
            AttributionDraft(
                sentence=view.index,
                cue_at=(view.index, found.word),
                words={view.index: frozenset(_without_asides(view, words))},
                source=_source_pieces(view, source)[:2],
                cue=view.pieces(found.cue),
                content=_pieces(view, words),
                holder=holders[0] if holders else None,
                holders=holders,
                anonymous=self._anonymous(view, found.source_head, source),
                act=act,
                effect=effect,
                quoted=_quoted(view, words, quotations),
                wide=found.kind.wide,
                source_at=(view.index, found.source_head) if source and found.source_head is not None else None,
                passive=found.passive,
            )
        ]

    def _is_answer(self, view: SentenceView) -> bool:
        """Whether the paragraph begins with a speaker's label."""
        paragraph = self.context.article.paragraphs[view.sentence.paragraph]
        return LABEL.match(self.context.text[paragraph.start : paragraph.end]) is not None

    def _is_idle(self, view: SentenceView, found: Found) -> bool:
        """*asked not to be named*, and acts in words that are not performed (*may ask*)."""
        below = {view.lemmas[at] for at in found.content[:4]}
        if found.kind.effect in ("refuse", "request") and below & {"name", "identify"}:
            return found.content[:1] == [found.word + 1]
        if found.kind.effect in PERFORMED and view.upos(found.word) == "VERB":
            return _is_unreal(view, found.word)
        return False

    def _holders(self, view: SentenceView, head: int | None) -> tuple[str, ...]:
        if head is None:
            return ()
        bloc = any(view.lower[kid] in BLOCS for kid in view.kids(head, "amod"))
        if bloc and view.lemmas[head] in ("diplomat", "official", "negotiator", "source"):
            return ()
        found = self.cast.find(view, [head])
        return tuple(actor for actor in found if not actor.startswith("u:"))

    def _act(self, view: SentenceView, found: Found, source: Sequence[int]) -> tuple[Act, str]:
        kind = found.kind
        lower = {view.lower[at] for at in found.content}
        if kind.effect == "assert" and kind.id == "state" and lower & FUTURE and self._is_expert(view, found, source):
            return Act.PREDICT, "predict"
        if kind.act is Act.WARN and kind.effect == "warn" and self._own_harm(view, found):
            return Act.THREATEN, "threaten"
        return kind.act, kind.effect

    def _is_expert(self, view: SentenceView, found: Found, source: Sequence[int]) -> bool:
        words = {view.lower[at] for at in source}
        if found.source_head is not None:
            words |= {view.lower[at] for at in view.subtree(found.source_head)}
        if words & self.table.words["experts"]:
            return True
        rows = [self.cast.name(actor) for actor in self._holders(view, found.source_head)]
        return any(row is not None and row.sector in self.table.words["expert_sectors"] for row in rows)

    def _own_harm(self, view: SentenceView, found: Found) -> bool:
        """A warning is a threat when its speaker, or the speaker's side, would do the harm."""
        lower = {view.lower[at] for at in found.content}
        if not lower & {"will", "would", "'ll"} | lower & {"if", "options", "consequences"}:
            return False
        mine = {row.country or row.id for a in self._holders(view, found.source_head) if (row := self.cast.name(a))}
        for at in found.content:
            if view.relations[at] == "nsubj" and view.relations[view.head(at)] in SENTENCE_RELATIONS:
                rows = [self.cast.name(actor) for actor in self.cast.find(view, [at])]
                sides = {row.country or row.id for row in rows if row}
                if sides & mine or view.lower[at] in FIRST_PERSON:
                    return not self._is_expert(view, found, found.source)
        return bool(lower & {"consequences", "options", "price"})

    def _anonymous(self, view: SentenceView, head: int | None, source: Sequence[int]) -> bool:
        if head is None or not source:
            return False
        below = [
            at for at in view.subtree(head) if view.relations[at] in ("appos", "flat") and view.upos(at) == "PROPN"
        ]
        if below or view.upos(head) == "PROPN":
            return False
        lower = view.lower[head]
        if lower in self.table.words["offices"]:
            return False
        return lower in self.table.words["anonymous"] or view.lemmas[head] in self.table.words["anonymous"]

    # --- over the document --------------------------------------------------------------------------------------

    def _labels(self, quotations: Quotations) -> list[AttributionDraft]:
        """*Name: …* — interview answers, headlines, and quotations after a speaker's name."""
        drafts: list[AttributionDraft] = []
        paragraphs: dict[int, list[SentenceView]] = {}
        for view in self.context.views:
            paragraphs.setdefault(view.sentence.paragraph, []).append(view)
        for views in paragraphs.values():
            drafts.extend(self._label(views, quotations))
        return drafts

    def _label(self, views: list[SentenceView], quotations: Quotations) -> list[AttributionDraft]:
        text = self.context.text
        first = views[0]
        paragraph = self.context.article.paragraphs[first.sentence.paragraph]
        start, end = paragraph.start, paragraph.end
        match = LABEL.match(text[start:end])
        if match and match[1].lower().strip() not in self.table.words["questions"]:
            label = (start + match.start(1), start + match.end(1))
            colon = (start + match.start(2), start + match.end(2))
            body = (start + match.end(), end)
            title = self._is_headline(paragraph) and match[2] == ":"
            if self._speaks(views, label, title=title) and (title or self._recurs(text[slice(*label)], match[2])):
                return self._labelled(views, label, colon, body)
        if self._is_headline(paragraph):
            tail = TAIL.search(text[start:end])
            if tail:
                label = (start + tail.start(2), start + tail.end(2))
                if self._speaks(views, label, title=True):
                    colon = (start + tail.start(1), start + tail.end(1))
                    return self._labelled(views, label, colon, (start, colon[0]))
            return []
        if signed := self._signed(views, start, end):
            return signed
        return [draft for view in views for draft in self._inner_label(view)]

    def _announced(self, drafts: Sequence[AttributionDraft]) -> list[AttributionDraft]:
        """*The paper echoed this:* and a quotation in the next paragraphs: its speaker stands in the sentence."""
        views, text, found = self.context.views, self.context.text, []
        starts: dict[int, list[SentenceView]] = {}
        for view in views:
            starts.setdefault(view.sentence.paragraph, []).append(view)
        told = {index for draft in drafts for index in draft.words}
        for view in views:
            here = view.sentence.paragraph
            if starts[here][-1] is not view or not text[: view.sentence.end].rstrip().endswith(":"):
                continue
            quoted: list[SentenceView] = []
            while (block := starts.get(here + 1)) and text[block[0].sentence.start] in QUOTE_MARKS:
                quoted.extend(block)
                here += 1
            if quoted and not told & {one.index for one in quoted} and (draft := self._announcing(view, quoted)):
                found.append(draft)
        return found

    def _announcing(self, view: SentenceView, quoted: Sequence[SentenceView]) -> AttributionDraft | None:
        """The attribution of a block of quoted sentences to who speaks in the sentence before them."""
        verbs = [
            at
            for at in range(len(view) - 1, -1, -1)
            if view.upos(at) == "VERB"
            and (view.lemmas[at] in self.table.verbs or view.lemmas[at] in self.table.words["quoting"])
            and view.relations[at] not in ("amod", "acl")
        ]
        root = next(at for at in range(len(view)) if view.head(at) < 0)
        word = verbs[0] if verbs else root
        head, source = self._source(view, word, passive=False)
        if head is None or not source or view.upos(word) != "VERB" or not self.cast.is_human(view, head):
            return None
        words = {one.index: frozenset(_trim(one, range(len(one)))) for one in quoted}
        colon = max(at for at in range(len(view)) if view.tree.forms[at].endswith(":"))
        holders = self._holders(view, head)
        return AttributionDraft(
            sentence=quoted[0].index, cue_at=(view.index, word), words=words,
            source=_pieces(view, _trim(view, source))[:2], cue=view.pieces([word, colon] if verbs else [colon]),
            content=tuple(span for one in quoted for span in _pieces(one, sorted(words[one.index]))),
            holder=holders[0] if holders else None, holders=holders, anonymous=self._anonymous(view, head, source),
            act=Act.STATE, effect="assert", quoted=Quoted.DIRECT, source_at=(view.index, head),
        )  # fmt: skip

    def _is_headline(self, paragraph: Paragraph) -> bool:
        """A title, or a short line without a full stop."""
        if paragraph.role is Role.TITLE:
            return True
        line = self.context.text[paragraph.start : paragraph.end].strip()
        first = paragraph is self.context.article.paragraphs[0] and ". " not in line
        return len(line) < LONGEST_HEADLINE and (first or line[-1:] not in '.?!:;,"”')

    def _signed(self, views: Sequence[SentenceView], start: int, end: int) -> list[AttributionDraft]:
        """*“We have waited long enough.” — Ana Ruiz, teacher*: a quotation signed with a dash."""
        text = self.context.text
        match = SIGNED.match(text[start:end])
        if not match:
            return []
        label = (start + match.start(3), start + match.end(3))
        if not any(view.upos(at) == "PROPN" for view in views for at in range(len(view)) if _within(view, at, label)):
            return []
        dash = (start + match.start(2), start + match.end(2))
        return self._labelled(views, label, dash, (start + match.start(1), start + match.end(1)))

    def _recurs(self, label: str, sign: str) -> bool:
        """A speaker's label in the body stands there more than once, or names an actor before a quotation."""
        found = re.findall(rf"(?m)^\s*[\"“]?{re.escape(label)}\s*{re.escape(sign)}", self.context.text)
        return len(found) > 1

    def _inner_label(self, view: SentenceView) -> list[AttributionDraft]:
        """*Security ministry: "…"* at the start of a sentence."""
        text = self.context.text[view.sentence.start : view.sentence.end]
        match = INNER.match(text)
        if not match:
            return self._before_colon(view)
        start = view.sentence.start
        label = (start + match.start(1), start + match.end(1))
        if not self._speaks([view], label, title=True):
            return self._before_colon(view)
        colon = (start + match.start(2), start + match.end(2))
        return self._labelled([view], label, colon, (colon[1], view.sentence.end))

    def _before_colon(self, view: SentenceView) -> list[AttributionDraft]:
        """*That did not surprise the pollster Ana Ruiz: "…"*: a person named just before a colon and a quotation."""
        forms = view.tree.forms
        for at in range(2, len(view) - 3):
            if forms[at] != ":" or not forms[at + 1] or forms[at + 1][0] not in QUOTE_MARKS + "`'":
                continue
            name = next((n for n in view.tree.names if n.label == "PER" and n.last == at - 1), None)
            clause = any(view.upos(w) == "VERB" and view.lemmas[w] in self.table.verbs for w in range(at))
            if name is None or clause:
                return []
            head = next((w for w in range(name.first, at) if not name.first <= view.head(w) < at), name.first)
            top = view.head(head)
            if view.relations[head] in ("appos", "flat") and top >= 0:
                head = top
            source = [w for w in _phrase(view, head, skip_case=True) if w < at] or list(range(name.first, at))
            label = (view.tree.starts[source[0]], view.tree.ends[source[-1]])
            colon = (view.tree.starts[at], view.tree.ends[at])
            return self._labelled([view], label, colon, (colon[1], view.sentence.end))
        return []

    def _speaks(self, views: Sequence[SentenceView], label: Span, *, title: bool) -> bool:
        words = [(view, at) for view in views for at in range(len(view)) if _within(view, at, label)]
        if not words or len(words) > 12 or any(view.tree.upos[at] == "AUX" for view, at in words):
            return False
        persons = self.table.words["persons"]
        if not title:
            return len(words) <= 4
        inside = {(view.index, at) for view, at in words}
        heads = [(view, at) for view, at in words if (view.index, view.head(at)) not in inside]
        if any(view.tree.upos[at] == "VERB" for view, at in words) or any(
            view.lower[at] in TITLES for view, at in words
        ):
            return False
        named = any(name.label == "PER" and name.first <= at <= name.last for v, at in heads for name in v.tree.names)
        return named or any(view.lower[at] in persons or view.actors.get(at) for view, at in heads)

    def _labelled(self, views: Sequence[SentenceView], label: Span, colon: Span, body: Span) -> list[AttributionDraft]:
        text = self.context.text
        low, high = body
        while low < high and (text[low].isspace() or text[low] in QUOTE_MARKS):
            low += 1
        while high > low and (text[high - 1].isspace() or text[high - 1] in QUOTE_MARKS):
            high -= 1
        if high <= low:
            return []
        words = {v.index: frozenset(at for at in range(len(v)) if _within(v, at, (low, high))) for v in views}
        holders: dict[str, None] = {}
        for view in views:
            for at in range(len(view)):
                if _within(view, at, label):
                    holders.update(dict.fromkeys(m.ref for m in view.actors.get(at, ()) if not m.ref.startswith("u:")))
        found = tuple(holders)
        anonymous = {view.lower[at] for view in views for at in range(len(view)) if _within(view, at, label)}
        return [
            AttributionDraft(
                sentence=next(index for index in words if words[index]) if any(words.values()) else views[0].index,
                cue_at=None,
                words=words,
                source=(label,),
                cue=(colon,),
                content=((low, high),),
                holder=found[0] if found else None,
                holders=found,
                anonymous=bool(anonymous & self.table.words["anonymous"]) and not found,
                act=Act.STATE,
                effect="assert",
                quoted=Quoted.DIRECT,
            )
        ]

    def _run_on(self, drafts: Sequence[AttributionDraft], quotations: Quotations) -> list[AttributionDraft]:
        """Sentences that stand whole inside a quotation get the speaker beside them; a row of their own."""
        by_sentence: dict[int, list[AttributionDraft]] = {}
        for draft in drafts:
            for index in draft.words:
                by_sentence.setdefault(index, []).append(draft)
        found: list[AttributionDraft] = []
        for view in self.context.views:
            if not self._is_quote(view, quotations) or self._is_told(view, by_sentence, quotations):
                continue
            speaker = self._speaker_beside(view, by_sentence, quotations)
            if speaker is not None:
                words = _trim(view, range(len(view)))
                if words:
                    one = replace(
                        speaker, sentence=view.index, words={view.index: frozenset(words)},
                        content=_pieces(view, words), quoted=Quoted.DIRECT,
                        act=speaker.act if speaker.effect in ("assert", "predict") else Act.STATE, effect="assert",
                    )  # fmt: skip
                    found.append(one)
                    by_sentence.setdefault(view.index, []).append(one)
        return found

    def _is_quote(self, view: SentenceView, quotations: Quotations) -> bool:
        total = sum(end - start for start, end in zip(view.tree.starts, view.tree.ends, strict=True))
        inside = sum(
            end - start
            for start, end in zip(view.tree.starts, view.tree.ends, strict=True)
            if quotations.around(start) is not None
        )
        return total > 0 and inside >= QUOTED_SHARE * total

    def _is_told(
        self, view: SentenceView, by_sentence: dict[int, list[AttributionDraft]], quotations: Quotations
    ) -> bool:
        """Whether an attribution from outside the quotation already holds the sentence."""
        for draft in by_sentence.get(view.index, ()):
            outside = quotations.around(draft.cue[0][0]) is None
            if outside and len(draft.words.get(view.index, ())) * 2 >= len(view):
                return True
        return False

    def _speaker_beside(
        self, view: SentenceView, by_sentence: dict[int, list[AttributionDraft]], quotations: Quotations
    ) -> AttributionDraft | None:
        def told(index: int) -> AttributionDraft | None:
            for draft in reversed(by_sentence.get(index, ())):
                if quotations.around(draft.cue[0][0]) is None and draft.quoted is not Quoted.INDIRECT:
                    return draft
            return None

        views = self.context.views
        here = view.sentence.paragraph
        at = view.index - 1
        while at >= 0 and views[at].sentence.paragraph == here:
            if (draft := told(at)) is not None:
                return draft
            at -= 1
        opened = quotations.around(view.tree.starts[len(view) // 2])
        after = view.index + 1
        while after < len(views) and views[after].sentence.paragraph == here:
            if (draft := told(after)) is not None:
                return draft
            after += 1
        quoted_before = opened is not None and opened.continued
        if at >= 0 and (quoted_before or views[at].sentence.paragraph == here - 1):
            if (draft := told(at)) is not None:
                return draft
            return self._any_speaker(view.index - 1)
        return self._any_speaker(view.index - 1) if view.index else None

    def _any_speaker(self, index: int) -> AttributionDraft | None:
        return None


FRAMES = (
    ("objinf", Finder._frame_objinf),
    ("clause", Finder._frame_clause),
    ("passinf", Finder._frame_passinf),
    ("inf", Finder._frame_inf),
    ("of", Finder._frame_of),
    ("as", Finder._frame_as),
    ("ger", Finder._frame_ger),
    ("whether", Finder._frame_whether),
    ("claimnoun", Finder._frame_claimnoun),
    ("noun", Finder._frame_noun),
    ("scene", Finder._frame_scene),
    ("thing", Finder._frame_noun),  # with the prepositions of its class: see _frame_thing
)
"""Frames in the order they are tried."""

AFTERTHOUGHTS = frozenset(
    """saying adding arguing citing warning noting suggesting accusing referring referencing calling insisting urging
    promising pledging vowing describing claiming asserting blaming praising stressing quoting echoing""".split()
)
QUESTIONS = frozenset("what how why who where when".split())
SPEAKING = frozenset("he she they who we i".split())
SPOKEN = frozenset({"assert", "question", "warn", "predict"})
ASKING = frozenset({"urge", "call", "demand", "ask"})
PERFORMED = frozenset({"request", "promise", "refuse", "plan", "threaten"})
UNREAL = frozenset("may might could would will 'll can should must not n't never".split())
BLOCS = frozenset("western european gulf arab african asian latin regional".split())
TITLES = frozenset("live updates update what how why q&a analysis explainer timeline".split())
PLAIN_AS = frozenset("call label brand dub term".split())
GIVING = frozenset("make issue give repeat renew voice express reject_ have deny_ put take raise publish".split())
LABEL = re.compile(r"\s*[\"“]?([^\s:–—\"“][^:\n\"“.?!]{0,60}?)\s*([:—–])\s+(?=\S)")
TAIL = re.compile(r"([:])\s+([^:\"“”]{2,70})\s*$")
SIGNED = re.compile(r"\s*([\"“][^\n]+[\"”])\s*([―—–]|--?)\s*([A-Z][^\n\"“”]{2,70}?)\s*$")
INNER = re.compile(r"([A-Z][^:\n\"“.?!]{0,50}?)(:)\s+(?=[\"“])")


def _within(view: SentenceView, word: int, span: Span) -> bool:
    return span[0] <= view.tree.starts[word] and view.tree.ends[word] <= span[1]


def _particles(view: SentenceView, word: int) -> list[int]:
    return [kid for kid in view.children[word] if view.tree.deprels[kid] == "compound:prt"]


def _is_unreal(view: SentenceView, word: int) -> bool:
    """Under a modal, a negation or *if*: said to be possible or not done."""
    at = word
    for _ in range(3):
        if any(view.lower[kid] in UNREAL for kid in view.kids(at, "aux", "advmod")):
            return True
        if any(view.lower[kid] in ("if", "unless") for kid in view.kids(at, "mark")):
            return True
        if view.relations[at] == "xcomp" and not _is_gerund(view, at):
            head = view.head(at)
            if view.lemmas[head] in ("likely", "want", "plan", "try", "need", "have", "expect", "fail", "unlikely"):
                return True
        if view.relations[at] != "conj" or view.kids(at, "nsubj"):
            return False
        at = view.head(at)
    return False


def _relative(view: SentenceView, word: int, head: int) -> list[int]:
    """*who* in *Ana Ruiz, who said …*: it belongs to the source (PolNeAR has it alone)."""
    at = word
    while view.relations[at] == "conj" and not view.kids(at, "nsubj"):
        at = view.head(at)
    if head in view.kids(at, "nsubj"):
        return []
    return [kid for kid in view.kids(at, "nsubj") if head < kid < word and view.lower[kid] in ("who", "which", "that")]


def _negated(view: SentenceView, word: int) -> bool:
    return any(view.lower[kid] in ("not", "n't", "never") for kid in view.kids(word, "advmod", "aux"))


def _marked(view: SentenceView, word: int, form: str) -> bool:
    return any(view.lower[kid] == form for kid in view.kids(word, "mark"))


def _is_infinitive(view: SentenceView, word: int) -> bool:
    return _marked(view, word, "to")


def _is_gerund(view: SentenceView, word: int) -> bool:
    return view.lower[word].endswith("ing") or any(
        view.lower[k].endswith("ing") for k in view.kids(word, "aux", "cop", "aux:pass")
    )


def _is_finite(view: SentenceView, word: int) -> bool:
    return view.has_feature(word, "VerbForm=Fin") or any(
        view.has_feature(kid, "VerbForm=Fin") for kid in view.kids(word, "aux", "cop", "aux:pass")
    )


def _is_clause(view: SentenceView, word: int) -> bool:
    """A finite clause or a subjunctive one (*that Lima reopen*), no infinitive."""
    if view.kids(word, "cop") and view.kids(word, "nsubj"):
        return True
    if any(view.tree.deprels[kid] == "nsubj:outer" for kid in view.children[word]):
        return True
    return not _is_infinitive(view, word) and not (_is_gerund(view, word) and not _is_finite(view, word))


def _is_question(view: SentenceView, word: int) -> bool:
    return (
        _marked(view, word, "whether")
        or _marked(view, word, "if")
        or any(view.lower[kid] in QUESTIONS and kid < word for kid in view.children[word])
    )


def _after_colon(view: SentenceView, cue: int, clause: int) -> bool:
    words = view.subtree(clause)
    before = view.lower[max(0, words[0] - 2) : clause]
    return clause > cue and len(words) > 2 and (":" in before or any(mark in QUOTE_MARKS for mark in before))


def _starts_sentence(view: SentenceView, word: int) -> bool:
    return min(view.subtree(word)) == 0


def _reports(view: SentenceView, word: int) -> bool:
    """Whether a reporting clause stands beside a predicate, with nothing else of its own to report."""
    head = view.head(word)
    predicate = view.upos(head) in ("VERB", "ADJ") or view.kids(head, "cop", "nsubj")
    first = min(view.subtree(word))
    apart = ";" in view.lower[max(0, first - 1) : first + 1]  # a report of its own: *…; the Kremlin denied it*
    return bool(predicate and view.kids(word, "nsubj") and not view.kids(word, "xcomp", "advcl") and not apart)


def _inserted(view: SentenceView, word: int) -> bool:
    """Whether the reporting clause stands between commas in the middle of what it reports."""
    head = view.head(word)
    return head < min(view.subtree(word)) and view.relations[head] in ("root", "ccomp", "conj", "parataxis")


def _without(view: SentenceView, words: Iterable[int], word: int) -> list[int]:
    mine = set(view.subtree(word))
    return [at for at in words if at not in mine]


def _phrase(view: SentenceView, head: int, *, skip_case: bool = False, after: bool = False) -> list[int]:
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
            if at == head and relation == "acl" and _is_infinitive(view, kid):
                continue
            stack.append(kid)
    return sorted(out)


def _whole_quotes(view: SentenceView, words: list[int], taken: set[int]) -> list[int]:
    """All of a quotation that the content has part of, as far as it lies outside cue and source; beside a quotation
    before the cue, nothing that follows the cue outside of one."""
    spans = [range(low, high + 1) for low, high in _quoted_words(view)]
    spans = [span for span in spans if not taken & set(span) and len(span) >= SHORTEST_QUOTE]
    mine = [span for span in spans if sum(at in span for at in words) * 2 >= len(span)]
    if not mine:
        return words
    found = set(words).union(*mine)
    cue = min(taken)
    ahead = [at for at in found if at < cue]
    if ahead and sum(any(at in span for span in mine) for at in ahead) >= QUOTED_SHARE * len(ahead):
        found = {at for at in found if at < cue or any(at in span for span in spans)}
    return _trim(view, found)


def _without_question(view: SentenceView, words: list[int], cue: int) -> list[int]:
    """*Asked about the vote, she said …*: without the clause that tells what the answer answers."""
    if not words or words[0] > cue:
        return words
    ahead = [at for at in words[:3] if view.lower[at] in ASKED and view.upos(at) == "VERB"]
    if not ahead:
        return words
    question = set(view.subtree(ahead[0]))
    return [at for at in words if at not in question or at > cue]


def _without_terms(view: SentenceView, words: Sequence[int]) -> list[int]:
    """Without *on condition of anonymity*, *on the record*: terms on which somebody speaks, no part of what is said."""
    inside = set(words)
    for at in words:
        terms = view.lower[at] in TERMS and any(view.lower[kid] in ("on", "under") for kid in view.kids(at, "case"))
        if terms and at in inside and not _in_quotes(view, at):
            below = set(view.subtree(at))
            if view.lower[at] != "condition" or any(view.lower[kid] in NAMELESS for kid in below):
                inside -= below
    return sorted(inside)


def _without_asides(view: SentenceView, words: Sequence[int]) -> list[int]:
    """The words on whose truth the speaker stands: a relative clause between commas is the article's own voice."""
    kept = set(words)
    for at in words:
        if view.tree.deprels[at] == "acl:relcl" and at in kept and not _in_quotes(view, at):
            below = view.subtree(at)
            first = next((word for word in below if view.upos(word) != "PUNCT"), below[0])
            after = view.lower[below[-1] + 1 : below[-1] + 2]
            if first > 0 and view.lower[first - 1] == "," and (after == (",",) or view.lower[below[-1]] == ","):
                kept -= set(below)
    return sorted(kept) or list(words)


def _quoted_only(view: SentenceView, words: list[int], cue: int) -> list[int]:
    """Of a content that is a quotation the words inside it: what follows its closing mark is the article's."""
    spans = [span for span in _quoted_words(view) if not span[0] <= cue <= span[1]]
    if not words or not any(low == words[0] for low, _ in spans):
        return words
    inside = [at for at in words if any(low <= at <= high for low, high in spans)]
    last = max(high for _, high in spans)
    tail = [at for at in words if at > last]
    closed = view.lower[last] in (",", ".", "?", "!")
    return inside if closed and tail and len(inside) * 2 > len(words) else words


def _is_beside(content: tuple[int, int], words: set[int]) -> bool:
    """Whether a content begins or ends next to the cue or its source (a few words apart)."""
    return min(words) - 3 <= content[1] < min(words) or max(words) < content[0] <= max(words) + 3


def _is_description(view: SentenceView, head: int, kid: int, after: bool) -> bool:
    """*Ana Ruiz, a trade lawyer*, *one of the officials, a Gulf diplomat*: what the article adds about its source."""
    if view.upos(kid) == "PROPN" and view.upos(head) != "PROPN":
        return False
    bare = not view.kids(kid, "det", "nmod:poss") and view.upos(kid) == "NOUN"
    return _indefinite(view, kid) or bare or (after and view.upos(head) == "PROPN" and view.upos(kid) == "NOUN")


def _is_condition(view: SentenceView, relation: str, deprel: str, kid: int) -> bool:
    """*who asked not to be named*, *, speaking on condition of anonymity*."""
    if relation != "acl":
        return False
    words = view.subtree(kid)
    if deprel != "acl:relcl" and words[0] > 0 and view.lower[words[0] - 1] == ",":
        return True
    lower = {view.lower[at] for at in words}
    return bool(lower & NAMELESS) and bool(lower & {"not", "n't", "anonymity", "anonymous", "anonymously"})


def _restricted(view: SentenceView, words: Iterable[int]) -> list[int]:
    """Without relative clauses and clausal appositions after a comma: they are the article's own voice."""
    inside = set(words)
    for at in sorted(inside):
        relative = view.tree.deprels[at] in ("acl:relcl", "advcl:relcl")
        if at in inside and _is_afterthought(view, at) and not _in_quotes(view, at):
            inside -= {below for below in view.subtree(at) if below >= at - 6}
        if at in inside and view.relations[at] in ("advcl", "obl", "parataxis") and not _in_quotes(view, at):
            inside -= _contrast(view, at, max(inside))
        if (relative or view.relations[at] == "appos") and at in inside and not _in_quotes(view, at):
            below = view.subtree(at)
            first = next((word for word in below if view.upos(word) != "PUNCT"), below[0])
            clausal = relative or view.kids(at, "acl")
            if clausal and first > 1 and view.lower[first - 1] == "," and below[-1] >= max(inside) - 2:
                inside -= set(below)
    return sorted(inside)


def _contrast(view: SentenceView, word: int, last: int) -> set[int]:
    """*, though …*, *, compared with …* to the end: what the article sets beside what somebody says."""
    below = view.subtree(word)
    first = next((at for at in below if view.upos(at) != "PUNCT"), below[0])
    ends = below[-1] >= last - 1 and first > 1 and view.lower[first - 1] in (",", "—", "–", "--")
    return {at for at in below if at >= first} if ends and view.lower[first] in CONTRASTS else set()


def _beside(view: SentenceView, word: int) -> tuple[int | None, list[int]]:
    """A noun phrase between a comma and the cue, whatever the parser hung it on."""
    last = word - 2 if word > 1 and view.lower[word - 1] == "," else word - 1
    best: int | None = None
    for at in range(max(0, last - 12), last + 1):
        if view.upos(at) not in ("NOUN", "PROPN", "PRON"):
            continue
        words = _phrase(view, at)
        if words[-1] == last and words[0] > 0 and view.lower[words[0] - 1] in (",", '"', "”", "-", "—"):
            if best is None or len(words) > len(_phrase(view, best)):
                best = at
    return (best, _phrase(view, best)) if best is not None else (None, [])


def _loose_subject(view: SentenceView, word: int) -> tuple[int | None, list[int]]:
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


def _is_afterthought(view: SentenceView, word: int) -> bool:
    """*, according to …* and *, saying …* at the end belong to another attribution."""
    if any(view.lower[kid] == "according" for kid in view.children[word]):
        return True
    first = next(at for at in view.subtree(word) if view.upos(at) != "PUNCT" or at == word)
    before = view.lower[max(0, first - 2) : first]
    return view.lower[word] in AFTERTHOUGHTS and "," in before and before[-1:] != ("and",)


def _in_quotes(view: SentenceView, word: int) -> bool:
    return any(low <= word <= high for low, high in _quoted_words(view))


def _indefinite(view: SentenceView, word: int) -> bool:
    return any(view.lower[kid] in ("a", "an") for kid in view.kids(word, "det"))


def _dateline(view: SentenceView) -> int:
    """Index after a place line (*LIMA, May 3 - …*, *17:15 - …*) at the start of the sentence, 0 when there is none."""
    for at in range(1, min(9, len(view))):
        if view.tree.forms[at] in ("-", "–", "—", "--"):
            return at + 1 if view.tree.forms[0].isupper() or view.tree.forms[0][0].isdigit() else 0
    return 0


def _quoted_words(view: SentenceView) -> list[tuple[int, int]]:
    """First and last word inside each quotation of the sentence."""
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


def _trim(view: SentenceView, words: Iterable[int]) -> list[int]:
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


def _pieces(view: SentenceView, words: Sequence[int]) -> tuple[Span, ...]:
    """Runs of words, punctuation inside bridged; pieces of punctuation alone are dropped."""
    runs: list[list[int]] = []
    for at in words:
        if runs and all(view.upos(gap) == "PUNCT" for gap in range(runs[-1][-1] + 1, at)):
            runs[-1].append(at)
        else:
            runs.append([at])
    trimmed = [_trim(view, run) for run in runs]
    return tuple(view.span(run) for run in trimmed if run)


def _source_pieces(view: SentenceView, words: Sequence[int]) -> tuple[Span, ...]:
    """As `_pieces`, a relative pronoun at the end apart from who is meant."""
    if len(words) > 1 and view.lower[words[-1]] in ("who", "which", "that") and view.upos(words[-1]) == "PRON":
        return (*_pieces(view, words[:-1]), view.span(words[-1:]))
    return _pieces(view, words)


def _quoted(view: SentenceView, words: Sequence[int], quotations: Quotations) -> Quoted:
    letters = [at for at in words if view.upos(at) != "PUNCT"]
    inside = sum(quotations.around(view.tree.starts[at]) is not None for at in letters)
    if letters and inside >= 0.9 * len(letters):
        return Quoted.DIRECT
    return Quoted.MIXED if inside >= 2 else Quoted.INDIRECT


def _with_parents(drafts: Sequence[AttributionDraft]) -> list[AttributionDraft]:
    """The parent of a draft is the smallest other content that holds its cue (of a colon: its content)."""
    holding: dict[int, list[int]] = {}
    for index, draft in enumerate(drafts):
        for sentence in draft.words:
            holding.setdefault(sentence, []).append(index)
    found = []
    for index, draft in enumerate(drafts):
        best: int | None = None
        if draft.cue_at is not None:
            sentence, word = draft.cue_at
            if sentence not in draft.words:
                found.append(draft)
                continue
            around = [i for i in holding.get(sentence, ()) if i != index and drafts[i].holds(sentence, word)]
            around = [i for i in around if not (drafts[i].cue_at and draft.holds(*_at(drafts[i])))]
            best = min(around, key=lambda i: (sum(map(len, drafts[i].words.values())), i), default=None)
        found.append(replace(draft, parent=best))
    return found


def _at(draft: AttributionDraft) -> tuple[int, int]:
    return draft.cue_at if draft.cue_at is not None else (-1, -1)


def _with_speakers(context: DocContext, drafts: Sequence[AttributionDraft]) -> tuple[AttributionDraft, ...]:
    """*I* and *we* as a source inside a content are that content's holder."""
    found = list(drafts)
    for _ in range(2):
        for index, draft in enumerate(found):
            if draft.parent is None or not draft.source:
                continue
            words = context.text[draft.source[0][0] : draft.source[-1][1]].lower()
            outer = found[draft.parent]
            if words in FIRST_PERSON and outer.holder is not None:
                found[index] = replace(draft, holder=outer.holder, holders=outer.holders, anonymous=outer.anonymous)
    return tuple(found)
