"""According to whom: source, cue and content of every attribution of a document, with nesting (PolNeAR's roles).

Works on the UD trees with the tables of cue words (`cues.toml`): each class of cues says which shapes of content it
takes. Quotations, labels of speakers (*Name: …*) and run-on sentences are read over the whole document. The road is
that of docs/attribution.md; it is linear in the words of a document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from demarche.coding.clauses import (
    AFTERTHOUGHTS,
    is_beside,
    is_finite,
    is_gerund,
    is_infinitive,
    is_marked,
    is_negated,
    is_question,
    is_unreal,
    particles_of,
    relative_pronouns,
)
from demarche.coding.context import DocContext, SentenceView
from demarche.coding.cues import CueClass, CueTable
from demarche.coding.extents import (
    QUOTED_SHARE,
    dateline_end,
    loose_subject,
    phrase_beside,
    phrase_of,
    pieces_of,
    quoted_kind,
    quoted_only,
    restrict,
    source_pieces,
    trim_words,
    whole_quotes,
    without_asides,
    without_question,
    without_terms,
)
from demarche.coding.frames import VERBAL, Frames
from demarche.coding.heads import propose_cues
from demarche.coding.labels import LABEL, Labels
from demarche.coding.predicates import case_of, is_passive, surface_subject
from demarche.coding.quotes import QUOTE_MARKS, Quotations, find_quotations
from demarche.coding.roles import Cast
from demarche.coding.voices import FIRST_PERSON, AttributionDraft, Voices, as_rows, hear, with_parents, with_speakers
from demarche.records import Act, Quoted

__all__ = ["AttributionDraft", "Voices", "as_rows", "find_attributions", "hear"]

VETO = 0.05
"""A cue of the rules to which the heads give less is dropped."""

SURE = 0.5
"""A cue of the heads that the rules did not find counts from here on."""

CLAUSAL = frozenset({"VERB", "AUX"})
CUE_TAGS = frozenset({"VERB", "AUX", "NOUN", "ADJ"})
DOUBTFUL = frozenset({"expect"})
"""Classes whose cues the heads may drop: passives like *is expected to*."""

LONGEST_REPORT = 30
"""Words of a sentence that only reports the quotation before it, at most."""

CLEAR = frozenset({"clear", "plain", "known", "public"})
LEARNED_TAGS = frozenset({"VERB", "AUX", "NOUN", "ADJ", "ADP", "SCONJ"})
SENTENCE_RELATIONS = frozenset({"parataxis", "root", "ccomp", "advcl", "conj", "discourse"})
FUTURE = frozenset("will 'll wo shall would likely unlikely probably".split())
SPEAKING = frozenset("he she they who we i".split())
SPOKEN = frozenset({"assert", "question", "warn", "predict"})
PERFORMED = frozenset({"request", "promise", "refuse", "plan", "threaten"})
BLOCS = frozenset("western european gulf arab african asian latin regional".split())
GIVING = frozenset("make issue give repeat renew voice express reject_ have deny_ put take raise publish".split())


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
        drafts.extend(Labels(context=self.context, table=self.table).find(quotations))
        drafts.extend(self._announced(drafts))
        drafts.extend(self._run_on(drafts, quotations))
        drafts = [draft for draft in drafts if draft.content and draft.cue]
        drafts.sort(key=lambda draft: (draft.content[0][0], draft.cue[0][0], draft.content[-1][1]))
        drafts = self._with_offices(drafts)
        return with_speakers(self.context, with_parents(drafts))

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

    def _sentence(self, view: SentenceView, quotations: Quotations) -> list[Found]:
        found: list[Found] = []
        for word, (lemma, upos) in enumerate(zip(view.lemmas, view.tree.upos, strict=True)):
            if upos not in CUE_TAGS and view.lower[word] not in ("according", "per"):
                continue
            one: Found | None = None
            if view.lower[word] == "according" or (view.lower[word] == "per" and word and view.lower[word - 1] == "as"):
                one = self._according(view, word)
            elif upos in VERBAL and lemma in self.table.verbs and view.relations[word] not in ("amod", "aux", "case"):
                one = self._verb(view, word, self.table.verbs[lemma])
            elif upos == "VERB" and self._tells(view, word):
                one = self._verb(view, word, self._unlisted)
            elif upos == "NOUN" and lemma in self.table.nouns:
                one = self._noun(view, word, self.table.nouns[lemma])
            elif upos == "ADJ" and view.lower[word] in CLEAR and word and view.lemmas[view.head(word)] == "make":
                one = self._made_clear(view, word)
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
            words = trim_words(before, range(len(before)))
            if head is None or not source or not words:
                continue
            holders = self._holders(view, head)
            return [
                AttributionDraft(
                    sentence=before.index, cue_at=(view.index, word), words={before.index: frozenset(words)},
                    source=pieces_of(view, trim_words(view, source))[:2], cue=view.pieces([word]),
                    content=pieces_of(before, words), holder=holders[0] if holders else None, holders=holders,
                    anonymous=self._anonymous(view, head, source), act=kind.act, effect=kind.effect,
                    quoted=Quoted.DIRECT, source_at=(view.index, head),
                )
            ]  # fmt: skip
        return []

    def _with_learned(self, view: SentenceView, found: list[Found]) -> list[Found]:
        """Without the cues that the heads are sure are none, with those that the rules did not see."""
        proposed, chances = propose_cues(view.tree, least=SURE)
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
            told = range(cue.content[0], cue.content[1] + 1)
            if not any(view.upos(at) in CLAUSAL and at not in cue.words for at in told):
                continue  # *lied about the crossing*: no clause, so no content
            if view.upos(cue.words[0]) == "VERB" and (one := self._verb(view, cue.words[0], self._any_frame(kind))):
                kept.append(one)
                continue
            source = list(range(cue.source[0], cue.source[1] + 1)) if cue.source is not None else []
            inside = {*cue.words, *source}
            if not is_beside(cue.content, inside):
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
        clauses = [kid for kid in view.kids(word, "ccomp") if is_finite(view, kid) and not is_question(view, kid)]
        subjects = surface_subject(view, word) if clauses else []
        return bool(clauses and subjects and self.cast.is_human(view, subjects[0]))

    def _verb(self, view: SentenceView, word: int, classes: Sequence[CueClass]) -> Found | None:
        for kind in classes:
            extra = [kid for kid in view.children[word] if view.lower[kid] == kind.particle]
            if kind.particle and not extra:
                continue
            content, more = Frames(table=self.table).content(view, word, kind)
            if kind.wide and not self._is_wide(view, word, content):
                continue
            if content:
                passive = is_passive(view, word)
                cue = sorted({word, *extra, *more, *particles_of(view, word)})
                heads, source = self._source(view, word, passive)
                if kind.effect == "believe" and is_negated(view, word):
                    kind = replace(kind, act=Act.DOUBT, effect="doubt")
                    cue = sorted({*cue, *(k for k in view.kids(word, "aux", "advmod") if k < word and word - k < 3)})
                taken = {*cue, *source}
                if heads is not None and not source:
                    heads = None
                if heads is None and not passive and kind.effect in ("assert", "believe", "warn", "deny"):
                    heads, source = phrase_beside(view, word)
                    content = [at for at in content if at not in source]
                return Found(
                    word=word, cue=cue, source=source, source_head=heads, kind=kind, passive=passive,
                    content=[at for at in content if at not in taken],
                )  # fmt: skip
        return None

    def _is_wide(self, view: SentenceView, word: int, content: Sequence[int]) -> bool:
        """Whether somebody who can speak talks about a thing in the article's voice, and it is no act of a type."""
        if not content or (view.index, word) in self.acts or is_unreal(view, word) or is_infinitive(view, word):
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

    def _source(self, view: SentenceView, word: int, passive: bool) -> tuple[int | None, list[int]]:
        """Head and words of the source; (None, []) when the cue has none."""
        if passive:
            agents = [kid for kid in view.kids(word, "obl") if case_of(view, kid) == "by"]
            return (agents[0], phrase_of(view, agents[0], skip_case=True)) if agents else (None, [])
        subjects = self._speaker_above(view, word) or surface_subject(view, word)
        if not subjects and view.relations[word] in ("acl", "advcl", "xcomp", "conj"):
            subjects = [view.head(word)] if view.upos(view.head(word)) in ("NOUN", "PROPN") else []
        if not subjects:
            return loose_subject(view, word)
        near = [at for at in view.kids(word, "nsubj") if at < word and at in subjects]
        head = self._voice_of(view, word, near[-1] if len(near) > 1 else subjects[0])  # *a move Lima said would …*
        if view.lower[head] in ("who", "which"):
            head = _antecedent(view, head)
        start = dateline_end(view)
        if head < start:
            inner = [kid for at in range(start) for kid in view.children[at] if start <= kid < word]
            inner = [kid for kid in inner if view.upos(kid) in ("NOUN", "PROPN", "PRON")]
            if not inner:
                return None, []
            head = inner[-1]
        below = set(view.subtree(word)) if head not in view.subtree(word) else set()
        if view.kids(head, "case") and not self.cast.is_human(view, head) and view.tree.deprels[word] == "acl":
            return None, []  # *at a meeting, saying …*: nobody who could speak
        words = [at for at in phrase_of(view, head, skip_case=True, after=head > word) if at not in below]
        return head, sorted({*words, *relative_pronouns(view, word, head)})

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
            if view.tree.deprels[kid] != "acl:relcl" and kid > word and not is_gerund(view, kid)
        ]
        clauses = [kid for kid in clauses if is_infinitive(view, kid) or is_marked(view, kid, "that")]
        clauses = clauses or self._clause_beside(view, word)
        if not clauses:
            return None
        source = self._noun_source(view, word)
        words = phrase_of(view, source, skip_case=True) if source is not None else []
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
        return [kid for kid in view.kids(above, "ccomp") if kid > word and is_marked(view, kid, "that")]

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
            for kid in view.kids(head, "obl"):  # *denied a report by Quito*, its author hung on the verb
                if case_of(view, kid) == "by" and word < kid < word + 4 and view.lower[kid - 1] == "by":
                    return kid
            subjects = surface_subject(view, head)
            if subjects and view.lemmas[head] in GIVING:
                return subjects[0]
        return None

    def _made_clear(self, view: SentenceView, word: int) -> Found | None:
        """*made clear that …*, *made it plain that …*."""
        made = view.head(word)
        clauses = [c for at in (word, made) for c in view.kids(at, "ccomp") if c > word and is_marked(view, c, "that")]
        subjects = surface_subject(view, made)
        if not clauses or not subjects or is_passive(view, made) or not self.cast.is_human(view, subjects[0]):
            return None
        head, source = self._source(view, made, passive=False)
        return Found(
            word=made, cue=[made, word], source=source, source_head=head, content=view.subtree(clauses[0]),
            kind=self.table.classes[0],
        )  # fmt: skip

    def _adjective(self, view: SentenceView, word: int, kind: CueClass) -> Found | None:
        clauses = [kid for kid in view.kids(word, "ccomp", "advcl") if kid > word and is_finite(view, kid)]
        clauses = [kid for kid in clauses if view.relations[kid] == "ccomp" or is_marked(view, kid, "that")]
        subjects = view.kids(word, "nsubj", "nsubj:pass")
        inserted = [k for k in view.kids(word, "parataxis") if view.kids(k, "nsubj")]
        clauses += [c for k in inserted for c in view.kids(k, "ccomp") if c > k and is_marked(view, c, "that")]
        if not clauses or not subjects:
            return None
        copula = [kid for kid in view.kids(word, "cop", "aux:pass") if kid < word]
        return Found(
            word=word, cue=sorted({word, *copula}), source=phrase_of(view, subjects[0]), source_head=subjects[0],
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
        source = [at for at in phrase_of(view, noun) if at not in cue]
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

    def _draft(self, view: SentenceView, found: Found, quotations: Quotations) -> list[AttributionDraft]:
        start = dateline_end(view)
        words = trim_words(view, (at for at in restrict(view, without_terms(view, found.content)) if at >= start))
        words = quoted_only(view, without_question(view, words, found.word), found.word)
        words = whole_quotes(view, words, {*found.cue, *found.source})
        if not words or self._is_idle(view, found):
            return []
        source = trim_words(view, found.source)
        first = bool(source) and view.lower[source[0]] in FIRST_PERSON and len(source) == 1
        if first and quotations.around(view.tree.starts[found.word]) is None and not self._is_answer(view):
            return []
        if first and view.lemmas[found.word] in self.table.words["hedges"] and not is_negated(view, found.word):
            return []
        act, effect = self._act(view, found, source)
        holders = self._holders(view, found.source_head) if source else ()
        return [
            AttributionDraft(
                sentence=view.index,
                cue_at=(view.index, found.word),
                words={view.index: frozenset(without_asides(view, words))},
                source=source_pieces(view, source)[:2],
                cue=view.pieces(found.cue),
                content=pieces_of(view, words),
                holder=holders[0] if holders else None,
                holders=holders,
                anonymous=self._anonymous(view, found.source_head, source),
                act=act,
                effect=effect,
                quoted=quoted_kind(view, words, quotations),
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
            return is_unreal(view, found.word)
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
        words = {one.index: frozenset(trim_words(one, range(len(one)))) for one in quoted}
        colon = max(at for at in range(len(view)) if view.tree.forms[at].endswith(":"))
        holders = self._holders(view, head)
        return AttributionDraft(
            sentence=quoted[0].index, cue_at=(view.index, word), words=words,
            source=pieces_of(view, trim_words(view, source))[:2], cue=view.pieces([word, colon] if verbs else [colon]),
            content=tuple(span for one in quoted for span in pieces_of(one, sorted(words[one.index]))),
            holder=holders[0] if holders else None, holders=holders, anonymous=self._anonymous(view, head, source),
            act=Act.STATE, effect="assert", quoted=Quoted.DIRECT, source_at=(view.index, head),
        )  # fmt: skip

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
                words = trim_words(view, range(len(view)))
                if words:
                    one = replace(
                        speaker, sentence=view.index, words={view.index: frozenset(words)},
                        content=pieces_of(view, words), quoted=Quoted.DIRECT,
                        act=speaker.act if speaker.effect in ("assert", "predict") else Act.STATE, effect="assert",
                    )  # fmt: skip
                    found.append(one)
                    by_sentence.setdefault(view.index, []).append(one)
        return found

    def _is_quote(self, view: SentenceView, quotations: Quotations) -> bool:
        if not quotations.inside(view.tree.start, view.tree.end):
            return False
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


def _antecedent(view: SentenceView, pronoun: int) -> int:
    """Whom *who* means where the parser hung its clause elsewhere: the person named last before it."""
    names = [name for name in view.tree.names if name.label == "PER" and name.last < pronoun]
    if not names:
        return pronoun
    inside = range(names[-1].first, names[-1].last + 1)
    return next((at for at in inside if view.head(at) not in inside), names[-1].first)
